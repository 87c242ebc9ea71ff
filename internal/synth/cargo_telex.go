package synth

import (
	"strconv"
	"strings"
	"time"
)

// telex puts a message's lines between what its sender's system puts round them.
func (s *shipment) telex(body string, at time.Time) string {
	if s.by.envelope {
		l := s.slot.leg()
		body = "QU " + l.to.IATA + "CI" + s.airline + "\n." + l.from.IATA + "FF" + s.airline + " " + at.Format("021504") + "\n" + body
		if s.percent(30) {
			body += "NNNN\n"
		}
	}
	return strings.ReplaceAll(body, "\n", s.by.ends)
}

// quantity is pieces and weight: T12K240.5.
func quantity(pieces, tenths int) string {
	return "T" + strconv.Itoa(pieces) + "K" + kilograms(tenths)
}

// waybill writes an FWB: of a master, or of a direct waybill where h is given.
func (s *shipment) waybill(pieces, tenths int, h *house, at time.Time) string {
	var b strings.Builder
	line := func(parts ...string) {
		for _, p := range parts {
			b.WriteString(p)
		}
		b.WriteByte('\n')
	}
	l := s.slot.leg()
	line("FWB/", strconv.Itoa(s.by.fwb))
	number := s.number
	if s.by.handle == "agent-palm" { // whose system leaves the hyphen out
		number = strings.ReplaceAll(number, "-", "")
	}
	line(number, l.from.IATA, l.to.IATA, "/", quantity(pieces, tenths))
	line("FLT/", s.airline, strconv.Itoa(s.slot.flight), "/", l.departure.Format("02"))
	line("RTG/", l.to.IATA, s.airline)
	from, to, currency := s.from, s.to, "USD"
	if h != nil {
		from, to = h.from, h.to
	}
	line("SHP")
	s.party(line, from, false)
	line("CNE")
	s.party(line, to, h != nil && h.anonymous)
	line("AGT//", s.by.iata, "/", s.by.cass)
	line("/", s.by.name)
	line("/", s.from.place)
	worth := "NCV"
	if h != nil && h.value > 0 {
		worth = strconv.Itoa(h.value)
	}
	line("CVD/", currency, "/PP/PP/NVD/", worth, "/XXX")
	const rate = 3 // dollars a kilogram
	charge := kilograms(tenths * rate)
	line("RTD/1/P", strconv.Itoa(pieces), "/K", kilograms(tenths), "/CQ/W", kilograms(tenths), "/R", strconv.Itoa(rate), "/T", charge)
	n := 1
	numbered := func(kind, text string) {
		if n == 1 {
			line("/", kind, "/", text)
		} else {
			line("/", strconv.Itoa(n), "/", kind, "/", text)
		}
		n++
	}
	if h == nil {
		numbered("NC", "CONSOLIDATION AS PER")
		numbered("NC", "ATTACHED LIST")
	} else {
		for _, part := range chopped(h.said()) {
			numbered("NG", part)
		}
		if !h.noHS {
			numbered("NH", h.item.hs)
		}
		numbered("NV", "MC"+cubic(tenths, h.item.density))
	}
	line("PPD/WT", charge)
	line("/CT", charge)
	line("ISU/", strings.ToUpper(at.Format("02Jan06")), "/", s.from.place, "/", "R HADDAD")
	line("REF/", l.from.IATA, "CS", s.airline)
	if h != nil {
		line("SPH/", strings.Join(h.handling, "/"))
		line("OCI/", from.two, "/SHP/T/", from.tax)
	} else {
		line("SPH/EAW/SPX")
	}
	return b.String()
}

// houseList writes an FHL.
func (s *shipment) houseList(pieces, tenths int, houses []*house) string {
	var b strings.Builder
	line := func(parts ...string) {
		for _, p := range parts {
			b.WriteString(p)
		}
		b.WriteByte('\n')
	}
	l := s.slot.leg()
	line("FHL/", strconv.Itoa(s.by.fhl))
	line("MBI/", s.number, l.from.IATA, l.to.IATA, "/", quantity(pieces, tenths))
	for _, h := range houses {
		weight := "K" + kilograms(h.tenths)
		if h.unreadable {
			weight = kilograms(h.tenths)
		}
		line("HBS/", h.number, "/", l.from.IATA, l.to.IATA, "/", strconv.Itoa(h.pieces), "/", weight, "/", strconv.Itoa(h.slac), "/", h.item.short)
		line("/", strings.Join(h.handling, "/"))
		if !h.noText {
			for i, part := range cut(h.item.long, 65) {
				id := "TXT"
				if i > 0 { // a line that goes on
					id = ""
				}
				line(id, "/", part)
			}
		}
		if !h.noHS {
			line("HTS/", h.item.hs)
		}
		line("OCI/", h.from.two, "/SHP/T/", h.from.tax)
		s.houseParty(line, "SHP", h.from, false)
		s.houseParty(line, "CNE", h.to, h.anonymous)
		worth := "NCV"
		if h.value > 0 {
			worth = strconv.Itoa(h.value)
		}
		line("CVD/USD/PP/NVD/", worth, "/XXX")
	}
	return b.String()
}

