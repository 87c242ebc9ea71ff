package pnrgov_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rihla/rihla/formats/edifact"
	"github.com/rihla/rihla/formats/fault"
	"github.com/rihla/rihla/formats/pnrgov"
)

// push makes a message around bookings, its counts right.
func push(bookings ...string) string {
	body := "UNH+1+PNRGOV:13:1:IA+ZZ0417/241126/1030+01:F'MSG+:22'ORG+ZZ:DXB'TVL+241126:1030:241126:1445+DXB+LHR+ZZ+417'" +
		fmt.Sprintf("EQN+%d'", len(bookings)) + strings.Join(bookings, "")
	return "UNA:+.?*'UNB+IATA:1+ZZ+RIHLAPNR+261124:0900+0001++PNRGOV'" + body + fmt.Sprintf("UNT+%d+1'UNZ+1+0001'", strings.Count(body, "'")+1-strings.Count(body, "?'"))
}

// booking makes one of a locator, with whatever its traveller's group is to hold.
func booking(locator, group string) string {
	return "SRC'RCI+ZZ:" + locator + "::011026:0915'DAT+700:231126:2010'ORG+ZZ:DXB'TIF+KESTREL+ADAMRS:A:1'" + group +
		"TVL+241126:1030:241126:1445+DXB+LHR+ZZ+417:Y'RPI+1+HK'"
}

const docs = "SSR+DOCS:HK:1:ZZ:::::/P/GBR/925665416/GBR/29FEB84/F/30JUN31/KESTREL/ADA/MARIE'"

func one(t *testing.T, raw string) *pnrgov.Message {
	t.Helper()
	got := read(t, []byte(raw))
	if len(got) != 1 {
		t.Fatalf("%d messages", len(got))
	}
	return got[0]
}

func rules(faults []fault.Fault) (out []string) {
	for _, f := range faults {
		out = append(out, f.Rule)
	}
	return out
}

func TestWhatIsWithheldIsMaskedAndNothingElse(t *testing.T) {
	t.Parallel()
	raw := push(booking("QX7KQ2", docs+"SSR+MOML:HK:1:ZZ:::::QJFXZ?'BVN'SSR+WCHR:HK:1:ZZ:::DXB:LHR:QQJV+::1'SSR+DEPA:HK'SSR+OTHS:HK:1:ZZ:::::REQ KSML PLS'SSR+SPEQ:HK:1:ZZ:::::ONE WHEELCHAIR'"+
		"IFT+4:28::ZZ+PAX IS CATHOLIC PRIEST+FROM ROME'IFT+4+PLS SEAT TOGETHER'FOP+CC::500.00:VI:4111111111111111:0829'"),
		booking("QX7KQ3", docs)+"ABI+1+0042AA'SAC+++A'SSR+MEDA:HK:1:ZZ:::::OXYGEN'LTS+SSR VGML ZZ HK1'LTS+CALLED TWICE'")
	m := one(t, raw)
	text := string(m.AppendJSON(nil))
	masked := mask([]byte(raw), []*pnrgov.Message{m})
	for _, secret := range []string{"MOML", "QJFXZ", "BVN", "WCHR", "QQJV", "DEPA", "KSML", "WHEELCHAIR", "CATHOLIC", "PRIEST", "MEDA", "OXYGEN", "VGML", "4111111111111111"} {
		if strings.Contains(text, secret) {
			t.Errorf("%s is told: %s", secret, text)
		}
		if bytes.Contains(masked, []byte(secret)) {
			t.Errorf("%s stands in the masked copy: %s", secret, masked)
		}
	}
	if want := `"withheld":{"OSI":1,"SSR:ASSISTANCE":1,"SSR:MEAL":1,"SSR:MEDICAL":1,"SSR:STATUS":1,"TEXT":3}`; !strings.Contains(text, want) {
		t.Errorf("no %s in %s", want, text)
	}
	if !strings.Contains(text, "PLS SEAT TOGETHER") || !strings.Contains(text, "CALLED TWICE") || !strings.Contains(text, "411111XXXXXX1111") {
		t.Error(text)
	}
	if len(m.Warnings)+len(m.Lost) > 0 {
		t.Error(m.Warnings, m.Lost)
	}
	again := one(t, string(masked))
	if len(masked) != len(raw) || len(again.Warnings)+len(again.Lost) > 0 || !again.Withheld.IsZero() {
		t.Errorf("the masked copy: %s", again.AppendJSON(nil))
	}
	if diff := cmp.Diff(bookings(m), bookings(again)); diff != "" {
		t.Error(diff)
	}
}

