package synth

import (
	"fmt"
	"slices"
	"time"
)

// World is everything that is sent, listed and true.
type World struct {
	Messages []Message // in the order they are sent
	Partner  []Message // of the other state: for its own node
	Lists    []List
	Truth    Truth
}

// Message is one report as an airline, or whoever else, files it.
type Message struct {
	Name    string    // of its file: 000001-zz430-pnrgov.edi
	Domain  string    // of reports that are no passenger lists: funds, cargo, cyber, facilitation
	Carrier string    // who files it: ZZ, bank-dilmun
	Flight  string    // which flight it speaks of, as Truth names it; "" where nobody can read it
	Sent    time.Time // UTC, to the minute
	Departs time.Time // of the flight; zero where nobody can read it
	Body    []byte
}

// Generate makes the world that the options describe.
func Generate(o Options) *World {
	o = o.withDefaults()
	w := &World{Truth: Truth{Flights: []Flight{}}}
	planted := newPlanting(o)
	slots := schedule(o.Home, o.Start, o.Flights)
	var callers []caller
	var stories []*story
	for i, sl := range slots {
		s := tell(o, i, sl, planted)
		w.Messages = append(w.Messages, s.messages...)
		w.Truth.Flights = append(w.Truth.Flights, s.truth())
		callers = append(callers, callersOf(s)...)
		if o.Hall {
			stories = append(stories, s)
		}
	}
	w.Messages = append(w.Messages, broken(o, w.Messages)...)
	if o.Funds > 0 {
		funds := fundsMonth(o, slots, w.Truth.Flights)
		w.Messages, w.Partner, w.Truth.Funds = append(w.Messages, funds.Files...), append(w.Partner, funds.Partner...), funds.Cases
	}
	if o.Cargo > 0 {
		cargo := cargoTraffic(o, slots, planted, callers)
		w.Messages, w.Truth.Cargo = append(w.Messages, cargo.Messages...), cargo.Consignments
	}
	if o.Cyber > 0 {
		cyber := cyberTraffic(o)
		w.Messages, w.Truth.Cyber = append(w.Messages, cyber.Messages...), cyber.Cases
	}
	if o.Hall {
		messages, hall, lanes := hallTraffic(o, stories)
		w.Messages, w.Truth.Hall = append(w.Messages, messages...), hall
		for i, s := range stories {
			w.Truth.Flights[i].meant(s, lanes)
		}
	}
	slices.SortStableFunc(w.Messages, func(a, b Message) int { return a.Sent.Compare(b.Sent) })
	for i := range w.Messages {
		m := &w.Messages[i]
		m.Name = fmt.Sprintf("%06d-%s", i+1, m.Name)
		if m.Flight == "" && (m.Domain == "" || m.Domain == cargoDomain) {
			w.Truth.Quarantined = append(w.Truth.Quarantined, m.Name)
		}
	}
	w.Truth.count()
	w.Lists = planted.lists()
	return w
}

// SentBy is how many of the messages were sent by an instant: those are what a node that starts then has missed, the
// others are still to come.
func (w *World) SentBy(at time.Time) int {
	n, _ := slices.BinarySearchFunc(w.Messages, at, func(m Message, at time.Time) int {
		if m.Sent.After(at) {
			return 1
		}
		return -1
	})
	return n
}
