package app

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime/debug"
	"sync"
	"time"

	"github.com/rihla/rihla/formats/airport"
	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/audit"
	"github.com/rihla/rihla/internal/casework"
	"github.com/rihla/rihla/internal/config"
	"github.com/rihla/rihla/internal/custody"
	"github.com/rihla/rihla/internal/facilitation/trust"
	"github.com/rihla/rihla/internal/intake"
	"github.com/rihla/rihla/internal/jobs"
	"github.com/rihla/rihla/internal/keys"
	"github.com/rihla/rihla/internal/pipeline"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/server"
	"github.com/rihla/rihla/internal/sharing"
	"github.com/rihla/rihla/internal/sharing/dialogue"
	"github.com/rihla/rihla/internal/store"
	"github.com/rihla/rihla/internal/telemetry"
	"github.com/rihla/rihla/web"
)

// Version is what the node says of itself.
const Version = "0.1.0"

// What bounds a node.
const (
	// memoryGoal is what the collector keeps the heap under; the database has its own caches beside it, together under
	// half a gigabyte. Below the goal it collects rarely: most of a busy node's heap is flights that stay.
	// What lists and travellers ahead take comes on top: see boundMemory.
	memoryGoal = 320 << 20
	// CollectAt is the collector's percentage, GOGC.
	CollectAt = 300
	// drainFor is how long requests under way may take to end.
	drainFor = 20 * time.Second
	// headWithin is how long a client may take to say what it wants, bodyWithin to send a report of the largest size.
	headWithin, bodyWithin = 10 * time.Second, 5 * time.Minute
	tidyEvery              = time.Hour
)

// Config is what a node is started with.
type Config struct {
	Dir          string           // its folder
	Exercise     string           // the node is the world of this exercise, and has no door; empty: it is a node in earnest
	config.Node                   // what differs from what node.yaml remembers; saved there
	Logger       *slog.Logger     // nil is silent
	Clock        func() time.Time // nil is time.Now
	Cookie       string           // the session cookie's name, where two nodes share a host
	StoreOptions store.Options    // for tests and benchmarks
	Ready        func(url string) // called once the node answers
	ReplyFloor   time.Duration    // of the exchange's answers hit or no hit; 0 is its own
	Relist       time.Duration    // between two private lists of a day; 0 is its own
	MatchDue     bool             // flights are matched privately by themselves, where an agreement has it periodic
}

// Node is the house, put together.
type Node struct {
	Config   Config
	Store    *store.Store
	Keys     *keys.Keys
	Audit    *audit.Log
	Access   *access.Access
	Jobs     *jobs.Jobs
	Reports  *intake.Reports
	Journal  *intake.Journal
	Screener *screening.Screener
	Rules    *screening.RuleDesk
	Desk     *casework.Desk
	Pipeline *pipeline.Pipeline
	Custody  *custody.Room
	Handler  http.Handler
	Domains  []pipeline.Domain
	Exchange *sharing.Room
	Matches  *sharing.Matches
	Dialogue *dialogue.Room
	Trust    *trust.Store

	id       string
	metrics  *telemetry.Metrics
	listener net.Listener
	shared   net.Listener // for partners' nodes; nil where none reach this one
	draining chan struct{}
	closers  []func() error
}

// Open puts a node together and binds its address. Nothing is taken in before Run. A node that cannot open leaves
// nothing open.
func Open(ctx context.Context, c Config) (n *Node, err error) {
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	if c.Clock == nil {
		c.Clock = time.Now
	}
	n = &Node{metrics: telemetry.New(), draining: make(chan struct{})}
	defer func() {
		if err != nil {
			err = errors.Join(err, n.Close())
		}
	}()
	if err := os.MkdirAll(c.Dir, 0o700); err != nil {
		return n, err
	}
	id, unlock, err := lock(c.Dir)
	if err != nil {
		return n, err
	}
	n.id, n.closers = id, append(n.closers, unlock)
	remembered, err := config.Load(c.Dir)
	if err != nil {
		return n, err
	}
	c.Node = remembered.Merge(c.Node)
	n.Config = c
	if n.Store, err = store.Open(ctx, c.Store, c.StoreOptions); err != nil {
		return n, err
	}
	n.closers = append(n.closers, n.Store.Close)
	if err := n.rooms(ctx); err != nil {
		return n, err
	}
	if c.Exercise == "" {
		if err := n.listenToPartners(ctx); err != nil {
			return n, err
		}
	}
	if err := c.Save(c.Dir); err != nil { // only what works is remembered
		return n, err
	}
	if n.listener, err = (&net.ListenConfig{}).Listen(ctx, "tcp", c.Listen); err != nil {
		return n, fmt.Errorf("listen on %s: %w", c.Listen, err)
	}
	n.closers = append(n.closers, func() error { _ = n.listener.Close(); return nil }) // the HTTP server closes it first
	return n, nil
}

