package travel

import (
	"slices"
	"strconv"
	"time"
)

// View is the journey as rules see it, under the name traveller. No sensitive attribute exists in it, so a rule that
// names one does not compile; nor do free texts, in which one might stand, nor the place of birth, which stands for
// origin. Absent texts are "", absent numbers 0 unless said otherwise.
type View struct {
	Surname        string     `cel:"surname" doc:"family name, in capitals as the carrier sent it"`
	Given          string     `cel:"given" doc:"given names"`
	Sex            string     `cel:"sex" doc:"as the document says" values:"M:male,F:female,X:unspecified"`
	Born           string     `cel:"born" doc:"date of birth, YYYY-MM-DD or less of it"`
	Age            int64      `cel:"age" doc:"in years on the day of departure; -1 when unknown"`
	Nationality    string     `cel:"nationality" doc:"alpha-3 code, as the document says"`
	Residence      string     `cel:"residence" doc:"country of residence, alpha-3"`
	Role           string     `cel:"role" doc:"what the traveller is aboard" values:"passenger,crew,transit:a passenger who does not enter"`
	Status         string     `cel:"status" doc:"how far the journey has come" values:"booked,listed:named in the carrier's list,boarded,not-boarded,cancelled"`
	Type           string     `cel:"type" doc:"fare type of the booking" values:"ADT:an adult,CHD:a child,INF:an infant"`
	Seat           string     `cel:"seat" doc:"12A"`
	Bags           int64      `cel:"bags" doc:"checked bags"`
	From           string     `cel:"from" doc:"where this traveller boards, IATA code"`
	To             string     `cel:"to" doc:"where this traveller leaves the aircraft, IATA code"`
	CheckedIn      bool       `cel:"checked_in" doc:"the carrier says so"`
	FrequentFlyer  bool       `cel:"frequent_flyer" doc:"the booking names a frequent-flyer number"`
	KnownTraveller bool       `cel:"known_traveller" doc:"a number of a known-traveller programme was sent"`
	HasAPI         bool       `cel:"has_api" doc:"passenger data were sent by check-in"`
	HasPNR         bool       `cel:"has_pnr" doc:"a booking was sent"`
	Phones         []string   `cel:"phones" doc:"as sent"`
	Emails         []string   `cel:"emails" doc:"as sent"`
	Documents      []Papers   `cel:"documents" doc:"travel documents"`
	Flight         FlightView `cel:"flight"`
	Booking        Trip       `cel:"booking"`
}

// Papers is a travel document as rules see it.
type Papers struct {
	Type     string `cel:"type" doc:"of document" values:"P:a passport,V:a visa,I:an identity card,AC:a crew certificate"`
	Number   string `cel:"number" doc:"as sent"`
	Issuer   string `cel:"issuer" doc:"issuing state, alpha-3"`
	Expires  string `cel:"expires" doc:"YYYY-MM-DD"`
	DaysLeft int64  `cel:"days_left" doc:"from departure to expiry; negative when expired, 99999 when no expiry is known"`
}

// FlightView is the flight as rules see it.
type FlightView struct {
	Carrier     string `cel:"carrier" doc:"designator, two characters"`
	Number      string `cel:"number" doc:"without zeros in front"`
	Date        string `cel:"date" doc:"local date of departure, YYYY-MM-DD"`
	Hour        int64  `cel:"hour" doc:"local hour of departure, 0 to 23; -1 when unknown"`
	Weekday     string `cel:"weekday" doc:"of the local date of departure" values:"mon,tue,wed,thu,fri,sat,sun"`
	From        string `cel:"from" doc:"IATA code"`
	To          string `cel:"to" doc:"IATA code"`
	FromCountry string `cel:"from_country" doc:"alpha-3"`
	ToCountry   string `cel:"to_country" doc:"alpha-3"`
}

