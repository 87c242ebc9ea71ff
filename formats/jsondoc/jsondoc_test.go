package jsondoc_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rihla/rihla/formats/jsondoc"
)

func parse(t *testing.T, text string) jsondoc.Value {
	t.Helper()
	v, f := jsondoc.Parse([]byte(text))
	if f != nil {
		t.Fatalf("%s: %v", text, f)
	}
	return v
}

func TestWrittenBackAsItWas(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		` { "b" : 1.50 , "a":[ 1e3, -0, "\u00e9\/" , true,null ] } `: `{"b":1.50,"a":[1e3,-0,"\u00e9\/",true,null]}`,
		`[]`:                      `[]`,
		`{}`:                      `{}`,
		`9007199254740993`:        `9007199254740993`,
		"\ufeff{\"x\":\"مرحبا\"}": `{"x":"مرحبا"}`,
	} {
		v := parse(t, in)
		if diff := cmp.Diff(want, string(v.AppendJSON(nil))); diff != "" {
			t.Error(diff)
		}
	}
}

// The examples of RFC 8785, and numbers where languages differ.
func TestCanonical(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		`{"\u20ac":"Euro Sign","\r":"CR","\ufb33":"Dalet","1":"One","\ud83d\ude00":"Smile","\u0080":"Control","\u00f6":"O"}`: "{\"\\r\":\"CR\",\"1\":\"One\",\"\u0080\":\"Control\",\"\u00f6\":\"O\",\"\u20ac\":\"Euro Sign\",\"\U0001f600\":\"Smile\",\"\ufb33\":\"Dalet\"}",
		`[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001,-0,1e21,1e-7,100]`:                                 `[333333333.3333333,1e+30,4.5,0.002,1e-27,0,1e+21,1e-7,100]`,
		`"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/"`:                                                                    "\"\u20ac$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"",
	} {
		v := parse(t, in)
		if diff := cmp.Diff(want, string(v.AppendCanonical(nil))); diff != "" {
			t.Error(diff)
		}
	}
}

