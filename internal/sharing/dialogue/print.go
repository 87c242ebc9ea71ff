package dialogue

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/sharing/ledger"
	"github.com/rihla/rihla/internal/store"
)

//go:embed print
var printed embed.FS

// faces are the fonts that go with the page, so that Arabic is shaped on a machine that has no Arabic font.
var faces = []struct {
	family, file string
	weight       int
}{
	{"Plex", "latin-400", 400},
	{"Plex", "latin-600", 600},
	{"Plex Arabic", "arabic-400", 400},
	{"Plex Arabic", "arabic-600", 600},
}

// sheetOf makes the page's style in a language, with its fonts inside, and the policy that lets a browser apply it and
// nothing else.
func sheetOf(l Language) func() (css template.CSS, policy string) {
	return sync.OnceValues(func() (template.CSS, string) {
		var b strings.Builder
		for _, f := range faces {
			font := mustRead("fonts/" + f.file + ".woff2")
			fmt.Fprintf(&b, "@font-face { font-family: %q; font-weight: %d; src: url(data:font/woff2;base64,%s) format(\"woff2\"); }\n",
				f.family, f.weight, base64.StdEncoding.EncodeToString(font))
		}
		b.Write(mustRead("minutes.css"))
		fmt.Fprintf(&b, "@page { @bottom-center { content: %s; font: 8pt \"Plex\", \"Plex Arabic\", sans-serif; color: #5b6470; } }\n", word(l, "page"))
		sum := sha256.Sum256([]byte(b.String()))
		policy := "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; font-src data:; frame-ancestors 'none'"
		return template.CSS(b.String()), policy //nolint:gosec // it is the program's own
	})
}

var styles = map[Language]func() (template.CSS, string){English: sheetOf(English), Arabic: sheetOf(Arabic)}

// mustRead reads what is in the program itself.
func mustRead(name string) []byte {
	b, err := printed.ReadFile("print/" + name)
	if err != nil {
		panic(err)
	}
	return b
}

// layout is the page's template; what it says is put in for each language.
var layout = template.Must(template.New("minutes").Funcs(speaking(English)).Parse(string(mustRead("minutes.html"))))

func speaking(l Language) template.FuncMap {
	return template.FuncMap{
		"t":      func(key string) string { return word(l, key) },
		"day":    func(day string) string { return dayIn(l, day) },
		"moment": func(t time.Time) string { return momentIn(l, t) },
	}
}

func (r *Room) print(w http.ResponseWriter, req *http.Request) {
	l := Language(cmp.Or(req.URL.Query().Get("lang"), string(English)))
	page, err := r.Page(req.Context(), api.PrincipalFrom(req.Context()), req.PathValue("id"), l)
	if err != nil {
		api.WriteProblem(w, req, err)
		return
	}
	_, policy := styles[l]()
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", policy)
	h.Set("Cache-Control", "no-store")
	_, _ = w.Write(page) // who has gone is told nothing
}

// Page is a meeting's minutes as one page of HTML, whole in itself, to be printed. The figures on it are those that may be
// shared: paper goes further than the room.
func (r *Room) Page(ctx context.Context, p access.Principal, id string, l Language) ([]byte, error) {
	if l != English && l != Arabic {
		return nil, api.Errorf(api.Unprocessable, "lang is en or ar, not %q", l)
	}
	if err := r.saw(ctx, p, "meeting.print", id); err != nil {
		return nil, err
	}
	f, err := r.file(ctx, id)
	if err != nil {
		return nil, err
	}
	var pacts, known []Pact
	var reports []Reviewed
	if err := r.st.Snapshot(ctx, func(ctx context.Context, rd store.Reader) (err error) {
		reports = nil
		if known, pacts, err = r.standing(ctx, rd, &f.Meeting); err != nil {
			return err
		}
		for _, pact := range known {
			made, err := reviewOf(ctx, rd, pact, ledger.Days{From: f.Meeting.From, To: f.Meeting.To}, true, f.Meeting.To)
			if err != nil {
				return err
			}
			reports = append(reports, made)
		}
		return nil
	}); err != nil {
		return nil, err
	}
	css, _ := styles[l]()
	page := pageOf(l, &f, pacts)
	for i := range reports {
		title, _ := inLanguage(l, known[i].Metadata.Title, known[i].Metadata.TitleAr)
		page.Reports = append(page.Reports, reportOf(l, title, known[i], &reports[i]))
	}
	page.Style = css
	spoken, err := layout.Clone()
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := spoken.Funcs(speaking(l)).Execute(&out, page); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}
