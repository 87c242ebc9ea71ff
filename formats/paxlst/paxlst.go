// Package paxlst reads and writes PAXLST, the passenger and crew list that carriers send ahead of a flight:
// UN/EDIFACT D.96B to D.13B as the WCO/IATA/ICAO guide to advance passenger information uses it.
//
// Call [Read] on the bytes of a file. Each message becomes a [Message], whose JSON is the public contract's; a
// message that cannot be read at all becomes a fault instead. What breaks the guide but can be understood is kept,
// with a warning at its place; one bad passenger never costs the flight.
//
// [Append] writes a message strictly, as the guide wants it, for tests and for synthetic traffic.
//
// The package knows no other message, no clock and no list of airports. Free text other than bag tags is not
// handed out at all; where it reveals what may not be kept (formats/sensitive) it is counted, and its place told
// for masking.
package paxlst

import (
	"time"

	"github.com/rihla/rihla/formats/date"
	"github.com/rihla/rihla/formats/fault"
	"github.com/rihla/rihla/formats/sensitive"
)

// Format is the name of this format in the public contract.
const Format = "paxlst"

// Function is what a message is for.
type Function string

// The functions of a PAXLST. One that the message does not tell, or that no guide knows, is empty.
const (
	PassengerList   Function = "passenger-list"
	CrewList        Function = "crew-list"
	FlightClose     Function = "flight-close"
	Change          Function = "change"
	Cancel          Function = "cancel"
	SinglePassenger Function = "single-passenger"
)

// Role is what a person does on the flight.
type Role string

// The roles of persons.
const (
	Passengers Role = "passenger"
	Crew       Role = "crew"
	Transit    Role = "transit" // stays airside and goes on
)

// Message is one PAXLST. The JSON fields are the public contract; the others are for programs.
type Message struct {
	Format           string          `json:"format"`
	Version          string          `json:"version,omitempty"`
	Sender           string          `json:"sender,omitempty"`
	Recipient        string          `json:"recipient,omitempty"`
	Reference        string          `json:"reference,omitempty"` // of the interchange, UNB 0020
	MessageReference string          `json:"message,omitempty"`   // UNH 0062
	AccessReference  string          `json:"access_reference,omitempty"`
	Function         Function        `json:"function,omitempty"`
	Interactive      bool            `json:"interactive,omitempty"` // wants an answer at once
	Flight           Flight          `json:"flight,omitzero"`
	Passengers       []Passenger     `json:"passengers,omitempty"`
	CrewCount        int             `json:"crew_count"`
	PassengerCount   int             `json:"passenger_count"` // in transit included
	Withheld         sensitive.Tally `json:"withheld,omitzero"`
	Warnings         []fault.Fault   `json:"warnings,omitempty"`
	Lost             []fault.Fault   `json:"lost,omitempty"`

	Prepared    time.Time     `json:"-"` // the interchange, by its sender's clock
	Code        string        `json:"-"` // BGM 1001: 745, 250, 266 …
	SubCode     string        `json:"-"` // BGM 1004 where it is a function: CP, XR, CLOB …
	Document    string        `json:"-"` // BGM 1004 where it is a number
	Transaction string        `json:"-"` // RFF TN, echoed in the answer
	Revision    string        `json:"-"` // its revision
	Part        int           `json:"-"` // of a list in parts; 0 where the message does not say
	First       bool          `json:"-"`
	Final       bool          `json:"-"` // the last part, or the only one
	Whole       bool          `json:"-"` // nothing was cut off its end
	Complete    bool          `json:"-"` // everyone in it was read, and it is all there: no part missing, nobody lost
	Application string        `json:"-"` // UNB 0026, e.g. IAPI
	Test        bool          `json:"-"` // UNB 0035
	Total       int           `json:"-"` // CNT 42, of passengers; -1 where absent
	CrewTotal   int           `json:"-"` // CNT 41, of crew; -1 where absent
	Offset      int           `json:"-"` // of UNH
	Masked      []fault.Range `json:"-"` // bytes of the file that hold what was withheld
}

// Flight is a flight as the sender names it, and its legs. A private flight has no carrier, and its number is the
// registration or call sign.
type Flight struct {
	Carrier string `json:"carrier,omitempty"`
	Number  string `json:"number,omitempty"` // without leading zeros
	Suffix  string `json:"suffix,omitempty"`
	Legs    []Leg  `json:"legs,omitempty"`
	Border  int    `json:"-"` // index of the leg that crosses the border (LOC 125 to LOC 87); -1 where none is named
}

