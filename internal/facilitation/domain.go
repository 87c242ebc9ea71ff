package facilitation

import (
	"context"
	"crypto/rand"
	"io"
	"io/fs"
	"log/slog"
	"reflect"
	"strconv"
	"time"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/audit"
	"github.com/rihla/rihla/internal/casework"
	"github.com/rihla/rihla/internal/intake"
	"github.com/rihla/rihla/internal/pipeline"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/screening/rules"
	"github.com/rihla/rihla/internal/sharing"
	"github.com/rihla/rihla/internal/store"
)

// Name is the domain's.
const Name = "facilitation"

// Engine is what finds that a permit is missing, and what else this room finds by itself.
const Engine = Name

// Identifier makes ids from natural keys: the same on every node of a store, telling nothing.
type Identifier interface {
	ID(kind string, parts ...string) string
}

// Reads is where a read of a person's data is told, durably, before the data leaves.
type Reads interface {
	Read(context.Context, audit.Entry) error
}

// Journal takes in what people type: a report like any other.
type Journal interface {
	Take(context.Context, intake.Delivery) (intake.Receipt, error)
}

// Exchange is how an applicant's own state is asked, where an agreement allows it.
type Exchange interface {
	// Ways are the agreements in force under which a category may be asked for now.
	Ways(ctx context.Context, r store.Reader, category string) ([]sharing.Way, error)
	Ask(ctx context.Context, by access.Principal, agreement string, q sharing.Question) (sharing.Thread, error)
	Approve(ctx context.Context, by access.Principal, thread string, yes bool, reason string) (sharing.Thread, error)
}

// Options are what the room needs of the house.
type Options struct {
	Store    *store.Store
	IDs      Identifier
	Reads    Reads
	Journal  Journal
	Exchange Exchange  // may be nil: then nobody else is asked
	Home     string    // this state, alpha-3
	State    string    // its name, for letters
	Settings *Settings // nil is the defaults
	Random   io.Reader // of numbers and secrets; nil is the machine's
	Clock    func() time.Time
	Logger   *slog.Logger

	// Crossings are those due at the border, whatever carries them. It may be nil.
	Crossings func(ctx context.Context, r store.Reader, from, until time.Time) ([]pipeline.Crossing, error)
	// Aboard are those of them who come by one flight. It may be nil.
	Aboard func(ctx context.Context, r store.Reader, flight string) ([]pipeline.Crossing, error)
	// Vouched adds to subjects what is known of them in the house. It may be nil.
	Vouched func(context.Context, store.Reader, ...screening.Subject) ([]screening.Screened, error)
}

// Domain plugs facilitation into the road.
type Domain struct {
	store     *store.Store
	ids       Identifier
	reads     Reads
	journal   Journal
	exchange  Exchange
	home      string
	state     string
	settings  *Settings
	random    io.Reader
	clock     func() time.Time
	logger    *slog.Logger
	crossings func(ctx context.Context, r store.Reader, from, until time.Time) ([]pipeline.Crossing, error)
	aboard    func(ctx context.Context, r store.Reader, flight string) ([]pipeline.Crossing, error)
	vouched   func(context.Context, store.Reader, ...screening.Subject) ([]screening.Screened, error)

	everybody    everybody
	nothing      nothing
	doors        doors
	expectations expectations // of arrival halls
}

var (
	_ pipeline.Domain   = (*Domain)(nil)
	_ pipeline.Gathered = (*Domain)(nil)
	_ pipeline.Knower   = (*Domain)(nil)
	_ pipeline.Finder   = (*Domain)(nil)
	_ pipeline.Voucher  = (*Domain)(nil)
	_ pipeline.Clocked  = (*Domain)(nil)
	_ pipeline.Decider  = (*Domain)(nil)
	_ pipeline.Watcher  = (*Domain)(nil)
	_ pipeline.Receiver = (*Domain)(nil)
	_ pipeline.Asker    = (*Domain)(nil)
)

