package travel

import (
	"context"
	"database/sql"
	"maps"
	"slices"
	"strings"

	"github.com/rihla/rihla/formats/cusres"
	"github.com/rihla/rihla/formats/paxlst"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/store"
)

// infantUntil is how old somebody may be to travel in another's arms and on another's papers.
const infantUntil = 2

// adult finds whom an infant without papers of its own goes with: the record of a grown person of the same booking in the
// same question, else the only one there, else of the same booking as the carrier told of it before. Empty is nobody, and a
// passenger who needs nobody.
func (c *change) adult(m *paxlst.Message, i int, records []Record) string {
	p := records[i].Person
	date := listKey(m).Date
	if hasPapers(p) || !infant(p, date) {
		return ""
	}
	fits := func(q *Person) bool { return q.Role != "crew" && hasPapers(q) && !infant(q, date) }
	var grown []string
	for j := range records {
		q := records[j].Person
		switch {
		case !fits(q):
		case q.Reservation == p.Reservation && p.Reservation != "":
			return records[j].ID
		default:
			grown = append(grown, records[j].ID)
		}
	}
	if len(grown) == 1 && p.Reservation == "" {
		return grown[0]
	}
	if p.Reservation == "" {
		return ""
	}
	for _, fc := range c.flights {
		if _, here := fc.state.Records[records[i].ID]; !here {
			continue
		}
		for _, r := range fc.state.sorted() {
			if r.Kind == Listed && r.Person != nil && r.Person.Reservation == p.Reservation && fits(r.Person) {
				return r.ID
			}
		}
	}
	return ""
}

func hasPapers(p *Person) bool {
	return slices.ContainsFunc(p.Documents, func(d Document) bool { return d.travelled() })
}

// infant says that somebody is younger than may travel on papers of others on a day. Of whom no birth date is known, the
// type of fare tells.
func infant(p *Person, on string) bool {
	if years := age(p.Born, on); years >= 0 {
		return years < infantUntil
	}
	return p.Born == "" && strings.HasPrefix(p.Type, "INF")
}

// graver is the answer that keeps from boarding more.
func graver(a, b cusres.Decision) cusres.Decision {
	if gravity[b] > gravity[a] {
		return b
	}
	return a
}

// kin adds to questions those about infants that go with somebody among them, and gives what was last told of the adults of
// infants who are not.
func kin(ctx context.Context, r store.Reader, open map[screening.ID][]question) (adults map[string]cusres.Decision, err error) {
	here := map[string]bool{}
	for _, asked := range open {
		for i := range asked {
			here[asked[i].record] = true
		}
	}
	var flights []string
	err = store.ForKeys(ctx, r, `select distinct flight from travel_alias where record in (:keys)`, slices.Sorted(maps.Keys(here)), func(rows *sql.Rows) error {
		var id string
		err := rows.Scan(&id)
		flights = append(flights, id)
		return err
	})
	if err != nil {
		return nil, err
	}
	slices.Sort(flights)
	for _, flight := range slices.Compact(flights) {
		of := map[string]screening.ID{}
		err := store.Rows(ctx, r, func(rows *sql.Rows) error {
			var record string
			var id screening.ID
			err := rows.Scan(&record, &id)
			of[record] = id
			return err
		}, `select r.id, a.passenger from travel_record r join travel_query q on q.record = r.id join travel_alias a on a.record = r.id
			where r.flight = $1 and q.more like '%"adult":%'`, flight)
		if err != nil {
			return nil, err
		}
		infants, err := questionsOf(ctx, r, slices.Sorted(maps.Keys(of)))
		if err != nil {
			return nil, err
		}
		for record, q := range infants {
			if here[q.Adult] && !here[record] && q.verdict != calledOff {
				open[of[record]] = append(open[of[record]], q)
			}
		}
	}
	var away []string
	for _, asked := range open {
		for i := range asked {
			if a := asked[i].Adult; a != "" && !here[a] {
				away = append(away, a)
			}
		}
	}
	adults = map[string]cusres.Decision{}
	told, err := questionsOf(ctx, r, away)
	for record, q := range told {
		if q.verdict != calledOff {
			adults[record] = q.verdict
		}
	}
	return adults, err
}
