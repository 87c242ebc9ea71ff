package paxlst_test

import (
	"testing"

	"github.com/rihla/rihla/formats/paxlst"
)

// Memory grows by message, not by segment: a list of 300 persons takes no more pieces of it than one of three.
func TestAllocations(t *testing.T) {
	raw := varied(4)
	d := paxlst.Decoder{Reuse: true}
	var out []byte
	decode := func() {
		d.Reset(raw, received)
		for {
			m, broken := d.Next()
			if m == nil && broken == nil {
				return
			}
			out = m.AppendJSON(out[:0])
		}
	}
	decode() // the arenas grow once
	if n := testing.AllocsPerRun(5, decode) / 4; n > 8 {
		t.Errorf("%v allocations a message of %d bytes", n, len(raw)/4)
	}
}
