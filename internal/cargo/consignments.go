package cargo

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/rihla/rihla/formats/cargoimp"
	"github.com/rihla/rihla/formats/goods"
	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/audit"
	"github.com/rihla/rihla/internal/casework"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/store"
)

const (
	rowsPerPage = 200            // consignments a page holds
	flownFor    = 48 * time.Hour // after its flight a consignment is still listed without being asked for
)

// Routes are the departures, the consignments, and the referral desk.
func (d *Domain) Routes(m *api.Mux) {
	d.departureRoutes(m)
	api.Register(m, api.Route{Method: http.MethodGet, Path: "/api/v1/cargo/consignments", ID: "list-consignments", Tags: []string{Name},
		Summary: "Consignments in the order of their departure", Roles: append(slices.Clone(desk), access.Auditor, access.Filer)}, d.listConsignments)
	api.Register(m, api.Route{Method: http.MethodGet, Path: "/api/v1/cargo/consignments/{id}", ID: "get-consignment", Tags: []string{Name},
		Summary: "One consignment: what was filed, by whom and when, what is thought of it, and how it stands", Roles: append(slices.Clone(desk), access.Filer)}, d.getConsignment)
	api.Register(m, api.Route{Method: http.MethodGet, Path: "/api/v1/cargo/shipments/{id}", ID: "get-cargo-shipment", Tags: []string{Name},
		Summary: "A master with its houses", Roles: append(slices.Clone(desk), access.Auditor)}, d.getShipment)
	d.referralRoutes(m)
	d.sampleRoutes(m)
	d.traderRoutes(m)
}

type listConsignmentsIn struct {
	Departure string `query:"departure" example:"9X201.2026-03-15"`
	Shipment  string `query:"shipment"`
	State     string `query:"state" enum:",received,incomplete,assessing,complete,referred,rfi,rfs,dnl-proposed,dnl,departed,arrived,cancelled"`
	Filer     string `query:"filer"`
	Q         string `query:"q" doc:"words of numbers, names, goods" maxLength:"100"`
	Cursor    string `query:"cursor"`
}

type listConsignmentsOut struct {
	Body api.Page[Row]
}

func (d *Domain) listConsignments(ctx context.Context, in *listConsignmentsIn) (*listConsignmentsOut, error) {
	who := api.PrincipalFrom(ctx)
	q := query{Departure: in.Departure, Shipment: in.Shipment, State: in.State, Text: in.Q, Filer: in.Filer, Limit: rowsPerPage}
	if who.Is(access.Filer) {
		q.Filer = who.Name
		if q.State == Referred || q.State == DNLProposed {
			q.State = DNLProposed + "?" // no such state: that somebody looks is not told
		}
	}
	if q.Departure+q.Shipment+q.Text == "" { // what nobody asks for by name begins with what is still ahead
		q.Since = store.Micros(d.clock().Add(-flownFor))
	}
	if in.Cursor != "" {
		if err := api.DecodeCursor(in.Cursor, &q.After); err != nil {
			return nil, err
		}
	}
	out := &listConsignmentsOut{}
	rows, next, err := d.page(ctx, who, q)
	if err != nil {
		return nil, err
	}
	if in.State == DNLProposed {
		rows = slices.DeleteFunc(rows, func(r Row) bool { return r.State != DNLProposed })
	}
	if !who.Is(access.Auditor) {
		if err := d.tell(ctx, "consignment.list", idsOf(rows)); err != nil {
			return nil, err
		}
	}
	out.Body.Items, out.Body.Next = rows, next
	return out, nil
}

// page reads a page of rows as somebody may see them. Of a filer's, what it did not file is passed over, so that pages are
// full while there is something.
func (d *Domain) page(ctx context.Context, who access.Principal, q query) (rows []Row, next string, err error) {
	rows = []Row{}
	for {
		found, last, more, err := list(ctx, d.store.Read(), q)
		if err != nil {
			return nil, "", err
		}
		some, err := d.rows(ctx, who, found)
		if err != nil {
			return nil, "", err
		}
		rows = append(rows, some...)
		if !more {
			return rows, "", nil
		}
		q.After = last
		if len(rows) >= q.Limit/2 {
			next, err := api.EncodeCursor(last)
			return rows, next, err
		}
	}
}

