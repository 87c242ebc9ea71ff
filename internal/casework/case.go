package casework

import (
	"context"
	"database/sql"
	"time"

	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/store"
)

// State is where a case stands.
type State string

// The states of a case: open, claimed by somebody, pending on a second person, waiting for somebody outside (an answer to
// what was asked, the end of what was ordered), closed by a decision.
const (
	Open    State = "open"
	Claimed State = "claimed"
	Pending State = "pending"
	Waiting State = "waiting"
	Closed  State = "closed"
)

// NotSamePerson is the outcome that also tells screening to leave the pair alone from now on.
const NotSamePerson = "not-same-person"

// Cleared is the outcome that lets the subject be, whoever it is.
const Cleared = "cleared"

// Lifted is the outcome that takes back what an adverse one ordered.
const Lifted = "lifted"

// Upheld says whether an outcome bore out what was found: it led to something, be it only a referral.
func Upheld(outcome string) bool {
	return outcome != NotSamePerson && outcome != Cleared && outcome != Lifted && outcome != Withdrawn && outcome != Merged
}

// UpheldOf are those of some subjects of whom a case ended in an outcome that bore out what was found.
func UpheldOf(ctx context.Context, r store.Reader, ids []screening.ID) (out []screening.ID, err error) {
	err = store.ForKeys(ctx, r, `select subject, outcome from casework_case where state = 'closed' and subject in (:keys)`, ids, func(rows *sql.Rows) error {
		var id screening.ID
		var outcome string
		err := rows.Scan(&id, &outcome)
		if Upheld(outcome) {
			out = append(out, id)
		}
		return err
	})
	return out, err
}

// How a case can close without a decision. Neither bears on anybody's rights.
const (
	Withdrawn = "withdrawn" // every finding went before anybody took the case on
	Merged    = "merged"    // its subject turned out to be the subject of an older case
)

// Case is a human's work on one subject.
type Case struct {
	ID        string             `json:"id"`
	Number    int64              `json:"number"` // C-2291: what people call it
	Domain    string             `json:"domain"`
	Subject   screening.ID       `json:"subject"`
	Within    string             `json:"within,omitempty"` // the id of what holds the subject: the flight, the waybill
	State     State              `json:"state"`
	Severity  screening.Severity `json:"severity,omitzero"` // of its worst finding
	Title     string             `json:"title"`             // the subject's name, for the queue
	Context   string             `json:"context,omitempty"` // the flight, the waybill
	Kind      string             `json:"kind,omitempty"`    // the worst finding's explanation code
	Findings  int                `json:"findings"`
	Opened    time.Time          `json:"opened"`
	Until     time.Time          `json:"until,omitzero"` // when acting is too late
	ClaimedBy string             `json:"claimed_by,omitempty"`
	ClaimedAt time.Time          `json:"claimed_at,omitzero"`
	Outcome   string             `json:"outcome,omitempty"` // how it closed, or what it waits under
	Closed    time.Time          `json:"closed,omitzero"`
	Version   int64              `json:"version"`
}

// Outcome is one way a case of a domain can end.
type Outcome struct {
	Code     string   `json:"code"`              // not-same-person, cleared, referred, do-not-board
	Roles    []string `json:"roles"`             // who may decide it
	Adverse  bool     `json:"adverse"`           // bears on the traveller's rights: a human only, with a reason
	Second   bool     `json:"second"`            // needs a second person's yes
	Seconds  []string `json:"seconds,omitempty"` // roles that may give it; none means Roles
	Waits    bool     `json:"waits,omitempty"`   // the decision stands and the case stays: for an answer, for its lifting
	Lifts    string   `json:"lifts,omitempty"`   // the outcome of a closed case that it takes back; none is an outcome of an open one
	Shortest int      `json:"shortest"`          // characters a reason has at least
}

// Decision is what a human decided, why, and who confirmed it.
type Decision struct {
	ID        string    `json:"id"`
	Case      string    `json:"case"`
	Outcome   string    `json:"outcome"`
	Reason    string    `json:"reason"`
	By        string    `json:"by"`
	At        time.Time `json:"at"`
	Pending   bool      `json:"pending,omitempty"` // waits for the second person
	Confirmed string    `json:"confirmed_by,omitempty"`
	ConfirmAt time.Time `json:"confirmed_at,omitzero"`
	Refused   bool      `json:"refused,omitempty"` // the second person said no; Confirmed names them
	Answer    string    `json:"answer,omitempty"`  // what the second person said
}

// Happening is one line of a case's history.
type Happening struct {
	At     time.Time `json:"at"`
	By     string    `json:"by,omitempty"` // absent where the house itself acted
	What   string    `json:"what"`         // opened, finding, claimed, released, note, decided, confirmed, refused …
	Detail string    `json:"detail,omitempty"`
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
