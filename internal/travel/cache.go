package travel

import "sync"

// cachedRecords bounds how many source records are held in memory, at about a kilobyte each: a hub's busy hours.
const cachedRecords = 60_000

// cache holds states as last written, so that the next message of a flight need not read a thousand rows. It is only
// ever used after the stored version was asked for and found equal: another process may write.
type cache struct {
	mu      sync.Mutex
	held    map[string]*State
	records int
}

func newCache() *cache { return &cache{held: map[string]*State{}} }

// get gives a copy to work on, if the version is the stored one.
func (c *cache) get(id string, version int64) (*State, bool) {
	c.mu.Lock()
	s, ok := c.held[id]
	c.mu.Unlock()
	if !ok || s.Version != version {
		return nil, false
	}
	return s.clone(), true
}

// put keeps a state that was committed. Nobody touches it any more. What must go to make room is picked at random:
// pushes come for all flights in turn, and whoever drops the least recent then drops just what comes next.
func (c *cache) put(s *State) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if old, ok := c.held[s.ID]; ok {
		if old.Version >= s.Version {
			return
		}
		c.records -= len(old.Records)
	}
	c.held[s.ID] = s
	c.records += len(s.Records)
	for id, old := range c.held {
		if c.records <= cachedRecords {
			break
		}
		if id != s.ID {
			delete(c.held, id)
			c.records -= len(old.Records)
		}
	}
}
