package screening

import (
	"encoding/binary"
	"encoding/hex"
	"hash/maphash"
	"math/bits"

	"github.com/rihla/rihla/internal/screening/lists"
)

// roll keeps what screening tells of listed entries, one after another in one stretch of bytes. A million of them are a
// handful of objects to the collector, and some hundred bytes each; what no finding shows (notes, programmes, basis)
// stays in the store.
type roll struct {
	lists []string // names of lists
	texts []string // reasons and instructions, each once: they repeat
	bytes []byte
	at    []uint64 // where each entry begins
	seed  maphash.Seed
	slots []int32 // open addressing by list and id; an entry's place plus one
}

// rolled is an entry as it comes off the roll.
type rolled struct {
	list, id, hash      string
	reason, instruction string
	names               []string
	documents           []lists.Document
	births, countries   bool
}

// entryKey is what an entry is known by.
type entryKey struct{ list, id string }

const (
	rolledBirths = 1 << iota
	rolledCountries
)

// rollWriter fills a roll.
type rollWriter struct {
	roll
	listed map[string]uint64
	told   map[string]uint64
}

func newRollWriter() *rollWriter {
	return &rollWriter{roll: roll{seed: maphash.MakeSeed()}, listed: make(map[string]uint64), told: make(map[string]uint64)}
}

func (w *rollWriter) add(list string, e *lists.Entry, hash string) (place int32) {
	w.at = append(w.at, uint64(len(w.bytes)))
	w.number(once(&w.lists, w.listed, list))
	w.text(e.ID)
	raw, err := hex.DecodeString(hash)
	if err != nil {
		raw = nil
	}
	w.text(string(raw))
	var flags uint64
	if len(e.Births) > 0 {
		flags |= rolledBirths
	}
	if len(e.Countries) > 0 {
		flags |= rolledCountries
	}
	w.number(flags)
	w.number(once(&w.texts, w.told, e.Reason))
	w.number(once(&w.texts, w.told, e.Instruction))
	w.number(uint64(len(e.Names)))
	for i := range e.Names {
		w.text(e.Names[i].Text)
	}
	w.number(uint64(len(e.Documents)))
	for i := range e.Documents {
		d := &e.Documents[i]
		for _, text := range []string{d.Type, d.Number, d.Issuer, d.Expires, d.Status, d.Reported} {
			w.text(text)
		}
	}
	return int32(len(w.at) - 1)
}

func once(all *[]string, known map[string]uint64, text string) uint64 {
	n, ok := known[text]
	if !ok {
		n = uint64(len(*all))
		known[text], *all = n, append(*all, text)
	}
	return n
}

func (w *rollWriter) number(n uint64) { w.bytes = binary.AppendUvarint(w.bytes, n) }

func (w *rollWriter) text(s string) {
	w.number(uint64(len(s)))
	w.bytes = append(w.bytes, s...)
}

// finish gives the roll, its memory cut to size, with the places of its entries.
func (w *rollWriter) finish() roll {
	r := w.roll
	r.bytes = append(make([]byte, 0, len(r.bytes)), r.bytes...)
	r.at = append(make([]uint64, 0, len(r.at)), r.at...)
	r.slots = make([]int32, 1<<bits.Len(uint(2*len(r.at))))
	for i := range r.at {
		c := rollCursor{r.bytes[r.at[i]:]}
		list := r.lists[c.number()]
		slot := r.slot(list, string(c.text()))
		for r.slots[slot] != 0 {
			slot = (slot + 1) % uint64(len(r.slots))
		}
		r.slots[slot] = int32(i + 1)
	}
	return r
}

func (r *roll) len() int { return len(r.at) }

func (r *roll) slot(list, id string) uint64 {
	var h maphash.Hash
	h.SetSeed(r.seed)
	_, _ = h.WriteString(list) // never fails
	_ = h.WriteByte(0)
	_, _ = h.WriteString(id)
	return h.Sum64() % uint64(len(r.slots))
}

// find gives the place of an entry.
func (r *roll) find(k entryKey) (place int32, ok bool) {
	if len(r.at) == 0 {
		return 0, false
	}
	for slot := r.slot(k.list, k.id); r.slots[slot] != 0; slot = (slot + 1) % uint64(len(r.slots)) {
		place = r.slots[slot] - 1
		c := rollCursor{r.bytes[r.at[place]:]}
		if r.lists[c.number()] == k.list && string(c.text()) == k.id {
			return place, true
		}
	}
	return 0, false
}

func (r *roll) list(place int32) string {
	c := rollCursor{r.bytes[r.at[place]:]}
	return r.lists[c.number()]
}

func (r *roll) entry(place int32) rolled {
	c := rollCursor{r.bytes[r.at[place]:]}
	e := rolled{list: r.lists[c.number()], id: string(c.text()), hash: hex.EncodeToString(c.text())}
	flags := c.number()
	e.births, e.countries = flags&rolledBirths != 0, flags&rolledCountries != 0
	e.reason, e.instruction = r.texts[c.number()], r.texts[c.number()]
	e.names = make([]string, c.number())
	for i := range e.names {
		e.names[i] = string(c.text())
	}
	e.documents = make([]lists.Document, c.number())
	for i := range e.documents {
		d := &e.documents[i]
		for _, field := range []*string{&d.Type, &d.Number, &d.Issuer, &d.Expires, &d.Status, &d.Reported} {
			*field = string(c.text())
		}
	}
	return e
}

// rollCursor reads what rollWriter wrote.
type rollCursor struct{ rest []byte }

func (c *rollCursor) number() uint64 {
	n, size := binary.Uvarint(c.rest)
	c.rest = c.rest[size:]
	return n
}

func (c *rollCursor) text() []byte {
	n := c.number()
	text := c.rest[:n]
	c.rest = c.rest[n:]
	return text
}
