package synth

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/rihla/rihla/formats/date"
	"github.com/rihla/rihla/formats/money"
)

// FundsMonth is a month of what customs and banks file with a financial intelligence unit: cash declared at the border,
// payments, statements, suspicious transaction reports. Among people who live their lives are planted cases, each with
// twenty innocent look-alikes that miss one thing.
type FundsMonth struct {
	Files    []Message // in the order they are sent
	Partner  []Message // what travellers declared to the other state: only its own node reads this
	Rates    []money.Rate
	Cases    []FundsCase
	From, To time.Time // the first day, and the day behind the last
}

// FundsCase is one planted case, or one look-alike of it. Subjects are written "document:BHR/P1234567" (who issued it, its
// number), "account:" and its number, "organisation:" and its name, "bank:" and its BIC; reports are the ids of
// declarations and statements, the references of suspicious transaction reports, the UETRs of payments.
type FundsCase struct {
	Typology string   `json:"typology"`
	Planted  bool     `json:"planted"` // false: nothing of that typology may be found of its subjects
	Subjects []string `json:"subjects"`
	Reports  []string `json:"reports"`
}

// lookAlikes is how many innocents there are for each planted case.
const lookAlikes = 20

// The days a month of funds has before the first day of departures, and from it on.
const (
	daysBefore = 27
	daysAfter  = 3
)

// NewFundsMonth makes a month without flights of a world: its travellers' flights are invented with them.
func NewFundsMonth(seed uint64) *FundsMonth {
	return fundsMonth(Options{Seed: seed, Funds: 1}.withDefaults(), nil, nil)
}

// fundsMonth makes as many whole sets of cases as hold the reports asked for. flights are those of a world, with how they
// stand.
func fundsMonth(o Options, slots []slot, flights []Flight) *FundsMonth {
	m := &month{
		FundsMonth: FundsMonth{Rates: fundsRates(o.Start), From: o.Start.AddDate(0, 0, -daysBefore), To: o.Start.AddDate(0, 0, daysAfter)},
		options:    o, documents: map[string]bool{}, accounts: map[string]bool{},
	}
	m.flyers = flyersOf(slots, flights)
	for set := 0; set == 0 || m.reports < o.Funds; set++ {
		m.set(set)
	}
	m.files()
	return &m.FundsMonth
}

// month is a month being made.
type month struct {
	FundsMonth
	dice
	options   Options
	documents map[string]bool
	accounts  map[string]bool
	flyers    []flyer // of the world, not used yet
	reports   int
	serial    int

	declared   []*declared
	transfers  []*transfer
	statements []*statement
	strs       []*str
}

// set makes each pattern once, with its look-alikes.
func (m *month) set(n int) {
	for i, p := range patterns {
		for alike := -1; alike < lookAlikes; alike++ {
			m.dice = newDice(m.options.Seed, "funds "+p.typology+" "+strconv.Itoa(i), n*(lookAlikes+1)+alike+1)
			c := FundsCase{Typology: p.typology, Planted: alike < 0}
			p.make(m, &c, alike)
			m.Cases = append(m.Cases, c)
		}
	}
}

// pattern is one way of moving money that a typology looks for: made as planted where alike is below nought, else as the
// look-alike of that number.
type pattern struct {
	typology string
	make     func(m *month, c *FundsCase, alike int)
}

// fundsRates are the rates of the month: pegs, and one that floats.
func fundsRates(start time.Time) []money.Rate {
	day := date.Of(start.AddDate(0, -1, 0))
	rate := func(from, to string, coefficient int64, scale uint8) money.Rate {
		return money.Rate{From: from, To: to, Day: day, Value: money.Of(coefficient, scale), Source: "invented"}
	}
	return []money.Rate{rate("USD", "BHD", 376, 3), rate("EUR", "USD", 110, 2), rate("USD", "SAR", 375, 2), rate("GBP", "USD", 127, 2)}
}

// line is the amount from which cash is looked at, in US dollars.
const line = 10_000

// sum is an amount in a currency's smallest coin.
type sum struct {
	minor    int64
	currency string
}

func (s sum) String() string {
	digits, _ := money.Digits(s.currency)
	return money.Of(s.minor, uint8(digits)).String() //nolint:gosec // two or three
}

func (s sum) percent(p int64) sum { return sum{s.minor * p / 100, s.currency} }

// dollars is an amount between two percentages of the line, in whole fifties as people carry it.
func (m *month) dollars(low, high int) sum {
	const note = 50
	n := m.between(low*line/100/note, high*line/100/note)
	return sum{int64(n) * note * 100, "USD"}
}

// dinars is an amount between two percentages of the line in the currency of the banks at home, to whole dinars.
func (m *month) dinars(low, high int) sum {
	const perDollar = 376 // fils
	return sum{int64(m.between(low*line/100, high*line/100)) * perDollar / 1000 * 1000, "BHD"}
}

// odd is an amount that no one would call round.
func (m *month) odd(low, high int) sum {
	s := sum{int64(m.between(low, high))*100 + int64(m.between(1, 99)), "USD"}
	if s.minor/100%50 == 0 {
		s.minor += 1700
	}
	return s
}

// day is a day of the month, 0 the first.
func (m *month) day(n int) time.Time { return m.From.AddDate(0, 0, n) }

// number gives things of a kind their numbers, none twice in a month.
func (m *month) number(format string) string {
	m.serial++
	return fmt.Sprintf(format, m.serial)
}

// resident is somebody of whom nobody else has the document.
func (m *month) resident() person {
	return m.someone(&origins[m.weighted(30, 8, 5, 5, 3, 5, 6, 4, 2, 3, 6, 2, 2, 2, 2, 8, 6, 3, 4)])
}

func (m *month) someone(o *origin) person {
	for {
		p := m.person(o, of(m.dice, []string{"M", "M", "F"}), 22, 40, m.options.Start)
		p.passport.kind = "P"
		if len(p.passport.number) < 7 {
			p.passport.number = "B" + p.passport.number
		}
		if p.given == "" || m.documents[p.passport.number] {
			continue
		}
		m.documents[p.passport.number] = true
		return p
	}
}

// family is so many people of one household.
func (m *month) household(n int) []person {
	first := m.resident()
	out := []person{first}
	for len(out) < n {
		p := m.someone(first.from)
		p.surname = first.surname
		if p.given != first.given {
			out = append(out, p)
		}
	}
	return out
}

// name is how banks write somebody.
func (p *person) name() string { return proper(p.given + " " + p.surname) }

func (c *FundsCase) person(p *person) {
	c.subject("document:" + p.from.iso() + "/" + p.passport.number)
}

func (c *FundsCase) subject(s string) {
	if !slices.Contains(c.Subjects, s) {
		c.Subjects = append(c.Subjects, s)
	}
}

func (c *FundsCase) report(id string) {
	if !slices.Contains(c.Reports, id) {
		c.Reports = append(c.Reports, id)
	}
}

// files writes down everything, who files what, and when.
func (m *month) files() {
	m.cashFiles()
	m.paymentFiles()
	m.statementFiles()
	m.strFiles()
	for _, list := range [][]Message{m.Files, m.Partner} {
		slices.SortStableFunc(list, func(a, b Message) int { return cmp.Or(a.Sent.Compare(b.Sent), cmp.Compare(a.Name, b.Name)) })
	}
}

func (m *month) file(filer, name string, sent time.Time, body []byte) {
	m.Files = append(m.Files, Message{Name: name, Domain: "funds", Carrier: filer, Sent: sent.UTC().Truncate(time.Minute), Body: body})
}
