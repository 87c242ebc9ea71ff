package paxlst

import (
	"strconv"
	"unicode/utf8"

	"github.com/rihla/rihla/formats/date"
	"github.com/rihla/rihla/formats/fault"
)

// AppendJSON writes the message as encoding/json would, several times faster and with no memory of its own: a
// printer of whole files needs that. A test holds the two together.
func (m *Message) AppendJSON(b []byte) []byte {
	b = append(b, `{"format":`...)
	b = quote(b, m.Format)
	b = field(b, `,"version":`, m.Version)
	b = field(b, `,"sender":`, m.Sender)
	b = field(b, `,"recipient":`, m.Recipient)
	b = field(b, `,"reference":`, m.Reference)
	b = field(b, `,"message":`, m.MessageReference)
	b = field(b, `,"access_reference":`, m.AccessReference)
	b = field(b, `,"function":`, string(m.Function))
	if m.Interactive {
		b = append(b, `,"interactive":true`...)
	}
	if !m.Flight.IsZero() {
		b = append(b, `,"flight":`...)
		b = m.Flight.appendJSON(b)
	}
	if len(m.Passengers) > 0 {
		b = append(b, `,"passengers":[`...)
		for i := range m.Passengers {
			if i > 0 {
				b = append(b, ',')
			}
			b = m.Passengers[i].AppendJSON(b)
		}
		b = append(b, ']')
	}
	b = strconv.AppendInt(append(b, `,"crew_count":`...), int64(m.CrewCount), 10)
	b = strconv.AppendInt(append(b, `,"passenger_count":`...), int64(m.PassengerCount), 10)
	if !m.Withheld.IsZero() {
		b = m.Withheld.AppendJSON(append(b, `,"withheld":`...))
	}
	b = faults(b, `,"warnings":`, m.Warnings)
	b = faults(b, `,"lost":`, m.Lost)
	return append(b, '}')
}

func (f *Flight) appendJSON(b []byte) []byte {
	o := object{b: append(b, '{')}
	o.field(`"carrier":`, f.Carrier)
	o.field(`"number":`, f.Number)
	o.field(`"suffix":`, f.Suffix)
	if len(f.Legs) > 0 {
		o.key(`"legs":`)
		for i := range f.Legs {
			l := &f.Legs[i]
			o.b = append(o.b, "[,"[min(i, 1)], '{')
			leg := object{b: o.b}
			leg.field(`"from":`, l.From)
			leg.field(`"to":`, l.To)
			leg.local(`"departure_local":`, l.Departure)
			leg.local(`"arrival_local":`, l.Arrival)
			o.b = append(leg.b, '}')
		}
		o.b = append(o.b, ']')
	}
	return append(o.b, '}')
}

// AppendJSON writes one person.
func (p *Passenger) AppendJSON(b []byte) []byte {
	b = quote(append(b, `{"role":`...), string(p.Role))
	b = field(b, `,"surname":`, p.Surname)
	b = field(b, `,"given":`, p.Given)
	b = field(b, `,"sex":`, p.Sex)
	b = day(b, `,"born":`, p.Born)
	b = field(b, `,"birthplace":`, p.Birthplace)
	b = field(b, `,"nationality":`, p.Nationality)
	b = field(b, `,"residence":`, p.Residence)
	b = field(b, `,"from":`, p.From)
	b = field(b, `,"to":`, p.To)
	b = field(b, `,"clearance":`, p.Clearance)
	b = field(b, `,"reservation":`, p.Reservation)
	b = field(b, `,"carrier_reference":`, p.CarrierReference)
	b = field(b, `,"seat":`, p.Seat)
	if len(p.Bags) > 0 {
		b = append(b, `,"bags":`...)
		for i := range p.Bags {
			b = append(b, "[,"[min(i, 1)])
			b = append(quote(append(b, `{"tag":`...), p.Bags[i].Tag), '}')
		}
		b = append(b, ']')
	}
	if len(p.Documents) > 0 {
		b = append(b, `,"documents":`...)
		for i := range p.Documents {
			d := &p.Documents[i]
			o := object{b: append(b, "[,"[min(i, 1)], '{')}
			o.field(`"type":`, d.Type)
			o.field(`"number":`, d.Number)
			o.field(`"issuer":`, d.Issuer)
			o.local(`"expires":`, date.Local{Date: d.Expires})
			o.local(`"issued":`, date.Local{Date: d.Issued})
			b = append(o.b, '}')
		}
		b = append(b, ']')
	}
	if len(p.Contacts) > 0 {
		b = append(b, `,"contacts":`...)
		for i := range p.Contacts {
			b = append(b, "[,"[min(i, 1)])
			b = quote(append(b, `{"kind":`...), p.Contacts[i].Kind)
			b = append(quote(append(b, `,"value":`...), p.Contacts[i].Value), '}')
		}
		b = append(b, ']')
	}
	switch p.Verified {
	case Yes:
		b = append(b, `,"verified":true`...)
	case No:
		b = append(b, `,"verified":false`...)
	}
	if len(p.Nationalities) > 0 {
		b = append(b, `,"other_nationalities":`...)
		for i, n := range p.Nationalities {
			b = quote(append(b, "[,"[min(i, 1)]), n)
		}
		b = append(b, ']')
	}
	b = field(b, `,"birth_country":`, p.BirthCountry)
	b = field(b, `,"address":`, p.Address)
	b = field(b, `,"ticket":`, p.Ticket)
	b = field(b, `,"redress":`, p.Redress)
	b = field(b, `,"known_traveller":`, p.KnownTraveller)
	b = field(b, `,"crew_type":`, p.CrewType)
	if p.BagCount != 0 {
		b = strconv.AppendInt(append(b, `,"bag_count":`...), int64(p.BagCount), 10)
	}
	b = field(b, `,"bag_weight":`, p.BagWeight)
	return append(b, '}')
}

