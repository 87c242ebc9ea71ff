package edifact_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rihla/rihla/formats/edifact"
	"github.com/rihla/rihla/formats/fault"
)

const clean = "UNA:+.? '\nUNB+UNOA:4+ZZAIR+PIU+261124:0900+7'\nUNH+1+PAXLST:D:05B:UN:IATA+A1+01:F'\nBGM+745'\nNAD+FL+++ROE:JANE'\nLOC+178+DXB'\nUNT+5+1'\nUNZ+1+7'\n"

// What the field breaks, and what is said of it: rule@segment, in order; the body as it is read.
func TestDirt(t *testing.T) {
	t.Parallel()
	body := "3BGM 4NAD 5LOC"
	for _, c := range []struct{ name, from, to, faults, body string }{
		{"clean", "", "", "", body},
		{"no UNA", "UNA:+.? '\n", "", "", body},
		{"byte order mark", "UNA", "\ufeffUNA", "", body},
		{"Type-B header", "UNA", "\x01QU BAHXXXX\r\n.LHRZZ 241030\r\n\x02PDM\r\nUNA", "", body},
		{"host-to-host wrapper", "UNA:+.? '\n", "V.\\VDLG.WA/I1", "", body},
		{"control bytes at the end", "UNZ+1+7'\n", "UNZ+1+7'\n\x03\x00\x04", "", body},
		{"prose after the end", "UNZ+1+7'\n", "UNZ+1+7'\nKind regards,\nthe desk's team\n", "trailing_data@0", body},
		{"prose after UNT, UNZ lost", "UNZ+1+7'\n", "Kind regards", "trailing_data@0 missing_segment@7", body},
		{"prose between UNT and UNZ", "UNZ+1", "hello there\nUNZ+1", "trailing_data@0", body},
		{"UNA of five", "UNA:+.? '", "UNA:+.?'", "bad_una@0", body},
		{"UNA of seven", "UNA:+.? '", "UNA:+.?  '", "bad_una@0", body},
		{"UNA of another terminator", "UNA:+.? '", "UNA:+.? \"", "bad_una@0", body},
		{"UNA of other separators", "UNA:+.? '", "UNA|;.? '", "bad_una@0", body},
		{"UNA on the same line", "UNA:+.? '\n", "UNA:+.? '", "", body},
		{"terminator doubled", "ROE:JANE'", "ROE:JANE''", "", body},
		{"lower-case tag", "LOC+178", "loc+178", "bad_segment_tag@5", body},
		{"blank after the tag", "LOC+178", "LOC +178", "bad_segment_tag@5", body},
		{"indented lines", "\nLOC", "\n   \tLOC", "", body},
		{"terminator lost at a line's end", "ROE:JANE'\n", "ROE:JANE\n", "lost_terminator@4 count_mismatch@5", "3BGM 4NAD 4LOC"},
		{"terminator released", "ROE:JANE'\n", "ROE:JANE?'\n", "released_terminator@4 count_mismatch@5", "3BGM 4NAD 4LOC"},
		{"apostrophe not released", "ROE", "O'DONNELL", "bad_segment_tag@5", "3BGM 4NAD 6LOC"},
		{"two apostrophes not released", "ROE:JANE", "O'DONNELL:N'DEYE", "bad_segment_tag@5 bad_segment_tag@6", "3BGM 4NAD 7LOC"},
		{"apostrophe before a name of a tag's shape", "ROE:JANE", "D'ARC:JANE+X", "bad_segment_tag@5", "3BGM 4NAD 6LOC"},
		{"apostrophe before what looks a segment", "ROE:JANE", "JANE D'ARC", "bad_segment_tag@5", "3BGM 4NAD 6LOC"},
		{"count of the body alone", "UNT+5", "UNT+3", "count_mismatch@6", body},
		{"count with the envelope", "UNT+5", "UNT+7", "count_mismatch@6", body},
		{"no count", "UNT+5", "UNT+X", "count_mismatch@6", body},
		{"reference of UNT", "UNT+5+1", "UNT+5+2", "reference_mismatch@6", body},
		{"reference of UNZ", "UNZ+1+7", "UNZ+1+8", "reference_mismatch@7", body},
		{"UNT missing", "UNT+5+1'\n", "", "missing_segment@6", body},
		{"UNZ missing", "UNZ+1+7'\n", "", "missing_segment@7", body},
		{"UNE without UNG", "UNZ+1", "UNE+1+1'UNZ+1", "missing_segment@7", body},
		{"UNG without UNE", "UNH+1", "UNG+PAXLST+A+B+261124:0900+1+UN+D:05B'UNH+1", "missing_segment@8", "4BGM 5NAD 6LOC"},
		{"UNB missing", "UNA:+.? '\nUNB+UNOA:4+ZZAIR+PIU+261124:0900+7'\n", "", "missing_segment@1", "2BGM 3NAD 4LOC"},
		{"stray segment outside", "UNZ+1", "BGM+745'UNZ+1", "unexpected_segment@7", body},
		{"unknown tag is kept", "LOC+178", "ZZZ+178", "", "3BGM 4NAD 5ZZZ"},
		{"nonsense inside", "LOC+178+DXB'", "%%&/(%'LOC+178+DXB'", "bad_segment_tag@5 count_mismatch@7", "3BGM 4NAD 6LOC"},
		{"control byte in a name", "ROE", "R\x00OE", "bad_character@4", body},
		{"UTF-8 undeclared", "ROE", "RØE", "bad_character@4", body},
		{"ends in a segment", "LOC+178+DXB'\nUNT+5+1'\nUNZ+1+7'\n", "LOC+17", "truncated@5", "3BGM 4NAD"},
		{"ends in UNZ", "UNZ+1+7'\n", "UNZ+1+7", "truncated@7", body},
		{"ends in a release", "UNZ+1+7'\n", "UNZ+1+7?", "dangling_release@7", body},
		{"bad preparation date", "261124:0900", "261324:0900", "bad_date@1", body},
		{"two interchanges", "UNZ+1+7'\n", "UNZ+1+7'\n" + clean, "", body + " " + body},
		{"UNZ missing between interchanges", "UNZ+1+7'\n", clean, "missing_segment@7", body + " " + body},
		{"UNT and UNZ missing between interchanges", "UNT+5+1'\nUNZ+1+7'\n", clean, "missing_segment@6 missing_segment@6", body + " " + body},
		{"other separators in the second", "UNZ+1+7'\n", "UNZ+1+7'\n" + strings.NewReplacer(":", "^", "+", "|", "'", "~", "?", "\\").Replace(clean), "", body + " " + body},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			text := strings.Replace(clean, c.from, c.to, 1)
			r := edifact.NewReader([]byte(text))
			var segments, faults []string
			for r.Next() {
				for r.Scan() {
					segments = append(segments, fmt.Sprint(r.Segment().Number, r.Segment().Tag))
				}
				for _, f := range r.Message().Faults {
					faults = append(faults, fmt.Sprintf("%s@%d", f.Rule, f.Segment))
				}
				if b := r.Message().Broken; b != nil {
					faults = append(faults, "broken: "+b.Rule)
				}
			}
			if diff := cmp.Diff(c.faults, strings.Join(faults, " ")); diff != "" {
				t.Error("faults", diff)
			}
			if diff := cmp.Diff(c.body, strings.Join(segments, " ")); diff != "" {
				t.Error("body", diff)
			}
		})
	}
}

