package cargoimp

import (
	"slices"
	"strconv"

	"github.com/rihla/rihla/formats/fault"
)

// Append writes a message behind dst, its lines ended by CR LF, in the standard's order and only with what the standard
// carries: what it cannot carry is answered as a *fault.Fault, and dst is returned as it was. Lines kept unread are
// written where they belong. An FHL that would be longer than a message may be becomes several.
func Append(dst []byte, m *Message) ([]byte, error) {
	switch {
	case m.FWB != nil:
		return finish(dst, func(w *writer) { w.fwb(m.FWB, m.Version, m.Unread) })
	case m.FHL != nil:
		return finish(dst, func(w *writer) { w.fhl(m.FHL, m.Version, m.Unread) })
	case m.Answer != nil:
		return finish(dst, func(w *writer) { w.answer(m.Answer, m.Version) })
	case m.Status != nil:
		return finish(dst, func(w *writer) { w.status(m.Status) })
	case m.Report != nil:
		return finish(dst, func(w *writer) { w.errors(m.Report) })
	case m.Cancellation != nil:
		return finish(dst, func(w *writer) { w.cancellation(m.Cancellation) })
	}
	return dst, &fault.Fault{Field: "message", Rule: InvalidMessageType, Message: "the message says nothing that can be written", Strict: true}
}

// AppendFWB writes an air waybill in version 16 or 17; 0 is the newest.
func AppendFWB(dst []byte, b *FWB, version int) ([]byte, error) {
	return finish(dst, func(w *writer) { w.fwb(b, edition(version), nil) })
}

// AppendFHL writes houses in version 4 or 5; 0 is the newest.
func AppendFHL(dst []byte, b *FHL, version int) ([]byte, error) {
	return finish(dst, func(w *writer) { w.fhl(b, edition(version), nil) })
}

func edition(version int) string {
	if version == 0 {
		return ""
	}
	return strconv.Itoa(version)
}

func finish(dst []byte, write func(*writer)) ([]byte, error) {
	w := &writer{b: dst}
	if write(w); w.err != nil {
		return dst, w.err
	}
	return w.b, nil
}

// begins writes the message's identifier in a version that is written, and tells whether it is the newest grammar.
func (w *writer) begins(name, version string, newest int) (named bool) {
	n := number(version)
	if version == "" {
		n = newest
	}
	if n != newest && n != newest-1 {
		w.refuse(UnknownVersion, "version", "write version "+strconv.Itoa(newest-1)+" or "+strconv.Itoa(newest), "version "+strconv.Quote(version)+" of "+name+" is not written")
	}
	w.raw(name + "/" + strconv.Itoa(n))
	return n == newest
}

func (w *writer) fwb(b *FWB, version string, kept []Kept) {
	named := w.begins("FWB", version, newestFWB)
	w.begin("")
	w.waybill(b.Waybill, b.Origin, b.Destination)
	w.quantity(&b.Quantity)
	w.end()
	for _, line := range waybillLines {
		w.waybillLine(line.id, b, named)
		w.kept(kept, line.id)
	}
	w.kept(kept, "")
}

// waybillLine writes one line of the waybill with those that continue it.
func (w *writer) waybillLine(id string, b *FWB, named bool) {
	switch id {
	case "FLT":
		for i, f := range b.Flights {
			if i%2 == 0 {
				w.begin(tagged(id, i == 0))
			}
			w.flight(f)
			if i%2 == 1 || i == len(b.Flights)-1 {
				w.end()
			}
		}
	case "RTG":
		w.routing(b)
	case "SHP":
		w.party(id, b.Shipper, shipperRules, MissingShipper, named, false)
	case "CNE":
		w.party(id, b.Consignee, consigneeRules, MissingConsignee, named, false)
	case "AGT":
		w.agent(b.Agent)
	case "SSR":
		w.lines(id, "special service request", b.SSR, 3, freeTextLength)
	case "NFY":
		w.party(id, b.Notify, notifyRules, "", named, true)
	case "ACC":
		for i, n := range b.Accounting {
			w.begin(tagged(id, i == 0))
			w.code(InvalidField, "kind of accounting information", n.Kind, 3)
			w.must(InvalidField, "accounting information", n.Text, 34)
			w.end()
		}
	case "CVD":
		w.charges(b.Charges, false)
	case "RTD":
		w.rates(b.Rates)
	case "OTH":
		w.other(b.Other)
	case "PPD":
		w.summary(id, b.Prepaid)
	case "COL":
		w.summary(id, b.Collect)
	case "CER":
		if b.Certification != "" {
			w.begin(id)
			w.text("signature", b.Certification, 20)
			w.end()
		}
	case "ISU":
		w.issue(b.Issue)
	case "OSI":
		w.lines(id, "other service information", b.OSI, 3, freeTextLength)
	case "REF":
		w.sender(b.Sender)
	case "CDC":
		w.exchange(b.Exchange)
	case "NOM":
		if h := b.Handler; h != nil {
			w.begin(id)
			w.must(MissingLine, "handler", h.Name, nameLength)
			w.text("handler's place", h.Place, placeLength)
			w.end()
		}
	case "SRI":
		w.file(b.File)
	case "COR":
		if b.CustomsOrigin != "" {
			w.begin(id)
			w.text("customs origin", b.CustomsOrigin, 2)
			w.end()
		}
	case "SPH":
		w.handling(id, b.Handling)
	case "OCI":
		w.information(b.OCI)
	}
}

