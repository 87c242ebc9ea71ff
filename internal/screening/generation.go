package screening

import (
	"bytes"
	"cmp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/rihla/rihla/formats/country"
	"github.com/rihla/rihla/internal/screening/lists"
	"github.com/rihla/rihla/internal/screening/names"
	"github.com/rihla/rihla/internal/screening/rules"
)

// Generation is one immutable set of lists and rules. It is safe for any number of goroutines.
//
// Its entries lie in a large base and in a small overlay of what has changed since the base was built, so that a list in
// which a hundred entries change costs what a hundred entries cost. A word is as rare in the overlay as in the base and
// among the changed together: a score differs by a hair, if at all, from what one whole index would give.
type Generation struct {
	number    int64
	base      *layer
	over      *layer                  // nil while nothing has changed
	moved     map[entryKey]*readEntry // what has changed since the base; nil has left
	dead      map[int32]bool          // the base's entries that have changed or left
	versions  map[string]string       // of lists
	terms     map[string]Thresholds   // of lists that have their own
	scopes    map[string][]string     // of lists that speak of some domains' subjects only
	rules     *rules.Set
	shadows   *shadowLog // where hits of rules in shadow are noted; nil without a store
	dismissed dismissals
	dismissal int64     // the number of dismissals read
	until     time.Time // when an entry next begins or ends to hold, or a dismissal ends; zero is never
	clock     func() time.Time
	scratch   *sync.Pool
}

// mostNameHits of one subject: somebody whom more entries resemble is known by the best of them.
const mostNameHits = 10

// Number is the generation's: it grows with every change of a list or a rule, on every node alike.
func (g *Generation) Number() int64 { return g.number }

type screenScratch struct {
	person names.Person
	hits   []names.Hit
	met    []nameHit
	rules  []rules.Hit
	number []byte
	domain string // the subject's
}

// Screen appends what lists, rules and the domain's own matcher have found of a subject, worst first. Somebody of whom
// nothing is found costs some tens of microseconds and no memory that stays.
func (g *Generation) Screen(dst []Finding, s *Screened) []Finding {
	first := len(dst)
	scratch := g.scratch.Get().(*screenScratch)
	scratch.domain = s.Subject.Domain
	dst = append(dst, s.Found...)
	dst = g.screenDocuments(dst, &s.Subject, scratch)
	dst = g.screenNames(dst, &s.Subject, scratch)
	dst = g.screenRules(dst, s, scratch)
	g.scratch.Put(scratch)
	if len(dst) == first {
		return dst
	}
	found := dst[first:]
	if len(g.dismissed) > 0 {
		identities := Identity(&s.Subject)
		now := g.clock()
		found = slices.DeleteFunc(found, func(f Finding) bool {
			return f.List != "" && f.Explanation.Code != CodeDocumentStolen && g.dismissed.hold(identities, &f, now)
		})
	}
	for i := range found {
		found[i].Subject, found[i].Generation = s.Subject.ID, g.number
	}
	sortFindings(found)
	return dst[:first+len(found)]
}

// shortNumber is a length below which a number without its country says nothing.
const shortNumber = 6

func (g *Generation) screenDocuments(dst []Finding, s *Subject, scratch *screenScratch) []Finding {
	first := len(dst)
	for i := range s.Documents {
		d := &s.Documents[i]
		scratch.number = names.AppendCompact(scratch.number[:0], d.Number)
		for _, ref := range g.base.holding(scratch.number) {
			if !g.dead[ref.entry] && g.speaksOf(g.base.roll.list(ref.entry), s.Domain) {
				dst = g.compareDocument(dst, first, g.base, ref, d, scratch.number)
			}
		}
		if g.over != nil {
			for _, ref := range g.over.holding(scratch.number) {
				if g.speaksOf(g.over.roll.list(ref.entry), s.Domain) {
					dst = g.compareDocument(dst, first, g.over, ref, d, scratch.number)
				}
			}
		}
	}
	return dst
}

