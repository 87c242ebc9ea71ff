package travel

// Kind is what a source record is.
type Kind string

// The kinds of source records.
const (
	Listed    Kind = "api"      // one passenger of a passenger list
	Crew      Kind = "crew"     // one person of a crew list
	Booking   Kind = "booking"  // what all travellers of a booking share
	Traveller Kind = "pnr"      // one traveller of a booking
	Boarding  Kind = "closeout" // one person named in a close-out, on board or not
)

// Record is what one source last said about one person or booking on one flight. Hearing a message again, or
// messages in another order, leaves the same record.
type Record struct {
	ID      string  `json:"-"`
	Kind    Kind    `json:"-"`
	Sender  string  `json:"sender,omitempty"`
	Said    Clock   `json:"said,omitzero"`     // of the content held
	Seen    Clock   `json:"-"`                 // of the latest message that carried it; a column of its own, for it moves with every push
	Gone    Clock   `json:"gone,omitzero"`     // of the latest message that withdrew it by name
	Booking string  `json:"booking,omitempty"` // of a traveller: its booking's record
	Person  *Person `json:"person,omitempty"`
	Held    *Held   `json:"held,omitempty"` // of a booking
	Source  Source  `json:"source,omitzero"`

	fresh bool // changed since it was read: to be written
	again bool // only carried once more since it was read
	met   *met // how it meets others, computed once for its content
}

// Source is where in which report the content stands.
type Source struct {
	Report  string `json:"report,omitempty"`
	Offset  int    `json:"offset,omitempty"`
	Segment int    `json:"segment,omitempty"`
}

// hear joins what a message says of the record into it.
func (r *Record) hear(s *Record) {
	if s.Seen.After(r.Seen) {
		r.Seen, r.again = s.Seen, true
	}
	if s.Gone.After(r.Gone) {
		r.Gone, r.fresh = s.Gone, true
	}
	if s.Said.After(r.Said) {
		r.Said, r.Sender, r.Booking, r.Person, r.Held, r.Source = s.Said, s.Sender, s.Booking, s.Person, s.Held, s.Source
		r.fresh, r.met = true, nil
	}
}

// Person is what one source says of one person, normalised by its codec.
type Person struct {
	Role             string     `json:"role,omitempty"` // passenger, crew, transit
	Type             string     `json:"type,omitempty"` // ADT, CHD, INF
	Surname          string     `json:"surname,omitempty"`
	Given            string     `json:"given,omitempty"`
	Sex              string     `json:"sex,omitempty"`
	Born             string     `json:"born,omitempty"`
	Birthplace       string     `json:"birthplace,omitempty"`
	Nationality      string     `json:"nationality,omitempty"`
	Residence        string     `json:"residence,omitempty"`
	From             string     `json:"from,omitempty"`
	To               string     `json:"to,omitempty"`
	Clearance        string     `json:"clearance,omitempty"`
	Reservation      string     `json:"reservation,omitempty"`
	CarrierReference string     `json:"carrier_reference,omitempty"`
	Seat             string     `json:"seat,omitempty"`
	Bags             []Bag      `json:"bags,omitempty"`
	Documents        []Document `json:"documents,omitempty"`
	Contacts         []Contact  `json:"contacts,omitempty"`
	Verified         *bool      `json:"verified,omitempty"`
	Redress          string     `json:"redress,omitempty"`
	KnownTraveller   string     `json:"known_traveller,omitempty"`
	FrequentFlyer    []string   `json:"frequent_flyer,omitempty"`
	Reference        string     `json:"reference,omitempty"` // within its booking
	CheckedIn        bool       `json:"checked_in,omitempty"`
}

// Bag is a checked bag.
type Bag struct {
	Tag string `json:"tag"`
}

// Document is a travel document.
type Document struct {
	Type    string `json:"type,omitempty"`
	Number  string `json:"number,omitempty"`
	Issuer  string `json:"issuer,omitempty"`
	Expires string `json:"expires,omitempty"`
}

// Contact is a phone number, mail or postal address.
type Contact struct {
	Kind  string `json:"kind"`
	Value string `json:"value"`
}

// Held is what a booking holds for all its travellers.
type Held struct {
	Locator  string    `json:"locator,omitempty"`
	Carrier  string    `json:"carrier,omitempty"`
	Created  string    `json:"created,omitempty"`
	Off      bool      `json:"off,omitempty"`   // the booking stands, but no longer for this flight
	Party    int       `json:"party,omitempty"` // how many travellers it names
	Segments []Segment `json:"segments,omitempty"`
	Tickets  []string  `json:"tickets,omitempty"`
	Payments []Payment `json:"payments,omitempty"`
	Contacts []Contact `json:"contacts,omitempty"`
	Agency   *Agency   `json:"agency,omitempty"`
	Remarks  []string  `json:"remarks,omitempty"`
	Split    string    `json:"split_from,omitempty"`
}

// Segment is one flight of a booking's itinerary.
type Segment struct {
	Carrier   string `json:"carrier,omitempty"`
	Number    string `json:"number,omitempty"`
	From      string `json:"from,omitempty"`
	To        string `json:"to,omitempty"`
	Departure string `json:"departure_local,omitempty"`
	Arrival   string `json:"arrival_local,omitempty"`
	Class     string `json:"class,omitempty"`
	Status    string `json:"status,omitempty"`
	Operating string `json:"operating,omitempty"` // designator and number, of a codeshare
}

// Payment is how a booking was paid; cards are masked by the codec.
type Payment struct {
	Form     string `json:"form,omitempty"`
	Card     string `json:"card,omitempty"`
	Amount   string `json:"amount,omitempty"`
	Currency string `json:"currency,omitempty"`
}

// Agency is who sold a booking.
type Agency struct {
	IATA string `json:"iata,omitempty"`
	Name string `json:"name,omitempty"`
	City string `json:"city,omitempty"`
}
