package funds

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/rihla/rihla/formats/money"
	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/casework"
	"github.com/rihla/rihla/internal/jobs"
	"github.com/rihla/rihla/internal/pipeline"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/store"
)

// The clocks of a freeze.
const (
	jobFreeze = Name + ".freeze" // without delay: somebody must have said who it is
	jobRemind = Name + ".remind"
	jobLift   = Name + ".lift" // the designation is gone: what is frozen is let go
)

// The states of a freeze. Only people move it; a clock says that they are late.
const (
	Pending   = "pending"  // a designation is met, and nobody has said whether it is the same
	Frozen    = "frozen"   // ordered, by two people
	Licensed  = "licensed" // so much of it let go
	Lifted    = "lifted"
	NotSame   = "not_same"
	Withdrawn = "withdrawn" // the designation went before anybody had to act
)

// Freeze is what a designation asks of the unit about one party: to say who it is, and to have its money frozen.
type Freeze struct {
	Case     string         `json:"case"`
	Number   int64          `json:"case_number"`
	Subject  string         `json:"subject"`
	Name     string         `json:"name"`
	Kind     string         `json:"kind,omitempty"`
	Matched  []string       `json:"matched" doc:"The designations met: list and entry"`
	State    string         `json:"state" enum:"pending,frozen,licensed,lifted,not_same,withdrawn"`
	Started  time.Time      `json:"started"`
	Due      time.Time      `json:"due"`
	Overdue  bool           `json:"overdue,omitempty" doc:"Nobody said who it is in time"`
	Ordered  time.Time      `json:"ordered_at,omitzero"`
	By       []string       `json:"ordered_by,omitempty"`
	Reason   string         `json:"reason,omitempty"`
	Delisted time.Time      `json:"delisted_at,omitzero" doc:"The designation is gone: lift it"`
	Ended    time.Time      `json:"ended_at,omitzero"`
	Totals   []Cash         `json:"totals" doc:"Frozen, by currency: the sum of the answers"`
	Answers  []FreezeAnswer `json:"answers"`
}

// FreezeAnswer is what an obliged entity answered to an order.
type FreezeAnswer struct {
	ID       string        `json:"id"`
	Entity   string        `json:"entity"`
	Answer   string        `json:"answer" enum:"frozen,nothing,false_name"`
	Amount   money.Decimal `json:"amount,omitzero"`
	Currency string        `json:"currency,omitempty"`
	Accounts int           `json:"accounts,omitempty"`
	At       time.Time     `json:"at"`
	By       string        `json:"by"`
}

// sum works out the totals: at any time they are the sum of the answers, exactly. Of one entity the last answer counts.
func (f *Freeze) sum() {
	last := map[string]FreezeAnswer{}
	for _, a := range f.Answers {
		last[a.Entity] = a
	}
	sums := map[string]money.Decimal{}
	for _, a := range last {
		if a.Answer != "frozen" {
			continue
		}
		if was, there := sums[a.Currency]; !there {
			sums[a.Currency] = a.Amount
		} else if total, ok := was.Add(a.Amount); ok {
			sums[a.Currency] = total
		}
	}
	f.Totals = []Cash{}
	for currency, amount := range sums {
		f.Totals = append(f.Totals, Cash{Currency: currency, Amount: amount})
	}
	slices.SortFunc(f.Totals, func(a, b Cash) int {
		if a.Currency < b.Currency {
			return -1
		}
		return 1
	})
}

func scanFreeze(rows *sql.Rows) (*Freeze, error) {
	var body []byte
	f := &Freeze{}
	if err := rows.Scan(&body); err != nil {
		return nil, err
	}
	return f, json.Unmarshal(body, f)
}

// freezeOf reads the freeze of a case; nil where there is none.
func freezeOf(ctx context.Context, r store.Reader, id string) (f *Freeze, err error) {
	err = store.Rows(ctx, r, func(rows *sql.Rows) (err error) {
		f, err = scanFreeze(rows)
		return err
	}, `select body from funds_freeze where case_id = $1`, id)
	return f, err
}

// freezesOf reads the freezes of parties.
func freezesOf(ctx context.Context, r store.Reader, parties []string) (map[string][]*Freeze, error) {
	out := map[string][]*Freeze{}
	err := store.ForKeys(ctx, r, `select body from funds_freeze where subject in (:keys) order by started, case_id`, parties, func(rows *sql.Rows) error {
		f, err := scanFreeze(rows)
		if err == nil {
			out[f.Subject] = append(out[f.Subject], f)
		}
		return err
	})
	return out, err
}

