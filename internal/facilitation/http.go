package facilitation

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/audit"
	"github.com/rihla/rihla/internal/casework"
	"github.com/rihla/rihla/internal/facilitation/form"
	"github.com/rihla/rihla/internal/pipeline"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/store"
)

// The desk decides; an auditor sees how it works, and no person.
var (
	desk    = []access.Role{access.Officer, access.Supervisor}
	watched = []access.Role{access.Officer, access.Supervisor, access.Auditor}
)

// Routes are the applicant's own, the desk's, and those of lanes.
func (d *Domain) Routes(m *api.Mux) {
	d.ownRoutes(m)
	d.deskRoutes(m)
	d.laneRoutes(m)
}

func get(path, id, summary string, roles []access.Role) api.Route {
	return api.Route{Method: http.MethodGet, Path: "/api/v1/facilitation" + path, ID: id, Summary: summary, Tags: []string{Name}, Roles: roles}
}

func post(path, id, summary string, roles []access.Role) api.Route {
	return api.Route{Method: http.MethodPost, Path: "/api/v1/facilitation" + path, ID: id, Summary: summary, Tags: []string{Name}, Roles: roles}
}

func (d *Domain) deskRoutes(m *api.Mux) {
	api.Register(m, get("/figures", "get-facilitation-figures", "Applications by kind and state", watched), d.getFigures)
	api.Register(m, get("/applications", "list-applications", "Applications, the latest first", desk), d.listApplications)
	api.Register(m, get("/applications/{id}", "get-application", "One application whole, with what may be done with it now", desk), d.getApplication)
	api.Register(m, post("/applications/{id}/moves", "move-application", "Decide: what bears on the applicant's rights waits for a second person", desk), d.moveApplication)
	api.Register(m, post("/applications/{id}/confirmation", "confirm-application", "The second person's yes or no", desk), d.confirmApplication)
	api.Register(m, post("/applications/{id}/vetting", "ask-applicants-state", "Ask the applicant's own state, under the agreement", desk), d.vetApplication)
	api.Register(m, post("/applications/{id}/examination", "examine-inquiry", "Of redress: say which of the findings are another person", desk), d.examineApplication)
	api.Register(m, post("/applications/{id}/entry", "enter-with-authorisation", "Note that its holder entered: one for a single entry is used up", desk), d.enterWith)
	api.Register(m, post("/applications/{id}/outcome", "answer-vetting", "Of a partner's applicant: what the partner may be told", desk), d.answerVetting)
	file := post("/vettings", "file-vetting", "Take up a partner's question about an applicant", desk)
	file.Status = http.StatusAccepted
	api.Register(m, file, d.fileVetting)
	api.Register(m, get("/standings", "get-standings", "What speaks for a document or a number", desk), d.getStandings)
	api.Register(m, get("/redress", "list-redress", "What inquiries came to, without whom they are of", watched), d.listRedress)
	api.Register(m, get("/interviews", "list-interviews", "Who comes to an interview on a day", desk), d.listInterviews)
}

// tell makes a read of personal data known to the audit log before the data leaves.
func (d *Domain) tell(ctx context.Context, action string, touched ...string) error {
	who := api.PrincipalFrom(ctx)
	if err := d.reads.Read(ctx, audit.Entry{Actor: who.Name, Role: string(who.Role), Action: action, Touched: touched}); err != nil {
		return fmt.Errorf("nothing is shown that cannot be logged: %w", err)
	}
	return nil
}

type figures struct {
	Counts    []figure `json:"counts"`
	Proposals int      `json:"proposals" doc:"That wait for a second person"`
}

type figure struct {
	Kind  Kind  `json:"kind"`
	State State `json:"state"`
	N     int   `json:"n"`
}

type figuresOut struct{ Body figures }

func (d *Domain) getFigures(ctx context.Context, _ *struct{}) (*figuresOut, error) {
	out := &figuresOut{figures{Counts: []figure{}}}
	err := store.Rows(ctx, d.store.Read(), func(rows *sql.Rows) error {
		var f figure
		err := rows.Scan(&f.Kind, &f.State, &f.N)
		out.Body.Counts = append(out.Body.Counts, f)
		return err
	}, `select kind, state, count(*) from facilitation_application group by kind, state order by kind, state`)
	if err != nil {
		return nil, err
	}
	return out, d.store.Read().QueryRowContext(ctx, `select count(*) from facilitation_application where waits = 2`).Scan(&out.Body.Proposals)
}

