package stix

import (
	"strconv"
	"strings"

	"github.com/rihla/rihla/formats/jsondoc"
)

// Class is what kind of thing a type of object is.
type Class uint8

// The classes of types. Custom is what an extension, or nobody, defines.
const (
	Custom     Class = iota
	Domain           // SDO
	Relation         // SRO
	Observable       // SCO
	Meta             // extension-definition, language-content, marking-definition
)

// ClassOf is the class of a type of object.
func ClassOf(typ string) Class {
	if s := schemas[typ]; s != nil {
		return s.class
	}
	return Custom
}

// shape is how a property's value should look.
type shape uint8

const (
	anything shape = iota
	text
	boolean
	integer
	float
	timestamp
	reference
	hexadecimal
	binary
	dictionary
	hashes
	vocabulary // a text, or one of a vocabulary
	structure  // an object with properties of its own
	extensions
)

// property is one row of the standard's tables.
type property struct {
	name     string
	shape    shape
	list     bool
	required bool
	bit      int       // position among the required ones
	low      float64   // of a number
	high     float64   // where it is above low
	digits   int       // timestamp: at least so many behind the second
	after    string    // timestamp: not earlier than that one, or later where strictly
	strictly bool      // later, not at the same instant
	words    *words    // vocabulary
	targets  []string  // reference: to which types; @sdo, @sco, @thing name classes
	inner    *schema   // structure
	check    textCheck // of a text
}

// schema is what a type of object, or a structure inside one, should hold.
type schema struct {
	name       string
	class      Class
	properties map[string]*property
	names      []string // of the properties
	required   []*property
	closed     bool // what the table does not name is not of the standard
	rule       func(*checker, *jsondoc.Value)
}

// words are the words of a vocabulary; a closed one has no others.
type words struct {
	name   string
	closed bool
	known  map[string]bool
	list   []string
}

// compiler turns the rows of tables.go into schemas.
type compiler struct {
	structures map[string]*schema
}

// schema compiles rows such as
//
//	name!:text aliases:[text] first_seen:time last_seen:time>=first_seen score:int(0..100) kind:open(tool-type)
//
// where ! marks what is required, [ ] a list and > or >= an instant that should be later than another.
func (c *compiler) schema(name string, class Class, rows string) *schema {
	s := &schema{name: name, class: class, properties: map[string]*property{}}
	for _, row := range strings.Fields(rows) {
		name, what, ok := strings.Cut(row, ":")
		if !ok {
			panic("no shape: " + row)
		}
		p := &property{name: strings.TrimSuffix(name, "!"), required: strings.HasSuffix(name, "!")}
		if inner, found := strings.CutPrefix(what, "["); found {
			p.list, what = true, strings.TrimSuffix(inner, "]")
		}
		c.property(p, what)
		s.properties[p.name] = p
		s.names = append(s.names, p.name)
		if p.required {
			p.bit = len(s.required)
			s.required = append(s.required, p)
		}
	}
	return s
}

var shapes = map[string]shape{"any": anything, "text": text, "bool": boolean, "int": integer, "float": float, "time": timestamp, "created": timestamp, "ref": reference,
	"hex": hexadecimal, "binary": binary, "dict": dictionary, "hashes": hashes, "open": vocabulary, "enum": vocabulary, "of": structure, "extensions": extensions}

func (c *compiler) property(p *property, what string) {
	name, argument, _ := strings.Cut(strings.TrimSuffix(what, ")"), "(")
	if at := strings.IndexByte(what, '>'); at >= 0 {
		name, p.after = what[:at], strings.TrimLeft(what[at:], ">=")
		p.strictly = !strings.Contains(what, ">=")
	}
	known, ok := shapes[name]
	if !ok {
		if p.check, ok = textChecks[name]; !ok {
			panic("no such shape: " + what)
		}
		known = text
	}
	p.shape = known
	if name == "created" {
		const milliseconds = 3
		p.digits = milliseconds
	}
	if argument == "" {
		return
	}
	switch known {
	case integer, float:
		low, high, _ := strings.Cut(argument, "..")
		var errLow, errHigh error
		p.low, errLow = strconv.ParseFloat(low, 64)
		p.high, errHigh = strconv.ParseFloat(high, 64)
		if errLow != nil || errHigh != nil {
			panic("no range: " + what)
		}
	case vocabulary:
		p.words = &words{name: argument, closed: name == "enum", list: strings.Fields(vocabularies[argument]), known: map[string]bool{}}
		if len(p.words.list) == 0 {
			panic("no such vocabulary: " + argument)
		}
		for _, w := range p.words.list {
			p.words.known[w] = true
		}
	case reference:
		p.targets = strings.Split(argument, "|")
	case structure:
		if p.inner = c.structures[argument]; p.inner == nil {
			panic("no such structure: " + argument)
		}
	}
}

// The compiled tables: the types of the standard and of the incident suite, what stands inside them, and what an object
// of STIX 2.0 and one of a type that the standard does not have are held to.
var (
	structures = compileStructures()
	schemas    = compileSchemas()
	earlier    = commonSchema()
	custom     = commonSchema()
)

func compileStructures() map[string]*schema {
	c := compiler{map[string]*schema{}}
	for _, r := range structureRows {
		s := c.schema(r.name, Custom, r.properties)
		s.closed = true
		s.rule = structureRules[r.name]
		c.structures[r.name] = s
	}
	return c.structures
}

func compileSchemas() map[string]*schema {
	c, out := compiler{structures}, map[string]*schema{}
	for _, table := range []struct {
		class  Class
		common string
		rows   []row
	}{{Domain, commonDomain, domainRows}, {Relation, commonDomain, relationRows}, {Observable, commonObservable, observableRows}, {Meta, "", metaRows}} {
		for _, r := range table.rows {
			s := c.schema(r.name, table.class, table.common+" "+r.properties)
			s.closed = true
			out[r.name] = s
		}
	}
	return out
}

// commonSchema asks for nothing and knows only what every object may have.
func commonSchema() *schema {
	c := compiler{structures}
	return c.schema("", Custom, strings.NewReplacer("!:", ":").Replace(commonDomain))
}
