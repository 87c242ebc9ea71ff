package travel

import (
	"container/list"
	"sync"
)

// cacheFlights bounds how many flights' states are held in memory: a hub's busy hours, at about half a megabyte a
// flight of 300.
const cacheFlights = 96

// cache holds states as last written, so that the next message of a flight need not read a thousand rows. It is only
// ever used after the stored version was asked for and found equal: another process may write.
type cache struct {
	mu    sync.Mutex
	held  map[string]*list.Element
	order *list.List // most recent first
}

type cached struct{ state *State }

func newCache() *cache { return &cache{held: map[string]*list.Element{}, order: list.New()} }

// get gives a copy to work on, if the version is the stored one.
func (c *cache) get(id string, version int64) (*State, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.held[id]
	if !ok || e.Value.(*cached).state.Version != version {
		return nil, false
	}
	c.order.MoveToFront(e)
	return e.Value.(*cached).state.clone(), true
}

// put keeps a state that was committed. The caller no longer touches it.
func (c *cache) put(s *State) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e, ok := c.held[s.ID]; ok {
		if e.Value.(*cached).state.Version < s.Version {
			e.Value.(*cached).state = s
		}
		c.order.MoveToFront(e)
		return
	}
	c.held[s.ID] = c.order.PushFront(&cached{s})
	if c.order.Len() > cacheFlights {
		last := c.order.Back()
		delete(c.held, last.Value.(*cached).state.ID)
		c.order.Remove(last)
	}
}
