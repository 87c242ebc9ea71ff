package synth

import (
	"bytes"
	"strconv"
	"strings"
	"time"
)

// wire writes EDIFACT segments as they go over the wire. Elements left empty at the end of a segment are left out, as
// the syntax wants; ones in the middle are kept.
type wire struct {
	out                              []byte
	component, element, release, end byte
	line                             string // after each segment
	elements, components             int    // separators owed
	segments                         int    // since the last UNH, itself included
}

func newWire(release byte, line string) *wire {
	return &wire{component: ':', element: '+', release: release, end: '\'', line: line}
}

// seg begins a segment.
func (w *wire) seg(tag string) *wire {
	w.out = append(w.out, tag...)
	w.elements, w.components = 0, 0
	w.segments++
	if tag == "UNH" {
		w.segments = 1
	}
	return w
}

// e is the next element's first component.
func (w *wire) e(v string) *wire {
	w.elements++
	w.components = 0
	return w.value(v)
}

// c is the next component of the same element.
func (w *wire) c(v string) *wire {
	w.components++
	return w.value(v)
}

// es are several elements of one component each.
func (w *wire) es(vs ...string) *wire {
	for _, v := range vs {
		w.e(v)
	}
	return w
}

// cs is an element of several components.
func (w *wire) cs(first string, rest ...string) *wire {
	w.e(first)
	for _, v := range rest {
		w.c(v)
	}
	return w
}

func (w *wire) value(v string) *wire {
	if v == "" {
		return w
	}
	for ; w.elements > 0; w.elements-- {
		w.out = append(w.out, w.element)
	}
	for ; w.components > 0; w.components-- {
		w.out = append(w.out, w.component)
	}
	for i := range len(v) {
		switch c := v[i]; c {
		case w.component, w.element, w.release, w.end:
			w.out = append(w.out, w.release, c)
		default:
			w.out = append(w.out, c)
		}
	}
	return w
}

// done ends the segment.
func (w *wire) done() { w.out = append(append(w.out, w.end), w.line...) }

// raw writes segments that are spelled out.
func (w *wire) raw(s string) {
	w.out = append(w.out, s...)
	w.segments++
	w.done()
}

// wrapped breaks a message into lines of 69 columns, as a teletype gateway does, wherever no blank, tag or released
// character would be torn apart.
func wrapped(msg []byte, end, release byte) []byte {
	const columns = 69
	out := make([]byte, 0, len(msg)+len(msg)/30)
	column, since := 0, 3 // since the last terminator
	for i, c := range msg {
		out = append(out, c)
		column++
		since++
		if c == end && (i == 0 || msg[i-1] != release) {
			since = 0
		}
		if column >= columns && since > 3 && c != ' ' && c != release && i > 9 && foldable(msg[i+1:]) {
			out = append(out, "\r\n"...)
			column = 0
		}
	}
	return out
}

// foldable is whether a line may begin with a text: not with a blank, nor with what looks like a segment's tag.
func foldable(rest []byte) bool {
	if len(rest) < 4 || rest[0] == ' ' {
		return false
	}
	for _, c := range rest[:3] {
		if c < 'A' || c > 'Z' {
			return true
		}
	}
	return rest[3] >= 'A' && rest[3] <= 'Z'
}

// teletype puts the address lines of a Type B message around another.
func teletype(msg []byte, sent time.Time) []byte {
	var b bytes.Buffer
	b.WriteString("QU BAHPIXH\r\n.BAHRMZZ ")
	b.WriteString(sent.Format("021504"))
	b.WriteString("\r\n")
	b.Write(msg)
	b.WriteString("\r\n\x03")
	return b.Bytes()
}

// Forms of dates and times.
func yymmdd(t time.Time) string     { return t.Format("060102") }
func yymmddhhmm(t time.Time) string { return t.Format("0601021504") }
func ddmmyy(t time.Time) string     { return t.Format("020106") }
func hhmm(t time.Time) string       { return t.Format("1504") }
func ddmmmyy(t time.Time) string    { return strings.ToUpper(t.Format("02Jan06")) }

func padded(n, width int) string {
	s := strconv.Itoa(n)
	if len(s) < width {
		s = strings.Repeat("0", width-len(s)) + s
	}
	return s
}
