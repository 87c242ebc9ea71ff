package funds

import (
	"cmp"
	"context"
	"database/sql"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rihla/rihla/formats/fault"
	"github.com/rihla/rihla/formats/money"
	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/audit"
	"github.com/rihla/rihla/internal/casework"
	"github.com/rihla/rihla/internal/funds/typology"
	"github.com/rihla/rihla/internal/intake"
	"github.com/rihla/rihla/internal/pipeline"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/store"
)

func (d *Domain) reportRoutes(m *api.Mux) {
	api.Register(m, get("/reports", "list-funds-reports", "Reports to triage, the latest first", unit), d.listReports)
	api.Register(m, get("/reports/{id}", "get-funds-report", "One report whole: its story, its transactions, its parties, what was found", unit), d.getReport)
	r := post("/reports/{id}/feedback", "give-feedback", "Write to whoever filed the report: the one thing they hear beyond the receipt", unit)
	r.Status = http.StatusAccepted
	api.Register(m, r, d.giveFeedback)
}

// ReportItem is a report in a list.
type ReportItem struct {
	ID           string         `json:"id"`
	Ref          string         `json:"ref"`
	Code         string         `json:"code"`
	Submitted    string         `json:"submitted,omitempty"`
	Received     time.Time      `json:"received"`
	AgeHours     int            `json:"age_hours"`
	Currency     string         `json:"currency"`
	Total        money.Decimal  `json:"total,omitzero"`
	Transactions int            `json:"transactions"`
	Indicators   []string       `json:"indicators"`
	Suspects     []partyRef     `json:"suspects"`
	Stage        string         `json:"stage" enum:"accepted,business"`
	State        string         `json:"state,omitempty" enum:"refused"`
	Case         string         `json:"case,omitempty"`
	CaseState    casework.State `json:"case_state,omitempty"`
	Outcome      string         `json:"outcome,omitempty"`
}

type listReportsIn struct {
	From  string `query:"from" pattern:"^\\d{4}-\\d{2}-\\d{2}$"`
	To    string `query:"to" pattern:"^\\d{4}-\\d{2}-\\d{2}$"`
	Code  string `query:"code" maxLength:"10"`
	State string `query:"state" enum:"open,decided,refused"`
	Q     string `query:"q" maxLength:"80"`
	api.Cursor
}

type listReportsOut struct {
	Body api.Page[ReportItem]
}

func (d *Domain) listReports(ctx context.Context, in *listReportsIn) (*listReportsOut, error) {
	page, next, err := d.page(ctx, entryQuery{Kind: Reported, From: in.From, To: in.To, Text: in.Q, Limit: limit(in.Limit), Keep: func(e *Entry) bool {
		return (in.Code == "" || strings.EqualFold(e.Report.Code, in.Code)) && (in.State != Refused || e.State == Refused)
	}}, in.Cursor.Cursor)
	if err != nil {
		return nil, err
	}
	var touched []string
	for _, e := range page {
		touched = append(touched, e.ID)
	}
	if err := d.tell(ctx, "funds-report.list", touched...); err != nil {
		return nil, err
	}
	items, err := d.reportItems(ctx, page)
	if err != nil {
		return nil, err
	}
	items = slices.DeleteFunc(items, func(i ReportItem) bool {
		open := i.State != Refused && i.CaseState != casework.Closed
		return in.State == "open" && !open || in.State == "decided" && (open || i.State == Refused)
	})
	return &listReportsOut{api.Page[ReportItem]{Items: items, Next: next}}, nil
}

func (d *Domain) reportItems(ctx context.Context, page []*Entry) ([]ReportItem, error) {
	r := d.store.Read()
	var ids []screening.ID
	var transactions set[string]
	for _, e := range page {
		ids = append(ids, screening.ID(e.ID))
		transactions.values = append(transactions.values, e.Report.Transactions...)
	}
	cases, err := casework.OfSubjects(ctx, r, ids)
	if err != nil {
		return nil, err
	}
	moved, err := entriesOf(ctx, r, transactions.values)
	if err != nil {
		return nil, err
	}
	items := []ReportItem{}
	for _, e := range page {
		v := e.Report
		i := ReportItem{
			ID: e.ID, Ref: e.Ref, Code: v.Code, Submitted: v.Submitted, Received: store.Time(e.filed()), Currency: v.Currency, Total: v.Total,
			Transactions: len(v.Transactions), Indicators: append([]string{}, v.Indicators...), Suspects: e.suspects(moved), Stage: v.Stage, State: e.State,
		}
		i.AgeHours = int(d.clock().Sub(i.Received).Hours())
		if cs := cases[screening.ID(e.ID)]; len(cs) > 0 {
			i.Case, i.CaseState, i.Outcome = cs[0].ID, cs[0].State, cs[0].Outcome
		}
		items = append(items, i)
	}
	return items, nil
}

