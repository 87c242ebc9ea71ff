package cargoimp

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/rihla/rihla/formats/date"
	"github.com/rihla/rihla/formats/goods"
	"github.com/rihla/rihla/formats/money"
)

// FWB is an air waybill: a direct one, or the master of a consolidation.
type FWB struct {
	Waybill     Waybill `json:"waybill"`
	Origin      string  `json:"origin"`
	Destination string  `json:"destination"`
	Quantity

	Flights       []Flight      `json:"flights,omitempty"` // FLT: where it is booked
	Routing       []Hop         `json:"routing,omitempty"` // RTG
	Shipper       *Party        `json:"shipper,omitempty"`
	Consignee     *Party        `json:"consignee,omitempty"`
	Agent         *Agent        `json:"agent,omitempty"`
	Notify        *Party        `json:"notify,omitempty"`
	SSR           []string      `json:"special_service_requests,omitempty"`
	Accounting    []Note        `json:"accounting,omitempty"`
	Charges       *Charges      `json:"charges,omitempty"` // CVD
	Rates         []Rate        `json:"rates,omitempty"`   // RTD
	Other         []OtherCharge `json:"other_charges,omitempty"`
	Prepaid       *Summary      `json:"prepaid,omitempty"`
	Collect       *Summary      `json:"collect,omitempty"`
	Certification string        `json:"certification,omitempty"` // CER: the shipper's signature
	Issue         *Issue        `json:"issue,omitempty"`         // ISU
	OSI           []string      `json:"other_service_information,omitempty"`
	Sender        *Sender       `json:"sender_reference,omitempty"`    // REF
	Exchange      *Exchange     `json:"destination_charges,omitempty"` // CDC
	CustomsOrigin string        `json:"customs_origin,omitempty"`      // COR
	Handler       *Handler      `json:"handler,omitempty"`             // NOM
	File          *File         `json:"shipment_reference,omitempty"`  // SRI
	Handling      []string      `json:"special_handling,omitempty"`    // SPH
	OCI           []OCI         `json:"oci,omitempty"`
}

// Flight is a booking: the day is that of the month the waybill travels in.
type Flight struct {
	Carrier string `json:"carrier"`
	Number  string `json:"number"`           // without leading zeros
	Suffix  string `json:"suffix,omitempty"` // an operational letter
	Day     int    `json:"day,omitempty"`

	Date date.Date `json:"date,omitzero"` // the day nearest to the waybill's execution, else to when the message came
}

// Hop is one leg of the routing.
type Hop struct {
	To      string `json:"to"`
	Carrier string `json:"carrier,omitempty"`
}

// Agent is the forwarder who acts for carrier or shipper.
type Agent struct {
	Account     string `json:"account,omitempty"`
	IATA        string `json:"iata,omitempty"`
	CASS        string `json:"cass,omitempty"`
	Participant string `json:"participant,omitempty"`
	Name        string `json:"name,omitempty"`
	Place       string `json:"place,omitempty"`
}

// Note is a line of accounting information.
type Note struct {
	Kind string `json:"kind"`
	Text string `json:"text"`
}

// Issue is when and where the carrier executed the waybill.
type Issue struct {
	Date      date.Date `json:"date,omitzero"`
	Place     string    `json:"place,omitempty"`
	Signature string    `json:"signature,omitempty"`
}

// Sender is how the sender of the message calls it, and himself.
type Sender struct {
	Office      string `json:"office,omitempty"` // airport, function, company: AMMCS9X
	File        string `json:"file,omitempty"`
	Kind        string `json:"participant_kind,omitempty"` // FFW …
	Participant string `json:"participant,omitempty"`
	Airport     string `json:"airport,omitempty"`
}

// Exchange is what is to be paid at the other end in its own currency.
type Exchange struct {
	Currency string    `json:"currency"`
	Rate     Decimal   `json:"rate,omitempty"`
	Charges  []Decimal `json:"charges,omitempty"` // for the freight, at the destination, in all
}

// Handler is who is to handle the consignment.
type Handler struct {
	Name  string `json:"name"`
	Place string `json:"place,omitempty"`
}

// File is how shipper and agent call the shipment.
type File struct {
	Number      string   `json:"number"`
	Information []string `json:"information,omitempty"` // two of them at most
}

// Description is what the waybill says is in it: its NG and NC lines, joined where they were cut.
func (b *FWB) Description() string { return b.description(goodsLength) }

// description joins the lines of goods, with a blank behind each that is shorter than cut.
func (b *FWB) description(cut int) string {
	var s strings.Builder
	last := cut
	for i := range b.Rates {
		for _, g := range b.Rates[i].Goods {
			if g.Kind != "NG" && g.Kind != "NC" || g.Text == "" {
				continue
			}
			if last < cut {
				s.WriteByte(' ')
			}
			s.WriteString(g.Text)
			last = utf8.RuneCountInString(g.Text)
		}
	}
	return s.String()
}

