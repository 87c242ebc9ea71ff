package cargo

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/rihla/rihla/formats/cargoimp"
	"github.com/rihla/rihla/internal/casework"
	"github.com/rihla/rihla/internal/jobs"
	"github.com/rihla/rihla/internal/pipeline"
	"github.com/rihla/rihla/internal/store"
)

// The clocks of a referral. No regime publishes binding ones for every case; carriers expect minutes. None of them decides
// anything: silence is neither a do-not-load nor an assessment complete.
const (
	cutOffBefore  = time.Hour        // loading is decided so long before departure
	lookWithin    = 30 * time.Minute // a targeter's first look
	lookBefore    = 2 * time.Hour    // or so long before the cut-off, whichever is first
	answerWithin  = 4 * time.Hour    // a filer's answer: reminded half way, escalated at its end
	secondWithin  = 10 * time.Minute // the second person's word on a do-not-load
	soonest       = time.Minute      // a clock that is late already
	clockLook     = "cargo.look"
	clockAnswer   = "cargo.answer"
	clockSecond   = "cargo.second"
	clockCutOff   = "cargo.cutoff"
	reminderWords = "REMINDER: ANSWER IS DUE"
)

// Clocks are the kinds of jobs that wake the room.
func (d *Domain) Clocks() []string { return []string{clockLook, clockAnswer, clockSecond, clockCutOff} }

// alarm is what a clock carries.
type alarm struct {
	Consignment string `json:"consignment"`
	Case        string `json:"case,omitempty"`
	Referral    string `json:"referral,omitempty"`
	Last        bool   `json:"last,omitempty"` // the deadline itself, not the reminder before it
}

func job(id, kind string, due time.Time, a alarm) jobs.Job {
	body, _ := json.Marshal(a) // strings and flags cannot fail
	return jobs.Job{ID: id, Kind: kind, Due: due, Body: body}
}

func answerJob(referral string) string    { return clockAnswer + " " + referral }
func cutOffJob(consignment string) string { return clockCutOff + " " + consignment }

// lookClock rings when nobody has looked at a case.
func (d *Domain) lookClock(tx store.Tx, c *casework.Case) jobs.Job {
	now := tx.Now()
	due := now.Add(lookWithin)
	if !c.Until.IsZero() {
		if before := c.Until.Add(-cutOffBefore - lookBefore); before.Before(due) {
			due = before
		}
	}
	if earliest := now.Add(soonest); due.Before(earliest) {
		due = earliest
	}
	return job(clockLook+" "+c.ID, clockLook, due, alarm{Consignment: holderOf(c.Subject), Case: c.ID})
}

// clock rings half way to the deadline of a referral, then at it.
func (r *Referral) clock(now time.Time) jobs.Job {
	due := now.Add(r.Deadline.Sub(now) / 2)
	if r.Kind == RFS { // screening takes its time
		due = r.Deadline
	}
	return job(answerJob(r.ID), clockAnswer, due, alarm{Consignment: r.Consignment, Referral: r.ID, Last: r.Kind == RFS})
}

func (a *act) cutOffClock() jobs.Job {
	due := a.w.shipment.cutOff()
	if due.IsZero() {
		due = a.w.shipment.ahead(a.w.Last)
	}
	if earliest := a.tx.Now().Add(soonest); due.Before(earliest) {
		due = earliest
	}
	return job(cutOffJob(a.w.ID), clockCutOff, due, alarm{Consignment: a.w.ID})
}

// Woken does what a clock is for: it reminds, and tells the desk.
func (d *Domain) Woken(ctx context.Context, tx store.Tx, j jobs.Job) (pipeline.Effects, error) {
	var al alarm
	if err := json.Unmarshal(j.Body, &al); err != nil {
		return pipeline.Effects{}, fmt.Errorf("what a clock carries: %w", err)
	}
	a, err := d.begin(ctx, tx, al.Consignment, j.ID+" "+ordinal(int(j.Due.Unix())), "")
	if err != nil || a == nil {
		return pipeline.Effects{}, err
	}
	what := ""
	switch j.Kind {
	case clockLook:
		open, err := a.caseIn(al.Case, casework.Open)
		if err != nil || !open {
			return pipeline.Effects{}, err
		}
		what = "escalated"
	case clockSecond:
		pending, err := a.caseIn("", casework.Pending)
		if err != nil || !pending {
			return pipeline.Effects{}, err
		}
		what = "second-due"
	case clockCutOff:
		if a.st.Hold == "" && a.st.State != Referred {
			return pipeline.Effects{}, nil
		}
		what = "cut-off"
	case clockAnswer:
		return a.remind(al)
	}
	if err := addLine(ctx, tx, a.w.ID, Line{What: what, Referral: a.st.Referral}); err != nil {
		return pipeline.Effects{}, err
	}
	a.effects.Events = append(a.effects.Events, pipeline.Event{Name: "referral", ID: cmp.Or(a.st.Referral, a.w.ID), Counts: map[string]int{what: 1}})
	a.effects.Touched = []string{a.w.ID}
	return a.effects, nil
}

// caseIn says whether a case of the consignment, or any of them, is in a state.
func (a *act) caseIn(id string, state casework.State) (bool, error) {
	cases, err := casework.OfSubjects(a.ctx, a.tx, subjectsOf(a.w.ID))
	for _, of := range cases {
		if slices.ContainsFunc(of, func(c casework.Case) bool { return c.State == state && (id == "" || c.ID == id) }) {
			return true, err
		}
	}
	return false, err
}

// remind reminds the filers of a referral that is open, and escalates it at its deadline.
func (a *act) remind(al alarm) (pipeline.Effects, error) {
	ref, err := referralByID(a.ctx, a.tx, al.Referral)
	if err != nil || ref == nil || ref.State != openReferral || a.st.Referral != ref.ID {
		return pipeline.Effects{}, err
	}
	what := "reminder"
	if al.Last {
		what = "escalated"
		ref.Escalated = true
	} else {
		a.effects.Jobs = append(a.effects.Jobs, job(answerJob(ref.ID), clockAnswer, ref.Deadline, alarm{Consignment: a.w.ID, Referral: ref.ID, Last: true}))
	}
	ref.Reminded = true
	if err := saveReferral(a.ctx, a.tx, ref); err != nil {
		return pipeline.Effects{}, err
	}
	if err := addLine(a.ctx, a.tx, a.w.ID, Line{What: what, Referral: ref.ID}); err != nil {
		return pipeline.Effects{}, err
	}
	now := a.tx.Now().UTC()
	a.effects.Answers = a.d.inform(a.cause, a.w.shipment, a.w.House, []cargoimp.Notice{worded(holds[ref.Kind].place, now, reminderWords)})
	a.effects.Events = append(a.effects.Events, pipeline.Event{Name: "referral", ID: ref.ID, Counts: map[string]int{what: 1}})
	a.effects.Touched = []string{a.w.ID}
	return a.effects, nil
}
