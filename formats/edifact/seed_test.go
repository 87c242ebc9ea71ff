package edifact_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/rihla/rihla/formats/edifact"
)

func seed(f *testing.F) {
	files, _ := filepath.Glob("testdata/*.edi")
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
}

// varied is a file of many messages that differ, for one message repeated flatters the branch predictor.
func varied(size int) []byte {
	w := edifact.NewWriter(nil, edifact.Default)
	for n := 0; len(w.Bytes()) < size; n++ {
		w.Interchange(edifact.Interchange{Syntax: "UNOA", SyntaxVersion: "4", Sender: "ZZAIR", Recipient: "PIU", PreparedRaw: "261124:0900", Reference: fmt.Sprint(n)})
		w.Message(edifact.Message{Reference: "1", Type: "PAXLST", Version: "D:05B:UN:IATA", Part: 1, Final: true})
		for i := range 100 {
			k := (n*100 + i) * 2654435761 % 1000003
			w.Segment("NAD")
			w.Element("FL")
			w.Skip(2)
			w.Element("SURNAME"[:1+k%7], "GIVEN NAMES OF"[:1+k%13], fmt.Sprint(k))
			w.End()
			w.Segment("DTM")
			w.Element("329", fmt.Sprint(100000+k%800000))
			w.End()
			if k%3 > 0 {
				w.Segment("RFF")
				w.Element("AVF", fmt.Sprintf("%06X", k))
				w.End()
			}
		}
		w.EndInterchange()
	}
	return w.Bytes()
}

func BenchmarkReader(b *testing.B) {
	raw := varied(4 << 20)
	b.SetBytes(int64(len(raw)))
	b.ReportAllocs()
	r := edifact.NewReader(nil)
	for b.Loop() {
		r.Reset(raw)
		for r.Next() {
			for r.Scan() {
			}
		}
	}
}
