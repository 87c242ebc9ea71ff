package typology

import (
	"time"

	"github.com/rihla/rihla/formats/money"
)

// Kind is how money moved.
type Kind string

// The kinds. Of cash that is carried, From is who carries it.
const (
	CarriedIn  Kind = "carried-in"
	CarriedOut Kind = "carried-out"
	Deposit    Kind = "deposit"    // cash paid into To, by From where it is known
	Withdrawal Kind = "withdrawal" // cash taken from From, by To where it is known
	Transfer   Kind = "transfer"
)

// Cash says that notes changed hands.
func (k Kind) Cash() bool { return k != Transfer }

// Carried says that cash crossed a border.
func (k Kind) Carried() bool { return k == CarriedIn || k == CarriedOut }

// Movement is one amount that went from one party to another, or over a border. Parties are ids that mean nothing here.
type Movement struct {
	ID       string // of what it stands in: a declaration, a transaction, a payment
	Kind     Kind
	At       time.Time
	Day      string // local, YYYY-MM-DD
	From, To string
	Others   []string // who else has to do with it: the owner, the recipient, who signs
	Amount   money.Decimal
	Currency string
	USD      money.Decimal // the amount in US dollars, at a dated rate; no number where there was none
	Line     money.Decimal // the threshold in US dollars where it happened; no number where there is none
	Shared   []string      // what else ties it to others: a flight, an address, an owner
	Flight   string        // designator and day of what carried it
	Origin   string        // what it is said to come from, as one text
	Opened   string        // day on which the account it came from, or went to, was opened
	Abroad   bool          // it crossed a border
	Hidden   []string      // parties named inside lines that are meant for something else
	Gaps     bool          // payer or payee were not told as they must be
	Bank     string        // of the payer, as a party
	Filer    string        // who reported it as suspicious
}

// counts says that the movement has an amount that can be compared.
func (m *Movement) counts() bool { return !m.USD.IsZero() && m.USD.Sign() > 0 }

// below says that it is under the line, by at most share percent where share is given.
func (m *Movement) below(line money.Decimal, share int64) bool {
	if !m.counts() || line.IsZero() || m.USD.Cmp(line) >= 0 {
		return false
	}
	return share == 0 || m.USD.Rat().Cmp(percent(line, share)) >= 0
}
