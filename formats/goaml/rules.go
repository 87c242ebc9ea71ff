package goaml

import (
	"strings"

	"github.com/rihla/rihla/formats/bankid"
	"github.com/rihla/rihla/formats/money"
	"github.com/rihla/rihla/formats/xmltree"
)

// minReason is how many characters the story of an STR or SAR has at least.
const minReason = 100

// oldest is how many years back a transaction may lie before it is remarked on.
const oldest = 5

// business checks the rules that hold beyond the schema, and only on what this one report says. They look at the
// elements and not at the structs, so that each fault has its place.
func (r *reading) business(root *xmltree.Node) {
	r.head(root)
	numbers := map[string]bool{}
	for c := root.First; c != nil; c = c.Next {
		if c.Name == "transaction" {
			r.transaction(c, numbers)
		}
	}
	r.walk(root)
}

// head checks what is said once for the report.
func (r *reading) head(root *xmltree.Node) {
	d := r.doc
	if c := root.Child("rentity_id"); c != nil && r.profile.Filer != 0 && d.EntityID != r.profile.Filer {
		r.refuse(c, "B-GOAML-FILER", "write your own number", "the report is that of %s, and %d sends it", clip(c.Text), r.profile.Filer)
	}
	if c := root.Child("currency_code_local"); c != nil && r.profile.Currency != "" && c.Text != r.profile.Currency {
		r.refuse(c, "B-GOAML-LOCAL", "write "+r.profile.Currency, "the local currency is %s here, not %s", r.profile.Currency, clip(c.Text))
	}
	activities := root.Child("activity")
	switch {
	case d.Code == "STR" && len(d.Transactions) == 0:
		r.refuse(root.Child("report_code"), "B-GOAML-STRTX", "add the transactions, or file a SAR", "a report of suspicious transactions has none")
	case d.Code == "SAR" && len(d.Transactions) > 0:
		r.refuse(root.Child("transaction"), "B-GOAML-STRTX", "file it as an STR", "a report of suspicious activity has a transaction")
	case d.Code == "SAR" && activities == nil:
		r.refuse(root.Child("report_code"), "B-GOAML-STRTX", "add the activity", "a report of suspicious activity has none")
	}
	if d.Code == "STR" || d.Code == "SAR" {
		at := root.Child("reason")
		if at == nil {
			at = root.Child("report_code")
		}
		if n := len([]rune(d.Reason)); n < minReason {
			r.remark(at, "B-GOAML-REASON", "say who did what, when, and why it is suspicious", "the reason is %d characters long, where %d are asked for", n, minReason)
		}
	}
	r.indicators(root.Child("report_indicators"))
}

