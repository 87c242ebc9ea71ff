package cyber

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/rihla/rihla/internal/cyber/incident"
	"github.com/rihla/rihla/internal/cyber/indicators"
	"github.com/rihla/rihla/internal/store"
)

// matter is an incident as stored.
type matter struct {
	*incident.Held
	ID      string
	Number  int64 // 0 until it is first written
	Version int64 // 0 is one not yet stored
	Who     string
	Joined  string
	Changed time.Time
}

const numberedIncidents = "cyber-incident"

var insertIncident = store.NewInsert("cyber_incident",
	[]string{"id", "number", "version", "state", "is_open", "level", "score", "tlp", "title", "who", "owner", "opened", "changed", "next_due", "joined", "folded", "body"},
	`on conflict (id) do update set version = excluded.version, state = excluded.state, is_open = excluded.is_open, level = excluded.level, score = excluded.score,
	tlp = excluded.tlp, title = excluded.title, owner = excluded.owner, opened = excluded.opened, changed = excluded.changed, next_due = excluded.next_due,
	joined = excluded.joined, folded = excluded.folded, body = excluded.body where cyber_incident.version = excluded.version - 1`)

// row is the incident's at an instant.
func (m *matter) row(now time.Time) ([]any, error) {
	v := m.At(now)
	body, err := json.Marshal(m.Held)
	if err != nil {
		return nil, err
	}
	words := []string{fmt.Sprintf("i-%d", m.Number), v.Title, m.Who, v.Type, v.Affected.Sector, v.Filer.Name}
	words = append(words, v.Affected.Services...)
	for _, f := range m.InOrder() {
		words = append(words, f.Content.ReportID)
	}
	return []any{m.ID, m.Number, m.Version + 1, string(v.State), v.State.Open() && m.Joined == "", v.Severity.Level, v.Severity.Score, int64(v.TLP), v.Title, m.Who, m.Owner,
		store.Micros(v.Opened), store.Micros(now), store.Micros(v.NextDue), m.Joined, strings.ToLower(strings.Join(words, " ")), string(body)}, nil
}

// writeIncidents writes incidents, numbers those that are new, and answers whether none had moved.
func writeIncidents(ctx context.Context, tx store.Tx, now time.Time, matters []*matter) (bool, error) {
	var rows, links [][]any
	for _, m := range matters {
		if m.Number == 0 {
			n, err := store.NextNumber(ctx, tx, numberedIncidents, 1)
			if err != nil {
				return false, err
			}
			m.Number = n
		}
		row, err := m.row(now)
		if err != nil {
			return false, err
		}
		rows = append(rows, row)
	}
	n, err := insertIncident.Exec(ctx, tx, rows)
	if err != nil || int(n) != len(rows) {
		return false, err
	}
	for _, m := range matters {
		if _, err := tx.ExecContext(ctx, `delete from cyber_linked where incident = $1`, m.ID); err != nil {
			return false, err
		}
		if m.Joined != "" {
			continue
		}
		for _, l := range m.Linked {
			links = append(links, []any{l.Indicator, m.ID})
		}
	}
	_, err = insertLinked.Exec(ctx, tx, once(links, 2))
	return true, err
}

var insertLinked = store.NewInsert("cyber_linked", []string{"indicator", "incident"}, "on conflict (indicator, incident) do nothing")

const incidentColumns = `id, number, version, who, joined, changed, body`

func scanIncident(row interface{ Scan(...any) error }) (*matter, error) {
	m := &matter{Held: incident.New()}
	var changed int64
	var body []byte
	if err := row.Scan(&m.ID, &m.Number, &m.Version, &m.Who, &m.Joined, &changed, &body); err != nil {
		return nil, err
	}
	m.Changed = store.Time(changed)
	if err := json.Unmarshal(body, m.Held); err != nil {
		return nil, fmt.Errorf("incident %s: %w", m.ID, err)
	}
	if m.Filed == nil {
		m.Filed = map[string]incident.Filed{}
	}
	return m, nil
}

func loadIncidents(ctx context.Context, r store.Reader, ids []string) (map[string]*matter, error) {
	out := make(map[string]*matter, len(ids))
	err := store.ForKeys(ctx, r, `select `+incidentColumns+` from cyber_incident where id in (:keys)`, ids, func(rows *sql.Rows) error {
		m, err := scanIncident(rows)
		if err == nil {
			out[m.ID] = m
		}
		return err
	})
	return out, err
}

// incidentByID reads one, or the one it was joined to; nil when there is none.
func incidentByID(ctx context.Context, r store.Reader, id string) (*matter, error) {
	for range 8 {
		found, err := loadIncidents(ctx, r, []string{id})
		if err != nil || found[id] == nil || found[id].Joined == "" {
			return found[id], err
		}
		id = found[id].Joined
	}
	return nil, nil
}

// link ties an indicator to the incident, once.
func (m *matter) link(l incident.Link) bool {
	if slices.ContainsFunc(m.Linked, func(o incident.Link) bool { return o.Indicator == l.Indicator }) {
		return false
	}
	m.Linked = append(m.Linked, l)
	slices.SortFunc(m.Linked, func(a, b incident.Link) int { return strings.Compare(a.Indicator, b.Indicator) })
	return true
}

// relink ties the indicators that the reports name.
func (m *matter) relink(d *Domain) {
	for _, f := range m.Filed {
		for _, i := range f.Content.Indicators {
			m.link(incident.Link{Indicator: d.indicatorID(indicators.Value{Kind: i.Kind, Value: i.Value}), Why: "reported"})
		}
	}
}
