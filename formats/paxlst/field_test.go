package paxlst_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rihla/rihla/formats/fault"
	"github.com/rihla/rihla/formats/paxlst"
)

func fold(s string, width int, eol string) string {
	s = strings.NewReplacer("\r", "", "\n", "").Replace(s)
	var b strings.Builder
	for i := 0; i < len(s); i += width {
		b.WriteString(s[i:min(len(s), i+width)] + eol)
	}
	return b.String()
}

// swap writes a message of the default separators with others; samples that use them as text are left out.
func swap(separators string) func(string) string {
	return func(s string) string {
		if strings.ContainsAny(s, separators[:2]+separators[3:]) || strings.Contains(s, "?") {
			return ""
		}
		body := strings.TrimPrefix(strings.TrimLeft(s, "\n"), "UNA:+.? '")
		body = strings.NewReplacer(":", separators[:1], "+", separators[1:2], "'", separators[4:5]).Replace(body)
		return "UNA" + separators[:2] + "." + separators[3:4] + " " + separators[4:5] + body
	}
}

// What happens to files on their way changes nothing of what they say: each sample is read the same folded, wrapped
// in other protocols, with other separators, with its envelope damaged.
func TestWhatTheFieldDoes(t *testing.T) {
	t.Parallel()
	type change struct {
		name  string
		make  func(string) string // "" where it makes no sense of a sample
		rules string              // that must be told, one of each
	}
	changes := []change{
		{"folded at 69", func(s string) string { return fold(s, 69, "\r\n") }, ""},
		{"folded at 80", func(s string) string { return fold(s, 80, "\r\n") }, ""},
		{"folded at 80, LF", func(s string) string { return fold(s, 80, "\n") }, ""},
		{"on one line", func(s string) string { return strings.NewReplacer("\r", "", "\n", "").Replace(s) }, ""},
		{"CRLF and indented", func(s string) string { return strings.ReplaceAll(s, "'\n", "'\r\n  ") }, ""},
		{"Type-B header", func(s string) string { return "\x01QU BAHAPXX LHRZZ7X\r\n.DXBZZ7X 241030\r\n\x02" + s + "\x03" }, ""},
		{"byte order mark", func(s string) string { return "\ufeff" + s }, ""},
		{"prose after the end", func(s string) string { return s + "\r\nKind regards,\r\nthe operations team's desk+1\r\n" }, "trailing_data"},
		{"no UNA", func(s string) string { return strings.Replace(s, "UNA:+.? '", "", 1) }, ""},
		{"short UNA", func(s string) string { return strings.Replace(s, "UNA:+.? '", "UNA:+.?'", 1) }, "bad_una"},
		{"false UNA", func(s string) string { return strings.Replace(s, "UNA:+.? '", "UNA*|.? ~", 1) }, "bad_una"},
		{"UNT counts the body alone", func(s string) string { return strings.Replace(s, "UNT+", "UNT+9", 1) }, "count_mismatch"},
		{"UNZ lost", func(s string) string { return s[:max(0, strings.LastIndex(s, "UNZ"))] }, "missing_segment"},
		{"twice in a file", nil, ""},
		{"terminator double quote", func(s string) string { return strings.Replace(swap(`:+.?"`)(s), `UNA:+.? "`, "", 1) }, ""},
	}
	for _, separators := range []string{"^|.\\~", "$|.^.", "\\.^*$", "*(.)[", "|^.$\\", "\x1f\x1d.?\x1c"} {
		changes = append(changes, change{"separators " + separators, swap(separators), ""})
	}
	for _, file := range samples(t) {
		var want struct {
			Valid   bool
			Decoded []any
		}
		b, _ := os.ReadFile(strings.TrimSuffix(file, ".edi") + ".expect.json")
		if err := json.Unmarshal(b, &want); err != nil {
			t.Fatal(err)
		}
		name := strings.TrimSuffix(filepath.Base(file), ".edi")
		if !want.Valid || strings.HasPrefix(name, "v04") {
			continue
		}
		raw, _ := os.ReadFile(file)
		usual := strings.HasPrefix(string(raw), "UNA:+.? '")
		for _, c := range changes {
			if !usual && (c.make == nil || c.rules != "" || strings.HasPrefix(c.name, "separators") || c.name == "no UNA" || strings.HasPrefix(c.name, "terminator")) {
				continue
			}
			expected := want.Decoded
			text := string(raw)
			if c.make == nil {
				text += text
				expected = append(append([]any(nil), expected...), expected...)
			} else {
				text = c.make(text)
			}
			if len(text) < 20 {
				continue
			}
			t.Run(name+"/"+c.name, func(t *testing.T) {
				t.Parallel()
				messages, broken := read([]byte(text))
				if len(broken) > 0 || len(messages) != len(expected) {
					t.Fatalf("%d messages of %d, %v", len(messages), len(expected), broken)
				}
				told := map[string]bool{}
				for i, m := range messages {
					var got any
					if err := json.Unmarshal(m.AppendJSON(nil), &got); err != nil {
						t.Fatal(err)
					}
					if where := within(expected[i], got, ""); where != "" {
						t.Errorf("%s\n%s", where, m.AppendJSON(nil))
					}
					for _, f := range m.Warnings {
						told[f.Rule] = true
					}
				}
				if c.rules != "" && !told[c.rules] {
					t.Errorf("%s is not told of: %v", c.rules, told)
				}
			})
		}
	}
}

