package post_test

import (
	"bufio"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/rihla/rihla/internal/audit"
	"github.com/rihla/rihla/internal/keys"
	"github.com/rihla/rihla/internal/sharing/envelope"
	"github.com/rihla/rihla/internal/sharing/post"
	"github.com/rihla/rihla/internal/store"
)

// The child: one state's node, which sends without end, writes down what came, and is killed.
const (
	childDir   = "RIHLA_TEST_POST_DIR"
	childParty = "RIHLA_TEST_POST_PARTY"
	childLoad  = "RIHLA_TEST_POST_LOAD"
	soak       = "RIHLA_SOAK"
)

// What the children write down: what they put into the outbox, and what was handled, in the order of the commits.
var crashTables = fstest.MapFS{
	"00001_sent.sql": {Data: []byte("-- +goose Up\ncreate table test_sent (thread TEXT not null, n BIGINT not null, id TEXT not null, primary key (thread, n));")},
	"00002_got.sql":  {Data: []byte("-- +goose Up\ncreate table test_got (place BIGINT not null primary key, thread TEXT not null, n BIGINT not null, id TEXT not null);")},
}

// node opens what a child is made of.
func node(ctx context.Context, dir string) (*store.Store, *audit.Log, *post.Office, error) {
	st, err := store.Open(ctx, "sqlite:"+filepath.Join(dir, "rihla.db"), store.Options{NoSync: true}) // a killed process loses no write that the system has
	if err != nil {
		return nil, nil, nil, err
	}
	k, err := keys.Open(ctx, st, keys.Options{Dir: filepath.Join(dir, "keys")})
	if err != nil {
		return nil, nil, nil, err
	}
	log, err := audit.Open(ctx, st, k, audit.Options{Owner: "node"})
	if err != nil {
		return nil, nil, nil, err
	}
	office, err := post.Open(ctx, post.Options{Store: st, Keys: k, Audit: log, Owner: "node", BackOff: 50 * time.Millisecond})
	return st, log, office, err
}

func TestCrashChild(t *testing.T) {
	dir, party := os.Getenv(childDir), os.Getenv(childParty)
	if dir == "" {
		return // it is run by TestKilled only
	}
	ctx := context.Background()
	st, log, office, err := node(ctx, dir)
	if err != nil {
		t.Fatal(err)
	}
	office.Handle(func(ctx context.Context, tx store.Tx, m post.Message) error {
		var body struct{ Thread string }
		if err := json.Unmarshal(m.Body, &body); err != nil {
			return err
		}
		place, err := store.NextNumber(ctx, tx, "test_got", 1)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, "insert into test_got (place, thread, n, id) values ($1, $2, $3, $4)", place, body.Thread, number(m), m.Header.ID)
		return err
	})
	card, _, err := office.Own(ctx)
	if err != nil {
		t.Fatal(err)
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", strings.TrimPrefix(card.URL, "https://"))
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: office.Handler(), TLSConfig: office.TLS(), ReadHeaderTimeout: time.Minute}
	go func() { _ = server.ServeTLS(listener, "", "") }()
	go func() { _ = office.Run(ctx) }()
	go func() { _ = log.Run(ctx) }()
	fmt.Println("ready")
	for os.Getenv(childLoad) != "" {
		if err := st.Write(ctx, func(ctx context.Context, tx store.Tx) error { return putOut(ctx, tx, office, party) }); err != nil {
			t.Error(err)
		}
	}
	select {}
}

// putOut sends one more message of one of five threads, and notes it in the same transaction.
func putOut(ctx context.Context, tx store.Tx, office *post.Office, party string) error {
	thread := fmt.Sprintf("%s-%d", party, rand.IntN(5))
	var n int
	if err := tx.QueryRowContext(ctx, "select count(*) from test_sent where thread = $1", thread).Scan(&n); err != nil {
		return err
	}
	d := post.Draft{Type: envelope.Share, From: "bh-piu", To: "us-ntc", Urgent: rand.IntN(10) == 0, Body: json.RawMessage(fmt.Sprintf(`{"thread":%q,"n":%d}`, thread, n))}
	if party == "us" {
		d.From, d.To = d.To, d.From
	}
	if n > 0 {
		if err := tx.QueryRowContext(ctx, "select id from test_sent where thread = $1 and n = 0", thread).Scan(&d.Thread); err != nil {
			return err
		}
	}
	id, err := office.Send(ctx, tx, d)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, "insert into test_sent (thread, n, id) values ($1, $2, $3)", thread, n, id)
	return err
}

// prepare makes two folders of nodes that know one another.
func prepare(t *testing.T) map[string]string {
	t.Helper()
	dirs, cards, offices := map[string]string{}, map[string]post.Card{}, map[string]*post.Office{}
	for _, party := range []string{"bh", "us"} {
		dirs[party] = t.TempDir()
		st, _, office, err := node(t.Context(), dirs[party])
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = st.Close() })
		if err := st.Migrate(t.Context(), "test", crashTables); err != nil {
			t.Fatal(err)
		}
		// A port that is free now, and taken again by each child.
		listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		card := post.Card{Party: party, URL: "https://" + listener.Addr().String()}
		_ = listener.Close()
		for _, id := range authorities[party] {
			card.Authorities = append(card.Authorities, post.CardAuthority{ID: id})
		}
		if cards[party], err = office.OwnCard(t.Context(), "test", card); err != nil {
			t.Fatal(err)
		}
		offices[party] = office
	}
	if err := offices["bh"].Trust(t.Context(), "test", cards["us"]); err != nil {
		t.Fatal(err)
	}
	if err := offices["us"].Trust(t.Context(), "test", cards["bh"]); err != nil {
		t.Fatal(err)
	}
	return dirs
}

