package sharing

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/rihla/rihla/formats/country"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/screening/lists"
	"github.com/rihla/rihla/internal/sharing/agreement"
	"github.com/rihla/rihla/internal/store"
)

// The categories that the lists of this node answer.
const (
	watchlistMatch = "watchlist-match"
	coreData       = "core-data"
)

// watchlist answers from this node's own lists: whether somebody is on one, and the core data of whom a hit was about.
type watchlist struct {
	screener interface {
		Generation() *screening.Generation
	}
	now func() time.Time
}

func (watchlist) Categories() []string {
	return []string{watchlistMatch, coreData, listEntry, lostDocument}
}

// Find screens the person asked for as it would a traveller. Core data is only of the entry that an earlier hit was about.
func (w watchlist) Find(ctx context.Context, r store.Reader, a Ask) ([]Candidate, error) {
	if a.Category == coreData {
		e, found, err := entryOf(ctx, r, a.Prior)
		if err != nil || !found {
			return nil, err
		}
		list, _, _ := strings.Cut(a.Prior, "/")
		return []Candidate{{Ref: a.Prior, Title: printed(&e), Detail: list}}, nil
	}
	s := screening.Screened{Subject: a.Person.subject()}
	var out []Candidate
	for _, f := range w.screener.Generation().Screen(nil, &s) {
		if f.List == "" || screening.IsGiven(f.List) || (f.Explanation.Code == screening.CodeDocumentStolen) != (a.Category == lostDocument) {
			continue
		}
		if isListed(a.Category) {
			if may, err := lends(ctx, r, a.Agreement, a.Share, f.List); err != nil || !may {
				if err != nil {
					return nil, err
				}
				continue
			}
		}
		c := Candidate{Ref: f.Matched, Title: f.Explanation.Listed, Detail: f.List, Score: sure(&f), Finding: &f}
		at := slices.IndexFunc(out, func(o Candidate) bool { return o.Ref == c.Ref })
		switch {
		case at < 0:
			out = append(out, c)
		case f.Engine == screening.EngineName: // an entry met by document and by name is one: the name explains more
			c.Score = max(c.Score, out[at].Score)
			out[at] = c
		}
	}
	slices.SortStableFunc(out, func(a, b Candidate) int { return cmp.Compare(b.Score, a.Score) })
	return out, nil
}

// sure is a finding's score; a document that is on the list leaves no doubt of the document.
func sure(f *screening.Finding) float64 {
	if f.Engine == screening.EngineDocument {
		return 1
	}
	return f.Score
}

// Fill gives an entry by the catalogue's names. Confidence leaves as a band only: a number invites reliance.
func (w watchlist) Fill(ctx context.Context, r store.Reader, ref string, a Ask) (Offer, error) {
	if isListed(a.Category) {
		return w.fillListed(ctx, r, ref, a)
	}
	e, found, err := entryOf(ctx, r, ref)
	if err != nil || !found {
		return Offer{}, err
	}
	if a.Category != watchlistMatch {
		return w.core(&e), nil
	}
	o := w.listed(&e)
	candidates, err := w.Find(ctx, r, a)
	if err != nil {
		return o, err
	}
	o.Values["match.hit"] = true
	for _, c := range candidates {
		if c.Ref == ref {
			o.Values["match.confidence_band"] = band(c.Score)
		}
	}
	return o, nil
}

// put sets a value that there is.
func (o *Offer) put(name, value string) {
	if value != "" {
		o.Values[name] = value
	}
}

// listed is that somebody is listed, and on what grounds.
func (w watchlist) listed(e *lists.Entry) Offer {
	o := Offer{Values: map[string]any{}, Subject: about(e, w.now())}
	o.Record.Kind, o.Record.Status = "list-entry", "listed"
	o.put("match.legal_basis", join(", ", append([]string{e.Basis}, e.Programmes...)...))
	o.put("match.action_requested", e.Instruction)
	o.put("match.caution", join(", ", e.Topics...))
	return o
}

// core is who is listed, and on what grounds.
func (w watchlist) core(e *lists.Entry) Offer {
	o := w.listed(e)
	set := o.put
	for i, n := range e.Names {
		if i == 0 {
			set("person.family_name", n.Surname)
			set("person.given_names", n.Given)
			if n.Surname == "" {
				set("person.family_name", n.Text)
			}
			continue
		}
		o.Values["person.aliases"] = appendText(o.Values["person.aliases"], n.Text)
	}
	set("person.dob", strings.Join(e.Births, ", "))
	set("person.sex", e.Sex)
	for _, c := range e.Countries {
		switch c.Role {
		case "nationality":
			o.Values["person.nationality"] = appendText(o.Values["person.nationality"], c.Code)
		case "birth":
			set("person.place_of_birth", c.Code)
		}
	}
	for _, d := range e.Documents {
		if d.Status == "" {
			set("document.type", d.Type)
			set("document.number", d.Number)
			set("document.issuer", d.Issuer)
			set("document.expiry", d.Expires)
			break
		}
	}
	return o
}

func appendText(list any, text string) any {
	texts, _ := list.([]string)
	return append(texts, text)
}

func join(between string, parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(p string) bool { return p == "" }), between)
}

// band says how sure a match is in three steps.
func band(score float64) string {
	switch {
	case score >= .9:
		return "high"
	case score >= .7:
		return "medium"
	}
	return "low"
}

func printed(e *lists.Entry) string {
	if len(e.Names) == 0 {
		return e.ID
	}
	return e.Names[0].Text
}

// entryOf finds an entry by list/id, as findings name it.
func entryOf(ctx context.Context, r store.Reader, ref string) (e lists.Entry, found bool, err error) {
	list, id, ok := strings.Cut(ref, "/")
	if !ok {
		return e, false, nil
	}
	return screening.EntryOf(ctx, r, list, id)
}

// about is an entry as conditions see whom it lists.
func about(e *lists.Entry, now time.Time) agreement.Subject {
	p := person(e)
	s := p.about(now)
	if e.Schema != "Person" {
		s.Kind = "entity"
	}
	return s
}

// person is an entry as a message would name whom it lists.
func person(e *lists.Entry) Person {
	p := Person{Sex: e.Sex}
	if len(e.Names) > 0 {
		n := e.Names[0]
		p.FamilyName, p.GivenNames = n.Surname, n.Given
		if n.Surname == "" {
			p.FamilyName = n.Text
		}
	}
	if len(e.Births) > 0 {
		p.DOB = e.Births[0]
	}
	for _, c := range e.Countries {
		if c.Role == "nationality" {
			p.Nationality = country.ISO(c.Code)
			break
		}
	}
	for _, d := range e.Documents {
		if d.Status == "" {
			p.Document = &Document{Type: d.Type, Number: d.Number, Issuer: d.Issuer}
			break
		}
	}
	return p
}
