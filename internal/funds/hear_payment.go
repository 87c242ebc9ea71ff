package funds

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/rihla/rihla/formats/country"
	"github.com/rihla/rihla/formats/date"
	"github.com/rihla/rihla/formats/iso20022"
	"github.com/rihla/rihla/internal/funds/typology"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/screening/names"
	"github.com/rihla/rihla/internal/store"
)

// How far each message is to be believed about one payment: what the banks settled over what was ordered over how a
// statement shows it.
var payRanks = map[iso20022.Kind]int{iso20022.Camt053: 1, iso20022.Pain001: 2, iso20022.Pacs008: 3}

// payment turns a transfer, or a statement's booking, into entries.
func (h *hearer) payment(p *paid) []*Entry {
	if p.transfer != nil {
		return []*Entry{h.transfer(p.message, p.transfer, p.message.Initiator)}
	}
	if b := p.entry; len(b.Details) > 0 && !b.Cash() {
		var out []*Entry
		for _, t := range b.Details {
			e := h.transfer(p.message, t, nil)
			if t.Date.IsZero() {
				h.on(e, b.Booked)
			}
			h.own(e, p.statement, b)
			out = append(out, e)
		}
		return out
	}
	return []*Entry{h.booking(p.message, p.statement, p.entry)}
}

// transfer is one payment, by its end-to-end reference: told by several banks it is one.
func (h *hearer) transfer(m *iso20022.Message, t *iso20022.Transfer, initiator *iso20022.Party) *Entry {
	amount := t.Amount()
	payer := number(t.DebtorAccount.Number())
	e := &Entry{
		Kind: Payment, Ref: cmp.Or(t.UETR, t.EndToEnd, t.Transaction, t.Instruction), Filer: h.report.Filer.Name, Source: h.report.ID,
		Clock: Clock{Rank: payRanks[m.Kind], At: store.Micros(h.report.Received), Report: h.report.ID},
	}
	if e.ID = h.ids.ID("funds-payment", t.UETR); t.UETR == "" {
		e.ID = h.ids.ID("funds-payment", cmp.Or(t.EndToEnd, t.Transaction, t.Instruction), payer, t.Date.String(), amount.Amount.String(), amount.Currency)
	}
	v := &Moved{
		Movement: typology.Transfer, Format: m.Version, Amount: amount.Amount, Currency: amount.Currency, Purpose: t.Purpose, Remittance: slices.Concat(t.Remittance, t.References),
		UETR: t.UETR,
	}
	if v.Amount.Sign() < 0 {
		v.Amount = v.Amount.Neg()
	}
	for _, g := range t.Gaps {
		v.Gaps = append(v.Gaps, string(g))
	}
	var lands []string
	for i := range t.Agents {
		a := &t.Agents[i]
		v.Banks = append(v.Banks, nonEmpty(cmp.Or(a.BIC, a.Clearing, a.Name))...)
		if c := a.Country(); c != "" && (a.Role == "DbtrAgt" || a.Role == "CdtrAgt") {
			lands = append(lands, c)
		}
	}
	v.Abroad = len(lands) == 2 && lands[0] != lands[1]
	e.Moved = v
	if bic := t.Agent("DbtrAgt").BIC; len(bic) >= shortBIC && m.Kind == iso20022.Pacs008 {
		h.add(e, e, Bank, Facet{Kind: Organisation, BIC: bic[:shortBIC]}, nil)
	}
	h.payParty(e, Payer, t.Debtor, &t.DebtorAccount, t.Agent("DbtrAgt").BIC)
	h.payParty(e, Payee, t.Creditor, &t.CreditorAccount, t.Agent("CdtrAgt").BIC)
	h.payParty(e, Involved, t.UltimateDebtor, nil, "")
	h.payParty(e, Involved, t.UltimateCreditor, nil, "")
	if initiator != nil && t.Debtor != nil && initiator.Name != t.Debtor.Name {
		h.payParty(e, Involved, initiator, nil, "")
	}
	for _, named := range t.Mentions {
		if e.calls(named.Name) || papers(named.Name) {
			continue // the very party, said once more; an invoice
		}
		v.Hidden = append(v.Hidden, named.Name)
		if named.Kind == "party" {
			h.payParty(e, Mentioned, &iso20022.Party{Name: named.Name}, nil, "")
		}
	}
	h.on(e, t.Date)
	return e
}

// on dates a payment, and converts its amount at that day's rate.
func (h *hearer) on(e *Entry, day date.Date) {
	if !day.Full() {
		day = date.Of(h.report.Received.UTC())
	}
	e.At, e.Moved.Day = day.Time().Add(noon), day.String()
	e.Moved.worth(h.settings, day)
}

// shortBIC is the bank without its branch.
const shortBIC = 8

// noon is when a payment of which only the day is known is taken to have happened.
const noon = 12 * time.Hour

