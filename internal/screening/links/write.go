package links

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/store"
)

// stillMatters is how long after a journey's end its traveller is looked at again for a new link: they may be in the
// country.
const stillMatters = 30 * 24 * time.Hour

// Write keeps the ties of subjects as they are now, in the transaction that writes the subjects, and answers who should
// be looked at again because of it: those who gained or lost a tie within two steps of somebody listed or decided.
// Subjects whose ties are as they were cost one look at the keys, together.
func Write(ctx context.Context, tx store.Tx, subjects []*screening.Subject) ([]screening.ID, error) {
	if len(subjects) == 0 {
		return nil, nil
	}
	ids := make([]screening.ID, len(subjects))
	for i, s := range subjects {
		ids[i] = s.ID
	}
	before, err := places(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	w := newWriting(tx)
	for _, s := range subjects {
		if s.ID == "" {
			continue
		}
		at := tripKey(s.ID)
		d := digest(s)
		was, known := before[at]
		if known && was.digest == d {
			continue
		}
		now := placed{identity(s), d}
		w.moves[at] = move{id: s.ID, trip: w.tripOf(s), from: was.person, known: known, to: now}
	}
	return w.write(ctx)
}

// Erase forgets subjects, with every tie that is theirs alone, and answers who should be looked at again.
func Erase(ctx context.Context, tx store.Tx, ids []screening.ID) ([]screening.ID, error) {
	before, err := places(ctx, tx, ids)
	if err != nil || len(before) == 0 {
		return nil, err
	}
	w := newWriting(tx)
	for _, id := range ids {
		if was, known := before[tripKey(id)]; known {
			w.moves[tripKey(id)] = move{id: id, from: was.person, known: true, gone: true}
		}
	}
	return w.write(ctx)
}

// Rename lets ties follow subjects that now go by another id. What the new id has already stays. Of a chain, a to b and
// b to c, every journey moves once.
func Rename(ctx context.Context, tx store.Tx, renamed map[screening.ID]screening.ID) error {
	olds := slices.Sorted(maps.Keys(renamed))
	at, err := places(ctx, tx, slices.Concat(olds, slices.Collect(maps.Values(renamed))))
	if err != nil || len(at) == 0 {
		return err
	}
	k := look(tx)
	var keys []key
	for _, p := range at {
		keys = append(keys, p.person)
	}
	if err := k.persons(ctx, keys); err != nil {
		return err
	}
	var trips [][]any
	var gone []key
	var twice []screening.ID // the new id has ties of its own: the old one's go
	touched := map[key]*person{}
	for _, old := range olds {
		now, was := renamed[old], at[tripKey(old)]
		p := k.people[was.person]
		if p == nil || old == now {
			continue
		}
		if _, taken := at[tripKey(now)]; taken {
			if _, moves := renamed[now]; !moves {
				twice = append(twice, old)
				continue
			}
		}
		touched[p.key] = p
		trips = append(trips, []any{tripKey(now), was.person, 0}) // its digest is of no subject: written anew when it comes
		if _, taken := slices.BinarySearch(olds, old); taken && !slices.Contains(slices.Collect(maps.Values(renamed)), old) {
			gone = append(gone, tripKey(old))
		}
	}
	if len(touched) > 0 {
		var rows [][]any
		for _, key := range slices.Sorted(maps.Keys(touched)) {
			p := touched[key]
			for i := range p.trips {
				t := &p.trips[i]
				if now, moves := renamed[t.subject]; moves && !slices.Contains(twice, t.subject) {
					t.subject = now
				}
			}
			rows = append(rows, p.row())
		}
		if _, err := insertPersons.Exec(ctx, tx, rows); err != nil {
			return err
		}
		if _, err := store.ExecKeys(ctx, tx, `delete from links_trip where trip in (:keys)`, gone); err != nil {
			return err
		}
		if _, err := insertTrips.Exec(ctx, tx, lastOf(trips)); err != nil {
			return err
		}
	}
	_, err = Erase(ctx, tx, twice)
	return err
}

// lastOf keeps the last row of each key: one statement may not name a key twice.
func lastOf(rows [][]any) [][]any {
	at := map[any]int{}
	var out [][]any
	for _, row := range rows {
		if i, twice := at[row[0]]; twice {
			out[i] = row
			continue
		}
		at[row[0]] = len(out)
		out = append(out, row)
	}
	return out
}

// digest covers all of a subject that is kept here.
func digest(s *screening.Subject) int64 {
	parts := make([]string, 0, 16)
	parts = append(parts, bodyWord, s.Within, strconv.FormatInt(s.Until.Unix(), 10))
	for _, n := range s.Names {
		parts = append(parts, n.Surname, n.Given, n.Full)
	}
	parts = append(parts, s.Births...)
	for _, d := range s.Documents {
		parts = append(parts, "d", d.Type, d.Number, d.Issuer)
	}
	for _, t := range s.Ties {
		parts = append(parts, "t", t.Kind, t.Value)
	}
	for _, c := range s.Claims {
		parts = append(parts, "c", c.Kind, c.Number)
	}
	return hashOf(parts...)
}

// bodyWord changes when what is kept of the same subject does, so that a newer Rihla writes it anew.
const bodyWord = "1"

// identity is the node of a subject: its main document with birth and name; without a document the subject itself.
func identity(s *screening.Subject) key {
	one := *s
	one.Known = nil
	if len(s.Documents) > 1 {
		main := slices.MinFunc(s.Documents, func(a, b screening.Document) int {
			return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a.Issuer, b.Issuer), cmp.Compare(a.Number, b.Number), cmp.Compare(a.Type, b.Type))
		})
		one.Documents = []screening.Document{main}
	}
	return hashOf("person", screening.Identity(&one)[0])
}

