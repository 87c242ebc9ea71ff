package cargoimp

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/rihla/rihla/formats/country"
	"github.com/rihla/rihla/formats/fault"
)

// writer puts a message together line by line. The first thing that the standard cannot carry sticks; what comes after it
// is written to no purpose.
type writer struct {
	b     []byte
	start int // of the line in b
	line  int // being written, from 1
	err   *fault.Fault
}

// refuse says why the message cannot be written.
func (w *writer) refuse(rule, name, mend, message string) {
	if w.err == nil {
		w.err = &fault.Fault{Line: w.line, Field: name, Rule: rule, Message: message, Mend: mend, Strict: true}
	}
}

// begin starts a line: with its identifier, or with nothing where it continues the line before.
func (w *writer) begin(id string) {
	w.start = len(w.b)
	w.line++
	w.b = append(w.b, id...)
}

// end ends a line, without the slants of fields left empty at its end.
func (w *writer) end() {
	for len(w.b) > w.start+1 && w.b[len(w.b)-1] == '/' {
		w.b = w.b[:len(w.b)-1]
	}
	if len(w.b)-w.start > lineLength {
		w.refuse(LineTooLong, "line", "shorten what it says", "the line would have more than 69 characters")
	}
	w.b = append(w.b, '\r', '\n')
}

// raw writes a line as it is.
func (w *writer) raw(line string) {
	w.line++
	w.b = append(append(w.b, line...), '\r', '\n')
}

// text writes a field: a slant and what it says, which has to be of characters a telex carries, and no longer than most.
func (w *writer) text(name, s string, most int) {
	w.b = append(w.b, '/')
	w.bare(name, s, most)
}

// bare is a text without its slant.
func (w *writer) bare(name, s string, most int) {
	for i := range len(s) {
		if !carried[s[i]] {
			w.refuse(Character, name, "write capitals A to Z, 0 to 9, blank, point and hyphen only; Telex does", "the "+name+" has a character that telexes do not carry: "+strconv.Quote(s))
			break
		}
	}
	if s != "" && (s[0] == ' ' || s[len(s)-1] == ' ') {
		w.refuse(Character, name, "take the blanks off its ends", "the "+name+" begins or ends with a blank")
	}
	if len(s) > most {
		w.refuse(FieldTooLong, name, "shorten it", "the "+name+" has "+strconv.Itoa(len(s))+" characters, the standard allows "+strconv.Itoa(most))
	}
	w.b = append(w.b, s...)
}

// must is a text that has to be there.
func (w *writer) must(rule, name, s string, most int) {
	if s == "" {
		w.refuse(rule, name, "fill it in", "the "+name+" is missing")
	}
	w.text(name, s, most)
}

// code is a field of exactly so many letters or digits.
func (w *writer) code(rule, name, s string, length int) {
	if len(s) != length || !mixed(s) {
		w.refuse(rule, name, "write "+strconv.Itoa(length)+" capitals or digits", "the "+name+" is "+strconv.Quote(s))
	}
	w.b = append(append(w.b, '/'), s...)
}

// decimal is an amount behind what it is an amount of.
func (w *writer) decimal(rule, name, prefix string, d Decimal, most int) {
	if _, ok := ParseDecimal(string(d)); !ok || len(d) > most {
		w.refuse(rule, name, "write digits with at most one point", "the "+name+" is "+strconv.Quote(string(d)))
	}
	w.b = append(append(w.b, prefix...), d...)
}

// number is digits behind what they are a number of.
func (w *writer) number(rule, name, prefix string, n, most int) {
	if n <= 0 || n > most {
		w.refuse(rule, name, "write a number from 1 to "+strconv.Itoa(most), "the "+name+" is "+strconv.Itoa(n))
	}
	w.b = strconv.AppendInt(append(w.b, prefix...), int64(n), 10)
}

// nation is a country's two letters.
func (w *writer) nation(rule, name, code string) {
	two := country.Alpha2(code)
	if len(two) != 2 || !mixed(two) {
		w.refuse(rule, name, "give the country's code of ISO 3166-1", "the "+name+" is "+strconv.Quote(code))
	}
	w.b = append(append(w.b, '/'), two...)
}