// TestTheMaskedCopySaysTheSame: every sample, read from the copy that is stored.
func TestTheMaskedCopySaysTheSame(t *testing.T) {
	t.Parallel()
	files, _ := filepath.Glob("testdata/v*.edi")
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		got := read(t, raw)
		again := read(t, mask(raw, got))
		for i := range got {
			if diff := cmp.Diff(bookings(got[i]), bookings(again[i])); diff != "" {
				t.Errorf("%s: %s", file, diff)
			}
			if !again[i].Withheld.IsZero() || len(got[i].Warnings) != len(again[i].Warnings) {
				t.Errorf("%s: %v %v", file, again[i].Withheld, again[i].Warnings)
			}
		}
	}
}

// bookings is what a message says but for the tally of what it withheld.
func bookings(m *pnrgov.Message) string {
	return string((&pnrgov.Message{Bookings: m.Bookings, Flight: m.Flight}).AppendJSON(nil))
}

// TestNoSideDoor: places where nobody expects what may not be kept.
func TestNoSideDoor(t *testing.T) {
	t.Parallel()
	good := push(booking("QX7KQ2", docs))
	for name, raw := range map[string]string{
		"status glued to the code":   push(booking("QX7KQ2", "SSR+KSMLHK1:ZZ:::::::QJFXZ'")),
		"lower case":                 push(booking("QX7KQ2", "SSR+ksml:HK:1:ZZ:::::QJFXZ KSML'")),
		"code where none should be":  push(booking("QX7KQ2", "SSR+:KSML:1:ZZ:::::'")),
		"contact":                    push(booking("QX7KQ2", "SSR+CTCM:HK:1:ZZ:::::971500000001 KSML'")),
		"address":                    push("SRC'RCI+ZZ:QX7KQ2'ADD++700:1 ROW:BAHRAIN:::::PAX KSML'TIF+ROE+ANN:A:1'TVL+241126:1030:241126:1445+DXB+LHR+ZZ+417:Y'"),
		"seat":                       push(booking("QX7KQ2", "SSR+NSST:HK:1:ZZ:::::12A+KSML::1'")),
		"unknown segment":            push(booking("QX7KQ2", "QQQ+KSML+QJFXZ'")),
		"two elements of a text":     push(booking("QX7KQ2", "IFT+4:28+REQ +KSML+QJFXZ'")),
		"no segment":                 push(booking("QX7KQ2", "?+ KSML QJFXZ'")),
		"cut off":                    good[:strings.Index(good, "TVL+241126:1030:241126:1445+DXB+LHR+ZZ+417:Y")] + "SSR+KSML:HK:1:ZZ:::::QJFXZ",
		"behind the end":             good + "\r\nPAX ASKED FOR KSML QJFXZ\r\n",
		"history":                    push(booking("QX7KQ2", docs) + "ABI+1+0042AA'SAC+++X'SSR+KSML:HK:1:ZZ:::::QJFXZ'"),
		"history without an action":  push(booking("QX7KQ2", docs) + "ABI+1+0042AA'SSR+KSML:HK:1:ZZ:::::QJFXZ'"),
		"before any SRC":             strings.Replace(good, "SRC'", "SSR+KSML:HK:1:ZZ:::::QJFXZ'SRC'", 1),
		"a hotel":                    push(booking("QX7KQ2", docs) + "MSG+8'TVL+241126::271126+LON+++KSML QJFXZ'"),
		"apostrophe not released":    push(booking("QX7KQ2", "SSR+KSML:HK:1:ZZ:::::CHEF'S QJFXZ'")),
		"every separator a surprise": strings.NewReplacer(":", "^", "+", "|").Replace(push(booking("QX7KQ2", "SSR+KSML:HK:1:ZZ:::::QJFXZ'"))),
	} {
		got := read(t, []byte(raw))
		if len(got) != 1 || got[0].Error != nil || got[0].Withheld.IsZero() || len(got[0].Bookings) == 0 {
			t.Errorf("%s: %s", name, got[0].AppendJSON(nil))
			continue
		}
		for _, secret := range []string{"KSML", "ksml", "QJFXZ"} {
			if text := string(got[0].AppendJSON(nil)); strings.Contains(text, secret) {
				t.Errorf("%s is told: %s", name, text)
			}
			if masked := mask([]byte(raw), got); bytes.Contains(masked, []byte(secret)) || len(masked) != len(raw) {
				t.Errorf("%s is kept: %s", name, masked)
			}
		}
	}
}

