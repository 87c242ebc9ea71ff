package cyber

import (
	"time"

	"github.com/rihla/rihla/formats/stix"
)

// backs are the sightings of STIX that tell whoever shared an indicator that it was met here: one for each of the objects
// that spoke of it, with how often and from when to when, and nothing of where. Each bears the marking of the object it
// answers; of a RED one nothing is said by any machine.
func (c *change) backs() map[string][]*stix.Object {
	type told struct {
		first, last time.Time
		count       int64
	}
	by := map[string]*told{}
	for _, s := range c.sightings {
		t := by[s.indicator]
		if t == nil {
			t = &told{}
			by[s.indicator] = t
		}
		t.first, t.last, t.count = earlier(t.first, s.first), later(t.last, s.last), t.count+s.count
	}
	out := map[string][]*stix.Object{}
	said := map[string]bool{}
	for _, id := range keysOf(by) {
		t := by[id]
		for _, claim := range c.held[id].Claimed() {
			if stix.TypeOf(claim.Ref) != "indicator" || !claim.Live() || claim.Level() >= stix.Red || said[claim.Ref] {
				continue
			}
			said[claim.Ref] = true
			at := c.report.Received.UTC()
			const most = 999_999_999 // of the standard
			o, f := stix.Begin("sighting", stix.DerivedID("sighting", c.d.owner+" "+claim.Ref+" "+c.report.ID)).Times(at, at).
				Text("created_by_ref", c.d.identity()).Marked(claim.Level(), 2).
				Time("first_seen", t.first).Time("last_seen", t.last).Integer("count", min(t.count, most)).Text("sighting_of_ref", claim.Ref).Object()
			if f == nil && o.Accepted() {
				out[claim.Collection] = append(out[claim.Collection], o)
			}
		}
	}
	return out
}

// identity is who we are in what we write.
func (d *Domain) identity() string { return stix.DerivedID("identity", d.owner) }

// identityObject says it, under a marking.
func (d *Domain) identityObject(level stix.TLP) *stix.Object {
	at := time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC)
	o, f := stix.Begin("identity", d.identity()).Times(at, at).Marked(level, 2).Text("name", d.owner).Text("identity_class", "organization").Object()
	if f != nil {
		return nil
	}
	return o
}
