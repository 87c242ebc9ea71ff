package money_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/rihla/rihla/formats/date"
	"github.com/rihla/rihla/formats/money"
)

func day(d int8) date.Date { return date.Date{Year: 2026, Month: 5, Day: d} }

// The latest rate on or before the day stands; the other way round and by way of a third currency it is worked out.
func TestTable(t *testing.T) {
	t.Parallel()
	table := money.NewTable(
		money.Rate{From: "EUR", To: "USD", Day: day(10), Value: decimal(t, "1.20"), Source: "second"},
		money.Rate{From: "EUR", To: "USD", Day: day(3), Value: decimal(t, "1.10"), Source: "first"},
		money.Rate{From: "EUR", To: "USD", Day: day(10), Value: decimal(t, "1.25"), Source: "mended"},
		money.Rate{From: "USD", To: "BHD", Day: day(1), Value: decimal(t, "0.376"), Source: "peg"},
	)
	for _, test := range []struct {
		from, to string
		on       int8
		want     string // "" is none
		told     int8
	}{
		{"EUR", "USD", 2, "", 0},
		{"EUR", "USD", 3, "1.10", 3},
		{"EUR", "USD", 9, "1.10", 3},
		{"EUR", "USD", 10, "1.25", 10},
		{"EUR", "USD", 28, "1.25", 10},
		{"USD", "EUR", 28, "0.8", 10},
		{"EUR", "BHD", 28, "0.47", 1},
		{"BHD", "EUR", 28, "2.127659574468", 1},
		{"USD", "USD", 1, "1", 1},
		{"KWD", "USD", 28, "", 0},
		{"", "", 28, "", 0},
	} {
		got, ok := table.Rate(test.from, test.to, day(test.on))
		if ok != (test.want != "") || ok && (!got.Value.Equal(decimal(t, test.want)) || got.Day != day(test.told)) {
			t.Errorf("%s in %s on day %d: %s of %s, %v", test.from, test.to, test.on, got.Value, got.Day, ok)
		}
	}
	var none *money.Table
	if _, ok := none.Rate("EUR", "USD", day(1)); ok {
		t.Error("no table knows a rate")
	}
	rate, _ := table.Rate("USD", "BHD", day(5))
	if got, ok := rate.Convert(decimal(t, "10000.01")); !ok || got.String() != "3760.004" {
		t.Errorf("10000.01 dollars are %s dinars", got)
	}
}

// Taking away what was added, and dividing what was multiplied, gives back what there was.
func TestInverse(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a := money.Of(rapid.Int64Range(-1e12, 1e12).Draw(t, "a"), 3)
		b := money.Of(rapid.Int64Range(1, 1e6).Draw(t, "b"), 2)
		sum, ok := a.Add(b)
		if !ok {
			t.Fatal("too large")
		}
		if back, ok := sum.Sub(b); !ok || !back.Equal(a) {
			t.Fatalf("%s + %s − %s is %s", a, b, b, back)
		}
		product, ok := money.Of(7, 0).Mul(b, 2)
		if !ok {
			t.Fatal("too large")
		}
		if back, ok := product.Div(b, 0); !ok || !back.Equal(money.Of(7, 0)) {
			t.Fatalf("7 × %s ÷ %s is %s", b, b, back)
		}
		if a.Neg().Neg() != a {
			t.Fatalf("%s turned twice", a)
		}
	})
	if _, ok := money.Of(1, 0).Div(money.Of(0, 2), 2); ok {
		t.Error("divided by nought")
	}
}
