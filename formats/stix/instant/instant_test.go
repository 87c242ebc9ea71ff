package instant_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/rihla/rihla/formats/stix/instant"
)

func TestValid(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"2026-03-15T08:00:00Z": true, "2026-03-15T08:00:00.1Z": true, "2016-12-31T23:59:60Z": true, "2024-02-29T00:00:00.000000000001Z": true,
		"2026-02-29T00:00:00Z": false, "2026-04-31T00:00:00Z": false, "2026-00-01T00:00:00Z": false, "2026-13-01T00:00:00Z": false, "2026-01-00T00:00:00Z": false,
		"2026-01-01T24:00:00Z": false, "2026-01-01T00:60:00Z": false, "2026-01-01T00:00:61Z": false, "2026-01-01T00:00:00": false, "2026-01-01T00:00:00z": false,
		"2026-01-01T00:00:00.Z": false, "2026-01-01T00:00:00.1x3Z": false, "2026-01-01T00:00:00+00:00": false, "2026-01-01 00:00:00Z": false, "": false, "Z": false, "1900-02-29T00:00:00Z": false,
	} {
		if got := instant.Valid(text); got != want {
			t.Errorf("%q is valid: %v", text, got)
		}
		if _, ok := instant.Parse(text); ok != want {
			t.Errorf("%q parses: %v", text, ok)
		}
	}
	if at, _ := instant.Parse("2016-12-31T23:59:60.5Z"); !at.Equal(time.Date(2017, 1, 1, 0, 0, 0, 5e8, time.UTC)) {
		t.Errorf("the leap second is %s", at)
	}
	if instant.Digits("2026-03-15T08:00:00Z") != 0 || instant.Digits("2026-03-15T08:00:00.120Z") != 3 {
		t.Error("digits are counted wrongly")
	}
}

// What is written is read as the same instant, and spellings order as instants do.
func TestThereAndBack(t *testing.T) {
	t.Parallel()
	moment := rapid.Custom(func(t *rapid.T) time.Time {
		return time.UnixMicro(rapid.Int64Range(-6e16, 2e17).Draw(t, "µs")).UTC()
	})
	rapid.Check(t, func(t *rapid.T) {
		a, b := moment.Draw(t, "a"), moment.Draw(t, "b")
		x, y := instant.Format(a), instant.Format(b)
		back, ok := instant.Parse(x)
		if !ok || !back.Equal(a) || instant.Digits(x) < 3 {
			t.Fatalf("%s is written %s and read %s", a, x, back)
		}
		if instant.Compare(x, y) != a.Compare(b) {
			t.Fatalf("%s and %s are in the wrong order", x, y)
		}
	})
}