func TestOneBadBookingCostsItself(t *testing.T) {
	t.Parallel()
	for name, bad := range map[string]string{
		"empty": "SRC'", "locator only": "SRC'RCI+ZZ'ORG+ZZ'", "prose": "SRC'Dear colleagues'", "spoiled": "SRC'RCI+'TIF+'SSR+DOCS'FOP'TKT'", "everything odd": "SRC'TIF'TRI'SSD'TBD'MON'EQN'RCI'",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var all []string
			for i := range 300 {
				if i == 150 {
					all = append(all, bad)
				}
				all = append(all, booking(fmt.Sprintf("LOC%03d", i), docs))
			}
			raw := push(all...)
			m := one(t, raw)
			if len(m.Bookings) != 300 || m.Counted != 301 || m.Declared != 301 {
				t.Fatalf("%d bookings of %d", len(m.Bookings), m.Counted)
			}
			lost := slices.IndexFunc(m.Lost, func(f fault.Fault) bool { return f.What == "booking" })
			if lost < 0 {
				t.Fatal("no booking is lost")
			}
			if f := m.Lost[lost]; f.Tag != "SRC" || !strings.HasPrefix(raw[f.Offset:], "SRC'") || f.Segment != 7+150*8 || f.Offset+f.Length != m.Bookings[150].Offset {
				t.Errorf("%+v", f)
			}
			if slices.Contains(rules(m.Warnings), "control_total_mismatch") {
				t.Error("a lost booking counts too")
			}
			for i, b := range m.Bookings {
				if b.Locator != fmt.Sprintf("LOC%03d", i) || len(b.Passengers) != 1 || len(b.Passengers[0].Documents) != 1 {
					t.Fatalf("booking %d is %+v", i, b)
				}
			}
		})
	}
}

// TestReuse: a decoder that reuses its memory says what a fresh one says, whatever it read before.
func TestReuse(t *testing.T) {
	t.Parallel()
	d := pnrgov.Decoder{Reuse: true}
	files, _ := filepath.Glob("testdata/*.edi")
	for range 2 {
		for _, file := range files {
			raw, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			want := read(t, raw)
			r := edifact.NewReader(raw)
			for i := 0; r.Next(); i++ {
				if diff := cmp.Diff(string(want[i].AppendJSON(nil)), string(d.Decode(r, received).AppendJSON(nil))); diff != "" {
					t.Fatalf("%s: %s", file, diff)
				}
			}
		}
	}
}

func TestSeparatorsThatMeanSomethingElsewhere(t *testing.T) {
	t.Parallel()
	raw := push(booking("QX7KQ2", docs+"IFT+4+HE SAID OK'"))
	want := bookings(one(t, raw))
	for _, seps := range []string{"^|.\\*$", "*|.?+~", ".^,\\*|", "$*.?(!", "[].?*{", "|+.?*;"} {
		swapped := strings.NewReplacer(":", seps[0:1], "+", seps[1:2], "'", seps[5:6]).Replace(raw[9:])
		m := one(t, "UNA"+seps+swapped)
		if got := bookings(m); got != want || len(m.Warnings) > 0 {
			t.Errorf("%s: %s %v", seps, got, m.Warnings)
		}
	}
}