// spawn starts a node and waits until it answers.
func spawn(t *testing.T, dir, party, load string) (kill func()) {
	t.Helper()
	child := exec.Command(os.Args[0], "-test.run=^TestCrashChild$", "-test.count=1") //nolint:gosec,noctx // this very test, killed below
	child.Env = append(os.Environ(), childDir+"="+dir, childParty+"="+party, childLoad+"="+load)
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if lines.Text() == "ready" {
			return func() { _ = child.Process.Kill(); _ = child.Wait() }
		}
		t.Log(lines.Text())
	}
	t.Fatalf("%s did not start: %v", party, child.Wait())
	return nil
}

// Either node is killed at random moments under load, and started again: nothing is lost, doubled or out of order.
func TestKilled(t *testing.T) {
	t.Parallel()
	kills := 8
	if os.Getenv(soak) != "" {
		kills = 100
	}
	dirs := prepare(t)
	running := map[string]func(){}
	for party, dir := range dirs {
		running[party] = spawn(t, dir, party, "yes")
	}
	for range kills {
		time.Sleep(time.Duration(30+rand.IntN(300)) * time.Millisecond)
		party := []string{"bh", "us"}[rand.IntN(2)]
		running[party]()
		running[party] = spawn(t, dirs[party], party, "yes")
	}
	stores := map[string]*store.Store{}
	for party, dir := range dirs {
		running[party]()
		running[party] = spawn(t, dir, party, "") // it sends no more
		defer func() { running[party]() }()
		st, err := store.Open(t.Context(), "sqlite:"+filepath.Join(dir, "rihla.db"), store.Options{ReadOnly: true})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = st.Close() })
		stores[party] = st
	}
	count := func(party, query string) (n int) {
		if err := stores[party].Read().QueryRowContext(t.Context(), query).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	for from, to := range map[string]string{"bh": "us", "us": "bh"} {
		sent := count(from, "select count(*) from test_sent")
		// As long as more come: ten thousand take a while on a busy machine.
		for last, at := 0, time.Now(); ; time.Sleep(20 * time.Millisecond) {
			got := count(to, "select count(*) from test_got")
			if got >= sent {
				break
			}
			if got > last {
				last, at = got, time.Now()
			}
			if time.Since(at) > 30*time.Second {
				_ = store.Rows(t.Context(), stores[to].Read(), func(rows *sql.Rows) error {
					var a, b, c, d, e int64
					var f string
					err := rows.Scan(&a, &b, &c, &d, &e, &f)
					t.Log("chain", a, "gap", store.Time(b), "now", time.Now(), "first waiting", c, "last waiting", d, "attempts", e, "fault", f)
					return err
				}, "select c.seq, c.gap, coalesce(min(i.seq),0), coalesce(max(i.seq),0), max(i.attempts), max(i.fault) from post_chain c left join post_in i on i.sender = c.sender and i.receiver = c.receiver and i.state = 0 group by c.sender, c.receiver, c.seq, c.gap")
				_ = store.Rows(t.Context(), stores[to].Read(), func(rows *sql.Rows) error {
					var a, b string
					var c, d int64
					err := rows.Scan(&a, &b, &c, &d)
					t.Log("lease", a, b, c, store.Time(d))
					return err
				}, "select name, owner, term, until from store_lease")
				_ = store.Rows(t.Context(), stores[to].Read(), func(rows *sql.Rows) error {
					var a, b, c int64
					var f string
					err := rows.Scan(&a, &b, &c, &f)
					t.Log("in", a, store.Time(b), c, f)
					return err
				}, "select i.seq, i.came, i.state, i.type from post_in i join post_chain c on i.sender = c.sender and i.receiver = c.receiver and (i.seq between c.seq - 3 and c.seq + 3 or i.seq between c.seq - 5002 and c.seq - 4998) order by i.sender, i.seq")
				t.Log("missing", count(to, "select count(*) from post_in"), count(from, "select count(*) from post_out"), count(from, "select count(*) from post_out where state <> 1"))
				t.Fatalf("%s has %d of the %d of %s, and no more come: %d wait as drafts, %d sealed, %d to be handled", to, got, sent, from,
					count(from, "select count(*) from post_draft"), count(from, "select count(*) from post_out where state = 0"), count(to, "select count(*) from post_in where state = 0"))
			}
		}
		want, got := map[string]string{}, map[string]string{}
		next := map[string]int{}
		read(t, stores[from], "select thread, n, id from test_sent", func(thread string, n int, id string) { want[fmt.Sprint(thread, n)] = id })
		read(t, stores[to], "select thread, n, id from test_got order by place", func(thread string, n int, id string) {
			if n != next[thread] {
				t.Errorf("%s: message %d where %d was due", thread, n, next[thread])
			}
			next[thread] = n + 1
			if got[fmt.Sprint(thread, n)] != "" {
				t.Errorf("%s %d came twice", thread, n)
			}
			got[fmt.Sprint(thread, n)] = id
		})
		for name, id := range want {
			if got[name] != id {
				t.Errorf("%s: %s was sent as %s and came as %q", from, name, id, got[name])
			}
		}
		t.Logf("%d kills, %d of %s with %s", kills, len(got), from, to)
	}
}

func read(t *testing.T, st *store.Store, query string, each func(thread string, n int, id string)) {
	t.Helper()
	err := store.Rows(t.Context(), st.Read(), func(rows *sql.Rows) error {
		var thread, id string
		var n int
		err := rows.Scan(&thread, &n, &id)
		each(thread, n, id)
		return err
	}, query)
	if err != nil {
		t.Fatal(err)
	}
}
