package collection

import (
	"encoding/binary"
	"errors"
	"strings"

	"github.com/klauspost/compress/zstd"

	"github.com/rihla/rihla/formats/stix"
	"github.com/rihla/rihla/formats/taxii"
)

// How large blocks are. A page of a thousand objects is four of them, or five where it begins within one: what is unpacked
// in vain stays little.
const (
	blockObjects = 250
	blockBytes   = 256 << 10
	smallObjects = 125      // fewer are put together with their neighbours …
	smallBytes   = 64 << 10 // … unless they are large by themselves
	smallMost    = 128      // so many at the end of a collection
	bodyMost     = 1 << 30  // bytes that no object reaches
)

// block is objects in the order they were added.
type block struct {
	entries  []entry
	ends     []int // of each body in bodies; the next begins after a comma
	bodies   []byte
	squeezed []byte // bodies as they are stored, where that is made already
}

func (b *block) add(e entry, body []byte) {
	if len(b.entries) > 0 {
		b.bodies = append(b.bodies, ',')
	}
	b.bodies = append(b.bodies, body...)
	b.entries, b.ends = append(b.entries, e), append(b.ends, len(b.bodies))
}

// body is what one object says. It is the block's own.
func (b *block) body(i int) []byte {
	from := 0
	if i > 0 {
		from = b.ends[i-1] + 1
	}
	return b.bodies[from:b.ends[i]]
}

func (b *block) size() int { return b.ends[len(b.ends)-1] }

func (b *block) full(next int) bool {
	return len(b.entries) >= blockObjects || len(b.entries) > 0 && len(b.bodies)+next > blockBytes
}

func (b *block) small() bool { return len(b.entries) < smallObjects && b.size() < smallBytes }

// types are the types of its objects, each once between spaces, so that a query for others can pass it by.
func (b *block) types() string {
	seen := map[string]bool{}
	var text strings.Builder
	text.WriteByte(' ')
	for i := range b.entries {
		if kind := b.entries[i].kind(); !seen[string(kind)] {
			seen[string(kind)] = true
			text.Write(kind)
			text.WriteByte(' ')
		}
	}
	return text.String()
}

// least is the loosest of its levels: who may not read that may read nothing of it.
func (b *block) least() stix.TLP {
	level := stix.Red
	for i := range b.entries {
		level = min(level, b.entries[i].level)
	}
	return level
}

func (b *block) row(collection int64) []any {
	if b.squeezed == nil {
		b.squeezed = squeeze(b.bodies)
	}
	return []any{collection, b.entries[len(b.entries)-1].added, int64(len(b.entries)), int64(b.size()), b.types(), int64(b.least()), squeeze(b.heads()), b.squeezed}
}

// heads writes all but the bodies: who gave objects, then each entry with the length of its body.
func (b *block) heads() []byte {
	out := binary.AppendUvarint(make([]byte, 0, 64*len(b.entries)+64), uint64(len(b.entries)))
	givers := map[string]uint64{}
	var names []string
	for i := range b.entries {
		by := b.entries[i].by
		if _, known := givers[by]; !known {
			givers[by] = uint64(len(names))
			names = append(names, by)
		}
	}
	out = binary.AppendUvarint(out, uint64(len(names)))
	for _, name := range names {
		out = append(binary.AppendUvarint(out, uint64(len(name))), name...)
	}
	var added int64
	from := 0
	for i := range b.entries {
		e := &b.entries[i]
		out = binary.AppendUvarint(out, uint64(e.added-added)) //nolint:gosec // in order
		added = e.added
		out = append(out, e.spec, byte(e.level))
		out = binary.AppendUvarint(out, givers[e.by])
		out = binary.AppendVarint(out, int64(e.version))
		out = append(binary.AppendUvarint(out, uint64(len(e.said))), e.said...)
		out = append(binary.AppendUvarint(out, uint64(len(e.name))), e.name...)
		out = binary.AppendUvarint(out, uint64(b.ends[i]-from)) //nolint:gosec // in order
		from = b.ends[i] + 1
	}
	return out
}

