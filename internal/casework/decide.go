package casework

import (
	"context"
	"database/sql"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/audit"
	"github.com/rihla/rihla/internal/keys"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/store"
)

// Verdict is what a person says of a case.
type Verdict struct {
	Outcome string
	Reason  string
	Version int64 // of the case as the person saw it; 0 = whatever it is now
}

// Decide ends a case, or leaves it pending where the outcome needs a second person. Deciding a case that nobody has
// claimed claims it.
func (d *Desk) Decide(ctx context.Context, p access.Principal, id string, v Verdict) (Decision, error) {
	var made Decision
	err := d.act(ctx, p, id, func(tx store.Tx, c Case, offer Offer) (deed, error) {
		outcome, err := permitted(offer, p, v)
		if err != nil {
			return deed{}, err
		}
		switch {
		case v.Version != 0 && v.Version != c.Version:
			return deed{}, api.Errorf(api.Conflict, "the case has changed since you read it; look again, then decide").With("version", c.Version)
		case outcome.Lifts != "" && (c.State != Closed || c.Outcome != outcome.Lifts):
			return deed{}, api.Errorf(api.Conflict, "%s takes back %s, and that does not stand on this case", outcome.Code, outcome.Lifts)
		case c.State == Closed && outcome.Lifts == "":
			return deed{}, api.Errorf(api.Conflict, "the case is closed already (%s)", c.Outcome)
		case c.State == Pending:
			return deed{}, api.Errorf(api.Conflict, "a decision on this case waits for a second person; confirm or refuse it first")
		case c.State == Claimed && c.ClaimedBy != p.Name:
			return deed{}, takenBy(c)
		}
		now := moment(tx)
		if c.State == Open || c.State == Waiting || c.State == Closed {
			c.ClaimedBy, c.ClaimedAt = p.Name, now
		}
		ready, err := prepared(ctx, tx, offer, &c)
		if err != nil {
			return deed{}, err
		}
		made = Decision{ID: keys.Event(), Case: c.ID, Outcome: outcome.Code, Reason: strings.TrimSpace(v.Reason), By: p.Name, At: now,
			Pending: outcome.Second && ready != outcome.Code}
		if err := addDecision(ctx, tx, made); err != nil {
			return deed{}, err
		}
		done := deed{action: "case.decide", what: "decided", detail: outcome.Code}
		if made.Pending {
			c.State = Pending
			done.what, done.detail = "proposed", outcome.Code
		} else if err := d.finish(ctx, tx, &c, offer, made); err != nil {
			return deed{}, err
		}
		done.c = c
		return done, nil
	})
	return made, err
}

// Confirm is the second person's yes or no to a pending decision. The one who decided cannot confirm, but can take the
// decision back.
func (d *Desk) Confirm(ctx context.Context, p access.Principal, id string, yes bool, reason string) (Decision, error) {
	var made Decision
	err := d.act(ctx, p, id, func(tx store.Tx, c Case, offer Offer) (deed, error) {
		if c.State != Pending {
			return deed{}, api.Errorf(api.Conflict, "no decision on this case waits for a second person")
		}
		decision, err := pendingDecision(ctx, tx, c.ID)
		if err != nil {
			return deed{}, err
		}
		outcome := outcomeOf(offer, decision.Outcome)
		own := decision.By == p.Name
		reason := strings.TrimSpace(reason)
		switch {
		case own && yes:
			return deed{}, api.Errorf(api.Forbidden, "whoever decided cannot also confirm; it takes another person")
		case !own && !slices.Contains(seconds(outcome), string(p.Role)):
			return deed{}, api.Errorf(api.Forbidden, "role %s cannot confirm %s; it takes %s", p.Role, outcome.Code, strings.Join(seconds(outcome), " or "))
		case !yes && utf8.RuneCountInString(reason) < max(outcome.Shortest, 1):
			return deed{}, tooShort(outcome)
		}
		decision.Pending, decision.Refused = false, !yes
		decision.Confirmed, decision.ConfirmAt, decision.Answer = p.Name, moment(tx), reason
		if err := answerDecision(ctx, tx, decision); err != nil {
			return deed{}, err
		}
		done := deed{action: "case.refuse", what: "refused", detail: outcome.Code}
		if yes {
			done.action, done.what = "case.confirm", "confirmed"
			if err := d.finish(ctx, tx, &c, offer, decision); err != nil {
				return deed{}, err
			}
		} else {
			c.State = Claimed // by the one who decided, who may decide otherwise
			if outcome.Lifts != "" {
				c.State = Closed // as it was: what was ordered stands
			}
		}
		done.c, made = c, decision
		return done, nil
	})
	return made, err
}