func (r *reading) indicators(n *xmltree.Node) {
	if n == nil {
		return
	}
	fitting, told := r.profile.Indicators[r.doc.Code]
	seen := map[string]bool{}
	for c := n.First; c != nil; c = c.Next {
		switch {
		case seen[c.Text]:
			r.remark(c, "B-GOAML-INDICATOR", "leave one", "indicator %s comes twice", clip(c.Text))
		case told && !contains(fitting, c.Text):
			r.refuse(c, "B-GOAML-INDICATOR", "choose an indicator of this kind of report", "indicator %s does not fit a %s", clip(c.Text), clip(r.doc.Code))
		}
		seen[c.Text] = true
	}
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

// transaction checks one transaction.
func (r *reading) transaction(n *xmltree.Node, numbers map[string]bool) {
	if c := n.Child("transactionnumber"); c != nil {
		if numbers[c.Text] {
			r.refuse(c, "B-GOAML-DUP-TX", "give each transaction its own number", "transaction number %s is used twice in this report", clip(c.Text))
		}
		numbers[c.Text] = true
	}
	local, err := money.Parse(n.Value("amount_local"))
	if err == nil && local.Sign() <= 0 {
		r.refuse(n.Child("amount_local"), "B-GOAML-AMOUNT", "write the amount without its direction", "the amount %s is not above zero", local)
	}
	if err == nil && r.doc.Currency != "" && !money.Fits(local, r.doc.Currency) {
		r.remark(n.Child("amount_local"), "B-GOAML-AMOUNT", "round it as the currency is counted", "the amount %s has more decimals than %s has", local, clip(r.doc.Currency))
	}
	if w, _ := ParseWall(n.Value("date_transaction")); !w.IsZero() && !r.doc.Day().IsZero() {
		if before := r.doc.Day(); years(w, before) >= oldest {
			r.remark(n.Child("date_transaction"), "B-GOAML-OLD", "check the year", "the transaction is %d years older than the report", years(w, before))
		}
	}
	from, to := side(n, "t_from_my_client", "t_from"), side(n, "t_to_my_client", "t_to")
	r.client(n)
	r.sides(from, to)
	for _, s := range []*xmltree.Node{from, to} {
		if s != nil {
			r.side(s, local, err == nil)
		}
	}
	if parties := n.Child("involved_parties"); parties != nil {
		for p := parties.First; p != nil; p = p.Next {
			if f := p.Child("foreign_currency"); f != nil {
				r.foreign(f, local, false) // the parties share the amount in ways that are not told
			}
			r.place(p, "country", "")
		}
	}
}

func side(n *xmltree.Node, names ...string) *xmltree.Node {
	for _, name := range names {
		if c := n.Child(name); c != nil {
			return c
		}
	}
	return nil
}

// client: one party at least is the filer's customer, or it could not know of the transaction.
func (r *reading) client(n *xmltree.Node) {
	if r.profile.Partner || r.doc.Code != "STR" || n.Child("t_from_my_client") != nil || n.Child("t_to_my_client") != nil {
		return
	}
	parties := n.Child("involved_parties")
	if parties != nil {
		for p := parties.First; p != nil; p = p.Next {
			for c := p.First; c != nil; c = c.Next {
				if strings.HasSuffix(c.Name, "_my_client") {
					return
				}
			}
		}
	}
	r.refuse(n, "B-GOAML-SIDES", "write the side of your customer as …_my_client", "no side of the transaction is the filer's customer")
}

// sides compares the accounts of both.
func (r *reading) sides(from, to *xmltree.Node) {
	a, b := from.At("from_account", "account"), to.At("to_account", "account")
	same := a != nil && b != nil && a.Text != "" && a.Text == b.Text
	for _, name := range []string{"swift", "institution_code"} { // the same number at another bank is another account
		same = same && from.Value("from_account", name) == to.Value("to_account", name)
	}
	if x, y := from.Value("from_account", "iban"), to.At("to_account", "iban"); !same && x != "" && y != nil && x == y.Text {
		same, b = true, y
	}
	if same {
		r.remark(b, "B-GOAML-SELF", "check both sides", "both sides have the same account")
	}
}

// side checks one side of a transaction.
func (r *reading) side(n *xmltree.Node, local money.Decimal, known bool) {
	prefix, _, _ := strings.Cut(strings.TrimPrefix(n.Name, "t_"), "_")
	if f := n.Child(prefix + "_foreign_currency"); f != nil {
		r.foreign(f, local, known)
	}
	if prefix == "from" && n.Value("from_funds_code") == "CASH" && n.Child("from_account") != nil && n.Child("t_conductor") == nil {
		r.remark(n.Child("from_account"), "B-GOAML-CASHSIDE", "say who stood at the counter in t_conductor", "cash moved from an account, and nobody is named who took it")
	}
	r.place(n, prefix+"_country", prefix+"_")
}

// place remarks on a country that is left open though the party tells one.
func (r *reading) place(n *xmltree.Node, name, prefix string) {
	c := n.Child(name)
	if c == nil || c.Text != "-" {
		return
	}
	for _, told := range [][2]string{{"person", "residence"}, {"person", "nationality1"}, {"entity", "incorporation_country_code"}, {"account", "institution_country"}} {
		for _, party := range []string{prefix + told[0], told[0] + "_my_client"} {
			if v := n.Value(party, told[1]); v != "" && v != "-" {
				r.remark(c, "B-GOAML-COUNTRY", "write "+clip(v), "the country is left open, though the party tells one")
				return
			}
		}
	}
}

func (r *reading) foreign(f *xmltree.Node, local money.Decimal, known bool) {
	sum, err := money.Parse(f.Value("foreign_amount"))
	if err != nil {
		return
	}
	if sum.Sign() <= 0 {
		r.refuse(f.Child("foreign_amount"), "B-GOAML-AMOUNT", "write the amount without its direction", "the amount %s is not above zero", sum)
		return
	}
	rate, err := money.Parse(f.Value("foreign_exchange_rate"))
	if err != nil || !known {
		return
	}
	const scale = 6
	if want, ok := sum.Mul(rate, scale); ok && !want.Within(local, 2) {
		r.remark(f.Child("foreign_exchange_rate"), "B-GOAML-CURRENCY", "check amount and rate", "%s at %s is not the local amount %s", sum, rate, local)
	}
}

// walk checks what holds of an element wherever it stands.
func (r *reading) walk(n *xmltree.Node) {
	if n.First == nil {
		r.leaf(n)
		return
	}
	switch {
	case n.Child("last_name") != nil:
		r.person(n)
	case n.Child("account") != nil && n.Child("account").First == nil:
		r.account(n)
	case n.Name == "identification":
		r.identification(n)
	}
	for c := n.First; c != nil; c = c.Next {
		r.walk(c)
	}
}

// past are the dates that cannot lie after the report.
var past = map[string]bool{"date_transaction": true, "date_posting": true, "birthdate": true, "residence_since": true, "issue_date": true, "opened": true,
	"date_balance": true, "status_date": true, "incorporation_date": true, "date_deceased": true, "registration_date": true}

func (r *reading) leaf(n *xmltree.Node) {
	switch n.Name {
	case "tph_number", "tph_country_prefix", "tph_extension":
		if _, ok := digits(n.Text); !ok && n.Text != "" {
			r.refuse(n, "B-GOAML-PHONE", "write digits alone, the country apart in tph_country_prefix", "%s %q is more than digits", n.Name, clip(n.Text))
		}
	case "swift":
		if why := bankid.BIC(n.Text); why != bankid.Fine && n.Text != "" {
			r.refuse(n, "B-GOAML-BIC", "write the bank's 8 or 11 characters", "the BIC %q %s", clip(n.Text), why)
		}
	case "name", "account_name":
		if placeholder(n.Text) {
			r.refuse(n, "B-GOAML-PLACEHOLDER", "leave out a party that is not known, or explain in the reason", "%q is no name", clip(n.Text))
		}
	}
	if !past[n.Name] {
		return
	}
	if w, _ := ParseWall(n.Text); w.Known() && !r.doc.Day().IsZero() && w.Compare(r.doc.Day()) > 0 {
		r.refuse(n, "B-GOAML-FUTURE", "check the date", "%s %s lies after the report's own date %s", n.Name, w, r.doc.Day())
	}
}

// person checks names and age.
func (r *reading) person(n *xmltree.Node) {
	first, last := n.Child("first_name"), n.Child("last_name")
	switch {
	case placeholder(last.Text):
		r.refuse(last, "B-GOAML-PLACEHOLDER", "leave out a party that is not known, or explain in the reason", "%q is no name", clip(last.Text))
	case first != nil && placeholder(first.Text):
		r.refuse(first, "B-GOAML-PLACEHOLDER", "leave out a party that is not known, or explain in the reason", "%q is no name", clip(first.Text))
	case first != nil && first.Text != "" && strings.EqualFold(first.Text, last.Text):
		r.refuse(last, "B-GOAML-PLACEHOLDER", "write the family name", "first and last name are the same")
	}
	born, _ := ParseWall(n.Value("birthdate"))
	const eldest = 120
	if born.Known() && !r.doc.Day().IsZero() && years(born, r.doc.Day()) > eldest {
		r.refuse(n.Child("birthdate"), "B-GOAML-BIRTH", "check the year; 1900-01-01 means unknown", "the person would be %d years old", years(born, r.doc.Day()))
	}
}

// account checks its numbers.
func (r *reading) account(n *xmltree.Node) {
	account, iban := n.Child("account"), n.Child("iban")
	switch {
	case iban != nil && iban.Text != "":
		if why := bankid.IBAN(iban.Text); why != bankid.Fine {
			r.refuse(iban, "B-GOAML-IBAN", "copy the IBAN again", "the IBAN %s", why)
		} else if account.Text != iban.Text {
			r.refuse(account, "B-GOAML-IBAN", "write the IBAN in both", "account and IBAN differ")
		}
	case bankid.LooksIBAN(account.Text):
		if why := bankid.IBAN(account.Text); why == bankid.Checksum {
			r.refuse(account, "B-GOAML-IBAN", "copy the IBAN again", "the account is an IBAN and %s", why)
		}
	}
}

// identification checks a paper.
func (r *reading) identification(n *xmltree.Node) {
	number := n.Child("number")
	if number != nil && number.Text != "" && (placeholder(number.Text) || len(number.Text) < 3 || strings.Trim(number.Text, number.Text[:1]) == "") {
		r.refuse(number, "B-GOAML-ID", "copy the number from the paper", "%q is not the number of a paper", clip(number.Text))
	}
	if kind := n.Value("type"); number != nil && !r.profile.number(kind, n.Value("issue_country"), number.Text) {
		r.refuse(number, "B-GOAML-ID", "copy the number from the paper", "%q is not what the number of a %s of %s looks like", clip(number.Text), clip(kind), clip(n.Value("issue_country")))
	}
	issued, _ := ParseWall(n.Value("issue_date"))
	expires, _ := ParseWall(n.Value("expiry_date"))
	if issued.Known() && expires.Known() && expires.Compare(issued) <= 0 {
		r.refuse(n.Child("expiry_date"), "B-GOAML-EXPIRY", "check both dates; 2100-12-31 means unknown", "the paper expires before it was issued")
	}
}

// placeholders are what stands where a name is not known.
var placeholders = map[string]bool{"unknown": true, "unk": true, "unkown": true, "test": true, "testing": true, "n/a": true, "none": true,
	"null": true, "tbd": true, "tba": true, "not known": true, "not available": true, "not applicable": true, "no name": true, "noname": true, "anonymous": true,
	"fnu": true, "lnu": true, "customer": true, "various": true, "asdf": true, "غير معروف": true, "مجهول": true, "لا يوجد": true, "اختبار": true, "تجربة": true}

func placeholder(name string) bool {
	name = strings.ToLower(strings.Trim(name, " .-_?*/"))
	if placeholders[name] {
		return true
	}
	return name == "" || len(name) > 1 && strings.Trim(name, "x") == ""
}

// years are the whole years from a to b.
func years(a, b Wall) int {
	n := int(b.Date.Year) - int(a.Date.Year)
	a.Date.Year = b.Date.Year
	if a.Compare(b) > 0 {
		n--
	}
	return n
}
