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
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver that makes a schema a test
)

// cluster is the PostgreSQL of this test process: its own folder, reachable by a Unix socket only.
type cluster struct {
	bin, dir string
	as       *syscall.Credential // whom the server runs as, when that is not us
	server   *exec.Cmd
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
	if os.Geteuid() == 0 { // PostgreSQL refuses root
		as, err := user.Lookup("postgres")
		if err != nil {
			return nil, fmt.Errorf("PostgreSQL will not run as root, and there is no user postgres: %w", err)
		}
		uid, errUID := strconv.ParseUint(as.Uid, 10, 32)
		gid, errGID := strconv.ParseUint(as.Gid, 10, 32)
		if err := errors.Join(errUID, errGID, os.Chown(c.dir, int(uid), int(gid))); err != nil { //nolint:gosec // 32 bits
			return nil, err
		}
		c.as = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	}
	data := filepath.Join(c.dir, "data")
	initdb := c.command("initdb", "-D", data, "-U", "postgres", "--auth=trust", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8")
	if out, err := initdb.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("initdb: %w: %s", err, out)
	}
	if err := c.serve(data); err != nil {
		return nil, err
	}
	started.Store(c)
	return c, nil
}

// serve starts the server as a child that does not outlive us, and waits until it answers.
func (c *cluster) serve(data string) error {
	log, err := os.Create(filepath.Join(c.dir, "log"))
	if err != nil {
		return err
	}
	defer func() { _ = log.Close() }() // the server holds its own
	c.server = c.command("postgres", "-D", data, "-k", c.dir, "-c", "listen_addresses=", "-c", "fsync=off", "-c", "synchronous_commit=off",
		"-c", "full_page_writes=off", "-c", "max_connections=300", "-c", "shared_buffers=64MB", "-c", "max_pred_locks_per_transaction=256")
	c.server.Stdout, c.server.Stderr = log, log
	if err := startTied(c.server); err != nil {
		return err
	}
	if c.admin, err = sql.Open("pgx", c.url("")); err != nil {
		return err
	}
	for end := time.Now().Add(30 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		err := c.admin.PingContext(context.Background())
		if err == nil {
			return nil
		}
		if time.Now().After(end) {
			said, _ := os.ReadFile(log.Name())
			return fmt.Errorf("PostgreSQL does not answer: %w: %s", err, said)
		}
	}
}

func stopPostgres() {
	c := started.Load()
	if c == nil {
		return
	}
	_ = c.admin.Close()
	_ = c.server.Process.Signal(syscall.SIGQUIT) // immediate shutdown: nothing in it is kept
	_ = c.server.Wait()
	if err := os.RemoveAll(c.dir); err != nil {
		fmt.Fprintln(os.Stderr, "storetest:", err)
	}
}

func (c *cluster) command(program string, args ...string) *exec.Cmd {
	command := exec.CommandContext(context.Background(), filepath.Join(c.bin, program), args...) //nolint:gosec // a test's own server
	command.Dir = c.dir
	command.SysProcAttr = &syscall.SysProcAttr{Credential: c.as}
	return command
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
