package incident

import (
	"cmp"
	"slices"
	"time"
)

// Duty is something that must be said by a time.
type Duty struct {
	Code string
	Law  string
	Due  func(starts time.Time) time.Time
}

func after(d time.Duration) func(time.Time) time.Time {
	return func(t time.Time) time.Time { return t.Add(d) }
}

func aMonth(t time.Time) time.Time { return t.AddDate(0, 1, 0) }

// The duties. Hours run through nights and weekends.
const (
	DutyEarlyWarning = "early-warning"
	DutyNotification = "notification"
	DutyFinal        = "final"
	DutyProgress     = "progress"
	DutyIntermediate = "intermediate"
	DutyFeedback     = "feedback" // ours: an answer to whoever warned
	DutyBreach       = "breach"   // of personal data, to their authority
	DutyPersons      = "persons"  // and to those whose they are
	DutyPartner      = "partner"  // to the partner state
)

var duties = map[string]Duty{
	DutyEarlyWarning: {DutyEarlyWarning, "Directive (EU) 2022/2555, 23(4)(a)", after(24 * time.Hour)},
	DutyNotification: {DutyNotification, "Directive (EU) 2022/2555, 23(4)(b)", after(72 * time.Hour)},
	DutyIntermediate: {DutyIntermediate, "Directive (EU) 2022/2555, 23(4)(c)", after(72 * time.Hour)},
	DutyFinal:        {DutyFinal, "Directive (EU) 2022/2555, 23(4)(d)", aMonth},
	DutyProgress:     {DutyProgress, "Directive (EU) 2022/2555, 23(4)(e)", aMonth},
	DutyFeedback:     {DutyFeedback, "Directive (EU) 2022/2555, 23(5)", after(24 * time.Hour)},
	DutyBreach:       {DutyBreach, "Regulation (EU) 2016/679, 33", after(72 * time.Hour)},
	DutyPersons:      {DutyPersons, "Regulation (EU) 2016/679, 34", after(72 * time.Hour)},
	DutyPartner:      {DutyPartner, "agreement with the partner state", after(24 * time.Hour)},
}

// Known tells the duties there are.
func Known(duty string) bool { _, ok := duties[duty]; return ok }

// Clock is one duty of one incident.
type Clock struct {
	ID     string    `json:"id"`
	Duty   string    `json:"duty"`
	Law    string    `json:"law,omitempty"`
	Starts time.Time `json:"starts"`
	Due    time.Time `json:"due"`
	State  string    `json:"state"` // running, met, late, late-met, stopped
	Met    time.Time `json:"met,omitzero"`
	Passed int       `json:"passed"` // percent of its time
	Warned int       `json:"warned"` // the last reminder, in percent
	Reason string    `json:"reason,omitempty"`
}

// The states of a clock. What is late stays late on record.
const (
	Running = "running"
	Met     = "met"
	Late    = "late"
	LateMet = "late-met"
	Stopped = "stopped"
)

// Reminders are given when so many percent of a duty's time have passed.
var Reminders = [...]int{50, 80, 100}

// At is the instant of a reminder.
func (c *Clock) At(percent int) time.Time {
	return c.Starts.Add(time.Duration(int64(c.Due.Sub(c.Starts)) / 100 * int64(percent)))
}

// Runs tells a clock that still counts down, or has run out unmet.
func (c *Clock) Runs() bool { return c.State == Running || c.State == Late }

// ClockAct is what one of our people did to a clock: started one that nothing else starts, called one met, stopped one.
type ClockAct struct {
	Clock   string    `json:"clock"`
	Duty    string    `json:"duty,omitempty"`
	Starts  time.Time `json:"starts,omitzero"`
	Due     time.Time `json:"due,omitzero"`
	Met     time.Time `json:"met,omitzero"`
	Stopped bool      `json:"stopped,omitempty"`
	Reason  string    `json:"reason"`
	By      string    `json:"by"`
	At      time.Time `json:"at"`
}

