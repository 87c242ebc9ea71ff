package pnrgov

import (
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/rihla/rihla/formats/date"
	"github.com/rihla/rihla/formats/fault"
)

// AppendJSON appends the message as the contract's "Decoded": what encoding/json makes of it, without reflection.
func (m *Message) AppendJSON(dst []byte) []byte {
	w := writer{b: dst}
	w.open('{')
	w.always("format", m.Format)
	w.text("version", m.Version)
	w.text("sender", m.Sender)
	w.text("recipient", m.Recipient)
	w.text("reference", m.Reference)
	w.text("message", m.Message)
	w.text("access_reference", m.AccessReference)
	w.text("function", string(m.Function))
	if f := m.Flight; f != nil {
		w.key("flight")
		w.open('{')
		w.text("carrier", f.Carrier)
		w.text("number", f.Number)
		w.text("suffix", f.Suffix)
		list(&w, "legs", f.Legs, (*writer).leg)
		w.close('}')
	}
	list(&w, "bookings", m.Bookings, (*writer).booking)
	list(&w, "warnings", m.Warnings, (*writer).fault)
	list(&w, "lost", m.Lost, (*writer).fault)
	if !m.Withheld.IsZero() {
		w.key("withheld")
		w.b = m.Withheld.AppendJSON(w.b)
		w.more = true
	}
	if m.Error != nil {
		w.key("error")
		w.fault(m.Error)
	}
	w.close('}')
	return w.b
}

// writer appends JSON; more tells that something stands before, in the object or list that is open.
type writer struct {
	b    []byte
	more bool
}

func (w *writer) open(c byte) {
	if w.more {
		w.b = append(w.b, ',')
	}
	w.b = append(w.b, c)
	w.more = false
}

func (w *writer) close(c byte) {
	w.b = append(w.b, c)
	w.more = true
}

// key begins a member; the value follows without a comma.
func (w *writer) key(name string) {
	if w.more {
		w.b = append(w.b, ',')
	}
	w.b = append(w.b, '"')
	w.b = append(w.b, name...)
	w.b = append(w.b, '"', ':')
	w.more = false
}

func (w *writer) always(name, value string) {
	w.key(name)
	w.string(value)
}

func (w *writer) text(name, value string) {
	if value != "" {
		w.always(name, value)
	}
}

func (w *writer) flag(name string, value bool) {
	if value {
		w.key(name)
		w.b = append(w.b, "true"...)
		w.more = true
	}
}

func (w *writer) number(name string, value int) {
	w.key(name)
	w.b = strconv.AppendInt(w.b, int64(value), 10)
	w.more = true
}

func (w *writer) day(name string, value date.Date) {
	if !value.IsZero() {
		w.key(name)
		w.b = append(value.Append(append(w.b, '"')), '"')
		w.more = true
	}
}

func (w *writer) local(name string, value date.Local) {
	if !value.IsZero() {
		w.key(name)
		w.b = append(value.Append(append(w.b, '"')), '"')
		w.more = true
	}
}

func (w *writer) instant(name string, value time.Time) {
	if !value.IsZero() {
		w.key(name)
		w.b = append(value.AppendFormat(append(w.b, '"'), time.RFC3339Nano), '"')
		w.more = true
	}
}

func (w *writer) strings(name string, values []string) {
	if len(values) == 0 {
		return
	}
	w.key(name)
	w.open('[')
	for _, v := range values {
		if w.more {
			w.b = append(w.b, ',')
		}
		w.string(v)
	}
	w.close(']')
}

func list[T any](w *writer, name string, values []T, one func(*writer, *T)) {
	if len(values) == 0 {
		return
	}
	w.key(name)
	w.open('[')
	for i := range values {
		one(w, &values[i])
	}
	w.close(']')
}

const hex = "0123456789abcdef"

// string appends a quoted string; bytes that are no UTF-8 become U+FFFD.
func (w *writer) string(s string) {
	w.b = append(w.b, '"')
	from := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c >= ' ' && c != '"' && c != '\\' && c < utf8.RuneSelf {
			i++
			continue
		}
		if c >= utf8.RuneSelf {
			if r, size := utf8.DecodeRuneInString(s[i:]); r != utf8.RuneError || size > 1 {
				i += size
				continue
			}
		}
		w.b = append(w.b, s[from:i]...)
		switch {
		case c == '"' || c == '\\':
			w.b = append(w.b, '\\', c)
		case c >= utf8.RuneSelf:
			w.b = append(w.b, "\ufffd"...)
		default:
			w.b = append(w.b, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		}
		i++
		from = i
	}
	w.b = append(append(w.b, s[from:]...), '"')
	w.more = true
}

func (w *writer) leg(l *Leg) {
	w.open('{')
	w.text("from", l.From)
	w.text("to", l.To)
	w.local("departure_local", l.Departure)
	w.local("arrival_local", l.Arrival)
	w.close('}')
}

