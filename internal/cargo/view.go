package cargo

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rihla/rihla/formats/airport"
	"github.com/rihla/rihla/formats/goods"
)

// View is a consignment as rules see it, under the name consignment. No attribute of a person is in it beyond a name's
// form; free texts are there as what is thought of them. Absent texts are "", absent numbers 0 unless said otherwise.
type View struct {
	Number      string   `cel:"number" doc:"of the waybill: 969-10000023"`
	Prefix      string   `cel:"prefix" doc:"of the waybill: the airline's three digits"`
	House       string   `cel:"house" doc:"number as filed; empty of a master or a direct waybill"`
	Kind        string   `cel:"kind" doc:"what it is" values:"house,master:houses are under it,direct"`
	Origin      string   `cel:"origin" doc:"IATA code"`
	Destination string   `cel:"destination" doc:"IATA code"`
	From        string   `cel:"from_country" doc:"of the origin, alpha-3"`
	To          string   `cel:"to_country" doc:"of the destination, alpha-3"`
	Airports    []string `cel:"airports" doc:"of the whole routing, in order"`
	Countries   []string `cel:"countries" doc:"of those airports, each once, alpha-3"`
	Handling    []string `cel:"handling" doc:"special handling codes"`

	Pieces     int64   `cel:"pieces" doc:"as the shipper counted them where that is known, else as carried"`
	Kg         float64 `cel:"kg" doc:"gross weight"`
	Volume     float64 `cel:"volume" doc:"in cubic metres; 0 when unknown"`
	KgPerPiece float64 `cel:"kg_per_piece" doc:"0 when unknown"`
	KgPerM3    float64 `cel:"kg_per_m3" doc:"0 when the volume is unknown"`
	Value      float64 `cel:"value" doc:"declared for customs, or else for carriage; 0 when none is"`
	Currency   string  `cel:"currency" doc:"of the value"`
	ValuePerKg float64 `cel:"value_per_kg" doc:"0 when unknown"`

	Goods GoodsView `cel:"goods"`

	Consignor PartyView `cel:"consignor"`
	Consignee PartyView `cel:"consignee"`
	Same      bool      `cel:"same_party" doc:"consignor and consignee are one"`
	PairDays  int64     `cel:"pair_days" doc:"since this consignor first sent to this consignee, as far as that is remembered; 0 when this is the first time"`
	PairFirst bool      `cel:"pair_first" doc:"none of the consignee's latest two dozen consignments came from this consignor"`

	RouteSeen int64   `cel:"route_seen" doc:"of the consignor's latest consignments of the year before, those that went the same way"`
	RouteAll  int64   `cel:"route_history" doc:"how many those are whose way is known; 24 is many"`
	PieceAway float64 `cel:"piece_away" doc:"how many standard deviations the weight of a piece lies from those of the consignor's consignments of the year before; 0 when they are fewer than ten"`

	Flight FlightView `cel:"flight"`

	Versions    int64 `cel:"versions" doc:"filings that said something new"`
	Changes     int64 `cel:"changes" doc:"how often consignee, goods or weight were changed after the first filing"`
	WeightMoved int64 `cel:"weight_moved" doc:"percent that the weight moved at most between two filings"`
	ChangedLast int64 `cel:"changed_before" doc:"minutes from the last such change to departure; -1 when unknown or never changed"`
	Filed       int64 `cel:"filed_before" doc:"minutes from the first filing to departure, negative when it came after; -99999 when the hour of departure is unknown"`

	Load       LoadView `cel:"load"`
	CheckDigit bool     `cel:"check_digit" doc:"the waybill number's check digit is right"`
	MasterHere bool     `cel:"master_filed" doc:"of a house: its master is filed"`
	Depth      int64    `cel:"depth" doc:"how many consolidations it lies in: a house of a master 1"`
	Loop       bool     `cel:"loop" doc:"the consolidations it lies in go round"`
	Errors     []string `cel:"errors" doc:"that the filer was told of the latest filing"`
	Missing    []string `cel:"missing" doc:"what an assessment needs and is not there"`
}

