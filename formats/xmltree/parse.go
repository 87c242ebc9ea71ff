package xmltree

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/rihla/rihla/formats/fault"
)

// Limits bound what one document may hold; zero is the limit of the same name below.
type Limits struct{ Bytes, Depth, Elements int }

// The limits unless told otherwise. The deepest message read here nests to about twenty.
const (
	MaxBytes    = 20 << 20
	MaxDepth    = 40
	MaxElements = 1 << 20
	maxAttrs    = 32
	maxName     = 128
)

// Each parses every document of a file, one behind the other, and calls each with its tree, or with why there is none.
// What stands behind a broken document is read from the next XML declaration on. limits are for each document.
func Each(raw []byte, limits Limits, each func(*Tree, *fault.Fault) error) error {
	return EachPart(raw, limits, nil, func(t *Tree, f *fault.Fault) error {
		if f != nil {
			t = nil
		}
		return each(t, f)
	})
}

// EachPart is Each for documents that hold very many of the same: parts takes those as they end, and they are no part of
// the tree. A document that breaks behind the first of them comes with its fault and with the tree as far as it was read.
func EachPart(raw []byte, limits Limits, parts *Parts, each func(*Tree, *fault.Fault) error) error {
	text := string(raw)
	for at := 0; ; {
		p := newParser(text, at, limits, parts)
		end := p.document()
		if p.stop != nil {
			return p.stop
		}
		f := p.err
		if err := each(p.tree, f); err != nil {
			return err
		}
		if f != nil {
			from := min(max(end, at+1), len(text)) // a document cut short breaks where the next one begins
			next := strings.Index(text[from:], "<?xml ")
			if next < 0 {
				return nil
			}
			at = from + next
			continue
		}
		if at = end; strings.TrimLeft(text[at:], "\ufeff \t\r\n") == "" {
			return nil
		}
	}
}

// Sniff is the name and namespace of a file's first element, as far as the head of the file tells; nothing when it is no XML.
func Sniff(head []byte) (name, namespace string) {
	head = bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\ufeff")), " \t\r\n")
	if len(head) == 0 || head[0] != '<' {
		return "", ""
	}
	for i := 0; i+1 < len(head); i++ {
		if head[i] != '<' {
			continue
		}
		if bytes.HasPrefix(head[i:], []byte("<!--")) {
			end := bytes.Index(head[i:], []byte("-->"))
			if end < 0 {
				return "", ""
			}
			i += end
			continue
		}
		if c := head[i+1]; !nameStart(c) {
			continue
		}
		tag := head[i+1:]
		if end := bytes.IndexByte(tag, '>'); end >= 0 {
			tag = tag[:end]
		}
		end := bytes.IndexAny(tag, " \t\r\n/")
		if end < 0 {
			end = len(tag)
		}
		full := string(tag[:end])
		_, local, prefixed := strings.Cut(full, ":")
		if !prefixed {
			local = full
		}
		if at := bytes.Index(tag, []byte("xmlns")); at >= 0 {
			if _, value, ok := bytes.Cut(tag[at:], []byte("=")); ok && len(value) > 1 {
				inside, _, _ := bytes.Cut(value[1:], value[:1])
				namespace = string(inside)
			}
		}
		return local, namespace
	}
	return "", ""
}

// parser reads one document. The first fault ends it.
type parser struct {
	text   string // the whole file
	pos    int
	start  int
	limits Limits
	tree   *Tree
	open   *Node
	depth  int
	count  int
	slab   []Node
	attrs  []Attr
	err    *fault.Fault

	parts *Parts
	stop  error // of whoever takes the parts
	part  taking
}

func newParser(text string, at int, limits Limits, parts *Parts) *parser {
	orDefault(&limits.Bytes, MaxBytes)
	orDefault(&limits.Depth, MaxDepth)
	orDefault(&limits.Elements, MaxElements)
	return &parser{text: text, pos: at, start: at, limits: limits, tree: &Tree{text: text}, parts: parts}
}

// document reads one document and answers where it ends, or breaks.
func (p *parser) document() (end int) {
	p.prologue()
	for p.err == nil && p.stop == nil && !p.done() {
		p.step()
		if p.err != nil && p.part.root != nil {
			p.losePart()
		}
	}
	if p.err != nil || p.stop != nil {
		return p.pos
	}
	return p.trailer()
}

func orDefault(n *int, d int) {
	if *n <= 0 {
		*n = d
	}
}

func (p *parser) done() bool { return p.tree.Root != nil && p.open == nil }

// fault is why the document cannot be read, at the parser's place.
func (p *parser) fault(rule, message, mend string) *fault.Fault {
	f := &fault.Fault{Offset: p.pos, Line: p.tree.Line(p.pos), Rule: rule, Message: message, Mend: mend}
	if p.open != nil {
		f.Path = p.tree.Path(p.open)
	}
	return f
}