// lines are texts, each in a line of its own, the first behind the identifier.
func (w *writer) lines(id, name string, texts []string, most, length int) {
	if len(texts) > most {
		w.refuse(FieldTooLong, name, "say it in fewer lines", "the "+name+" has "+strconv.Itoa(len(texts))+" lines, the standard allows "+strconv.Itoa(most))
	}
	for i, s := range texts {
		w.begin(tagged(id, i == 0))
		w.must(MissingLine, name, s, length)
		w.end()
	}
}

// tagged is the identifier of the first of several lines, and nothing for those that continue it.
func tagged(id string, first bool) string {
	if first {
		return id
	}
	return ""
}

// waybill is a number and the route behind it.
func (w *writer) waybill(number Waybill, origin, destination string) {
	if _, ok := ParseWaybill(string(number)); !ok || len(number) != waybillDigits+1 {
		w.refuse(BadWaybillFormat, "waybill number", "write three digits, a hyphen and eight digits", "the waybill number is "+strconv.Quote(string(number)))
	} else if !number.Checks() {
		w.refuse(CheckDigit, "waybill number", "look the number up: its last digit is the seven before it modulo 7", "the check digit of "+string(number)+" is wrong")
	}
	w.b = append(w.b, number...)
	w.airports(origin, destination)
}

func (w *writer) airports(origin, destination string) {
	for _, code := range []string{origin, destination} {
		if len(code) != 3 || !capitals(code) {
			w.refuse(BadWaybillFormat, "origin and destination", "write both airports' IATA codes", "an airport is "+strconv.Quote(code))
		}
		w.b = append(w.b, code...)
	}
}

func capitals(s string) bool { return letters(s) && strings.ToUpper(s) == s }

// quantity is pieces, weight and what else is known of how much there is.
func (w *writer) quantity(q *Quantity) {
	w.b = append(w.b, '/')
	if len(q.Description) != 1 || !strings.Contains(descriptionCodes, q.Description) {
		w.refuse(InvalidField, "shipment description code", "write T for a whole consignment", "the shipment description code is "+strconv.Quote(q.Description))
	}
	w.number(InvalidQuantity, "pieces", q.Description, q.Pieces, 9999)
	w.weight(&q.Weight)
	if v := q.Volume; v != nil {
		w.volume(v)
	}
	if q.Density != "" {
		if len(q.Density) > 2 || !digits(q.Density) {
			w.refuse(InvalidField, "density group", "write one or two digits", "the density group is "+strconv.Quote(q.Density))
		}
		w.b = append(append(w.b, "DG"...), q.Density...)
	}
}

func (w *writer) weight(m *Measure) {
	if m.Unit != "K" && m.Unit != "L" {
		w.refuse(MissingUnit, "weight code", "write K for kilograms or L for pounds", "the weight code is "+strconv.Quote(m.Unit))
	}
	w.decimal(InvalidWeight, "weight", m.Unit, m.Value, weightLength)
}

func (w *writer) volume(v *Measure) {
	if cubicCentimetres[v.Unit] == 0 {
		w.refuse(InvalidField, "volume", "write MC, CF, CI or CC", "the volume's unit is "+strconv.Quote(v.Unit))
	}
	w.decimal(InvalidField, "volume", v.Unit, v.Value, volumeLength)
}

// carried are the characters that the manual allows in a text.
var carried = func() (set [256]bool) {
	for _, c := range []byte("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 .-") {
		set[c] = true
	}
	return
}()

// Telex writes a text with the characters telexes carry, cut to at most so many: capitals without marks, AND for an
// ampersand, a hyphen for a slant, a blank for what has no likeness. Letters outside Latin are lost.
func Telex(s string, most int) string {
	b := make([]byte, 0, len(s))
	put := func(more string) {
		if (more == " ") && (len(b) == 0 || b[len(b)-1] == ' ') {
			return
		}
		b = append(b, more...)
	}
	for _, c := range norm.NFKD.String(s) {
		c = unicode.ToUpper(c)
		switch {
		case c < utf8.RuneSelf && carried[c]:
			put(string(c))
		case unicode.Is(unicode.Mn, c), c == '\'', c == '’':
		case c == '&':
			put(" ")
			put("AND")
			put(" ")
		case c == '/', c == '_', c == '–':
			put("-")
		case c == 'Ø':
			put("O")
		case c == 'Æ':
			put("AE")
		case c == 'ẞ', c == 'ß':
			put("SS")
		default:
			put(" ")
		}
	}
	return strings.TrimSpace(string(b[:min(most, len(b))]))
}