func TestWrappedLines(t *testing.T) {
	t.Parallel()
	raw := push(booking("QX7KQ2", docs+"IFT+4+HE SAID OK'SSR+MOML:HK:1:ZZ:::::QJFXZBVN'"))
	want := one(t, raw)
	for _, width := range []int{69, 78, 7} {
		var b strings.Builder
		for i := 0; i < len(raw); i += width {
			if i > 0 {
				b.WriteString("\r\n")
			}
			b.WriteString(raw[i:min(i+width, len(raw))])
		}
		m := one(t, b.String())
		if width > 9 && bookings(m) != bookings(want) || m.Withheld != want.Withheld {
			t.Errorf("at %d: %s", width, m.AppendJSON(nil))
		}
		if masked := mask([]byte(b.String()), []*pnrgov.Message{m}); bytes.Contains(masked, []byte("QJF")) {
			t.Errorf("%s", masked)
		}
	}
}

func TestWhatIsMissingIsToldAndTheRestStands(t *testing.T) {
	t.Parallel()
	raw := push(booking("QX7KQ2", docs), booking("QX7KQ3", docs))
	for cut, c := range map[string]struct {
		rule     string
		bookings int
	}{
		"MSG+:22'": {"missing_segment", 2}, "ORG+ZZ:DXB'TVL": {"missing_segment", 2}, "RCI+ZZ:QX7KQ2::011026:0915'": {"missing_segment", 2},
		"SRC'RCI+ZZ:QX7KQ2": {"missing_segment", 2}, "SRC'RCI+ZZ:QX7KQ3": {"missing_segment", 2}, "EQN+2'": {"missing_segment", 2},
		"TVL+241126:1030:241126:1445+DXB+LHR+ZZ+417'": {"missing_segment", 2}, "DAT+700:231126:2010'": {"", 2},
	} {
		with := strings.Replace(raw, cut, strings.TrimPrefix(strings.TrimPrefix(cut, "ORG+ZZ:DXB'"), "SRC'"), 1)
		if !strings.HasPrefix(cut, "SRC") && !strings.HasSuffix(cut, "TVL") {
			with = strings.Replace(raw, cut, "", 1)
		}
		m := one(t, with)
		if len(m.Bookings) != c.bookings || len(m.Bookings[1].Passengers) != 1 || len(m.Bookings[0].Passengers) != 1 {
			t.Errorf("without %s: %s", cut, m.AppendJSON(nil))
		}
		if c.rule != "" && !slices.Contains(rules(m.Warnings), c.rule) {
			t.Errorf("without %s: %v", cut, rules(m.Warnings))
		}
	}
}

