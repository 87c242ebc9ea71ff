package travel

import (
	"cmp"
	"context"
	"database/sql"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/rihla/rihla/formats/cusres"
	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/store"
)

// deskRoutes are the border desk's list, overrides, and where a carrier is phoned.
func (d *Domain) deskRoutes(m *api.Mux) {
	tags := []string{"desk"}
	officers := []access.Role{access.Officer, access.Supervisor}
	api.Register(m, api.Route{
		Method: http.MethodGet, Path: "/api/v1/desk", ID: "list-referrals", Tags: tags,
		Summary: "Whom the border desk is asked about now, the most urgent first", Roles: desk,
	}, d.listReferrals)
	api.Register(m, api.Route{
		Method: http.MethodPost, Path: "/api/v1/overrides", ID: "record-override", Tags: tags, Status: http.StatusCreated, MaxBody: 64 << 10,
		Summary: "Record why somebody boards whatever the answer was", Roles: append(slices.Clone(officers), access.Filer),
		Description: "A fact beside the answer: it changes none. A carrier names flight and person as it did in its question.",
	}, d.recordOverride)
	api.Register(m, api.Route{
		Method: http.MethodGet, Path: "/api/v1/overrides", ID: "list-overrides", Tags: tags,
		Summary: "Overrides, the newest first", Roles: append(slices.Clone(desk), access.Auditor, access.Filer),
	}, d.listOverrides)
	api.Register(m, api.Route{
		Method: http.MethodGet, Path: "/api/v1/overrides/rates", ID: "rate-overrides", Tags: tags,
		Summary: "How often carriers override answers, by station", Roles: append(slices.Clone(officers), access.Auditor),
	}, d.rateOverrides)
	api.Register(m, api.Route{
		Method: http.MethodGet, Path: "/api/v1/stations", ID: "list-stations", Tags: tags,
		Summary: "Where carriers are phoned", Roles: append(slices.Clone(desk), access.Filer),
	}, d.listStations)
	api.Register(m, api.Route{
		Method: http.MethodPut, Path: "/api/v1/stations/{carrier}/{airport}", ID: "set-station", Tags: tags, MaxBody: 16 << 10,
		Summary: "Say where a carrier is phoned at an airport", Roles: append(slices.Clone(officers), access.Filer),
	}, d.putStation)
	api.Register(m, api.Route{
		Method: http.MethodGet, Path: "/api/v1/flights/{id}/boarding", ID: "compare-boarding", Tags: tags,
		Summary: "Who is on board by the close-out, and who had leave to be", Roles: desk,
	}, d.compareBoarding)
}

type referralsOut struct {
	Body struct {
		Now    time.Time  `json:"now"`
		Items  []referral `json:"items" nullable:"false"`
		More   int        `json:"more,omitempty" doc:"How many are not shown"`
		Status condition  `json:"status"`
	}
}

