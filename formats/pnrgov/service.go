package pnrgov

import (
	"strings"

	"github.com/rihla/rihla/formats/edifact"
	"github.com/rihla/rihla/formats/sensitive"
)

// note is what a segment says of a traveller who may not be known before the whole booking is.
type note struct {
	kind noteKind
	place
	text, code            string
	ref                   string // of the traveller, as the segment gives it
	passenger, passengers int    // the GR2 it stands in; -1: none
	segment               int    // the GR5 it stands in; -1: none
	board, off            string
}

type noteKind uint8

const (
	documentText noteKind = iota // DOCS
	visaText                     // DOCO
	addressText                  // DOCA
	identityText                 // FOID
	infantText                   // INFT
	childText                    // CHLD
	ticketText                   // TKNE
	frequent                     // FTI, FQTV
	seating                      // SEAT
)

// note keeps what a segment says, with the group it stands in.
func (d *Decoder) note(s *edifact.Segment, n note) {
	n.place, n.passenger, n.segment = placed(s), -1, -1
	switch d.group {
	case traveller, ticket, payment:
		if d.travellers > 0 {
			n.passenger, n.passengers = d.traveller, d.travellers
		}
	case itinerary, checkin, boarding:
		n.segment = d.segment
	}
	d.notes = append(d.notes, n)
}

// readSSR reads a special service request. What may not be kept goes before anything looks at it.
func (d *Decoder) readSSR(s *edifact.Segment) {
	code := strings.ToUpper(trim(s.Component(1, 1)))
	if class := classOf(code); class != sensitive.None {
		d.withhold(s, class, 1)
		return
	}
	if sensitive.Masked(code) {
		return
	}
	n := note{text: serviceText(s, code), code: code, ref: firstRef(s)}
	switch code {
	case "DOCS":
		n.kind = documentText
	case "DOCO":
		n.kind = visaText
	case "DOCA":
		n.kind = addressText
	case "INFT":
		n.kind = infantText
	case "CHLD":
		if sensitive.Reveals(n.text) {
			d.readOther(s, code, n.text)
			return
		}
		n.kind = childText
	case "TKNE", "TKNM", "TKNA", "TKNR":
		n.kind = ticketText
	case "FOID":
		d.maskCards(s)
		n.kind = identityText
	case "FQTV", "FQTR", "FQTS", "FQTU":
		n.kind = frequent
		n.text, _ = readFQTV(n.text)
		if _, name := readFQTV(serviceText(s, code)); name != "" && n.ref == "" {
			n.code = name // the traveller the text names
		} else {
			n.code = ""
		}
	case "CTCE", "CTCM", "CTCH", "CTCB", "CTCT", "CTCF", "CTCP", "CTCA":
		d.readCTC(s, n.text)
		return
	case "SEAT", "NSST", "NSSA", "NSSW", "NSSB", "NSSR", "RQST", "SMST":
		d.readSeats(s, n)
		return
	default:
		d.readOther(s, code, n.text)
		return
	}
	if n.text == "" {
		return
	}
	d.note(s, n)
}

// classOf is the class of a code, the status that some glue to it or not (KSMLHK1).
func classOf(code string) sensitive.Class {
	if len(code) > 4 {
		code = code[:4]
	}
	return sensitive.Of(code)
}

// serviceText is the free text of an SSR: the ninth component and whatever an unreleased separator parted from it.
// A sender that lost a separator before it is understood where the text gives itself away by its slashes.
func serviceText(s *edifact.Segment, code string) string {
	n := s.Components(1)
	switch {
	case n == 9:
		return s.Component(1, 9)
	case n > 9:
		var b strings.Builder
		for c := 9; c <= n; c++ {
			if c > 9 {
				b.WriteByte(':')
			}
			b.WriteString(s.Component(1, c))
		}
		return b.String()
	case len(code) == 4 && code[:3] == "DOC":
		for c := 5; c <= n; c++ {
			if text := s.Component(1, c); strings.IndexByte(text, '/') >= 0 {
				return text
			}
		}
	}
	return ""
}

// firstRef is the traveller a detail of the SSR refers to.
func firstRef(s *edifact.Segment) string {
	for e := 2; e <= s.Elements(); e++ {
		if ref := trim(s.Component(e, 3)); ref != "" {
			return ref
		}
	}
	return ""
}

func (d *Decoder) readCTC(s *edifact.Segment, text string) {
	kind, value, _ := readContact(text)
	if kind == "" || kind == "phone" && sensitive.Reveals(value) {
		d.readOther(s, "CTC", text)
		return
	}
	d.contact(kind, value)
}

