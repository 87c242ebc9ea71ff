package screening

import (
	"hash/maphash"
	"sync/atomic"

	"github.com/rihla/rihla/internal/screening/names"
)

// strangers remembers of whom nothing was found by name, under one generation. The same traveller is told again and
// again, in every push and list, with another seat or state; only what names are compared by is remembered, as a keyed
// hash of 64 bits. A slot holds one hash, so a lookup can be wrong with a chance of one in 2^64, and nobody can aim for it.
type strangers struct {
	seed  maphash.Seed
	slots []atomic.Uint64
}

// strangerSlots is a megabyte: the travellers of a hub's day.
const strangerSlots = 1 << 17

func newStrangers() *strangers {
	return &strangers{seed: maphash.MakeSeed(), slots: make([]atomic.Uint64, strangerSlots)}
}

// key is what a person is compared by, and how much of a likeness is asked for. Zero is no key.
func (s *strangers) key(p *names.Person, least float64) uint64 {
	var h maphash.Hash
	h.SetSeed(s.seed)
	maphash.WriteComparable(&h, least)
	text := func(v string) {
		_, _ = h.WriteString(v) // never fails
		_ = h.WriteByte(0)
	}
	for _, n := range p.Names {
		text(n.Surname)
		text(n.Given)
		text(n.Full)
	}
	text("|")
	for _, b := range p.Births {
		text(b)
	}
	text("|")
	for _, c := range p.Countries {
		text(c)
	}
	text(p.Sex)
	return max(h.Sum64(), 1)
}

func (s *strangers) known(key uint64) bool { return s.slots[key%strangerSlots].Load() == key }

func (s *strangers) remember(key uint64) { s.slots[key%strangerSlots].Store(key) }