func (f *Freeze) save(ctx context.Context, tx store.Tx) error {
	f.sum()
	if f.Answers == nil {
		f.Answers = []FreezeAnswer{}
	}
	body, err := json.Marshal(f)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `insert into funds_freeze (case_id, subject, state, due, started, body) values ($1, $2, $3, $4, $5, $6)
		on conflict (case_id) do update set subject = excluded.subject, state = excluded.state, due = excluded.due, body = excluded.body`,
		f.Case, f.Subject, f.State, store.Micros(f.Due), store.Micros(f.Started), string(body))
	return err
}

func (f *Freeze) event(what string) pipeline.Event {
	return pipeline.Event{Name: "freeze", ID: f.Case, Counts: map[string]int{what: 1}}
}

// stop takes the clocks back.
func (f *Freeze) stop(ctx context.Context, tx store.Tx, s *Settings) error {
	ids := []string{jobFreeze + "/" + f.Case, jobLift + "/" + f.Case}
	for i := range s.Freeze.Remind {
		ids = append(ids, fmt.Sprintf("%s/%s/%d", jobRemind, f.Case, i))
	}
	return jobs.Cancel(ctx, tx, ids...)
}

// Raised starts a freezing clock where a case met a designation, and stops it where the designation went.
func (d *Domain) Raised(ctx context.Context, tx store.Tx, raised []casework.Raised) (e pipeline.Effects, err error) {
	for _, r := range raised {
		if r.Case.Domain != Name {
			continue
		}
		met, err := d.designations(ctx, tx, r.Case.Subject)
		if err != nil {
			return e, err
		}
		f, err := freezeOf(ctx, tx, r.Case.ID)
		if err != nil {
			return e, err
		}
		switch {
		case len(met) > 0 && (f == nil || f.State == Withdrawn):
			err = d.begin(ctx, tx, &e, r.Case, met)
		case len(met) > 0 && !slices.Equal(met, f.Matched):
			f.Matched = met
			err = f.save(ctx, tx)
		case len(met) == 0 && f != nil:
			err = d.delisted(ctx, tx, &e, f)
		}
		if err != nil {
			return e, err
		}
	}
	return e, nil
}

// designations are what a party meets now: entries of those lists that freeze, and what the partner has designated.
func (d *Domain) designations(ctx context.Context, r store.Reader, id screening.ID) ([]string, error) {
	found, err := screening.OfSubjects(ctx, r, []screening.ID{id})
	if err != nil {
		return nil, err
	}
	var met []string
	for _, f := range found[id] {
		code := f.Explanation.Code
		if code == CodeDesignation {
			met = append(met, f.Explanation.Reason+"/"+f.Explanation.Title)
		}
		if (code == screening.CodeNameMatch || code == screening.CodeDocumentListed) && (len(d.settings.Freeze.Lists) == 0 || slices.Contains(d.settings.Freeze.Lists, f.List)) {
			met = append(met, f.List+"/"+f.Entry)
		}
	}
	slices.Sort(met)
	return slices.Compact(met), nil
}

// begin starts the clock: the hard one, and the reminders before it. A case that changes while it runs does not move it.
func (d *Domain) begin(ctx context.Context, tx store.Tx, e *pipeline.Effects, c casework.Case, met []string) error {
	now := tx.Now().UTC()
	f := &Freeze{Case: c.ID, Number: c.Number, Subject: string(c.Subject), Name: c.Title, Matched: met, State: Pending, Started: now, Due: now.Add(d.settings.within())}
	if parties, err := partiesOf(ctx, tx, []string{f.Subject}); err != nil {
		return err
	} else if p := parties[f.Subject]; p != nil {
		f.Kind = p.Kind
	}
	if err := f.save(ctx, tx); err != nil {
		return err
	}
	e.Jobs = append(e.Jobs, jobs.Job{ID: jobFreeze + "/" + f.Case, Kind: jobFreeze, Due: f.Due, Body: []byte(f.Case)})
	for i, h := range d.settings.Freeze.Remind {
		e.Jobs = append(e.Jobs, jobs.Job{ID: fmt.Sprintf("%s/%s/%d", jobRemind, f.Case, i), Kind: jobRemind, Due: now.Add(time.Duration(h) * time.Hour), Body: []byte(f.Case)})
	}
	e.Events = append(e.Events, f.event("started"))
	e.Touched = append(e.Touched, f.Case, f.Subject)
	return nil
}

