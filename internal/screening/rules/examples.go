package rules

import (
	"fmt"
	"math"
	"reflect"
	"time"
)

// Result is what one example of a rule gave.
type Result struct {
	File    string `json:"file"`
	Line    int    `json:"line"`
	Rule    string `json:"rule"`
	Example string `json:"name"`
	Want    bool   `json:"want"`
	Got     bool   `json:"got"`
	Err     string `json:"error,omitempty"`
	Passed  bool   `json:"passed"`
}

// Test compiles the files and runs the examples beside each rule. A rule must hit at least one of its examples and
// leave at least one alone; one that does not shows nothing, and fails.
func Test(files []File, vocabularies []Vocabulary) ([]Result, error) {
	s, err := Parse(files, vocabularies)
	if err != nil {
		return nil, err
	}
	return s.Test(), nil
}

// Test runs the examples of a compiled set.
func (s *Set) Test() []Result {
	var out []Result
	for _, c := range s.rules {
		hits, misses := 0, 0
		x := s.byDomain[c.Domain]
		for i, e := range c.Examples {
			r := Result{File: c.file, Line: c.line, Rule: c.ID, Example: e.Name, Want: e.Want}
			if i < len(c.places) {
				r.Line = c.places[i]
			}
			if e.Want {
				hits++
			} else {
				misses++
			}
			r.Got, r.Err = c.try(x.language, e)
			r.Passed = r.Err == "" && r.Got == e.Want
			out = append(out, r)
		}
		if hits == 0 || misses == 0 {
			out = append(out, Result{File: c.file, Line: c.line, Rule: c.ID, Example: "examples", Want: true,
				Err: "a rule needs an example that it hits and one that it does not"})
		}
	}
	return out
}

// try evaluates a rule on an example.
func (c *compiled) try(l *language, e Example) (got bool, wrong string) {
	view := reflect.New(l.view)
	err := fill(view.Elem(), e.Given, l.Name)
	if err == nil {
		got, err = c.evaluate(&activation{l.Name, l.adapter.NativeToValue(view.Interface())})
	}
	if err != nil {
		return false, err.Error()
	}
	return got, ""
}

// fill sets a view from what an example gives. A name that is not in the vocabulary is an error, as in an expression.
func fill(into reflect.Value, given any, at string) error {
	if into.Kind() == reflect.Pointer {
		if given == nil {
			return nil
		}
		into.Set(reflect.New(into.Type().Elem()))
		return fill(into.Elem(), given, at)
	}
	switch into.Interface().(type) {
	case time.Time:
		return fillTime(into, given, at)
	case time.Duration:
		d, err := time.ParseDuration(fmt.Sprint(given))
		if err != nil {
			return fmt.Errorf("%s: %v is no duration (90m, 36h)", at, given)
		}
		into.SetInt(int64(d))
		return nil
	}
	g := reflect.ValueOf(given)
	switch into.Kind() {
	case reflect.Struct:
		m, ok := given.(map[string]any)
		if !ok {
			return fmt.Errorf("%s: want attributes, not %v", at, given)
		}
		for name, value := range m {
			f, ok := fieldNamed(into.Type(), name)
			if !ok {
				return fmt.Errorf("%s has no attribute %s", at, name)
			}
			if err := fill(into.FieldByIndex(f.Index), value, at+"."+name); err != nil {
				return err
			}
		}
		return nil
	case reflect.Slice:
		if !g.IsValid() || g.Kind() != reflect.Slice {
			return fmt.Errorf("%s: want a list, not %v", at, given)
		}
		into.Set(reflect.MakeSlice(into.Type(), g.Len(), g.Len()))
		for i := range g.Len() {
			if err := fill(into.Index(i), g.Index(i).Interface(), fmt.Sprintf("%s[%d]", at, i)); err != nil {
				return err
			}
		}
		return nil
	case reflect.Map:
		m, ok := given.(map[string]any)
		if !ok || into.Type().Key().Kind() != reflect.String {
			return fmt.Errorf("%s: want names with values, not %v", at, given)
		}
		into.Set(reflect.MakeMap(into.Type()))
		for name, value := range m {
			v := reflect.New(into.Type().Elem()).Elem()
			if err := fill(v, value, at+"."+name); err != nil {
				return err
			}
			into.SetMapIndex(reflect.ValueOf(name).Convert(into.Type().Key()), v)
		}
		return nil
	case reflect.String:
		into.SetString(fmt.Sprint(given))
		return nil
	case reflect.Bool:
		b, ok := given.(bool)
		if !ok {
			return fmt.Errorf("%s: want true or false, not %v", at, given)
		}
		into.SetBool(b)
		return nil
	}
	return fillNumber(into, given, g, at)
}

func fillNumber(into reflect.Value, given any, g reflect.Value, at string) error {
	var n float64
	switch {
	case g.IsValid() && g.CanInt():
		n = float64(g.Int())
	case g.IsValid() && g.CanUint():
		n = float64(g.Uint())
	case g.IsValid() && g.CanFloat():
		n = g.Float()
	default:
		return fmt.Errorf("%s: want a number, not %v", at, given)
	}
	switch {
	case into.CanInt() && n == math.Trunc(n) && !into.OverflowInt(int64(n)):
		into.SetInt(int64(n))
	case into.CanUint() && n >= 0 && n == math.Trunc(n) && !into.OverflowUint(uint64(n)):
		into.SetUint(uint64(n))
	case into.CanFloat():
		into.SetFloat(n)
	default:
		return fmt.Errorf("%s: %v does not fit", at, given)
	}
	return nil
}

func fillTime(into reflect.Value, given any, at string) error {
	if t, ok := given.(time.Time); ok {
		into.Set(reflect.ValueOf(t.UTC()))
		return nil
	}
	text := fmt.Sprint(given)
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04", "2006-01-02 15:04", time.DateOnly} {
		if t, err := time.Parse(layout, text); err == nil {
			into.Set(reflect.ValueOf(t.UTC()))
			return nil
		}
	}
	return fmt.Errorf("%s: %v is no instant (2026-11-24T01:15:00Z)", at, given)
}

func fieldNamed(t reflect.Type, name string) (reflect.StructField, bool) {
	if t == nil || t.Kind() != reflect.Struct {
		return reflect.StructField{}, false
	}
	for _, f := range reflect.VisibleFields(t) {
		if f.IsExported() && fieldName(f) == name {
			return f, true
		}
	}
	return reflect.StructField{}, false
}