// applicationItem is one application in a list.
type applicationItem struct {
	ID          string             `json:"id"`
	Reference   string             `json:"reference"`
	Kind        Kind               `json:"kind"`
	State       State              `json:"state"`
	Name        string             `json:"name"`
	Born        string             `json:"born,omitempty"`
	Nationality string             `json:"nationality,omitempty"`
	Document    string             `json:"document,omitempty"`
	Program     string             `json:"program,omitempty"`
	Number      string             `json:"number,omitempty"`
	Filed       time.Time          `json:"filed"`
	Due         time.Time          `json:"due,omitzero"`
	Overdue     bool               `json:"overdue,omitempty"`
	Until       time.Time          `json:"until,omitzero"`
	Reasons     []string           `json:"reasons,omitempty"`
	Proposal    *Proposal          `json:"proposal,omitempty"`
	Partner     string             `json:"partner,omitempty" doc:"What the applicant's own state said, or how the question stands"`
	Findings    int                `json:"findings"`
	Severity    screening.Severity `json:"severity,omitempty"`
}

func (a *Application) name() string {
	return screening.Name{Surname: a.Form.Applicant.FamilyName, Given: a.Form.Applicant.GivenNames}.String()
}

func (d *Domain) item(a *Application) applicationItem {
	p := &a.Form.Applicant
	i := applicationItem{
		ID: a.ID, Reference: a.Ref, Kind: a.Kind, State: a.State, Name: a.name(), Born: p.Born, Nationality: p.Nationality, Document: p.Document.Number, Program: a.Form.Program,
		Number: a.Number, Filed: a.Filed, Due: a.Due, Overdue: a.Overdue, Reasons: a.Reasons, Proposal: a.Proposal,
	}
	if a.Number != "" {
		i.Until = d.lasts(a)
	}
	if a.Asked != nil {
		if i.Partner = a.Asked.Outcome; i.Partner == "" {
			i.Partner = a.Asked.State
		}
	}
	return i
}

type listApplicationsIn struct {
	Kind    string `query:"kind" enum:"membership,authorisation,redress,vetting"`
	State   string `query:"state" maxLength:"20"`
	Q       string `query:"q" doc:"Reference, number, name or document" maxLength:"80"`
	Waiting bool   `query:"waiting" doc:"Only those that somebody here has to act on"`
	api.Cursor
}

type listApplicationsOut struct {
	Body api.Page[applicationItem]
}

const perPage = 100

func (d *Domain) listApplications(ctx context.Context, in *listApplicationsIn) (*listApplicationsOut, error) {
	last := place{At: 1 << 62}
	if err := api.DecodeCursor(in.Cursor.Cursor, &last); err != nil {
		return nil, err
	}
	limit := in.Limit
	if limit < 1 || limit > perPage {
		limit = perPage
	}
	where, args := like(in.Q, []any{in.Kind, in.State, last.At, last.ID})
	if in.Waiting {
		where += ` and waits > 0`
	}
	args = append(args, limit+1)
	out := &listApplicationsOut{api.Page[applicationItem]{Items: []applicationItem{}}}
	var touched []string
	var end place
	err := store.Rows(ctx, d.store.Read(), func(rows *sql.Rows) error {
		a, err := scanApplication(rows)
		if err != nil {
			return err
		}
		if len(out.Body.Items) == limit {
			out.Body.Next, err = api.EncodeCursor(end)
			return err
		}
		out.Body.Items = append(out.Body.Items, d.item(a))
		touched = append(touched, a.ID)
		end = place{store.Micros(a.Filed), a.ID}
		return nil
	}, `select `+applicationColumns+` from facilitation_application where ($1 = '' or kind = $1) and ($2 = '' or state = $2) and (filed < $3 or filed = $3 and id > $4)`+where+
		` order by filed desc, id limit `+ordinal(len(args)), args...)
	if err != nil {
		return nil, err
	}
	if err := d.tell(ctx, "application.list", touched...); err != nil {
		return nil, err
	}
	ids := make([]screening.ID, len(touched))
	for i, id := range touched {
		ids[i] = screening.ID(id)
	}
	tallies, err := screening.Tallies(ctx, d.store.Read(), ids)
	for i := range out.Body.Items {
		t := tallies[ids[i]]
		out.Body.Items[i].Findings, out.Body.Items[i].Severity = t.Findings, t.Severity
	}
	return out, err
}

