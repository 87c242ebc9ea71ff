package screening

import (
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
type Generation struct {
	number    int64
	entries   []listedEntry
	documents map[string][]documentRef // by compact number
	index     *names.Index
	people    []int32 // the index's people → entries
	rules     *rules.Set
	tested    []rules.Result
	dismissed dismissals
	dismissal int64     // the number of dismissals read
	until     time.Time // when an entry next begins or ends to hold; zero is never
	clock     func() time.Time
	scratch   *sync.Pool
	strangers *strangers
}

type listedEntry struct {
	list, version string
	hash          string
	lists.Entry
}

type documentRef struct {
	entry    int32
	document int32
}

// The least score of a name that is kept, and the score from which it is of high severity.
const (
	leastScore = 0.6
	highScore  = 0.8
	// mostNameHits of one subject: somebody whom more entries resemble is known by the best of them.
	mostNameHits = 10
)

// Number is the generation's: it grows with every change of a list or a rule, on every node alike.
func (g *Generation) Number() int64 { return g.number }

type screenScratch struct {
	person names.Person
	hits   []names.Hit
	rules  []rules.Hit
	number []byte
}

// Screen appends what lists, rules and the domain's own matcher have found of a subject, worst first. Somebody of whom
// nothing is found costs some tens of microseconds and no memory that stays.
func (g *Generation) Screen(dst []Finding, s *Screened) []Finding {
	first := len(dst)
	scratch := g.scratch.Get().(*screenScratch)
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

// compactNumber is a document's number as compared: capitals and digits only.
func compactNumber(number string) string {
	return string(appendCompact(nil, number))
}

func appendCompact(b []byte, number string) []byte {
	for i := range len(number) {
		switch c := number[i]; {
		case c >= 'a' && c <= 'z':
			b = append(b, c-'a'+'A')
		case c >= 'A' && c <= 'Z' || c >= '0' && c <= '9':
			b = append(b, c)
		}
	}
	return b
}

// shortNumber is a length below which a number without its country says nothing.
const shortNumber = 6

func (g *Generation) screenDocuments(dst []Finding, s *Subject, scratch *screenScratch) []Finding {
	first := len(dst)
	for i := range s.Documents {
		d := &s.Documents[i]
		scratch.number = appendCompact(scratch.number[:0], d.Number)
		for _, ref := range g.documents[string(scratch.number)] {
			e := &g.entries[ref.entry]
			l := &e.Documents[ref.document]
			issued := d.Issuer != "" && l.Issuer != ""
			if issued && !country.Same(d.Issuer, l.Issuer) || !issued && len(scratch.number) < shortNumber {
				continue
			}
			if d.Type != "" && l.Type != "" && d.Type[0] != l.Type[0] && (!issued || isPassport(d.Type) != isPassport(l.Type)) {
				continue
			}
			f := e.finding(EngineDocument)
			if slices.ContainsFunc(dst[first:], func(o Finding) bool { return o.Matched == f.Matched }) {
				continue
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
			dst = append(dst, f)
		}
	}
	return dst
}

func isPassport(kind string) bool { return kind[0] == 'P' }

func join(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(p string) bool { return p == "" }), " ")
}

// finding begins a finding of an entry.
func (e *listedEntry) finding(engine string) Finding {
	return Finding{Engine: engine, Matched: e.list + "/" + e.ID, List: e.list, ListVersion: e.version, Entry: e.ID, EntryHash: e.hash,
		Explanation: Explanation{Title: e.list, Reason: e.Reason, Advice: e.Instruction}}
}

func (g *Generation) screenNames(dst []Finding, s *Subject, scratch *screenScratch) []Finding {
	if len(s.Names) == 0 || g.index.Len() == 0 {
		return dst
	}
	p := &scratch.person
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
	key := g.strangers.key(p)
	if g.strangers.known(key) {
		return dst
	}
	scratch.hits = g.index.Match(scratch.hits[:0], p, leastScore, mostNameHits)
	if len(scratch.hits) == 0 {
		g.strangers.remember(key)
	}
	for i := range scratch.hits {
		dst = append(dst, g.nameFinding(s, &scratch.hits[i]))
	}
	clear(scratch.hits)
	return dst
}

func (g *Generation) nameFinding(s *Subject, h *names.Hit) Finding {
	e := &g.entries[g.people[h.Entry]]
	f := e.finding(EngineName)
	f.Score = float64(int(h.Score*1000)) / 1000
	f.Severity = Medium
	if h.Score >= highScore {
		f.Severity = High
	}
	x := &f.Explanation
	x.Code = CodeNameMatch
	asked := s.Names[h.Asked]
	x.Subject = asked.Full
	if asked.Surname != "" || asked.Given != "" {
		x.Subject = join(asked.Given, asked.Surname)
	}
	x.Listed = e.Names[h.Name].Text
	for _, w := range h.Words {
		x.Tokens = append(x.Tokens, Token{Subject: w.Asked, Listed: w.Listed, Relation: w.Relation, Weight: w.Weight})
	}
	for _, v := range h.Evidence {
		x.Evidence = append(x.Evidence, Evidence{Code: v.Code, Subject: v.Asked, Listed: v.Listed, Weight: v.Weight})
	}
	if len(s.Births) == 0 && len(e.Births) > 0 {
		x.Settle = append(x.Settle, "ask_birth_date")
	}
	if len(e.Documents) > 0 {
		x.Settle = append(x.Settle, "ask_document")
	}
	if len(s.Countries) == 0 && len(e.Countries) > 0 {
		x.Settle = append(x.Settle, "ask_nationality")
	}
	return f
}

// newGeneration builds what can be screened against from entries in force at the clock's instant.
func newGeneration(number int64, entries []listedEntry, set *rules.Set, d dismissals, clock func() time.Time) *Generation {
	g := &Generation{number: number, rules: set, dismissed: d, clock: clock, documents: make(map[string][]documentRef), scratch: newScratch(), strangers: newStrangers()}
	now := clock()
	var people []names.Person
	for i := range entries {
		e := &entries[i]
		holds, next := inForce(&e.Entry, now)
		if !next.IsZero() && (g.until.IsZero() || next.Before(g.until)) {
			g.until = next
		}
		if !holds {
			continue
		}
		at := int32(len(g.entries))
		g.entries = append(g.entries, *e)
		for j, d := range e.Documents {
			if key := compactNumber(d.Number); len(key) >= 4 {
				g.documents[key] = append(g.documents[key], documentRef{at, int32(j)})
			}
		}
		if e.DocumentOnly || e.Schema != "Person" || len(e.Names) == 0 {
			continue
		}
		people = append(people, PersonOf(&e.Entry))
		g.people = append(g.people, at)
	}
	g.index = names.Build(people)
	if set != nil {
		g.tested = set.Test()
	}
	return g
}

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

// inForce says whether an entry holds now, and when that next changes.
func inForce(e *lists.Entry, now time.Time) (holds bool, next time.Time) {
	from, errFrom := time.Parse(time.DateOnly, e.From)
	until, errUntil := time.Parse(time.DateOnly, e.Until)
	if errUntil == nil {
		until = until.AddDate(0, 0, 1) // its last day is whole
	}
	switch {
	case errFrom == nil && now.Before(from):
		return false, from
	case errUntil == nil && !now.Before(until):
		return false, time.Time{}
	case errUntil == nil:
		return true, until
	}
	return true, time.Time{}
}
