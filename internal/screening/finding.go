package screening

import "time"

// Severity orders findings for people. It is shown by shape, colour and word, never by colour alone.
type Severity int

// The severities, least first.
const (
	Low Severity = iota + 1
	Medium
	High
	Critical
)

var severityWords = [...]string{"", "low", "medium", "high", "critical"}

// String gives the word of the API.
func (s Severity) String() string {
	if s < Low || s > Critical {
		return ""
	}
	return severityWords[s]
}

// MarshalText writes the word.
func (s Severity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads the word; an unknown one is no severity.
func (s *Severity) UnmarshalText(b []byte) error {
	*s = 0
	for i, w := range severityWords {
		if w == string(b) {
			*s = Severity(i)
		}
	}
	return nil
}

// Finding is one result of screening a subject, with the explanation a human needs to believe or dismiss it.
// Its identity is (Subject, Engine, Matched): screening again updates, never doubles.
type Finding struct {
	Subject     ID          `json:"-"`
	Engine      string      `json:"engine"`  // document, name, rule
	Matched     string      `json:"matched"` // list/entry or the rule's id
	Severity    Severity    `json:"severity"`
	Score       float64     `json:"score,omitempty"`        // 0 to 1, of engines that are not yes or no
	List        string      `json:"list,omitempty"`         // the list met
	ListVersion string      `json:"list_version,omitempty"` // and its version
	Entry       string      `json:"entry,omitempty"`        // the publisher's id of the entry
	Rule        string      `json:"rule,omitempty"`
	RuleVersion string      `json:"rule_version,omitempty"`
	Generation  int64       `json:"generation"` // of lists and rules, under which it was found
	Found       time.Time   `json:"found"`      // first; stamped when it is stored
	Explanation Explanation `json:"explanation"`
	EntryHash   string      `json:"-"` // what "not the same person" holds on: changes when the entry materially does

	Withdrawn time.Time `json:"withdrawn,omitzero"` // no longer found: the entry left, the subject changed
	Dismissed time.Time `json:"dismissed,omitzero"` // a human decided that it is not the same person

	Withdrawal string `json:"withdrawal,omitempty"` // why it is no longer found
}

// Why a finding is no longer found.
const (
	EntryRemoved   = "entry_removed" // it left its list, or its last day is over
	EntryChanged   = "entry_changed"
	SubjectChanged = "subject_changed"
	SubjectGone    = "subject_gone"
	RuleGone       = "rule_retired"
	BelowThreshold = "threshold"       // the list asks for a greater likeness than it did
	NotSamePerson  = "not_same_person" // decided of the same person on another journey
)

// The engines that every screening runs, and the codes of what they find.
const (
	EngineDocument = "document"
	EngineName     = "name"
	EngineRule     = "rule"
	EngineLink     = "link" // on committed rows only: a first screening has none, and leaves those there are

	CodeDocumentListed = "document_listed"
	CodeDocumentStolen = "document_stolen"
	CodeNameMatch      = "name_match"
	CodeRuleHit        = "rule_hit"
)

// Explanation answers three questions at once: what met what, how sure, how to dismiss it. It holds codes and
// values; the words, in each language, are the web app's.
type Explanation struct {
	Code     string     `json:"code"`              // name_match, document_listed, rule_hit …
	Subject  string     `json:"subject,omitempty"` // the value of the subject that met
	Listed   string     `json:"listed,omitempty"`  // what it met, in its own script
	Title    string     `json:"title,omitempty"`   // of a list or rule, as its owner wrote it
	Reason   string     `json:"reason,omitempty"`  // why the entry is listed, as its owner wrote it
	Advice   string     `json:"advice,omitempty"`  // the owner's instruction to the officer
	Tokens   []Token    `json:"tokens,omitempty"`
	Evidence []Evidence `json:"evidence,omitempty"`
	Settle   []string   `json:"settle,omitempty"` // codes of what would settle it: ask_birth_date, ask_document …
	Path     []PathStep `json:"path,omitempty"`   // of a link: by what, to whom
}

// PathStep is one step from a person to the next, by what they share.
type PathStep struct {
	Kind   string    `json:"kind"`            // phone, email, card …
	Value  string    `json:"value,omitempty"` // masked
	To     ID        `json:"to"`              // a subject of the next person
	Name   string    `json:"name,omitempty"`  // and their name
	Status string    `json:"status,omitempty"`
	First  time.Time `json:"first,omitzero"`
	Last   time.Time `json:"last,omitzero"`
	Weight float64   `json:"weight"`
}

// Token is one word of a name meeting, or missing, its counterpart.
type Token struct {
	Subject  string  `json:"subject,omitempty"`
	Listed   string  `json:"listed,omitempty"`
	Relation string  `json:"relation"` // equal, variant, close, cut, initial, differs, unmatched
	Weight   float64 `json:"weight"`
}

// Evidence is one thing that agrees or disagrees, with its weight in log-odds.
type Evidence struct {
	Code    string  `json:"code"` // birth_equal, birth_year, nationality, sex, document …
	Subject string  `json:"subject,omitempty"`
	Listed  string  `json:"listed,omitempty"`
	Weight  float64 `json:"weight"`
}
