package intake

import (
	"time"

	"github.com/rihla/rihla/formats/fault"
)

// State is how far a report has come.
type State string

// The states of a report. What our own software fails on stays received, is retried and alarmed.
const (
	Received    State = "received"
	Processed   State = "processed"
	Quarantined State = "quarantined"
)

// Filer is who files: a carrier's key, a person's account, a partner state.
type Filer struct {
	ID       string   // of the key or account
	Name     string   // for people
	Carriers []string // it may file for; none means any
}

// Report is one thing somebody filed.
type Report struct {
	ID       string // HMAC of filer and content: the same report twice is one report, and the id tells nothing
	SHA256   string // of the raw bytes, hex
	Filer    Filer
	Gate     string // http, folder
	Media    string // Content-Type as given
	Name     string // file name, where the gate knows one; never used to recognise a format
	Received time.Time
	Mends    string // the report this one mends, if any
	Size     int
}

// Status is what whoever may ask is told of a report.
type Status struct {
	ID       string        `json:"id"`
	State    State         `json:"state"`
	Partial  bool          `json:"partial"`
	Format   string        `json:"format,omitempty"`
	Domain   string        `json:"domain,omitempty"`
	Received time.Time     `json:"received"`
	Filer    string        `json:"filer,omitempty"`
	Gate     string        `json:"gate,omitempty"`
	SHA256   string        `json:"sha256,omitempty"`
	Size     int           `json:"size,omitempty"`
	Messages int           `json:"messages,omitempty"`
	Error    *fault.Fault  `json:"error,omitempty"`
	Warnings []fault.Fault `json:"warnings,omitempty"`
	Lost     []fault.Fault `json:"lost,omitempty"`
	Mends    string        `json:"mends,omitempty"`
	MendedBy string        `json:"mended_by,omitempty"`
	Answers  []Answered    `json:"answers,omitempty" doc:"What its filer was answered; only of one report, not in lists"`
}
