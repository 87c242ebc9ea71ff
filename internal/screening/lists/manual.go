package lists

import (
	"strconv"
	"strings"
	"time"
)

// ByHand checks an entry that a person typed, and gives it the forms that readers give: kinds and roles that were left
// out, codes in capitals. Somebody must answer for it: it names the law, the owner, the day it is looked at again, and the
// day it ends. What is wrong is an *Error with a pointer into the entry.
func ByHand(e Entry, today time.Time) (Entry, error) {
	r := reader{file: "entry", byHand: true}
	at := func(pointer string) { r.pointer = pointer }
	at("")
	if e.Schema == "" {
		e.Schema = "Person"
	}
	if schema := schemas[strings.ToLower(e.Schema)]; schema != "" {
		e.Schema = schema
	} else if e.Schema != "Document" {
		r.wrong(0, "schema", "schema", shown(e.Schema)+" is no kind of entry", "Person, Organization, Company, Vessel, Airplane or Document")
	}
	if len(e.Names) == 0 && len(e.Documents) == 0 {
		r.wrong(0, "names", "entry_name", "the entry has neither a name nor a document", "give one of them")
	}
	if e.DocumentOnly && len(e.Documents) == 0 {
		r.wrong(0, "documents", "document", "only the document is to speak, and there is none", "give the document's number")
	}
	e.Names, e.Countries, e.Documents = clone(e.Names), clone(e.Countries), clone(e.Documents)
	for i := range e.Names {
		at("/names/" + strconv.Itoa(i))
		r.handName(&e.Names[i], i)
	}
	var births []string
	for i, b := range e.Births {
		at("/births")
		births = append(births, r.births(0, strconv.Itoa(i), b)...)
	}
	e.Births = births
	at("")
	e.Sex = r.sex(0, "sex", e.Sex)
	for i := range e.Countries {
		at("/countries/" + strconv.Itoa(i))
		c := &e.Countries[i]
		if c.Role == "" {
			c.Role = "nationality"
		}
		if known := r.countries(0, "code", c.Code, c.Role); len(known) == 1 {
			*c = known[0]
		} else if strings.TrimSpace(c.Code) == "" {
			r.wrong(0, "code", "country", "there is no code", "ISO 3166-1, two or three letters")
		}
	}
	for i := range e.Documents {
		at("/documents/" + strconv.Itoa(i))
		r.handDocument(&e.Documents[i])
	}
	at("")
	r.answered(&e, today)
	return e, r.err()
}

func clone[T any](s []T) []T { return append([]T(nil), s...) }

func (r *reader) handName(n *Name, i int) {
	n.Text, n.Surname, n.Given = strings.TrimSpace(n.Text), strings.TrimSpace(n.Surname), strings.TrimSpace(n.Given)
	if n.Text == "" {
		n.Text = spaced(n.Given, n.Surname)
	}
	if n.Text == "" || len(n.Text) > longestText {
		r.wrong(0, "text", "entry_name", "the name is empty, or longer than 4,000 bytes", "write it as its document has it")
	}
	switch n.Kind {
	case primary, alias, former:
	case "":
		n.Kind = alias
		if i == 0 && !n.Weak {
			n.Kind = primary
		}
	default:
		r.wrong(0, "kind", "name_kind", shown(n.Kind)+" is no kind of name", "primary, alias or former")
	}
}

func (r *reader) handDocument(d *Document) {
	d.Number, d.Type = strings.TrimSpace(d.Number), strings.ToUpper(strings.TrimSpace(d.Type))
	if d.Number == "" || len(d.Number) > longestText {
		r.wrong(0, "number", "document", "the document has no number", "give it as printed, or leave the document out")
	}
	if d.Type == "" {
		d.Type = "P"
	}
	if d.Issuer != "" {
		if known := r.countries(0, "issuer", d.Issuer, "issuer"); len(known) == 1 {
			d.Issuer = known[0].Code
		}
	}
	if d.Status != "" {
		status, ok := documentStatuses[strings.ToLower(d.Status)]
		if !ok {
			r.wrong(0, "status", "document_status", "the status is none that is known", "stolen, lost, revoked or false")
		}
		d.Status = status
	}
	d.Expires = r.dayOf(0, "expires", d.Expires)
	d.Reported = r.dayOf(0, "reported", d.Reported)
}

// answered checks that somebody answers for the entry, and until when.
func (r *reader) answered(e *Entry, today time.Time) {
	e.Basis, e.Owner, e.Reason = strings.TrimSpace(e.Basis), strings.TrimSpace(e.Owner), strings.TrimSpace(e.Reason)
	if e.Basis == "" {
		r.wrong(0, "basis", "entry_basis", "the entry has no legal basis", "name the law or the order it is listed under")
	}
	if e.Owner == "" {
		r.wrong(0, "owner", "entry_owner", "the entry has no owner", "name the authority that answers for it")
	}
	now := today.Format(time.DateOnly)
	faults := len(r.faults)
	e.From, e.Review, e.Until = r.dayOf(0, "from", e.From), r.dayOf(0, "review", e.Review), r.dayOf(0, "until", e.Until)
	if len(r.faults) > faults {
		return
	}
	switch {
	case e.Review == "":
		r.wrong(0, "review", "entry_review", "the entry has no day of review", "name the day somebody looks whether it still holds")
	case e.Review <= now:
		r.wrong(0, "review", "entry_review", "the day of review is over", "name a day to come")
	}
	switch {
	case e.Until == "":
		r.wrong(0, "until", "entry_until", "the entry has no end", "name its last day; it can be prolonged")
	case e.Until <= now:
		r.wrong(0, "until", "entry_until", "the entry has ended already", "name a day to come")
	case e.Review != "" && e.Until < e.Review:
		r.wrong(0, "review", "entry_review", "the entry ends before its review", "review it by its last day")
	case e.From != "" && e.Until < e.From:
		r.wrong(0, "until", "validity", "the entry ends before it begins", "exchange the two days")
	}
}
