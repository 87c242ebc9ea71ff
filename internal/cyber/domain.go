package cyber

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
	"github.com/rihla/rihla/internal/cyber/collection"
	"github.com/rihla/rihla/internal/cyber/feed"
	"github.com/rihla/rihla/internal/intake"
	"github.com/rihla/rihla/internal/pipeline"
	"github.com/rihla/rihla/internal/screening/rules"
	"github.com/rihla/rihla/internal/store"
)

// Name is the domain's.
const Name = "cyber"

// Identifier makes ids that tell nothing: the house's keys do.
type Identifier interface {
	ID(kind string, parts ...string) string
}

// Reads is where a read is told, durably, before the data leaves.
type Reads interface {
	Read(context.Context, audit.Entry) error
}

// Journal takes what a person files at the desk, as it takes everybody's reports.
type Journal interface {
	Take(context.Context, intake.Delivery) (intake.Receipt, error)
}

// Options are what the room needs of the house.
type Options struct {
	Store   *store.Store
	IDs     Identifier
	Reads   Reads
	Copies  Copies           // of reports; nil: no log is read again for an indicator that comes after it
	Journal Journal          // nil: nothing can be filed at the desk
	Owner   string           // who we are, as others read it; "" is "this node"
	Clock   func() time.Time // nil is time.Now
	Logger  *slog.Logger
}

// Domain plugs cyber into the road.
type Domain struct {
	store   *store.Store
	ids     Identifier
	reads   Reads
	copies  Copies
	journal Journal
	owner   string
	clock   func() time.Time
	logger  *slog.Logger
	watch   watch
	taxii   *collection.Server // nil until Serve
	feeds   *feed.Feeds        // nil until Follow
}

var _ interface {
	pipeline.Domain
	pipeline.Finder
	pipeline.Clocked
	pipeline.Releaser
	pipeline.Receiver
	pipeline.Decider
} = (*Domain)(nil)

// New makes the room. Its migrations are run by whoever puts the house together.
func New(o Options) *Domain {
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Owner == "" {
		o.Owner = "this node"
	}
	return &Domain{
		store: o.Store, ids: o.IDs, reads: o.Reads, copies: o.Copies, journal: o.Journal, owner: o.Owner,
		clock: o.Clock, logger: o.Logger,
	}
}

// Name names the domain.
func (d *Domain) Name() string { return Name }

// Desk says who may do what with cyber's reports.
func (d *Domain) Desk() intake.Desk {
	return intake.Desk{
		Status:  []access.Role{access.Responder, access.Supervisor, access.Auditor},
		Raw:     []access.Role{access.Responder, access.Supervisor, access.Auditor},
		Opening: []access.Role{access.Supervisor},
	}
}

//go:embed migrations/*.sql
var migrations embed.FS

// Migrations are the room's tables.
func (d *Domain) Migrations() fs.FS { return migrations }

//go:embed rulebook/*.yaml
var rulebook embed.FS

// Rules are those that every node starts with.
func (d *Domain) Rules() fs.FS { return rulebook }

// Vocabulary is what rules over cyber can see.
func (d *Domain) Vocabulary() rules.Vocabulary { return Vocabulary() }

// Vocabulary is what rules over cyber can see, for those who test rules without a node.
func Vocabulary() rules.Vocabulary {
	return rules.Vocabulary{
		Name: "cyber", Domain: Name, Type: reflect.TypeFor[View](),
		Doc: "an indicator, a machine that met indicators, or an incident: kind says which",
	}
}

// Engines are the domain's own: what logs met.
func (d *Domain) Engines() []string { return []string{engineIndicator} }

// Outcomes are how a responder's case can end. None acts by itself on anybody's network.
func (d *Domain) Outcomes() []casework.Outcome {
	desk := []string{"responder", "supervisor"}
	return []casework.Outcome{
		{Code: casework.Cleared, Roles: desk, Shortest: 10},
		{Code: outcomeHarmless, Roles: desk, Shortest: 10},
		{Code: outcomeContained, Roles: desk, Shortest: 20},
		{Code: outcomeIncident, Roles: desk, Shortest: 20},
		{Code: outcomeNotified, Roles: desk, Shortest: 20},
	}
}

// The outcomes of cyber's own.
const (
	outcomeHarmless  = "false-match"     // the indicator points at somebody harmless
	outcomeContained = "contained"       // the machine was taken care of
	outcomeIncident  = "incident-opened" // it is one, and is worked on there
	outcomeNotified  = "owner-notified"  // whoever runs the machine was told
)
