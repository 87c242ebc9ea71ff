package cyber

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/rihla/rihla/formats/observable"
	"github.com/rihla/rihla/formats/stix"
	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/audit"
	"github.com/rihla/rihla/internal/casework"
	"github.com/rihla/rihla/internal/cyber/incident"
	"github.com/rihla/rihla/internal/cyber/indicators"
	"github.com/rihla/rihla/internal/intake"
	"github.com/rihla/rihla/internal/pipeline"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/store"
)

func (d *Domain) indicatorRoutes(m *api.Mux) {
	api.Register(m, route(http.MethodGet, "/indicators", "list-indicators", "Indicators, those last spoken of first", readers), d.listIndicators)
	api.Register(m, route(http.MethodPost, "/indicators/search", "search-indicators", "Up to a thousand values, armed or disarmed: what is held of each, and of what lies around it", readers), d.searchIndicators)
	api.Register(m, route(http.MethodGet, "/indicators/{id}", "get-indicator", "One indicator: who says what of it, where it was met", readers), d.getIndicator)
	api.Register(m, route(http.MethodPost, "/indicators", "file-indicator", "File an indicator by hand; it goes through the journal", desk, createdLater), d.fileIndicator)
	api.Register(m, route(http.MethodPost, "/indicators/{id}/acts", "act-on-indicator", "Call an indicator a false positive, take that back, or end it", desk, http.StatusOK), d.actOnIndicator)
}

// IndicatorItem is an indicator in a list.
type IndicatorItem struct {
	ID string `json:"id"`
	indicators.View
	Sightings int64     `json:"sightings" doc:"Log lines that met it"`
	Places    int64     `json:"places" doc:"Machines that met it"`
	Sighted   time.Time `json:"sighted,omitzero" doc:"When it was last met"`
	Case      string    `json:"case,omitempty"`
}

// items adds to indicators what other rooms know of them.
func (d *Domain) items(ctx context.Context, all []*held) ([]IndicatorItem, error) {
	ids := make([]screening.ID, len(all))
	for i, h := range all {
		ids[i] = screening.ID(h.ID)
	}
	cases, err := casework.OfSubjects(ctx, d.store.Read(), ids)
	if err != nil {
		return nil, err
	}
	now := d.clock().UTC()
	out := make([]IndicatorItem, len(all))
	for i, h := range all {
		out[i] = IndicatorItem{ID: h.ID, View: h.view(now), Sightings: h.seen.Lines, Places: h.seen.Places, Sighted: h.seen.Last}
		if cs := cases[ids[i]]; len(cs) > 0 {
			out[i].Case = cs[0].ID
		}
	}
	return out, nil
}

type listIndicatorsIn struct {
	Text    string `query:"q" doc:"Words of the value, of its names and of who filed it; disarmed is fine" maxLength:"300"`
	Kind    string `query:"kind" example:"domain"`
	State   string `query:"state" enum:"proposed,active,expiring,expired,revoked,false-positive,refused,composite,"`
	Source  string `query:"source"`
	Sighted bool   `query:"sighted" doc:"Only those our logs met"`
	api.Cursor
}

type listIndicatorsOut struct {
	Body api.Page[IndicatorItem]
}

// saidAt is where a page of indicators ends.
type saidAt struct {
	Said int64  `json:"s"`
	ID   string `json:"i"`
}

func (d *Domain) listIndicators(ctx context.Context, in *listIndicatorsIn) (*listIndicatorsOut, error) {
	w := wanted{Text: in.Text, Kind: in.Kind, State: in.State, Source: in.Source, Sighted: in.Sighted, Limit: in.Limit}
	var last saidAt
	if err := api.DecodeCursor(in.Cursor.Cursor, &last); err != nil {
		return nil, err
	}
	w.AfterSaid, w.AfterID = last.Said, last.ID
	now := d.clock().UTC()
	found, err := listIndicators(ctx, d.store.Read(), w, now)
	if err != nil {
		return nil, err
	}
	if err := d.read(ctx, "indicator.list", indicatorIDs(found)...); err != nil {
		return nil, err
	}
	out := &listIndicatorsOut{}
	if out.Body.Items, err = d.items(ctx, found); err != nil {
		return nil, err
	}
	if n := len(found); n == w.Limit {
		out.Body.Next, err = api.EncodeCursor(saidAt{store.Micros(found[n-1].view(now).Changed), found[n-1].ID})
	}
	return out, err
}

func indicatorIDs(all []*held) []string {
	out := make([]string, len(all))
	for i, h := range all {
		out[i] = h.ID
	}
	return out
}

