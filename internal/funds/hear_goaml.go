package funds

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rihla/rihla/formats/bankid"
	"github.com/rihla/rihla/formats/date"
	"github.com/rihla/rihla/formats/fault"
	"github.com/rihla/rihla/formats/goaml"
	"github.com/rihla/rihla/internal/funds/typology"
	"github.com/rihla/rihla/internal/store"
)

// The ranks of a report's statements: one that broke a business rule gives way to one that did not, a correction replaces
// both. Of equal ones the first stands: another report under the same reference is refused by the schema's own rule.
const (
	rankRefused = iota - 1
	rankFirst
	rankCorrection
)

// goaml turns a report into entries: the report, and each transaction it tells of.
func (h *hearer) goaml(doc *goaml.Document) []*Entry {
	r := &doc.Report
	e := &Entry{
		ID: h.ids.ID("funds-report", h.authority(), r.Reference), Kind: Reported, Ref: strings.Clone(r.Reference),
		Filer: h.report.Filer.Name, Source: h.report.ID, At: h.report.Received.UTC(),
		Clock: Clock{Rank: rankFirst, At: -store.Micros(h.report.Received), Report: h.report.ID},
	}
	v := &Report{
		Code: r.Code, Reference: r.Reference, Corrects: r.RejectedRefer, Submitted: r.Day().String(), Currency: r.Currency, Reason: r.Reason, Action: r.Action,
		Indicators: r.Indicators, Stage: string(doc.Stage), Faults: doc.Warnings, Story: goaml.ReasonDigest(r.Reason),
	}
	e.Report = v
	foreign := false
	if own, named := h.settings.Filers[h.report.Filer.Name]; named && own != r.EntityID {
		foreign = true
		v.Faults = append(slices.Clone(v.Faults), fault.Fault{Rule: "B-GOAML-FILER", Path: "/report/rentity_id", Strict: true,
			Message: fmt.Sprintf("rentity_id %d is not that of whoever filed the report", r.EntityID), Mend: "write the number that the unit gave you"})
	}
	switch {
	case foreign || doc.Refused():
		v.Stage = string(goaml.BreaksBusiness)
		e.State, e.Clock.Rank, e.Clock.At = Refused, rankRefused, store.Micros(h.report.Received)
		return []*Entry{e}
	case r.Correction():
		e.Clock.Rank, e.Clock.At = rankCorrection, store.Micros(h.report.Received)
	}
	if r.Activity != nil {
		for _, p := range r.Activity.Parties {
			h.activityParty(e, p)
		}
	}
	out := []*Entry{e}
	for _, t := range r.Transactions {
		x := h.transaction(e, r, t)
		v.Transactions = append(v.Transactions, x.ID)
		if v.Total.IsZero() {
			v.Total = t.Amount
		} else if sum, ok := v.Total.Add(t.Amount); ok {
			v.Total = sum
		}
		out = append(out, x)
	}
	slices.Sort(v.Suspects)
	v.Suspects = slices.Compact(v.Suspects)
	return out
}

// wall reads a report's wall clock as if it were UTC: what lies between two of them is the same, and no zone is known.
func wall(w goaml.Wall) time.Time {
	return w.Date.Time().Add(time.Duration(w.Second) * time.Second)
}

