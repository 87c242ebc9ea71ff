package funds

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"

	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/screening/names"
)

// The kinds of parties.
const (
	Person       = "person"
	Organisation = "organisation"
	Account      = "account"
)

// Facet is what one entry says of a party.
type Facet struct {
	Kind         string               `json:"kind"`
	Names        []screening.Name     `json:"names,omitempty"`
	Born         string               `json:"born,omitempty"`
	Birthplace   string               `json:"birthplace,omitempty"`
	Sex          string               `json:"sex,omitempty"`
	Countries    []screening.Country  `json:"countries,omitempty"`
	Documents    []screening.Document `json:"documents,omitempty"`
	Contacts     []screening.Tie      `json:"contacts,omitempty"` // phone, email, address
	Account      string               `json:"account,omitempty"`  // IBAN or number, without blanks
	Institution  string               `json:"institution,omitempty"`
	Registration string               `json:"registration,omitempty"`
	BIC          string               `json:"bic,omitempty"`    // of a bank as a party of its own
	Opened       string               `json:"opened,omitempty"` // of an account: YYYY-MM-DD
	Occupation   string               `json:"occupation,omitempty"`
}

// hash names the facet by its content.
func (f *Facet) hash() string {
	text, err := json.Marshal(f)
	if err != nil { // texts have always a JSON text
		return ""
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:10])
}

// Identifier names things for ever by a keyed hash of their natural key.
type Identifier interface {
	ID(kind string, parts ...string) string
}

// key is the party a facet speaks of: an account by its number; a person by the main document, else by name and birth; an
// organisation by its registration, else by name and country. What names nobody enough is a party of its own entry.
func (f *Facet) key(ids Identifier, entry, role string) string {
	const kind = "funds-party"
	if f.Kind == Account && f.Account != "" {
		if len(f.Account) >= shortestIBAN {
			return ids.ID(kind, "account", f.Account)
		}
		return ids.ID(kind, "account", f.Account, strings.ToUpper(f.Institution))
	}
	var name string
	if len(f.Names) > 0 {
		n := f.Names[0]
		name = names.Key(names.Name{Surname: n.Surname, Given: n.Given, Full: n.Full})
	}
	country := ""
	if len(f.Countries) > 0 {
		country = f.Countries[0].Code
	}
	switch {
	case f.BIC != "":
		return ids.ID(kind, "bank", f.BIC)
	case len(f.Documents) > 0:
		d := slices.MinFunc(f.Documents, func(a, b screening.Document) int {
			return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a.Issuer, b.Issuer), cmp.Compare(a.Number, b.Number))
		})
		return ids.ID(kind, "document", d.Issuer, string(names.AppendCompact(nil, d.Number)))
	case f.Kind == Person && name != "" && f.Born != "":
		return ids.ID(kind, "name", name, f.Born)
	case f.Kind == Organisation && f.Registration != "":
		return ids.ID(kind, "registration", country, string(names.AppendCompact(nil, f.Registration)))
	case f.Kind == Organisation && name != "":
		return ids.ID(kind, "organisation", name, country)
	}
	return ids.ID(kind, "entry", entry, role, name)
}

// shortestIBAN in the world is Norway's; a shorter number is told apart by its institution.
const shortestIBAN = 15

// rank prefers a passport, then other travel documents.
func rank(d screening.Document) int {
	switch {
	case strings.HasPrefix(d.Type, "P"):
		return 0
	case strings.HasPrefix(d.Type, "I"):
		return 1
	}
	return 2
}

// Party is one person, organisation or account with all that is said of it.
type Party struct {
	ID      string           `json:"id"`
	Kind    string           `json:"kind"`
	Facets  map[string]Facet `json:"facets"` // by hash
	version int64
}

// Merged is the party as people see it: each value once, in an order that does not hang on who said it first.
type Merged struct {
	ID            string               `json:"id"`
	Kind          string               `json:"kind" enum:"person,organisation,account"`
	Name          string               `json:"name,omitempty"`
	Names         []screening.Name     `json:"-"`
	Also          []string             `json:"also,omitempty" doc:"Other names it goes by"`
	Births        []string             `json:"births,omitempty"`
	Birthplaces   []string             `json:"birthplaces,omitempty"`
	Sex           string               `json:"sex,omitempty"`
	Countries     []screening.Country  `json:"-"`
	Nationalities []string             `json:"nationalities,omitempty"`
	Documents     []screening.Document `json:"-"`
	Papers        []Paper              `json:"documents,omitempty"`
	Contacts      []Contact            `json:"contacts,omitempty"`
	Account       string               `json:"account,omitempty"`
	Institution   string               `json:"institution,omitempty"`
	Registration  string               `json:"registration,omitempty"`
	BIC           string               `json:"bic,omitempty"`
	Opened        string               `json:"opened,omitempty"`
	Occupations   []string             `json:"occupations,omitempty"`
}