func (p *parser) fail(rule, message, mend string) {
	if p.err == nil {
		p.err = p.fault(rule, message, mend)
	}
}

// prologue reads what stands before the root element: a byte-order mark, the declaration.
func (p *parser) prologue() {
	rest := p.text[p.pos:]
	if strings.HasPrefix(rest, "\xff\xfe") || strings.HasPrefix(rest, "\xfe\xff") || strings.HasPrefix(rest, "<\x00") || strings.HasPrefix(rest, "\x00<") {
		p.fail("xml_encoding", "the document is in UTF-16", "save it in UTF-8")
		return
	}
	if strings.HasPrefix(rest, "\ufeff") {
		p.pos += len("\ufeff")
	}
	p.blanks()
	if !strings.HasPrefix(p.text[p.pos:], "<?xml ") {
		return
	}
	end := strings.Index(p.text[p.pos:], "?>")
	if end < 0 {
		p.fail("xml_syntax", "the XML declaration has no end", "end it with ?>")
		return
	}
	declaration := p.text[p.pos : p.pos+end]
	if _, value, ok := strings.Cut(declaration, "encoding="); ok && len(value) > 2 {
		encoding, _, _ := strings.Cut(value[1:], value[:1])
		if !strings.EqualFold(encoding, "utf-8") && !strings.EqualFold(encoding, "us-ascii") {
			p.fail("xml_encoding", "the document says it is in "+clip(encoding), "save it in UTF-8 and declare that")
			return
		}
	}
	p.pos += end + 2
}

func (p *parser) blanks() {
	for p.pos < len(p.text) && blank(p.text[p.pos]) {
		p.pos++
	}
}

// trailer skips blanks, comments and instructions behind the root; a new declaration or element begins another document.
func (p *parser) trailer() int {
	for {
		p.blanks()
		rest := p.text[p.pos:]
		stop := ""
		switch {
		case strings.HasPrefix(rest, "<!--"):
			stop = "-->"
		case strings.HasPrefix(rest, "<?") && !strings.HasPrefix(rest, "<?xml "):
			stop = "?>"
		default:
			return p.pos
		}
		end := strings.Index(rest, stop)
		if end < 0 {
			return p.pos
		}
		p.pos += end + len(stop)
	}
}

// step reads the next piece of markup, or of text.
func (p *parser) step() {
	if p.pos-p.start > p.limits.Bytes {
		p.fail("xml_limit", fmt.Sprintf("the document is larger than %d MiB", p.limits.Bytes>>20), "split the report")
		return
	}
	rest := p.text[p.pos:]
	switch {
	case rest == "":
		if p.tree.Root == nil {
			p.fail("xml_syntax", "there is no element", "send a whole document")
			return
		}
		p.fail("xml_truncated", "the document ends inside <"+p.open.Name+">", "send the whole document again")
	case rest[0] != '<':
		p.characters(rest)
	case len(rest) == 1:
		p.fail("xml_truncated", "the document ends inside a tag", "send the whole document again")
	case rest[1] == '/':
		p.endTag(rest)
	case strings.HasPrefix(rest, "<?xml ") && p.open != nil: // which may stand at a document's beginning only
		p.fail("xml_truncated", "another document begins inside <"+p.open.Name+">", "send the whole document again")
	case rest[1] == '?':
		p.skip(rest, "?>", "a processing instruction")
	case strings.HasPrefix(rest, "<!--"):
		p.skip(rest, "-->", "a comment")
	case strings.HasPrefix(rest, "<![CDATA["):
		p.section(rest)
	case rest[1] == '!':
		p.fail("xml_doctype", "the document has a document type declaration or the like, which is never read", "leave out <!DOCTYPE and all entities")
	default:
		p.startTag(rest)
	}
}

func (p *parser) skip(rest, stop, what string) {
	end := strings.Index(rest, stop)
	if end < 0 {
		p.fail("xml_truncated", what+" has no end", "end it with "+stop)
		return
	}
	p.pos += end + len(stop)
}

// characters reads text up to the next tag.
func (p *parser) characters(rest string) {
	end := strings.IndexByte(rest, '<')
	if end < 0 {
		end = len(rest)
	}
	text := rest[:end]
	trimmed := strings.Trim(text, " \t\r\n")
	if trimmed == "" {
		p.pos += end
		return
	}
	if p.open == nil {
		p.fail("xml_syntax", "text stands outside the root element", "begin with an element")
		return
	}
	if text = p.unescape(trimmed); p.err == nil {
		p.append(text)
		p.pos += end
	}
}

