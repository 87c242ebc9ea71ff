package goods_test

import (
	"os"
	"strings"
	"testing"

	"github.com/rihla/rihla/formats/goods"
)

func TestWorth(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		codes    []goods.HS
		perKg    float64
		currency string
		want     string
	}{
		{[]goods.HS{"340111"}, 9, "USD", ""},
		{[]goods.HS{"340111"}, 9000, "USD", goods.WorthHigh},
		{[]goods.HS{"902620"}, 0.5, "USD", goods.WorthLow},
		{[]goods.HS{"902620"}, 0.5, "XTS", ""}, // a currency that nobody knows
		{[]goods.HS{"710812"}, 60000, "USD", ""},
		{[]goods.HS{"710812"}, 40, "USD", goods.WorthLow},
		{[]goods.HS{"710812", "340111"}, 40, "USD", ""}, // one of them is soap
		{[]goods.HS{"870830"}, 6000, "JPY", ""},
		{[]goods.HS{"010121"}, 100000, "USD", ""}, // nothing is known of horses
		{nil, 9, "USD", ""},
		{[]goods.HS{"340111"}, 0, "USD", ""}, // none is declared
		{[]goods.HS{"", "3"}, 9, "USD", ""},
	} {
		if got := goods.Worth(test.codes, test.perKg, test.currency); got != test.want {
			t.Errorf("%v at %v %s a kilogram: %q, should be %q", test.codes, test.perKg, test.currency, got, test.want)
		}
	}
}

// Every line of the tables is read, and says least before most.
func TestTablesOfWorth(t *testing.T) {
	t.Parallel()
	for file, columns := range map[string]int{"values.tsv": 3, "rates.tsv": 2} {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			parts := strings.Split(strings.TrimRight(line, "\n"), "\t")
			if strings.HasPrefix(line, "#") {
				continue
			}
			if len(parts) != columns {
				t.Errorf("%s: %q has %d columns", file, line, len(parts))
				continue
			}
			code := goods.HS(parts[0] + "0000"[:6-min(6, max(2, len(parts[0])))])
			if columns == 3 && (goods.Worth([]goods.HS{code}, 1e-9, "USD") != goods.WorthLow || goods.Worth([]goods.HS{code}, 1e12, "USD") != goods.WorthHigh) {
				t.Errorf("%s: %q is not read", file, line)
			}
			if columns == 2 && goods.Worth([]goods.HS{"340111"}, 1e12, parts[0]) != goods.WorthHigh {
				t.Errorf("%s: %q is not read", file, line)
			}
		}
	}
}