const flight = "UNB+UNOA:4+ZZAIR+PIU+261124:0900+7'UNH+1+PAXLST:D:05B:UN:IATA+A1+01:F'BGM+745'NAD+MS+++DESK'TDT+20+ZZ0417+++ZZ'LOC+125+DXB'DTM+189:2611241030:201'LOC+87+LHR'DTM+232:2611241445:201'"

// one reads a message whose persons are given; the trailer counts whatever there is.
func one(t *testing.T, persons string) *paxlst.Message {
	t.Helper()
	messages, broken := read([]byte(flight + persons + "CNT+42:1'UNT+99+1'UNZ+1+7'"))
	if len(messages) != 1 {
		t.Fatal(broken)
	}
	return messages[0]
}

func TestPersons(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, in, want, rules string }{
		{"names in one component", "NAD+FL+++SMITH/JOHN'", `{"role":"passenger","surname":"SMITH","given":"JOHN"}`, "unstructured_name"},
		{"names as in the zone", "NAD+FL+++SMITH<<JOHN<PAUL'", `{"role":"passenger","surname":"SMITH","given":"JOHN PAUL"}`, "unstructured_name"},
		{"glued title stays", "NAD+FL+++ADAMS:JOHNMR'", `{"role":"passenger","surname":"ADAMS","given":"JOHNMR"}`, ""},
		{"filler", "NAD+FL+++SUKARNO:FNU'", `{"role":"passenger","surname":"SUKARNO"}`, "filler_name"},
		{"blanks", "NAD+FL+++ ROE : JANE 'RFF+SEA: 012A'LOC+178+ dxb '", `{"role":"passenger","surname":"ROE","given":"JANE","from":"DXB","seat":"12A"}`, ""},
		{"unknown role", "NAD+QQ+++ROE:JANE'", `{"role":"passenger","surname":"ROE","given":"JANE"}`, "unknown_code"},
		{"order of no kind", "NAD+FL+++ROE:JANE'LOC+91+GB'DTM+36:310101'RFF+SEA:1A'DOC+P+A1234567'ATT+2++:::F'", `{"role":"passenger","surname":"ROE","given":"JANE","sex":"F","nationality":"GBR","seat":"1A","documents":[{"type":"P","number":"A1234567","issuer":"GBR","expires":"2031-01-01"}]}`, "inferred country_code"},
		{"expiry before its second document", "NAD+FL+++ROE:JANE'NAT+2+FRA'DOC+P+AB1'LOC+91+FRA'DTM+36:310101'DTM+36:320101'LOC+91+GBR'DOC+V+CD2'", `{"role":"passenger","surname":"ROE","given":"JANE","nationality":"FRA","documents":[{"type":"P","number":"AB1","issuer":"FRA","expires":"2031-01-01"},{"type":"V","number":"CD2","issuer":"GBR","expires":"2032-01-01"}]}`, ""},
		{"placeholder number", "NAD+FL+++ROE:JANE'NAT+2+FRA'DOC+P+UNKNOWN'LOC+91+FRA'", `{"role":"passenger","surname":"ROE","given":"JANE","nationality":"FRA","documents":[{"type":"P","issuer":"FRA"}]}`, "placeholder"},
		{"two nationalities", "NAD+FL+++ROE:JANE'NAT+2+FRA'NAT+2+GBR'", `{"role":"passenger","surname":"ROE","given":"JANE","nationality":"FRA","other_nationalities":["GBR"]}`, ""},
		{"no such country", "NAD+FL+++ROE:JANE'NAT+2+QQQ'", `{"role":"passenger","surname":"ROE","given":"JANE","nationality":"QQQ"}`, "bad_country"},
		{"born after the flight", "NAD+FL+++ROE:JANE'DTM+329:20270101:102'", `{"role":"passenger","surname":"ROE","given":"JANE","born":"2027-01-01"}`, "bad_date"},
		{"month known only", "NAD+FL+++ROE:JANE'DTM+329:790500'", `{"role":"passenger","surname":"ROE","given":"JANE","born":"1979-05"}`, ""},
		{"year unknown", "NAD+FL+++ROE:JANE'DTM+329:<<1124'", `{"role":"passenger","surname":"ROE","given":"JANE","born":"--11-24"}`, ""},
		{"nothing known", "NAD+FL+++ROE:JANE'DTM+329:000000'", `{"role":"passenger","surname":"ROE","given":"JANE"}`, ""},
		{"birth date of another format", "NAD+FL+++ROE:JANE'DTM+329:010280:2'", `{"role":"passenger","surname":"ROE","given":"JANE"}`, "bad_date"},
		{"related places", "NAD+FL+++ROE:JANE'LOC+180+USA+:::RED QUAY+:::OHIO'", `{"role":"passenger","surname":"ROE","given":"JANE","birthplace":"RED QUAY OHIO","birth_country":"USA"}`, ""},
		{"place of birth by code", "NAD+FL+++ROE:JANE'LOC+180+GB'", `{"role":"passenger","surname":"ROE","given":"JANE","birthplace":"GBR","birth_country":"GBR"}`, ""},
		{"contacts", "NAD+FL+++ROE:JANE'COM+1:TE+2:AL+a@b.example:EM'COM+3'", `{"role":"passenger","surname":"ROE","given":"JANE","contacts":[{"kind":"phone","value":"1"},{"kind":"phone","value":"2"},{"kind":"email","value":"a@b.example"},{"kind":"phone","value":"3"}]}`, ""},
		{"bags", "NAD+FL+++ROE:JANE'FTX+BAG+++0012345699:2'FTX+BAG+++ZZ7'FTX+BAG+++ZZ8:9999'", `{"role":"passenger","surname":"ROE","given":"JANE","bags":[{"tag":"0012345699"},{"tag":"0012345700"},{"tag":"ZZ7"},{"tag":"ZZ8"}]}`, "bad_bag_tag"},
		{"no airport", "NAD+FL+++ROE:JANE'LOC+178+D1B'", `{"role":"passenger","surname":"ROE","given":"JANE"}`, "bad_location"},
		{"said twice", "NAD+FL+++ROE:JANE'ATT+2++F'ATT+2++M'", `{"role":"passenger","surname":"ROE","given":"JANE","sex":"F"}`, "repeated"},
		{"terminator lost in the middle", "NAD+FL+++ROE:JANE'NAT+2+FRARFF+AVF:ABC123RFF+SEA:1A'ATT+2++FDTM+329:800101'", `{"role":"passenger","surname":"ROE","given":"JANE","sex":"F","born":"1980-01-01","nationality":"FRA","reservation":"ABC123","seat":"1A"}`, "lost_terminator"},
		{"unknown segment", "NAD+FL+++ROE:JANE'ZZZ+1'", `{"role":"passenger","surname":"ROE","given":"JANE"}`, "unknown_segment"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			m := one(t, c.in)
			if got := string(m.Passengers[0].AppendJSON(nil)); got != c.want {
				t.Errorf("\n%s\n%s", got, c.want)
			}
			told := " "
			for _, f := range m.Warnings {
				if f.Rule != "missing_data" && f.Rule != "count_mismatch" && !strings.Contains(told, " "+f.Rule+" ") {
					told += f.Rule + " "
				}
			}
			if strings.TrimSpace(told) != c.rules {
				t.Errorf("told%s, want %s", told, c.rules)
			}
		})
	}
}