func (p *parser) section(rest string) {
	end := strings.Index(rest, "]]>")
	switch {
	case p.open == nil:
		p.fail("xml_syntax", "text stands outside the root element", "begin with an element")
	case end < 0:
		p.fail("xml_truncated", "a CDATA section has no end", "end it with ]]>")
	default:
		if text := rest[len("<![CDATA["):end]; p.valid(text) {
			p.append(strings.Trim(text, " \t\r\n"))
			p.pos += end + 3
		}
	}
}

// append adds to the text of the open element: comments and sections may cut it into pieces.
func (p *parser) append(text string) {
	if p.open.Text == "" {
		p.open.Text = text
	} else if text != "" {
		p.open.Text += " " + text
	}
}

// valid tells whether text holds nothing but the characters of XML, in UTF-8.
func (p *parser) valid(text string) bool {
	for i := 0; i < len(text); i++ {
		if c := text[i]; c < ' ' && c != '\t' && c != '\n' && c != '\r' {
			p.fail("xml_character", fmt.Sprintf("there is a control character (%#02x) in the text", c), "leave it out")
			return false
		}
	}
	if !utf8.ValidString(text) || strings.IndexByte(text, 0xef) >= 0 && strings.ContainsAny(text, "\ufffe\uffff") {
		p.fail("xml_character", "the text is not UTF-8", "save the document in UTF-8")
		return false
	}
	return true
}

// unescape resolves the five entities of XML and the references to characters; there are no others.
func (p *parser) unescape(text string) string {
	if !p.valid(text) {
		return ""
	}
	at := strings.IndexByte(text, '&')
	if at < 0 {
		return text
	}
	var b strings.Builder
	b.Grow(len(text))
	for at >= 0 {
		b.WriteString(text[:at])
		name, rest, ok := strings.Cut(text[at+1:], ";")
		if !ok || len(name) > 10 {
			p.fail("xml_entity", "there is an & that begins no entity", "write &amp;")
			return ""
		}
		c, known := entity(name)
		if !known {
			p.fail("xml_entity", "the entity &"+clip(name)+"; is not one of XML's own", "write the text itself")
			return ""
		}
		b.WriteRune(c)
		text = rest
		at = strings.IndexByte(text, '&')
	}
	b.WriteString(text)
	return b.String()
}

func entity(name string) (rune, bool) {
	switch name {
	case "amp":
		return '&', true
	case "lt":
		return '<', true
	case "gt":
		return '>', true
	case "quot":
		return '"', true
	case "apos":
		return '\'', true
	}
	digits, base := strings.TrimPrefix(name, "#"), 10
	if digits == name {
		return 0, false
	}
	if hex := strings.TrimPrefix(digits, "x"); hex != digits {
		digits, base = hex, 16
	}
	n, err := strconv.ParseUint(digits, base, 21)
	c := rune(n)
	ok := err == nil && utf8.ValidRune(c) && (c >= ' ' || c == '\t' || c == '\n' || c == '\r') && c != 0xfffe && c != 0xffff
	return c, ok
}

// startTag reads a start tag, or an empty one.
func (p *parser) startTag(rest string) {
	name := nameOf(rest[1:])
	switch {
	case name == "" || len(name) > maxName || !utf8.ValidString(name):
		p.fail("xml_syntax", "a < begins no tag", "write &lt; where the character itself is meant")
		return
	case p.depth >= p.limits.Depth:
		p.fail("xml_depth", fmt.Sprintf("elements are nested deeper than %d", p.limits.Depth), "no message needs this; send it as its schema says")
		return
	case p.count >= p.limits.Elements:
		p.fail("xml_limit", fmt.Sprintf("there are more than %d elements", p.limits.Elements), "split the report")
		return
	}
	prefix, local, prefixed := strings.Cut(name, ":")
	if !prefixed {
		prefix, local = "", name
	}
	begins := p.parts != nil && p.open != nil && p.parts.Cut(p.open, local)
	if begins && p.part.root != nil || p.part.root != nil && local == p.part.root.Name {
		p.fail("xml_syntax", "another <"+local+"> begins inside <"+p.part.root.Name+">", "end each before the next begins")
		return
	}
	if begins {
		p.part.begin(p)
	}
	n := p.node()
	n.Name, n.Prefix, n.Start, n.Parent = local, prefix, p.pos, p.open
	if begins {
		p.part.root = n
		p.open.parts++
		n.nth = p.open.parts
	}
	i := 1 + len(name)
	first := len(p.attrs)
	for {
		before := i
		for i < len(rest) && blank(rest[i]) {
			i++
		}
		switch {
		case i >= len(rest):
			p.fail("xml_truncated", "the document ends inside a tag", "send the whole document again")
			return
		case rest[i] == '>':
			p.enter(n, first, i+1)
			return
		case rest[i] == '/' && i+1 < len(rest) && rest[i+1] == '>':
			p.enter(n, first, i+2)
			p.leave(n.Inside, n.Inside)
			return
		case i == before || len(p.attrs)-first >= maxAttrs:
			p.fail("xml_syntax", "the tag of <"+clip(name)+"> is malformed", "put one blank before each attribute, and quote its value")
			return
		}
		if i = p.attribute(rest, i, first); p.err != nil {
			return
		}
	}
}

