package pipeline

import (
	"context"
	"errors"
	"io/fs"
	"time"

	"github.com/rihla/rihla/formats/fault"
	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/casework"
	"github.com/rihla/rihla/internal/intake"
	"github.com/rihla/rihla/internal/jobs"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/screening/rules"
	"github.com/rihla/rihla/internal/sharing"
	"github.com/rihla/rihla/internal/store"
)

// Domain is what a domain must offer to plug into the road: travel, cargo, funds, cyber.
type Domain interface {
	Name() string
	// Formats are those it recognises and reads.
	Formats() []Format
	// Plan works out what one report changes. It is repeatable, reads what it needs of what is stored, writes nothing.
	// A *fault.Fault refuses the report for what it says: it is quarantined. Any other error is our own failure.
	Plan(context.Context, store.Reader, Filing) (Change, error)
	// Screen gives subjects as committed, to be screened again; one that is gone is left out.
	Screen(context.Context, store.Reader, []screening.ID) ([]screening.Screened, error)
	// Ahead lists, n at a time and after the one named, the subjects that have still to cross.
	Ahead(ctx context.Context, r store.Reader, now time.Time, after screening.ID, n int) ([]screening.ID, error)
	// Vocabulary is the typed view that rules see; no sensitive attribute exists in it.
	Vocabulary() rules.Vocabulary
	// Outcomes are the decisions its cases can end in.
	Outcomes() []casework.Outcome
	// Describe tells a human what a subject is, for the desk.
	Describe(context.Context, store.Reader, screening.ID) (casework.Sheet, error)
	// Desk says which roles see, open and mend its reports.
	Desk() intake.Desk
	Routes(*api.Mux)
	Migrations() fs.FS
}

// Format is one format a domain reads.
type Format interface {
	Name() string
	// Recognise says by the first bytes, never by a name, whether this format is to be tried.
	Recognise(head []byte) bool
	// Read calls each once a message. An error is a *fault.Fault when the bytes cannot be read at all.
	Read(raw []byte, received time.Time, each func(Message) error) error
}

// Viewer is a Format that can take its reports apart for people. raw is the stored copy, its sensitive bytes masked.
type Viewer interface {
	Segments(raw []byte) intake.View
}

// Urgent is a Format some of whose reports are questions: their filer waits for the answer, so they overtake bulk.
type Urgent interface {
	Interactive(head []byte) bool
}

// Message is what one message of a report says, decoded.
type Message struct {
	At       fault.Range  // the message's own bytes; unknown (zero) is the whole report
	Keys     []Key        // choose the worker only; versions alone give correctness
	Body     any          // the codec's own struct
	Err      *fault.Fault // the message cannot be read; Body is nil
	Warnings []fault.Fault
	Lost     []fault.Fault // parts that could not be read while the rest could
	Withheld []fault.Range // bytes that hold sensitive data: masked in the stored copy
}

// Key is what a message is about: a flight, a waybill, an account.
type Key string

// Filing is a report with what was read of it.
type Filing struct {
	Report   intake.Report
	Format   string
	Messages []Message
	Answered []byte // what its filer was told at once; nil where it did not wait
}

// Version is a key with the version the plan saw of it; 0 is absent.
type Version struct {
	Key  Key
	Seen int64
}

// Change is what one filing changes, worked out and not yet written.
type Change interface {
	// Subjects are those to be screened before writing.
	Subjects() []screening.Screened
	// Write writes it, inside the transaction that also writes the report, findings, cases and audit. It checks every
	// version the plan saw and answers ErrConflict when one has moved: the pipeline then plans again.
	Write(ctx context.Context, tx store.Tx) (Effects, error)
}

// Effects is what writing a change caused.
type Effects struct {
	Due     []screening.ID                // subjects to look at again on committed rows
	Gone    []screening.ID                // subjects that are no more, or now go by another id
	Renamed map[screening.ID]screening.ID // old id to the one it goes by now: findings and cases follow
	Touched []string                      // ids for the audit log
	Events  []Event                       // for live pages
	Answers []intake.Answer               // to filers
	Jobs    []jobs.Job                    // clocks, of the kinds that the domain names
	Near    []screening.Tie               // a standing changed: whoever shares one of these, in any domain, is looked at again
}

// What follows a domain offers where it needs it; most of it travel does without.

// Weighing is a Change that writes differently by what was found of its subjects: nothing found may be an answer. Weigh is
// called after screening and before Write, each time it is planned.
type Weighing interface {
	Weigh([]screening.Finding)
}

// Decider is a domain in which a decision causes something: an answer to the filer, a clock. It is asked in the transaction
// of the decision, once that stands; an *api.Error from it refuses the decision, and is what the person who decides reads.
type Decider interface {
	Decided(context.Context, store.Tx, casework.Case, casework.Decision) (Effects, error)
}

// Watcher is a domain that follows the cases of its subjects: opened, changed or withdrawn because of a report, or of a
// list or rule that changed. It is told in the transaction that changes them.
type Watcher interface {
	Raised(context.Context, store.Tx, []casework.Raised) (Effects, error)
}

// Clocked is a domain with clocks. Woken is called in the transaction that takes the job away.
type Clocked interface {
	Clocks() []string // the kinds of its jobs, each named "domain.what"
	Woken(context.Context, store.Tx, jobs.Job) (Effects, error)
}

// Finder is a domain with engines of its own, whose findings come from Screen on committed rows: one that Screen no longer
// gives is withdrawn when its subject is looked at again. A report's own first screening sees too little to withdraw any.
type Finder interface {
	Engines() []string
}

// Knower is a domain that can give subjects by themselves for less than it takes to give what rules see of them: where
// only names and ties count.
type Knower interface {
	Subjects(context.Context, store.Reader, []screening.ID) ([]screening.Subject, error)
}

// Refuser is a domain that answers a filer about what could not be read: all of a report, or some messages of it. Each of
// fallen has Err, and Body where its format could keep one.
type Refuser interface {
	Refused(r intake.Report, fallen []Message) []intake.Answer
}

// Sharer is a domain that holds what agreements may speak of.
type Sharer interface {
	Items() []sharing.Item
}

// Releaser is a Sharer that is told when something of its own has left under an agreement, in that transaction.
type Releaser interface {
	Sharer
	Released(context.Context, store.Tx, sharing.Released) (Effects, error)
}

// Receiver is a Sharer that uses what a partner gave. It keeps what it needs by the record's id, and drops it when the
// record is erased: on its day, or because the partner corrected or withdrew it.
type Receiver interface {
	Sharer
	Arrived(context.Context, store.Tx, sharing.Arrival) (Effects, error)
	Erased(ctx context.Context, tx store.Tx, records []string) error
}

// Asker is a Sharer that puts questions to partners, and hears where each stands, in the transaction that moves it: asked,
// answered, refused, undelivered. It may hear the same twice.
type Asker interface {
	Sharer
	Turned(context.Context, store.Tx, sharing.Turn) (Effects, error)
}

// ErrConflict says that something a plan looked at has changed since: plan again.
var ErrConflict = errors.New("planned on a version that has moved")

// Event tells live pages what changed: a name, an id and counts, never a person's data.
type Event struct {
	Name   string         `json:"name"` // flight, passenger, case, report, list
	ID     string         `json:"id"`
	Counts map[string]int `json:"counts,omitempty"`
}