// kept writes the lines with this identifier that were kept as they came; "" writes those no message has.
func (w *writer) kept(list []Kept, id string) {
	for _, k := range list {
		if k.House != "" || len(k.Text) == 0 {
			continue
		}
		own := line{text: k.Text[0]}.identifier()
		known := slices.ContainsFunc(waybillLines, func(l rule[FWB]) bool { return l.id == own && l.read == nil })
		if own == id && known || id == "" && !known {
			for _, text := range k.Text {
				w.raw(text)
			}
		}
	}
}

func (w *writer) flight(f Flight) {
	w.text("flight", f.Carrier+f.Number+f.Suffix, 8)
	if split, ok := SplitFlight(f.Carrier + f.Number + f.Suffix); !ok || split.Carrier != f.Carrier {
		w.refuse(InvalidField, "flight", "write the carrier's code and up to four digits", "the flight is "+strconv.Quote(f.Carrier+f.Number+f.Suffix))
	}
	if f.Day < 1 || f.Day > 31 {
		w.refuse(InvalidDate, "flight day", "write the day of the month", "the day of "+f.Carrier+f.Number+" is "+strconv.Itoa(f.Day))
	}
	w.b = append(w.b, '/', byte('0'+f.Day/10), byte('0'+f.Day%10))
}

func (w *writer) routing(b *FWB) {
	if len(b.Routing) == 0 || len(b.Routing) > 3 {
		w.refuse(MissingLine, "RTG", "give one to three legs", "the routing has "+strconv.Itoa(len(b.Routing))+" legs")
		return
	}
	w.begin("RTG")
	for _, h := range b.Routing {
		if len(h.To) != 3 || !capitals(h.To) || len(h.Carrier) > 3 || !mixed(h.Carrier) {
			w.refuse(InvalidRouting, "RTG", "write the airport and the carrier", "a leg of the routing is "+strconv.Quote(h.To+h.Carrier))
		}
		w.text("RTG", h.To+h.Carrier, 6)
	}
	w.end()
}

// party writes a party in four lines, or under NAM, ADR and LOC since FWB/17 and FHL/5. nameFirst says that the older layout
// has the name on the first line, not an account.
func (w *writer) party(id string, p *Party, rules *partyRules, missing string, named, nameFirst bool) {
	if p == nil {
		if missing != "" {
			w.refuse(missing, rules.word, "fill it in", "the "+rules.word+" is missing")
		}
		return
	}
	w.begin(id)
	if named || !nameFirst {
		w.text(rules.fields.account, p.Account, accountLength)
		w.end()
	}
	most := 1 // line of a name or a street
	if named {
		most = 2
	}
	part := func(tag, what string, texts []string) {
		if len(texts) == 0 || len(texts) > most {
			w.refuse(or(rules.name, MissingLine), what, "give it in at most "+strconv.Itoa(most)+" lines", "the "+what+" has "+strconv.Itoa(len(texts))+" lines")
		}
		for i, s := range texts {
			switch {
			case tag == "NAM" && nameFirst && !named && i == 0: // behind the identifier
			case named && i == 0:
				w.begin(tag)
			default:
				w.begin("")
			}
			w.must(or(rules.name, MissingLine), what, s, nameLength)
			w.end()
		}
	}
	part("NAM", rules.fields.name, p.Names)
	part("ADR", rules.fields.street, p.Streets)
	w.begin(tagged("LOC", named))
	w.must(or(rules.address, MissingLine), rules.fields.place, p.Place, placeLength)
	w.text(rules.fields.state, p.State, stateLength)
	w.end()
	w.begin("")
	w.nation(or(rules.country, InvalidCountry), rules.fields.country, p.Country)
	w.text(rules.fields.postcode, p.Postcode, postcodeLength)
	for _, c := range p.Contacts {
		w.code(InvalidField, rules.fields.contact, c.Kind, 2)
		w.must(InvalidField, rules.fields.contact, c.Number, contactLength)
	}
	w.end()
}

