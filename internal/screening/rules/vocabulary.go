package rules

import (
	"cmp"
	"reflect"
	"slices"
	"strings"
)

// Vocabulary is what the rules of a domain may speak of.
type Vocabulary struct {
	Domain string       // travel, cargo; a rule names it
	Name   string       // the variable in expressions: traveller
	Type   reflect.Type // the view: a struct, its fields named by their `cel` tags (lower case with underscores without one)
	Doc    string
}

// Attribute is one thing a rule may look at, for completion and for the builder. Its documentation is the field's `doc`
// tag; the `values` tag names those it takes, "ADT:an adult,CHD:a child".
type Attribute struct {
	Name       string      `json:"name"` // booking.agency
	Path       string      `json:"path"` // traveller.booking.agency; within a list of records as Name
	Type       string      `json:"type" enum:"text,number,decimal,flag,instant,duration,list,record,map"`
	Of         string      `json:"of,omitempty" doc:"What a list holds"`
	Doc        string      `json:"doc,omitempty"`
	Operators  []string    `json:"operators,omitempty"`
	Values     []Known     `json:"values,omitempty"`
	Attributes []Attribute `json:"attributes,omitempty" doc:"Of the records that a list holds; their names are relative to one record"`
}

// Known is a value that an attribute is known to take.
type Known struct {
	Value string `json:"value"`
	Doc   string `json:"doc,omitempty"`
}

// The types of attributes.
const (
	TypeText     = "text"
	TypeNumber   = "number"  // whole
	TypeDecimal  = "decimal" // with a fraction
	TypeFlag     = "flag"
	TypeInstant  = "instant"
	TypeDuration = "duration"
	TypeList     = "list"
	TypeRecord   = "record"
	TypeMap      = "map"
)

func typeOf(t reflect.Type) string {
	t = elem(t)
	if t == nil {
		return ""
	}
	switch t {
	case timeType:
		return TypeInstant
	case durationType:
		return TypeDuration
	}
	switch t.Kind() {
	case reflect.String:
		return TypeText
	case reflect.Bool:
		return TypeFlag
	case reflect.Float32, reflect.Float64:
		return TypeDecimal
	case reflect.Slice, reflect.Array:
		return TypeList
	case reflect.Struct:
		return TypeRecord
	case reflect.Map:
		return TypeMap
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64, reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return TypeNumber
	}
	return ""
}

// Attributes lists what there is, in the order of the view's fields. A record within the view is spelt out: its
// attributes carry its name and a dot.
func (v Vocabulary) Attributes() []Attribute {
	return attributesOf(elem(v.Type), "", v.Name+".", 0)
}

// deepest nesting of records that is spelt out; a view that holds itself ends there.
const deepest = 6

func attributesOf(t reflect.Type, prefix, path string, depth int) []Attribute {
	if t == nil || t.Kind() != reflect.Struct || depth > deepest {
		return nil
	}
	var out []Attribute
	for _, f := range reflect.VisibleFields(t) {
		name := fieldName(f)
		if !f.IsExported() || f.Anonymous || name == "-" || name == "" {
			continue
		}
		a := Attribute{Name: prefix + name, Path: path + name, Type: typeOf(f.Type), Doc: f.Tag.Get("doc"), Values: knownValues(f.Tag.Get("values"))}
		switch a.Type {
		case "":
			continue
		case TypeRecord:
			out = append(out, attributesOf(elem(f.Type), a.Name+".", a.Path+".", depth+1)...)
			continue
		case TypeList:
			of := elem(f.Type).Elem()
			if a.Of = typeOf(of); a.Of == TypeRecord {
				a.Attributes = attributesOf(elem(of), "", "", depth+1)
			}
		}
		a.Operators = operatorsOf(a.Type, a.Of)
		out = append(out, a)
	}
	return out
}

func knownValues(tag string) []Known {
	if tag == "" {
		return nil
	}
	var out []Known
	for part := range strings.SplitSeq(tag, ",") {
		value, doc, _ := strings.Cut(part, ":")
		out = append(out, Known{strings.TrimSpace(value), strings.TrimSpace(doc)})
	}
	return out
}

// Function is something a condition may call.
type Function struct {
	Name    string `json:"name"`
	Doc     string `json:"doc"`
	Example string `json:"example"`
}

// Functions are those that conditions are written with, beside comparisons and && || !.
var Functions = []Function{
	{"exists", "some element of a list is such", `traveller.documents.exists(d, d.type == "P" && d.days_left < 0)`},
	{"all", "every element of a list is such", `traveller.documents.all(d, d.issuer == traveller.nationality)`},
	{"exists_one", "exactly one element of a list is such", `traveller.documents.exists_one(d, d.type == "P")`},
	{"filter", "the elements of a list that are such", `size(traveller.documents.filter(d, d.type == "V")) > 1`},
	{"map", "a list of what its elements hold", `"DOH" in traveller.documents.map(d, d.issuer)`},
	{"size", "how many elements, or characters", `size(traveller.phones) > 2`},
	{"in", "is one of", `traveller.booking.currency in ["USD", "EUR"]`},
	{"startsWith", "a text begins so", `traveller.seat.startsWith("1")`},
	{"endsWith", "a text ends so", `traveller.seat.endsWith("A")`},
	{"contains", "a text holds another", `traveller.booking.agency_city.contains("LON")`},
	{"matches", "a text is of a pattern (RE2)", `traveller.booking.locator.matches("^[A-Z]{6}$")`},
	{"sets.intersects", "two lists share an element", `sets.intersects(traveller.booking.airports, ["DOH", "DXB"])`},
	{"sets.contains", "a list holds all of another", `sets.contains(traveller.booking.airports, ["DOH", "DXB"])`},
	{"lowerAscii", "a text in small letters", `traveller.booking.agency_city.lowerAscii() == "london"`},
	{"timestamp", "an instant", `timestamp("2026-11-24T01:15:00Z")`},
	{"duration", "a length of time", `duration("36h")`},
}

// Described is a vocabulary for people and for the builder.
type Described struct {
	Domain     string      `json:"domain"`
	Name       string      `json:"name"`
	Doc        string      `json:"doc,omitempty"`
	Attributes []Attribute `json:"attributes"`
	Functions  []Function  `json:"functions"`
	Operators  []Operator  `json:"operators"`
}

// Describe tells what rules of each domain may speak of, and with which words.
func Describe(vocabularies []Vocabulary) []Described {
	out := make([]Described, 0, len(vocabularies))
	for _, v := range vocabularies {
		out = append(out, Described{v.Domain, v.Name, v.Doc, v.Attributes(), Functions, Operators})
	}
	slices.SortFunc(out, func(a, b Described) int { return cmp.Compare(a.Domain, b.Domain) })
	return out
}