// applicationPage is one application whole.
type applicationPage struct {
	Application
	Name        string              `json:"name"`
	Version     int64               `json:"version"`
	Last        time.Time           `json:"lasts,omitzero" doc:"The last instant it counts, grace with it"`
	Eligibility []Reason            `json:"eligibility,omitempty"`
	Moves       []State             `json:"moves" doc:"Open to you now"`
	Acts        []string            `json:"acts" doc:"vetting, examination, outcome, entry, confirmation, decline"`
	Findings    []screening.Finding `json:"findings"`
	Cases       []string            `json:"cases"`
	Alike       []alikeItem         `json:"alike" doc:"What else the same person applied for"`
	Written     []ownLetter         `json:"letters,omitempty"`
}

type alikeItem struct {
	ID        string `json:"id"`
	Reference string `json:"reference"`
	Kind      Kind   `json:"kind"`
	State     State  `json:"state"`
}

type oneIn struct {
	ID string `path:"id"`
}

type applicationOut struct {
	Body applicationPage
}

func (d *Domain) getApplication(ctx context.Context, in *oneIn) (*applicationOut, error) {
	a, err := applicationBy(ctx, d.store.Read(), "id", in.ID)
	if err != nil {
		return nil, err
	}
	if a == nil {
		return nil, api.Errorf(api.NotFound, "there is no application %s", in.ID)
	}
	return d.page(ctx, a)
}

// page shows an application to somebody of the desk, and tells the log.
func (d *Domain) page(ctx context.Context, a *Application) (*applicationOut, error) {
	r := d.store.Read()
	id := screening.ID(a.ID)
	p := applicationPage{Application: *a, Name: a.name(), Version: a.version, Moves: []State{}, Acts: []string{}, Findings: []screening.Finding{}, Cases: []string{}, Alike: []alikeItem{}}
	p.Form.Access, p.Application.Letters, p.Written = nil, nil, d.letters(a)
	if a.Number != "" {
		p.Last = d.lasts(a)
	}
	if a.Kind == Membership && !a.State.live() || a.Kind == Membership {
		p.Eligibility = d.Eligibility(a, d.clock())
	}
	who := api.PrincipalFrom(ctx)
	if d.mayDecide(a, who.Name) == nil {
		d.may(&p, a, who)
	}
	found, err := screening.OfSubjects(ctx, r, []screening.ID{id})
	if err != nil {
		return nil, err
	}
	p.Findings = append(p.Findings, found[id]...)
	cases, err := casework.OfSubjects(ctx, r, []screening.ID{id})
	if err != nil {
		return nil, err
	}
	for _, c := range cases[id] {
		p.Cases = append(p.Cases, c.ID)
	}
	others, err := d.alike(ctx, r, a.ID, &a.Form)
	if err != nil {
		return nil, err
	}
	touched := []string{a.ID}
	for _, o := range others {
		p.Alike = append(p.Alike, alikeItem{o.ID, o.Ref, o.Kind, o.State})
		touched = append(touched, o.ID)
	}
	return &applicationOut{p}, d.tell(ctx, "application.read", touched...)
}

// may is what somebody of the desk can do with it now.
func (d *Domain) may(p *applicationPage, a *Application, who access.Principal) {
	if a.Proposal != nil {
		if p.Acts = append(p.Acts, "decline"); a.Proposal.By != who.Name {
			p.Acts = append(p.Acts, "confirmation")
		}
		return
	}
	if a.Kind == Authorisation && a.State == Granted {
		p.Acts = append(p.Acts, "entry")
	}
	for _, to := range a.Kind.open(a.State, ByOfficer) {
		switch {
		case to == Partner:
			p.Acts = append(p.Acts, "vetting")
		case to == Answered && a.Kind == Redress:
			p.Acts = append(p.Acts, "examination")
		case to == Answered:
			p.Acts = append(p.Acts, "outcome")
		case to == Booked, to == Active && a.State == Active && a.Renewal == nil:
		default:
			p.Moves = append(p.Moves, to)
		}
	}
}

