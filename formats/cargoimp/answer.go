package cargoimp

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rihla/rihla/formats/fault"
)

// Answer is an FMA or an FNA: a message taken or refused, with the message behind it as it came.
type Answer struct {
	Accepted bool     `json:"accepted"`
	Text     []string `json:"text"`               // the ACK lines
	Echo     []string `json:"echo,omitempty"`     // the message answered, line by line, as it came
	Original *Message `json:"original,omitempty"` // what the echo says, as far as it can be read
}

// Status is a PSN: where the assessment of a consignment stands. One that answers a manifest has no waybill.
type Status struct {
	Waybill Waybill  `json:"waybill,omitempty"`
	House   string   `json:"house,omitempty"`
	Notices []Notice `json:"notices"`
}

// Notice is one CSN line.
type Notice struct {
	Code string `json:"code"` // SR, SF, 7H …; see the constants
	At   Stamp  `json:"at"`
	Text string `json:"text,omitempty"`
}

// The codes of a notice: received, assessment complete, and the three referrals, each set, in place, removed.
const (
	Received    = "SR"
	Complete    = "SF"
	InfoHold    = "7H" // request for information
	InfoInPlace = "7J"
	InfoRemoved = "7I"
	ScreenHold  = "8H" // request for screening
	ScreenPlace = "8J"
	ScreenGone  = "8I"
	NoLoadHold  = "6H" // do not load
	NoLoadPlace = "6J"
	NoLoadGone  = "6I"
)

// notices is what each code says in words.
var notices = map[string]string{
	Received: "NO ERRORS", Complete: "ASSESSMENT COMPLETE",
	InfoHold: "REQUEST FOR INFORMATION HOLD", InfoInPlace: "REQUEST FOR INFORMATION HOLD CURRENTLY IN PLACE", InfoRemoved: "REQUEST FOR INFORMATION HOLD REMOVED",
	ScreenHold: "REQUEST FOR SCREENING HOLD", ScreenPlace: "REQUEST FOR SCREENING HOLD CURRENTLY IN PLACE", ScreenGone: "REQUEST FOR SCREENING HOLD REMOVED",
	NoLoadHold: "DO NOT LOAD HOLD", NoLoadPlace: "DO NOT LOAD HOLD CURRENTLY IN PLACE", NoLoadGone: "DO NOT LOAD HOLD REMOVED",
}

// Say makes a notice with the words its code has by itself.
func Say(code string, at time.Time) Notice { return Notice{code, StampOf(at), notices[code]} }

// Errors is a PER: what of a filing its filer has to mend.
type Errors struct {
	Waybill Waybill     `json:"waybill,omitempty"`
	House   string      `json:"house,omitempty"`
	Errors  []ErrorCode `json:"errors"`
}

// ErrorCode is one ERR line: 400 for what cannot be read and 422 for what can, then the rule. The older form has no class.
type ErrorCode struct {
	Class string `json:"class,omitempty"`
	Code  string `json:"code"`
}

// Cancellation is an FXX: a waybill, or one house of it, is withdrawn. Its form is not public; it is read and written with
// the consignment line of a PSN and the reason behind OSI.
type Cancellation struct {
	Waybill Waybill  `json:"waybill"`
	House   string   `json:"house,omitempty"`
	Text    []string `json:"text,omitempty"`
}

// Accept answers a message that was taken with an FMA. raw are the message's own bytes.
func Accept(raw []byte) *Message {
	return &Message{Format: "fma", Version: "0", Answer: &Answer{Accepted: true, Text: []string{"MESSAGE RECEIVED"}, Echo: echo(raw)}}
}

// maxReasons is how many faults a rejection names.
const maxReasons = 9

// Reject answers a message that cannot be used with an FNA, which names what is wrong, first what made it unreadable. It is
// nil when nothing of it is a reason: what is only odd is never refused. raw are the message's own bytes.
func Reject(m *Message, raw []byte) *Message {
	a := &Answer{Echo: echo(raw)}
	for _, f := range m.reasons() {
		if len(a.Text) == maxReasons {
			break
		}
		says := answers[f.Rule]
		text := says.code + " " + says.words
		if f.Rule == MissingLine {
			text += " " + f.Field
		}
		if f.Line > 0 {
			text += " LINE " + strconv.Itoa(f.Line-m.Line+1)
		}
		if f.Column > 0 {
			text += " POS " + strconv.Itoa(f.Column)
		}
		if !slices.Contains(a.Text, text) {
			a.Text = append(a.Text, text)
		}
	}
	if len(a.Text) == 0 {
		return nil
	}
	return &Message{Format: "fna", Version: "1", Answer: a}
}

