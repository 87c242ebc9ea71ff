package cashdecl

import (
	"fmt"

	"github.com/rihla/rihla/formats/date"
	"github.com/rihla/rihla/formats/fault"
	"github.com/rihla/rihla/formats/money"
)

// Rates tells what one unit of a currency is worth in another on a day. A [money.Table] does.
type Rates interface {
	Rate(from, to string, on date.Date) (money.Rate, bool)
}

// Day is the day a declaration was made, by its own clock; of unaccompanied cash the day it was asked for or travels.
func (d *Declaration) Day() date.Date {
	switch {
	case !d.MadeAt.IsZero():
		return date.Of(d.MadeAt)
	case !d.AskedAt.IsZero():
		return date.Of(d.AskedAt)
	case d.Carriage != nil:
		return d.Carriage.Date
	}
	return date.Date{}
}

// Total is what items come to in one currency by a day's rates; false where a rate is not known or it grows too large.
func Total(items []Item, in string, on date.Date, rates Rates) (money.Decimal, bool) {
	sum := money.Of(0, 0)
	for _, i := range items {
		rate, known := rates.Rate(i.Currency, in, on)
		if !known {
			return money.Decimal{}, false
		}
		part, ok := rate.Convert(i.Amount)
		if !ok {
			return money.Decimal{}, false
		}
		if sum, ok = sum.Add(part); !ok {
			return money.Decimal{}, false
		}
	}
	return sum, true
}

// Difference is what was counted of a currency where it is not what was said.
type Difference struct {
	Currency      string        `json:"currency"`
	Said, Counted money.Decimal // no number where nothing was said, or counted
}

// tolerance is by how many of a hundred what was counted or valued may differ from what was said.
const tolerance = 1

// Differences compares what was counted with what was said, currency by currency: those that differ by more than one of a
// hundred, and those that nobody spoke of. What was said and not counted is no difference: not everything is counted.
func (d *Declaration) Differences() []Difference {
	if d.Result == nil {
		return nil
	}
	var out []Difference
	seen := map[string]bool{}
	for _, c := range d.Result.Counted {
		if seen[c.Currency] {
			continue
		}
		seen[c.Currency] = true
		said, counted := d.said(c.Currency), d.counted(c.Currency)
		if said.IsZero() && counted.Sign() > 0 || !said.IsZero() && !counted.Within(said, tolerance) {
			out = append(out, Difference{c.Currency, said, counted})
		}
	}
	return out
}

func (d *Declaration) said(currency string) (sum money.Decimal) {
	for _, i := range d.Items {
		if i.Currency == currency {
			sum = plus(sum, i.Amount)
		}
	}
	return sum
}

func (d *Declaration) counted(currency string) (sum money.Decimal) {
	for _, c := range d.Result.Counted {
		if c.Currency == currency {
			sum = plus(sum, c.Amount)
		}
	}
	return sum
}

// plus adds as far as digits reach; beyond that the sum stays, which is far above every line.
func plus(a, b money.Decimal) money.Decimal {
	if a.IsZero() {
		return b
	}
	if sum, ok := a.Add(b); ok {
		return sum
	}
	return a
}

// Check holds a declaration to the day's rates and to what was counted. Every fault is a remark: what it means is decided
// by people.
func Check(d *Declaration, rates Rates) []fault.Fault {
	var out []fault.Fault
	say := func(field, rule, mend, format string, args ...any) {
		f := fault.Fault{Offset: d.Offset, Line: d.Line, Rule: rule, Message: fmt.Sprintf(format, args...), Mend: mend}
		if d.Line > 0 {
			f.Field = field
		} else {
			f.Pointer = d.Pointer + "/" + field
		}
		out = append(out, f)
	}
	if sum, known := Total(d.Items, "USD", d.Day(), rates); known && !d.Value.IsZero() && !d.Value.Within(sum, tolerance) {
		say("value_usd", "W-CASH-VALUE", "check amounts and value", "the value is given as %s USD, and the items come to %s USD", d.Value.Decimal, sum)
	}
	differences := d.Differences()
	for _, x := range differences {
		said := "nothing"
		if !x.Said.IsZero() {
			said = x.Said.String() + " " + x.Currency
		}
		say("result", "W-CASH-DIFFERENCE", "record what was counted, and refer it", "%s was said, and %s %s were counted", said, x.Counted, x.Currency)
	}
	if d.Result != nil && d.Result.Outcome == Agrees && len(differences) > 0 {
		say("result", "W-CASH-OUTCOME", "write difference", "the outcome says that it agrees, and it does not")
	}
	return out
}
