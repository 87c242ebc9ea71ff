package storetest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver that makes a schema a test
)

// cluster is the PostgreSQL of this test process: its own folder, reachable by a Unix socket only.
type cluster struct {
	bin, dir string
	as       *user.User // whom the server runs as, when that is not us
	admin    *sql.DB
}

var (
	start    = sync.OnceValues(startPostgres)
	started  atomic.Pointer[cluster]
	schemata atomic.Int64
)

// schema makes an empty schema for one test and answers the URL of a store in it.
func schema(t testing.TB) string {
	t.Helper()
	c, err := start()
	if err != nil {
		t.Fatal(err)
	}
	name := "test_" + strconv.FormatInt(schemata.Add(1), 10)
	if _, err := c.admin.ExecContext(context.Background(), "create schema "+name); err != nil {
		t.Fatal(err)
	}
	return c.url(name)
}

func (c *cluster) url(searchPath string) string {
	q := url.Values{"host": {c.dir}, "user": {"postgres"}, "database": {"postgres"}, "sslmode": {"disable"}}
	if searchPath != "" {
		q.Set("search_path", searchPath)
	}
	return "postgres:///?" + q.Encode()
}

func startPostgres() (*cluster, error) {
	c := &cluster{}
	var err error
	if c.bin, err = findBinaries(); err != nil {
		return nil, err
	}
	// Directly under the temporary folder: another user must reach it, and a socket's path must stay short.
	if c.dir, err = os.MkdirTemp("", "rihla-pg-"); err != nil {
		return nil, err
	}
	if os.Geteuid() == 0 { // initdb refuses root
		if c.as, err = user.Lookup("postgres"); err != nil {
			return nil, fmt.Errorf("PostgreSQL will not run as root, and there is no user postgres: %w", err)
		}
		uid, _ := strconv.Atoi(c.as.Uid)
		gid, _ := strconv.Atoi(c.as.Gid)
		if err := os.Chown(c.dir, uid, gid); err != nil {
			return nil, err
		}
	}
	data := filepath.Join(c.dir, "data")
	if err := c.run("initdb", "-D", data, "-U", "postgres", "--auth=trust", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8"); err != nil {
		return nil, err
	}
	settings := []string{
		"-c listen_addresses=''", "-k " + c.dir, "-c fsync=off", "-c synchronous_commit=off", "-c full_page_writes=off",
		"-c max_connections=300", "-c shared_buffers=64MB", "-c max_pred_locks_per_transaction=256",
	}
	if err := c.run("pg_ctl", "-D", data, "-w", "-t", "60", "-l", filepath.Join(c.dir, "log"), "-o", strings.Join(settings, " "), "start"); err != nil {
		return nil, err
	}
	started.Store(c)
	c.admin, err = sql.Open("pgx", c.url(""))
	return c, err
}

func stopPostgres() {
	c := started.Load()
	if c == nil {
		return
	}
	err := errors.Join(
		c.admin.Close(),
		c.run("pg_ctl", "-D", filepath.Join(c.dir, "data"), "-m", "immediate", "-w", "stop"),
		os.RemoveAll(c.dir),
	)
	if err != nil {
		fmt.Fprintln(os.Stderr, "storetest: stop PostgreSQL:", err)
	}
}

func (c *cluster) run(program string, args ...string) error {
	name := filepath.Join(c.bin, program)
	if c.as != nil {
		name, args = "runuser", append([]string{"-u", c.as.Username, "--", name}, args...)
	}
	command := exec.CommandContext(context.Background(), name, args...) //nolint:gosec // a test's own server
	command.Dir = c.dir
	out, err := command.CombinedOutput()
	if err != nil {
		return fmt.Errorf("%s: %w: %s", program, err, out)
	}
	return nil
}

// findBinaries looks where Debian keeps them, newest first, then on the PATH.
func findBinaries() (string, error) {
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb") // the pattern is well-formed
	slices.SortFunc(found, func(a, b string) int { return version(b) - version(a) })
	if len(found) == 0 {
		path, err := exec.LookPath("initdb")
		if err != nil {
			return "", errors.New("PostgreSQL is not installed, and this test needs it: apt-get install postgresql")
		}
		found = []string{path}
	}
	return filepath.Dir(found[0]), nil
}

func version(path string) int {
	n, _ := strconv.Atoi(filepath.Base(filepath.Dir(filepath.Dir(path)))) // 0, and so last, where it is no number
	return n
}
