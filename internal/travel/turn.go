package travel

import (
	"context"
	"database/sql"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/rihla/rihla/formats/cusres"
	"github.com/rihla/rihla/internal/casework"
	"github.com/rihla/rihla/internal/intake"
	"github.com/rihla/rihla/internal/jobs"
	"github.com/rihla/rihla/internal/pipeline"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/store"
)

// unacknowledged is the clock of an answer that nobody asked for: when it ends, the desk phones.
const (
	unacknowledged    = "travel.unacknowledged"
	acknowledgeWithin = 5 * time.Minute
)

// Decided tells carriers of a passenger whose answer a decision turns: not to board is said here and nowhere else.
func (d *Domain) Decided(ctx context.Context, tx store.Tx, c casework.Case, _ casework.Decision) (pipeline.Effects, error) {
	if err := d.keepCleared(ctx, tx, &c); err != nil {
		return pipeline.Effects{}, err
	}
	effects, err := d.turn(ctx, tx, []screening.ID{c.Subject}, &c, anyTurn)
	effects.Due = append(effects.Due, c.Subject) // what the decision settles is found no more
	effects.Events = append(effects.Events, pipeline.Event{Name: "desk", ID: string(c.Subject), Counts: map[string]int{"decided": 1}})
	return effects, err
}

// Raised tells carriers of passengers whose answer a report, a list or a rule turns.
func (d *Domain) Raised(ctx context.Context, tx store.Tx, raised []casework.Raised) (effects pipeline.Effects, err error) {
	var graver, either []screening.ID
	for _, r := range raised {
		switch r.What {
		case "opened", "reopened": // never a reason to let board
			graver = append(graver, r.Case.Subject)
		default:
			either = append(either, r.Case.Subject)
		}
	}
	for _, part := range []struct {
		ids  []screening.ID
		only turn
	}{{graver, graverOnly}, {either, anyTurn}} {
		e, err := d.turn(ctx, tx, part.ids, nil, part.only)
		if err != nil {
			return effects, err
		}
		effects.Answers, effects.Jobs = append(effects.Answers, e.Answers...), append(effects.Jobs, e.Jobs...)
		effects.Events, effects.Touched = append(effects.Events, e.Events...), append(effects.Touched, e.Touched...)
	}
	return effects, nil
}

// turn says which answers may be told: any, or only graver ones, where what would ease the last one is not all known.
type turn bool

const (
	anyTurn    turn = false
	graverOnly turn = true
)

// gravity orders answers by how far they keep from boarding.
var gravity = map[cusres.Decision]int{cusres.OK: 0, cusres.Insufficient: 1, cusres.Contact: 2, cusres.DoNotBoard: 3}

// turn tells the carriers that asked about passengers what has changed since. as is a case as it will be once this
// transaction has written it.
func (d *Domain) turn(ctx context.Context, tx store.Tx, ids []screening.ID, as *casework.Case, only turn) (effects pipeline.Effects, err error) {
	if len(ids) == 0 {
		return effects, nil
	}
	open, err := questions(ctx, tx, ids)
	if err != nil || len(open) == 0 {
		return effects, err
	}
	adults, err := kin(ctx, tx, open)
	if err != nil {
		return effects, err
	}
	people := slices.Sorted(maps.Keys(open))
	live, err := screening.OfSubjects(ctx, tx, people)
	if err != nil {
		return effects, err
	}
	cases, err := casework.OfSubjects(ctx, tx, people)
	if err != nil {
		return effects, err
	}
	own := map[string]cusres.Decision{} // by record, as it stands now
	for _, id := range people {
		k := known{found: live[id], stored: live[id], cases: cases[id]}
		if as != nil && as.Subject == id {
			k.cases = slices.DeleteFunc(k.cases, func(c casework.Case) bool { return c.ID == as.ID })
			k.cases = append(k.cases, *as)
			casework.OpenFirst(k.cases)
		}
		if only == graverOnly {
			k.found = nil // what is found of the passenger now has a case by now, or is not yet written
		}
		for _, q := range open[id] {
			own[q.record] = k.verdict(q.lacking != "")
		}
	}
	t := turning{d: d, now: tx.Now()}
	for _, id := range people {
		for _, q := range open[id] {
			to := own[q.record]
			if with, here := own[q.Adult]; here {
				to = graver(to, with)
			} else {
				to = graver(to, adults[q.Adult])
			}
			if to == q.verdict || !t.now.Before(q.until) || only == graverOnly && gravity[to] <= gravity[q.verdict] {
				continue
			}
			if err := t.tell(&q, id, to); err != nil {
				return effects, err
			}
		}
	}
	return t.effects, t.write(ctx, tx)
}

