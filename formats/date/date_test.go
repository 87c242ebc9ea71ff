package date_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/rihla/rihla/formats/date"
)

var flight = date.Date{Year: 2026, Month: 11, Day: 24}

func TestBirth(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"840229": "1984-02-29", "260305": "2026-03-05", "261124": "2026-11-24", "261125": "1926-11-25",
		"790000": "1979", "790500": "1979-05", "65<<<<": "1965", "65XXXX": "1965", "000000": "", "<<1124": "--11-24",
		"000101": "2000-01-01", "260000": "2026", "270000": "1927",
	} {
		if got, ok := date.Birth(in, flight); !ok || got.String() != want {
			t.Errorf("Birth(%s) = %v, %v; want %s", in, got, ok, want)
		}
	}
	for _, in := range []string{"841332", "830229", "8402", "ABCDEF", "840031"} {
		if got, ok := date.Birth(in, flight); ok {
			t.Errorf("Birth(%s) = %v, want none", in, got)
		}
	}
}

func TestExpiry(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"310630": "2031-06-30", "060101": "2006-01-01", "050101": "2105-01-01", "490101": "2049-01-01", "990101": "2099-01-01", "310000": "2031",
	} {
		if got, ok := date.Expiry(in, flight); !ok || got.String() != want {
			t.Errorf("Expiry(%s) = %v, %v; want %s", in, got, ok, want)
		}
	}
}

// What is written is read back as the same date.
func TestTextRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := date.Date{Year: rapid.Int16Range(0, 9999).Draw(t, "y"), Month: rapid.Int8Range(0, 12).Draw(t, "m"), Day: rapid.Int8Range(0, 31).Draw(t, "d")}
		if d.Year == 0 && d.Day == 0 {
			d.Month = 0
		}
		if !d.Valid() && !d.IsZero() {
			return
		}
		l := date.Local{Date: d}
		if d.Full() && rapid.Bool().Draw(t, "timed") {
			l.Hour, l.Minute, l.Timed = rapid.Int8Range(0, 23).Draw(t, "h"), rapid.Int8Range(0, 59).Draw(t, "min"), true
		}
		var back date.Local
		text, _ := l.MarshalText()
		if err := back.UnmarshalText(text); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if diff := cmp.Diff(l, back); diff != "" {
			t.Fatalf("%s: %s", text, diff)
		}
	})
}