type searchIndicatorsIn struct {
	Body struct {
		Values []string `json:"values" maxItems:"1000"`
	}
}

type searchIndicatorsOut struct {
	Body api.Page[searched]
}

// searched is what is held of one value that was asked.
type searched struct {
	Asked     string          `json:"asked"`
	Kind      string          `json:"kind,omitempty"`
	Value     string          `json:"value,omitempty"`
	Refused   *refusal        `json:"refused,omitempty" doc:"Why it is no value, or why an indicator of it would hurt"`
	Indicator *IndicatorItem  `json:"indicator,omitempty"`
	Around    []IndicatorItem `json:"around" doc:"Networks around an address, names above a name, the host of a page" nullable:"false"`
}

type refusal struct {
	Rule    string `json:"rule"`
	Message string `json:"message"`
	Mend    string `json:"mend,omitempty"`
}

func (d *Domain) searchIndicators(ctx context.Context, in *searchIndicatorsIn) (*searchIndicatorsOut, error) {
	out := &searchIndicatorsOut{Body: api.Page[searched]{Items: make([]searched, len(in.Body.Values))}}
	exact := make([]string, len(in.Body.Values))
	around := make([][]string, len(in.Body.Values))
	var ids []string
	for i, asked := range in.Body.Values {
		s := &out.Body.Items[i]
		s.Asked, s.Around = asked, []IndicatorItem{}
		kind, value, ok := observable.Guess(asked)
		if !ok {
			s.Refused = &refusal{"type", "of no kind that is known by its shape", "write it as an address, a name, a URL, a mailbox or a hash"}
			continue
		}
		s.Kind, s.Value = string(kind), observable.Key(kind, value)
		if doubts := indicators.Doubts(kind, s.Value); len(doubts) > 0 {
			s.Refused = &refusal{doubts[0].Rule, doubts[0].Message, doubts[0].Mend}
		}
		exact[i] = d.indicatorID(indicators.Value{Kind: kind, Value: s.Value})
		around[i] = d.around(kind, s.Value)
		ids = append(append(ids, exact[i]), around[i]...)
	}
	slices.Sort(ids)
	known, err := loadIndicators(ctx, d.store.Read(), slices.Compact(ids))
	if err != nil {
		return nil, err
	}
	if err := d.read(ctx, "indicator.search", keysOf(known)...); err != nil {
		return nil, err
	}
	items := map[string]IndicatorItem{}
	all := make([]*held, 0, len(known))
	for _, id := range keysOf(known) {
		all = append(all, known[id])
	}
	found, err := d.items(ctx, all)
	if err != nil {
		return nil, err
	}
	for _, item := range found {
		items[item.ID] = item
	}
	for i := range out.Body.Items {
		s := &out.Body.Items[i]
		if item, ok := items[exact[i]]; ok {
			s.Indicator = &item
		}
		for _, id := range around[i] {
			if item, ok := items[id]; ok {
				s.Around = append(s.Around, item)
			}
		}
	}
	return out, nil
}

// indicatorPage is all that is known of one indicator.
type indicatorPage struct {
	IndicatorItem
	Pattern   string             `json:"pattern,omitempty"`
	Claims    []indicators.Claim `json:"claims" nullable:"false"`
	Acts      []indicators.Act   `json:"acts" nullable:"false"`
	Met       []MetAt            `json:"sightings_at" nullable:"false"`
	Others    []toldBy           `json:"others" nullable:"false"`
	Incidents []incidentRef      `json:"incidents" nullable:"false"`
}

// MetAt is where and when our logs met it.
type MetAt struct {
	Host   string    `json:"host"`
	Place  string    `json:"place"`
	Source string    `json:"source" doc:"Who filed the log"`
	Report string    `json:"report"`
	First  time.Time `json:"first"`
	Last   time.Time `json:"last"`
	Count  int64     `json:"count"`
	Seen   string    `json:"seen" doc:"The value as the log has it"`
}

// toldBy is a sighting that somebody else told.
type toldBy struct {
	Source string    `json:"source"`
	Ref    string    `json:"ref"`
	First  time.Time `json:"first,omitzero"`
	Last   time.Time `json:"last,omitzero"`
	Count  int64     `json:"count"`
	Denied bool      `json:"denied,omitempty" doc:"They call it a false positive"`
}

type incidentRef struct {
	ID     string         `json:"id"`
	Number int64          `json:"number"`
	Title  string         `json:"title"`
	State  incident.State `json:"state"`
}

