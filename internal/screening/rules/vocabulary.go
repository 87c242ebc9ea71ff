package rules

import "reflect"

// Vocabulary is what the rules of a domain may speak of.
type Vocabulary struct {
	Domain string       // travel, cargo; a rule names it
	Name   string       // the variable in expressions: traveller
	Type   reflect.Type // the view: a struct, its fields named by their `cel` tags (lower case with underscores without one)
	Doc    string
}
