package scenario

import "time"

// Scenario is one exercise as its file has it.
type Scenario struct {
	ID      string            `yaml:"exercise"`
	Title   Words             `yaml:"title"`
	About   Words             `yaml:"about"` // what a trainee is told at the start
	Start   Instant           `yaml:"start"` // of the world's clock
	Length  Span              `yaml:"length"`
	Seats   []string          `yaml:"seats"` // the roles that trainees take
	Skills  []string          `yaml:"skills"`
	Cast    map[string]Person `yaml:"cast"`
	Flights map[string]Flight `yaml:"flights"`
	Events  []Event           `yaml:"events"`
	Steps   []Step            `yaml:"steps"`
	Lazy    int               `yaml:"clears_everything"` // what whoever clears everything scores, in per cent
}

// Words are one text in both languages.
type Words struct {
	En string `yaml:"en" json:"en"`
	Ar string `yaml:"ar" json:"ar"`
}

// Person is one of the cast. All of them are invented.
type Person struct {
	Surname     string     `yaml:"surname"`
	Given       string     `yaml:"given"`
	Born        string     `yaml:"born"`
	Sex         string     `yaml:"sex"`
	Nationality string     `yaml:"nationality"`
	Documents   []Document `yaml:"documents"`
	Phone       string     `yaml:"phone"`
	Member      string     `yaml:"known_traveller"`
	Redress     string     `yaml:"redress"`
}

// Document is what one of the cast travels on.
type Document struct {
	Type    string `yaml:"type"`
	Number  string `yaml:"number"`
	Issuer  string `yaml:"issuer"`
	Expires string `yaml:"expires"`
}

// Flight is a flight of the world; its times are local, as an airline's are.
type Flight struct {
	Carrier string `yaml:"carrier"`
	Number  string `yaml:"number"`
	From    string `yaml:"from"`
	To      string `yaml:"to"`
	Departs string `yaml:"departs"` // 2026-03-02T22:10
	Arrives string `yaml:"arrives"`
}

// Event is something that happens. Exactly one of its parts says what.
type Event struct {
	At         Span        `yaml:"at"` // after the start
	Passengers *Passengers `yaml:"passengers"`
	Booking    *Booking    `yaml:"booking"`
	Report     *Report     `yaml:"report"`
	List       *List       `yaml:"list"`
	Note       *Note       `yaml:"note"`
}

// Passengers is a carrier's list of who is on a flight.
type Passengers struct {
	Flight string   `yaml:"flight"`
	Who    []string `yaml:"who"`
	Others int      `yaml:"others"` // strangers made up besides
	Closes bool     `yaml:"closes"` // the flight is closed: these are on board
}

// Booking is one booking as the reservation system sends it.
type Booking struct {
	Flight  string   `yaml:"flight"`
	Locator string   `yaml:"locator"`
	Who     []string `yaml:"who"`
	Remarks []string `yaml:"remarks"`
}

// Report is any other report, as it is filed: a waybill, a declaration, an incident.
type Report struct {
	Filer string `yaml:"filer"`
	Media string `yaml:"media"`
	Text  string `yaml:"text"`
}

// List replaces a list.
type List struct {
	Name    string  `yaml:"name"`
	Entries []Entry `yaml:"entries"`
}

// Entry is one entry: somebody of the cast, or one of their documents.
type Entry struct {
	ID     string `yaml:"id"`
	Of     string `yaml:"of"`     // one of the cast, whose name and birth it has
	As     string `yaml:"as"`     // written otherwise
	Born   string `yaml:"born"`   // another birth date than theirs
	Reason string `yaml:"reason"` // why it is listed
	Lost   int    `yaml:"lost"`   // the number of their document that is lost, counted from one; then it is no person
}

// Note is something said to the trainees: a phone call, a colleague.
type Note struct {
	From string `yaml:"from"`
	Text Words  `yaml:"text"`
}

// Step is one thing that a good trainee does.
type Step struct {
	ID     string         `yaml:"id"`
	Role   string         `yaml:"role"`
	Skill  string         `yaml:"skill"`
	Of     string         `yaml:"of"`      // one of the cast, or the title of the case as the desk shows it
	Flight string         `yaml:"flight"`  // on which of their flights; empty is any
	Decide []string       `yaml:"decide"`  // outcomes that are right
	Second string         `yaml:"second"`  // the role of who confirms, where the outcome asks it
	By     Span           `yaml:"by"`      // after the start
	After  string         `yaml:"after"`   // a step that comes before it
	Points int            `yaml:"points"`  // of doing it right and in time; late is half
	Wrong  map[string]int `yaml:"wrong"`   // what another outcome costs
	Quiet  bool           `yaml:"nothing"` // right is that no case of theirs is ever decided against them
	Hint   Words          `yaml:"hint"`
	Law    string         `yaml:"law"`
}

// Instant is a moment, RFC 3339; Span a length of time: 90m, 2h30m.
type (
	Instant struct{ time.Time }
	Span    struct{ time.Duration }
)
