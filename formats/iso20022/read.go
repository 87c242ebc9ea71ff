package iso20022

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/rihla/rihla/formats/bankid"
	"github.com/rihla/rihla/formats/country"
	"github.com/rihla/rihla/formats/date"
	"github.com/rihla/rihla/formats/fault"
	"github.com/rihla/rihla/formats/money"
	"github.com/rihla/rihla/formats/xmltree"
)

// Limits of a message: beyond them it is refused whole.
const (
	MaxBytes  = 32 << 20
	MaxDepth  = 40
	MaxFaults = 200 // that are listed; Message.More counts the others
)

const urn = "urn:iso:std:iso:20022:tech:xsd:"

// Recognise tells whether a file holds a message of ISO 20022.
func Recognise(head []byte) bool {
	name, namespace := xmltree.Sniff(head)
	return name == "Document" && strings.HasPrefix(namespace, urn) || name != "" && strings.Contains(string(head), urn)
}

// Read reads every message of a file and calls each with it, or with why it cannot be read.
func Read(raw []byte, each func(*Message, *fault.Fault) error) error {
	return xmltree.Each(raw, xmltree.Limits{Bytes: MaxBytes, Depth: MaxDepth}, func(t *xmltree.Tree, f *fault.Fault) error {
		if f != nil {
			return each(nil, f)
		}
		return each(decode(t))
	})
}

// Stream reads every message of a file, and gives each transfer of a pacs.008 or pain.001 as soon as it is read, with its
// message as far as that is known: the header is. When the message ends, each gets it without those transfers, or why it
// cannot be read. A statement's entries are given with the message.
func Stream(raw []byte, transfer func(*Message, *Transfer) error, each func(*Message, *fault.Fault) error) error {
	return Read(raw, func(m *Message, f *fault.Fault) error {
		if f != nil {
			return each(nil, f)
		}
		for _, t := range m.Transfers {
			if err := transfer(m, t); err != nil {
				return err
			}
		}
		m.Transfers = nil
		return each(m, nil)
	})
}

// repeated are the elements that carry a number in a path.
var repeated = []string{"CdtTrfTxInf", "PmtInf", "Stmt", "Ntry", "TxDtls", "Bal", "AdrLine", "Ustrd", "Strd", "Othr", "InstrForCdtrAgt", "InstrForNxtAgt", "RgltryRptg"}

func decode(t *xmltree.Tree) (*Message, *fault.Fault) {
	t.Repeats = func(_, name string) bool { return slices.Contains(repeated, name) }
	n := document(t.Root)
	if n == nil || n.First == nil {
		f := t.Fault(t.Root, "unknown_message_type", "there is no <Document> with a message in it", "send the message inside <Document>")
		return nil, &f
	}
	r := reading{tree: t, m: &Message{Format: Format, Version: strings.TrimPrefix(n.Namespace(), urn), Offset: n.Start, Length: n.End - n.Start}}
	r.m.Kind = Kind(r.m.Version)
	if parts := strings.SplitN(r.m.Version, ".", 3); len(parts) == 3 {
		r.m.Kind = Kind(parts[0] + "." + parts[1])
	}
	want := map[Kind]string{Pacs008: "FIToFICstmrCdtTrf", Pain001: "CstmrCdtTrfInitn", Camt053: "BkToCstmrStmt"}[r.m.Kind]
	body := n.First
	if want == "" {
		f := t.Fault(n, "unknown_message_type", "the message is "+clip(r.m.Version)+", which is not read here", "send pacs.008, pain.001 or camt.053")
		return nil, &f
	}
	if body.Name != want {
		f := t.Fault(body, "unknown_message_type", "a "+string(r.m.Kind)+" holds <"+want+">, not <"+body.Name+">", "send the message its namespace names")
		return nil, &f
	}
	head := body.Child("GrpHdr")
	if head == nil {
		f := t.Missing(body, "GrpHdr", "missing_element", "the message has no group header", "send the whole message")
		return nil, &f
	}
	r.m.Reference, r.m.Created = head.Value("MsgId"), head.Value("CreDtTm")
	r.need(head, "MsgId", "CreDtTm")
	if created := head.Child("CreDtTm"); created != nil && !instant(created.Text) {
		r.strict(created, "bad_date", "write YYYY-MM-DDThh:mm:ss with a zone", "%q is no date and time", clip(created.Text))
	}
	switch r.m.Kind {
	case Pacs008:
		r.transfers(body, head)
	case Pain001:
		r.order(body, head)
	case Camt053:
		for s := body.First; s != nil; s = s.Next {
			if s.Name == "Stmt" {
				r.m.Statements = append(r.m.Statements, r.statement(s))
			}
		}
		if len(r.m.Statements) == 0 {
			r.absent(body, "Stmt")
		}
	}
	slices.SortStableFunc(r.m.Warnings, func(a, b fault.Fault) int { return a.Offset - b.Offset })
	return r.m, nil
}