// clocks works out which duties run, from what was filed and done.
func (h *Held) clocks(v *View, now time.Time) []Clock {
	var out []Clock
	start := func(id, duty string, starts, due, met time.Time) *Clock {
		d := duties[duty]
		if due.IsZero() {
			due = d.Due(starts)
		}
		out = append(out, Clock{ID: id, Duty: duty, Law: d.Law, Starts: starts, Due: due, Met: met, Warned: h.Warned[id]})
		return &out[len(out)-1]
	}
	if v.Significant {
		notified := h.firstOf(Notification, Final)
		start(DutyEarlyWarning, DutyEarlyWarning, v.Aware, time.Time{}, h.firstOf(EarlyWarning, Notification, Intermediate, Final))
		due := time.Time{}
		if v.Sector == "trust-services" {
			due = v.Aware.Add(24 * time.Hour)
		}
		start(DutyNotification, DutyNotification, v.Aware, due, notified)
		if warned := h.firstOf(EarlyWarning, Notification); !warned.IsZero() {
			start(DutyFeedback, DutyFeedback, warned, time.Time{}, h.answered())
		}
		if !notified.IsZero() {
			start(DutyFinal, DutyFinal, notified, time.Time{}, h.firstOf(Final))
		}
		if v.Impact.Confidentiality == high || v.Impact.Confidentiality == "medium" {
			start(DutyBreach, DutyBreach, v.Aware, time.Time{}, time.Time{})
		}
		if crossed := h.crossed(); !crossed.IsZero() {
			start(DutyPartner, DutyPartner, crossed, time.Time{}, h.firstShared())
		}
	}
	for _, a := range h.ClockActs {
		at := slices.IndexFunc(out, func(c Clock) bool { return c.ID == a.Clock })
		if at < 0 {
			if a.Duty == "" {
				continue
			}
			start(a.Clock, a.Duty, a.Starts, a.Due, a.Met)
			at = len(out) - 1
		}
		c := &out[at]
		c.Reason = a.Reason
		if !a.Due.IsZero() {
			c.Due = a.Due
		}
		if !a.Met.IsZero() && (c.Met.IsZero() || a.Met.Before(c.Met)) {
			c.Met = a.Met
		}
		if a.Stopped {
			c.State = Stopped
		}
	}
	ended := v.State == Rejected || v.State == Duplicate
	for i := range out {
		c := &out[i]
		until := now
		if !c.Met.IsZero() {
			until = c.Met
		}
		if total := c.Due.Sub(c.Starts); total > 0 {
			c.Passed = int(min(max(until.Sub(c.Starts)*100/total, 0), 100))
		}
		switch {
		case c.State == Stopped:
		case !c.Met.IsZero() && c.Met.After(c.Due):
			c.State = LateMet
		case !c.Met.IsZero():
			c.State = Met
		case ended:
			c.State = Stopped
		case now.After(c.Due):
			c.State = Late
		default:
			c.State = Running
		}
	}
	slices.SortStableFunc(out, func(a, b Clock) int { return cmp.Or(a.Due.Compare(b.Due), cmp.Compare(a.ID, b.ID)) })
	return out
}

// firstOf is when the first report of one of these stages came.
func (h *Held) firstOf(of ...Stage) (first time.Time) {
	for _, f := range h.Filed {
		if slices.Contains(of, f.Content.Stage) && (first.IsZero() || f.Received.Before(first)) {
			first = f.Received
		}
	}
	return first
}

// crossed is when we were first told that it crosses the border.
func (h *Held) crossed() (first time.Time) {
	for _, f := range h.Filed {
		if f.Content.CrossBorder == yes && (first.IsZero() || f.Received.Before(first)) {
			first = f.Received
		}
	}
	return first
}

// answered is when one of us first did something that the filer hears of.
func (h *Held) answered() (first time.Time) {
	for _, s := range h.Steps {
		if first.IsZero() || s.Recorded.Before(first) {
			first = s.Recorded
		}
	}
	for _, e := range h.Entries {
		if e.Kind == "notified" && (first.IsZero() || e.Recorded.Before(first)) {
			first = e.Recorded
		}
	}
	return first
}

func (h *Held) firstShared() (first time.Time) {
	for _, s := range h.Shared {
		if s.Direction == "out" && (first.IsZero() || s.At.Before(first)) {
			first = s.At
		}
	}
	return first
}
