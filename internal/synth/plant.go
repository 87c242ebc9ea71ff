package synth

import (
	"strings"
	"time"
)

// planting puts travellers on flights about whom something must be found, and remembers what the lists must hold for
// that.
type planting struct {
	options Options
	dice
	watched []watched
	stolen  []stolen
	listed  []sanctioned
}

// watched is an entry of the national watchlist.
type watched struct {
	arabic, english, aliases, weak string
	born, sex, nationality         string
	documents                      string
	category, instruction, owner   string
}

// stolen is an entry of the list of lost and stolen documents.
type stolen struct {
	document
	status   string
	reported time.Time
}

// sanctioned is an entry of the sanctions list: a person, a company (no kind) or a vessel.
type sanctioned struct{ name, kind, program, vessel, flag, remarks string }

func newPlanting(o Options) *planting {
	return &planting{options: o, dice: newDice(o.Seed, "planted", 0)}
}

// board puts a flight's planted travellers into its first bookings. The first flight has two that are found whatever
// engine looks: a listed name with its birth date, and a stolen passport.
func (p *planting) board(s *story, n int) {
	if n == 0 {
		p.listedName(s)
		p.stolenPassport(s)
		return
	}
	if !p.percent(55) {
		return
	}
	switch p.weighted(30, 15, 20, 15, 12, 8) {
	case 0:
		p.listedName(s)
	case 1:
		p.listedDocument(s)
	case 2:
		p.stolenPassport(s)
	case 3:
		p.sanctionedName(s)
	case 4:
		p.cashOneWay(s)
	case 5:
		p.childAlone(s)
	}
}

// alone books one planted traveller.
func (p *planting) alone(s *story, who person, why string) *booking {
	b := s.book([]person{who}, s.minute.Add(-time.Duration(p.between(300, 9000))*time.Minute))
	t := b.party[0]
	t.planted, t.plain, t.typo = why, false, ""
	t.visa = document{}
	return b
}

// arabicPerson is someone with a name in Arabic script, and how another region would spell it.
func (p *planting) arabicPerson(s *story) (who person, elsewhere string) {
	o := &origins[p.weighted(20, 15, 10, 5, 5, 5, 10, 5, 5, 10, 15, 0, 5, 5, 5)]
	sex, pool := "M", arabicMen
	if p.percent(25) {
		sex, pool = "F", arabicWomen
	}
	who = p.person(o, sex, 24, 35, s.today)
	first, father, family := of(p.dice, pool), of(p.dice, arabicMen), of(p.dice, arabicFamilies[o.region])
	for father == first {
		father = of(p.dice, arabicMen)
	}
	who.chain(o.region, first, father, family, true)
	r := (o.region + 1) % regions
	return who, proper(first.latin[r] + " " + father.latin[r] + " " + family.latin[o.region])
}

func (p *planting) listedName(s *story) {
	who, elsewhere := p.arabicPerson(s)
	b := p.alone(s, who, "name:listed")
	who = b.party[0].person
	p.watched = append(p.watched, watched{
		arabic: who.arabic, english: elsewhere, born: who.born.Format(time.DateOnly), sex: who.sex, nationality: who.from.two,
		category: of(p.dice, []string{"WANTED", "TRAVEL BAN", "SMUGGLING", "FRAUD"}), instruction: "Refer to secondary; do not alert the traveller", owner: "Public prosecution",
	})
}

func (p *planting) listedDocument(s *story) {
	who, elsewhere := p.arabicPerson(s)
	b := p.alone(s, who, "document:listed")
	who = b.party[0].person
	p.watched = append(p.watched, watched{
		arabic: who.arabic, english: elsewhere, born: who.born.Format("2006"), sex: who.sex, nationality: who.from.two,
		documents: "P:" + who.passport.number + ":" + who.from.two,
		category:  "WANTED", instruction: "Hold and call the duty officer", owner: "Police",
	})
}

func (p *planting) stolenPassport(s *story) {
	o := &origins[p.IntN(len(origins))]
	b := p.alone(s, p.person(o, of(p.dice, []string{"M", "F"}), 20, 40, s.today), "document:stolen")
	doc := b.party[0].passport
	doc.issuer = o.iso()
	p.stolen = append(p.stolen, stolen{doc, of(p.dice, []string{"stolen", "lost"}), s.today.AddDate(0, -p.between(1, 30), 0)})
}

func (p *planting) sanctionedName(s *story) {
	o := &origins[of(p.dice, []int{21, 22, 26, 28, 31, 32})]
	who := p.person(o, "M", 30, 35, s.today)
	b := p.alone(s, who, "name:listed")
	who = b.party[0].person
	p.listed = append(p.listed, sanctioned{
		name: who.surname + ", " + proper(who.given), kind: "individual", program: of(p.dice, programs),
		remarks: "DOB " + who.born.Format("02 Jan 2006") + "; nationality " + country(o) + "; Gender Male.",
	})
}

// cashOneWay books late, pays cash, goes one way and checks in nothing.
func (p *planting) cashOneWay(s *story) {
	who := p.person(s.origin(s.abroad()), "M", 22, 30, s.today)
	s.late = func() {
		b := p.alone(s, who, "rule:cash-one-way-late")
		b.created = s.minute.Add(time.Duration(p.between(10, 600)) * time.Minute)
		b.changed, b.dirty = b.created, true
		b.card, b.feeder, b.back, b.remark, b.codeshare = "", nil, nil, "", false
		b.party[0].bags = nil
	}
}

func (p *planting) childAlone(s *story) {
	b := p.alone(s, p.person(s.origin(s.abroad()), of(p.dice, []string{"M", "F"}), 8, 5, s.today), "rule:child-alone")
	b.feeder, b.back = nil, nil
}

// proper writes a name as lists do: one capital a word.
func proper(name string) string {
	words := strings.Fields(strings.ToLower(name))
	for i, w := range words {
		words[i] = strings.ToUpper(w[:1]) + w[1:]
	}
	return strings.Join(words, " ")
}

// country is a state's name in English.
func country(o *origin) string {
	names := map[string]string{"GBR": "United Kingdom", "FRA": "France", "RUS": "Russia", "CHN": "China", "KEN": "Kenya", "NGA": "Nigeria"}
	return names[o.country]
}

// lists are the files that a state would load.
func (p *planting) lists() []List {
	all := []List{
		{"national-watchlist.csv", p.writeWatchlist},
		{"lost-and-stolen.csv", p.writeStolen},
		{"sdn.csv", p.writeSanctions},
	}
	if p.options.List > 0 {
		all = append(all, List{"invented.csv", p.writeInvented})
	}
	return all
}
