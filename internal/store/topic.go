package store

import "sync"

// topics wakes those of this process who wait for somebody's commit. It only shortens a poll: another process may write
// as well, so whoever watches must look by itself each second.
type topics struct {
	mu       sync.Mutex
	watchers map[string]map[chan struct{}]struct{}
}

// Watch answers a channel that receives after commits whose transaction called Notify(topic). stop ends it.
func (s *Store) Watch(topic string) (wake <-chan struct{}, stop func()) {
	t := &s.topics
	c := make(chan struct{}, 1)
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.watchers == nil {
		t.watchers = map[string]map[chan struct{}]struct{}{}
	}
	if t.watchers[topic] == nil {
		t.watchers[topic] = map[chan struct{}]struct{}{}
	}
	t.watchers[topic][c] = struct{}{}
	return c, func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		delete(t.watchers[topic], c)
	}
}

func (t *topics) wake(topic string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for c := range t.watchers[topic] {
		select {
		case c <- struct{}{}:
		default: // it has not looked since the last time; it will see this too
		}
	}
}
