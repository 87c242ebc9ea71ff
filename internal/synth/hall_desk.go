package synth

import (
	"fmt"
	"slices"
	"time"
)

const quarter = 15 * time.Minute

// visit is one person at one desk or gate.
type visit struct {
	*visitor
	hall, lane, desk     string
	queued, began, ended time.Time
	referred             bool
}

// shift is how many desks of a lane are open in a quarter of an hour.
type shift struct {
	lane  string
	at    time.Time
	desks int
}

// served is how long one takes at a lane, in seconds.
var served = map[string][2]int{staffed: {40, 110}, egate: {12, 30}, priority: {45, 130}, secondary: {240, 1100}}

// deskLetters tell desks of lanes apart.
var deskLetters = map[string]string{staffed: "S", egate: "E", priority: "P", secondary: "X"}

// open lets people through a hall, each lane first come first served. A gate sends some on to a desk, and a desk those of
// whom something was found to a closer look.
func (h *halls) open(name string, people []*visitor) (all []*visit, shifts []shift) {
	h.dice = newDice(h.options.Seed, "hall "+name, len(people))
	slices.SortStableFunc(people, func(a, b *visitor) int { return a.arrives.Compare(b.arrives) })
	queues := map[string][]*visit{}
	for _, p := range people {
		v := &visit{visitor: p, hall: name, lane: p.lane, queued: p.arrives}
		if v.lane == secondary { // everybody begins at a desk
			v.lane, v.referred = staffed, true
		}
		v.referred = v.referred || v.lane == egate && h.percent(3)
		queues[v.lane] = append(queues[v.lane], v)
	}
	for _, lane := range []string{egate, priority, staffed, secondary} {
		queue := queues[lane]
		slices.SortStableFunc(queue, func(a, b *visit) int { return a.queued.Compare(b.queued) })
		desks := h.staff(lane, queue)
		h.serve(lane, queue, desks)
		all = append(all, queue...)
		for _, v := range queue {
			if !v.referred {
				continue
			}
			next := &visit{visitor: v.visitor, hall: name, lane: staffed, queued: v.ended.Add(time.Duration(h.between(15, 60)) * time.Second)}
			if lane == staffed {
				next.lane = secondary
			}
			queues[next.lane] = append(queues[next.lane], next)
		}
		for at, n := range desks {
			shifts = append(shifts, shift{lane, at, n})
		}
	}
	return all, shifts
}

// staff opens desks by what comes in a quarter and came in the one before: enough for most of it, so that a queue forms
// where several land at once.
func (h *halls) staff(lane string, queue []*visit) map[time.Time]int {
	come := map[time.Time]int{}
	for _, v := range queue {
		come[v.queued.Truncate(quarter)]++
	}
	desks := map[time.Time]int{}
	const most = 30
	for at := range come {
		for _, q := range []time.Time{at, at.Add(quarter)} {
			load := float64(come[q]+come[q.Add(-quarter)]) / 2 * float64(served[lane][0]+served[lane][1]) / 2
			desks[q] = min(max(int(load/quarter.Seconds()/0.95), 1), most)
			if lane == egate {
				desks[q] = max(desks[q], 2)
			}
		}
	}
	return desks
}

// serve gives each the desk that is free first. The first desk is always open.
func (h *halls) serve(lane string, queue []*visit, desks map[time.Time]int) {
	most := 1
	for _, n := range desks {
		most = max(most, n)
	}
	free := make([]time.Time, most)
	for _, v := range queue {
		best, begin := 0, later(v.queued, free[0])
		for d := 1; d < most; d++ {
			at := later(v.queued, free[d])
			for at.Before(begin) && d >= desks[at.Truncate(quarter)] { // closed: perhaps it opens with the next quarter
				at = at.Truncate(quarter).Add(quarter)
			}
			if at.Before(begin) {
				best, begin = d, at
			}
		}
		v.began = begin
		v.ended = begin.Add(time.Duration(h.between(served[lane][0], served[lane][1])) * time.Second)
		v.desk = fmt.Sprintf("%s-%s%02d", v.hall, deskLetters[lane], best+1)
		free[best] = v.ended
		desks[begin.Truncate(quarter)] = max(desks[begin.Truncate(quarter)], 1)
	}
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