// A person whose NAD cannot be read is lost, told of with all its bytes, and nobody else is harmed by it.
func TestLostPassenger(t *testing.T) {
	t.Parallel()
	before := "NAD+FL+++ROE:JANE'ATT+2++F'DTM+329:800101'NAT+2+FRA'DOC+P+AB1'"
	text := flight + before + "##FL+++DOE:JOHN'ATT+2++M'DTM+329:810101'NAT+2+GBR'DOC+P+CD2'" + "NAD+FL+++POE:ANN'ATT+2++F'NAT+2+BHR'CNT+42:3'UNT+23+1'UNZ+1+7'"
	messages, _ := read([]byte(text))
	m := messages[0]
	if len(m.Passengers) != 2 || m.Passengers[0].Nationality != "FRA" || m.Passengers[0].Nationalities != nil || len(m.Passengers[0].Documents) != 1 || m.Passengers[1].Surname != "POE" {
		t.Errorf("%+v", m.Passengers)
	}
	if len(m.Lost) != 1 || m.Lost[0].What != "passenger" || m.Complete || text[m.Lost[0].Offset:m.Lost[0].Offset+m.Lost[0].Length] != "ATT+2++M'DTM+329:810101'NAT+2+GBR'DOC+P+CD2'" {
		t.Errorf("%+v", m.Lost)
	}
	for _, f := range m.Warnings {
		if f.Rule == "control_total_mismatch" {
			t.Error("the lost one is not counted")
		}
	}
}

