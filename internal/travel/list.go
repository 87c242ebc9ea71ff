package travel

import (
	"strings"

	"github.com/rihla/rihla/formats/paxlst"
	"github.com/rihla/rihla/internal/intake"
)

// hearAPI turns a passenger list, crew list or close-out into records: one for each person it names.
func hearAPI(ids Identifier, r intake.Report, m *paxlst.Message) said {
	s := said{source: sourceAPI, key: listKey(m)}
	kind, part, rank := listMeaning(m)
	sp := newSpeaker(r, m.Sender, m.Reference, m.Prepared, rank)
	for _, leg := range m.Flight.Legs {
		s.header.Route = append(s.header.Route, Leg{leg.From, leg.To, local(leg.Departure), local(leg.Arrival)})
	}
	if b := borderLeg(&m.Flight); b != nil {
		s.header.Departure, s.header.Arrival = local(b.Departure), local(b.Arrival)
	}
	s.header.Clock = sp.of(sp.time(), &s.header)
	if m.Code == "266" && m.SubCode == "XF" {
		s.cancelled = sp.clock()
	}
	if part != "" {
		s.parts = []Part{{
			Kind: part, Sender: m.Sender, Access: m.AccessReference, No: max(m.Part, 1), Final: m.Final || m.Part == 0,
			Clock: sp.clock(), Declared: declared(m), Held: len(m.Passengers), Broken: len(m.Lost) > 0 || !m.Whole,
		}}
	}
	flight := s.key.ID(ids)
	for i := range m.Passengers {
		p := &m.Passengers[i]
		q := listed(p)
		rec := Record{Kind: kind, Sender: m.Sender, Person: q, Source: Source{Report: r.ID, Offset: p.Offset, Segment: p.Segment}}
		if rec.Kind == Listed && q.Role == "crew" {
			rec.Kind = Crew
		}
		rec.ID = ids.ID(string(rec.Kind), flight, personKey(q))
		switch {
		case part == partOffBoard:
			rec.Gone, rec.Said = sp.clock(), sp.of(sp.time(), q)
		case rank == rankCancel:
			rec.Gone, rec.Said = sp.clock(), withdrawn(sp.of(sp.time(), q))
		default:
			rec.Seen, rec.Said = sp.clock(), sp.of(sp.time(), q)
		}
		s.records = append(s.records, rec)
	}
	return s
}

// listMeaning says what kind of records a message leaves, which part of a whole transmission it is ("" when it speaks
// of single persons only), and how it ranks at a tie.
func listMeaning(m *paxlst.Message) (kind Kind, part string, rank int) {
	switch m.Code {
	case "266":
		switch m.SubCode {
		case "CL", "CLOB":
			return Boarding, partOnBoard, rankChange
		case "CLNB":
			return Boarding, partOffBoard, rankChange
		}
		return Boarding, "", rankCancel // XF names nobody, CF speaks of the flight alone
	case "250":
		switch {
		case m.SubCode == "XR" || m.SubCode == "RP":
			return Crew, "", rankCancel
		case m.SubCode == "CP", strings.HasSuffix(m.SubCode, "C") && len(m.SubCode) == 2, // CC, BC, EC, FC: a change
			m.Application == "IAPI": // asked about, one by one: no crew is complete by that
			return Crew, "", rankChange
		}
		return Crew, partCrew, rankList
	}
	switch {
	case m.SubCode == "CP":
		return Listed, "", rankChange
	case m.SubCode == "XR" || m.SubCode == "RP":
		return Listed, "", rankCancel
	case m.Interactive:
		return Listed, "", rankChange
	}
	return Listed, partList, rankList
}

// personKey is what recurs of a person in a carrier's lists: its own reference, else the document, else name and birth.
func personKey(p *Person) string {
	if p.CarrierReference != "" {
		return "reference " + p.CarrierReference
	}
	for _, d := range p.Documents {
		if d.Number != "" && !strings.HasPrefix(d.Type, "V") {
			return "document " + d.Number + " " + d.Issuer
		}
	}
	if p.Surname != "" || p.Given != "" {
		return "name " + p.Surname + "/" + p.Given + " " + p.Born
	}
	return "place " + p.Reservation + " " + p.Seat
}

// listKey finds the flight a list is about.
func listKey(m *paxlst.Message) Key {
	f := &m.Flight
	k := Key{Carrier: f.Carrier, Number: f.Number, Suffix: f.Suffix}
	if leg := borderLeg(f); leg != nil {
		k.From, k.To, k.Date = leg.From, leg.To, day(leg.Departure)
	}
	return k
}

// borderLeg is the leg that crosses the border. Where a sender marks none, the whole of a flight of one leg is it.
func borderLeg(f *paxlst.Flight) *paxlst.Leg {
	switch {
	case f.Border >= 0 && f.Border < len(f.Legs):
		return &f.Legs[f.Border]
	case len(f.Legs) > 0:
		return &f.Legs[0]
	}
	return nil
}

// declared is how many persons the control totals speak of; none, where there are none.
func declared(m *paxlst.Message) int { return max(m.Total, 0) + max(m.CrewTotal, 0) }

func listed(p *paxlst.Passenger) *Person {
	q := &Person{
		Role: string(p.Role), Surname: p.Surname, Given: p.Given, Sex: p.Sex, Born: text(p.Born), Birthplace: p.Birthplace,
		Nationality: p.Nationality, Residence: p.Residence, From: p.From, To: p.To, Clearance: p.Clearance,
		Reservation: p.Reservation, CarrierReference: p.CarrierReference, Seat: p.Seat,
		Redress: p.Redress, KnownTraveller: p.KnownTraveller,
	}
	for _, d := range p.Documents {
		q.Documents = append(q.Documents, Document{d.Type, d.Number, d.Issuer, text(d.Expires)})
	}
	for _, b := range p.Bags {
		q.Bags = append(q.Bags, Bag{b.Tag})
	}
	if p.Verified != paxlst.NotSaid {
		yes := p.Verified == paxlst.Yes
		q.Verified = &yes
	}
	for _, c := range p.Contacts {
		q.Contacts = append(q.Contacts, Contact{c.Kind, c.Value})
	}
	if p.Address != "" {
		q.Contacts = append(q.Contacts, Contact{"address", p.Address})
	}
	return q
}