// Consolidation tells that the waybill says of itself that there are houses under it.
func (b *FWB) Consolidation() bool {
	for i := range b.Rates {
		if slices.ContainsFunc(b.Rates[i].Goods, func(g Goods) bool { return g.Kind == "NC" }) {
			return true
		}
	}
	return strings.Contains(b.Description(), "CONSOL")
}

// HS are the codes of the goods, each once.
func (b *FWB) HS() (codes []string) {
	for i := range b.Rates {
		for _, g := range b.Rates[i].Goods {
			if g.HS != "" && !slices.Contains(codes, g.HS) {
				codes = append(codes, g.HS)
			}
		}
	}
	return codes
}

// SLAC is how many pieces the shipper loaded and counted; 0 when the waybill does not say.
func (b *FWB) SLAC() (n int) {
	for i := range b.Rates {
		for _, g := range b.Rates[i].Goods {
			if g.Kind == "NS" {
				n += g.Count
			}
		}
	}
	return n
}

// waybillLines is the order of an FWB behind its consignment line.
var waybillLines = grammar[FWB]{
	{"FLT", true, readFlights},
	{"RTG", false, readRouting},
	{"SHP", false, func(r *reader, b *FWB, g *group) { b.Shipper = r.party(g, shipperRules, false) }},
	{"CNE", false, func(r *reader, b *FWB, g *group) { b.Consignee = r.party(g, consigneeRules, false) }},
	{"AGT", false, readAgent},
	{"SSR", true, func(r *reader, b *FWB, g *group) { b.SSR = r.texts(b.SSR, g, "special service request") }},
	{"NFY", false, func(r *reader, b *FWB, g *group) { b.Notify = r.party(g, notifyRules, true) }},
	{"ACC", true, readAccounting},
	{"CVD", false, func(r *reader, b *FWB, g *group) { b.Charges = r.charges(g, false) }},
	{"RTD", false, readRates},
	{"OTH", true, readOther},
	{"PPD", false, func(r *reader, b *FWB, g *group) { b.Prepaid = r.summary(g) }},
	{"COL", false, func(r *reader, b *FWB, g *group) { b.Collect = r.summary(g) }},
	{"CER", false, func(r *reader, b *FWB, g *group) { b.Certification = r.short(g.head().field(0), "signature", 20) }},
	{"ISU", false, readIssue},
	{"OSI", true, func(r *reader, b *FWB, g *group) { b.OSI = r.texts(b.OSI, g, "other service information") }},
	{"CDC", false, readExchange},
	{"REF", false, readSender},
	{"COR", false, func(_ *reader, b *FWB, g *group) { b.CustomsOrigin = upper(g.head().field(0)) }},
	{"COI", false, nil},
	{"SII", false, nil},
	{"ARD", false, nil},
	{"SPH", true, func(r *reader, b *FWB, g *group) { b.Handling = r.handling(b.Handling, g.rows, 9) }},
	{"NOM", false, readHandler},
	{"SRI", false, readFile},
	{"OPI", true, nil}, // forms differ between the regimes that ask for it
	{"OCI", true, func(r *reader, b *FWB, g *group) { b.OCI = r.information(b.OCI, g) }},
}

// versions are what is read of each message: from, to, and the newest grammar that is written.
const (
	oldestFWB, newestFWB = 9, 17
	oldestFHL, newestFHL = 2, 5
)

// version tells of one that is not known; the newest grammar is tried then.
func (r *reader) version(oldest, newest int) {
	n := number(r.m.Version)
	if n >= oldest && n <= newest {
		return
	}
	f := r.first.whole()
	r.wrong(f.from(min(4, len(f.text))), UnknownVersion, "version", "write a version the receiver reads, and best the newest", "version %q of %s is not known; versions %d to %d are", r.m.Version, r.name, oldest, newest)
}

