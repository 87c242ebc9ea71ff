package cargoimp_test

import (
	"testing"

	"github.com/rihla/rihla/formats/cargoimp"
)

// A house costs few allocations: what it keeps are parts of one copy of the file.
func TestAllocations(t *testing.T) { // not parallel: it counts what the whole process allocates
	const most = 45 // a house, measured 33
	raw, n := manyHouses(t)
	got := testing.AllocsPerRun(20, func() {
		if err := cargoimp.Read(raw, received, func(*cargoimp.Message) error { return nil }); err != nil {
			t.Error(err)
		}
	}) / float64(n)
	if got > most {
		t.Errorf("%.1f allocations a house, want at most %d", got, most)
	}
}
