package travel

import (
	"cmp"
	"context"
	"embed"
	"io/fs"
	"math"
	"reflect"
	"sync/atomic"
	"time"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/audit"
	"github.com/rihla/rihla/internal/casework"
	"github.com/rihla/rihla/internal/intake"
	"github.com/rihla/rihla/internal/pipeline"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/screening/rules"
	"github.com/rihla/rihla/internal/store"
)

// Name is the domain's.
const Name = "travel"

// The sources of a flight's data.
const (
	sourceAPI = "api"
	sourcePNR = "pnr"
)

// Reads is where a read of a person's data is told, durably, before the data leaves.
type Reads interface {
	Read(context.Context, audit.Entry) error
}

// Options are what the room needs of the house.
type Options struct {
	Store *store.Store
	IDs   Identifier
	Reads Reads
	Home  string           // the country whose borders are watched, alpha-3; "" leaves directions unsaid
	Desk  string           // the number a carrier calls; "" names the desk alone
	Clock func() time.Time // nil is time.Now
	// Vouched adds to subjects what the house knows that speaks for them, for people who look. May be nil.
	Vouched func(ctx context.Context, r store.Reader, subjects ...screening.Subject) ([]screening.Screened, error)
}

// Domain plugs travel into the road.
type Domain struct {
	store *store.Store
	ids   Identifier
	reads Reads
	home  string
	desk  string
	clock func() time.Time
	kept  *cache

	vouched    func(ctx context.Context, r store.Reader, subjects ...screening.Subject) ([]screening.Screened, error)
	conditions atomic.Pointer[condition]
}

var _ interface {
	pipeline.Domain
	pipeline.Repeating
	pipeline.Decider
	pipeline.Watcher
	pipeline.Clocked
	pipeline.Finder
	casework.Preparer
} = (*Domain)(nil)

// New makes the room. Its migrations are run by whoever puts the house together.
func New(o Options) *Domain {
	if o.Clock == nil {
		o.Clock = time.Now
	}
	return &Domain{store: o.Store, ids: o.IDs, reads: o.Reads, home: o.Home, desk: cmp.Or(o.Desk, "THE BORDER DESK"), clock: o.Clock, kept: newCache(), vouched: o.Vouched}
}

// Name names the domain.
func (d *Domain) Name() string { return Name }

// Formats are the passenger formats.
func (d *Domain) Formats() []pipeline.Format {
	return []pipeline.Format{pnrgovFormat{}, paxlstFormat{}, cusresFormat{}}
}

// Desk says who may do what with passenger reports.
func (d *Domain) Desk() intake.Desk {
	return intake.Desk{
		Status:  []access.Role{access.Analyst, access.Supervisor, access.Officer, access.Auditor},
		Raw:     []access.Role{access.Analyst, access.Supervisor, access.Auditor},
		Opening: []access.Role{access.Supervisor},
	}
}

// Migrations are the room's tables.
func (d *Domain) Migrations() fs.FS { return migrations }

// Vocabulary is what rules over travellers can see.
func (d *Domain) Vocabulary() rules.Vocabulary { return Vocabulary() }

// Vocabulary is what rules over travellers can see, for those who test rules without a node.
func Vocabulary() rules.Vocabulary {
	return rules.Vocabulary{
		Name: "traveller", Domain: Name, Type: reflect.TypeFor[View](),
		Doc: "one traveller on one flight, with booking and documents as the carriers sent them",
	}
}

//go:embed rulebook/*.yaml
var rulebook embed.FS

// Rules are those that every node starts with.
func (d *Domain) Rules() fs.FS { return rulebook }

// Outcomes are how a traveller's case can end. Not boarding is never automatic: a named officer and a second one.
func (d *Domain) Outcomes() []casework.Outcome {
	desk := []string{"analyst", "supervisor", "officer"}
	return []casework.Outcome{
		{Code: casework.NotSamePerson, Roles: desk, Shortest: 10},
		{Code: "cleared", Roles: desk, Shortest: 10},
		{Code: "referred", Roles: desk, Shortest: 20},
		{Code: doNotBoard, Roles: []string{"supervisor", "officer"}, Adverse: true, Second: true, Seconds: []string{"supervisor"}, Shortest: 40},
		{Code: casework.Lifted, Roles: []string{"supervisor", "officer"}, Lifts: doNotBoard, Shortest: 20},
	}
}