// delisted: what waits is over; what is frozen is to be lifted by people, within a day.
func (d *Domain) delisted(ctx context.Context, tx store.Tx, e *pipeline.Effects, f *Freeze) error {
	switch f.State {
	case Pending:
		f.State, f.Ended = Withdrawn, tx.Now().UTC()
		if err := f.stop(ctx, tx, d.settings); err != nil {
			return err
		}
		e.Events = append(e.Events, f.event("withdrawn"))
	case Frozen, Licensed:
		if !f.Delisted.IsZero() {
			return nil
		}
		f.Delisted = tx.Now().UTC()
		e.Jobs = append(e.Jobs, jobs.Job{ID: jobLift + "/" + f.Case, Kind: jobLift, Due: f.Delisted.Add(d.settings.within()), Body: []byte(f.Case)})
		e.Events = append(e.Events, f.event("delisted"))
	default:
		return nil
	}
	e.Touched = append(e.Touched, f.Case)
	return f.save(ctx, tx)
}

// freezeDue: the time is over and nobody has said who it is. No machine freezes; it is told, loudly.
func (d *Domain) freezeDue(ctx context.Context, tx store.Tx, id string) (e pipeline.Effects, err error) {
	f, err := freezeOf(ctx, tx, id)
	if err != nil || f == nil || f.State != Pending {
		return e, err
	}
	f.Overdue = true
	e.Due = []screening.ID{screening.ID(f.Subject)}
	e.Events = []pipeline.Event{f.event("overdue")}
	e.Touched = []string{f.Case, f.Subject}
	return e, f.save(ctx, tx)
}

// remind tells the desk that a clock runs.
func (d *Domain) remind(ctx context.Context, tx store.Tx, id, kind string) (e pipeline.Effects, err error) {
	f, err := freezeOf(ctx, tx, id)
	switch {
	case err != nil || f == nil:
	case kind == jobLift && (f.State == Frozen || f.State == Licensed):
		f.Overdue = true
		e.Due = []screening.ID{screening.ID(f.Subject)}
		e.Events = []pipeline.Event{f.event("overdue")}
		err = f.save(ctx, tx)
	case f.State == Pending:
		e.Events = []pipeline.Event{f.event("reminder")}
	}
	return e, err
}

// Decided moves a freeze as people decided. While a designation is met, a case is not closed past it.
func (d *Domain) Decided(ctx context.Context, tx store.Tx, c casework.Case, made casework.Decision) (e pipeline.Effects, err error) {
	f, err := freezeOf(ctx, tx, c.ID)
	if err != nil {
		return e, err
	}
	refuse := func(format string, args ...any) (pipeline.Effects, error) {
		return pipeline.Effects{}, api.Errorf(api.Unprocessable, format, args...)
	}
	pending := f != nil && f.State == Pending
	holds := f != nil && (f.State == Frozen || f.State == Licensed)
	now := tx.Now().UTC()
	switch made.Outcome {
	case OutcomeFreeze:
		if parties, err := partiesOf(ctx, tx, []string{string(c.Subject)}); err != nil {
			return e, err
		} else if parties[string(c.Subject)] == nil {
			return refuse("only a person, an organisation or an account can be frozen; open the party's own case")
		}
		if holds {
			return refuse("it is frozen already")
		}
		if f == nil {
			f = &Freeze{Case: c.ID, Number: c.Number, Subject: string(c.Subject), Name: c.Title, Matched: []string{}, Started: now, Due: now}
		}
		f.State, f.Ordered, f.Reason, f.Overdue = Frozen, now, made.Reason, false
		f.By = nonEmpty(made.By, made.Confirmed)
	case OutcomeLicence:
		if !holds {
			return refuse("nothing is frozen that a licence could let go")
		}
		f.State, f.Reason = Licensed, made.Reason
	case OutcomeLifted:
		if !holds {
			return refuse("nothing is frozen that could be lifted")
		}
		f.State, f.Reason, f.Ended, f.Overdue = Lifted, made.Reason, now, false
	case casework.NotSamePerson, casework.Cleared:
		if holds {
			return refuse("it is frozen; lift it first, by two people")
		}
		if f == nil {
			return e, nil
		}
		f.State, f.Reason, f.Ended, f.Overdue = NotSame, made.Reason, now, false
	default:
		if pending && made.Outcome != "analysis" {
			return refuse("a designation is met and its clock runs: say first whether it is the same (freeze) or not (not-same-person)")
		}
		if holds {
			return refuse("it is frozen; give a licence or lift it")
		}
		return e, nil
	}
	if err := f.stop(ctx, tx, d.settings); err != nil {
		return e, err
	}
	e.Events = []pipeline.Event{f.event(f.State)}
	e.Due = []screening.ID{c.Subject}
	e.Touched = []string{f.Case, f.Subject}
	return e, f.save(ctx, tx)
}
