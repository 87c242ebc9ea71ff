package cyber

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rihla/rihla/formats/misp"
	"github.com/rihla/rihla/formats/stix"
	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/audit"
	"github.com/rihla/rihla/internal/cyber/incident"
	"github.com/rihla/rihla/internal/cyber/indicators"
	"github.com/rihla/rihla/internal/store"
)

func (d *Domain) exportRoutes(m *api.Mux) {
	doc := api.RawDoc{Response: stix.MediaType, Query: []string{"audience", "format"}}
	m.Raw(route(http.MethodGet, "/indicators/{id}/export", "export-indicator", "An indicator as a STIX bundle or a MISP event, as far as the audience may have it", desk), d.exportOne(d.exportIndicator), doc)
	m.Raw(route(http.MethodGet, "/incidents/{id}/export", "export-incident", "An incident with its indicators as a STIX bundle or a MISP event, as far as the audience may have it", desk), d.exportOne(d.exportIncident), doc)
	doc.Query = append(doc.Query, "q", "kind", "state", "source", "sighted")
	m.Raw(route(http.MethodGet, "/indicators/export", "export-indicators", "Indicators as listed, as a STIX bundle or a MISP event, as far as the audience may have them", desk), d.exportOne(d.exportList), doc)
}

// audiences are who a file may be for, and the strictest marking they may see. There is none for TLP:RED.
var audiences = map[string]stix.TLP{"public": stix.Clear, "community": stix.Green, "partner": stix.Amber, "organisation": stix.AmberStrict}

// exported is a bundle on its way out.
type exported struct {
	objects  []*stix.Object
	has      map[string]bool // by id
	withheld int             // that are not in it
	touched  []string
}

// add adds objects, each once.
func (x *exported) add(objects ...*stix.Object) {
	if x.has == nil {
		x.has = map[string]bool{}
		for _, o := range x.objects {
			x.has[o.ID] = true
		}
	}
	for _, o := range objects {
		if o != nil && !x.has[o.ID] {
			x.has[o.ID] = true
			x.objects = append(x.objects, o)
		}
	}
}

// gatherer finds what is to be exported: the object that a path names, or what a query asks for.
type gatherer func(context.Context, *http.Request, stix.TLP) (exported, error)

func (d *Domain) exportOne(gather gatherer) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		left, withheld, err := d.export(r, cmp.Or(r.URL.Query().Get("audience"), "partner"), gather)
		if err != nil {
			api.WriteProblem(w, r, err)
			return
		}
		audience, what := cmp.Or(r.URL.Query().Get("audience"), "partner"), cmp.Or(r.PathValue("id"), "list")
		body, media := []byte(nil), stix.MediaType
		if r.URL.Query().Get("format") == misp.Format {
			var skipped int
			body, skipped = d.mispEvent(what, audience, left)
			media, withheld = "application/json", withheld+skipped
		} else {
			raws := make([][]byte, len(left))
			for i := range left {
				raws[i] = left[i].AppendJSON(nil)
			}
			body = stix.AppendBundle(nil, stix.DerivedID("bundle", what+" "+audience+" "+d.clock().UTC().Format(time.RFC3339Nano)), raws...)
		}
		w.Header().Set("Content-Type", media)
		w.Header().Set("X-Withheld", strconv.Itoa(withheld))
		_, _ = w.Write(body) // whoever asked may have gone
	}
}

// mispEvent writes what an audience may have as one event, and says how many objects MISP has no place for. The event's UUID
// is of what was asked for, so a later export of the same is a later state of one event.
func (d *Domain) mispEvent(what, audience string, left []*stix.Object) (event []byte, skipped int) {
	o := misp.Options{
		Org: misp.Organisation{Name: d.owner, UUID: uuidOf(stix.DerivedID("identity", d.owner))}, At: d.clock().UTC(),
		UUID: uuidOf(stix.DerivedID("event", d.owner+" "+what+" "+audience)), Info: "Indicators of " + d.owner, Distribution: distributions[audience],
	}
	for _, x := range left {
		if x.Type == categoryIncident {
			o.Info = x.Text("name")
		}
	}
	event, names := misp.FromSTIX(left, o)
	return event, len(names)
}

// distributions are the audiences in MISP's words.
var distributions = map[string]misp.Distribution{"public": misp.AllCommunities, "community": misp.ConnectedCommunities, "partner": misp.ThisCommunity, "organisation": misp.OwnOrganisation}

// uuidOf is an identifier without its type.
func uuidOf(id string) string {
	_, uuid, _ := strings.Cut(id, "--")
	return uuid
}

