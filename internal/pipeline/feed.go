package pipeline

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/rihla/rihla/internal/intake"
)

// hold is a report taken up from the journal and not yet let go of.
type hold struct {
	intake.Pending
	answer   []intake.Answer // what its filer was told at once
	weight   int64           // bytes of memory it was given
	attempts int             // that our own software failed on
	due      time.Time       // the next attempt; zero while it is worked on
}

// held are the reports taken up, so that none is worked on twice at once.
type held struct {
	mu      sync.Mutex
	byID    map[string]*hold
	failing int
}

// take answers a hold on the report, or nil when there is one already.
func (h *held) take(p intake.Pending) *hold {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.byID == nil {
		h.byID = map[string]*hold{}
	}
	if h.byID[p.ID] != nil {
		return nil
	}
	taken := &hold{Pending: p}
	h.byID[p.ID] = taken
	return taken
}

func (h *held) drop(ids ...string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, id := range ids {
		delete(h.byID, id)
	}
}

// fail puts a report off, longer each time, and answers how often it has failed.
func (h *held) fail(r *hold, now time.Time) int {
	h.mu.Lock()
	defer h.mu.Unlock()
	if r.attempts == 0 {
		h.failing++
	}
	r.attempts++
	r.due = now.Add(min(time.Second<<min(r.attempts-1, 10), longestPutOff))
	return r.attempts
}

// longestPutOff bounds how long a report that our software fails on waits for its next attempt.
const longestPutOff = 5 * time.Minute

// mended forgets that a report failed.
func (h *held) mended(r *hold) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if r.attempts > 0 {
		r.attempts, h.failing = 0, h.failing-1
	}
}

// again answers the failed reports of a lane whose time has come, the oldest first.
func (h *held) again(lane intake.Lane, now time.Time) []*hold {
	h.mu.Lock()
	defer h.mu.Unlock()
	var list []*hold
	if h.failing == 0 {
		return nil
	}
	for _, r := range h.byID {
		if r.Lane == lane && !r.due.IsZero() && !r.due.After(now) {
			r.due = time.Time{}
			list = append(list, r)
		}
	}
	slices.SortFunc(list, func(a, b *hold) int { return int(a.Number - b.Number) })
	return list
}

func (h *held) failures() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.failing
}

// mostFailing bounds the reports put off at once. Beyond it the fault is not in a report, and taking up more would only
// fill memory: they are safe in the journal.
const mostFailing = 1000

// feed takes reports of a lane out of the journal in the order of their receipt, within the bound on memory.
func (p *Pipeline) feed(ctx context.Context, lane intake.Lane, admitted chan<- *hold) {
	const page = 64
	wake, stop := p.Journal.Watch()
	defer stop()
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	var after int64
	var swept time.Time
	for ctx.Err() == nil {
		for _, h := range p.held.again(lane, p.Clock()) {
			p.admit(ctx, h, admitted)
		}
		if now := time.Now(); now.Sub(swept) > sweepEvery {
			after, swept = 0, now // what was adopted, or could not be removed, lies behind
		}
		full := false
		if p.held.failures() < mostFailing {
			pending, err := p.Journal.Pending(ctx, lane, after, page)
			if err != nil && ctx.Err() == nil {
				p.Logger.Error("the journal does not answer", "error", err)
			}
			if len(pending) > 0 {
				full = len(pending) == page
				after = pending[len(pending)-1].Number
				p.admitAll(ctx, pending, admitted)
			}
		}
		if full {
			continue
		}
		select {
		case <-ctx.Done():
		case <-wake:
		case <-tick.C:
		}
	}
}

// sweepEvery is how often the journal is looked through from its beginning.
const sweepEvery = 30 * time.Second

// admitAll admits a page of the journal but for what is held already and what the store already has.
func (p *Pipeline) admitAll(ctx context.Context, pending []intake.Pending, admitted chan<- *hold) {
	fresh := make([]*hold, 0, len(pending))
	ids := make([]string, 0, len(pending))
	for _, report := range pending {
		if h := p.held.take(report); h != nil {
			fresh = append(fresh, h)
			ids = append(ids, report.ID)
		}
	}
	known, err := p.Reports.Known(ctx, p.Store.Read(), ids)
	if err != nil {
		known = nil // writing looks again
	}
	for _, h := range fresh {
		if known[h.ID] {
			p.forget(h)
			continue
		}
		p.admit(ctx, h, admitted)
	}
}

func (p *Pipeline) admit(ctx context.Context, h *hold, admitted chan<- *hold) {
	h.weight = min(2*int64(h.Size), bytesInFlight/4)
	if h.Lane == intake.Bulk {
		h.weight = min(2*int64(h.Size), bytesInFlight)
	}
	if err := p.room[h.Lane].Acquire(ctx, h.weight); err != nil {
		p.held.drop(h.ID) // draining
		return
	}
	select {
	case admitted <- h:
	case <-ctx.Done():
		p.release(h)
		p.held.drop(h.ID)
	}
}

func (p *Pipeline) release(h *hold) {
	p.room[h.Lane].Release(h.weight)
	h.weight = 0
}

// forget has the journal let go of a report that the store has.
func (p *Pipeline) forget(h *hold) { p.written <- h.ID }

// take reads one report and hands it to the worker of its key.
func (p *Pipeline) take(ctx context.Context, h *hold) {
	p.taken.Add(1)
	raw, err := p.Journal.Raw(ctx, h.Pending)
	if err == nil && h.Lane == intake.Interactive && h.answer == nil {
		var a intake.Answer
		var told bool
		if a, told, err = p.Journal.AtOnce(ctx, h.Pending); told {
			h.answer = []intake.Answer{a}
		}
	}
	if errors.Is(err, intake.ErrUnknown) { // it went to the store meanwhile
		p.release(h)
		p.held.drop(h.ID)
		return
	}
	var r *reading
	if err == nil {
		p.Journal.Turns.Take()
		r, err = p.read(h, raw)
		p.Journal.Turns.Give()
	}
	if err != nil {
		p.putOff(h, "read", err)
		return
	}
	w := p.workerOf(r.key())
	lane := w.bulk
	if h.Lane == intake.Interactive {
		lane = w.interactive
	}
	select {
	case lane <- r:
	case <-ctx.Done():
		p.putOff(h, "read", errDraining)
	}
}

// putOff is for what our own software, or its machine, failed on: the report stays received, and is tried again.
func (p *Pipeline) putOff(h *hold, doing string, err error) {
	p.release(h)
	attempts := p.held.fail(h, p.Clock())
	p.meters.failing.Set(float64(p.held.failures()))
	if errors.Is(err, errDraining) || errors.Is(err, context.Canceled) {
		return
	}
	p.meters.failures.WithLabelValues(doing).Inc()
	p.Logger.Error("a report could not be worked on; it stays received and will be tried again",
		"report", h.ID, "doing", doing, "attempts", attempts, "error", err)
}

// adopt takes up what a silent node left behind.
func (p *Pipeline) adopt(ctx context.Context) {
	const every = 5 * time.Second
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		if adopted, err := p.Journal.Adopt(ctx); err != nil && ctx.Err() == nil {
			p.Logger.Error("the journal's owners could not be looked through", "error", err)
		} else if adopted {
			p.Logger.Info("took up the reports of a node that fell silent")
		}
		if depth, err := p.Journal.Depth(ctx); err == nil {
			p.meters.waiting.Set(float64(depth))
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}
