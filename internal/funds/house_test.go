package funds_test

import (
	"bytes"
	"context"
	"io/fs"
	"log/slog"
	"net/http"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/audit"
	"github.com/rihla/rihla/internal/casework"
	"github.com/rihla/rihla/internal/funds"
	"github.com/rihla/rihla/internal/intake"
	"github.com/rihla/rihla/internal/jobs"
	"github.com/rihla/rihla/internal/keys"
	"github.com/rihla/rihla/internal/pipeline"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/screening/lists"
	"github.com/rihla/rihla/internal/screening/rules"
	"github.com/rihla/rihla/internal/store"
)

// house is the room on the whole road: journal, pipeline, screening, cases and clocks.
type house struct {
	t *testing.T
	*funds.Domain
	store    *store.Store
	reports  *intake.Reports
	journal  *intake.Journal
	screener *screening.Screener
	pipeline *pipeline.Pipeline
	desk     *casework.Desk
	jobs     *jobs.Jobs
	log      *audit.Log
	keys     *keys.Keys

	mu  sync.Mutex
	now time.Duration // ahead of the clock on the wall
}

func (h *house) clock() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return time.Now().Add(h.now)
}

func (h *house) forward(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.now += d
}

// live builds the house and runs it. The store has to go by the house's clock: storetest.With does.
func live(t *testing.T, st func(clock func() time.Time) *store.Store, home string) *house {
	t.Helper()
	ctx := t.Context()
	h := &house{t: t}
	h.store = st(h.clock)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	dir := t.TempDir()
	var err error
	h.keys, err = keys.Open(ctx, h.store, keys.Options{Dir: filepath.Join(dir, "keys")})
	must(err)
	h.log, err = audit.Open(ctx, h.store, h.keys, audit.Options{Dir: filepath.Join(dir, "keys"), Owner: "o"})
	must(err)
	h.reports, err = intake.OpenReports(ctx, h.store, h.keys, h.clock)
	must(err)
	h.journal, err = intake.OpenJournal(ctx, h.store, h.keys, h.reports, intake.JournalOptions{Owner: "o", Clock: h.clock})
	must(err)
	h.Domain = funds.New(funds.Options{Store: h.store, IDs: h.keys, Reads: h.log, Journal: h.journal, Home: home, Clock: h.clock})
	h.screener, err = screening.Open(ctx, h.store, screening.Options{Vocabularies: []rules.Vocabulary{funds.Vocabulary()}, Clock: h.clock})
	must(err)
	book, err := fs.ReadFile(h.Rules(), "rulebook/funds.yaml")
	must(err)
	_, err = screening.LoadRules(ctx, h.store, []rules.Vocabulary{funds.Vocabulary()}, screening.Upload{Name: "funds", By: "t", Role: "supervisor", Files: []lists.File{{Name: "funds.yaml", Data: book}}})
	must(err)
	h.jobs, err = jobs.Open(ctx, h.store, jobs.Options{Owner: "o"})
	must(err)
	h.desk, err = casework.NewDesk(ctx, h.store, casework.Options{
		Offers: []casework.Offer{{Domain: h.Domain, Roles: []access.Role{access.FIU}}}, Reads: h.log,
		Announce: func(ctx context.Context, tx store.Tx, e casework.Event) error {
			return pipeline.Announce(ctx, tx, e.Domain, pipeline.Event{Name: "case", ID: e.ID, Counts: e.Counts})
		},
		Decided: func(ctx context.Context, tx store.Tx, c casework.Case, d casework.Decision) error {
			return h.pipeline.Decided(ctx, tx, c, d)
		},
	})
	must(err)
	log := &bytes.Buffer{}
	h.pipeline, err = pipeline.Open(ctx, pipeline.Options{
		Store: h.store, Journal: h.journal, Reports: h.reports, Screener: h.screener, Domains: []pipeline.Domain{h.Domain}, Jobs: h.jobs, Owner: "o", Clock: h.clock,
		Logger: slog.New(slog.NewTextHandler(log, nil)),
	})
	must(err)
	run, stop := context.WithCancel(context.WithoutCancel(ctx))
	var running sync.WaitGroup
	for _, work := range []func(context.Context) error{h.pipeline.Run, h.jobs.Run, h.log.Run} {
		running.Go(func() {
			if err := work(run); err != nil && run.Err() == nil {
				t.Error(err)
			}
		})
	}
	t.Cleanup(func() {
		stop()
		running.Wait()
		_ = h.journal.Close()
		if t.Failed() {
			t.Logf("%.3000s", log)
		}
	})
	return h
}

// take files a report by a gate, and waits until it is settled.
func (h *house) take(filer, name string, raw []byte) intake.Status {
	h.t.Helper()
	receipt, err := h.journal.Take(h.t.Context(), intake.Delivery{Filer: intake.Filer{Name: filer}, Gate: "http", Name: name, Raw: raw})
	if err != nil {
		h.t.Fatal(err)
	}
	var s intake.Status
	h.until(name+" is settled", func() bool {
		if s, err = h.reports.Status(h.t.Context(), h.journal, receipt.ID); err != nil {
			h.t.Fatal(err)
		}
		return s.State != intake.Received
	})
	return s
}

func (h *house) until(what string, holds func() bool) {
	h.t.Helper()
	for end := time.Now().Add(60 * time.Second); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if holds() {
			return
		}
	}
	h.t.Fatal("never came to hold: " + what)
}

// cases are those of a kind of finding.
func (h *house) cases(kind string) (out []casework.Case) {
	h.t.Helper()
	page, err := h.desk.Queue(h.t.Context(), layla, casework.Query{})
	if err != nil {
		h.t.Fatal(err)
	}
	for _, c := range page.Items {
		if c.Kind == kind {
			out = append(out, c)
		}
	}
	return out
}

// list loads a list of one name, born on a day.
func (h *house) list(rows string) {
	h.t.Helper()
	_, err := screening.LoadList(h.t.Context(), h.store, screening.Upload{Name: "un", By: "sup", Role: "supervisor", Force: true, Reason: "a test",
		Files: []lists.File{{Name: "un.csv", Data: []byte("id,surname,given,born,nationality,documents\n" + rows)}}})
	if err != nil {
		h.t.Fatal(err)
	}
}

// mux is the house's face, asked as somebody of the unit.
func (h *house) mux() *api.Mux {
	m := api.NewMux(api.Options{Title: "test", Version: "0", Authenticate: func(context.Context, *http.Request) (access.Principal, error) { return layla, nil }})
	h.Routes(m)
	return m
}
