package funds

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"time"

	"github.com/rihla/rihla/formats/cashdecl"
	"github.com/rihla/rihla/formats/fault"
	"github.com/rihla/rihla/formats/money"
	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/intake"
	"github.com/rihla/rihla/internal/screening"
)

func (d *Domain) declarationRoutes(m *api.Mux) {
	api.Register(m, get("/declarations", "list-declarations", "Declarations of cash, the latest first", border), d.listDeclarations)
	api.Register(m, get("/declarations/{id}", "get-declaration", "One declaration, with the rates and the rule it was judged by", border), d.getDeclaration)
	r := post("/declarations", "file-declaration", "Declare cash by form: it is filed like any report", border)
	r.Status = http.StatusAccepted
	api.Register(m, r, d.fileDeclaration)
	api.Register(m, get("/rules", "get-cash-rules", "Thresholds, kinds and what the form must hold, at our border and elsewhere", border), d.getCashRules)
}

// declarationItem is one declaration in a list.
type declarationItem struct {
	ID        string             `json:"id"`
	Ref       string             `json:"ref"`
	System    string             `json:"system"`
	Direction string             `json:"direction"`
	Port      string             `json:"port,omitempty"`
	MadeAt    time.Time          `json:"made_at"`
	Local     string             `json:"made_local,omitempty"`
	Flight    string             `json:"flight,omitempty"`
	FlightDay string             `json:"flight_date,omitempty"`
	By        partyRef           `json:"by"`
	Amounts   []Cash             `json:"amounts"`
	USD       money.Decimal      `json:"value_usd,omitzero"`
	Counted   money.Decimal      `json:"counted_usd,omitzero"`
	Class     string             `json:"class"`
	Duty      bool               `json:"duty"`
	Differs   bool               `json:"differs,omitempty"`
	Findings  int                `json:"findings"`
	Severity  screening.Severity `json:"severity,omitempty"`
}

// partyRef names a party where it is not shown whole.
type partyRef struct {
	ID   string `json:"id,omitempty"`
	Name string `json:"name,omitempty"`
	Kind string `json:"kind,omitempty"`
	Role string `json:"role,omitempty"`
}

func (e *Entry) ref(i int) partyRef {
	p := &e.Parts[i]
	r := partyRef{ID: p.Party, Kind: p.Facet.Kind, Role: p.Role, Name: e.name(p.Party)}
	if r.Name == "" {
		r.Name = p.Facet.Account
	}
	return r
}

func (e *Entry) refs() []partyRef {
	out := []partyRef{}
	for i := range e.Parts {
		out = append(out, e.ref(i))
	}
	return out
}

func (e *Entry) declarationItem() declarationItem {
	d := e.Declaration
	item := declarationItem{
		ID: e.ID, Ref: e.Ref, System: d.System, Direction: d.Direction, Port: d.Port, MadeAt: d.MadeAt, Local: d.Local, Flight: d.Flight, FlightDay: d.FlightDate,
		Amounts: d.there(), USD: d.USD, Counted: d.CountedUSD, Class: d.Class, Duty: d.Duty, Differs: d.Differs,
	}
	if i := slices.IndexFunc(e.Parts, func(p Part) bool { return p.Role == Carrier || p.Role == Sender }); i >= 0 {
		item.By = e.ref(i)
	}
	return item
}

type listDeclarationsIn struct {
	From      string `query:"from" doc:"First day they were made, UTC" pattern:"^\\d{4}-\\d{2}-\\d{2}$"`
	To        string `query:"to" doc:"Last day, inclusive" pattern:"^\\d{4}-\\d{2}-\\d{2}$"`
	Direction string `query:"direction" enum:"in,out"`
	Class     string `query:"class" enum:"above,below,below_with_indications,asked"`
	Q         string `query:"q" doc:"Reference, name or flight" maxLength:"80"`
	api.Cursor
}

type listDeclarationsOut struct {
	Body api.Page[declarationItem]
}

