package incident

import (
	"time"

	"github.com/rihla/rihla/formats/observable"
	"github.com/rihla/rihla/formats/stix"
)

// Schema names the form of a report.
const Schema = "rihla.incident-report/1"

// Stage is which report of an incident it is.
type Stage string

// The stages, in the order of the law; a voluntary report is under no duty.
const (
	Voluntary    Stage = "voluntary"
	EarlyWarning Stage = "early-warning"
	Notification Stage = "notification"
	Intermediate Stage = "intermediate"
	Final        Stage = "final"
)

var stages = []string{string(Voluntary), string(EarlyWarning), string(Notification), string(Intermediate), string(Final)}

// rank orders stages: what a later one says holds against an earlier.
func (s Stage) rank() int {
	for i, known := range stages {
		if known == string(s) {
			return i
		}
	}
	return 0
}

// Report is one report of an incident, as its filer fills it in.
type Report struct {
	Schema         string       `json:"schema"`
	ReportID       string       `json:"report_id"` // the filer's own
	Previous       string       `json:"previous_report_id,omitempty"`
	Stage          Stage        `json:"stage"`
	Filer          Filer        `json:"filer"`
	AwareAt        time.Time    `json:"aware_at"` // from when the duties run
	DetectedAt     time.Time    `json:"detected_at,omitzero"`
	OccurredFrom   time.Time    `json:"occurred_from,omitzero"`
	OccurredTo     time.Time    `json:"occurred_to,omitzero"`
	Title          string       `json:"title"`
	Description    string       `json:"description"`
	Type           string       `json:"type,omitempty"` // of the reference taxonomy
	Malicious      string       `json:"suspected_malicious,omitempty"`
	CrossBorder    string       `json:"cross_border,omitempty"`
	Affected       Affected     `json:"affected,omitzero"`
	Impact         Impact       `json:"impact,omitzero"`
	Indicators     []Indicator  `json:"indicators,omitempty"`
	Vulnerable     []string     `json:"vulnerabilities,omitempty"`
	Measures       []string     `json:"measures,omitempty"`
	RootCause      string       `json:"root_cause,omitempty"`
	TLP            stix.TLP     `json:"tlp"`
	Attachments    []Attachment `json:"attachments,omitempty"`
	VictimConsents bool         `json:"victim_consents,omitempty"` // may be named to the partner state
}

// Filer is who reports.
type Filer struct {
	Name    string `json:"name"`
	Contact string `json:"contact"`
	Phone   string `json:"phone,omitempty"`
}

// Affected is whom it hit.
type Affected struct {
	Sector    string   `json:"sector,omitempty"`
	Services  []string `json:"services,omitempty"`
	Users     int64    `json:"users_estimate,omitempty"`
	Countries []string `json:"countries,omitempty"`
}

// Impact is how hard: none, low, medium, high or unknown.
type Impact struct {
	Availability    string `json:"availability,omitempty"`
	Confidentiality string `json:"confidentiality,omitempty"`
	Integrity       string `json:"integrity,omitempty"`
}

// Indicator is a value that was found.
type Indicator struct {
	Kind      observable.Kind `json:"type"`
	Value     string          `json:"value"` // as observable.Key has it
	FirstSeen time.Time       `json:"first_seen,omitzero"`
}

// Attachment is a file that the report refers to.
type Attachment struct {
	Name      string `json:"name"`
	SHA256    string `json:"sha256"`
	MediaType string `json:"media_type,omitempty"`
}
