package edifact

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// agree holds the two ways of cutting a segment together: whatever the bit sets say of one, the byte loop says too.
func agree(t interface{ Fatalf(string, ...any) }, raw []byte) (marked int) {
	read := func(s *Segment) (all [][]string) {
		for e := range s.Elements() + 2 {
			cs := []string{fmt.Sprint(s.Components(e))}
			for c := range 6 {
				cs = append(cs, s.Component(e, c))
			}
			all = append(all, append(cs, s.Element(e)))
		}
		a, b := s.Value()
		all = append(all, []string{a, b, s.Second(), fmt.Sprintf("%x", s.Key())})
		return all
	}
	r := NewReader(raw)
	for r.Next() {
		for r.Scan() {
			if !r.seg.marked {
				continue
			}
			marked++
			quick := read(&r.seg)
			slow := NewReader(raw)
			slow.use(r.seps)
			slow.seg.Tag, slow.seg.Offset = r.seg.Tag, r.seg.Offset
			slow.elementsFrom(r.seg.Offset + 3)
			if r.seg.Kind != kindAt(r.seg.Tag, 0) {
				t.Fatalf("%s is kind %d", r.seg.Tag, r.seg.Kind)
			}
			if diff := cmp.Diff(read(&slow.seg), quick); diff != "" || slow.seg.Length != r.seg.Length || slow.seg.dirty {
				t.Fatalf("%q: %s", r.seg.Raw(), diff)
			}
			r.seg.cut()
			if diff := cmp.Diff(read(&r.seg), quick); diff != "" {
				t.Fatalf("%q after cut: %s", r.seg.Raw(), diff)
			}
		}
	}
	return marked
}

func TestQuickAgreesWithTheByteLoop(t *testing.T) {
	t.Parallel()
	files, _ := filepath.Glob("testdata/*.edi")
	marked := 0
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		marked += agree(t, raw)
	}
	if marked < 500 {
		t.Errorf("only %d segments went the quick way", marked)
	}
	rapid.Check(t, func(t *rapid.T) {
		letters := rapid.SampledFrom([]string{"+", ":", "'", "+", ":", "A", "*", ",", "&", "(", ";", "9", "<", "@", " ", "?", "\n", "\x1f", "\xc3", "\u007f", "~", "LOC", "JANE DOE", "'LOC+", "'NAD+", "\xf2\nLOC+", "\x85BGM+", "?'RFF+"})
		body := ""
		for _, s := range rapid.SliceOfN(letters, 0, 60).Draw(t, "body") {
			body += s
		}
		agree(t, []byte("UNB+UNOA:4+A+B+261124:0900+1'UNH+1+X:1'LOC+1'NAD"+body+"'BGM+745'RFF+AVF:ABC'UNT+9+1'UNZ+1+1'                                                                                 "))
	})
}

// No two tags meet in the table, and every one has the number of its name.
func TestKinds(t *testing.T) {
	t.Parallel()
	for i := 0; i < len(knownTags); i += 4 {
		if tag := knownTags[i : i+3]; kindAt(tag, 0) != Kind(i/4+1) || known(tag, 0) != tag {
			t.Errorf("%s is kind %d", tag, kindAt(tag, 0))
		}
	}
	if kindAt("OSI", 0) != OSI || kindAt("NAD", 0) != NAD || kindAt("UNS", 0) != UNS || kindAt("XXX", 0) != 0 || kindAt("LO", 0) != 0 {
		t.Error("the names and the letters are not in one order")
	}
}
