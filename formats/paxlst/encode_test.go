package paxlst_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/rihla/rihla/formats/date"
	"github.com/rihla/rihla/formats/edifact"
	"github.com/rihla/rihla/formats/fault"
	"github.com/rihla/rihla/formats/paxlst"
)

var day = rapid.Custom(func(t *rapid.T) date.Date {
	return date.Date{Year: rapid.Int16Range(1920, 2035).Draw(t, "y"), Month: rapid.Int8Range(1, 12).Draw(t, "m"), Day: rapid.Int8Range(1, 28).Draw(t, "d")}
})

func maybe(t *rapid.T, label, pattern string) string {
	if rapid.Bool().Draw(t, label+"?") {
		return rapid.StringMatching(pattern).Draw(t, label)
	}
	return ""
}

var passenger = rapid.Custom(func(t *rapid.T) paxlst.Passenger {
	p := paxlst.Passenger{
		Role:    rapid.SampledFrom([]paxlst.Role{paxlst.Passengers, paxlst.Crew, paxlst.Transit}).Draw(t, "role"),
		Surname: rapid.StringMatching(`[A-ZÉØ]{4,9}('[A-Z]{2,5})?( [A-Z]{4,5})?`).Draw(t, "surname"),
		Given:   maybe(t, "given", `[A-Z]{4,9}( [A-Z]{5,9})?`),
		Sex:     rapid.SampledFrom([]string{"M", "F", "X", ""}).Draw(t, "sex"),
		From:    maybe(t, "from", `[A-Z]{3}`), To: maybe(t, "to", `[A-Z]{4}`), Clearance: maybe(t, "clearance", `[A-Z]{3}`),
		Nationality: rapid.SampledFrom([]string{"BHR", "D", "XXA", "GBR"}).Draw(t, "nationality"),
		Residence:   rapid.SampledFrom([]string{"", "BHR", "FRA"}).Draw(t, "residence"),
		Reservation: maybe(t, "reservation", `[A-Z0-9]{6}`), CarrierReference: maybe(t, "reference", `[A-Z0-9?+:']{1,9}`),
		Seat: maybe(t, "seat", `[1-9][0-9]?[A-K]`), Ticket: maybe(t, "ticket", `[0-9]{13}C[1-4]`),
		Redress: maybe(t, "redress", `[0-9]{7}`), KnownTraveller: maybe(t, "traveller", `[A-Z0-9]{9}`),
		Address:  maybe(t, "address", `[0-9]{1,3} [A-Z]{3,9} [+:'?]{1,3}ROAD`),
		Verified: paxlst.Answer(rapid.IntRange(0, 2).Draw(t, "verified")),
		BagCount: rapid.IntRange(0, 4).Draw(t, "bags"),
	}
	if rapid.Bool().Draw(t, "born?") {
		p.Born = day.Draw(t, "born")
		if p.Born.Year > 2025 {
			p.Born.Year -= 100
		}
		p.Born.Day = rapid.SampledFrom([]int8{0, p.Born.Day}).Draw(t, "day")
	}
	if p.BagCount > 0 {
		p.BagWeight = fmt.Sprint(p.BagCount*17, " KGM")
		for i := range p.BagCount {
			p.Bags = append(p.Bags, paxlst.Bag{Tag: fmt.Sprintf("ZZ%06d", 999998+i)[:8]})
		}
	}
	if rapid.Bool().Draw(t, "place?") {
		p.BirthCountry = "NLD"
		p.Birthplace = rapid.SampledFrom([]string{"NLD", "RED QUAY"}).Draw(t, "birthplace")
	}
	for i := range rapid.IntRange(0, 3).Draw(t, "documents") {
		d := paxlst.Document{Type: []string{"P", "V", "AC"}[i], Number: rapid.StringMatching(`[A-W][A-Z0-9]{4,9}`).Draw(t, "number"), Issuer: rapid.SampledFrom([]string{"BHR", "D"}).Draw(t, "issuer")}
		if rapid.Bool().Draw(t, "expires?") {
			d.Expires = day.Draw(t, "expires")
		}
		if rapid.Bool().Draw(t, "issued?") {
			d.Issued = day.Draw(t, "issued")
		}
		p.Documents = append(p.Documents, d)
	}
	if rapid.Bool().Draw(t, "contacts?") {
		p.Contacts = []paxlst.Contact{{"phone", "+973:1700?0000"}, {"email", "a+b@c.example"}}
	}
	if p.Role == paxlst.Crew {
		p.CrewType = maybe(t, "crew", `CR[1-5]`)
	}
	return p
})

