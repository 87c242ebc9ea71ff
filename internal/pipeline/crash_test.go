package pipeline_test

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rihla/rihla/internal/intake"
	"github.com/rihla/rihla/internal/store"
	"github.com/rihla/rihla/internal/store/storetest"
)

// The child: a node that files reports to itself, tells each one's id once it is acknowledged, and is killed.
const (
	childStore = "RIHLA_TEST_CRASH_STORE"
	childDir   = "RIHLA_TEST_CRASH_DIR"
	childRun   = "RIHLA_TEST_CRASH_RUN"
)

func TestCrashChild(t *testing.T) {
	where := os.Getenv(childStore)
	if where == "" {
		return // it is run by TestKilled only
	}
	ctx := context.Background()
	st, err := store.Open(ctx, where, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	n, err := build(ctx, st, os.Getenv(childDir), "one")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = n.pipeline.Run(ctx) }()
	var filers sync.WaitGroup
	for k := range 4 {
		filers.Go(func() {
			for i := 0; ; i++ {
				report := fmt.Sprintf("PARISH\nP parish-%d Person %s-%d-%d\nSECRET thing\n", i%3, os.Getenv(childRun), k, i)
				receipt, err := n.journal.Take(ctx, intake.Delivery{Filer: intake.Filer{Name: "verger"}, Raw: []byte(report)})
				if err != nil {
					t.Error(err)
					return
				}
				fmt.Printf("acknowledged %s\n", receipt.ID)
			}
		})
	}
	filers.Wait()
}

// A node killed at random moments, many times, under load: whatever was acknowledged is there, once.
func TestKilled(t *testing.T) {
	t.Parallel()
	kills := 8
	storetest.Each(t, func(t *testing.T, open func() *store.Store) {
		st, dir := open(), t.TempDir()
		where := "sqlite:" + filepath.Join(dir, "rihla.db")
		if !st.Embedded() {
			where, kills = address(t, st), 4 // its rounds take longer
		}
		acknowledged := map[string]bool{}
		for run := range kills {
			child := exec.Command(os.Args[0], "-test.run=^TestCrashChild$", "-test.count=1") //nolint:gosec,noctx // this very test, killed below
			child.Env = append(os.Environ(), childStore+"="+where, childDir+"="+dir, fmt.Sprintf("%s=%d", childRun, run))
			out, err := child.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := child.Start(); err != nil {
				t.Fatal(err)
			}
			after, heard := 20+rand.IntN(200), 0
			var kill sync.Once
			deadline := time.AfterFunc(30*time.Second, func() { kill.Do(func() { _ = child.Process.Kill() }) })
			for lines := bufio.NewScanner(out); lines.Scan(); {
				if id, ok := strings.CutPrefix(lines.Text(), "acknowledged "); ok {
					acknowledged[id] = true
					if heard++; heard == after {
						kill.Do(func() { _ = child.Process.Kill() })
					}
				}
			}
			deadline.Stop()
			_ = child.Wait() // it was killed
			if heard < after {
				t.Fatalf("the child told of %d reports only", heard)
			}
		}

		if st.Embedded() {
			var err error
			if st, err = store.Open(t.Context(), where, store.Options{}); err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = st.Close() })
		}
		n, _ := start(t, st, dir, "one")
		until(t, "the journal is empty", func() bool {
			depth, err := n.journal.Depth(t.Context())
			return err == nil && depth == 0
		})
		for id := range acknowledged {
			if s, err := n.reports.Status(t.Context(), n.journal, id); err != nil || s.State != intake.Processed {
				t.Errorf("report %s was acknowledged and is %s (%v)", id, s.State, err)
			}
		}
		stored := n.count(t, `select count(*) from intake_report`)
		if total := n.total(t); total != stored {
			t.Errorf("%d reports are stored, %d were applied", stored, total)
		}
		if stored < len(acknowledged) {
			t.Errorf("%d of %d acknowledged reports are stored", stored, len(acknowledged))
		}
		people := strings.Count(n.state(t), "Person")
		if people != stored {
			t.Errorf("%d people of %d reports", people, stored)
		}
		t.Logf("%d kills, %d acknowledged, %d stored", kills, len(acknowledged), stored)
	})
}

// address is how another process reaches the test's PostgreSQL.
func address(t *testing.T, st *store.Store) string {
	t.Helper()
	var schema, socket string
	err := st.Read().QueryRowContext(t.Context(), `select current_schema(), current_setting('unix_socket_directories')`).Scan(&schema, &socket)
	if err != nil {
		t.Fatal(err)
	}
	q := url.Values{"host": {socket}, "user": {"postgres"}, "database": {"postgres"}, "sslmode": {"disable"}, "search_path": {schema}}
	return "postgres:///?" + q.Encode()
}