// party writes a party of a waybill in the layout of its version; one without a street has three lines.
func (s *shipment) party(line func(...string), f firm, anonymous bool) {
	name, street, place := "/", "/", "/"
	if s.by.fwb >= 17 {
		name, street, place = "NAM/", "ADR/", "LOC/"
	}
	line(name, f.name)
	if !anonymous {
		line(street, f.street)
	}
	line(place, f.place)
	line("/", f.two, f.reach(anonymous))
}

// houseParty writes a party of a house. The fifth version has names under NAM; some systems call themselves that and write
// the fourth.
func (s *shipment) houseParty(line func(...string), id string, f firm, anonymous bool) {
	if s.by.fhl >= 5 {
		line(id)
		line("NAM/", f.name)
		if !anonymous {
			line("ADR/", f.street)
		}
		line("LOC/", f.place)
	} else {
		line(id, "/", f.name)
		if !anonymous {
			line("/", f.street)
		}
		line("/", f.place)
	}
	line("/", f.two, f.reach(anonymous))
}

// reach is postcode and telephone, as far as there are any.
func (f *firm) reach(anonymous bool) string {
	switch {
	case anonymous:
		return ""
	case f.phone == "" && f.post == "":
		return ""
	case f.phone == "":
		return "/" + f.post
	}
	return "/" + f.post + "/TE/" + f.phone
}

// withdrawal writes an FXX for the whole waybill or one of its houses.
func (s *shipment) withdrawal(house string) string {
	name := s.number
	if house != "" {
		name += "-" + house
	}
	return "FXX\n" + name + "\nOSI/SHIPMENT WITHDRAWN BY SHIPPER\n"
}

// cubic is the volume in cubic metres of so many tenths of a kilogram at a density.
func cubic(tenths, density int) string {
	litres := max(1, tenths*100/density)
	return strconv.Itoa(litres/1000) + "." + padded(litres%1000, 3)
}

// cut parts a text between words into lines of at most so many characters.
func cut(text string, most int) (lines []string) {
	current := ""
	for _, w := range strings.Fields(text) {
		switch {
		case current == "":
			current = w
		case len(current)+1+len(w) <= most:
			current += " " + w
		default:
			lines = append(lines, current)
			current = w
		}
	}
	return append(lines, current)
}

// chopped parts a description as telex systems do, after twenty characters and inside words. Only before a blank they do not,
// for a line of twenty is read as going on in the next.
func chopped(text string) (lines []string) {
	const most = 20
	for len(text) > most {
		n := most
		if text[n] == ' ' {
			n = strings.LastIndexByte(text[:n], ' ')
		}
		lines = append(lines, strings.TrimSpace(text[:n]))
		text = strings.TrimSpace(text[n:])
	}
	return append(lines, text)
}

// spoil breaks a message so that nobody can read it.
func spoil(good, number string, n int) string {
	second := strings.IndexByte(good, '\n') + 1
	end := second + strings.IndexByte(good[second:], '\n') + 1
	head := good[second:end]
	slant := strings.LastIndexByte(head, '/')
	switch n % 6 {
	case 0: // pieces in letters
		return good[:second] + head[:slant] + "/TXXK100\n" + good[end:]
	case 1: // no line of the waybill
		return good[:second] + good[end:]
	case 2: // neither K nor L
		return good[:second] + head[:slant] + "/T10250,5\n" + good[end:]
	case 3: // no waybill number
		return good[:second] + strings.Replace(head, number, number[:8], 1) + good[end:]
	case 4: // another message's identifier
		return "FFR/8\n" + good[second:]
	}
	return "Dear cargo desk,\nplease find attached the list for " + number + ".\nRegards\n"
}
