package pnrgov_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/rihla/rihla/formats/date"
	"github.com/rihla/rihla/formats/edifact"
	"github.com/rihla/rihla/formats/pnrgov"
)

// TestWrittenIsReadBack: what Append writes of a message, Read understands, without a word of warning.
func TestWrittenIsReadBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		m := drawMessage(t)
		o := pnrgov.Options{Syntax: "UNOW", Lines: rapid.Bool().Draw(t, "lines")}
		if rapid.Bool().Draw(t, "odd separators") {
			o.Separators = edifact.Separators{Component: '^', Element: '|', Decimal: '.', Release: '\\', Repetition: '*', Terminator: '$'}
		}
		raw := pnrgov.Append(nil, m, o)
		var got []*pnrgov.Message
		if err := pnrgov.Read(raw, received, func(m *pnrgov.Message) error { got = append(got, m); return nil }); err != nil || len(got) != 1 {
			t.Fatalf("%d messages, %v", len(got), err)
		}
		if diff := cmp.Diff(string(m.AppendJSON(nil)), string(got[0].AppendJSON(nil))); diff != "" {
			t.Fatalf("%s\n%s", diff, raw)
		}
		for i := range m.Bookings {
			w, g := &m.Bookings[i], &got[0].Bookings[i]
			if !w.Changed.Equal(g.Changed) || w.Cancelled != g.Cancelled {
				t.Fatalf("changed %v %v, cancelled %v %v", w.Changed, g.Changed, w.Cancelled, g.Cancelled)
			}
			for k := range w.Passengers {
				if diff := cmp.Diff(w.Passengers[k].CheckIn, g.Passengers[k].CheckIn); diff != "" {
					t.Fatal(diff)
				}
			}
		}
	})
}

// TestSamplesAreReadBack: a sample written anew says what it said.
func TestSamplesAreReadBack(t *testing.T) {
	t.Parallel()
	files, _ := filepath.Glob("testdata/v*.edi")
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range read(t, raw) {
			again := read(t, pnrgov.Append(nil, m, pnrgov.Options{}))[0]
			type traveller struct {
				Surname, Given, Type, Sex string
				Born                      date.Date
				Documents                 []pnrgov.Document
				Seats                     []string
			}
			people := func(m *pnrgov.Message) (out []traveller) {
				for _, b := range m.Bookings {
					for _, p := range b.Passengers {
						out = append(out, traveller{p.Surname, p.Given, p.Type, p.Sex, p.Born, p.Documents, p.Seats})
					}
				}
				return out
			}
			if diff := cmp.Diff(people(m), people(again)); diff != "" {
				t.Errorf("%s: %s", file, diff)
			}
			if diff := cmp.Diff(m.Flight, again.Flight); diff != "" {
				t.Errorf("%s: %s", file, diff)
			}
		}
	}
}

// What cannot be drawn is drawn from these, so that no name ends in a title and no remark reveals anything.
var (
	surnames = []string{"OKAFOR", "AL HADDAD", "LINDQVIST", "O'NEILL", "NG", "KUMARASWAMY", "SMITH-JONES", "MÜLLER", "OO"}
	givens   = []string{"ADA", "YUSUF", "ANNA LENA", "JOAO", "WEI", "LAYLA", "PIOTR"}
	cities   = []string{"BAH", "DXB", "LHR", "CDG", "DOH"}
)

