package cargoimp

import (
	"math/big"
	"strings"
	"unicode/utf8"

	"github.com/rihla/rihla/formats/goods"
)

// Rate is one rate line of a waybill, with the goods it is for.
type Rate struct {
	Pieces     int      `json:"pieces"`
	Weight     *Measure `json:"weight,omitempty"`
	Class      string   `json:"class,omitempty"` // Q quantity, M minimum, S surcharge …
	Item       string   `json:"item,omitempty"`  // commodity item number or class detail
	Chargeable Decimal  `json:"chargeable_weight,omitempty"`
	Rate       Decimal  `json:"rate,omitempty"`
	Total      Decimal  `json:"total,omitempty"`
	Goods      []Goods  `json:"goods,omitempty"`

	at field // where it was read
}

// Goods is one goods line: what is in the pieces, how large they are, their codes.
type Goods struct {
	Kind       string      `json:"kind"`           // NG goods, NC consolidation, ND dimensions, NV volume, NU unit load device, NS shipper's count, NH HS code, NO country of origin
	Text       string      `json:"text,omitempty"` // NG, NC, NU; what is not understood of the others
	Dimensions *Dimensions `json:"dimensions,omitempty"`
	Volume     *Measure    `json:"volume,omitempty"`
	Count      int         `json:"count,omitempty"`   // NS
	HS         string      `json:"hs,omitempty"`      // NH: digits
	Country    string      `json:"country,omitempty"` // NO: alpha-3
}

// Dimensions are the size of some pieces; None says that the sender has none.
type Dimensions struct {
	Weight *Measure `json:"weight,omitempty"`
	Unit   string   `json:"unit,omitempty"` // CMT, INH, MTR, FOT
	Length int      `json:"length,omitempty"`
	Width  int      `json:"width,omitempty"`
	Height int      `json:"height,omitempty"`
	Pieces int      `json:"pieces,omitempty"`
	None   bool     `json:"none,omitempty"`
}

// goodsLength is how long a line of goods may be.
const goodsLength = 20

// lengthUnits are the units of dimensions.
var lengthUnits = map[string]bool{"CMT": true, "INH": true, "MTR": true, "FOT": true}

// readRates reads RTD: rate lines, each followed by its goods lines, numbered through but for the first line of goods,
// which may share its rate line's number.
func readRates(r *reader, b *FWB, g *group) {
	expected := 1
	for i := range b.Rates {
		expected += 1 + max(0, len(b.Rates[i].Goods)-1)
	}
	told := false
	for i := range g.rows {
		w := g.rows[i]
		numbered := len(w.fs) > 1 && len(w.fs[0].text) <= 2 && digits(w.fs[0].text)
		if numbered {
			if n := number(w.fs[0].text); n != expected && !told {
				told = true
				r.wrong(w.fs[0], LineNumber, "line number", "number the lines of RTD through", "the line has number %d, %d is due", n, expected)
			}
			w.fs = w.fs[1:]
		}
		first := w.field(0)
		if len(first.text) == 2 && first.text[0] == 'N' && strings.IndexByte("GCDVUSHO", first.text[1]) >= 0 {
			if len(b.Rates) == 0 {
				r.wrong(first, MissingLine, "RTD", "begin RTD with a rate line: RTD/1/P10/K250.5", "goods stand before any rate line")
				b.Rates = append(b.Rates, Rate{at: w.whole()})
			}
			if numbered {
				expected++
			}
			rate := &b.Rates[len(b.Rates)-1]
			rate.Goods = append(rate.Goods, r.goods(&w))
			continue
		}
		if i > 0 || len(b.Rates) > 0 {
			told = told || !numbered
		}
		expected++
		b.Rates = append(b.Rates, r.rate(&w))
	}
}

func (r *reader) rate(w *row) Rate {
	rate := Rate{at: w.whole()}
	for i := range w.fs {
		f := w.field(i)
		if len(f.text) == 0 {
			continue
		}
		value := f.from(1)
		switch f.text[0] {
		case 'P':
			if rate.Pieces = number(value.text); rate.Pieces < 0 {
				rate.Pieces = 0
				r.wrong(f, InvalidField, "pieces", "write P and the pieces in digits", "the pieces of the rate line are no number: %q", f.String())
			}
		case 'K', 'L':
			if n, ok := ParseDecimal(value.text); ok {
				rate.Weight = &Measure{n, f.text[:1]}
			} else {
				r.wrong(f, InvalidField, "weight", "write K or L and digits with at most one point", "the weight of the rate line is no number: %q", f.String())
			}
		case 'C':
			rate.Class = value.String()
		case 'S':
			rate.Item = value.String()
		case 'W':
			rate.Chargeable = r.amount(value, "chargeable weight")
		case 'R':
			rate.Rate = r.amount(value, "rate")
		case 'T':
			rate.Total = r.amount(value, "total")
		default:
			r.wrong(f, InvalidField, "RTD", "write P, K or L, C, S, W, R, T in this order", "%q is nothing that a rate line has", f.String())
		}
	}
	return rate
}

