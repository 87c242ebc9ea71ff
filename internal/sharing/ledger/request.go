package ledger

import (
	"cmp"
	"fmt"
	"strings"
	"time"
)

// sum is what must add up for a share: carried over and asked are what ended and what is open.
type sum struct{ carried, asked, hits, noHits, data, refused, lost, open int }

// never counts the rules of never that this side met; what the partner refused is among the refusals, and what must not
// be told is not told here either.
func (b *book) never(t *thread) {
	met := t.stopped
	if t.direction == In {
		met = t.never
	}
	for rule, at := range met {
		if b.in(at) && !t.hidden {
			count(&b.side.NeverRule, rule)
		}
	}
}

// asked counts a request of ours.
func (b *book) asked(t *thread, replies map[string]*times, officers map[string]map[string]int) {
	s, ended := b.side, t.ended()
	sums := b.sums[t.share]
	if sums == nil {
		sums = &sum{}
		b.sums[t.share] = sums
	}
	switch {
	case b.in(t.asked):
		sums.asked++
		count(&s.Requests, t.share)
		if t.urgent {
			count(&s.Urgent, t.share)
		}
		if t.purpose != "" {
			count(&s.Purposes, t.purpose)
		}
		day := b.days[t.share]
		count(&day, t.asked.UTC().Format(time.DateOnly))
		b.days[t.share] = day
		if t.officer != "" {
			if officers[t.share] == nil {
				officers[t.share] = map[string]int{}
			}
			officers[t.share][t.officer]++
		}
	case ended.IsZero() || b.in(ended):
		sums.carried++
	}
	switch {
	case ended.IsZero():
		sums.open++
		count(&s.Open, t.share)
	case b.in(ended):
		switch {
		case t.result == "" && !t.lost.IsZero():
			sums.lost++
		case t.result == hit:
			sums.hits++
			count(&s.Hits, t.share)
		case t.result == noHit:
			sums.noHits++
			count(&s.NoHits, t.share)
		case t.result == data:
			sums.data++
			count(&s.Data, t.share)
		default:
			sums.refused++
			count(&s.Refusals, cmp.Or(t.code, "UNSAID"))
		}
		timed(replies, t, t.result)
	}
	for result, at := range t.outcomes {
		if !b.in(at) {
			continue
		}
		switch result {
		case "confirmed_same":
			s.ConfirmedSame.N++
		case "not_same":
			s.NotSame.N++
		case "useful":
			s.Useful.N++
		case "not_useful":
			s.NotUseful.N++
		}
	}
}

// answered counts a request of the partner.
func (b *book) answered(t *thread, given *Given, took map[string]*times) {
	s, ended := b.side, t.ended()
	if b.in(t.asked) {
		count(&s.Received, t.share)
		if s.ReceivedFrom == nil {
			s.ReceivedFrom = map[string]int{}
		}
		s.ReceivedFrom[b.terms.Partner]++
	}
	switch {
	case ended.IsZero():
		count(&given.Open, t.share)
	case b.in(ended):
		result, code := t.seen()
		switch result {
		case hit:
			count(&given.Hits, t.share)
		case noHit:
			count(&given.NoHits, t.share)
		case data:
			count(&given.Data, t.share)
		default:
			count(&given.Refusals, cmp.Or(code, "UNSAID"))
		}
		timed(took, t, result)
	}
	for result, at := range t.outcomes {
		if b.in(at) {
			count(&given.Outcomes, result)
		}
	}
}

// timed counts how long a reply took. A refusal is none: the machine's take no time, and would make the others look quick.
func timed(by map[string]*times, t *thread, result string) {
	if result != hit && result != noHit && result != data {
		return
	}
	if by[t.share] == nil {
		by[t.share] = &times{}
	}
	by[t.share].add(t.ended().Sub(t.asked), t.late)
}

func (g *Given) empty() bool {
	return g.Hits == nil && g.NoHits == nil && g.Data == nil && g.Refusals == nil && g.Open == nil && g.Outcomes == nil
}

// checks are the sums that hold for each share, written out.
func (b *book) checks() string {
	var all []string
	for share, s := range sorted(b.sums) {
		if s.carried+s.asked == 0 {
			continue
		}
		left := fmt.Sprintf("%s: %d asked", share, s.asked)
		if s.carried > 0 {
			left += fmt.Sprintf(" + %d from before", s.carried)
		}
		var right []string
		for _, part := range []struct {
			n    int
			what string
		}{{s.hits, "hits"}, {s.noHits, "no hits"}, {s.data, "with data"}, {s.refused, "refusals"}, {s.lost, "undelivered"}, {s.open, "open"}} {
			if part.n > 0 {
				right = append(right, fmt.Sprintf("%d %s", part.n, part.what))
			}
		}
		all = append(all, left+" = "+strings.Join(right, " + "))
	}
	return strings.Join(all, "; ")
}