// GoodsView is what is thought of the goods.
type GoodsView struct {
	Rule        string   `cel:"fault" doc:"what is wrong with the description" values:"DESCRIPTION_EMPTY,DESCRIPTION_VAGUE,DESCRIPTION_SHORT,CONSOL_WITHOUT_HOUSES"`
	Vague       []string `cel:"vague" doc:"its words that do not describe"`
	Weak        bool     `cel:"weak" doc:"one concrete word saves it"`
	HS          []string `cel:"hs" doc:"codes, digits only"`
	Chapters    []int64  `cel:"chapters" doc:"of the codes"`
	Contradicts bool     `cel:"contradicts" doc:"the words belong to other chapters than the codes"`
	Dangerous   []string `cel:"dangerous" doc:"hints of dangerous goods that no handling code answers: lithium, aerosol …"`
	Declared    []string `cel:"dangerous_declared" doc:"hints of dangerous goods that a handling code answers"`
	Controlled  []string `cel:"controlled" doc:"hints of dual-use goods or arms"`
	Precious    []string `cel:"precious" doc:"hints of money, gold and the like"`
	Valuable    bool     `cel:"valuable_code" doc:"the handling code VAL is there"`
	Worth       string   `cel:"worth" doc:"the declared value by the kilogram, beside what is usual for the codes" values:"low,high"`
	Made        string   `cel:"made_in" doc:"alpha-3"`
}

// PartyView is a consignor or consignee as rules see it.
type PartyView struct {
	Name       string   `cel:"name" doc:"in capitals as filed"`
	Form       string   `cel:"form" doc:"guessed by the name" values:"organisation,person"`
	Country    string   `cel:"country" doc:"of the address, alpha-3"`
	Place      string   `cel:"place" doc:"town as filed"`
	Faults     []string `cel:"faults" doc:"what is wrong with name or address" values:"PARTY_GENERIC,ADDRESS_INCOMPLETE,PHONE_INVALID"`
	First      bool     `cel:"first" doc:"nothing of this party was ever filed before"`
	Days       int64    `cel:"days_known" doc:"since it was first seen; 0 when that is now"`
	Firms      int64    `cel:"firms_at_address" doc:"of a consignee: parties that were ever filed as such at its address, itself too; 16 is many"`
	Small      int64    `cel:"small_in_week" doc:"of a consignee: consignments of at most 300 kg to its address within seven days around, this one too; 24 is many"`
	PoBox      bool     `cel:"po_box" doc:"the address is a post office box"`
	Reachable  bool     `cel:"reachable" doc:"a phone or a mailbox is filed"`
	Phones     []string `cel:"phones" doc:"as filed"`
	Identified bool     `cel:"identified" doc:"a tax or trader number is filed"`
	Truncated  bool     `cel:"truncated" doc:"the name fills its field: its end may be missing"`
}

// FlightView is the first flight a consignment is booked on.
type FlightView struct {
	Carrier string `cel:"carrier" doc:"designator"`
	Number  string `cel:"number" doc:"without zeros in front"`
	Date    string `cel:"date" doc:"local date of departure, YYYY-MM-DD"`
	Known   bool   `cel:"hour_known" doc:"somebody has said when it departs"`
	Legs    int64  `cel:"legs" doc:"flights booked"`
}

// LoadView is, of a master, what of its houses is filed.
type LoadView struct {
	Houses  int64   `cel:"houses" doc:"filed under this master"`
	Pieces  int64   `cel:"pieces" doc:"of them"`
	Kg      float64 `cel:"kg" doc:"of them"`
	Exceeds bool    `cel:"exceeds" doc:"the houses come to more than the master, beyond the tolerance of 1 % and 5 kg"`
	Whole   bool    `cel:"whole" doc:"the houses come to what the master has"`
}

// The windows that rules are told of.
const (
	smallGrams  = 300_000
	smallWindow = 7 * 24 * time.Hour
	smallMany   = 5 // when so many are there, those that came first are looked at again
	unknownHour = -99999
)

