package mrz

import (
	"strings"

	"github.com/rihla/rihla/formats/date"
	"github.com/rihla/rihla/formats/fault"
)

// Fields that have a check digit of their own, and the one digit over all.
const (
	FieldNumber    = "document_number"
	FieldBorn      = "birth_date"
	FieldExpires   = "expiry_date"
	FieldOptional  = "optional"
	FieldComposite = "composite"
)

// Check is one check digit, as it stands and as it should be.
type Check struct {
	Field  string `json:"field"`
	Line   int    `json:"line"`   // of the digit, from 1
	Column int    `json:"column"` // of the digit, from 1
	Digit  string `json:"digit"`
	Want   string `json:"want"`
	OK     bool   `json:"ok"`
}

// Correction is what stood where it cannot stand, and what it was taken for.
type Correction struct {
	Field string `json:"field"` // as in a fault: born, names, issuer …
	Line  int    `json:"line"`
	Was   string `json:"was"`
	Read  string `json:"read"`
}

// Reading is a zone with everything there was to say about how it was read.
type Reading struct {
	Zone
	Checks      []Check       // every digit that a zone of this size has, in the order of the zone's fields
	Corrections []Correction  // that were made
	Faults      []fault.Fault // as Parse tells them
	// Probable is a document number that differs from the one read in a single character which is easily mistaken, and
	// whose check digits fit where this one's do not. It is empty where there is none, or more than one.
	Probable string
}

// OK tells that every check digit fits and nothing had to be put right.
func (r *Reading) OK() bool { return len(r.Faults) == 0 }

// Read reads a zone as [Parse] does, and tells all of its check digits, those that fit as well.
func Read(text string, reference date.Date) (Reading, error) {
	p, err := parse(text, reference)
	if err != nil {
		return Reading{}, err
	}
	r := Reading{Zone: p.zone(), Checks: p.checks, Corrections: p.corrections, Faults: p.faults}
	r.Probable = p.probable()
	return r, nil
}

// checked notes a digit.
func (p *parser) checked(at span, field string, got, want byte) {
	p.checks = append(p.checks, Check{Field: field, Line: at.line + 1, Column: at.from + 1, Digit: string(got), Want: string(want), OK: fix(got) == want})
}

// mistaken are characters that a number may hold and that eyes and machines confuse.
var mistaken = map[byte]string{'O': "0", '0': "ODQ", 'D': "0", 'Q': "0", 'I': "1", '1': "IL", 'L': "1", 'Z': "2", '2': "Z", 'S': "5", '5': "S", 'B': "8", '8': "B", 'G': "6", '6': "G"}

// probable looks for the one number that the check digits speak for.
func (p *parser) probable() string {
	l := p.l
	if got := p.lines[l.number.line][l.numberCheck.from]; got == '<' || fix(got) == CheckDigit(p.text(l.number)) {
		return ""
	}
	found := ""
	line := p.lines[l.number.line]
	for i := l.number.from; i < l.number.to; i++ {
		for _, c := range []byte(mistaken[line[i]]) {
			p.lines[l.number.line] = line[:i] + string(c) + line[i+1:]
			fits := fix(line[l.numberCheck.from]) == CheckDigit(p.text(l.number)) && (l.composite.line < 0 || fix(p.lines[l.composite.line][l.composite.from]) == CheckDigit(p.mended()))
			number := unfill(p.text(l.number))
			p.lines[l.number.line] = line
			switch {
			case !fits:
			case found != "":
				return ""
			default:
				found = number
			}
		}
	}
	if strings.Contains(found, "<") {
		return ""
	}
	return found
}