// rooms opens the rooms from the ground up.
func (n *Node) rooms(ctx context.Context) (err error) {
	c, st := &n.Config, n.Store
	if n.Keys, err = keys.Open(ctx, st, keys.Options{Dir: keysIn(c.Dir), KeyFile: c.KeyFile, Clock: c.Clock}); err != nil {
		return err
	}
	if n.Audit, err = audit.Open(ctx, st, n.Keys, audit.Options{Dir: keysIn(c.Dir), Owner: n.id, Logger: c.Logger}); err != nil {
		return err
	}
	if n.Access, err = access.Open(ctx, st, access.Options{Clock: c.Clock, Cookie: c.Cookie}); err != nil {
		return err
	}
	if n.Jobs, err = jobs.Open(ctx, st, jobs.Options{Owner: n.id, Logger: c.Logger}); err != nil {
		return err
	}
	if n.Reports, err = intake.OpenReports(ctx, st, n.Keys, c.Clock); err != nil {
		return err
	}
	if n.Journal, err = intake.OpenJournal(ctx, st, n.Keys, n.Reports, intake.JournalOptions{Owner: n.id, Clock: c.Clock}); err != nil {
		return err
	}
	n.closers = append(n.closers, n.Journal.Close)
	if err := n.openTrust(ctx); err != nil {
		return err
	}
	if n.Domains, err = n.domains(ctx); err != nil {
		return err
	}
	screened := screening.Options{Clock: c.Clock, Logger: c.Logger}
	cases := casework.Options{Reads: n.Audit, Announce: announceCase, Decided: n.decided}
	for _, d := range n.Domains {
		screened.Vocabularies = append(screened.Vocabularies, d.Vocabulary())
		cases.Offers = append(cases.Offers, casework.Offer{Domain: d, Roles: caseRoles(d)})
	}
	if n.Screener, err = screening.Open(ctx, st, screened); err != nil {
		return err
	}
	n.openRuleDesk()
	if n.Desk, err = casework.NewDesk(ctx, st, cases); err != nil {
		return err
	}
	n.Pipeline, err = pipeline.Open(ctx, pipeline.Options{
		Store: st, Journal: n.Journal, Reports: n.Reports, Screener: n.Screener, Domains: n.Domains,
		Jobs: n.Jobs, Owner: n.id, Clock: c.Clock, Logger: c.Logger, Registry: n.metrics.Registry,
	})
	if err != nil {
		return err
	}
	n.Custody, err = custody.Open(ctx, custody.Options{
		Store: st, Jobs: n.Jobs, Clocks: pipeline.Retention(n.Domains), Own: c.Retention, Clock: c.Clock, Logger: c.Logger,
	})
	if err != nil {
		return err
	}
	if err := n.loadRules(ctx); err != nil {
		return err
	}
	if err := n.openExchange(ctx); err != nil {
		return err
	}
	n.Handler, err = n.face()
	return err
}

func announceCase(ctx context.Context, tx store.Tx, e casework.Event) error {
	return pipeline.Announce(ctx, tx, e.Domain, pipeline.Event{Name: "case", ID: e.ID, Counts: e.Counts})
}