// suspects names those a report suspects; where it marks none, whoever is on both sides of its money but the report's own
// people.
func (e *Entry) suspects(moved map[string]*Entry) []partyRef {
	all := e.everybody(moved)
	out := []partyRef{}
	for _, p := range all {
		if slices.Contains(e.Report.Suspects, p.ID) {
			out = append(out, p)
		}
	}
	if len(out) == 0 {
		for _, p := range all {
			if p.Kind == Person {
				out = append(out, p)
			}
		}
	}
	return out
}

// everybody are the parties of a report and of its transactions, each once.
func (e *Entry) everybody(moved map[string]*Entry) []partyRef {
	out := []partyRef{}
	add := func(x *Entry) {
		for _, p := range x.refs() {
			if !slices.ContainsFunc(out, func(o partyRef) bool { return o.ID == p.ID }) {
				out = append(out, p)
			}
		}
	}
	add(e)
	for _, id := range e.Report.Transactions {
		if x := moved[id]; x != nil {
			add(x)
		}
	}
	return out
}

// movementItem is money that moved, as pages show it.
type movementItem struct {
	ID          string        `json:"id"`
	Kind        typology.Kind `json:"kind" enum:"carried-in,carried-out,deposit,withdrawal,transfer"`
	At          time.Time     `json:"at"`
	Day         string        `json:"day"`
	From        *partyRef     `json:"from,omitempty"`
	To          *partyRef     `json:"to,omitempty"`
	Others      []partyRef    `json:"others"`
	Amount      money.Decimal `json:"amount"`
	Currency    string        `json:"currency"`
	USD         money.Decimal `json:"usd,omitzero"`
	Ref         string        `json:"ref"`
	Place       string        `json:"place,omitempty"`
	Flight      string        `json:"flight,omitempty"`
	Mode        string        `json:"mode,omitempty"`
	Description string        `json:"description,omitempty"`
	Gaps        []string      `json:"gaps,omitempty" doc:"What the transfer leaves out of payer and payee"`
	Hidden      []string      `json:"hidden,omitempty" doc:"Names inside lines meant for something else"`
	UETR        string        `json:"uetr,omitempty"`
	EntryKind   Kind          `json:"entry_kind" enum:"declaration,transaction,payment"`
}

func (e *Entry) movementItem() (movementItem, bool) {
	m, moved := e.movement()
	i := movementItem{ID: e.ID, Kind: m.Kind, At: m.At, Day: m.Day, Amount: m.Amount, Currency: m.Currency, USD: m.USD, Ref: e.Ref, Flight: m.Flight, EntryKind: e.Kind, Others: []partyRef{}}
	for _, p := range e.refs() {
		switch {
		case p.ID == m.From && i.From == nil:
			i.From = &p
		case p.ID == m.To && i.To == nil:
			i.To = &p
		case p.ID != m.From && p.ID != m.To:
			i.Others = append(i.Others, p)
		}
	}
	if v := e.Moved; v != nil {
		i.Place, i.Mode, i.Description, i.Gaps, i.Hidden, i.UETR = v.Place, v.Mode, cmp.Or(v.Description, strings.Join(v.Remittance, " ")), v.Gaps, v.Hidden, v.UETR
	} else if e.Declaration != nil {
		i.Place = e.Declaration.Port
	}
	return i, moved
}

// reportPage is one report whole.
type reportPage struct {
	ReportItem
	Reason    string              `json:"reason,omitempty"`
	Action    string              `json:"action,omitempty"`
	Corrects  string              `json:"corrects,omitempty"`
	Filer     string              `json:"filer"`
	Faults    []fault.Fault       `json:"faults"`
	SameStory []entryRef          `json:"same_story" doc:"Other reports of the last 30 days that tell the very same"`
	Parties   []partyRef          `json:"parties"`
	Movements []movementItem      `json:"movements"`
	Report    string              `json:"report" doc:"The filed report it stands in"`
	Found     []screening.Finding `json:"findings"`
	Feedback  []feedback          `json:"feedback"`
}

type entryRef struct {
	ID   string `json:"id"`
	Ref  string `json:"ref"`
	Code string `json:"code,omitempty"`
}

type feedback struct {
	ID   string    `json:"id"`
	At   time.Time `json:"at"`
	By   string    `json:"by"`
	Text string    `json:"text"`
}

type getReportOut struct {
	Body reportPage
}

func (d *Domain) openReport(ctx context.Context, id string) (*Entry, error) {
	e, err := entryByID(ctx, d.store.Read(), id)
	if err == nil && (e == nil || e.Report == nil) {
		err = api.Errorf(api.NotFound, "there is no report %s", id)
	}
	return e, err
}