// IsZero tells that nothing is known of the flight.
func (f Flight) IsZero() bool {
	return f.Carrier == "" && f.Number == "" && f.Suffix == "" && f.Legs == nil
}

// Leg is one hop, in the local time of each airport.
type Leg struct {
	From      string     `json:"from,omitempty"`
	To        string     `json:"to,omitempty"`
	Departure date.Local `json:"departure_local,omitzero"`
	Arrival   date.Local `json:"arrival_local,omitzero"`
}

// Passenger is one person of the list, crew included.
type Passenger struct {
	Role             Role       `json:"role"`
	Surname          string     `json:"surname,omitempty"`
	Given            string     `json:"given,omitempty"`
	Sex              string     `json:"sex,omitempty"` // M, F, X
	Born             date.Date  `json:"born,omitzero"`
	Birthplace       string     `json:"birthplace,omitempty"`
	Nationality      string     `json:"nationality,omitempty"`
	Residence        string     `json:"residence,omitempty"`
	From             string     `json:"from,omitempty"`
	To               string     `json:"to,omitempty"`
	Clearance        string     `json:"clearance,omitempty"`
	Reservation      string     `json:"reservation,omitempty"`
	CarrierReference string     `json:"carrier_reference,omitempty"`
	Seat             string     `json:"seat,omitempty"` // without leading zeros
	Bags             []Bag      `json:"bags,omitempty"`
	Documents        []Document `json:"documents,omitempty"`
	Contacts         []Contact  `json:"contacts,omitempty"`
	Verified         Answer     `json:"verified,omitzero"`

	Nationalities  []string `json:"other_nationalities,omitempty"`
	BirthCountry   string   `json:"birth_country,omitempty"`
	Address        string   `json:"address,omitempty"` // of the person, NAD
	Ticket         string   `json:"ticket,omitempty"`
	Redress        string   `json:"redress,omitempty"`
	KnownTraveller string   `json:"known_traveller,omitempty"`
	CrewType       string   `json:"crew_type,omitempty"` // CR1 to CR5
	BagCount       int      `json:"bag_count,omitempty"`
	BagWeight      string   `json:"bag_weight,omitempty"` // with its unit, e.g. 42 KGM

	Offset  int `json:"-"` // of NAD in the file
	Segment int `json:"-"` // its number
}

// Bag is one bag by its tag.
type Bag struct {
	Tag string `json:"tag"`
}

// Document is one travel document.
type Document struct {
	Type    string    `json:"type,omitempty"`
	Number  string    `json:"number,omitempty"` // without spaces, hyphens and fillers
	Issuer  string    `json:"issuer,omitempty"`
	Expires date.Date `json:"expires,omitzero"`
	Issued  date.Date `json:"issued,omitzero"`
}

// Contact is how a person can be reached: phone or email.
type Contact struct {
	Kind  string `json:"kind"`
	Value string `json:"value"`
}

// Answer is yes, no, or not said.
type Answer uint8

// The answers. Their JSON is true and false; what was not said is left out.
const (
	NotSaid Answer = iota
	Yes
	No
)

// MarshalJSON writes true or false.
func (a Answer) MarshalJSON() ([]byte, error) {
	switch a {
	case Yes:
		return []byte("true"), nil
	case No:
		return []byte("false"), nil
	}
	return []byte("null"), nil
}

// UnmarshalJSON reads what MarshalJSON writes.
func (a *Answer) UnmarshalJSON(b []byte) error {
	switch string(b) {
	case "true":
		*a = Yes
	case "false":
		*a = No
	default:
		*a = NotSaid
	}
	return nil
}

// Read reads every message of a file and calls each with it, or with the fault for which it could not be read:
// exactly one of the two is set. received resolves two-digit years where the flight names no date. It stops, and
// returns the error, when each returns one.
//
// The strings of a message are substrings of one copy of the file: keeping one keeps all of it.
func Read(raw []byte, received time.Time, each func(*Message, *fault.Fault) error) error {
	var d Decoder
	d.Reset(raw, received)
	for {
		m, broken := d.Next()
		if m == nil && broken == nil {
			return nil
		}
		if err := each(m, broken); err != nil {
			return err
		}
	}
}
