package cargoimp

import (
	"strings"

	"github.com/rihla/rihla/formats/airport"
)

// descriptionCodes say how much of a consignment is meant: total, part, split, divided, multi.
const descriptionCodes = "TPSDM"

// The lengths of what is weighed and measured.
const weightLength, volumeLength = 7, 9

// Quantity is how much of a consignment a line speaks of: T25K410.5MC2.1.
type Quantity struct {
	Description string   `json:"description_code,omitempty"` // T total, P part of a split, S split, D divided, M multi
	Pieces      int      `json:"pieces"`
	Weight      Measure  `json:"weight"`
	Volume      *Measure `json:"volume,omitempty"`
	Density     string   `json:"density_group,omitempty"`
}

// quantity reads a quantity with its description code and answers whether it can be used.
func (r *reader) quantity(f field) (q Quantity, ok bool) {
	if len(f.text) == 0 {
		r.refuse(f, MissingQuantity, "pieces", "write T, the pieces, K or L and the weight: T10K250.5", "the number of pieces and the weight are missing")
		return q, false
	}
	if strings.IndexByte(descriptionCodes, f.text[0]) >= 0 {
		q.Description = f.text[:1]
		f = f.from(1)
	} else {
		r.wrong(f, InvalidField, "shipment description code", "write T before the pieces of a whole consignment", "T, P, S, D or M is missing before the pieces")
	}
	n := strings.IndexAny(f.text, "KL")
	if n < 0 {
		if d := leading(f.text); d == 0 {
			r.refuse(f, InvalidQuantity, "pieces", "write the pieces in digits", "the number of pieces is not a number: %q", f.String())
		} else {
			r.refuse(f.from(d), MissingUnit, "weight code", "write K for kilograms or L for pounds between the pieces and the weight", "there is no K or L between pieces and weight")
		}
		return q, false
	}
	pieces := f.to(n)
	f = f.from(n)
	q.Pieces, ok = r.pieces(pieces)
	weight := 1 + numeric(f.text[1:])
	w, fine := r.weight(f.to(weight))
	q.Weight = w
	r.volume(f.from(weight), &q)
	return q, ok && fine
}

// pieces reads a number of pieces and answers whether it is one.
func (r *reader) pieces(f field) (int, bool) {
	n := number(f.text)
	switch {
	case len(f.text) == 0:
		r.refuse(f, MissingQuantity, "pieces", "write the number of pieces", "the number of pieces is missing")
		return 0, false
	case n < 0:
		r.refuse(f, InvalidQuantity, "pieces", "write the pieces in digits, at most four", "the number of pieces is not a number: %q", f.String())
		return 0, false
	case n == 0:
		r.wrong(f, InvalidQuantity, "pieces", "write how many pieces there are", "there are no pieces")
	case len(f.text) > 4:
		r.wrong(f, FieldTooLong, "pieces", "write at most four digits", "the number of pieces has %d digits", len(f.text))
	}
	return n, true
}

// weight reads K or L and the number behind it, and answers whether it can be used.
func (r *reader) weight(f field) (Measure, bool) {
	if len(f.text) == 0 {
		r.refuse(f, MissingWeight, "weight", "write K or L and the weight: K250.5", "the weight is missing")
		return Measure{}, false
	}
	if c := f.text[0]; c != 'K' && c != 'L' {
		r.refuse(f, MissingUnit, "weight code", "write K for kilograms or L for pounds before the weight", "the weight %q does not begin with K or L", f.String())
		return Measure{}, false
	}
	m := Measure{Unit: f.text[:1]}
	f = f.from(1)
	if len(f.text) == 0 {
		r.refuse(f, MissingWeight, "weight", "write the weight behind K or L", "the weight is missing")
		return m, false
	}
	value, ok := ParseDecimal(f.text)
	switch {
	case !ok:
		r.refuse(f, InvalidWeight, "weight", "write digits with at most one point, no comma and no sign", "the weight is not a number: %q", f.String())
		return m, false
	case value.IsZero():
		r.wrong(f, InvalidWeight, "weight", "write what the consignment weighs", "the weight is nought")
	case len(value) > weightLength:
		r.wrong(f, FieldTooLong, "weight", "write at most seven characters", "the weight has %d characters", len(value))
	}
	m.Value = value
	return m, true
}