// New makes the room. Its migrations are run by whoever puts the house together.
func New(o Options) *Domain {
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Random == nil {
		o.Random = rand.Reader
	}
	if o.Settings == nil {
		var err error
		if o.Settings, err = ReadSettings(nil); err != nil { // a test reads the defaults
			o.Logger.Error("the settings of facilitation that come with the program cannot be read", "error", err)
		}
	}
	return &Domain{
		store: o.Store, ids: o.IDs, reads: o.Reads, journal: o.Journal, exchange: o.Exchange, home: o.Home, state: o.State, settings: o.Settings, random: o.Random,
		clock: o.Clock, logger: o.Logger, crossings: o.Crossings, aboard: o.Aboard, vouched: o.Vouched, doors: newDoors(o.Clock),
	}
}

// Name names the domain.
func (d *Domain) Name() string { return Name }

// Desk says who may do what with these reports.
func (d *Domain) Desk() intake.Desk {
	return intake.Desk{
		Status:  []access.Role{access.Officer, access.Supervisor, access.Auditor},
		Raw:     []access.Role{access.Supervisor, access.Auditor},
		Opening: []access.Role{access.Supervisor},
	}
}

// Engines are those whose findings Screen and Vouch give whole.
func (d *Domain) Engines() []string { return []string{Engine} }

// Migrations are the room's tables.
func (d *Domain) Migrations() fs.FS { return migrations }

// View is an application as rules see it. No sensitive attribute exists in it, nor an answer in words.
type View struct {
	Kind        string   `cel:"kind" doc:"what was applied for" values:"membership,authorisation,redress,vetting"`
	State       string   `cel:"state" doc:"how far it has come"`
	Nationality string   `cel:"nationality" doc:"alpha-3"`
	Program     string   `cel:"program" doc:"of a trusted traveller"`
	Purpose     string   `cel:"purpose" doc:"of an authorisation"`
	Declared    []string `cel:"declared" doc:"the questions answered with yes"`
	ChipRead    bool     `cel:"chip_read" doc:"the document's chip was read"`
	ChipHolds   bool     `cel:"chip_holds" doc:"and what it holds is what its issuer wrote"`
	Countries   int64    `cel:"countries" doc:"visited in five years"`
}

// Vocabulary is what rules over applications can see.
func (d *Domain) Vocabulary() rules.Vocabulary { return Vocabulary() }

// Vocabulary is what rules over applications can see, for those who test rules without a node.
func Vocabulary() rules.Vocabulary {
	return rules.Vocabulary{Name: "application", Domain: Name, Type: reflect.TypeFor[View](), Doc: "one application of a traveller"}
}

func (a *Application) view() *View {
	f := &a.Form
	v := &View{
		Kind: string(a.Kind), State: string(a.State), Nationality: f.Applicant.Nationality, Program: f.Program, Purpose: f.Purpose, Declared: f.Declarations.Yes(), Countries: int64(len(f.Travel)),
	}
	if chip := f.Applicant.Document.Chip; chip != nil {
		v.ChipRead, v.ChipHolds = chip.Read, chip.Read && chip.Passive.Holds()
	}
	return v
}

// Screen gives applicants as committed, with what this room finds by itself.
func (d *Domain) Screen(ctx context.Context, r store.Reader, ids []screening.ID) ([]screening.Screened, error) {
	applications, err := applicationsOf(ctx, r, texts(ids))
	if err != nil {
		return nil, err
	}
	out := make([]screening.Screened, 0, len(ids))
	for _, id := range ids {
		if a := applications[string(id)]; a != nil {
			out = append(out, d.screened(a))
		}
	}
	return out, nil
}

func (d *Domain) screened(a *Application) screening.Screened {
	return screening.Screened{Subject: a.subject(), View: a.view(), Found: a.found()}
}

// Subjects gives applicants by themselves.
func (d *Domain) Subjects(ctx context.Context, r store.Reader, ids []screening.ID) ([]screening.Subject, error) {
	applications, err := applicationsOf(ctx, r, texts(ids))
	if err != nil {
		return nil, err
	}
	out := make([]screening.Subject, 0, len(ids))
	for _, id := range ids {
		if a := applications[string(id)]; a != nil {
			out = append(out, a.subject())
		}
	}
	return out, nil
}

