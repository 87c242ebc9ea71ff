package synth

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// bank is an invented bank.
type bank struct {
	bic, name, country, code string
	filer                    string
	entity                   int // by which the unit knows it
}

var (
	homeBanks = []bank{
		{"DLMNBHBM", "Bank of Dilmun (invented)", "BH", "DLMN", "bank-dilmun", 4711},
		{"ARADBHBM", "Arad Commercial (invented)", "BH", "ARAD", "bank-arad", 4712},
		{"TYLSBHBM", "Tylos Savings (invented)", "BH", "TYLS", "bank-tylos", 4713},
	}
	farBanks = []bank{
		{bic: "PRLXAEAD", name: "Pearl Exchange (invented)", country: "AE", code: "999"},
		{bic: "CORRDEFF", name: "Korrespondenzbank (invented)", country: "DE", code: "99999999"},
		{bic: "INVTGB2L", name: "Invented Bank plc", country: "GB", code: "INVT"},
		{bic: "FRSTUS33", name: "First Invented", country: "US"},
	}
)

// holder is who has an account.
type holder struct {
	person
	org    string // a firm; nothing is the person
	bank   *bank
	number string // an IBAN where its country has them
}

func (h *holder) name() string {
	if h.org != "" {
		return h.org
	}
	return h.person.name()
}

func (h *holder) subject() string { return "account:" + h.number }

// at opens an account for somebody.
func (m *month) at(b *bank, p person) *holder {
	h := &holder{person: p, bank: b}
	for h.number == "" || m.accounts[h.number] {
		h.number = m.account(b)
	}
	m.accounts[h.number] = true
	return h
}

func (m *month) local() *holder { return m.at(&homeBanks[m.IntN(len(homeBanks))], m.resident()) }

func (m *month) foreign() *holder {
	return m.at(&farBanks[m.IntN(len(farBanks))], m.someone(&origins[m.IntN(len(origins))]))
}

// firm makes the account a company's that nobody else is called like.
func (m *month) firm(h *holder) { h.org = m.organisation() }

func (m *month) organisation() string {
	return proper(m.syllables(2, 3)+" "+m.syllables(2, 2)) + " " + of(m.dice, []string{"Trading WLL", "General Contracting", "Foodstuff Co", "Electronics LLC", "Travel Agency", "Spare Parts Est"})
}

func (m *month) account(b *bank) string {
	switch b.country {
	case "BH":
		return iban("BH", b.code+m.shaped("99999999999999"))
	case "AE":
		return iban("AE", b.code+m.shaped("9999999999999999"))
	case "DE":
		return iban("DE", b.code+m.shaped("9999999999"))
	case "GB":
		return iban("GB", b.code+m.shaped("99999999999999"))
	}
	return m.shaped("000999999999")
}

// iban puts check digits in: what follows the country and they, the country and 00, is 1 short of 98 by 97.
func iban(country, rest string) string {
	r := 0
	for _, c := range rest + country + "00" {
		if c >= 'A' {
			r = (r*100 + int(c-'A') + 10) % 97
		} else {
			r = (r*10 + int(c-'0')) % 97
		}
	}
	return fmt.Sprintf("%s%02d%s", country, 98-r, rest)
}

// uetr is a payment's reference from end to end.
func (m *month) uetr() string {
	const hex = "0123456789abcdef"
	b := []byte("xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx")
	for i, c := range b {
		switch c {
		case 'x':
			b[i] = hex[m.IntN(16)]
		case 'y':
			b[i] = "89ab"[m.IntN(4)]
		}
	}
	return string(b)
}

// transfer is one payment between banks.
type transfer struct {
	uetr, reference string
	day             time.Time
	amount          sum
	from, to        *holder
	lines           []string // the payer's address, where it is not told part by part
	ultimate        string   // whose order it is
	remittance      string
	purpose         string
	gaps            bool // the payer is not told as must be
}

func (m *month) pay(c *FundsCase, day int, from, to *holder, amount sum) *transfer {
	t := &transfer{uetr: m.uetr(), reference: m.number("E2E-%07d"), day: m.day(day), amount: amount, from: from, to: to,
		remittance: of(m.dice, remittances) + " " + strconv.Itoa(m.between(100, 9999)), purpose: of(m.dice, []string{"GDDS", "SUPP", "SCVE", ""})}
	m.reports++
	m.transfers = append(m.transfers, t)
	c.report(t.uetr)
	return t
}

