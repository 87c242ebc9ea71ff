package screening

import (
	"cmp"
	"hash/maphash"
	"slices"
	"time"

	"github.com/rihla/rihla/internal/screening/lists"
	"github.com/rihla/rihla/internal/screening/names"
)

// layer is an immutable set of entries in force, ready to be compared with. A generation is one large layer, and a small
// one above it with what has changed since the large one was built.
type layer struct {
	number    int64 // of the generation that it was read under
	roll      roll
	documents []documentRef // by hash
	people    nameTable
	firms     nameTable // organisations, with whom only those are compared who may be one
	turns     []turn    // when entries next begin or end to hold, soonest first
}

// nameTable is entries of one kind, to be compared with by name.
type nameTable struct {
	index     *names.Index
	entries   []int32 // the index's → the roll's
	strangers *strangers
}

// tables are those that a subject is compared with, the empty ones left out as nil.
func (l *layer) tables(s *Subject) (t [2]*nameTable) {
	if l.people.index.Len() > 0 {
		t[0] = &l.people
	}
	if l.firms.index.Len() > 0 && mayBeFirm(s) {
		t[1] = &l.firms
	}
	return t
}

// mayBeFirm tells a name that came in one field, as a consignee's does or an account holder's: it may be an organisation's.
// One with a surname is a person's.
func mayBeFirm(s *Subject) bool {
	return slices.ContainsFunc(s.Names, func(n Name) bool { return n.Full != "" && n.Surname == "" && n.Given == "" })
}

// documentRef leads from a document's compact number, hashed, to the entry that holds it.
type documentRef struct {
	hash     uint64
	entry    int32
	document int32
}

// turn is the moment from which an entry holds, or no longer does.
type turn struct {
	at time.Time
	entryKey
}

// documentSeed is one for all layers of a process.
var documentSeed = maphash.MakeSeed()

// shortestDocument is a length below which a number is not looked for.
const shortestDocument = 4

// layerWriter gathers the entries of a layer.
type layerWriter struct {
	now    time.Time
	roll   *rollWriter
	people []names.Person
	firms  []names.Person
	layer  layer
}

func newLayerWriter(now time.Time) *layerWriter {
	return &layerWriter{now: now, roll: newRollWriter()}
}

// readEntry is an entry as read and prepared, so that many can be at once.
type readEntry struct {
	entryKey
	entry  lists.Entry
	hash   string
	person names.Person // or organisation; without a name: not one to be compared by name
}

// kinds are the schemas of entries that are compared by name, true for organisations. Vessels and aircraft are found by
// their numbers.
var kinds = map[string]bool{"Person": false, "Organization": true, "Company": true, "LegalEntity": true}

func prepared(list string, e lists.Entry) readEntry {
	r := readEntry{entryKey: entryKey{list, e.ID}, entry: e, hash: e.Hash()}
	if _, named := kinds[e.Schema]; named && !e.DocumentOnly && len(e.Names) > 0 {
		r.person = PersonOf(&e)
	}
	return r
}

// add takes an entry in if it holds now, and notes when that changes.
func (w *layerWriter) add(r *readEntry) {
	holds, next := inForce(&r.entry, w.now)
	if !next.IsZero() {
		w.layer.turns = append(w.layer.turns, turn{next, r.entryKey})
	}
	if !holds {
		return
	}
	place := w.roll.add(r.list, &r.entry, r.hash)
	for i := range r.entry.Documents {
		if number := names.AppendCompact(nil, r.entry.Documents[i].Number); len(number) >= shortestDocument {
			w.layer.documents = append(w.layer.documents, documentRef{maphash.Bytes(documentSeed, number), place, int32(i)})
		}
	}
	switch {
	case len(r.person.Names) == 0:
	case kinds[r.entry.Schema]:
		w.firms, w.layer.firms.entries = append(w.firms, r.person), append(w.layer.firms.entries, place)
	default:
		w.people, w.layer.people.entries = append(w.people, r.person), append(w.layer.people.entries, place)
	}
}

// finish builds the layer; beside another, whose words tell how rare a word is.
func (w *layerWriter) finish(number int64, base *layer) *layer {
	l := w.layer
	l.number, l.roll = number, w.roll.finish()
	if base == nil {
		base = new(layer)
	}
	l.people.build(w.people, &base.people)
	l.firms.build(w.firms, &base.firms)
	slices.SortFunc(l.documents, func(a, b documentRef) int {
		return cmp.Or(cmp.Compare(a.hash, b.hash), cmp.Compare(a.entry, b.entry), cmp.Compare(a.document, b.document))
	})
	slices.SortFunc(l.turns, func(a, b turn) int { return a.at.Compare(b.at) })
	l.documents, l.turns = slices.Clip(l.documents), slices.Clip(l.turns)
	return &l
}

// build makes the table of these entries; beside another where there is one.
func (t *nameTable) build(listed []names.Person, base *nameTable) {
	t.strangers, t.entries = newStrangers(), slices.Clip(t.entries)
	if base.index == nil {
		t.index = names.Build(listed, names.AmongTravellers)
	} else {
		t.index = names.Beside(base.index, listed)
	}
}

// holding gives the documents whose compact number may be the one asked for.
func (l *layer) holding(number []byte) []documentRef {
	if len(number) < shortestDocument {
		return nil
	}
	hash := maphash.Bytes(documentSeed, number)
	from, found := slices.BinarySearchFunc(l.documents, hash, func(d documentRef, h uint64) int { return cmp.Compare(d.hash, h) })
	if !found {
		return nil
	}
	to := from
	for to < len(l.documents) && l.documents[to].hash == hash {
		to++
	}
	return l.documents[from:to]
}

// inForce says whether an entry holds now, and when that next changes.
func inForce(e *lists.Entry, now time.Time) (holds bool, next time.Time) {
	if e.From == "" && e.Until == "" {
		return true, time.Time{}
	}
	from, errFrom := time.Parse(time.DateOnly, e.From)
	until, errUntil := time.Parse(time.DateOnly, e.Until)
	if errUntil == nil {
		until = until.AddDate(0, 0, 1) // its last day is whole
	}
	switch {
	case errFrom == nil && now.Before(from):
		return false, from
	case errUntil == nil && !now.Before(until):
		return false, time.Time{}
	case errUntil == nil:
		return true, until
	}
	return true, time.Time{}
}
