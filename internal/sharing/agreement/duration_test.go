package agreement_test

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/rihla/rihla/internal/sharing/agreement"
)

func duration(t interface{ Fatalf(string, ...any) }, text string) agreement.Duration {
	d, err := agreement.ParseDuration(text)
	if err != nil {
		t.Fatalf("%v", err)
	}
	return d
}

func TestDurationsFollowTheCalendar(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ from, duration, to string }{
		{"2026-05-16T22:00:00Z", "P3Y", "2029-05-16T22:00:00Z"},
		{"2024-02-29T00:00:00Z", "P1Y", "2025-02-28T00:00:00Z"}, // no day later than agreed
		{"2024-02-29T00:00:00Z", "P4Y", "2028-02-29T00:00:00Z"},
		{"2026-01-31T12:00:00Z", "P1M", "2026-02-28T12:00:00Z"},
		{"2026-08-31T12:00:00Z", "P6M", "2027-02-28T12:00:00Z"},
		{"2026-01-31T12:00:00Z", "P1M1D", "2026-03-01T12:00:00Z"},
		{"2026-05-15T01:30:00Z", "PT48H", "2026-05-17T01:30:00Z"},
		{"2026-05-15T01:30:00+03:00", "P1D", "2026-05-15T22:30:00Z"},
		{"2026-05-15T01:30:00Z", "PT0S", "2026-05-15T01:30:00Z"},
		{"2026-05-15T01:30:00Z", "P1Y2M3DT4H5M6S", "2027-07-18T05:35:06Z"},
		{"2026-05-15T01:30:00Z", "P9999Y", "12025-05-15T01:30:00Z"},
	} {
		from, err := time.Parse(time.RFC3339, test.from)
		if err != nil {
			t.Fatal(err)
		}
		if got := duration(t, test.duration).After(from).Format(time.RFC3339); got != test.to {
			t.Errorf("%s after %s is %s, wanted %s", test.duration, test.from, got, test.to)
		}
	}
}

func TestDurationsCompared(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		a, b          string
		longer, equal bool
	}{
		{"P1Y", "P12M", false, true}, {"P1D", "PT24H", false, true}, {"PT48H", "P2D", false, true},
		{"P7Y", "P5Y", true, false}, {"P5Y", "P7Y", false, false},
		{"P365D", "P1Y", false, false}, {"P366D", "P1Y", true, false}, {"P1Y", "P365D", true, false}, {"P1Y", "P366D", false, false},
		{"P1826D", "P5Y", false, false}, {"P1827D", "P5Y", true, false}, // five years have a leap day at least
		{"P28D", "P1M", false, false}, {"P29D", "P1M", true, false}, {"P1M", "P30D", true, false}, {"P1M", "P31D", false, false},
		{"P6M", "P180D", true, false}, {"P184D", "P6M", true, false}, {"P1YT1S", "P1Y", true, false}, {"PT0S", "PT1S", false, false},
	} {
		a, b := duration(t, test.a), duration(t, test.b)
		if a.Longer(b) != test.longer || a.Equal(b) != test.equal {
			t.Errorf("%s against %s: longer %t, equal %t", test.a, test.b, a.Longer(b), a.Equal(b))
		}
	}
}

func TestNoDurations(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "P", "PT", "1Y", "P1W", "P-1D", "-P1D", "P1.5Y", "P1D2M", "PT1D", "P1YT", "p1y", "P1Y ", "P99999Y", "P1H", "5 years"} {
		if d, err := agreement.ParseDuration(text); err == nil {
			t.Errorf("%q is %s", text, d)
		}
	}
}

// Longer says the truth of every pair, from whenever both begin: what is not longer never ends later, and what is longer
// sometimes does.
func TestLongerMeansLater(t *testing.T) {
	t.Parallel()
	unit := rapid.SampledFrom([]string{"P%Y", "P%M", "P%D", "PT%H"})
	one := rapid.Custom(func(t *rapid.T) agreement.Duration {
		n := rapid.IntRange(0, 400).Draw(t, "n")
		form := unit.Draw(t, "unit")
		return duration(t, strings.Replace(form, "%", strconv.Itoa(n), 1))
	})
	starts := make([]time.Time, 0, 4*366)
	for day := time.Date(2001, 1, 1, 0, 0, 0, 0, time.UTC); day.Year() < 2005; day = day.AddDate(0, 0, 1) {
		starts = append(starts, day)
	}
	rapid.Check(t, func(t *rapid.T) {
		a, b := one.Draw(t, "a"), one.Draw(t, "b")
		later := false
		for _, start := range starts {
			later = later || a.After(start).After(b.After(start))
		}
		if later && !a.Longer(b) {
			t.Fatalf("%s ends after %s, and is not longer", a, b)
		}
		if a.Longer(b) && b.Longer(a) && a.Equal(b) {
			t.Fatalf("%s and %s are equal and longer", a, b)
		}
	})
}