func (r *reader) goods(w *row) Goods {
	g := Goods{Kind: w.fs[0].text}
	f := w.field(1)
	unread := func(mend string) {
		g.Text = w.rest(1).String()
		r.wrong(f, InvalidField, g.Kind, mend, "what stands behind %s is not understood: %q", g.Kind, g.Text)
	}
	switch g.Kind {
	case "NG", "NC":
		if len(w.fs) > 2 {
			r.slants(w.rest(2), "goods description")
			g.Text = w.rest(1).String()
			break
		}
		if g.Text = f.String(); utf8.RuneCountInString(g.Text) > goodsLength { // seen often enough to be no error
			r.odd(f, FieldTooLong, "goods description", "cut the text after twenty characters", "the line of goods has %d characters, the standard allows %d", utf8.RuneCountInString(g.Text), goodsLength)
		}
	case "ND":
		if g.Dimensions = dimensions(w); g.Dimensions == nil {
			unread("write the weight or nothing, a slant, CMT and length-width-height, a slant and the pieces: ND//CMT50-50-50/10")
		}
	case "NV":
		g.Volume = r.cubic(f)
		if g.Volume == nil {
			g.Text = w.rest(1).String()
		}
	case "NS":
		if g.Count = number(f.text); g.Count < 0 {
			g.Count = 0
			unread("write the shipper's count in digits")
		}
	case "NH":
		if g.HS = r.hs(f); g.HS == "" {
			g.Text = w.rest(1).String()
		}
	case "NO":
		g.Country = r.nation(f, "country of origin")
	default:
		g.Text = w.rest(1).String()
	}
	return g
}

// dimensions reads ND; nil when it cannot.
func dimensions(w *row) *Dimensions {
	d := &Dimensions{}
	if f := w.field(1); len(f.text) > 0 {
		value, ok := ParseDecimal(f.text[1:])
		if !ok || f.text[0] != 'K' && f.text[0] != 'L' {
			return nil
		}
		d.Weight = &Measure{value, f.text[:1]}
	}
	size := w.field(2)
	if size.text == "NDA" {
		d.None = true
		return d
	}
	if len(size.text) < 4 || !lengthUnits[size.text[:3]] {
		return nil
	}
	d.Unit = size.text[:3]
	sides := strings.Split(size.text[3:], "-")
	if len(sides) != 3 {
		return nil
	}
	for i, to := range []*int{&d.Length, &d.Width, &d.Height} {
		if *to = number(sides[i]); *to <= 0 {
			return nil
		}
	}
	if d.Pieces = number(w.field(3).text); d.Pieces < 0 {
		return nil
	}
	return d
}

// hs reads a code of the harmonised system: six digits and up to twelve national ones; dots and blanks between them are
// left out.
func (r *reader) hs(f field) string {
	code, ok := goods.ParseHS(f.String())
	if !ok {
		r.wrong(f, InvalidHS, "HS code", "write six digits of the harmonised system, national ones behind them", "%q is no HS code", f.String())
		return ""
	}
	return string(code)
}

// amount reads a sum of money, a rate or a weight; "" when it is none.
func (r *reader) amount(f field, name string) Decimal {
	d, ok := ParseDecimal(strings.TrimSpace(f.text))
	if !ok {
		r.wrong(f, InvalidAmount, name, "write digits with at most one point", "the %s is no number: %q", name, f.String())
	}
	return d
}

// sums compares the rate lines with the consignment, and each with itself. What does not agree is a question of quality,
// never a reason to refuse.
func (r *reader) sums(b *FWB) {
	pieces, grams, weighed := 0, int64(0), true
	for i := range b.Rates {
		rate := &b.Rates[i]
		pieces += rate.Pieces
		if rate.Weight == nil {
			weighed = false
			continue
		}
		grams += rate.Weight.Grams()
		r.rateTotal(rate)
	}
	if len(b.Rates) == 0 {
		return
	}
	at := b.Rates[0].at
	own := b.Weight.Grams()
	tolerance := max(1000, own/1000)
	switch {
	case pieces != b.Pieces:
		r.odd(at, RateLinesSum, "RTD", "send rate lines for all pieces", "the rate lines are for %d pieces, the consignment has %d pieces", pieces, b.Pieces)
	case weighed && (grams > own+tolerance || grams < own-tolerance):
		r.odd(at, RateLinesSum, "RTD", "send rate lines for the whole weight", "the rate lines weigh %s kg, the consignment %s kg", decimal(grams*1000), decimal(own*1000))
	}
}

// rateTotal looks at one rate line: what is charged is no less than what it weighs, and the total is weight times rate but
// for minimum charges.
func (r *reader) rateTotal(rate *Rate) {
	if rate.Chargeable == "" {
		return
	}
	if rate.Chargeable.Micro() < rate.Weight.Value.Micro() {
		r.odd(rate.at, ChargeableWeight, "RTD", "send the chargeable weight rounded up", "the chargeable weight %s is less than the gross weight %s", rate.Chargeable, rate.Weight.Value)
	}
	if rate.Rate == "" || rate.Total == "" || rate.Class == "M" {
		return
	}
	off := new(big.Int).Sub(product(rate.Chargeable, rate.Rate), big.NewInt(rate.Total.Micro()))
	if off.CmpAbs(big.NewInt(1e6)) > 0 && rate.Total.Micro() != rate.Rate.Micro() {
		r.odd(rate.at, RateTotal, "RTD", "compute the total from weight and rate", "the total %s is not %s times %s", rate.Total, rate.Chargeable, rate.Rate)
	}
}
