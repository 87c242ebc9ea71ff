package ledger

import (
	"strings"
	"time"
)

// The message types that figures look at.
const (
	request    = "REQUEST"
	reply      = "REPLY"
	refusal    = "REFUSAL"
	pending    = "PENDING"
	unasked    = "SHARE"
	outcome    = "OUTCOME"
	correction = "CORRECTION"
	erase      = "ERASE"
	done       = "DONE"
	breach     = "BREACH"
)

// What a request comes to.
const (
	hit     = "hit"
	noHit   = "no_hit"
	data    = "data"
	refused = "refused"
)

// thread is what the steps of one request say together.
type thread struct {
	share, purpose, officer string
	direction               string // of the request
	urgent                  bool
	asked                   time.Time // zero: no request ever left or came
	due                     time.Time
	answered                time.Time // when the answer left or came
	late                    bool
	result, told, code      string
	resulted                time.Time
	lost                    time.Time // when the request was given up, undelivered
	outcomes                map[string]time.Time
	released                map[string]bool // who released
	given                   time.Time       // when data left in it
	flaws                   map[string]bool
	child                   time.Time
	spontaneous             bool
	never                   map[string]time.Time // rules of never that answered a request of the other side, by id
	stopped                 map[string]time.Time // and those that let nothing leave
	hidden                  bool                 // the partner was told another result than the true one
}

func (t *thread) add(e *Entry) {
	if t.share == "" {
		t.share = e.Share
	}
	if e.Child && t.child.IsZero() {
		t.child = e.At
	}
	if t.purpose == "" {
		t.purpose = e.Purpose
	}
	t.urgent = t.urgent || e.Urgent
	t.hidden = t.hidden || e.Told != ""
	switch e.Type {
	case request:
		t.request(e)
	case reply, refusal:
		if (e.Kind == Sent || e.Kind == Received) && t.answered.IsZero() {
			t.answered = e.At
			t.late = t.late || e.Late || !t.due.IsZero() && e.At.After(t.due)
			if e.Type == refusal && t.result == "" {
				t.result, t.resulted, t.code = refused, e.At, e.Code
			}
		}
		t.late = t.late || e.Late
	}
	switch e.Result {
	case hit, noHit, data, refused:
		t.result, t.told, t.resulted = e.Result, e.Told, e.At
		if e.Code != "" {
			t.code = e.Code
		}
	case "":
	default:
		if e.Type == outcome {
			if t.outcomes == nil {
				t.outcomes = map[string]time.Time{}
			}
			if _, before := t.outcomes[e.Result]; !before {
				t.outcomes[e.Result] = e.At
			}
		}
	}
	t.leaves(e)
	if rule := neverRule(e); rule != "" {
		to := &t.never
		if e.Kind == Stopped {
			to = &t.stopped
		}
		if *to == nil {
			*to = map[string]time.Time{}
		}
		if _, before := (*to)[rule]; !before {
			(*to)[rule] = e.At
		}
	}
}

// neverRule is the rule of never that a step tells of.
func neverRule(e *Entry) string {
	if e.Code != "NEVER_RULE" {
		return ""
	}
	rule, _ := strings.CutPrefix(e.Clause, "never.rules.")
	return rule
}

func (t *thread) request(e *Entry) {
	if e.Share != "" {
		t.share = e.Share
	}
	if !e.Due.IsZero() {
		t.due = e.Due
	}
	if e.Officer != "" {
		t.officer = e.Officer
	}
	if e.Kind == Undelivered {
		t.lost = e.At
	}
	if t.asked.IsZero() && (e.Kind == Sent || e.Kind == Received) {
		t.asked = e.At
		t.direction = Out
		if e.Kind == Received {
			t.direction = In
		}
	}
}

// leaves notes who released what, and what was wrong with it.
func (t *thread) leaves(e *Entry) {
	if e.Direction == In || e.Type != reply && e.Type != unasked {
		return
	}
	t.spontaneous = t.spontaneous || e.Type == unasked
	if e.Kind == Approved {
		if t.released == nil {
			t.released = map[string]bool{}
		}
		t.released[e.Actor] = true
	}
	if e.Kind != Approved && e.Kind != Sent {
		return
	}
	if t.given.IsZero() && len(e.Kept) > 0 {
		t.given = e.At
	}
	for _, flaw := range e.Flaws {
		if t.flaws == nil {
			t.flaws = map[string]bool{}
		}
		t.flaws[flaw] = true
	}
}

// ended is when the request was answered, or given up; zero while it is open.
func (t *thread) ended() time.Time {
	switch {
	case !t.answered.IsZero():
		return t.answered
	case !t.resulted.IsZero():
		return t.resulted
	}
	return t.lost
}

// gave says whether data about somebody left, beyond the word hit or no hit.
func (t *thread) gave() bool { return t.spontaneous || t.result == data }

// seen is the result as the partner was told it.
func (t *thread) seen() (result, code string) {
	if t.told != "" {
		return t.told, ""
	}
	return t.result, t.code
}
