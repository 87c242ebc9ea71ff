package cargo

import (
	"cmp"
	"math"
	"slices"
	"time"

	"github.com/rihla/rihla/formats/cargoimp"
	"github.com/rihla/rihla/formats/fault"
	"github.com/rihla/rihla/internal/intake"
	"github.com/rihla/rihla/internal/pipeline"
)

// Filing is what one message says of one consignment. It is kept for ever as it was said.
type Filing struct {
	ID     string   `json:"id"`
	Kind   string   `json:"kind"` // waybill, house, cancel
	Form   string   `json:"form"` // FHL/4
	House  string   `json:"house,omitempty"`
	Filer  string   `json:"filer"`
	Clock  Clock    `json:"clock"`
	Offset int      `json:"offset"` // of the message in the report
	Length int      `json:"length"`
	Reason string   `json:"reason,omitempty"` // of a cancellation
	Errors []string `json:"errors,omitempty"` // that the filer was told
	Said   *Content `json:"said,omitempty"`
}

// The kinds of a filing.
const (
	kindWaybill = "waybill"
	kindHouse   = "house"
	kindCancel  = "cancel"
)

// Totals is what the head of a list of houses says of their master. It counts until the master itself is filed.
type Totals struct {
	Clock       Clock  `json:"clock"`
	Origin      string `json:"origin,omitempty"`
	Destination string `json:"destination,omitempty"`
	Pieces      int    `json:"pieces,omitempty"`
	Grams       int64  `json:"grams,omitempty"`
}

// said is what one message says, consignment by consignment.
type said struct {
	master  string
	totals  *Totals
	filings map[string]Filing // by house as compared
	order   []string          // of them, as they came
	message *filed
}

// filed is a decoded message with the report's bytes, which are aliased and so never kept beyond the writing.
type filed struct {
	*cargoimp.Message
	raw []byte
}

// bytes are the message's own.
func (f *filed) bytes() []byte {
	from := min(f.Offset, len(f.raw))
	return f.raw[from:min(from+f.Length, len(f.raw))]
}

// hear takes a message apart. ok is false of one that speaks of no consignment: an answer that came back to us.
func hear(ids Identifier, r intake.Report, f *filed, place int) (s said, ok bool) {
	c := clockOf(r.ID, place, r.Received, f.Envelope)
	s = said{filings: map[string]Filing{}, message: f}
	add := func(k Key, kind, house string, content *Content, errors []string) {
		if _, twice := s.filings[k.House]; !twice {
			s.order = append(s.order, k.House)
		}
		s.filings[k.House] = Filing{ID: ids.ID("filing", r.ID, k.Master, k.House, ordinal(place)), Kind: kind, Form: form(f.Message), House: house, Filer: r.Filer.Name,
			Clock: c, Offset: f.Offset, Length: f.Length, Said: content, Errors: errors}
	}
	switch {
	case f.FWB != nil:
		s.master = f.FWB.Waybill.Digits()
		add(Key{Master: s.master}, kindWaybill, "", waybillContent(f.FWB), told(f.Warnings, 0, math.MaxInt))
	case f.FHL != nil:
		b := f.FHL
		s.master = b.Master.Digits()
		s.totals = &Totals{Clock: c, Origin: b.Origin, Destination: b.Destination, Pieces: b.Total.Pieces, Grams: b.Total.Weight.Grams()}
		for i := range b.Houses {
			h := &b.Houses[i]
			content := houseContent(h)
			content.Origin, content.Destination = cmp.Or(content.Origin, b.Origin), cmp.Or(content.Destination, b.Destination)
			k := keyOf(b.Master, h.Number)
			add(k, kindHouse, h.Number, content, told(f.Warnings, h.Offset, h.Offset+h.Length))
			filing := s.filings[k.House]
			filing.Offset, filing.Length = h.Offset, h.Length
			s.filings[k.House] = filing
		}
	case f.Cancellation != nil:
		x := f.Cancellation
		s.master = x.Waybill.Digits()
		k := keyOf(x.Waybill, x.House)
		add(k, kindCancel, x.House, nil, nil)
		filing := s.filings[k.House]
		if len(x.Text) > 0 {
			filing.Reason = x.Text[0]
		}
		s.filings[k.House] = filing
	default:
		return s, false
	}
	return s, true
}

func form(m *cargoimp.Message) string {
	name := upper(m.Format)
	if m.Version == "" {
		return name
	}
	return name + "/" + m.Version
}

// told are the rules of the faults that a filer is told of a consignment: those that lie in its bytes.
func told(faults []fault.Fault, from, to int) (rules []string) {
	for i := range faults {
		if f := &faults[i]; f.Offset >= from && f.Offset < to && f.Strict && cargoimp.Refusable(f.Rule) && !slices.Contains(rules, f.Rule) {
			rules = append(rules, f.Rule)
		}
	}
	return rules
}

// messages are what of a report this room can hear, in order.
func messages(ids Identifier, f pipeline.Filing) (all []said) {
	for i, m := range f.Messages {
		body, ok := m.Body.(*filed)
		if !ok {
			continue
		}
		if s, ok := hear(ids, f.Report, body, i); ok {
			all = append(all, s)
		}
	}
	return all
}

// byClock orders filings by what was said first.
func byClock(filings []Filing) []Filing {
	sorted := slices.Clone(filings)
	slices.SortFunc(sorted, func(a, b Filing) int { return cmp.Or(a.Clock.Compare(b.Clock), cmp.Compare(a.ID, b.ID)) })
	return sorted
}

// join adds a filing to a set; one that is in it already changes nothing.
func join(filings []Filing, f Filing) (set []Filing, fresh bool) {
	if slices.ContainsFunc(filings, func(o Filing) bool { return o.ID == f.ID }) {
		return filings, false
	}
	return append(slices.Clip(filings), f), true
}

func received(c Clock) time.Time { return time.UnixMicro(c.Received).UTC() }
