package screening

import (
	"context"
	"sync/atomic"

	"github.com/rihla/rihla/internal/screening/lists"
	"github.com/rihla/rihla/internal/store"
)

// What an entry takes in memory, measured with a million of them: in the index of names (450 bytes, and so much again as the
// collector may let lie: it marks a heap with a million names in some tenths of a second, in which whoever waits for an answer
// waits longer, and so had better do it rarely), and on its way there. What is read of a list takes so many times the bytes of
// its files.
const (
	indexedBytes  = 700
	buildingBytes = 1_100
	loadingTimes  = 6
)

// loading is what lists on their way into the store take, of whichever store this process has open.
var loading atomic.Int64

// expectList notes that a list is about to be read, until it has been.
func expectList(files []lists.File) (read func()) {
	var size int64
	for i := range files {
		size += loadingTimes * int64(len(files[i].Data))
	}
	loading.Add(size)
	return func() { loading.Add(-size) }
}

// Footprint estimates the memory that lists and who is ahead take, with what is being built beside them, in bytes.
// Whoever bounds the heap leaves room for it.
func (s *Screener) Footprint() int64 {
	g := s.Generation()
	size := g.base.size() + s.building.Load() + loading.Load()
	if g.over != nil {
		size += g.over.size()
	}
	for _, a := range s.allAhead() {
		size += a.size()
	}
	return size
}

func (l *layer) size() int64 {
	return int64(len(l.roll.bytes) + 8*len(l.roll.at) + 4*len(l.roll.slots) + 16*len(l.documents) + (4+indexedBytes)*(len(l.people.entries)+len(l.firms.entries)) + 48*len(l.turns))
}

func (a *Ahead) size() (size int64) {
	a.mu.RLock()
	defer a.mu.RUnlock()
	for _, h := range a.holders {
		size += int64(len(h.bytes) + 8*len(h.versions) + 4*len(h.at))
	}
	return size
}

// expectBase notes that a base is about to be built, of as many entries as the lists have.
func (s *Screener) expectBase(ctx context.Context, r store.Reader) error {
	var entries int64
	err := r.QueryRowContext(ctx, `select coalesce(sum(entries), 0) from screening_list`).Scan(&entries)
	s.building.Store(entries * buildingBytes)
	return err
}
