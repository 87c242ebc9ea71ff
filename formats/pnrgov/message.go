package pnrgov

import (
	"time"

	"github.com/rihla/rihla/formats/date"
	"github.com/rihla/rihla/formats/fault"
	"github.com/rihla/rihla/formats/sensitive"
)

// Message is one PNRGOV message. Its JSON is the contract's "Decoded"; fields without JSON are for programs. Strings
// are substrings of one copy of the file.
type Message struct {
	Format          string          `json:"format"`
	Version         string          `json:"version,omitempty"`
	Sender          string          `json:"sender,omitempty"`
	Recipient       string          `json:"recipient,omitempty"`
	Reference       string          `json:"reference,omitempty"`        // UNB 0020
	Message         string          `json:"message,omitempty"`          // UNH 0062
	AccessReference string          `json:"access_reference,omitempty"` // UNH 0068
	Function        Function        `json:"function,omitempty"`
	Flight          *Flight         `json:"flight,omitempty"`
	Bookings        []Booking       `json:"bookings,omitempty"`
	Warnings        []fault.Fault   `json:"warnings,omitempty"`
	Lost            []fault.Fault   `json:"lost,omitempty"`
	Withheld        sensitive.Tally `json:"withheld,omitzero"`
	Error           *fault.Fault    `json:"error,omitempty"` // there is no message, only this

	Prepared    time.Time     `json:"-"` // UNB S004, read as UTC; zero where unreadable
	FunctionRaw string        `json:"-"` // MSG 1225 as sent
	Declared    int           `json:"-"` // EQN: the bookings of the whole push; -1 where it does not say
	Counted     int           `json:"-"` // the bookings of this message, lost ones too
	Part        int           `json:"-"` // UNH S010; 0 where it does not say
	First       bool          `json:"-"` // the first part of a push, or all of it
	Final       bool          `json:"-"` // the last part of a push, or all of it
	Whole       bool          `json:"-"` // the message came to its end
	Offset      int           `json:"-"` // of UNH
	Unknown     []Raw         `json:"-"` // segments of the heading that the standard does not know
	Masks       []fault.Range `json:"-"` // what the stored copy of the file must not show
}

// Function is what a push does to what the state already has.
type Function string

// The functions of MSG 1225 in a push: 22 and 141.
const (
	Full   Function = "full"   // every booking of the flight
	Update Function = "update" // only bookings that changed
)

// Flight is the flight the push is about (the TVL of the heading).
type Flight struct {
	Carrier string `json:"carrier,omitempty"`
	Number  string `json:"number,omitempty"`
	Suffix  string `json:"suffix,omitempty"`
	Legs    []Leg  `json:"legs,omitempty"`

	Operating  string   `json:"-"` // the carrier that flies, where the TVL names another
	Codeshares []Number `json:"-"` // further numbers of the same flight in the heading
}

// Number is a flight number with its carrier.
type Number struct {
	Carrier string `json:"carrier,omitempty"`
	Number  string `json:"number,omitempty"`
	Suffix  string `json:"suffix,omitempty"`
}

// Leg is one take-off and landing, in the airports' own time.
type Leg struct {
	From      string     `json:"from,omitempty"`
	To        string     `json:"to,omitempty"`
	Departure date.Local `json:"departure_local,omitzero"`
	Arrival   date.Local `json:"arrival_local,omitzero"`
}

// Booking is one passenger name record as it stood when the push was made.
type Booking struct {
	Locator    string      `json:"locator,omitempty"`
	Carrier    string      `json:"carrier,omitempty"`
	Created    time.Time   `json:"created,omitzero"`
	Locators   []Locator   `json:"locators,omitempty"` // in other systems, where there are any
	Group      string      `json:"group,omitempty"`    // a group booked without names
	Passengers []Passenger `json:"passengers,omitempty"`
	Segments   []Segment   `json:"segments,omitempty"`
	NonAir     []NonAir    `json:"non_air,omitempty"`
	Tickets    []Ticket    `json:"tickets,omitempty"`
	Payments   []Payment   `json:"payments,omitempty"`
	Contacts   []Contact   `json:"contacts,omitempty"`
	Agency     *Agency     `json:"agency,omitempty"`
	Remarks    []string    `json:"remarks,omitempty"`
	History    []Change    `json:"history,omitempty"`
	SplitFrom  string      `json:"split_from,omitempty"` // the other booking of a split; which came from which is not reliably coded

	Offset    int       `json:"-"` // of its SRC
	Length    int       `json:"-"` // of its segments
	Number    int       `json:"-"` // of its SRC among the segments
	Changed   time.Time `json:"-"` // DAT 700, the last transaction: the sender's clock for this booking
	Ticketed  time.Time `json:"-"` // DAT 710
	Cancelled bool      `json:"-"` // taken off this flight: an empty ORG and nothing after, or no segment of this flight held
	Unknown   []Raw     `json:"-"` // segments the standard does not know
	Requests  []Request `json:"-"` // further service requests for Append to write; Read leaves none
}

// Request is a special service request to be written as it is.
type Request struct {
	Code, Text, From, To string
	Passenger            string // the traveller's reference; "" for the booking
}

// Locator is a record locator in one system.
type Locator struct {
	Carrier string    `json:"carrier,omitempty"`
	Locator string    `json:"locator,omitempty"`
	Created time.Time `json:"created,omitzero"`
	DCS     bool      `json:"dcs,omitempty"` // a reference of departure control: there is no booking
}