// turning gathers what carriers are told unasked.
type turning struct {
	d       *Domain
	now     time.Time
	rows    [][]any
	effects pipeline.Effects
}

// tell turns one answer, and sets the clock of its receipt.
func (t *turning) tell(q *question, passenger screening.ID, to cusres.Decision) error {
	m, err := q.turned(t.d, to, t.now)
	if err != nil {
		return err
	}
	row, err := q.row()
	if err != nil {
		return err
	}
	t.rows = append(t.rows, row)
	e := &t.effects
	e.Answers = append(e.Answers, intake.Answer{
		ID: q.unasked, Filer: q.filer, About: m.Transaction, Kind: "unsolicited", Media: intake.EDIFACT,
		Name: "unsolicited-" + m.Transaction + ".edi", Body: q.answer,
	})
	e.Jobs = append(e.Jobs, jobs.Job{
		ID: clockOf(q.unasked), Kind: unacknowledged, Due: t.now.Add(acknowledgeWithin), Body: []byte(q.filer + "\n" + q.unasked + "\n" + q.record),
	})
	e.Events = append(e.Events, pipeline.Event{Name: "passenger", ID: string(passenger)},
		pipeline.Event{Name: "desk", ID: string(passenger), Counts: map[string]int{string(to): 1}})
	e.Touched = append(e.Touched, string(passenger))
	return nil
}

func (t *turning) write(ctx context.Context, tx store.Tx) error {
	_, err := turnQuestion.Exec(ctx, tx, t.rows)
	return err
}

func clockOf(answer string) string { return unacknowledged + "." + answer }

// Clocks are the kinds of the room's jobs.
func (d *Domain) Clocks() []string { return []string{unacknowledged, lookedAfter} }

// Woken does what a clock was set for.
func (d *Domain) Woken(ctx context.Context, tx store.Tx, j jobs.Job) (pipeline.Effects, error) {
	if j.Kind == lookedAfter {
		return d.lookAgain(ctx, tx)
	}
	return d.unheard(ctx, tx, j)
}

// unheard looks whether an answer that nobody asked for was acknowledged. If not, its case says so, and somebody phones.
func (d *Domain) unheard(ctx context.Context, tx store.Tx, j jobs.Job) (pipeline.Effects, error) {
	var effects pipeline.Effects
	body := strings.SplitN(string(j.Body), "\n", 3)
	if len(body) != 3 {
		return effects, nil
	}
	filer, answer, record := body[0], body[1], body[2]
	taken, err := intake.TakenBy(ctx, tx, filer, []string{answer})
	if at, there := taken[answer]; err != nil || !there || !at.IsZero() {
		return effects, err
	}
	var passenger string
	err = store.Rows(ctx, tx, func(rows *sql.Rows) error { return rows.Scan(&passenger) }, `select a.passenger from travel_alias a
		join travel_query q on q.record = a.record where a.record = $1 and q.unasked = $2`, record, answer) // none: it was told otherwise since
	if err != nil || passenger == "" {
		return effects, err
	}
	cases, err := casework.Unacknowledged(ctx, tx, screening.ID(passenger), filer)
	if err != nil {
		return effects, err
	}
	effects.Touched = append(effects.Touched, passenger)
	effects.Events = append(effects.Events, pipeline.Event{Name: "passenger", ID: passenger}, pipeline.Event{Name: "desk", ID: passenger, Counts: map[string]int{"unacknowledged": 1}})
	for _, c := range cases {
		effects.Touched = append(effects.Touched, c.ID)
		effects.Events = append(effects.Events, pipeline.Event{Name: "case", ID: c.ID, Counts: map[string]int{"unacknowledged": 1}})
	}
	return effects, nil
}