func (d *Domain) listReferrals(ctx context.Context, _ *struct{}) (*referralsOut, error) {
	out := &referralsOut{}
	now := d.clock().UTC()
	err := d.store.Snapshot(ctx, func(ctx context.Context, r store.Reader) (err error) {
		if out.Body.Items, out.Body.More, err = d.referrals(ctx, r, now); err != nil {
			return err
		}
		c, err := look(ctx, r, now)
		if err == nil {
			out.Body.Status = *c
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	out.Body.Now = now
	if out.Body.Items == nil {
		out.Body.Items = []referral{}
	}
	touched := make([]string, len(out.Body.Items))
	for i := range out.Body.Items {
		touched[i] = out.Body.Items[i].Passenger.ID
	}
	if len(touched) == 0 {
		return out, nil
	}
	return out, d.tell(ctx, "desk.read", touched)
}

type recordOverrideIn struct {
	Body struct {
		Code      string `json:"code" doc:"GOV, AIR, OUT, HUM or CRW"`
		Passenger string `json:"passenger,omitempty" doc:"Of the state's staff"`
		Flight    *struct {
			Carrier string `json:"carrier"`
			Number  string `json:"number"`
			Suffix  string `json:"suffix,omitempty"`
			Date    string `json:"date" doc:"Local date of departure"`
			From    string `json:"from"`
			To      string `json:"to"`
		} `json:"flight,omitempty" doc:"Of a carrier: as in its question"`
		CarrierReference string `json:"carrier_reference,omitempty" doc:"RFF+ABO of the question"`
		Document         *struct {
			Number string `json:"number"`
			Issuer string `json:"issuer"`
		} `json:"document,omitempty" doc:"Where the question had no ABO"`
		Reference string `json:"reference,omitempty" maxLength:"40" doc:"That the border desk gave by telephone"`
		Outage    string `json:"outage,omitempty" maxLength:"40"`
		Text      string `json:"text,omitempty" maxLength:"300"`
		Station   string `json:"station,omitempty" maxLength:"4"`
		Agent     string `json:"agent,omitempty" maxLength:"60"`
	}
}

type overrideOut struct{ Body Override }

func (d *Domain) recordOverride(ctx context.Context, in *recordOverrideIn) (*overrideOut, error) {
	b, who := &in.Body, api.PrincipalFrom(ctx)
	o := Override{
		Code: strings.ToUpper(b.Code), Passenger: b.Passenger, Reference: strings.ToUpper(strings.TrimSpace(b.Reference)), Outage: strings.ToUpper(strings.TrimSpace(b.Outage)),
		Text: strings.TrimSpace(b.Text), Station: strings.ToUpper(b.Station), Agent: b.Agent,
	}
	if who.Is(access.Filer) || o.Passenger == "" {
		if b.Flight == nil {
			return nil, api.Errorf(api.Unprocessable, "name the flight and the person as in the question: flight, carrier_reference")
		}
		f := b.Flight
		k := Key{strings.ToUpper(f.Carrier), strings.TrimLeft(f.Number, "0"), strings.ToUpper(f.Suffix), f.Date, strings.ToUpper(f.From), strings.ToUpper(f.To)}
		if who.Is(access.Filer) && !who.MayFileFor(k.Carrier) {
			return nil, nobody()
		}
		var doc Document
		if b.Document != nil {
			doc = Document{Number: strings.ToUpper(b.Document.Number), Issuer: strings.ToUpper(b.Document.Issuer)}
		}
		id, err := d.named(ctx, d.store.Read(), k, b.CarrierReference, doc)
		if err != nil {
			return nil, err
		}
		o.Passenger = string(id)
	}
	o, err := d.record(ctx, who, o)
	if err != nil {
		return nil, err
	}
	return &overrideOut{o}, nil
}

type listOverridesIn struct {
	From    string `query:"from" doc:"First day, UTC" pattern:"^\\d{4}-\\d{2}-\\d{2}$"`
	To      string `query:"to" doc:"Last day, inclusive" pattern:"^\\d{4}-\\d{2}-\\d{2}$"`
	Carrier string `query:"carrier"`
	api.Cursor
}

type listOverridesOut struct{ Body api.Page[Override] }

// span are the instants that dates, both inclusive, begin and end at; open ends are far away.
func span(from, to string) (since, until time.Time) {
	since, until = time.UnixMicro(0), time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)
	if day, err := time.Parse(time.DateOnly, from); err == nil {
		since = day
	}
	if day, err := time.Parse(time.DateOnly, to); err == nil {
		until = day.AddDate(0, 0, 1)
	}
	return since, until
}

func (d *Domain) listOverrides(ctx context.Context, in *listOverridesIn) (*listOverridesOut, error) {
	who := api.PrincipalFrom(ctx)
	var before, filer string
	if err := api.DecodeCursor(in.Cursor.Cursor, &before); err != nil {
		return nil, err
	}
	if who.Is(access.Filer) {
		filer = who.Name
	}
	limit := cmp.Or(in.Limit, 100)
	since, until := span(in.From, in.To)
	out, r := &listOverridesOut{}, d.store.Read()
	out.Body.Items = []Override{}
	err := store.Rows(ctx, r, func(rows *sql.Rows) error {
		o, err := scanOverride(rows)
		out.Body.Items = append(out.Body.Items, o)
		return err
	}, `select record, body from travel_override where at >= $1 and at < $2 and ($3 = '' or carrier = $3) and ($4 = '' or filer = $4) and ($5 = '' or id < $5)
		order by id desc limit $6`, store.Micros(since), store.Micros(until), strings.ToUpper(in.Carrier), filer, before, limit+1)
	if err != nil {
		return nil, err
	}
	if len(out.Body.Items) > limit {
		out.Body.Items = out.Body.Items[:limit]
		if out.Body.Next, err = api.EncodeCursor(out.Body.Items[limit-1].ID); err != nil {
			return nil, err
		}
	}
	if filer != "" || len(out.Body.Items) == 0 {
		return out, nil
	}
	if err := d.nameThem(ctx, r, out.Body.Items); err != nil {
		return nil, err
	}
	touched := make([]string, len(out.Body.Items))
	for i, o := range out.Body.Items {
		touched[i] = o.Passenger
	}
	return out, d.tell(ctx, "override.list", touched)
}

// nameThem adds whom overrides are about, for those who may know.
func (d *Domain) nameThem(ctx context.Context, r store.Reader, list []Override) error {
	ids := make([]screening.ID, len(list))
	for i := range list {
		ids[i] = screening.ID(list[i].record)
	}
	people, err := passengers(ctx, r, ids)
	if err != nil {
		return err
	}
	records := make([]string, len(list))
	for i := range list {
		records[i] = list[i].record
	}
	of, err := passengersOf(ctx, r, records)
	for i := range list {
		o := &list[i]
		if id := of[o.record]; id != "" {
			o.Passenger = string(id)
		}
		for j := range people {
			if people[j].ID == o.Passenger {
				o.Name = people[j].Name()
			}
		}
	}
	return err
}

type rateOverridesOut struct {
	Body struct {
		Items []overrideRate `json:"items" nullable:"false"`
	}
}

func (d *Domain) rateOverrides(ctx context.Context, in *struct {
	From string `query:"from" pattern:"^\\d{4}-\\d{2}-\\d{2}$"`
	To   string `query:"to" pattern:"^\\d{4}-\\d{2}-\\d{2}$"`
},
) (*rateOverridesOut, error) {
	out := &rateOverridesOut{}
	since, until := span(in.From, in.To)
	var err error
	out.Body.Items, err = rates(ctx, d.store.Read(), since, until)
	return out, err
}

type listStationsOut struct {
	Body struct {
		Items []station `json:"items" nullable:"false"`
	}
}

func (d *Domain) listStations(ctx context.Context, in *struct {
	Carrier string `query:"carrier"`
},
) (*listStationsOut, error) {
	out := &listStationsOut{}
	list, err := stationsOf(ctx, d.store.Read(), strings.ToUpper(in.Carrier))
	if who := api.PrincipalFrom(ctx); who.Is(access.Filer) {
		list = slices.DeleteFunc(list, func(s station) bool { return !who.MayFileFor(s.Carrier) })
	}
	out.Body.Items = list
	return out, err
}

type stationOut struct{ Body station }

func (d *Domain) putStation(ctx context.Context, in *struct {
	Carrier string `path:"carrier" minLength:"2" maxLength:"3"`
	Airport string `path:"airport" minLength:"3" maxLength:"4"`
	Body    struct {
		Phone string `json:"phone" maxLength:"40" doc:"Empty takes it away"`
		Note  string `json:"note,omitempty" maxLength:"200"`
	}
},
) (*stationOut, error) {
	s, err := d.setStation(ctx, api.PrincipalFrom(ctx), station{Carrier: in.Carrier, Airport: in.Airport, Phone: in.Body.Phone, Note: in.Body.Note})
	if err != nil {
		return nil, err
	}
	return &stationOut{s}, nil
}

// boardingOut compares who is on board with who had leave to be.
type boardingOut struct {
	Body struct {
		Asked     int          `json:"asked" doc:"About how many the carrier asked; where it asked about nobody, nothing is compared"`
		Closed    bool         `json:"closed"`
		WithoutOK []aboard     `json:"without_ok" nullable:"false"`
		NoShows   []namedShort `json:"no_shows" nullable:"false"`
	}
}

type namedShort struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

type aboard struct {
	namedShort
	Verdict  cusres.Decision `json:"verdict,omitempty"`
	Override string          `json:"override,omitempty" doc:"The code of an override that says why"`
}

func (d *Domain) compareBoarding(ctx context.Context, in *oneIn) (*boardingOut, error) {
	f, err := d.open(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	r := d.store.Read()
	people, err := manifest(ctx, r, f.ID)
	if err != nil {
		return nil, err
	}
	asked, err := toldOf(ctx, r, f.ID)
	if err != nil {
		return nil, err
	}
	out := &boardingOut{}
	touched := []string{f.ID}
	out.Body.Asked, out.Body.Closed = len(asked), f.Status == "closed"
	out.Body.WithoutOK, out.Body.NoShows = []aboard{}, []namedShort{}
	if asked == nil || !out.Body.Closed {
		return out, nil
	}
	slices.SortFunc(people, byName)
	var without []screening.ID
	for i := range people {
		p := &people[i]
		s := d.screened(p, &f)
		who, q := namedShort{p.ID, p.Name()}, asked[screening.ID(p.ID)]
		switch {
		case p.Status == Boarded && !hasLeave(q, &s):
			a := aboard{namedShort: who}
			if q != nil {
				a.Verdict = q.verdict
			}
			out.Body.WithoutOK = append(out.Body.WithoutOK, a)
			without, touched = append(without, screening.ID(p.ID)), append(touched, p.ID)
		case p.Status == NotBoarded && q != nil && q.verdict == cusres.OK:
			out.Body.NoShows = append(out.Body.NoShows, who)
			touched = append(touched, p.ID)
		}
	}
	excused, err := overridesOf(ctx, r, without)
	if err != nil {
		return nil, err
	}
	for i := range out.Body.WithoutOK {
		a := &out.Body.WithoutOK[i]
		if of := excused[screening.ID(a.ID)]; len(of) > 0 {
			a.Override = of[0].Code
		}
	}
	return out, d.tell(ctx, "flight.manifest", touched)
}
