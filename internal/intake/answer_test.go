package intake_test

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rihla/rihla/internal/intake"
	"github.com/rihla/rihla/internal/store"
)

func (f *face) reply(t *testing.T, answers ...intake.Answer) {
	t.Helper()
	err := f.store.Write(t.Context(), func(ctx context.Context, tx store.Tx) error { return intake.Reply(ctx, tx, answers...) })
	if err != nil {
		t.Fatal(err)
	}
}

// A filer finds what it was answered, takes it, and sees nobody else's; the same answer twice is one.
func TestAnswers(t *testing.T) {
	t.Parallel()
	f := newFace(t)
	f.url = strings.TrimSuffix(f.url, "/reports") + "/answers"
	psn := intake.Answer{ID: "a1", Domain: "travel", Filer: "verger", About: "969-10000023", Kind: "psn", Media: "text/plain", Name: "969.psn", Body: []byte("PSN")}
	f.reply(t, psn, psn)
	f.reply(t, psn, intake.Answer{ID: "a2", Domain: "travel", Filer: "verger", About: "969-10000034", Kind: "psn", Media: "text/plain", Body: []byte("PSN2")},
		intake.Answer{ID: "a3", Domain: "funds", Filer: "bank", Kind: "receipt", Media: "application/json", Body: []byte("{}")})

	for _, c := range []struct {
		key, method, path string
		status            int
		has, not          string
	}{
		{"filer:verger", "GET", "", 200, `"a2"`, `"a3"`},
		{"filer:verger", "GET", "?about=969-10000034", 200, `"a2"`, `"a1"`},
		{"filer:verger", "GET", "?filer=bank", 200, `"a1"`, `"a3"`},
		{"filer:verger", "GET", "/a1", 200, "PSN", "PSN2"},
		{"filer:verger", "GET", "/a3", 404, "not yours", "{}"},
		{"filer:bank", "PUT", "/a1/receipt", 404, "not yours", ""},
		{"filer:verger", "PUT", "/a1/receipt", 204, "", ""},
		{"filer:verger", "GET", "", 200, `"taken"`, ""},
		{"analyst", "GET", "", 400, "filer=NAME", ""},
		{"analyst", "GET", "?filer=verger", 200, `"a1"`, ""},
		{"analyst", "GET", "?filer=bank", 200, `"items":[]`, "a3"},
		{"analyst", "GET", "/a3", 404, "", "{}"},
		{"fiu", "GET", "/a3", 200, "{}", ""},
		{"", "GET", "/a1", 401, "", "PSN"},
	} {
		status, body := f.call(t, c.key, c.method, c.path, "")
		if status != c.status || !strings.Contains(body, c.has) || c.not != "" && strings.Contains(body, c.not) {
			t.Errorf("%s %s %s: %d %s", c.key, c.method, c.path, status, body)
		}
	}
	_, body := f.call(t, "filer:verger", "GET", "", "")
	if strings.Count(body, `"a1"`) != 1 {
		t.Errorf("one answer is listed twice: %s", body)
	}
}

// Whoever files through a folder finds the answers in one, whole and once.
func TestOutbox(t *testing.T) {
	t.Parallel()
	f := newFace(t)
	in, out := t.TempDir(), t.TempDir()
	if err := os.Mkdir(filepath.Join(in, "verger"), 0o700); err != nil {
		t.Fatal(err)
	}
	f.reply(t, intake.Answer{ID: "a1", Filer: "verger", Kind: "psn", Name: "../969.psn", Body: []byte("PSN")}, intake.Answer{ID: "a2", Filer: "bank", Kind: "receipt", Body: []byte("{}")})
	o := intake.Outbox{Reports: f.reports, Dir: out, Inbox: in, Logger: slog.New(slog.DiscardHandler)}
	if err := o.Step(t.Context()); err != nil {
		t.Fatal(err)
	}
	written := filepath.Join(out, "verger", "00000001-..-969.psn")
	text, err := os.ReadFile(written)
	if err != nil || string(text) != "PSN" {
		t.Fatalf("%q, %v", text, err)
	}
	if err := os.Remove(written); err != nil {
		t.Fatal(err)
	}
	f.reply(t, intake.Answer{ID: "a4", Filer: "verger", Kind: "fma", Body: []byte("FMA")})
	if err := o.Step(t.Context()); err != nil {
		t.Fatal(err)
	}
	left, err := os.ReadDir(filepath.Join(out, "verger"))
	if err != nil || len(left) != 1 || !strings.HasSuffix(left[0].Name(), "-fma") {
		t.Errorf("the outbox holds %v, %v", left, err)
	}
}
