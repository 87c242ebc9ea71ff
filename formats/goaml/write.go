package goaml

import (
	"reflect"
	"strconv"
	"strings"

	"github.com/rihla/rihla/formats/money"
)

// Append writes a report as an XML document behind b: UTF-8, two blanks a level, elements in the schema's order, what is
// empty left out. It does not check; [Read] does, so a report is written, read and only then sent.
func Append(b []byte, r *Report) []byte {
	w := writer{b: append(b, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"...)}
	w.element("report", reportPlan, reflect.ValueOf(r).Elem())
	return w.b
}

type writer struct {
	b     []byte
	level int
}

func (w *writer) open(name string) {
	w.indent()
	w.b = append(append(append(w.b, '<'), name...), '>')
}

func (w *writer) close(name string) {
	w.b = append(append(append(w.b, "</"...), name...), ">\n"...)
}

func (w *writer) indent() {
	for range w.level {
		w.b = append(w.b, "  "...)
	}
}

func (w *writer) element(name string, p *plan, v reflect.Value) {
	w.open(name)
	w.b = append(w.b, '\n')
	w.level++
	for i := range p.fields {
		w.field(&p.fields[i], v.FieldByIndex(p.fields[i].index))
	}
	w.level--
	w.indent()
	w.close(name)
}

func (w *writer) field(f *field, v reflect.Value) {
	switch {
	case v.IsZero():
	case f.item != "" && v.Len() > 0:
		w.open(f.name)
		w.b = append(w.b, '\n')
		w.level++
		for i := range v.Len() {
			w.value(f.item, f, v.Index(i))
		}
		w.level--
		w.indent()
		w.close(f.name)
	case f.list:
		for i := range v.Len() {
			w.value(f.name, f, v.Index(i))
		}
	default:
		w.value(f.name, f, v)
	}
}

func (w *writer) value(name string, f *field, v reflect.Value) {
	switch f.kind {
	case element:
		if !v.IsNil() {
			w.element(name, f.plan, v.Elem())
		}
	case raw:
		w.indent()
		w.b = append(append(w.b, v.String()...), '\n')
	default:
		w.open(name)
		w.b = appendText(w.b, scalar(f, v))
		w.close(name)
	}
}

// scalar is the text of a value.
func scalar(f *field, v reflect.Value) string {
	switch f.kind {
	case whole:
		return strconv.FormatInt(v.Int(), 10)
	case amount:
		return v.Interface().(money.Decimal).String() //nolint:errcheck // the plan says so
	case wall:
		return v.Interface().(Wall).String() //nolint:errcheck // the plan says so
	case truth:
		return strconv.FormatBool(v.Elem().Bool())
	}
	return v.String()
}

// appendText writes text, escaped as XML needs it; what XML has no way to say is left out.
func appendText(b []byte, s string) []byte {
	for _, c := range strings.ToValidUTF8(s, "\ufffd") {
		switch {
		case c == '&':
			b = append(b, "&amp;"...)
		case c == '<':
			b = append(b, "&lt;"...)
		case c == '>':
			b = append(b, "&gt;"...)
		case c == '\r':
			b = append(b, "&#13;"...)
		case c < ' ' && c != '\t' && c != '\n', c == 0xfffe, c == 0xffff:
		default:
			b = append(b, string(c)...)
		}
	}
	return b
}