func (h *hearer) transaction(report *Entry, r *goaml.Report, t *goaml.Transaction) *Entry {
	e := &Entry{
		ID: h.ids.ID("funds-transaction", h.authority(), r.Reference, t.Number), Kind: Transaction, Ref: strings.Clone(t.Number), Clock: report.Clock,
		Filer: report.Filer, Source: report.Source, At: wall(t.Date),
	}
	v := &Moved{
		Movement: typology.Transfer, Report: report.ID, Number: t.Number, Entity: strconv.FormatInt(r.EntityID, 10), Format: goaml.Format, Amount: t.Amount, Currency: r.Currency, Day: t.Date.Date.String(),
		Place: t.Location, Mode: t.Mode, Description: t.Description,
	}
	v.Suspicious = t.Suspicious == nil || *t.Suspicious
	v.worth(h.settings, t.Date.Date)
	e.Moved = v
	from, to := cmp.Or(t.FromMyClient, t.From), cmp.Or(t.ToMyClient, t.To)
	if from != nil {
		h.side(e, report, Payer, from.Account, from.Person, from.Entity, from.Country, from.Suspected)
		h.person(e, report, Conductor, from.Conductor, from.ConductorSuspected)
		v.foreign(from.Foreign)
		v.Banks = append(v.Banks, bankOf(from.Account)...)
	}
	if to != nil {
		h.side(e, report, Payee, to.Account, to.Person, to.Entity, to.Country, to.Suspected)
		v.foreign(to.Foreign)
		v.Banks = append(v.Banks, bankOf(to.Account)...)
	}
	for _, p := range t.Parties {
		h.involved(e, report, Involved, cmp.Or(p.PersonMyClient, p.Person), cmp.Or(p.AccountMyClient, p.Account), cmp.Or(p.EntityMyClient, p.Entity), p.Country, p.Suspected)
	}
	if from != nil && to != nil {
		v.Abroad = from.Country != to.Country && from.Country != "-" && to.Country != "-"
		switch {
		case to.Account != nil && from.Account == nil && from.Funds == "CASH":
			v.Movement, v.Opened = typology.Deposit, opened(to.Account)
		case from.Account != nil && to.Account == nil && to.Funds == "CASH":
			v.Movement, v.Opened = typology.Withdrawal, opened(from.Account)
		default:
			v.Opened = opened(from.Account)
		}
	}
	return e
}

// worth converts the amount at the day's rate.
func (v *Moved) worth(s *Settings, on date.Date) {
	if usd, by, ok := s.inUSD(v.Amount, v.Currency, on); ok {
		v.USD = usd
		if v.Currency != "USD" {
			v.Rate = &by
		}
	}
	v.Line = s.counter(on)
}

func (v *Moved) foreign(f *goaml.ForeignCurrency) {
	if f != nil && v.Foreign == nil {
		v.Foreign = &Cash{Currency: f.Currency, Amount: f.Amount}
	}
}

func bankOf(a *goaml.Account) []string {
	if a == nil {
		return nil
	}
	return nonEmpty(cmp.Or(a.SWIFT, a.InstitutionCode, a.Institution))
}

func opened(a *goaml.Account) string {
	if a == nil || !a.Opened.Known() {
		return ""
	}
	return a.Opened.Date.String()
}

func (h *hearer) side(e, report *Entry, role string, a *goaml.Account, p *goaml.Person, o *goaml.Entity, land string, suspected *bool) {
	h.involved(e, report, role, p, a, o, land, suspected)
}

func (h *hearer) activityParty(e *Entry, p *goaml.ReportParty) {
	h.involved(e, e, Involved, cmp.Or(p.Person, p.PersonMyClient), cmp.Or(p.Account, p.AccountMyClient), cmp.Or(p.Entity, p.EntityMyClient), p.Country, p.Suspected)
}

