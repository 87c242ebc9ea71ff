package match

import "sync/atomic"

// Layers are what is searched for now: a great index, and over it what came or went since. They never change; a Set gives
// the ones that hold.
type Layers struct {
	base, fresh *Index
	gone        map[string]bool // ids of base that are no more, or are in fresh
	parts       *Index          // values that are worth nothing alone; nil where there are none
}

// WithParts adds values of which a line that holds one is worth a look: parts of something that several lines show together.
func (l *Layers) WithParts(parts []Entry) *Layers {
	with := *l
	if with.parts = nil; len(parts) > 0 {
		with.parts = Build(parts)
	}
	return &with
}

// Size is how many indicators are searched for.
func (l *Layers) Size() int { return l.base.Size() + l.fresh.Size() - len(l.gone) }

// Over is how much lies over the great index: when it is much, build a new one.
func (l *Layers) Over() int { return l.fresh.Size() + len(l.gone) }

// NewLayers lays what is fresh over a great index; gone are the ids that the index still has and that no longer count
// there.
func NewLayers(base, fresh *Index, gone map[string]bool) *Layers {
	return &Layers{base: base, fresh: fresh, gone: gone}
}

// Set holds the layers of the moment; whoever scans takes them once, whoever learns swaps them whole.
type Set struct{ now atomic.Pointer[Layers] }

var nothing = NewLayers(Build(nil), Build(nil), nil)

// Now gives the layers that hold.
func (s *Set) Now() *Layers {
	if l := s.now.Load(); l != nil {
		return l
	}
	return nothing
}

// Swap makes others hold.
func (s *Set) Swap(l *Layers) { s.now.Store(l) }