func (w *writer) booking(b *Booking) {
	w.open('{')
	w.text("locator", b.Locator)
	w.text("carrier", b.Carrier)
	w.instant("created", b.Created)
	list(w, "locators", b.Locators, (*writer).locator)
	w.text("group", b.Group)
	list(w, "passengers", b.Passengers, (*writer).passenger)
	list(w, "segments", b.Segments, (*writer).segment)
	list(w, "non_air", b.NonAir, (*writer).nonAir)
	list(w, "tickets", b.Tickets, (*writer).ticket)
	list(w, "payments", b.Payments, (*writer).payment)
	list(w, "contacts", b.Contacts, (*writer).contact)
	if a := b.Agency; a != nil {
		w.key("agency")
		w.open('{')
		w.text("iata", a.IATA)
		w.text("name", a.Name)
		w.text("city", a.City)
		w.text("office", a.Office)
		w.text("system", a.System)
		w.text("country", a.Country)
		w.close('}')
	}
	w.strings("remarks", b.Remarks)
	list(w, "history", b.History, (*writer).change)
	w.text("split_from", b.SplitFrom)
	w.close('}')
}

func (w *writer) locator(l *Locator) {
	w.open('{')
	w.text("carrier", l.Carrier)
	w.text("locator", l.Locator)
	w.instant("created", l.Created)
	w.flag("dcs", l.DCS)
	w.close('}')
}

func (w *writer) passenger(p *Passenger) {
	w.open('{')
	w.text("surname", p.Surname)
	w.text("given", p.Given)
	w.text("type", p.Type)
	w.day("born", p.Born)
	w.text("sex", p.Sex)
	w.text("nationality", p.Nationality)
	w.text("birthplace", p.Birthplace)
	w.text("residence", p.Residence)
	list(w, "documents", p.Documents, (*writer).document)
	w.text("redress", p.Redress)
	w.text("known_traveller", p.KnownTraveller)
	w.strings("frequent_flyer", p.FrequentFlyer)
	w.strings("seats", p.Seats)
	list(w, "bags", p.Bags, (*writer).bag)
	w.close('}')
}

func (w *writer) document(d *Document) {
	w.open('{')
	w.text("type", d.Type)
	w.text("number", d.Number)
	w.text("issuer", d.Issuer)
	w.day("expires", d.Expires)
	w.close('}')
}

func (w *writer) bag(b *Bag) {
	w.open('{')
	w.text("tag", b.Tag)
	w.close('}')
}

func (w *writer) segment(s *Segment) {
	w.open('{')
	w.text("carrier", s.Carrier)
	w.text("number", s.Number)
	w.text("suffix", s.Suffix)
	w.text("from", s.From)
	w.text("to", s.To)
	w.local("departure_local", s.Departure)
	w.local("arrival_local", s.Arrival)
	w.text("class", s.Class)
	w.text("status", s.Status)
	if o := s.Operating; o != nil {
		w.key("operating")
		w.open('{')
		w.text("carrier", o.Carrier)
		w.text("number", o.Number)
		w.text("suffix", o.Suffix)
		w.close('}')
	}
	w.close('}')
}

func (w *writer) nonAir(n *NonAir) {
	w.open('{')
	w.text("kind", n.Kind)
	w.local("from_local", n.From)
	w.local("to_local", n.To)
	w.text("name", n.Name)
	w.text("at", n.At)
	w.close('}')
}

func (w *writer) ticket(t *Ticket) {
	w.open('{')
	w.text("number", t.Number)
	w.text("passenger", t.Passenger)
	w.text("kind", t.Kind)
	w.flag("ticketless", t.Ticketless)
	w.text("base", t.Base)
	w.text("total", t.Total)
	w.text("currency", t.Currency)
	w.text("issued", t.Issued)
	w.close('}')
}

func (w *writer) payment(p *Payment) {
	w.open('{')
	w.text("form", p.Form)
	w.text("vendor", p.Vendor)
	w.text("card", p.Card)
	w.text("account", p.Account)
	w.text("expires", p.Expires)
	w.text("amount", p.Amount)
	w.text("currency", p.Currency)
	w.flag("old", p.Old)
	w.close('}')
}

func (w *writer) contact(c *Contact) {
	w.open('{')
	w.always("kind", c.Kind)
	w.always("value", c.Value)
	w.close('}')
}

func (w *writer) change(c *Change) {
	w.open('{')
	w.instant("at", c.At)
	w.text("by", c.By)
	w.text("city", c.City)
	w.text("action", c.Action)
	w.text("item", c.Item)
	w.close('}')
}

func (w *writer) fault(f *fault.Fault) {
	w.open('{')
	w.number("offset", f.Offset)
	if f.Segment != 0 {
		w.number("segment", f.Segment)
	}
	w.text("tag", f.Tag)
	if f.Line != 0 {
		w.number("line", f.Line)
	}
	w.text("field", f.Field)
	w.text("pointer", f.Pointer)
	w.text("path", f.Path)
	w.always("rule", f.Rule)
	w.always("message", f.Message)
	w.text("mend", f.Mend)
	w.text("what", f.What)
	if f.Length != 0 {
		w.number("length", f.Length)
	}
	w.close('}')
}
