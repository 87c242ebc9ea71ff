package typology

import (
	"cmp"
	"math/big"
	"slices"
	"time"

	"github.com/rihla/rihla/formats/money"
)

// Finding is one typology that the movements around a party resemble.
type Finding struct {
	Typology  string        `json:"typology"` // F-02
	Code      string        `json:"code"`     // structuring: what the words of pages go by
	Subject   string        `json:"subject"`
	Movements []string      `json:"movements"` // that made it, in their order
	First     string        `json:"first"`     // day
	Last      string        `json:"last"`
	Total     money.Decimal `json:"total_usd,omitzero"`
	Parties   int           `json:"parties,omitempty"` // different ones on the other side
	Weight    int           `json:"weight"`            // of a hundred: how much it says, all else unknown
	Values    []Value       `json:"values"`            // the parameters it was held against, and what was found
}

// Value is one number of a finding: what was asked, and what there was.
type Value struct {
	Name  string `json:"name"`
	Asked string `json:"asked,omitempty"`
	Found string `json:"found,omitempty"`
}

// Unknown is a typology that cannot be told for want of data.
type Unknown struct {
	Typology string `json:"typology"`
	Missing  string `json:"missing"` // rate, line, opened, payer, balance
}

// Typology is one way of hiding money.
type Typology struct {
	ID      string
	Code    string
	Weight  int
	Purpose string // for people who read the list
	Needs   string // data without which it cannot be told
	look    func(*around) (*Finding, string)
}

// All are the typologies, in the order of their numbers.
var All = []Typology{
	{"F-01", "just_below", 40, "Amounts again and again just under the threshold", "amounts at a known rate, and a threshold", (*around).justBelow},
	{"F-02", "structuring", 60, "One deposit made as several, each under the threshold", "cash deposits with their depositor or account", (*around).structuring},
	{"F-03", "smurfing", 60, "Several people pay into one account, each under the threshold", "deposits that name who made them", (*around).smurfing},
	{"F-04", "fan", 60, "Many pay in, and next to all goes out to one or two at once", "payments in and out of the account", (*around).fan},
	{"F-05", "pass_through", 50, "Money does not stay: an account that only passes on", "payments in and out of the account", (*around).passThrough},
	{"F-07", "companions", 60, "Cash split among people who travel together", "declarations with flight and address, owner or recipient", (*around).companions},
	{"F-09", "frequent", 40, "One person carries cash again and again", "declarations of one person", (*around).frequent},
	{"F-13", "transit", 50, "Cash comes in by one flight and leaves by another", "declarations in both directions", (*around).transit},
	{"F-15", "gap_chain", 40, "A bank whose transfers leave out who pays, again and again", "transfers with their ordering bank", (*around).gapChain},
	{"F-16", "hidden_party", 50, "Somebody else is named inside a line of the payment", "lines of address and remittance", (*around).hidden},
	{"F-20", "new_and_big", 40, "A new account sends much abroad at once, or round sums only", "the day on which the account was opened", (*around).newAndBig},
	{"F-22", "reported_before", 60, "Several filers report the same party", "reports of more than one filer", (*around).reported},
	{"declared-split", "declared_split", 60, "One sum carried over the border in several declarations, each under the threshold", "declarations of one person", (*around).declaredSplit},
	{"couriers", "couriers", 70, "Different people fly in turn, each under the threshold, for one owner or from one address", "declarations with address, owner or recipient", (*around).couriers},
}

// Evaluate says which typologies the movements around a party resemble, and which cannot be told. movements are those that
// the party has a part in, with those that share something with them.
func Evaluate(party string, movements []Movement, p *Parameters) (found []Finding, unknown []Unknown) {
	a := &around{party: party, p: p, all: slices.Clone(movements)}
	slices.SortFunc(a.all, func(x, y Movement) int { return cmp.Or(x.At.Compare(y.At), cmp.Compare(x.ID, y.ID)) })
	a.all = slices.CompactFunc(a.all, func(x, y Movement) bool { return x.ID == y.ID })
	for i := range All {
		t := &All[i]
		f, missing := t.look(a)
		switch {
		case f != nil:
			f.Typology, f.Code, f.Subject = t.ID, t.Code, party
			f.Weight = cmp.Or(f.Weight, t.Weight)
			found = append(found, *f)
		case missing != "":
			unknown = append(unknown, Unknown{t.ID, missing})
		}
	}
	return found, unknown
}

