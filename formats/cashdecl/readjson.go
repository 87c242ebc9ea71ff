package cashdecl

import (
	"bytes"
	"fmt"
	"strconv"

	"github.com/rihla/rihla/formats/fault"
	"github.com/rihla/rihla/formats/jsondoc"
	"github.com/rihla/rihla/formats/money"
)

// json reads one declaration, or a list of them.
func (d *document) json(raw []byte) *fault.Fault {
	v, f := jsondoc.Parse(raw)
	if f != nil {
		f.Rule, f.Strict = "E-CASH-JSON", true
		return d.salvage(raw, f)
	}
	if v.Kind == jsondoc.Object {
		d.object(node{Value: &v, place: place{offset: v.Offset}})
		return nil
	}
	items := v.Items()
	switch {
	case len(items) == 0:
		return &fault.Fault{Offset: v.Offset, Rule: "E-CASH-JSON", Strict: true, Message: "there is no declaration in the list", Mend: "send one at least"}
	case len(items) > MaxDeclarations:
		return &fault.Fault{Offset: items[MaxDeclarations].Value.Offset, Pointer: "/" + strconv.Itoa(MaxDeclarations), Rule: "E-CASH-LIMIT", Strict: true,
			Message: fmt.Sprintf("there are more than %d declarations", MaxDeclarations), Mend: "split the file"}
	}
	for i := range items {
		d.object(node{&items[i].Value, place{offset: items[i].Value.Offset, pointer: "/" + strconv.Itoa(i)}, 0})
	}
	return nil
}

// salvage reads what can be read of a list that is broken somewhere: each declaration by itself, as far as brackets tell
// where it ends. Nothing of it is read where no declaration can be.
func (d *document) salvage(raw []byte, whole *fault.Fault) *fault.Fault {
	if text := bytes.TrimLeft(bytes.TrimPrefix(raw, []byte("\ufeff")), " \t\r\n"); text[0] != '[' {
		return whole
	}
	covered := false
	for i, s := 0, jsondoc.Scan(raw); i < MaxDeclarations && s.Next(); i++ {
		item, base := s.Value(), s.Offset()
		at := place{offset: base, pointer: "/" + strconv.Itoa(i)}
		v, f := jsondoc.Parse(item)
		if f == nil && v.Kind == jsondoc.Object {
			d.object(node{&v, at, base})
			continue
		}
		covered = covered || base <= whole.Offset && whole.Offset <= base+len(item)
		var x form
		if f == nil {
			x.refuse(at, "JSON", "send an object", "%s stands where a declaration is meant", v.Kind)
		} else {
			x.refuse(at, "JSON", "send it whole, as JSON has it", "%s", f.Message)
		}
		d.lose(x.errors, base, len(item))
	}
	if len(d.Declarations) == 0 {
		return whole
	}
	if !covered {
		d.warn(*whole)
	}
	return nil
}

// object reads one declaration.
func (d *document) object(n node) {
	var r reader
	x := &Declaration{Offset: n.offset, Length: n.Len(), Pointer: n.pointer}
	switch {
	case n.Kind != jsondoc.Object:
		r.refuse(n.place, "JSON", "send an object", "%s stands where a declaration is meant", n.Kind)
	case n.Flaw != nil:
		r.refuse(place{offset: n.base + n.Flaw.Offset, pointer: n.pointer + n.Flaw.Pointer}, "JSON", n.Flaw.Mend, "%s", n.Flaw.Message)
	default:
		r.declaration(x, n)
	}
	d.add(x, &r.form, n.place)
	d.lose(r.errors, n.offset, n.Len())
}

// node is a value and where it stands.
type node struct {
	*jsondoc.Value
	place
	base int // of what was parsed, in the file
}

// get is a member; absent and null are both a node without a value, at the object's own place.
func (n node) get(name string) node {
	at := place{offset: n.offset, pointer: n.pointer + "/" + name}
	if n.Value == nil {
		return node{nil, at, n.base}
	}
	v := n.Get(name)
	if v == nil || v.Kind == jsondoc.Null {
		return node{nil, at, n.base}
	}
	at.offset = n.base + v.Offset
	return node{v, at, n.base}
}

// reader reads one declaration of JSON.
type reader struct{ form }

// string is the text of a member; what is no text is refused by the rule.
func (r *reader) string(n node, rule string) string {
	if n.Value == nil {
		return ""
	}
	if n.Kind != jsondoc.String {
		r.refuse(n.place, rule, "write it in quotes", "%s is %s, where text is meant", n.name(), n.Kind)
		return ""
	}
	return n.Text()
}

