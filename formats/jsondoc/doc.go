// Package jsondoc reads a JSON document (RFC 8259) and keeps what encoding/json forgets: where each value stood,
// the order of members, numbers as they were written, and what is odd about one value without losing the rest.
//
// Call Parse. It answers a Value: a tree whose AppendJSON writes the document again without a byte of
// its content changed (only the space between values goes), and whose AppendCanonical writes the canonical form of
// RFC 8785. A document that is not JSON is refused with its offset and line. What only spoils one value (a name used twice, bytes that are not
// UTF-8, half a surrogate pair, nesting beyond MaxDepth) is kept in that value as its Flaw, so that a reader of a
// bundle may refuse one object and take the others.
//
// The package knows no format, no clock and no file.
package jsondoc

// MaxDepth is how deep arrays and objects may nest. What is deeper is stepped over, and is a flaw.
const MaxDepth = 64

// MaxValues is how many values a document may hold: memory is some hundred bytes for each. One made of little else than
// commas may hold fewer.
const MaxValues = 2 << 20

// A document may hold so many values anyway, and one more for so many bytes: real ones take two or three times as much.
const (
	fewValues = 64 << 10
	densest   = 6
)
