package cashdecl

import (
	"time"

	"github.com/rihla/rihla/formats/date"
	"github.com/rihla/rihla/formats/fault"
	"github.com/rihla/rihla/formats/money"
)

// Format is the name of this format in the public contract.
const Format = "cash-declaration"

// The schemas of a declaration in JSON.
const (
	Accompanied   = "rihla.cash-declaration/v1"
	Unaccompanied = "rihla.cash-disclosure-unaccompanied/v1"
)

// Document is what one file holds.
type Document struct {
	Format       string         `json:"format"`
	Reference    string         `json:"reference,omitempty"` // the first declaration's id
	Declarations []*Declaration `json:"declarations"`
	Warnings     []fault.Fault  `json:"warnings,omitempty"` // those of the declarations among them
	Lost         []fault.Fault  `json:"lost,omitempty"`     // declarations that are refused, a fault for each reason
	More         int            `json:"more_warnings,omitempty"`
}

// Declaration is one declaration or disclosure, as it was made.
type Declaration struct {
	Schema    string    `json:"schema"`
	ID        string    `json:"id"`
	System    System    `json:"system,omitempty"`
	Direction Direction `json:"direction,omitempty"`
	Port      string    `json:"port,omitempty"` // IATA or UN/LOCODE, as written
	MadeAt    time.Time `json:"made_at,omitzero"`

	By        *Party `json:"by,omitempty"`     // who carries it
	Sender    *Party `json:"sender,omitempty"` // unaccompanied: who sends it
	Owner     *Party `json:"owner,omitempty"`
	Recipient *Party `json:"recipient,omitempty"`

	Items       []Item `json:"items"`
	Value       Value  `json:"value_usd,omitzero"` // the declarant's own sum in US dollars
	Provenance  string `json:"provenance,omitempty"`
	IntendedUse string `json:"intended_use,omitempty"`

	Journey  *Journey  `json:"journey,omitempty"`
	Carriage *Carriage `json:"carriage,omitempty"` // unaccompanied
	AskedAt  time.Time `json:"asked_at,omitzero"`  // unaccompanied: when disclosure was asked for
	Deadline time.Time `json:"deadline,omitzero"`

	Result *Result `json:"result,omitempty"`
	Note   string  `json:"note,omitempty"`

	Warnings []fault.Fault `json:"-"` // of this declaration; Document.Warnings has them too
	Offset   int           `json:"-"` // in the file: of the object, or of its first row
	Length   int           `json:"-"` // 0 where its rows do not stand together
	Line     int           `json:"-"` // CSV: of its first row
	Pointer  string        `json:"-"` // JSON
}

// System is how a state asks: everybody tells unasked, or truthfully when asked.
type System string

// The systems.
const (
	ByDeclaration System = "declaration"
	ByDisclosure  System = "disclosure"
)

// Direction is seen from the state that was told.
type Direction string

// The directions.
const (
	In  Direction = "in"
	Out Direction = "out"
)

// Party is a person or an organisation; SameAs says that it is one already named.
type Party struct {
	SameAs string `json:"same_as,omitempty"` // by, sender
	Kind   string `json:"kind,omitempty"`    // person, organisation; nothing is a person

	Name         string `json:"name,omitempty"` // of an organisation
	Registration string `json:"registration,omitempty"`
	Country      string `json:"country,omitempty"`

	FamilyName   string    `json:"family_name,omitempty"`
	GivenNames   string    `json:"given_names,omitempty"`
	Born         date.Date `json:"dob,omitzero"`
	PlaceOfBirth string    `json:"place_of_birth,omitempty"`
	Nationality  string    `json:"nationality,omitempty"` // as written: two letters or three
	Document     *Paper    `json:"document,omitempty"`
	Address      *Address  `json:"address,omitempty"`
}

// Organisation tells that it is no human being.
func (p *Party) Organisation() bool { return p.Kind == Organisation }

// The kinds of a party.
const (
	Person       = "person"
	Organisation = "organisation"
)

// Paper is a travel document.
type Paper struct {
	Type   string `json:"type,omitempty"`
	Number string `json:"number"`
	Issuer string `json:"issuer,omitempty"`
	MRZ    string `json:"mrz,omitempty"` // its machine-readable zone, lines apart by newlines
}

// Address is where a party lives or sits.
type Address struct {
	Lines    []string `json:"lines,omitempty"`
	City     string   `json:"city,omitempty"`
	PostCode string   `json:"post_code,omitempty"`
	Country  string   `json:"country,omitempty"`
}

// Item is one kind of cash in one currency.
type Item struct {
	Kind     string        `json:"kind"`
	Currency string        `json:"currency"`
	Amount   money.Decimal `json:"amount"`
	Weight   money.Decimal `json:"weight_g,omitzero"` // of gold, in grams
	Fineness money.Decimal `json:"fineness,omitzero"` // 0.9995
	Serials  []string      `json:"serials,omitempty"`
}

// Kinds are what counts as cash (FATF recommendation 32; Regulation (EU) 2018/1672, annex I).
var Kinds = []string{"banknotes", "coins", "travellers_cheques", "bearer_cheque", "money_order", "promissory_note", "gold_coin", "gold_bullion", "prepaid_card", "other_bni"}

// Journey is the traveller's way.
type Journey struct {
	Flight string    `json:"flight,omitempty"` // as written: GF11
	Date   date.Date `json:"date,omitzero"`    // of departure, local
	Route  []string  `json:"route,omitempty"`
	Means  string    `json:"means,omitempty"` // air, sea, road, rail
}

// Carriage is how unaccompanied cash travels.
type Carriage struct {
	Waybill string    `json:"waybill,omitempty"`
	Flight  string    `json:"flight,omitempty"`
	Vessel  string    `json:"vessel,omitempty"`
	Date    date.Date `json:"date,omitzero"`
}

// Result is what the officer found.
type Result struct {
	Checked    bool    `json:"checked"`
	Counted    []Count `json:"counted,omitempty"`
	Outcome    Outcome `json:"outcome,omitempty"`
	SeizureRef string  `json:"seizure_ref,omitempty"`
	Officer    string  `json:"officer,omitempty"`
}

// Count is what was counted of one currency; of one kind, where it says so.
type Count struct {
	Kind     string        `json:"kind,omitempty"`
	Currency string        `json:"currency"`
	Amount   money.Decimal `json:"amount"`
}

// Outcome is what counting came to.
type Outcome string

// The outcomes.
const (
	Agrees    Outcome = "agrees"
	Differs   Outcome = "difference"
	Refused   Outcome = "refused"
	NoOutcome Outcome = "none"
)

// Value is an amount that JSON writes as a number, digit for digit.
type Value struct{ money.Decimal }