// number is the text of an amount: written as text, as all money is, or as a number where number says so.
func (r *reader) number(n node, number bool) string {
	if n.Value != nil && n.Kind == jsondoc.Number {
		if !number {
			r.breaks(n.place, "NUMBER", "write it in quotes: many programs change the digits of numbers", "%s is a number, where text is meant", n.name())
		}
		return n.Raw()
	}
	return r.string(n, "AMOUNT")
}

// only remarks on members that nothing reads.
func (r *reader) only(n node, names ...string) {
	for i := range n.Members() {
		m := &n.Members()[i]
		known := false
		for _, name := range names {
			known = known || name == m.Name
		}
		if !known {
			r.remark(place{offset: n.base + m.Value.Offset, pointer: n.pointer + "/" + jsondoc.Escape(m.Name)}, "UNKNOWN", meant(m.Name, names), "nothing here is called %q", clip(m.Name))
		}
	}
}

func meant(name string, names []string) string {
	const away = 2
	if near := fault.Nearest(name, names, away); near != "" {
		return "was " + near + " meant?"
	}
	return "leave it out, or put it into note"
}

// objectAt tells whether a member is an object; what is there and is none is refused.
func (r *reader) objectAt(n node, rule string) bool {
	if n.Value != nil && n.Kind != jsondoc.Object {
		r.refuse(n.place, rule, "write an object", "%s is %s, where an object is meant", n.name(), n.Kind)
		return false
	}
	return n.Value != nil
}

// list is what a member lists; what is there and is no list is refused.
func (r *reader) list(n node, rule string) []node {
	if n.Value == nil {
		return nil
	}
	if n.Kind != jsondoc.Array {
		r.refuse(n.place, rule, "write a list", "%s is %s, where a list is meant", n.name(), n.Kind)
		return nil
	}
	items := n.Items()
	out := make([]node, len(items))
	for i := range items {
		out[i] = node{&items[i].Value, place{offset: n.base + items[i].Value.Offset, pointer: n.pointer + "/" + strconv.Itoa(i)}, n.base}
	}
	return out
}

func (r *reader) texts(n node, rule string) []string {
	var out []string
	for _, item := range r.list(n, rule) {
		out = append(out, r.text(r.string(item, rule), item.place, true, rule))
	}
	return out
}

func (r *reader) declaration(x *Declaration, n node) {
	schema := n.get("schema")
	switch x.Schema = r.string(schema, "SCHEMA"); x.Schema {
	case Accompanied:
		r.only(n, "schema", "id", "system", "direction", "port", "made_at", "by", "owner", "recipient", "items", "value_usd", "provenance", "intended_use", "journey", "result", "note")
		r.accompanied(x, n)
	case Unaccompanied:
		r.only(n, "schema", "id", "system", "direction", "port", "made_at", "sender", "owner", "recipient", "carriage", "items", "value_usd", "provenance", "intended_use", "asked_at", "deadline", "result", "note")
		r.unaccompanied(x, n)
	default:
		r.refuse(schema.place, "SCHEMA", "write "+Accompanied+" or "+Unaccompanied, "the schema %q is none that is read", clip(x.Schema))
		return
	}
	x.ID = r.text(r.string(n.get("id"), "ID"), n.get("id").place, true, "ID")
	x.Owner, x.Recipient = r.party(n.get("owner"), false), r.party(n.get("recipient"), false)
	r.items(x, n.get("items"))
	if value := n.get("value_usd"); value.Value != nil {
		x.Value = Value{r.amount(r.number(value, true), value.place, true)}
	}
	x.Provenance = r.text(r.string(n.get("provenance"), "PROVENANCE"), n.get("provenance").place, true, "PROVENANCE")
	x.IntendedUse = r.text(r.string(n.get("intended_use"), "USE"), n.get("intended_use").place, false, "USE")
	x.Note = r.text(r.string(n.get("note"), "NOTE"), n.get("note").place, false, "NOTE")
	r.result(x, n.get("result"))
	r.whole(x, func(field string) place {
		if field == "dob" {
			return n.get("by").get("dob").place
		}
		return n.get(field).place
	})
}

func (r *reader) accompanied(x *Declaration, n node) {
	word := func(name, rule string, words ...string) string {
		return r.oneOf(r.string(n.get(name), rule), n.get(name).place, rule, words...)
	}
	x.System = System(word("system", "SYSTEM", string(ByDeclaration), string(ByDisclosure)))
	x.Direction = Direction(word("direction", "DIRECTION", string(In), string(Out)))
	x.Port = r.port(r.string(n.get("port"), "PORT"), n.get("port").place)
	x.MadeAt = r.instant(r.string(n.get("made_at"), "DATE"), n.get("made_at").place)
	by := n.get("by")
	if by.Value == nil {
		r.refuse(by.place, "PARTY", "say who carries it", "nothing is said of who carries the cash")
	}
	x.By = r.party(by, true)
	if j := n.get("journey"); r.objectAt(j, "JOURNEY") {
		r.only(j, "flight", "date", "route", "means")
		x.Journey = &Journey{Flight: r.flight(r.string(j.get("flight"), "JOURNEY"), j.get("flight").place), Date: r.day(r.string(j.get("date"), "JOURNEY"), j.get("date").place),
			Route: r.texts(j.get("route"), "JOURNEY"), Means: r.string(j.get("means"), "JOURNEY")}
	}
}

