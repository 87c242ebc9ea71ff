package names_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/rihla/rihla/internal/screening/names"
)

// What a pair may say at best, by which nearly all are passed over, is never less than what it says: cut names, initials,
// fields exchanged, words joined and torn, nicknames, more words than a signature holds.
func TestNoPairSaysMoreThanIsHeldPossible(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(11, 12))
	garble := func(n *names.Name) {
		letters := []byte(n.Given)
		if len(letters) == 0 {
			return
		}
		switch r.IntN(10) {
		case 0:
			n.Given = n.Given[:1+r.IntN(len(n.Given))]
		case 1:
			n.Surname, n.Given = n.Given, n.Surname
		case 2:
			n.Full, n.Surname, n.Given = n.Given+" "+n.Surname, "", ""
		case 3:
			n.Given, n.Full = n.Given+n.Surname, ""
		case 4:
			letters[r.IntN(len(letters))] = 'A' + byte(r.IntN(26))
			n.Given = string(letters)
		case 5:
			n.Given += " BIN " + invent(r).Names[0].Given + " " + invent(r).Names[0].Given + " ABDUL RAHMAN"
		case 6:
			n.Given = n.Given[:1] + " " + n.Given
		case 7:
			n.Surname = "عبد الرحمن الغامدي"
		}
	}
	people := listed(1_500)
	for i := range people {
		garble(&people[i].Names[0])
		people[i].Names[0].Weak = r.IntN(8) == 0
	}
	x := names.Build(people)
	compared := 0
	for range 150 {
		p := people[r.IntN(len(people))]
		p.Names = slices.Clone(p.Names)
		garble(&p.Names[0])
		pairs, n := x.Overlooked(&p)
		compared += n
		for _, pair := range pairs {
			t.Errorf("%+v says more of %s", p.Names[0], pair)
		}
	}
	if compared < 3_000 {
		t.Errorf("only %d pairs were compared", compared)
	}
}

func TestSeekIsBinarySearch(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		list := rapid.SliceOfNDistinct(rapid.Uint32Range(0, 300), 0, 200, rapid.ID).Draw(t, "list")
		slices.Sort(list)
		at := 0
		for _, name := range slices.Sorted(slices.Values(rapid.SliceOf(rapid.Uint32Range(0, 310)).Draw(t, "asked"))) {
			want, _ := slices.BinarySearch(list, name)
			if at = names.Seek(list, at, name); at != want {
				t.Fatalf("%d is at %d, not %d, of %v", name, want, at, list)
			}
		}
	})
}
