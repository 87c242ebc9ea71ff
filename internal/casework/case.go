package casework

import (
	"time"

	"github.com/rihla/rihla/internal/screening"
)

// State is where a case stands.
type State string

// The states of a case: open, claimed by somebody, waiting for a second person, closed by a decision.
const (
	Open    State = "open"
	Claimed State = "claimed"
	Pending State = "pending"
	Closed  State = "closed"
)

// Case is a human's work on one subject.
type Case struct {
	ID        string             `json:"id"`
	Number    int64              `json:"number"` // C-2291: what people call it
	Domain    string             `json:"domain"`
	Subject   screening.ID       `json:"subject"`
	State     State              `json:"state"`
	Severity  screening.Severity `json:"severity"` // of its worst finding
	Title     string             `json:"title"`    // the subject's name, for the queue
	Context   string             `json:"context"`  // the flight, the waybill
	Kind      string             `json:"kind"`     // the worst finding's explanation code
	Findings  int                `json:"findings"`
	Opened    time.Time          `json:"opened"`
	Until     time.Time          `json:"until,omitzero"` // when acting is too late
	ClaimedBy string             `json:"claimed_by,omitempty"`
	ClaimedAt time.Time          `json:"claimed_at,omitzero"`
	Version   int64              `json:"version"`
}

// Outcome is one way a case of a domain can end.
type Outcome struct {
	Code     string   `json:"code"`     // not-same-person, cleared, referred, do-not-board
	Roles    []string `json:"roles"`    // who may decide it
	Adverse  bool     `json:"adverse"`  // bears on the traveller's rights: a human only, with a reason
	Second   bool     `json:"second"`   // needs a second person's yes
	Shortest int      `json:"shortest"` // characters a reason has at least
}

// Decision is what a human decided, why, and who confirmed it.
type Decision struct {
	ID        string    `json:"id"`
	Case      string    `json:"case"`
	Outcome   string    `json:"outcome"`
	Reason    string    `json:"reason"`
	By        string    `json:"by"`
	At        time.Time `json:"at"`
	Confirmed string    `json:"confirmed_by,omitempty"`
	ConfirmAt time.Time `json:"confirmed_at,omitzero"`
	Refused   bool      `json:"refused,omitempty"`
}

// Sheet is what a desk shows of a subject, told by the domain that knows it.
type Sheet struct {
	Title   string    `json:"title"`
	Context string    `json:"context"`
	Path    string    `json:"path"` // where the web app shows it whole
	Until   time.Time `json:"until,omitzero"`
	Lines   []Line    `json:"lines"`
}

// Line is one value of a sheet with the reports it came from.
type Line struct {
	Label   string   `json:"label"` // a code the web app has words for
	Value   string   `json:"value"`
	Sources []string `json:"sources,omitempty"`
}