func (d *Domain) getReport(ctx context.Context, in *oneIn) (*getReportOut, error) {
	e, err := d.openReport(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	r := d.store.Read()
	moved, err := entriesOf(ctx, r, e.Report.Transactions)
	if err != nil {
		return nil, err
	}
	parties := e.everybody(moved)
	touched := []string{e.ID}
	for _, p := range parties {
		touched = append(touched, p.ID)
	}
	if err := d.tell(ctx, "funds-report.read", touched...); err != nil {
		return nil, err
	}
	items, err := d.reportItems(ctx, []*Entry{e})
	if err != nil {
		return nil, err
	}
	page := reportPage{
		ReportItem: items[0], Reason: e.Report.Reason, Action: e.Report.Action, Corrects: e.Report.Corrects, Filer: e.Filer, Faults: append([]fault.Fault{}, e.Report.Faults...),
		Parties: parties, Movements: []movementItem{}, Report: e.Source, Found: []screening.Finding{}, Feedback: []feedback{},
	}
	for _, id := range e.Report.Transactions {
		if x := moved[id]; x != nil {
			if m, ok := x.movementItem(); ok {
				page.Movements = append(page.Movements, m)
			}
		}
	}
	slices.SortStableFunc(page.Movements, func(a, b movementItem) int { return a.At.Compare(b.At) })
	subjects := []screening.ID{screening.ID(e.ID)}
	for _, p := range parties {
		subjects = append(subjects, screening.ID(p.ID))
	}
	found, err := screening.OfSubjects(ctx, r, subjects)
	if err != nil {
		return nil, err
	}
	for _, id := range subjects {
		page.Found = append(page.Found, found[id]...)
	}
	if page.SameStory, err = d.sameStory(ctx, e); err != nil {
		return nil, err
	}
	if page.Feedback, err = feedbackOf(ctx, r, e.ID); err != nil {
		return nil, err
	}
	return &getReportOut{page}, nil
}

// sameStory are the reports of about that time whose reason is the very same text.
func (d *Domain) sameStory(ctx context.Context, e *Entry) ([]entryRef, error) {
	out := []entryRef{}
	if e.Report.Story == "" {
		return out, nil
	}
	const days = 30
	page, _, err := d.page(ctx, entryQuery{
		Kind: Reported, From: e.At.AddDate(0, 0, -days).Format(time.DateOnly), To: e.At.AddDate(0, 0, days).Format(time.DateOnly), Limit: perPage,
		Keep: func(o *Entry) bool { return o.ID != e.ID && o.Report.Story == e.Report.Story },
	}, "")
	for _, o := range page {
		out = append(out, entryRef{o.ID, o.Ref, o.Report.Code})
	}
	return out, err
}

func feedbackOf(ctx context.Context, r store.Reader, report string) ([]feedback, error) {
	out := []feedback{}
	err := store.Rows(ctx, r, func(rows *sql.Rows) error {
		var f feedback
		var at int64
		err := rows.Scan(&f.ID, &at, &f.By, &f.Text)
		f.At = store.Time(at)
		out = append(out, f)
		return err
	}, `select id, at, author, words from funds_feedback where report = $1 order by at, id`, report)
	return out, err
}

type giveFeedbackIn struct {
	ID   string `path:"id"`
	Body struct {
		Text string `json:"text" minLength:"20" maxLength:"2000"`
	}
}

type giveFeedbackOut struct {
	Body feedback
}

// giveFeedback writes to the filer: chosen by a human, word by word. Nothing else ever tells what is thought of a report.
func (d *Domain) giveFeedback(ctx context.Context, in *giveFeedbackIn) (*giveFeedbackOut, error) {
	e, err := d.openReport(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	who := api.PrincipalFrom(ctx)
	var f feedback
	err = d.store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		f = feedback{At: tx.Now().UTC(), By: who.Name, Text: in.Body.Text}
		f.ID = d.ids.ID("funds-feedback", e.ID, f.Text, strconv.FormatInt(store.Micros(f.At), 10))
		if _, err := tx.ExecContext(ctx, `insert into funds_feedback (report, id, at, author, words) values ($1, $2, $3, $4, $5)`, e.ID, f.ID, store.Micros(f.At), f.By, f.Text); err != nil {
			return err
		}
		if err := audit.Record(ctx, tx, audit.Entry{Actor: who.Name, Role: string(who.Role), Action: "funds-report.feedback", Touched: []string{e.ID}}); err != nil {
			return err
		}
		return pipeline.Apply(ctx, tx, Name, pipeline.Effects{
			Answers: []intake.Answer{{ID: f.ID, Filer: e.Filer, Report: e.Source, About: e.Ref, Kind: "feedback", Media: "text/plain; charset=utf-8", Name: "feedback-" + f.ID + ".txt", Body: []byte(f.Text + "\n")}},
			Events:  []pipeline.Event{{Name: string(Reported), ID: e.ID, Counts: map[string]int{"feedback": 1}}},
		})
	})
	return &giveFeedbackOut{f}, err
}
