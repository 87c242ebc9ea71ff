package xmltree

import (
	"strings"

	"github.com/rihla/rihla/formats/fault"
)

// Parts takes the elements of a document that may come by the thousand.
type Parts struct {
	// Cut tells whether an element of that name begins a part where it stands; parent is open still, with what came so far.
	Cut func(parent *Node, name string) bool
	// Take is given each part when it has ended. The node and all below are good until Take returns, its strings for
	// longer. A part whose markup is broken comes with the fault, as far as it was read and with nothing certain but where
	// it starts and ends; reading goes on behind it.
	Take func(t *Tree, part *Node, f *fault.Fault) error
}

// taking is the part that is read just now, and the memory that all parts use in turn.
type taking struct {
	root  *Node
	nodes []Node // not nil while a part is read
	spare []Node
	used  int
	depth int // of the part's parent
	count int // of elements before the part
	attrs int
}

func (t *taking) begin(p *parser) {
	if t.spare == nil {
		const usual = 256
		t.spare = make([]Node, usual)
	}
	t.nodes, t.used, t.depth, t.count, t.attrs = t.spare, 0, p.depth, p.count, len(p.attrs)
}

// node takes one from the part's memory; when that is full, a larger one follows, which later parts find.
func (t *taking) node(p *parser) *Node {
	if t.used == len(t.nodes) {
		t.nodes, t.used = make([]Node, 2*len(t.nodes)), 0
		t.spare = t.nodes
	}
	n := &t.nodes[t.used]
	t.used++
	p.count++
	return n
}

// givePart hands the part over and forgets it.
func (p *parser) givePart(f *fault.Fault) {
	t := &p.part
	n := t.root
	t.root = nil
	p.stop = p.parts.Take(p.tree, n, f)
	clear(t.nodes[:t.used])
	clear(p.attrs[t.attrs:])
	p.attrs = p.attrs[:t.attrs]
	t.nodes = nil
	p.count = t.count
}

// losePart gives up a part whose markup is broken and goes on behind it: where its end tag stands, the next part begins,
// or its parent ends. Where there is none of these the document is broken.
func (p *parser) losePart() {
	f, n := p.err, p.part.root
	broken := max(p.pos, n.Start+1)
	full := fullName(n)
	rest := p.text[broken:]
	next := tagIn(rest, "<"+full)
	if next >= 0 {
		rest = rest[:next]
	}
	if cut := strings.Index(rest, "<?xml "); cut >= 0 { // another document, of which nothing may be taken
		rest, next = rest[:cut], -1
	}
	at := endIn(rest, full)
	switch {
	case at >= 0:
	case next >= 0:
		at = next
	default:
		at = tagIn(rest, "</"+fullName(n.Parent))
	}
	end := broken + len(rest)
	if at >= 0 {
		end = broken + at
	}
	n.Close, n.End = end, end
	p.open, p.depth = n.Parent, p.part.depth
	p.givePart(f) // n is nobody's from here
	if at >= 0 {
		p.err, p.pos = nil, end
	}
}

// endIn is where, in text, the first end tag of that name ends, or -1.
func endIn(text, name string) int {
	at := tagIn(text, "</"+name)
	if at < 0 {
		return -1
	}
	end := strings.IndexByte(text[at:], '>')
	if end < 0 {
		return -1
	}
	return at + end + 1
}

// tagIn finds where a tag begins, whole: what follows its name ends it.
func tagIn(text, tag string) int {
	for from := 0; ; {
		at := strings.Index(text[from:], tag)
		if at < 0 {
			return -1
		}
		at += from
		from = at + len(tag)
		if from < len(text) && (text[from] == '>' || text[from] == '/' || blank(text[from])) {
			return at
		}
	}
}

func fullName(n *Node) string {
	if n.Prefix == "" {
		return n.Name
	}
	return n.Prefix + ":" + n.Name
}
