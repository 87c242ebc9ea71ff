package cusres_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/rihla/rihla/formats/cusres"
	"github.com/rihla/rihla/formats/date"
	"github.com/rihla/rihla/formats/fault"
	"github.com/rihla/rihla/formats/paxlst"
)

var prepared = time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)

func read(raw []byte) (messages []*cusres.Message, broken []*fault.Fault) {
	_ = cusres.Read(raw, func(m *cusres.Message, b *fault.Fault) error {
		if m != nil {
			messages = append(messages, m)
		} else {
			broken = append(broken, b)
		}
		return nil
	})
	return
}

// decisions are the words of the samples for ours.
var decisions = map[string]cusres.Decision{"ok": cusres.OK, "do_not_board": cusres.DoNotBoard, "advisory": cusres.Advisory,
	"insufficient_data": cusres.Insufficient, "accepted": cusres.Accepted, "exception": cusres.Rejected}

func TestSamples(t *testing.T) {
	t.Parallel()
	files, _ := filepath.Glob("testdata/*.edi")
	if len(files) == 0 {
		t.Fatal("no samples")
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".edi"), func(t *testing.T) {
			t.Parallel()
			raw, _ := os.ReadFile(file)
			var want struct {
				Error       string
				Segment     int
				Position    int
				Recoverable bool
				Messages    []struct {
					Message_ref, Common_access_ref, Transaction_ref, Function string
					Flight                                                    struct{ Carrier, Number, Departure, Arrival, Origin, Destination string }
					Results                                                   []struct{ Level, Pnr, Passenger_ref, Code, Decision, Text string }
				}
			}
			b, _ := os.ReadFile(strings.TrimSuffix(file, ".edi") + ".expect.json")
			if err := json.Unmarshal(b, &want); err != nil {
				t.Fatal(err)
			}
			messages, broken := read(raw)
			here := func(f fault.Fault) bool {
				return f.Rule == want.Error && f.Offset == want.Position && f.Segment == want.Segment
			}
			if want.Error != "" {
				if want.Recoverable && (len(messages) != 1 || len(messages[0].Warnings) != 1 || !here(messages[0].Warnings[0]) || messages[0].Results[0].Decision != cusres.Unknown) ||
					!want.Recoverable && (len(broken) != 1 || !here(*broken[0])) {
					t.Fatalf("%+v %+v", messages, broken)
				}
				return
			}
			if len(messages) != 1 || len(messages[0].Warnings) > 0 {
				t.Fatalf("%+v %+v", messages, broken)
			}
			m, w := messages[0], want.Messages[0]
			at := func(s string) (l date.Local) {
				if err := l.UnmarshalText([]byte(s)); err != nil {
					t.Fatal(err)
				}
				return
			}
			expected := &cusres.Message{Format: "cusres", Version: "D:05B:UN:IATA", MessageReference: w.Message_ref, AccessReference: w.Common_access_ref, Transaction: w.Transaction_ref, Code: w.Function,
				Flight: cusres.Flight{Carrier: w.Flight.Carrier, Number: strings.TrimLeft(w.Flight.Number, "0"), From: w.Flight.Origin, To: w.Flight.Destination, Departure: at(w.Flight.Departure), Arrival: at(w.Flight.Arrival)}}
			for i, r := range w.Results {
				decision, known := decisions[r.Decision]
				if !known {
					decision = m.Results[i].Decision
				}
				level := map[string]string{"person": cusres.OfPassenger}[r.Level]
				if level == "" {
					level = cusres.OfMessage
				}
				expected.Results = append(expected.Results, cusres.Result{Level: level, Reservation: r.Pnr, CarrierReference: r.Passenger_ref, Code: r.Code, Decision: decision, Text: r.Text})
			}
			if diff := cmp.Diff(expected, m, cmpopts.IgnoreFields(cusres.Message{}, "Sender", "Recipient", "Reference", "Function", "Prepared", "Application", "Part", "Whole", "Offset")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// Only what begins with 0 is leave to board; of several codes the strictest holds; a person without one breaks it all.
func TestDecisions(t *testing.T) {
	t.Parallel()
	text := func(body string) []byte {
		return []byte("UNB+UNOA:4+PIU+ZZ+261124:0900+1'UNH+1+CUSRES:D:05B:UN:IATA'BGM+962'" + body + "UNT+9+1'UNZ+1+1'")
	}
	for body, want := range map[string]cusres.Decision{
		"ERP+2'ERC+0Z'": cusres.OK, "ERP+2'ERC+0A'": cusres.OK, "ERP+2'ERC+1Z'": cusres.DoNotBoard, "ERP+2'ERC+2Z'": cusres.Advisory, "ERP+2'ERC+3Z'": cusres.Contact,
		"ERP+2'ERC+4Z'": cusres.Insufficient, "ERP+2'ERC+9Q'": cusres.Unknown, "ERP+2'ERC'": cusres.Unknown, "ERP+2'ERC+OK'": cusres.Unknown, "ERP+2'ERC+0Z'ERC+1Z'": cusres.DoNotBoard,
		"ERP+2'ERC+4Z'ERC+0Z'": cusres.Insufficient, "ERP+2'ERC+0Z'ERC+9Q'": cusres.Unknown, "ERP+1'ERC+0'": cusres.Accepted, "ERP+1'ERC+1'": cusres.Rejected,
	} {
		messages, broken := read(text(body))
		if len(messages) != 1 || len(messages[0].Results) != 1 || messages[0].Results[0].Decision != want {
			t.Errorf("%s: %+v %v", body, messages, broken)
		}
	}
	for _, body := range []string{"ERP+2'", "ERP+2'ERP+2'ERC+0Z'", "ERP+2'RFF+ABO:1'FTX+AAP+++OK TO BOARD'"} {
		if messages, broken := read(text(body)); len(messages) != 0 || len(broken) != 1 || broken[0].Rule != "missing_segment" {
			t.Errorf("%s: %+v %v", body, messages, broken)
		}
	}
}

func TestAnswer(t *testing.T) {
	t.Parallel()
	request := &paxlst.Message{Version: "D:05B:UN:IATA", Sender: "ZZAIR", Recipient: "PIU", Reference: "105", MessageReference: "M1", AccessReference: "CONV1", Transaction: "T1", Application: "IAPI",
		Flight:     paxlst.Flight{Carrier: "ZZ", Number: "417", Legs: []paxlst.Leg{{From: "DXB", To: "LHR"}}},
		Passengers: []paxlst.Passenger{{Reservation: "LL8MNB", CarrierReference: "0042"}, {Reservation: "LL8MNB", CarrierReference: "0043"}}}
	m := cusres.Answer(request, prepared)
	m.Results[0].Decision = cusres.OK
	raw := string(cusres.Append(nil, m))
	for _, want := range []string{"UNB+UNOA:4+PIU+ZZAIR+261124:0900+105++IAPI'", "UNH+M1+CUSRES:D:05B:UN:IATA+CONV1+01:F'BGM+962'RFF+TN:T1'RFF+AF:ZZ0417'LOC+125+DXB'LOC+87+LHR'",
		"ERP+2'RFF+AVF:LL8MNB'RFF+ABO:0042'ERC+0Z'ERP+2'RFF+AVF:LL8MNB'RFF+ABO:0043'ERC+3Z'"} {
		if !strings.Contains(raw, want) {
			t.Errorf("no %s in %s", want, raw)
		}
	}
	pushed := *m
	pushed.Function, pushed.Code = cusres.Unsolicited, "132"
	if ack := cusres.Acknowledge(&pushed, prepared); ack.Sender != "ZZAIR" || ack.Code != "312" || ack.Reference != "105" {
		t.Errorf("%+v", ack)
	}
}

// What is written is read back equal.
func TestRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		at := date.Local{Date: date.Date{Year: 2026, Month: 11, Day: 24}, Hour: 10, Minute: 30, Timed: true}
		want := &cusres.Message{Format: "cusres", Version: "D:05B:UN:IATA", Sender: "PIU", Recipient: "ZZ", Reference: "1", MessageReference: "R1", AccessReference: "A", Function: cusres.Response, Code: "962",
			Transaction: rapid.StringMatching(`[A-Z0-9]{1,35}`).Draw(t, "tn"), Prepared: prepared, Part: 1, Whole: true,
			Flight: cusres.Flight{Carrier: "ZZ", Number: "7", From: "DXB", To: "LHR", Departure: at, Arrival: at}}
		for range rapid.IntRange(0, 5).Draw(t, "results") {
			code := rapid.SampledFrom([]struct {
				code      string
				decision  cusres.Decision
				authority string
			}{{"0Z", cusres.OK, ""}, {"1Z", cusres.DoNotBoard, ""}, {"2A", cusres.Advisory, "A"}, {"4Z", cusres.Insufficient, ""}}).Draw(t, "code")
			want.Results = append(want.Results, cusres.Result{Level: cusres.OfPassenger, Reservation: rapid.StringMatching(`([A-Z0-9]{6})?`).Draw(t, "avf"),
				CarrierReference: rapid.StringMatching(`[0-9+:'?]{1,6}`).Draw(t, "abo"), Code: code.code, Decision: code.decision, Authority: code.authority,
				Text: rapid.SampledFrom([]string{"", "CALL +971: (PIU'S DESK)?"}).Draw(t, "text")})
		}
		raw := cusres.Append(nil, want)
		messages, broken := read(raw)
		if len(messages) != 1 {
			t.Fatal(broken)
		}
		if diff := cmp.Diff(want, messages[0], cmpopts.EquateEmpty(), cmpopts.IgnoreFields(cusres.Message{}, "Offset")); diff != "" {
			t.Fatalf("%s\n%s", diff, raw)
		}
	})
}

func FuzzRead(f *testing.F) {
	files, _ := filepath.Glob("testdata/*.edi")
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		messages, broken := read(raw)
		for _, b := range broken {
			if b.Offset < 0 || b.Offset > len(raw) || b.Mend == "" {
				t.Fatalf("%+v", b)
			}
		}
		for _, m := range messages {
			for _, r := range m.Results {
				if r.Decision == "" || r.Decision == cusres.OK && r.Code[0] != '0' {
					t.Fatalf("%+v", r)
				}
			}
			for _, w := range m.Warnings {
				if w.Offset < 0 || w.Offset > len(raw) || w.Mend == "" {
					t.Fatalf("%+v", w)
				}
			}
		}
		again, _ := read(raw)
		if diff := cmp.Diff(messages, again); diff != "" {
			t.Fatal(diff)
		}
	})
}
