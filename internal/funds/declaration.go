package funds

import (
	"time"

	"github.com/rihla/rihla/formats/fault"
	"github.com/rihla/rihla/formats/money"
)

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
