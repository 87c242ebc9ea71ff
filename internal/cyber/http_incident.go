package cyber

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rihla/rihla/formats/stix"
	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/casework"
	"github.com/rihla/rihla/internal/cyber/incident"
	"github.com/rihla/rihla/internal/intake"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/store"
)

func (d *Domain) incidentRoutes(m *api.Mux) {
	api.Register(m, route(http.MethodGet, "/incidents", "list-incidents", "Incidents, the gravest first", readers), d.listIncidents)
	api.Register(m, route(http.MethodGet, "/incidents/{id}", "get-incident", "One incident: reports, time line, tasks, evidence, clocks", readers), d.getIncident)
	r := route(http.MethodPost, "/incidents", "file-incident", "File the report of an incident, rihla.incident-report/1; it goes through the journal", filers, createdLater)
	m.Raw(r, d.fileIncident, api.RawDoc{Request: "application/json", Response: "application/json", Answers: accepted{}})
}

// IncidentItem is an incident in a list.
type IncidentItem struct {
	ID          string            `json:"id"`
	Number      int64             `json:"number" doc:"What people call it: I-17"`
	Title       string            `json:"title"`
	State       incident.State    `json:"state"`
	Since       time.Time         `json:"since"`
	Until       time.Time         `json:"until,omitzero" doc:"Of a hold"`
	Severity    incident.Severity `json:"severity"`
	Significant bool              `json:"significant" doc:"The duties of reporting run"`
	Essential   bool              `json:"essential" doc:"Its sector is one that others depend on"`
	TLP         stix.TLP          `json:"tlp"`
	Type        string            `json:"type,omitempty"`
	Sector      string            `json:"sector,omitempty"`
	Services    []string          `json:"services,omitempty"`
	Countries   []string          `json:"countries,omitempty"`
	Filer       string            `json:"filer"`
	Owner       string            `json:"owner,omitempty"`
	Aware       time.Time         `json:"aware"`
	Occurred    time.Time         `json:"occurred,omitzero"`
	Opened      time.Time         `json:"opened"`
	Changed     time.Time         `json:"changed"`
	Reports     int               `json:"reports"`
	TasksOpen   int               `json:"tasks_open"`
	Indicators  int               `json:"indicators"`
	Clocks      []incident.Clock  `json:"clocks" nullable:"false"`
	NextDue     time.Time         `json:"next_due,omitzero"`
	Late        bool              `json:"late"`
	Joint       bool              `json:"joint" doc:"Shared with a partner state"`
	Case        string            `json:"case,omitempty"`
	Version     int64             `json:"version"`
}

func (m *matter) item(v *incident.View) IncidentItem {
	i := IncidentItem{
		ID: m.ID, Number: m.Number, Title: v.Title, State: v.State, Since: v.Since, Until: v.Until, Severity: v.Severity, Significant: v.Significant, Essential: v.Essential,
		TLP: v.TLP, Type: v.Type, Sector: v.Sector, Services: v.Affected.Services, Countries: v.Affected.Countries, Filer: v.Filer.Name, Owner: m.Owner,
		Aware: v.Aware, Occurred: v.OccurredFrom, Opened: v.Opened, Changed: m.Changed, Reports: len(m.Filed), Indicators: len(m.Linked),
		Clocks: v.Clocks, NextDue: v.NextDue, Late: v.Late, Joint: v.Joint, Version: m.Version,
	}
	if i.Clocks == nil {
		i.Clocks = []incident.Clock{}
	}
	for n := range m.Tasks {
		if m.Tasks[n].Open() {
			i.TasksOpen++
		}
	}
	return i
}

type listIncidentsIn struct {
	State    string `query:"state" enum:"reported,triage,investigating,contained,eradicated,recovered,review,closed,reopened,on-hold,rejected,duplicate,"`
	Open     bool   `query:"open" doc:"Only those that somebody is still at"`
	Severity int    `query:"severity" doc:"This level at least" minimum:"0" maximum:"5"`
	Owner    string `query:"owner" doc:"A name, or me"`
	Text     string `query:"q" maxLength:"300"`
	api.Cursor
}

