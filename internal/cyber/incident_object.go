package cyber

import (
	"cmp"

	"github.com/rihla/rihla/formats/observable"
	"github.com/rihla/rihla/formats/stix"
	"github.com/rihla/rihla/internal/cyber/incident"
	"github.com/rihla/rihla/internal/cyber/indicators"
)

// readIncident reads an incident of STIX as a voluntary report of it: under no duty, by its own identifier, and at the time
// that its maker gives it, so that of its versions the latest holds.
func readIncident(o *stix.Object, markings *stix.Markings) (incident.Report, bool) {
	v, ok := o.Incident()
	if !ok || o.Revoked {
		return incident.Report{}, false
	}
	marked := markings.Of(o)
	level := marked.Effective(indicators.UnmarkedCounts)
	for _, s := range marked.Selectors {
		level = max(level, marked.At(s.Selector, indicators.UnmarkedCounts)) // parts are not kept apart
	}
	r := incident.Report{
		Schema: incident.Schema, ReportID: o.ID, Stage: incident.Voluntary, AwareAt: o.Instant("modified"), Title: v.Name, Description: cmp.Or(v.Description, v.Name), TLP: level,
		Filer: incident.Filer{Name: o.CreatedByRef},
	}
	if len(v.Types) > 0 {
		r.Type = v.Types[0]
	}
	if v.Determination == "confirmed" {
		r.Malicious = "yes"
	}
	return r, true
}

// relate names, in the incidents that came together with indicators and relationships between the two, those indicators.
func (p *planner) relate(objects []*stix.Object) {
	of := map[string][]incident.Indicator{} // by the indicator's object
	for _, s := range p.said {
		if s.value.Kind != indicators.Composite {
			of[s.claim.Ref] = append(of[s.claim.Ref], incident.Indicator{Kind: s.value.Kind, Value: observable.Key(s.value.Kind, s.value.Value)})
		}
	}
	for _, o := range objects {
		r, ok := o.Relationship()
		if !ok || stix.TypeOf(r.Source) != categoryIndicator || stix.TypeOf(r.Target) != categoryIncident {
			continue
		}
		for i := range p.incidents {
			if p.incidents[i].ReportID == r.Target {
				p.incidents[i].Indicators = append(p.incidents[i].Indicators, of[r.Source]...)
			}
		}
	}
}