// Hostile files are read in one pass: none of these may take long, however it is cut.
func TestHostile(t *testing.T) {
	t.Parallel()
	head := "UNB+UNOA:4+A+B+261124:0900+1'UNH+1+PAXLST:D:05B'"
	for name, text := range map[string]string{
		"apostrophes":      strings.Repeat("'", 1_000_000),
		"UNB and plus":     "UNB" + strings.Repeat("+", 1_000_000),
		"NAD and plus":     head + "NAD" + strings.Repeat("+", 1_000_000) + "'LOC+1'UNT+4+1'UNZ+1+1'",
		"NAD and colons":   head + "NAD+" + strings.Repeat(":", 1_000_000) + "'",
		"broken tags":      head + strings.Repeat("?x'", 250_000),
		"unreleased":       head + strings.Repeat("NAD+O'X'", 100_000),
		"UN UN UN":         strings.Repeat("UN", 1_000_000),
		"UNA UNA":          strings.Repeat("UNA:+.? '", 100_000),
		"UNB UNB":          strings.Repeat("UNB+UNOA:4'", 100_000),
		"UNH UNH":          head + strings.Repeat("UNH+1+X:1'", 100_000),
		"interchanges":     strings.Repeat(head+"UNT+2+1'UNZ+1+1'", 50_000),
		"high bytes":       head + strings.Repeat("NAD+\xff'", 150_000),
		"high run":         head + "FTX+" + strings.Repeat("\xc3", 1_000_000) + "'",
		"controls":         head + "FTX+" + strings.Repeat("\x01A", 1_000_000) + "'",
		"releases":         head + "FTX+" + strings.Repeat("?", 1_000_000) + "'",
		"lines":            head + "FTX+" + strings.Repeat("\n", 1_000_000) + "'",
		"lost terminators": head + strings.Repeat("NAD+X\n", 150_000),
		"nothing":          strings.Repeat("\x00", 1_000_000),
	} {
		t.Run(name, func(t *testing.T) {
			begun := time.Now()
			r := edifact.NewReader([]byte(text))
			for n := 0; r.Next(); n++ {
				for r.Scan() {
					_ = r.Segment().Component(1, 2)
				}
				if got := len(r.Message().Faults); got > edifact.MaxFaults+1 {
					t.Fatalf("%d faults", got)
				}
			}
			if d := time.Since(begun); d > 20*time.Second { // what grows with the square takes minutes
				t.Errorf("took %v", d)
			}
		})
	}
}