func or(a, b string) string {
	if a == "" {
		return b
	}
	return a
}

func (w *writer) agent(a *Agent) {
	if a == nil {
		return
	}
	w.begin("AGT")
	w.text("agent's account", a.Account, accountLength)
	w.text("agent's IATA code", a.IATA, 7)
	w.text("agent's CASS address", a.CASS, 4)
	w.text("agent's participant", a.Participant, 17)
	w.end()
	w.begin("")
	w.must(MissingLine, "agent", a.Name, nameLength)
	w.end()
	w.begin("")
	w.must(MissingLine, "agent's place", a.Place, placeLength)
	w.end()
}

func (w *writer) issue(i *Issue) {
	if i == nil || !i.Date.Full() || !i.Date.Valid() {
		w.refuse(MissingLine, "ISU", "say when and where the carrier executed the waybill", "the date of execution is missing")
		return
	}
	w.begin("ISU")
	w.text("date of execution", writeDate(i.Date), 7)
	w.must(MissingLine, "place of execution", i.Place, placeLength)
	w.text("signature", i.Signature, 20)
	w.end()
}

func (w *writer) sender(s *Sender) {
	if s == nil || *s == (Sender{}) {
		w.refuse(MissingLine, "REF", "write the sender's office or participant", "REF names no sender")
		return
	}
	w.begin("REF")
	w.text("sender's office", s.Office, 7)
	w.text("sender's file", s.File, 15)
	w.text("kind of participant", s.Kind, 3)
	w.text("participant", s.Participant, 17)
	w.text("participant's airport", s.Airport, 3)
	w.end()
}

// file writes a shipment's reference: of two pieces of information the first has its place and the second the next; one alone
// stands in the second, as senders write it.
func (w *writer) file(f *File) {
	if f == nil {
		return
	}
	w.begin("SRI")
	w.must(MissingLine, "shipment reference", f.Number, fileLength)
	if len(f.Information) > 2 {
		w.refuse(FieldTooLong, "shipment information", "give two at most", "the shipment's reference has more than two pieces of information")
	}
	if len(f.Information) == 1 {
		w.b = append(w.b, '/')
	}
	for _, text := range f.Information {
		w.must(InvalidField, "shipment information", text, fileInfoLength)
	}
	w.end()
}

func (w *writer) handling(id string, codes []string) {
	if len(codes) == 0 {
		return
	}
	if len(codes) > houseCodesLimit {
		w.refuse(FieldTooLong, "special handling codes", "send the codes that matter most", "there are more than nine special handling codes")
	}
	w.begin(id)
	for _, c := range codes {
		w.code(InvalidField, "special handling code", c, 3)
	}
	w.end()
}

func (w *writer) information(list []OCI) {
	for i := range list {
		o := &list[i]
		w.begin(tagged("OCI", i == 0))
		switch {
		case o.Chained.Country && i > 0 || o.Country == "":
			w.b = append(w.b, '/')
		default:
			w.nation(InvalidCountry, "country", o.Country)
		}
		about := o.Information
		if o.Chained.Information && i > 0 {
			about = ""
		}
		w.text("information identifier", about, 3)
		w.text("customs identifier", o.Customs, 3)
		w.must(InvalidField, "supplementary information", o.Text, ociLength)
		w.end()
	}
}

func (w *writer) fhl(b *FHL, version string, kept []Kept) {
	if len(b.Houses) == 0 {
		w.refuse(MissingHouse, "HBS", "give the houses", "there is no house under the master")
		return
	}
	begun, first := 0, true
	for i := range b.Houses {
		before := len(w.b)
		if first {
			begun = before
			w.fhlHead(b, version)
		}
		w.house(&b.Houses[i], version == "" || number(version) == newestFHL, kept)
		if first || len(w.b)-begun <= messageLength {
			first = false
			continue
		}
		house := slices.Clone(w.b[before:]) // too long for one message: another begins with this house
		w.b, w.line, begun = w.b[:before], 0, before
		w.fhlHead(b, version)
		w.b = append(w.b, house...)
	}
}