func (d *Domain) rows(ctx context.Context, who access.Principal, found []whole) ([]Row, error) {
	others, err := about(ctx, d.store.Read(), found)
	if err != nil {
		return nil, err
	}
	rows := make([]Row, len(found))
	for i := range found {
		rows[i] = found[i].row()
		others.fill(&rows[i])
		rows[i].seenBy(who)
	}
	return rows, nil
}

func idsOf(rows []Row) []string {
	ids := make([]string, len(rows))
	for i := range rows {
		ids[i] = rows[i].ID
	}
	return ids
}

// tell makes a read of personal data known to the audit log before the data leaves.
func (d *Domain) tell(ctx context.Context, action string, touched []string) error {
	who := api.PrincipalFrom(ctx)
	if err := d.reads.Read(ctx, audit.Entry{Actor: who.Name, Role: string(who.Role), Action: action, Touched: touched}); err != nil {
		return fmt.Errorf("nothing is shown that cannot be logged: %w", err)
	}
	return nil
}

// Sheet is one consignment whole.
type Sheet struct {
	Row

	Route          []string              `json:"route" nullable:"false"`
	Flights        []Leg                 `json:"flights" nullable:"false"`
	Part           string                `json:"part,omitempty"`
	Splits         []Split               `json:"splits" nullable:"false" doc:"Parts on flights of their own"`
	SLAC           int                   `json:"shippers_count,omitempty"`
	Volume         float64               `json:"volume_m3,omitempty"`
	Value          string                `json:"value,omitempty"`
	Currency       string                `json:"currency,omitempty"`
	Handling       []string              `json:"handling" nullable:"false"`
	Made           string                `json:"made_in,omitempty"`
	Security       []Security            `json:"security" nullable:"false"`
	Verdict        goods.Verdict         `json:"goods_verdict"`
	Codes          []Code                `json:"hs_codes" nullable:"false"`
	Hints          []Hint                `json:"hints" nullable:"false"`
	Contradictions []goods.Contradiction `json:"contradictions" nullable:"false"`
	Ratios         Ratios                `json:"ratios"`
	Parties        []PartySheet          `json:"parties" nullable:"false"`
	Own            []screening.Finding   `json:"own_findings" nullable:"false" doc:"Of the consignment itself: rules, alarms"`
	Cases          []casework.Case       `json:"cases" nullable:"false"`
	Filed          []Filed               `json:"filings" nullable:"false" doc:"Oldest first"`
	Statuses       []Status              `json:"statuses" nullable:"false" doc:"Sent to the filers, oldest first"`
	Tree           *Tree                 `json:"tree,omitempty"`
	Referrals      []Referral            `json:"referrals" nullable:"false"`
	Question       *Question             `json:"question,omitempty"`
}

// Code is a code of the goods with its chapter's title.
type Code struct {
	Code     string `json:"code"`
	Chapter  int    `json:"chapter,omitempty"`
	Title    string `json:"title,omitempty"`
	TitleAr  string `json:"title_ar,omitempty"`
	Interest string `json:"interest,omitempty"`
}

// Hint is what the words and codes hint at.
type Hint struct {
	goods.Hint
	Answered bool `json:"answered"`
}

// Ratios are figures that tell odd goods.
type Ratios struct {
	KgPerPiece float64 `json:"kg_per_piece,omitempty"`
	KgPerM3    float64 `json:"kg_per_m3,omitempty"`
	ValuePerKg float64 `json:"value_per_kg,omitempty"`
}

// PartySheet is a party as filed, with what is thought and known of it.
type PartySheet struct {
	Role    string `json:"role" enum:"consignor,consignee,notify,agent"`
	Subject string `json:"subject"`
	Form    string `json:"form" enum:"organisation,person"`
	Party
	Doubts   []goods.Doubt       `json:"doubts" nullable:"false"`
	Known    Known               `json:"known"`
	Findings []screening.Finding `json:"findings" nullable:"false"`
	Case     string              `json:"case,omitempty"`
	Traders  []Trader            `json:"traders" nullable:"false" doc:"Trusted traders of that name and country"`
}

// Known is what was filed of a party before.
type Known struct {
	First        time.Time `json:"first_seen,omitzero"`
	Days         int64     `json:"days"`
	Consignments int       `json:"consignments" doc:"This one too; 24 is many"`
	Firms        int64     `json:"firms_at_address"`
	Small        int64     `json:"small_in_week"`
}

