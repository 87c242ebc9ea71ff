package stix_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/rihla/rihla/formats/stix"
)

// hostile are documents made to cost more than they should: each is read in a time that its length explains.
func hostile() map[string]string {
	const many = 10_000
	bundle := func(objects ...string) string {
		return `{"type":"bundle","id":"bundle--` + uuid + `","objects":[` + strings.Join(objects, ",") + `]}`
	}
	var properties, references, selectors strings.Builder
	for i := range many {
		fmt.Fprintf(&properties, `,"x_%d":1`, i)
		fmt.Fprintf(&references, `,"tool--00000000-0000-4000-8000-%012d"`, i)
		fmt.Fprintf(&selectors, `,"x_%d"`, i)
	}
	patterned := func(text string) string {
		return strings.Replace(indicator(""), "[a:b = 1]", text, 1)
	}
	open := `,"extensions":{"extension-definition--` + other + `":{"extension_type":"toplevel-property-extension"}}`
	return map[string]string{
		"properties of an extension":  bundle(sdo("tool", `"name":"x"`+properties.String()+open)),
		"properties nobody knows":     bundle(sdo("tool", `"name":"x"`+properties.String())),
		"selectors":                   bundle(sdo("tool", `"name":"x"`+properties.String()+open+`,"granular_markings":[{"lang":"en","selectors":["name"`+selectors.String()+`]}]`)),
		"references":                  bundle(sdo("report", `"name":"x","published":"2026-03-15T08:00:00Z","object_refs":[`+references.String()[1:]+`]`)),
		"one pattern again and again": bundle(slicesOf(patterned("["+strings.TrimSuffix(strings.Repeat("a:b = 1 OR ", 5000), " OR ")+"]"), 2)...),
		"types in a pattern":          bundle(patterned("[" + strings.TrimSuffix(strings.Repeat("a:b = 1 AND c:d = 1 AND ", 2500), " AND ") + "]")),
		"expressions":                 bundle(patterned("[" + strings.TrimSuffix(strings.Repeat("a:b MATCHES '(a{900}){1}' OR ", 2000), " OR ") + "]")),
		"brackets":                    bundle(patterned(strings.Repeat("(", 60_000))),
		"a list within a list":        strings.Repeat("[", 500_000),
		"objects within objects":      strings.Repeat(`{"objects":`, 100_000),
		"the same object":             "[" + strings.TrimSuffix(strings.Repeat(sdo("tool", `"name":"x"`)+",", 5000), ",") + "]",
		"versions that conflict":      "[" + sdo("tool", `"name":"y"`) + strings.Repeat(","+sdo("tool", `"name":"x"`), 5000) + "]",
		"nothing at all":              "[" + strings.Repeat("{},", 10_000) + "{}]",
	}
}

func slicesOf(one string, n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = one
	}
	return out
}

func TestHostile(t *testing.T) {
	t.Parallel()
	for name, text := range hostile() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d, f := stix.Read([]byte(text))
			if f != nil {
				return
			}
			objects := accepted(d)
			stix.NewMarkings(objects...).RedactAll(objects, stix.Ceiling{Level: stix.Red})
			if len(d.AppendJSON(nil)) > 100*len(text)+1<<20 {
				t.Errorf("%d bytes are printed of %d", len(d.AppendJSON(nil)), len(text))
			}
		})
	}
}