// compareDocument appends what a listed document, whose number is probably the one asked for, says of its bearer.
func (g *Generation) compareDocument(dst []Finding, first int, in *layer, ref documentRef, d *Document, number []byte) []Finding {
	e := in.roll.entry(ref.entry)
	l := &e.documents[ref.document]
	if !bytes.Equal(names.AppendCompact(nil, l.Number), number) {
		return dst
	}
	issued := d.Issuer != "" && l.Issuer != ""
	if issued && !country.Same(d.Issuer, l.Issuer) || !issued && len(number) < shortNumber {
		return dst
	}
	if d.Type != "" && l.Type != "" && d.Type[0] != l.Type[0] && (!issued || isPassport(d.Type) != isPassport(l.Type)) {
		return dst
	}
	f := g.finding(EngineDocument, &e)
	if slices.ContainsFunc(dst[first:], func(o Finding) bool { return o.Matched == f.Matched }) {
		return dst
	}
	f.Explanation.Code, f.Severity = CodeDocumentListed, Critical
	if l.Status != "" {
		f.Explanation.Code = CodeDocumentStolen
	}
	if !issued {
		f.Severity = High
	}
	f.Explanation.Subject = join(d.Type, d.Number, d.Issuer)
	f.Explanation.Listed = join(l.Type, l.Number, l.Issuer)
	f.Explanation.Evidence = []Evidence{{Code: "document_equal", Subject: d.Number, Listed: l.Number, Weight: 9}}
	if !issued {
		f.Explanation.Evidence[0].Weight = 6
		f.Explanation.Settle = []string{"ask_issuer"}
	}
	if l.Status != "" {
		f.Explanation.Evidence = append(f.Explanation.Evidence, Evidence{Code: "document_status", Listed: join(l.Status, l.Reported)})
	}
	return append(dst, f)
}

func isPassport(kind string) bool { return kind[0] == 'P' }

func join(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(p string) bool { return p == "" }), " ")
}

// finding begins a finding of an entry.
func (g *Generation) finding(engine string, e *rolled) Finding {
	return Finding{Engine: engine, Matched: e.list + "/" + e.id, List: e.list, ListVersion: g.versions[e.list], Entry: e.id, EntryHash: e.hash,
		Explanation: Explanation{Title: e.list, Reason: e.reason, Advice: e.instruction}}
}

// nameHit is a hit with the entry it is of.
type nameHit struct {
	names.Hit
	in    *layer
	entry int32
}

func (g *Generation) screenNames(dst []Finding, s *Subject, scratch *screenScratch) []Finding {
	if len(s.Names) == 0 {
		return dst
	}
	p := &scratch.person
	asPerson(p, s)
	least := g.least()
	scratch.met = scratch.met[:0]
	searched := 0
	for _, l := range [...]*layer{g.base, g.over} {
		if l == nil {
			continue
		}
		for _, t := range l.tables(s) {
			if t != nil {
				scratch.met = g.matchIn(scratch.met, l, t, p, least, scratch)
				searched++
			}
		}
	}
	if searched > 1 {
		g.rank(scratch.met)
	}
	for i := range scratch.met[:min(len(scratch.met), mostNameHits)] {
		dst = append(dst, g.nameFinding(s, &scratch.met[i]))
	}
	clear(scratch.met)
	clear(scratch.hits)
	return dst
}

// asPerson is a subject as names are compared.
func asPerson(p *names.Person, s *Subject) {
	p.Names, p.Countries = p.Names[:0], p.Countries[:0]
	for _, n := range s.Names {
		p.Names = append(p.Names, names.Name{Surname: n.Surname, Given: n.Given, Full: n.Full})
	}
	for _, c := range s.Countries {
		if c.Role == "nationality" && c.Code != "" {
			p.Countries = append(p.Countries, country.ISO(c.Code))
		}
	}
	p.Births, p.Sex = s.Births, s.Sex
}

