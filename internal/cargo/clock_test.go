package cargo

import (
	"encoding/binary"
	"slices"
	"testing"
	"testing/quick"
	"time"
)

// The heading of the telex network says when a message was sent, without month and year: the last such day before the
// receipt. What is no heading says nothing.
func TestOrigin(t *testing.T) {
	t.Parallel()
	received := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	for _, c := range []struct{ line, want string }{
		{".AMMOPXQ 020830", "2026-03-02T08:30:00Z"},
		{".AMMOPXQ 020930", "2026-03-02T09:30:00Z"}, // their clock goes before ours
		{".AMMOPXQ 281030", "2026-02-28T10:30:00Z"},
		{".AMMOPXQ 311030", "2026-01-31T10:30:00Z"}, // February has none
		{".AMMOPXQ 031030 REF", "2026-02-03T10:30:00Z"},
		{".AMMOPXQ 320830", ""}, {".AMMOPXQ 022561", ""}, {".AMMOPXQ", ""}, {"QU FRACPXH", ""}, {"", ""}, {". 02083", ""}, {".A -1-1-1", ""},
	} {
		at, ok := origin(c.line, received)
		got := ""
		if ok {
			got = at.Format(time.RFC3339)
		}
		if got != c.want {
			t.Errorf("%q is read as %q, should be %q", c.line, got, c.want)
		}
	}
}

// What is known of a value reads back as it was written, and a cut row reads as far as it goes.
func TestKnownReadsBack(t *testing.T) {
	t.Parallel()
	back := func(at int64, grams, other uint32, ids []string, firms []uint64) bool {
		k := &known{}
		for i, id := range ids {
			k.bears(sent{max(1, at>>8) + int64(i), int64(grams), uint64(other), id, uint64(grams) << 40, at >> 9}, 0)
		}
		for _, f := range firms {
			k.bears(sent{At: max(1, at>>8), ID: "x"}, f)
		}
		b := k.append(nil)
		r := readKnown(b)
		for cut := range b {
			readKnown(b[:cut])
		}
		return r.First == k.First && slices.Equal(r.Firms, k.Firms) && slices.Equal(r.Recent, k.Recent)
	}
	if err := quick.Check(back, &quick.Config{MaxCount: 200}); err != nil {
		t.Error(err)
	}
}

// A value joined with itself, or in another order, is the same.
func TestKnownIsAJoin(t *testing.T) {
	t.Parallel()
	var words []sent
	for i := range 20 {
		words = append(words, sent{int64(1000 - 7*i%20), int64(i * 1000), uint64(i % 3), string(rune('a' + i)), uint64(i % 4), int64(i)})
	}
	forth, back := &known{}, &known{}
	for i := range words {
		forth.bears(words[i], uint64(i%5+1))
		back.bears(words[len(words)-1-i], uint64((len(words)-1-i)%5+1))
	}
	twice := readKnown(forth.append(nil))
	twice.join(back)
	for _, k := range []*known{back, twice} {
		if k.First != forth.First || !slices.Equal(k.Firms, forth.Firms) || !slices.Equal(k.Recent, forth.Recent) {
			t.Errorf("joined it is %+v, should be %+v", k, forth)
		}
	}
}

// Five in a week are five to each of them, whichever came first; a sixth a month later is alone.
func TestCrowdIsTheSameForAllInIt(t *testing.T) {
	t.Parallel()
	k := &known{}
	day := func(n int) time.Time { return time.Date(2026, 3, n, 8, 0, 0, 0, time.UTC) }
	for i, n := range []int{1, 2, 4, 6, 7, 30} {
		k.bears(sent{At: day(n).UnixMicro(), Grams: 100_000, Other: 1, ID: string(rune('a' + i))}, 1)
	}
	for n, want := range map[int]int{1: 5, 4: 5, 7: 5, 30: 1} {
		if got := k.within(day(n), smallWindow, smallGrams); got != want {
			t.Errorf("on day %d there are %d, should be %d", n, got, want)
		}
	}
	if got := k.within(day(4), smallWindow, 50_000); got != 0 {
		t.Errorf("of light ones there are %d", got)
	}
}

// What a party's habits are is told of the year before, by those consignments whose way is known; a row of before ways were
// kept reads as one without.
func TestHabits(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 15, 8, 0, 0, 0, time.UTC)
	k := &known{}
	for i := range 12 {
		k.bears(sent{At: at.AddDate(0, -i, -1).UnixMicro(), Grams: 100_000, ID: string(rune('a' + i)), Way: uint64(1 + i%2), Each: 10_000}, 0)
	}
	k.bears(sent{At: at.AddDate(-1, 0, -1).UnixMicro(), ID: "long ago", Way: 3, Each: 10_000}, 0)
	k.bears(sent{At: at.UnixMicro(), ID: "itself", Way: 3, Each: 100_000}, 0)
	stored := readKnown(k.append(nil))
	for _, k := range []*known{k, stored} {
		all, same, away := k.habits(at, "itself", 3, 100_000)
		if all != 12 || same != 0 || away < 20 {
			t.Errorf("of a new way: %d %d %f", all, same, away)
		}
		if all, same, away := k.habits(at, "itself", 1, 10_100); all != 12 || same != 6 || away <= 0 || away > 1 {
			t.Errorf("of one gone before: %d %d %f", all, same, away)
		}
		if _, _, away := k.habits(at, "itself", 1, 0); away != 0 {
			t.Errorf("of an unknown weight: %f", away)
		}
	}
	whole := k.append(nil)
	old := readKnown(whole[:len(whole)-tail(k)])
	if all, same, away := old.habits(at, "itself", 3, 100_000); all != 0 || same != 0 || away != 0 || len(old.Recent) != len(k.Recent) {
		t.Errorf("of an old row: %d %d %f", all, same, away)
	}
}

// tail is how long what is written of ways and pieces is.
func tail(k *known) int {
	n := 0
	for _, s := range k.Recent {
		n += 8 + len(binary.AppendVarint(nil, s.Each))
	}
	return n
}