// export gathers, redacts what the audience may not see, and tells the audit log before anything leaves.
func (d *Domain) export(r *http.Request, audience string, gather gatherer) ([]*stix.Object, int, error) {
	ctx := r.Context()
	ceiling, ok := audiences[audience]
	if !ok {
		return nil, 0, api.Errorf(api.Invalid, "audience is one of public, community, partner, organisation")
	}
	if f := r.URL.Query().Get("format"); f != "" && f != stix.Format && f != misp.Format {
		return nil, 0, api.Errorf(api.Invalid, "format is one of %s, %s", stix.Format, misp.Format)
	}
	x, err := gather(ctx, r, ceiling)
	if err != nil {
		return nil, 0, err
	}
	left, gone := stix.NewMarkings(x.objects...).RedactAll(x.objects, stix.Ceiling{Level: ceiling, Unmarked: indicators.UnmarkedCounts})
	if !slices.ContainsFunc(x.objects, func(o *stix.Object) bool { return o.Type == categoryIndicator || o.Type == categoryIncident }) || len(left) == 0 {
		return nil, 0, forbidden(audience)
	}
	withheld := x.withheld + len(gone)
	objects := make([]*stix.Object, 0, len(left))
	for i := range left {
		o, f := stix.ReadObject(left[i].AppendJSON(nil))
		if f != nil { // of what was redacted too much is gone
			withheld++
			continue
		}
		objects = append(objects, o)
	}
	who := api.PrincipalFrom(ctx)
	e := audit.Entry{Actor: who.Name, Role: string(who.Role), Action: cmp.Or(r.URL.Query().Get("format"), stix.Format) + ".export", Touched: x.touched, Detail: audience}
	if err := d.reads.Read(ctx, e); err != nil {
		return nil, 0, err
	}
	return objects, withheld, nil
}

func forbidden(audience string) error {
	return api.Errorf(api.Forbidden, "its marking forbids it to go to this audience: %s", audience).With("rule", "tlp")
}

// frame is what every bundle of ours begins with: who we are, and the marking used.
func (d *Domain) frame(levels ...stix.TLP) (out []*stix.Object) {
	if us := d.identityObject(stix.Clear); us != nil {
		out = append(out, us)
	}
	for _, level := range append(levels, stix.Clear) {
		raw, ok := level.Definition(2)
		if !ok {
			continue
		}
		if o, f := stix.ReadObject(raw); f == nil && !slices.ContainsFunc(out, func(have *stix.Object) bool { return have.ID == o.ID }) {
			out = append(out, o)
		}
	}
	return out
}

func (d *Domain) exportIndicator(ctx context.Context, r *http.Request, ceiling stix.TLP) (exported, error) {
	h, err := d.indicator(ctx, r.PathValue("id"))
	if err != nil {
		return exported{}, err
	}
	v := h.view(d.clock().UTC())
	if v.TLP > ceiling || !v.State.Matched() {
		return exported{}, forbidden("it is " + v.TLP.String() + " and " + string(v.State))
	}
	o := d.indicatorObject(h, &v)
	if o == nil {
		return exported{}, api.Errorf(api.Unprocessable, "STIX has no pattern for a value of this kind")
	}
	return exported{objects: append(d.frame(v.TLP), o), touched: []string{h.ID}}, nil
}

// mostExported is how many indicators go into one file.
const mostExported = 10_000

// exportList gathers the indicators that a list shows, as far as the audience may have them.
func (d *Domain) exportList(ctx context.Context, r *http.Request, ceiling stix.TLP) (exported, error) {
	q := r.URL.Query()
	now := d.clock().UTC()
	found, err := listIndicators(ctx, d.store.Read(), wanted{
		Text: q.Get("q"), Kind: q.Get("kind"), State: q.Get("state"), Source: q.Get("source"), Sighted: q.Get("sighted") == "true", Limit: mostExported,
	}, now)
	if err != nil {
		return exported{}, err
	}
	var x exported
	for _, h := range found {
		d.put(&x, h, ceiling, now)
	}
	return x, nil
}

// put adds an indicator that the audience may have, and counts one that it may not.
func (d *Domain) put(x *exported, h *held, ceiling stix.TLP, now time.Time) *stix.Object {
	v := h.view(now)
	if v.TLP > ceiling || !v.State.Matched() {
		x.withheld++
		return nil
	}
	o := d.indicatorObject(h, &v)
	if o == nil {
		x.withheld++
		return nil
	}
	x.add(d.frame(v.TLP)...)
	x.add(o)
	x.touched = append(x.touched, h.ID)
	return o
}

// indicatorObject is an indicator as we would say it: of ours, in one voice, with the strictest marking of those who said
// it. Where a value came from stays here.
func (d *Domain) indicatorObject(h *held, v *indicators.View) *stix.Object {
	term, ok := pattern(h.Kind, h.Value)
	if whole, can := h.Search(); can {
		term, ok = whole.Pattern.String(), true
	}
	if !ok {
		return nil
	}
	types := v.Types
	if len(types) == 0 {
		types = []string{"malicious-activity"}
	}
	o, f := stix.Begin("indicator", stix.DerivedID("indicator", d.owner+" "+h.ID)).Times(v.ValidFrom, later(v.ValidFrom, v.Changed)).Text("created_by_ref", d.identity()).
		Marked(v.TLP, 2).Integer("confidence", int64(v.Confidence)).List("indicator_types", types...).
		Text("pattern", term).Text("pattern_type", "stix").Time("valid_from", v.ValidFrom).Time("valid_until", v.ValidUntil).Object()
	if f != nil || !o.Accepted() {
		return nil
	}
	return o
}