// attribute reads name="value" at i and answers where it ends.
func (p *parser) attribute(rest string, i, first int) int {
	malformed := func() int {
		p.fail("xml_syntax", "an attribute is malformed", `write it as name="value"`)
		return i
	}
	name := nameOf(rest[i:])
	if name == "" || len(name) > maxName || !utf8.ValidString(name) {
		return malformed()
	}
	j := i + len(name)
	for j < len(rest) && blank(rest[j]) {
		j++
	}
	if j >= len(rest) || rest[j] != '=' {
		return malformed()
	}
	for j++; j < len(rest) && blank(rest[j]); j++ {
	}
	if j >= len(rest) || rest[j] != '"' && rest[j] != '\'' {
		return malformed()
	}
	end := strings.IndexByte(rest[j+1:], rest[j])
	if end < 0 {
		return malformed()
	}
	value := rest[j+1 : j+1+end]
	if strings.IndexByte(value, '<') >= 0 || slices.ContainsFunc(p.attrs[first:], func(a Attr) bool { return a.Name == name }) {
		return malformed()
	}
	p.attrs = append(p.attrs, Attr{name, p.unescape(value)})
	return j + end + 2
}

// enter makes n the open element; its tag is as long as told.
func (p *parser) enter(n *Node, firstAttr, tag int) {
	n.Attrs = p.attrs[firstAttr:len(p.attrs):len(p.attrs)]
	n.Inside = p.pos + tag
	switch {
	case p.open == nil:
		p.tree.Root = n
	case n == p.part.root: // its parent does not keep it
	case p.open.last == nil:
		p.open.First, p.open.last = n, n
	default:
		p.open.last.Next, p.open.last = n, n
	}
	p.open = n
	p.depth++
	p.pos = n.Inside
}

func (p *parser) leave(closed, end int) {
	n := p.open
	n.Close, n.End = closed, end
	p.open = n.Parent
	p.depth--
	p.pos = end
	if n == p.part.root {
		p.givePart(nil)
	}
}

func (p *parser) endTag(rest string) {
	name := nameOf(rest[2:])
	i := 2 + len(name)
	for i < len(rest) && blank(rest[i]) {
		i++
	}
	switch {
	case p.open == nil:
		p.fail("xml_syntax", "there is an end tag and no element to end", "leave it out")
	case i >= len(rest):
		p.fail("xml_truncated", "the document ends inside a tag", "send the whole document again")
	case rest[i] != '>' || !p.open.named(name):
		p.fail("xml_syntax", "</"+clip(name)+"> stands where <"+p.open.Name+"> ends", "end elements in the order they began, innermost first")
	default:
		p.leave(p.pos, p.pos+i+1)
	}
}

func (n *Node) named(full string) bool {
	if n.Prefix == "" {
		return n.Name == full
	}
	prefix, local, _ := strings.Cut(full, ":")
	return prefix == n.Prefix && local == n.Name
}

// node takes one from the slab, so that a large report does not cost an allocation an element.
func (p *parser) node() *Node {
	if p.part.nodes != nil {
		return p.part.node(p)
	}
	if len(p.slab) == 0 {
		p.slab = make([]Node, min(max(p.count, 64), 4096))
	}
	n := &p.slab[0]
	p.slab = p.slab[1:]
	p.count++
	return n
}

func nameOf(s string) string {
	if s == "" || !nameStart(s[0]) {
		return ""
	}
	i := 1
	for i < len(s) && (nameStart(s[i]) || s[i] >= '0' && s[i] <= '9' || s[i] == '-' || s[i] == '.' || s[i] == ':') {
		i++
	}
	return s[:i]
}

func nameStart(c byte) bool {
	return c|0x20 >= 'a' && c|0x20 <= 'z' || c == '_' || c >= utf8.RuneSelf
}

func blank(c byte) bool { return c == ' ' || c == '\n' || c == '\r' || c == '\t' }

// clip keeps what a message quotes short.
func clip(s string) string {
	const most = 40
	if len(s) <= most {
		return strings.ToValidUTF8(s, "?")
	}
	return strings.ToValidUTF8(s[:most], "?") + "…"
}
