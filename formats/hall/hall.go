package hall

import (
	"time"

	"github.com/rihla/rihla/formats/fault"
)

// Schema names the form, in the header of each file.
const Schema = "rihla.hall-events/v1"

// Format is what decode calls it.
const Format = "hall"

// Limits keep one file from taking a machine's memory.
const (
	MaxBytes  = 32 << 20
	MaxEvents = 200_000 // some hundred bytes each
	MaxFaults = 10_000  // told of one file; the rest is counted
)

// DefaultHall is the hall of an airport that names none.
const DefaultHall = "arrivals"

// The lanes of a hall.
const (
	Staffed   = "staffed"   // a desk with an officer
	EGate     = "egate"     // a gate that reads the chip and looks at the face
	Member    = "member"    // a kiosk or gate for members of a trusted-traveller programme
	Priority  = "priority"  // a desk for assistance, families with infants, crew
	Secondary = "secondary" // a closer look
)

// Lanes are all of them.
var Lanes = []string{Staffed, EGate, Member, Priority, Secondary}

// What came of a passage.
const (
	Passed   = "passed"
	Referred = "referred" // to an officer: no accusation
)

// Document is one file of events.
type Document struct {
	Format    string    `json:"format"`
	Airport   string    `json:"airport"`             // IATA
	Reference string    `json:"reference,omitempty"` // the airport's own
	Sent      time.Time `json:"sent"`                // the sender's clock: of two words on one thing the later stands

	Blocks   []Block    `json:"blocks,omitempty"`
	Passages []Passage  `json:"passages,omitempty"`
	Staffing []Staffing `json:"staffing,omitempty"`

	Warnings []fault.Fault `json:"warnings,omitempty"`
	Lost     []fault.Fault `json:"lost,omitempty"`
	More     int           `json:"more,omitempty"` // faults beyond MaxFaults
	// Withheld are the bytes that name a person: numbers of documents, references of passengers.
	Withheld []fault.Range `json:"-"`
}

// Block is when a flight came on block, or is expected to.
type Block struct {
	Flight    Flight    `json:"flight"`
	Hall      string    `json:"hall"` // where its passengers come to
	At        time.Time `json:"at"`
	Estimated bool      `json:"estimated,omitempty"`
}

// Flight is a flight as an airport names it.
type Flight struct {
	Carrier string `json:"carrier"`
	Number  string `json:"number"` // without leading zeros
	Suffix  string `json:"suffix,omitempty"`
	Date    string `json:"date"`           // local date of departure of the leg that crosses the border
	From    string `json:"from,omitempty"` // where that leg begins; empty is unknown
}

// Passage is one person served at one desk or gate.
type Passage struct {
	Hall      string     `json:"hall"`
	Lane      string     `json:"lane"`
	Desk      string     `json:"desk"` // which of the hall's desks and gates
	Gate      bool       `json:"gate,omitempty"`
	Flight    Flight     `json:"flight,omitzero"`     // zero where the desk was not told
	Document  *TravelDoc `json:"document,omitempty"`  // what was read
	Passenger string     `json:"passenger,omitempty"` // the airport's own reference of them, where no document is told
	Queued    time.Time  `json:"queued,omitzero"`     // zero where no sensor saw it
	Began     time.Time  `json:"began"`
	Ended     time.Time  `json:"ended"`
	Result    string     `json:"result"`
}

// TravelDoc is the document that was read.
type TravelDoc struct {
	Number string `json:"number"`
	Issuer string `json:"issuer,omitempty"` // ISO 3166-1 alpha-3 or ICAO's own
}

// Staffing is how many desks or gates of a lane were open in a quarter of an hour.
type Staffing struct {
	Hall    string    `json:"hall"`
	Lane    string    `json:"lane"`
	Quarter time.Time `json:"quarter"` // its beginning
	Desks   int       `json:"desks"`
}

// Quarter is the length of what staffing is told by.
const Quarter = 15 * time.Minute
