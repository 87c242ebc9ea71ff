package facilitation

import (
	"context"
	"slices"

	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/casework"
	"github.com/rihla/rihla/internal/pipeline"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/store"
)

// Decided moves an application as people decided on its case. Who refused or revoked is two people: casework asked both.
func (d *Domain) Decided(ctx context.Context, tx store.Tx, c casework.Case, made casework.Decision) (e pipeline.Effects, err error) {
	a, err := applicationBy(ctx, tx, "id", string(c.Subject))
	if err != nil || a == nil {
		return e, err
	}
	to, moves := a.after(made.Outcome)
	if !moves {
		return pipeline.Effects{Due: []screening.ID{c.Subject}}, nil
	}
	if _, wrong := a.Kind.allowed(a.State, to, ByOfficer); wrong != nil {
		return e, api.Errorf(api.Unprocessable, "%s does not fit a %s that is %s; decide otherwise, or go to the application's own page", made.Outcome, a.Kind, a.State).With("code", wrong.code)
	}
	for _, name := range nonEmpty(made.By, made.Confirmed) {
		if err := d.mayDecide(a, name); err != nil {
			return e, err
		}
	}
	if err := d.arrive(ctx, tx, a, to, made.By, made.Confirmed, made.Reason); err != nil {
		return e, err
	}
	return e, d.commit(ctx, tx, a, &e)
}

// after is where an outcome of its case takes an application; false leaves it where it is.
func (a *Application) after(outcome string) (State, bool) {
	switch outcome {
	case OutcomeGrant:
		if a.Kind == Membership {
			return Active, true
		}
		return Granted, true
	case OutcomeRefuse:
		return Refused, true
	case OutcomeSuspend:
		return Suspended, true
	case OutcomeRevoke:
		if a.Kind == Authorisation {
			return Cancelled, true
		}
		return Revoked, true
	}
	return "", false
}

// Raised suspends at once the membership whose document is reported stolen: a fact, which needs nobody's judgement, and
// which any officer can lift. Whatever else is found waits for a person.
func (d *Domain) Raised(ctx context.Context, tx store.Tx, raised []casework.Raised) (e pipeline.Effects, err error) {
	for _, r := range raised {
		if r.Case.Domain != Name || r.What == "withdrawn" {
			continue
		}
		a, err := applicationBy(ctx, tx, "id", string(r.Case.Subject))
		if err != nil {
			return e, err
		}
		if a == nil || a.Kind != Membership || a.State != Active {
			continue
		}
		found, err := screening.OfSubjects(ctx, tx, []screening.ID{r.Case.Subject})
		if err != nil {
			return e, err
		}
		if !slices.ContainsFunc(found[r.Case.Subject], func(f screening.Finding) bool { return f.Explanation.Code == screening.CodeDocumentStolen }) {
			continue
		}
		if err := d.arrive(ctx, tx, a, Suspended, string(BySystem), "", screening.CodeDocumentStolen); err != nil {
			return e, err
		}
		if err := d.commit(ctx, tx, a, &e); err != nil {
			return e, err
		}
	}
	return e, nil
}
