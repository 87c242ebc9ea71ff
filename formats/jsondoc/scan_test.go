package jsondoc_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rihla/rihla/formats/jsondoc"
)

func TestScan(t *testing.T) {
	t.Parallel()
	for in, want := range map[string][]string{
		` {"a": 1 , "b":"x,\"}" ,"c":[1,{"d":2}],"e":{"f":"]"}, "g":true}`: {`a=1`, `b="x,\"}"`, `c=[1,{"d":2}]`, `e={"f":"]"}`, `g=true`},
		"\ufeff[1, \"two\",{\"3\":3},[]]":                                  {`=1`, `="two"`, `={"3":3}`, `=[]`},
		`{}`:                                                               nil, `[]`: nil, `5`: nil, ``: nil, `{"a"`: nil, `{"a":`: nil, `{5:1}`: nil,
		`{"a":1,"b":{"c":`: {`a=1`, `b={"c":`},
		`{"a":"cut`:        {`a="cut`},
	} {
		var got []string
		for s := jsondoc.Scan([]byte(in)); s.Next(); {
			got = append(got, string(s.Name)+"="+string(s.Value()))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", in, diff)
		}
	}
	s := jsondoc.Scan([]byte(`{"a":[1,2],"b":"plain","c":"es\caped"}`))
	s.Next() // nobody asks for its value
	s.Next()
	if v, ok := jsondoc.Plain(s.Rest()); !ok || v != "plain" || s.Offset() != 15 {
		t.Errorf("%q %v at %d", v, ok, s.Offset())
	}
	s.Next()
	if v, ok := jsondoc.Plain(s.Value()); ok || s.Cut {
		t.Errorf("%q is not plain", v)
	}
}

// FuzzScan holds the walk to the parser: both see the same members of any document.
func FuzzScan(f *testing.F) {
	f.Add([]byte(`{"a": [1,{"b":"}"}] , "c":"\"" }`))
	f.Add([]byte(`[{},"x",null]`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		var walked []string
		for s := jsondoc.Scan(raw); s.Next(); {
			walked = append(walked, string(s.Name)+"="+string(s.Value()))
		}
		v, fault := jsondoc.Parse(raw)
		if fault != nil || v.Flaw != nil {
			return
		}
		var parsed []string
		for _, m := range v.Members() {
			name := jsondoc.Quoted(m.Name)
			if plain, ok := jsondoc.Plain([]byte(name.Raw())); !ok || plain != m.Name {
				return // names are walked as they are written
			}
			parsed = append(parsed, m.Name+"="+m.Value.Raw())
		}
		for _, m := range v.Items() {
			parsed = append(parsed, "="+m.Value.Raw())
		}
		if len(walked) != len(parsed) {
			t.Fatalf("%q: walked %q, parsed %q", raw, walked, parsed)
		}
		for i := range parsed {
			if parsed[i] != walked[i] && !hasEscape(walked[i]) {
				t.Fatalf("%q: walked %q, parsed %q", raw, walked[i], parsed[i])
			}
		}
	})
}

func hasEscape(s string) bool {
	for i := range len(s) {
		if s[i] == '\\' {
			return true
		}
	}
	return false
}
