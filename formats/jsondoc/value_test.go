package jsondoc_test

import (
	"testing"

	"github.com/rihla/rihla/formats/jsondoc"
)

// A value answers what it is asked for where it is that, and nothing where it is not.
func TestReadingValues(t *testing.T) {
	t.Parallel()
	v, f := jsondoc.Parse([]byte(`{"name": "a\u0062", "list": [1, 2.50], "yes": true}`))
	if f != nil {
		t.Fatal(f)
	}
	list := v.Get("list")
	if v.Get("name").Text() != "ab" || v.Get("name").Raw() != `"a\u0062"` || len(v.Members()) != 3 || len(list.Items()) != 2 || list.Len() != len("[1, 2.50]") {
		t.Errorf("read %q, %s, %d members", v.Get("name").Text(), v.Get("name").Raw(), len(v.Members()))
	}
	second := list.Items()[1].Value
	if n, ok := second.Float(); !ok || n != 2.5 || second.Raw() != "2.50" {
		t.Errorf("%v %v %s", n, ok, second.Raw())
	}
	if yes, ok := v.Get("yes").Bool(); !yes || !ok {
		t.Error("true is not true")
	}
	if v.Get("none") != nil || v.Get("none").Text() != "" || v.Get("yes").Items() != nil || list.Members() != nil {
		t.Error("something is there that is not")
	}
	if _, ok := v.Get("name").Float(); ok || v.Get("name").Kind.String() != "a string" {
		t.Error("a text is a number")
	}
}
