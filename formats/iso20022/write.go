package iso20022

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/rihla/rihla/formats/money"
)

// Append writes a pacs.008 of the message's transfers behind b: UTF-8, elements in the order of the standard, what is
// empty left out, the count and the date of creation as the message has them. It does not check; [Read] does.
func Append(b []byte, m *Message) []byte {
	w := writer{b: b}
	version := m.Version
	if !strings.HasPrefix(version, string(Pacs008)+".") {
		version = "pacs.008.001.08"
	}
	w.b = append(w.b, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Document xmlns=\""+urn...)
	w.escape(version)
	w.b = append(w.b, "\">\n"...)
	w.open("FIToFICstmrCdtTrf")
	w.within("GrpHdr", func() {
		w.leaf("MsgId", m.Reference)
		w.leaf("CreDtTm", m.Created)
		w.leaf("NbOfTxs", strconv.Itoa(len(m.Transfers)))
		w.within("SttlmInf", func() { w.leaf("SttlmMtd", m.Settlement) })
		w.agents(m.Agents, "InstgAgt", "InstdAgt")
	})
	for _, t := range m.Transfers {
		w.line = true
		w.within("CdtTrfTxInf", func() { w.transfer(t) })
	}
	w.close("FIToFICstmrCdtTrf")
	w.close("Document")
	return append(w.b, '\n')
}

type writer struct {
	b    []byte
	line bool // the next element begins a line
}

func (w *writer) open(name string) {
	if w.line {
		w.b = append(w.b, '\n')
		w.line = false
	}
	w.b = append(append(append(w.b, '<'), name...), '>')
}

func (w *writer) close(name string) { w.b = append(append(append(w.b, "</"...), name...), '>') }

// within writes an element around what inside writes, and nothing when that is nothing.
func (w *writer) within(name string, inside func()) {
	start := len(w.b)
	w.open(name)
	before := len(w.b)
	if inside(); len(w.b) == before {
		w.b = w.b[:start]
		return
	}
	w.close(name)
}

// below writes nested elements around what inside writes.
func (w *writer) below(names []string, inside func()) {
	if len(names) == 0 {
		inside()
		return
	}
	w.within(names[0], func() { w.below(names[1:], inside) })
}

func (w *writer) leaf(name, text string) {
	if text == "" {
		return
	}
	w.open(name)
	w.escape(text)
	w.close(name)
}

// escape writes text as XML needs it; what XML has no way to say is left out.
func (w *writer) escape(s string) {
	for _, c := range strings.ToValidUTF8(s, "\ufffd") {
		switch {
		case c == '&':
			w.b = append(w.b, "&amp;"...)
		case c == '<':
			w.b = append(w.b, "&lt;"...)
		case c == '>':
			w.b = append(w.b, "&gt;"...)
		case c == '"':
			w.b = append(w.b, "&quot;"...)
		case c == '\r':
			w.b = append(w.b, "&#13;"...)
		case c < ' ' && c != '\t' && c != '\n', c == 0xfffe, c == 0xffff:
		default:
			w.b = utf8.AppendRune(w.b, c)
		}
	}
}

func (w *writer) money(name string, m Money) {
	if m.IsZero() {
		return
	}
	w.b = append(append(append(w.b, '<'), name...), " Ccy=\""...)
	w.escape(m.Currency)
	w.b = append(w.b, "\">"...)
	w.b = m.Amount.Append(w.b)
	w.close(name)
}

func (w *writer) decimal(name string, d money.Decimal) { w.leaf(name, d.String()) }

