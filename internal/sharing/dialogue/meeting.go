package dialogue

import (
	"time"

	"github.com/rihla/rihla/internal/sharing/agreement"
	"github.com/rihla/rihla/internal/sharing/ledger"
)

// State is how far a meeting's record is.
type State string

// The states of a meeting.
const (
	Draft   State = "draft"   // the host writes
	Offered State = "offered" // the host's chair has signed; the guest's chair has the record
	Closed  State = "closed"  // both have; nothing changes any more
)

// States are all that a meeting can be in.
var States = []State{Draft, Offered, Closed}

// Meeting is a round of the dialogue. Party and authority ids are those of the agreements.
type Meeting struct {
	ID          string            `json:"id"`
	Number      string            `json:"number" doc:"M-YYYY-NN, counted by each side for itself"`
	Title       string            `json:"title,omitempty"`
	TitleAr     string            `json:"title_ar,omitempty"`
	Agreements  []string          `json:"agreements" nullable:"false"`
	Own         string            `json:"own" doc:"This side's party"`
	Partner     string            `json:"partner"`
	Host        string            `json:"host" doc:"The party that keeps the record"`
	Starts      time.Time         `json:"starts"`
	Place       string            `json:"place,omitempty"`
	Call        string            `json:"call,omitempty" doc:"Address of the video call, whatever the two use"`
	From        string            `json:"from" doc:"First day of the period that is reviewed"`
	To          string            `json:"to" doc:"Its last day"`
	Urgent      bool              `json:"urgent,omitempty"`
	State       State             `json:"state" enum:"draft,offered,closed"`
	Authentic   Language          `json:"authentic" enum:"en,ar" doc:"The language whose words hold where the two differ"`
	Chairs      map[string]string `json:"chairs" doc:"The authority that chairs, by party"`
	Delegations []Delegation      `json:"delegations" nullable:"false"`
	Signatures  []Signature       `json:"signatures" nullable:"false"`
	Objection   *Objection        `json:"objection,omitempty" doc:"Why the guest's chair did not sign the record last offered"`
	Digest      string            `json:"digest,omitempty" doc:"Of the record that the chairs sign"`
	Version     int64             `json:"version"`
	OpenedBy    string            `json:"opened_by,omitempty"`
	OpenedAt    time.Time         `json:"opened_at"`
	ClosedAt    time.Time         `json:"closed_at,omitzero"`
	ActionsOpen int               `json:"actions_open"`
	ActionsLate int               `json:"actions_late"`
	Decisions   int               `json:"decisions"`
}

// Language is one of the two that the dialogue is held in.
type Language string

// The languages.
const (
	English Language = "en"
	Arabic  Language = "ar"
)

// Delegation is who came for a side.
type Delegation struct {
	Party  string   `json:"party"`
	People []Person `json:"people" nullable:"false"`
}

// Person is a member of a delegation, named as they wish to be.
type Person struct {
	Name string `json:"name" maxLength:"200"`
	Post string `json:"post,omitempty" maxLength:"200"`
}

// Signature is a chair's, over the meeting's record.
type Signature struct {
	Party     string    `json:"party"`
	Authority string    `json:"authority"`
	By        string    `json:"by,omitempty" doc:"Who pressed the button, on this side"`
	At        time.Time `json:"at"`
	JWS       string    `json:"jws" doc:"Detached, over the record's bytes"`
}

// Objection is the guest's no to a record.
type Objection struct {
	Party  string    `json:"party"`
	Reason string    `json:"reason"`
	At     time.Time `json:"at"`
}

// Kind is what an item of the agenda is about.
type Kind string

// The kinds of items.
const (
	Opening     Kind = "opening"
	LastMinutes Kind = "last_minutes"
	ActionsDue  Kind = "actions"
	Report      Kind = "report" // of one agreement
	Incidents   Kind = "incidents"
	DataQuality Kind = "data_quality"
	Proposals   Kind = "proposals"
	Training    Kind = "training"
	NextDate    Kind = "next_date"
	Other       Kind = "other" // its title says what
)

// Kinds are all that an item can be.
var Kinds = []Kind{Opening, LastMinutes, ActionsDue, Report, Incidents, DataQuality, Proposals, Training, NextDate, Other}

// Item is one point of the agenda, with what was said on it.
type Item struct {
	ID        string  `json:"id,omitempty"`
	Kind      Kind    `json:"kind" enum:"opening,last_minutes,actions,report,incidents,data_quality,proposals,training,next_date,other"`
	Agreement string  `json:"agreement,omitempty" doc:"Of a report, and where the item is about one agreement"`
	Title     string  `json:"title,omitempty" maxLength:"500"`
	TitleAr   string  `json:"title_ar,omitempty" maxLength:"500"`
	Minute    *Minute `json:"minute,omitempty"`
}

