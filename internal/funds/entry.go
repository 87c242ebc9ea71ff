package funds

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/store"
)

// Kind is what an entry is.
type Kind string

// The kinds of entries.
const (
	Declared    Kind = "declaration" // of cash at our border
	Reported    Kind = "report"      // a suspicious transaction or activity, as a whole
	Transaction Kind = "transaction" // of a report
	Payment     Kind = "payment"     // from account to account, or a booking of a statement
	Told        Kind = "told"        // a declaration of the partner's, given under an agreement
)

// Entry is one thing held, by its natural key, as its latest statement has it. Exactly one of the bodies is there.
type Entry struct {
	ID     string    `json:"id"`
	Kind   Kind      `json:"kind"`
	Ref    string    `json:"ref"`
	State  string    `json:"state,omitempty"` // refused
	Clock  Clock     `json:"clock"`
	Filer  string    `json:"filer,omitempty"` // who filed it: never leaves the unit
	Source string    `json:"source"`          // the filed report
	At     time.Time `json:"at,omitzero"`     // when the money moved
	Parts  []Part    `json:"parts,omitempty"`

	Declaration *Declaration `json:"declaration,omitempty"`
	Report      *Report      `json:"report,omitempty"`
	Moved       *Moved       `json:"moved,omitempty"`

	version int64 // as stored
}

// Refused is the state of a report that its filer must mend: it is kept, and counts for nothing.
const Refused = "refused"

// Clock orders the statements of one thing: a later one of higher rank replaces the others, whatever came first here.
type Clock struct {
	Rank   int    `json:"rank,omitempty"`
	At     int64  `json:"at"` // microseconds; negative where the first statement stands
	Report string `json:"report"`
}

// Compare orders two clocks.
func (c Clock) Compare(d Clock) int {
	return cmp.Or(c.Rank-d.Rank, cmp.Compare(c.At, d.At), cmp.Compare(c.Report, d.Report))
}

// Part is a party's part in an entry.
type Part struct {
	Party string `json:"party"`
	Role  string `json:"role"` // carrier, owner, recipient, sender; payer, payee, conductor; suspect, signatory, mentioned
	Facet Facet  `json:"facet"`

	digest string
}

// facet names what the part says of the party.
func (p *Part) facet() string {
	if p.digest == "" {
		p.digest = p.Facet.hash()
	}
	return p.digest
}

// The roles of parties.
const (
	Carrier   = "carrier"
	Owner     = "owner"
	Recipient = "recipient"
	Sender    = "sender"
	Payer     = "payer"
	Payee     = "payee"
	Conductor = "conductor" // who stood at the counter
	Holder    = "holder"    // who may act on an account
	Involved  = "involved"
	Mentioned = "mentioned" // named in a line that is meant for something else
	Bank      = "bank"      // of the payer, which answers for what the transfer tells of them
)

// party is who plays a role; empty where nobody does.
func (e *Entry) party(role string) string {
	for i := range e.Parts {
		if e.Parts[i].Role == role {
			return e.Parts[i].Party
		}
	}
	return ""
}

// others are the parties but for some.
func (e *Entry) others(but ...string) []string {
	var all set[string]
	for i := range e.Parts {
		p := e.Parts[i].Party
		if !slices.Contains(but, p) {
			all.add(p)
		}
	}
	return all.values
}

// name is how a party is called in this entry.
func (e *Entry) name(party string) string {
	for i := range e.Parts {
		if f := &e.Parts[i].Facet; e.Parts[i].Party == party && len(f.Names) > 0 {
			return f.Names[0].String()
		}
	}
	return ""
}

// subjectContext is the entry as people say it, beside a subject's name.
func (e *Entry) subjectContext() string {
	if d := e.Declaration; d != nil {
		return strings.TrimSpace(e.Ref + " " + d.Flight + " " + d.FlightDate)
	}
	return e.Ref
}

// folded is what search looks in.
func (e *Entry) folded() string {
	parts := []string{e.Ref}
	for i := range e.Parts {
		for _, n := range e.Parts[i].Facet.Names {
			parts = append(parts, n.String())
		}
	}
	if d := e.Declaration; d != nil {
		parts = append(parts, d.Flight)
	}
	return strings.ToLower(strings.Join(parts, " "))
}

// digest tells whether two statements say the same.
func (e *Entry) digest() string {
	same := *e
	same.Clock, same.Source, same.version = Clock{}, "", 0
	b, err := json.Marshal(same)
	if err != nil { // texts, numbers and times have always a JSON text
		return ""
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:12])
}

// row is the entry's row.
func (e *Entry) row() ([]any, error) {
	body, err := json.Marshal(e)
	if err != nil {
		return nil, err
	}
	return []any{e.ID, e.version + 1, string(e.Kind), e.State, e.Ref, e.Source, store.Micros(e.At), e.filed(), e.folded(), string(body)}, nil
}

// filed is when the standing statement was filed.
func (e *Entry) filed() int64 {
	if e.Clock.At < 0 {
		return -e.Clock.At
	}
	return e.Clock.At
}

// fold makes one text of its spellings.
func fold(s string) string { return strings.Join(strings.Fields(strings.ToLower(s)), " ") }

// subjects are the parties of the entry, as ids of screening.
func (e *Entry) subjects() []screening.ID {
	var ids set[screening.ID]
	for i := range e.Parts {
		ids.add(screening.ID(e.Parts[i].Party))
	}
	return ids.values
}