func TestNoJSON(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		``:                       "unexpected end",
		`{`:                      "unexpected end",
		`{"a"`:                   "unexpected end",
		`{"a":`:                  "unexpected end",
		`{"a":1,}`:               "nothing stands between",
		`[1,]`:                   "nothing stands between",
		`[1 2]`:                  "a comma",
		`{"a" 1}`:                "colon",
		`{a:1}`:                  "name in quotes",
		`"abc`:                   "inside a string",
		`"a\`:                    "inside a string",
		"\"a\nb\"":               "control character",
		`"\x"`:                   "escape",
		`"\u12"`:                 "escape",
		`01`:                     "no zero",
		`-`:                      "a digit",
		`1.`:                     "follow the point",
		`1e`:                     "exponent",
		`tru`:                    "unexpected end",
		`trux`:                   "begins no JSON value",
		`NaN`:                    "begins no JSON value",
		`{} {}`:                  "after the end",
		`'a'`:                    "begins no JSON value",
		strings.Repeat("[", 1e5): "unexpected end",
	} {
		_, f := jsondoc.Parse([]byte(in))
		if f == nil || f.Rule != "json" || !strings.Contains(f.Message, want) {
			t.Errorf("%.40q: %v, want %q", in, f, want)
		}
	}
	_, f := jsondoc.Parse([]byte("{\n\"a\":\n\n!}"))
	if f == nil || f.Line != 4 || f.Offset != 8 {
		t.Errorf("the place is %+v", f)
	}
}

// A document that would take far more memory than it has bytes is refused; one of ordinary density is not.
func TestDensity(t *testing.T) {
	t.Parallel()
	const many = 200_000
	_, f := jsondoc.Parse([]byte("[" + strings.Repeat("1,", many) + "1]"))
	if f == nil || !strings.Contains(f.Message, "values") || f.Mend == "" {
		t.Errorf("many commas: %v", f)
	}
	if _, f := jsondoc.Parse([]byte("[" + strings.Repeat(`{"a":"b"},`, many/2) + "1]")); f != nil {
		t.Error(f)
	}
}

func TestFlawsSpoilOneValue(t *testing.T) {
	t.Parallel()
	for in, want := range map[string][2]string{
		`[1,{"a":1,"a":2}]`:        {"duplicate-key", "/1/a"},
		"[\"\xff\"]":               {"utf-8", "/0"},
		`{"x":{"y/z":"\ud800"}}`:   {"surrogate", "/x/y~1z"},
		`{"x":{"\ud800\ud800":1}}`: {"surrogate", "/x/\ufffd\ufffd"},
		strings.Repeat("[", 65) + `"]"` + strings.Repeat("]", 65): {"depth", strings.Repeat("/0", 64)},
	} {
		v := parse(t, in)
		if v.Flaw == nil {
			t.Errorf("%.40q has no flaw", in)
			continue
		}
		if diff := cmp.Diff(want, [2]string{v.Flaw.Rule, v.Flaw.Pointer}); diff != "" {
			t.Errorf("%.40q: %s", in, diff)
		}
	}
}

func TestEdits(t *testing.T) {
	t.Parallel()
	v := parse(t, `{"a":[{"b":1,"c":2},3],"d":4}`)
	less, ok := v.Without("a", "0", "b")
	if !ok || string(less.AppendJSON(nil)) != `{"a":[{"c":2},3],"d":4}` {
		t.Errorf("without: %v %s", ok, less.AppendJSON(nil))
	}
	if _, ok := v.Without("a", "7"); ok {
		t.Error("took away what was not there")
	}
	more := less.With("d", jsondoc.Quoted("é\n"))
	more = more.With("e/f", jsondoc.Quoted(""))
	if got := string(more.AppendJSON(nil)); got != `{"a":[{"c":2},3],"d":"é\n","e/f":""}` {
		t.Errorf("with: %s", got)
	}
	few := v.Get("a").Only(func(item *jsondoc.Value) bool { return item.Kind == jsondoc.Number })
	if got := string(few.AppendJSON(nil)); got != `[3]` {
		t.Errorf("only: %s", got)
	}
	if got := string(v.AppendJSON(nil)); got != `{"a":[{"b":1,"c":2},3],"d":4}` {
		t.Errorf("the original changed: %s", got)
	}
}

func TestNumbers(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]bool{"5": true, "5.0": true, "1e3": true, "5.5": false, "9007199254740991": true, "9007199254740992": false, "-9007199254740993": false, "1e400": false} {
		v := parse(t, in)
		if _, ok := v.Integer(); ok != want {
			t.Errorf("%s is an integer: %v", in, ok)
		}
	}
}

// FuzzParse holds the reader to encoding/json: both take the same documents, and what is written back says the same.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{`{"a":[1,2.5e3,"\u00e9\ud83d\ude00"],"b":{"c":null}}`, `[[[]]]`, `"\ud800"`, `{"a":1,"a":2}`, "\"\xff\"", `-0.0`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		v, fault := jsondoc.Parse(raw)
		if fault != nil {
			if json.Valid(raw) {
				t.Fatalf("valid JSON refused: %v", fault)
			}
			return
		}
		if v.Flaw != nil {
			return
		}
		if raw[0] != 0xEF && !json.Valid(raw) {
			t.Fatalf("no JSON taken: %q", raw)
		}
		out := v.AppendJSON(nil)
		again, fault := jsondoc.Parse(out)
		if fault != nil || !jsondoc.Equal(&v, &again) || string(again.AppendJSON(nil)) != string(out) {
			t.Fatalf("written back as %q: %v", out, fault)
		}
		canonical := again.AppendCanonical(nil)
		if once, fault := jsondoc.Parse(canonical); fault != nil || string(once.AppendCanonical(nil)) != string(canonical) {
			t.Fatalf("canonical form is not stable: %q %v", canonical, fault)
		}
	})
}
