package funds

import (
	"cmp"
	"context"
	"slices"

	"github.com/rihla/rihla/internal/funds/typology"
	"github.com/rihla/rihla/internal/store"
)

// surroundings are the entries around one party: its own, and those that share something with its declarations.
type surroundings struct {
	party string
	own   []*Entry
	tied  []*Entry
}

// around reads what surrounds parties.
func (d *Domain) around(ctx context.Context, r store.Reader, parties []string) (map[string]*surroundings, error) {
	own, err := held(ctx, r, parties, []Kind{Declared, Transaction, Payment, Reported, Told}, mostMovements)
	if err != nil {
		return nil, err
	}
	out := make(map[string]*surroundings, len(parties))
	var values set[string]
	for _, id := range parties {
		out[id] = &surroundings{party: id, own: own[id]}
		for _, e := range own[id] {
			if e.counts() {
				values.add(e.shared()...)
			}
		}
	}
	if len(values.values) == 0 {
		return out, nil
	}
	shared, err := entriesSharing(ctx, r, values.values, mostNeighbours)
	if err != nil {
		return nil, err
	}
	var ids set[string]
	for _, v := range values.values {
		if len(shared[v]) < mostNeighbours { // what so many share says nothing
			ids.add(shared[v]...)
		}
	}
	entries, err := entriesOf(ctx, r, ids.values)
	if err != nil {
		return nil, err
	}
	for _, id := range parties {
		s := out[id]
		var mine set[string]
		for _, e := range s.own {
			mine.add(e.shared()...)
		}
		for _, v := range mine.values {
			for _, entry := range shared[v] {
				if e := entries[entry]; e != nil && !slices.ContainsFunc(s.own, func(o *Entry) bool { return o.ID == e.ID }) {
					s.tied = append(s.tied, e)
				}
			}
		}
	}
	return out, nil
}

// movements are what typologies look at. Money that was told of twice moved once: a declaration that two offices filed, a
// payment that also stands in a report.
func (s *surroundings) movements() []typology.Movement {
	var out []typology.Movement
	all := slices.Concat(s.own, s.tied)
	slices.SortFunc(all, func(a, b *Entry) int { return cmp.Or(cmp.Compare(order(a), order(b)), cmp.Compare(a.ID, b.ID)) })
	at := map[same][]int{} // of what was told already
	for _, e := range all {
		m, moved := e.movement()
		if !moved {
			continue
		}
		k := sameAs(&m)
		i := slices.IndexFunc(at[k], func(i int) bool { return twice(&out[i], &m, e) })
		if i >= 0 {
			twin := &out[at[k][i]]
			twin.Gaps, twin.Abroad = twin.Gaps || m.Gaps, twin.Abroad || m.Abroad
			twin.Bank, twin.From = cmp.Or(twin.Bank, m.Bank), cmp.Or(twin.From, m.From)
			twin.Hidden = slices.Concat(twin.Hidden, m.Hidden)
			if e.Kind == Payment { // two payments of one amount on one day are two
				at[k] = slices.Delete(at[k], i, i+1)
			}
			continue
		}
		if e.Kind != Payment {
			at[k] = append(at[k], len(out))
		}
		out = append(out, m)
	}
	return out
}

// order has what reports tell come before what banks do, which may say it once more.
func order(e *Entry) int {
	if e.Kind == Payment {
		return 1
	}
	return 0
}

// same is what two tellings of one movement agree in.
type same struct {
	kind                        typology.Kind
	day, to, flight, amount, by string
}

func sameAs(m *typology.Movement) same {
	k := same{kind: m.Kind, day: m.Day, to: m.To, flight: m.Flight, amount: m.Amount.Rat().RatString() + m.Currency}
	if m.Kind.Carried() || m.Kind == typology.Transfer {
		k.by = m.From
	}
	return k
}

// twice says whether what an entry tells was told before: cash on one flight by another office, a payment by a report.
func twice(before, m *typology.Movement, e *Entry) bool {
	if m.Kind.Carried() {
		return m.Flight != "" && before.Flight == m.Flight
	}
	return e.Kind == Payment && (m.Kind == typology.Transfer || m.From == "" || before.From == "" || m.From == before.From)
}

func (s *surroundings) declared() []*Entry {
	var out []*Entry
	for _, e := range s.own {
		if e.Kind == Declared {
			out = append(out, e)
		}
	}
	return out[:min(len(out), mostValues)]
}

func (s *surroundings) entry(id string) *Entry {
	for _, list := range [][]*Entry{s.own, s.tied} {
		for _, e := range list {
			if e.ID == id {
				return e
			}
		}
	}
	return nil
}
