package goaml

import (
	"reflect"
	"strconv"
	"strings"
)

// A plan is what the tags of a struct say of the element it stands for: its children in their order. A tag is
//
//	name[>item] [,must] [,client] [,max=N] [,len=N] [,of=A|B] [,code=LIST] [,currency] [,country]
//	            [,choice=GROUP] [,unless=OTHER] [,with=OTHER]
//
// name>item is a wrapper that holds items. must: it has to come; client: it has to where the filer tells of its own
// customer, and below an element so marked everything is of its own customer. Of one choice only one may come, and one
// has to where any of them must. unless: neither beside the other, nor needed where the other is. with: not without the other.
type plan struct {
	name   string // of the type, in small letters: person, account
	fields []field
	byName map[string]int
	groups []string
}

type field struct {
	name, item   string
	index        []int
	kind         kind
	list         bool
	plan         *plan // of an element that holds elements
	must, client bool
	max, exact   int
	of           []string
	code         string
	currency     bool
	country      bool
	choice       string
	unless, with string
}

type kind uint8

const (
	text kind = iota
	whole
	amount
	wall
	truth
	raw
	element
)

var (
	reportPlan = compile(reflect.TypeFor[Report]())
	repeated   = func() map[string]bool {
		m := map[string]bool{}
		reportPlan.repeats("report", m)
		return m
	}()
)

// repeats tells the tree which elements carry a number in a path.
func repeats(parent, name string) bool { return repeated[parent+"/"+name] }

func (p *plan) repeats(name string, m map[string]bool) {
	for i := range p.fields {
		f := &p.fields[i]
		child := f.name
		switch {
		case f.item != "":
			m[f.name+"/"+f.item] = true
			child = f.item
		case f.list:
			m[name+"/"+f.name] = true
		}
		if f.plan != nil {
			f.plan.repeats(child, m)
		}
	}
}

func compile(t reflect.Type) *plan {
	p := &plan{name: strings.ToLower(t.Name()), byName: map[string]int{}}
	for _, sf := range reflect.VisibleFields(t) {
		tag := sf.Tag.Get("goaml")
		if tag == "" {
			continue
		}
		f := field{index: sf.Index}
		f.describe(strings.Split(tag, ","))
		f.shape(sf.Type)
		p.byName[f.name] = len(p.fields)
		p.fields = append(p.fields, f)
		if known := strings.Join(p.groups, " ") + " "; f.choice != "" && !strings.Contains(known, f.choice+" ") {
			p.groups = append(p.groups, f.choice)
		}
	}
	return p
}

func (f *field) describe(tag []string) {
	f.name, f.item, _ = strings.Cut(tag[0], ">")
	for _, word := range tag[1:] {
		key, value, _ := strings.Cut(word, "=")
		switch key {
		case "must":
			f.must = true
		case "client":
			f.client = true
		case "max":
			f.max, _ = strconv.Atoi(value)
		case "len":
			f.exact, _ = strconv.Atoi(value)
		case "of":
			f.of = strings.Split(value, "|")
		case "code":
			f.code = value
		case "currency":
			f.currency = true
		case "country":
			f.country = true
		case "choice":
			f.choice = value
		case "unless":
			f.unless = value
		case "with":
			f.with = value
		}
	}
}

func (f *field) shape(t reflect.Type) {
	if t.Kind() == reflect.Slice {
		f.list, t = true, t.Elem()
	}
	switch t {
	case reflect.TypeFor[Amount]():
		f.kind = amount
	case reflect.TypeFor[Wall]():
		f.kind = wall
	case reflect.TypeFor[Raw]():
		f.kind = raw
	case reflect.TypeFor[int64]():
		f.kind = whole
	case reflect.TypeFor[*bool]():
		f.kind = truth
	case reflect.TypeFor[string]():
		f.kind = text
	default:
		f.kind, f.plan = element, compile(t.Elem())
	}
}

// needed tells whether the element has to come; ours: the filer tells of its own customer.
func (f *field) needed(ours bool) bool { return f.must || f.client && ours }

// below tells whether what stands below the element is of the filer's own customer: a side or party so marked by its name.
func (f *field) below(ours bool) bool {
	return ours || strings.HasSuffix(f.name, "_my_client")
}

// Raw is an element kept as it stands, tags and all: FIUs vary it too much for a struct, and it is written back unchanged.
type Raw string
