package screening

import (
	"testing"

	"github.com/rihla/rihla/internal/screening/names"
)

// Whoever differs in anything that names are compared by is another stranger.
func TestStrangers(t *testing.T) {
	t.Parallel()
	s := newStrangers()
	person := func(change func(*names.Person)) *names.Person {
		p := &names.Person{Names: []names.Name{{Surname: "KESTREL", Given: "ADA"}}, Births: []string{"1984-02-29"}, Countries: []string{"GBR"}, Sex: "F"}
		change(p)
		return p
	}
	s.remember(s.key(person(func(*names.Person) {}), DefaultLook))
	if !s.known(s.key(person(func(*names.Person) {}), DefaultLook)) {
		t.Error("the same person is not known again")
	}
	for name, change := range map[string]func(*names.Person){
		"surname":      func(p *names.Person) { p.Names[0].Surname = "KESTRELA" },
		"name parted":  func(p *names.Person) { p.Names[0] = names.Name{Surname: "KESTRELA", Given: "DA"} },
		"in one field": func(p *names.Person) { p.Names[0] = names.Name{Full: "KESTREL ADA"} },
		"birth":        func(p *names.Person) { p.Births[0] = "1984-02-28" },
		"no birth":     func(p *names.Person) { p.Births = nil },
		"country":      func(p *names.Person) { p.Countries[0] = "IRL" },
		"sex":          func(p *names.Person) { p.Sex = "" },
	} {
		if s.known(s.key(person(change), DefaultLook)) {
			t.Errorf("another %s is taken for the same person", name)
		}
	}
}