func (r *reader) unaccompanied(x *Declaration, n node) {
	optional := func(name, rule string, words ...string) string {
		if n.get(name).Value == nil {
			return ""
		}
		return r.oneOf(r.string(n.get(name), rule), n.get(name).place, rule, words...)
	}
	x.System = System(optional("system", "SYSTEM", string(ByDeclaration), string(ByDisclosure)))
	x.Direction = Direction(optional("direction", "DIRECTION", string(In), string(Out)))
	if p := n.get("port"); p.Value != nil {
		x.Port = r.port(r.string(p, "PORT"), p.place)
	}
	if m := n.get("made_at"); m.Value != nil {
		x.MadeAt = r.instant(r.string(m, "DATE"), m.place)
	}
	for _, name := range []string{"sender", "recipient"} {
		if p := n.get(name); p.Value == nil {
			r.refuse(p.place, "PARTY", "say who it is", "nothing is said of the %s", name)
		}
	}
	x.Sender = r.party(n.get("sender"), false)
	carriage := n.get("carriage")
	if carriage.Value == nil {
		r.refuse(carriage.place, "JOURNEY", "give the waybill, and the flight or vessel", "nothing is said of how it travels")
	} else if r.objectAt(carriage, "JOURNEY") {
		r.only(carriage, "waybill", "flight", "vessel", "date")
		c := &Carriage{Waybill: r.string(carriage.get("waybill"), "JOURNEY"), Flight: r.flight(r.string(carriage.get("flight"), "JOURNEY"), carriage.get("flight").place),
			Vessel: r.string(carriage.get("vessel"), "JOURNEY"), Date: r.day(r.string(carriage.get("date"), "JOURNEY"), carriage.get("date").place)}
		if !waybill(c.Waybill) {
			r.remark(carriage.get("waybill").place, "WAYBILL", "copy the number again", "the air waybill %q has a wrong check digit", clip(c.Waybill))
		}
		x.Carriage = c
	}
	if a := n.get("asked_at"); a.Value != nil {
		x.AskedAt = r.instant(r.string(a, "DATE"), a.place)
	}
	if d := n.get("deadline"); d.Value != nil {
		x.Deadline = r.instant(r.string(d, "DATE"), d.place)
	}
}

// waybill tells whether an air waybill's last digit checks the seven before it; what has not the shape of one is left alone.
func waybill(s string) bool {
	const shape = "000-00000000"
	if len(s) != len(shape) || s[3] != '-' {
		return true
	}
	n, err := strconv.Atoi(s[4:11])
	check := s[11] - '0'
	return err != nil || n%7 == int(check)
}

// party reads a party. carries: it is the human being who carries the cash, of whom more has to be said.
func (r *reader) party(n node, carries bool) *Party {
	if !r.objectAt(n, "PARTY") {
		return nil
	}
	r.only(n, "same_as", "kind", "name", "registration", "country", "family_name", "given_names", "dob", "place_of_birth", "nationality", "document", "address")
	text := func(name string, must bool) string {
		return r.text(r.string(n.get(name), "PARTY"), n.get(name).place, must, "PARTY")
	}
	p := &Party{SameAs: text("same_as", false)}
	if p.SameAs != "" {
		if p.SameAs != "by" && p.SameAs != "sender" && p.SameAs != "recipient" && p.SameAs != "owner" || carries {
			r.refuse(n.get("same_as").place, "PARTY", "write by, or who it is", "%q names nobody", clip(p.SameAs))
		}
		return p
	}
	switch p.Kind = text("kind", false); {
	case p.Kind != "" && p.Kind != Person && p.Kind != Organisation:
		r.refuse(n.get("kind").place, "PARTY", "write person or organisation", "%q is no kind of party", clip(p.Kind))
	case p.Kind == Organisation && carries:
		r.refuse(n.get("kind").place, "PARTY", "say which person carries it", "an organisation carries nothing")
	}
	if p.Kind == "" && n.get("name").Value != nil && n.get("family_name").Value == nil {
		p.Kind = Organisation
	}
	p.Name, p.Registration = text("name", p.Kind == Organisation), text("registration", false)
	p.Country, p.Nationality = r.country(text("country", false), n.get("country").place), r.country(text("nationality", false), n.get("nationality").place)
	p.FamilyName, p.GivenNames = text("family_name", p.Kind != Organisation), text("given_names", false)
	p.PlaceOfBirth = text("place_of_birth", false)
	if dob := n.get("dob"); dob.Value != nil {
		p.Born = r.birth(r.string(dob, "DOB"), dob.place)
	} else if carries {
		r.refuse(dob.place, "DOB", "write YYYY-MM-DD", "the date of birth is missing")
	}
	r.document(p, n.get("document"), carries)
	if a := n.get("address"); r.objectAt(a, "PARTY") {
		r.only(a, "lines", "city", "post_code", "country")
		p.Address = &Address{Lines: r.texts(a.get("lines"), "PARTY"), City: r.string(a.get("city"), "PARTY"), PostCode: r.string(a.get("post_code"), "PARTY"),
			Country: r.country(r.string(a.get("country"), "PARTY"), a.get("country").place)}
	}
	return p
}

