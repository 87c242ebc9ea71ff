package facilitation

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/audit"
	"github.com/rihla/rihla/internal/casework"
	"github.com/rihla/rihla/internal/jobs"
	"github.com/rihla/rihla/internal/pipeline"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/store"
)

// actor is who does something to an application, as the audit log names them.
type actor struct {
	name, role string
	mover      Mover
}

func person(p access.Principal) actor { return actor{p.Name, string(p.Role), ByOfficer} }

// traveller is the applicant, whom the log knows by the reference.
func (a *Application) traveller() actor {
	return actor{"applicant " + a.Ref, string(ByApplicant), ByApplicant}
}

const shortestReason = 10

// refuse is a no that says which rule it is by.
func refuse(code, format string, args ...any) error {
	return api.Errorf(api.Unprocessable, format, args...).With("code", code)
}

// act does one thing to one application, in one transaction with all that it causes.
func (d *Domain) act(ctx context.Context, id string, who func(*Application) actor, action string, do func(context.Context, store.Tx, *Application, *pipeline.Effects) error) (*Application, error) {
	var done *Application
	err := d.store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		a, err := applicationBy(ctx, tx, "id", id)
		if err != nil {
			return err
		}
		if a == nil {
			return api.Errorf(api.NotFound, "there is no application %s", id)
		}
		var e pipeline.Effects
		by := who(a)
		if err := do(ctx, tx, a, &e); err != nil {
			return err
		}
		if err := d.commit(ctx, tx, a, &e); err != nil {
			return err
		}
		if err := audit.Record(ctx, tx, audit.Entry{Actor: by.name, Role: by.role, Action: action, Touched: []string{a.ID}, Detail: string(a.State)}); err != nil {
			return err
		}
		done = a
		return pipeline.Apply(ctx, tx, Name, e)
	})
	return done, err
}

// commit saves an application that changed, with its clock, and says whom it concerns.
func (d *Domain) commit(ctx context.Context, tx store.Tx, a *Application, e *pipeline.Effects) error {
	if err := d.save(ctx, tx, a); err != nil {
		return err
	}
	next := d.clocks(a)
	if e.Jobs = append(e.Jobs, next...); len(next) == 0 {
		if err := jobs.Cancel(ctx, tx, jobClock+"/"+a.ID); err != nil {
			return err
		}
	}
	e.Due = append(e.Due, screening.ID(a.ID))
	d.tells(e, a)
	return nil
}

// arrive makes a move that is allowed: the state, its number and dates, its letter and its deadline.
func (d *Domain) arrive(ctx context.Context, tx store.Tx, a *Application, to State, by, second, reason string) error {
	from, now := a.State, tx.Now().UTC()
	a.move(to, now, by, second, reason)
	a.Overdue = false
	switch {
	case to == Active && from == Active: // renewed
		a.renew(d.settings)
	case to == Active && from != Suspended, to == Granted:
		if a.Number == "" || from != InReview {
			if err := d.grant(ctx, tx, a, now); err != nil {
				return err
			}
		}
	case to == Answered && a.Kind == Redress:
		if err := d.number(ctx, tx, a); err != nil {
			return err
		}
		a.Since = now
	}
	if to != Booked && from == Booked || to == Withdrawn {
		if _, err := tx.ExecContext(ctx, `delete from facilitation_interview where application = $1`, a.ID); err != nil {
			return err
		}
	}
	d.deadline(a, now)
	if kind := letterTo(a, from); kind != "" {
		a.letter(kind, now)
	}
	return nil
}

// Move is what an officer does with an application.
type Move struct {
	To      State
	Reason  string
	Finding string // of a suspension: the finding that the officer confirms, by what it matched
	Version int64  // as the officer saw it; 0 is whatever it is now
}

