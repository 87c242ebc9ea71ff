package country_test

import (
	"bufio"
	"os"
	"strings"
	"testing"

	"github.com/rihla/rihla/formats/country"
)

func TestNormalise(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		in, want       string
		changed, known bool
	}{
		{"GBR", "GBR", false, true},
		{"GB", "GBR", true, true},
		{"UK", "GBR", true, true},
		{"EN", "GBR", true, true},
		{"D", "D", false, true}, // as a German passport has it
		{"D<<", "D", true, true},
		{"DEU", "DEU", false, true},
		{"DE", "DEU", true, true},
		{"gbr", "GBR", true, true},
		{" FRA", "FRA", true, true},
		{"GBD", "GBD", false, true},
		{"XXA", "XXA", false, true},
		{"RKS", "RKS", false, true},
		{"XKX", "RKS", true, true},
		{"ROM", "ROU", true, true}, // Romania until 2002
		{"ZAR", "COD", true, true}, // Zaire
		{"TMP", "TLS", true, true},
		{"BUR", "MMR", true, true},
		{"YUG", "YUG", false, true}, // several heirs: kept
		{"UTO", "UTO", false, true},
		{"QQQ", "QQQ", false, false},
		{"Q", "Q", false, false},
		{"", "", false, false},
		{"ÄÖÜ", "ÄÖÜ", false, false},
		{"G8R", "G8R", false, false},
		{"GERMANY", "GERMANY", false, false},
	} {
		if got, changed, known := country.Normalise(c.in); got != c.want || changed != c.changed || known != c.known {
			t.Errorf("Normalise(%q) = %q, %v, %v", c.in, got, changed, known)
		}
	}
	if !country.Same("D", "DE") || country.Same("FR", "DE") {
		t.Error("Same")
	}
}

func TestNormaliseAllocatesNothing(t *testing.T) {
	if n := testing.AllocsPerRun(100, func() { country.Normalise("GB"); country.Normalise("FRA") }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// Every code of the zone table that a Debian machine has is known, where that table is there to ask.
func TestAgainstZoneTable(t *testing.T) {
	t.Parallel()
	f, err := os.Open("/usr/share/zoneinfo/iso3166.tab")
	if err != nil {
		return // the machine has none; the table above stands on its own
	}
	defer f.Close()
	seen := map[string]string{}
	for s := bufio.NewScanner(f); s.Scan(); {
		two, _, ok := strings.Cut(s.Text(), "\t")
		if !ok || strings.HasPrefix(two, "#") {
			continue
		}
		three, changed, known := country.Normalise(two)
		if !changed || !known || len(three) != 3 || seen[three] != "" {
			t.Errorf("%s: %s", two, three)
		}
		seen[three] = two
	}
}

func TestAlpha2(t *testing.T) {
	t.Parallel()
	for _, test := range [][2]string{{"BHR", "BH"}, {"bh", "BH"}, {"D", "DE"}, {"GBD", "GBD"}, {"ZWE", "ZW"}, {"", ""}, {"QQQ", "QQQ"}} {
		if got := country.Alpha2(test[0]); got != test[1] {
			t.Errorf("%q is %q, wanted %q", test[0], got, test[1])
		}
	}
}
