package travel

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/store"
)

// errOutage is the code of every declaration that cannot stand.
const errOutage = "E-FAC-OUTAGE"

// outageRoutes are what is out of order, declared and told.
func (d *Domain) outageRoutes(m *api.Mux) {
	tags := []string{"desk"}
	declare := []access.Role{access.Officer, access.Supervisor, access.Filer}
	see := append(slices.Clone(desk), access.Auditor, access.Filer)
	api.Register(m, api.Route{
		Method: http.MethodGet, Path: "/api/v1/status", ID: "read-status", Tags: tags,
		Summary: "Whether answers are to be expected, and what is known to be out of order", Roles: see,
	}, d.status)
	api.Register(m, api.Route{
		Method: http.MethodPost, Path: "/api/v1/outages", ID: "declare-outage", Tags: tags, Status: http.StatusCreated, MaxBody: 16 << 10,
		Summary: "Declare an outage: the state's, or a carrier its own", Roles: declare,
	}, d.declareOutage)
	api.Register(m, api.Route{
		Method: http.MethodGet, Path: "/api/v1/outages", ID: "list-outages", Tags: tags, Summary: "Outages, the newest first", Roles: see,
	}, d.listOutages)
	api.Register(m, api.Route{
		Method: http.MethodGet, Path: "/api/v1/outages/{number}", ID: "read-outage", Tags: tags,
		Summary: "An outage, and how what was due in it came", Roles: see,
	}, d.readOutage)
	api.Register(m, api.Route{
		Method: http.MethodPut, Path: "/api/v1/outages/{number}/end", ID: "end-outage", Tags: tags, MaxBody: 16 << 10,
		Summary: "Say that an outage is over", Roles: declare,
	}, d.endOutage)
}

type statusOut struct{ Body condition }

func (d *Domain) status(ctx context.Context, _ *struct{}) (*statusOut, error) {
	c, err := look(ctx, d.store.Read(), d.clock().UTC())
	if err != nil {
		return nil, err
	}
	c.Outages = shownTo(c.Outages, api.PrincipalFrom(ctx))
	return &statusOut{*c}, nil
}

// visible says whether somebody may know of an outage: the state's are everybody's, a carrier's its own.
func (o *Outage) visible(who access.Principal) bool {
	return !who.Is(access.Filer) || o.Carrier == "" || o.filer == who.Name || len(who.Carriers) > 0 && who.MayFileFor(o.Carrier)
}

// shown is an outage as somebody may see it: a carrier is told what is out, and not who of the state's said so.
func (o Outage) shown(who access.Principal) Outage {
	if who.Is(access.Filer) && (o.filer == "" || o.filer != who.Name) {
		o.By, o.ClosedBy, o.Note = "", "", ""
	}
	return o
}

func shownTo(list []Outage, who access.Principal) []Outage {
	list = slices.DeleteFunc(list, func(o Outage) bool { return !o.visible(who) })
	for i := range list {
		list[i] = list[i].shown(who)
	}
	return list
}

type outageIn struct {
	Body struct {
		Cause     string    `json:"cause" doc:"state, carrier or network"`
		Scope     string    `json:"scope" doc:"iapi, lists, links or all"`
		From      time.Time `json:"from,omitzero" doc:"Absent is now; at most three days ago"`
		To        time.Time `json:"to,omitzero" doc:"Where it is over already"`
		Carrier   string    `json:"carrier,omitempty" maxLength:"3"`
		Reference string    `json:"reference,omitempty" maxLength:"60"`
		Note      string    `json:"note,omitempty" maxLength:"300"`
	}
}

type outageOut struct{ Body Outage }

func (d *Domain) declareOutage(ctx context.Context, in *outageIn) (*outageOut, error) {
	b, who := &in.Body, api.PrincipalFrom(ctx)
	o := Outage{
		Cause: b.Cause, Scope: b.Scope, From: b.From.UTC(), To: b.To, Carrier: strings.ToUpper(b.Carrier),
		Reference: strings.TrimSpace(b.Reference), Note: strings.TrimSpace(b.Note),
	}
	if !o.To.IsZero() {
		o.To = o.To.UTC()
	}
	if b.From.IsZero() {
		o.From = d.clock().UTC()
	}
	if who.Is(access.Filer) {
		if o.Carrier == "" && len(who.Carriers) == 1 {
			o.Carrier = who.Carriers[0]
		}
		if o.Carrier == "" || !who.MayFileFor(o.Carrier) {
			return nil, api.Errorf(api.Unprocessable, "name the carrier whose outage it is, one that this key may file for").With("code", errOutage).With("rule", "carrier")
		}
		o.filer = who.Name
	}
	if rule, why := o.wrong(d.clock().UTC().Add(time.Second), !who.Is(access.Filer)); rule != "" {
		return nil, api.Errorf(api.Unprocessable, "%s", why).With("code", errOutage).With("rule", rule)
	}
	o, err := d.declare(ctx, who, o)
	if err != nil {
		return nil, err
	}
	return &outageOut{o}, nil
}