var remittances = []string{"Invoice", "Order", "Contract", "Maintenance", "Consignment", "Booking", "Subscription", "Delivery note"}

// paymentFiles are a file a day for each bank at home: what came in to it, and what it sent where both banks are not its own.
func (m *month) paymentFiles() {
	type key struct {
		bic string
		day time.Time
	}
	files := map[key][]*transfer{}
	var order []key
	for _, t := range m.transfers {
		b := t.to.bank
		if b.filer == "" {
			b = t.from.bank
		}
		k := key{b.bic, t.day}
		if files[k] == nil {
			order = append(order, k)
		}
		files[k] = append(files[k], t)
	}
	slices.SortStableFunc(order, func(a, b key) int { return cmp.Or(a.day.Compare(b.day), cmp.Compare(a.bic, b.bic)) })
	for _, k := range order {
		b := &homeBanks[slices.IndexFunc(homeBanks, func(b bank) bool { return b.bic == k.bic })]
		const late = 17 * time.Hour // banks send at the end of the day
		m.file(b.filer, "pacs008-"+strings.ToLower(b.code)+"-"+k.day.Format(time.DateOnly)+".xml", k.day.Add(late), pacs008(b, k.day, files[k]))
	}
}

// pacs008 writes transfers as a bank's system does.
func pacs008(b *bank, day time.Time, list []*transfer) []byte {
	x := newMarkup()
	x.line(`<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pacs.008.001.08">`)
	x.in("FIToFICstmrCdtTrf", func() {
		x.in("GrpHdr", func() {
			x.el("MsgId", b.code+day.Format("20060102")+"-"+list[0].reference)
			x.el("CreDtTm", day.Format("2006-01-02")+"T16:45:00+00:00")
			x.el("NbOfTxs", strconv.Itoa(len(list)))
			x.in("SttlmInf", func() { x.el("SttlmMtd", "INDA") })
		})
		for _, t := range list {
			x.in("CdtTrfTxInf", func() { t.write(x) })
		}
	})
	x.line("</Document>")
	return x.b
}

func (t *transfer) write(x *markup) {
	agent := func(name string, b *bank) {
		x.in(name, func() { x.in("FinInstnId", func() { x.el("BICFI", b.bic) }) })
	}
	x.in("PmtId", func() {
		x.el("InstrId", "I"+t.reference)
		x.el("EndToEndId", t.reference)
		x.el("UETR", t.uetr)
	})
	x.with("IntrBkSttlmAmt", "Ccy", t.amount.currency, t.amount.String())
	x.el("IntrBkSttlmDt", t.day.Format(time.DateOnly))
	x.el("ChrgBr", "SHAR")
	agent("InstgAgt", t.from.bank)
	agent("InstdAgt", t.to.bank)
	if t.ultimate != "" {
		x.in("UltmtDbtr", func() { x.el("Nm", t.ultimate) })
	}
	x.in("Dbtr", func() {
		x.el("Nm", t.from.name())
		switch {
		case t.gaps:
		case t.lines != nil:
			x.in("PstlAdr", func() {
				for _, l := range t.lines {
					x.el("AdrLine", l)
				}
			})
		default:
			x.in("PstlAdr", func() {
				x.el("TwnNm", proper(t.from.from.city))
				x.el("Ctry", t.from.from.two)
			})
		}
		if !t.gaps {
			t.from.identify(x)
		}
	})
	x.account("DbtrAcct", t.from)
	agent("DbtrAgt", t.from.bank)
	agent("CdtrAgt", t.to.bank)
	x.in("Cdtr", func() { x.el("Nm", t.to.name()) })
	x.account("CdtrAcct", t.to)
	if t.purpose != "" {
		x.in("Purp", func() { x.el("Cd", t.purpose) })
	}
	x.in("RmtInf", func() { x.el("Ustrd", t.remittance) })
}

// identify writes by what a bank knows its customer.
func (h *holder) identify(x *markup) {
	x.in("Id", func() {
		if h.org != "" {
			x.in("OrgId", func() { x.in("Othr", func() { x.el("Id", "CR-"+h.number[len(h.number)-8:]) }) })
			return
		}
		x.in("PrvtId", func() {
			x.in("DtAndPlcOfBirth", func() {
				x.el("BirthDt", h.born.Format(time.DateOnly))
				x.el("CityOfBirth", proper(h.from.city))
				x.el("CtryOfBirth", h.from.two)
			})
			x.passport(&h.person)
		})
	})
}