// readSeats reads SEAT and the like: one detail a seat, or the seat in the text.
func (d *Decoder) readSeats(s *edifact.Segment, n note) {
	n.kind, n.board, n.off = seating, trim(s.Component(1, 7)), trim(s.Component(1, 8))
	text, found := n.text, false
	if sensitive.Reveals(text) || sensitive.Reveals(s.Rest(2)) {
		d.readOther(s, n.code, text)
		return
	}
	n.code = ""
	for e := 2; e <= s.Elements(); e++ {
		n.text, n.ref = seat(s.Component(e, 1)), trim(s.Component(e, 3))
		if n.text != "" || n.ref != "" {
			d.note(s, n)
			found = found || n.text != ""
		}
	}
	if found || text == "" {
		return
	}
	rest, name := cutName(text, 0)
	for _, word := range strings.FieldsFunc(rest, func(r rune) bool { return r == ' ' || r == '/' || r == '.' }) {
		if v := seat(word); v != "" {
			n.text, n.ref, n.code = v, "", name
			d.note(s, n)
		}
	}
}

// readOther keeps the text of any other request as a remark, unless it reveals what may not be kept.
func (d *Decoder) readOther(s *edifact.Segment, code, text string) {
	if sensitive.Reveals(s.Rest(2)) || sensitive.Reveals(s.Composite(1)) {
		if !sensitive.Reveals(text) { // it stands where no text should
			d.withhold(s, sensitive.Text, 1)
			return
		}
		d.m.Withheld.Add(sensitive.Text)
		for c := 9; c <= s.Components(1); c++ {
			d.mask(s.Place(1, c))
		}
		d.maskFrom(s, 2)
		return
	}
	if text = trim(text); text == "" || sensitive.Masked(text) {
		return
	}
	d.maskCards(s)
	text = sensitive.MaskCards(text)
	if code != "OTHS" && code != "CTC" {
		text = code + " " + text
	}
	d.remark(text)
}

// readIFT reads free text: an OSI with a contact in it, the agency's name, or a remark.
func (d *Decoder) readIFT(s *edifact.Segment) {
	class := sensitive.Text
	if s.Component(1, 2) == "28" {
		class = sensitive.OSI
	}
	text := d.freeText(s, class)
	if text == "" {
		return
	}
	if rest, ok := contactText(text); ok {
		if kind, value, _ := readContact(rest); kind != "" {
			d.contact(kind, value)
			return
		}
	}
	if s.Component(1, 2) == "39" {
		if d.b.Agency == nil {
			d.b.Agency = new(Agency)
		}
		if d.b.Agency.Name == "" {
			d.b.Agency.Name = trim(text)
			return
		}
	}
	d.remark(text)
}

// freeText joins the text of an IFT, "" where it was withheld or there is none. Without a qualifier the text stands
// in the first element.
func (d *Decoder) freeText(s *edifact.Segment, class sensitive.Class) string {
	first := 2
	if s.Elements() < 2 && s.Components(1) < 2 {
		first = 1
	}
	text := s.Composite(first)
	reveals := !mailed(text) && sensitive.Reveals(text)
	if s.Elements() > first {
		var b strings.Builder
		for e := first; e <= s.Elements(); e++ {
			part := s.Composite(e)
			reveals = reveals || sensitive.Reveals(part)
			b.WriteString(part)
		}
		text = b.String()
		reveals = reveals || sensitive.Reveals(text)
	}
	if reveals {
		d.withhold(s, class, first)
		return ""
	}
	if sensitive.Masked(text) {
		return ""
	}
	return d.hideCards(s, text)
}

// mailed tells a remark that is a mail address and no more: its words are somebody's name.
func mailed(text string) bool {
	rest, ok := contactText(text)
	if !ok || strings.IndexByte(trim(rest), ' ') >= 0 {
		return false
	}
	kind, _, _ := readContact(rest)
	return kind == "email"
}

func (d *Decoder) readLTS(s *edifact.Segment) {
	text := s.Rest(1)
	if sensitive.Reveals(text) && !mailed(text) {
		d.withhold(s, sensitive.Text, 1)
		return
	}
	if sensitive.Masked(text) {
		return
	}
	text = d.hideCards(s, text)
	if rest, ok := contactText(text); ok {
		if kind, value, _ := readContact(rest); kind != "" {
			d.contact(kind, value)
			return
		}
	}
	d.remark(text)
}

// historySSR tells a service request of the history, unless it may not be kept.
func (d *Decoder) historySSR(s *edifact.Segment) (item string, kept bool) {
	code := strings.ToUpper(trim(s.Component(1, 1)))
	if class := classOf(code); class != sensitive.None {
		d.withhold(s, class, 1)
		return "", false
	}
	text := serviceText(s, code)
	if sensitive.Masked(code) || sensitive.Masked(text) {
		return "", false
	}
	if sensitive.Reveals(text) || sensitive.Reveals(s.Rest(2)) {
		d.withhold(s, sensitive.Text, 1)
		return "", false
	}
	return trim("SSR " + code + " " + d.hideCards(s, text)), true
}