// prepared is the outcome that the house has prepared for a case, if any: a person's word on it is the second.
func prepared(ctx context.Context, r store.Reader, offer Offer, c *Case) (string, error) {
	if p, ok := offer.Domain.(Preparer); ok && c.State != Closed {
		return p.Prepared(ctx, r, *c)
	}
	return "", nil
}

// finish closes the case with a decision that stands, or has it wait, and does what the decision causes.
func (d *Desk) finish(ctx context.Context, tx store.Tx, c *Case, offer Offer, decision Decision) error {
	c.Outcome = decision.Outcome
	if outcomeOf(offer, decision.Outcome).Waits {
		c.State = Waiting
		return d.cause(ctx, tx, *c, decision)
	}
	c.State, c.Closed = Closed, moment(tx)
	identity, err := identityOf(ctx, tx, offer.Domain, c.Subject)
	if err != nil {
		return err
	}
	if err := knowIdentity(ctx, tx, c.ID, identity); err != nil {
		return err
	}
	live, err := screening.OfSubjects(ctx, tx, []screening.ID{c.Subject})
	if err != nil {
		return err
	}
	if err := screening.RecordDecided(ctx, tx, live[c.Subject], decision.Outcome, decision.Outcome != NotSamePerson); err != nil {
		return err
	}
	if decision.Outcome == NotSamePerson {
		if err := dismiss(ctx, tx, c, identity, live[c.Subject], decision); err != nil {
			return err
		}
	}
	return d.cause(ctx, tx, *c, decision)
}

// cause does what a decision that stands causes elsewhere.
func (d *Desk) cause(ctx context.Context, tx store.Tx, c Case, decision Decision) error {
	if d.o.Decided == nil {
		return nil
	}
	return d.o.Decided(ctx, tx, c, decision)
}

// dismiss tells screening that the subject is none of those listed. What does not speak of who somebody is, a rule's hit
// or a stolen document, screening leaves as it is.
func dismiss(ctx context.Context, tx store.Tx, c *Case, identity []string, live []screening.Finding, decision Decision) error {
	for _, f := range live {
		if err := screening.Dismiss(ctx, tx, screening.Dismissal{Subject: c.Subject, Identity: identity, Finding: f, By: decision.By, Reason: decision.Reason}); err != nil {
			return err
		}
	}
	return nil
}

func identityOf(ctx context.Context, r store.Reader, domain Domain, subject screening.ID) ([]string, error) {
	subjects, err := domain.Screen(ctx, r, []screening.ID{subject})
	if err != nil || len(subjects) == 0 {
		return nil, err
	}
	return screening.Identity(&subjects[0].Subject), nil
}

func permitted(offer Offer, p access.Principal, v Verdict) (Outcome, error) {
	outcome := outcomeOf(offer, v.Outcome)
	switch {
	case outcome.Code == "":
		return Outcome{}, api.Errorf(api.Unprocessable, "outcome %q is not one this case can have; it can be %s", v.Outcome, strings.Join(codes(offer), ", "))
	case !slices.Contains(outcome.Roles, string(p.Role)):
		return Outcome{}, api.Errorf(api.Forbidden, "role %s cannot decide %s; it takes %s", p.Role, outcome.Code, strings.Join(outcome.Roles, " or "))
	case utf8.RuneCountInString(strings.TrimSpace(v.Reason)) < max(outcome.Shortest, 1):
		return Outcome{}, tooShort(outcome)
	}
	return outcome, nil
}

func tooShort(o Outcome) error {
	return api.Errorf(api.Unprocessable, "the reason is too short: %s needs one of at least %d characters, for whoever reads it later", o.Code, max(o.Shortest, 1)).
		With("shortest", max(o.Shortest, 1))
}

func seconds(o Outcome) []string {
	if len(o.Seconds) > 0 {
		return o.Seconds
	}
	return o.Roles
}

func outcomeOf(offer Offer, code string) Outcome {
	for _, o := range offer.Domain.Outcomes() {
		if o.Code == code {
			return o
		}
	}
	return Outcome{}
}

// offered are the outcomes that a case can have now.
func offered(offer Offer, c *Case) []Outcome {
	return slices.DeleteFunc(slices.Clone(offer.Domain.Outcomes()), func(o Outcome) bool {
		return o.Lifts != "" && (c.State != Closed || c.Outcome != o.Lifts)
	})
}

func codes(offer Offer) []string {
	var all []string
	for _, o := range offer.Domain.Outcomes() {
		all = append(all, o.Code)
	}
	return all
}

// deed is one act on a case: how the case is afterwards, and how history and audit log name it.
type deed struct {
	c                    Case
	action, what, detail string
	still                bool // nothing changed: nothing is written
}