// done does something as the desk, and shows what it came to.
func (d *Domain) done(ctx context.Context, id, action string, do func(context.Context, store.Tx, *Application, *pipeline.Effects) error) (*applicationOut, error) {
	who := api.PrincipalFrom(ctx)
	a, err := d.act(ctx, id, func(*Application) actor { return person(who) }, action, do)
	if err != nil {
		return nil, conflicting(err)
	}
	a.version++
	return d.page(ctx, a)
}

type moveApplicationIn struct {
	ID   string `path:"id"`
	Body struct {
		To      string `json:"to" maxLength:"20"`
		Reason  string `json:"reason,omitempty" maxLength:"4000"`
		Finding string `json:"finding,omitempty" maxLength:"300" doc:"Of a suspension: the finding that you confirm, by what it matched"`
		Version int64  `json:"version,omitempty" doc:"Of the application as you saw it"`
	}
}

func (d *Domain) moveApplication(ctx context.Context, in *moveApplicationIn) (*applicationOut, error) {
	return d.done(ctx, in.ID, "application.move", func(ctx context.Context, tx store.Tx, a *Application, _ *pipeline.Effects) error {
		return d.moveBy(ctx, tx, a, api.PrincipalFrom(ctx), Move{To: State(in.Body.To), Reason: in.Body.Reason, Finding: in.Body.Finding, Version: in.Body.Version})
	})
}

type confirmIn struct {
	ID   string `path:"id"`
	Body struct {
		Yes    bool   `json:"yes"`
		Reason string `json:"reason,omitempty" maxLength:"4000"`
	}
}

func (d *Domain) confirmApplication(ctx context.Context, in *confirmIn) (*applicationOut, error) {
	return d.done(ctx, in.ID, "application.confirm", func(ctx context.Context, tx store.Tx, a *Application, _ *pipeline.Effects) error {
		return d.confirm(ctx, tx, a, api.PrincipalFrom(ctx), in.Body.Yes, in.Body.Reason)
	})
}

func (d *Domain) vetApplication(ctx context.Context, in *oneIn) (*applicationOut, error) {
	if _, err := d.askPartner(ctx, api.PrincipalFrom(ctx), in.ID); err != nil {
		return nil, conflicting(err)
	}
	return d.getApplication(ctx, in)
}

type examineIn struct {
	ID   string `path:"id"`
	Body struct {
		NotSame []string `json:"not_same" maxItems:"200" doc:"The findings, by what they matched, that are another person; none where all are"`
		Reason  string   `json:"reason" maxLength:"4000"`
	}
}

func (d *Domain) examineApplication(ctx context.Context, in *examineIn) (*applicationOut, error) {
	return d.done(ctx, in.ID, "application.examine", func(ctx context.Context, tx store.Tx, a *Application, _ *pipeline.Effects) error {
		who := api.PrincipalFrom(ctx)
		if err := d.mayDecide(a, who.Name); err != nil {
			return err
		}
		return d.examine(ctx, tx, a, who, in.Body.NotSame, in.Body.Reason)
	})
}

func (d *Domain) enterWith(ctx context.Context, in *oneIn) (*applicationOut, error) {
	return d.done(ctx, in.ID, "application.entry", func(ctx context.Context, tx store.Tx, a *Application, _ *pipeline.Effects) error {
		return d.enter(ctx, tx, a, api.PrincipalFrom(ctx))
	})
}

type outcomeIn struct {
	ID   string `path:"id"`
	Body struct {
		Outcome    string `json:"outcome" enum:"green,not_green,unable"`
		ValidUntil string `json:"valid_until,omitempty" doc:"Of green: YYYY-MM-DD"`
		Reason     string `json:"reason,omitempty" maxLength:"4000" doc:"Stays here"`
	}
}

