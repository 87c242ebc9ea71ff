package travel

import (
	"slices"
	"testing"

	"github.com/rihla/rihla/formats/cusres"
	"github.com/rihla/rihla/formats/date"
	"github.com/rihla/rihla/formats/paxlst"
	"github.com/rihla/rihla/internal/casework"
	"github.com/rihla/rihla/internal/screening"
)

// Every mix of what is found and what people decided has one answer. Board is only said of whom nobody must look at, and
// not to board only because an officer said it.
func TestVerdict(t *testing.T) {
	t.Parallel()
	finding := func(matched string, s screening.Severity) screening.Finding {
		return screening.Finding{Engine: screening.EngineName, Matched: matched, Severity: s}
	}
	found := func(f ...screening.Finding) []screening.Finding { return f }
	met, slight, worse, other := finding("a/1", screening.High), finding("a/1", screening.Low), finding("a/1", screening.Critical), finding("a/2", screening.Medium)
	open := func(state casework.State, s screening.Severity) casework.Case {
		return casework.Case{State: state, Severity: s}
	}
	closed := func(outcome string) casework.Case {
		return casework.Case{State: casework.Closed, Severity: screening.High, Outcome: outcome}
	}
	cases := func(c ...casework.Case) []casework.Case { return c }
	for name, c := range map[string]struct {
		known
		lacking bool
		want    cusres.Decision
	}{
		"nothing at all":                        {known{}, false, cusres.OK},
		"too little was sent":                   {known{}, true, cusres.Insufficient},
		"too little, and something found":       {known{found: found(met)}, true, cusres.Insufficient},
		"found just now":                        {known{found: found(met)}, false, cusres.Contact},
		"found before, no case yet":             {known{found: found(met), stored: found(met)}, false, cusres.Contact},
		"too slight to wait for":                {known{found: found(slight)}, false, cusres.OK},
		"an open case":                          {known{found: found(met), stored: found(met), cases: cases(open(casework.Open, screening.High))}, false, cusres.Contact},
		"an open case with nothing found now":   {known{cases: cases(open(casework.Claimed, screening.High))}, false, cusres.Contact},
		"an open case, slight":                  {known{found: found(slight), cases: cases(open(casework.Open, screening.Low))}, false, cusres.OK},
		"not to board, not yet confirmed":       {known{cases: cases(open(casework.Pending, screening.High))}, false, cusres.Contact},
		"cleared":                               {known{found: found(met), stored: found(met), cases: cases(closed(casework.Cleared))}, false, cusres.OK},
		"not the same person":                   {known{stored: found(met), cases: cases(closed(casework.NotSamePerson))}, false, cusres.OK},
		"cleared, and worse since":              {known{found: found(worse), stored: found(met), cases: cases(closed(casework.Cleared))}, false, cusres.Contact},
		"cleared, and something else since":     {known{found: found(met, other), stored: found(met), cases: cases(closed(casework.Cleared))}, false, cusres.Contact},
		"referred":                              {known{found: found(met), stored: found(met), cases: cases(closed("referred"))}, false, cusres.Contact},
		"withdrawn by itself":                   {known{cases: cases(closed(casework.Withdrawn))}, false, cusres.OK},
		"withdrawn by itself, and found again":  {known{found: found(met), cases: cases(closed(casework.Withdrawn))}, false, cusres.Contact},
		"an officer's no":                       {known{found: found(met), stored: found(met), cases: cases(closed(doNotBoard))}, false, cusres.DoNotBoard},
		"an officer's no, and too little sent":  {known{cases: cases(closed(doNotBoard))}, true, cusres.DoNotBoard},
		"an officer's no, cleared of another":   {known{cases: cases(closed(casework.Cleared), closed(doNotBoard))}, false, cusres.DoNotBoard},
		"an officer's no, and another case now": {known{cases: cases(open(casework.Open, screening.Low), closed(doNotBoard))}, false, cusres.DoNotBoard},
		"an officer's no, lifted":               {known{found: found(met), stored: found(met), cases: cases(closed(casework.Lifted))}, false, cusres.OK},
	} {
		if got := c.verdict(c.lacking); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

// What is missing is named as a carrier's agent knows it; a visa alone is no document to travel on.
func TestLacking(t *testing.T) {
	t.Parallel()
	whole := paxlst.Passenger{Surname: "QUILLFEATHER", Given: "ROSALIND", Born: date.Date{Year: 1991, Month: 7, Day: 19}, Nationality: "AUS",
		Documents: []paxlst.Document{{Type: "P", Number: "PA3344556", Issuer: "AUS"}}}
	for name, c := range map[string]struct {
		change func(*paxlst.Passenger)
		want   []string
	}{
		"nothing":                      {func(*paxlst.Passenger) {}, nil},
		"one name only":                {func(p *paxlst.Passenger) { p.Given = "" }, nil},
		"no surname":                   {func(p *paxlst.Passenger) { p.Surname = "" }, []string{"SURNAME"}},
		"no birth date":                {func(p *paxlst.Passenger) { p.Born = date.Date{} }, []string{"BIRTH DATE"}},
		"no nationality but an issuer": {func(p *paxlst.Passenger) { p.Nationality = "" }, nil},
		"a visa alone":                 {func(p *paxlst.Passenger) { p.Documents = []paxlst.Document{{Type: "V", Number: "V1", Issuer: "BHR"}} }, []string{"DOCUMENT"}},
		"a document without number":    {func(p *paxlst.Passenger) { p.Documents = []paxlst.Document{{Type: "P", Issuer: "AUS"}} }, []string{"DOCUMENT"}},
		"nothing but a name":           {func(p *paxlst.Passenger) { *p = paxlst.Passenger{Surname: "QUILLFEATHER"} }, []string{"DOCUMENT", "BIRTH DATE", "NATIONALITY"}},
	} {
		p := whole
		c.change(&p)
		if got := lacking(&p); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
