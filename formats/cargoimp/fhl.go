package cargoimp

import (
	"slices"
	"strings"

	"github.com/rihla/rihla/formats/fault"
	"github.com/rihla/rihla/formats/goods"
)

// FHL is what a forwarder files of the houses under a master: some of them, never with the word that they are all.
type FHL struct {
	Master      Waybill  `json:"master"`
	Origin      string   `json:"origin"`
	Destination string   `json:"destination"`
	Total       Quantity `json:"total"`
	Houses      []House  `json:"houses"`
}

// House is one house waybill.
type House struct {
	Number      string   `json:"house"` // as filed; compare by [HouseKey]
	Origin      string   `json:"origin,omitempty"`
	Destination string   `json:"destination,omitempty"`
	Pieces      int      `json:"pieces"`
	Weight      Measure  `json:"weight"`
	SLAC        int      `json:"shippers_count,omitempty"` // pieces as the shipper loaded and counted them
	Goods       string   `json:"goods,omitempty"`          // the fifteen characters of HBS
	Handling    []string `json:"special_handling,omitempty"`
	Text        []string `json:"text,omitempty"` // TXT, as filed
	HS          []string `json:"hs,omitempty"`
	OCI         []OCI    `json:"oci,omitempty"`
	Shipper     *Party   `json:"shipper,omitempty"`
	Consignee   *Party   `json:"consignee,omitempty"`
	Charges     *Charges `json:"charges,omitempty"`

	Offset, Length, Line int `json:"-"` // of the house in the file
}

// Description is what the house says is in it: its free text, which has room, or else what stands on its line.
func (h *House) Description() string {
	if text := strings.Join(h.Text, " "); text != "" {
		return text
	}
	return h.Goods
}

// Said is all that the house says is in it, line and free text together, by which it is judged: one concrete word anywhere
// is enough.
func (h *House) Said() string {
	switch text := h.Description(); {
	case h.Goods == "" || strings.HasPrefix(text, h.Goods):
		return text
	default:
		return h.Goods + " " + text
	}
}

// HouseKey is the number by which houses of one master are compared: capitals, without blanks and hyphens.
func HouseKey(number string) string {
	if !strings.ContainsAny(number, " -") {
		return strings.ToUpper(number)
	}
	return strings.ToUpper(strings.Map(func(c rune) rune {
		if c == ' ' || c == '-' {
			return -1
		}
		return c
	}, number))
}

// The lengths of a house's fields.
const (
	houseLength     = 12
	houseLengthXML  = 35 // what Cargo-XML and the regimes allow
	houseGoodsLen   = 15
	freeTextLines   = 9
	freeTextLength  = 65
	houseCodesLimit = 9
)

// houseLines is the order of a house's lines behind HBS.
var houseLines = grammar[House]{
	{"TXT", false, readFreeText},
	{"HTS", false, readHTS},
	{"OCI", true, func(r *reader, h *House, g *group) { h.OCI = r.information(h.OCI, g) }},
	{"SHP", false, func(r *reader, h *House, g *group) { h.Shipper = r.party(g, shipperRules, true) }},
	{"CNE", false, func(r *reader, h *House, g *group) { h.Consignee = r.party(g, consigneeRules, true) }},
	{"CVD", false, func(r *reader, h *House, g *group) { h.Charges = r.charges(g, true) }},
}

func readFHL(r *reader) {
	r.version(oldestFHL, newestFHL)
	gs := r.scratch.split(r.lines)
	master := slices.IndexFunc(gs, func(g group) bool { return g.id == "MBI" })
	first := slices.IndexFunc(gs, func(g group) bool { return g.id == "HBS" })
	if master < 0 || first >= 0 && first < master {
		at := field{off: r.end, line: r.first.no + 1}
		if len(r.lines) > 0 {
			at = r.lines[0].whole()
		}
		r.refuse(at, MissingWaybill, "MBI", "send MBI with the master's number, route and totals before the houses", "the master's line, MBI, is missing")
		if first >= 0 {
			r.unusable(gs[first:])
		}
		return
	}
	b := &FHL{}
	var ok bool
	if b.Master, b.Origin, b.Destination, b.Total, ok = r.consignment(gs[master].head(), 0); !ok {
		if first >= 0 {
			r.unusable(gs[first:])
		}
		return
	}
	for i := range gs {
		if i != master && (first < 0 || i < first) {
			r.wrong(gs[i].head().whole(), UnknownLine, "line", "begin with MBI, then HBS", "the line belongs to no house; it is kept as it is")
			r.m.Unread = append(r.m.Unread, gs[i].kept(""))
		}
	}
	if first < 0 {
		r.refuse(gs[master].head().whole(), MissingHouse, "HBS", "send HBS with the house's number", "there is no house under the master")
		return
	}
	n := 0
	for i := range gs {
		if gs[i].id == "HBS" {
			n++
		}
	}
	b.Houses = make([]House, 0, n)
	r.houses(b, gs[first:])
	if len(b.Houses) == 0 && r.m.Error == nil && len(r.m.Lost) > 0 {
		why := r.m.Lost[0]
		why.What, why.Length = "", 0
		r.m.Error, r.m.Lost = &why, r.m.Lost[1:]
	}
	if r.m.Error != nil {
		return
	}
	r.m.FHL = b
	pieces, grams := 0, int64(0)
	for i := range b.Houses {
		pieces += b.Houses[i].Pieces
		grams += b.Houses[i].Weight.Grams()
	}
	if own := b.Total.Weight.Grams(); pieces > b.Total.Pieces || grams > own+max(5000, own/100) {
		r.odd(gs[master].head().whole(), HousesExceed, "MBI", "send the master's true totals", "the houses have %d pieces and %s kg, their master only %d and %s kg",
			pieces, decimal(grams*1000), b.Total.Pieces, decimal(own*1000))
	}
}