// move does it, or leaves it for a second person.
func (d *Domain) moveBy(ctx context.Context, tx store.Tx, a *Application, who access.Principal, in Move) error {
	m, wrong := a.Kind.allowed(a.State, in.To, ByOfficer)
	reason := strings.TrimSpace(in.Reason)
	switch {
	case wrong != nil:
		return refuse(wrong.code, "%s", wrong.why)
	case in.Version != 0 && in.Version != a.version:
		return api.Errorf(api.Conflict, "the application has changed since you read it; look again, then decide").With("version", a.version)
	case a.Proposal != nil:
		return api.Errorf(api.Conflict, "%s proposed %s; a second person confirms or declines it first", a.Proposal.By, a.Proposal.To)
	case in.To == Active && a.State == Active && a.Renewal == nil:
		return refuse(CodeMove, "the member has not asked to be renewed")
	case in.To == Partner, in.To == Answered, in.To == Booked:
		return refuse(CodeMove, "%s has a page of its own: ask the partner, examine the inquiry, give the outcome, book a day", in.To)
	case utf8.RuneCountInString(reason) < shortestReason && in.To != Enrolled && in.To != Approved && !(in.To == Active && a.State == Enrolled):
		return refuse(CodeDecision, "a decision has a reason of at least %d characters, for whoever reads it later", shortestReason)
	}
	if err := d.mayDecide(a, who.Name); err != nil {
		return err
	}
	if err := d.guards(ctx, tx, a, in); err != nil {
		return err
	}
	if m.second {
		a.Proposal = &Proposal{To: in.To, By: who.Name, At: tx.Now().UTC(), Reason: reason}
		return nil
	}
	return d.arrive(ctx, tx, a, in.To, who.Name, "", reason)
}

// mayDecide keeps a review from those whose decision is reviewed.
func (d *Domain) mayDecide(a *Application, name string) error {
	if a.State == InReview && a.Review != nil && slices.Contains(a.Review.Not, name) {
		return api.Errorf(api.Forbidden, "you had a part in the decision that is reviewed; somebody else looks at it")
	}
	return nil
}

// guards are what has to hold before a move, beside its being allowed.
func (d *Domain) guards(ctx context.Context, tx store.Tx, a *Application, in Move) error {
	switch in.To {
	case Suspended:
		found, err := screening.OfSubjects(ctx, tx, []screening.ID{screening.ID(a.ID)})
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(found[screening.ID(a.ID)], func(f screening.Finding) bool { return f.Matched == in.Finding }) {
			return refuse(CodeDecision, "a membership is suspended at once only for a finding that you confirm; say which of its open findings it is")
		}
		return nil
	case Approved, Enrolled, Active, Granted:
	default:
		return nil
	}
	cases, err := casework.OfSubjects(ctx, tx, []screening.ID{screening.ID(a.ID)})
	if err != nil {
		return err
	}
	for _, c := range cases[screening.ID(a.ID)] {
		if c.State != casework.Closed {
			return api.Errorf(api.Conflict, "case C-%d about this applicant is open; decide it first", c.Number).With("case", c.ID)
		}
	}
	if in.To == Approved {
		for _, r := range d.Eligibility(a, tx.Now()) {
			if r.Bars {
				return refuse(r.Code, "the programme's rules do not allow it: %s", r.Code)
			}
		}
	}
	return nil
}

// confirm is the second person's yes or no.
func (d *Domain) confirm(ctx context.Context, tx store.Tx, a *Application, who access.Principal, yes bool, reason string) error {
	p := a.Proposal
	switch {
	case p == nil:
		return api.Errorf(api.Conflict, "nothing waits for a second person")
	case p.By == who.Name && yes:
		return api.Errorf(api.Forbidden, "whoever proposed it cannot also confirm; it takes another person")
	case !yes && utf8.RuneCountInString(strings.TrimSpace(reason)) < shortestReason && p.By != who.Name:
		return refuse(CodeDecision, "say in at least %d characters why not: whoever proposed it reads it", shortestReason)
	}
	if err := d.mayDecide(a, who.Name); err != nil {
		return err
	}
	if !yes {
		a.History = append(a.History, Moved{At: tx.Now().UTC(), From: a.State, To: a.State, By: p.By, Second: who.Name, Reason: strings.TrimSpace(reason)})
		a.Proposal = nil
		return nil
	}
	if _, wrong := a.Kind.allowed(a.State, p.To, ByOfficer); wrong != nil {
		return refuse(wrong.code, "%s", wrong.why)
	}
	if err := d.arrive(ctx, tx, a, p.To, p.By, who.Name, p.Reason); err != nil {
		return err
	}
	if a.Kind == Redress {
		return d.clear(ctx, tx, a, p, who.Name)
	}
	return nil
}

