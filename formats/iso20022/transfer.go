package iso20022

import (
	"github.com/rihla/rihla/formats/bankid"
	"github.com/rihla/rihla/formats/money"
	"github.com/rihla/rihla/formats/xmltree"
)

// transferOrder is the order of a pacs.008 transfer as far as it is read.
var transferOrder = []string{"PmtId", "PmtTpInf", "IntrBkSttlmAmt", "IntrBkSttlmDt", "SttlmPrty", "SttlmTmIndctn", "SttlmTmReq", "AccptncDtTm", "PoolgAdjstmntDt",
	"InstdAmt", "XchgRate", "ChrgBr", "ChrgsInf", "PrvsInstgAgt1", "PrvsInstgAgt1Acct", "PrvsInstgAgt2", "PrvsInstgAgt2Acct", "PrvsInstgAgt3", "PrvsInstgAgt3Acct",
	"InstgAgt", "InstdAgt", "IntrmyAgt1", "IntrmyAgt1Acct", "IntrmyAgt2", "IntrmyAgt2Acct", "IntrmyAgt3", "IntrmyAgt3Acct", "UltmtDbtr", "InitgPty", "Dbtr", "DbtrAcct",
	"DbtrAgt", "DbtrAgtAcct", "CdtrAgt", "CdtrAgtAcct", "Cdtr", "CdtrAcct", "UltmtCdtr", "InstrForCdtrAgt", "InstrForNxtAgt", "Purp", "RgltryRptg", "Tax", "RltdRmtInf",
	"RmtInf", "SplmtryData"}

var agentRoles = map[string]bool{"PrvsInstgAgt1": true, "PrvsInstgAgt2": true, "PrvsInstgAgt3": true, "InstgAgt": true, "InstdAgt": true, "IntrmyAgt1": true,
	"IntrmyAgt2": true, "IntrmyAgt3": true, "DbtrAgt": true, "CdtrAgt": true}

// transfer reads one transfer of a pacs.008, or nil when it is lost.
func (r *reading) transfer(n *xmltree.Node) *Transfer {
	at := n.Child("IntrBkSttlmAmt")
	if at == nil {
		r.lose("transfer", n, n, "missing_element", "add IntrBkSttlmAmt", "the transfer has no amount")
		return nil
	}
	sum, why := r.amount(at)
	if why != "" {
		r.lose("transfer", n, at, "bad_amount", "write digits, a decimal point, and the currency in Ccy", "%s", why)
		return nil
	}
	r.sequence(n, transferOrder)
	r.need(n, "PmtId", "ChrgBr", "Dbtr", "DbtrAgt", "CdtrAgt", "Cdtr")
	if id := n.Child("PmtId"); id != nil {
		r.need(id, "EndToEndId")
	}
	t := &Transfer{Settled: sum, Instructed: r.optional(n.Child("InstdAmt")), Charges: n.Value("ChrgBr")}
	if c := n.Child("ChrgBr"); c != nil && c.Text != "DEBT" && c.Text != "CRED" && c.Text != "SHAR" && c.Text != "SLEV" {
		r.strict(c, "unknown_code", "write DEBT, CRED, SHAR or SLEV", "%q does not say who bears the charges", clip(c.Text))
	}
	when := n.Child("IntrBkSttlmDt")
	if when == nil {
		when = r.head.Child("IntrBkSttlmDt")
	}
	if when == nil {
		r.absent(n, "IntrBkSttlmDt")
	}
	t.Date = r.day(when)
	if c := n.Child("XchgRate"); c != nil {
		r.rate(c, t)
	}
	r.common(n, t)
	if _, twice := r.uetrs[t.UETR]; twice && t.UETR != "" {
		r.strict(n.At("PmtId", "UETR"), "duplicate_uetr", "give each transfer its own", "two transfers of the message have the UETR %s", clip(t.UETR))
	}
	r.uetrs[t.UETR] = struct{}{}
	t.Gaps = Gaps(t, EU2023, true)
	r.gaps(n, t.Gaps)
	r.abroad(n, t)
	return t
}