func (d *Domain) answerVetting(ctx context.Context, in *outcomeIn) (*applicationOut, error) {
	return d.done(ctx, in.ID, "application.outcome", func(ctx context.Context, tx store.Tx, a *Application, _ *pipeline.Effects) error {
		return d.answer(ctx, tx, a, api.PrincipalFrom(ctx), in.Body.Outcome, in.Body.ValidUntil, in.Body.Reason)
	})
}

type vettingIn struct {
	Body struct {
		Applicant form.Applicant `json:"applicant"`
		Question  form.Question  `json:"question"`
	}
}

type filedVetting struct {
	ID        string `json:"id" doc:"Of the application, once the report is processed"`
	Reference string `json:"reference"`
	Report    string `json:"report"`
}

type vettingOut struct{ Body filedVetting }

func (d *Domain) fileVetting(ctx context.Context, in *vettingIn) (*vettingOut, error) {
	now := d.clock().UTC()
	f := &form.Form{Schema: form.Vetting, Applicant: in.Body.Applicant, Question: &in.Body.Question, SubmittedAt: now.Format(time.RFC3339)}
	if faults := f.Check(now); len(faults) > 0 {
		return nil, faulty(faults)
	}
	number, err := draw(d.random)
	if err != nil {
		return nil, err
	}
	f.ID = prefixOf(f.Schema) + number
	receipt, err := d.journalled(ctx, f, api.PrincipalFrom(ctx).Name)
	return &vettingOut{filedVetting{ID: d.ids.ID("facilitation-application", f.ID), Reference: f.ID, Report: receipt.ID}}, err
}

type standingsIn struct {
	Document string `query:"document" maxLength:"40"`
	Issuer   string `query:"issuer" maxLength:"3"`
	Number   string `query:"number" maxLength:"40"`
}

type standingItem struct {
	Application string    `json:"application"`
	Kind        string    `json:"kind"`
	Number      string    `json:"number"`
	State       State     `json:"state"`
	Active      bool      `json:"active"`
	Until       time.Time `json:"until,omitzero"`
	Name        string    `json:"name"`
}

type standingsOut struct {
	Body api.Page[standingItem]
}

func (d *Domain) getStandings(ctx context.Context, in *standingsIn) (*standingsOut, error) {
	var keys []string
	if k := d.documentKey(in.Document, in.Issuer); k != "" {
		keys = append(keys, k)
	}
	if number, ok := core(in.Number); ok {
		for _, kind := range []string{screening.Membership, screening.Authorisation, screening.Redress} {
			keys = append(keys, d.numberKey(kind, number))
		}
	}
	out := &standingsOut{api.Page[standingItem]{Items: []standingItem{}}}
	var touched []string
	now := d.clock()
	err := store.ForKeys(ctx, d.store.Read(), `select s.application, s.body, a.body from facilitation_standing s join facilitation_application a on a.id = s.application
		where s.application in (select application from facilitation_key where key in (:keys))`, keys, func(rows *sql.Rows) error {
		var id string
		var body, whole []byte
		if err := rows.Scan(&id, &body, &whole); err != nil {
			return err
		}
		var s standing
		var a Application
		if err := json.Unmarshal(body, &s); err != nil {
			return err
		}
		if err := json.Unmarshal(whole, &a); err != nil {
			return err
		}
		out.Body.Items = append(out.Body.Items, standingItem{id, s.Kind, s.Number, s.State, s.active(now), s.Until, a.name()})
		touched = append(touched, id)
		return nil
	})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(out.Body.Items, func(a, b standingItem) int { return strings.Compare(a.Kind+a.Number, b.Kind+b.Number) })
	return out, d.tell(ctx, "application.standing", touched...)
}

type interviewsIn struct {
	Day string `query:"day" pattern:"^\\d{4}-\\d{2}-\\d{2}$" doc:"Today where it is left out"`
}

type interviewItem struct {
	Slot
	Application string `json:"application"`
	Reference   string `json:"reference"`
	Name        string `json:"name"`
}

type interviewsOut struct {
	Body api.Page[interviewItem]
}

