package facilitation

import (
	"context"
	"time"

	"github.com/rihla/rihla/internal/jobs"
	"github.com/rihla/rihla/internal/pipeline"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/store"
)

// jobClock is an application's next alarm.
const jobClock = Name + ".clock"

// Clocks are the kinds of this room's jobs.
func (d *Domain) Clocks() []string { return []string{jobClock, hallForget} }

// Woken does what a clock was set for.
func (d *Domain) Woken(ctx context.Context, tx store.Tx, j jobs.Job) (pipeline.Effects, error) {
	switch j.Kind {
	case jobClock:
		return d.ring(ctx, tx, string(j.Body))
	case hallForget:
		return d.forgetHall(ctx, tx, j)
	}
	return pipeline.Effects{}, nil
}

// alarm is something that happens to an application when nobody does anything.
type alarm struct {
	at   time.Time
	ring func(now time.Time)
}

// alarms are those that have still to ring, by how the application stands.
func (d *Domain) alarms(a *Application) (out []alarm) {
	add := func(at time.Time, ring func(time.Time)) { out = append(out, alarm{at, ring}) }
	s := d.settings
	late := func(at time.Time) {
		if !a.Overdue {
			add(at, func(time.Time) { a.Overdue = true })
		}
	}
	switch a.State {
	case Pending:
		late(a.Due)
	case InReview:
		late(a.Due)
	case Partner:
		if q := a.Asked; q != nil && q.Outcome == "" {
			after := func(days int) time.Time { return q.At.AddDate(0, 0, days) }
			if q.Reminded.IsZero() {
				add(after(s.Partner.Remind), func(now time.Time) { q.Reminded = now.UTC() })
			}
			if !q.Late {
				add(after(s.Partner.Late), func(time.Time) { q.Late, a.Overdue = true, true })
			}
			if !q.Told {
				add(after(s.Partner.Tell), func(now time.Time) {
					q.Told = true
					a.letter(LetterWaiting, now)
				})
			}
		}
	case InCheck:
		if a.Kind == Redress {
			if !a.wrote(LetterInterim) {
				add(s.afterWorkingDays(a.Filed, s.Redress.Interim), func(now time.Time) { a.letter(LetterInterim, now) })
			}
			late(a.Due)
		}
	case Active, Suspended, Granted:
		if a.Kind == Membership || a.Kind == Authorisation {
			add(d.lasts(a), func(now time.Time) {
				a.move(Expired, now, string(BySystem), "", "")
				a.letter(LetterExpired, now)
			})
		}
	}
	return out
}

// deadline is by when somebody must have acted, once an application has come to a state.
func (d *Domain) deadline(a *Application, now time.Time) {
	a.Due = time.Time{}
	switch {
	case a.State == Pending:
		a.Due = now.Add(time.Duration(d.settings.Authorisation.Hours) * time.Hour).UTC()
	case a.State == InReview:
		a.Due = now.AddDate(0, 0, d.settings.Review.Answer).UTC()
	case a.State == Partner && a.Asked != nil:
		a.Due = a.Asked.At.AddDate(0, 0, d.settings.Partner.Late)
	case a.State == InCheck && a.Kind == Redress:
		a.Due = d.settings.afterWorkingDays(a.Filed, d.settings.Redress.Answer)
	}
}

// clocks are the application's next alarm.
func (d *Domain) clocks(a *Application) []jobs.Job {
	var next time.Time
	for _, x := range d.alarms(a) {
		if next.IsZero() || x.at.Before(next) {
			next = x.at
		}
	}
	if next.IsZero() {
		return nil
	}
	return []jobs.Job{{ID: jobClock + "/" + a.ID, Kind: jobClock, Due: next, Body: []byte(a.ID)}}
}

// ring does what is due of an application.
func (d *Domain) ring(ctx context.Context, tx store.Tx, id string) (e pipeline.Effects, err error) {
	a, err := applicationBy(ctx, tx, "id", id)
	if err != nil || a == nil {
		return e, err
	}
	now, rang := tx.Now().UTC(), false
	for _, x := range d.alarms(a) {
		if !x.at.After(now) {
			x.ring(now)
			rang = true
		}
	}
	if rang {
		if err := d.save(ctx, tx, a); err != nil {
			return e, err
		}
		d.tells(&e, a)
		e.Due = []screening.ID{screening.ID(a.ID)}
	}
	e.Jobs = d.clocks(a)
	return e, nil
}
