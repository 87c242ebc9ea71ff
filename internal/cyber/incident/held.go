package incident

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"time"

	"github.com/rihla/rihla/formats/stix"
)

// Filed is one report as it came.
type Filed struct {
	Report   string    `json:"report"` // the house's id of it
	By       string    `json:"by"`     // who filed it, by the key or account
	Received time.Time `json:"received"`
	Content  Report    `json:"content"`
}

// Key tells the reports of one filer apart.
func (f *Filed) Key() string { return f.Content.ReportID }

func (f *Filed) after(o *Filed) bool {
	if n := f.Received.Compare(o.Received); n != 0 {
		return n > 0
	}
	if d, e := f.digest(), o.digest(); d != e {
		return d > e
	}
	return f.Report > o.Report // the same words twice, at one instant
}

func (f *Filed) digest() string {
	b, err := json.Marshal(f.Content)
	if err != nil {
		return "" // of strings, times and numbers: it cannot fail
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// Held is everything filed and done of one incident.
type Held struct {
	Filed     map[string]Filed `json:"filed"`
	Steps     []Step           `json:"steps,omitempty"`
	Entries   []Entry          `json:"entries,omitempty"`
	Tasks     []Task           `json:"tasks,omitempty"`
	Evidence  []Evidence       `json:"evidence,omitempty"`
	Linked    []Link           `json:"linked,omitempty"`
	Shared    []Shared         `json:"shared,omitempty"`
	ClockActs []ClockAct       `json:"clock_acts,omitempty"`
	Warned    map[string]int   `json:"warned,omitempty"` // by clock
	Override  *Override        `json:"override,omitempty"`
	Owner     string           `json:"owner,omitempty"`
}

// New begins an incident.
func New() *Held { return &Held{Filed: map[string]Filed{}} }

// Hear joins a report; it answers whether anything changed.
func (h *Held) Hear(f Filed) bool {
	f.Received = f.Received.UTC().Truncate(time.Microsecond)
	old, known := h.Filed[f.Key()]
	if known && !f.after(&old) {
		return false
	}
	h.Filed[f.Key()] = f
	return true
}

// Join takes over everything of another incident that turned out to be this one.
func (h *Held) Join(o *Held) {
	for _, f := range o.Filed {
		h.Hear(f)
	}
	h.Steps = append(h.Steps, o.Steps...)
	slices.SortStableFunc(h.Steps, func(a, b Step) int { return a.Recorded.Compare(b.Recorded) })
	h.Entries, h.Tasks, h.Evidence = append(h.Entries, o.Entries...), append(h.Tasks, o.Tasks...), append(h.Evidence, o.Evidence...)
	h.Linked, h.Shared, h.ClockActs = append(h.Linked, o.Linked...), append(h.Shared, o.Shared...), append(h.ClockActs, o.ClockActs...)
	for clock, percent := range o.Warned {
		h.warn(clock, percent)
	}
	if h.Override == nil {
		h.Override = o.Override
	}
	h.Owner = cmp.Or(h.Owner, o.Owner)
}

func (h *Held) warn(clock string, percent int) {
	if h.Warned == nil {
		h.Warned = map[string]int{}
	}
	h.Warned[clock] = max(h.Warned[clock], percent)
}

// Remind notes that a reminder was given; false where it had been.
func (h *Held) Remind(c *Clock, percent int, e Entry) bool {
	if h.Warned[c.ID] >= percent {
		return false
	}
	h.warn(c.ID, percent)
	h.Entries = append(h.Entries, e)
	return true
}

// Step is an incident's going from state to state, as a person took it.
type Step struct {
	To            State     `json:"to"`
	At            time.Time `json:"at"` // when it happened
	Recorded      time.Time `json:"recorded"`
	By            string    `json:"by"`
	Reason        string    `json:"reason"`
	Until         time.Time `json:"until,omitzero"` // of a hold
	DuplicateOf   string    `json:"duplicate_of,omitempty"`
	Determination string    `json:"determination,omitempty"`
}

// Entry is a line of the time line. It is never changed: a later one supersedes it.
type Entry struct {
	ID         string            `json:"id"`
	At         time.Time         `json:"at"`
	Precision  string            `json:"precision"` // minute, hour, day
	Recorded   time.Time         `json:"recorded"`
	Kind       string            `json:"kind"`
	Text       string            `json:"text,omitempty"`
	Code       string            `json:"code,omitempty"` // of what the house itself says
	Values     map[string]string `json:"values,omitempty"`
	Actor      string            `json:"actor,omitempty"`
	TLP        stix.TLP          `json:"tlp,omitempty"`
	Supersedes string            `json:"supersedes,omitempty"`
	Superseded bool              `json:"superseded,omitempty"`
}

// Kinds are those of entries that people write.
var Kinds = []string{"detected", "reported", "declared", "escalated", "contained", "eradicated", "recovered", "notified", "shared", "decision", "attacker-action", "evidence", "note"}

// Task is something to be done.
type Task struct {
	ID        string    `json:"id"`
	Title     string    `json:"title"`
	Kind      string    `json:"kind"`
	Owner     string    `json:"owner,omitempty"`
	Due       time.Time `json:"due,omitzero"`
	State     string    `json:"state"`
	DependsOn string    `json:"depends_on,omitempty"`
	Result    string    `json:"result,omitempty"`
	By        string    `json:"by"`
	At        time.Time `json:"at"`
}

// The kinds and states of tasks.
var (
	TaskKinds  = []string{"containment", "eradication", "recovery", "investigation", "external-outreach", "victim-notification", "reporting"}
	TaskStates = []string{"pending", "ongoing", "successful", "failed", "cancelled"}
)

// Open tells a task that is still to be done.
func (t *Task) Open() bool { return t.State == "pending" || t.State == "ongoing" }

// Evidence is a reference to something kept elsewhere, by its digest, with the hands it went through.
type Evidence struct {
	ID        string    `json:"id"`
	Name      string    `json:"name"`
	SHA256    string    `json:"sha256"`
	MediaType string    `json:"media_type,omitempty"`
	Location  string    `json:"location,omitempty"`
	Text      string    `json:"text,omitempty"`
	By        string    `json:"by"`
	At        time.Time `json:"at"`
	Custody   []Custody `json:"custody"`
}

// Custody is a passing from hand to hand.
type Custody struct {
	At   time.Time `json:"at"`
	By   string    `json:"by"`
	To   string    `json:"to"`
	Text string    `json:"text,omitempty"`
}

// Link ties an indicator to the incident.
type Link struct {
	Indicator string    `json:"indicator"`
	Why       string    `json:"why"` // reported, linked
	By        string    `json:"by,omitempty"`
	At        time.Time `json:"at,omitzero"`
}

// Shared is what went to the partner state, or came from it, of this incident.
type Shared struct {
	Agreement string         `json:"agreement"`
	Partner   string         `json:"partner"`
	Thread    string         `json:"thread,omitempty"`
	Direction string         `json:"direction"` // out, in
	At        time.Time      `json:"at"`
	Fields    []string       `json:"fields,omitempty"`
	Values    map[string]any `json:"values,omitempty"`
	Record    string         `json:"record,omitempty"` // of the exchange, which it is erased with
}