func (r *reader) document(p *Party, n node, must bool) {
	if !r.objectAt(n, "DOCUMENT") {
		if must && n.Value == nil {
			r.refuse(n.place, "DOCUMENT", "give the travel document's number", "nothing is said of the travel document")
		}
		return
	}
	r.only(n, "type", "number", "issuer", "mrz")
	p.Document = &Paper{Type: r.string(n.get("type"), "DOCUMENT"), Number: r.string(n.get("number"), "DOCUMENT"),
		Issuer: r.country(r.string(n.get("issuer"), "DOCUMENT"), n.get("issuer").place), MRZ: r.string(n.get("mrz"), "DOCUMENT")}
	r.paper(p.Document, n.get("number").place, n.get("mrz").place)
}

func (r *reader) items(x *Declaration, n node) {
	list := r.list(n, "ITEMS")
	switch {
	case len(list) == 0:
		r.refuse(n.place, "ITEMS", "list what is carried", "no item is declared")
	case len(list) > MaxItems:
		r.refuse(n.place, "ITEMS", "put alike ones together", "there are more than %d items", MaxItems)
		return
	}
	for _, v := range list {
		if !r.objectAt(v, "ITEMS") {
			continue
		}
		r.only(v, "kind", "currency", "amount", "weight_g", "fineness", "serials")
		i := Item{Kind: r.oneOf(r.string(v.get("kind"), "KIND"), v.get("kind").place, "KIND", Kinds...)}
		i.Currency, i.Amount = r.sum(r.string(v.get("currency"), "CURRENCY"), r.number(v.get("amount"), false), v.get("currency").place, v.get("amount").place, false)
		i.Weight, i.Fineness = r.measure(v.get("weight_g")), r.measure(v.get("fineness"))
		r.gold(&i, v.get("fineness").place)
		i.Serials = r.texts(v.get("serials"), "ITEMS")
		x.Items = append(x.Items, i)
	}
}

// measure reads a weight or fineness that may be missing.
func (r *reader) measure(n node) money.Decimal {
	if n.Value == nil {
		return money.Decimal{}
	}
	return r.amount(r.number(n, false), n.place, false)
}

func (r *reader) result(x *Declaration, n node) {
	if !r.objectAt(n, "OUTCOME") {
		return
	}
	r.only(n, "checked", "counted", "outcome", "seizure_ref", "officer")
	res := &Result{SeizureRef: r.string(n.get("seizure_ref"), "OUTCOME"), Officer: r.string(n.get("officer"), "OUTCOME")}
	if c := n.get("checked"); c.Value != nil {
		yes, ok := c.Bool()
		if !ok {
			r.refuse(c.place, "OUTCOME", "write true or false", "checked is %s", c.Kind)
		}
		res.Checked = yes
	}
	if o := n.get("outcome"); o.Value != nil {
		res.Outcome = Outcome(r.oneOf(r.string(o, "OUTCOME"), o.place, "OUTCOME", outcomes...))
	}
	for _, v := range r.list(n.get("counted"), "OUTCOME") {
		if !r.objectAt(v, "OUTCOME") {
			continue
		}
		r.only(v, "kind", "currency", "amount")
		var c Count
		if k := v.get("kind"); k.Value != nil {
			c.Kind = r.oneOf(r.string(k, "KIND"), k.place, "KIND", Kinds...)
		}
		c.Currency, c.Amount = r.sum(r.string(v.get("currency"), "CURRENCY"), r.number(v.get("amount"), false), v.get("currency").place, v.get("amount").place, true)
		res.Counted = append(res.Counted, c)
	}
	x.Result = res
}

var outcomes = []string{string(Agrees), string(Differs), string(Refused), string(NoOutcome)}
