package cyber

import (
	"context"
	"database/sql"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rihla/rihla/formats/stix"
	"github.com/rihla/rihla/internal/cyber/incident"
	"github.com/rihla/rihla/internal/cyber/indicators"
	"github.com/rihla/rihla/internal/intake"
	"github.com/rihla/rihla/internal/jobs"
	"github.com/rihla/rihla/internal/pipeline"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/store"
)

// whose is the party that an incident's reports hang together by: whoever filed, by its key. What a responder types for
// somebody who called is that party's, by its name.
func whose(r *intake.Report, c *incident.Report) string {
	if r.Gate == deskGate {
		return strings.ToLower(strings.Join(strings.Fields(c.Filer.Name), " "))
	}
	return r.Filer.Name
}

// deskGate is where our own people file what they were told.
const deskGate = "desk"

func (d *Domain) incidentID(who, root string) string {
	return d.ids.ID("cyber-incident", who, root)
}

// chain is which report of one party follows which.
type chain map[string]link

type link struct{ previous, incident string }

// root is the first report of those that a report follows, as far as anybody has named them. Whoever goes in circles is
// rooted at the least name of the circle.
func (c chain) root(id string) string {
	seen := map[string]bool{}
	for !seen[id] {
		seen[id] = true
		l, known := c[id]
		if !known || l.previous == "" {
			return id
		}
		id = l.previous
	}
	least := id
	for at := c[id].previous; at != id; at = c[at].previous {
		least = min(least, at)
	}
	return least
}

// report joins an incident report into the incident it is of; what it names as indicators is said of them too.
func (p *planner) incident(ctx context.Context, r *intake.Report, content *incident.Report) error {
	who := whose(r, content)
	filed := incident.Filed{Report: r.ID, By: r.Filer.Name, Received: r.Received, Content: *content}
	for _, i := range content.Indicators {
		p.say(indicators.Value{Kind: i.Kind, Value: i.Value}, indicators.Claim{
			Source: r.Filer.Name, Ref: "incident-report:" + content.ReportID, Report: r.ID, Said: r.Received, Name: content.Title, Confidence: -1,
			TLP: content.TLP, ValidFrom: later(i.FirstSeen, time.Time{}), FirstSeen: i.FirstSeen,
		})
	}
	c, err := readChain(ctx, p.r, who)
	if err != nil {
		return err
	}
	for _, row := range p.c.filed { // earlier in this report
		if row[0] == who {
			c[row[1].(string)] = link{row[2].(string), row[3].(string)}
		}
	}
	c[content.ReportID] = link{content.Previous, c[content.ReportID].incident}
	moves := map[string]string{} // incident → the one it turns out to be
	for id, l := range c {
		to := p.d.incidentID(who, c.root(id))
		if l.incident == to {
			continue
		}
		if l.incident != "" {
			moves[l.incident] = to
		}
		c[id] = link{l.previous, to}
		p.c.filed = append(p.c.filed, []any{who, id, l.previous, to})
	}
	if content.Previous != "" { // the chain may have changed with the incident the same
		p.c.filed = append(p.c.filed, []any{who, content.ReportID, content.Previous, c[content.ReportID].incident})
	}
	into := c[content.ReportID].incident
	ids := append(slices.Collect(maps.Keys(moves)), into)
	for _, to := range moves {
		ids = append(ids, to)
	}
	stored, err := loadIncidents(ctx, p.r, ids)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if m := p.c.matters[id]; m != nil {
			stored[id] = m
		}
	}
	get := func(id string) *matter {
		m := stored[id]
		if m == nil {
			m = &matter{Held: incident.New(), ID: id, Who: who}
			stored[id] = m
		}
		m.Joined = "" // it stands for itself again
		return m
	}
	for _, from := range slices.Sorted(maps.Keys(moves)) {
		old, to := stored[from], get(moves[from])
		if old == nil {
			continue
		}
		to.Join(old.Held)
		if to.Number == 0 || old.Number < to.Number && old.Number > 0 {
			to.Number = old.Number
		}
		old.Held, old.Joined = incident.New(), to.ID
		p.c.renamed[screening.ID(from)] = screening.ID(to.ID)
		p.c.matter(old)
		p.c.matter(to)
	}
	m := get(into)
	if m.Hear(filed) || p.c.matters[into] != nil {
		m.relink(p.d)
		p.c.matter(m)
	}
	if stix.TypeOf(content.ReportID) != categoryIncident { // whoever files STIX has its receipt in the collection
		p.c.receipts = append(p.c.receipts, receipt{r.ID, r.Filer.Name, content.ReportID, into})
	}
	return nil
}

