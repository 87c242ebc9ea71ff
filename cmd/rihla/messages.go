package main

import (
	"io"
	"os"
	"strings"
	"time"

	"github.com/rihla/rihla/formats/ackres"
	"github.com/rihla/rihla/formats/cusres"
	"github.com/rihla/rihla/formats/edifact"
	"github.com/rihla/rihla/formats/fault"
	"github.com/rihla/rihla/formats/govreq"
	"github.com/rihla/rihla/formats/paxlst"
	"github.com/rihla/rihla/formats/pnrgov"
)

// message is one message of a file, whatever its format.
type message struct {
	format   string
	people   int          // passenger records it carries
	err      *fault.Fault // it cannot be read; json is nil
	warnings []fault.Fault
	lost     []fault.Fault
	json     func(dst []byte) []byte
}

// faulted is a message that may be refused.
func faulted(format string, f *fault.Fault) message { return message{format: format, err: f} }

// reader reads the message that an EDIFACT reader stands at.
type reader func(*edifact.Reader) message

// readers are the message types that decode knows.
func readers(received time.Time) map[string]reader {
	var lists paxlst.Decoder
	lists.Reset(nil, received)
	var pushes pnrgov.Decoder
	return map[string]reader{
		"PAXLST": func(r *edifact.Reader) message {
			m, f := lists.Decode(r)
			if f != nil {
				return faulted("paxlst", f)
			}
			return message{"paxlst", len(m.Passengers), nil, m.Warnings, m.Lost, m.AppendJSON}
		},
		"PNRGOV": func(r *edifact.Reader) message {
			m := pushes.Decode(r, received)
			if m.Error != nil {
				return faulted("pnrgov", m.Error)
			}
			people := 0
			for i := range m.Bookings {
				people += len(m.Bookings[i].Passengers)
			}
			return message{"pnrgov", people, nil, m.Warnings, m.Lost, m.AppendJSON}
		},
		"ACKRES": func(r *edifact.Reader) message {
			m, f := ackres.Decode(r)
			if f != nil {
				return faulted("ackres", f)
			}
			return message{"ackres", 0, nil, m.Warnings, nil, m.AppendJSON}
		},
		"CUSRES": func(r *edifact.Reader) message {
			m, f := cusres.Decode(r)
			if f != nil {
				return faulted("cusres", f)
			}
			return message{"cusres", 0, nil, m.Warnings, nil, m.AppendJSON}
		},
		"GOVREQ": func(r *edifact.Reader) message {
			m, f := govreq.Decode(r)
			if f != nil {
				return faulted("govreq", f)
			}
			return message{"govreq", 0, nil, m.Warnings, nil, m.AppendJSON}
		},
	}
}

// fileFormat is a format outside EDIFACT: how its files are told, and read message by message.
type fileFormat struct {
	name      string
	recognise func(head []byte) bool
	read      func(raw []byte, received time.Time, each func(message) error) error
}

// tell hands on each document of a file, or the fault for which one cannot be read.
func tell[D any](format string, each func(message) error, of func(D) message) func(D, *fault.Fault) error {
	return func(d D, f *fault.Fault) error {
		if f != nil {
			return each(faulted(format, f))
		}
		m := of(d)
		m.format = format
		return each(m)
	}
}

// fileFormats are those that decode knows; the first that recognises a file reads it.
var fileFormats = []fileFormat{goamlFile, paymentFile, cashFile, cargoFile, hallFile, incidentFile, stixFile, mispFile, iocFile}

// headSize is how much of a file is looked at to tell what it is.
const headSize = 64 << 10

// eachMessage reads every message of a file. format is auto, or the one format that is expected.
func eachMessage(raw []byte, format string, received time.Time, each func(message) error) error {
	head := raw[:min(len(raw), headSize)]
	for _, f := range fileFormats {
		if f.name == format || format == "auto" && f.recognise(head) {
			return f.read(raw, received, each)
		}
	}
	known := readers(received)
	r := new(edifact.Reader)
	r.Borrow(raw) // nobody changes the file while its messages are printed
	sniffed := strings.ToLower(edifact.Sniff(head))
	for r.Next() {
		em := r.Message()
		read := known[em.Type]
		if format != "auto" {
			read = known[strings.ToUpper(format)]
		}
		var m message
		switch {
		case em.Broken != nil:
			broken := *em.Broken
			if broken.Rule == "not_edifact" && format == "auto" { // nor any of the others
				broken.Mend += "; no other format that is read here begins like this file either"
			}
			m = faulted(sniffed, &broken)
		case read == nil:
			m = faulted(strings.ToLower(em.Type), &fault.Fault{Offset: em.Offset, Segment: em.Number, Tag: "UNH", Rule: "unknown_message_type",
				Message: "no format that is read here is called " + em.Type, Mend: "file PAXLST, PNRGOV, CUSRES, ACKRES or GOVREQ"})
		default:
			m = read(r)
		}
		if m.err != nil && format != "auto" {
			m.format = format
		}
		if err := each(m); err != nil {
			return err
		}
	}
	return nil
}

// readFile reads a file, or standard input.
func readFile(name string) ([]byte, error) {
	if name == "-" {
		return io.ReadAll(os.Stdin)
	}
	return os.ReadFile(name) //nolint:gosec // whoever runs the command names it
}