func (d *Domain) listDeclarations(ctx context.Context, in *listDeclarationsIn) (*listDeclarationsOut, error) {
	q := entryQuery{Kind: Declared, From: in.From, To: in.To, Text: in.Q, Limit: limit(in.Limit), Keep: func(e *Entry) bool {
		return (in.Direction == "" || e.Declaration.Direction == in.Direction) && (in.Class == "" || e.Declaration.Class == in.Class)
	}}
	if api.PrincipalFrom(ctx).Is(access.Officer) {
		q.Filer = api.PrincipalFrom(ctx).Name
	}
	page, next, err := d.page(ctx, q, in.Cursor.Cursor)
	if err != nil {
		return nil, err
	}
	out := &listDeclarationsOut{Body: api.Page[declarationItem]{Items: []declarationItem{}, Next: next}}
	var touched []string
	var parties []screening.ID
	for _, e := range page {
		item := e.declarationItem()
		out.Body.Items = append(out.Body.Items, item)
		touched = append(touched, e.ID)
		parties = append(parties, screening.ID(item.By.ID))
	}
	if err := d.tell(ctx, "declaration.list", touched...); err != nil {
		return nil, err
	}
	if api.PrincipalFrom(ctx).Is(access.Officer) { // the border desk declares; what is thought of it is not for it
		return out, nil
	}
	tallies, err := screening.Tallies(ctx, d.store.Read(), parties)
	for i := range out.Body.Items {
		t := tallies[parties[i]]
		out.Body.Items[i].Findings, out.Body.Items[i].Severity = t.Findings, t.Severity
	}
	return out, err
}

// declarationPage is one declaration whole.
type declarationPage struct {
	ID       string             `json:"id"`
	Ref      string             `json:"ref"`
	By       partyRef           `json:"by"`
	Findings int                `json:"findings"`
	Severity screening.Severity `json:"severity,omitempty"`
	Declaration
	Parties   []partyRef  `json:"parties"`
	Report    string      `json:"report,omitempty" doc:"The filed report it stands in"`
	Threshold *Threshold  `json:"threshold,omitempty" doc:"What held at that border on that day"`
	Partner   []reconcile `json:"partner,omitempty" doc:"What the partner state told of the same crossing"`
	Journeys  []journey   `json:"journeys,omitempty" doc:"Flights its carrier is known on, near that day"`
	Cases     []string    `json:"cases,omitempty"`
}

// reconcile is a declaration at the other end, and how the two compare.
type reconcile struct {
	ID     string        `json:"id"`
	Result string        `json:"result" enum:"agreed,difference,one_sided"`
	USD    money.Decimal `json:"value_usd,omitzero"`
	Day    string        `json:"day,omitempty"`
	Flight string        `json:"flight,omitempty"`
}

// journey is a flight that a traveller is known on, as the domain that knows it says.
type journey struct {
	Subject  string `json:"subject"`
	Title    string `json:"title"`
	Context  string `json:"context,omitempty"`
	Path     string `json:"path,omitempty"`
	Strength string `json:"strength" enum:"document,document_other_flight"`
}

type getDeclarationOut struct {
	Body declarationPage
}

func (d *Domain) getDeclaration(ctx context.Context, in *oneIn) (*getDeclarationOut, error) {
	e, err := entryByID(ctx, d.store.Read(), in.ID)
	if err != nil {
		return nil, err
	}
	who := api.PrincipalFrom(ctx)
	if e == nil || e.Kind != Declared || who.Is(access.Officer) && e.Filer != who.Name {
		return nil, api.Errorf(api.NotFound, "there is no declaration %s", in.ID)
	}
	if err := d.tell(ctx, "declaration.read", append([]string{e.ID}, e.others()...)...); err != nil {
		return nil, err
	}
	page := declarationPage{ID: e.ID, Ref: e.Ref, By: e.declarationItem().By, Declaration: *e.Declaration, Parties: e.refs(), Report: e.Source}
	page.Threshold = d.settings.threshold(e.Declaration.Country, e.Declaration.Direction, dayOf(e.Declaration.day()))
	if !who.Is(access.Officer) {
		if err := d.knownOf(ctx, e, &page); err != nil {
			return nil, err
		}
	}
	return &getDeclarationOut{page}, nil
}