type listIncidentsOut struct {
	Body api.Page[IncidentItem]
}

// graveAt is where a page of incidents ends.
type graveAt struct {
	Score  int64 `json:"s"`
	Number int64 `json:"n"`
}

func (d *Domain) listIncidents(ctx context.Context, in *listIncidentsIn) (*listIncidentsOut, error) {
	var last graveAt
	if err := api.DecodeCursor(in.Cursor.Cursor, &last); err != nil {
		return nil, err
	}
	var c clauses
	if in.State != "" {
		c.and("state = ?", in.State)
	}
	if in.Open {
		c.and("is_open")
	}
	if in.Severity > 0 {
		c.and("level >= ?", in.Severity)
	}
	if in.Owner != "" {
		owner := in.Owner
		if owner == "me" {
			owner = api.PrincipalFrom(ctx).Name
		}
		c.and("owner = ?", owner)
	}
	c.words("folded", in.Text)
	if last.Number > 0 {
		c.and("(score < ? or score = ? and number < ?)", last.Score, last.Score, last.Number)
	}
	found, scores, err := d.findIncidents(ctx, d.store.Read(), &c, in.Limit)
	if err != nil {
		return nil, err
	}
	out := &listIncidentsOut{}
	if out.Body.Items, err = d.incidentItems(ctx, found); err != nil {
		return nil, err
	}
	if n := len(found); n == in.Limit {
		if out.Body.Next, err = api.EncodeCursor(graveAt{scores[n-1], found[n-1].Number}); err != nil {
			return nil, err
		}
	}
	ids := make([]string, len(found))
	for i, m := range found {
		ids[i] = m.ID
	}
	return out, d.read(ctx, "incident.list", ids...)
}

// findIncidents reads incidents by some conditions, the gravest first and of those the latest.
func (d *Domain) findIncidents(ctx context.Context, r store.Reader, c *clauses, n int) (out []*matter, scores []int64, err error) {
	args := append(slices.Clone(c.args), n)
	err = store.Rows(ctx, r, func(rows *sql.Rows) error {
		var score int64
		m, err := scanIncident(scoreFirst{rows, &score})
		out, scores = append(out, m), append(scores, score)
		return err
	}, `select score, `+incidentColumns+` from cyber_incident where joined = ''`+c.b.String()+` order by score desc, number desc limit $`+strconv.Itoa(len(args)), args...)
	return out, scores, err
}

// scoreFirst reads a column before those of an incident.
type scoreFirst struct {
	rows  *sql.Rows
	score *int64
}

func (s scoreFirst) Scan(into ...any) error { return s.rows.Scan(append([]any{s.score}, into...)...) }

func (d *Domain) incidentItems(ctx context.Context, found []*matter) ([]IncidentItem, error) {
	now := d.clock().UTC()
	ids := make([]screening.ID, len(found))
	for i, m := range found {
		ids[i] = screening.ID(m.ID)
	}
	cases, err := casework.OfSubjects(ctx, d.store.Read(), ids)
	if err != nil {
		return nil, err
	}
	items := make([]IncidentItem, len(found))
	for i, m := range found {
		v := m.At(now)
		items[i] = m.item(&v)
		if cs := cases[ids[i]]; len(cs) > 0 {
			items[i].Case = cs[0].ID
		}
	}
	return items, nil
}

// incidentPage is all that is held of one incident.
type incidentPage struct {
	IncidentItem
	Description   string              `json:"description"`
	Contact       *contact            `json:"contact,omitempty" doc:"Not for whoever only watches"`
	Malicious     string              `json:"suspected_malicious"`
	CrossBorder   string              `json:"cross_border"`
	Users         int64               `json:"users_estimate,omitempty"`
	Impact        incident.Impact     `json:"impact,omitzero"`
	Vulnerable    []string            `json:"vulnerabilities,omitempty"`
	Measures      []string            `json:"measures,omitempty"`
	RootCause     string              `json:"root_cause,omitempty"`
	Determination string              `json:"determination"`
	DuplicateOf   string              `json:"duplicate_of,omitempty"`
	Filed         []filedReport       `json:"filed" nullable:"false"`
	Timeline      []incident.Entry    `json:"timeline" nullable:"false"`
	Tasks         []incident.Task     `json:"tasks" nullable:"false"`
	Evidence      []incident.Evidence `json:"evidence" nullable:"false"`
	Linked        []linkedItem        `json:"linked" nullable:"false"`
	Shared        []incident.Shared   `json:"shared" nullable:"false"`
	Next          []incident.State    `json:"next" nullable:"false" doc:"States it may go to"`
}