// rate reads the rate of exchange, and holds both amounts to it.
func (r *reading) rate(c *xmltree.Node, t *Transfer) {
	rate, err := money.Parse(c.Text)
	if err != nil || rate.Sign() <= 0 {
		r.strict(c, "bad_amount", "write the rate as a decimal above zero", "the rate %q is none", clip(c.Text))
		return
	}
	t.Rate = rate
	if t.Instructed.IsZero() || t.Instructed.Currency == t.Settled.Currency {
		return
	}
	const scale = 5
	one, ok1 := t.Instructed.Amount.Mul(rate, scale)
	two, ok2 := t.Settled.Amount.Mul(rate, scale)
	if ok1 && ok2 && !one.Within(t.Settled.Amount, 2) && !two.Within(t.Instructed.Amount, 2) {
		r.remark(c, "rate_mismatch", "check amounts and rate", "%s and %s are not one at a rate of %s", t.Instructed.Amount, t.Settled.Amount, rate)
	}
}

// common reads what transfers of all kinds of message have.
func (r *reading) common(n *xmltree.Node, t *Transfer) {
	t.Offset, t.Length, t.Line = n.Start, n.End-n.Start, r.tree.Line(n.Start)
	id := n.Child("PmtId")
	if id == nil {
		id = n.Child("Refs") // of a statement's entry
	}
	const reference = 35
	t.Instruction, t.EndToEnd, t.Transaction = r.text(id.Child("InstrId"), reference), r.text(id.Child("EndToEndId"), reference), r.text(id.Child("TxId"), reference)
	t.UETR = r.check(id.Child("UETR"), "UETR", "bad_uetr", bankid.UETR)
	parties := n
	if related := n.Child("RltdPties"); related != nil {
		parties = related
	}
	r.single(parties, "Dbtr", "Cdtr", "DbtrAcct", "CdtrAcct", "UltmtDbtr", "UltmtCdtr", "DbtrAgt", "CdtrAgt")
	t.UltimateDebtor, t.Debtor = r.party(parties.Child("UltmtDbtr")), r.party(parties.Child("Dbtr"))
	t.Creditor, t.UltimateCreditor = r.party(parties.Child("Cdtr")), r.party(parties.Child("UltmtCdtr"))
	t.Initiator = r.party(parties.Child("InitgPty"))
	t.DebtorAccount, t.CreditorAccount = r.account(parties.Child("DbtrAcct")), r.account(parties.Child("CdtrAcct"))
	agents := n
	if related := n.Child("RltdAgts"); related != nil {
		agents = related
	}
	for c := agents.First; c != nil; c = c.Next {
		if agentRoles[c.Name] {
			t.Agents = append(t.Agents, r.agent(c))
		}
	}
	t.Purpose = join(n.Value("Purp", "Cd"), n.Value("Purp", "Prtry"))
	t.Category = join(n.Value("PmtTpInf", "CtgyPurp", "Cd"), n.Value("PmtTpInf", "CtgyPurp", "Prtry"))
	for c := n.First; c != nil; c = c.Next {
		switch c.Name {
		case "RmtInf":
			r.remittance(c, t)
		case "InstrForCdtrAgt", "InstrForNxtAgt":
			if s := join(c.Value("Cd"), c.Value("InstrInf")); s != "" {
				t.Instructions = append(t.Instructions, s)
			}
		case "RgltryRptg":
			for d := c.Child("Dtls"); d != nil; d = d.Next {
				if s := join(d.Value("Tp"), d.Value("Cd"), d.Value("Ctry"), d.Value("Inf")); s != "" {
					t.Regulatory = append(t.Regulatory, s)
				}
			}
		}
	}
	t.Mentions = mentions(t)
}

// remittance reads why the money is sent.
func (r *reading) remittance(n *xmltree.Node, t *Transfer) {
	const line = 140
	for c := n.First; c != nil; c = c.Next {
		switch c.Name {
		case "Ustrd":
			t.Remittance = append(t.Remittance, r.text(c, line))
		case "Strd":
			for d := c.First; d != nil; d = d.Next {
				switch d.Name {
				case "RfrdDocInf":
					if s := d.Value("Nb"); s != "" {
						t.References = append(t.References, s)
					}
				case "CdtrRefInf":
					if s := d.Value("Ref"); s != "" {
						t.References = append(t.References, s)
					}
				case "AddtlRmtInf":
					t.Remittance = append(t.Remittance, r.text(d, line))
				}
			}
		}
	}
}

