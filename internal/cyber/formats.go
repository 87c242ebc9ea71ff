package cyber

import (
	"bytes"
	"fmt"
	"time"

	"github.com/rihla/rihla/formats/fault"
	"github.com/rihla/rihla/formats/ioclist"
	"github.com/rihla/rihla/formats/misp"
	"github.com/rihla/rihla/formats/stix"
	"github.com/rihla/rihla/internal/cyber/incident"
	"github.com/rihla/rihla/internal/cyber/match"
	"github.com/rihla/rihla/internal/pipeline"
)

// What reports are about chooses their worker: reports of one kind speak of the same values and would only plan again.
const (
	indicatorsKey = pipeline.Key("indicators")
	incidentsKey  = pipeline.Key("incidents")
	logsKey       = pipeline.Key("logs")
)

// Formats are those of threats, of incidents and of logs. Those that know themselves by a name come first; a list of
// indicators is whatever holds one.
func (d *Domain) Formats() []pipeline.Format {
	return []pipeline.Format{incidentFormat{}, stixFormat{}, mispFormat{}, logFormat{match.JSONLines}, logFormat{match.DNSLog}, listFormat{}}
}

// stixFormat reads bundles, envelopes and lists of STIX objects. A report is one message: its objects speak of one another.
type stixFormat struct{}

func (stixFormat) Name() string { return stix.Format }

func (stixFormat) Recognise(head []byte) bool { return stix.Recognise(head) }

func (stixFormat) Read(raw []byte, _ time.Time, each func(pipeline.Message) error) error {
	doc, f := stix.Read(raw)
	if f != nil {
		return f
	}
	lost := doc.Lost()
	objects := pointers(doc.Objects)
	if len(objects) == 0 && len(lost) > 0 {
		return &lost[0]
	}
	return each(pipeline.Message{Keys: []pipeline.Key{indicatorsKey}, Body: threats{objects: objects}, Warnings: doc.AllWarnings(), Lost: lost})
}

// threats are STIX objects, as they came or as they were made of what came.
type threats struct {
	objects []*stix.Object
	list    *ioclist.List // of which the objects are still to be made: only the report says who speaks, and when
}

func pointers(objects []stix.Object) []*stix.Object {
	out := make([]*stix.Object, 0, len(objects))
	for i := range objects {
		if objects[i].Accepted() {
			out = append(out, &objects[i])
		}
	}
	return out
}

// readObjects reads objects that we wrote ourselves; one that is none is left out, and counted.
func readObjects(raws [][]byte) (objects []*stix.Object, left int) {
	for _, raw := range raws {
		o, f := stix.ReadObject(raw)
		if f != nil || !o.Accepted() {
			left++
			continue
		}
		objects = append(objects, o)
	}
	return objects, left
}

// mispFormat reads the events of MISP, each a message.
type mispFormat struct{}

func (mispFormat) Name() string { return misp.Format }

func (mispFormat) Recognise(head []byte) bool { return misp.Recognise(head) }

func (mispFormat) Read(raw []byte, _ time.Time, each func(pipeline.Message) error) error {
	return misp.Read(raw, func(e *misp.Event, f *fault.Fault) error {
		if f != nil {
			return each(pipeline.Message{Err: f})
		}
		raws, warnings := e.STIX()
		objects, left := readObjects(raws)
		warnings = append(append([]fault.Fault(nil), e.Warnings...), warnings...)
		if left > 0 {
			warnings = append(warnings, fault.Fault{Rule: "no-stix", Message: fmt.Sprintf("%d parts of event %s have no valid form in STIX and are not kept apart", left, e.UUID)})
		}
		return each(pipeline.Message{Keys: []pipeline.Key{indicatorsKey}, Body: threats{objects: objects}, Warnings: warnings, Lost: e.Lost})
	})
}

// listFormat reads plain lists and prose, armed or disarmed.
type listFormat struct{}

func (listFormat) Name() string { return ioclist.Format }

func (listFormat) Recognise(head []byte) bool { return ioclist.Recognise(head) }

func (listFormat) Read(raw []byte, _ time.Time, each func(pipeline.Message) error) error {
	list, f := ioclist.Read(raw)
	if f != nil {
		return f
	}
	if len(list.Entries) == 0 && len(list.Lost) > 0 {
		return &list.Lost[0]
	}
	warnings := list.Warnings
	for _, a := range list.Ask {
		warnings = append(warnings, fault.Fault{Line: a.Line, Rule: "ask", Message: fmt.Sprintf("%.80s %s; it is not taken", a.Value, a.Why), Mend: "file it with its type, if it is one"})
	}
	return each(pipeline.Message{Keys: []pipeline.Key{indicatorsKey}, Body: threats{list: list}, Warnings: warnings, Lost: list.Lost})
}

// incidentFormat reads the report of an incident.
type incidentFormat struct{}

func (incidentFormat) Name() string { return incident.Schema }

func (incidentFormat) Recognise(head []byte) bool { return incident.Recognise(head) }

// Interactive says that an early warning does not wait behind feeds and logs.
func (incidentFormat) Interactive([]byte) bool { return true }

func (incidentFormat) Read(raw []byte, _ time.Time, each func(pipeline.Message) error) error {
	r, f := incident.Read(raw)
	if f != nil {
		return f
	}
	if len(r.Errors) > 0 {
		return &r.Errors[0]
	}
	return each(pipeline.Message{Keys: []pipeline.Key{incidentsKey}, Body: &r.Report, Warnings: r.Warnings, Lost: r.Lost})
}

// logFormat reads logs. A log is one message, matched line by line when it is planned; reading it tells the lines that are
// none.
type logFormat struct{ form match.Form }

func (f logFormat) Name() string { return string(f.form) }

func (f logFormat) Recognise(head []byte) bool {
	form, ok := match.Recognise(head)
	return ok && form == f.form
}

// mostUnread is how many lines that are none are told one by one.
const mostUnread = 100

func (f logFormat) Read(raw []byte, _ time.Time, each func(pipeline.Message) error) error {
	log := &logFile{form: f.form, raw: raw}
	m := pipeline.Message{Keys: []pipeline.Key{logsKey}, Body: log}
	check := match.NewChecker(f.form)
	eachLine(raw, func(number, offset int, line []byte) {
		log.lines++
		if check.Read(line) {
			return
		}
		log.unread++
		if log.unread <= mostUnread {
			m.Lost = append(m.Lost, fault.Fault{Line: number, Offset: offset, Length: len(line), What: "line", Rule: "line",
				Message: "this line is no " + string(f.form), Mend: "send it again as one whole line"})
		}
	})
	if log.unread > mostUnread {
		m.Warnings = append(m.Warnings, fault.Fault{Rule: "line", Message: fmt.Sprintf("%d further lines could not be read", log.unread-mostUnread)})
	}
	if log.unread == log.lines && len(m.Lost) > 0 {
		return &m.Lost[0]
	}
	return each(m)
}

// eachLine gives the lines of a file that are not blank.
func eachLine(raw []byte, each func(number, offset int, line []byte)) {
	for number, offset := 1, 0; offset < len(raw); number++ {
		end := bytes.IndexByte(raw[offset:], '\n')
		if end < 0 {
			end = len(raw) - offset
		}
		if line := bytes.TrimSuffix(raw[offset:offset+end], []byte{'\r'}); len(bytes.TrimSpace(line)) > 0 {
			each(number, offset, line)
		}
		offset += end + 1
	}
}
