package iso20022

import (
	"slices"
	"strings"
	"unicode"

	"github.com/rihla/rihla/formats/money"
	"github.com/rihla/rihla/formats/xmltree"
)

// Gap is something a transfer has to carry and does not.
type Gap string

// The gaps, by what is missing.
const (
	PayerName    Gap = "PAYER_NAME"
	PayerAccount Gap = "PAYER_ACCOUNT"
	PayerID      Gap = "PAYER_ID" // address with a number, or birth date and place
	PayeeName    Gap = "PAYEE_NAME"
	PayeeAccount Gap = "PAYEE_ACCOUNT"
	Charset      Gap = "CHARSET" // a field filled with what cannot be there
)

// Profile is whose rule a transfer is held to.
type Profile string

// The rules.
const (
	EU2023 Profile = "eu_2023_1113" // Regulation (EU) 2023/1113, articles 4 and 7
	R16    Profile = "r16_2025"     // FATF Recommendation 16 as revised in June 2025
)

// Gaps are what a transfer lacks by a rule. full: it is above the rule's amount, or linked to others that make it so; below,
// names and accounts are enough. Who knows the day's rates says which.
func Gaps(t *Transfer, by Profile, full bool) (gaps []Gap) {
	missing := func(g Gap, lacks bool) {
		if lacks {
			gaps = append(gaps, g)
		}
	}
	missing(PayerName, t.Debtor == nil || nameless(t.Debtor))
	missing(PayerAccount, t.DebtorAccount.Number() == "" && t.UETR == "" || by == EU2023 && t.DebtorAccount.Number() == "")
	if full {
		missing(PayerID, t.Debtor == nil || !identified(t.Debtor, by))
	}
	missing(PayeeName, t.Creditor == nil || nameless(t.Creditor))
	missing(PayeeAccount, t.CreditorAccount.Number() == "")
	missing(Charset, t.Debtor != nil && garbled(t.Debtor.Name) || t.Creditor != nil && garbled(t.Creditor.Name))
	return gaps
}

// identified tells whether a payer says more of itself than its name, as much as the rule wants.
func identified(p *Party, by Profile) bool {
	if p.LEI != "" || p.BIC != "" {
		return true
	}
	address := p.Address.Country != "" && (p.Address.Town != "" || p.Address.Street != "") || len(p.Address.Lines) > 0
	born := p.Born.Date.Full() && (p.Born.City != "" || p.Born.Country != "")
	if by == R16 && (p.Private || p.Born != Birth{}) { // person to person: address and birth date
		return address && p.Born.Date.Full()
	}
	return address && len(p.Numbers) > 0 || born
}

// placeholders stand where a name should.
var placeholders = map[string]bool{"": true, "ONE OF OUR CUSTOMERS": true, "OUR CUSTOMER": true, "OUR CLIENT": true, "ONE OF OUR CLIENTS": true, "CUSTOMER": true,
	"A CUSTOMER": true, "CLIENT": true, "UNKNOWN": true, "NOTPROVIDED": true, "NOT PROVIDED": true, "NOT AVAILABLE": true, "N/A": true, "TEST": true, "XXX": true,
	"VARIOUS": true, "MR": true, "NO NAME": true, "عميل": true, "غير معروف": true, "أحد عملائنا": true}

func nameless(p *Party) bool {
	name := strings.ToUpper(strings.Trim(p.Name, " .,-_*/?"))
	return p.BIC == "" && (placeholders[name] || strings.Trim(name, "X0123456789 ") == "")
}

// garbled tells whether a name was filled to get by: characters without letters between, or one letter over and over.
func garbled(name string) bool {
	letters, first, same := 0, rune(0), true
	for _, c := range name {
		if !unicode.IsLetter(c) {
			continue
		}
		if letters++; first == 0 {
			first = c
		}
		same = same && c == first
	}
	return name != "" && (letters < 2 || same && letters > 2)
}

// lacking says each gap in words, where it is missed, and how to mend it.
var lacking = map[Gap]struct {
	at            []string // the child it is missed at, or what is nearest to it
	message, mend string
}{
	PayerName:    {[]string{"Dbtr", "Nm"}, "the payer is not named", "write the name of the customer whose money it is"},
	PayerAccount: {[]string{"DbtrAcct"}, "the payer's account is not told", "add DbtrAcct, or the transfer's own reference where there is no account"},
	PayerID:      {[]string{"Dbtr"}, "the payer says neither where they live with a number of theirs, nor when and where they were born", "add the address with a document or customer number, or birth date and place"},
	PayeeName:    {[]string{"Cdtr", "Nm"}, "the payee is not named", "write the payee's name"},
	PayeeAccount: {[]string{"CdtrAcct"}, "the payee's account is not told", "add CdtrAcct"},
	Charset:      {[]string{"Dbtr", "Nm"}, "a name is filled with characters that make no name", "write the name as the customer bears it"},
}

// gaps tells what a transfer lacks.
func (r *reading) gaps(n *xmltree.Node, gaps []Gap) {
	for _, g := range gaps {
		l, at := lacking[g], n
		for _, name := range l.at {
			if c := at.Child(name); c != nil {
				at = c
			}
		}
		r.remark(at, string(g), l.mend, "%s", l.message)
	}
}

// personal is the amount in US dollars or euros above which FATF asks for more of a person who pays a person abroad.
var personal = money.Of(1000, 0)

// abroad tells what a payment from person to person over a border lacks by FATF's rule, where the EU's is content.
func (r *reading) abroad(n *xmltree.Node, t *Transfer) {
	from, to := t.Agent("DbtrAgt"), t.Agent("CdtrAgt")
	crosses := from.Country() != "" && to.Country() != "" && from.Country() != to.Country()
	counted := t.Settled.Currency == "USD" || t.Settled.Currency == "EUR"
	if !crosses || !counted || t.Settled.Amount.Cmp(personal) <= 0 || t.Debtor == nil || !t.Debtor.Private || t.Creditor == nil || t.Creditor.BIC != "" || t.Creditor.LEI != "" {
		return
	}
	for _, g := range Gaps(t, R16, true) {
		if g == PayerID && !slices.Contains(t.Gaps, g) {
			r.remark(n.Child("Dbtr"), "R16_"+string(g), "add the payer's address and birth date", "a person sends %s %s abroad, and address or birth date are not told", t.Settled.Amount, t.Settled.Currency)
		}
	}
}
