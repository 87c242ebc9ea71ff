package screening_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/store"
	"github.com/rihla/rihla/internal/store/storetest"
)

// publisher is a server of lists: what is at each path, with an ETag.
type publisher struct {
	*httptest.Server
	mu    sync.Mutex
	files map[string]string
	asked map[string][]int // by path: the answers' statuses
}

func newPublisher(t *testing.T) *publisher {
	p := &publisher{files: map[string]string{}, asked: map[string][]int{}}
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.mu.Lock()
		defer p.mu.Unlock()
		status := http.StatusOK
		defer func() { p.asked[r.URL.Path] = append(p.asked[r.URL.Path], status) }()
		text, ok := p.files[r.URL.Path]
		if to, redirects := strings.CutPrefix(text, "to "); redirects {
			status = http.StatusFound
			http.Redirect(w, r, to, status)
			return
		}
		sum := sha256.Sum256([]byte(text))
		tag := `"` + hex.EncodeToString(sum[:4]) + `"`
		switch {
		case !ok:
			status = http.StatusNotFound
		case r.Header.Get("If-None-Match") == tag:
			status = http.StatusNotModified
		}
		w.Header().Set("ETag", tag)
		w.WriteHeader(status)
		if status == http.StatusOK {
			_, _ = w.Write([]byte(text))
		}
	}))
	t.Cleanup(p.Close)
	return p
}

func (p *publisher) put(path, text string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.files[path] = text
}

func (p *publisher) answers(path string) []int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.asked[path]
}

func setSource(t testing.TB, st *store.Store, name string, s screening.Source) {
	t.Helper()
	if s.Every == "" {
		s.Every = "1h"
	}
	write(t, st, func(ctx context.Context, tx store.Tx) error {
		return screening.SetSource(ctx, tx, name, s, "sam", "supervisor")
	})
}