// viewed is what a view is made of beside the consignment itself.
type viewed struct {
	shipment *Shipment
	load     Load
	known    memory
	chain    chain
	warned   []Warning // by partners
}

// view makes what rules see of a consignment.
func (c *Consignment) view(x viewed) *View {
	s := x.shipment
	master := strings.ReplaceAll(c.Master, "-", "")
	v := &View{
		Number: c.Master, Prefix: master[:min(3, len(master))], House: c.House, Kind: c.kind(s, x.load), Origin: c.Origin, Destination: c.Destination,
		From: nation(c.Origin), To: nation(c.Destination), Handling: c.Handling,
		Pieces: int64(c.Pieces), Kg: float64(c.Grams) / 1000, Volume: float64(c.Volume) / 1e6,
		Currency: c.Currency, Versions: int64(c.Versions), Changes: int64(c.Changed.Times()), WeightMoved: int64(c.Changed.Percent),
		ChangedLast: -1, Filed: unknownHour, CheckDigit: checks(c.Master), MasterHere: s.Filed, Depth: int64(x.chain.depth), Loop: x.chain.loop,
		Errors: c.Errors, Missing: c.Missing,
		Load: LoadView{Houses: int64(x.load.Houses), Pieces: int64(x.load.Pieces), Kg: float64(x.load.Grams) / 1000, Exceeds: s.exceeds(x.load), Whole: s.whole(x.load)},
	}
	if c.SLAC > 0 {
		v.Pieces = int64(c.SLAC)
	}
	if v.Pieces > 0 {
		v.KgPerPiece = v.Kg / float64(v.Pieces)
	}
	if v.Volume > 0 {
		v.KgPerM3 = v.Kg / v.Volume
	}
	if c.Value != "" && c.Value[0] <= '9' {
		v.Value, _ = strconv.ParseFloat(c.Value, 64) // no value is nought
	}
	if v.Kg > 0 {
		v.ValuePerKg = v.Value / v.Kg
	}
	v.Airports = append(append(v.Airports, c.Origin), c.Route...)
	if c.Destination != "" && !slices.Contains(v.Airports, c.Destination) {
		v.Airports = append(v.Airports, c.Destination)
	}
	for _, code := range v.Airports {
		if n := nation(code); n != "" && !slices.Contains(v.Countries, n) {
			v.Countries = append(v.Countries, n)
		}
	}
	if leg := s.leg(); leg.Carrier != "" {
		v.Flight = FlightView{Carrier: leg.Carrier, Number: leg.Number, Date: leg.Date, Legs: int64(len(s.Flights))}
	}
	if at, known := s.departs(); known {
		v.Flight.Known = true
		v.Filed = int64(at.Sub(c.First).Minutes())
		if !c.Changed.Last.IsZero() {
			v.ChangedLast = max(0, int64(at.Sub(c.Changed.Last).Minutes()))
		}
	}
	thought := c.thought()
	v.Goods = c.goodsView(thought, v.Kind)
	if v.Kind != master {
		v.Goods.Worth = goods.Worth(thought.codes, v.ValuePerKg, c.Currency)
	}
	vs := thought.values
	if vs.consignor != 0 {
		v.RouteAll, v.RouteSeen, v.PieceAway = x.known.of(vs.consignor).habits(c.First, c.ID, c.way(), c.each())
	}
	forwarder := s.forwarder(c)
	v.Consignor = c.Consignor.view(c, x.known, vs.consignor, 0, forwarder)
	v.Consignee = c.Consignee.view(c, x.known, vs.consignee, vs.to, forwarder)
	if c.Consignor != nil && c.Consignee != nil {
		v.Same = goods.Same(c.Consignor.judged(""), c.Consignee.judged(""))
	}
	if vs.consignor != 0 && vs.consignee != 0 {
		first, met := x.known.of(vs.consignee).met(vs.consignor, c.First)
		if v.PairFirst = !met; met {
			v.PairDays = max(0, int64(c.First.Sub(time.UnixMicro(first)).Hours()/24))
		}
	}
	return v
}