var errBlock = errors.New("taxii_block: a row is not as this program writes it")

// heads reads what [block.heads] wrote, entry by entry.
type heads struct {
	entry        // the one at hand, parts of raw
	from, to int // of its body

	raw    []byte
	at     int
	left   uint64
	givers []string
	bad    bool
}

// openHeads begins to read; scratch may be reused once the reader is done with.
func openHeads(squeezed, scratch []byte) (*heads, error) {
	raw, err := unsqueeze(scratch[:0], squeezed)
	if err != nil {
		return nil, err
	}
	h := &heads{raw: raw, to: -1}
	h.left = h.number()
	for n := h.number(); n > 0 && !h.bad; n-- {
		h.givers = append(h.givers, string(h.take(h.number())))
	}
	if h.bad || h.left == 0 || h.left > uint64(len(raw)) {
		return nil, errBlock
	}
	return h, nil
}

// next goes to the next entry. Where it stops, wrong says whether that was the end.
func (h *heads) next() bool {
	if h.left == 0 || h.bad {
		return false
	}
	h.left--
	h.added += int64(h.number()) //nolint:gosec // as heads wrote it
	about := h.take(2)
	by := h.number()
	if h.bad || about[0] >= byte(len(specs)) || about[1] >= byte(levels) || by >= uint64(len(h.givers)) {
		h.bad = true
		return false
	}
	h.spec, h.level, h.by = about[0], stix.TLP(about[1]), h.givers[by]
	version, size := binary.Varint(h.raw[h.at:])
	if size <= 0 {
		h.bad = true
		return false
	}
	h.version, h.at = taxii.Instant(version), h.at+size
	h.said = h.take(h.number())
	h.name = h.take(h.number())
	length := h.number()
	h.bad = h.bad || length > bodyMost
	h.from = h.to + 1
	h.to = h.from + int(length) //nolint:gosec // bounded
	return !h.bad
}

func (h *heads) wrong() bool { return h.bad || h.left == 0 && h.at != len(h.raw) }

func (h *heads) number() uint64 {
	n, size := binary.Uvarint(h.raw[h.at:])
	if size <= 0 {
		h.bad = true
		return 0
	}
	h.at += size
	return n
}

func (h *heads) take(n uint64) []byte {
	if n > uint64(len(h.raw)-h.at) {
		h.bad = true
		return nil
	}
	from := h.at
	h.at += int(n) //nolint:gosec // no more than there is
	return h.raw[from:h.at:h.at]
}

// unpack reads a block whole.
func unpack(squeezedHeads, squeezedBodies []byte) (*block, error) {
	h, err := openHeads(squeezedHeads, nil)
	if err != nil {
		return nil, err
	}
	b := &block{}
	for h.next() {
		b.entries, b.ends = append(b.entries, h.entry), append(b.ends, h.to)
	}
	if b.bodies, err = unsqueeze(nil, squeezedBodies); err == nil && (h.wrong() || len(b.bodies) != h.to) {
		err = errBlock
	}
	return b, err
}

// Both are safe for concurrent use.
var (
	encoder, _ = zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderCRC(false))
	decoder, _ = zstd.NewReader(nil, zstd.WithDecoderConcurrency(0))
)

const (
	asIs       = 0
	zstandard  = 1
	squeezable = 1 << 10 // bytes below which nothing is gained
)

func squeeze(raw []byte) []byte {
	if len(raw) >= squeezable {
		return encoder.EncodeAll(raw, []byte{zstandard})
	}
	return append([]byte{asIs}, raw...)
}

// unsqueeze appends to into, which it may grow.
func unsqueeze(into, b []byte) ([]byte, error) {
	switch {
	case len(b) > 0 && b[0] == asIs:
		return append(into, b[1:]...), nil
	case len(b) > 0 && b[0] == zstandard:
		return decoder.DecodeAll(b[1:], into)
	}
	return nil, errBlock
}
