package matching

import (
	"bytes"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"slices"
)

// Commitment binds the asking side to whom it asked about, before it is answered, without telling. The root goes with the
// batch; the asking side's own watcher may have leaves opened later and compare them with what the carrier filed.
//
// A leaf is HMAC-SHA256 of a passenger's keys under a key of this batch. The tree is that of RFC 9162, section 2.1.
type Commitment struct {
	Key    []byte   `json:"key"`    // stays with the asking side
	Leaves [][]byte `json:"leaves"` // sorted, so that their order tells nothing
}

func commit(passengers [][]Key) Commitment {
	c := Commitment{Key: make([]byte, sha256.Size)}
	_, _ = rand.Read(c.Key) // never fails
	for _, keys := range passengers {
		c.Leaves = append(c.Leaves, c.leaf(keys))
	}
	slices.SortFunc(c.Leaves, bytes.Compare)
	return c
}

func (c Commitment) leaf(keys []Key) []byte {
	h := hmac.New(sha256.New, c.Key)
	sorted := slices.Sorted(slices.Values(keys))
	for _, k := range sorted {
		h.Write(binary.BigEndian.AppendUint32(nil, uint32(len(k)))) //nolint:gosec // keys are short
		h.Write([]byte(k))
	}
	return h.Sum(nil)
}

// Root is what the other side gets.
func (c Commitment) Root() []byte {
	if len(c.Leaves) == 0 {
		empty := sha256.Sum256(nil)
		return empty[:]
	}
	return subtree(c.Leaves)
}

func subtree(leaves [][]byte) []byte {
	if len(leaves) == 1 {
		sum := sha256.Sum256(append([]byte{0}, leaves[0]...))
		return sum[:]
	}
	k := split(len(leaves))
	return node(subtree(leaves[:k]), subtree(leaves[k:]))
}

func node(left, right []byte) []byte {
	sum := sha256.Sum256(append(append([]byte{1}, left...), right...))
	return sum[:]
}

// split is the largest power of two below n.
func split(n int) int {
	k := 1
	for k*2 < n {
		k *= 2
	}
	return k
}

// Opening shows one passenger to be among those committed to.
type Opening struct {
	Key   []byte   `json:"key"`
	Keys  []Key    `json:"keys"`
	Index int      `json:"index"`
	Count int      `json:"count"`
	Path  [][]byte `json:"path"`
}

// Open shows a passenger by the keys that were asked; ok is false for one who was not asked about.
func (c Commitment) Open(keys []Key) (o Opening, ok bool) {
	at, ok := slices.BinarySearchFunc(c.Leaves, c.leaf(keys), bytes.Compare)
	if !ok {
		return o, false
	}
	return Opening{Key: c.Key, Keys: keys, Index: at, Count: len(c.Leaves), Path: path(c.Leaves, at)}, true
}

func path(leaves [][]byte, at int) [][]byte {
	if len(leaves) == 1 {
		return nil
	}
	if k := split(len(leaves)); at < k {
		return append(path(leaves[:k], at), subtree(leaves[k:]))
	} else {
		return append(path(leaves[k:], at-k), subtree(leaves[:k]))
	}
}

// Holds says whether the opening belongs to a root.
func (o Opening) Holds(root []byte) bool {
	if o.Index < 0 || o.Index >= o.Count || len(o.Path) > 32 {
		return false
	}
	leaf := Commitment{Key: o.Key}.leaf(o.Keys)
	sum := sha256.Sum256(append([]byte{0}, leaf...))
	got, ok := climb(sum[:], o.Index, o.Count, o.Path)
	return ok && bytes.Equal(got, root)
}

// climb computes the root of a tree of so many leaves from one of them and its path.
func climb(leaf []byte, at, count int, path [][]byte) ([]byte, bool) {
	if count == 1 {
		return leaf, len(path) == 0
	}
	if len(path) == 0 {
		return nil, false
	}
	beside, rest := path[len(path)-1], path[:len(path)-1]
	k := split(count)
	if at < k {
		below, ok := climb(leaf, at, k, rest)
		return node(below, beside), ok
	}
	below, ok := climb(leaf, at-k, count-k, rest)
	return node(beside, below), ok
}