func rank(d screening.Document) int {
	switch {
	case d.Number == "":
		return 2
	case strings.HasPrefix(d.Type, "P"):
		return 0
	}
	return 1
}

// move is one subject's journey going from where it was kept to where it belongs.
type move struct {
	id    screening.ID
	trip  trip
	from  key
	known bool // it was kept
	gone  bool // it is no more
	to    placed
}

type writing struct {
	tx    store.Tx
	moves map[key]move
	named map[key]value // values met in the subjects
	*kept
}

func newWriting(tx store.Tx) *writing {
	return &writing{tx: tx, moves: map[key]move{}, named: map[key]value{}, kept: look(tx)}
}

// tripOf takes a subject's ties apart.
func (w *writing) tripOf(s *screening.Subject) trip {
	t := trip{subject: s.ID, at: s.Until.Unix()}
	if s.Until.IsZero() {
		t.at = w.tx.Now().Unix()
	}
	add := func(tie screening.Tie) {
		if v, says := valueOf(tie); says {
			w.named[v.key] = v
			t.values = append(t.values, v.key)
		}
	}
	for _, tie := range s.Ties {
		switch tie.Kind {
		case Seat:
			t.seat = tie.Value
		case Journey: // is named by Within
		default:
			add(tie)
		}
	}
	for _, d := range s.Documents {
		add(OfDocument(d))
	}
	for _, c := range s.Claims {
		add(OfClaim(c))
	}
	if s.Within != "" {
		v := journey(s.Within)
		w.named[v.key] = v
		t.within = v.key
		t.values = append(t.values, v.key)
	}
	slices.Sort(t.values)
	t.values = slices.Compact(t.values)
	return t
}

func journey(within string) value { return value{hashOf(Journey, within), Journey, ""} }

// pair is a person gaining or losing a value.
type pair struct{ person, value key }

func (w *writing) write(ctx context.Context) ([]screening.ID, error) {
	if len(w.moves) == 0 {
		return nil, nil
	}
	touched := map[key]bool{}
	for _, m := range w.moves {
		if m.known {
			touched[m.from] = true
		}
		if !m.gone {
			touched[m.to.person] = true
		}
	}
	nodes := slices.Sorted(maps.Keys(touched))
	if err := w.persons(ctx, nodes); err != nil {
		return nil, err
	}
	held := make(map[key][]key, len(nodes))
	for _, n := range nodes {
		if p := w.people[n]; p != nil {
			held[n] = p.values()
		} else {
			w.people[n] = &person{key: n, near: distant}
		}
	}
	sources := w.move()
	gained, lost := w.differences(nodes, held)
	if err := w.post(ctx, gained, lost); err != nil {
		return nil, err
	}
	if err := w.store(ctx, nodes); err != nil {
		return nil, err
	}
	return w.noticed(ctx, append(gained, lost...), sources)
}

