package cyber

import (
	"context"
	"database/sql"
	"time"

	"github.com/rihla/rihla/formats/stix"
	"github.com/rihla/rihla/internal/store"
)

// told is a sighting that others told, or their opinion that an indicator points at somebody harmless.
type told struct {
	Ref    string // the indicator's object
	ID     string // the sighting's
	Source string
	Said   time.Time
	First  time.Time
	Last   time.Time
	Count  int64
	Denied bool
	Report string
}

var insertTold = store.NewInsert("cyber_told", []string{"ref", "id", "source", "said", "first", "last", "count", "denied", "report"},
	`on conflict (ref, id, source) do update set said = excluded.said, first = excluded.first, last = excluded.last, count = excluded.count,
	denied = excluded.denied, report = excluded.report where cyber_told.said < excluded.said`)

// readTold reads a sighting of an indicator, or an opinion of one.
func readTold(o *stix.Object, source, report string) ([]told, bool) {
	t := told{ID: o.ID, Source: source, Said: o.Instant("modified"), Report: report}
	if s, ok := o.Sighting(); ok {
		if stix.TypeOf(s.Of) != "indicator" {
			return nil, false
		}
		t.Ref, t.First, t.Last, t.Count = s.Of, s.FirstSeen, s.LastSeen, int64(s.Count)
		if s.Count == stix.Absent {
			t.Count = 1
		}
		if o.Revoked {
			t.Count = 0
		}
		return []told{t}, true
	}
	if o.Type != "opinion" {
		return nil, false
	}
	t.Denied = o.Text("opinion") == "strongly-disagree" && !o.Revoked
	var all []told
	for _, ref := range o.Refs() {
		if stix.TypeOf(ref) == "indicator" {
			t.Ref = ref
			all = append(all, t)
		}
	}
	return all, len(all) > 0
}

func (t *told) row() []any {
	return []any{t.Ref, t.ID, t.Source, store.Micros(t.Said), store.Micros(t.First), store.Micros(t.Last), t.Count, t.Denied, t.Report}
}

// toldOf reads what others told of some objects.
func toldOf(ctx context.Context, r store.Reader, refs []string) (out []told, err error) {
	err = store.ForKeys(ctx, r, `select ref, id, source, said, first, last, count, denied, report from cyber_told where ref in (:keys)`, refs, func(rows *sql.Rows) error {
		var t told
		var said, first, last int64
		if err := rows.Scan(&t.Ref, &t.ID, &t.Source, &said, &first, &last, &t.Count, &t.Denied, &t.Report); err != nil {
			return err
		}
		t.Said, t.First, t.Last = store.Time(said), store.Time(first), store.Time(last)
		out = append(out, t)
		return nil
	})
	return out, err
}
