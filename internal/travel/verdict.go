package travel

import (
	"slices"
	"strings"

	"github.com/rihla/rihla/formats/cusres"
	"github.com/rihla/rihla/formats/paxlst"
	"github.com/rihla/rihla/internal/casework"
	"github.com/rihla/rihla/internal/screening"
)

// doNotBoard is the outcome that keeps a traveller from boarding: an officer's, and a second person's.
const doNotBoard = "do-not-board"

// known is what is known of a traveller somebody waits for an answer about.
type known struct {
	found   []screening.Finding // now
	stored  []screening.Finding // when it was last looked at
	cases   []casework.Case     // those not closed first, then the newest
	lacking []string            // what must be sent again, as whoever vouches says
}

// judge says what a carrier is told of one person, and what it must send before more can be said.
func judge(p *paxlst.Passenger, k known, accompanied bool) (d cusres.Decision, missing []string) {
	missing = append(missingOf(p, accompanied), k.lacking...)
	return k.verdict(len(missing) > 0), missing
}

// missingOf is what a message itself leaves out. An infant that goes with an adult needs no document of its own.
func missingOf(p *paxlst.Passenger, accompanied bool) []string {
	missing := lacking(p)
	if accompanied {
		missing = slices.DeleteFunc(missing, func(what string) bool { return what == lacksDocument })
	}
	return missing
}

// What a carrier is asked for, and how the words that ask begin.
const (
	lacksDocument = "DOCUMENT"
	lacksAnew     = "THE PERSON AGAIN" // told otherwise since: the answer was about other papers
	lackingApart  = ", "
	asksAgain     = "INSUFFICIENT DATA. SEND "
)

// asksOnlyFor are all that a carrier is ever asked for. Whatever else is missing, the person is to be sent again: no name of
// anything else may reach a carrier.
var asksOnlyFor = []string{lacksDocument, "DOCUMENT NUMBER", "SURNAME", "BIRTH DATE", "NATIONALITY", lacksAnew}

// asking puts what is missing into the carrier's words.
func asking(missing []string) string {
	var said []string
	for _, what := range missing {
		if !slices.Contains(asksOnlyFor, what) {
			what = lacksAnew
		}
		if !slices.Contains(said, what) {
			said = append(said, what)
		}
	}
	if len(said) == 0 {
		said = []string{lacksAnew}
	}
	return asksAgain + strings.Join(said, lackingApart)
}

// provisional marks leave to board that was given while part of what answers are made of was out of order.
const provisional = ". PROVISIONAL"

// verdict is what stands. The machine lets board, asks for more or has the carrier call; not to board is only ever said
// because an officer said it.
func (k known) verdict(lacking bool) cusres.Decision {
	switch {
	case stands(k.cases):
		return cusres.DoNotBoard
	case lacking:
		return cusres.Insufficient
	case k.held():
		return cusres.Contact
	default:
		return cusres.OK
	}
}

// stands says that an officer's do-not-board is in force. The strictest of several decisions counts.
func stands(cases []casework.Case) bool {
	return slices.ContainsFunc(cases, func(c casework.Case) bool { return c.State == casework.Closed && c.Outcome == doNotBoard })
}

// held says that a person must look at the traveller first: a case is open, or something was found that no person has
// looked at. Findings too slight to be more than a reason to look later let board.
func (k known) held() bool {
	if len(k.cases) > 0 && k.cases[0].State != casework.Closed {
		return k.cases[0].Severity > screening.Low
	}
	cleared := len(k.cases) > 0 && !casework.Upheld(k.cases[0].Outcome)
	for i := range k.found {
		f := &k.found[i]
		if f.Severity <= screening.Low {
			continue
		}
		seen := slices.ContainsFunc(k.stored, func(old screening.Finding) bool {
			return old.Engine == f.Engine && old.Matched == f.Matched && old.Severity >= f.Severity
		})
		if !cleared || !seen {
			return true
		}
	}
	return false
}

// lacking names what must be sent before anything can be said of a person.
func lacking(p *paxlst.Passenger) (missing []string) {
	need := func(there bool, what string) {
		if !there {
			missing = append(missing, what)
		}
	}
	need(slices.ContainsFunc(p.Documents, func(d paxlst.Document) bool { return d.Number != "" && !strings.HasPrefix(d.Type, "V") }), lacksDocument)
	need(p.Surname != "", "SURNAME")
	need(p.Born.Year != 0, "BIRTH DATE")
	need(p.Nationality != "" || slices.ContainsFunc(p.Documents, func(d paxlst.Document) bool { return d.Issuer != "" }), "NATIONALITY")
	return missing
}