type getIndicatorOut struct {
	Body indicatorPage
}

const mostMet = 200 // sightings on one page

func (d *Domain) getIndicator(ctx context.Context, in *oneIn) (*getIndicatorOut, error) {
	h, err := d.indicator(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	if err := d.read(ctx, "indicator.read", h.ID); err != nil {
		return nil, err
	}
	items, err := d.items(ctx, []*held{h})
	if err != nil {
		return nil, err
	}
	out := &getIndicatorOut{Body: indicatorPage{IndicatorItem: items[0], Claims: []indicators.Claim{}, Acts: append([]indicators.Act{}, h.Acts...), Others: []toldBy{}, Incidents: []incidentRef{}}}
	p := &out.Body
	var refs []string
	for _, c := range h.Claimed() {
		c.Record = ""
		refs = append(refs, c.Ref)
		if p.Pattern == "" {
			p.Pattern = c.Pattern
		}
		p.Claims = append(p.Claims, c)
	}
	if p.Met, err = metOf(ctx, d.store.Read(), h.ID, mostMet); err != nil {
		return nil, err
	}
	slices.Sort(refs)
	others, err := toldOf(ctx, d.store.Read(), slices.Compact(refs))
	if err != nil {
		return nil, err
	}
	for _, t := range others {
		p.Others = append(p.Others, toldBy{t.Source, t.ID, t.First, t.Last, t.Count, t.Denied})
	}
	matters, err := linkedTo(ctx, d.store.Read(), h.ID)
	if err != nil {
		return nil, err
	}
	for _, m := range matters {
		v := m.At(d.clock().UTC())
		p.Incidents = append(p.Incidents, incidentRef{m.ID, m.Number, v.Title, v.State})
	}
	return out, nil
}

// indicator reads one, or says that there is none.
func (d *Domain) indicator(ctx context.Context, id string) (*held, error) {
	h, err := indicatorByID(ctx, d.store.Read(), id)
	if err == nil && h == nil {
		err = api.Errorf(api.NotFound, "there is no indicator %s", id)
	}
	return h, err
}

type fileIndicatorIn struct {
	Body struct {
		Kind       string    `json:"kind,omitempty" doc:"What the value is; absent: by its shape"`
		Value      string    `json:"value" doc:"Armed or disarmed" maxLength:"4000"`
		Name       string    `json:"name,omitempty" maxLength:"200"`
		Text       string    `json:"text,omitempty" maxLength:"4000"`
		Confidence *int      `json:"confidence,omitempty" minimum:"0" maximum:"100"`
		TLP        string    `json:"tlp" example:"TLP:AMBER"`
		ValidUntil time.Time `json:"valid_until,omitempty"`
		Types      []string  `json:"types,omitempty" maxItems:"10"`
	}
}

func (d *Domain) fileIndicator(ctx context.Context, in *fileIndicatorIn) (*acceptedOut, error) {
	b := &in.Body
	wrong := func(rule, mend, message string) (*acceptedOut, error) {
		return nil, api.Errorf(api.Unprocessable, "%s", message).With("rule", rule).With("mend", mend)
	}
	level, ok := stix.ParseTLP(b.TLP)
	if !ok {
		return wrong("tlp", "write CLEAR, GREEN, AMBER, AMBER+STRICT or RED", "an indicator bears a level of the Traffic Light Protocol")
	}
	kind, value, ok := observable.Guess(b.Value)
	if b.Kind != "" {
		named, known := observable.Named(b.Kind)
		if !known {
			return wrong("type", "write ipv4, domain, url, email, sha256 …", "this is no type of indicator")
		}
		var refused *observable.Refusal
		if kind, value, refused = observable.Parse(named, b.Value); refused != nil {
			return wrong(refused.Rule, refused.Mend, refused.Message)
		}
	} else if !ok {
		return wrong("type", "name its type", "the value is of no kind that is known by its shape")
	}
	key := observable.Key(kind, value)
	if doubts := indicators.Doubts(kind, key); len(doubts) > 0 {
		return wrong(doubts[0].Rule, doubts[0].Mend, doubts[0].Message)
	}
	term, ok := pattern(kind, key)
	if !ok {
		return wrong("type", "file it in a list", "STIX has no pattern for a value of this kind")
	}
	who, now := api.PrincipalFrom(ctx), d.clock().UTC().Truncate(time.Millisecond)
	confidence := stix.Absent
	if b.Confidence != nil {
		confidence = *b.Confidence
	}
	types := b.Types
	if len(types) == 0 {
		types = []string{"malicious-activity"}
	}
	o, f := stix.Begin("indicator", stix.DerivedID("indicator", who.Name+" "+string(kind)+" "+key)).Times(now, now).Marked(level, 2).Integer("confidence", int64(confidence)).
		Text("name", strings.TrimSpace(b.Name)).Text("description", strings.TrimSpace(b.Text)).List("indicator_types", types...).
		Text("pattern", term).Text("pattern_type", "stix").Time("valid_from", now).Time("valid_until", b.ValidUntil).Object()
	if f != nil {
		return nil, f
	}
	if !o.Accepted() {
		return wrong(o.Faults[0].Rule, o.Faults[0].Mend, o.Faults[0].Message)
	}
	definition, _ := level.Definition(2)
	body := stix.AppendBundle(nil, stix.DerivedID("bundle", o.ID+o.Modified), definition, o.AppendJSON(nil))
	receipt, err := d.take(ctx, "application/stix+json", "indicator.json", body)
	if err != nil {
		return nil, err
	}
	return &acceptedOut{accepted{Report: receipt.ID, Indicator: d.indicatorID(indicators.Value{Kind: kind, Value: key})}}, nil
}

// take takes what a person typed into the journal, as a report of theirs.
func (d *Domain) take(ctx context.Context, media, name string, body []byte) (intake.Receipt, error) {
	if d.journal == nil {
		return intake.Receipt{}, api.Errorf(api.Unavailable, "this node takes nothing at the desk")
	}
	who := api.PrincipalFrom(ctx)
	return d.journal.Take(ctx, intake.Delivery{Filer: intake.Filer{ID: who.ID, Name: who.Name}, Gate: deskGate, Media: media, Name: name, Raw: body})
}

// pattern asks for one value, in STIX's patterning.
func pattern(kind observable.Kind, value string) (string, bool) {
	p := path(kind, value)
	if p == "" {
		return "", false
	}
	by := " = "
	if kind == observable.CIDR {
		by = " ISSUBSET "
	}
	return "[" + p + by + "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(value) + "']", true
}

type actOnIndicatorIn struct {
	ID   string `path:"id"`
	Body struct {
		What   string `json:"what" enum:"false-positive,restored,expired"`
		Reason string `json:"reason" minLength:"10" maxLength:"2000"`
	}
}

type indicatorOut struct {
	Body IndicatorItem
}

func (d *Domain) actOnIndicator(ctx context.Context, in *actOnIndicatorIn) (*indicatorOut, error) {
	who := api.PrincipalFrom(ctx)
	var done *held
	err := d.store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		h, err := indicatorByID(ctx, tx, in.ID)
		if err != nil {
			return err
		}
		if h == nil {
			return api.Errorf(api.NotFound, "there is no indicator %s", in.ID)
		}
		now := d.clock().UTC()
		h.Do(indicators.Act{At: now, By: who.Name, What: in.Body.What, Reason: strings.TrimSpace(in.Body.Reason)})
		if err := d.rewrite(ctx, tx, now, h); err != nil {
			return err
		}
		if in.Body.What == indicators.FalsePositive {
			if err := d.disagree(ctx, tx, h, now); err != nil {
				return err
			}
		}
		done = h
		e := act(who, "indicator."+in.Body.What, h.ID)
		e.Detail = in.Body.Reason
		return audit.Record(ctx, tx, e)
	})
	if err != nil {
		return nil, err
	}
	items, err := d.items(ctx, []*held{done})
	if err != nil {
		return nil, err
	}
	return &indicatorOut{items[0]}, nil
}

// rewrite writes indicators that were changed in this transaction, and has them and the machines that met them looked at
// again.
func (d *Domain) rewrite(ctx context.Context, tx store.Tx, now time.Time, all ...*held) error {
	var rows [][]any
	e := pipeline.Effects{}
	for _, h := range all {
		row, err := h.row(now)
		if err != nil {
			return err
		}
		rows = append(rows, row)
		e.Due = append(e.Due, screening.ID(h.ID))
		e.Events = append(e.Events, pipeline.Event{Name: "indicator", ID: h.ID})
	}
	n, err := writeIndicators(ctx, tx, rows)
	if err != nil {
		return err
	}
	if int(n) != len(rows) {
		return pipeline.ErrConflict
	}
	met, err := hostsThatMet(ctx, tx, indicatorIDs(all))
	if err != nil {
		return err
	}
	e.Due = append(e.Due, met...)
	return pipeline.Apply(ctx, tx, Name, e)
}