// volume reads what may stand behind the weight: a volume, a density group.
func (r *reader) volume(f field, q *Quantity) {
	if len(f.text) >= 3 && cubicCentimetres[f.text[:2]] > 0 {
		n := 2 + numeric(f.text[2:])
		q.Volume = r.cubic(f.to(n))
		f = f.from(n)
	}
	if len(f.text) >= 3 && f.text[:2] == "DG" && digits(f.text[2:]) && len(f.text) <= 4 {
		q.Density = f.text[2:]
		f = f.from(len(f.text))
	}
	if len(f.text) > 0 {
		r.wrong(f, InvalidField, "quantity", "write a volume (MC1.25) or a density group (DG5) behind the weight, or nothing", "%q behind the weight is not understood", f.String())
	}
}

// cubic reads a volume: MC1.25.
func (r *reader) cubic(f field) *Measure {
	if len(f.text) > 2 && cubicCentimetres[f.text[:2]] > 0 {
		if value, ok := ParseDecimal(f.text[2:]); ok {
			if len(value) > volumeLength {
				r.wrong(f, FieldTooLong, "volume", "write at most nine characters", "the volume has %d characters", len(value))
			}
			return &Measure{value, f.text[:2]}
		}
	}
	r.wrong(f, InvalidField, "volume", "write MC, CF, CI or CC and digits with at most one point", "the volume is not understood: %q", f.String())
	return nil
}

// leading counts the digits that text begins with.
func leading(b string) int {
	n := 0
	for n < len(b) && b[n] >= '0' && b[n] <= '9' {
		n++
	}
	return n
}

// numeric counts the bytes up to the next letter: a number and whatever was meant for one.
func numeric(b string) int {
	n := 0
	for n < len(b) && (b[n] < 'A' || b[n] > 'Z') {
		n++
	}
	return n
}

// route reads two airports written together: AMMJFK.
func (r *reader) route(f field) (from, to string, ok bool) {
	if len(f.text) != 6 || !letters(f.text) {
		return "", "", false
	}
	return upper(f.to(3)), upper(f.from(3)), true
}

// airports tells of codes that no airport has: a remark, for codes come and go.
func (r *reader) airports(f field, codes ...string) {
	for i, code := range codes {
		if _, ok := airport.ByIATA(code); !ok {
			r.odd(f.from(3*i), InvalidRouting, "origin and destination", "look the airport's IATA code up", "no airport is known as %s", code)
		}
	}
}

// waybill reads the number that f begins with, checks its digit, and answers what is behind it.
func (r *reader) waybill(f field) (Waybill, field, bool) {
	w, n := scanWaybill(f.text)
	if n == 0 {
		r.refuse(f, BadWaybillFormat, "waybill number", "write three digits, a hyphen and eight digits: 969-10000012", "what begins the line is no waybill number")
		return "", f, false
	}
	if !w.Checks() {
		r.wrong(f.from(n-1), CheckDigit, "waybill number", "look the number up: its last digit is the seven before it modulo 7",
			"the check digit of %s is wrong: %s gives %d", w, w.Digits()[3:10], w.CheckDigit())
	}
	return w, f.from(n), true
}

// consignment reads a waybill, its route and the quantity: 969-10000012AMMFRA/T10K250.5.
func (r *reader) consignment(w *row, from int) (number Waybill, origin, destination string, q Quantity, ok bool) {
	f := w.field(from)
	number, f, ok = r.waybill(f)
	if !ok {
		return
	}
	if origin, destination, ok = r.route(f); !ok {
		r.refuse(f, BadWaybillFormat, "origin and destination", "write both airports' IATA codes behind the number: AMMFRA", "no two airports stand behind the waybill number")
		return
	}
	r.airports(f, origin, destination)
	if origin == destination {
		r.wrong(f, InvalidRouting, "origin and destination", "send where the consignment goes", "origin and destination are both %s", origin)
	}
	q, ok = r.quantity(w.field(from + 1))
	if len(w.fs) > from+2 {
		f = w.rest(from + 2)
		r.wrong(f, InvalidField, "quantity", "end the line behind the quantity", "%q behind the quantity is not understood", f.String())
	}
	return
}