type contact struct {
	Name    string `json:"name"`
	Contact string `json:"contact"`
	Phone   string `json:"phone,omitempty"`
}

type filedReport struct {
	Report   string         `json:"report"`
	ReportID string         `json:"report_id"`
	Previous string         `json:"previous,omitempty"`
	Stage    incident.Stage `json:"stage"`
	Received time.Time      `json:"received"`
	Title    string         `json:"title"`
	TLP      stix.TLP       `json:"tlp"`
}

type linkedItem struct {
	IndicatorItem
	Why string `json:"why" doc:"reported, or linked by a person"`
}

type incidentOut struct {
	Body incidentPage
}

func (d *Domain) getIncident(ctx context.Context, in *oneIn) (*incidentOut, error) {
	m, err := d.matter(ctx, d.store.Read(), in.ID)
	if err != nil {
		return nil, err
	}
	if err := d.read(ctx, "incident.read", m.ID); err != nil {
		return nil, err
	}
	return d.page(ctx, m)
}

// matter reads an incident, or says that there is none.
func (d *Domain) matter(ctx context.Context, r store.Reader, id string) (*matter, error) {
	m, err := incidentByID(ctx, r, id)
	if err == nil && m == nil {
		err = api.Errorf(api.NotFound, "there is no incident %s", id)
	}
	return m, err
}

func (d *Domain) page(ctx context.Context, m *matter) (*incidentOut, error) {
	items, err := d.incidentItems(ctx, []*matter{m})
	if err != nil {
		return nil, err
	}
	v := m.At(d.clock().UTC())
	p := incidentPage{
		IncidentItem: items[0], Description: v.Description, Malicious: cmp.Or(v.Malicious, "unknown"), CrossBorder: cmp.Or(v.CrossBorder, "unknown"), Users: v.Affected.Users,
		Impact: v.Impact, Vulnerable: v.Vulnerable, Measures: v.Measures, RootCause: v.RootCause, Determination: v.Determination, DuplicateOf: v.DuplicateOf,
		Filed: []filedReport{}, Timeline: append([]incident.Entry{}, v.Timeline...), Tasks: append([]incident.Task{}, m.Tasks...), Evidence: append([]incident.Evidence{}, m.Evidence...),
		Linked: []linkedItem{}, Shared: append([]incident.Shared{}, m.Shared...), Next: append([]incident.State{}, v.State.Next()...),
	}
	if !api.PrincipalFrom(ctx).Is(access.Auditor) {
		p.Contact = &contact{v.Filer.Name, v.Filer.Contact, v.Filer.Phone}
	}
	for _, f := range m.InOrder() {
		p.Filed = append(p.Filed, filedReport{f.Report, f.Content.ReportID, f.Content.Previous, f.Content.Stage, f.Received, f.Content.Title, f.Content.TLP})
	}
	why := map[string]string{}
	for _, l := range m.Linked {
		why[l.Indicator] = l.Why
	}
	known, err := loadIndicators(ctx, d.store.Read(), keysOf(why))
	if err != nil {
		return nil, err
	}
	all := make([]*held, 0, len(known))
	for _, id := range keysOf(known) {
		all = append(all, known[id])
	}
	linked, err := d.items(ctx, all)
	if err != nil {
		return nil, err
	}
	for _, l := range linked {
		p.Linked = append(p.Linked, linkedItem{l, why[l.ID]})
	}
	return &incidentOut{p}, nil
}