// What is written is read back equal.
func TestRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		at := date.Local{Date: date.Date{Year: 2026, Month: 11, Day: 24}, Hour: 10, Minute: 30, Timed: true}
		want := &paxlst.Message{
			Format: "paxlst", Version: "D:05B:UN:IATA", Sender: "ZZAIR", Recipient: "PIU", Reference: "000000001", MessageReference: "M1",
			AccessReference: maybe(t, "access", `[A-Z0-9/]{4,12}`), Prepared: received.Add(-5 * time.Minute), Code: "745",
			SubCode:     rapid.SampledFrom([]string{"", "CP", "XR"}).Draw(t, "sub"),
			Transaction: maybe(t, "transaction", `[0-9]{16}`), Application: rapid.SampledFrom([]string{"", "IAPI"}).Draw(t, "application"),
			Part: 1, First: true, Final: true, Whole: true, Complete: true, CrewTotal: -1,
			Flight: paxlst.Flight{Carrier: rapid.SampledFrom([]string{"ZZ", "U2", "ZZZ"}).Draw(t, "carrier"), Number: fmt.Sprint(rapid.IntRange(1, 9999).Draw(t, "number")),
				Suffix: maybe(t, "suffix", `[A-Z]`), Legs: []paxlst.Leg{{From: "BKK", To: "DXB", Departure: at, Arrival: at}, {From: "DXB", To: "LHR", Departure: at}, {From: "LHR", To: "MAN", Arrival: at}}, Border: 1},
			Passengers: rapid.SliceOfN(passenger, 0, 12).Draw(t, "passengers"),
		}
		for _, p := range want.Passengers {
			if p.Role == paxlst.Crew {
				want.CrewCount++
			}
		}
		want.PassengerCount = len(want.Passengers) - want.CrewCount
		want.Total, want.CrewTotal = want.PassengerCount, want.CrewCount
		if want.CrewCount == 0 {
			want.CrewTotal = -1
		} else if want.PassengerCount == 0 {
			want.Total = -1
		}
		o := paxlst.Options{Syntax: rapid.SampledFrom([]string{"UNOC", "UNOW"}).Draw(t, "syntax"), Lines: rapid.Bool().Draw(t, "lines"), NoGroup: rapid.Bool().Draw(t, "group")}
		if rapid.Bool().Draw(t, "odd") {
			o.Separators = edifact.Separators{Component: '^', Element: '|', Decimal: '.', Release: '\\', Repetition: ' ', Terminator: '~'}
		}
		raw := paxlst.Append(nil, want, o)
		messages, broken := read(raw)
		if len(messages) != 1 || len(broken) != 0 {
			t.Fatalf("%s %v", raw, broken)
		}
		got := messages[0]
		for _, f := range got.Warnings {
			if f.Strict {
				t.Fatalf("%v\n%s", f, raw)
			}
		}
		if diff := cmp.Diff(want, got, cmpopts.EquateEmpty(), cmpopts.IgnoreFields(paxlst.Message{}, "Function", "Interactive", "Warnings", "Offset"),
			cmpopts.IgnoreFields(paxlst.Passenger{}, "Offset", "Segment")); diff != "" {
			t.Fatalf("%s\n%s", diff, raw)
		}
	})
}

// Under UNOA names are written as the guide wants them: A to Z and blanks.
func TestStrictNames(t *testing.T) {
	t.Parallel()
	raw := paxlst.Append(nil, &paxlst.Message{Sender: "ZZ", Recipient: "PIU", Reference: "1", MessageReference: "1", Prepared: received,
		Flight: paxlst.Flight{Carrier: "ZZ", Number: "7", Legs: []paxlst.Leg{{From: "DXB", To: "LHR"}}}, Passengers: []paxlst.Passenger{{Surname: "MÜLLER-ØSTBY", Given: "محمد"}}}, paxlst.Options{})
	if !strings.Contains(string(raw), "NAD+FL+++MUELLER OESTBY:MXHMD'") || !strings.Contains(string(raw), "TDT+20+ZZ0007+++ZZ'LOC+125+DXB'LOC+87+LHR'") {
		t.Errorf("%s", raw)
	}
}

