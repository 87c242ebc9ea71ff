package travel

import (
	"cmp"
	"strings"
	"time"

	"github.com/rihla/rihla/formats/pnrgov"
	"github.com/rihla/rihla/internal/intake"
)

// hearPNR turns a push into records: one for each booking, one for each of its travellers.
func hearPNR(ids Identifier, r intake.Report, m *pnrgov.Message) said {
	rank, kind := rankList, partFull
	if m.Function == pnrgov.Update {
		rank, kind = rankChange, partUpdate
	}
	sp := newSpeaker(r, m.Sender, m.Reference, m.Prepared, rank)
	s := said{source: sourcePNR}
	s.key, s.shares = pnrKey(m)
	flight := s.key.ID(ids)
	if m.Flight != nil && len(m.Flight.Legs) > 0 {
		leg := m.Flight.Legs[0]
		s.header.Departure, s.header.Arrival = local(leg.Departure), local(leg.Arrival)
	}
	s.header.Clock = sp.of(sp.time(), &s.header)
	s.parts = []Part{{
		Kind: kind, Sender: m.Sender, Access: m.AccessReference, No: max(m.Part, 1), Final: m.Final || m.Part == 0,
		Clock: sp.clock(), Declared: max(m.Declared, 0), Held: len(m.Bookings),
		Broken: m.Declared < 0 || len(m.Lost) > 0 || !m.Whole,
	}}
	for i := range m.Bookings {
		s.records = append(s.records, hearBooking(ids, flight, sp, &m.Bookings[i])...)
	}
	return s
}

// pnrKey finds the flight that the push is about, and its other numbers. A booking that names who operates a segment
// of this flight tells which number is the flight's own.
func pnrKey(m *pnrgov.Message) (Key, []Key) {
	var k Key
	if f := m.Flight; f != nil {
		k = Key{Carrier: f.Carrier, Number: f.Number, Suffix: f.Suffix}
		if len(f.Legs) > 0 {
			k.From, k.To, k.Date = f.Legs[0].From, f.Legs[0].To, day(f.Legs[0].Departure)
		}
	}
	var shares []Key
	own := k
	for i := range m.Bookings {
		for _, seg := range m.Bookings[i].Segments {
			if seg.From != k.From || seg.To != k.To {
				continue
			}
			if k.Date == "" && seg.Carrier == k.Carrier && seg.Number == k.Number { // the heading's date cannot be read
				k.Date, own.Date = day(seg.Departure), day(seg.Departure)
			}
			if seg.Operating == nil || seg.Operating.Number == "" || day(seg.Departure) != k.Date {
				continue
			}
			sold := Key{seg.Carrier, seg.Number, seg.Suffix, k.Date, k.From, k.To}
			flown := Key{cmp.Or(seg.Operating.Carrier, k.Carrier), seg.Operating.Number, seg.Operating.Suffix, k.Date, k.From, k.To}
			switch {
			case flown == sold:
			case flown == k:
				shares = append(shares, sold)
			case sold == k:
				own = flown
				shares = append(shares, sold)
			}
		}
	}
	if m.Flight != nil {
		for _, n := range m.Flight.Codeshares {
			shares = append(shares, Key{n.Carrier, n.Number, n.Suffix, k.Date, k.From, k.To})
		}
	}
	return own, shares
}

func hearBooking(ids Identifier, flight string, sp speaker, b *pnrgov.Booking) []Record {
	key := b.Carrier + " " + b.Locator
	if b.Locator == "" { // no locator: what recurs of it is its travellers
		for _, p := range b.Passengers {
			key += "/" + p.Surname + "/" + p.Given
		}
	}
	rec := Record{ID: ids.ID("booking", flight, key), Kind: Booking, Sender: sp.sender,
		Source: Source{Report: sp.report, Offset: b.Offset, Segment: b.Number}}
	if b.Cancelled && len(b.Passengers) == 0 { // named only to be withdrawn
		gone := sp
		gone.rank = rankCancel
		rec.Gone = gone.clock()
		return []Record{rec}
	}
	rec.Held = held(b)
	people, content := make([]*Person, len(b.Passengers)), []digested{rec.Held}
	for i := range b.Passengers {
		people[i] = traveller(b, &b.Passengers[i])
		content = append(content, people[i])
	}
	rec.Seen, rec.Said = sp.clock(), sp.of(b.Changed, content...)
	out := []Record{rec}
	for i := range b.Passengers {
		p := &b.Passengers[i]
		who := cmp.Or(p.Unique, p.Reference)
		if who == "" {
			who = "name " + p.Surname + "/" + p.Given
		}
		out = append(out, Record{
			ID: ids.ID("traveller", flight, key, who), Kind: Traveller, Sender: sp.sender,
			Seen: rec.Seen, Said: rec.Said, Booking: rec.ID, Person: people[i], Source: rec.Source,
		})
	}
	return out
}

func traveller(b *pnrgov.Booking, p *pnrgov.Passenger) *Person {
	q := &Person{
		Role: "passenger", Type: p.Type, Surname: p.Surname, Given: p.Given, Sex: p.Sex, Born: text(p.Born),
		Birthplace: p.Birthplace, Nationality: p.Nationality, Residence: p.Residence,
		Reservation: b.Locator, Seat: p.Seat, Redress: p.Redress, KnownTraveller: p.KnownTraveller,
		FrequentFlyer: p.FrequentFlyer, Reference: p.Reference, CheckedIn: p.CheckIn != nil,
	}
	if q.Seat == "" && len(p.Seats) > 0 {
		q.Seat = p.Seats[0]
	}
	for _, d := range p.Documents {
		q.Documents = append(q.Documents, Document{d.Type, d.Number, d.Issuer, text(d.Expires)})
	}
	for _, bag := range p.Bags {
		q.Bags = append(q.Bags, Bag{bag.Tag})
	}
	return q
}

func held(b *pnrgov.Booking) *Held {
	h := &Held{Locator: b.Locator, Carrier: b.Carrier, Off: b.Cancelled, Party: len(b.Passengers), Remarks: b.Remarks, Split: b.SplitFrom}
	if !b.Created.IsZero() {
		h.Created = b.Created.UTC().Format(time.RFC3339)
	}
	for _, s := range b.Segments {
		seg := Segment{Carrier: s.Carrier, Number: s.Number + s.Suffix, From: s.From, To: s.To,
			Departure: local(s.Departure), Arrival: local(s.Arrival), Class: s.Class, Status: s.Status}
		if s.Operating != nil {
			seg.Operating = strings.TrimSpace(s.Operating.Carrier + s.Operating.Number)
		}
		h.Segments = append(h.Segments, seg)
	}
	for _, t := range b.Tickets {
		if t.Number != "" {
			h.Tickets = append(h.Tickets, t.Number)
		}
	}
	for _, p := range b.Payments {
		h.Payments = append(h.Payments, Payment{p.Form, p.Card, p.Amount, p.Currency})
	}
	for _, c := range b.Contacts {
		h.Contacts = append(h.Contacts, Contact{c.Kind, c.Value})
	}
	if a := b.Agency; a != nil {
		h.Agency = &Agency{IATA: a.IATA, Name: a.Name, City: a.City}
	}
	return h
}