func texts(ids []screening.ID) []string {
	out := make([]string, len(ids))
	for i, id := range ids {
		out[i] = string(id)
	}
	return out
}

// Ahead lists applications in progress, members and holders of permits: all whom a list that changes may concern.
func (d *Domain) Ahead(ctx context.Context, r store.Reader, _ time.Time, after screening.ID, n int) (out []screening.ID, err error) {
	all, err := d.everybody.read(ctx, r)
	if err != nil {
		return nil, err
	}
	for i := from(all, string(after)); i < len(all) && len(out) < n; i++ {
		out = append(out, screening.ID(all[i].ID))
	}
	return out, nil
}

// from is the first holder after an id.
func from(all []screening.Holder, id string) int {
	low, high := 0, len(all)
	for low < high {
		if mid := (low + high) / 2; all[mid].ID > id {
			high = mid
		} else {
			low = mid + 1
		}
	}
	return low
}

// Holders are those who are ahead, each by itself: pipeline.Gathered.
func (d *Domain) Holders(ctx context.Context, r store.Reader, _ time.Time) ([]screening.Holder, error) {
	return d.everybody.read(ctx, r)
}

// Held gives applications.
func (d *Domain) Held(ctx context.Context, r store.Reader, ids []string) ([]screening.Held, error) {
	return heldBy(ctx, r, ids)
}

// Describe tells a human what an application is, for the desk.
func (d *Domain) Describe(ctx context.Context, r store.Reader, id screening.ID) (casework.Sheet, error) {
	found, err := applicationsOf(ctx, r, []string{string(id)})
	a := found[string(id)]
	if err != nil || a == nil {
		return casework.Sheet{}, err
	}
	p := &a.Form.Applicant
	s := casework.Sheet{
		Title: screening.Name{Surname: p.FamilyName, Given: p.GivenNames}.String(), Context: string(a.Kind) + " " + a.Ref, Path: "/facilitation/applications/" + a.ID, Until: a.Due,
	}
	line := func(label, value string) {
		if value != "" {
			s.Lines = append(s.Lines, casework.Line{Label: label, Value: value, Sources: nonEmpty(a.Source)})
		}
	}
	line("application_kind", string(a.Kind))
	line("application_state", string(a.State))
	line("program", a.Form.Program)
	line("born", p.Born)
	line("sex", p.Sex)
	line("nationality", p.Nationality)
	line("document", p.Document.Number+" "+p.Document.Issuer)
	line("standing_number", a.Number)
	if !a.Until.IsZero() {
		line("standing_until", a.Until.Format(time.DateOnly))
	}
	return s, nil
}

// The outcomes of a case that this room acts on.
const (
	OutcomeGrant   = "grant"
	OutcomeRefuse  = "refuse"
	OutcomeSuspend = "suspend"
	OutcomeRevoke  = "revoke"
)

// Outcomes are how a case of an applicant or member can end. Nobody is refused and nothing is taken away without two people.
func (d *Domain) Outcomes() []casework.Outcome {
	desk := []string{string(access.Officer), string(access.Supervisor)}
	return []casework.Outcome{
		{Code: casework.NotSamePerson, Roles: desk, Shortest: 10},
		{Code: casework.Cleared, Roles: desk, Shortest: 10},
		{Code: OutcomeGrant, Roles: desk, Shortest: 10},
		{Code: "referred", Roles: desk, Shortest: 20},
		{Code: OutcomeSuspend, Roles: desk, Adverse: true, Shortest: 20},
		{Code: OutcomeRefuse, Roles: desk, Adverse: true, Second: true, Shortest: 20},
		{Code: OutcomeRevoke, Roles: desk, Adverse: true, Second: true, Shortest: 20},
	}
}

func nonEmpty(values ...string) (out []string) {
	for _, v := range values {
		if v != "" {
			out = append(out, v)
		}
	}
	return out
}

func ordinal(n int) string { return "$" + strconv.Itoa(n) }
