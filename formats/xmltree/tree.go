package xmltree

import (
	"strconv"
	"strings"

	"github.com/rihla/rihla/formats/fault"
)

// Node is one element. Its strings alias the copy of the document that the tree holds.
type Node struct {
	Name   string // without prefix
	Prefix string
	Text   string // its character data, without the blanks around it
	Attrs  []Attr

	Parent, First, Next *Node
	last                *Node
	nth, parts          int // of a part: its number; of a parent: how many parts it had

	Start, Inside int // offsets in the file: of its '<', and behind its start tag
	Close, End    int // of its end tag, and behind that; an empty tag ends where it began to be inside
}

// Attr is one attribute, with its prefix.
type Attr struct{ Name, Value string }

// Tree is one document.
type Tree struct {
	Root *Node

	// Repeats says which elements may come more than once below a parent: those carry a number in a path, and any that is
	// not the first of its name. Without it, those that do come more than once.
	Repeats func(parent, name string) bool

	text string // the whole file
	line int    // of offset at: places are mostly asked for in order, or a little back
	at   int
}

// Child is the first child of that name, or nil. A nil node has no children.
func (n *Node) Child(name string) *Node {
	if n == nil {
		return nil
	}
	for c := n.First; c != nil; c = c.Next {
		if c.Name == name {
			return c
		}
	}
	return nil
}

// At is the node down a path of first children, or nil.
func (n *Node) At(path ...string) *Node {
	for _, name := range path {
		n = n.Child(name)
	}
	return n
}

// Value is the text of the node down a path, or nothing.
func (n *Node) Value(path ...string) string {
	if n = n.At(path...); n == nil {
		return ""
	}
	return n.Text
}

// Attr is an attribute's value, or nothing.
func (n *Node) Attr(name string) string {
	if n == nil {
		return ""
	}
	for i := range n.Attrs {
		if n.Attrs[i].Name == name {
			return n.Attrs[i].Value
		}
	}
	return ""
}

// Namespace is the namespace the element's prefix, or its having none, stands for.
func (n *Node) Namespace() string {
	want := "xmlns"
	if n.Prefix != "" {
		want += ":" + n.Prefix
	}
	for ; n != nil; n = n.Parent {
		for _, a := range n.Attrs {
			if a.Name == want {
				return a.Value
			}
		}
	}
	return ""
}

// Raw is the element as it stands in the file, tags and all.
func (t *Tree) Raw(n *Node) string { return t.text[n.Start:n.End] }

// Line is the line, from 1, of an offset in the file.
func (t *Tree) Line(offset int) int {
	offset = min(max(offset, 0), len(t.text))
	if t.line == 0 {
		t.line = 1
	}
	if offset < t.at {
		t.line -= strings.Count(t.text[offset:t.at], "\n")
	} else {
		t.line += strings.Count(t.text[t.at:offset], "\n")
	}
	t.at = offset
	return t.line
}

// Path names the element by its ancestors, as report/transaction[2]/teller.
func (t *Tree) Path(n *Node) string {
	if n == nil {
		return ""
	}
	if n.Parent == nil {
		return n.Name
	}
	path := t.Path(n.Parent) + "/" + n.Name
	if n.nth > 0 {
		return path + "[" + strconv.Itoa(n.nth) + "]"
	}
	index, several := 1, t.Repeats != nil && t.Repeats(n.Parent.Name, n.Name)
	c := n.Parent.First
	for ; c != nil && c != n; c = c.Next {
		if c.Name == n.Name {
			index, several = index+1, true
		}
	}
	for ; c != nil && !several && t.Repeats == nil; c = c.Next {
		several = c != n && c.Name == n.Name
	}
	if several {
		path += "[" + strconv.Itoa(index) + "]"
	}
	return path
}

// Fault is something wrong with the element.
func (t *Tree) Fault(n *Node, rule, message, mend string) fault.Fault {
	return fault.Fault{Offset: n.Start, Line: t.Line(n.Start), Path: t.Path(n), Rule: rule, Message: message, Mend: mend}
}

// Missing is the want of an element in n: its place is where n ends, for there it was missed; where n begins while it is
// still open.
func (t *Tree) Missing(n *Node, name, rule, message, mend string) fault.Fault {
	at := n.Close
	if at == 0 {
		at = n.Start
	}
	return fault.Fault{Offset: at, Line: t.Line(at), Path: t.Path(n) + "/" + name, Rule: rule, Message: message, Mend: mend}
}
