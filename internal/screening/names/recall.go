package names

import (
	"hash/maphash"
	"sync/atomic"
)

// recall keeps what words asked about led to. Names follow Zipf's law: nine in ten words have been asked about before.
type recall struct {
	seed maphash.Seed
	sets []recallSet
}

// recallSet is the words of one hash, the newest first: it takes more than one not to lose a word that everybody bears to
// the next that nobody does.
type recallSet [4]atomic.Pointer[asked]

// recallSets of the cache of a large list.
const recallSets = 1 << 12

func newRecall(sets int) recall {
	return recall{seed: maphash.MakeSeed(), sets: make([]recallSet, sets)}
}

func (r *recall) set(text string) *recallSet {
	return &r.sets[maphash.String(r.seed, text)%uint64(len(r.sets))]
}

// find gives what a word led to when it was asked about; nil when it was not, or long ago.
func (s *recallSet) find(text string) *asked {
	for i := range s {
		if a := s[i].Load(); a != nil && a.text == text {
			return a
		}
	}
	return nil
}

// keep notes what a word led to. Two who keep at once may lose a word: it is looked up again.
func (s *recallSet) keep(a *asked) {
	for i := len(s) - 1; i > 0; i-- {
		s[i].Store(s[i-1].Load())
	}
	s[0].Store(a)
}