// move puts journeys where they belong, and answers which nodes took the journey of somebody listed or decided over.
func (w *writing) move() (sources []key) {
	for _, at := range slices.Sorted(maps.Keys(w.moves)) {
		m := w.moves[at]
		if m.known {
			w.people[m.from].drop(m.id)
		}
		if m.gone {
			continue
		}
		to := w.people[m.to.person]
		to.put(m.trip)
		if m.known && m.from != m.to.person && w.people[m.from].near == source {
			sources = append(sources, to.key)
		}
	}
	return sources
}

// differences are what the nodes tie to now and did not, and the other way round.
func (w *writing) differences(nodes []key, held map[key][]key) (gained, lost []pair) {
	for _, n := range nodes {
		was, now := held[n], w.people[n].values()
		for _, v := range now {
			if _, had := slices.BinarySearch(was, v); !had {
				gained = append(gained, pair{n, v})
			}
		}
		for _, v := range was {
			if _, has := slices.BinarySearch(now, v); !has {
				lost = append(lost, pair{n, v})
			}
		}
	}
	return gained, lost
}

// post brings the values' side up to date.
func (w *writing) post(ctx context.Context, gained, lost []pair) error {
	var keys []key
	for _, p := range slices.Concat(gained, lost) {
		keys = append(keys, p.value)
	}
	if err := w.shares(ctx, keys); err != nil {
		return err
	}
	changed := map[key]bool{}
	for _, p := range gained {
		v := w.values[p.value]
		if v == nil {
			v = &shared{value: w.named[p.value]}
			w.values[p.value] = v
		}
		if v.common {
			continue
		}
		at, there := slices.BinarySearch(v.people, p.person)
		if !there {
			v.people = slices.Insert(v.people, at, p.person)
			changed[p.value] = true
		}
	}
	for _, p := range lost {
		v := w.values[p.value]
		if v == nil || v.common {
			continue
		}
		if at, there := slices.BinarySearch(v.people, p.person); there {
			v.people = slices.Delete(v.people, at, at+1)
			changed[p.value] = true
		}
	}
	var rows [][]any
	var empty []key
	for _, k := range slices.Sorted(maps.Keys(changed)) {
		v := w.values[k]
		switch {
		case len(v.people) == 0:
			empty = append(empty, k)
			continue
		case len(v.people) > kindOf(v.kind).most:
			v.common, v.people = true, nil
		}
		rows = append(rows, v.row())
	}
	if _, err := store.ExecKeys(ctx, w.tx, `delete from links_value where value in (:keys)`, empty); err != nil {
		return err
	}
	_, err := insertValues.Exec(ctx, w.tx, rows)
	return err
}

// store writes nodes and where their journeys are.
func (w *writing) store(ctx context.Context, nodes []key) error {
	var rows, trips [][]any
	var empty, gone []key
	for _, n := range nodes {
		if p := w.people[n]; len(p.trips) > 0 {
			rows = append(rows, p.row())
		} else {
			empty = append(empty, n)
		}
	}
	for _, at := range slices.Sorted(maps.Keys(w.moves)) {
		if m := w.moves[at]; m.gone {
			gone = append(gone, at)
		} else {
			trips = append(trips, []any{at, m.to.person, m.to.digest})
		}
	}
	if _, err := insertPersons.Exec(ctx, w.tx, rows); err != nil {
		return err
	}
	if _, err := insertTrips.Exec(ctx, w.tx, trips); err != nil {
		return err
	}
	if _, err := store.ExecKeys(ctx, w.tx, `delete from links_person where person in (:keys)`, empty); err != nil {
		return err
	}
	_, err := store.ExecKeys(ctx, w.tx, `delete from links_trip where trip in (:keys)`, gone)
	return err
}