func FuzzRead(f *testing.F) {
	for _, file := range samples(f) {
		raw, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		if len(raw) < 4096 {
			f.Add(raw)
		}
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		messages, broken := read(raw)
		check := func(f *fault.Fault) {
			if f.Offset < 0 || f.Length < 0 || f.Offset+f.Length > len(raw) || f.Rule == "" || f.Message == "" || f.Mend == "" {
				t.Fatalf("%+v", f)
			}
		}
		for _, b := range broken {
			check(b)
		}
		for _, m := range messages {
			for i := range m.Warnings {
				check(&m.Warnings[i])
			}
			for i := range m.Lost {
				check(&m.Lost[i])
			}
			for _, r := range m.Masked {
				if r.Offset < 0 || r.Offset+r.Length > len(raw) {
					t.Fatalf("%+v", r)
				}
			}
			if m.PassengerCount+m.CrewCount != len(m.Passengers) {
				t.Fatal("counts")
			}
			for _, p := range m.Passengers {
				if p.Offset < m.Offset || p.Offset >= len(raw) {
					t.Fatalf("%+v", p)
				}
			}
		}
		again, _ := read(raw)
		if diff := cmp.Diff(messages, again); diff != "" {
			t.Fatal("not the same twice", diff)
		}
	})
}

// varied is a file of lists of 300 persons that differ: one message repeated flatters the branch predictor.
func varied(messages int) []byte {
	var raw []byte
	k := 1
	pick := func(n int) int { k = k * 48271 % 2147483647; return k % n }
	words := strings.Fields("AL KHALIFA MAHMOUD ABDULRAHMAN SATO O FERNANDES MUELLER SCHMIDT LI NGUYEN RAMACHANDRAN DE SOUZA HASSAN FATIMA NOOR JOHN MARIA ALI YUSUF CHEN KUMAR")
	states := strings.Fields("BHR SAU GBR D IND PAK PHL USA FRA EGY")
	for n := range messages {
		at := date.Local{Date: date.Date{Year: 2026, Month: 11, Day: int8(1 + n%28)}, Hour: int8(n % 24), Minute: 15, Timed: true}
		m := &paxlst.Message{Sender: "ZZAIR", Recipient: "PIU", Reference: fmt.Sprint(100000 + n), MessageReference: "1", AccessReference: fmt.Sprint("ZZ", n), Prepared: received, Code: "745", Part: 1, Final: true,
			Flight: paxlst.Flight{Carrier: "ZZ", Number: fmt.Sprint(1 + n%900), Legs: []paxlst.Leg{{From: "DXB", To: "BAH", Departure: at, Arrival: at}}}}
		for i := range 300 {
			p := paxlst.Passenger{Role: paxlst.Passengers, Surname: words[pick(len(words))] + " " + words[pick(len(words))], Given: words[pick(len(words))],
				Sex: []string{"M", "F", "X"}[pick(3)], Born: date.Date{Year: int16(1930 + pick(96)), Month: int8(1 + pick(12)), Day: int8(1 + pick(28))},
				From: "DXB", To: "BAH", Nationality: states[pick(len(states))], Reservation: fmt.Sprintf("%06X", pick(1<<24)), CarrierReference: fmt.Sprint("P", i), Seat: fmt.Sprintf("%d%c", 1+i/6, 'A'+i%6),
				Documents: []paxlst.Document{{Type: "P", Number: fmt.Sprintf("A%08d", pick(100000000)), Issuer: states[pick(len(states))], Expires: date.Date{Year: int16(2027 + pick(10)), Month: int8(1 + pick(12)), Day: int8(1 + pick(28))}}}}
			if pick(3) == 0 {
				p.Residence = states[pick(len(states))]
			}
			if pick(4) == 0 {
				p.Verified = paxlst.Yes
			}
			m.Passengers = append(m.Passengers, p)
		}
		raw = paxlst.Append(raw, m, paxlst.Options{Lines: n%2 == 0})
	}
	return raw
}

func BenchmarkDecode(b *testing.B) {
	raw := varied(64)
	for _, reuse := range []bool{true, false} {
		b.Run(fmt.Sprint("reuse=", reuse), func(b *testing.B) {
			b.SetBytes(int64(len(raw)))
			b.ReportAllocs()
			d := paxlst.Decoder{Reuse: reuse}
			for b.Loop() {
				d.Reset(raw, received)
				for n := 0; ; n++ {
					m, broken := d.Next()
					if broken != nil || m != nil && len(m.Passengers) != 300 {
						b.Fatal(broken)
					}
					if m == nil {
						break
					}
				}
			}
		})
	}
}

func BenchmarkDecodeAndPrint(b *testing.B) {
	raw := varied(64)
	b.SetBytes(int64(len(raw)))
	b.ReportAllocs()
	d := paxlst.Decoder{Reuse: true}
	var out []byte
	for b.Loop() {
		d.Reset(raw, received)
		for {
			m, _ := d.Next()
			if m == nil {
				break
			}
			out = m.AppendJSON(out[:0])
		}
	}
}
