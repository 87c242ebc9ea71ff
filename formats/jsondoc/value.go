package jsondoc

import (
	"bytes"
	"math"
	"strconv"
	"strings"
)

// Kind is what a value is.
type Kind uint8

// The kinds of JSON values.
const (
	Null Kind = iota + 1
	False
	True
	Number
	String
	Array
	Object
)

// String is the kind's name as a person says it, with its article.
func (k Kind) String() string {
	switch k {
	case Null:
		return "null"
	case False, True:
		return "a boolean"
	case Number:
		return "a number"
	case String:
		return "a string"
	case Array:
		return "a list"
	case Object:
		return "an object"
	}
	return "nothing"
}

// Value is one value of a document. Its zero value is no value at all.
type Value struct {
	Kind   Kind
	Offset int    // of its first byte in the document
	Flaw   *Flaw  // what is odd about it, or about the first odd value inside it
	raw    string // as written
	text   string // of a string: what it says
	parts  []Member
}

// Member is one member of an object or, without a name, one item of an array.
type Member struct {
	Name  string
	Value Value
	raw   string // the name as written, with its quotes
}

// Flaw is what spoils one value and not the document.
type Flaw struct {
	Rule    string // duplicate-key, utf-8, surrogate, depth
	Message string
	Mend    string
	Pointer string // from the value that carries it
	Offset  int
}

// Len is the number of bytes the value takes in its document.
func (v *Value) Len() int { return len(v.raw) }

// Raw is the value as it was written.
func (v *Value) Raw() string { return v.raw }

// Text is what a string says, or the empty string.
func (v *Value) Text() string {
	if v == nil || v.Kind != String {
		return ""
	}
	return v.text
}

// Members are an object's members, in their order. They are the value's own.
func (v *Value) Members() []Member {
	if v == nil || v.Kind != Object {
		return nil
	}
	return v.parts
}

// Items are an array's items, without names. They are the value's own.
func (v *Value) Items() []Member {
	if v == nil || v.Kind != Array {
		return nil
	}
	return v.parts
}

// Get is the member of that name, or nil.
func (v *Value) Get(name string) *Value {
	if v == nil || v.Kind != Object {
		return nil
	}
	for i := range v.parts {
		if v.parts[i].Name == name {
			return &v.parts[i].Value
		}
	}
	return nil
}

// Integer answers a number without a fraction that a double holds exactly (2^53 − 1 at most).
func (v *Value) Integer() (int64, bool) {
	if v == nil || v.Kind != Number {
		return 0, false
	}
	const most = 1<<53 - 1
	n, err := strconv.ParseInt(v.raw, 10, 64)
	if err != nil {
		f, ferr := strconv.ParseFloat(v.raw, 64) // 1e3 and 5.0 are integers too
		if ferr != nil || f != math.Trunc(f) || math.Abs(f) > most {
			return 0, false
		}
		n = int64(f)
	}
	return n, -most <= n && n <= most
}

// Float answers a number as a double.
func (v *Value) Float() (float64, bool) {
	if v == nil || v.Kind != Number {
		return 0, false
	}
	f, err := strconv.ParseFloat(v.raw, 64)
	return f, err == nil
}

// Bool answers a boolean.
func (v *Value) Bool() (value, ok bool) {
	if v == nil {
		return false, false
	}
	return v.Kind == True, v.Kind == True || v.Kind == False
}

// Without answers the value less what path leads to (member names, or positions of items in decimal). The value
// itself stays as it is. It answers false where there is nothing at that path.
func (v *Value) Without(path ...string) (Value, bool) {
	return v.edit(path, nil)
}

// With answers the object with its member of that name replaced, or appended.
func (v *Value) With(name string, to Value) Value {
	if out, ok := v.edit([]string{name}, &to); ok {
		return out
	}
	out := *v
	out.Kind = Object
	out.parts = append(append([]Member(nil), v.parts...), Member{Name: name, Value: to, raw: string(AppendQuoted(nil, name))})
	return out
}

// Only answers the array with those items alone that keep takes. The value itself stays as it is.
func (v *Value) Only(keep func(item *Value) bool) Value {
	out := *v
	out.parts = nil
	for i := range v.Items() {
		if keep(&v.parts[i].Value) {
			out.parts = append(out.parts, v.parts[i])
		}
	}
	return out
}

func (v *Value) edit(path []string, to *Value) (Value, bool) {
	at := v.index(path)
	if at < 0 {
		return *v, false
	}
	out := *v
	out.parts = append([]Member(nil), v.parts...)
	switch {
	case len(path) > 1:
		inner, ok := v.parts[at].Value.edit(path[1:], to)
		if !ok {
			return *v, false
		}
		out.parts[at].Value = inner
	case to != nil:
		out.parts[at].Value = *to
	default:
		out.parts = append(out.parts[:at], out.parts[at+1:]...)
	}
	return out, true
}

func (v *Value) index(path []string) int {
	if len(path) == 0 {
		return -1
	}
	if v.Kind == Array {
		n, err := strconv.Atoi(path[0])
		if err != nil || n < 0 || n >= len(v.parts) {
			return -1
		}
		return n
	}
	for i := range v.parts {
		if v.Kind == Object && v.parts[i].Name == path[0] {
			return i
		}
	}
	return -1
}

// Escape writes one step of a JSON Pointer (RFC 6901).
func Escape(step string) string {
	if !strings.ContainsAny(step, "~/") {
		return step
	}
	return strings.NewReplacer("~", "~0", "/", "~1").Replace(step)
}

// Line is the line, from 1, in which an offset of a document stands.
func Line(raw []byte, offset int) int {
	return 1 + bytes.Count(raw[:max(0, min(offset, len(raw)))], []byte{'\n'})
}
