package access

import (
	"net/http"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Limiter bounds how often each of many may do something: by address, by name. It forgets those it has not seen lately.
type Limiter struct {
	every time.Duration
	burst int
	clock func() time.Time
	mu    sync.Mutex
	each  map[string]*rate.Limiter
}

// limitsMost bounds a limiter's memory; beyond it, those with their full allowance are forgotten, then all.
const limitsMost = 10_000

// NewLimiter allows each one burst at once and then one more every so often. A nil clock is time.Now.
func NewLimiter(every time.Duration, burst int, clock func() time.Time) *Limiter {
	if clock == nil {
		clock = time.Now
	}
	return &Limiter{every: every, burst: burst, clock: clock, each: map[string]*rate.Limiter{}}
}

// Allow takes one from who's allowance, if there is one left.
func (l *Limiter) Allow(who string) bool { return l.of(who).AllowN(l.clock(), 1) }

// AllowFrom is Allow by the address a request came from.
func (l *Limiter) AllowFrom(r *http.Request) bool { return l.Allow(remote(r)) }

// left reports whether there is one left, and takes none.
func (l *Limiter) left(who string) bool { return l.of(who).TokensAt(l.clock()) >= 1 }

func (l *Limiter) of(who string) *rate.Limiter {
	l.mu.Lock()
	defer l.mu.Unlock()
	if limiter, ok := l.each[who]; ok {
		return limiter
	}
	if len(l.each) >= limitsMost {
		for name, limiter := range l.each {
			if limiter.TokensAt(l.clock()) >= float64(l.burst) {
				delete(l.each, name)
			}
		}
		if len(l.each) >= limitsMost {
			clear(l.each)
		}
	}
	limiter := rate.NewLimiter(rate.Every(l.every), l.burst)
	l.each[who] = limiter
	return limiter
}

// guesses bounds wrong passwords; right ones cost nothing.
type guesses struct{ byName, byAddress *Limiter }

func newGuesses(clock func() time.Time) guesses {
	return guesses{
		byName:    NewLimiter(time.Minute, 5, clock),
		byAddress: NewLimiter(10*time.Second, 20, clock),
	}
}

func (g guesses) may(name, address string) bool {
	return g.byName.left(name) && g.byAddress.left(address)
}

func (g guesses) wrong(name, address string) {
	g.byName.Allow(name)
	g.byAddress.Allow(address)
}