// caseRoles are who works on a domain's cases: whoever sees its reports, but for those who only watch.
func caseRoles(d pipeline.Domain) []access.Role {
	var roles []access.Role
	for _, r := range d.Desk().Status {
		if r != access.Auditor {
			roles = append(roles, r)
		}
	}
	return roles
}

// face puts the HTTP API and the pages together.
func (n *Node) face() (http.Handler, error) {
	gate := &intake.HTTPGate{
		Journal: n.Journal, Reports: n.Reports, Reads: n.Audit, Desks: n.Pipeline.Desks(),
		Interactive: n.Pipeline.Interactive, Answer: n.Pipeline.Answer, Repeat: n.Pipeline.Repeat, Segments: n.Pipeline.Segments,
	}
	c := &n.Config
	facts := server.NodeFacts{Name: c.Name, State: c.State, Country: c.Home, Airports: c.Airports, Zone: "UTC"}
	if len(c.Airports) > 0 {
		if a, known := airport.ByIATA(c.Airports[0]); known {
			facts.Zone = a.Zone
		}
	}
	rooms := []server.Room{gate, n.Desk, n.Exchange, n.Matches, n.Dialogue, n.Custody, n.Trust}
	searchers := []server.Searcher{server.Cases(n.Desk)}
	for _, d := range n.Domains {
		rooms = append(rooms, d)
		if s, ok := d.(server.Searcher); ok {
			searchers = append(searchers, s)
		}
	}
	return server.New(server.Deps{
		Node: facts, Store: n.Store, Access: n.Access, Audit: n.Audit, Screener: n.Screener, Rules: n.Rules,
		Rooms: rooms, Searchers: searchers, Describe: n.describe, Events: n.Pipeline.Hub(),
		Announce: announce,
		Pages:    web.Handler(), Metrics: n.metrics.Handler(), Draining: n.draining, Observe: n.metrics.Observe,
		Logger: c.Logger, Clock: c.Clock, Version: Version,
	})
}

// describe asks the domains who a subject is: one of them knows.
func (n *Node) describe(ctx context.Context, r store.Reader, id screening.ID) (casework.Sheet, error) {
	for _, d := range n.Domains {
		if sheet, err := d.Describe(ctx, r, id); err != nil || sheet.Title != "" {
			return sheet, err
		}
	}
	return casework.Sheet{}, nil
}

// URL is where the node answers.
func (n *Node) URL() string { return "http://" + n.listener.Addr().String() }

// Close ends what Open opened. Run does it by itself.
func (n *Node) Close() error {
	var failed error
	for i := len(n.closers) - 1; i >= 0; i-- {
		failed = errors.Join(failed, n.closers[i]())
	}
	n.closers = nil
	return failed
}

// boundMemory bounds the heap, with room for lists: a million entries, or travellers ahead, are no reason to collect all
// the time.
func (n *Node) boundMemory() { debug.SetMemoryLimit(memoryGoal + n.Screener.Footprint()*5/4) }

// keepBounds follows lists as they grow.
func (n *Node) keepBounds(ctx context.Context) error {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
			n.boundMemory()
		}
	}
}

// Run takes reports in and answers until the context ends. Then the gates close, what is in flight is finished, the audit
// log is sealed, and the node closes. Nil is a drain that left nothing undone but what the journal keeps.
func (n *Node) Run(ctx context.Context) (err error) {
	n.boundMemory()
	debug.SetGCPercent(CollectAt)
	defer func() { err = errors.Join(err, n.Close()) }()
	ctx, fail := context.WithCancelCause(ctx)
	defer fail(nil)

	// The log outlives the rooms: what they do while they drain is sealed too.
	logged, stopLog := context.WithCancel(context.WithoutCancel(ctx))
	var log, rooms sync.WaitGroup
	defer func() {
		rooms.Wait()
		stopLog()
		log.Wait()
		if cause := context.Cause(ctx); !errors.Is(cause, context.Canceled) {
			err = errors.Join(err, cause)
		}
	}()
	run := func(g *sync.WaitGroup, in context.Context, name string, work func(context.Context) error) {
		g.Go(func() {
			if err := work(in); err != nil && !errors.Is(err, context.Canceled) {
				fail(fmt.Errorf("%s: %w", name, err))
			}
		})
	}
	run(&log, logged, "audit log", n.Audit.Run)
	run(&rooms, ctx, "pipeline", n.Pipeline.Run)
	run(&rooms, ctx, "jobs", n.Jobs.Run)
	run(&rooms, ctx, "memory", n.keepBounds)
	run(&rooms, ctx, "tidying", n.tidy)
	if n.Config.Exercise == "" { // what else comes in, and what goes out
		run(&rooms, ctx, "lists", n.fetcher().Run)
		run(&rooms, ctx, "watched folder", n.inbox().Run)
		run(&rooms, ctx, "answers to folders", n.outbox().Run)
		run(&rooms, ctx, "exchange", n.Exchange.Run)
		run(&rooms, ctx, "private matching", n.Matches.Run)
		run(&rooms, ctx, "partners", n.servePartners)
	}
	run(&rooms, ctx, "http", n.serve)
	return nil
}

