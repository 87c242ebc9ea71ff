package funds

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"
	"time"

	"github.com/rihla/rihla/formats/fault"
	"github.com/rihla/rihla/formats/money"
	"github.com/rihla/rihla/internal/funds/typology"
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
		if !has(but, p) {
			all.add(p)
		}
	}
	return all.values
}

func has(list []string, s string) bool {
	for _, v := range list {
		if v == s {
			return true
		}
	}
	return false
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

// Cash is an amount of one kind of cash.
type Cash struct {
	Kind     string        `json:"kind,omitempty"`
	Currency string        `json:"currency"`
	Amount   money.Decimal `json:"amount"`
	Weight   money.Decimal `json:"weight_g,omitzero"`
	Fineness money.Decimal `json:"fineness,omitzero"`
	Serials  []string      `json:"serials,omitempty"`
}

// Declaration is a declaration or disclosure of cash, with what the state's rules make of it.
type Declaration struct {
	System      string        `json:"system" enum:"declaration,disclosure"`
	Direction   string        `json:"direction" enum:"in,out"`
	Port        string        `json:"port,omitempty"`
	Country     string        `json:"country,omitempty"` // whose border it is
	MadeAt      time.Time     `json:"made_at"`
	Local       string        `json:"made_local,omitempty"` // as written: the wall clock there
	Accompanied bool          `json:"accompanied"`
	Items       []Cash        `json:"items"`
	Said        money.Decimal `json:"said_usd,omitzero"`  // the declarant's own sum
	USD         money.Decimal `json:"value_usd,omitzero"` // ours
	Rates       []money.Rate  `json:"rates,omitempty"`    // by which
	Counted     []Cash        `json:"counted,omitempty"`
	CountedUSD  money.Decimal `json:"counted_usd,omitzero"`
	Checked     bool          `json:"checked"`
	Outcome     string        `json:"outcome,omitempty"`
	Differs     bool          `json:"differs,omitempty"` // counted is not what was said: a false declaration
	Seizure     string        `json:"seizure_ref,omitempty"`
	Officer     string        `json:"officer,omitempty"`
	Provenance  string        `json:"provenance,omitempty"`
	Use         string        `json:"intended_use,omitempty"`
	Note        string        `json:"note,omitempty"`
	Flight      string        `json:"flight,omitempty"`
	FlightDate  string        `json:"flight_date,omitempty"`
	Route       []string      `json:"route,omitempty"`
	Means       string        `json:"means,omitempty"`
	Waybill     string        `json:"waybill,omitempty"`
	Vessel      string        `json:"vessel,omitempty"`
	AskedAt     time.Time     `json:"asked_at,omitzero"`
	Deadline    time.Time     `json:"deadline,omitzero"`
	Line        money.Decimal `json:"line_usd,omitzero"` // the threshold, or what stands for it
	Duty        bool          `json:"duty"`              // it had to be declared
	Class       string        `json:"class" enum:"above,below,below_with_indications,asked"`
	Warnings    []fault.Fault `json:"warnings,omitempty"`
	Partner     string        `json:"partner,omitempty"`   // told: whose it is
	Agreement   string        `json:"agreement,omitempty"` // told: under which
	PartnerSaid bool          `json:"partner_false,omitempty"`
	EraseAt     time.Time     `json:"erase_at,omitzero"` // told: the agreement's last day
}

// Report is a suspicious-transaction or activity report as a whole.
type Report struct {
	Code         string        `json:"code"`
	Reference    string        `json:"reference"`
	Corrects     string        `json:"corrects,omitempty"`
	Submitted    string        `json:"submitted,omitempty"` // wall clock of the filer
	Currency     string        `json:"currency"`
	Reason       string        `json:"reason,omitempty"`
	Action       string        `json:"action,omitempty"`
	Indicators   []string      `json:"indicators,omitempty"`
	Transactions []string      `json:"transactions,omitempty"` // ids of entries
	Total        money.Decimal `json:"total,omitzero"`         // of them, in the report's currency
	Stage        string        `json:"stage" enum:"accepted,business,schema"`
	Faults       []fault.Fault `json:"faults,omitempty"`
	Story        string        `json:"story,omitempty"` // digest of the reason: one text for equal stories
	Suspects     []string      `json:"suspects,omitempty"`
}

// Moved is money that moved as a bank tells it: a transaction of a report, a payment, a booking.
type Moved struct {
	Movement    typology.Kind `json:"movement"`
	Report      string        `json:"report,omitempty"` // the entry of the report that it stands in
	Number      string        `json:"number,omitempty"`
	Entity      string        `json:"entity,omitempty"` // the reporting entity, by the number the unit gave it: never leaves
	Format      string        `json:"format,omitempty"` // pacs.008.001.08
	Amount      money.Decimal `json:"amount"`
	Currency    string        `json:"currency"`
	USD         money.Decimal `json:"usd,omitzero"`
	Rate        *money.Rate   `json:"rate,omitempty"`
	Foreign     *Cash         `json:"foreign,omitempty"`
	Day         string        `json:"day"`
	Place       string        `json:"place,omitempty"`
	Mode        string        `json:"mode,omitempty"`
	Description string        `json:"description,omitempty"`
	Remittance  []string      `json:"remittance,omitempty"`
	Purpose     string        `json:"purpose,omitempty"`
	Banks       []string      `json:"banks,omitempty"`
	Gaps        []string      `json:"gaps,omitempty"`
	Hidden      []string      `json:"hidden,omitempty"` // names in lines
	Abroad      bool          `json:"abroad,omitempty"`
	Suspicious  bool          `json:"suspicious,omitempty"`
	UETR        string        `json:"uetr,omitempty"`
	Line        money.Decimal `json:"line_usd,omitzero"`
	Opened      string        `json:"opened,omitempty"`
}

// counts says whether the entry stands for money that moved.
func (e *Entry) counts() bool { return e.State != Refused && (e.Declaration != nil || e.Moved != nil) }

// movement is the entry as typologies see it; false where no money moved.
func (e *Entry) movement() (typology.Movement, bool) {
	m := typology.Movement{ID: e.ID, At: e.At}
	switch {
	case !e.counts() || e.Kind == Told:
		return m, false
	case e.Declaration != nil:
		d := e.Declaration
		m.Kind = typology.CarriedIn
		if d.Direction == "out" {
			m.Kind = typology.CarriedOut
		}
		m.Day, m.USD, m.Line, m.Abroad = d.day(), d.worth(), d.Line, true
		m.Amount, m.Currency = d.single()
		m.From = cmp.Or(e.party(Carrier), e.party(Sender))
		m.Others = e.others(m.From)
		m.Shared = e.shared()
		m.Origin = fold(d.Provenance)
		if d.Flight != "" {
			m.Flight = d.Flight + " " + d.FlightDate
		}
	case e.Moved != nil:
		v := e.Moved
		m.Kind, m.Day, m.Amount, m.Currency, m.USD, m.Line = v.Movement, v.Day, v.Amount, v.Currency, v.USD, v.Line
		m.From, m.To, m.Abroad, m.Gaps, m.Bank, m.Opened = e.party(Payer), e.party(Payee), v.Abroad, len(v.Gaps) > 0, e.party(Bank), v.Opened
		if c := e.party(Conductor); c != "" && v.Movement == typology.Deposit {
			m.From = c
		}
		m.Others = e.others(m.From, m.To)
		m.Hidden = v.Hidden
		if e.Kind == Transaction {
			m.Filer = e.Filer + " " + v.Entity
		}
	}
	return m, true
}

// day is the local day of the declaration.
func (d *Declaration) day() string {
	if len(d.Local) >= len(time.DateOnly) {
		return d.Local[:len(time.DateOnly)]
	}
	return d.MadeAt.Format(time.DateOnly)
}

// worth is what was there: counted where it was counted, else said.
func (d *Declaration) worth() money.Decimal {
	if !d.CountedUSD.IsZero() {
		return d.CountedUSD
	}
	return d.USD
}

// single is the amount in the currency it is in, where it is in one.
func (d *Declaration) single() (money.Decimal, string) {
	list := d.Items
	if len(d.Counted) > 0 {
		list = d.Counted
	}
	var sum money.Decimal
	for i, c := range list {
		if i > 0 && c.Currency != list[0].Currency {
			return d.worth(), "USD"
		}
		if i == 0 {
			sum = c.Amount
			continue
		}
		var ok bool
		if sum, ok = sum.Add(c.Amount); !ok {
			return d.worth(), "USD"
		}
	}
	if len(list) == 0 {
		return d.worth(), "USD"
	}
	return sum, list[0].Currency
}

// shared is what ties a declaration to others besides its parties: where its carrier lives, whose it is, for whom.
func (e *Entry) shared() []string {
	if e.Declaration == nil || e.Kind != Declared {
		return nil
	}
	var out set[string]
	for i := range e.Parts {
		p := &e.Parts[i]
		switch p.Role {
		case Carrier, Sender:
			for _, c := range p.Facet.Contacts {
				out.add(c.Kind + " " + fold(c.Value))
			}
		case Owner, Recipient:
			if p.Party != e.party(Carrier) {
				out.add("party " + p.Party)
			}
		}
	}
	return out.values
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