func (w *writer) transfer(t *Transfer) {
	w.within("PmtId", func() {
		w.leaf("InstrId", t.Instruction)
		w.leaf("EndToEndId", t.EndToEnd)
		w.leaf("TxId", t.Transaction)
		w.leaf("UETR", t.UETR)
	})
	w.below([]string{"PmtTpInf", "CtgyPurp"}, func() { w.code(t.Category) })
	w.money("IntrBkSttlmAmt", t.Settled)
	w.leaf("IntrBkSttlmDt", t.Date.String())
	w.money("InstdAmt", t.Instructed)
	w.decimal("XchgRate", t.Rate)
	w.leaf("ChrgBr", t.Charges)
	w.agents(t.Agents, "PrvsInstgAgt1", "PrvsInstgAgt2", "PrvsInstgAgt3", "InstgAgt", "InstdAgt", "IntrmyAgt1", "IntrmyAgt2", "IntrmyAgt3")
	w.party("UltmtDbtr", t.UltimateDebtor)
	w.party("InitgPty", t.Initiator)
	w.party("Dbtr", t.Debtor)
	w.account("DbtrAcct", &t.DebtorAccount)
	w.agents(t.Agents, "DbtrAgt", "CdtrAgt")
	w.party("Cdtr", t.Creditor)
	w.account("CdtrAcct", &t.CreditorAccount)
	w.party("UltmtCdtr", t.UltimateCreditor)
	for _, s := range t.Instructions {
		w.within("InstrForCdtrAgt", func() { w.leaf("InstrInf", s) })
	}
	w.within("Purp", func() { w.code(t.Purpose) })
	for _, s := range t.Regulatory {
		w.below([]string{"RgltryRptg", "Dtls"}, func() { w.leaf("Inf", s) })
	}
	w.within("RmtInf", func() {
		for _, s := range t.Remittance {
			w.leaf("Ustrd", s)
		}
		for _, s := range t.References {
			w.below([]string{"Strd", "CdtrRefInf"}, func() { w.leaf("Ref", s) })
		}
	})
}

// code writes a code of the standard's lists, which have four letters, or one of somebody's own.
func (w *writer) code(s string) {
	if len(s) == 4 && strings.ToUpper(s) == s {
		w.leaf("Cd", s)
		return
	}
	w.leaf("Prtry", s)
}

// agents writes those banks that have one of the roles, in the roles' order.
func (w *writer) agents(agents []Agent, roles ...string) {
	for _, role := range roles {
		for i := range agents {
			a := &agents[i]
			if a.Role != role {
				continue
			}
			w.below([]string{role, "FinInstnId"}, func() {
				w.leaf("BICFI", a.BIC)
				w.within("ClrSysMmbId", func() {
					system, member, both := strings.Cut(a.Clearing, "/")
					if !both {
						system, member = "", system
					}
					w.within("ClrSysId", func() { w.leaf("Cd", system) })
					w.leaf("MmbId", member)
				})
				w.leaf("LEI", a.LEI)
				w.leaf("Nm", a.Name)
				w.address(&a.Address)
			})
		}
	}
}

func (w *writer) party(name string, p *Party) {
	if p == nil {
		return
	}
	w.within(name, func() {
		w.leaf("Nm", p.Name)
		w.address(&p.Address)
		w.within("Id", func() { w.identity(p) })
		w.leaf("CtryOfRes", p.Residence)
	})
}

func (w *writer) identity(p *Party) {
	numbers := func() {
		for _, n := range p.Numbers {
			w.within("Othr", func() {
				w.leaf("Id", n.Value)
				w.within("SchmeNm", func() { w.code(n.Scheme) })
				w.leaf("Issr", n.Issuer)
			})
		}
	}
	if !p.Private {
		w.within("OrgId", func() {
			w.leaf("AnyBIC", p.BIC)
			w.leaf("LEI", p.LEI)
			numbers()
		})
		return
	}
	w.within("PrvtId", func() {
		w.within("DtAndPlcOfBirth", func() {
			w.leaf("BirthDt", p.Born.Date.String())
			w.leaf("PrvcOfBirth", p.Born.Province)
			w.leaf("CityOfBirth", p.Born.City)
			w.leaf("CtryOfBirth", p.Born.Country)
		})
		numbers()
	})
}

func (w *writer) address(a *Address) {
	w.within("PstlAdr", func() {
		w.leaf("Dept", a.Department)
		w.leaf("StrtNm", a.Street)
		w.leaf("BldgNb", a.Building)
		w.leaf("PstBx", a.PostBox)
		w.leaf("PstCd", a.PostCode)
		w.leaf("TwnNm", a.Town)
		w.leaf("CtrySubDvsn", a.Subdivision)
		w.leaf("Ctry", a.Country)
		for _, s := range a.Lines {
			w.leaf("AdrLine", s)
		}
	})
}

func (w *writer) account(name string, a *Account) {
	w.within(name, func() {
		w.within("Id", func() {
			w.leaf("IBAN", a.IBAN)
			w.within("Othr", func() {
				w.leaf("Id", a.Other)
				w.within("SchmeNm", func() { w.code(a.Scheme) })
			})
		})
		w.leaf("Ccy", a.Currency)
		w.leaf("Nm", a.Name)
		w.within("Prxy", func() { w.leaf("Id", a.Proxy) })
	})
}