func (w *writer) fhlHead(b *FHL, version string) {
	w.begins("FHL", version, newestFHL)
	w.begin("MBI/")
	w.waybill(b.Master, b.Origin, b.Destination)
	w.quantity(&b.Total)
	w.end()
}

func (w *writer) house(h *House, named bool, kept []Kept) {
	w.begin("HBS")
	w.must(MissingHouse, "house number", h.Number, houseLength)
	w.b = append(w.b, '/')
	w.airports(h.Origin, h.Destination)
	w.number(InvalidQuantity, "pieces", "/", h.Pieces, 9999)
	w.b = append(w.b, '/')
	w.weight(&h.Weight)
	w.b = append(w.b, '/')
	if h.SLAC != 0 {
		w.number(InvalidField, "shipper's count", "", h.SLAC, 99999)
	}
	w.text("goods description", h.Goods, houseGoodsLen)
	w.end()
	w.handling("", h.Handling)
	w.lines("TXT", "free text", h.Text, freeTextLines, freeTextLength)
	if len(h.HS) > houseCodesLimit {
		w.refuse(FieldTooLong, "HS code", "send the codes that matter most", "there are more than nine HS codes")
	}
	for i, code := range h.HS {
		w.begin(tagged("HTS", i == 0))
		w.hs(code)
		w.end()
	}
	w.information(h.OCI)
	w.party("SHP", h.Shipper, shipperRules, MissingShipper, named, true)
	w.party("CNE", h.Consignee, consigneeRules, MissingConsignee, named, true)
	if h.Charges != nil {
		w.charges(h.Charges, true)
	}
	for _, k := range kept {
		if k.House == h.Number {
			for _, text := range k.Text {
				w.raw(text)
			}
		}
	}
}

func (w *writer) hs(code string) {
	if len(code) < 6 || len(code) > 18 || !digits(code) {
		w.refuse(InvalidHS, "HS code", "write six to eighteen digits", "an HS code is "+strconv.Quote(code))
	}
	w.text("HS code", code, 18)
}

func (w *writer) answer(a *Answer, version string) {
	id := "FNA"
	if a.Accepted {
		id = "FMA"
	}
	if version != "" {
		id += "/" + version
	}
	w.raw(id)
	if len(a.Text) == 0 {
		w.refuse(MissingLine, "ACK", "say why", "the answer says nothing")
	}
	w.lines("ACK", "acknowledgement", a.Text, maxReasons, freeTextLength)
	for _, line := range a.Echo {
		w.raw(line)
	}
}

// about writes the line that says which consignment a message is about.
func (w *writer) about(number Waybill, house string) {
	if _, ok := ParseWaybill(string(number)); !ok || len(number) != waybillDigits+1 {
		w.refuse(BadWaybillFormat, "waybill number", "write three digits, a hyphen and eight digits", "the waybill number is "+strconv.Quote(string(number)))
	}
	w.begin(string(number))
	if house != "" {
		w.b = append(w.b, '-')
		w.bare("house number", house, houseLengthXML)
	}
	w.end()
}

func (w *writer) status(s *Status) {
	w.raw("PSN")
	if s.Waybill != "" || s.House != "" {
		w.about(s.Waybill, s.House)
	}
	if len(s.Notices) == 0 {
		w.refuse(MissingLine, "CSN", "give a status", "the message says no status")
	}
	for i, n := range s.Notices {
		w.begin(tagged("CSN", i == 0))
		w.code(InvalidField, "status code", n.Code, 2)
		if _, ok := stamp(n.At.String()); !ok {
			w.refuse(InvalidDate, "time of the status", "give day, month, hour and minute", "the time of the status is none")
		}
		w.text("time of the status", n.At.String(), 9)
		w.text("status text", n.Text, freeTextLength)
		w.end()
	}
}

func (w *writer) errors(e *Errors) {
	w.raw("PER")
	if e.Waybill != "" || e.House != "" {
		w.about(e.Waybill, e.House)
	}
	if len(e.Errors) == 0 {
		w.refuse(MissingLine, "ERR", "give an error", "the message says no error")
	}
	for i, c := range e.Errors {
		w.begin(tagged("ERR", i == 0))
		if c.Class != "" {
			w.code(InvalidField, "class of the error", c.Class, 3)
		}
		w.b = append(append(w.b, '/'), c.Code...) // with underscores, as the regimes write it
		w.end()
	}
}

func (w *writer) cancellation(c *Cancellation) {
	w.raw("FXX")
	w.about(c.Waybill, c.House)
	w.lines("OSI", "reason", c.Text, 3, freeTextLength)
}
