package collection

import (
	"encoding/binary"
	"errors"
	"strings"

	"github.com/klauspost/compress/zstd"

	"github.com/rihla/rihla/formats/stix"
	"github.com/rihla/rihla/formats/taxii"
)

// How large blocks are. A page is a thousand objects, so that most pages are one block.
const (
	blockObjects = 1000
	blockBytes   = 1 << 20
	smallObjects = 512       // fewer are put together with their neighbours …
	smallBytes   = 256 << 10 // … unless they are large by themselves
	smallMost    = 64        // so many at the end of a collection
)

// block is objects in the order they were added.
type block struct {
	entries []entry
	ends    []int // of each body in bodies; the next begins after a comma
	bodies  []byte
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

func (b *block) full(next int) bool {
	return len(b.entries) >= blockObjects || len(b.entries) > 0 && len(b.bodies)+next > blockBytes
}

func (b *block) small() bool { return len(b.entries) < smallObjects && len(b.bodies) < smallBytes }

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

func (b *block) row(collection int64) []any {
	return []any{collection, b.entries[len(b.entries)-1].added, int64(len(b.entries)), int64(len(b.bodies)), b.types(), squeeze(b.heads()), squeeze(b.bodies)}
}

func (b *block) heads() []byte {
	out := binary.AppendUvarint(make([]byte, 0, 64*len(b.entries)), uint64(len(b.entries)))
	var added int64
	from := 0
	for i := range b.entries {
		e := &b.entries[i]
		out = binary.AppendUvarint(out, uint64(e.added-added)) //nolint:gosec // in order
		added = e.added
		out = append(out, e.spec, byte(e.level))
		out = binary.AppendVarint(out, int64(e.version))
		out = append(binary.AppendUvarint(out, uint64(len(e.said))), e.said...)
		out = append(binary.AppendUvarint(out, uint64(len(e.name))), e.name...)
		out = binary.AppendUvarint(out, uint64(b.ends[i]-from)) //nolint:gosec // in order
		from = b.ends[i] + 1
	}
	return out
}

var errBlock = errors.New("taxii_block: a row is not as this program writes it")

// reader reads what heads wrote; the first mistake stays.
type reader struct {
	text string // all of it, so that what is handed out is part of one copy
	raw  []byte
	at   int
	bad  bool
}

func (r *reader) number() uint64 {
	n, size := binary.Uvarint(r.raw[r.at:])
	if size <= 0 {
		r.bad = true
		return 0
	}
	r.at += size
	return n
}

func (r *reader) signed() int64 {
	n, size := binary.Varint(r.raw[r.at:])
	if size <= 0 {
		r.bad = true
		return 0
	}
	r.at += size
	return n
}

func (r *reader) take(n uint64) (from, to int) {
	if n > uint64(len(r.raw)-r.at) {
		r.bad = true
		return 0, 0
	}
	from, r.at = r.at, r.at+int(n) //nolint:gosec // no more than there is
	return from, r.at
}

// unpackHeads reads a block without its bodies.
func unpackHeads(squeezed []byte) (*block, error) {
	raw, err := unsqueeze(nil, squeezed)
	if err != nil {
		return nil, err
	}
	r := &reader{raw: raw, text: string(raw)}
	n := r.number()
	if r.bad || n == 0 || n > uint64(len(raw)) {
		return nil, errBlock
	}
	b := &block{entries: make([]entry, n), ends: make([]int, n)}
	var added int64
	end := -1
	for i := range b.entries {
		e := &b.entries[i]
		added += int64(r.number()) //nolint:gosec // as heads wrote it
		e.added = added
		from, to := r.take(2)
		if r.bad || raw[from] >= byte(len(specs)) || raw[from+1] >= byte(levels) {
			return nil, errBlock
		}
		e.spec, e.level = raw[from], stix.TLP(raw[from+1])
		e.version = taxii.Instant(r.signed())
		from, to = r.take(r.number())
		e.said = r.text[from:to]
		from, to = r.take(r.number())
		e.name = raw[from:to:to]
		end += 1 + int(r.number()) //nolint:gosec // checked against the bodies
		b.ends[i] = end
	}
	if r.bad || r.at != len(raw) {
		return nil, errBlock
	}
	return b, nil
}

// fill gives a block its bodies.
func (b *block) fill(into, squeezed []byte) (err error) {
	if b.bodies, err = unsqueeze(into, squeezed); err == nil && len(b.bodies) != b.ends[len(b.ends)-1] {
		err = errBlock
	}
	return err
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
