package travel

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/rihla/rihla/formats/cusres"
	"github.com/rihla/rihla/formats/fault"
	"github.com/rihla/rihla/formats/paxlst"
	"github.com/rihla/rihla/internal/pipeline"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/store"
)

// question is what a carrier asked about one person, with what it was last told.
type question struct {
	record  string
	filer   string
	report  string
	asked   time.Time
	until   time.Time
	verdict cusres.Decision
	told    time.Time
	lacking string
	turns   int64
	unasked string
	answer  []byte
	details
}

// details are what is kept of a question besides what is looked for.
type details struct {
	Transaction string   `json:"transaction,omitempty"` // the carrier's own: the same again is the same question
	About       []string `json:"about,omitempty"`       // whom it named: see about
	Adult       string   `json:"adult,omitempty"`       // of an infant without papers: the record it goes with
	Provisional bool     `json:"provisional,omitempty"` // answered while a part of what answers are made of was out of order
	Void        bool     `json:"void,omitempty"`        // the person was told otherwise since, by other papers or another name
}

// calledOff is what stands instead of a verdict once a carrier asks about somebody no more.
const calledOff cusres.Decision = "called-off"

// answeredFor is how long an answer is good where the flight's departure is not known.
const answeredFor = 24 * time.Hour

// ask notes what the filer of a report was told of each person it asked about. What was told decides, not what would be
// told now.
func (c *change) ask(f pipeline.Filing, ids Identifier) {
	if f.Answered == nil {
		return
	}
	lists := listsOf(f)
	given := answers(f.Answered)
	if len(given) < len(lists) {
		return
	}
	given = given[len(given)-len(lists):] // what could not be read was answered first
	for i, m := range lists {
		answer := given[i]
		_, _, rank := listMeaning(m)
		records := hearAPI(ids, f.Report, m).records
		switch {
		case m.Code == "266", len(answer.Results) != len(records):
		case rank == rankCancel:
			for j := range records {
				c.unasked = append(c.unasked, records[j].ID)
			}
		default:
			for j := range records {
				result := &answer.Results[j]
				if result.Level != cusres.OfPassenger {
					continue
				}
				adult := c.adult(m, j, records)
				q := question{record: records[j].ID, filer: f.Report.Filer.Name, report: f.Report.ID, asked: f.Report.Received, told: f.Report.Received,
					verdict: result.Decision,
					lacking: strings.Join(asksFor(&m.Passengers[j], adult != "", result), lackingApart),
					details: details{Transaction: m.Transaction, About: about(ids, records[j].Person), Adult: adult, Provisional: strings.HasSuffix(result.Text, provisional)}}
				alone := *answer
				alone.Results = answer.Results[j : j+1]
				q.answer = cusres.Append(nil, &alone)
				c.asked = append(c.asked, q)
			}
		}
	}
}

// asksFor is what a carrier must send before more can be said of somebody: what is missing of the message itself, and what
// it was told, for that may be more.
func asksFor(p *paxlst.Passenger, accompanied bool, told *cusres.Result) []string {
	missing := missingOf(p, accompanied)
	if _, said, found := strings.Cut(told.Text, asksAgain); found && told.Decision == cusres.Insufficient {
		for _, what := range strings.Split(said, lackingApart) {
			if !slices.Contains(missing, what) {
				missing = append(missing, what)
			}
		}
	}
	return missing
}

// answers reads what was told.
func answers(raw []byte) (given []*cusres.Message) {
	_ = cusres.Read(raw, func(m *cusres.Message, broken *fault.Fault) error {
		if broken == nil {
			given = append(given, m)
		}
		return nil
	})
	return given
}

const questionColumns = `record, filer, report, asked, until, verdict, told, lacking, turns, unasked, answer, more`

var (
	insertQuestion = store.NewInsert("travel_query", strings.Split(questionColumns, ", "),
		`on conflict (record) do update set filer = excluded.filer, report = excluded.report, asked = excluded.asked, until = excluded.until,
		verdict = excluded.verdict, told = excluded.told, lacking = excluded.lacking, unasked = excluded.unasked, answer = excluded.answer, more = excluded.more
		where travel_query.asked <= excluded.asked`)
	turnQuestion = store.NewInsert("travel_query", strings.Split(questionColumns, ", "),
		`on conflict (record) do update set verdict = excluded.verdict, told = excluded.told, turns = excluded.turns, unasked = excluded.unasked, answer = excluded.answer,
		lacking = excluded.lacking, more = excluded.more`)
)

func (q *question) row() ([]any, error) {
	more, err := json.Marshal(q.details)
	return []any{q.record, q.filer, q.report, store.Micros(q.asked), store.Micros(q.until), string(q.verdict), store.Micros(q.told), q.lacking, q.turns, q.unasked, q.answer, string(more)}, err
}

func scanQuestion(rows *sql.Rows) (q question, err error) {
	var asked, until, told int64
	var more []byte
	if err := rows.Scan(&q.record, &q.filer, &q.report, &asked, &until, &q.verdict, &told, &q.lacking, &q.turns, &q.unasked, &q.answer, &more); err != nil {
		return q, err
	}
	q.asked, q.until, q.told = store.Time(asked), store.Time(until), store.Time(told)
	if len(more) > 0 {
		err = json.Unmarshal(more, &q.details)
	}
	return q, err
}

