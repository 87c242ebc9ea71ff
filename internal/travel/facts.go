package travel

import (
	"cmp"
	"slices"
)

// Facts is what messages said of a flight as a whole.
type Facts struct {
	Headers    map[string]Header `json:"headers,omitempty"` // by source: api, pnr
	Parts      []Part            `json:"parts,omitempty"`
	Cancelled  Clock             `json:"cancelled,omitzero"`   // the latest 266 XF
	Codeshares []string          `json:"codeshares,omitempty"` // marketing designators seen in bookings
}

// Header is when and where a source last said the flight goes.
type Header struct {
	Clock     Clock  `json:"clock"`
	Departure string `json:"departure,omitempty"` // local at From
	Arrival   string `json:"arrival,omitempty"`   // local at To
	Route     []Leg  `json:"route,omitempty"`     // every leg of a progressive flight
}

// Leg is one leg of a route.
type Leg struct {
	From      string `json:"from,omitempty"`
	To        string `json:"to,omitempty"`
	Departure string `json:"departure_local,omitempty"`
	Arrival   string `json:"arrival_local,omitempty"`
}

// The kinds of parts that speak of the whole flight.
const (
	partList     = "list"         // BGM 745: a complete passenger list
	partCrew     = "crew"         // BGM 250
	partFull     = "full"         // PNRGOV 22
	partUpdate   = "update"       // PNRGOV 141: never withdraws anybody
	partOnBoard  = "on-board"     // BGM 266 CL, CLOB: those named flew
	partOffBoard = "not-on-board" // BGM 266 CLNB: those named did not
)

// Part is one message of a transmission that speaks of the whole flight: all of a list, or one of its parts.
type Part struct {
	Kind     string `json:"kind"`
	Sender   string `json:"sender,omitempty"`
	Access   string `json:"access,omitempty"` // the common access reference that joins the parts
	No       int    `json:"no"`
	Final    bool   `json:"final,omitempty"`
	Clock    Clock  `json:"clock"`
	Declared int    `json:"declared,omitempty"` // CNT or EQN
	Held     int    `json:"held"`               // persons or bookings that could be read
	Broken   bool   `json:"broken,omitempty"`   // something of it was lost, or EQN is absent: it withdraws nobody
}

// compare is a total order, so that a set of parts has one form.
func (p Part) compare(q Part) int {
	truth := func(b bool) int {
		if b {
			return 1
		}
		return 0
	}
	return cmp.Or(cmp.Compare(p.Kind, q.Kind), cmp.Compare(p.Sender, q.Sender), p.Clock.Compare(q.Clock),
		cmp.Compare(p.Access, q.Access), p.No-q.No, truth(p.Final)-truth(q.Final), p.Declared-q.Declared, p.Held-q.Held,
		truth(p.Broken)-truth(q.Broken))
}

// hear joins what a message says of the flight.
func (f *Facts) hear(source string, h Header, parts ...Part) {
	if old, ok := f.Headers[source]; !ok || h.Clock.After(old.Clock) {
		if f.Headers == nil {
			f.Headers = map[string]Header{}
		}
		f.Headers[source] = h
	}
	for _, p := range parts {
		if i, found := slices.BinarySearchFunc(f.Parts, p, Part.compare); !found {
			f.Parts = slices.Insert(f.Parts, i, p)
		}
	}
	if len(f.Parts) > mostParts {
		f.forget()
	}
}

// mostParts bounds what is kept of a flight's transmissions: many times what the busiest carrier sends.
const mostParts = 512

// forget drops the oldest parts. The latest so many of a set are the same in whatever order it came.
func (f *Facts) forget() {
	slices.SortFunc(f.Parts, func(p, q Part) int { return cmp.Or(-p.Clock.Compare(q.Clock), p.compare(q)) })
	f.Parts = f.Parts[:mostParts]
	slices.SortFunc(f.Parts, Part.compare)
}

func (f *Facts) cancel(c Clock) {
	if c.After(f.Cancelled) {
		f.Cancelled = c
	}
}

// off says that the flight is cancelled: a list or close-out later than the cancellation takes it back.
func (f *Facts) off() bool {
	if f.Cancelled.IsZero() {
		return false
	}
	for _, p := range f.Parts {
		if (p.Kind == partList || p.Kind == partOnBoard || p.Kind == partOffBoard) && p.Clock.After(f.Cancelled) {
			return false
		}
	}
	return true
}

func (f *Facts) codeshare(designator string) {
	if len(f.Codeshares) >= mostCodeshares {
		return
	}
	if i, found := slices.BinarySearch(f.Codeshares, designator); !found {
		f.Codeshares = slices.Insert(f.Codeshares, i, designator)
	}
}

// mostCodeshares is more numbers than any flight was ever sold under.
const mostCodeshares = 64

// join takes over all that another record of the same flight holds: a codeshare that was filed under its
// marketing number.
func (f *Facts) join(g *Facts) {
	for source, h := range g.Headers {
		f.hear(source, h, g.Parts...)
	}
	f.cancel(g.Cancelled)
	for _, c := range g.Codeshares {
		f.codeshare(c)
	}
}

// complete gives, by sender, the clock as of which its last complete transmission of a kind stands: whoever it does
// not name later than that, it withdraws. A transmission in parts is complete once every part up to the final one is
// there, none of them broken, and together they hold what they declared. Reading it off the set of parts, not off
// their arrival, makes it the same in any order.
func (f *Facts) complete(kind string) map[string]Clock {
	var done map[string]Clock
	for _, last := range f.Parts {
		if last.Kind != kind || !last.Final {
			continue
		}
		if since, ok := f.whole(last); ok && since.After(done[last.Sender]) {
			if done == nil {
				done = map[string]Clock{}
			}
			done[last.Sender] = since
		}
	}
	return done
}

// whole finds the parts that belong to a final one and the clock of the earliest of them.
func (f *Facts) whole(last Part) (since Clock, ok bool) {
	since, held, declared, own := last.Clock, last.Held, last.Declared, last.Declared <= last.Held
	broken := last.Broken
	for no := 1; no < last.No; no++ {
		found := false
		var part Part
		for _, p := range f.Parts {
			if p.Kind == last.Kind && p.Sender == last.Sender && p.Access == last.Access && p.No == no && !p.Final &&
				p.Clock.Sent <= last.Clock.Sent && (!found || p.Clock.After(part.Clock)) {
				part, found = p, true
			}
		}
		if !found {
			return Clock{}, false
		}
		if since.After(part.Clock) {
			since = part.Clock
		}
		held += part.Held
		declared = max(declared, part.Declared)
		own = own && part.Declared <= part.Held
		broken = broken || part.Broken
	}
	if broken {
		return Clock{}, false
	}
	// EQN is the total of all parts. CNT is that of this part or of all of them, as the sender likes.
	return since, held >= declared || own && last.Kind != partFull
}