// unusable reads houses whose master nobody knows, so that their filer hears of all that is wrong at once.
func (r *reader) unusable(gs []group) {
	r.houses(&FHL{}, gs)
	r.m.Warnings = append(r.m.Warnings, r.m.Lost...)
	for i := range r.m.Warnings {
		r.m.Warnings[i].What, r.m.Warnings[i].Length = "", 0
	}
	r.m.Lost, r.m.Unread = nil, nil
}

// houses reads each house by itself: one that cannot be used is lost, the others are not.
func (r *reader) houses(b *FHL, gs []group) {
	numbers := map[string]int{}
	for i := 0; i < len(gs); {
		next := i + 1
		for next < len(gs) && gs[next].id != "HBS" && gs[next].id != "MBI" {
			next++
		}
		mine := gs[i:next]
		i = next
		last := mine[len(mine)-1]
		end := last.rows[len(last.rows)-1].line
		head := mine[0].head()
		if mine[0].id == "MBI" {
			r.lose("master", head.line, end, r.fault(head.whole(), DuplicateLine, "MBI", "send one message a master", "a second master stands in the message", nil))
			continue
		}
		h, why := r.house(mine)
		key := HouseKey(h.Number)
		if first := numbers[key]; why == nil && first > 0 {
			f := r.fault(head.field(0), RepeatHouse, "house number", "send a house once a message", "the house %s is there twice, first in line %d", []any{h.Number, first})
			why = &f
		}
		if why != nil {
			r.lose("house", head.line, end, *why)
			continue
		}
		numbers[key] = head.no
		h.Offset, h.Length, h.Line = head.off, end.off+len(end.text)-head.off, head.no
		b.Houses = append(b.Houses, h)
	}
}

// house reads one house. The fault for which it cannot be used is answered, not told.
func (r *reader) house(gs []group) (h House, why *fault.Fault) {
	w := gs[0].head()
	named := w.field(0)
	h.Number = upper(named)
	mine := &reader{m: &Message{}, name: r.name, first: r.first, end: r.end} // a refusal of one house is not the message's
	switch {
	case h.Number == "":
		mine.refuse(named, MissingHouse, "house number", "write the house's number behind HBS", "the house has no number")
	case len(h.Number) > houseLengthXML:
		mine.refuse(named, InvalidHouse, "house number", "write at most twelve letters and digits", "the house number has %d characters", len(h.Number))
	case len(h.Number) > houseLength || !mixed(HouseKey(h.Number)):
		mine.wrong(named, InvalidHouse, "house number", "write at most twelve letters and digits", "the house number %q is not one to twelve letters and digits", h.Number)
	}
	var ok bool
	if h.Origin, h.Destination, ok = mine.route(w.field(1)); !ok {
		mine.wrong(w.field(1), InvalidRouting, "origin and destination", "write both airports' IATA codes: AMMJFK", "%q is not two airports", w.field(1).String())
	} else {
		mine.airports(w.field(1), h.Origin, h.Destination)
	}
	h.Pieces, _ = mine.pieces(w.field(2))
	h.Weight, _ = mine.weight(w.field(3))
	if slac := w.field(4); len(slac.text) > 0 {
		if h.SLAC = max(0, number(slac.text)); h.SLAC == 0 {
			mine.wrong(slac, InvalidField, "shipper's count", "write the count in digits, or nothing", "%q is no count", slac.String())
		}
	}
	h.Goods = mine.short(w.field(5), "goods description", houseGoodsLen)
	if len(w.fs) > 6 {
		h.Goods = w.rest(5).String()
		mine.slants(w.rest(6), "goods description")
	}
	h.Handling = mine.handling(nil, gs[0].rows[1:], houseCodesLimit)
	seen := houseLines.walk(mine, &h, h.Number, gs[1:])
	for _, line := range []struct{ id, rule, what string }{{"SHP", MissingShipper, "shipper"}, {"CNE", MissingConsignee, "consignee"}} {
		if seen.row(line.id) == nil {
			mine.wrong(w.whole(), line.rule, line.what, "send "+line.id, "the %s (%s) of house %s is missing", line.what, line.id, h.Number)
		}
	}
	at := w.field(5)
	if text := seen.row("TXT"); text != nil {
		at = text.field(0)
	}
	mine.describe(at, &goods.Description{Text: h.Said(), HS: len(h.HS) > 0})
	r.m.Warnings = append(r.m.Warnings, mine.m.Warnings...)
	if mine.m.Error != nil {
		return h, mine.m.Error
	}
	r.m.Lost = append(r.m.Lost, mine.m.Lost...)
	r.m.Unread = append(r.m.Unread, mine.m.Unread...)
	return h, nil
}

func readFreeText(r *reader, h *House, g *group) {
	h.Text = r.texts(nil, g, "free text")
	if len(g.rows) > freeTextLines {
		r.wrong(g.rows[freeTextLines].whole(), FieldTooLong, "TXT", "say it in nine lines", "the free text has %d lines, the standard allows %d", len(g.rows), freeTextLines)
	}
}

func readHTS(r *reader, h *House, g *group) {
	for i := range g.rows {
		w := &g.rows[i]
		for j := range w.fs {
			if code := r.hs(w.field(j)); code != "" {
				h.HS = append(h.HS, code)
			}
		}
	}
}