func sourceOf(t testing.TB, st *store.Store, name string) screening.SourceState {
	t.Helper()
	s, err := screening.SourceOf(context.Background(), st.Read(), time.Now(), name)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func table(rows int) string {
	var b strings.Builder
	b.WriteString("id,name\n")
	for i := range rows {
		fmt.Fprintf(&b, "E%d,Zorvani %d\n", i, i)
	}
	return b.String()
}

// A list follows its source; what is the same is not read again, and what is wrong leaves it as it is, loudly.
func TestAListFollowsItsSource(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func() *store.Store) {
		ctx, st := context.Background(), open()
		opened(t, st, screening.Options{})
		p := newPublisher(t)
		var log bytes.Buffer
		var events []string
		registry := prometheus.NewRegistry()
		f := screening.NewFetcher(st, screening.FetcherOptions{
			Logger: slog.New(slog.NewTextHandler(&log, nil)), Registry: registry,
			Announce: func(_ context.Context, _ store.Tx, name, id string, counts map[string]int) error {
				events = append(events, fmt.Sprint(name, " ", id, " ", counts))
				return nil
			},
		})
		fetch := func() screening.Fetched {
			t.Helper()
			got, err := f.Fetch(ctx, "watch")
			if err != nil {
				t.Fatal(err)
			}
			return got
		}
		if _, err := f.Fetch(ctx, "watch"); err != screening.ErrNoSource { //nolint:errorlint // as it is
			t.Errorf("got %v", err)
		}
		setSource(t, st, "watch", screening.Source{URLs: []string{p.URL + "/list.csv?token=secret"}})
		steps := []struct {
			name, text, wrong string
			refusal           string
			same              bool
			entries, failures int
		}{
			{"not there", "", "answered 404", "", false, 0, 1},
			{"there", table(20), "", "", false, 20, 0},
			{"as it was", table(20), "", "", true, 20, 0},
			{"broken", "id,name\n1,A,B\n", "row has 3 cells", "", false, 20, 1},
			{"shrunken", table(10), "shrink from 20 entries to 10", "shrunk", false, 20, 2},
			{"as it was before", table(20), "", "", true, 20, 0},
			{"another", table(21), "", "", false, 21, 0},
			{"nothing", "to /nothing", "answered 404", "", false, 21, 1},
			{"moved", "to /moved.csv", "", "", false, 22, 0},
		}
		p.put("/moved.csv", table(22))
		for _, step := range steps {
			if step.text != "" {
				p.put("/list.csv", step.text)
			}
			got := fetch()
			s := sourceOf(t, st, "watch")
			if (got.Failed != nil) != (step.wrong != "") || got.Failed != nil && !strings.Contains(got.Failed.Error(), step.wrong) || got.Same != step.same {
				t.Errorf("%s: %+v", step.name, got)
			}
			if s.Failures != step.failures || (s.Error != "") != (step.wrong != "") || s.Refusal != step.refusal || s.Tried.IsZero() || strings.Contains(s.Error, "secret") {
				t.Errorf("%s: %+v", step.name, s)
			}
			infos, err := screening.Lists(ctx, st.Read())
			if err != nil || (len(infos) > 0 && infos[0].Entries != step.entries) {
				t.Errorf("%s: %+v %v", step.name, infos, err)
			}
		}
		if got := p.answers("/list.csv"); !cmp.Equal(got, []int{404, 200, 304, 200, 200, 304, 200, 302, 302}) {
			t.Errorf("answers %v", got)
		}
		want := []string{
			"list-refused watch map[failures:1]", "list watch map[added:20 changed:0 removed:0]", "list-refused watch map[failures:1]", "list-refused watch map[failures:2]",
			"list watch map[added:0 changed:0 removed:0]", // it is well again
			"list watch map[added:1 changed:0 removed:0]", "list-refused watch map[failures:1]", "list watch map[added:1 changed:0 removed:0]",
		}
		if diff := cmp.Diff(want, events); diff != "" {
			t.Error(diff)
		}
		if strings.Contains(log.String(), "secret") || strings.Count(log.String(), "level=ERROR") != 4 {
			t.Error(log.String())
		}
		results := map[string]float64{}
		figures, err := registry.Gather()
		if err != nil {
			t.Fatal(err)
		}
		for _, figure := range figures {
			for _, m := range figure.GetMetric() {
				if figure.GetName() == "rihla_list_fetches_total" {
					results[m.GetLabel()[1].GetValue()] = m.GetCounter().GetValue()
				}
			}
		}
		if diff := cmp.Diff(map[string]float64{"changed": 3, "same": 2, "failed": 4}, results); diff != "" {
			t.Error(diff)
		}
	})
}

// Files that are one list are fetched together, and trusted as their publisher's hashes and signature say.
func TestHashesAndSignatures(t *testing.T) {
	t.Parallel()
	st := storetest.SQLite(t)
	opened(t, st, screening.Options{})
	p := newPublisher(t)
	public, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	const sdn = "1,\"ZORVANI, Kassem\",\"individual\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- \r\n"
	const alt = "1,7,\"aka\",\"ZARVANI, Qasem\",-0- \r\n"
	line := func(text, name string) string {
		sum := sha256.Sum256([]byte(text))
		return hex.EncodeToString(sum[:]) + "  " + name + "\n"
	}
	sums := line(sdn, "sdn.csv") + line(alt, "alt.csv")
	p.put("/sdn.csv", sdn)
	p.put("/alt.csv", alt)
	p.put("/SHA256", sums)
	p.put("/signature", base64.StdEncoding.EncodeToString(ed25519.Sign(private, []byte(sums))))
	p.put("/wrong", line(sdn, "sdn.csv")+line(alt+" ", "alt.csv"))
	p.put("/one", line(sdn, "")[:64])
	p.put("/signed-one", string(ed25519.Sign(private, []byte(sdn))))
	key := base64.StdEncoding.EncodeToString(public)
	both := []string{p.URL + "/sdn.csv", p.URL + "/alt.csv"}
	f := screening.NewFetcher(st, screening.FetcherOptions{})
	for _, c := range []struct {
		name, wrong string
		source      screening.Source
	}{
		{"hashes", "", screening.Source{URLs: both, SHA256URL: p.URL + "/SHA256"}},
		{"signed hashes", "", screening.Source{URLs: both, SHA256URL: p.URL + "/SHA256", SignatureURL: p.URL + "/signature", PublicKey: key}},
		{"one file, one hash", "", screening.Source{URLs: both[:1], SHA256URL: p.URL + "/one"}},
		{"one file, signed", "", screening.Source{URLs: both[:1], SignatureURL: p.URL + "/signed-one", PublicKey: key}},
		{"another hash", "SHA-256 is another", screening.Source{URLs: both, SHA256URL: p.URL + "/wrong"}},
		{"a file without a hash", "SHA-256 is another", screening.Source{URLs: both, SHA256URL: p.URL + "/one"}},
		{"another signature", "is not of this", screening.Source{URLs: both[:1], SignatureURL: p.URL + "/signature", PublicKey: key}},
		{"no signature there", "answered 404", screening.Source{URLs: both[:1], SignatureURL: p.URL + "/none", PublicKey: key}},
	} {
		name := strings.NewReplacer(" ", "-", ",", "").Replace(c.name)
		setSource(t, st, name, c.source)
		got, err := f.Fetch(context.Background(), name)
		if err != nil || (got.Failed == nil) != (c.wrong == "") || got.Failed != nil && !strings.Contains(got.Failed.Error(), c.wrong) {
			t.Errorf("%s: %+v %v", c.name, got.Failed, err)
		}
	}
}

