package cyber

import (
	"strconv"

	"github.com/rihla/rihla/formats/ioclist"
	"github.com/rihla/rihla/formats/stix"
	"github.com/rihla/rihla/internal/cyber/indicators"
	"github.com/rihla/rihla/internal/intake"
)

// list hears a plain list: each row is made an indicator of its filer's, by an identifier that the same row has again. A
// value that STIX has no pattern for is held all the same.
func (p *planner) list(r *intake.Report, l *ioclist.List) {
	if l == nil {
		return
	}
	var objects []*stix.Object
	for i := range l.Entries {
		e := &l.Entries[i]
		id := stix.DerivedID("indicator", p.source+" "+string(e.Kind)+" "+e.Key())
		if raw := e.Indicator(id, "", r.Received.UTC(), indicators.UnmarkedCounts); raw != nil {
			if o, f := stix.ReadObject(raw); f == nil && o.Accepted() {
				objects = append(objects, o)
				continue
			}
		}
		p.say(indicators.Value{Kind: e.Kind, Value: e.Key()}, indicators.Claim{
			Source: p.source, Ref: "row:" + strconv.Itoa(e.Line), Report: r.ID, Said: r.Received, Text: e.Comment, Labels: e.Tags, Confidence: e.Confidence,
			TLP: e.TLP, ValidFrom: e.FirstSeen, FirstSeen: e.FirstSeen, LastSeen: e.LastSeen,
		})
	}
	p.objects(objects)
}
