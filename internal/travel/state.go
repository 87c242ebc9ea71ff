package travel

import (
	"maps"
	"slices"
	"strings"
)

// State is everything the sources have said of one flight. It is a join of messages: Manifest computes from it what
// stands.
type State struct {
	ID      string
	Key     Key
	Version int64 // as read; 0 is a flight not yet stored
	Facts   Facts
	Records map[string]*Record
	People  map[string]stored // the manifest as last written, to write only what changed
	Joined  string            // the operating flight this marketing number was joined to
}

// stored is what is known of a passenger row without reading it whole.
type stored struct {
	Hash    uint64
	Records []string
}

func newState(id string, k Key) *State {
	return &State{ID: id, Key: k, Records: map[string]*Record{}, People: map[string]stored{}}
}

// hear joins one record.
func (s *State) hear(said Record) {
	r := s.Records[said.ID]
	if r == nil {
		r = &Record{ID: said.ID, Kind: said.Kind}
		s.Records[said.ID] = r
	}
	r.hear(&said)
}

// join takes over all that was filed under a marketing number.
func (s *State) join(other *State) {
	s.Facts.join(&other.Facts)
	for _, r := range other.Records {
		s.hear(*r)
	}
}

// sorted gives the records in the order of their ids, the one order that every node agrees on.
func (s *State) sorted() []*Record {
	all := make([]*Record, 0, len(s.Records))
	for _, r := range s.Records {
		all = append(all, r)
	}
	slices.SortFunc(all, func(a, b *Record) int { return strings.Compare(a.ID, b.ID) })
	return all
}

// standing says which records still count, given what withdrew others without naming them.
func (s *State) standing() map[*Record]bool {
	lists, crews, pushes := s.Facts.complete(partList), s.Facts.complete(partCrew), s.Facts.complete(partFull)
	on := make(map[*Record]bool, len(s.Records))
	stands := func(r *Record, complete map[string]Clock) bool {
		return !r.Seen.IsZero() && r.Seen.After(r.Gone) && !complete[r.Sender].After(r.Seen)
	}
	for _, r := range s.Records {
		switch r.Kind {
		case Listed:
			on[r] = stands(r, lists)
		case Crew:
			on[r] = stands(r, crews)
		case Booking:
			on[r] = stands(r, pushes) && r.Held != nil && !r.Held.Off
		}
	}
	for _, r := range s.Records {
		if r.Kind == Traveller {
			b := s.Records[r.Booking]
			on[r] = b != nil && on[b] && !b.Said.After(r.Said) // later content of the booking left him out
		}
	}
	return on
}

// clone gives a copy to fold messages into, with nothing yet to be written.
func (s *State) clone() *State {
	c := &State{ID: s.ID, Key: s.Key, Version: s.Version, Facts: s.Facts, Joined: s.Joined,
		Records: make(map[string]*Record, len(s.Records)+8), People: s.People}
	c.Facts.Headers = maps.Clone(s.Facts.Headers)
	c.Facts.Parts = slices.Clone(s.Facts.Parts)
	c.Facts.Codeshares = slices.Clone(s.Facts.Codeshares)
	copies := make([]Record, len(s.Records))
	i := 0
	for id, r := range s.Records {
		copies[i] = *r
		copies[i].fresh, copies[i].again = false, false
		c.Records[id] = &copies[i]
		i++
	}
	return c
}
