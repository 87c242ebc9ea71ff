package screening

import (
	"context"
	"hash/maphash"
	"slices"

	"github.com/rihla/rihla/internal/screening/names"
	"github.com/rihla/rihla/internal/store"
)

// Delta is what has moved in lists from one generation to another: whom it may concern is screened again.
type Delta struct {
	matched   []string
	people    deltaTable
	firms     deltaTable
	documents map[uint64]bool // hashes of compact numbers
	least     float64
}

// deltaTable is what has changed among entries of one kind.
type deltaTable struct {
	rough *names.Index // of what changed, alone: knows no rarity, and so is quick
	index *names.Index // the same beside all that is listed
}

func newDeltaTable(changed []names.Person, base *nameTable) deltaTable {
	return deltaTable{names.Build(changed, names.AmongTravellers), names.Beside(base.index, changed)}
}

// Entries is how many have changed.
func (d *Delta) Entries() int { return len(d.matched) }

// mostChanged entries are worth comparing everybody with; beyond, everybody is screened.
const mostChanged = 20_000

// margin is how far below the least score a name still concerns somebody: rarity, and so a score, may differ by a hair
// between the index of what has changed and the one that screens.
const margin = 0.15

// roughLeast is a score so low that whom the exact index names the rough one names too. That one takes words for rarer than
// they are, and so holds a word that only one side has against them by more, but far from by so much.
const roughLeast = 0.0005

// Delta works out what has moved from a generation that was vouched for to another. Nil is a change of everything: a rule, a
// threshold, so many entries that nothing is gained, or so long ago that nobody remembers.
func (s *Screener) Delta(ctx context.Context, since int64, g *Generation) (*Delta, error) {
	if since == 0 || since >= g.number {
		return nil, nil
	}
	d := &Delta{documents: make(map[uint64]bool), least: max(g.least()-margin, 0.3)}
	everything := false
	var moved map[entryKey]*readEntry
	err := s.st.Snapshot(ctx, func(ctx context.Context, r store.Reader) error {
		var told int64
		err := r.QueryRowContext(ctx, `select count(*) from (select generation from screening_list_change where generation > $1 and generation <= $2
			union select generation from screening_turn where generation > $1 and generation <= $2) t`, since, g.number).Scan(&told)
		if err != nil {
			return err
		}
		if everything = told != g.number-since; everything {
			return nil
		}
		if everything, err = countMoved(ctx, r, since, mostChanged); err != nil || everything {
			return err
		}
		moved, err = readMoved(ctx, r, since)
		return err
	})
	if err != nil || everything {
		return nil, err
	}
	var people, firms []names.Person
	for k, e := range moved {
		d.matched = append(d.matched, k.list+"/"+k.id)
		if e == nil {
			continue
		}
		switch {
		case len(e.person.Names) == 0:
		case kinds[e.entry.Schema]:
			firms = append(firms, e.person)
		default:
			people = append(people, e.person)
		}
		for i := range e.entry.Documents {
			if number := names.AppendCompact(nil, e.entry.Documents[i].Number); len(number) >= shortestDocument {
				d.documents[maphash.Bytes(documentSeed, number)] = true
			}
		}
	}
	slices.Sort(d.matched)
	d.people, d.firms = newDeltaTable(people, &g.base.people), newDeltaTable(firms, &g.base.firms)
	return d, nil
}

// matching is what one goroutine compares with.
type matching struct {
	person names.Person
	hits   []names.Hit
	number []byte
}

// concerns says whether a subject resembles a changed entry, as it is now. As it was before, it is in the findings.
func (d *Delta) concerns(s *Subject, m *matching) bool {
	for i := range s.Documents {
		m.number = names.AppendCompact(m.number[:0], s.Documents[i].Number)
		if len(m.number) >= shortestDocument && d.documents[maphash.Bytes(documentSeed, m.number)] {
			return true
		}
	}
	asPerson(&m.person, s)
	return d.people.concerns(m, d.least) || mayBeFirm(s) && d.firms.concerns(m, d.least)
}

func (t *deltaTable) concerns(m *matching, least float64) bool {
	if t.rough.Len() == 0 || !t.rough.Resembles(&m.person) {
		return false
	}
	if m.hits = t.rough.Match(m.hits[:0], &m.person, roughLeast, 1); len(m.hits) == 0 {
		return false
	}
	m.hits = t.index.Match(m.hits[:0], &m.person, least, 1)
	return len(m.hits) > 0
}

// MarkMatched marks as due whoever has a finding on an entry that has changed or left.
func (d *Delta) MarkMatched(ctx context.Context, tx store.Tx) error {
	return markMatched(ctx, tx, d.matched)
}