func TestTravellers(t *testing.T) {
	t.Parallel()
	head, tail := "SRC'RCI+ZZ:QX7KQ2'DAT+700:231126:2010'ORG+ZZ:DXB'", "TVL+241126:1030:241126:1445+DXB+LHR+ZZ+417:Y'RPI+1+HK'"
	for name, c := range map[string]struct{ body, want string }{
		"without DOCS": {"TIF+ROE+ANN:A:1'" + tail, `[{"surname":"ROE","given":"ANN","type":"ADT"}]`},
		"DOCS in GR5 by reference": {"TIF+ROE+ANNMRS:A:01.01'TIF+ROE+BOBMR:A:01.02'" + tail + "SSR+DOCS:HK:1:ZZ:::::/P/GBR/925665416/GBR/29FEB84/F/30JUN31/ROE/ANN+::1.1'",
			`[{"surname":"ROE","given":"ANN","type":"ADT","born":"1984-02-29","sex":"F","nationality":"GBR","documents":[{"type":"P","number":"925665416","issuer":"GBR","expires":"2031-06-30"}]},{"surname":"ROE","given":"BOBMR","type":"ADT"}]`},
		"DOCS before TIF by name": {"SSR+DOCS:HK:1:ZZ:::::/P/GBR/925665416/GBR/29FEB84/M/30JUN31/ROE/BOB'TIF+ROE+ANNMRS:A:1'TIF+ROE+BOBMR:A:2'" + tail,
			`[{"surname":"ROE","given":"ANNMRS","type":"ADT"},{"surname":"ROE","given":"BOB","type":"ADT","born":"1984-02-29","sex":"M","nationality":"GBR","documents":[{"type":"P","number":"925665416","issuer":"GBR","expires":"2031-06-30"}]}]`},
		"several of one surname in a TIF": {"TIF+ROE+ANN:A:1+BOB:C:2'SSR+SEAT:HK:2:ZZ:::DXB:LHR+01A::1+1B::2'" + tail,
			`[{"surname":"ROE","given":"ANN","type":"ADT","seats":["1A"]},{"surname":"ROE","given":"BOB","type":"CHD","seats":["1B"]}]`},
		"infant by INFT only": {"TIF+ROE+ANN:A:1:1'SSR+INFT:HK:1:ZZ:::::ROE/TAVI 05MAR26'" + tail + "SSR+INFT:HK:1:ZZ:::::ROE/TAVI 05MAR26+::1'",
			`[{"surname":"ROE","given":"ANN","type":"ADT"},{"surname":"ROE","given":"TAVI","type":"INF","born":"2026-03-05"}]`},
		"infant by DOCS only": {"TIF+ROE+ANN:A:1:1'SSR+DOCS:HK:1:ZZ:::::/P/GBR/1234567/GBR/05MAR26/FI/04MAR31/ROE/TAVI-1ROE/ANN'" + tail,
			`[{"surname":"ROE","given":"ANN","type":"ADT"},{"surname":"ROE","given":"TAVI","type":"INF","born":"2026-03-05","sex":"F","nationality":"GBR","documents":[{"type":"P","number":"1234567","issuer":"GBR","expires":"2031-03-04"}]}]`},
		"infant by its age and the name tail": {"TIF+ROE+ANN:A:1:1'SSR+DOCS:HK:1:ZZ:::::/P/GBR/1234567/GBR/05MAR26/F/04MAR31/ROE/TAVI-1ROE/ANN'" + tail,
			`[{"surname":"ROE","given":"ANN","type":"ADT"},{"surname":"ROE","given":"TAVI","type":"INF","born":"2026-03-05","sex":"F","nationality":"GBR","documents":[{"type":"P","number":"1234567","issuer":"GBR","expires":"2031-03-04"}]}]`},
		"another given name is no infant": {"TIF+ROE+BOBMR:A:1'SSR+DOCS:HK:1:ZZ:::::/P/GBR/1234567/GBR/05MAR76/M/04MAR31/ROE/ROBERT-1ROE/BOBMR'" + tail,
			`[{"surname":"ROE","given":"BOBMR","type":"ADT","born":"1976-03-05","sex":"M","nationality":"GBR","documents":[{"type":"P","number":"1234567","issuer":"GBR","expires":"2031-03-04"}]}]`},
		"frequent flyer with a blank": {"TIF+ROE+SAM:A:1'SSR+FQTV:HK:1:ZZ:::::ZZ 55001122 GOLD'FTI+ZZ:55001122:1'" + tail, `[{"surname":"ROE","given":"SAM","type":"ADT","frequent_flyer":["ZZ55001122"]}]`},
		"infant with a TIF of its own": {"TIF+ROE+ANN:A:1:1'SSR+INFT:HK:1:ZZ:::::ROE/TAVI 05MAR26'TIF+ROE+TAVI:IN:2'" + tail,
			`[{"surname":"ROE","given":"ANN","type":"ADT"},{"surname":"ROE","given":"TAVI","type":"INF","born":"2026-03-05"}]`},
		"child by CHLD":               {"TIF+ROE+SAM::1'SSR+CHLD:HK:1:ZZ:::::12MAR18'" + tail, `[{"surname":"ROE","given":"SAM","type":"CHD","born":"2018-03-12"}]`},
		"redress and known traveller": {"TIF+ROE+SAM:A:1'SSR+DOCO:HK:1:ZZ:::::/LONDON GBR/K/12345678///USA'SSR+DOCO:HK:1:ZZ:::::R/2205416'" + tail, `[{"surname":"ROE","given":"SAM","type":"ADT","birthplace":"LONDON GBR","redress":"2205416","known_traveller":"12345678"}]`},
		"travellers by DOCS alone": {"SSR+DOCS:HK:1:ZZ:::::/P/GBR/925665416/GBR/29FEB84/M/30JUN31/ROE/BOB'" + tail,
			`[{"surname":"ROE","given":"BOB","type":"ADT","born":"1984-02-29","sex":"M","nationality":"GBR","documents":[{"type":"P","number":"925665416","issuer":"GBR","expires":"2031-06-30"}]}]`},
		"seat of another flight comes after": {"TIF+ROE+SAM:A:1'TVL+231126:2100:241126:0540+AKL+DXB+ZZ+449:Q'SSR+SEAT:HK:1:ZZ:::AKL:DXB+9C::1'" + tail + "SSR+SEAT:HK:1:ZZ:::DXB:LHR+12A::1'DAT+2:241126:0742'TRI++045:::1'SSD+014B++++Y'",
			`[{"surname":"ROE","given":"SAM","type":"ADT","seats":["14B","9C"]}]`},
		"passport by FOID": {"TIF+ROE+SAM:A:1'SSR+FOID:HK:1:ZZ:::::PPGB1234567'" + tail, `[{"surname":"ROE","given":"SAM","type":"ADT","documents":[{"type":"P","number":"1234567","issuer":"GBR"}]}]`},
		"references absent, by their order": {"TIF+ROE+SAM:A'TIF+ROE+ANN:A'SSR+SEAT:HK:2:ZZ:::DXB:LHR+1A::1+1B::2'" + tail,
			`[{"surname":"ROE","given":"SAM","type":"ADT","seats":["1A"]},{"surname":"ROE","given":"ANN","type":"ADT","seats":["1B"]}]`},
		"colon in the text": {"TIF+ROE+ANN:A:1'SSR+DOCS:HK:1:ZZ:::::/P/GBR/92566:5416/GBR/29FEB84/F//ROE/ANN'" + tail,
			`[{"surname":"ROE","given":"ANN","type":"ADT","born":"1984-02-29","sex":"F","nationality":"GBR","documents":[{"type":"P","number":"92566:5416","issuer":"GBR"}]}]`},
	} {
		m := one(t, push(head+c.body))
		b := pnrgov.Booking{Passengers: m.Bookings[0].Passengers}
		text := string((&pnrgov.Message{Bookings: []pnrgov.Booking{b}}).AppendJSON(nil))
		if got := strings.TrimSuffix(strings.TrimPrefix(text, `{"format":"","bookings":[{"passengers":`), `}]}`); got != c.want {
			t.Errorf("%s:\ngot  %s\nwant %s", name, got, c.want)
		}
	}
}