func (d *Domain) listInterviews(ctx context.Context, in *interviewsIn) (*interviewsOut, error) {
	day := in.Day
	if day == "" {
		day = d.clock().UTC().Format(time.DateOnly)
	}
	out := &interviewsOut{api.Page[interviewItem]{Items: []interviewItem{}}}
	var touched []string
	err := store.Rows(ctx, d.store.Read(), func(rows *sql.Rows) error {
		var i interviewItem
		var body []byte
		var a Application
		if err := rows.Scan(&i.Day, &i.Hall, &body); err != nil {
			return err
		}
		if err := json.Unmarshal(body, &a); err != nil {
			return err
		}
		i.Application, i.Reference, i.Name = a.ID, a.Ref, a.name()
		out.Body.Items = append(out.Body.Items, i)
		touched = append(touched, a.ID)
		return nil
	}, `select i.day, i.hall, a.body from facilitation_interview i join facilitation_application a on a.id = i.application where i.day = $1 order by i.hall, a.ref`, day)
	if err != nil {
		return nil, err
	}
	return out, d.tell(ctx, "application.interviews", touched...)
}

// redressItem is what an inquiry came to, for whoever watches: the letter is the same for all, this is not.
type redressItem struct {
	ID        string    `json:"id"`
	State     State     `json:"state"`
	Filed     time.Time `json:"filed"`
	Answered  time.Time `json:"answered,omitzero"`
	Days      int       `json:"working_days" doc:"From the inquiry to its answer, or until now"`
	Late      bool      `json:"late,omitempty"`
	Cleared   int       `json:"cleared" doc:"Entries the traveller was found not to be"`
	Kept      int       `json:"kept" doc:"Entries that stand"`
	By        string    `json:"decided_by,omitempty"`
	Confirmed string    `json:"confirmed_by,omitempty"`
}

type redressOut struct {
	Body api.Page[redressItem]
}

func (d *Domain) listRedress(ctx context.Context, in *struct{ api.Cursor }) (*redressOut, error) {
	last := place{At: 1 << 62}
	if err := api.DecodeCursor(in.Cursor.Cursor, &last); err != nil {
		return nil, err
	}
	out := &redressOut{api.Page[redressItem]{Items: []redressItem{}}}
	var touched []string
	var end place
	now := d.clock()
	err := store.Rows(ctx, d.store.Read(), func(rows *sql.Rows) error {
		a, err := scanApplication(rows)
		if err != nil {
			return err
		}
		if len(out.Body.Items) == perPage {
			out.Body.Next, err = api.EncodeCursor(end)
			return err
		}
		i := redressItem{ID: a.ID, State: a.State, Filed: a.Filed, Cleared: len(a.Cleared), Kept: a.Kept, Answered: a.Since}
		i.Days = d.settings.workingDays(a.Filed, now)
		for _, m := range a.History {
			if m.To == Answered && m.From != Answered {
				i.By, i.Confirmed, i.Days = m.By, m.Second, d.settings.workingDays(a.Filed, m.At)
			}
		}
		i.Late = i.Days > d.settings.Redress.Answer
		out.Body.Items, touched, end = append(out.Body.Items, i), append(touched, a.ID), place{store.Micros(a.Filed), a.ID}
		return nil
	}, `select `+applicationColumns+` from facilitation_application where kind = 'redress' and (filed < $1 or filed = $1 and id > $2) order by filed desc, id limit $3`, last.At, last.ID, perPage+1)
	if err != nil {
		return nil, err
	}
	return out, d.tell(ctx, "application.redress", touched...)
}

// Search finds applications and what came of them, for the desk.
func (d *Domain) Search(ctx context.Context, r store.Reader, who access.Principal, q string, n int) ([]api.Hit, error) {
	if !who.Is(desk...) {
		return nil, nil
	}
	found, err := search(ctx, r, q, n)
	var hits []api.Hit
	for _, a := range found {
		hits = append(hits, api.Hit{Kind: "application", ID: a.ID, Title: a.name(), Detail: string(a.Kind) + " " + a.Ref, Path: "/facilitation/applications/" + a.ID})
	}
	return hits, err
}
