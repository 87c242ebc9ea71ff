package cargo

import (
	"slices"
	"strings"

	"github.com/rihla/rihla/formats/cargoimp"
)

// Content is what a filing says of a consignment, in the room's own words.
type Content struct {
	Origin      string   `json:"origin,omitempty"`      // airport
	Destination string   `json:"destination,omitempty"` // airport
	Route       []string `json:"route,omitempty"`       // airports after the origin
	Flights     []Leg    `json:"flights,omitempty"`     // where it is booked, in order
	Part        string   `json:"part,omitempty"`        // T total, P part, S split

	Pieces   int      `json:"pieces,omitempty"`
	SLAC     int      `json:"shippers_count,omitempty"` // pieces as the shipper counted them: the real ones in a unit of one
	Grams    int64    `json:"grams,omitempty"`
	Volume   int64    `json:"volume_cm3,omitempty"`
	Goods    string   `json:"goods,omitempty"`
	Joined   string   `json:"joined,omitempty"` // the goods with nothing between the lines of the telex, which cuts inside words
	HS       []string `json:"hs,omitempty"`
	Handling []string `json:"handling,omitempty"` // special handling codes
	Made     string   `json:"made_in,omitempty"`  // alpha-3

	Value    string `json:"value,omitempty"` // for customs, as filed
	Currency string `json:"currency,omitempty"`

	Consolidation bool `json:"consolidation,omitempty"` // it says that houses are under it

	Consignor *Party `json:"consignor,omitempty"`
	Consignee *Party `json:"consignee,omitempty"`
	Notify    *Party `json:"notify,omitempty"`
	Agent     *Party `json:"agent,omitempty"`

	Security []Security `json:"security,omitempty"` // what regulated parties say of it
}

// Leg is a flight a consignment is booked on.
type Leg struct {
	Carrier string `json:"carrier"`
	Number  string `json:"number"`
	Date    string `json:"date,omitempty"` // local, of departure; telexes tell the day of the month, the rest is inferred
}

// String is 9X201 2026-03-15.
func (l Leg) String() string { return strings.TrimSpace(l.Carrier + l.Number + " " + l.Date) }

// Party is who sends, receives, is notified or acts for them, as filed.
type Party struct {
	Name      string    `json:"name,omitempty"`
	Street    string    `json:"street,omitempty"`
	Place     string    `json:"place,omitempty"`
	State     string    `json:"state,omitempty"`
	Postcode  string    `json:"postcode,omitempty"`
	Country   string    `json:"country,omitempty"` // alpha-3 where it is known
	Account   string    `json:"account,omitempty"`
	Contacts  []Contact `json:"contacts,omitempty"`
	TaxID     string    `json:"tax_id,omitempty"`
	Truncated bool      `json:"truncated,omitempty"` // the name fills its field: its end may be missing
}

// Contact is a way to reach a party.
type Contact struct {
	Kind  string `json:"kind"` // phone, fax, email
	Value string `json:"value"`
}

// Security is a line of what a regulated party declares: RA, KC, SM, SD …
type Security struct {
	Whom string `json:"whom,omitempty"`
	What string `json:"what,omitempty"`
	Text string `json:"text,omitempty"`
}

// Address is a party's address in one line, as it is compared.
func (p *Party) Address() string {
	return strings.Join(slices.DeleteFunc([]string{p.Street, p.Place, p.State, p.Postcode, p.Country}, func(s string) bool { return s == "" }), ", ")
}

// phones are the party's telephone numbers.
func (p *Party) phones() (list []string) {
	for _, c := range p.Contacts {
		if c.Kind == "phone" {
			list = append(list, c.Value)
		}
	}
	return list
}

// fieldLength is how long a name's line may be: one that is as long may have been cut.
const fieldLength = 35

func partyOf(p *cargoimp.Party) *Party {
	if p == nil {
		return nil
	}
	q := &Party{Name: p.Name(), Street: p.Street(), Place: p.Place, State: p.State, Postcode: p.Postcode, Country: p.Country, Account: p.Account}
	q.Truncated = p.Truncated()
	for _, c := range p.Contacts {
		kind, known := contactKinds[c.Kind]
		if !known {
			kind = strings.ToLower(c.Kind)
		}
		q.Contacts = append(q.Contacts, Contact{kind, c.Number})
	}
	return q
}

var contactKinds = map[string]string{"TE": "phone", "FX": "fax", "TL": "telex", "EM": "email"}

func agentOf(a *cargoimp.Agent) *Party {
	if a == nil || a.Name == "" && a.IATA == "" {
		return nil
	}
	return &Party{Name: a.Name, Place: a.Place, Account: strings.TrimRight(a.IATA+"/"+a.CASS, "/"), Truncated: len([]rune(a.Name)) >= fieldLength-1}
}

