package cashdecl

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/rihla/rihla/formats/country"
	"github.com/rihla/rihla/formats/date"
	"github.com/rihla/rihla/formats/fault"
	"github.com/rihla/rihla/formats/money"
	"github.com/rihla/rihla/formats/mrz"
)

// place is where a value stands, in what the form counts in.
type place struct {
	offset       int
	pointer      string // JSON
	line, column int    // CSV
	field        string
}

// form holds one declaration to what it has to say. Both forms read their values with it, so both are held to the same.
type form struct {
	errors  []fault.Fault // it is refused for these
	remarks []fault.Fault
}

func (f *form) fault(at place, rule, mend, message string, args []any) fault.Fault {
	return fault.Fault{Offset: at.offset, Pointer: at.pointer, Line: at.line, Column: at.column, Field: at.field, Rule: rule, Message: fmt.Sprintf(message, args...), Mend: mend}
}

// refuse adds a reason for which the declaration is not taken.
func (f *form) refuse(at place, rule, mend, message string, args ...any) {
	x := f.fault(at, "E-CASH-"+rule, mend, message, args)
	x.Strict, x.What = true, "declaration"
	f.errors = append(f.errors, x)
}

// remark adds what is odd, and taken.
func (f *form) remark(at place, rule, mend, message string, args ...any) {
	f.remarks = append(f.remarks, f.fault(at, "W-CASH-"+rule, mend, message, args))
}

// breaks adds what is against the form, and understood.
func (f *form) breaks(at place, rule, mend, message string, args ...any) {
	f.remark(at, rule, mend, message, args...)
	f.remarks[len(f.remarks)-1].Strict = true
}

// maxText is how long one text may be: the longest are free words about where money comes from.
const maxText = 2000

// text takes a text that has to be there where must says so; rule names it.
func (f *form) text(s string, at place, must bool, rule string) string {
	s = strings.TrimSpace(s)
	switch {
	case s == "" && must:
		f.refuse(at, rule, "fill it in", "%s is missing", at.name())
	case len(s) > maxText && utf8.RuneCountInString(s) > maxText:
		f.refuse(at, rule, "shorten it", "%s is longer than %d characters", at.name(), maxText)
	}
	return s
}

// name is what the value is called where it stands.
func (at place) name() string {
	if at.field != "" {
		return at.field
	}
	if i := strings.LastIndexByte(at.pointer, '/'); i >= 0 {
		return at.pointer[i+1:]
	}
	return "it"
}

// oneOf takes one of some words.
func (f *form) oneOf(s string, at place, rule string, words ...string) string {
	switch {
	case s == "":
		f.refuse(at, rule, "write "+strings.Join(words, " or "), "%s is missing", at.name())
	case !slices.Contains(words, s):
		f.refuse(at, rule, "write "+nearestOr(s, words), "%s %q is none that is known", at.name(), clip(s))
	}
	return s
}

func nearestOr(s string, words []string) string {
	const away = 2
	if near := fault.Nearest(strings.ToLower(s), words, away); near != "" {
		return near
	}
	return strings.Join(words, " or ")
}

var port = regexp.MustCompile(`^[A-Z]{3}([A-Z0-9]{2})?$`)

// port takes an airport's three letters, or a place's five (UN/LOCODE).
func (f *form) port(s string, at place) string {
	if !port.MatchString(s) {
		f.refuse(at, "PORT", "write the three letters of the airport, or the five of UN/LOCODE", "port %q is none", clip(s))
	}
	return s
}

// instant takes a time with its offset.
func (f *form) instant(s string, at place) time.Time {
	t, err := time.Parse(time.RFC3339, s)
	const first, last = 2000, 2100
	if err != nil || t.Year() < first || t.Year() > last {
		f.refuse(at, "DATE", "write it as 2026-05-14T21:40:00+03:00, with the offset from UTC", "%s %q is no time with its offset", at.name(), clip(s))
		return time.Time{}
	}
	return t
}

// birth takes a date of birth, as exact as it is known.
func (f *form) birth(s string, at place) date.Date {
	var d date.Date
	const eldest = 1900
	if err := d.UnmarshalText([]byte(s)); err != nil || d.Year < eldest {
		f.refuse(at, "DOB", "write YYYY-MM-DD, a day the calendar has", "date of birth %q is none", clip(s))
		return date.Date{}
	}
	return d
}

// day takes a date that may be missing.
func (f *form) day(s string, at place) date.Date {
	if s == "" {
		return date.Date{}
	}
	var d date.Date
	if err := d.UnmarshalText([]byte(s)); err != nil || !d.Full() {
		f.refuse(at, "JOURNEY", "write YYYY-MM-DD, a day the calendar has", "%s %q is no date", at.name(), clip(s))
		return date.Date{}
	}
	return d
}

// country takes a country that may be missing.
func (f *form) country(s string, at place) string {
	if _, _, known := country.Normalise(s); s != "" && (!known || len(s) > 3) {
		f.refuse(at, "PARTY", "write its two or three letters (ISO 3166-1)", "%s %q is no country", at.name(), clip(s))
	}
	return s
}

var papers = regexp.MustCompile(`^[A-Z0-9]{4,20}$`)