// declarationForm is what a form sends: a declaration as the format has it, without what the desk fills in.
type declarationForm struct {
	ID          string          `json:"id,omitempty" doc:"The form's own number; left out it is given one. The same number again amends" maxLength:"40"`
	System      string          `json:"system,omitempty" enum:"declaration,disclosure"`
	Direction   string          `json:"direction" enum:"in,out"`
	Port        string          `json:"port" maxLength:"5"`
	MadeAt      time.Time       `json:"made_at,omitzero"`
	By          json.RawMessage `json:"by" doc:"As rihla.cash-declaration/v1"`
	Owner       json.RawMessage `json:"owner,omitempty"`
	Recipient   json.RawMessage `json:"recipient,omitempty"`
	Items       json.RawMessage `json:"items"`
	Value       json.RawMessage `json:"value_usd,omitempty"`
	Provenance  string          `json:"provenance,omitempty" maxLength:"500"`
	IntendedUse string          `json:"intended_use,omitempty" maxLength:"500"`
	Journey     json.RawMessage `json:"journey,omitempty"`
	Result      json.RawMessage `json:"result,omitempty"`
	Note        string          `json:"note,omitempty" maxLength:"2000"`
}

type fileDeclarationIn struct {
	Body declarationForm
}

type filedDeclaration struct {
	Report string        `json:"report" doc:"The report it was filed as: GET /api/v1/reports/{id}"`
	ID     string        `json:"id" doc:"The declaration, once the report is processed: GET /api/v1/funds/declarations/{id}"`
	Ref    string        `json:"ref"`
	Faults []fault.Fault `json:"faults,omitempty" doc:"Remarks; nothing that stops it"`
}

type fileDeclarationOut struct {
	Body filedDeclaration
}

func (d *Domain) fileDeclaration(ctx context.Context, in *fileDeclarationIn) (*fileDeclarationOut, error) {
	f := in.Body
	if f.ID == "" {
		f.ID = "CD-" + d.clock().UTC().Format("20060102") + "-" + d.ids.ID("funds-form", d.clock().UTC().Format(time.RFC3339Nano), api.PrincipalFrom(ctx).Name)[:8]
	}
	if f.MadeAt.IsZero() {
		f.MadeAt = d.clock().UTC().Truncate(time.Second)
	}
	if f.System == "" {
		f.System = string(cashdecl.ByDeclaration)
		if t := d.settings.threshold(d.home, f.Direction, dayOf(f.MadeAt.Format(time.DateOnly))); t != nil {
			f.System = t.System
		}
	}
	raw, err := json.Marshal(struct {
		Schema string `json:"schema"`
		declarationForm
	}{cashdecl.Accompanied, f})
	if err != nil {
		return nil, err
	}
	read, err := readForm(raw)
	if err != nil {
		return nil, err
	}
	who := api.PrincipalFrom(ctx)
	receipt, err := d.journal.Take(ctx, intake.Delivery{
		Filer: intake.Filer{ID: who.ID, Name: who.Name}, Gate: deskGate, Media: "application/json", Name: "declaration-" + f.ID + ".json", Raw: raw,
	})
	if err != nil {
		return nil, err
	}
	return &fileDeclarationOut{filedDeclaration{
		Report: receipt.ID, ID: d.ids.ID("funds-declaration", deskGate, f.ID), Ref: f.ID, Faults: slices.Concat(read.Warnings, cashdecl.Check(read, d.settings)),
	}}, nil
}

// readForm checks what was typed by the very reader that will read it, so that a person hears of a fault at once.
func readForm(raw []byte) (*cashdecl.Declaration, error) {
	var read *cashdecl.Declaration
	var faults []fault.Fault
	err := cashdecl.Read(raw, func(doc *cashdecl.Document, broken *fault.Fault) error {
		if broken != nil {
			faults = append(faults, *broken)
			return nil
		}
		faults = append(faults, doc.Lost...)
		if len(doc.Declarations) > 0 {
			read = doc.Declarations[0]
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if read == nil || len(faults) > 0 {
		return nil, api.Errorf(api.Unprocessable, "the declaration cannot be filed as it is").With("faults", faults)
	}
	return read, nil
}

type getCashRulesOut struct {
	Body cashRules
}

type cashRules struct {
	Home       string      `json:"home,omitempty" doc:"Whose border this desk is at, alpha-3"`
	Thresholds []Threshold `json:"thresholds"`
	Kinds      []string    `json:"kinds" doc:"Of cash"`
	Call       string      `json:"call"`
}

func (d *Domain) getCashRules(context.Context, *struct{}) (*getCashRulesOut, error) {
	return &getCashRulesOut{cashRules{d.home, d.settings.Thresholds, cashdecl.Kinds, d.settings.Contact}}, nil
}
