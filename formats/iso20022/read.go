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
	maxOwn    = 30  // that are listed with one transfer
)

const urn = "urn:iso:std:iso:20022:tech:xsd:"

// Recognise tells whether a file holds a message of ISO 20022.
func Recognise(head []byte) bool {
	name, namespace := xmltree.Sniff(head)
	return name == "Document" && strings.HasPrefix(namespace, urn) || name != "" && strings.Contains(string(head), urn)
}

// Read reads every message of a file whole and calls each with it, or with why it cannot be read.
func Read(raw []byte, each func(*Message, *fault.Fault) error) error {
	var transfers []*Transfer
	return Stream(raw, func(_ *Message, t *Transfer) error {
		transfers = append(transfers, t)
		return nil
	}, func(m *Message, f *fault.Fault) error {
		if m != nil {
			m.Transfers = transfers
		}
		transfers = nil
		return each(m, f)
	})
}

// Stream reads every message of a file, and gives each transfer of a pacs.008 or pain.001 as soon as it is read, with its
// message as far as that is known: the header is. When the message ends, each gets it without those transfers, or why it
// cannot be read. A statement's entries are given with the message. Memory is that of one transfer, and of what is kept.
func Stream(raw []byte, transfer func(*Message, *Transfer) error, each func(*Message, *fault.Fault) error) error {
	var r *reading
	begin := func(t *xmltree.Tree) {
		if r == nil || r.tree != t {
			r = begin(t)
		}
	}
	parts := &xmltree.Parts{Cut: stands, Take: func(t *xmltree.Tree, n *xmltree.Node, f *fault.Fault) error {
		if begin(t); r.refused != nil {
			return nil
		}
		if got := r.take(n, f); got != nil {
			return transfer(r.m, got)
		}
		return nil
	}}
	return xmltree.EachPart(raw, xmltree.Limits{Bytes: MaxBytes, Depth: MaxDepth}, parts, func(t *xmltree.Tree, f *fault.Fault) error {
		if f != nil && (t.Root == nil || r == nil || r.tree != t) {
			return each(nil, f) // it broke before any transfer came
		}
		if begin(t); r.refused != nil {
			return each(nil, r.refused)
		}
		r.end(f)
		return each(r.m, nil)
	})
}

// stands tells where the transfers stand that are given one by one.
func stands(parent *xmltree.Node, name string) bool {
	return name == "CdtTrfTxInf" && (parent.Name == "FIToFICstmrCdtTrf" || parent.Name == "PmtInf")
}

// repeated are the elements that carry a number in a path.
var repeated = []string{"CdtTrfTxInf", "PmtInf", "Stmt", "Ntry", "TxDtls", "Bal", "AdrLine", "Ustrd", "Strd", "Othr", "InstrForCdtrAgt", "InstrForNxtAgt", "RgltryRptg"}

// bodies are the elements that hold a message, by its kind.
var bodies = map[Kind]string{Pacs008: "FIToFICstmrCdtTrf", Pain001: "CstmrCdtTrfInitn", Camt053: "BkToCstmrStmt"}

// reading is the work on one message.
type reading struct {
	tree    *xmltree.Tree
	m       *Message
	refused *fault.Fault // there is no message here
	body    *xmltree.Node
	head    *xmltree.Node

	own     []fault.Fault // of the transfer that is read
	inside  bool
	uetrs   map[string]struct{}
	sum     money.Decimal // of all transfers; no number when it grew too large
	payment *xmltree.Node // pain.001: the PmtInf whose payer is known
	payer   Transfer
	paid    map[*xmltree.Node]bool
}