// Report answers what was read with errors with a PER, for the whole message or one of its houses; nil when there is
// nothing to report.
func Report(waybill Waybill, house string, faults []fault.Fault) *Message {
	e := &Errors{Waybill: waybill, House: house}
	for i := range faults {
		code, ok := reported(&faults[i])
		if ok && !slices.Contains(e.Errors, code) {
			e.Errors = append(e.Errors, code)
		}
	}
	if len(e.Errors) == 0 {
		return nil
	}
	return &Message{Format: "per", Report: e}
}

// Tell is a PSN.
func Tell(waybill Waybill, house string, notices ...Notice) *Message {
	return &Message{Format: "psn", Status: &Status{waybill, house, notices}}
}

// Withdraw is an FXX.
func Withdraw(waybill Waybill, house string, text ...string) *Message {
	return &Message{Format: "fxx", Cancellation: &Cancellation{waybill, house, text}}
}

// reasons are the faults that are the filer's to mend, the one that made the message unreadable first.
func (m *Message) reasons() (list []fault.Fault) {
	if m.Error != nil && Refusable(m.Error.Rule) {
		list = append(list, *m.Error)
	}
	for _, faults := range [][]fault.Fault{m.Lost, m.Warnings} {
		for _, f := range faults {
			if f.Strict && Refusable(f.Rule) {
				list = append(list, f)
			}
		}
	}
	return list
}

// reported is how a PER names a fault.
func reported(f *fault.Fault) (ErrorCode, bool) {
	code := ErrorCode{"422", f.Rule}
	if f.Rule == CheckDigit {
		code.Code = BadWaybillFormat // the regimes have no name of its own for it
	}
	if code.Code == BadWaybillFormat || code.Code == InvalidMessageType || code.Code == MissingWaybill {
		code.Class = "400"
	}
	return code, f.Strict && Refusable(f.Rule)
}

// echo is a message line by line.
func echo(raw []byte) (lines []string) {
	s := scanner{raw: string(raw)}
	for l, ok := s.next(); ok && len(lines) < maxLines; l, ok = s.next() {
		lines = append(lines, l.whole().String())
	}
	return lines
}

// consignment is how a consignment is named: 969-10000012, or with its house 969-10000023-PF26H0001.
func consignment(w Waybill, house string) string {
	if house == "" {
		return string(w)
	}
	return string(w) + "-" + house
}

// named reads the line that names a consignment. A master may be written with -M behind it.
func (r *reader) named(l line) (w Waybill, house string, ok bool) {
	w, rest, ok := r.waybill(l.whole())
	if !ok {
		return "", "", false
	}
	house = upper(rest)
	if house == "" {
		return w, "", true
	}
	if house[0] != '-' || len(house) == 1 || len(house) > 1+houseLengthXML || strings.Contains(house, "/") {
		r.refuse(rest, BadWaybillFormat, "house number", "write the waybill, a hyphen and the house: 969-10000023-PF26H0001", "what stands behind the waybill number is no house number: %q", house)
		return "", "", false
	}
	if house = house[1:]; house == "M" {
		house = ""
	}
	return w, house, true
}

// readAnswer reads an FMA or an FNA, and what it echoes.
func (r *reader) readAnswer(p *piece) {
	a := &Answer{Accepted: r.name == "FMA"}
	if p.original != none {
		echoed := p.body[p.original:]
		for _, l := range echoed {
			a.Echo = append(a.Echo, l.whole().String())
		}
		of := &piece{first: echoed[0], body: echoed[1:], end: p.end, original: none}
		of.name, of.version, _ = echoed[0].standard(false)
		if m := of.read(r.received, new(scratch)); m.Error == nil && !of.answers() { // an answer to an answer is only kept
			m.Warnings, m.Lost = nil, nil // told to whom it came from, not to whom it is echoed
			a.Original = m
		}
	}
	for _, g := range r.scratch.split(r.lines) {
		if g.id != "ACK" {
			r.unknown(&g, "")
			continue
		}
		a.Text = r.texts(a.Text, &g, "acknowledgement")
	}
	if a.Text == nil {
		r.wrong(r.first.whole(), MissingLine, "ACK", "send ACK with what is said of the message", "there is no acknowledgement (ACK)")
		a.Text = []string{}
	}
	r.m.Answer = a
}