// questionsOf are those that stand under source records, by record.
func questionsOf(ctx context.Context, r store.Reader, records []string) (map[string]question, error) {
	found := map[string]question{}
	if len(records) == 0 {
		return found, nil
	}
	err := store.ForKeys(ctx, r, `select `+questionColumns+` from travel_query where record in (:keys)`, records, func(rows *sql.Rows) error {
		q, err := scanQuestion(rows)
		found[q.record] = q
		return err
	})
	return found, err
}

// untilDeparture has answers hold as long as their flights have not left: a departure may have moved since they were given.
func untilDeparture(ctx context.Context, r store.Reader, asked map[string]question) error {
	return store.ForKeys(ctx, r, `select a.record, f.departs from travel_alias a join travel_flight f on f.id = a.flight where f.departs > 0 and a.record in (:keys)`,
		slices.Sorted(maps.Keys(asked)), func(rows *sql.Rows) error {
			var record string
			var departs int64
			err := rows.Scan(&record, &departs)
			q := asked[record]
			q.until = store.Time(departs)
			asked[record] = q
			return err
		})
}

// questions are those about passengers, by passenger; not those that were called off.
func questions(ctx context.Context, r store.Reader, ids []screening.ID) (map[screening.ID][]question, error) {
	of, err := recordsOf(ctx, r, ids)
	if err != nil || len(of) == 0 {
		return nil, err
	}
	asked, err := questionsOf(ctx, r, slices.Sorted(maps.Keys(of)))
	if err == nil && len(asked) > 0 {
		err = untilDeparture(ctx, r, asked)
	}
	if err != nil {
		return nil, err
	}
	found := map[screening.ID][]question{}
	for _, record := range slices.Sorted(maps.Keys(asked)) {
		if q := asked[record]; q.verdict != calledOff {
			found[of[record]] = append(found[of[record]], q)
		}
	}
	return found, nil
}

// same says that a carrier asks again what it asked before: the same transaction, of the same person.
func (q *question) same(filer, transaction string, about []string) bool {
	return q.filer == filer && q.Transaction == transaction && transaction != "" && q.verdict != calledOff && !q.Void &&
		within(about, q.About) && within(q.About, about)
}

// asks adds to what is missing what was asked for before.
func (q *question) asks(missing []string) []string {
	for _, what := range strings.Split(q.lacking, lackingApart) {
		if what != "" && !slices.Contains(missing, what) {
			missing = append(missing, what)
		}
	}
	return missing
}

// last is what a passenger's carrier was told last.
func last(asked []question) *question {
	var newest *question
	for i := range asked {
		if newest == nil || asked[i].told.After(newest.told) {
			newest = &asked[i]
		}
	}
	return newest
}

// recordsOf are the source records of passengers, each with its passenger.
func recordsOf(ctx context.Context, r store.Reader, ids []screening.ID) (map[string]screening.ID, error) {
	where := map[string][]string{} // flight → passengers
	keys := make([]string, len(ids))
	for i, id := range ids {
		keys[i] = string(id)
	}
	err := store.ForKeys(ctx, r, `select flight, passenger from travel_alias where record in (:keys)`, keys, func(rows *sql.Rows) error {
		var flight, passenger string
		err := rows.Scan(&flight, &passenger)
		where[flight] = append(where[flight], passenger)
		return err
	})
	if err != nil {
		return nil, err
	}
	of := map[string]screening.ID{}
	for flight, people := range where {
		err := store.ForKeys(ctx, r, `select id, records from travel_passenger where flight = $1 and id in (:keys)`, people, func(rows *sql.Rows) error {
			var id screening.ID
			var records string
			err := rows.Scan(&id, &records)
			for _, record := range strings.Fields(records) {
				of[record] = id
			}
			return err
		}, flight)
		if err != nil {
			return nil, err
		}
	}
	return of, nil
}

// passengersOf are the passengers that source records belong to.
func passengersOf(ctx context.Context, r store.Reader, records []string) (map[string]screening.ID, error) {
	of := map[string]screening.ID{}
	err := store.ForKeys(ctx, r, `select record, passenger from travel_alias where record in (:keys)`, records, func(rows *sql.Rows) error {
		var record string
		var id screening.ID
		err := rows.Scan(&record, &id)
		of[record] = id
		return err
	})
	return of, err
}

// turned makes the answer that nobody asked for, and keeps it as the last one told.
func (q *question) turned(d *Domain, to cusres.Decision, now time.Time) (*cusres.Message, error) {
	given := answers(q.answer)
	if len(given) == 0 || len(given[0].Results) == 0 {
		return nil, fmt.Errorf("the answer kept for record %s cannot be read", q.record)
	}
	m := given[0]
	q.turns++
	reference := strings.ToUpper(d.ids.ID("unasked", q.record, ordinal(int(q.turns))))
	m.Transaction, m.Reference = reference[:min(len(reference), 20)], reference[:min(len(reference), 14)]
	m.Function, m.Code, m.Prepared = cusres.Unsolicited, "132", now.UTC()
	r := &m.Results[0]
	r.Decision, r.Code, r.Authority = to, "", ""
	r.Text = d.word(to, strings.Split(q.lacking, lackingApart), false)
	q.verdict, q.told, q.unasked, q.answer = to, now, unaskedID(m.Transaction), cusres.Append(nil, m)
	return m, nil
}

// unaskedID is the id of the answer that goes under a transaction of our own.
func unaskedID(transaction string) string { return "unasked." + transaction }
