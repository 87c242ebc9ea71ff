package iso20022

import "github.com/rihla/rihla/formats/xmltree"

// paying reads the payer of a pain.001's payment, which stands once above its transfers.
func (r *reading) paying(p *xmltree.Node) {
	r.paid[p] = true
	r.inside = false
	r.need(p, "PmtInfId", "PmtMtd", "ReqdExctnDt", "Dbtr", "DbtrAcct", "DbtrAgt")
	r.payment, r.payer = p, Transfer{Payment: p.Value("PmtInfId"), Charges: p.Value("ChrgBr")}
	r.common(p, &r.payer)
	r.payer.Date = r.day(p.Child("ReqdExctnDt"))
	r.inside = true
}

// ordered reads one transfer of a pain.001, or nothing when it is lost.
func (r *reading) ordered(n *xmltree.Node) *Transfer {
	if n.Parent != r.payment {
		r.paying(n.Parent)
	}
	at := n.At("Amt", "InstdAmt")
	if at == nil {
		at = n.At("Amt", "EqvtAmt", "Amt")
	}
	if at == nil {
		r.lose("transfer", n, n, "missing_element", "add Amt/InstdAmt", "the transfer has no amount")
		return nil
	}
	sum, why := r.amount(at)
	if why != "" {
		r.lose("transfer", n, at, "bad_amount", "write digits, a decimal point, and the currency in Ccy", "%s", why)
		return nil
	}
	r.need(n, "PmtId", "Cdtr")
	t := &Transfer{Instructed: sum, Payment: r.payer.Payment, Date: r.payer.Date, Charges: n.Value("ChrgBr")}
	r.common(n, t)
	t.Debtor, t.DebtorAccount = r.payer.Debtor, r.payer.DebtorAccount
	if t.UltimateDebtor == nil {
		t.UltimateDebtor = r.payer.UltimateDebtor
	}
	t.Agents = append(r.payer.Agents[:len(r.payer.Agents):len(r.payer.Agents)], t.Agents...)
	if t.Charges == "" {
		t.Charges = r.payer.Charges
	}
	t.Mentions = mentions(t)
	return t
}
