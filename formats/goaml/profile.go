package goaml

import (
	"regexp"
	"slices"
	"strings"

	"github.com/rihla/rihla/formats/country"
)

// Profile is what one unit's variant of the schema asks beyond what is common to all. It comes from the unit, by
// configuration; the zero value checks no code list. A Profile is not changed once reading began.
type Profile struct {
	Name     string // the unit and its version, e.g. "AE 5.0.2"
	Currency string // the unit's own; empty takes any

	// Codes are the lists by name: report_code, funds_code, transmode_code, indicator, identification_type … A list that
	// is not here is not checked.
	Codes map[string][]string

	// Indicators are those that fit a report code, where the unit says so.
	Indicators map[string][]string

	// Filer is the reporting entity whose report this is, as it proved to be; none takes any.
	Filer int64

	// Partner says that the report is another unit's: no side of it need be a customer of whoever sends it.
	Partner bool

	// Numbers are what a paper's number has to look like, by the type of paper, or by type and country as PASSP/BH. Compile
	// them with [NumberPattern].
	Numbers map[string]*regexp.Regexp

	// Mandatory overrules what this package holds for mandatory in a customer's person, account or entity, by
	// "person/tax_reg_number".
	Mandatory map[string]bool
}

func (p *Profile) allows(list, code string) bool {
	codes, listed := p.Codes[list]
	return !listed || slices.Contains(codes, code)
}

func (p *Profile) needed(in *plan, f *field, ours bool) bool {
	if len(p.Mandatory) > 0 {
		if must, said := p.Mandatory[in.name+"/"+f.name]; said {
			return must && (ours || f.must)
		}
	}
	return f.needed(ours)
}

// NumberPattern compiles a pattern as units publish them: it always holds the whole number, with or without the anchors
// that some write and others forget.
func NumberPattern(pattern string) (*regexp.Regexp, error) {
	pattern = strings.TrimSuffix(strings.TrimPrefix(pattern, "^"), "$")
	return regexp.Compile("^(?:" + pattern + ")$")
}

// number tells whether a paper's number looks as the unit says it does.
func (p *Profile) number(kind, of, number string) bool {
	pattern := p.Numbers[kind+"/"+country.Alpha2(of)]
	if pattern == nil {
		pattern = p.Numbers[kind]
	}
	return pattern == nil || pattern.MatchString(number)
}