// begin reads what stands before the first transfer, or the whole of a message that has none.
func begin(t *xmltree.Tree) *reading {
	t.Repeats = func(_, name string) bool { return slices.Contains(repeated, name) }
	r := &reading{tree: t, sum: money.Of(0, 0), uetrs: map[string]struct{}{}, paid: map[*xmltree.Node]bool{}}
	refuse := func(n *xmltree.Node, message, mend string) *reading {
		f := t.Fault(n, "unknown_message_type", message, mend)
		r.refused = &f
		return r
	}
	n := document(t.Root)
	if n == nil || n.First == nil {
		return refuse(t.Root, "there is no <Document> with a message in it", "send the message inside <Document>")
	}
	r.m = &Message{Format: Format, Version: strings.TrimPrefix(n.Namespace(), urn), Offset: n.Start}
	r.m.Kind = Kind(r.m.Version)
	if parts := strings.SplitN(r.m.Version, ".", 3); len(parts) == 3 {
		r.m.Kind = Kind(parts[0] + "." + parts[1])
	}
	want := bodies[r.m.Kind]
	r.body = n.First
	switch {
	case want == "":
		return refuse(n, "the message is "+clip(r.m.Version)+", which is not read here", "send pacs.008, pain.001 or camt.053")
	case r.body.Name != want:
		return refuse(r.body, "a "+string(r.m.Kind)+" holds <"+want+">, not <"+r.body.Name+">", "send the message its namespace names")
	}
	r.header()
	return r
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

// header reads what is said once for the message, when it is there.
func (r *reading) header() {
	h := r.body.Child("GrpHdr")
	if h == nil {
		return
	}
	r.head = h
	r.m.Reference, r.m.Created = h.Value("MsgId"), h.Value("CreDtTm")
	r.need(h, "MsgId", "CreDtTm")
	if c := h.Child("CreDtTm"); c != nil && !instant(c.Text) {
		r.strict(c, "bad_date", "write YYYY-MM-DDThh:mm:ss with a zone", "%q is no date and time", clip(c.Text))
	}
	switch r.m.Kind {
	case Pacs008:
		r.need(h, "NbOfTxs")
		if c := h.At("SttlmInf", "SttlmMtd"); c == nil {
			r.absent(h, "SttlmInf")
		} else if r.m.Settlement = c.Text; c.Text != "INDA" && c.Text != "INGA" && c.Text != "COVE" && c.Text != "CLRG" {
			r.strict(c, "unknown_code", "write INDA, INGA, COVE or CLRG", "%q is no settlement method", clip(c.Text))
		}
		for c := h.First; c != nil; c = c.Next {
			if c.Name == "InstgAgt" || c.Name == "InstdAgt" {
				r.m.Agents = append(r.m.Agents, r.agent(c))
			}
		}
	case Pain001:
		r.need(h, "NbOfTxs", "InitgPty")
		r.m.Initiator = r.party(h.Child("InitgPty"))
	}
}

// take reads one transfer, or tells that it is lost.
func (r *reading) take(n *xmltree.Node, broken *fault.Fault) *Transfer {
	r.m.Count++
	if broken != nil {
		f := *broken
		f.What, f.Offset, f.Length, f.Strict = "transfer", n.Start, n.End-n.Start, true
		r.m.Lost = append(r.m.Lost, f)
		return nil
	}
	r.own, r.inside = nil, true
	var t *Transfer
	if r.m.Kind == Pain001 {
		t = r.ordered(n)
	} else {
		t = r.transfer(n)
	}
	r.inside = false
	if t == nil {
		return nil
	}
	t.Number, t.Warnings = r.m.Count, r.own
	if sum, ok := r.sum.Add(t.Amount().Amount); ok {
		r.sum = sum
	} else {
		r.sum = money.Decimal{}
	}
	return t
}

// end holds the message to its header, once everything came. broken is why it ends where it does.
func (r *reading) end(broken *fault.Fault) {
	n := r.tree.Root
	r.m.Length = n.End - r.m.Offset
	if broken != nil {
		f := *broken
		f.Strict = true
		r.say(f)
		r.m.Length = f.Offset - r.m.Offset
	}
	if r.head == nil {
		if r.header(); r.head == nil {
			r.absent(r.body, "GrpHdr")
		}
	}
	switch r.m.Kind {
	case Pacs008, Pain001:
		r.totals(broken != nil)
	case Camt053:
		for s := r.body.First; s != nil; s = s.Next {
			if s.Name == "Stmt" {
				r.m.Statements = append(r.m.Statements, r.statement(s))
			}
		}
		if len(r.m.Statements) == 0 {
			r.absent(r.body, "Stmt")
		}
	}
	slices.SortStableFunc(r.m.Warnings, func(a, b fault.Fault) int { return a.Offset - b.Offset })
}

// totals compares what the header counts and sums with what came.
func (r *reading) totals(cut bool) {
	if r.m.Count == 0 {
		r.absent(r.body, "CdtTrfTxInf")
	}
	for p := r.body.First; p != nil; p = p.Next {
		if p.Name == "PmtInf" && !r.paid[p] && r.m.Count > 0 {
			r.absent(p, "CdtTrfTxInf")
		}
	}
	if r.head == nil {
		return
	}
	r.count(r.head, "NbOfTxs", r.m.Count)
	if len(r.m.Lost) == 0 && !cut {
		r.total(r.head, "CtrlSum")
		r.total(r.head, "TtlIntrBkSttlmAmt")
	}
}

// strict adds a warning of what breaks the standard.
func (r *reading) strict(n *xmltree.Node, rule, mend, format string, args ...any) {
	if r.deaf() {
		return
	}
	f := r.tree.Fault(n, rule, fmt.Sprintf(format, args...), mend)
	f.Strict = true
	r.say(f)
}

// remark adds a warning of what the standard allows, and is odd.
func (r *reading) remark(n *xmltree.Node, rule, mend, format string, args ...any) {
	if !r.deaf() {
		r.say(r.tree.Fault(n, rule, fmt.Sprintf(format, args...), mend))
	}
}

func (r *reading) absent(n *xmltree.Node, name string) {
	if r.deaf() {
		return
	}
	f := r.tree.Missing(n, name, "missing_element", "<"+n.Name+"> lacks <"+name+">", "add it")
	f.Strict = true
	r.say(f)
}

// deaf tells that a further warning would be listed nowhere, and counts it.
func (r *reading) deaf() bool {
	if len(r.m.Warnings) < MaxFaults || r.inside && len(r.own) < maxOwn {
		return false
	}
	r.m.More++
	return true
}

func (r *reading) say(f fault.Fault) {
	if r.inside && len(r.own) < maxOwn {
		r.own = append(r.own, f)
	}
	if len(r.m.Warnings) < MaxFaults {
		r.m.Warnings = append(r.m.Warnings, f)
	} else {
		r.m.More++
	}
}

// lose tells of a part that cannot be read, while the others can.
func (r *reading) lose(what string, part, at *xmltree.Node, rule, mend, format string, args ...any) {
	f := fault.Fault{Line: r.tree.Line(at.Start), Path: at.Name, Rule: rule, Message: fmt.Sprintf(format, args...), Mend: mend}
	if len(r.m.Lost) < MaxFaults { // a path is counted out among siblings, of which there may be a million
		f.Path = r.tree.Path(at)
	}
	f.What, f.Offset, f.Length, f.Strict = what, part.Start, part.End-part.Start, true
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
func (r *reading) total(head *xmltree.Node, name string) {
	c := head.Child(name)
	if c == nil {
		return
	}
	said, err := money.Parse(c.Text)
	switch {
	case err != nil:
		r.strict(c, "bad_amount", "write digits and a decimal point", "%s %q is %v", name, clip(c.Text), err)
	case r.sum.IsZero(): // too large to be added up
	case !r.sum.Equal(said):
		r.strict(c, "total_mismatch", "add them up again; one may be lost or changed", "%s says %s, and the transfers make %s", name, said, r.sum)
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