// party reads a party; statements since 2019 wrap it in Pty.
func (r *reading) party(n *xmltree.Node) *Party {
	if n == nil {
		return nil
	}
	if inner := n.Child("Pty"); inner != nil {
		n = inner
	}
	const name = 140
	p := &Party{Name: r.text(n.Child("Nm"), name), Address: r.address(n.Child("PstlAdr")), Residence: r.country(n.Child("CtryOfRes"))}
	if org := n.At("Id", "OrgId"); org != nil {
		p.BIC = r.check(org.Child("AnyBIC"), "BIC", "bad_bic", bankid.BIC)
		p.LEI = r.check(org.Child("LEI"), "LEI", "bad_lei", bankid.LEI)
		p.Numbers = numbers(org)
		if p.BIC != "" && (p.Name != "" || !p.Address.IsZero()) {
			r.remark(org.Child("AnyBIC"), "bic_and_name", "leave name and address out", "a BIC identifies the party, and name or address stand beside it")
		}
	}
	if private := n.At("Id", "PrvtId"); private != nil {
		p.Private, p.Numbers = true, append(p.Numbers, numbers(private)...)
		if born := private.Child("DtAndPlcOfBirth"); born != nil {
			p.Born = Birth{r.day(born.Child("BirthDt")), born.Value("PrvcOfBirth"), born.Value("CityOfBirth"), r.country(born.Child("CtryOfBirth"))}
		}
	}
	return p
}

func numbers(n *xmltree.Node) (list []Number) {
	for c := n.First; c != nil; c = c.Next {
		if v := c.Value("Id"); c.Name == "Othr" && v != "" {
			list = append(list, Number{v, join(c.Value("SchmeNm", "Cd"), c.Value("SchmeNm", "Prtry")), c.Value("Issr")})
		}
	}
	return list
}

func (r *reading) address(n *xmltree.Node) Address {
	if n == nil {
		return Address{}
	}
	a := Address{Department: n.Value("Dept"), Street: n.Value("StrtNm"), Building: join(n.Value("BldgNb"), n.Value("BldgNm"), n.Value("Flr"), n.Value("Room")),
		PostBox: n.Value("PstBx"), PostCode: n.Value("PstCd"), Town: join(n.Value("TwnNm"), n.Value("TwnLctnNm"), n.Value("DstrctNm")),
		Subdivision: n.Value("CtrySubDvsn"), Country: r.country(n.Child("Ctry"))}
	const most = 7
	for c := n.First; c != nil; c = c.Next {
		if c.Name != "AdrLine" {
			continue
		}
		if len(a.Lines) == most {
			r.strict(c, "too_many_lines", "put it on fewer lines", "an address has more than %d lines", most)
			break
		}
		a.Lines = append(a.Lines, r.text(c, 70))
	}
	return a
}

func (r *reading) account(n *xmltree.Node) Account {
	if n == nil {
		return Account{}
	}
	a := Account{IBAN: r.check(n.At("Id", "IBAN"), "IBAN", "bad_iban", bankid.IBAN), Other: n.Value("Id", "Othr", "Id"),
		Scheme: join(n.Value("Id", "Othr", "SchmeNm", "Cd"), n.Value("Id", "Othr", "SchmeNm", "Prtry")), Proxy: n.Value("Prxy", "Id"),
		Currency: n.Value("Ccy"), Name: n.Value("Nm")}
	if a.IBAN != "" && a.Other != "" {
		r.strict(n.At("Id", "Othr"), "both_accounts", "leave one of them", "an account has either an IBAN or another number")
	}
	return a
}

func (r *reading) agent(n *xmltree.Node) Agent {
	inner := n.Child("FinInstnId")
	if inner == nil {
		r.absent(n, "FinInstnId")
		return Agent{Role: n.Name}
	}
	bic := inner.Child("BICFI")
	if bic == nil {
		bic = inner.Child("BIC") // until 2013
	}
	a := Agent{Role: n.Name, BIC: r.check(bic, "BIC", "bad_bic", bankid.BIC), LEI: r.check(inner.Child("LEI"), "LEI", "bad_lei", bankid.LEI),
		Clearing: join(inner.Value("ClrSysMmbId", "ClrSysId", "Cd"), inner.Value("ClrSysMmbId", "MmbId")), Name: inner.Value("Nm"), Address: r.address(inner.Child("PstlAdr"))}
	if a.BIC != "" && (a.Name != "" || !a.Address.IsZero()) {
		r.remark(bic, "bic_and_name", "leave name and address out", "a BIC identifies the bank, and name or address stand beside it")
	}
	if a.BIC == "" && a.LEI == "" && a.Clearing == "" && a.Name == "" {
		r.strict(inner, "nameless_agent", "give its BIC", "the bank is not identified")
	}
	return a
}
