package iso20022

import (
	"github.com/rihla/rihla/formats/date"
	"github.com/rihla/rihla/formats/fault"
	"github.com/rihla/rihla/formats/money"
)

// Format is the name of this format in the public contract.
const Format = "iso20022"

// Kind is what a message is, by its name without version.
type Kind string

// The kinds that are read.
const (
	Pacs008 Kind = "pacs.008" // transfers between banks
	Pain001 Kind = "pain.001" // a customer's order
	Camt053 Kind = "camt.053" // an account's statement
)

// Message is one document. Its texts, and those of its transfers, alias one copy of the file.
type Message struct {
	Format     string        `json:"format"`
	Version    string        `json:"version"` // pacs.008.001.08
	Kind       Kind          `json:"-"`
	Reference  string        `json:"reference,omitempty"` // MsgId
	Created    string        `json:"created,omitempty"`   // CreDtTm, as written
	Settlement string        `json:"settlement_method,omitempty"`
	Initiator  *Party        `json:"initiating_party,omitempty"`
	Agents     []Agent       `json:"agents,omitempty"`       // of the group header: instructing, instructed
	Count      int           `json:"transaction_count"`      // that came, the lost among them
	Transfers  []*Transfer   `json:"transactions,omitempty"` // empty for who takes them from Stream
	Statements []*Statement  `json:"statements,omitempty"`
	Warnings   []fault.Fault `json:"warnings,omitempty"`
	Lost       []fault.Fault `json:"lost,omitempty"`
	More       int           `json:"more_warnings,omitempty"` // warnings beyond those listed

	Offset int `json:"-"` // of the document in its file
	Length int `json:"-"` // known when the message has been read to its end
}

// Money is an amount and its currency.
type Money struct {
	Amount   money.Decimal `json:"amount"`
	Currency string        `json:"currency"`
}

// IsZero tells that no amount was said.
func (m Money) IsZero() bool { return m.Amount.IsZero() }

// Transfer is one credit transfer.
type Transfer struct {
	UETR        string `json:"uetr,omitempty"` // follows it from end to end
	EndToEnd    string `json:"end_to_end,omitempty"`
	Instruction string `json:"instruction,omitempty"`
	Transaction string `json:"transaction,omitempty"`
	Payment     string `json:"payment,omitempty"` // pain.001: PmtInfId

	Settled    Money         `json:"settled,omitzero"` // between the banks
	Instructed Money         `json:"instructed,omitzero"`
	Rate       money.Decimal `json:"rate,omitzero"`
	Date       date.Date     `json:"date,omitzero"` // of settlement, or requested
	Charges    string        `json:"charge_bearer,omitempty"`

	UltimateDebtor   *Party  `json:"ultimate_debtor,omitempty"`
	Initiator        *Party  `json:"initiating_party,omitempty"`
	Debtor           *Party  `json:"debtor,omitempty"`
	DebtorAccount    Account `json:"debtor_account,omitzero"`
	Creditor         *Party  `json:"creditor,omitempty"`
	CreditorAccount  Account `json:"creditor_account,omitzero"`
	UltimateCreditor *Party  `json:"ultimate_creditor,omitempty"`
	Agents           []Agent `json:"agents,omitempty"` // in the order of the message

	Purpose      string   `json:"purpose,omitempty"`
	Category     string   `json:"category_purpose,omitempty"`
	Remittance   []string `json:"remittance,omitempty"`
	References   []string `json:"references,omitempty"`   // of structured remittance: invoices, creditor references
	Instructions []string `json:"instructions,omitempty"` // to agents
	Regulatory   []string `json:"regulatory,omitempty"`

	Gaps     []Gap     `json:"gaps,omitempty"`     // of a pacs.008 by the profile EU2023, no exemption applied
	Mentions []Mention `json:"mentions,omitempty"` // parties and vessels named inside lines of text

	Warnings []fault.Fault `json:"-"` // of this transfer; Message.Warnings has them too
	Number   int           `json:"-"` // in its message, from 1
	Offset   int           `json:"-"` // of the element in the file
	Length   int           `json:"-"`
	Line     int           `json:"-"`
}

// Agent is the bank of that role, or none.
func (t *Transfer) Agent(role string) Agent {
	for i := range t.Agents {
		if t.Agents[i].Role == role {
			return t.Agents[i]
		}
	}
	return Agent{}
}

// Amount is what the transfer is about: what the banks settle, or what was ordered.
func (t *Transfer) Amount() Money {
	if t.Settled.IsZero() {
		return t.Instructed
	}
	return t.Settled
}