// document is the Document, alone or inside the envelope of a business message.
func document(n *xmltree.Node) *xmltree.Node {
	if n.Name == "Document" {
		return n
	}
	for c := n.First; c != nil; c = c.Next {
		if c.Name == "Document" {
			return c
		}
		if d := c.Child("Document"); d != nil {
			return d
		}
	}
	return nil
}

// reading is the work on one message.
type reading struct {
	tree *xmltree.Tree
	m    *Message
}

// strict adds a warning of what breaks the standard.
func (r *reading) strict(n *xmltree.Node, rule, mend, format string, args ...any) {
	if r.full() {
		return
	}
	f := r.tree.Fault(n, rule, fmt.Sprintf(format, args...), mend)
	f.Strict = true
	r.m.Warnings = append(r.m.Warnings, f)
}

// remark adds a warning of what the standard allows, and is odd.
func (r *reading) remark(n *xmltree.Node, rule, mend, format string, args ...any) {
	if !r.full() {
		r.m.Warnings = append(r.m.Warnings, r.tree.Fault(n, rule, fmt.Sprintf(format, args...), mend))
	}
}

func (r *reading) absent(n *xmltree.Node, name string) {
	if r.full() {
		return
	}
	f := r.tree.Missing(n, name, "missing_element", "<"+n.Name+"> lacks <"+name+">", "add it")
	f.Strict = true
	r.m.Warnings = append(r.m.Warnings, f)
}

func (r *reading) full() bool {
	if len(r.m.Warnings) < MaxFaults {
		return false
	}
	r.m.More++
	return true
}

// lose tells of a part that cannot be read, while the others can.
func (r *reading) lose(part, at *xmltree.Node, rule, mend, format string, args ...any) {
	f := r.tree.Fault(at, rule, fmt.Sprintf(format, args...), mend)
	f.What, f.Offset, f.Length, f.Strict = "transfer", part.Start, part.End-part.Start, true
	r.m.Lost = append(r.m.Lost, f)
}

// need tells of children that have to be there.
func (r *reading) need(n *xmltree.Node, names ...string) {
	for _, name := range names {
		if c := n.Child(name); c == nil {
			r.absent(n, name)
		} else if c.Text == "" && c.First == nil {
			r.strict(c, "empty_element", "fill it", "<%s> is empty", name)
		}
	}
}

// single tells of children that come twice, where one is meant.
func (r *reading) single(n *xmltree.Node, names ...string) {
	for _, name := range names {
		first := n.Child(name)
		if first == nil {
			continue
		}
		for c := first.Next; c != nil; c = c.Next {
			if c.Name == name {
				r.strict(c, "repeated_element", "leave one", "<%s> comes twice, where one is meant", name)
				break
			}
		}
	}
}

// sequence tells of the first child that stands before one it has to follow.
func (r *reading) sequence(n *xmltree.Node, order []string) {
	last, before := -1, ""
	for c := n.First; c != nil; c = c.Next {
		i := slices.Index(order, c.Name)
		if i < 0 {
			continue
		}
		if i < last {
			r.strict(c, "out_of_order", "put it before <"+before+">", "<%s> stands behind <%s>, which it has to come before", c.Name, before)
			return
		}
		last, before = i, c.Name
	}
}

// count compares what the header counts with what came.
func (r *reading) count(head *xmltree.Node, name string, came int) {
	c := head.Child(name)
	if c == nil {
		return
	}
	if n, err := strconv.Atoi(c.Text); err != nil || n != came {
		r.strict(c, "count_mismatch", "count them again; one may be lost", "%s says %s, and %d came", name, clip(c.Text), came)
	}
}

// total compares the header's sum with that of the transfers.
func (r *reading) total(head *xmltree.Node, name string, sums []money.Decimal) {
	c := head.Child(name)
	if c == nil {
		return
	}
	said, err := money.Parse(c.Text)
	if err != nil {
		r.strict(c, "bad_amount", "write digits and a decimal point", "%s %q is %v", name, clip(c.Text), err)
		return
	}
	sum, ok := money.Of(0, 0), true
	for _, s := range sums {
		if sum, ok = sum.Add(s); !ok {
			return
		}
	}
	if !sum.Equal(said) {
		r.strict(c, "total_mismatch", "add them up again; one may be lost or changed", "%s says %s, and the transfers make %s", name, said, sum)
	}
}

// maxDecimals is how many digits ISO 20022 has behind the point of any amount.
const maxDecimals = 5

