package matching

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"github.com/rihla/rihla/formats/country"
	"github.com/rihla/rihla/internal/screening/names"
)

// Scope is what may be asked.
type Scope struct {
	Years bool // keys of the family Year as well: for terrorism alone, since many innocents meet in them
}

// mostKeys of one listed person. What has more, a chain of names with many readings, loses the least likely.
const mostKeys = 160

// Asked gives a passenger's keys: the plainest reading of each name, since every key asked counts against a quota.
func Asked(p *names.Person, s Scope) []Key {
	m := maker{scope: s}
	m.person(p)
	return m.keys
}

// Listed gives a listed person's keys: every reading, either order of the names, either order of day and month. Keys cost
// the list's side little, so the tolerance of spelling is here.
func Listed(p *names.Person, s Scope) []Key {
	m := maker{scope: s, listed: true}
	m.person(p)
	return m.keys[:min(len(m.keys), mostKeys)]
}

type maker struct {
	scope  Scope
	listed bool
	keys   []Key
	seen   map[Key]bool
}

func (m *maker) add(f Family, parts ...string) {
	k := Key(Profile + "|" + string(f) + "|" + strings.Join(parts, "|"))
	if m.seen == nil {
		m.seen = make(map[Key]bool)
	}
	if !m.seen[k] {
		m.seen[k] = true
		m.keys = append(m.keys, k)
	}
}

func (m *maker) person(p *names.Person) {
	for _, d := range p.Documents {
		m.document(d, p.Countries)
	}
	when := m.dates(p.Births)
	for i := range p.Names {
		m.name(&p.Names[i], when)
	}
}

// shortestNumber of a document that says anything.
const shortestNumber = 5

func (m *maker) document(d names.Document, nationalities []string) {
	number := string(names.AppendCompact(nil, d.Number))
	if len(number) < shortestNumber {
		return
	}
	issuers := nationalities // whoever's document it is has most likely issued it
	if d.Country != "" {
		issuers = []string{d.Country}
	}
	for _, issuer := range issuers {
		if code, _, known := country.Normalise(issuer); known {
			m.add(Document, country.ISO(code), number)
		}
	}
}

// birthDates are the days and years that go into keys.
type birthDates struct {
	days  []string // as given
	vague []string // where only the year is known: the year alone, and the first of January, as papers have it
	slips []string // what else a day given may have been written as
	years []string
}

// longestSpan of birth years that are spelled out.
const longestSpan = 10

func (m *maker) dates(births []string) (b birthDates) {
	for _, born := range births {
		rest, about := strings.CutPrefix(born, "~")
		if day, err := time.Parse(time.DateOnly, rest); err == nil {
			m.day(&b, day)
			continue
		}
		from, to, span := strings.Cut(rest, "/")
		if !span {
			to = from
		}
		first, err := time.Parse("2006", from[:min(4, len(from))])
		if err != nil {
			continue
		}
		last, err := time.Parse("2006", to[:min(4, len(to))])
		if err != nil || span && !m.listed {
			continue // a traveller has one year, or says nothing
		}
		if about && m.listed {
			first, last = first.AddDate(-1, 0, 0), last.AddDate(1, 0, 0)
		}
		for n := 0; n < longestSpan && !first.After(last); n++ {
			year := first.Format("2006")
			add(&b.years, year)
			add(&b.vague, year)
			add(&b.vague, year+"-01-01")
			first = first.AddDate(1, 0, 0)
		}
	}
	return b
}

// day takes in a full date. Papers whose bearer knows the year only have its first day; day and month, or two digits of the
// year, are exchanged now and then, and a year is one off. Where a list knows no more than the year, that is all that a
// passenger can agree with: the passenger asks by it too.
func (m *maker) day(b *birthDates, day time.Time) {
	year, text := day.Format("2006"), day.Format(time.DateOnly)
	add(&b.days, text)
	add(&b.years, year)
	if !m.listed {
		add(&b.vague, year)
		return
	}
	add(&b.slips, year+"-01-01")
	add(&b.slips, day.AddDate(1, 0, 0).Format(time.DateOnly))
	add(&b.slips, day.AddDate(-1, 0, 0).Format(time.DateOnly))
	if year[2] != year[3] {
		add(&b.slips, year[:2]+year[3:]+year[2:3]+text[4:])
	}
	if day.Day() <= 12 && day.Day() != int(day.Month()) {
		add(&b.slips, year+"-"+text[8:]+"-"+text[5:7])
	}
}