// One element or component over the limit is told of, and the rest of the message is still read.
func TestLimits(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text string
		over bool
	}{
		{strings.Repeat("+", edifact.MaxElements), false},
		{strings.Repeat("+", edifact.MaxElements+1), true},
		{"+" + strings.Repeat(":", edifact.MaxComponents-1), false},
		{"+" + strings.Repeat(":", edifact.MaxComponents), true},
	} {
		faults, segments := readAll([]byte("UNB+UNOA:4+A+B+261124:0900+1'UNH+1+PAXLST:D:05B'FTX" + c.text + "'LOC+1'UNT+4+1'UNZ+1+1'"))
		over := len(faults) == 1 && faults[0].Rule == "too_long" && faults[0].Segment == 3
		if over != c.over || segments != 2 || !over && len(faults) > 0 {
			t.Errorf("%d: %d segments, %+v", len(c.text), segments, faults)
		}
	}
}

// A declared character set is decoded, and places stay those of the file.
func TestCharacterSets(t *testing.T) {
	t.Parallel()
	for set, c := range map[string]struct{ sent, want string }{
		"UNOC": {"M\xdcLLER", "MÜLLER"}, "UNOD": {"\xa3\xf3d\xbc", "Łódź"}, "UNOE": {"\xb8\xd2\xd0\xdd", "Иван"}, "UNOF": {"\xc1\xe8", "Αθ"},
		"UNOI": {"\xe5\xcd\xe5\xcf", "محمد"}, "UNOJ": {"\xf9\xec", "של"}, "UNOK": {"\xddstanbul", "İstanbul"}, "UNOW": {"محمد", "محمد"},
		"UNOA": {"M\xdcLLER", "MÜLLER"}, "IATA": {"MÜLLER", "MÜLLER"},
	} {
		text := strings.NewReplacer("UNOA", set, "ROE", c.sent).Replace(clean)
		r := edifact.NewReader([]byte(text))
		r.Next()
		for r.Scan() {
			s := r.Segment()
			if s.Tag != "NAD" {
				continue
			}
			if got := s.Component(4, 1); got != c.want {
				t.Errorf("%s: %q, want %q", set, got, c.want)
			}
			if at := s.Place(4, 1); text[at.Offset:at.Offset+at.Length] != c.sent {
				t.Errorf("%s: place %v", set, at)
			}
		}
	}
}

func TestSniff(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		clean: "PAXLST", "": "", "hello": "", strings.ReplaceAll(clean, "PAXLST", "PNRGOV"): "PNRGOV",
		"UNA^|.\\ ~UNB|UNOA^4|A|B|261124^0900|1~UNH|1|CUSRES^D~": "CUSRES",
	} {
		if got := edifact.Sniff([]byte(text)); got != want {
			t.Errorf("%q: %q, want %q", excerpt(text), got, want)
		}
	}
	if !edifact.Recognise([]byte("BGM+745'NAD+FL'")) || edifact.Recognise([]byte("<xml/>")) || edifact.Recognise([]byte("UNABLE TO SEND")) {
		t.Error("recognise")
	}
}

func excerpt(s string) string { return s[:min(len(s), 20)] }

func FuzzReader(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, raw []byte) {
		first := walk(t, raw)
		if diff := cmp.Diff(first, walk(t, raw)); diff != "" {
			t.Fatal("not the same twice", diff)
		}
	})
}

// walk reads everything and holds every place to the file.
func walk(t *testing.T, raw []byte) (faults []fault.Fault) {
	r := edifact.NewReader(raw)
	for r.Next() {
		last := -1
		for r.Scan() {
			s := r.Segment()
			if s.Offset < last || s.Offset+s.Length > len(raw) || len(s.Tag) != 3 {
				t.Fatalf("segment %+v", s)
			}
			last = s.Offset
			for e := 1; e <= s.Elements(); e++ {
				for c := 1; c <= s.Components(e); c++ {
					if at := s.Place(e, c); at.Offset < s.Offset || at.Offset+at.Length > len(raw) {
						t.Fatalf("place %+v", at)
					}
					s.Component(e, c)
				}
			}
			s.Raw()
		}
		faults = append(faults, r.Message().Faults...)
		if b := r.Message().Broken; b != nil {
			faults = append(faults, *b)
		}
	}
	for _, f := range faults {
		if f.Offset < 0 || f.Offset > len(raw) || f.Rule == "" || f.Message == "" || f.Mend == "" {
			t.Fatalf("fault %+v", f)
		}
	}
	return faults
}