func drawMessage(t *rapid.T) *pnrgov.Message {
	pick := func(list []string, name string) string { return rapid.SampledFrom(list).Draw(t, name) }
	m := &pnrgov.Message{Format: "pnrgov", Version: "13:1:IA", Sender: "ZZ", Recipient: "BHPIU", Reference: "000042", Message: "1",
		AccessReference: "ZZ0417/241126", Function: pnrgov.Full, Prepared: time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC), First: true, Final: true}
	if rapid.Bool().Draw(t, "update") {
		m.Function = pnrgov.Update
	}
	leg := pnrgov.Leg{From: "DXB", To: "BAH", Departure: drawLocal(t, 24), Arrival: drawLocal(t, 25)}
	m.Flight = &pnrgov.Flight{Carrier: "ZZ", Number: "417", Suffix: pick([]string{"", "A"}, "suffix"), Legs: []pnrgov.Leg{leg}}
	for n := range rapid.IntRange(0, 4).Draw(t, "bookings") {
		b := pnrgov.Booking{Locator: fmt.Sprintf("LOC%03d", n), Carrier: "ZZ",
			Created: time.Date(2026, 10, 1, 9, rapid.IntRange(0, 59).Draw(t, "created"), 30, 0, time.UTC),
			Changed: time.Date(2026, 11, 20, 9, rapid.IntRange(0, 59).Draw(t, "changed"), 0, 0, time.UTC)}
		if rapid.IntRange(0, 9).Draw(t, "cancelled") == 0 {
			b.Cancelled = true
			m.Bookings = append(m.Bookings, b)
			continue
		}
		drawTravellers(t, &b)
		status := pick([]string{"HK", "HK", "HX"}, "status")
		b.Cancelled = status == "HX"
		b.Segments = append(b.Segments, pnrgov.Segment{Carrier: "ZZ", Number: "417", Suffix: m.Flight.Suffix, From: leg.From, To: leg.To,
			Departure: leg.Departure, Arrival: leg.Arrival, Class: "Y", Status: status, Party: len(b.Passengers)})
		if rapid.Bool().Draw(t, "onward") {
			b.Segments = append(b.Segments, pnrgov.Segment{Carrier: "YY", Number: "6120", From: "BAH", To: pick(cities, "to"), Departure: drawLocal(t, 26),
				Class: "M", Status: "HK", Operating: &pnrgov.Number{Carrier: "ZZ", Number: "9"}})
		}
		if rapid.Bool().Draw(t, "more") {
			b.Locators = []pnrgov.Locator{{Carrier: "1A", Locator: "M3KD9T"}}
			b.Agency = &pnrgov.Agency{IATA: "12345671", Office: "DXBZZ0100", City: "DXB", System: "1A", Country: "ARE"}
			b.Tickets = []pnrgov.Ticket{{Number: "9993001122334", Passenger: "1", Base: "10.00", Total: "12.50", Currency: "AED", Issued: "2026-10-02T11:30:00Z"}}
			b.Payments = []pnrgov.Payment{{Form: "CC", Vendor: "VI", Card: "411111XXXXXX1111", Amount: "12.50", Currency: "AED", Expires: "2029-08"}}
			b.Contacts = []pnrgov.Contact{{Kind: "phone", Value: "97317000000"}, {Kind: "email", Value: "ADA_L@MAIL-HOST.EXAMPLE"}, {Kind: "address", Value: "12 HARBOUR ROW, MANAMA"}}
			b.Remarks = []string{"PLS SEAT TOGETHER", "HE SAID 'OK' + MORE: 10?"}
			b.SplitFrom = "SPL777"
			b.History = []pnrgov.Change{{At: time.Date(2026, 11, 1, 1, 2, 0, 0, time.UTC), By: "0042AA", City: "DXB", Action: "cancelled", Item: "ZZ417 2026-11-25"}}
		}
		m.Bookings = append(m.Bookings, b)
	}
	m.Declared = len(m.Bookings)
	return m
}