// own adds the side of a booking that is the statement's own account, which its details leave out.
func (h *hearer) own(e *Entry, s *iso20022.Statement, b *iso20022.Entry) {
	role := Payee
	if b.Amount.Sign() < 0 {
		role = Payer
	}
	if e.party(role) == "" {
		h.payParty(e, role, s.Owner, &s.Account, s.Servicer.BIC)
	}
}

// booking is one line of a statement that no payment stands behind: cash at the counter, charges, interest.
func (h *hearer) booking(m *iso20022.Message, s *iso20022.Statement, b *iso20022.Entry) *Entry {
	account := number(s.Account.Number())
	e := &Entry{
		ID:   h.ids.ID("funds-booking", account, cmp.Or(b.Reference, b.Booked.String()+" "+b.Amount.String())),
		Kind: Payment, Ref: cmp.Or(b.Reference, s.ID), Filer: h.report.Filer.Name, Source: h.report.ID,
		Clock: Clock{Rank: payRanks[m.Kind], At: store.Micros(h.report.Received), Report: h.report.ID},
	}
	amount := b.Amount
	leaves := amount.Sign() < 0
	if leaves {
		amount = amount.Neg()
	}
	v := &Moved{Movement: typology.Transfer, Format: m.Version, Amount: amount, Currency: b.Currency, Remittance: nonEmpty(b.Text)}
	switch {
	case b.Cash() && leaves:
		v.Movement = typology.Withdrawal
	case b.Cash():
		v.Movement = typology.Deposit
	}
	e.Moved = v
	role := Payee
	if leaves {
		role = Payer
	}
	h.payParty(e, role, s.Owner, &s.Account, s.Servicer.BIC)
	for _, t := range b.Details { // who stood at the counter
		h.payParty(e, Conductor, cmp.Or(t.Debtor, t.Initiator), nil, "")
	}
	h.on(e, b.Booked)
	return e
}

// payParty adds a side of a payment: the account, where there is one, under the name it was told with; and the person, where
// the payment says enough to know them again.
func (h *hearer) payParty(e *Entry, role string, p *iso20022.Party, a *iso20022.Account, bic string) {
	f := Facet{Kind: Organisation}
	if a != nil {
		f.Account = number(a.Number())
		f.name("", "", a.Name)
	}
	if f.Account != "" {
		f.Kind, f.Institution = Account, bic
	}
	known := false
	if p != nil {
		f.name("", "", p.Name)
		f.country(p.Address.Country, "residence")
		f.country(p.Residence, "residence")
		f.Born = p.Born.Date.String()
		f.Birthplace = p.Born.City
		f.contact("address", payAddress(&p.Address))
		f.Registration = p.LEI
		for _, n := range p.Numbers {
			if kind := paper(n.Scheme); kind != "" && p.Private {
				f.document(kind, n.Value, land(n.Issuer, p.Residence, p.Address.Country))
			} else if !p.Private && f.Registration == "" {
				f.Registration = clean(n.Value)
			}
		}
		if p.Private && f.Kind == Organisation {
			f.Kind = Person
		}
		known = p.Private && f.Kind == Account && (len(f.Documents) > 0 || f.Born != "")
	}
	if len(f.Names) == 0 && f.Account == "" {
		return
	}
	person := f
	if f.Kind == Account { // the papers are the person's, not the account's
		f.Documents, f.Registration = nil, ""
	}
	h.add(e, e, role, f, nil)
	if known {
		person.Kind, person.Account, person.Institution = Person, "", ""
		h.add(e, e, Holder, person, nil)
	}
}

// land is the first of some texts that is a country.
func land(texts ...string) string {
	for _, s := range texts {
		if _, _, known := country.Normalise(s); known {
			return s
		}
	}
	return ""
}

// papers says that what stands where a name might is a number: of an invoice, of a contract.
func papers(name string) bool {
	digits := 0
	for _, r := range name {
		if r >= '0' && r <= '9' {
			digits++
		}
	}
	const fewest = 3
	return digits >= fewest
}

// calls says that the entry has a party of that name.
func (e *Entry) calls(name string) bool {
	key := names.Key(names.Name{Full: name})
	return slices.ContainsFunc(e.Parts, func(p Part) bool {
		return slices.ContainsFunc(p.Facet.Names, func(n screening.Name) bool {
			return names.Key(names.Name{Surname: n.Surname, Given: n.Given, Full: n.Full}) == key
		})
	})
}

// paper is the type of document behind a scheme's code.
func paper(scheme string) string {
	switch scheme {
	case "CCPT":
		return "P"
	case "NIDN", "ARNU", "SOSE", "DRLC":
		return "I"
	}
	return ""
}

func payAddress(a *iso20022.Address) string {
	parts := nonEmpty(append([]string{strings.TrimSpace(a.Street + " " + a.Building), a.PostBox, a.PostCode, a.Town, a.Subdivision}, a.Lines...)...)
	if len(parts) == 0 {
		return ""
	}
	return strings.Join(append(parts, nonEmpty(a.Country)...), ", ")
}
