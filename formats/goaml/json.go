package goaml

import (
	"encoding/json"
	"reflect"
	"strconv"
)

// AppendJSON writes the document's JSON behind b: the report's elements under their own names, in their own order,
// amounts as strings; dates that mean unknown are left out.
func (d *Document) AppendJSON(b []byte) []byte {
	b = quote(append(b, `{"format":"goaml","reference":`...), d.Reference)
	b = quote(append(b, `,"stage":`...), string(d.Stage))
	b = append(b, `,"report":`...)
	b = appendObject(b, reportPlan, reflect.ValueOf(&d.Report).Elem())
	b = appendList(b, `,"unknown":`, len(d.Unknown), d.Unknown)
	b = appendList(b, `,"warnings":`, len(d.Warnings), d.Warnings)
	if d.More > 0 {
		b = strconv.AppendInt(append(b, `,"more_warnings":`...), int64(d.More), 10)
	}
	return append(b, '}')
}

func appendObject(b []byte, p *plan, v reflect.Value) []byte {
	b = append(b, '{')
	some := false
	for i := range p.fields {
		f := &p.fields[i]
		x := v.FieldByIndex(f.index)
		if x.IsZero() || f.list && x.Len() == 0 || f.kind == wall && !x.Interface().(Wall).Known() { //nolint:errcheck // the plan says so
			continue
		}
		if some {
			b = append(b, ',')
		}
		some = true
		b = append(append(append(b, '"'), f.name...), `":`...)
		if !f.list {
			b = appendValue(b, f, x)
			continue
		}
		b = append(b, '[')
		for j := range x.Len() {
			if j > 0 {
				b = append(b, ',')
			}
			b = appendValue(b, f, x.Index(j))
		}
		b = append(b, ']')
	}
	return append(b, '}')
}

func appendValue(b []byte, f *field, v reflect.Value) []byte {
	switch f.kind {
	case element:
		if v.IsNil() {
			return append(b, "null"...)
		}
		return appendObject(b, f.plan, v.Elem())
	case whole, truth:
		return append(b, scalar(f, v)...)
	}
	return quote(b, scalar(f, v))
}

func appendList(b []byte, key string, n int, list any) []byte {
	if n == 0 {
		return b
	}
	text, err := json.Marshal(list)
	if err != nil { // faults and unknown parts hold texts and numbers alone
		return b
	}
	return append(append(b, key...), text...)
}

func quote(b []byte, s string) []byte {
	text, err := json.Marshal(s)
	if err != nil { // a string has always a JSON text
		return append(b, `""`...)
	}
	return append(b, text...)
}
