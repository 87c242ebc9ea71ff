package synth_test

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/rihla/rihla/formats/fault"
	"github.com/rihla/rihla/formats/paxlst"
	"github.com/rihla/rihla/formats/pnrgov"
	"github.com/rihla/rihla/internal/synth"
)

// What the messages say, read with the real codecs and folded in the order they were sent by the plainest code that
// does it, is the truth: every flight, everyone on it, every document and state. Only what is unreadable is quarantined.
func TestMessagesSayTheTruth(t *testing.T) {
	t.Parallel()
	worlds := []synth.Options{
		{Seed: 1, Flights: 12, Broken: 7}, {Seed: 2, Flights: 12, Broken: 3}, {Seed: 3, Flights: 24, Small: 20, Large: 60},
		{Seed: 4, Flights: 60, Small: 30, Large: 50}, {Seed: 5, Flights: 2, Small: 300, Large: 350},
		{Seed: 6, Flights: 8, Small: 60, Large: 90, Start: time.Date(2028, 2, 28, 13, 0, 0, 0, time.UTC)},
	}
	for _, o := range worlds {
		t.Run(fmt.Sprintf("seed %d", o.Seed), func(t *testing.T) {
			t.Parallel()
			w := synth.Generate(o)
			f := fold{flights: map[string]*folded{}}
			for _, m := range w.Messages {
				f.hear(m)
			}
			slices.Sort(f.unread)
			if diff := gocmp.Diff(w.Truth.Quarantined, f.unread); diff != "" {
				t.Errorf("unreadable (-truth +read):\n%s", diff)
			}
			passengers := 0
			for i := range w.Truth.Flights {
				want := &w.Truth.Flights[i]
				got := f.flights[want.Key()]
				if got == nil {
					t.Errorf("no message speaks of %s", want.Key())
					continue
				}
				delete(f.flights, want.Key())
				if got.cancelled != (want.Status == "cancelled") || got.crew != want.Crew {
					t.Errorf("%s: cancelled %t, crew %d, want %s, %d", want.Key(), got.cancelled, got.crew, want.Status, want.Crew)
				}
				if want.Status == "cancelled" {
					continue
				}
				passengers += len(want.Passengers)
				if diff := gocmp.Diff(sorted(want.Passengers), sorted(got.people())); diff != "" {
					t.Errorf("%s (-truth +read):\n%s", want.Key(), diff)
				}
			}
			for key := range f.flights {
				t.Errorf("no truth knows %s", key)
			}
			if passengers != w.Truth.Passengers {
				t.Errorf("%d passengers, truth counts %d", passengers, w.Truth.Passengers)
			}
		})
	}
}

func sorted(ps []synth.Passenger) []string {
	var out []string
	for _, p := range ps {
		var docs []string
		for _, d := range p.Documents {
			docs = append(docs, d.Type+":"+d.Number+":"+d.Issuer)
		}
		slices.Sort(docs)
		out = append(out, strings.ToUpper(fmt.Sprintf("%s/%s %s %v ", p.Surname, p.Given, p.Born, docs))+p.Status)
	}
	slices.Sort(out)
	return out
}

// fold is what messages have said of every flight so far.
type fold struct {
	flights map[string]*folded
	unread  []string
}

type folded struct {
	api       map[string]*face // by the carrier's reference, else by document
	bookings  map[string]*held
	parts     map[string]*parts
	on, off   []*face // of close-outs
	closed    bool
	noted     bool
	cancelled bool
	crew      int
}

// parts collects a transmission until it is whole.
type parts struct {
	n, of int
	faces []*face
	codes []string
}

type held struct {
	changed time.Time
	faces   []*face
	active  bool
	former  []*face // who was once of the party
}

type face struct {
	surname, given, born, locator, abo string
	documents                          []synth.Document
	active                             bool
}

func (f *fold) flight(key string) *folded {
	if f.flights[key] == nil {
		f.flights[key] = &folded{api: map[string]*face{}, bookings: map[string]*held{}, parts: map[string]*parts{}}
	}
	return f.flights[key]
}

func (f *fold) hear(m synth.Message) {
	readable := false
	if strings.Contains(m.Name, "pnrgov") {
		_ = pnrgov.Read(m.Body, m.Sent, func(p *pnrgov.Message) error {
			if p.Error == nil {
				readable = true
				f.push(p)
			}
			return nil
		})
	} else {
		_ = paxlst.Read(m.Body, m.Sent, func(p *paxlst.Message, broken *fault.Fault) error {
			if broken == nil {
				readable = true
				f.list(p)
			}
			return nil
		})
	}
	if !readable {
		f.unread = append(f.unread, m.Name)
	}
}

func (f *fold) push(p *pnrgov.Message) {
	l := p.Flight.Legs[0]
	fl := f.flight(fmt.Sprintf("%s%s %.10s %s-%s", p.Flight.Carrier, p.Flight.Number, l.Departure.String(), l.From, l.To))
	for _, b := range p.Bookings {
		h := fl.bookings[b.Locator]
		if h == nil {
			h = &held{}
			fl.bookings[b.Locator] = h
		}
		if b.Cancelled {
			h.active = false
			continue
		}
		h.active = true
		if !b.Changed.After(h.changed) {
			continue
		}
		now := []*face{}
		for _, x := range b.Passengers {
			g := &face{surname: x.Surname, given: x.Given, born: x.Born.String(), locator: b.Locator}
			for _, d := range x.Documents {
				g.documents = append(g.documents, synth.Document{Type: d.Type, Number: d.Number, Issuer: d.Issuer})
			}
			now = append(now, g)
		}
		for _, old := range h.faces {
			if !slices.ContainsFunc(now, old.same) {
				h.former = append(h.former, old)
			}
		}
		h.changed, h.faces = b.Changed, now
	}
	if p.Function != pnrgov.Full {
		return
	}
	// The push is over with its last part; whoever it left out is off.
	t := fl.transmission("push"+p.AccessReference+p.Prepared.String(), p.Part, p.Final)
	for _, b := range p.Bookings {
		t.codes = append(t.codes, b.Locator)
	}
	if t.n == t.of && len(t.codes) >= p.Declared {
		for locator, h := range fl.bookings {
			h.active = h.active && slices.Contains(t.codes, locator)
		}
	}
}

