package misp

import (
	"encoding/json"
	"strings"

	"github.com/rihla/rihla/formats/jsondoc"
	"github.com/rihla/rihla/formats/stix"
)

// AppendMISP writes the event again as it came, by itself in its document.
func (e *Event) AppendMISP(b []byte) []byte {
	return append(e.Value.AppendJSON(append(b, `{"Event":`...)), '}')
}

// AppendJSON writes the event as decode prints it.
func (e *Event) AppendJSON(b []byte) []byte {
	b = appendQuoted(append(b, `{"format":"misp","reference":`...), e.UUID)
	if level := e.TLP(); level != stix.Unmarked {
		b = appendQuoted(append(b, `,"tlp":`...), level.String())
	}
	b = e.Value.AppendJSON(append(b, `,"event":`...))
	if len(e.Warnings) > 0 {
		b = appendAny(append(b, `,"warnings":`...), e.Warnings)
	}
	if len(e.Lost) > 0 {
		b = appendAny(append(b, `,"lost":`...), e.Lost)
	}
	return append(b, '}')
}

func appendAny(b []byte, v any) []byte {
	text, err := json.Marshal(v)
	if err != nil {
		return append(b, "null"...)
	}
	return append(b, text...)
}

func appendQuoted(b []byte, s string) []byte {
	return jsondoc.AppendQuoted(b, strings.ToValidUTF8(s, "\ufffd"))
}