// involved adds a party, and of an account or a firm the people who act for it.
func (h *hearer) involved(e, report *Entry, role string, p *goaml.Person, a *goaml.Account, o *goaml.Entity, land string, suspected *bool) {
	switch {
	case a != nil:
		f := Facet{Kind: Account, Account: number(cmp.Or(a.IBAN, a.Number)), Institution: cmp.Or(a.SWIFT, a.InstitutionCode, a.Institution), Opened: opened(a)}
		f.name("", "", a.Name)
		f.country(cmp.Or(a.Country, land), "account")
		h.add(e, report, role, f, suspected)
		for _, s := range a.Signatories {
			h.person(e, report, Holder, s.Person, nil)
		}
		if a.Entity != nil {
			h.involved(e, report, Holder, nil, nil, a.Entity, "", nil)
		}
	case p != nil:
		h.person(e, report, role, p, suspected)
	case o != nil:
		f := Facet{Kind: Organisation, Registration: clean(o.Number)}
		f.name("", "", o.Name)
		f.name("", "", o.CommercialName)
		f.country(cmp.Or(o.Country, land), "registration")
		for _, ph := range o.Phones {
			f.contact("phone", phone(ph))
		}
		for _, ad := range o.Addresses {
			f.contact("address", address(ad))
		}
		for _, m := range slices.Concat(o.Email, o.Emails) {
			f.contact("email", m)
		}
		h.add(e, report, role, f, suspected)
		for _, d := range o.Directors {
			h.person(e, report, Holder, &d.Person, nil)
		}
	}
}

func (h *hearer) person(e, report *Entry, role string, p *goaml.Person, suspected *bool) {
	if p == nil {
		return
	}
	f := Facet{Kind: Person, Birthplace: p.BirthPlace, Occupation: p.Occupation}
	f.name(p.LastName, strings.TrimSpace(p.FirstName+" "+p.MiddleName), "")
	f.name("", "", p.ForeignName)
	f.name("", "", p.Alias)
	if p.Born.Known() {
		f.Born = p.Born.Date.String()
	}
	if p.Gender == "M" || p.Gender == "F" {
		f.Sex = p.Gender
	}
	for _, c := range []string{p.Nationality, p.Nationality2, p.Nationality3} {
		f.country(c, "nationality")
	}
	f.country(p.Residence, "residence")
	f.document("P", p.Passport, p.PassportCountry)
	for _, d := range p.Documents() {
		f.document(paperKind(d.Type), d.Number, d.Country)
	}
	f.document("I", p.IDNumber, cmp.Or(p.Nationality, p.Residence))
	for _, ph := range p.Phones {
		f.contact("phone", phone(ph))
	}
	for _, ad := range p.Addresses {
		f.contact("address", address(ad))
	}
	for _, m := range slices.Concat(p.Email, p.Emails) {
		f.contact("email", m)
	}
	h.add(e, report, role, f, suspected)
}

// paperKind is the type of a document as screening has it.
func paperKind(code string) string {
	if strings.HasPrefix(strings.ToUpper(code), "PASS") {
		return "P"
	}
	return "I"
}

func (h *hearer) add(e, report *Entry, role string, f Facet, suspected *bool) {
	id := f.key(h.ids, e.ID, role)
	if suspected != nil && *suspected && report.Report != nil {
		report.Report.Suspects = append(report.Report.Suspects, id)
	}
	if slices.ContainsFunc(e.Parts, func(p Part) bool { return p.Party == id && p.Role == role }) {
		return
	}
	e.Parts = append(e.Parts, Part{Party: id, Role: role, Facet: f})
}

func phone(p *goaml.Phone) string {
	if p.Prefix == "" {
		return p.Number
	}
	return "+" + strings.TrimLeft(p.Prefix, "+0") + p.Number
}

func address(a *goaml.Address) string {
	return strings.Join(nonEmpty(a.Address, a.Line1, a.Line2, a.Town, a.City, a.Zip, a.Country), ", ")
}

// number writes an account's number without blanks.
func number(s string) string {
	s = strings.ToUpper(strings.Join(strings.Fields(s), ""))
	if bankid.LooksIBAN(s) {
		s = strings.ReplaceAll(s, "-", "")
	}
	return s
}

// earlier says what else a filer said under the same reference, for the receipt.
func earlier(e *Entry) fault.Fault {
	return fault.Fault{Rule: "B-GOAML-DUP-REF", Path: "/report/entity_reference", Message: "another report was filed under " + e.Ref + " before; that one stands",
		Mend: "give each report a reference of its own; to replace one that was sent back, name it in prev_rejected_ref_number"}
}