// act does one thing to one case in one transaction: the case, its history, the audit log and the event together.
func (d *Desk) act(ctx context.Context, p access.Principal, id string, do func(store.Tx, Case, Offer) (deed, error)) error {
	if p.Name == "" {
		return api.Errorf(api.Unauthorized, "a case is worked on by a named person; sign in")
	}
	return d.st.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		c, offer, err := d.visible(ctx, tx, p, id)
		if err != nil {
			return err
		}
		done, err := do(tx, c, offer)
		if err != nil || done.still {
			return err
		}
		done.c.Version = c.Version + 1
		if err := save(ctx, tx, done.c); err != nil {
			return err
		}
		if err := remember(ctx, tx, happened{c.ID, Happening{At: moment(tx), By: p.Name, What: done.what, Detail: done.detail}}); err != nil {
			return err
		}
		entry := audit.Entry{Actor: p.Name, Role: string(p.Role), Action: done.action, Touched: []string{c.ID, string(c.Subject)}}
		if done.what != "note" { // a note may name people; the log needs only that there is one
			entry.Detail = done.detail
		}
		if err := audit.Record(ctx, tx, entry); err != nil {
			return err
		}
		return d.announce(ctx, tx, done.c, done.what)
	})
}

// The states of a decision as stored.
const (
	pending = "pending"
	final   = "final"
	refused = "refused"
)

var addDecisions = store.NewInsert("casework_decision",
	[]string{"case_id", "id", "outcome", "reason", "decider", "at", "state", "second", "answer", "second_at"}, "")

func addDecision(ctx context.Context, tx store.Tx, d Decision) error {
	state := final
	if d.Pending {
		state = pending
	}
	_, err := addDecisions.Exec(ctx, tx, [][]any{{d.Case, d.ID, d.Outcome, d.Reason, d.By, store.Micros(d.At), state, "", "", int64(0)}})
	return err
}

func answerDecision(ctx context.Context, tx store.Tx, d Decision) error {
	state := final
	if d.Refused {
		state = refused
	}
	_, err := tx.ExecContext(ctx, `update casework_decision set state = $1, second = $2, answer = $3, second_at = $4 where case_id = $5 and id = $6`,
		state, d.Confirmed, d.Answer, store.Micros(d.ConfirmAt), d.Case, d.ID)
	return err
}

const decisionColumns = `case_id, id, outcome, reason, decider, at, state, second, answer, second_at`

func scanDecision(rows interface{ Scan(...any) error }) (Decision, error) {
	var d Decision
	var state string
	var at, secondAt int64
	err := rows.Scan(&d.Case, &d.ID, &d.Outcome, &d.Reason, &d.By, &at, &state, &d.Confirmed, &d.Answer, &secondAt)
	d.At, d.ConfirmAt = store.Time(at), store.Time(secondAt)
	d.Pending, d.Refused = state == pending, state == refused
	return d, err
}

func pendingDecision(ctx context.Context, r store.Reader, id string) (Decision, error) {
	return scanDecision(r.QueryRowContext(ctx, `select `+decisionColumns+` from casework_decision where case_id = $1 and state = $2`, id, pending))
}

// DecisionsOf lists the decisions of cases, newest first: for a domain that tells who decided what it acts on.
func DecisionsOf(ctx context.Context, r store.Reader, cases []string) ([]Decision, error) {
	return decisionsOf(ctx, r, cases)
}

// decisionsOf lists the decisions of cases, newest first.
func decisionsOf(ctx context.Context, r store.Reader, cases []string) ([]Decision, error) {
	all := []Decision{}
	err := store.ForKeys(ctx, r, `select `+decisionColumns+` from casework_decision where case_id in (:keys)`, cases, func(rows *sql.Rows) error {
		d, err := scanDecision(rows)
		all = append(all, d)
		return err
	})
	slices.SortFunc(all, func(a, b Decision) int { return strings.Compare(b.ID, a.ID) })
	slices.SortStableFunc(all, func(a, b Decision) int { return b.At.Compare(a.At) })
	return all, err
}

var addIdentities = store.NewInsert("casework_identity", []string{"identity", "case_id"}, "on conflict do nothing")

func knowIdentity(ctx context.Context, tx store.Tx, id string, identity []string) error {
	identity = slices.Compact(slices.Sorted(slices.Values(identity)))
	rows := make([][]any, len(identity))
	for i, key := range identity {
		rows[i] = []any{key, id}
	}
	_, err := addIdentities.Exec(ctx, tx, rows)
	return err
}

func takenBy(c Case) error {
	return api.Errorf(api.Conflict, "%s has claimed this case", c.ClaimedBy).With("claimed_by", c.ClaimedBy).With("claimed_at", c.ClaimedAt.Format(time.RFC3339))
}
