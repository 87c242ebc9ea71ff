package store

import (
	"context"
	"errors"
	"sync"
	"time"
)

// errUnwritten stands until a commit says otherwise, so that a panic in one write tells nobody yes.
var errUnwritten = errors.New("not written: the writer it shared a commit with broke off")

// Group lets values that arrive at once share one commit: while one transaction runs, the next gathers.
type Group[T any] struct {
	store *Store
	max   int
	write func(context.Context, Tx, []T) error

	// Linger, where it is set, says how long a commit may wait for others to share it, by the value that leads it. It is
	// for values that nobody waits for: each sync saved is one that those who wait need not stand behind.
	Linger func(T) time.Duration

	mu      sync.Mutex
	waiting []*entrant[T]
	leading bool
}

type entrant[T any] struct {
	value T
	done  chan struct{} // closed when err stands, or when it is its turn to lead
	err   error
	lead  bool
}

// NewGroup makes a group whose transactions carry at most max values, each written by write.
func NewGroup[T any](s *Store, max int, write func(context.Context, Tx, []T) error) *Group[T] {
	return &Group[T]{store: s, max: max, write: write}
}

// Do returns when the value is durable, or with the reason why it is not. A batch that fails is rolled back and its
// values written singly, so no value fails for another. A caller whose context ends stops waiting, but its value may
// still be written.
func (g *Group[T]) Do(ctx context.Context, value T) error {
	me := &entrant[T]{value: value, done: make(chan struct{})}
	g.mu.Lock()
	g.waiting = append(g.waiting, me)
	if !g.leading {
		g.leading, me.lead = true, true
		close(me.done)
	}
	g.mu.Unlock()

	select {
	case <-me.done:
	case <-ctx.Done():
		// The leader's part cannot be left undone: others wait for it.
		select {
		case <-me.done:
		default:
			go func() {
				if <-me.done; me.lead {
					g.lead(context.WithoutCancel(ctx), me)
				}
			}()
			return ctx.Err()
		}
	}
	if me.lead {
		g.lead(context.WithoutCancel(ctx), me)
	}
	return me.err
}

// lead writes the batch that begins with me, then hands over to the next who waits.
func (g *Group[T]) lead(ctx context.Context, me *entrant[T]) {
	if g.Linger != nil {
		time.Sleep(g.Linger(me.value))
	}
	g.mu.Lock()
	n := min(len(g.waiting), g.max)
	batch := g.waiting[:n:n]
	g.waiting = g.waiting[n:]
	g.mu.Unlock()

	defer func() {
		g.mu.Lock()
		defer g.mu.Unlock()
		for _, e := range batch {
			if e != me {
				close(e.done)
			}
		}
		if len(g.waiting) == 0 {
			g.waiting, g.leading = nil, false
			return
		}
		next := g.waiting[0]
		next.lead = true
		close(next.done)
	}()

	values := make([]T, len(batch))
	for i, e := range batch {
		values[i], e.err = e.value, errUnwritten
	}
	err := g.commit(ctx, values)
	if err == nil || len(batch) == 1 {
		for _, e := range batch {
			e.err = err
		}
		return
	}
	for i, e := range batch {
		e.err = g.commit(ctx, values[i:i+1])
	}
}

func (g *Group[T]) commit(ctx context.Context, values []T) error {
	return g.store.Write(ctx, func(ctx context.Context, tx Tx) error { return g.write(ctx, tx, values) })
}
