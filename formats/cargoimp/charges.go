package cargoimp

import (
	"slices"

	"github.com/rihla/rihla/formats/money"
)

// Charges are the declarations of a waybill: in what currency, who pays, what the goods are worth.
type Charges struct {
	Currency string  `json:"currency,omitempty"`
	Code     string  `json:"charge_code,omitempty"` // FWB only
	Payment  string  `json:"payment,omitempty"`     // weight and other charges: P prepaid, C collect each
	Carriage Decimal `json:"carriage_value,omitempty"`
	Customs  Decimal `json:"customs_value,omitempty"`
	Insured  Decimal `json:"insurance_value,omitempty"`
}

// The words that stand for no value.
const noCarriage, noCustoms, noInsurance = "NVD", "NCV", "XXX"

// charges reads CVD. A house's has no charge code.
func (r *reader) charges(g *group, house bool) *Charges {
	w := g.head()
	c := &Charges{Currency: upper(w.field(0))}
	if _, known := money.Digits(c.Currency); !known {
		r.wrong(w.field(0), InvalidField, "currency", "write the three letters of ISO 4217", "%q is no currency", c.Currency)
	}
	at := 1
	if !house {
		c.Code = upper(w.field(1))
		at++
	}
	c.Payment = upper(w.field(at))
	if len(c.Payment) > 0 && !slices.Contains([]string{"PP", "CC", "PC", "CP", "P", "C"}, c.Payment) {
		r.wrong(w.field(at), InvalidField, "prepaid or collect", "write PP, CC, PC or CP", "%q says neither prepaid nor collect", c.Payment)
	}
	c.Carriage = r.value(w.field(at+1), "value for carriage", noCarriage)
	c.Customs = r.value(w.field(at+2), "value for customs", noCustoms)
	c.Insured = r.value(w.field(at+3), "value insured", noInsurance)
	if len(w.fs) > at+4 || len(g.rows) > 1 {
		r.wrong(w.whole(), InvalidField, "CVD", "end the line behind the value insured", "CVD says more than it has fields")
	}
	return c
}

// value reads a declared value, or the word for none.
func (r *reader) value(f field, name, none string) Decimal {
	if s := upper(f); s == "" || s == none || s == noCarriage || s == noCustoms || s == noInsurance {
		return ""
	}
	return r.amount(f, name)
}

// OtherCharge is a charge beside that for weight.
type OtherCharge struct {
	Payment string  `json:"payment"` // P prepaid, C collect
	Code    string  `json:"code"`    // AW waybill fee, MY fuel surcharge, SC security surcharge …
	Due     string  `json:"due"`     // A agent, C carrier
	Amount  Decimal `json:"amount"`
}

// readOther reads OTH: P, a slant, and up to three charges written together, AWC15MYC50.1SCC25.05.
func readOther(r *reader, b *FWB, g *group) {
	for i := range g.rows {
		w := &g.rows[i]
		payment := upper(w.field(0))
		if payment != "P" && payment != "C" || len(w.fs) < 2 {
			r.wrong(w.whole(), InvalidField, "OTH", "write P or C, a slant and the charges: OTH/P/AWC15", "the line says no other charges")
			continue
		}
		f := w.rest(1)
		for len(f.text) > 0 {
			n := 3 + numeric(f.from(3).text)
			if len(f.text) < 4 || !mixed(f.text[:2]) || f.text[2] != 'A' && f.text[2] != 'C' || n == 3 {
				r.wrong(f, InvalidField, "OTH", "write two letters of the charge, A or C, and the amount: AWC15", "the charge is not understood: %q", f.String())
				break
			}
			if amount := r.amount(f.from(3).to(n-3), "other charge"); amount != "" {
				b.Other = append(b.Other, OtherCharge{payment, f.text[:2], f.text[2:3], amount})
			}
			f = f.from(n)
		}
	}
}

// Summary is what is paid at one end.
type Summary struct {
	Weight    Decimal `json:"weight,omitempty"`        // WT
	Valuation Decimal `json:"valuation,omitempty"`     // VC
	Taxes     Decimal `json:"taxes,omitempty"`         // TX
	Agent     Decimal `json:"other_agent,omitempty"`   // OA
	Carrier   Decimal `json:"other_carrier,omitempty"` // OC
	Total     Decimal `json:"total,omitempty"`         // CT

	at [3]field // where Agent, Carrier and Total were read
}

// places are where the sums of a summary stand in at.
const agentAt, carrierAt, totalAt = 0, 1, 2

// by is where an amount with this identifier goes; nil for none.
func (s *Summary) by(id string) *Decimal {
	switch id {
	case "WT":
		return &s.Weight
	case "VC":
		return &s.Valuation
	case "TX":
		return &s.Taxes
	case "OA":
		return &s.Agent
	case "OC":
		return &s.Carrier
	case "CT":
		return &s.Total
	}
	return nil
}

// summary reads PPD or COL and adds it up.
func (r *reader) summary(g *group) *Summary {
	s := &Summary{}
	for i := range g.rows {
		w := &g.rows[i]
		for j := range w.fs {
			f := w.field(j)
			if len(f.text) == 0 {
				continue
			}
			to := s.by(f.to(2).text)
			if to == nil {
				r.wrong(f, InvalidField, g.id, "write WT, VC, TX, OA, OC or CT and the amount", "%q is no part of %s", f.String(), g.id)
				continue
			}
			*to = r.amount(f.from(2), "charge")
			switch to {
			case &s.Agent:
				s.at[agentAt] = f
			case &s.Carrier:
				s.at[carrierAt] = f
			case &s.Total:
				s.at[totalAt] = f
			}
		}
	}
	sum := s.Weight.Micro() + s.Valuation.Micro() + s.Taxes.Micro() + s.Agent.Micro() + s.Carrier.Micro()
	if off := s.Total.Micro() - sum; s.Total != "" && (off > 10_000 || off < -10_000) {
		r.odd(s.at[totalAt], ChargeSum, g.id, "add the charges up", "the total %s is not the sum of the charges, %s", s.Total, decimal(sum))
	}
	return s
}

// otherSums compares the other charges with the summaries that total them.
func (r *reader) otherSums(b *FWB, seen found) {
	for _, end := range []struct {
		id, payment string
		s           *Summary
	}{{"PPD", "P", b.Prepaid}, {"COL", "C", b.Collect}} {
		if end.s == nil || len(b.Other) == 0 {
			continue
		}
		agent, carrier := int64(0), int64(0)
		for _, c := range b.Other {
			switch {
			case c.Payment != end.payment:
			case c.Due == "A":
				agent += c.Amount.Micro()
			default:
				carrier += c.Amount.Micro()
			}
		}
		for i, part := range []struct {
			whose      string
			said, sums int64
		}{agentAt: {"agent", end.s.Agent.Micro(), agent}, carrierAt: {"carrier", end.s.Carrier.Micro(), carrier}} {
			if off := part.said - part.sums; off > 10_000 || off < -10_000 {
				at := end.s.at[i]
				if at.line == 0 { // there is no such sum
					at = seen.row(end.id).whole()
				}
				r.odd(at, ChargeSum, end.id, "add the other charges up", "the other charges due to the %s are %s in OTH and %s here", part.whose, decimal(part.sums), decimal(part.said))
			}
		}
	}
}