// Free text is not handed out; where it reveals what may not be kept it is counted, and its place told.
func TestSensitiveText(t *testing.T) {
	t.Parallel()
	person := "NAD+FL+++ROE:JANE'FTX+AAP+++PASSENGER IS MUSLIM AND NEEDS A WHEELCHAIR'FTX+AAP+++LATE CHECK-IN'"
	m := one(t, person)
	out := string(m.AppendJSON(nil))
	if !strings.Contains(out, `"withheld":{"TEXT":1}`) || strings.Contains(out, "MUSLIM") || strings.Contains(out, "LATE") {
		t.Error(out)
	}
	if len(m.Masked) != 1 || (flight + person)[m.Masked[0].Offset:m.Masked[0].Offset+m.Masked[0].Length] != "PASSENGER IS MUSLIM AND NEEDS A WHEELCHAIR" {
		t.Errorf("%+v", m.Masked)
	}
}

func TestFunctions(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		bgm, tn, persons string
		want             paxlst.Function
		interactive      bool
	}{
		{"745", "", "NAD+FL+++ROE'", paxlst.PassengerList, false},
		{"745", "RFF+TN:1'", "NAD+FL+++ROE'", paxlst.SinglePassenger, true},
		{"745", "RFF+TN:1'", "NAD+FL+++ROE'NAD+FL+++POE'", paxlst.PassengerList, true},
		{"745", "RFF+TN:1'", strings.Repeat("NAD+FL+++ROE'", 11), paxlst.PassengerList, false},
		{"745+CP", "", "NAD+FL+++ROE'", paxlst.Change, false},
		{"745+XR", "", "NAD+FL+++ROE'", paxlst.Cancel, false},
		{"745+RP", "", "NAD+FL+++ROE'", paxlst.Cancel, false},
		{"745+DOC77", "", "NAD+FL+++ROE'", paxlst.PassengerList, false},
		{"250+C", "", "NAD+FM+++ROE'", paxlst.CrewList, false},
		{"266+CL", "", "", paxlst.FlightClose, false},
		{"266+CLNB", "", "NAD+ZZZ'", paxlst.FlightClose, false},
		{"266+XF", "", "", paxlst.Cancel, false},
		{"266+CF", "", "", paxlst.Change, false},
		{"266", "", "", "", false},
		{"999", "", "", "", false},
	} {
		text := strings.Replace(flight, "BGM+745'", "BGM+"+c.bgm+"'"+c.tn, 1) + c.persons + "CNT+42:1'UNT+99+1'UNZ+1+7'"
		messages, broken := read([]byte(text))
		if len(messages) != 1 || messages[0].Function != c.want || messages[0].Interactive != c.interactive {
			t.Errorf("%s: %+v %v", c.bgm, messages, broken)
		}
	}
}

