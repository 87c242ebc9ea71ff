package edifact_test

import (
	"fmt"

	"github.com/rihla/rihla/formats/edifact"
)

// Every segment knows its number and its place; what is wrong with the envelope is told with the message.
func Example() {
	file := "UNB+UNOA:4+ZZAIR+PIU+261124:0900+1'UNH+M1+PAXLST:D:05B:UN:IATA'BGM+745'NAD+FL+++O?'HARA:MAY'UNT+9+M1'UNZ+1+1'"
	r := edifact.NewReader([]byte(file))
	for r.Next() {
		for r.Scan() {
			s := r.Segment()
			fmt.Printf("%d %d %s %q\n", s.Number, s.Offset, s.Tag, s.Component(4, 1))
		}
		for _, f := range r.Message().Faults {
			fmt.Println(f.Error())
		}
	}
	// Output:
	// 3 63 BGM ""
	// 4 71 NAD "O'HARA"
	// offset 92, segment 5 (UNT): UNT says 9 segments, there are 4
}

// The writer releases, counts and repeats references itself.
func ExampleWriter() {
	w := edifact.NewWriter(nil, edifact.Default)
	w.Interchange(edifact.Interchange{Syntax: "UNOA", SyntaxVersion: "4", Sender: "ZZAIR", Recipient: "PIU", PreparedRaw: "261124:0900", Reference: "1"})
	w.Message(edifact.Message{Reference: "M1", Type: "PAXLST", Version: "D:05B:UN:IATA"})
	w.Segment("NAD")
	w.Element("FL")
	w.Skip(2)
	w.Element("O'HARA", "MAY")
	w.End()
	w.EndInterchange()
	fmt.Printf("%s\n", w.Bytes())
	// Output: UNA:+.? 'UNB+UNOA:4+ZZAIR+PIU+261124:0900+1'UNH+M1+PAXLST:D:05B:UN:IATA'NAD+FL+++O?'HARA:MAY'UNT+3+M1'UNZ+1+1'
}
