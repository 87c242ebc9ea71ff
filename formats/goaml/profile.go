package goaml

import "slices"

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
