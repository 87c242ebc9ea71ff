package pattern

import (
	"strings"

	"github.com/rihla/rihla/formats/observable"
)

// Atom is one value that a pattern asks for by equality, in the form in which an index finds it.
type Atom struct {
	Path  string          // ipv4-addr:value
	Kind  observable.Kind // of the value; CIDR where a network is asked for, by ISSUBSET or in CIDR notation
	Value string          // as the pattern writes it
	Key   string          // observable.Key of the value in its plain form: equal for equal things
}

// pathKinds are the paths that hold atomic values. Those at "" hold what their shape says.
var pathKinds = map[string]observable.Kind{
	"ipv4-addr:value": observable.IPv4, "ipv6-addr:value": observable.IPv6, "domain-name:value": observable.Domain, "url:value": observable.URL,
	"email-addr:value": observable.Email, "email-message:from_ref.value": observable.Email, "email-message:sender_ref.value": observable.Email,
	"email-message:to_refs[*].value": observable.Email, "email-message:cc_refs[*].value": observable.Email, "email-message:bcc_refs[*].value": observable.Email,
	"mac-addr:value": observable.MAC, "windows-registry-key:key": observable.RegistryKey, "autonomous-system:number": observable.ASN,
	"user-account:account_login": observable.Account, "user-account:user_id": observable.Account, "mutex:name": observable.Mutex, "file:name": observable.FileName,
	"directory:path": observable.FilePath, "network-traffic:src_ref.value": "", "network-traffic:dst_ref.value": "", "domain-name:resolves_to_refs[*].value": "",
	"network-traffic:extensions.'http-request-ext'.request_header.'User-Agent'": observable.UserAgent,
	"vulnerability:name": observable.CVE,
}

var hashKinds = map[string]observable.Kind{"MD5": observable.MD5, "SHA1": observable.SHA1, "SHA256": observable.SHA256, "SHA512": observable.SHA512}

// kindAt is the kind of value that a path holds.
func (p *Path) kindAt() (observable.Kind, bool) {
	if len(p.Steps) >= 2 && p.Steps[len(p.Steps)-2].Name == "hashes" {
		kind, ok := hashKinds[strings.ReplaceAll(strings.ToUpper(p.Steps[len(p.Steps)-1].Name), "-", "")]
		return kind, ok
	}
	kind, ok := pathKinds[p.String()]
	return kind, ok
}

// AtomAt reads a value at a path as an atom; false where that path holds none.
func AtomAt(path, value string) (Atom, bool) {
	kind, ok := pathKinds[path]
	if !ok {
		p := &parser{s: path, pattern: new(Pattern)}
		parsed, err := p.path()
		if err != nil {
			return Atom{}, false
		}
		if kind, ok = parsed.kindAt(); !ok {
			return Atom{}, false
		}
	}
	return atom(path, kind, value), true
}

func atom(path string, kind observable.Kind, value string) Atom {
	a := Atom{Path: path, Kind: kind, Value: value, Key: value}
	if kind == "" {
		for _, k := range []observable.Kind{observable.IPv4, observable.MAC, observable.Domain} {
			if got, plain, r := observable.Parse(k, value); r == nil {
				a.Kind, a.Key = got, observable.Key(got, plain)
				return a
			}
		}
		return a
	}
	text := value
	if kind == observable.ASN {
		text = "AS" + strings.TrimPrefix(strings.ToUpper(value), "AS")
	}
	if got, plain, r := observable.Parse(kind, text); r == nil {
		a.Kind, a.Key = got, observable.Key(got, plain)
	}
	return a
}

// atoms are those of one test; none where it is no plain equality.
func (t *Test) atoms() []Atom {
	if t.Not || t.By != "=" && t.By != "IN" && t.By != "ISSUBSET" {
		return nil
	}
	kind, ok := t.Path.kindAt()
	if !ok {
		return nil
	}
	path := t.Path.String()
	out := make([]Atom, 0, len(t.Values))
	for _, v := range t.Values {
		if v.Kind != Text && v.Kind != Integer {
			return nil
		}
		out = append(out, atom(path, kind, v.Text))
	}
	return out
}

// Atoms are all values that the pattern asks for by equality and does not negate.
func (p *Pattern) Atoms() []Atom {
	var out []Atom
	for _, t := range p.Tests() {
		out = append(out, t.atoms()...)
	}
	return out
}

// Index answers the atoms under which the pattern should be kept: whatever it matches holds the value of one of them.
// It answers false where there are none such, and every observation must be tried.
func (p *Pattern) Index() ([]Atom, bool) { return indexOver(p.Root) }

// IndexEach answers the atoms under which every single observation of the pattern should be kept: whatever matches one of
// them holds the value of one of the atoms. It answers false where some observation has none.
func (p *Pattern) IndexEach() (atoms []Atom, ok bool) {
	ok = true
	p.each(func(o *Observation) {
		own, has := indexWithin(o.Holds)
		atoms, ok = append(atoms, own...), ok && has
	})
	return atoms, ok
}

func indexOver(o Observations) ([]Atom, bool) {
	switch o := o.(type) {
	case *Observation:
		return indexWithin(o.Holds)
	case *Qualified:
		return indexOver(o.Of)
	case *Combined:
		return joinIndex(o.By == "OR", len(o.Of), func(i int) ([]Atom, bool) { return indexOver(o.Of[i]) })
	}
	return nil, false
}

func indexWithin(c Comparison) ([]Atom, bool) {
	switch c := c.(type) {
	case *Test:
		atoms := c.atoms()
		return atoms, len(atoms) > 0
	case *Both:
		return joinIndex(c.By == "OR", len(c.Of), func(i int) ([]Atom, bool) { return indexWithin(c.Of[i]) })
	}
	return nil, false
}

// joinIndex takes the atoms of all parts where one part is enough to match, and of the part that has fewest where all
// must.
func joinIndex(either bool, parts int, of func(int) ([]Atom, bool)) ([]Atom, bool) {
	var out []Atom
	found := false
	for i := range parts {
		atoms, ok := of(i)
		switch {
		case either && !ok:
			return nil, false
		case either:
			out, found = append(out, atoms...), true
		case ok && (!found || better(atoms, out)):
			out, found = atoms, true
		}
	}
	return out, found
}

// better tells the set of atoms that finds less by chance: single values before networks, few before many.
func better(a, b []Atom) bool {
	wide := func(list []Atom) int {
		n := 0
		for i := range list {
			if list[i].Kind == observable.CIDR || list[i].Kind == observable.FileName {
				n++
			}
		}
		return n
	}
	if wa, wb := wide(a), wide(b); wa != wb {
		return wa < wb
	}
	return len(a) < len(b)
}
