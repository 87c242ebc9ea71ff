package money

import (
	"cmp"
	"slices"

	"github.com/rihla/rihla/formats/date"
)

// Rate is what one unit of a currency is worth in another on a day, and who said so.
type Rate struct {
	From   string    `json:"from"`
	To     string    `json:"to"`
	Day    date.Date `json:"day"`
	Value  Decimal   `json:"value"`
	Source string    `json:"source,omitempty"`
}

// Convert is an amount in the rate's other currency, rounded to its minor units (to four decimals where it has none by
// nature); false when it grows too large.
func (r Rate) Convert(d Decimal) (Decimal, bool) {
	const wide = 4
	digits, known := Digits(r.To)
	if !known || digits < 0 {
		digits = wide
	}
	return d.Mul(r.Value, uint8(digits)) //nolint:gosec // at most four
}

// Table is a table of dated rates. The zero value knows none.
type Table struct {
	rates []Rate // by currencies, then day
}

// NewTable orders rates into a table; of two for the same currencies and day the later given stands.
func NewTable(rates ...Rate) *Table {
	t := &Table{slices.Clone(rates)}
	slices.SortStableFunc(t.rates, compareRates)
	return t
}

func compareRates(a, b Rate) int {
	return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To), a.Day.Compare(b.Day))
}

// Rate is the latest rate known on a day: that day's or an earlier one's. Where only the other direction is told, or both
// by way of one third currency, it is worked out from that to twelve decimals. The rate of a currency in itself is one.
func (t *Table) Rate(from, to string, on date.Date) (Rate, bool) {
	if from == to {
		return Rate{from, to, on, Of(1, 0), "same currency"}, from != ""
	}
	if r, ok := t.either(from, to, on); ok || t == nil {
		return r, ok
	}
	for _, r := range t.rates { // the first currency that both have a rate with
		by := r.From
		switch from {
		case r.From:
			by = r.To
		case r.To:
		default:
			continue
		}
		first, ok1 := t.either(from, by, on)
		second, ok2 := t.either(by, to, on)
		if !ok1 || !ok2 {
			continue
		}
		if value, ok := first.Value.Mul(second.Value, crossScale); ok && value.Sign() > 0 {
			day := first.Day
			if second.Day.Compare(day) < 0 {
				day = second.Day
			}
			return Rate{from, to, day, value, first.Source}, true
		}
	}
	return Rate{}, false
}

// crossScale is how exact a rate is that was worked out from others.
const crossScale = 12

// either is a rate as told, or turned round.
func (t *Table) either(from, to string, on date.Date) (Rate, bool) {
	if r, ok := t.told(from, to, on); ok {
		return r, true
	}
	r, ok := t.told(to, from, on)
	if !ok || r.Value.Sign() <= 0 {
		return Rate{}, false
	}
	inverse, ok := Of(1, 0).Div(r.Value, crossScale)
	return Rate{from, to, r.Day, inverse, r.Source}, ok && inverse.Sign() > 0
}

func (t *Table) told(from, to string, on date.Date) (Rate, bool) {
	if t == nil {
		return Rate{}, false
	}
	i, exact := slices.BinarySearchFunc(t.rates, Rate{From: from, To: to, Day: on}, compareRates)
	if exact {
		for i+1 < len(t.rates) && compareRates(t.rates[i], t.rates[i+1]) == 0 {
			i++
		}
		return t.rates[i], true
	}
	if i == 0 || t.rates[i-1].From != from || t.rates[i-1].To != to {
		return Rate{}, false
	}
	return t.rates[i-1], true
}