// Filed is one filing of the timeline.
type Filed struct {
	ID          string       `json:"id"`
	Kind        string       `json:"kind" enum:"waybill,house,cancel"`
	Form        string       `json:"form"`
	Filer       string       `json:"filer"`
	Report      string       `json:"report"`
	Offset      int          `json:"offset"`
	Length      int          `json:"length"`
	At          time.Time    `json:"at" doc:"By the sender's clock where it has one"`
	Received    time.Time    `json:"received"`
	Errors      []string     `json:"errors" nullable:"false"`
	Reason      string       `json:"reason,omitempty"`
	Differences []Difference `json:"differences" nullable:"false" doc:"To the filing before"`
}

// Status is a status sent.
type Status struct {
	At     time.Time `json:"at"`
	Code   string    `json:"code"`
	Text   string    `json:"text"`
	By     string    `json:"by,omitempty"`
	Filers []string  `json:"filers" nullable:"false"`
}

// Tree is a master with its houses, and what lies within them.
type Tree struct {
	Shipment string   `json:"shipment"`
	Master   string   `json:"master"`
	Filed    bool     `json:"filed"`
	MasterID string   `json:"master_id,omitempty"`
	Houses   int      `json:"houses_filed"`
	Complete int      `json:"complete_houses"`
	Pieces   int      `json:"pieces"`
	PiecesIn int      `json:"pieces_filed"`
	Kg       float64  `json:"kg"`
	KgIn     float64  `json:"kg_filed"`
	Whole    bool     `json:"whole"`
	Loop     bool     `json:"loop,omitempty"`
	Parents  []string `json:"parents" nullable:"false" doc:"Masters it lies in, the next first"`
	Branches []Branch `json:"houses" nullable:"false"`
}

// Branch is a house, with the consolidation within it where it is one.
type Branch struct {
	Row
	Under *Tree `json:"under,omitempty"`
}

type oneIn struct {
	ID string `path:"id"`
}

type getConsignmentOut struct {
	Body Sheet
}

// open finds a consignment that the caller may see; a filer sees its own, and does not learn of others.
func (d *Domain) open(ctx context.Context, r store.Reader, id string) (*whole, error) {
	found, err := gather(ctx, r, []string{id})
	if err != nil {
		return nil, err
	}
	who := api.PrincipalFrom(ctx)
	if len(found) == 0 || who.Is(access.Filer) && !found[0].filedBy(who.Name) {
		return nil, api.Errorf(api.NotFound, "there is no consignment %s", id)
	}
	return &found[0], nil
}