func drawTravellers(t *rapid.T, b *pnrgov.Booking) {
	pick := func(list []string, name string) string { return rapid.SampledFrom(list).Draw(t, name) }
	n := rapid.IntRange(1, 3).Draw(t, "travellers")
	for i := range n {
		p := pnrgov.Passenger{Surname: pick(surnames, "surname"), Given: givens[i], Type: pick([]string{"ADT", "CHD"}, "type"), Reference: fmt.Sprint(i + 1),
			Born: drawDate(t, 1940, 2026), Sex: pick([]string{"M", "F", "X"}, "sex"), Nationality: pick([]string{"BHR", "GBR", "D", "IND"}, "nationality")}
		if rapid.Bool().Draw(t, "document") {
			p.Documents = append(p.Documents, pnrgov.Document{Type: "P", Number: fmt.Sprintf("AB%06d", rapid.IntRange(0, 999999).Draw(t, "number")),
				Issuer: p.Nationality, Expires: drawDate(t, 2026, 2040)})
		}
		if rapid.Bool().Draw(t, "programmes") {
			p.KnownTraveller, p.Redress, p.Residence, p.Birthplace = "KT12345", "RD12345", "FRA", "LYON FRA"
			p.FrequentFlyer = []string{"ZZ55001122"}
		}
		if rapid.Bool().Draw(t, "title") {
			p.GivenRaw = p.Given + "MR"
		}
		if rapid.Bool().Draw(t, "checked in") {
			p.CheckIn = &pnrgov.CheckIn{At: time.Date(2026, 11, 24, 7, i, 0, 0, time.UTC), Sequence: fmt.Sprintf("%03d", i), Seat: fmt.Sprintf("%dA", i+1)}
			p.Bags = []pnrgov.Bag{{Tag: "4999123456"}, {Tag: "4999123457"}, {Tag: "ZZ123456"}}
			p.Seats = []string{p.CheckIn.Seat}
		} else if rapid.Bool().Draw(t, "seat") {
			p.Seats = []string{fmt.Sprintf("%dB", i+1)}
		}
		b.Passengers = append(b.Passengers, p)
	}
	if rapid.Bool().Draw(t, "infant") {
		adult := &b.Passengers[n-1]
		adult.Infant = n + 1
		baby := pnrgov.Passenger{Surname: adult.Surname, Given: "TAVI", Type: "INF", Born: drawDate(t, 2025, 2026), Sex: pick([]string{"M", "F"}, "sex"), Lap: n}
		if slices.Contains([]int{1, 3}, n) {
			baby.Documents = []pnrgov.Document{{Type: "P", Number: "BB209999", Issuer: "GBR"}}
			baby.Nationality = "GBR"
		}
		b.Passengers = append(b.Passengers, baby)
	}
}

func drawDate(t *rapid.T, from, to int) date.Date {
	return date.Date{Year: int16(rapid.IntRange(from, to).Draw(t, "year")), Month: int8(rapid.IntRange(1, 10).Draw(t, "month")), Day: int8(rapid.IntRange(1, 28).Draw(t, "day"))}
}

func drawLocal(t *rapid.T, day int8) date.Local {
	return date.Local{Date: date.Date{Year: 2026, Month: 11, Day: day}, Hour: int8(rapid.IntRange(0, 23).Draw(t, "hour")), Minute: int8(rapid.IntRange(0, 59).Draw(t, "minute")), Timed: true}
}

// TestRequestsAreWrittenAndDropped: what may not be kept can be written for tests, and never comes back.
func TestRequestsAreWrittenAndDropped(t *testing.T) {
	t.Parallel()
	m := &pnrgov.Message{Sender: "ZZ", Recipient: "BHPIU", Reference: "1", Message: "1", Flight: &pnrgov.Flight{Carrier: "ZZ", Number: "1",
		Legs: []pnrgov.Leg{{From: "DXB", To: "BAH"}}},
		Bookings: []pnrgov.Booking{{Locator: "ABC123", Carrier: "ZZ", Passengers: []pnrgov.Passenger{{Surname: "ROE", Given: "ANN", Reference: "1"}},
			Requests: []pnrgov.Request{{Code: "KSML", Passenger: "1"}, {Code: "MEDA", Text: "INSULIN", Passenger: "1"}, {Code: "OTHS", Text: "LATE ARRIVAL"}}}}}
	raw := pnrgov.Append(nil, m, pnrgov.Options{})
	if !strings.Contains(string(raw), "SSR+KSML:HK:1:ZZ'") || !strings.Contains(string(raw), "MEDA") {
		t.Fatalf("not written: %s", raw)
	}
	got := read(t, raw)[0]
	text := string(got.AppendJSON(nil))
	if strings.Contains(text, "KSML") || strings.Contains(text, "INSULIN") || !strings.Contains(text, `"withheld":{"SSR:MEAL":1,"SSR:MEDICAL":1}`) || !strings.Contains(text, "LATE ARRIVAL") {
		t.Error(text)
	}
}