func TestThePreparationDateTurnedRound(t *testing.T) {
	t.Parallel()
	raw := push(booking("QX7KQ2", docs))
	want := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
	if m := one(t, raw); !m.Prepared.Equal(want) || len(m.Warnings) > 0 {
		t.Error(m.Prepared, m.Warnings)
	}
	if m := one(t, strings.Replace(raw, "+261124:0900+", "+241126:0900+", 1)); !m.Prepared.Equal(want) || !slices.Equal(rules(m.Warnings), []string{"bad_date"}) {
		t.Error(m.Prepared, m.Warnings)
	}
}

func TestNotHeldIsCancelled(t *testing.T) {
	t.Parallel()
	for status, want := range map[string]bool{"HK": false, "HX": true, "UN": true, "UC": true, "NO": true, "XX": true, "TK": false} {
		raw := push("SRC'RCI+ZZ:QX7KQ2'TIF+ROE+ANN:A:1'TVL+241126:1030:241126:1445+DXB+LHR+ZZ+417:Y'RPI+1+" + status + "'TVL+251126:1030+LHR+CDG+ZZ+9:Y'RPI+1+HK'")
		if got := one(t, raw).Bookings[0].Cancelled; got != want {
			t.Errorf("%s: %v", status, got)
		}
	}
}

