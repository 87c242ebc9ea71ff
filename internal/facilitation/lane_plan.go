package facilitation

import (
	"context"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"time"

	"github.com/rihla/rihla/formats/airport"
	"github.com/rihla/rihla/formats/fault"
	"github.com/rihla/rihla/formats/hall"
	"github.com/rihla/rihla/internal/intake"
	"github.com/rihla/rihla/internal/jobs"
	"github.com/rihla/rihla/internal/pipeline"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/screening/names"
	"github.com/rihla/rihla/internal/store"
)

// whoKept is how long it is kept who passed where; what happened there is kept without.
const whoKept = 24 * time.Hour

// hallChange is what an airport said of its halls. Of two words on one thing the later stands, so it reads nothing.
type hallChange struct {
	domain *Domain
	doc    *hall.Document
}

// planHall takes what an airport filed. One of another state has nothing to say here, nor has a carrier.
func (d *Domain) planHall(by intake.Filer, doc *hall.Document) (pipeline.Change, error) {
	if len(by.Carriers) > 0 {
		return nil, &fault.Fault{Rule: "E-HALL-FILER", Strict: true, Message: "a key that files for carriers files no events of a hall", Mend: "file them with the airport's own key"}
	}
	if a, known := airport.ByIATA(doc.Airport); known && d.home != "" && a.Country != d.home {
		return nil, &fault.Fault{Rule: "E-HALL-AIRPORT", Strict: true, Pointer: "/airport", Message: fmt.Sprintf("%s lies in %s, and this node keeps the halls of %s", doc.Airport, a.Country, d.home),
			Mend: "file it with the node of that state"}
	}
	return &hallChange{d, doc}, nil
}

// Subjects are none: who came was screened before they flew.
func (c *hallChange) Subjects() []screening.Screened { return nil }

// Write keeps the events, each under what it is about.
func (c *hallChange) Write(ctx context.Context, tx store.Tx) (e pipeline.Effects, err error) {
	rows := c.domain.hallRows(c.doc, tx.Now())
	for _, some := range []struct {
		into *store.Insert
		rows [][]any
	}{{insertBlock, rows.blocks}, {insertPassage, rows.passages}, {insertStaffing, rows.staffing}} {
		if _, err := some.into.Exec(ctx, tx, some.rows); err != nil {
			return e, err
		}
	}
	if rows.named > 0 {
		body, err := json.Marshal(forget{c.doc.Airport, rows.first, rows.last})
		if err != nil {
			return e, err
		}
		e.Jobs = append(e.Jobs, jobs.Job{Kind: hallForget, Due: store.Time(rows.ended).Add(whoKept), Body: body})
	}
	e.Touched = append(e.Touched, "hall "+c.doc.Airport)
	e.Events = append(e.Events, pipeline.Event{Name: "hall", ID: c.doc.Airport, Counts: map[string]int{"passages": len(rows.passages)}})
	return e, nil
}

// hallRows are a document's events as rows, no key twice.
type hallRows struct {
	blocks, passages, staffing [][]any
	named                      int   // passages of which it is known who
	first, last, ended         int64 // of these: when they began, and the last end
}

func (d *Domain) hallRows(doc *hall.Document, now time.Time) (out hallRows) {
	clock := store.Micros(doc.Sent)
	blocks, passages, staffing := latest{}, latest{}, latest{}
	for _, b := range doc.Blocks {
		f := named(b.Flight)
		said := said(doc, b)
		blocks.add(fmt.Sprint(b.Flight.Date, f, b.Flight.From, b.Estimated), said,
			[]any{doc.Airport, b.Flight.Date, f, b.Flight.From, number(b.Estimated), b.Hall, store.Micros(b.At), clock, said})
	}
	for _, p := range doc.Passages {
		who := d.who(&p)
		p.Document, p.Passenger = nil, "" // nothing kept depends on them from here on
		said := said(doc, p)
		if p.Ended.Add(whoKept).Before(now) { // told too late to be kept
			who = ""
		}
		began, ended := store.Micros(p.Began), store.Micros(p.Ended)
		if who != "" {
			if out.named++; out.named == 1 {
				out.first, out.last, out.ended = began, began, ended
			}
			out.first, out.last, out.ended = min(out.first, began), max(out.last, began), max(out.ended, ended)
		}
		queued := int64(0)
		if !p.Queued.IsZero() {
			queued = store.Micros(p.Queued)
		}
		passages.add(fmt.Sprint(began, " ", p.Hall, " ", p.Desk), said,
			[]any{doc.Airport, began, p.Hall, p.Desk, p.Lane, named(p.Flight), p.Flight.Date, p.Flight.From, who, queued, ended, number(p.Result == hall.Referred), clock, said})
	}
	for _, s := range doc.Staffing {
		said := said(doc, s)
		staffing.add(fmt.Sprint(s.Quarter.Unix(), " ", s.Hall, " ", s.Lane), said, []any{doc.Airport, store.Micros(s.Quarter), s.Hall, s.Lane, s.Desks, clock, said})
	}
	out.blocks, out.passages, out.staffing = blocks.rows, passages.rows, staffing.rows
	return out
}

// said orders two words of one clock: by the sender's reference, then by what they say. No person may be in it: it is kept.
func said(doc *hall.Document, event any) string {
	h := fnv.New32a()
	raw, err := json.Marshal(event)
	if err != nil { // texts and times of these years: nothing here can fail
		raw = nil
	}
	_, _ = h.Write(raw) // a hash takes everything
	return fmt.Sprintf("%s %08x", doc.Reference, h.Sum32())
}

// who is a keyed hash of the document that was read, or of the airport's own reference; empty where neither is known.
func (d *Domain) who(p *hall.Passage) string {
	switch {
	case p.Document != nil:
		return d.holderOf(p.Document.Number)
	case p.Passenger != "":
		return d.ids.ID("hall-passenger", named(p.Flight), p.Flight.Date, p.Passenger)
	}
	return ""
}

// holderOf is how a hall's rows know who holds a document.
func (d *Domain) holderOf(number string) string {
	return d.ids.ID("hall-document", string(names.AppendCompact(nil, number)))
}

// latest keeps the last word on each thing of a document.
type latest struct {
	rows [][]any
	at   map[string]int
	said map[string]string
}

func (l *latest) add(key, said string, row []any) {
	if l.at == nil {
		l.at, l.said = map[string]int{}, map[string]string{}
	}
	i, known := l.at[key]
	switch {
	case !known:
		l.at[key] = len(l.rows)
		l.rows = append(l.rows, row)
	case said <= l.said[key]:
		return
	default:
		l.rows[i] = row
	}
	l.said[key] = said
}

func named(f hall.Flight) string {
	if f.Number == "" {
		return ""
	}
	return f.Carrier + f.Number + f.Suffix
}

func number(b bool) int {
	if b {
		return 1
	}
	return 0
}
