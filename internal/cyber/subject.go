package cyber

import (
	"cmp"
	"context"
	"database/sql"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rihla/rihla/formats/observable"
	"github.com/rihla/rihla/internal/cyber/indicators"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/store"
)

// engineIndicator finds, of a machine, the indicators that its log lines met.
const engineIndicator = "indicator"

// screened is an indicator as screening sees it: no name, for it is nobody; ties, where it is a value that people have too.
func (h *held) screened(now time.Time) screening.Screened {
	v := h.view(now)
	s := screening.Subject{
		ID: screening.ID(h.ID), Domain: Name, Title: v.Display, Context: string(h.Kind) + " " + strings.Join(v.Sources, ", "), Until: v.ValidUntil,
	}
	if tie := ties[h.Kind]; tie != "" && v.State.Matched() {
		s.Ties = []screening.Tie{{Kind: tie, Value: h.Value}}
	}
	return screening.Screened{Subject: s, View: &View{Kind: kindIndicator, Indicator: IndicatorView{
		Type: string(h.Kind), Value: h.Value, State: string(v.State), Confidence: int64(v.Confidence), Score: int64(v.Score), TLP: v.TLP.String(),
		Sources: int64(len(v.Sources)), Types: v.Types, KillChain: v.KillChain, Sightings: h.seen.Lines, Places: h.seen.Places,
	}}}
}

// ties are the kinds of value that a person may have as well.
var ties = map[observable.Kind]string{observable.Email: "email", observable.IBAN: "account"}

// The kinds of subject, as rules see them.
const (
	kindIndicator = "indicator"
	kindHost      = "host"
	kindIncident  = "incident"
)

// Screen gives subjects as committed: indicators, machines, incidents.
func (d *Domain) Screen(ctx context.Context, r store.Reader, ids []screening.ID) ([]screening.Screened, error) {
	keys := make([]string, len(ids))
	for i, id := range ids {
		keys[i] = string(id)
	}
	now := d.clock().UTC()
	found, err := loadIndicators(ctx, r, keys)
	if err != nil {
		return nil, err
	}
	var rest []string
	for _, id := range keys {
		if found[id] == nil {
			rest = append(rest, id)
		}
	}
	matters, err := loadIncidents(ctx, r, rest)
	if err != nil {
		return nil, err
	}
	hosts, err := screenHosts(ctx, r, rest, now)
	if err != nil {
		return nil, err
	}
	var out []screening.Screened
	for _, id := range keys {
		if h := found[id]; h != nil {
			out = append(out, h.screened(now))
		} else if m := matters[id]; m != nil && m.Joined == "" {
			out = append(out, m.screened(now))
		} else if s, ok := hosts[id]; ok {
			out = append(out, s)
		}
	}
	return out, nil
}

// label is what people call an incident.
func (m *matter) label() string { return "I-" + strconv.FormatInt(m.Number, 10) }

// screened is an incident as screening sees it. Whoever it happened to is not screened: that is for a human to ask.
func (m *matter) screened(now time.Time) screening.Screened {
	v := m.At(now)
	return screening.Screened{
		Subject: screening.Subject{ID: screening.ID(m.ID), Domain: Name, Title: v.Title, Context: cmp.Or(v.Type, kindIncident) + " " + v.Sector, Until: later(v.NextDue, v.Opened.AddDate(1, 0, 0))},
		View: &View{Kind: kindIncident, Incident: IncidentView{
			State: string(v.State), Type: v.Type, Severity: int64(v.Severity.Score), Level: int64(v.Severity.Level), Sector: v.Sector, Essential: v.Essential,
			Significant: v.Significant, CrossBorder: cmp.Or(v.CrossBorder, "unknown"), Malicious: cmp.Or(v.Malicious, "unknown"), Countries: v.Affected.Countries,
			Users: v.Affected.Users, Indicators: int64(len(m.Linked)), Late: v.Late, Joint: v.Joint, Availability: cmp.Or(v.Impact.Availability, "unknown"),
		}},
	}
}

// Ahead lists what still matters: indicators that more than one source filed or that were met, machines seen of late,
// incidents that are open.
func (d *Domain) Ahead(ctx context.Context, r store.Reader, now time.Time, after screening.ID, n int) ([]screening.ID, error) {
	var out []screening.ID
	for _, query := range []string{
		`select id from cyber_indicator where id > $1 and standing = 'alive' and (until = 0 or until > $2) and (sightings > 0 or sources > 1) order by id limit $3`,
		`select id from cyber_host where id > $1 and last > $2 - 2592000000000 order by id limit $3`,
		`select id from cyber_incident where id > $1 and is_open and opened <= $2 order by id limit $3`,
	} {
		err := store.Rows(ctx, r, func(rows *sql.Rows) error {
			var id screening.ID
			err := rows.Scan(&id)
			out = append(out, id)
			return err
		}, query, string(after), store.Micros(now), n)
		if err != nil {
			return nil, err
		}
	}
	slices.Sort(out)
	return out[:min(len(out), n)], nil
}

// severityOf is how grave it is to meet an indicator: by what is left of its score, more where it was met often.
func severityOf(v *indicators.View, lines int64) screening.Severity {
	switch {
	case v.Score >= 80 || v.Score >= 60 && lines >= 100:
		return screening.High
	case v.Score >= 40:
		return screening.Medium
	}
	return screening.Low
}

func name(v *indicators.View) string {
	if len(v.Names) > 0 {
		return v.Names[0]
	}
	return cmp.Or(strings.Join(v.Types, ", "), string(v.Kind))
}