func readChain(ctx context.Context, r store.Reader, who string) (chain, error) {
	c := chain{}
	err := store.Rows(ctx, r, func(rows *sql.Rows) error {
		var id string
		var l link
		err := rows.Scan(&id, &l.previous, &l.incident)
		c[id] = l
		return err
	}, `select report_id, previous, incident from cyber_filed where who = $1`, who)
	return c, err
}

var insertFiled = store.NewInsert("cyber_filed", []string{"who", "report_id", "previous", "incident"},
	`on conflict (who, report_id) do update set previous = excluded.previous, incident = excluded.incident`)

// receipt is owed to the filer of an incident report.
type receipt struct{ report, filer, about, incident string }

// receiptBody is what a filer is told at once: the number, and what is due when.
type receiptBody struct {
	Incident string           `json:"incident"`
	ReportID string           `json:"report_id"`
	Clocks   []incident.Clock `json:"clocks"`
}

func (r *receipt) answer(d *Domain, m *matter, now time.Time) (intake.Answer, error) {
	body := receiptBody{Incident: m.label(), ReportID: r.about, Clocks: []incident.Clock{}}
	for _, c := range m.At(now).Clocks {
		if c.Duty != incident.DutyFeedback && c.Duty != incident.DutyPartner { // ours, not the filer's
			body.Clocks = append(body.Clocks, c)
		}
	}
	raw, err := json.Marshal(body)
	return intake.Answer{
		ID: d.ids.ID("cyber-receipt", r.report), Domain: Name, Filer: r.filer, Report: r.report, About: r.about, Kind: "receipt",
		Media: "application/json", Name: "receipt.json", Body: raw,
	}, err
}

// clockJob wakes us for a reminder of a duty.
const clockJob = Name + ".clock"

type clockBody struct {
	Incident string `json:"incident"`
	Clock    string `json:"clock"`
	Percent  int    `json:"percent"`
}

func (d *Domain) reminderID(incident, clock string, percent int) string {
	return d.ids.ID("cyber-clock", incident, clock, strconv.Itoa(percent))
}

// reminders are the jobs of an incident's running clocks.
func (d *Domain) reminders(m *matter, now time.Time) ([]jobs.Job, error) {
	var out []jobs.Job
	for _, c := range m.At(now).Clocks {
		if !c.Runs() {
			continue
		}
		for _, percent := range incident.Reminders {
			if percent <= c.Warned {
				continue
			}
			body, err := json.Marshal(clockBody{m.ID, c.ID, percent})
			if err != nil {
				return nil, err
			}
			out = append(out, jobs.Job{ID: d.reminderID(m.ID, c.ID, percent), Kind: clockJob, Due: c.At(percent), Body: body})
		}
	}
	return out, nil
}

// tell adds what an incident's change causes.
func (d *Domain) tell(e *pipeline.Effects, m *matter, now time.Time) error {
	e.Touched = append(e.Touched, m.ID)
	if m.Joined != "" {
		return nil
	}
	e.Events = append(e.Events, pipeline.Event{Name: "incident", ID: m.ID})
	js, err := d.reminders(m, now)
	e.Jobs = append(e.Jobs, js...)
	return err
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