// around is what happens around one party, in the order of time.
type around struct {
	party string
	p     *Parameters
	all   []Movement
}

// where picks movements.
func (a *around) where(keep func(*Movement) bool) []*Movement {
	var out []*Movement
	for i := range a.all {
		if keep(&a.all[i]) {
			out = append(out, &a.all[i])
		}
	}
	return out
}

// window looks for the stretch of so many days, local ones, that holds and whose sum is largest; of equal ones the first.
func window(ms []*Movement, days int64, holds func([]*Movement) bool) []*Movement {
	return stretch(ms, func(first, m *Movement) bool { return dayNumber(m.Day)-dayNumber(first.Day) < days }, holds)
}

// hours looks for a stretch of so many hours.
func hours(ms []*Movement, n int64, holds func([]*Movement) bool) []*Movement {
	return stretch(ms, func(first, m *Movement) bool { return m.At.Sub(first.At) <= time.Duration(n)*time.Hour }, holds)
}

func stretch(ms []*Movement, within func(first, m *Movement) bool, holds func([]*Movement) bool) []*Movement {
	var best []*Movement
	var most *big.Rat
	end := 0
	for i := range ms {
		for end = max(end, i); end < len(ms) && within(ms[i], ms[end]); end++ {
		}
		if i > 0 && within(ms[i-1], ms[end-1]) {
			continue // all of it lies in the stretch before
		}
		part := ms[i:end]
		if !holds(part) {
			continue
		}
		if s := sum(part); best == nil || s.Cmp(most) > 0 {
			best, most = part, s
		}
	}
	return best
}

func sum(ms []*Movement) *big.Rat {
	total := new(big.Rat)
	for _, m := range ms {
		if !m.USD.IsZero() {
			total.Add(total, m.USD.Rat())
		}
	}
	return total
}

// dayNumber counts days of the calendar.
func dayNumber(day string) int64 {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return 0
	}
	return t.Unix() / 86400
}

// distinct counts different values that are there.
func distinct(ms []*Movement, of func(*Movement) string) int64 {
	seen := map[string]bool{}
	for _, m := range ms {
		if v := of(m); v != "" {
			seen[v] = true
		}
	}
	return int64(len(seen))
}

func from(m *Movement) string { return m.From }
func to(m *Movement) string   { return m.To }

// finding shows movements as a finding.
func finding(ms []*Movement, parties int64, values ...Value) *Finding {
	f := &Finding{Parties: int(parties), Values: values}
	total := money.Of(0, 2)
	for _, m := range ms {
		f.Movements = append(f.Movements, m.ID)
		if f.First == "" || m.Day < f.First {
			f.First = m.Day
		}
		f.Last = max(f.Last, m.Day)
		if sum, ok := total.Add(m.USD); ok && !m.USD.IsZero() {
			total = sum
		}
	}
	f.Total = total
	return f
}

// missing says what is missing where movements have no amount that can be compared.
func missing(ms []*Movement) string {
	for _, m := range ms {
		if m.USD.IsZero() {
			return "rate"
		}
		if m.Line.IsZero() && m.Kind.Cash() {
			return "line"
		}
	}
	return ""
}

// line is the highest threshold of movements: what is summed up must reach it wherever it happened.
func line(ms []*Movement) money.Decimal {
	var most money.Decimal
	for _, m := range ms {
		if !m.Line.IsZero() && (most.IsZero() || m.Line.Cmp(most) > 0) {
			most = m.Line
		}
	}
	return most
}

// reaches says that movements come to so many percent of their line.
func reaches(ms []*Movement, share int64) bool {
	l := line(ms)
	return !l.IsZero() && sum(ms).Cmp(percent(l, share)) >= 0
}
