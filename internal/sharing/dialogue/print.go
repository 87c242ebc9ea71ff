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
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

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

// The page, as its template walks it.
type (
	minutesPage struct {
		Lang, Dir    string
		Style        template.CSS
		Title        string
		Countries    string
		M            *Meeting
		Pacts        []pactLine
		Sides        []sideLine
		Items        []itemLine
		Decisions    []decisionLine
		Actions, Due []actionLine
		Developments []ledger.Development
		Reports      []reportPart
		Columns      int
	}
	pactLine struct {
		ID, Title string
		Version   int
	}
	sideLine struct {
		Name, Chair string
		People      []Person
		Signed      *signedLine
	}
	signedLine struct {
		At    time.Time
		Print string
	}
	// textLine is a text, or the other language's where it is missing.
	textLine struct {
		Text, Lang, Dir string
		Foreign         bool
	}
	itemLine struct {
		Title        textLine
		Said         *textLine
		Reservations []reservedLine
	}
	reservedLine struct {
		Party string
		Text  textLine
	}
	decisionLine struct {
		Number, Basis string
		Text          textLine
		Effects       []labelled
	}
	labelled   struct{ Label, Value string }
	actionLine struct {
		Number, Owner, Due, Figure, Evidence string
		State                                ActionState
		Text                                 textLine
	}
	reportPart struct {
		Title, From, To, Entries string
		Parties                  []string
		Groups                   []figureGroup
		Apart                    []apartLine
		NoDifference             string
	}
	apartLine struct {
		Figure, From, To string // the sides by name
		First, Other     ledger.Count
	}
	figureGroup struct {
		Title string
		Rows  []figureRow
	}
	figureRow struct {
		Label  string
		Values [][]string // a side's, in parts
	}
)

func direction(l Language) string {
	if l == Arabic {
		return "rtl"
	}
	return "ltr"
}

func textIn(l Language, english, arabic string) textLine {
	text, foreign := inLanguage(l, english, arabic)
	if foreign && l == English {
		l = Arabic
	} else if foreign {
		l = English
	}
	return textLine{text, string(l), direction(l), foreign}
}

func pageOf(l Language, f *File, pacts []Pact) *minutesPage {
	m := &f.Meeting
	p := &minutesPage{Lang: string(l), Dir: direction(l), M: m, Developments: f.Developments, Columns: 3}
	usual := "round"
	if m.Urgent {
		usual = "emergency"
	}
	p.Title, _ = inLanguage(l, m.Title, m.TitleAr)
	p.Title = cmp.Or(p.Title, word(l, usual))
	titles := map[string]string{}
	for _, pact := range pacts {
		title, _ := inLanguage(l, pact.Metadata.Title, pact.Metadata.TitleAr)
		titles[pact.Metadata.ID] = title
		p.Pacts = append(p.Pacts, pactLine{pact.Metadata.ID, title, pact.Metadata.Version})
	}
	first := pacts[0]
	var countries []string
	for _, party := range []string{m.Host, guest(m)} {
		name := countryOf(l, first, party)
		countries = append(countries, name)
		p.Sides = append(p.Sides, sideLine{Name: name, Chair: authorityIn(l, first, m.Chairs[party]), People: peopleOf(m, party), Signed: signedBy(m, party)})
	}
	p.Countries = strings.Join(countries, " – ")
	for _, item := range f.Agenda {
		p.Items = append(p.Items, lineOf(l, &item, titles, first))
	}
	for _, d := range f.Decisions {
		p.Decisions = append(p.Decisions, decisionLine{d.Number, d.Basis, textIn(l, d.Text, d.TextAr), effectsOf(l, &d.Effect)})
	}
	p.Actions, p.Due = actionLines(l, first, f.Actions), actionLines(l, first, f.Due)
	return p
}

func guest(m *Meeting) string {
	if m.Host == m.Own {
		return m.Partner
	}
	return m.Own
}

func countryOf(l Language, p Pact, party string) string {
	for _, one := range p.Parties {
		if one.ID != party {
			continue
		}
		region, err := language.ParseRegion(one.Country)
		if err != nil {
			return cmp.Or(one.Country, party)
		}
		in := language.English
		if l == Arabic {
			in = language.Arabic
		}
		return cmp.Or(display.Regions(in).Name(region), one.Country)
	}
	return party
}

func authorityIn(l Language, p Pact, id string) string {
	a, known := p.Authority(id)
	if !known {
		return id
	}
	name, _ := inLanguage(l, a.Name, a.NameAr)
	return cmp.Or(name, id)
}

func peopleOf(m *Meeting, party string) []Person {
	for _, d := range m.Delegations {
		if d.Party == party {
			return d.People
		}
	}
	return nil
}

func signedBy(m *Meeting, party string) *signedLine {
	for _, s := range m.Signatures {
		if s.Party == party {
			sum := sha256.Sum256([]byte(s.JWS))
			return &signedLine{s.At, fmt.Sprintf("%X-%X-%X-%X", sum[0:2], sum[2:4], sum[4:6], sum[6:8])}
		}
	}
	return nil
}

func lineOf(l Language, item *Item, titles map[string]string, p Pact) itemLine {
	out := itemLine{Title: textIn(l, item.Title, item.TitleAr)}
	if out.Title.Text == "" {
		out.Title = textLine{Text: word(l, "item."+string(item.Kind))}
		if title := titles[item.Agreement]; title != "" {
			out.Title.Text += ": " + title
		}
	}
	if item.Minute == nil {
		return out
	}
	if said := textIn(l, item.Minute.English, item.Minute.Arabic); said.Text != "" {
		out.Said = &said
	}
	for _, reserved := range item.Minute.Reservations {
		out.Reservations = append(out.Reservations, reservedLine{countryOf(l, p, reserved.Party), textIn(l, reserved.English, reserved.Arabic)})
	}
	return out
}

func effectsOf(l Language, e *ledger.Effect) []labelled {
	var all []labelled
	version := ""
	if e.AgreementVersion != 0 {
		version = strconv.Itoa(e.AgreementVersion)
	}
	for _, one := range []labelled{
		{"agreement_version", version}, {"digest", e.Digest}, {"quota", e.Quota}, {"contact", e.Contact}, {"share_on", e.ShareOn}, {"share_off", e.ShareOff},
	} {
		if one.Value != "" {
			all = append(all, labelled{word(l, "effect."+one.Label), one.Value})
		}
	}
	return all
}

func actionLines(l Language, p Pact, all []Action) []actionLine {
	var out []actionLine
	for _, a := range all {
		out = append(out, actionLine{
			Number: a.Number, Owner: authorityIn(l, p, a.Owner), Due: a.Due, Figure: a.Figure, Evidence: a.Evidence, State: a.State,
			Text: textIn(l, a.Text, a.TextAr),
		})
	}
	return out
}