func TestSourcesThatCannotBe(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		field  string
		source screening.Source
	}{
		{"urls", screening.Source{Every: "1h"}},
		{"urls", screening.Source{Every: "1h", URLs: []string{"ftp://publisher.example/x"}}},
		{"urls", screening.Source{Every: "1h", URLs: []string{"list.csv"}}},
		{"urls", screening.Source{Every: "1h", URLs: make([]string, 9)}},
		{"folder", screening.Source{Every: "1h", URLs: []string{"https://publisher.example/x"}, Folder: "x"}},
		{"folder", screening.Source{Every: "1h", SHA256URL: "https://publisher.example/x", Folder: "x"}},
		{"every", screening.Source{Folder: "x"}},
		{"every", screening.Source{Every: "1ms", Folder: "x"}},
		{"public_key", screening.Source{Every: "1h", URLs: []string{"https://publisher.example/x"}, SignatureURL: "https://publisher.example/y"}},
		{"public_key", screening.Source{Every: "1h", URLs: []string{"https://publisher.example/x"}, SignatureURL: "https://publisher.example/y", PublicKey: "c2hvcnQ="}},
		{"signature_url", screening.Source{Every: "1h", URLs: []string{"https://publisher.example/x", "https://publisher.example/z"}, SignatureURL: "https://publisher.example/y", PublicKey: "x"}},
	} {
		err := c.source.Check()
		if wrong, ok := err.(*screening.SourceError); !ok || wrong.Field != c.field { //nolint:errorlint // as it is
			t.Errorf("%+v: %v", c.source, err)
		}
	}
}

// What a source must not reach, it does not; what is too large or never ends is left.
func TestASourceIsBounded(t *testing.T) {
	t.Parallel()
	st := storetest.SQLite(t)
	opened(t, st, screening.Options{})
	p := newPublisher(t)
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, _ = z.Write([]byte(table(3)))
	_ = z.Close()
	p.put("/packed.gz", packed.String())
	p.put("/around", "to /around")
	f := screening.NewFetcher(st, screening.FetcherOptions{})
	for name, c := range map[string]struct{ url, wrong string }{
		"metadata": {"http://169.254.169.254/list", "no address that lists are fetched from"},
		"around":   {p.URL + "/around", "redirects again and again"},
		"packed":   {p.URL + "/packed.gz", ""},
	} {
		setSource(t, st, name, screening.Source{URLs: []string{c.url}})
		got, err := f.Fetch(context.Background(), name)
		if err != nil || (got.Failed == nil) != (c.wrong == "") || got.Failed != nil && !strings.Contains(got.Failed.Error(), c.wrong) {
			t.Errorf("%s: %+v %v", name, got.Failed, err)
		}
	}
}

