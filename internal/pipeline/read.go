package pipeline

import (
	"bytes"
	"errors"
	"fmt"
	"runtime/debug"

	"github.com/rihla/rihla/formats/fault"
	"github.com/rihla/rihla/internal/intake"
)

// headBytes are what a format recognises a report by.
const headBytes = 64 << 10

// reading is a report as it was read.
type reading struct {
	*hold
	raw    []byte
	domain Domain // nil when nothing recognised it
	filing Filing
	made   intake.Understood
	fallen []Message // that could not be read
}

// key chooses the worker.
func (r *reading) key() string {
	if len(r.filing.Messages) > 0 && len(r.filing.Messages[0].Keys) > 0 {
		return string(r.filing.Messages[0].Keys[0])
	}
	return r.ID
}

// quarantine is for what the filer got wrong.
func (r *reading) quarantine(f *fault.Fault) {
	r.made.State, r.made.Error = intake.Quarantined, f
	r.made.Warnings, r.made.Lost, r.made.Withheld, r.made.Blank = nil, nil, nil, nil
}

// read recognises a report by its content and reads it. An error is our own failure.
func (p *Pipeline) read(h *hold, raw []byte) (*reading, error) {
	r := &reading{hold: h, raw: raw, made: intake.Understood{Report: h.Report, State: intake.Processed}}
	if f := unlike(raw); f != nil {
		r.quarantine(f)
		return r, nil
	}
	head := raw[:min(len(raw), headBytes)]
	var first *reading // the first format that tried knows best what is wrong
	for _, o := range p.formats {
		attempt := &reading{hold: h, raw: raw, domain: o.domain, made: r.made}
		recognised, err := attempt.readAs(o.format, head)
		switch {
		case err != nil:
			return nil, fmt.Errorf("read as %s: %w", o.format.Name(), err)
		case !recognised:
			continue
		case attempt.made.State == intake.Processed:
			return attempt, nil
		case first == nil:
			first = attempt
		}
	}
	if first == nil {
		r.quarantine(unrecognised(raw))
		return r, nil
	}
	return first, nil
}

func (r *reading) readAs(f Format, head []byte) (recognised bool, err error) {
	var messages []Message
	err = safely(func() error {
		if recognised = f.Recognise(head); !recognised {
			return nil
		}
		return f.Read(r.raw, r.Received, func(m Message) error {
			messages = append(messages, m)
			return nil
		})
	})
	if !recognised {
		return false, err
	}
	r.made.Format, r.made.Domain = f.Name(), r.domain.Name()
	var wrong *fault.Fault
	if err != nil && !errors.As(err, &wrong) {
		return true, err
	}
	r.understand(messages, wrong)
	return true, nil
}

// understand makes of the messages what is stored of the report. A message stands or falls alone; only when all fell is
// the report quarantined.
func (r *reading) understand(messages []Message, wrong *fault.Fault) {
	r.filing = Filing{Report: r.Report, Format: r.made.Format}
	if len(r.answer) > 0 {
		r.filing.Answered = r.answer[0].Body
	}
	for _, m := range messages {
		if m.Err != nil {
			r.fallen = append(r.fallen, m)
			continue
		}
		r.filing.Messages = append(r.filing.Messages, m)
		r.made.Warnings = append(r.made.Warnings, m.Warnings...)
		r.made.Lost = append(r.made.Lost, m.Lost...)
		r.made.Withheld = append(r.made.Withheld, m.Withheld...)
	}
	r.made.Messages = len(r.filing.Messages)
	if len(r.filing.Messages) == 0 {
		switch {
		case len(r.fallen) > 0:
			wrong = r.fallen[0].Err
		case wrong == nil:
			wrong = &fault.Fault{Rule: "no_message", Message: "there is no message in it", Mend: "file the whole interchange: its header, its messages and its trailer"}
		}
		if len(r.fallen) == 0 {
			r.fallen = []Message{{Err: wrong}}
		}
		r.quarantine(wrong)
		return
	}
	for _, f := range r.made.Lost {
		r.made.Blank = append(r.made.Blank, fault.Range{Offset: f.Offset, Length: f.Length})
	}
	for _, m := range r.fallen {
		lost, at := *m.Err, m.At
		if at.Length == 0 {
			at = fault.Range{Length: len(r.raw)} // where it lies is not known: all of it is kept from view
		}
		lost.What = "message"
		r.made.Lost, r.made.Blank = append(r.made.Lost, lost), append(r.made.Blank, at)
		r.made.Withheld = append(r.made.Withheld, m.Withheld...)
	}
	if wrong != nil { // the rest could not be read, from there on
		lost := *wrong
		lost.What, lost.Length = "message", max(len(r.raw)-wrong.Offset, 0)
		r.made.Lost, r.made.Blank = append(r.made.Lost, lost), append(r.made.Blank, fault.Range{Offset: lost.Offset, Length: lost.Length})
	}
}

