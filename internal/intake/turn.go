package intake

import (
	"runtime"
	"sync"
)

// Turns let those who wait for an answer go first. What nobody waits for is worked on in turns: as many at once as there are
// cores, and one fewer while somebody waits, so that a core is free for them whatever else there is to do. A turn is short
// and is never held while waiting for the disk.
type Turns struct {
	mu     sync.Mutex
	most   int
	taken  int
	asking int             // who wait for an answer
	queue  []chan struct{} // who wait for a turn, the first first
}

// NewTurns are for as many cores as this process has.
func NewTurns() *Turns { return &Turns{most: runtime.GOMAXPROCS(0)} }

// Ask says that somebody waits for an answer, until done is called.
func (t *Turns) Ask() (done func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.asking++
	return sync.OnceFunc(func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		t.asking--
		t.next()
	})
}

// free says whether one more may be worked on. A single core is shared: nothing stands still for ever.
func (t *Turns) free() bool {
	if t.asking > 0 {
		return t.taken < max(t.most-1, 1)
	}
	return t.taken < t.most
}

// next gives turns to those who wait for one.
func (t *Turns) next() {
	for len(t.queue) > 0 && t.free() {
		t.taken++
		close(t.queue[0])
		t.queue = t.queue[1:]
	}
}

// Take waits for a turn. Give ends it.
func (t *Turns) Take() {
	t.mu.Lock()
	if len(t.queue) == 0 && t.free() {
		t.taken++
		t.mu.Unlock()
		return
	}
	mine := make(chan struct{})
	t.queue = append(t.queue, mine)
	t.mu.Unlock()
	<-mine
}

// Hold takes a turn without waiting for one: for what is short, and for whoever already has what others wait for, as the
// store's writer does. The others make room for it.
func (t *Turns) Hold() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.taken++
}

// Give ends a turn.
func (t *Turns) Give() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.taken--
	t.next()
}

// Pass is called between two steps of a turn: when somebody waits for an answer it lets them go first.
func (t *Turns) Pass() {
	t.mu.Lock()
	over := t.asking > 0 && t.taken > max(t.most-1, 1)
	t.mu.Unlock()
	if over {
		t.Give()
		t.Take()
	}
}
