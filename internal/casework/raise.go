package casework

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rihla/rihla/internal/keys"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/store"
)

// Raised is a case that a report opened or changed, and how: opened, reopened, changed, answered, withdrawn, merged.
type Raised struct {
	Case Case
	What string
}

// Raise turns what screening found into cases, in the transaction that wrote the findings. found holds every live
// finding of the screened subjects, up what screening.Upsert answered for them.
//
// A subject has one case that is not closed. A new or worse finding opens one, or is added to it; a closed case makes
// a new one, with the earlier decision shown beside it. A case that nobody has taken on and that has no live finding
// left is withdrawn, and reopens as itself. Subjects without findings cost nothing, not even a query.
func Raise(ctx context.Context, tx store.Tx, domain string, screened []screening.Screened, found []screening.Finding, up screening.Upserted) ([]Raised, error) {
	live := bySubject(found)
	fresh := bySubject(append(slices.Clone(up.New), up.Worse...))
	concerned := map[screening.ID]bool{}
	for _, findings := range [][]screening.Finding{found, up.New, up.Worse, up.Gone} {
		for _, f := range findings {
			concerned[f.Subject] = true
		}
	}
	if len(concerned) == 0 {
		return nil, nil
	}
	cases, err := casesOf(ctx, tx, slices.Sorted(maps.Keys(concerned)))
	if err != nil {
		return nil, err
	}
	subjects := make(map[screening.ID]*screening.Subject, len(concerned))
	for i := range screened {
		if id := screened[i].Subject.ID; concerned[id] {
			subjects[id] = &screened[i].Subject
		}
	}

	w := writing{tx: tx, now: moment(tx)}
	for _, id := range slices.Sorted(maps.Keys(concerned)) {
		current, last := standing(cases[id])
		switch {
		case len(live[id]) == 0 && current != nil:
			w.emptied(*current, "findings-gone")
		case len(live[id]) == 0:
		case current != nil:
			w.added(*current, subjects[id], live[id], fresh[id])
		case len(fresh[id]) == 0:
		case last != nil && last.Outcome == Withdrawn:
			w.reopened(*last, subjects[id], live[id], fresh[id])
		default:
			w.opened(domain, id, subjects[id], live[id], fresh[id])
		}
	}
	return w.end(ctx)
}

