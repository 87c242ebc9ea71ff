package synth

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"time"
)

// str is a suspicious transaction report.
type str struct {
	reference string
	bank      *bank
	day       time.Time
	reason    string
	moves     []strMove
}

// strMove is a transaction of it: cash paid into an account where there is no other account, else a transfer.
type strMove struct {
	day     time.Time
	amount  sum // in dinars
	account *holder
	opened  time.Time
	by      *person // who stood at the counter
	to      *holder
}

func (m *month) suspect(c *FundsCase, b *bank, day int, reason string) *str {
	s := &str{reference: m.number("STR-" + m.From.Format("2006") + "-%06d"), bank: b, day: m.day(day).Add(9*time.Hour + 30*time.Minute), reason: reason}
	m.reports++
	m.strs = append(m.strs, s)
	c.report(s.reference)
	return s
}

func (m *month) strFiles() {
	slices.SortStableFunc(m.strs, func(a, b *str) int { return cmp.Or(a.day.Compare(b.day), cmp.Compare(a.reference, b.reference)) })
	for _, s := range m.strs {
		m.file(s.bank.filer, "goaml-"+s.reference+".xml", s.day.Add(11*time.Minute), s.write())
	}
}

const wallClock = "2006-01-02T15:04:05"

func (s *str) write() []byte {
	x := newMarkup()
	x.in("report", func() {
		x.el("rentity_id", strconv.Itoa(s.bank.entity))
		x.el("submission_code", "E")
		x.el("report_code", "STR")
		x.el("entity_reference", s.reference)
		x.el("submission_date", s.day.Format(wallClock))
		x.el("currency_code_local", "BHD")
		x.in("reporting_person", func() {
			x.el("gender", "F")
			x.el("first_name", "Layla")
			x.el("last_name", "Sample")
			x.el("occupation", "Compliance officer")
		})
		x.el("reason", s.reason)
		for i := range s.moves {
			x.in("transaction", func() { s.move(x, i) })
		}
		x.in("report_indicators", func() { x.el("indicator", "ACTRC") })
	})
	return x.b
}

func (s *str) move(x *markup, i int) {
	v := &s.moves[i]
	mode, description := "SWIFT", "Outgoing transfer"
	if v.to == nil {
		mode, description = "CDM", "Cash paid in at the counter"
	}
	x.el("transactionnumber", s.reference+"-"+strconv.Itoa(i+1))
	x.el("transaction_location", "Main branch")
	x.el("transaction_description", description)
	x.el("date_transaction", v.day.Add(11*time.Hour).Format(wallClock))
	x.el("transmode_code", mode)
	x.el("transmode_comment", "-")
	x.el("amount_local", v.amount.String())
	if v.to == nil {
		x.in("t_from", func() {
			x.el("from_funds_code", "CASH")
			x.in("from_person", func() { x.human(v.by) })
			x.el("from_country", "BH")
		})
		x.in("t_to_my_client", func() {
			x.el("to_funds_code", "CASH")
			x.in("to_account", func() { x.client(v) })
			x.el("to_country", "BH")
		})
		return
	}
	x.in("t_from_my_client", func() {
		x.el("from_funds_code", "ELCFT")
		x.in("from_account", func() { x.client(v) })
		x.el("from_country", "BH")
	})
	x.in("t_to", func() {
		x.el("to_funds_code", "ELCFT")
		x.in("to_account", func() {
			x.el("swift", v.to.bank.bic)
			x.el("account", v.to.number)
			x.el("account_name", v.to.name())
		})
		x.el("to_country", v.to.bank.country)
	})
}

// client is an account of which the filer knows all.
func (x *markup) client(v *strMove) {
	h := v.account
	x.el("institution_name", h.bank.name)
	x.el("swift", h.bank.bic)
	x.el("non_bank_institution", "false")
	x.el("branch", "Main")
	x.el("account", h.number)
	x.el("currency_code", "BHD")
	x.el("account_name", h.name())
	x.el("iban", h.number)
	x.el("personal_account_type", "A")
	x.in("signatory", func() {
		x.el("is_primary", "1")
		x.in("t_person", func() { x.human(&h.person) })
		x.el("role", "PAH")
	})
	x.el("opened", v.opened.Format(wallClock))
	x.el("status_code", "A")
	x.el("beneficiary", h.name())
}

// human is a person as a bank that knows its customer tells of one.
func (x *markup) human(p *person) {
	country := p.from.two
	x.el("gender", p.sex)
	x.el("first_name", proper(p.given))
	x.el("last_name", proper(p.surname))
	x.el("birthdate", p.born.Format(time.DateOnly)+"T00:00:00")
	x.el("passport_number", p.passport.number)
	x.el("passport_country", country)
	x.el("id_number", p.born.Format("060102")+fmt.Sprintf("%03d", len(p.name())*7%1000))
	x.el("nationality1", country)
	x.el("residence", "BH")
	x.in("phones", func() {
		x.in("phone", func() {
			x.el("tph_contact_type", "PRSNL")
			x.el("tph_communication_type", "M")
			x.el("tph_country_prefix", p.from.phone)
			x.el("tph_number", p.phone[len(p.from.phone):])
		})
	})
	x.in("identifications", func() {
		x.in("identification", func() {
			x.el("type", "PASSP")
			x.el("number", p.passport.number)
			x.el("issue_date", p.passport.expires.AddDate(-10, 0, 0).Format(time.DateOnly)+"T00:00:00")
			x.el("expiry_date", p.passport.expires.Format(time.DateOnly)+"T00:00:00")
			x.el("issue_country", country)
		})
	})
	x.el("tax_reg_number", "N")
}