// unlike tells what can be said of bytes before any format is asked.
func unlike(raw []byte) *fault.Fault {
	if len(bytes.TrimSpace(raw)) == 0 {
		return &fault.Fault{Rule: "empty", Message: "there is nothing in it but white space", Mend: "file the message itself"}
	}
	return nil
}

// unrecognised says of what no format recognises what it looks like, so that its filer knows what to do.
func unrecognised(raw []byte) *fault.Fault {
	f := &fault.Fault{Rule: "not_recognised", Message: "no format that is read here begins like this",
		Mend: "file the message as its standard writes it, from its first header on (an EDIFACT interchange begins with UNA or UNB), and nothing around it"}
	for _, known := range envelopes {
		if bytes.HasPrefix(raw, []byte(known.magic)) {
			f.Message, f.Mend = "this is "+known.name+", not a message", known.mend
			return f
		}
	}
	if zero := bytes.IndexByte(raw[:min(len(raw), headBytes)], 0); zero >= 0 {
		f.Offset, f.Message = zero, "these are binary bytes, not text"
		f.Mend = "file the message as text, in the character set that its standard names"
	}
	return f
}

var envelopes = []struct{ magic, name, mend string }{
	{"\x1f\x8b", "a gzip archive", "unpack it and file what is in it"},
	{"PK\x03\x04", "a zip archive or an office document", "unpack it and file the message that is in it"},
	{"%PDF", "a PDF document", "file the message itself, not a print of it"},
	{"\xff\xfe", "text in UTF-16", "write it in the character set that the message's standard names, such as ASCII or UTF-8"},
	{"\xfe\xff", "text in UTF-16", "write it in the character set that the message's standard names, such as ASCII or UTF-8"},
	{"MIME-Version:", "an e-mail", "file the message that is attached to it"},
	{"From ", "an e-mail", "file the message that is in it"},
}

// panicked is a panic turned into an error: our own failure, which must stop nobody else's report.
type panicked struct {
	value any
	stack []byte
}

func (p *panicked) Error() string { return fmt.Sprintf("panic: %v\n%s", p.value, p.stack) }

// safely runs code that must never panic, and may.
func safely(work func() error) (err error) {
	defer func() {
		if value := recover(); value != nil {
			err = &panicked{value, debug.Stack()}
		}
	}()
	return work()
}

// Interactive tells by a report's first bytes that its filer waits for the answer.
func (p *Pipeline) Interactive(head []byte) bool {
	for _, o := range p.formats {
		if u, ok := o.format.(Urgent); ok {
			urgent := false
			_ = safely(func() error { urgent = u.Interactive(head); return nil }) // reading will fail on it too, and say so
			if urgent {
				return true
			}
		}
	}
	return false
}

// Segments takes a stored report apart for people, if its format can.
func (p *Pipeline) Segments(format string, raw []byte) (view intake.View, ok bool) {
	for _, o := range p.formats {
		if v, can := o.format.(Viewer); can && o.format.Name() == format {
			err := safely(func() error { view = v.Segments(raw); return nil })
			if err != nil {
				p.Logger.Error("a report could not be taken apart", "format", format, "error", err)
			}
			return view, err == nil
		}
	}
	return view, false
}