func (fl *folded) transmission(key string, no int, final bool) *parts {
	t := fl.parts[key]
	if t == nil {
		t = &parts{}
		fl.parts[key] = t
	}
	t.n++
	if final {
		t.of = max(no, 1)
	}
	return t
}

func (f *fold) list(p *paxlst.Message) {
	l := p.Flight.Legs[max(p.Flight.Border, 0)]
	fl := f.flight(fmt.Sprintf("%s%s %.10s %s-%s", p.Flight.Carrier, p.Flight.Number, l.Departure.String(), l.From, l.To))
	if p.Code == "250" {
		fl.crew = p.CrewCount
		return
	}
	var faces []*face
	for _, x := range p.Passengers {
		g := &face{surname: x.Surname, given: x.Given, born: x.Born.String(), locator: x.Reservation, abo: x.CarrierReference, active: true}
		for _, d := range x.Documents {
			g.documents = append(g.documents, synth.Document{Type: d.Type, Number: d.Number, Issuer: d.Issuer})
		}
		faces = append(faces, g)
	}
	switch {
	case p.Code == "266" && p.SubCode == "XF":
		fl.cancelled = true
	case p.Code == "266" && p.SubCode == "CLNB":
		fl.noted, fl.off = true, append(fl.off, faces...)
	case p.Code == "266":
		fl.closed, fl.on = true, append(fl.on, faces...)
	case p.SubCode == "XR":
		for _, g := range faces {
			if had := fl.api[g.key()]; had != nil {
				had.active = false
			}
		}
	default:
		for _, g := range faces {
			fl.api[g.key()] = g
		}
		if p.SubCode != "" || p.Interactive {
			return
		}
		t := fl.transmission("list"+p.AccessReference+p.Prepared.String(), p.Part, p.Final)
		t.faces = append(t.faces, faces...)
		if t.n == t.of {
			for _, g := range fl.api {
				g.active = g.active && slices.ContainsFunc(t.faces, func(x *face) bool { return x.key() == g.key() })
			}
		}
	}
}

func (g *face) key() string {
	if g.abo != "" {
		return g.abo
	}
	return g.documents[0].Number
}

// same is whether two sources speak of one person: one document, or one booking and one name.
func (g *face) same(x *face) bool {
	if g.abo != "" && x.abo != "" {
		return g.abo == x.abo
	}
	if len(g.documents) > 0 && len(x.documents) > 0 {
		return g.documents[0].Number == x.documents[0].Number
	}
	return g.locator == x.locator && strings.EqualFold(g.surname+"/"+g.given, x.surname+"/"+x.given)
}

// people is everyone the sources speak of, as they stand.
func (fl *folded) people() []synth.Passenger {
	var out []synth.Passenger
	done := map[*face]bool{}
	find := func(in []*face, g *face) bool { return slices.ContainsFunc(in, g.same) }
	add := func(api, pnr *face, booked bool) {
		if api != nil {
			done[api] = true
		}
		listed := api != nil && api.active
		p := synth.Passenger{}
		from := []*face{api, pnr}
		switch {
		case listed && booked, !listed && !booked:
		case listed:
			from = from[:1]
		case booked:
			from = from[1:]
		}
		for _, g := range from {
			if g == nil {
				continue
			}
			if p.Surname == "" {
				p.Surname, p.Given = g.surname, g.given
			}
			p.Born = cmp.Or(p.Born, g.born)
			for _, d := range g.documents {
				if !slices.ContainsFunc(p.Documents, func(e synth.Document) bool { return e.Number == d.Number }) {
					p.Documents = append(p.Documents, d)
				}
			}
		}
		who := cmp.Or(api, pnr)
		switch {
		case !listed && !booked:
			p.Status = "cancelled"
		case fl.closed && find(fl.on, who):
			p.Status = "boarded"
		case fl.closed, fl.noted && find(fl.off, who):
			p.Status = "not-boarded"
		case fl.noted:
			p.Status = "boarded"
		case listed:
			p.Status = "listed"
		default:
			p.Status = "booked"
		}
		out = append(out, p)
	}
	match := func(g *face) *face {
		for _, x := range fl.api {
			if g.same(x) {
				return x
			}
		}
		return nil
	}
	// Who left a booking may have gone on in another; else it is the last that was heard of them.
	elsewhere := func(g *face) bool {
		for _, h := range fl.bookings {
			if slices.ContainsFunc(h.faces, g.same) {
				return true
			}
		}
		return false
	}
	for _, h := range fl.bookings {
		for _, g := range h.faces {
			add(match(g), g, h.active)
		}
		for _, g := range h.former {
			if !elsewhere(g) {
				add(match(g), g, false)
			}
		}
	}
	for _, g := range fl.api {
		if !done[g] {
			add(g, nil, false)
		}
	}
	return out
}