func (d *Domain) exportIncident(ctx context.Context, q *http.Request, ceiling stix.TLP) (exported, error) {
	r := d.store.Read()
	m, err := d.matter(ctx, r, q.PathValue("id"))
	if err != nil {
		return exported{}, err
	}
	now := d.clock().UTC()
	v := m.At(now)
	if v.TLP > ceiling {
		return exported{}, forbidden("it is " + v.TLP.String())
	}
	x := exported{objects: d.frame(v.TLP), touched: []string{m.ID}}
	o := d.incidentObject(m, &v)
	if o == nil {
		return exported{}, api.Errorf(api.Unprocessable, "the incident cannot be said in STIX: it has neither title nor description")
	}
	x.add(o)
	if who := d.classOf(&v); who != nil {
		x.add(who, d.relation("targets", o.ID, who.ID, v.TLP, v.Opened))
	}
	err = d.linkedObjects(ctx, r, m, o, ceiling, &x)
	return x, err
}

// linkedObjects adds the indicators of an incident that its audience may have.
func (d *Domain) linkedObjects(ctx context.Context, r store.Reader, m *matter, to *stix.Object, ceiling stix.TLP, x *exported) error {
	var ids []string
	for _, l := range m.Linked {
		ids = append(ids, l.Indicator)
	}
	known, err := loadIndicators(ctx, r, ids)
	if err != nil {
		return err
	}
	now := d.clock().UTC()
	for _, id := range keysOf(known) {
		v := known[id].view(now)
		if o := d.put(x, known[id], ceiling, now); o != nil {
			x.add(d.relation("related-to", o.ID, to.ID, max(v.TLP, m.At(now).TLP), m.At(now).Opened))
		}
	}
	return nil
}

func (d *Domain) relation(kind, from, to string, level stix.TLP, at time.Time) *stix.Object {
	o, f := stix.Begin("relationship", stix.DerivedID("relationship", kind+" "+from+" "+to)).Times(at, at).Text("created_by_ref", d.identity()).Marked(level, 2).
		Text("relationship_type", kind).Text("source_ref", from).Text("target_ref", to).Object()
	if f != nil || !o.Accepted() {
		return nil
	}
	return o
}

// classOf is who it happened to, as a class: a sector and countries, never a name.
func (d *Domain) classOf(v *incident.View) *stix.Object {
	if v.Sector == "" {
		return nil
	}
	o, f := stix.Begin("identity", stix.DerivedID("identity", d.owner+" class "+v.Sector)).Times(v.Opened, v.Opened).Text("created_by_ref", d.identity()).Marked(v.TLP, 2).
		Text("name", "An entity of the sector "+v.Sector).Text("identity_class", "class").List("sectors", sectorWord(v.Sector)).Object()
	if f != nil {
		return nil
	}
	return o
}

// sectorWord is a sector in the words of STIX.
func sectorWord(sector string) string {
	if word, ok := map[string]string{"transport": "transportation", "banking": "financial-services", "financial": "financial-services", "health": "healthcare", "drinking-water": "water",
		"digital-infrastructure": "telecommunications", "public-administration": "government", "space": "aerospace"}[sector]; ok {
		return word
	}
	return sector
}

// incidentObject is an incident with the core extension. Its time line goes into the description, without words that
// people wrote.
func (d *Domain) incidentObject(m *matter, v *incident.View) *stix.Object {
	status := "open"
	switch v.State {
	case incident.Reported, incident.Triage:
		status = "new"
	case incident.Closed, incident.Rejected, incident.Duplicate:
		status = "closed"
	}
	types := []string{"unspecified"}
	if _, kind, ok := strings.Cut(v.Type, "/"); ok {
		types = []string{kind}
	} else if v.Type != "" {
		types = []string{v.Type}
	}
	ext := []byte(`{"extension_type":"property-extension","determination":` + strconv.Quote(v.Determination) + `,"investigation_status":"` + status +
		`","criticality":` + strconv.Itoa(v.Severity.Score) + `,"incident_types":[` + strconv.Quote(types[0]) + `],"scores":[{"name":"` + v.Severity.Scheme +
		`","value":` + strconv.Itoa(v.Severity.Score) + `}]}`)
	o, f := stix.Begin("incident", stix.DerivedID("incident", d.owner+" "+m.ID)).Times(v.Opened, later(v.Opened, m.Changed)).Text("created_by_ref", d.identity()).Marked(v.TLP, 2).
		Text("name", m.label()+" "+cmp.Or(v.Type, "incident")).Text("description", strings.Join(outline(v), "\n")).
		JSON("extensions", append(append([]byte(`{"`+stix.IncidentExtension+`":`), ext...), '}')).Object()
	if f != nil || !o.Accepted() {
		return nil
	}
	return o
}
