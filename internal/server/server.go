package server

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/audit"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/store"
)

// Room is a part of the house that answers paths of its own.
type Room interface {
	Routes(*api.Mux)
}

// Deps is what the server stands on. Store, Access, Audit and Screener must be there; the rest may be left out.
type Deps struct {
	Node      NodeFacts
	Store     *store.Store
	Access    *access.Access
	Audit     *audit.Log
	Screener  *screening.Screener
	Rules     *screening.RuleDesk // nil is one that nobody works on backtests for
	Rooms     []Room              // casework, the gates of intake, the domains
	Searchers []Searcher          // who can be asked for a name, a document, a number
	Describe  Describer           // who a subject is; nil leaves people nameless
	Events    Hub
	// Announce tells live pages of something the server itself did: a list was replaced.
	Announce func(ctx context.Context, tx store.Tx, name, id string, counts map[string]int) error
	Pages    http.Handler    // the web app
	Metrics  http.Handler    // Prometheus
	Draining <-chan struct{} // closed when the node is about to stop
	Observe  func(route string, status int, took time.Duration)
	Logger   *slog.Logger
	Clock    func() time.Time
	Secure   bool // people reach the node over TLS: cookies and browsers are told so
	Version  string
}

type server struct{ Deps }

// New gives the whole face of a node.
func New(d Deps) (http.Handler, error) {
	if d.Store == nil || d.Access == nil || d.Audit == nil || d.Screener == nil {
		return nil, errors.New("server: Store, Access, Audit and Screener must be given")
	}
	if d.Clock == nil {
		d.Clock = time.Now
	}
	if d.Logger == nil {
		d.Logger = slog.New(slog.DiscardHandler)
	}
	if d.Rules == nil {
		d.Rules = screening.NewRuleDesk(d.Screener, screening.RuleDeskOptions{})
	}
	s := &server{Deps: d}
	m := api.NewMux(api.Options{
		Title:        "Rihla",
		Version:      d.Version,
		Authenticate: d.Access.Authenticate,
		Logger:       d.Logger,
		Observe:      d.Observe,
	})
	s.sessionRoutes(m)
	s.nodeRoutes(m)
	s.searchRoutes(m)
	s.linkRoutes(m)
	s.listRoutes(m)
	s.thresholdRoutes(m)
	s.dismissalRoutes(m)
	s.ruleRoutes(m)
	s.auditRoutes(m)
	s.eventRoutes(m)
	s.healthRoutes(m)
	for _, room := range d.Rooms {
		room.Routes(m)
	}
	if d.Pages != nil {
		m.Page("/", d.Pages)
	}
	return s.careful(m), nil
}
