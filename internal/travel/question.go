package travel

import (
	"context"
	"database/sql"
	"fmt"
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
}

// answeredFor is how long an answer is good where the flight's departure is not known.
const answeredFor = 24 * time.Hour

// ask notes what the filer of a report was told of each person it asked about. What was told decides, not what would be
// told now.
func (c *change) ask(f pipeline.Filing, ids Identifier) {
	if f.Answered == nil {
		return
	}
	var lists []*paxlst.Message
	for i := range f.Messages {
		if m, ok := f.Messages[i].Body.(*paxlst.Message); ok {
			lists = append(lists, m)
		}
	}
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
				if answer.Results[j].Level != cusres.OfPassenger {
					continue
				}
				q := question{record: records[j].ID, filer: f.Report.Filer.Name, report: f.Report.ID, asked: f.Report.Received, told: f.Report.Received,
					verdict: answer.Results[j].Decision, lacking: strings.Join(lacking(&m.Passengers[j]), ", ")}
				alone := *answer
				alone.Results = answer.Results[j : j+1]
				q.answer = cusres.Append(nil, &alone)
				c.asked = append(c.asked, q)
			}
		}
	}
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

const questionColumns = `record, filer, report, asked, until, verdict, told, lacking, turns, unasked, answer`

var (
	insertQuestion = store.NewInsert("travel_query", strings.Split(questionColumns, ", "),
		`on conflict (record) do update set filer = excluded.filer, report = excluded.report, asked = excluded.asked, until = excluded.until,
		verdict = excluded.verdict, told = excluded.told, lacking = excluded.lacking, unasked = excluded.unasked, answer = excluded.answer
		where travel_query.asked <= excluded.asked`)
	turnQuestion = store.NewInsert("travel_query", strings.Split(questionColumns, ", "),
		`on conflict (record) do update set verdict = excluded.verdict, told = excluded.told, turns = excluded.turns, unasked = excluded.unasked, answer = excluded.answer`)
)

func (q *question) row() []any {
	return []any{q.record, q.filer, q.report, store.Micros(q.asked), store.Micros(q.until), string(q.verdict), store.Micros(q.told), q.lacking, q.turns, q.unasked, q.answer}
}

// questions are those about passengers, by passenger.
func questions(ctx context.Context, r store.Reader, ids []screening.ID) (map[screening.ID][]question, error) {
	of, err := recordsOf(ctx, r, ids)
	if err != nil || len(of) == 0 {
		return nil, err
	}
	records := make([]string, 0, len(of))
	for record := range of {
		records = append(records, record)
	}
	slices.Sort(records)
	found := map[screening.ID][]question{}
	err = store.ForKeys(ctx, r, `select `+questionColumns+` from travel_query where record in (:keys)`, records, func(rows *sql.Rows) error {
		var q question
		var asked, until, told int64
		if err := rows.Scan(&q.record, &q.filer, &q.report, &asked, &until, &q.verdict, &told, &q.lacking, &q.turns, &q.unasked, &q.answer); err != nil {
			return err
		}
		q.asked, q.until, q.told = store.Time(asked), store.Time(until), store.Time(told)
		found[of[q.record]] = append(found[of[q.record]], q)
		return nil
	})
	return found, err
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
	r.Text = d.word(to, strings.Split(q.lacking, ", "))
	q.verdict, q.told, q.unasked, q.answer = to, now, unaskedID(m.Transaction), cusres.Append(nil, m)
	return m, nil
}

// unaskedID is the id of the answer that goes under a transaction of our own.
func unaskedID(transaction string) string { return "unasked." + transaction }