// statement is an account's month of cash at the counter.
type statement struct {
	account  *holder
	id       string
	opening  sum
	bookings []booking20022
}

type booking20022 struct {
	day       int
	amount    sum // below nought: taken out
	depositor *person
}

// cash opens the statement of an account whose month is cash.
func (m *month) cash(c *FundsCase, h *holder) *statement {
	s := &statement{account: h, id: m.number("ST-" + m.From.Format("2006-01") + "-%06d"), opening: sum{int64(m.between(150, 900)) * 1000, "BHD"}}
	m.reports++
	m.statements = append(m.statements, s)
	c.subject(h.subject())
	c.report(s.id)
	return s
}

// deposit pays in.
func (s *statement) deposit(day int, amount sum, by *person) {
	s.bookings = append(s.bookings, booking20022{day, amount, by})
}

// statementFiles are one a bank, when the month is over.
func (m *month) statementFiles() {
	for i := range homeBanks {
		b := &homeBanks[i]
		var list []*statement
		for _, s := range m.statements {
			if s.account.bank == b {
				list = append(list, s)
			}
		}
		if len(list) == 0 {
			continue
		}
		end := m.day(daysBefore)
		x := newMarkup()
		x.line(`<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08">`)
		x.in("BkToCstmrStmt", func() {
			x.in("GrpHdr", func() {
				x.el("MsgId", "STMT-"+b.code+"-"+end.Format("20060102"))
				x.el("CreDtTm", end.Format(time.DateOnly)+"T20:00:00+00:00")
			})
			for _, s := range list {
				x.in("Stmt", func() { m.statement(x, s, end) })
			}
		})
		x.line("</Document>")
		m.file(b.filer, "camt053-"+strings.ToLower(b.code)+".xml", end.Add(20*time.Hour), x.b)
	}
}

func (m *month) statement(x *markup, s *statement, end time.Time) {
	slices.SortStableFunc(s.bookings, func(a, b booking20022) int { return a.day - b.day })
	x.el("Id", s.id)
	x.el("CreDtTm", end.Format(time.DateOnly)+"T20:00:00+00:00")
	x.in("Acct", func() {
		x.in("Id", func() { x.el("IBAN", s.account.number) })
		x.el("Ccy", "BHD")
		x.in("Ownr", func() { x.el("Nm", s.account.name()) })
		x.in("Svcr", func() { x.in("FinInstnId", func() { x.el("BICFI", s.account.bank.bic) }) })
	})
	balance := func(kind string, amount sum, day time.Time) {
		x.in("Bal", func() {
			x.in("Tp", func() { x.in("CdOrPrtry", func() { x.el("Cd", kind) }) })
			x.with("Amt", "Ccy", amount.currency, amount.String())
			x.el("CdtDbtInd", "CRDT")
			x.in("Dt", func() { x.el("Dt", day.Format(time.DateOnly)) })
		})
	}
	closing := s.opening
	for _, b := range s.bookings {
		closing.minor += b.amount.minor
	}
	balance("OPBD", s.opening, m.From)
	balance("CLBD", closing, end)
	for i, b := range s.bookings {
		x.in("Ntry", func() { m.booking(x, i+1, &b) })
	}
}

func (m *month) booking(x *markup, n int, b *booking20022) {
	amount, direction, code := b.amount, "CRDT", "CDPT"
	if amount.minor < 0 {
		amount.minor, direction, code = -amount.minor, "DBIT", "CWDL"
	}
	x.el("NtryRef", strconv.Itoa(n))
	x.with("Amt", "Ccy", amount.currency, amount.String())
	x.el("CdtDbtInd", direction)
	x.in("Sts", func() { x.el("Cd", "BOOK") })
	for _, name := range []string{"BookgDt", "ValDt"} {
		x.in(name, func() { x.el("Dt", m.day(b.day).Format(time.DateOnly)) })
	}
	x.in("BkTxCd", func() {
		x.in("Domn", func() {
			x.el("Cd", "PMNT")
			x.in("Fmly", func() {
				x.el("Cd", "CNTR")
				x.el("SubFmlyCd", code)
			})
		})
	})
	if b.depositor == nil {
		return
	}
	x.in("NtryDtls", func() {
		x.in("TxDtls", func() {
			x.in("RltdPties", func() {
				x.in("Dbtr", func() {
					x.in("Pty", func() {
						x.el("Nm", b.depositor.name())
						x.in("Id", func() { x.in("PrvtId", func() { x.passport(b.depositor) }) })
					})
				})
			})
		})
	})
}
