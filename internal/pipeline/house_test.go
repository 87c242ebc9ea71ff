package pipeline_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rihla/rihla/internal/audit"
	"github.com/rihla/rihla/internal/casework"
	"github.com/rihla/rihla/internal/intake"
	"github.com/rihla/rihla/internal/jobs"
	"github.com/rihla/rihla/internal/keys"
	"github.com/rihla/rihla/internal/pipeline"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/screening/lists"
	"github.com/rihla/rihla/internal/screening/rules"
	"github.com/rihla/rihla/internal/store"
	"github.com/rihla/rihla/internal/store/storetest"
)

func TestMain(m *testing.M) { storetest.Main(m) }

// node is the rooms that the road needs, and no more.
type node struct {
	*parish
	store    *store.Store
	keys     *keys.Keys
	reports  *intake.Reports
	journal  *intake.Journal
	screener *screening.Screener
	pipeline *pipeline.Pipeline
	jobs     *jobs.Jobs
	log      *bytes.Buffer
}

// build puts a node together in a folder, on a store.
func build(ctx context.Context, st *store.Store, dir, owner string) (*node, error) {
	return buildWith(ctx, st, dir, owner, func(p *parish) pipeline.Domain { return p })
}

// buildWith has a domain made of the parish.
func buildWith(ctx context.Context, st *store.Store, dir, owner string, domain func(*parish) pipeline.Domain) (*node, error) {
	n := &node{parish: &parish{}, store: st, log: &bytes.Buffer{}}
	var err error
	if n.keys, err = keys.Open(ctx, st, keys.Options{Dir: filepath.Join(dir, "keys")}); err != nil {
		return nil, err
	}
	if _, err = audit.Open(ctx, st, n.keys, audit.Options{Dir: filepath.Join(dir, "keys"), Owner: owner}); err != nil {
		return nil, err
	}
	if n.reports, err = intake.OpenReports(ctx, st, n.keys, nil); err != nil {
		return nil, err
	}
	if n.journal, err = intake.OpenJournal(ctx, st, n.keys, n.reports, intake.JournalOptions{Owner: owner}); err != nil {
		return nil, err
	}
	if n.screener, err = screening.Open(ctx, st, screening.Options{Vocabularies: []rules.Vocabulary{n.parish.Vocabulary()}}); err != nil {
		return nil, err
	}
	if err := casework.Migrate(ctx, st); err != nil {
		return nil, err
	}
	if n.jobs, err = jobs.Open(ctx, st, jobs.Options{Owner: owner}); err != nil {
		return nil, err
	}
	n.pipeline, err = pipeline.Open(ctx, pipeline.Options{
		Store: st, Journal: n.journal, Reports: n.reports, Screener: n.screener, Domains: []pipeline.Domain{domain(n.parish)}, Jobs: n.jobs,
		Owner: owner, Logger: slog.New(slog.NewTextHandler(&locked{w: n.log}, nil)),
	})
	return n, err
}

type locked struct {
	mu sync.Mutex
	w  *bytes.Buffer
}

func (l *locked) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.w.Write(p)
}

// start builds a node and runs it until the test, or whoever calls stop, ends.
func start(t *testing.T, st *store.Store, dir, owner string) (n *node, stop func()) {
	t.Helper()
	n, err := build(t.Context(), st, dir, owner)
	if err != nil {
		t.Fatal(err)
	}
	return n, n.run(t)
}

func (n *node) run(t *testing.T) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- n.pipeline.Run(ctx) }()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
		if err := n.journal.Close(); err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(stop)
	return stop
}

func (n *node) file(t *testing.T, text string) string {
	t.Helper()
	receipt, err := n.journal.Take(t.Context(), intake.Delivery{Filer: intake.Filer{Name: "verger"}, Gate: "test", Raw: []byte(text)})
	if err != nil {
		t.Fatal(err)
	}
	return receipt.ID
}

// settled waits until a report is read, and answers what became of it.
func (n *node) settled(t *testing.T, id string) intake.Status {
	t.Helper()
	var s intake.Status
	until(t, "report "+id+" is settled", func() bool {
		var err error
		if s, err = n.reports.Status(t.Context(), n.journal, id); err != nil {
			t.Fatal(err)
		}
		return s.State != intake.Received
	})
	return s
}

func until(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(60 * time.Second); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if holds() {
			return
		}
	}
	t.Fatal("never came to hold: " + what)
}

// state is all that the parishes hold, as text.
func (n *node) state(t *testing.T) string {
	t.Helper()
	rows, err := n.store.Read().QueryContext(t.Context(), `select id, people from parish_key order by id`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var b strings.Builder
	for rows.Next() {
		var id, people string
		if err := rows.Scan(&id, &people); err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "%s: %s\n", id, strings.ReplaceAll(people, "\n", ", "))
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func (n *node) count(t *testing.T, query string) (count int) {
	t.Helper()
	if err := n.store.Read().QueryRowContext(t.Context(), query).Scan(&count); err != nil {
		t.Fatal(err)
	}
	return count
}

func (n *node) total(t *testing.T) int {
	return n.count(t, `select coalesce(max(n), 0) from parish_total`)
}

// list loads a list with one name, which screening then looks for.
func (n *node) list(t *testing.T, names ...string) {
	t.Helper()
	csv := "id,name,born\n"
	for i, name := range names {
		csv += fmt.Sprintf("e%d,%s,1971-03-14\n", i, name)
	}
	_, err := screening.LoadList(t.Context(), n.store, screening.Upload{Name: "wanted", By: "sup", Role: "supervisor", Force: true, Reason: "a test",
		Files: []lists.File{{Name: "wanted.csv", Data: []byte(csv)}}})
	if err != nil {
		t.Fatal(err)
	}
}

func sorted(list []string) []string { slices.Sort(list); return list }
