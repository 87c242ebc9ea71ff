package collection

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rihla/rihla/formats/stix"
)

func filled(n int) *block {
	b := &block{}
	for i := range n {
		id := fmt.Sprintf("tool--%08x-0000-4000-8000-000000000000", i)
		b.add(entry{name: packName(id), version: 1, said: []byte("2026-01-01T00:00:00Z"), by: fmt.Sprint("giver ", i%3), spec: uint8(i % 2), level: stix.TLP(1 + i%5), added: int64(1000 + i*i)}, //nolint:gosec // small
			[]byte(fmt.Sprintf(`{"n":%d}`, i)))
	}
	return b
}

// A block comes back as it was written, and any choice of its bodies comes out joined.
func TestBlock(t *testing.T) {
	t.Parallel()
	for _, n := range []int{1, 2, 100, 1000} {
		b := filled(n)
		row := b.row(7)
		heads, _ := row[6].([]byte)
		bodies, _ := row[7].([]byte)
		got, err := unpack(heads, bodies)
		if err != nil {
			t.Fatal(err)
		}
		got.squeezed = b.squeezed
		if diff := cmp.Diff(b, got, cmp.AllowUnexported(block{}, entry{})); diff != "" {
			t.Fatal(diff)
		}
		for step := 1; step <= 4; step++ {
			var spans []span
			var want [][]byte
			for i := step - 1; i < n; i += step {
				spans, want = append(spans, span{b.ends[i] - len(b.body(i)), b.ends[i]}), append(want, b.body(i))
			}
			if len(spans) == 0 {
				continue
			}
			out, err := appendBodies([]byte("["), bodies, spans)
			if err != nil || string(out) != "["+string(bytes.Join(want, []byte(","))) {
				t.Fatalf("%d by %d: %v %s", n, step, err, out)
			}
		}
	}
}

func TestNames(t *testing.T) {
	t.Parallel()
	for _, id := range []string{
		"indicator--b0b33a54-3fbb-4a92-ab26-1c8ff3a6c1b3", "x-thing--00000000-0000-0000-0000-000000000000", "indicator--B0B33A54-3FBB-4A92-AB26-1C8FF3A6C1B3", "nonsense", "", "--", "x--b0b33a54_3fbb_4a92_ab26_1c8ff3a6c1b3",
		"indicator--g0b33a54-3fbb-4a92-ab26-1c8ff3a6c1b3",
	} {
		e := entry{name: packName(id)}
		if e.id() != id {
			t.Errorf("%q came back as %q", id, e.id())
		}
	}
	if got := (&entry{name: packName("x-thing--00000000-0000-4000-8000-000000000000")}).kind(); string(got) != "x-thing" {
		t.Errorf("its type is %s", got)
	}
}

// A row that is not as this program writes it is an error, never a panic.
func FuzzBlock(f *testing.F) {
	for _, n := range []int{1, 3, 50} {
		b := filled(n)
		f.Add(squeeze(b.heads()), squeeze(b.bodies))
	}
	var sh shadow
	sh.past[1][3] = 1_700_000_000_000_000
	f.Add(sh.pack(), []byte{asIs})
	f.Fuzz(func(t *testing.T, heads, bodies []byte) {
		if len(heads) > 0 && heads[0] == zstandard {
			heads[0] = asIs // the packer is not on trial
		}
		if b, err := unpack(heads, append([]byte{asIs}, bodies...)); err == nil {
			for i := range b.entries {
				_, _, _ = b.body(i), b.entries[i].id(), b.entries[i].text()
			}
		}
		if sh, err := unpackShadow(heads); err == nil {
			if again, err := unpackShadow(sh.pack()); err != nil || again != sh {
				t.Fatal("a shadow does not come back", err)
			}
		}
	})
}