// amount reads an amount with its currency; false when it is none.
func (r *reading) amount(n *xmltree.Node) (Money, string) {
	sum, err := money.Parse(n.Text)
	currency := n.Attr("Ccy")
	digits, known := money.Digits(currency)
	switch {
	case err != nil:
		return Money{}, fmt.Sprintf("the amount %q is %v", clip(n.Text), err)
	case currency == "":
		return Money{}, "the amount has no currency"
	case !known:
		return Money{}, fmt.Sprintf("%q is no currency", clip(currency))
	case sum.Sign() < 0:
		return Money{}, fmt.Sprintf("the amount %s is below zero", sum)
	case sum.Scale() > maxDecimals || digits >= 0 && sum.Precision() > digits:
		r.strict(n, "too_many_decimals", "round it as the currency is counted", "%s has %d decimals, and %s is counted with %d", sum, sum.Precision(), currency, max(digits, 0))
	case sum.Sign() == 0:
		r.remark(n, "zero_amount", "check the amount", "nothing is paid")
	}
	return Money{sum, currency}, ""
}

// optional reads an amount that may be missing, and warns when it is none.
func (r *reading) optional(n *xmltree.Node) Money {
	if n == nil {
		return Money{}
	}
	m, why := r.amount(n)
	if why != "" {
		r.strict(n, "bad_amount", "write digits, a decimal point, and the currency in Ccy", "%s", why)
	}
	return m
}

// day reads a date, alone or as <Dt> or <DtTm> below.
func (r *reading) day(n *xmltree.Node) date.Date {
	if n == nil {
		return date.Date{}
	}
	if n.First != nil {
		n = n.First
	}
	text := n.Text
	if n.Name == "DtTm" && len(text) > 10 && text[10] == 'T' {
		text = text[:10]
	}
	d, ok := isoDay(text)
	if !ok {
		r.strict(n, "bad_date", "write YYYY-MM-DD, a day the calendar has", "%q is no date", clip(n.Text))
	}
	return d
}

// isoDay reads YYYY-MM-DD, with an optional zone behind it as XML Schema has it.
func isoDay(s string) (date.Date, bool) {
	if len(s) > 10 && (s[10:] == "Z" || len(s) == 16 && (s[10] == '+' || s[10] == '-') && s[13] == ':') {
		s = s[:10]
	}
	if len(s) != 10 || s[4] != '-' || s[7] != '-' {
		return date.Date{}, false
	}
	y, err1 := strconv.ParseUint(s[:4], 10, 16)
	m, err2 := strconv.ParseUint(s[5:7], 10, 7)
	d, err3 := strconv.ParseUint(s[8:], 10, 7)
	day := date.Date{Year: int16(y), Month: int8(m), Day: int8(d)}
	if err1 != nil || err2 != nil || err3 != nil || !day.Full() || !day.Valid() {
		return date.Date{}, false
	}
	return day, true
}

// instant tells whether s is a date and time of XML Schema.
func instant(s string) bool {
	if len(s) < 19 || s[10] != 'T' {
		return false
	}
	_, ok := isoDay(s[:10])
	clock := s[11:]
	h, err1 := strconv.ParseUint(clock[:2], 10, 8)
	m, err2 := strconv.ParseUint(clock[3:5], 10, 8)
	sec, err3 := strconv.ParseUint(clock[6:8], 10, 8)
	return ok && clock[2] == ':' && clock[5] == ':' && err1 == nil && err2 == nil && err3 == nil && h < 24 && m < 60 && sec < 60
}

// text reads a text that may not be longer than so many characters.
func (r *reading) text(n *xmltree.Node, most int) string {
	if n == nil {
		return ""
	}
	if len(n.Text) > most && len([]rune(n.Text)) > most {
		r.strict(n, "too_long", "shorten it", "<%s> is longer than %d characters", n.Name, most)
	}
	return n.Text
}

func (r *reading) country(n *xmltree.Node) string {
	if n == nil || n.Text == "" {
		return ""
	}
	if _, _, known := country.Normalise(n.Text); !known || len(n.Text) != 2 {
		r.strict(n, "unknown_country", "write two letters of ISO 3166-1", "%q is no country", clip(n.Text))
	}
	return n.Text
}

// check holds an identifier to its shape.
func (r *reading) check(n *xmltree.Node, what, rule string, by func(string) bankid.Fault) string {
	if n == nil {
		return ""
	}
	if why := by(n.Text); why != bankid.Fine {
		r.strict(n, rule, "copy it again", "the %s %q %s", what, clip(n.Text), why)
	}
	return n.Text
}

func clip(s string) string {
	const most = 40
	if c := []rune(s); len(c) > most {
		return string(c[:most]) + "…"
	}
	return s
}

// join puts what there is of a code's parts together.
func join(parts ...string) string {
	kept := parts[:0]
	for _, p := range parts {
		if p != "" {
			kept = append(kept, p)
		}
	}
	return strings.Join(kept, "/")
}