func readFWB(r *reader) {
	r.version(oldestFWB, newestFWB)
	if len(r.lines) == 0 {
		r.refuse(field{off: r.end, line: r.first.no}, MissingWaybill, "waybill number", "send the consignment line behind the identifier", "the message ends behind its identifier")
		return
	}
	w := row{line: r.lines[0]}
	w.fs = w.line.fields(nil)
	first := 0
	if w.identifier() == "AWB" {
		first = 1 // a copied description of the message has it; real ones do not
	} else if w.identifier() != "" || w.text[0] == '/' {
		r.refuse(w.whole(), MissingWaybill, "waybill number", "send the consignment line first: 969-10000012AMMFRA/T10K250.5", "the line behind the identifier is no consignment line")
		return
	}
	b := &FWB{}
	var ok bool
	b.Waybill, b.Origin, b.Destination, b.Quantity, ok = r.consignment(&w, first)
	seen := waybillLines.walk(r, b, "", r.scratch.split(r.lines[1:])) // of a refused one too: its filer should hear of all that is wrong at once
	for _, line := range []struct{ id, rule, field, what string }{
		{"RTG", MissingLine, "RTG", "routing"}, {"SHP", MissingShipper, "shipper", "shipper"}, {"CNE", MissingConsignee, "consignee", "consignee"},
		{"CVD", MissingLine, "CVD", "charge declaration"}, {"RTD", MissingDescription, "goods description", "rate description and goods"},
		{"ISU", MissingLine, "ISU", "carrier's execution"}, {"REF", MissingLine, "REF", "sender's reference"},
	} {
		if seen.row(line.id) == nil {
			r.missing(line.rule, line.field, "send "+line.id, "the %s (%s) is missing", line.what, line.id)
		}
	}
	r.waybillGoods(b, seen.row("RTD"))
	if !ok {
		r.m.Lost, r.m.Unread = nil, nil // all of it is
		return
	}
	r.m.FWB = b
	if n := len(b.Routing); n > 0 && b.Routing[n-1].To != b.Destination {
		r.odd(seen.row("RTG").whole(), InvalidRouting, "RTG", "end the routing at the destination", "the routing ends in %s, the destination is %s", b.Routing[n-1].To, b.Destination)
	}
	near := r.received
	if b.Issue != nil && b.Issue.Date.Full() {
		near = b.Issue.Date.Time()
	}
	for i := range b.Flights {
		b.Flights[i].Date = dayNear(b.Flights[i].Day, near)
	}
	r.sums(b)
	r.otherSums(b, seen)
}

// waybillGoods judges what the waybill says is in it.
func (r *reader) waybillGoods(b *FWB, at *row) {
	if at == nil {
		return
	}
	where := at.line
	for _, l := range r.lines {
		if l.no >= at.no && strings.Contains(l.text, "/NG/") {
			where = l
			break
		}
	}
	if b.Consolidation() {
		if where.no != at.no || strings.Contains(at.text, "/NG/") {
			r.odd(where.whole(), MissingIndicator, "goods description", "write NC for the goods of a consolidation, NG only for goods themselves",
				"the goods are said to be a consolidation (%q), but stand under NG and not under NC", b.Description())
		}
		return
	}
	r.describe(where.whole(), &goods.Description{Text: b.Description(), Joined: b.description(0), HS: len(b.HS()) > 0})
}

func readFlights(r *reader, b *FWB, g *group) {
	for i := range g.rows {
		w := &g.rows[i]
		for j := 0; j < len(w.fs); j += 2 {
			f := w.field(j)
			flight, ok := SplitFlight(upper(f))
			if day := w.field(j + 1); len(day.text) > 0 {
				if flight.Day = number(day.text); flight.Day < 1 || flight.Day > 31 {
					r.wrong(day, InvalidDate, "flight day", "write the day of the month", "%q is no day of a month", day.String())
					flight.Day = 0
				}
			}
			if !ok {
				r.wrong(f, InvalidField, "flight", "write the carrier, the number and, behind a slant, the day: 9X101/15", "%q is no flight", f.String())
				continue
			}
			b.Flights = append(b.Flights, flight)
		}
	}
}

// SplitFlight reads a flight's designator: 9X101, RJ0261A. The number loses its leading zeros.
func SplitFlight(s string) (Flight, bool) {
	carrier := 2
	if len(s) > 3 && letters(s[:3]) {
		carrier = 3
	}
	if len(s) <= carrier || !mixed(s[:carrier]) || digits(s[:carrier]) {
		return Flight{}, false
	}
	f := Flight{Carrier: s[:carrier]}
	rest := s[carrier:]
	n := leading(rest)
	f.Number, f.Suffix = strings.TrimLeft(rest[:n], "0"), rest[n:]
	if n == 0 || n > 4 || len(f.Suffix) > 1 || f.Suffix != "" && !letters(f.Suffix) {
		return Flight{}, false
	}
	if f.Number == "" {
		f.Number = "0"
	}
	return f, true
}

func readRouting(r *reader, b *FWB, g *group) {
	for i := range g.rows {
		w := &g.rows[i]
		for j := range w.fs {
			f := w.field(j)
			if len(f.text) < 3 || len(f.text) > 6 || !letters(f.to(3).text) || !mixed(f.from(3).text) {
				r.wrong(f, InvalidRouting, "RTG", "write the airport and the carrier together: FRA9X", "%q is no leg of a route", f.String())
				continue
			}
			b.Routing = append(b.Routing, Hop{upper(f.to(3)), upper(f.from(3))})
		}
	}
}