// The types of a traveller.
const (
	Adult  = "ADT"
	Child  = "CHD"
	Infant = "INF"
)

// Passenger is one traveller of a booking, an infant on a lap too.
type Passenger struct {
	Surname        string     `json:"surname,omitempty"`
	Given          string     `json:"given,omitempty"`
	Type           string     `json:"type,omitempty"`
	Born           date.Date  `json:"born,omitzero"`
	Sex            string     `json:"sex,omitempty"`
	Nationality    string     `json:"nationality,omitempty"`
	Birthplace     string     `json:"birthplace,omitempty"`
	Residence      string     `json:"residence,omitempty"`
	Documents      []Document `json:"documents,omitempty"`
	Redress        string     `json:"redress,omitempty"`
	KnownTraveller string     `json:"known_traveller,omitempty"`
	FrequentFlyer  []string   `json:"frequent_flyer,omitempty"`
	Seats          []string   `json:"seats,omitempty"`
	Bags           []Bag      `json:"bags,omitempty"`

	Reference  string   `json:"-"` // 9944, e.g. 1 or 1.1
	Unique     string   `json:"-"` // REF
	GivenRaw   string   `json:"-"` // as sent, title and all
	WithInfant bool     `json:"-"` // the sender says so
	Infant     int      `json:"-"` // 1 + the place of the infant among the passengers; 0: none
	Lap        int      `json:"-"` // 1 + the place of the adult the infant travels with; 0: unknown
	Seat       string   `json:"-"` // on this flight
	CheckIn    *CheckIn `json:"-"` // nil: not checked in when the push was made
}

// CheckIn is what departure control knows of a traveller on this flight.
type CheckIn struct {
	At       time.Time // zero where the message does not say
	Sequence string
	Seat     string
}

// Document is a travel document, as in every other format.
type Document struct {
	Type    string    `json:"type,omitempty"`
	Number  string    `json:"number,omitempty"`
	Issuer  string    `json:"issuer,omitempty"`
	Expires date.Date `json:"expires,omitzero"`
}

// Bag is a checked bag.
type Bag struct {
	Tag string `json:"tag,omitempty"`
}

// Segment is one flight of the journey, as the traveller booked it.
type Segment struct {
	Carrier   string     `json:"carrier,omitempty"`
	Number    string     `json:"number,omitempty"` // absent: open
	Suffix    string     `json:"suffix,omitempty"`
	From      string     `json:"from,omitempty"`
	To        string     `json:"to,omitempty"`
	Departure date.Local `json:"departure_local,omitzero"`
	Arrival   date.Local `json:"arrival_local,omitzero"`
	Class     string     `json:"class,omitempty"`
	Status    string     `json:"status,omitempty"`
	Operating *Number    `json:"operating,omitempty"`

	Party     int    `json:"-"` // how many travel
	Equipment string `json:"-"`
	Locator   string `json:"-"` // with the other carrier
	This      bool   `json:"-"` // it is the flight of the push
}

// NonAir is a hotel, a car and the like in the same booking.
type NonAir struct {
	Kind string     `json:"kind,omitempty"` // hotel, car, or the code as sent
	From date.Local `json:"from_local,omitzero"`
	To   date.Local `json:"to_local,omitzero"`
	Name string     `json:"name,omitempty"`
	At   string     `json:"at,omitempty"` // city or airport, the second behind a slash
}

// Ticket is one ticket of one traveller.
type Ticket struct {
	Number     string `json:"number,omitempty"`
	Passenger  string `json:"passenger,omitempty"` // the traveller's reference
	Kind       string `json:"kind,omitempty"`      // the sender's letter, where it is not T
	Ticketless bool   `json:"ticketless,omitempty"`
	Base       string `json:"base,omitempty"`
	Total      string `json:"total,omitempty"`
	Currency   string `json:"currency,omitempty"`
	Issued     string `json:"issued,omitempty"` // an instant, or a date where no time was sent
}

// Payment is one form of payment. A card shows its first six and last four digits.
type Payment struct {
	Form     string `json:"form,omitempty"`
	Vendor   string `json:"vendor,omitempty"`
	Card     string `json:"card,omitempty"`
	Account  string `json:"account,omitempty"` // of a form that is no card
	Expires  string `json:"expires,omitempty"` // YYYY-MM
	Amount   string `json:"amount,omitempty"`
	Currency string `json:"currency,omitempty"`
	Old      bool   `json:"old,omitempty"` // the payment of an exchanged ticket
}

// Contact is how somebody can be reached.
type Contact struct {
	Kind  string `json:"kind"` // phone, email, address
	Value string `json:"value"`
}

// Agency is who made the booking.
type Agency struct {
	IATA    string `json:"iata,omitempty"`
	Name    string `json:"name,omitempty"`
	City    string `json:"city,omitempty"`
	Office  string `json:"office,omitempty"`
	System  string `json:"system,omitempty"`
	Country string `json:"country,omitempty"`
}

// Change is one line of a booking's history.
type Change struct {
	At     time.Time `json:"at,omitzero"`
	By     string    `json:"by,omitempty"`
	City   string    `json:"city,omitempty"`
	Action string    `json:"action,omitempty"` // added, cancelled, or the code as sent
	Item   string    `json:"item,omitempty"`
}

// Raw is a segment kept as it came, released but not split.
type Raw struct {
	Tag, Text string
	Offset    int
}