// Screen gives passengers as committed.
func (d *Domain) Screen(ctx context.Context, r store.Reader, ids []screening.ID) ([]screening.Screened, error) {
	found, err := passengers(ctx, r, ids)
	if err != nil {
		return nil, err
	}
	flights, err := flightsOf(ctx, r, found)
	if err != nil {
		return nil, err
	}
	out := make([]screening.Screened, 0, len(found))
	var boarded []screening.ID
	for i := range found {
		if f := flights[found[i].Flight]; f != nil {
			out = append(out, d.screened(&found[i], f))
			if found[i].Status == Boarded {
				boarded = append(boarded, screening.ID(found[i].ID))
			}
		}
	}
	records := map[screening.ID][]string{}
	if len(boarded) > 0 {
		of, err := recordsOf(ctx, r, boarded)
		if err != nil {
			return nil, err
		}
		for record, id := range of {
			records[id] = append(records[id], record)
		}
	}
	return out, d.notice(ctx, r, out, records)
}

func (d *Domain) screened(p *Passenger, f *Flight) screening.Screened {
	s := screening.Screened{Subject: p.subject(f), View: p.view(f)}
	s.Subject.Enters = d.enters(p, f)
	return s
}

// Ahead lists the passengers who have still to land.
func (d *Domain) Ahead(ctx context.Context, r store.Reader, now time.Time, after screening.ID, n int) ([]screening.ID, error) {
	return aheadOf(ctx, r, now, after, n)
}

// Holders are the flights whose passengers have still to land: pipeline.Gathered.
func (d *Domain) Holders(ctx context.Context, r store.Reader, now time.Time) ([]screening.Holder, error) {
	return holders(ctx, r, now)
}

// Held gives flights with their passengers.
func (d *Domain) Held(ctx context.Context, r store.Reader, flights []string) ([]screening.Held, error) {
	return heldBy(ctx, r, flights)
}

// Describe tells the desk who the passenger is.
func (d *Domain) Describe(ctx context.Context, r store.Reader, id screening.ID) (casework.Sheet, error) {
	found, err := passengers(ctx, r, []screening.ID{id})
	if err != nil || len(found) == 0 {
		return casework.Sheet{}, err
	}
	flights, err := flightsOf(ctx, r, found)
	if err != nil {
		return casework.Sheet{}, err
	}
	p, f := &found[0], flights[found[0].Flight]
	if f == nil {
		return casework.Sheet{}, nil
	}
	sheet := casework.Sheet{Title: p.Name(), Context: f.title(), Path: "/flights/" + f.ID + "?p=" + p.ID, Until: f.ahead()}
	line := func(label, value string) {
		if value != "" {
			sheet.Lines = append(sheet.Lines, casework.Line{Label: label, Value: value, Sources: p.Sources})
		}
	}
	line("flight", f.Carrier+f.Number+f.Suffix)
	line("route", f.From+"-"+f.To)
	line("departure_local", f.Departure)
	line("status", string(p.Status))
	line("sex", p.Sex)
	line("born", p.Born)
	line("nationality", p.Nationality)
	for _, doc := range p.Documents {
		line("document", doc.Number+" "+doc.Issuer)
	}
	line("seat", p.Seat)
	line("reservation", p.Reservation)
	for _, c := range p.Contacts {
		line(c.Kind, c.Value)
	}
	standings, err := d.standings(ctx, r, found, flights)
	for _, s := range standings[id] {
		value := s.Number
		if !s.Active {
			value += " (" + s.State + ")"
		}
		switch s.Kind {
		case screening.Membership:
			line("known_traveller", value)
		case screening.Redress:
			line("redress", value)
		default:
			line("standing_number", value)
		}
	}
	return sheet, err
}

// Board gives the flights of some local departure dates, both inclusive.
func (d *Domain) Board(ctx context.Context, from, to string) ([]Flight, error) {
	return board(ctx, d.store.Read(), query{From: from, To: to, Limit: math.MaxInt32})
}

// Manifest gives who is on a flight.
func (d *Domain) Manifest(ctx context.Context, flight string) ([]Passenger, error) {
	return manifest(ctx, d.store.Read(), flight)
}