func TestMessagesOfOtherKindsAndBrokenOnes(t *testing.T) {
	t.Parallel()
	good := push(booking("QX7KQ2", docs))
	raw := good + "UNB+IATA:1+ZZ+X+261124:0900+2'UNH+1+PAXLST:D:02B'BGM+745'UNT+3+1'UNZ+1+2'\r\n" + good
	got := read(t, []byte(raw))
	if len(got) != 3 || got[0].Error != nil || got[1].Error == nil || got[1].Error.Rule != "unknown_message_type" || got[2].Error != nil || len(got[2].Bookings) != 1 {
		t.Fatalf("%d messages", len(got))
	}
	for _, raw := range []string{"", " \r\n", "Dear colleagues, please find the list attached.", "'''''", "UNB++++++", "\x00\x01\x02"} {
		if got := read(t, []byte(raw)); len(got) != 1 || got[0].Error == nil || got[0].Error.Message == "" || got[0].Error.Mend == "" {
			t.Errorf("%q: %v", raw, got)
		}
	}
}

// TestHugeMessagesCostTheirReadingOnly: what grows with the square of a booking, and what grows without end.
func TestHugeMessagesCostTheirReadingOnly(t *testing.T) {
	t.Parallel()
	const n = 8_000
	for name, raw := range map[string]string{
		"travellers and seats": push("SRC'RCI+ZZ:A'" + strings.Repeat("TIF+A+B:A'", n) + strings.Repeat("SSR+SEAT:HK:1:ZZ:::A:B+1A::9'", n)),
		"names":                push("SRC'RCI+ZZ:A'" + strings.Repeat("TIF+A+B:A'", n) + "TVL+++CDG+ZZ+1'" + strings.Repeat("SSR+DOCS:HK:1:ZZ:::::/P/A/1/A/01JAN80/M//D/E'", n)),
		"contacts":             push("SRC'RCI+ZZ:A'" + strings.Repeat("ADD++700:A'ADD++700:B:C'", n)),
		"tickets":              push("SRC'RCI+ZZ:A'TIF+A+B:A:1'" + strings.Repeat("TKT+1'TKT+2'TKT+3'", n)),
		"bookings":             push(strings.Repeat("SRC'", n)),
		"unknown":              push("SRC'" + strings.Repeat("QQQ+1'x?'", n)),
	} {
		began := time.Now()
		m := one(t, raw)
		if len(m.Bookings) == 0 && name != "bookings" && name != "unknown" || len(m.Warnings) > 2*edifact.MaxFaults+10 {
			t.Errorf("%s: %d bookings, %d warnings", name, len(m.Bookings), len(m.Warnings))
		}
		if took := time.Since(began); took > 30*time.Second {
			t.Errorf("%s took %v", name, took)
		}
	}
	if m := one(t, push(booking("QX7KQ2", docs)+strings.Repeat("PTK'", pnrgov.MaxSegments))); len(m.Bookings) != 1 || len(m.Lost) != 1 || m.Lost[0].Rule != "too_long" {
		t.Errorf("%d bookings, lost %+v", len(m.Bookings), m.Lost)
	}
}

// TestSpoiled spoils the samples in every way a gate has seen, and holds what is true of any input.
func TestSpoiled(t *testing.T) {
	t.Parallel()
	var seeds [][]byte
	files, _ := filepath.Glob("testdata/*.edi")
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		seeds = append(seeds, raw)
	}
	r := rand.New(rand.NewPCG(1, 2))
	for range 250 {
		raw := spoil(r, seeds)
		invariants(t, raw)
	}
}

const oddBytes = "'+:?*\"<>{}[]\\/\x00\xff\r\n 0AZ"

func spoil(r *rand.Rand, seeds [][]byte) []byte {
	b := bytes.Clone(seeds[r.IntN(len(seeds))])
	for range []int{1, 1, 2, 5, 30}[r.IntN(5)] {
		if len(b) == 0 {
			return b
		}
		i := r.IntN(len(b))
		switch r.IntN(6) {
		case 0:
			b[i] = byte(r.IntN(256))
		case 1:
			b = slices.Delete(b, i, min(len(b), i+1+r.IntN(40)))
		case 2:
			junk := make([]byte, 1+r.IntN(20))
			for k := range junk {
				junk[k] = oddBytes[r.IntN(len(oddBytes))]
			}
			b = slices.Insert(b, i, junk...)
		case 3:
			part := bytes.Clone(b[i:min(len(b), i+1+r.IntN(400))])
			for range []int{1, 2, 20}[r.IntN(3)] {
				b = slices.Insert(b, i, part...)
			}
		case 4:
			b = b[:i]
		case 5:
			o := seeds[r.IntN(len(seeds))]
			b = append(b[:i:i], o[r.IntN(len(o)):]...)
		}
	}
	return b
}

