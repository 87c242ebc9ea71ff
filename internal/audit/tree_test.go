package audit

import (
	"testing"

	"golang.org/x/mod/sumdb/tlog"
	"pgregory.net/rapid"
)

// The right edge must give the root that the full tree of golang.org/x/mod/sumdb/tlog gives, at every size.
func TestTheEdgeGivesTheRootOfTheFullTree(t *testing.T) {
	t.Parallel()
	var stored []tlog.Hash
	reader := tlog.HashReaderFunc(func(at []int64) (out []tlog.Hash, err error) {
		for _, i := range at {
			out = append(out, stored[i])
		}
		return out, nil
	})
	var mine tree
	for n := range int64(300) {
		leaf := tlog.RecordHash([]byte{byte(n), byte(n >> 8)})
		hashes, err := tlog.StoredHashesForRecordHash(n, leaf, reader)
		if err != nil {
			t.Fatal(err)
		}
		stored = append(stored, hashes...)
		mine.add(leaf)
		want, err := tlog.TreeHash(n+1, reader)
		if err != nil {
			t.Fatal(err)
		}
		if mine.root() != want {
			t.Fatalf("at %d leaves: %v, wanted %v", n+1, mine.root(), want)
		}
		if mine, err = grown(mine.size, mine.bytes()); err != nil || mine.root() != want {
			t.Fatalf("at %d leaves, kept and read again: %v", n+1, err)
		}
	}
	if _, err := grown(3, make([]byte, tlog.HashSize)); err == nil {
		t.Error("took an edge that does not fit")
	}
	if _, err := grown(-1, nil); err == nil {
		t.Error("took a negative size")
	}
}

// Rows that differ in any value, or in where one value ends and the next begins, hash apart.
func TestRowsThatDifferHashApart(t *testing.T) {
	t.Parallel()
	text := rapid.StringMatching(`[ab \x00]{0,3}`)
	draw := func(t *rapid.T, name string) row {
		return row{
			number: rapid.Int64Range(0, 2).Draw(t, name), at: rapid.Int64Range(0, 2).Draw(t, name),
			id: text.Draw(t, name), log: text.Draw(t, name), actor: text.Draw(t, name), role: text.Draw(t, name), action: text.Draw(t, name),
			report: text.Draw(t, name), touched: text.Draw(t, name), detail: text.Draw(t, name),
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		a, b := draw(t, "a"), draw(t, "b")
		ha, _ := a.hash(nil)
		hb, _ := b.hash(nil)
		if (ha == hb) != (a == b) {
			t.Fatalf("%v and %v", a, b)
		}
	})
}
