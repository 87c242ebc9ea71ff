package collection

import (
	"context"
	"database/sql"

	"github.com/rihla/rihla/formats/stix"
	"github.com/rihla/rihla/internal/store"
)

// levelOf is the level under which an object may be read: the strictest that its markings or those of any of its
// properties name, for it goes out whole. One without any, or with a marking that nobody knows, has at least the
// collection's level for what is unmarked. A marking definition that is itself unmarked is clear: it must travel with
// what it marks.
func levelOf(o *stix.Object, known map[string]stix.TLP, unmarked stix.TLP) stix.TLP {
	strictest, doubt := stix.Unmarked, false
	eachMarking(o, func(id string) {
		level, ok := stix.TLPOf(id)
		if !ok {
			level, ok = known[id]
		}
		strictest, doubt = max(strictest, level), doubt || !ok
	})
	switch {
	case doubt:
		return max(strictest, unmarked)
	case strictest != stix.Unmarked:
		return strictest
	case o.Type == "marking-definition":
		return stix.Clear
	}
	return unmarked
}

func eachMarking(o *stix.Object, do func(id string)) {
	for _, id := range o.Markings {
		do(id)
	}
	if !o.Granular {
		return
	}
	entries := o.Get("granular_markings").Items()
	for i := range entries {
		if id := entries[i].Value.Get("marking_ref").Text(); id != "" { // else a language
			do(id)
		}
	}
}

// readLevels is what the definitions of markings say, those that come now and those that are there. One that is there
// stays as it is.
func readLevels(ctx context.Context, tx store.Tx, c *Collection, in []candidate) (map[string]stix.TLP, error) {
	known := map[string]stix.TLP{}
	wanted := map[string]bool{}
	for i := range in {
		o := in[i].object
		if in[i].fault != nil {
			continue
		}
		if o.Type == "marking-definition" {
			if _, twice := known[o.ID]; !twice {
				known[o.ID], _ = stix.NewMarkings(o).Level(o.ID)
			}
		}
		eachMarking(o, func(id string) {
			if _, ok := stix.TLPOf(id); !ok {
				wanted[id] = true
			}
		})
	}
	ids := make([]string, 0, len(wanted))
	for id := range wanted {
		ids = append(ids, id)
	}
	return known, store.ForKeys(ctx, tx, "select id, level from taxii_marking where collection = $1 and id in (:keys)", ids, func(rows *sql.Rows) error {
		var id string
		var level int64
		err := rows.Scan(&id, &level)
		known[id] = stix.TLP(level) //nolint:gosec // written from one
		return err
	}, c.number)
}