func readAgent(r *reader, b *FWB, g *group) {
	w := g.head()
	b.Agent = &Agent{Account: w.field(0).String(), IATA: w.field(1).String(), CASS: w.field(2).String(), Participant: w.field(3).String()}
	if len(w.fs) > 4 {
		r.slants(w.rest(4), "agent")
	}
	if b.Agent.IATA != "" && (len(b.Agent.IATA) != 7 || !digits(b.Agent.IATA)) {
		r.wrong(w.field(1), InvalidField, "agent's IATA code", "write the seven digits", "the agent's code %q has not seven digits", b.Agent.IATA)
	}
	for i, to := range []*string{&b.Agent.Name, &b.Agent.Place} {
		if i+1 < len(g.rows) {
			length := [...]int{nameLength, placeLength}[i]
			*to = r.short(g.rows[i+1].rest(0), "agent", length)
		}
	}
	if len(g.rows) > 3 {
		r.wrong(g.rows[3].whole(), InvalidField, "agent", "write the agent's name and place in one line each", "the agent has more lines than name and place")
	}
}

func readAccounting(r *reader, b *FWB, g *group) {
	for i := range g.rows {
		w := &g.rows[i]
		n := Note{Kind: upper(w.field(0)), Text: r.short(w.rest(1), "accounting information", 34)}
		if len(n.Kind) != 3 {
			r.wrong(w.field(0), InvalidField, "ACC", "write three letters of the kind, a slant and the text: ACC/GEN/TEXT", "%q is no kind of accounting information", n.Kind)
		}
		b.Accounting = append(b.Accounting, n)
	}
}

func readIssue(r *reader, b *FWB, g *group) {
	w := g.head()
	b.Issue = &Issue{Place: r.short(w.field(1), "place of execution", placeLength), Signature: r.short(w.rest(2), "signature", 20)}
	var ok bool
	if b.Issue.Date, ok = ddmmmyy(w.field(0).text); !ok {
		r.wrong(w.field(0), InvalidDate, "date of execution", "write day, month and year: 14MAR26", "%q is no date", w.field(0).String())
	}
}

func readSender(r *reader, b *FWB, g *group) {
	w := g.head()
	b.Sender = &Sender{Office: upper(w.field(0)), File: w.field(1).String(), Kind: upper(w.field(2)), Participant: w.field(3).String(), Airport: upper(w.field(4))}
	if *b.Sender == (Sender{}) {
		r.wrong(w.whole(), InvalidField, "REF", "write the sender's office or participant", "REF names no sender")
	}
}

func readExchange(r *reader, b *FWB, g *group) {
	w := g.head()
	f := w.field(0)
	e := &Exchange{Currency: upper(f.to(3))}
	if _, known := money.Digits(e.Currency); !known {
		r.wrong(f, InvalidField, "currency", "write the three letters of ISO 4217 and the rate: EUR1.08", "%q is no currency", e.Currency)
	}
	if rate := f.from(3); len(rate.text) > 0 {
		e.Rate = r.amount(rate, "rate of exchange")
	}
	for i := 1; i < len(w.fs); i++ {
		if amount := r.amount(w.field(i), "charge in the destination's currency"); amount != "" {
			e.Charges = append(e.Charges, amount)
		}
	}
	b.Exchange = e
}

func readHandler(r *reader, b *FWB, g *group) {
	w := g.head()
	b.Handler = &Handler{Name: r.short(w.field(0), "handler", nameLength), Place: r.short(w.rest(1), "handler's place", placeLength)}
}

func readFile(r *reader, b *FWB, g *group) {
	w := g.head()
	b.File = &File{Number: r.short(w.field(0), "shipment reference", fileLength)}
	for i := 1; i < len(w.fs); i++ {
		if text := r.short(w.field(i), "shipment information", fileInfoLength); text != "" {
			b.File.Information = append(b.File.Information, text)
		}
	}
}

// The lengths of a shipment's reference and what is told with it.
const fileLength, fileInfoLength = 14, 12

// texts reads lines of free text, slants and all.
func (r *reader) texts(list []string, g *group, name string) []string {
	for i := range g.rows {
		if s := r.short(g.rows[i].rest(0), name, 65); s != "" {
			list = append(list, s)
		}
	}
	return list
}

// handling reads special handling codes: three letters each.
func (r *reader) handling(list []string, rows []row, most int) []string {
	for i := range rows {
		for j := range rows[i].fs {
			f := rows[i].field(j)
			code := upper(f)
			switch {
			case code == "":
				continue
			case len(code) != 3 || !mixed(code):
				r.wrong(f, InvalidField, "special handling code", "write the three letters of a code", "%q is no special handling code", code)
				continue
			case len(list) == most:
				r.wrong(f, FieldTooLong, "special handling codes", "send the codes that matter most", "there are more than %d special handling codes", most)
			}
			list = append(list, code)
		}
	}
	return list
}
