package dialogue

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"html/template"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"github.com/rihla/rihla/internal/sharing/ledger"
)

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
