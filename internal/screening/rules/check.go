package rules

import (
	"cmp"
	"errors"
	"slices"
)

// Checked is what a rule that is being written comes to: what is wrong, in its place, and what its examples give.
type Checked struct {
	OK         bool          `json:"ok"`
	Errors     []Complaint   `json:"errors" nullable:"false"`
	Examples   []ExampleTold `json:"examples,omitempty"`
	Attributes []string      `json:"attributes,omitempty" doc:"What the condition looks at"`
	Indexed    bool          `json:"indexed" doc:"Whether the rule is evaluated only of views that meet a condition of the index"`
	Index      []string      `json:"index,omitempty" doc:"Those conditions"`
}

// Complaint is one thing wrong with a rule, where it is wrong.
type Complaint struct {
	Field   string `json:"field,omitempty"` // when, title …; tree
	Rule    string `json:"rule"`            // the error's stable name
	Line    int    `json:"line,omitempty" doc:"From 1"`
	Column  int    `json:"column,omitempty" doc:"From 1, in characters"`
	Offset  int    `json:"offset" doc:"From 0, in characters of the condition"`
	Length  int    `json:"length,omitempty" doc:"In characters; absent is a point"`
	Message string `json:"message"`
	Mend    string `json:"mend,omitempty"`
}

// ExampleTold is an example and what it gave.
type ExampleTold struct {
	Name   string         `json:"name"`
	Want   bool           `json:"want"`
	Given  map[string]any `json:"given,omitempty"`
	Got    bool           `json:"got"`
	Passed bool           `json:"passed"`
	Error  string         `json:"error,omitempty"`
}

// Complaints tells errors of this package as data; an error from elsewhere is told by its text.
func Complaints(errs ...error) []Complaint {
	out := make([]Complaint, 0, len(errs))
	for _, err := range errs {
		if joined, ok := err.(interface{ Unwrap() []error }); ok { //nolint:errorlint // a list of errors, not a chain
			out = append(out, Complaints(joined.Unwrap()...)...)
			continue
		}
		e, ok := errors.AsType[*Error](err)
		if !ok {
			out = append(out, Complaint{Rule: "rule", Message: err.Error()})
			continue
		}
		f := e.Fault
		out = append(out, Complaint{f.Field, f.Rule, f.Line, e.Column, e.Offset, e.Length, f.Message, f.Mend})
	}
	return out
}

// Check compiles a rule and runs its examples. Whoever writes it may have got no further than the condition: with
// conditionOnly nothing is said of what else is missing.
func Check(r Rule, vocabularies []Vocabulary, conditionOnly bool) (Checked, error) {
	if conditionOnly {
		r.ID, r.Version = cmp.Or(r.ID, "draft"), cmp.Or(r.Version, "0")
		r.Title, r.Owner, r.Basis, r.Severity, r.Expires = "-", "-", "-", severities[0], ""
	}
	examples := r.Examples
	if conditionOnly && len(examples) == 0 {
		r.Examples = []Example{{}}
	}
	r.Shadow = false
	s, wrong, err := Compile([]Rule{r}, vocabularies)
	if err != nil {
		return Checked{}, err
	}
	out := Checked{Errors: Complaints(wrong...)}
	c := s.byID[r.ID]
	if c == nil {
		for _, e := range examples {
			out.Examples = append(out.Examples, ExampleTold{Name: e.Name, Want: e.Want, Given: e.Given})
		}
		return out, nil
	}
	out.OK = true
	hits, misses := false, false
	for _, e := range examples {
		told := ExampleTold{Name: e.Name, Want: e.Want, Given: e.Given}
		told.Got, told.Error = c.try(s.byDomain[c.Domain].language, e)
		told.Passed = told.Error == "" && told.Got == e.Want
		out.OK = out.OK && told.Passed
		hits, misses = hits || e.Want, misses || !e.Want
		out.Examples = append(out.Examples, told)
	}
	if !conditionOnly && (!hits || !misses) {
		out.OK = false
		out.Errors = append(out.Errors, Complaints(r.wrong("examples", "rule_examples", "a rule needs an example that it hits and one that it does not", "add the other"))...)
	}
	for _, p := range c.paths {
		out.Attributes = append(out.Attributes, p.text)
	}
	out.Index = s.Needs(r.ID)
	out.Indexed = len(c.needed) > 0
	slices.Sort(out.Attributes)
	return out, nil
}