func add(to *[]string, what string) {
	if !slices.Contains(*to, what) {
		*to = append(*to, what)
	}
}

// name adds the keys of one name. Family and given name are the last and the first word; a list's chain of names is
// taken for whichever two of them a booking may keep, in either order.
func (m *maker) name(n *names.Name, when birthDates) {
	parts := n.Parts()
	if len(parts) == 0 {
		return
	}
	called := max(0, slices.IndexFunc(parts, func(p names.Part) bool { return p.Given }))
	last := len(parts) - 1
	for last > 0 && !parts[last].Family {
		last--
	}
	m.exact(parts, called, last, when)
	m.letters(parts, when)
	type pair struct{ family, given int }
	pairs := []pair{{last, called}}
	if m.listed && !n.Weak {
		for i := range parts {
			if i != called {
				pairs = append(pairs, pair{i, called})
			}
		}
		for i := range parts {
			if i != called {
				pairs = append(pairs, pair{called, i})
			}
		}
	}
	for i, p := range pairs {
		m.sounds(&parts[p.family], &parts[p.given], when, i == 0)
	}
}

// exact adds the name as written. A family name of several words is one, and its last word is one too.
func (m *maker) exact(parts []names.Part, called, last int, when birthDates) {
	var whole strings.Builder
	for i, p := range parts {
		if !p.Family || i == called && len(parts) > 1 {
			continue
		}
		if p.Text == "" {
			return
		}
		whole.WriteString(p.Text)
	}
	given := parts[called].Text
	if given == "" || whole.Len() == 0 {
		return
	}
	if len(parts) == 1 {
		given = ""
	}
	for _, day := range when.days {
		m.add(Exact, whole.String(), given, day)
		if m.listed {
			m.add(Exact, parts[last].Text, given, day)
		}
	}
}

func (m *maker) letters(parts []names.Part, when birthDates) {
	var bag []byte
	for _, p := range parts {
		if p.Text == "" {
			return
		}
		bag = append(bag, p.Text...)
	}
	slices.Sort(bag)
	sum := sha256.Sum256(bag)
	for _, day := range slices.Concat(when.days, when.vague, when.slips) {
		m.add(Letters, hex.EncodeToString(sum[:8]), day)
	}
}

// sounds adds the keys of how a family and a given name sound.
func (m *maker) sounds(family, given *names.Part, when birthDates, likeliest bool) {
	fs, gs := family.Skeletons, given.Skeletons
	if len(fs) == 0 || len(gs) == 0 {
		return
	}
	if !m.listed {
		fs, gs = fs[:1], gs[:1]
	}
	for i, f := range fs {
		for j, g := range gs {
			days := slices.Concat(when.days, when.vague)
			if likeliest && i+j == 0 {
				days = append(days, when.slips...)
			}
			for _, day := range days {
				m.add(Skeleton, f, g, day)
			}
			cf, cg := coarse(f), coarse(g)
			for _, day := range when.days {
				m.add(Sound, cf, cg[:min(1, len(cg))], day)
				m.add(Sound, cg, cf[:min(1, len(cf))], day)
			}
			if m.scope.Years {
				for _, year := range when.years {
					m.add(Year, cf, cg, year)
				}
			}
		}
	}
}

// coarse is a skeleton of which sounds that alphabets or dialects exchange are one: the g of Cairo and the j of Riyadh,
// kh and k, th and s, dh and z, w and v. A last h, which may be no more than a mark of the feminine, is gone.
func coarse(skeleton string) string {
	b := make([]byte, 0, len(skeleton))
	for i := range len(skeleton) {
		c := skeleton[i]
		switch c {
		case 'G', 'J', 'X':
			c = 'K'
		case 'T':
			c = 'S'
		case 'Z':
			c = 'D'
		case 'W', 'V':
			c = 'F'
		case 'H':
			if i == len(skeleton)-1 && i > 0 {
				continue
			}
		}
		if n := len(b); n == 0 || b[n-1] != c {
			b = append(b, c)
		}
	}
	return string(b)
}
