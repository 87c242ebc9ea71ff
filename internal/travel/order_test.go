package travel

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// Whatever the order in which messages come, and however often, the flight ends the same: lists, changes,
// cancellations, pushes in parts, close-outs.
func TestOrderDoesNotMatter(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		messages := rapid.SliceOfN(rapid.Custom(anyMessage), 1, 12).Draw(t, "messages")
		inOrder := fold(messages)
		shuffled := rapid.Permutation(append(messages, messages[:len(messages)/2]...)).Draw(t, "shuffled")
		if diff := cmp.Diff(inOrder, fold(shuffled)); diff != "" {
			t.Fatalf("shuffled and repeated, the flight differs (-in order +shuffled):\n%s", diff)
		}
	})
}

// fold is the road in small: every message is joined, and the stored form is read back between two of them.
func fold(messages []said) string {
	s := newState("flight", Key{Carrier: "ZZ", Number: "431", Date: "2026-11-24", From: "LHR", To: "BAH"})
	for _, m := range messages {
		s = s.clone()
		s.Facts.hear(m.source, m.header, m.parts...)
		s.Facts.cancel(m.cancelled)
		for _, r := range m.records {
			s.hear(r)
		}
	}
	b, err := json.MarshalIndent(s.Manifest(), "", " ")
	if err != nil {
		return err.Error()
	}
	return string(b)
}

// anyMessage draws a message of a small flight: few people and few minutes, so that ties and collisions are common.
func anyMessage(t *rapid.T) said {
	people := []string{"KESTREL/ADA/1984-02-29/925665416", "KESTREL/TOM/1980-01-01/925665417", "ALI/MOHAMMED//", "ALI/MOHAMMED/1990-01-01/A1234567", "BRANDT/HOLLIS/1991-05-05/"}
	at := rapid.Int64Range(1, 6).Draw(t, "minute") * 60
	ref := rapid.StringMatching(`[0-2]`).Draw(t, "reference")
	who := rapid.SliceOfNDistinct(rapid.IntRange(0, len(people)-1), 0, 4, rapid.ID[int]).Draw(t, "who")
	person := func(i int) *Person {
		f := strings.Split(people[i], "/")
		p := &Person{Role: "passenger", Surname: f[0], Given: f[1], Born: f[2], Reservation: fmt.Sprint("R", i/2),
			Seat: rapid.SampledFrom([]string{"", "12A", "12B"}).Draw(t, "seat")}
		if f[3] != "" {
			p.Documents = []Document{{Type: "P", Number: f[3]}}
		}
		return p
	}
	kind := rapid.SampledFrom([]string{"list", "change", "cancel", "full", "update", "withdraw", "on-board", "not-on-board", "flight-cancelled"}).Draw(t, "kind")
	rank := map[string]int{"change": rankChange, "update": rankChange, "cancel": rankCancel, "withdraw": rankCancel}[kind]
	sp := speaker{report: fmt.Sprint("report ", at, ref, kind), sender: "ZZ", ref: ref, sent: at, rank: max(rank, rankList)}
	m := said{source: sourceAPI, header: Header{Departure: rapid.SampledFrom([]string{"2026-11-24T12:20", "2026-11-24T12:50"}).Draw(t, "departure")}}
	m.header.Clock = sp.of(sp.time(), &m.header)
	part := Part{Sender: "ZZ", Access: "X", No: 1, Final: true, Clock: sp.clock(), Held: len(who), Declared: len(who)}
	if rapid.Bool().Draw(t, "in parts") {
		part.No = rapid.IntRange(1, 2).Draw(t, "part")
		part.Final = part.No == 2
	}
	source := Source{Report: sp.report}
	switch kind {
	case "list", "change", "cancel":
		for _, i := range who {
			p := person(i)
			r := Record{ID: fmt.Sprint("entry ", i), Kind: Listed, Sender: "ZZ", Person: p, Source: source}
			if kind == "cancel" {
				r.Gone, r.Said = sp.clock(), withdrawn(sp.of(sp.time(), p))
			} else {
				r.Seen, r.Said = sp.clock(), sp.of(sp.time(), p)
			}
			m.records = append(m.records, r)
		}
		if kind == "list" {
			part.Kind = partList
			m.parts = []Part{part}
		}
	case "full", "update", "withdraw":
		m.source = sourcePNR
		for _, i := range who {
			b := Record{ID: fmt.Sprint("booking ", i), Kind: Booking, Sender: "ZZ", Source: source}
			if kind == "withdraw" {
				b.Gone = sp.clock()
				m.records = append(m.records, b)
				continue
			}
			p, changed := person(i), rapid.Int64Range(1, 3).Draw(t, "changed")
			b.Held = &Held{Locator: fmt.Sprint("R", i/2), Off: rapid.Bool().Draw(t, "off")}
			b.Seen, b.Said = sp.clock(), sp.of(Clock{At: changed}.Time(), b.Held, p)
			m.records = append(m.records, b, Record{ID: fmt.Sprint("traveller ", i), Kind: Traveller, Sender: "ZZ",
				Seen: b.Seen, Said: b.Said, Booking: b.ID, Person: p, Source: source})
		}
		if kind != "withdraw" {
			part.Kind = kind
			m.parts = []Part{part}
		}
	case "on-board", "not-on-board":
		for _, i := range who {
			r := Record{ID: fmt.Sprint("line ", i), Kind: Boarding, Sender: "ZZ", Person: person(i), Source: source}
			r.Said = sp.of(sp.time(), r.Person)
			if kind == "on-board" {
				r.Seen = sp.clock()
			} else {
				r.Gone = sp.clock()
			}
			m.records = append(m.records, r)
		}
		part.Kind = kind
		m.parts = []Part{part}
	case "flight-cancelled":
		m.cancelled = sp.clock()
	}
	return m
}