// Minute is what was said on an item, in words that both sides agree on, and what each reserves.
type Minute struct {
	English      string        `json:"en,omitempty"`
	Arabic       string        `json:"ar,omitempty"`
	Reservations []Reservation `json:"reservations" nullable:"false"`
	By           string        `json:"by,omitempty"`
	At           time.Time     `json:"at"`
}

// Reservation is one side's.
type Reservation struct {
	Party   string `json:"party"`
	English string `json:"en,omitempty" maxLength:"4000"`
	Arabic  string `json:"ar,omitempty" maxLength:"4000"`
}

// In is the text in a language; foreign says that there is only the other one.
func (m *Minute) In(l Language) (text string, foreign bool) {
	return inLanguage(l, m.English, m.Arabic)
}

func inLanguage(l Language, english, arabic string) (text string, foreign bool) {
	text, other := english, arabic
	if l == Arabic {
		text, other = arabic, english
	}
	if text == "" {
		return other, other != ""
	}
	return text, false
}

// ActionState is how far an action item is.
type ActionState string

// The states of an action item. Late is an open one whose day is past.
const (
	ActionOpen    ActionState = "open"
	ActionLate    ActionState = "late"
	ActionDone    ActionState = "done"
	ActionDropped ActionState = "dropped"
)

// ActionStates are all that an action item can be in.
var ActionStates = []ActionState{ActionOpen, ActionLate, ActionDone, ActionDropped}

// Action is what somebody undertook to do.
type Action struct {
	ID            string      `json:"id"`
	Number        string      `json:"number" doc:"A-YYYY-NN"`
	Meeting       string      `json:"meeting"`
	MeetingNumber string      `json:"meeting_number"`
	Agreement     string      `json:"agreement,omitempty"`
	Owner         string      `json:"owner" doc:"The authority that undertook it"`
	Text          string      `json:"text"`
	TextAr        string      `json:"text_ar,omitempty"`
	Due           string      `json:"due"`
	Figure        string      `json:"figure,omitempty" doc:"Of the report, such as reply_time_s.T2.p99"`
	State         ActionState `json:"state" enum:"open,late,done,dropped"`
	Evidence      string      `json:"evidence,omitempty" doc:"A message's id, or words"`
	ChangedBy     string      `json:"changed_by,omitempty"`
	ChangedAt     time.Time   `json:"changed_at,omitzero"`
}

// Decision is what the two decided.
type Decision struct {
	Number    string        `json:"number" doc:"D-YYYY-NN"`
	Date      string        `json:"date"`
	Text      string        `json:"text"`
	TextAr    string        `json:"text_ar,omitempty"`
	Basis     string        `json:"basis,omitempty"`
	Agreement string        `json:"agreement,omitempty"`
	Effect    ledger.Effect `json:"effect"`
	SignedBy  []string      `json:"signed_by" nullable:"false" doc:"Authorities; empty until the meeting closes"`
}

// File is a meeting with everything that belongs to it.
type File struct {
	Meeting      Meeting              `json:"meeting"`
	Agenda       []Item               `json:"agenda" nullable:"false"`
	Actions      []Action             `json:"actions" nullable:"false" doc:"Undertaken here"`
	Due          []Action             `json:"due" nullable:"false" doc:"Of earlier meetings and not done: late ones first"`
	Decisions    []Decision           `json:"decisions" nullable:"false"`
	Developments []ledger.Development `json:"developments" nullable:"false" doc:"Since the last round"`
	Proposals    []Proposal           `json:"proposals" nullable:"false" doc:"Versions that wait for the other side"`
}

// Proposal is a version of an agreement that is not in force yet: what it would change, and what it would have changed in
// the period under review.
type Proposal struct {
	Agreement     string   `json:"agreement"`
	Version       int      `json:"version"`
	By            string   `json:"by" doc:"Party"`
	Changes       []Change `json:"changes" nullable:"false"`
	Replayed      int      `json:"replayed" doc:"Requests of the period that were held against the new text: direction, purpose, fields, quota"`
	WouldRefuse   int      `json:"would_refuse" doc:"Of those, asked then and refused now"`
	WouldPermit   int      `json:"would_permit" doc:"Of those, refused for one of these then and not now"`
	WouldWithhold int      `json:"would_withhold" doc:"Of those, answered with a field that would not leave now"`
	Unreplayed    []string `json:"unreplayed" nullable:"false" doc:"Shares whose conditions change: the log does not hold the facts that a condition looks at"`

	Document *agreement.Document `json:"-"` // the new text; nil is not replayed
}

// Change is one clause that differs.
type Change struct {
	Path    string `json:"path"`
	Was     string `json:"was,omitempty"`
	Becomes string `json:"becomes,omitempty"`
	Effect  string `json:"effect" enum:"stricter,looser,other"`
}
