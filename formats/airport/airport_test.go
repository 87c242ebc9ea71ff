package airport_test

import (
	"slices"
	"testing"
	"time"
	_ "time/tzdata"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/rihla/rihla/formats/airport"
)

func TestByCode(t *testing.T) {
	t.Parallel()
	want := airport.Airport{
		IATA: "BAH", ICAO: "OBBI", Country: "BHR", City: "Manama", Name: "Bahrain International Airport",
		Arabic: "مطار البحرين الدولي", Zone: "Asia/Bahrain", Latitude: 26.267, Longitude: 50.638,
	}
	byIATA, ok := airport.ByIATA("BAH")
	if diff := cmp.Diff(want, byIATA, cmpopts.IgnoreUnexported(airport.Airport{})); !ok || diff != "" {
		t.Errorf("BAH (-want +got):\n%s", diff)
	}
	if byICAO, ok := airport.ByICAO("OBBI"); !ok || byICAO != byIATA {
		t.Errorf("OBBI is %+v, want what BAH is", byICAO)
	}
	for _, code := range []string{"", "BA", "bah", "LON", "ZZZZ", "ÄÖÜ"} {
		if a, ok := airport.ByIATA(code); ok {
			t.Errorf("ByIATA(%q) found %+v", code, a)
		}
		if a, ok := airport.ByICAO(code); ok {
			t.Errorf("ByICAO(%q) found %+v", code, a)
		}
	}
}

// Every line of the table is whole: codes well-formed and unique, a place on Earth, a zone this machine can load.
func TestTable(t *testing.T) {
	t.Parallel()
	n, icao := 0, map[string]string{}
	last := ""
	for a := range airport.All {
		n++
		if len(a.IATA) != 3 || a.IATA <= last {
			t.Errorf("%q comes after %q", a.IATA, last)
		}
		last = a.IATA
		if other := icao[a.ICAO]; a.ICAO != "" && (len(a.ICAO) != 4 || other != "") {
			t.Errorf("%s: ICAO code %q is also that of %q", a.IATA, a.ICAO, other)
		}
		icao[a.ICAO] = a.IATA
		if len(a.Country) != 3 || a.Name == "" || a.Latitude < -90 || a.Latitude > 90 || a.Longitude < -180 || a.Longitude > 180 {
			t.Errorf("%+v", a)
		}
		if a.Location().String() != a.Zone {
			t.Errorf("%s: zone %q cannot be loaded", a.IATA, a.Zone)
		}
	}
	if n < 8000 {
		t.Errorf("%d airports", n)
	}
	for _, hub := range []string{"DXB", "DOH", "AUH", "JED", "RUH", "KWI", "MCT", "CAI", "IST", "LHR", "CDG", "FRA", "JFK", "SIN", "HKG", "NRT", "SYD", "GRU", "JNB", "NBO", "DEL", "KHI", "DAC", "MNL"} {
		if a, ok := airport.ByIATA(hub); !ok || a.ICAO == "" || a.City == "" {
			t.Errorf("%s is %+v", hub, a)
		}
	}
}

func TestCity(t *testing.T) {
	t.Parallel()
	london, ok := airport.CityByCode("LON")
	if !ok || london.Name != "London" || !slices.Contains(london.Airports, "LGW") {
		t.Errorf("LON is %+v", london)
	}
	for _, code := range []string{"NYC", "PAR", "TYO", "MOW"} {
		c, ok := airport.CityByCode(code)
		if !ok {
			t.Errorf("%s is no city", code)
		}
		for _, iata := range c.Airports {
			if a, ok := airport.ByIATA(iata); !ok || a.Country != c.Country {
				t.Errorf("%s: airport %s is %+v", code, iata, a)
			}
		}
	}
	for _, code := range []string{"", "LHR", "AAA", "ZZZ"} {
		if c, ok := airport.CityByCode(code); ok {
			t.Errorf("CityByCode(%q) found %+v", code, c)
		}
	}
}

func TestInstant(t *testing.T) {
	t.Parallel()
	const layout = "2006-01-02T15:04"
	for _, c := range []struct {
		at, local, want string
		exact           bool
	}{
		{"BAH", "2026-11-24T01:15", "2026-11-23T22:15", true},
		{"LHR", "2026-11-24T06:05", "2026-11-24T06:05", true},
		{"LHR", "2026-07-01T12:00", "2026-07-01T11:00", true},
		{"LHR", "2026-03-29T00:59", "2026-03-29T00:59", true},
		{"LHR", "2026-03-29T01:30", "2026-03-29T01:30", false}, // skipped: it was 02:30 in summer time
		{"LHR", "2026-03-29T02:00", "2026-03-29T01:00", true},
		{"LHR", "2026-10-25T00:59", "2026-10-24T23:59", true},
		{"LHR", "2026-10-25T01:30", "2026-10-25T00:30", false}, // shown twice: the first
		{"LHR", "2026-10-25T02:00", "2026-10-25T02:00", true},
		{"JFK", "2026-03-08T02:30", "2026-03-08T07:30", false},
		{"JFK", "2026-11-01T01:30", "2026-11-01T05:30", false},
		{"AKL", "2026-11-24T21:00", "2026-11-24T08:00", true}, // UTC+13 in summer
		{"AKL", "2026-09-27T02:30", "2026-09-26T14:30", false},
		{"HNL", "2026-11-24T01:00", "2026-11-24T11:00", true}, // across the date line
		{"APW", "2026-11-24T01:00", "2026-11-23T12:00", true},
		{"APW", "2011-12-30T12:00", "2011-12-30T22:00", false}, // the day Samoa left out
		{"KTM", "2026-11-24T10:00", "2026-11-24T04:15", true},
	} {
		a, ok := airport.ByIATA(c.at)
		if !ok {
			t.Fatalf("no airport %s", c.at)
		}
		local, err := time.Parse(layout, c.local)
		if err != nil {
			t.Fatal(err)
		}
		got, exact := a.Instant(local)
		if got.Format(layout) != c.want || exact != c.exact || got.Location() != time.UTC {
			t.Errorf("%s %s is %s (exact: %t), want %s (%t)", c.at, c.local, got.Format(layout), exact, c.want, c.exact)
		}
	}
	// The result does not depend on the location that the wall-clock time happens to carry.
	bah, _ := airport.ByIATA("BAH")
	wall := time.Date(2026, 11, 24, 1, 15, 0, 0, time.FixedZone("", -3600))
	if got, _ := bah.Instant(wall); !got.Equal(time.Date(2026, 11, 23, 22, 15, 0, 0, time.UTC)) {
		t.Errorf("the wall clock's own location was used: %s", got)
	}
}

func TestLookupAllocatesNothing(t *testing.T) {
	at := time.Date(2026, 11, 24, 1, 15, 0, 0, time.UTC)
	if n := testing.AllocsPerRun(100, func() {
		a, _ := airport.ByIATA("LHR")
		b, _ := airport.ByICAO("NZAA")
		a.Instant(at)
		b.Location()
	}); n != 0 {
		t.Errorf("%v allocations a lookup", n)
	}
}
