package cashdecl

import (
	"encoding/json"

	"github.com/rihla/rihla/formats/money"
)

// Append writes a declaration as JSON behind b.
func Append(b []byte, d *Declaration) []byte { return appendJSON(b, d) }

// AppendList writes declarations as one JSON list.
func AppendList(b []byte, list []*Declaration) []byte {
	if list == nil {
		list = []*Declaration{}
	}
	return appendJSON(b, list)
}

// AppendJSON writes the document's JSON behind b.
func (d *Document) AppendJSON(b []byte) []byte {
	x := *d
	if x.Declarations == nil {
		x.Declarations = []*Declaration{}
	}
	return appendJSON(b, &x)
}

func appendJSON(b []byte, v any) []byte {
	text, err := json.Marshal(v)
	if err != nil { // texts, numbers and times of the calendar have always a JSON text
		return append(b, "null"...)
	}
	return append(b, text...)
}

// MarshalJSON writes the digits as they are.
func (v Value) MarshalJSON() ([]byte, error) {
	if v.IsZero() {
		return []byte("null"), nil
	}
	return v.Append(nil), nil
}

// UnmarshalJSON reads a number, or a text that is one.
func (v *Value) UnmarshalJSON(b []byte) error {
	if string(b) == "null" {
		*v = Value{}
		return nil
	}
	if len(b) > 1 && b[0] == '"' {
		b = b[1 : len(b)-1]
	}
	d, err := money.Parse(string(b))
	*v = Value{d}
	return err
}