// serve answers HTTP until the context ends, then lets requests under way end.
func (n *Node) serve(ctx context.Context) error {
	s := &http.Server{
		Handler: n.Handler, ReadHeaderTimeout: headWithin, ReadTimeout: bodyWithin,
		ErrorLog: slog.NewLogLogger(n.Config.Logger.Handler(), slog.LevelDebug),
	}
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(n.listener) }()
	if n.Config.Ready != nil {
		n.Config.Ready(n.URL())
	}
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	close(n.draining)
	within, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainFor)
	defer cancel()
	if err := s.Shutdown(within); err != nil {
		n.Config.Logger.Warn("requests were cut off", "error", err)
		return s.Close()
	}
	return nil
}

// inbox is the watched folder; its subfolders are named for the filers.
func (n *Node) inbox() *intake.FolderGate {
	return &intake.FolderGate{
		Journal: n.Journal, Dir: n.inboxDir(), Interactive: n.Pipeline.Interactive, Logger: n.Config.Logger,
		Filer: func(ctx context.Context, name string) (intake.Filer, bool, error) {
			all, err := n.Access.Keys(ctx)
			for _, k := range all {
				if k.Name == name && k.Role == access.Filer {
					return intake.Filer{ID: k.ID, Name: k.Name, Carriers: k.Carriers}, true, err
				}
			}
			return intake.Filer{}, false, err
		},
	}
}

func (n *Node) inboxDir() string { return filepath.Join(n.Config.Dir, "inbox") }

// outbox is where those who file through the watched folder find what they are answered.
func (n *Node) outbox() *intake.Outbox {
	return &intake.Outbox{Reports: n.Reports, Dir: filepath.Join(n.Config.Dir, "outbox"), Inbox: n.inboxDir(), Logger: n.Config.Logger}
}

// tidy does what is to be done every hour, and once at the start.
func (n *Node) tidy(ctx context.Context) error {
	tick := time.NewTicker(tidyEvery)
	defer tick.Stop()
	for {
		if err := n.Reports.Expire(ctx, n.Journal); err != nil && ctx.Err() == nil {
			n.Config.Logger.Error("quarantine could not be tidied", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

var _ server.Room = (*intake.HTTPGate)(nil)

var _ interface{ Routes(*api.Mux) } = (*casework.Desk)(nil)

// OpenAPI is the description of the node's HTTP API.
func (n *Node) OpenAPI() ([]byte, error) {
	q, err := http.NewRequestWithContext(context.Background(), http.MethodGet, "/openapi.json", nil)
	if err != nil {
		return nil, err
	}
	var a page
	n.Handler.ServeHTTP(&a, q)
	if a.status != 0 && a.status != http.StatusOK {
		return nil, fmt.Errorf("the description answered %d: %s", a.status, a.body.Bytes())
	}
	return a.body.Bytes(), nil
}

// page keeps what a handler answers.
type page struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (p *page) Header() http.Header {
	if p.header == nil {
		p.header = http.Header{}
	}
	return p.header
}

func (p *page) WriteHeader(status int)      { p.status = status }
func (p *page) Write(b []byte) (int, error) { return p.body.Write(b) }
