package paxlst

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/rihla/rihla/formats/date"
)

// The short way and the judges of every date agree.
func TestPlainDate(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		reference := date.Date{Year: rapid.Int16Range(1980, 2120).Draw(t, "y"), Month: rapid.Int8Range(1, 12).Draw(t, "m"), Day: rapid.Int8Range(1, 31).Draw(t, "d")}
		v := rapid.OneOf(rapid.StringMatching(`[0-9]{2}[01][0-9][0-3][0-9]`), rapid.StringMatching(`[0-9X<*:/ ]{6}`)).Draw(t, "v")
		for _, birth := range []bool{true, false} {
			got := plainDate(v, reference, birth)
			want, ok := date.Expiry(v, reference)
			if birth {
				want, ok = date.Birth(v, reference)
			}
			if !got.IsZero() && (!ok || got != want) {
				t.Fatalf("%q at %s, birth %v: %s, want %s", v, reference, birth, got, want)
			}
			if got.IsZero() && ok && want.Full() && want.Day <= 28 {
				t.Fatalf("%q at %s was not read the short way", v, reference)
			}
		}
	})
}
