package travel

import (
	"strconv"
	"time"
)

// View is the journey as rules see it, under the name traveller. No sensitive attribute exists in it, so a rule that
// names one does not compile. Absent texts are "", absent numbers 0.
type View struct {
	Surname     string     `cel:"surname"`
	Given       string     `cel:"given"`
	Sex         string     `cel:"sex"`
	Born        string     `cel:"born"`
	Age         int64      `cel:"age"` // on the day of departure; -1 when unknown
	Nationality string     `cel:"nationality"`
	Residence   string     `cel:"residence"`
	Role        string     `cel:"role"`   // passenger, crew, transit
	Status      string     `cel:"status"` // booked, listed, boarded, not-boarded, cancelled
	Type        string     `cel:"type"`   // ADT, CHD, INF
	Seat        string     `cel:"seat"`
	Bags        int64      `cel:"bags"`
	HasAPI      bool       `cel:"has_api"`
	HasPNR      bool       `cel:"has_pnr"`
	Phones      []string   `cel:"phones"`
	Emails      []string   `cel:"emails"`
	Documents   []Papers   `cel:"documents"`
	Flight      FlightView `cel:"flight"`
	Booking     Trip       `cel:"booking"`
}

// Papers is a travel document as rules see it.
type Papers struct {
	Type     string `cel:"type"`
	Number   string `cel:"number"`
	Issuer   string `cel:"issuer"`
	Expires  string `cel:"expires"`
	DaysLeft int64  `cel:"days_left"` // on the day of departure; 99999 when no expiry is known
}

// FlightView is the flight as rules see it.
type FlightView struct {
	Carrier     string `cel:"carrier"`
	Number      string `cel:"number"`
	Date        string `cel:"date"`
	From        string `cel:"from"`
	To          string `cel:"to"`
	FromCountry string `cel:"from_country"`
	ToCountry   string `cel:"to_country"`
}

// Trip is the booking as rules see it.
type Trip struct {
	Locator    string   `cel:"locator"`
	Carrier    string   `cel:"carrier"`
	Agency     string   `cel:"agency"`
	AgencyCity string   `cel:"agency_city"`
	Forms      []string `cel:"forms"`       // of payment: CC, CA …
	HoursAhead int64    `cel:"hours_ahead"` // from booking to departure; -1 when unknown
	OneWay     bool     `cel:"one_way"`
	Airports   []string `cel:"airports"`   // of the whole itinerary, in order
	Travellers int64    `cel:"travellers"` // how many the booking names
	Amount     float64  `cel:"amount"`
	Currency   string   `cel:"currency"`
}

// noExpiry stands for the days left of a document that names no expiry: long, so that no "expires soon" rule meets it.
const noExpiry = 99999

// view makes what rules see of a passenger.
func (p *Passenger) view(f *Flight) *View {
	v := &View{
		Surname: p.Surname, Given: p.Given, Sex: p.Sex, Born: p.Born, Age: age(p.Born, f.Date),
		Nationality: p.Nationality, Residence: p.Residence, Role: p.Role, Status: string(p.Status), Type: p.Type,
		Seat: p.Seat, Bags: int64(len(p.Bags)),
		Flight:  FlightView{Carrier: f.Carrier, Number: f.Number, Date: f.Date, From: f.From, To: f.To},
		Booking: Trip{HoursAhead: -1},
	}
	for _, s := range p.Sources {
		v.HasAPI = v.HasAPI || s == string(Listed) || s == string(Crew)
		v.HasPNR = v.HasPNR || s == string(Traveller)
	}
	if a, ok := lookup(f.From); ok {
		v.Flight.FromCountry = a.Country
	}
	if a, ok := lookup(f.To); ok {
		v.Flight.ToCountry = a.Country
	}
	for _, c := range p.Contacts {
		switch c.Kind {
		case "phone":
			v.Phones = append(v.Phones, c.Value)
		case "email":
			v.Emails = append(v.Emails, c.Value)
		}
	}
	for _, d := range p.Documents {
		v.Documents = append(v.Documents, Papers{Type: d.Type, Number: d.Number, Issuer: d.Issuer, Expires: d.Expires, DaysLeft: days(f.Date, d.Expires)})
	}
	if b := p.Booking; b != nil {
		v.Booking = b.trip(f)
	}
	return v
}

func (b *Held) trip(f *Flight) Trip {
	t := Trip{Locator: b.Locator, Carrier: b.Carrier, HoursAhead: -1, Travellers: int64(b.Party)}
	if b.Agency != nil {
		t.Agency, t.AgencyCity = b.Agency.IATA, b.Agency.City
	}
	for _, p := range b.Payments {
		t.Forms = append(t.Forms, p.Form)
		if n, err := strconv.ParseFloat(p.Amount, 64); err == nil && n > t.Amount {
			t.Amount, t.Currency = n, p.Currency
		}
	}
	for i, s := range b.Segments {
		if i == 0 || t.Airports[len(t.Airports)-1] != s.From {
			t.Airports = append(t.Airports, s.From)
		}
		t.Airports = append(t.Airports, s.To)
	}
	t.OneWay = len(t.Airports) > 1 && t.Airports[0] != t.Airports[len(t.Airports)-1]
	if created, err := time.Parse(time.RFC3339, b.Created); err == nil && !f.Departs.IsZero() {
		t.HoursAhead = int64(f.Departs.Sub(created).Hours())
	}
	return t
}

func age(born, on string) int64 {
	b, err := time.Parse(time.DateOnly, born)
	d, err2 := time.Parse(time.DateOnly, on)
	if err != nil || err2 != nil {
		return -1
	}
	years := d.Year() - b.Year()
	if d.Month() < b.Month() || d.Month() == b.Month() && d.Day() < b.Day() {
		years--
	}
	return int64(years)
}

func days(from, to string) int64 {
	a, err := time.Parse(time.DateOnly, from)
	b, err2 := time.Parse(time.DateOnly, to)
	if err != nil || err2 != nil {
		return noExpiry
	}
	return int64(b.Sub(a).Hours() / 24)
}