func daysSince(k *known, at time.Time) int64 {
	if k.First == 0 {
		return 0
	}
	return max(0, int64(at.Sub(time.UnixMicro(k.First)).Hours()/24))
}

// The kinds of a consignment.
const (
	house  = "house"
	master = "master"
	direct = "direct"
)

func (c *Consignment) kind(s *Shipment, l Load) string {
	switch {
	case c.House != "":
		return house
	case s.consolidates(l):
		return master
	}
	return direct
}

func (c *Consignment) goodsView(thought *judged, kind string) GoodsView {
	g := GoodsView{HS: c.HS, Made: c.Made, Valuable: slices.Contains(c.Handling, "VAL")}
	codes := thought.codes
	for _, code := range codes {
		if n := int64(code.Chapter()); n > 0 && !slices.Contains(g.Chapters, n) {
			g.Chapters = append(g.Chapters, n)
		}
	}
	if kind == master { // what is in it, its houses say
		return g
	}
	g.Rule, g.Vague, g.Weak = thought.verdict.Rule, thought.verdict.Words, thought.verdict.Weak
	g.Contradicts = len(goods.Contradicts(c.Goods, codes)) > 0
	for _, h := range goods.Hints(c.Goods, codes, c.Handling) {
		switch {
		case h.Kind == goods.Dangerous && h.Answered():
			g.Declared = append(g.Declared, h.ID)
		case h.Kind == goods.Dangerous:
			g.Dangerous = append(g.Dangerous, h.ID)
		case h.Kind == goods.Controlled:
			g.Controlled = append(g.Controlled, h.ID)
		case h.Kind == goods.Precious:
			g.Precious = append(g.Precious, h.ID)
		}
	}
	return g
}

// codes are the goods' codes that can be read.
func (c *Consignment) codes() (codes []goods.HS) {
	for _, text := range c.HS {
		if code, ok := goods.ParseHS(text); ok {
			codes = append(codes, code)
		}
	}
	return codes
}

// forwarder is whose name is nobody's at house level: the agent's, or that of the master's consignor.
func (s *Shipment) forwarder(c *Consignment) string {
	if c.House == "" {
		return ""
	}
	for _, f := range s.Forwarders {
		if f.Role == consignor || f.Role == agent {
			return f.Name
		}
	}
	return ""
}

// judged is the party as its name and address are judged.
func (p *Party) judged(forwarder string) *goods.Party {
	return &goods.Party{Name: p.Name, Street: p.Street, Place: p.Place, State: p.State, Country: p.Country, Postcode: p.Postcode, Phones: p.phones(), Forwarder: forwarder}
}

func (p *Party) view(c *Consignment, m memory, who, where uint64, forwarder string) PartyView {
	if p == nil {
		return PartyView{}
	}
	v := PartyView{Name: p.Name, Form: formOf(p.Name), Country: p.Country, Place: p.Place, Phones: p.phones(), Identified: p.TaxID != "", Truncated: p.Truncated}
	for _, doubt := range p.judged(forwarder).Doubts() {
		if !slices.Contains(v.Faults, doubt.Rule) {
			v.Faults = append(v.Faults, doubt.Rule)
		}
	}
	v.Reachable = slices.ContainsFunc(p.Contacts, func(c Contact) bool { return c.Kind == "phone" || c.Kind == "email" })
	street := compared(p.Street)
	v.PoBox = strings.HasPrefix(street, "PO BOX") || strings.HasPrefix(street, "P O BOX") || strings.HasPrefix(street, "POB ") || strings.HasPrefix(street, "POSTBOX")
	known := m.of(who)
	v.Days, v.First = daysSince(known, c.First), !known.before(c.First)
	if where != 0 {
		there := m.of(where)
		v.Firms, v.Small = int64(max(1, len(there.Firms))), int64(there.within(c.First, smallWindow, smallGrams))
	}
	return v
}

func nation(code string) string {
	a, _ := airport.ByIATA(code)
	return a.Country
}
