package money_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/rihla/rihla/formats/money"
)

// Amounts are exact: what is read is written back, and adds up as on paper.
func TestExact(t *testing.T) {
	t.Parallel()
	for _, test := range [][3]string{{"0.1", "0.2", "0.3"}, {"100000000000000.01", "0.99", "100000000000001"}, {"-5", "5.000", "0"}, {"1", "-3.25", "-2.25"}} {
		sum, ok := decimal(t, test[0]).Add(decimal(t, test[1]))
		if !ok || !sum.Equal(decimal(t, test[2])) {
			t.Errorf("%s + %s is %s", test[0], test[1], sum)
		}
	}
	for _, bad := range []string{"", ".", "1,000", "1e3", " 1", "--1", "1234567890123456789"} {
		if d, err := money.Parse(bad); err == nil {
			t.Errorf("%q is read as %s", bad, d)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`-?(0|[1-9][0-9]{0,11})(\.[0-9]{1,4})?`).Draw(t, "amount")
		d, err := money.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		again, err := money.Parse(d.String())
		if err != nil || !again.Equal(d) {
			t.Fatalf("%s became %s", text, d)
		}
	})
}

// A dinar has three decimals, a yen none, gold any.
func TestFits(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		amount, currency string
		fits             bool
	}{{"1.125", "BHD", true}, {"1.1250", "BHD", true}, {"1.1255", "BHD", false}, {"1.125", "USD", false}, {"100", "JPY", true}, {"0.5", "JPY", false}, {"0.12345", "XAU", true}, {"1", "ABC", false}} {
		if got := money.Fits(decimal(t, test.amount), test.currency); got != test.fits {
			t.Errorf("%s %s: %v", test.amount, test.currency, got)
		}
	}
}

func decimal(t *testing.T, text string) money.Decimal {
	t.Helper()
	d, err := money.Parse(text)
	if err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	return d
}