type listOutagesOut struct{ Body api.Page[Outage] }

func (d *Domain) listOutages(ctx context.Context, in *struct {
	Open bool `query:"open" doc:"Only those in force"`
	api.Cursor
},
) (*listOutagesOut, error) {
	before, limit := "", cmp.Or(in.Limit, 100)
	if err := api.DecodeCursor(in.Cursor.Cursor, &before); err != nil {
		return nil, err
	}
	ended := time.Time{}
	if in.Open {
		ended = d.clock()
	}
	list, err := outages(ctx, d.store.Read(), `(ends = 0 or ends > $1)`, store.Micros(ended))
	if err != nil {
		return nil, err
	}
	list = shownTo(list, api.PrincipalFrom(ctx))
	from := 0 // a state has a few dozen a year
	if before != "" {
		from = slices.IndexFunc(list, func(o Outage) bool { return o.Number == before }) + 1
	}
	out := &listOutagesOut{}
	out.Body.Items = list[from:]
	if len(out.Body.Items) > limit {
		out.Body.Items = out.Body.Items[:limit]
		out.Body.Next, err = api.EncodeCursor(out.Body.Items[limit-1].Number)
	}
	return out, err
}

type byNumber struct {
	Number string `path:"number" example:"OUT-2026-014"`
}

// outageOf finds one that the caller may know of.
func (d *Domain) outageOf(ctx context.Context, number string) (Outage, error) {
	o, found, err := outageBy(ctx, d.store.Read(), strings.ToUpper(number))
	if err == nil && (!found || !o.visible(api.PrincipalFrom(ctx))) {
		err = api.Errorf(api.NotFound, "there is no outage %s", number)
	}
	return o, err
}

type readOutageOut struct {
	Body struct {
		Outage
		Flights     []caught `json:"flights" nullable:"false" doc:"Those whose data was due in it"`
		Overrides   int      `json:"overrides" doc:"How often it was invoked"`
		Provisional int      `json:"provisional" doc:"Answers not yet looked at again"`
		CaughtUp    bool     `json:"caught_up" doc:"It is over, everything came, and whoever was let board meanwhile was looked at again"`
	}
}

func (d *Domain) readOutage(ctx context.Context, in *byNumber) (*readOutageOut, error) {
	o, err := d.outageOf(ctx, in.Number)
	if err != nil {
		return nil, err
	}
	out := &readOutageOut{}
	r, who := d.store.Read(), api.PrincipalFrom(ctx)
	out.Body.Outage = o.shown(who)
	if out.Body.Flights, err = d.caughtUp(ctx, r, &o, d.clock().UTC()); err != nil {
		return nil, err
	}
	out.Body.Flights = slices.DeleteFunc(out.Body.Flights, func(c caught) bool { return who.Is(access.Filer) && !who.MayFileFor(c.Carrier) })
	err = r.QueryRowContext(ctx, `select count(*) from travel_override where at >= $1 and body like $2`, store.Micros(o.From), `%"outage":`+strconv.Quote(o.Number)+`%`).Scan(&out.Body.Overrides)
	if err != nil {
		return nil, err
	}
	err = r.QueryRowContext(ctx, `select count(*) from travel_query where asked >= $1 and more like '%"provisional":true%'`, store.Micros(o.From)).Scan(&out.Body.Provisional)
	out.Body.CaughtUp = !o.To.IsZero() && out.Body.Provisional == 0 && !slices.ContainsFunc(out.Body.Flights, func(c caught) bool { return c.Received.IsZero() })
	return out, err
}

func (d *Domain) endOutage(ctx context.Context, in *struct {
	Number string `path:"number"`
	Body   struct {
		At time.Time `json:"at,omitzero" doc:"Absent is now"`
	}
},
) (*outageOut, error) {
	o, err := d.outageOf(ctx, in.Number)
	if err != nil {
		return nil, err
	}
	who, now := api.PrincipalFrom(ctx), d.clock().UTC()
	at := in.Body.At.UTC()
	if in.Body.At.IsZero() {
		at = now
	}
	switch {
	case who.Is(access.Filer) && o.filer != who.Name:
		return nil, api.Errorf(api.Forbidden, "whoever declared an outage, or the state, says that it is over")
	case !o.To.IsZero():
		return nil, api.Errorf(api.Conflict, "this outage was over at %s", o.To.Format(time.RFC3339))
	case !at.After(o.From), at.After(now.Add(time.Second)):
		return nil, api.Errorf(api.Unprocessable, "an outage ends after it began, and not after now").With("code", errOutage).With("rule", "window")
	}
	o, err = d.end(ctx, who, o.Number, at)
	if err != nil {
		return nil, err
	}
	return &outageOut{o}, nil
}