// inform adds what OCI lines say: numbers and phones go to the parties they are about, declarations of security are kept.
func (c *Content) inform(lines []cargoimp.OCI) {
	for _, o := range lines {
		var p *Party
		switch o.Information {
		case "SHP":
			p = c.Consignor
		case "CNE":
			p = c.Consignee
		case "NFY":
			p = c.Notify
		case "AGT":
			p = c.Agent
		}
		switch {
		case p != nil && o.Customs == "T":
			p.TaxID = o.Text
		case p != nil && o.Customs == "CT":
			p.reach("phone", o.Text)
		case p != nil && o.Customs == "EML":
			p.reach("email", o.Text)
		default:
			c.Security = append(c.Security, Security{o.Information, o.Customs, o.Text})
		}
	}
}

func (p *Party) reach(kind, value string) {
	if value != "" && !slices.ContainsFunc(p.Contacts, func(c Contact) bool { return c.Kind == kind && c.Value == value }) {
		p.Contacts = append(p.Contacts, Contact{kind, value})
	}
}

// quantity takes over pieces, weight and volume.
func (c *Content) quantity(q *cargoimp.Quantity) {
	c.Part, c.Pieces, c.Grams = q.Description, q.Pieces, q.Weight.Grams()
	if q.Volume != nil {
		c.Volume = q.Volume.CubicCentimetres()
	}
}

// waybillContent is what a master or direct waybill says.
func waybillContent(b *cargoimp.FWB) *Content {
	c := &Content{Origin: b.Origin, Destination: b.Destination, Goods: b.Description(), HS: b.HS(), Handling: b.Handling,
		Consignor: partyOf(b.Shipper), Consignee: partyOf(b.Consignee), Notify: partyOf(b.Notify), Agent: agentOf(b.Agent),
		SLAC: b.SLAC(), Consolidation: b.Consolidation()}
	c.quantity(&b.Quantity)
	for _, hop := range b.Routing {
		c.Route = append(c.Route, hop.To)
	}
	for _, f := range b.Flights {
		leg := Leg{Carrier: f.Carrier, Number: f.Number + f.Suffix}
		if !f.Date.IsZero() {
			leg.Date = f.Date.String()
		}
		c.Flights = append(c.Flights, leg)
	}
	for i := range b.Rates {
		for _, g := range b.Rates[i].Goods {
			switch {
			case g.Kind == "NO" && c.Made == "":
				c.Made = g.Country
			case g.Kind == "NV" && g.Volume != nil && c.Volume == 0:
				c.Volume = g.Volume.CubicCentimetres()
			case g.Kind == "NG":
				c.Joined += g.Text
			}
		}
	}
	c.charges(b.Charges)
	c.inform(b.OCI)
	return c
}

// houseContent is what a house says.
func houseContent(h *cargoimp.House) *Content {
	c := &Content{Origin: h.Origin, Destination: h.Destination, Pieces: h.Pieces, SLAC: h.SLAC, Grams: h.Weight.Grams(), Goods: h.Description(),
		HS: h.HS, Handling: h.Handling, Consignor: partyOf(h.Shipper), Consignee: partyOf(h.Consignee)}
	if len(h.Text) > 1 {
		c.Joined = strings.Join(h.Text, "")
	}
	c.charges(h.Charges)
	c.inform(h.OCI)
	return c
}

func (c *Content) charges(v *cargoimp.Charges) {
	if v == nil {
		return
	}
	if c.Value = string(v.Customs); c.Value == "" {
		c.Value = string(v.Carriage)
	}
	if c.Value != "" {
		c.Currency = v.Currency
	}
}

// fill takes over from an earlier source what this one leaves out.
func (c *Content) fill(old *Content) {
	text := func(to *string, from string) {
		if *to == "" {
			*to = from
		}
	}
	text(&c.Origin, old.Origin)
	text(&c.Destination, old.Destination)
	text(&c.Goods, old.Goods)
	text(&c.Made, old.Made)
	text(&c.Part, old.Part)
	if c.Value == "" {
		c.Value, c.Currency = old.Value, old.Currency
	}
	if c.Pieces == 0 {
		c.Pieces = old.Pieces
	}
	if c.SLAC == 0 {
		c.SLAC = old.SLAC
	}
	if c.Grams == 0 {
		c.Grams = old.Grams
	}
	if c.Volume == 0 {
		c.Volume = old.Volume
	}
	list := func(to *[]string, from []string) {
		if len(*to) == 0 {
			*to = from
		}
	}
	list(&c.Route, old.Route)
	list(&c.HS, old.HS)
	list(&c.Handling, old.Handling)
	if len(c.Flights) == 0 {
		c.Flights = old.Flights
	}
	if len(c.Security) == 0 {
		c.Security = old.Security
	}
	c.Consolidation = c.Consolidation || old.Consolidation
	for _, p := range []struct{ to, from **Party }{{&c.Consignor, &old.Consignor}, {&c.Consignee, &old.Consignee}, {&c.Notify, &old.Notify}, {&c.Agent, &old.Agent}} {
		if *p.to == nil {
			*p.to = *p.from
		}
	}
}