// matchIn appends the best entries of a layer's table that may be the subject: those that are still in force, and resemble
// them as much as their list asks for.
func (g *Generation) matchIn(met []nameHit, in *layer, t *nameTable, p *names.Person, least float64, scratch *screenScratch) []nameHit {
	key := t.strangers.key(p, least)
	if t.strangers.known(key) {
		return met
	}
	first := len(met)
	for most := mostNameHits; ; most *= 4 {
		met = met[:first]
		scratch.hits = t.index.Match(scratch.hits[:0], p, least, most)
		for _, h := range scratch.hits {
			entry := t.entries[h.Entry]
			if in == g.base && g.dead[entry] || len(g.terms) > 0 && h.Score < g.Thresholds(in.roll.list(entry)).Look ||
				len(g.scopes) > 0 && !g.speaksOf(in.roll.list(entry), scratch.domain) {
				continue
			}
			met = append(met, nameHit{h, in, entry})
			if len(met)-first == mostNameHits {
				break
			}
		}
		if len(scratch.hits) < most || len(met)-first == mostNameHits {
			break
		}
	}
	if len(scratch.hits) == 0 {
		t.strangers.remember(key)
	}
	return met
}

// rank orders hits of several layers as one index would have.
func (g *Generation) rank(met []nameHit) {
	slices.SortFunc(met, func(a, b nameHit) int {
		if c := cmp.Compare(b.Score, a.Score); c != 0 {
			return c
		}
		x, y := a.in.roll.entry(a.entry), b.in.roll.entry(b.entry)
		return cmp.Or(cmp.Compare(x.list, y.list), cmp.Compare(x.id, y.id))
	})
}

func (g *Generation) nameFinding(s *Subject, h *nameHit) Finding {
	e := h.in.roll.entry(h.entry)
	f := g.finding(EngineName, &e)
	f.Score = shown(h.Score)
	f.Severity = Medium
	if h.Score >= g.Thresholds(e.list).Alert {
		f.Severity = High
	}
	x := &f.Explanation
	x.Code = CodeNameMatch
	asked := s.Names[h.Asked]
	x.Subject = asked.Full
	if asked.Surname != "" || asked.Given != "" {
		x.Subject = join(asked.Given, asked.Surname)
	}
	x.Listed = e.names[h.Name]
	for _, w := range h.Words {
		x.Tokens = append(x.Tokens, Token{Subject: w.Asked, Listed: w.Listed, Relation: w.Relation, Weight: w.Weight})
	}
	for _, v := range h.Evidence {
		x.Evidence = append(x.Evidence, Evidence{Code: v.Code, Subject: v.Asked, Listed: v.Listed, Weight: v.Weight})
	}
	if len(s.Births) == 0 && e.births {
		x.Settle = append(x.Settle, "ask_birth_date")
	}
	if len(e.documents) > 0 {
		x.Settle = append(x.Settle, "ask_document")
	}
	if len(s.Countries) == 0 && e.countries {
		x.Settle = append(x.Settle, "ask_nationality")
	}
	return f
}

// shown is a score as people see it, in thousandths.
func shown(score float64) float64 { return float64(int(score*1000)) / 1000 }

func newScratch() *sync.Pool { return &sync.Pool{New: func() any { return new(screenScratch) }} }

// PersonOf is an entry as names are compared.
func PersonOf(e *lists.Entry) names.Person {
	p := names.Person{Births: e.Births, Sex: e.Sex}
	for _, n := range e.Names {
		name := names.Name{Full: n.Text, Weak: n.Weak}
		if n.Surname != "" || n.Given != "" {
			name.Full, name.Surname, name.Given = "", n.Surname, n.Given
		}
		p.Names = append(p.Names, name)
	}
	for _, c := range e.Countries {
		if c.Role != "issuer" {
			p.Countries = append(p.Countries, country.ISO(c.Code))
		}
	}
	for _, d := range e.Documents {
		if d.Status == "" { // one that was lost is no longer its holder's
			p.Documents = append(p.Documents, names.Document{Type: d.Type, Number: d.Number, Country: country.ISO(d.Issuer)})
		}
	}
	return p
}