// Party is a person or a firm.
type Party struct {
	Name      string   `json:"name,omitempty"`
	Address   Address  `json:"address,omitzero"`
	Residence string   `json:"residence,omitempty"`
	Born      Birth    `json:"born,omitzero"`
	BIC       string   `json:"bic,omitempty"`
	LEI       string   `json:"lei,omitempty"`
	Numbers   []Number `json:"numbers,omitempty"`
	Private   bool     `json:"private,omitempty"` // it identifies itself as a person
}

// Address in its three forms: structured, lines, or both. Countries are as written: two letters.
type Address struct {
	Department  string   `json:"department,omitempty"`
	Street      string   `json:"street,omitempty"`
	Building    string   `json:"building,omitempty"`
	PostBox     string   `json:"post_box,omitempty"`
	PostCode    string   `json:"post_code,omitempty"`
	Town        string   `json:"town,omitempty"`
	Subdivision string   `json:"subdivision,omitempty"`
	Country     string   `json:"country,omitempty"`
	Lines       []string `json:"lines,omitempty"`
}

// IsZero tells that there is no address.
func (a Address) IsZero() bool {
	return a.Department == "" && a.Street == "" && a.Building == "" && a.PostBox == "" && a.PostCode == "" && a.Town == "" && a.Subdivision == "" && a.Country == "" && len(a.Lines) == 0
}

// Birth is when and where.
type Birth struct {
	Date     date.Date `json:"date,omitzero"`
	Province string    `json:"province,omitempty"`
	City     string    `json:"city,omitempty"`
	Country  string    `json:"country,omitempty"`
}

// Number identifies a party in somebody's scheme.
type Number struct {
	Value  string `json:"value"`
	Scheme string `json:"scheme,omitempty"`
	Issuer string `json:"issuer,omitempty"`
}

// Account is an account's number.
type Account struct {
	IBAN     string `json:"iban,omitempty"`
	Other    string `json:"other,omitempty"`
	Scheme   string `json:"scheme,omitempty"`
	Proxy    string `json:"proxy,omitempty"` // a phone, an address that stands for it
	Currency string `json:"currency,omitempty"`
	Name     string `json:"name,omitempty"`
}

// Number is the account as one text.
func (a Account) Number() string {
	for _, s := range [...]string{a.IBAN, a.Other, a.Proxy} {
		if s != "" {
			return s
		}
	}
	return ""
}

// Agent is a bank on the way.
type Agent struct {
	Role     string  `json:"role"` // DbtrAgt, IntrmyAgt1 …
	BIC      string  `json:"bic,omitempty"`
	LEI      string  `json:"lei,omitempty"`
	Clearing string  `json:"clearing_member,omitempty"`
	Name     string  `json:"name,omitempty"`
	Address  Address `json:"address,omitzero"`
}

// Country is the bank's, by its BIC or its address; nothing when neither tells.
func (a *Agent) Country() string {
	const prefix = 6
	if len(a.BIC) >= prefix {
		return a.BIC[4:prefix]
	}
	return a.Address.Country
}

// Statement is what happened on one account.
type Statement struct {
	ID       string    `json:"id"`
	Sequence string    `json:"sequence,omitempty"`
	Account  Account   `json:"account"`
	Owner    *Party    `json:"owner,omitempty"`
	Servicer Agent     `json:"servicer,omitzero"`
	From     string    `json:"from,omitempty"`
	To       string    `json:"to,omitempty"`
	Balances []Balance `json:"balances,omitempty"`
	Entries  []*Entry  `json:"entries,omitempty"`
}

// Balance is a balance; what is owed is negative.
type Balance struct {
	Type string `json:"type"` // OPBD, CLBD …
	Money
	Date date.Date `json:"date,omitzero"`
}

// Entry is one booking; what leaves the account is negative.
type Entry struct {
	Reference string `json:"reference,omitempty"`
	Money
	Status   string      `json:"status,omitempty"`
	Reversal bool        `json:"reversal,omitempty"`
	Booked   date.Date   `json:"booked,omitzero"`
	Value    date.Date   `json:"value,omitzero"`
	Code     string      `json:"code,omitempty"` // domain, family, sub-family: PMNT/CNTR/CDPT is cash paid in
	Text     string      `json:"text,omitempty"`
	Details  []*Transfer `json:"details,omitempty"`

	Offset int `json:"-"`
	Line   int `json:"-"`
}

// Cash tells whether cash was paid in or out over the counter or a machine.
func (e *Entry) Cash() bool {
	switch e.Code {
	case "PMNT/CNTR/CDPT", "PMNT/CNTR/CWDL", "PMNT/CCRD/CDPT", "PMNT/CCRD/CWDL":
		return true
	}
	return false
}
