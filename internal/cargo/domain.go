package cargo

import (
	"context"
	"embed"
	"io/fs"
	"log/slog"
	"reflect"
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
const Name = "cargo"

// Reads is where a read of a person's data is told, durably, before the data leaves.
type Reads interface {
	Read(context.Context, audit.Entry) error
}

// Options are what the room needs of the house.
type Options struct {
	Store  *store.Store
	IDs    Identifier
	Reads  Reads
	Clock  func() time.Time // nil is time.Now
	Logger *slog.Logger     // nil is silent
	Sample int              // of so many assessments complete by themselves a targeter looks at one; 0 is 200, -1 is none
}

// Domain plugs cargo into the road.
type Domain struct {
	store  *store.Store
	ids    Identifier
	reads  Reads
	clock  func() time.Time
	logger *slog.Logger
	kept   *cache
	sample int
}

var (
	_ pipeline.Domain   = (*Domain)(nil)
	_ pipeline.Gathered = (*Domain)(nil)
	_ pipeline.Decider  = (*Domain)(nil)
	_ pipeline.Watcher  = (*Domain)(nil)
	_ pipeline.Clocked  = (*Domain)(nil)
	_ pipeline.Refuser  = (*Domain)(nil)
)

// New makes the room. Its migrations are run by whoever puts the house together.
func New(o Options) *Domain {
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Sample == 0 {
		o.Sample = sampleUnlessSaid
	}
	return &Domain{sample: max(0, o.Sample), store: o.Store, ids: o.IDs, reads: o.Reads, clock: o.Clock, logger: o.Logger, kept: newCache()}
}

// Name names the domain.
func (d *Domain) Name() string { return Name }

// Formats are the telexes of the trade.
func (d *Domain) Formats() []pipeline.Format { return []pipeline.Format{telexFormat{}} }

// Desk says who may do what with cargo reports.
func (d *Domain) Desk() intake.Desk {
	return intake.Desk{
		Status:  []access.Role{access.Targeter, access.Supervisor, access.Auditor},
		Raw:     []access.Role{access.Targeter, access.Supervisor, access.Auditor},
		Opening: []access.Role{access.Supervisor},
	}
}

// Engines are the room's own: what they found is withdrawn when they no longer find it.
func (d *Domain) Engines() []string { return []string{Name} }

// Migrations are the room's tables.
func (d *Domain) Migrations() fs.FS { return migrations }

// Vocabulary is what rules over consignments can see.
func (d *Domain) Vocabulary() rules.Vocabulary { return Vocabulary() }

// Vocabulary is what rules over consignments can see, for those who test rules without a node.
func Vocabulary() rules.Vocabulary {
	return rules.Vocabulary{
		Name: "consignment", Domain: Name, Type: reflect.TypeFor[View](),
		Doc: "one house, master or direct waybill before loading, as its filings have it, with what its parties are known by",
	}
}

//go:embed rulebook
var rulebook embed.FS

// Rules are those that every node starts with.
func (d *Domain) Rules() fs.FS { return rulebook }

// The outcomes of a cargo case. Clearing is "assessment complete"; the others leave the case waiting for the filer, or for
// the hold to be lifted.
const (
	cleared   = casework.Cleared
	lifted    = casework.Lifted
	dnlLifted = "dnl-lifted"
)

// Outcomes are how a consignment's case can be decided. Nothing adverse is automatic, and to forbid loading, as to allow it
// again, takes two.
func (d *Domain) Outcomes() []casework.Outcome {
	desk := []string{"targeter", "supervisor"}
	return []casework.Outcome{
		{Code: casework.NotSamePerson, Roles: desk, Shortest: 10},
		{Code: cleared, Roles: desk, Shortest: 10},
		{Code: RFI, Roles: desk, Adverse: true, Waits: true, Shortest: 10},
		{Code: RFS, Roles: desk, Adverse: true, Waits: true, Shortest: 20},
		{Code: lifted, Roles: desk, Waits: true, Shortest: 10},
		{Code: DNL, Roles: desk, Adverse: true, Second: true, Waits: true, Shortest: 40},
		{Code: dnlLifted, Roles: desk, Second: true, Waits: true, Shortest: 40},
	}
}

// Screen gives consignments and parties as committed.
func (d *Domain) Screen(ctx context.Context, r store.Reader, ids []screening.ID) ([]screening.Screened, error) {
	asked := map[screening.ID]bool{}
	var holders []string
	for _, id := range ids {
		asked[id] = true
		holders = append(holders, holderOf(id))
	}
	whole, err := gather(ctx, r, holders)
	if err != nil {
		return nil, err
	}
	var all, out []screening.Screened
	for _, w := range whole {
		all = w.screened(all[:0], w.viewed, &w.standing)
		for i := range all {
			if asked[all[i].Subject.ID] {
				out = append(out, all[i])
			}
		}
	}
	return out, nil
}

// Subjects gives consignments and parties as committed, for whoever asks for names and ties only.
func (d *Domain) Subjects(ctx context.Context, r store.Reader, ids []screening.ID) (out []screening.Subject, err error) {
	asked := map[screening.ID]bool{}
	var holders []string
	for _, id := range ids {
		asked[id] = true
		holders = append(holders, holderOf(id))
	}
	found, err := consignmentsBy(ctx, r, holders)
	if err != nil {
		return nil, err
	}
	var ships []string
	for i := range found {
		ships = append(ships, found[i].Shipment)
	}
	shipments, err := shipmentsBy(ctx, r, ships)
	if err != nil {
		return nil, err
	}
	var all []screening.Subject
	for i := range found {
		s := shipments[found[i].Shipment]
		if s == nil {
			continue
		}
		all = found[i].subjects(all[:0], s)
		for n := range all {
			if asked[all[n].ID] {
				out = append(out, all[n])
			}
		}
	}
	return out, nil
}

// Ahead lists the consignments and parties that have still to be loaded.
func (d *Domain) Ahead(ctx context.Context, r store.Reader, now time.Time, after screening.ID, n int) ([]screening.ID, error) {
	return aheadOf(ctx, r, now, after, n)
}

// Holders are the shipments that have still to be loaded: pipeline.Gathered.
func (d *Domain) Holders(ctx context.Context, r store.Reader, now time.Time) ([]screening.Holder, error) {
	return holders(ctx, r, now)
}

// Held gives shipments with their subjects.
func (d *Domain) Held(ctx context.Context, r store.Reader, shipments []string) ([]screening.Held, error) {
	return heldBy(ctx, r, shipments)
}

// Describe tells the desk what a subject is.
func (d *Domain) Describe(ctx context.Context, r store.Reader, id screening.ID) (casework.Sheet, error) {
	whole, err := gather(ctx, r, []string{holderOf(id)})
	if err != nil || len(whole) == 0 {
		return casework.Sheet{}, err
	}
	w := whole[0]
	sheet := casework.Sheet{Title: title(w.shipment.Master, w.House), Context: w.shipment.context(), Path: "/cargo/consignments/" + w.ID, Until: w.shipment.cutOff()}
	line := func(label, value string) {
		if value != "" {
			sheet.Lines = append(sheet.Lines, casework.Line{Label: label, Value: value})
		}
	}
	for _, p := range w.parties() {
		if partyID(w.ID, p.role) == id {
			sheet.Title, sheet.Context = p.Name, title(w.shipment.Master, w.House)+", "+sheet.Context
			line("role", p.role)
		}
	}
	line("waybill", w.Master)
	line("house", w.House)
	line("route", route(w.Origin, w.Destination))
	line("flight", w.shipment.leg().String())
	for _, p := range w.parties() {
		line(p.role, p.Name)
		line(p.role+"_address", p.Address())
	}
	line("goods", w.Goods)
	line("pieces", count(w.Pieces))
	line("weight_kg", kilograms(w.Grams))
	line("state", w.standing.State)
	line("hold", w.standing.Hold)
	return sheet, nil
}