func TestSplitFlight(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ named, carrier, want string }{
		{"ZZ0417", "ZZ", "ZZ 417  true"}, {"ZZ417A", "", "ZZ 417 A true"}, {"0417", "ZZ", "ZZ 417  true"}, {"U21234", "", "U2 1234  true"}, {"ZZZ123", "", "ZZZ 123  true"},
		{"N417ZZ", "", " N417ZZ  true"}, {"A6ABC", "", " A6ABC  true"}, {"ZZ12345", "", "ZZ 12345  false"}, {"ZZ0000", "", "ZZ 0  true"}, {"ZZ 12", "", "ZZ 12  true"},
		{"YY12", "ZZ", "YY 12  true"}, {"X", "", " X  true"},
	} {
		designator, number, suffix, ok := paxlst.SplitFlight(c.named, c.carrier)
		got := designator + " " + number + " " + suffix
		if ok {
			got += " true"
		} else {
			got += " false"
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.named, got, c.want)
		}
	}
}

// A hostile list costs what its bytes cost.
func TestHostile(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"bags":      "NAD+FL+++ROE'" + strings.Repeat("FTX+BAG+++ZZ1:99'", 20_000),
		"documents": "NAD+FL+++ROE'" + strings.Repeat("DOC+P+X'", 50_000),
		"contacts":  "NAD+FL+++ROE'" + strings.Repeat("COM+1:TE'", 50_000),
		"states":    "NAD+FL+++ROE'" + strings.Repeat("NAT+2+FR'", 50_000),
		"flights":   strings.Repeat("TDT+20+ZZ1'LOC+125+AAA'", 30_000),
		"persons":   strings.Repeat("NAD+FL'", 100_000),
		"messages":  strings.Repeat("UNH+1+PAXLST:D'", 50_000),
	} {
		messages, broken := read([]byte(flight + body + "CNT+42:1'UNT+9+1'UNZ+1+7'"))
		if len(messages)+len(broken) == 0 {
			t.Error(name)
		}
		for _, m := range messages {
			if len(m.Warnings) > 501 || len(m.Flight.Legs) > 64 {
				t.Error(name, len(m.Warnings))
			}
		}
	}
}

// A file that holds another kind of message is told so, and the rest of it is read.
func TestOtherKinds(t *testing.T) {
	t.Parallel()
	text := "UNB+UNOA:4+A+B+261124:0900+7'UNH+1+CUSRES:D:05B'BGM+962'UNT+3+1'" + strings.TrimPrefix(flight, "UNB+UNOA:4+ZZAIR+PIU+261124:0900+7'") + "CNT+42:0'UNT+10+1'UNZ+2+7'"
	var kinds []string
	_ = paxlst.Read([]byte(text), received, func(m *paxlst.Message, b *fault.Fault) error {
		if m != nil {
			kinds = append(kinds, string(m.Function))
		} else {
			kinds = append(kinds, b.Rule)
		}
		return nil
	})
	if got := strings.Join(kinds, " "); got != "unknown_message_type passenger-list" {
		t.Error(got)
	}
}