// Trip is the booking as rules see it.
type Trip struct {
	Locator    string   `cel:"locator" doc:"record locator"`
	Carrier    string   `cel:"carrier" doc:"who holds it"`
	Agency     string   `cel:"agency" doc:"IATA number of the travel agency"`
	AgencyName string   `cel:"agency_name" doc:"its name"`
	AgencyCity string   `cel:"agency_city" doc:"its city, IATA code"`
	Forms      []string `cel:"forms" doc:"of payment: CA cash, CC card, CK cheque, MS other"`
	Cards      []string `cel:"cards" doc:"cards used, masked: 411111XXXXXX1111"`
	HoursAhead int64    `cel:"hours_ahead" doc:"from booking to departure; -1 when unknown"`
	OneWay     bool     `cel:"one_way" doc:"the itinerary does not end where it began"`
	Airports   []string `cel:"airports" doc:"of the whole itinerary, in order"`
	Countries  []string `cel:"countries" doc:"of those airports, each once, alpha-3"`
	Segments   []Flown  `cel:"segments" doc:"the itinerary's flights, in order"`
	Travellers int64    `cel:"travellers" doc:"how many the booking names"`
	Tickets    int64    `cel:"tickets" doc:"how many tickets were issued"`
	Divided    bool     `cel:"divided" doc:"it was split off another booking"`
	Amount     float64  `cel:"amount" doc:"the largest amount paid"`
	Currency   string   `cel:"currency" doc:"of that amount"`
}

// Flown is a flight of the itinerary as rules see it.
type Flown struct {
	Carrier string `cel:"carrier" doc:"designator"`
	Number  string `cel:"number" doc:"without zeros in front"`
	From    string `cel:"from" doc:"IATA code"`
	To      string `cel:"to" doc:"IATA code"`
	Class   string `cel:"class" doc:"of booking"`
	Status  string `cel:"status" doc:"HK holds, HX cancelled, …"`
}

// noExpiry stands for the days left of a document that names no expiry: long, so that no "expires soon" rule meets it.
const noExpiry = 99999

var weekdays = [...]string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

// view makes what rules see of a passenger.
func (p *Passenger) view(f *Flight) *View {
	v := &View{
		Surname: p.Surname, Given: p.Given, Sex: p.Sex, Born: p.Born, Age: age(p.Born, f.Date),
		Nationality: p.Nationality, Residence: p.Residence, Role: p.Role, Status: string(p.Status), Type: p.Type,
		Seat: p.Seat, Bags: int64(len(p.Bags)), From: p.From, To: p.To,
		CheckedIn: p.CheckedIn, FrequentFlyer: len(p.FrequentFlyer) > 0, KnownTraveller: p.KnownTraveller != "",
		Flight:  FlightView{Carrier: f.Carrier, Number: f.Number, Date: f.Date, From: f.From, To: f.To, Hour: -1},
		Booking: Trip{HoursAhead: -1},
	}
	if day, err := time.Parse(time.DateOnly, f.Date); err == nil {
		v.Flight.Weekday = weekdays[day.Weekday()]
	}
	if len(f.Departure) >= len("2006-01-02T15") {
		if at, err := time.Parse("2006-01-02T15", f.Departure[:len("2006-01-02T15")]); err == nil {
			v.Flight.Hour = int64(at.Hour())
		}
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
	t := Trip{Locator: b.Locator, Carrier: b.Carrier, HoursAhead: -1, Travellers: int64(b.Party), Tickets: int64(len(b.Tickets)), Divided: b.Split != ""}
	if b.Agency != nil {
		t.Agency, t.AgencyName, t.AgencyCity = b.Agency.IATA, b.Agency.Name, b.Agency.City
	}
	for _, p := range b.Payments {
		t.Forms = append(t.Forms, p.Form)
		if p.Card != "" {
			t.Cards = append(t.Cards, p.Card)
		}
		if n, err := strconv.ParseFloat(p.Amount, 64); err == nil && n > t.Amount {
			t.Amount, t.Currency = n, p.Currency
		}
	}
	for i, s := range b.Segments {
		if i == 0 || t.Airports[len(t.Airports)-1] != s.From {
			t.Airports = append(t.Airports, s.From)
		}
		t.Airports = append(t.Airports, s.To)
		t.Segments = append(t.Segments, Flown{s.Carrier, s.Number, s.From, s.To, s.Class, s.Status})
	}
	for _, code := range t.Airports {
		if a, ok := lookup(code); ok && !slices.Contains(t.Countries, a.Country) {
			t.Countries = append(t.Countries, a.Country)
		}
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
