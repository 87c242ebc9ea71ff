package pipeline

import (
	"context"
	"embed"
	"errors"
	"hash/fnv"
	"log/slog"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/sync/semaphore"

	"github.com/rihla/rihla/internal/intake"
	"github.com/rihla/rihla/internal/jobs"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/screening/links"
	"github.com/rihla/rihla/internal/store"
)

//go:embed migrations
var migrations embed.FS

// What bounds the memory and the waiting of a node. None of them changes a result.
const (
	// bytesInFlight are the bytes of reports being worked on, counted twice: once raw, once decoded.
	bytesInFlight = 64 << 20
	// workersACore: a worker waits for its report's commit, so there are more than cores, or none would share one.
	workersACore = 6
	// commitsTogether is how many reports share a commit at most.
	commitsTogether = 12
	// answeredLingers is how long a question that was answered may wait to share its commit: question and answer are on disk
	// already, and the next answer's sync should not stand behind this one's.
	answeredLingers = 20 * time.Millisecond
	// drainFor is how long Run finishes what is in flight once its context has ended.
	drainFor = 20 * time.Second
	// pollEvery is how often what another process may have done is looked for.
	pollEvery = time.Second
)

// Options are what the house gives its pipeline.
type Options struct {
	Store    *store.Store
	Journal  *intake.Journal
	Reports  *intake.Reports
	Screener *screening.Screener
	Domains  []Domain
	Jobs     *jobs.Jobs           // where clocks ring; nil: they ring nowhere
	Owner    string               // this node, for work that is claimed
	Clock    func() time.Time     // nil is time.Now
	Logger   *slog.Logger         // nil is silent
	Registry *prometheus.Registry // nil counts for nobody
	Workers  int                  // 0 is by the cores
}

// Pipeline takes reports from the journal to the store.
type Pipeline struct {
	Options
	hub     *Hub
	meters  *meters
	group   *store.Group[*writing]
	formats []offer
	workers []worker
	room    map[intake.Lane]*semaphore.Weighted
	held    held
	written chan string  // ids that the journal may let go of
	taken   atomic.Int64 // reports taken up: while they come, what can wait does
}

// offer is a format with the domain that reads it.
type offer struct {
	domain Domain
	format Format
}

// worker works on one report at a time; its interactive ones first.
type worker struct{ interactive, bulk chan *reading }

// Migrate brings the room's own tables up to date, for a command that announces beside a node. Open does it too.
func Migrate(ctx context.Context, st *store.Store) error {
	return st.Migrate(ctx, "pipeline", migrations)
}

// Open makes a pipeline and its tables, and runs the domains' migrations. Nothing happens before Run.
func Open(ctx context.Context, o Options) (*Pipeline, error) {
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Workers <= 0 {
		o.Workers = workersACore * runtime.GOMAXPROCS(0)
	}
	if err := Migrate(ctx, o.Store); err != nil {
		return nil, err
	}
	if err := links.Migrate(ctx, o.Store); err != nil {
		return nil, err
	}
	p := &Pipeline{
		Options: o,
		meters:  newMeters(o.Registry),
		workers: make([]worker, o.Workers),
		written: make(chan string, 1024),
		room: map[intake.Lane]*semaphore.Weighted{
			intake.Interactive: semaphore.NewWeighted(bytesInFlight / 4),
			intake.Bulk:        semaphore.NewWeighted(bytesInFlight),
		},
	}
	for _, d := range o.Domains {
		if err := o.Store.Migrate(ctx, d.Name(), d.Migrations()); err != nil {
			return nil, err
		}
		for _, f := range d.Formats() {
			p.formats = append(p.formats, offer{d, f})
		}
		if c, ok := d.(Clocked); ok && o.Jobs != nil {
			for _, kind := range c.Clocks() {
				o.Jobs.Handle(kind, p.woken(d, c))
			}
		}
	}
	if o.Jobs != nil {
		o.Jobs.Handle(nearKind, p.lookNear)
	}
	p.group = store.NewGroup(o.Store, commitsTogether, p.write)
	p.group.Linger = func(w *writing) time.Duration {
		if len(w.answer) > 0 {
			return answeredLingers
		}
		return 0
	}
	hub, err := openHub(ctx, o.Store)
	p.hub = hub
	return p, err
}

// Hub is where live pages hear what changed.
func (p *Pipeline) Hub() *Hub { return p.hub }

