package funds

import (
	"cmp"

	"github.com/rihla/rihla/formats/money"
	"github.com/rihla/rihla/internal/funds/typology"
)

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

// big is the first payment abroad that says something by itself (typology F-20).
var big = money.Of(50_000, 0)

// telling says that one movement alone may say something.
func (v *Moved) telling() bool {
	return len(v.Hidden) > 0 || v.Report != "" || v.Abroad && !v.USD.IsZero() && v.USD.Cmp(big) >= 0
}