// linkedTo are the incidents that an indicator is part of.
func linkedTo(ctx context.Context, r store.Reader, indicator string) ([]*matter, error) {
	var ids []string
	err := store.Rows(ctx, r, func(rows *sql.Rows) error {
		var id string
		err := rows.Scan(&id)
		ids = append(ids, id)
		return err
	}, `select incident from cyber_linked where indicator = $1 order by incident limit 100`, indicator)
	if err != nil {
		return nil, err
	}
	found, err := loadIncidents(ctx, r, ids)
	out := make([]*matter, 0, len(found))
	for _, id := range keysOf(found) {
		if found[id].Joined == "" {
			out = append(out, found[id])
		}
	}
	slices.SortFunc(out, func(a, b *matter) int { return cmp.Compare(b.Number, a.Number) })
	return out, err
}

func (d *Domain) fileIncident(w http.ResponseWriter, r *http.Request) {
	answer, err := d.takeIncident(r)
	if err != nil {
		api.WriteProblem(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(createdLater)
	_ = json.NewEncoder(w).Encode(answer) // whoever asked may have gone
}

func (d *Domain) takeIncident(r *http.Request) (accepted, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return accepted{}, err
	}
	read, broken := incident.Read(body)
	if broken != nil {
		return accepted{}, api.Errorf(api.Unprocessable, "%s", broken.Message).With("rule", broken.Rule).With("offset", broken.Offset)
	}
	if len(read.Errors) > 0 {
		e := read.Errors[0]
		return accepted{}, api.Errorf(api.Unprocessable, "%s: %s", e.Pointer, e.Message).With("faults", read.Errors).With("warnings", read.Warnings)
	}
	who := api.PrincipalFrom(r.Context())
	delivery := intake.Delivery{Filer: intake.Filer{ID: who.ID, Name: who.Name}, Gate: deskGate, Media: "application/json", Name: "incident.json", Raw: body}
	if who.Is(access.Filer) { // its own report, by its own key
		delivery.Gate = "http"
	}
	if d.journal == nil {
		return accepted{}, api.Errorf(api.Unavailable, "this node takes nothing at the desk")
	}
	receipt, err := d.journal.Take(r.Context(), delivery)
	if err != nil {
		return accepted{}, err
	}
	party := whose(&intake.Report{Gate: delivery.Gate, Filer: delivery.Filer}, &read.Report)
	c, err := readChain(r.Context(), d.store.Read(), party)
	if err != nil {
		return accepted{}, err
	}
	c[read.Report.ReportID] = link{previous: read.Report.Previous}
	return accepted{Report: receipt.ID, SHA256: receipt.SHA256, Incident: d.incidentID(party, c.root(read.Report.ReportID))}, nil
}

// Search finds indicators by value, incidents by number, title and party, machines by name, for whoever may see them.
func (d *Domain) Search(ctx context.Context, r store.Reader, who access.Principal, q string, n int) ([]api.Hit, error) {
	if !who.Is(readers...) || strings.TrimSpace(q) == "" {
		return nil, nil
	}
	now := d.clock().UTC()
	found, err := listIndicators(ctx, r, wanted{Text: q, Limit: n}, now)
	if err != nil {
		return nil, err
	}
	var hits []api.Hit
	for _, h := range found {
		v := h.view(now)
		hits = append(hits, api.Hit{Kind: kindIndicator, ID: h.ID, Title: v.Display, Detail: string(h.Kind) + " " + string(v.State), Path: "/cyber/indicators/" + h.ID})
	}
	var c clauses
	c.words("folded", q)
	matters, _, err := d.findIncidents(ctx, r, &c, n)
	if err != nil {
		return nil, err
	}
	for _, m := range matters {
		v := m.At(now)
		hits = append(hits, api.Hit{Kind: kindIncident, ID: m.ID, Title: m.label() + " " + v.Title, Detail: string(v.State), Path: "/cyber/incidents/" + m.ID})
	}
	err = store.Rows(ctx, r, func(rows *sql.Rows) error {
		h := api.Hit{Kind: kindHost}
		err := rows.Scan(&h.ID, &h.Title, &h.Detail)
		h.Path = "/cyber/hosts/" + h.ID
		hits = append(hits, h)
		return err
	}, `select id, place, source from cyber_host where place like $1 escape '\' order by last desc limit $2`, "%"+escapeLike(strings.TrimSpace(q))+"%", n)
	return hits, err
}