// paper holds a travel document's number to what numbers look like, and to its machine-readable zone.
func (f *form) paper(p *Paper, at, zone place) {
	if p.Number == "" {
		f.refuse(at, "DOCUMENT", "copy the number from the document", "the document's number is missing")
		return
	}
	if !papers.MatchString(p.Number) {
		f.remark(at, "DOCUMENT", "copy the number from the document: capitals and digits", "document number %q does not look like one", clip(p.Number))
	}
	if p.MRZ == "" {
		return
	}
	z, faults, err := mrz.Parse(p.MRZ, date.Date{})
	switch {
	case err != nil:
		f.remark(zone, "MRZ", "read the document again", "the machine-readable zone cannot be read: %v", err)
		return
	case z.Number != p.Number:
		f.remark(at, "MRZ", "read the document again", "the document's number is %q, and its machine-readable zone says %q", clip(p.Number), clip(z.Number))
	}
	for i := range faults {
		if faults[i].Rule == "check_digit" {
			f.remark(zone, "MRZ", "read the document again", "in the machine-readable zone %s", faults[i].Message)
		}
	}
}

// currency takes a currency of ISO 4217.
func (f *form) currency(s string, at place) string {
	if _, known := money.Digits(s); !known {
		f.refuse(at, "CURRENCY", "write a code of ISO 4217", "%q is no currency", clip(s))
	}
	return s
}

// amount takes an amount above zero, or from zero on where nothing may be there.
func (f *form) amount(s string, at place, none bool) money.Decimal {
	d, err := money.Parse(s)
	switch {
	case err != nil:
		f.refuse(at, "AMOUNT", "write digits with a point before the decimals, no thousands sign", "%s %q is %v", at.name(), clip(s), err)
		return money.Decimal{}
	case d.Sign() < 0, d.Sign() == 0 && !none:
		f.refuse(at, "AMOUNT", "write how much there is", "%s %s is not above zero", at.name(), d)
	}
	return d
}

// sum takes an amount and its currency.
func (f *form) sum(currency, amount string, atCurrency, atAmount place, none bool) (string, money.Decimal) {
	c, d := f.currency(currency, atCurrency), f.amount(amount, atAmount, none)
	if digits, known := money.Digits(c); known && digits >= 0 && !d.IsZero() && d.Precision() > digits {
		f.breaks(atAmount, "DECIMALS", "round it as the currency is counted", "%s has %d decimals, and %s is counted with %d", d, d.Precision(), c, digits)
	}
	return c, d
}

// Gold that counts as cash, by fineness (Regulation (EU) 2018/1672, annex I).
var fine = map[string]money.Decimal{"gold_coin": money.Of(900, 3), "gold_bullion": money.Of(995, 3)}

// gold holds an item's fineness to its kind.
func (f *form) gold(i *Item, at place) {
	least, gold := fine[i.Kind]
	switch {
	case i.Fineness.IsZero():
	case !gold:
		f.remark(at, "FINENESS", "leave it out, or name the kind", "%s have no fineness", i.Kind)
	case i.Fineness.Cmp(money.Of(1, 0)) > 0:
		f.remark(at, "FINENESS", "write it as a part of one: 0.9995", "nothing is finer than 1, and this is %s", i.Fineness)
	case i.Fineness.Cmp(least) < 0:
		f.remark(at, "FINENESS", "check it", "gold of %s counts as cash from %s on", i.Fineness, least)
	}
}

// Flights as they are written: two characters of the airline, or three letters, and up to four digits.
var flight = regexp.MustCompile(`^([A-Z][A-Z0-9]|[0-9][A-Z]|[A-Z]{3})0*[0-9]{1,4}[A-Z]?$`)

func (f *form) flight(s string, at place) string {
	if s != "" && !flight.MatchString(s) {
		f.remark(at, "FLIGHT", "write it as on the ticket: GF11", "%q is no flight's number", clip(s))
	}
	return s
}

// beforehand is how long before the day of travel a declaration may be made.
const beforehand = 72 * time.Hour

// whole holds the parts of a declaration to each other.
func (f *form) whole(d *Declaration, at func(field string) place) {
	if d.IntendedUse == "" {
		f.remark(at("intended_use"), "USE", "ask what the money is for", "nothing is said of the intended use")
	}
	if d.Journey != nil && !d.Journey.Date.IsZero() && !d.MadeAt.IsZero() {
		travel := time.Date(int(d.Journey.Date.Year), time.Month(d.Journey.Date.Month), int(d.Journey.Date.Day), 0, 0, 0, 0, d.MadeAt.Location())
		if early := travel.Sub(d.MadeAt); early > beforehand {
			f.remark(at("made_at"), "EARLY", "check both dates", "it was made %d hours before the day of travel, where 72 are the most", int(early.Hours()))
		}
	}
	if d.By != nil && !d.By.Born.IsZero() && !d.MadeAt.IsZero() && d.By.Born.Compare(date.Of(d.MadeAt)) > 0 {
		f.refuse(at("dob"), "DOB", "check both dates", "the date of birth %s lies after the declaration", d.By.Born)
	}
	if !d.AskedAt.IsZero() && !d.Deadline.IsZero() && !d.Deadline.Equal(d.AskedAt.AddDate(0, 0, disclosureDays)) {
		f.remark(at("deadline"), "DEADLINE", "give "+d.AskedAt.AddDate(0, 0, disclosureDays).Format(time.RFC3339), "the deadline is not %d days after disclosure was asked for", disclosureDays)
	}
	if r := d.Result; r != nil && !r.Checked && (len(r.Counted) > 0 || r.Outcome == Agrees || r.Outcome == Differs) {
		f.remark(at("result"), "RESULT", "say that it was checked", "there is an outcome, and nobody checked")
	}
}

// disclosureDays is how long who was asked about unaccompanied cash has to answer (Regulation (EU) 2018/1672, article 4).
const disclosureDays = 30

func clip(s string) string {
	const most = 40
	if c := []rune(s); len(c) > most {
		return string(c[:most]) + "…"
	}
	return s
}
