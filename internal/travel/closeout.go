package travel

import (
	"context"
	"database/sql"
	"maps"
	"slices"

	"github.com/rihla/rihla/formats/cusres"
	"github.com/rihla/rihla/internal/casework"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/store"
)

// What the room itself finds of travellers, besides what lists and rules do.
const (
	CodeBoardedWithoutOK = "boarded_without_ok" // the close-out has them on board, and they had no leave
	CodeDocumentChanged  = "document_changed"   // a decision let them board, and they are told of by other papers since
)

// Engines are the room's own: pipeline.Finder.
func (d *Domain) Engines() []string { return []string{Name} }

// notice adds what the room itself finds of those whom a change concerns, as it would leave them.
func (c *change) notice(ctx context.Context, r store.Reader) error {
	boarded := map[screening.ID][]string{}
	for _, fc := range c.flights {
		for _, id := range fc.boarded {
			boarded[screening.ID(id)] = fc.now[id].Records
		}
	}
	return c.d.notice(ctx, r, c.screen, boarded)
}

// notice adds to subjects what the room itself finds of them; boarded are those on board, with their source records. It costs
// a look at what few flights have, and at a close-out one at all that was asked about the flight.
func (d *Domain) notice(ctx context.Context, r store.Reader, subjects []screening.Screened, boarded map[screening.ID][]string) error {
	of := make(map[screening.ID]*screening.Screened, len(subjects))
	var flights []string
	for i := range subjects {
		s := &subjects[i].Subject
		of[s.ID] = &subjects[i]
		if !slices.Contains(flights, s.Within) {
			flights = append(flights, s.Within)
		}
	}
	then, err := clearedOn(ctx, r, flights)
	if err != nil {
		return err
	}
	if len(then) > 0 {
		if err := d.changedPapers(ctx, r, of, then); err != nil {
			return err
		}
	}
	flights = flights[:0]
	for id := range boarded {
		if s := of[id]; s != nil && !slices.Contains(flights, s.Subject.Within) {
			flights = append(flights, s.Subject.Within)
		}
	}
	asked, err := askedOn(ctx, r, flights)
	if err != nil || len(asked) == 0 {
		return err
	}
	without := map[screening.ID]*question{}
	var records []string
	for id, own := range boarded {
		s := of[id]
		if s == nil || asked[s.Subject.Within] == nil {
			continue
		}
		if q := lastUnder(asked[s.Subject.Within], own); !hasLeave(q, s) {
			without[id], records = q, append(records, own...)
		}
	}
	excused, err := overridesUnder(ctx, r, records)
	if err != nil {
		return err
	}
	for id, q := range without {
		if slices.ContainsFunc(boarded[id], func(record string) bool { return len(excused[record]) > 0 }) { // a fact beside the answer says why
			continue
		}
		told, severity := "none", screening.Medium
		if q != nil {
			told = string(q.verdict)
			switch q.verdict {
			case cusres.DoNotBoard:
				severity = screening.Critical
			case cusres.Contact:
				severity = screening.High
			}
		}
		s := of[id]
		s.Found = append(slices.Clip(s.Found), screening.Finding{Subject: id, Engine: Name, Matched: CodeBoardedWithoutOK, Severity: severity,
			Explanation: screening.Explanation{Code: CodeBoardedWithoutOK, Subject: told}})
	}
	return nil
}

// hasLeave says that somebody may be on board: leave was given, or nobody asks about crew, who are listed.
func hasLeave(q *question, s *screening.Screened) bool {
	if q == nil {
		v, known := s.View.(*View)
		return known && v.Role == "crew"
	}
	return q.verdict == cusres.OK && !q.Void
}

// lastUnder is what was told last of somebody known by source records; nil where nobody asks, or asks no more.
func lastUnder(asked map[string]question, records []string) *question {
	var newest *question
	for _, record := range records {
		if q, there := asked[record]; there && q.verdict != calledOff && (newest == nil || q.told.After(newest.told)) {
			newest = &q
		}
	}
	return newest
}

// askedOn are the questions of flights, by flight and source record. A flight that nobody asked about is not there: its
// carrier does not ask.
func askedOn(ctx context.Context, r store.Reader, flights []string) (map[string]map[string]question, error) {
	of := map[string]string{}
	err := store.ForKeys(ctx, r, `select r.id, r.flight from travel_record r join travel_query q on q.record = r.id where r.flight in (:keys)`, flights, func(rows *sql.Rows) error {
		var record, flight string
		err := rows.Scan(&record, &flight)
		of[record] = flight
		return err
	})
	if err != nil {
		return nil, err
	}
	asked, err := questionsOf(ctx, r, slices.Sorted(maps.Keys(of)))
	out := map[string]map[string]question{}
	for record, q := range asked {
		flight := of[record]
		if out[flight] == nil {
			out[flight] = map[string]question{}
		}
		out[flight][record] = q
	}
	return out, err
}

// toldOf is what carriers were told last of a flight's passengers, by passenger; nil where nobody asked about the flight.
func toldOf(ctx context.Context, r store.Reader, flight string) (map[screening.ID]*question, error) {
	all, err := askedOn(ctx, r, []string{flight})
	asked := all[flight]
	if err != nil || asked == nil {
		return nil, err
	}
	of, err := passengersOf(ctx, r, slices.Sorted(maps.Keys(asked)))
	told := map[screening.ID]*question{}
	for _, record := range slices.Sorted(maps.Keys(asked)) {
		id, q := of[record], asked[record]
		if q.verdict != calledOff && (told[id] == nil || q.told.After(told[id].told)) {
			told[id] = &q
		}
	}
	return told, err
}

// changedPapers finds of whom a decision let them board by other papers than they are told of by now.
func (d *Domain) changedPapers(ctx context.Context, r store.Reader, of map[screening.ID]*screening.Screened, then map[string][]string) error {
	cases, err := casework.OfSubjects(ctx, r, slices.Sorted(maps.Keys(of)))
	if err != nil {
		return err
	}
	for id, s := range of {
		all := cases[id]
		i := slices.IndexFunc(all, func(c casework.Case) bool { return then[c.ID] != nil }) // the newest of them
		if i < 0 || !letBoard(&all[i]) || !replaced(then[all[i].ID], about(d.ids, asTold(&s.Subject))) {
			continue
		}
		now := ""
		if n := len(s.Subject.Documents); n > 0 {
			now = s.Subject.Documents[0].Number
		}
		s.Found = append(slices.Clip(s.Found), screening.Finding{Subject: id, Engine: Name, Matched: CodeDocumentChanged, Severity: screening.High,
			Explanation: screening.Explanation{Code: CodeDocumentChanged, Subject: now}})
	}
	return nil
}

// Prepared is the refusal of whom a fact speaks against: casework.Preparer. A name that is like a listed one is no fact.
func (d *Domain) Prepared(ctx context.Context, r store.Reader, c casework.Case) (string, error) {
	live, err := screening.OfSubjects(ctx, r, []screening.ID{c.Subject})
	if err != nil || factOf(live[c.Subject]) == "" {
		return "", err
	}
	return doNotBoard, nil
}

// factOf is the code of the gravest fact among findings; empty is none.
func factOf(found []screening.Finding) string {
	code, worst := "", screening.Severity(0)
	for i := range found {
		if f := &found[i]; screening.Fact(f.Explanation.Code) && f.Severity > worst && f.Dismissed.IsZero() && f.Withdrawn.IsZero() {
			code, worst = f.Explanation.Code, f.Severity
		}
	}
	return code
}
