package edifact_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rihla/rihla/formats/edifact"
)

// Every segment comes with its number and its bytes, the envelope's too; numbers begin anew with each interchange.
func TestWalk(t *testing.T) {
	t.Parallel()
	const file = "UNA:+.? 'UNB+UNOA:4+ZZ+R+261124:0900+1'\r\nUNH+1+PAXLST:D:05B:UN:IATA'BGM+745'UNT+3+1'UNZ+1+1'\r\n" +
		"UNB+UNOA:4+ZZ+R+261124:0901+2'UNH+1+PAXLST:D:05B:UN:IATA'BGM+250'UNT+3+1'UNZ+1+2'"
	var got []string
	edifact.Walk([]byte(file), func(s *edifact.Segment) {
		if !strings.HasPrefix(file[s.Offset:], s.Tag) {
			t.Errorf("segment %d (%s) is said to begin at %d, where %q stands", s.Number, s.Tag, s.Offset, file[s.Offset:][:3])
		}
		got = append(got, s.Tag)
	})
	want := strings.Fields("UNB UNH BGM UNT UNZ UNB UNH BGM UNT UNZ")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	edifact.Walk([]byte("PK\x03\x04 no message"), func(s *edifact.Segment) { t.Errorf("segment %s of no EDIFACT", s.Tag) })
}
