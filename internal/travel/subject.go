package travel

import (
	"time"

	"github.com/rihla/rihla/internal/screening"
)

// subject is the passenger as screening sees it: no flight, no booking, only who he says he is and what he shares.
func (p *Passenger) subject(f *Flight) screening.Subject {
	s := screening.Subject{
		ID: screening.ID(p.ID), Domain: Name, Within: f.ID, Context: f.title(),
		Names: []screening.Name{{Surname: p.Surname, Given: p.Given}},
		Sex:   p.Sex, Until: f.ahead(),
	}
	if p.Born != "" {
		s.Births = []string{p.Born}
	}
	for _, c := range []screening.Country{{Code: p.Nationality, Role: "nationality"}, {Code: p.Residence, Role: "residence"}} {
		if c.Code != "" {
			s.Countries = append(s.Countries, c)
		}
	}
	for _, d := range p.Documents {
		if d.Number != "" {
			s.Documents = append(s.Documents, screening.Document{Type: d.Type, Number: d.Number, Issuer: d.Issuer, Expires: d.Expires})
		}
	}
	if p.KnownTraveller != "" {
		s.Claims = append(s.Claims, screening.Claim{Kind: screening.ClaimMembership, Number: p.KnownTraveller})
	}
	if p.Redress != "" {
		s.Claims = append(s.Claims, screening.Claim{Kind: screening.ClaimRedress, Number: p.Redress})
	}
	tie := func(kind, value string) {
		if value != "" {
			s.Ties = append(s.Ties, screening.Tie{Kind: kind, Value: value})
		}
	}
	for _, c := range p.Contacts {
		tie(c.Kind, c.Value)
	}
	for _, account := range p.FrequentFlyer {
		tie("frequent_flyer", account)
	}
	for _, bag := range p.Bags {
		tie("bag", bag.Tag)
	}
	tie("seat", p.Seat)
	if b := p.Booking; b != nil {
		if b.Locator != "" {
			s.Ties = append(s.Ties, screening.Tie{Kind: "booking", Value: b.Carrier + " " + b.Locator})
		}
		for _, pay := range b.Payments {
			if pay.Card != "" {
				s.Ties = append(s.Ties, screening.Tie{Kind: "card", Value: pay.Card})
			}
		}
	}
	return s
}

// title is the flight as people say it.
func (f *Flight) title() string {
	return f.Carrier + f.Number + f.Suffix + " " + f.Date + " " + f.From + "-" + f.To
}

// ahead is the instant until which something can still be done about a traveller: landing, or departure where no
// arrival is known.
func (f *Flight) ahead() time.Time {
	if !f.Arrives.IsZero() {
		return f.Arrives
	}
	if !f.Departs.IsZero() {
		return f.Departs.Add(18 * time.Hour) // no leg in the world's timetables flies longer
	}
	if day, err := time.Parse(time.DateOnly, f.Date); err == nil {
		return day.AddDate(0, 0, 2)
	}
	return time.Time{}
}