// examine is a person's comparison of somebody who seeks redress with those whom screening found like them. A second person
// confirms it.
func (d *Domain) examine(ctx context.Context, tx store.Tx, a *Application, who access.Principal, notSame []string, reason string) error {
	if _, wrong := a.Kind.allowed(a.State, Answered, ByOfficer); wrong != nil || a.Kind != Redress {
		return refuse(CodeMove, "only an inquiry that is being looked into is examined; this one is %s", a.State)
	}
	if a.Proposal != nil {
		return api.Errorf(api.Conflict, "%s has examined it; a second person confirms or declines that first", a.Proposal.By)
	}
	if utf8.RuneCountInString(strings.TrimSpace(reason)) < shortestReason {
		return refuse(CodeDecision, "say in at least %d characters what you compared", shortestReason)
	}
	listed, err := d.listed(ctx, tx, a)
	if err != nil {
		return err
	}
	for _, matched := range notSame {
		if !slices.ContainsFunc(listed, func(f screening.Finding) bool { return f.Matched == matched }) {
			return refuse(CodeMove, "%q is no open finding of this person in a list", matched)
		}
	}
	notSame = slices.Clone(notSame)
	slices.Sort(notSame)
	a.Proposal = &Proposal{To: Answered, By: who.Name, At: tx.Now().UTC(), Reason: strings.TrimSpace(reason), NotSame: slices.Compact(notSame)}
	return nil
}

// listed are the open findings of somebody in lists of people, which redress is about. A document that is reported stolen is
// no namesake.
func (d *Domain) listed(ctx context.Context, r store.Reader, a *Application) ([]screening.Finding, error) {
	found, err := screening.OfSubjects(ctx, r, []screening.ID{screening.ID(a.ID)})
	return slices.DeleteFunc(found[screening.ID(a.ID)], func(f screening.Finding) bool {
		return f.List == "" || f.Explanation.Code == screening.CodeDocumentStolen
	}), err
}

// clear writes down whom somebody was found not to be, under the number they will give: an entry that stays as it is stops
// them no more, one that changes or is new does.
func (d *Domain) clear(ctx context.Context, tx store.Tx, a *Application, p *Proposal, second string) error {
	listed, err := d.listed(ctx, tx, a)
	if err != nil {
		return err
	}
	now := tx.Now().UTC()
	a.Kept = 0
	for _, f := range listed {
		if !slices.Contains(p.NotSame, f.Matched) {
			a.Kept++
			continue
		}
		a.Cleared = append(a.Cleared, Cleared{List: f.List, Entry: f.Entry, Name: f.Explanation.Listed, By: p.By, Confirmed: second, At: now})
		if err := screening.Dismiss(ctx, tx, screening.Dismissal{
			Subject: screening.ID(a.ID), Identity: []string{screening.KnownBy(screening.Redress, a.Number)}, Finding: f, By: p.By,
			Reason: fmt.Sprintf("redress %s: %s (confirmed by %s)", a.Number, p.Reason, second), Until: now.AddDate(d.settings.Redress.Holds, 0, 0),
		}); err != nil {
			return err
		}
	}
	return nil // commit says whom the number concerns
}

// enter notes an entry with an authorisation. One for a single entry is used up by it.
func (d *Domain) enter(ctx context.Context, tx store.Tx, a *Application, who access.Principal) error {
	now := tx.Now().UTC()
	if a.Kind != Authorisation || a.State != Granted || now.After(d.lasts(a)) {
		return refuse(CodeMove, "nobody enters with an authorisation that is %s", a.State)
	}
	a.Entered = append(a.Entered, Entered{now, who.Name})
	if a.Entries != single {
		return nil
	}
	return d.arrive(ctx, tx, a, Expired, string(BySystem), "", "used")
}

// answer gives what a partner may be told of its applicant. Green is not said over an open case.
func (d *Domain) answer(ctx context.Context, tx store.Tx, a *Application, who access.Principal, outcome, until, reason string) error {
	if _, wrong := a.Kind.allowed(a.State, Answered, ByOfficer); wrong != nil || a.Kind != Vetting {
		return refuse(CodeMove, "only a partner's question has such an outcome")
	}
	if outcome == "green" {
		if err := d.guards(ctx, tx, a, Move{To: Granted}); err != nil {
			return err
		}
		if end, err := time.Parse(time.DateOnly, until); err != nil || !end.After(tx.Now()) {
			return refuse(CodeMove, "green holds until a day to come: write it as 2027-04-07")
		}
	} else {
		until = ""
		if utf8.RuneCountInString(strings.TrimSpace(reason)) < shortestReason {
			return refuse(CodeDecision, "say in at least %d characters why; it stays here", shortestReason)
		}
	}
	reference := ""
	if a.Answer != nil {
		reference = a.Answer.Reference
	} else {
		n, err := store.NextNumber(ctx, tx, "facilitation_vetting", 1)
		if err != nil {
			return err
		}
		reference = fmt.Sprintf("%s-V-%d", d.alpha2(), n)
	}
	a.Answer = &Answer{Outcome: outcome, Reference: reference, ValidUntil: until, By: who.Name, At: tx.Now().UTC(), Reason: strings.TrimSpace(reason)}
	return d.arrive(ctx, tx, a, Answered, who.Name, "", "")
}
