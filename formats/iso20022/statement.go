package iso20022

import (
	"github.com/rihla/rihla/formats/xmltree"
)

// statement reads one account's statement of a camt.053.
func (r *reading) statement(n *xmltree.Node) *Statement {
	r.need(n, "Id", "Acct")
	account := n.Child("Acct")
	s := &Statement{ID: n.Value("Id"), Sequence: n.Value("ElctrncSeqNb"), Account: r.account(account), Owner: r.party(account.Child("Ownr")),
		From: n.Value("FrToDt", "FrDtTm"), To: n.Value("FrToDt", "ToDtTm")}
	if bank := account.Child("Svcr"); bank != nil {
		s.Servicer = r.agent(bank)
	}
	var closing *xmltree.Node
	for c := n.First; c != nil; c = c.Next {
		switch c.Name {
		case "Bal":
			b := Balance{Type: join(c.Value("Tp", "CdOrPrtry", "Cd"), c.Value("Tp", "CdOrPrtry", "Prtry")), Date: r.day(c.Child("Dt"))}
			if m, ok := r.signed(c); ok {
				b.Money = m
				s.Balances = append(s.Balances, b)
			}
			if b.Type == "CLBD" {
				closing = c
			}
		case "Ntry":
			if e := r.entry(c); e != nil {
				s.Entries = append(s.Entries, e)
			}
		}
	}
	r.reconcile(s, closing)
	return s
}

// signed reads an amount with its direction; what is debited is negative.
func (r *reading) signed(n *xmltree.Node) (Money, bool) {
	at := n.Child("Amt")
	if at == nil {
		r.absent(n, "Amt")
		return Money{}, false
	}
	m, why := r.amount(at)
	if why != "" {
		r.strict(at, "bad_amount", "write digits, a decimal point, and the currency in Ccy", "%s", why)
		return Money{}, false
	}
	switch c := n.Child("CdtDbtInd"); {
	case c == nil:
		r.absent(n, "CdtDbtInd")
		return Money{}, false
	case c.Text == "DBIT":
		m.Amount = m.Amount.Neg()
	case c.Text != "CRDT":
		r.strict(c, "unknown_code", "write CRDT or DBIT", "%q is no direction", clip(c.Text))
		return Money{}, false
	}
	return m, true
}

func (r *reading) entry(n *xmltree.Node) *Entry {
	m, ok := r.signed(n)
	if !ok {
		r.lose("entry", n, n, "bad_entry", "mend its amount or direction", "the entry cannot be booked")
		return nil
	}
	status := n.Value("Sts", "Cd")
	if status == "" {
		status = n.Value("Sts")
	}
	e := &Entry{Reference: n.Value("NtryRef"), Money: m, Status: status, Reversal: n.Value("RvslInd") == "true", Booked: r.day(n.Child("BookgDt")),
		Value: r.day(n.Child("ValDt")), Text: n.Value("AddtlNtryInf"), Line: r.tree.Line(n.Start), Offset: n.Start,
		Code: join(n.Value("BkTxCd", "Domn", "Cd"), n.Value("BkTxCd", "Domn", "Fmly", "Cd"), n.Value("BkTxCd", "Domn", "Fmly", "SubFmlyCd"), n.Value("BkTxCd", "Prtry", "Cd"))}
	for d := n.First; d != nil; d = d.Next {
		if d.Name != "NtryDtls" {
			continue
		}
		for c := d.First; c != nil; c = c.Next {
			if c.Name == "TxDtls" {
				t := &Transfer{Settled: r.optional(c.Child("Amt")), Instructed: r.optional(c.At("AmtDtls", "InstdAmt", "Amt"))}
				r.common(c, t)
				e.Details = append(e.Details, t)
			}
		}
	}
	return e
}

// reconcile holds the closing balance to the opening one and what was booked between.
func (r *reading) reconcile(s *Statement, closing *xmltree.Node) {
	if closing == nil || len(r.m.Lost) > 0 {
		return
	}
	var open, end Money
	for _, b := range s.Balances {
		switch b.Type {
		case "OPBD", "PRCD":
			open = b.Money
		case "CLBD":
			end = b.Money
		}
	}
	if open.IsZero() || end.IsZero() {
		return
	}
	sum, ok := open.Amount, true
	for _, e := range s.Entries {
		if e.Status != "" && e.Status != "BOOK" || e.Currency != open.Currency {
			continue
		}
		if sum, ok = sum.Add(e.Amount); !ok {
			return
		}
	}
	if !sum.Equal(end.Amount) {
		r.strict(closing, "total_mismatch", "an entry may be missing or changed", "the closing balance is %s, and opening and entries make %s", end.Amount, sum)
	}
}

// Add is the sum of two amounts of one currency; false when they are not, or it grows too large.
func (m Money) Add(n Money) (Money, bool) {
	if m.Currency != n.Currency {
		return Money{}, false
	}
	sum, ok := m.Amount.Add(n.Amount)
	return Money{sum, m.Currency}, ok
}