func (d *Domain) getConsignment(ctx context.Context, in *oneIn) (*getConsignmentOut, error) {
	out := &getConsignmentOut{}
	err := d.store.Snapshot(ctx, func(ctx context.Context, r store.Reader) error {
		w, err := d.open(ctx, r, in.ID)
		if err != nil {
			return err
		}
		out.Body, err = d.sheet(ctx, r, w)
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, d.tell(ctx, "consignment.read", []string{in.ID})
}

func (d *Domain) sheet(ctx context.Context, r store.Reader, w *whole) (Sheet, error) {
	who := api.PrincipalFrom(ctx)
	rows, err := d.rows(ctx, who, []whole{*w})
	if err != nil {
		return Sheet{}, err
	}
	s := Sheet{Row: rows[0], Route: nonNil(w.Route), Flights: append([]Leg{}, w.shipment.Flights...), Part: w.Part, Splits: append([]Split{}, w.Splits...), SLAC: w.SLAC, Volume: float64(w.Volume) / 1e6, Value: w.Value,
		Currency: w.Currency, Handling: nonNil(w.Handling), Made: w.Made, Security: append([]Security{}, w.Security...), Codes: []Code{}, Hints: []Hint{},
		Contradictions: []goods.Contradiction{}, Own: []screening.Finding{}, Cases: []casework.Case{}, Parties: []PartySheet{}, Statuses: []Status{}, Referrals: []Referral{}}
	if s.Kind != master {
		s.Verdict = w.judge()
	}
	codes := w.codes()
	for _, code := range codes {
		english, arabic := code.Title()
		s.Codes = append(s.Codes, Code{string(code), code.Chapter(), english, arabic, code.Interest()})
	}
	filings, err := filingsOf(ctx, r, []string{w.ID})
	if err != nil {
		return s, err
	}
	filer := ""
	if who.Is(access.Filer) {
		filer = who.Name
	}
	s.Filed = timeline(filings[w.ID], filer)
	for _, t := range w.standing.Told {
		st := Status{t.At, t.Code, cargoimp.Say(t.Code, t.At).Text, t.By, w.shipment.Filers}
		if t.To != "" {
			st.Filers = []string{t.To}
		}
		if filer != "" {
			if t.To != "" && t.To != filer {
				continue
			}
			st.By, st.Filers = "", []string{filer}
		}
		s.Statuses = append(s.Statuses, st)
	}
	refs, err := referralsOf(ctx, r, []string{w.ID})
	if err != nil {
		return s, err
	}
	s.Referrals = append(s.Referrals, refs[w.ID]...)
	view := w.view(w.viewed)
	s.Ratios = Ratios{thousandths(view.KgPerPiece), thousandths(view.KgPerM3), thousandths(view.ValuePerKg)}
	if filer != "" { // a filer sees what it said, what it was asked, and how it stands
		s.Verdict, s.Flags = goods.Verdict{}, []string{}
		for i := range s.Referrals {
			s.Referrals[i].By, s.Referrals[i].Confirmed, s.Referrals[i].LiftedBy, s.Referrals[i].Case = "", "", "", ""
		}
		for _, p := range w.parties() {
			s.Parties = append(s.Parties, PartySheet{Role: p.role, Party: *p.Party, Doubts: []goods.Doubt{}, Findings: []screening.Finding{}, Traders: []Trader{}, Form: formOf(p.Name)})
		}
		return s, nil
	}
	for _, h := range goods.Hints(w.Goods, codes, w.Handling) {
		s.Hints = append(s.Hints, Hint{h, h.Answered()})
	}
	s.Contradictions = append(s.Contradictions, goods.Contradicts(w.Goods, codes)...)
	if s.Question, err = questionOf(ctx, r, w.ID); err != nil {
		return s, err
	}
	if err := w.judgeParties(ctx, r, &s, view); err != nil {
		return s, err
	}
	s.Tree, err = d.tree(ctx, r, w.shipment, 0)
	return s, err
}

// judgeParties adds the parties with what is found, thought and known of them.
func (w *whole) judgeParties(ctx context.Context, r store.Reader, s *Sheet, view *View) error {
	all := subjectsOf(w.ID)
	found, err := screening.OfSubjects(ctx, r, all)
	if err != nil {
		return err
	}
	cases, err := casework.OfSubjects(ctx, r, all)
	if err != nil {
		return err
	}
	for _, id := range all {
		s.Cases = append(s.Cases, cases[id]...)
	}
	slices.SortFunc(s.Cases, func(a, b casework.Case) int { return caseRank(&b) - caseRank(&a) })
	s.Own = append(s.Own, found[screening.ID(w.ID)]...)
	vs := valuesOf(&w.Content)
	forwarder := w.shipment.forwarder(w.Consignment)
	for _, p := range w.parties() {
		id := partyID(w.ID, p.role)
		sheet := PartySheet{Role: p.role, Subject: string(id), Form: formOf(p.Name), Party: *p.Party, Doubts: append([]goods.Doubt{}, p.judged(forwarder).Doubts()...),
			Findings: append([]screening.Finding{}, found[id]...)}
		if sheet.Traders, err = tradersNamed(ctx, r, p.Party); err != nil {
			return err
		}
		if len(cases[id]) > 0 {
			sheet.Case = cases[id][0].ID
		}
		seen, of := view.Consignor, vs.consignor
		if p.role == consignee {
			seen, of = view.Consignee, vs.consignee
		}
		if p.role == consignor || p.role == consignee {
			k := w.known.of(of)
			sheet.Known = Known{Days: seen.Days, Consignments: len(k.Recent), Firms: seen.Firms, Small: seen.Small}
			if k.First != 0 {
				sheet.Known.First = time.UnixMicro(k.First).UTC()
			}
		} else {
			sheet.Doubts = []goods.Doubt{} // nobody asks where an agent lives
		}
		s.Parties = append(s.Parties, sheet)
	}
	return nil
}

// timeline is the filings in order, each with what it changed. A filer sees its own.
func timeline(filings []Filing, filer string) []Filed {
	out := []Filed{}
	var before *Content
	for _, f := range byClock(filings) {
		if filer != "" && f.Filer != filer {
			continue
		}
		out = append(out, Filed{ID: f.ID, Kind: f.Kind, Form: f.Form, Filer: f.Filer, Report: f.Clock.Report, Offset: f.Offset, Length: f.Length, At: f.Clock.Time(),
			Received: received(f.Clock), Errors: nonNil(f.Errors), Reason: f.Reason, Differences: differences(before, f.Said)})
		if f.Said != nil {
			before = f.Said
		}
	}
	return out
}

// mostBranches is how many houses a tree shows.
const mostBranches = 1000

// tree is a shipment with what lies within its houses, as deep as consolidations may lie in one another.
func (d *Domain) tree(ctx context.Context, r store.Reader, s *Shipment, depth int) (*Tree, error) {
	found, _, _, err := list(ctx, r, query{Shipment: s.ID, Limit: mostBranches})
	if err != nil {
		return nil, err
	}
	rows, err := d.rows(ctx, api.PrincipalFrom(ctx), found)
	if err != nil {
		return nil, err
	}
	t := &Tree{Shipment: s.ID, Master: printed(s.Master), Filed: s.Filed, Pieces: s.Pieces, Kg: float64(s.Grams) / 1000, Parents: []string{}, Branches: []Branch{}}
	for i := range found {
		w := &found[i]
		t.Loop = t.Loop || w.chain.loop
		if w.house == "" {
			t.MasterID = w.ID
		}
		for _, p := range w.chain.parents {
			if p = printed(p); !slices.Contains(t.Parents, p) {
				t.Parents = append(t.Parents, p)
			}
		}
		l := w.load
		t.Houses, t.Complete, t.PiecesIn, t.KgIn, t.Whole = l.Houses, l.Complete, l.Pieces, float64(l.Grams)/1000, s.whole(l)
		if w.house == "" {
			continue
		}
		b := Branch{Row: rows[i]}
		if inner := under(w.house); inner != "" && depth+1 < deepest {
			ships, err := shipmentsBy(ctx, r, []string{shipmentID(d.ids, inner)})
			if err != nil {
				return nil, err
			}
			for _, in := range ships {
				if b.Under, err = d.tree(ctx, r, in, depth+1); err != nil {
					return nil, err
				}
			}
		}
		t.Branches = append(t.Branches, b)
	}
	slices.SortFunc(t.Branches, func(a, b Branch) int { return cmp.Compare(a.House, b.House) })
	return t, nil
}

type getShipmentOut struct {
	Body *Tree
}

func (d *Domain) getShipment(ctx context.Context, in *oneIn) (*getShipmentOut, error) {
	ships, err := shipmentsBy(ctx, d.store.Read(), []string{in.ID})
	if err != nil {
		return nil, err
	}
	s := ships[in.ID]
	if s == nil {
		return nil, api.Errorf(api.NotFound, "there is no shipment %s", in.ID)
	}
	out := &getShipmentOut{}
	if out.Body, err = d.tree(ctx, d.store.Read(), s, 0); err != nil {
		return nil, err
	}
	return out, d.tell(ctx, "consignment.tree", []string{in.ID})
}

// Search finds consignments by number, name and goods, for whoever may see them.
func (d *Domain) Search(ctx context.Context, r store.Reader, who access.Principal, q string, n int) ([]api.Hit, error) {
	if !who.Is(desk...) || strings.TrimSpace(q) == "" {
		return nil, nil
	}
	found, _, _, err := list(ctx, r, query{Text: q, Limit: n})
	if err != nil {
		return nil, err
	}
	hits := make([]api.Hit, 0, len(found))
	for i := range found {
		w := &found[i]
		hits = append(hits, api.Hit{Kind: "consignment", ID: w.ID, Title: title(w.shipment.Master, w.House), Detail: strings.TrimSpace(w.shipment.context() + " " + w.Goods), Path: "/cargo/consignments/" + w.ID})
	}
	return hits, nil
}
