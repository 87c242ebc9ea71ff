package lists

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// Days whose dates in both calendars are generally known; one of the two counts has each.
func TestHijriDates(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		in   string
		want []string
	}{
		{"1405-10-24", []string{"1985-07-12", "1985-07-13"}},
		{"1/1/1", nil},
		{"1400/01/01", []string{"1979-11-20", "1979-11-21"}},
		{"1445-01-01", []string{"2023-07-18", "2023-07-19"}},
		{"1446-09-01", []string{"2025-02-28", "2025-03-01"}},
		{"1405-10-00", []string{"~1985-07"}},
		{"1405", []string{"1984/1985"}},
		{"1405-10-31", nil},
		{"1985-07-12", nil},
		{"", nil},
		{"year of the elephant", nil},
	} {
		got, ok := hijri(c.in)
		if !ok {
			got = nil
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: %s", c.in, diff)
		}
	}
}

// Thirty years have 10,631 days, months 29 or 30, and no day is twice or left out.
func TestTheHijriCalendarHasNoGaps(t *testing.T) {
	t.Parallel()
	last, ok := hijriDay(1369, 12, 29)
	if !ok {
		t.Fatal()
	}
	days := 0
	for year := 1370; year < 1400; year++ {
		for month := 1; month <= 12; month++ {
			for day := 1; day <= 30; day++ {
				at, ok := hijriDay(year, month, day)
				if !ok {
					t.Fatal(year, month, day)
				}
				next, _ := hijriDay(year+month/12, month%12+1, 1)
				if day == 30 && !at.Before(next) {
					break // a month of 29
				}
				if step := at.Sub(last); step != 24*time.Hour && days > 0 {
					t.Fatalf("%d-%d-%d comes %s after the day before", year, month, day, step)
				}
				last = at
				days++
			}
		}
	}
	if days != 10631 {
		t.Error(days)
	}
}