// invariants hold for every input.
func invariants(t testing.TB, raw []byte) {
	t.Helper()
	got := read(t, raw)
	for _, m := range got {
		decoded(t, m)
		for _, r := range m.Masks {
			if r.Offset < 0 || r.Length <= 0 || r.Offset+r.Length > len(raw) {
				t.Fatalf("mask %v of %d bytes: %q", r, len(raw), raw)
			}
		}
		for _, f := range slices.Concat(m.Warnings, m.Lost) {
			if f.Offset < 0 || f.Offset > len(raw) || f.Length < 0 || f.Offset+f.Length > len(raw) || f.Rule == "" || f.Message == "" {
				t.Fatalf("fault %+v of %d bytes: %q", f, len(raw), raw)
			}
		}
		for _, b := range m.Bookings {
			if b.Offset < 0 || b.Length < 0 || b.Offset+b.Length > len(raw) {
				t.Fatalf("booking at %d, %d long", b.Offset, b.Length)
			}
		}
		if again := pnrgov.Append(nil, m, pnrgov.Options{}); m.Error == nil && len(read(t, again)) == 0 {
			t.Fatalf("written, nothing is read back: %q", again)
		}
	}
	again := read(t, raw)
	for i := range got {
		if !bytes.Equal(got[i].AppendJSON(nil), again[i].AppendJSON(nil)) {
			t.Fatalf("read twice, it says two things: %q", raw)
		}
	}
	// The copy that is stored gives nothing away.
	for _, m := range read(t, mask(raw, got)) {
		for _, l := range m.Lost {
			_ = l
		}
		if !m.Withheld.IsZero() && !lost(got) {
			t.Fatalf("the masked copy still holds %v: %q\n%q", m.Withheld, raw, mask(raw, got))
		}
	}
}

// lost tells that parts were blanked whole, which can make other messages of the rest.
func lost(messages []*pnrgov.Message) bool {
	return slices.ContainsFunc(messages, func(m *pnrgov.Message) bool { return len(m.Lost) > 0 || m.Error != nil })
}

func FuzzRead(f *testing.F) {
	files, _ := filepath.Glob("testdata/*.edi")
	for _, file := range files {
		raw, _ := os.ReadFile(file)
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw []byte) { invariants(t, raw) })
}

func BenchmarkRead(b *testing.B) {
	var all []string
	for i := range 200 {
		all = append(all, booking(fmt.Sprintf("LOC%03d", i), docs+"SSR+TKNE:HK:1:ZZ:::DXB:LHR:9993001122334C1'TKT+9993001122334:T:1'MON+B:1450.00:AED+T:1780.00:AED'"+
			"FOP+CC::1780.00:VI:411111XXXXXX1111:0829'IFT+4:28::ZZ+PLS SEAT TOGETHER WITH HER COUSIN'SSR+VGML:HK:1:ZZ:::DXB:LHR+::1'"))
	}
	raw := []byte(push(all...))
	r := edifact.NewReader(raw)
	d := pnrgov.Decoder{Reuse: true}
	b.SetBytes(int64(len(raw)))
	b.ReportAllocs()
	for b.Loop() {
		r.Reset(raw)
		for r.Next() {
			if m := d.Decode(r, received); len(m.Bookings) != 200 || len(m.Warnings) > 0 {
				b.Fatal(len(m.Bookings), m.Warnings)
			}
		}
	}
	b.ReportMetric(float64(bytes.Count(raw, []byte("'"))), "segments")
}

func BenchmarkAppendJSON(b *testing.B) {
	var all []string
	for i := range 200 {
		all = append(all, booking(fmt.Sprintf("LOC%03d", i), docs))
	}
	var m *pnrgov.Message
	_ = pnrgov.Read([]byte(push(all...)), received, func(x *pnrgov.Message) error { m = x; return nil })
	var out []byte
	b.ReportAllocs()
	for b.Loop() {
		out = m.AppendJSON(out[:0])
		b.SetBytes(int64(len(out)))
	}
}