// Of a folder the newest file counts, once nobody writes it any more; what lies outside is not reached.
func TestAFolder(t *testing.T) {
	t.Parallel()
	st := storetest.SQLite(t)
	opened(t, st, screening.Options{})
	dir := t.TempDir()
	put := func(name, text string, age time.Duration) {
		t.Helper()
		at := filepath.Join(dir, "watch", name)
		if err := os.MkdirAll(filepath.Dir(at), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(at, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(at, time.Time{}, time.Now().Add(-age)); err != nil {
			t.Fatal(err)
		}
	}
	f := screening.NewFetcher(st, screening.FetcherOptions{Folder: dir})
	setSource(t, st, "watch", screening.Source{Folder: "watch"})
	expect := func(what, wrong string, same bool, entries int) {
		t.Helper()
		got, err := f.Fetch(context.Background(), "watch")
		if err != nil || (got.Failed == nil) != (wrong == "") || got.Failed != nil && !strings.Contains(got.Failed.Error(), wrong) || got.Same != same || got.Failed == nil && !same && got.Summary.Entries != entries {
			t.Errorf("%s: %+v %v", what, got, err)
		}
	}
	expect("no folder", "no such file", false, 0)
	put(".hidden", table(9), time.Minute)
	put("list.part", table(9), time.Minute)
	expect("nothing to stay", "no file in it", false, 0)
	put("monday.csv", table(20), time.Hour)
	expect("one", "", false, 20)
	expect("the same", "", true, 20)
	put("tuesday.csv", table(21), time.Minute)
	expect("a newer", "", false, 21)
	put("tuesday.csv", table(5), 0)
	expect("being written", "still being written", false, 0)
	if s := sourceOf(t, st, "watch"); s.Failures != 0 || time.Until(s.Due) > 3*time.Second {
		t.Errorf("%+v", s)
	}
	if err := os.Symlink("/etc/hostname", filepath.Join(dir, "out")); err != nil {
		t.Fatal(err)
	}
	setSource(t, st, "watch", screening.Source{Folder: "out"})
	expect("outside", "escapes", false, 0)
}

// Of two nodes one fetches a list, when it is due, and not while it is paused.
func TestOneNodeFetchesWhatIsDue(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func() *store.Store) {
		st, other := open(), open()
		opened(t, st, screening.Options{})
		p := newPublisher(t)
		p.put("/a.csv", table(3))
		p.put("/b.csv", table(4))
		ctx, cancel := context.WithCancel(context.Background())
		var running sync.WaitGroup
		for _, node := range []*store.Store{st, other} {
			f := screening.NewFetcher(node, screening.FetcherOptions{})
			running.Go(func() {
				if err := f.Run(ctx); err != nil {
					t.Error(err)
				}
			})
		}
		setSource(t, st, "a", screening.Source{URLs: []string{p.URL + "/a.csv"}})
		setSource(t, st, "b", screening.Source{URLs: []string{p.URL + "/b.csv"}, Paused: true})
		deadline := time.Now().Add(10 * time.Second)
		for sourceOf(t, st, "a").Succeeded.IsZero() && time.Now().Before(deadline) {
			time.Sleep(5 * time.Millisecond)
		}
		if s := sourceOf(t, st, "b"); !s.Tried.IsZero() || !s.Due.IsZero() {
			t.Errorf("paused, and tried: %+v", s)
		}
		write(t, st, func(ctx context.Context, tx store.Tx) error {
			return screening.FetchNow(ctx, tx, "b", "sam", "supervisor")
		})
		for sourceOf(t, st, "b").Succeeded.IsZero() && time.Now().Before(deadline) {
			time.Sleep(5 * time.Millisecond)
		}
		cancel()
		running.Wait()
		infos, err := screening.Lists(context.Background(), st.Read())
		if err != nil || len(infos) != 2 || infos[0].Entries != 3 || infos[1].Entries != 4 || infos[0].By != "rihla" {
			t.Errorf("%+v %v", infos, err)
		}
		if a, b := p.answers("/a.csv"), p.answers("/b.csv"); len(a) != 1 || len(b) != 1 {
			t.Errorf("fetched %v and %v", a, b)
		}
		if s := sourceOf(t, st, "b"); !s.Due.IsZero() {
			t.Errorf("%+v", s)
		}
	})
}