// faults writes a list of places.
func faults(b []byte, key string, list []fault.Fault) []byte {
	if len(list) == 0 {
		return b
	}
	b = append(b, key...)
	for i := range list {
		b = append(b, "[,"[min(i, 1)])
		b = AppendFault(b, &list[i])
	}
	return append(b, ']')
}

// AppendFault writes one place of an EDIFACT file as encoding/json would.
func AppendFault(b []byte, f *fault.Fault) []byte {
	b = strconv.AppendInt(append(b, `{"offset":`...), int64(f.Offset), 10)
	if f.Segment != 0 {
		b = strconv.AppendInt(append(b, `,"segment":`...), int64(f.Segment), 10)
	}
	b = field(b, `,"tag":`, f.Tag)
	b = quote(append(b, `,"rule":`...), f.Rule)
	b = quote(append(b, `,"message":`...), f.Message)
	b = field(b, `,"mend":`, f.Mend)
	b = field(b, `,"what":`, f.What)
	if f.Length != 0 {
		b = strconv.AppendInt(append(b, `,"length":`...), int64(f.Length), 10)
	}
	return append(b, '}')
}

// object writes the members of an object whose first one is not known beforehand.
type object struct {
	b    []byte
	some bool
}

func (o *object) key(k string) {
	if o.some {
		o.b = append(o.b, ',')
	}
	o.some = true
	o.b = append(o.b, k...)
}

func (o *object) field(k, v string) {
	if v != "" {
		o.key(k)
		o.b = quote(o.b, v)
	}
}

func (o *object) local(k string, v date.Local) {
	if !v.IsZero() {
		o.key(k)
		o.b = append(v.Append(append(o.b, '"')), '"')
	}
}

func field(b []byte, key, v string) []byte {
	if v == "" {
		return b
	}
	return quote(append(b, key...), v)
}

func day(b []byte, key string, d date.Date) []byte {
	if d.IsZero() {
		return b
	}
	return append(d.Append(append(append(b, key...), '"')), '"')
}

// plain is what a JSON string holds as it is, of ASCII.
var plain = func() (t [utf8.RuneSelf * 2]bool) {
	for c := range utf8.RuneSelf {
		t[c] = c >= ' ' && c != '"' && c != '\\'
	}
	return
}()

// quote writes a JSON string. Nearly every one is plain ASCII and is copied whole.
func quote(b []byte, s string) []byte {
	i := 0
	for i < len(s) && plain[s[i]] {
		i++
	}
	if i == len(s) {
		return append(append(append(b, '"'), s...), '"')
	}
	b = append(b, '"')
	from := 0
	for i < len(s) {
		c := s[i]
		if c >= ' ' && c != '"' && c != '\\' && c < utf8.RuneSelf {
			i++
			continue
		}
		if c >= utf8.RuneSelf {
			r, n := utf8.DecodeRuneInString(s[i:])
			if r != utf8.RuneError || n > 1 {
				i += n
				continue
			}
			b = append(append(b, s[from:i]...), "\ufffd"...)
			i++
			from = i
			continue
		}
		b = append(b, s[from:i]...)
		switch c {
		case '"', '\\':
			b = append(b, '\\', c)
		default:
			const hex = "0123456789abcdef"
			b = append(b, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		}
		i++
		from = i
	}
	return append(append(b, s[from:]...), '"')
}
