package cyber

import (
	"context"
	"time"

	"github.com/rihla/rihla/formats/stix"
	"github.com/rihla/rihla/internal/store"
)

// disagree tells whoever shared an indicator that it points at somebody harmless: an opinion on each of their objects, in the
// collection it came from, under its own marking and without the reason, which is ours. Of a RED one nothing is said.
func (d *Domain) disagree(ctx context.Context, tx store.Tx, h *held, now time.Time) error {
	if d.taxii == nil {
		return nil
	}
	said := map[string][]*stix.Object{}
	for _, c := range h.Claimed() {
		if c.Collection == "" || !c.Live() || stix.TypeOf(c.Ref) != "indicator" || c.Level() >= stix.Red {
			continue
		}
		o, f := stix.Begin("opinion", stix.DerivedID("opinion", d.owner+" "+c.Ref+" "+now.Format(time.RFC3339Nano))).Times(now, now).Text("created_by_ref", d.identity()).
			Marked(c.Level(), 2).Text("opinion", "strongly-disagree").List("object_refs", c.Ref).Object()
		if f == nil && o.Accepted() {
			said[c.Collection] = append(said[c.Collection], o)
		}
	}
	for _, collection := range keysOf(said) {
		objects := said[collection]
		if us := d.identityObject(stix.Clear); us != nil {
			objects = append([]*stix.Object{us}, objects...)
		}
		if _, err := d.taxii.Add(ctx, tx, collection, d.owner, objects); err != nil {
			return err
		}
	}
	return nil
}
