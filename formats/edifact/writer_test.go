package edifact_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/rihla/rihla/formats/edifact"
)

type segment struct {
	Tag      string
	Elements [][]string
}

func trimmed(in segment) segment {
	out := segment{Tag: in.Tag}
	for _, e := range in.Elements {
		for len(e) > 1 && e[len(e)-1] == "" {
			e = e[:len(e)-1]
		}
		out.Elements = append(out.Elements, e)
	}
	for n := len(out.Elements); n > 0 && len(out.Elements[n-1]) == 1 && out.Elements[n-1][0] == ""; n-- {
		out.Elements = out.Elements[:n-1]
	}
	return out
}

var separators = rapid.SampledFrom([]edifact.Separators{
	edifact.Default,
	{Component: '^', Element: '|', Decimal: '.', Release: '\\', Repetition: ' ', Terminator: '~'},
	{Component: '$', Element: '.', Decimal: ',', Release: '*', Repetition: '+', Terminator: '"'},
	{Component: 0x1F, Element: 0x1D, Decimal: '.', Release: '?', Repetition: ' ', Terminator: 0x1C},
	{Component: '(', Element: '[', Decimal: '.', Release: ')', Repetition: ' ', Terminator: '\''},
})

// What is written is read back equal, whatever the text and the separators, without a fault.
func TestRoundTrip(t *testing.T) {
	t.Parallel()
	text := rapid.StringOfN(rapid.OneOf(rapid.RuneFrom([]rune("AB z09'+:?\"|^$.\\*~([)LOC")), rapid.RuneFrom([]rune("éØعж€"))), 0, 12, -1)
	one := rapid.Custom(func(t *rapid.T) segment {
		return trimmed(segment{
			Tag:      rapid.SampledFrom([]string{"NAD", "LOC", "FTX", "RFF", "SSR", "TIF", "SRC", "XYZ"}).Draw(t, "tag"),
			Elements: rapid.SliceOfN(rapid.SliceOfN(text, 1, 4), 0, 5).Draw(t, "elements"),
		})
	})
	rapid.Check(t, func(t *rapid.T) {
		seps := separators.Draw(t, "separators")
		want := rapid.SliceOfN(one, 0, 8).Draw(t, "segments")
		lines := rapid.Bool().Draw(t, "lines")
		w := edifact.NewWriter(nil, seps)
		w.Lines = lines
		w.Interchange(edifact.Interchange{Syntax: "UNOW", SyntaxVersion: "4", Sender: "ZZ", Recipient: "PIU", PreparedRaw: "261124:0900", Reference: "1"})
		w.Group(edifact.Group{Type: "PAXLST", Reference: "7", Agency: "UN", Version: "D:05B"})
		w.Message(edifact.Message{Reference: "M1", Type: "PAXLST", Version: "D:05B:UN:IATA", Access: "A", Part: 2, Final: true})
		for _, s := range want {
			w.Segment(s.Tag)
			for _, e := range s.Elements {
				w.Element(e...)
			}
			w.End()
		}
		w.EndInterchange()

		r := edifact.NewReader(w.Bytes())
		if !r.Next() {
			t.Fatal("no message")
		}
		var got []segment
		for r.Scan() {
			s := r.Segment()
			g := segment{Tag: s.Tag}
			for e := 1; e <= s.Elements(); e++ {
				var cs []string
				for c := 1; c <= s.Components(e); c++ {
					cs = append(cs, s.Component(e, c))
				}
				g.Elements = append(g.Elements, cs)
			}
			got = append(got, g)
		}
		m := r.Message()
		if len(m.Faults) > 0 || m.Broken != nil || !m.Whole || m.Final != true || m.Part != 2 || m.Version != "D:05B:UN:IATA" {
			t.Fatalf("%+v %s", m, w.Bytes())
		}
		if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" && len(want)+len(got) > 0 {
			t.Fatalf("%s\n%s", diff, w.Bytes())
		}
		if r.Next() {
			t.Fatal("more than one message")
		}
	})
}

// A fold at any column changes no text.
func TestFolds(t *testing.T) {
	t.Parallel()
	w := edifact.NewWriter(nil, edifact.Default)
	w.Interchange(edifact.Interchange{Syntax: "UNOA", SyntaxVersion: "4", Sender: "ZZAIR", Recipient: "PIU", PreparedRaw: "261124:0900", Reference: "1"})
	w.Message(edifact.Message{Reference: "1", Type: "PAXLST", Version: "D:05B:UN:IATA", Part: 1, Final: true})
	for i := range 12 {
		w.Segment("NAD")
		w.Element("FL")
		w.Skip(2)
		w.Element("O'CONNOR", fmt.Sprint("JANE ", i))
		w.End()
		w.Segment("LOC")
		w.Element("178")
		w.Element("LHR")
		w.End()
	}
	w.EndInterchange()
	flat := string(w.Bytes())
	want := dump(flat)
	for _, eol := range []string{"\r\n", "\n"} {
		for width := 40; width <= 90; width++ {
			var b strings.Builder
			for i := 0; i < len(flat); i += width {
				b.WriteString(flat[i:min(len(flat), i+width)] + eol)
			}
			if diff := cmp.Diff(want, dump(b.String())); diff != "" {
				t.Fatalf("width %d: %s", width, diff)
			}
		}
	}
}

func dump(text string) (out []string) {
	r := edifact.NewReader([]byte(text))
	for r.Next() {
		for r.Scan() {
			s := r.Segment()
			line := fmt.Sprint(s.Number, s.Tag)
			for e := 1; e <= s.Elements(); e++ {
				line += "+"
				for c := 1; c <= s.Components(e); c++ {
					line += s.Component(e, c) + ":"
				}
			}
			out = append(out, line)
		}
		for _, f := range r.Message().Faults {
			out = append(out, f.Rule)
		}
		if b := r.Message().Broken; b != nil {
			out = append(out, b.Rule)
		}
	}
	return out
}
