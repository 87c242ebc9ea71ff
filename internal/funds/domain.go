package funds

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
const Name = "funds"

// Engine is what finds how money moved, and what else this room finds by itself.
const Engine = "funds"

// Reads is where a read of a person's data is told, durably, before the data leaves.
type Reads interface {
	Read(context.Context, audit.Entry) error
}

// Journal takes in what people type: a report like any other.
type Journal interface {
	Take(context.Context, intake.Delivery) (intake.Receipt, error)
}

// Options are what the room needs of the house.
type Options struct {
	Store    *store.Store
	IDs      Identifier
	Reads    Reads
	Journal  Journal
	Home     string    // the country whose borders are watched, alpha-3
	Settings *Settings // nil is the defaults
	Clock    func() time.Time
	Logger   *slog.Logger

	// Others describes subjects as other domains know them: the flight a traveller is on. It may be nil.
	Others func(context.Context, store.Reader, []screening.ID) (map[screening.ID]casework.Sheet, error)
}

// Domain plugs funds into the road.
type Domain struct {
	store    *store.Store
	ids      Identifier
	reads    Reads
	journal  Journal
	home     string
	settings *Settings
	clock    func() time.Time
	logger   *slog.Logger
	others   func(context.Context, store.Reader, []screening.ID) (map[screening.ID]casework.Sheet, error)

	everybody everybody
}

var _ pipeline.Domain = (*Domain)(nil)

// New makes the room. Its migrations are run by whoever puts the house together.
func New(o Options) *Domain {
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Settings == nil {
		var err error
		if o.Settings, err = ReadSettings(nil); err != nil { // a test reads the defaults
			o.Logger.Error("the settings of funds that come with the program cannot be read", "error", err)
		}
	}
	return &Domain{store: o.Store, ids: o.IDs, reads: o.Reads, journal: o.Journal, home: o.Home, settings: o.Settings, clock: o.Clock, logger: o.Logger, others: o.Others}
}

// Name names the domain.
func (d *Domain) Name() string { return Name }

// Formats are what banks, customs and the unit's own desk file.
func (d *Domain) Formats() []pipeline.Format {
	return []pipeline.Format{cashFormat{}, goamlFormat{}, paymentFormat{}}
}

// Desk says who may do what with these reports: the unit alone, and whoever watches it. A supervisor of other desks does not.
func (d *Domain) Desk() intake.Desk {
	return intake.Desk{
		Status:  []access.Role{access.FIU, access.Auditor},
		Raw:     []access.Role{access.FIU, access.Auditor},
		Opening: []access.Role{access.FIU},
	}
}

// Engines are those whose findings Screen gives whole.
func (d *Domain) Engines() []string { return []string{Engine} }

// Migrations are the room's tables.
func (d *Domain) Migrations() fs.FS { return migrations }

// Vocabulary is what rules over parties can see.
func (d *Domain) Vocabulary() rules.Vocabulary { return Vocabulary() }

// Vocabulary is what rules over parties can see, for those who test rules without a node.
func Vocabulary() rules.Vocabulary {
	return rules.Vocabulary{
		Name: "party", Domain: Name, Type: reflect.TypeFor[View](),
		Doc: "one person, organisation or account, with the cash that was declared of it",
	}
}

//go:embed rulebook/*.yaml
var rulebook embed.FS

// Rules are those that every node starts with.
func (d *Domain) Rules() fs.FS { return rulebook }

// The outcomes of a case that this room acts on.
const (
	OutcomeFreeze  = "freeze"  // the same: an order goes out, by two people
	OutcomeLicence = "licence" // of what is frozen, so much is let go
	OutcomeLifted  = "lifted"  // the freeze ends
)

// Outcomes are how a case of the unit can end. Nothing is frozen without two people.
func (d *Domain) Outcomes() []casework.Outcome {
	desk := []string{string(access.FIU)}
	return []casework.Outcome{
		{Code: casework.NotSamePerson, Roles: desk, Shortest: 10},
		{Code: casework.Cleared, Roles: desk, Shortest: 10},
		{Code: "analysis", Roles: desk, Waits: true, Shortest: 20},
		{Code: "disseminated", Roles: desk, Shortest: 20},
		{Code: "referred", Roles: desk, Shortest: 20},
		{Code: OutcomeFreeze, Roles: desk, Adverse: true, Second: true, Waits: true, Shortest: 40},
		{Code: OutcomeLicence, Roles: desk, Second: true, Waits: true, Shortest: 40},
		{Code: OutcomeLifted, Roles: desk, Second: true, Shortest: 40},
	}
}

// Ahead lists all parties: what is held is what a designation may concern.
func (d *Domain) Ahead(ctx context.Context, r store.Reader, _ time.Time, after screening.ID, n int) ([]screening.ID, error) {
	return partiesAfter(ctx, r, after, n)
}

// Holders are all parties, each by itself: pipeline.Gathered.
func (d *Domain) Holders(ctx context.Context, r store.Reader, _ time.Time) ([]screening.Holder, error) {
	return d.everybody.read(ctx, r)
}

// Held gives parties.
func (d *Domain) Held(ctx context.Context, r store.Reader, ids []string) ([]screening.Held, error) {
	return heldBy(ctx, r, ids)
}