// Paper is a document as pages show it.
type Paper struct {
	Type   string `json:"type,omitempty"`
	Number string `json:"number"`
	Issuer string `json:"issuer,omitempty"`
}

// Contact is a way to reach a party.
type Contact struct {
	Kind  string `json:"kind" enum:"phone,email,address"`
	Value string `json:"value"`
}

// most values of a kind that are shown and screened: an account that a thousand payers spell in a thousand ways is still
// one account.
const mostValues = 40

// merge puts the facets together.
func (p *Party) merge() Merged {
	m := Merged{ID: p.ID, Kind: p.Kind}
	hashes := make([]string, 0, len(p.Facets))
	for h := range p.Facets {
		hashes = append(hashes, h)
	}
	slices.Sort(hashes)
	var births, places, sexes, accounts, institutions, registrations, banks, opened, jobs set[string]
	var people set[screening.Name]
	var countries set[screening.Country]
	var documents set[screening.Document]
	var contacts set[screening.Tie]
	for _, h := range hashes {
		f := p.Facets[h]
		people.add(f.Names...)
		births.add(f.Born)
		places.add(f.Birthplace)
		sexes.add(f.Sex)
		accounts.add(f.Account)
		institutions.add(f.Institution)
		registrations.add(f.Registration)
		banks.add(f.BIC)
		opened.add(f.Opened)
		jobs.add(f.Occupation)
		countries.add(f.Countries...)
		documents.add(f.Documents...)
		contacts.add(f.Contacts...)
	}
	m.Names = people.sorted(func(a, b screening.Name) int { // the longest says most
		return cmp.Or(len(b.String())-len(a.String()), cmp.Compare(a.String(), b.String()), cmp.Compare(a.Full, b.Full))
	})
	for i, n := range m.Names {
		if i == 0 {
			m.Name = n.String()
		} else {
			m.Also = append(m.Also, n.String())
		}
	}
	m.Births, m.Birthplaces, m.Occupations = births.sorted(cmp.Compare), places.sorted(cmp.Compare), jobs.sorted(cmp.Compare)
	m.Sex, m.Account, m.Institution = sexes.only(), accounts.first(), institutions.first()
	m.Registration, m.BIC, m.Opened = registrations.first(), banks.first(), opened.first()
	m.Countries = countries.sorted(func(a, b screening.Country) int {
		return cmp.Or(cmp.Compare(a.Code, b.Code), cmp.Compare(a.Role, b.Role))
	})
	for _, c := range m.Countries {
		if c.Role == "nationality" {
			m.Nationalities = append(m.Nationalities, c.Code)
		}
	}
	m.Documents = documents.sorted(func(a, b screening.Document) int {
		return cmp.Or(rank(a)-rank(b), cmp.Compare(a.Issuer, b.Issuer), cmp.Compare(a.Number, b.Number), cmp.Compare(a.Type, b.Type))
	})
	for _, d := range m.Documents {
		m.Papers = append(m.Papers, Paper{Type: d.Type, Number: d.Number, Issuer: d.Issuer})
	}
	for _, t := range contacts.sorted(func(a, b screening.Tie) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Value, b.Value))
	}) {
		m.Contacts = append(m.Contacts, Contact(t))
	}
	return m
}

// folded is what search looks in.
func (m *Merged) folded() string {
	parts := []string{m.Account, m.Registration, m.BIC}
	for _, n := range m.Names {
		parts = append(parts, n.String())
	}
	for _, d := range m.Documents {
		parts = append(parts, d.Number)
	}
	return strings.ToLower(strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), " "))
}

// set gathers values in the order they come, each once; the zero value of a type is none.
type set[T comparable] struct {
	values []T
	seen   map[T]bool // of more than a few
}

const few = 16

func (s *set[T]) add(values ...T) {
	var none T
	for _, v := range values {
		if v == none || s.has(v) {
			continue
		}
		s.values = append(s.values, v)
		if s.seen != nil {
			s.seen[v] = true
		}
	}
}

func (s *set[T]) has(v T) bool {
	if len(s.values) <= few {
		return slices.Contains(s.values, v)
	}
	if s.seen == nil {
		s.seen = make(map[T]bool, 2*len(s.values))
		for _, known := range s.values {
			s.seen[known] = true
		}
	}
	return s.seen[v]
}

func (s *set[T]) sorted(compare func(a, b T) int) []T {
	slices.SortFunc(s.values, compare)
	return s.values[:min(len(s.values), mostValues)]
}

// first is the least value; of most parties there is one.
func (s *set[T]) first() T {
	var none T
	if len(s.values) == 0 {
		return none
	}
	return slices.MinFunc(s.values, func(a, b T) int { return cmp.Compare(text(a), text(b)) })
}

// only is the value where all agree.
func (s *set[T]) only() T {
	var none T
	if len(s.values) == 1 {
		return s.values[0]
	}
	return none
}

func text(v any) string {
	s, _ := v.(string)
	return s
}