// readStatus reads a PSN.
func readStatus(r *reader) {
	s := &Status{Notices: []Notice{}}
	lines, ok := r.about(&s.Waybill, &s.House)
	if !ok {
		return
	}
	for _, g := range r.scratch.split(lines) {
		if g.id != "CSN" {
			r.unknown(&g, "")
			continue
		}
		for i := range g.rows {
			w := &g.rows[i]
			n := Notice{Code: upper(w.field(0)), Text: r.short(w.rest(2), "status text", freeTextLength)}
			if len(n.Code) != 2 || !mixed(n.Code) {
				r.wrong(w.field(0), InvalidField, "status code", "write the two characters of a status: SR, SF, 7H", "%q is no status code", n.Code)
				continue
			}
			if n.At, ok = stamp(w.field(1).String()); !ok {
				r.wrong(w.field(1), InvalidDate, "time of the status", "write day, month, hour and minute: 14MAR0809", "%q is no time", w.field(1).String())
			}
			s.Notices = append(s.Notices, n)
		}
	}
	if len(s.Notices) == 0 {
		r.refuse(r.first.whole(), MissingLine, "CSN", "send CSN with a status: CSN/SR/14MAR0800/NO ERRORS", "the message says no status (CSN)")
		return
	}
	r.m.Status = s
}

// readErrors reads a PER.
func readErrors(r *reader) {
	e := &Errors{Errors: []ErrorCode{}}
	lines, ok := r.about(&e.Waybill, &e.House)
	if !ok {
		return
	}
	for _, g := range r.scratch.split(lines) {
		if g.id != "ERR" {
			r.unknown(&g, "")
			continue
		}
		for i := range g.rows {
			w := &g.rows[i]
			code := ErrorCode{Code: upper(w.field(0))}
			if len(w.fs) > 1 {
				code = ErrorCode{upper(w.field(0)), upper(w.field(1))}
			}
			if code.Code == "" || len(w.fs) > 2 || code.Class != "" && !digits(code.Class) {
				r.wrong(w.whole(), InvalidField, "error", "write the class, a slant and the error: ERR/422/MISSING_CNE_ADDR", "the error is not understood: %q", w.rest(0).String())
				continue
			}
			e.Errors = append(e.Errors, code)
		}
	}
	if len(e.Errors) == 0 {
		r.refuse(r.first.whole(), MissingLine, "ERR", "send ERR with an error: ERR/422/MISSING_CNE_ADDR", "the message says no error (ERR)")
		return
	}
	r.m.Report = e
}

// readCancellation reads an FXX.
func readCancellation(r *reader) {
	c := &Cancellation{}
	lines, ok := r.about(&c.Waybill, &c.House)
	if !ok {
		return
	}
	if c.Waybill == "" {
		at := r.first.whole()
		if len(r.lines) > 0 {
			at = r.lines[0].whole()
		}
		r.refuse(at, MissingWaybill, "waybill number", "send what is withdrawn behind the identifier: 969-10000023-PF26H0001", "the message names no waybill")
		return
	}
	for _, g := range r.scratch.split(lines) {
		if g.id != "OSI" {
			r.unknown(&g, "")
			continue
		}
		c.Text = r.texts(c.Text, &g, "reason")
	}
	r.m.Cancellation = c
}

// about reads the line that says which consignment a message is about, where there is one, and answers the lines behind it.
func (r *reader) about(w *Waybill, house *string) (rest []line, ok bool) {
	if len(r.lines) == 0 || r.lines[0].identifier() != "" {
		return r.lines, true
	}
	if *w, *house, ok = r.named(r.lines[0]); !ok {
		return nil, false
	}
	return r.lines[1:], true
}

// unknown keeps a group that is no line of the message.
func (r *reader) unknown(g *group, house string) {
	at := g.head().whole()
	r.wrong(at, UnknownLine, "line", "leave it out", "%q is no line of an %s; it is kept as it is", at.to(24).String(), r.name)
	r.m.Unread = append(r.m.Unread, g.kept(house))
}
