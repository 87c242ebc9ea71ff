package synth

import (
	"strings"
	"time"
)

// person is someone who travels.
type person struct {
	surname, given string // as their passport has it; given may be empty
	arabic         string // the whole name in Arabic script, where it has one
	sex            string
	born           time.Time
	from           *origin
	residence      string
	passport       document // or the identity card they travel on
	visa           document // zero where there is none
	phone          string
	mailNumber     string // so that two of one name have two addresses
}

// document is a travel document.
type document struct {
	kind, number, issuer string
	expires              time.Time
}

// person makes one of an age in years.
func (d dice) person(o *origin, sex string, age, spread int, today time.Time) person {
	p := person{from: o, sex: sex, residence: o.country}
	p.born = today.AddDate(-age-d.IntN(spread+1), 0, -d.between(1, 364))
	d.name(&p)
	d.papers(&p, today)
	return p
}

// name gives a person a name of their own.
func (d dice) name(p *person) {
	o := p.from
	if o.names != nil {
		pool := o.names.men
		if p.sex == "F" {
			pool = o.names.women
		}
		p.given, p.surname = of(d, pool), of(d, o.names.families)
		return
	}
	first, father, family := of(d, arabicMen), of(d, arabicMen), of(d, arabicFamilies[o.region])
	if p.sex == "F" {
		first = of(d, arabicWomen)
	}
	p.chain(o.region, first, father, family, d.percent(70))
}

// chain writes an Arabic name: given, father's, family.
func (p *person) chain(region int, first, father, family word, withFather bool) {
	p.surname, p.given = family.latin[region], first.latin[region]
	p.arabic = first.arabic + " " + family.arabic
	if withFather && father != first {
		p.given += " " + father.latin[region]
		p.arabic = first.arabic + " " + father.arabic + " " + family.arabic
	}
}

// papers gives a person documents and ways to be reached.
func (d dice) papers(p *person, today time.Time) {
	p.passport = document{"P", d.shaped(p.from.number), p.from.country, today.AddDate(0, d.between(7, 110), d.IntN(28))}
	if p.from.gulf() && d.percent(20) { // among neighbours a national identity card does
		p.passport.kind, p.passport.number = "I", d.shaped("9999999999")
	}
	if p.from.visa && d.percent(35) {
		p.visa = document{"V", d.shaped("BHV9999999"), "BHR", today.AddDate(0, d.between(1, 22), d.IntN(28))}
	}
	p.phone = p.from.phone + d.shaped("55999999")
	p.mailNumber = d.shaped("99")
}

// email is where a person reads mail.
func (p *person) email() string {
	return strings.ToLower(strings.Map(func(r rune) rune {
		if r == ' ' || r == '\'' || r == '-' {
			return -1
		}
		return r
	}, p.given+"."+p.surname)) + p.mailNumber + "@mail.example"
}

// title is how a booking addresses someone.
func (p *person) title(today time.Time) string {
	child := p.born.AddDate(12, 0, 0).After(today)
	switch {
	case child && p.sex == "M":
		return "MSTR"
	case child:
		return "MISS"
	case p.sex == "M":
		return "MR"
	case p.born.Day()%2 == 0:
		return "MRS"
	}
	return "MS"
}

// family makes the people of one household, two grown-ups first.
func (d dice) family(o *origin, children int, infant bool, today time.Time) []person {
	man, woman := d.person(o, "M", 28, 20, today), d.person(o, "F", 26, 18, today)
	if o.names != nil { // where wives take the name, and everywhere else the children's
		woman.surname = man.surname
	}
	out := []person{man, woman}
	father, _, _ := strings.Cut(man.given, " ")
	for i := range children {
		age, spread := 2, 13
		if infant && i == children-1 {
			age, spread = 0, 0
		}
		sex := of(d, []string{"M", "F"})
		c := d.person(o, sex, age, spread, today)
		c.surname = man.surname
		if o.names == nil {
			first, _, _ := strings.Cut(c.given, " ")
			c.given = first + " " + father
			c.arabic = "" // nobody looks for a child of theirs in the script of the list
		}
		for clash(out, c) {
			c.given += " " + of(d, []string{"A", "B", "C", "D", "E", "H", "K"})
		}
		out = append(out, c)
	}
	return out
}

func clash(people []person, p person) bool {
	for _, q := range people {
		if q.surname == p.surname && (q.given == p.given || strings.HasPrefix(q.given, p.given+" ")) {
			return true
		}
	}
	return false
}