// Gone treats subjects that are no more as subjects without findings.
func Gone(ctx context.Context, tx store.Tx, _ string, ids []screening.ID) ([]Raised, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	cases, err := casesOf(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	w := writing{tx: tx, now: moment(tx)}
	for _, id := range slices.Sorted(maps.Keys(cases)) {
		if current, _ := standing(cases[id]); current != nil {
			w.emptied(*current, "subject-gone")
		}
	}
	return w.end(ctx)
}

// Return puts cases that wait back on the desk of whoever decided them: the answer came. It answers those it put back.
func Return(ctx context.Context, tx store.Tx, _ string, subjects []screening.ID, detail string) ([]Raised, error) {
	if len(subjects) == 0 {
		return nil, nil
	}
	cases, err := casesOf(ctx, tx, subjects)
	if err != nil {
		return nil, err
	}
	w := writing{tx: tx, now: moment(tx)}
	for _, id := range slices.Sorted(maps.Keys(cases)) {
		if current, _ := standing(cases[id]); current != nil && current.State == Waiting {
			c := *current
			c.State = Claimed
			c.Version++
			w.raised = append(w.raised, Raised{c, "answered"})
			w.happen(c, "answered", detail)
		}
	}
	return w.end(ctx)
}

// Unacknowledged has the history of a subject's last case say that a filer has not acknowledged what it was told: somebody
// phones. It answers that case.
func Unacknowledged(ctx context.Context, tx store.Tx, subject screening.ID, filer string) ([]Case, error) {
	cases, err := casesOf(ctx, tx, []screening.ID{subject})
	if err != nil || len(cases[subject]) == 0 {
		return nil, err
	}
	current, last := standing(cases[subject])
	if current == nil {
		current = last
	}
	if current == nil {
		return nil, nil
	}
	w := writing{tx: tx, now: moment(tx), silent: []Case{*current}}
	w.silent[0].Version++
	w.happen(*current, "unacknowledged", filer)
	_, err = w.end(ctx)
	return w.silent, err
}

// standing picks the case that is not closed, and the newest of those that are.
func standing(cases []Case) (current, last *Case) {
	for i := range cases {
		switch {
		case cases[i].State != Closed:
			current = &cases[i]
		case cases[i].Outcome != Merged:
			last = &cases[i]
		}
	}
	return current, last
}

func bySubject(findings []screening.Finding) map[screening.ID][]screening.Finding {
	by := map[screening.ID][]screening.Finding{}
	for _, f := range findings {
		by[f.Subject] = append(by[f.Subject], f)
	}
	return by
}

// OpenFirst puts cases in order: those not closed first, then the newest.
func OpenFirst(cases []Case) {
	slices.SortFunc(cases, func(a, b Case) int {
		if x, y := a.State == Closed, b.State == Closed; x != y {
			if y {
				return -1
			}
			return 1
		}
		return cmp.Compare(b.Number, a.Number)
	})
}

// writing gathers what one transaction changes, so that many cases take a few statements.
type writing struct {
	tx      store.Tx
	now     time.Time
	raised  []Raised
	silent  []Case // facts refreshed, nothing that happened
	history []happened
	unnamed []int // raised cases that still need a number
}

func (w *writing) happen(c Case, what, detail string) {
	w.history = append(w.history, happened{c.ID, Happening{At: w.now, What: what, Detail: detail}})
}

func (w *writing) opened(domain string, id screening.ID, subject *screening.Subject, live, fresh []screening.Finding) {
	c := Case{ID: keys.Event(), Domain: domain, Subject: id, State: Open, Opened: w.now, Version: 1}
	learn(&c, subject, live)
	w.unnamed = append(w.unnamed, len(w.raised))
	w.raised = append(w.raised, Raised{c, "opened"})
	w.happen(c, "opened", matched(fresh))
}

func (w *writing) reopened(c Case, subject *screening.Subject, live, fresh []screening.Finding) {
	c.State, c.Outcome, c.Closed = Open, "", time.Time{}
	c.Version++
	learn(&c, subject, live)
	w.raised = append(w.raised, Raised{c, "reopened"})
	w.happen(c, "reopened", matched(fresh))
}

func (w *writing) added(c Case, subject *screening.Subject, live, fresh []screening.Finding) {
	before := c
	learn(&c, subject, live)
	switch {
	case len(fresh) > 0:
		c.Version++
		w.raised = append(w.raised, Raised{c, "changed"})
		w.happen(c, "finding", matched(fresh))
	case c.Severity != before.Severity || c.Findings != before.Findings || c.Kind != before.Kind:
		w.raised = append(w.raised, Raised{c, "changed"})
	case c != before:
		w.silent = append(w.silent, c)
	}
}

func (w *writing) emptied(c Case, what string) {
	if c.State == Open {
		c.State, c.Outcome, c.Closed, c.Findings = Closed, Withdrawn, w.now, 0
		c.Version++
		w.raised = append(w.raised, Raised{c, Withdrawn})
		w.happen(c, Withdrawn, what)
		return
	}
	if c.Findings == 0 { // somebody is at it, and has been told
		return
	}
	c.Findings = 0
	c.Version++
	w.raised = append(w.raised, Raised{c, "changed"})
	w.happen(c, what, "")
}

func (w *writing) end(ctx context.Context) ([]Raised, error) {
	if n := len(w.unnamed); n > 0 {
		first, err := store.NextNumber(ctx, w.tx, "case", int64(n))
		if err != nil {
			return nil, err
		}
		for i, at := range w.unnamed {
			w.raised[at].Case.Number = first + int64(i)
		}
	}
	cases := w.silent
	for _, r := range w.raised {
		cases = append(cases, r.Case)
	}
	if len(cases) == 0 {
		return nil, nil
	}
	if err := save(ctx, w.tx, cases...); err != nil {
		return nil, err
	}
	if len(w.history) > 0 {
		if err := remember(ctx, w.tx, w.history...); err != nil {
			return nil, err
		}
	}
	return w.raised, nil
}

// learn refreshes what the queue shows of a case: who, where, until when, how bad.
func learn(c *Case, subject *screening.Subject, live []screening.Finding) {
	if subject != nil {
		c.Title, c.Context, c.Within = title(subject), subject.Context, subject.Within
		c.Until = subject.Until.UTC().Truncate(time.Microsecond) // as the store gives it back
	}
	c.Findings = len(live)
	worst := slices.MaxFunc(live, func(a, b screening.Finding) int {
		return cmp.Or(cmp.Compare(a.Severity, b.Severity), cmp.Compare(a.Score, b.Score), cmp.Compare(b.Matched, a.Matched))
	})
	c.Severity, c.Kind = worst.Severity, worst.Explanation.Code
}

func title(s *screening.Subject) string {
	if s.Title != "" {
		return s.Title
	}
	if len(s.Names) > 0 {
		return s.Names[0].String()
	}
	if len(s.Documents) > 0 {
		return s.Documents[0].Number
	}
	return string(s.ID)
}

func matched(findings []screening.Finding) string {
	names := make([]string, 0, len(findings))
	for _, f := range findings {
		names = append(names, f.Matched)
	}
	slices.Sort(names)
	const shown = 8
	if more := len(names) - shown; more > 0 {
		names = append(names[:shown:shown], "+"+strconv.Itoa(more))
	}
	return strings.Join(names, ", ")
}