// Desks are the domains' desks, for intake's gates.
func (p *Pipeline) Desks() intake.Desks {
	desks := intake.Desks{}
	for _, d := range p.Domains {
		desks[d.Name()] = d.Desk()
	}
	return desks
}

// Run works until the context ends, then takes up nothing new and finishes what is in flight.
func (p *Pipeline) Run(ctx context.Context) error {
	work, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	defer context.AfterFunc(ctx, func() { time.AfterFunc(drainFor, cancel) })()

	var side sync.WaitGroup // what goes on beside the road, until the context ends
	side.Go(func() { p.hub.run(ctx) })
	side.Go(func() { p.refresh(ctx) })
	side.Go(func() { p.adopt(ctx) })
	for _, d := range p.Domains {
		side.Go(func() { p.lookAgain(ctx, work, d) })
		side.Go(func() { p.keepTies(ctx, work, d) })
		if g, ok := d.(Gathered); ok {
			side.Go(func() { p.keepLearning(ctx, d, g) })
		}
	}

	var workers sync.WaitGroup
	for i := range p.workers {
		p.workers[i] = worker{make(chan *reading, 1), make(chan *reading, 1)}
		workers.Go(func() { p.workers[i].run(func(r *reading) { p.process(work, r) }) })
	}
	var readers sync.WaitGroup
	for lane, n := range map[intake.Lane]int{intake.Interactive: 1, intake.Bulk: runtime.GOMAXPROCS(0)} {
		admitted := make(chan *hold)
		readers.Go(func() {
			defer close(admitted)
			p.feed(ctx, lane, admitted)
		})
		for range n {
			readers.Go(func() {
				for h := range admitted {
					p.take(work, h)
				}
			})
		}
	}
	let := make(chan struct{})
	go func() {
		defer close(let)
		p.letGo(work)
	}()

	readers.Wait()
	for _, w := range p.workers {
		close(w.interactive)
		close(w.bulk)
	}
	workers.Wait()
	close(p.written)
	<-let
	side.Wait()
	p.Screener.Wait()
	return work.Err()
}

// run works until both lanes are closed and empty.
func (w worker) run(work func(*reading)) {
	interactive, bulk := w.interactive, w.bulk
	for interactive != nil || bulk != nil {
		select { // whoever waits for an answer goes first
		case r, open := <-interactive:
			if !open {
				interactive = nil
				continue
			}
			work(r)
			continue
		default:
		}
		select {
		case r, open := <-interactive:
			if !open {
				interactive = nil
				continue
			}
			work(r)
		case r, open := <-bulk:
			if !open {
				bulk = nil
				continue
			}
			work(r)
		}
	}
}

// workerOf chooses who works on what has this key, so that one key's reports follow one another.
func (p *Pipeline) workerOf(key string) worker {
	h := fnv.New32a()
	_, _ = h.Write([]byte(key)) // a hash never fails
	return p.workers[h.Sum32()%uint32(len(p.workers))]
}

// refresh has the screener look for newer lists and rules.
func (p *Pipeline) refresh(ctx context.Context) {
	wake, stop := p.Store.Watch(screening.TopicGeneration)
	defer stop()
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-wake:
		case <-tick.C:
		}
		changed, err := p.Screener.Refresh(ctx)
		switch {
		case err != nil && ctx.Err() == nil:
			p.Logger.Error("lists and rules could not be refreshed; the old generation stays", "error", err)
		case changed:
			p.Logger.Info("lists and rules are of a new generation", "generation", p.Screener.Generation().Number())
		}
	}
}

// letGo removes from the journal what the store has. It may be late, or never come to it: after a crash the store knows
// what it has.
func (p *Pipeline) letGo(ctx context.Context) {
	const together, gather = 256, 100 * time.Millisecond
	for id := range p.written {
		ids := []string{id}
		timer := time.NewTimer(gather)
	more:
		for len(ids) < together {
			select {
			case id, open := <-p.written:
				if !open {
					break more
				}
				ids = append(ids, id)
			case <-timer.C:
				break more
			}
		}
		timer.Stop()
		for {
			err := p.Journal.Remove(ctx, ids)
			if err == nil || ctx.Err() != nil { // after a drain that took too long they go at the next start
				break
			}
			p.Logger.Error("the journal does not let go of what the store has", "reports", len(ids), "error", err)
			select {
			case <-ctx.Done():
			case <-time.After(pollEvery):
			}
		}
		p.held.drop(ids...)
	}
}

// errDraining ends the wait of what is given up when the node stops; the journal still has it.
var errDraining = errors.New("the node is stopping")
