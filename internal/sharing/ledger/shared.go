package ledger

import "maps"

// Shared is the side as the partner may see it: counts of people below [Few] are shown only as few, and what could be
// worked back from them (a precision, times of three replies) is left out. Counts of messages, duties and incidents stay.
//
// It is no full disclosure control: who knows a sum may still work out one cell. The partner has its own log of every
// request anyway; what matters is that the report may be read by others.
func (s *Side) Shared() *Side {
	out := *s
	for _, m := range []*Counts{
		&out.Requests, &out.Urgent, &out.Purposes, &out.Hits, &out.NoHits, &out.Data, &out.Refusals, &out.Open,
		&out.Spontaneous, &out.Received, &out.NeverRule,
	} {
		*m = m.masked()
	}
	out.Stopped = nil // what never left is nobody else's
	for _, c := range []*Count{
		&out.ConfirmedSame, &out.NotSame, &out.Useful, &out.NotUseful, &out.Unmaskings, &out.SecondApprovals, &out.Children, &out.Contested,
	} {
		*c = c.masked()
	}
	if out.ConfirmedSame.Less || out.NotSame.Less {
		out.Precision = nil
	}
	out.ReplyTime = many(out.ReplyTime)
	if out.ReplyTime == nil {
		out.ReplyTime = map[string]Percentiles{}
	}
	out.ReceivedFrom = maps.Clone(out.ReceivedFrom)
	for party := range out.ReceivedFrom {
		shown := 0
		for _, n := range out.Received {
			shown += n.N
		}
		out.ReceivedFrom[party] = shown // with the total, one small cell would be no secret
	}
	if g := out.Given; g != nil {
		out.Given = &Given{
			Hits: g.Hits.masked(), NoHits: g.NoHits.masked(), Data: g.Data.masked(), Refusals: g.Refusals.masked(),
			Open: g.Open.masked(), Outcomes: g.Outcomes.masked(), Time: many(g.Time),
		}
	}
	if m := out.PrivateMatch; m != nil {
		c := *m
		c.Hits = c.Hits.masked()
		out.PrivateMatch = &c
	}
	if q := out.Quality; q != nil {
		c := *q
		c.Records, c.Doubts, c.DoubtsUpheld = c.Records.masked(), c.Doubts.masked(), c.DoubtsUpheld.masked()
		if c.Records.Less {
			c = Quality{Records: c.Records, Doubts: c.Doubts, DoubtsUpheld: c.DoubtsUpheld}
		}
		out.Quality = &c
	}
	if u := out.Use; u != nil {
		c := Use{BusiestDay: u.BusiestDay.masked(), HitRate: maps.Clone(u.HitRate), TopOfficer: maps.Clone(u.TopOfficer)}
		maps.DeleteFunc(c.HitRate, func(share string, _ float64) bool { return out.Hits[share].Less || out.NoHits[share].Less })
		maps.DeleteFunc(c.TopOfficer, func(share string, _ float64) bool { return out.Requests[share].Less })
		out.Use = &c
	}
	return &out
}

func (m Counts) masked() Counts {
	out := maps.Clone(m)
	for key, n := range out {
		out[key] = n.masked()
	}
	return out
}

// many leaves the times of few out.
func many(m map[string]Percentiles) map[string]Percentiles {
	out := maps.Clone(m)
	maps.DeleteFunc(out, func(_ string, p Percentiles) bool { return p.N.masked().Less })
	return out
}
