package synth

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
)

// hallEvent is one line as the airport's system writes it.
type hallEvent struct {
	Event    string        `json:"event"`
	Hall     string        `json:"hall"`
	Lane     string        `json:"lane,omitempty"`
	Desk     string        `json:"desk,omitempty"`
	Flight   string        `json:"flight,omitempty"`
	Date     string        `json:"date,omitempty"`
	From     string        `json:"from,omitempty"`
	At       string        `json:"at,omitempty"`
	Document *hallDocument `json:"document,omitempty"`
	Queued   string        `json:"queued,omitempty"`
	Began    string        `json:"began,omitempty"`
	Ended    string        `json:"ended,omitempty"`
	Result   string        `json:"result,omitempty"`
	Quarter  string        `json:"quarter,omitempty"`
	Desks    *int          `json:"desks,omitempty"`

	when time.Time
}

type hallDocument struct {
	Number string `json:"number"`
	Issuer string `json:"issuer"`
}

// hallHeader begins a file.
type hallHeader struct {
	Schema    string      `json:"schema"`
	Airport   string      `json:"airport"`
	Sent      string      `json:"sent"`
	Reference string      `json:"reference"`
	Events    []hallEvent `json:"events,omitempty"`
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

func (b *hallBlock) event(kind string, at, told time.Time) hallEvent {
	return hallEvent{Event: kind, Hall: b.hall, Flight: b.flight, Date: b.date, From: b.from, At: stamp(at), when: told}
}

func (v *visit) event() hallEvent {
	e := hallEvent{
		Event: "desk", Hall: v.hall, Lane: v.lane, Desk: v.desk, Flight: v.flight.flight, Date: v.flight.date, From: v.flight.from, Document: &hallDocument{v.number, v.issuer},
		Queued: stamp(v.queued), Began: stamp(v.began), Ended: stamp(v.ended), Result: "passed", when: v.ended,
	}
	if v.lane == egate {
		e.Event = "gate"
	}
	if v.referred {
		e.Result = "referred"
	}
	return e
}

// file writes an hour a file. Some hours are corrected in the next one, some files have a line that nobody can read, and
// some are one document and no lines.
func (h *halls) file(visits []*visit, shifts map[string][]shift) (messages []Message) {
	hours := map[time.Time][]hallEvent{}
	add := func(e hallEvent) { hours[e.when.Truncate(time.Hour)] = append(hours[e.when.Truncate(time.Hour)], e) }
	for i := range h.blocks {
		b := &h.blocks[i]
		add(b.event("estimated", b.expected, b.told))
		add(b.event("on_block", b.at, b.at))
	}
	for name, some := range shifts {
		for _, s := range some {
			add(hallEvent{Event: "staffing", Hall: name, Lane: s.lane, Quarter: stamp(s.at), Desks: &s.desks, when: s.at})
		}
	}
	for _, v := range visits {
		add(v.event())
	}
	var begin []time.Time
	for hour := range hours {
		begin = append(begin, hour)
	}
	slices.SortFunc(begin, time.Time.Compare)
	for n, hour := range begin {
		h.dice = newDice(h.options.Seed, "hall file", n)
		events := hours[hour]
		slices.SortStableFunc(events, func(a, b hallEvent) int {
			if c := a.when.Compare(b.when); c != 0 {
				return c
			}
			return strings.Compare(a.Hall+a.Lane+a.Desk+a.Event+a.Flight, b.Hall+b.Lane+b.Desk+b.Event+b.Flight)
		})
		sent := hour.Add(time.Hour + time.Duration(h.between(1, 9))*time.Minute)
		if h.percent(15) {
			wrong := h.spoil(events)
			messages = append(messages, h.message(hour, sent, "", wrong))
			sent = sent.Add(time.Duration(h.between(20, 90)) * time.Minute)
			messages = append(messages, h.message(hour, sent, "C", events))
			continue
		}
		messages = append(messages, h.message(hour, sent, "", events))
	}
	return messages
}

// spoil is an hour as it was filed first: some of it as it was not.
func (h *halls) spoil(events []hallEvent) []hallEvent {
	wrong := slices.Clone(events)
	for i := range wrong {
		e := &wrong[i]
		switch {
		case !h.percent(10):
		case e.Event == "desk" || e.Event == "gate":
			e.Queued, e.Result = e.Began, "passed"
		case e.Desks != nil:
			n := *e.Desks + 1
			e.Desks = &n
		default:
			e.At = stamp(e.when.Add(7 * time.Minute))
		}
	}
	return wrong
}

func (h *halls) message(hour, sent time.Time, mark string, events []hallEvent) Message {
	head := hallHeader{Schema: "rihla.hall-events/v1", Airport: h.options.Home, Sent: stamp(sent), Reference: fmt.Sprintf("%s-%s%s", h.options.Home, hour.Format("20060102-15"), mark)}
	var body []byte
	write := func(v any) {
		raw, err := json.Marshal(v)
		if err != nil {
			panic(err) // structs of texts
		}
		body = append(append(body, raw...), '\n')
	}
	switch {
	case h.percent(10):
		head.Events = events
		write(head)
	default:
		write(head)
		broken := -1
		if h.percent(10) {
			broken = h.IntN(len(events))
		}
		for i, e := range events {
			if i == broken { // a line that the network cut, before it is sent again
				body = append(body, `{"event":"gate","hall":"A","lane":"egate","desk":"A-E0`+"\n"...)
			}
			write(e)
		}
	}
	return Message{Name: h.fileName(hour), Domain: hallDomain, Carrier: h.filer(), Sent: sent.Truncate(time.Minute), Body: body}
}
