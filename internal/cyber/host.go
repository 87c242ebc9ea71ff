package cyber

import (
	"cmp"
	"context"
	"database/sql"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/rihla/rihla/internal/cyber/indicators"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/store"
)

// host is a machine as the logs of one filer name it, with the indicators it met.
type host struct {
	ID     string
	Place  string
	Source string
	met    map[string]*meeting // by indicator
}

// meeting is what a machine's lines say of one indicator.
type meeting struct {
	Indicator string
	Seen      string
	First     time.Time
	Last      time.Time
	Count     int64
	reports   []string
}

func (m *meeting) add(first, last time.Time, count int64, seen string) {
	m.First, m.Last, m.Count = earlier(m.First, first), later(m.Last, last), m.Count+count
	m.Seen = cmp.Or(m.Seen, seen)
}

func (d *Domain) hostID(source, place string) string { return d.ids.ID("cyber-host", source, place) }

// loadHosts reads machines with what they met; one that is not stored is left out.
func loadHosts(ctx context.Context, r store.Reader, ids []string) (map[string]*host, error) {
	out := map[string]*host{}
	err := store.ForKeys(ctx, r, `select id, place, source from cyber_host where id in (:keys)`, ids, func(rows *sql.Rows) error {
		h := &host{met: map[string]*meeting{}}
		err := rows.Scan(&h.ID, &h.Place, &h.Source)
		out[h.ID] = h
		return err
	})
	if err != nil || len(out) == 0 {
		return out, err
	}
	err = store.ForKeys(ctx, r, `select host, indicator, report, seen, first, last, count from cyber_sighting where host in (:keys)`, slices.Sorted(maps.Keys(out)), func(rows *sql.Rows) error {
		var id, indicator, report, seen string
		var first, last, count int64
		if err := rows.Scan(&id, &indicator, &report, &seen, &first, &last, &count); err != nil {
			return err
		}
		m := out[id].met[indicator]
		if m == nil {
			m = &meeting{Indicator: indicator, Seen: seen}
			out[id].met[indicator] = m
		}
		m.add(store.Time(first), store.Time(last), count, seen)
		m.reports = append(m.reports, report)
		return nil
	})
	return out, err
}

// meetings are what the machine met, in one order.
func (h *host) meetings() []*meeting {
	all := slices.Collect(maps.Values(h.met))
	slices.SortFunc(all, func(a, b *meeting) int { return cmp.Compare(a.Indicator, b.Indicator) })
	return all
}

// screened is the machine as screening sees it, each indicator it met a finding. An indicator that turned out to be
// harmless, or was taken back, is none.
func (h *host) screened(held map[string]*held, now time.Time) screening.Screened {
	s := screening.Screened{Subject: screening.Subject{ID: screening.ID(h.ID), Domain: Name, Title: h.Place, Context: h.Source}}
	view := &View{Kind: kindHost}
	var last time.Time
	for _, m := range h.meetings() {
		last = later(last, m.Last)
		i := held[m.Indicator]
		if i == nil {
			continue
		}
		v := i.view(now)
		if v.State == indicators.Harmless || v.State == indicators.Refused || v.State == indicators.Revoked {
			continue
		}
		view.Host.Indicators++
		view.Host.Sightings += m.Count
		view.Host.Best = max(view.Host.Best, int64(v.Score))
		s.Found = append(s.Found, screening.Finding{
			Subject: s.Subject.ID, Engine: engineIndicator, Matched: "indicator/" + i.ID, Severity: severityOf(&v, m.Count), Score: float64(v.Score) / 100,
			EntryHash: i.ID,
			Explanation: screening.Explanation{
				Code: "indicator_sighted", Subject: m.Seen, Listed: v.Display, Title: name(&v), Reason: v.TLP.String(),
				Evidence: []screening.Evidence{
					{Code: "lines", Subject: strconv.FormatInt(m.Count, 10)}, {Code: "sources", Subject: strconv.Itoa(len(v.Sources))}, {Code: "confidence", Subject: strconv.Itoa(v.Confidence)},
				},
				Settle: []string{"ask_owner", "look_at_machine"},
			},
		})
	}
	s.Subject.Until = last.Add(afterlife)
	s.View = view
	return s
}

// hostsThatMet are the machines that met any of some indicators.
func hostsThatMet(ctx context.Context, r store.Reader, ids []string) (out []screening.ID, err error) {
	err = store.ForKeys(ctx, r, `select distinct host from cyber_sighting where indicator in (:keys)`, ids, func(rows *sql.Rows) error {
		var id screening.ID
		err := rows.Scan(&id)
		out = append(out, id)
		return err
	})
	slices.Sort(out)
	return slices.Compact(out), err
}

// screenHosts gives machines as committed.
func screenHosts(ctx context.Context, r store.Reader, ids []string, now time.Time) (map[string]screening.Screened, error) {
	hosts, err := loadHosts(ctx, r, ids)
	if err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	for _, h := range hosts {
		for id := range h.met {
			seen[id] = true
		}
	}
	held, err := loadIndicators(ctx, r, slices.Sorted(maps.Keys(seen)))
	if err != nil {
		return nil, err
	}
	out := make(map[string]screening.Screened, len(hosts))
	for id, h := range hosts {
		out[id] = h.screened(held, now)
	}
	return out, nil
}

func keysOf[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
