package cargo

import (
	"context"
	"database/sql"
	"slices"
	"time"

	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/store"
)

// whole is a consignment with all that it is judged by.
type whole struct {
	stored
	viewed
}

// gather reads consignments with their shipments, what is filed under them, and what their parties are known by.
func gather(ctx context.Context, r store.Reader, ids []string) ([]whole, error) {
	found, err := consignmentsBy(ctx, r, ids)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	var ships []string
	var vs []uint64
	for i := range found {
		c := found[i].Consignment
		ships = append(ships, c.Shipment)
		valuesOf(&c.Content).each(func(v, _, _ uint64) { vs = append(vs, v) })
	}
	shipments, err := shipmentsBy(ctx, r, ships)
	if err != nil {
		return nil, err
	}
	loads, err := loadsOf(ctx, r, ships)
	if err != nil {
		return nil, err
	}
	known, err := recall(ctx, r, vs)
	if err != nil {
		return nil, err
	}
	var numbers []string
	for _, s := range shipments {
		numbers = append(numbers, s.Master)
	}
	slices.Sort(numbers)
	up, err := climb(ctx, r, numbers, nil)
	if err != nil {
		return nil, err
	}
	warned, err := warningsOf(ctx, r, numbers)
	if err != nil {
		return nil, err
	}
	out := make([]whole, 0, len(found))
	for _, f := range found {
		if s := shipments[f.Shipment]; s != nil {
			out = append(out, whole{f, viewed{s, loads[f.Shipment], known, up.of(s.Master), warned.of(Key{s.Master, f.house})}})
		}
	}
	return out, nil
}

// loadsOf sums what is filed of the houses of some shipments.
func loadsOf(ctx context.Context, r store.Reader, shipments []string) (map[string]Load, error) {
	out := map[string]Load{}
	err := store.ForKeys(ctx, r, `select shipment, count(*), sum(case when state = 'complete' then 1 else 0 end), sum(pieces), sum(grams)
		from cargo_consignment where house <> '' and not gone and shipment in (:keys) group by shipment`, distinct(shipments), func(rows *sql.Rows) error {
		var id string
		var l Load
		err := rows.Scan(&id, &l.Houses, &l.Complete, &l.Pieces, &l.Grams)
		out[id] = l
		return err
	})
	return out, err
}

// aheadOf lists subjects whose shipment has still to be loaded, in the order of the consignments, after the one named.
func aheadOf(ctx context.Context, r store.Reader, now time.Time, after screening.ID, n int) ([]screening.ID, error) {
	var out []screening.ID
	err := store.Rows(ctx, r, func(rows *sql.Rows) error {
		b := brief{}
		if err := rows.Scan(&b.id, &b.roles); err != nil {
			return err
		}
		for _, id := range b.subjects() {
			if id > after && len(out) < n {
				out = append(out, id)
			}
		}
		return nil
	}, `select c.id, c.roles from cargo_consignment c join cargo_shipment s on s.id = c.shipment where s.ahead > $1 and c.id >= $2 order by c.id limit $3`,
		store.Micros(now), holderOf(after), n)
	return out, err
}

// holders are the shipments that have still to be loaded.
func holders(ctx context.Context, r store.Reader, now time.Time) (out []screening.Holder, err error) {
	err = store.Rows(ctx, r, func(rows *sql.Rows) error {
		var h screening.Holder
		err := rows.Scan(&h.ID, &h.Version)
		out = append(out, h)
		return err
	}, `select id, version from cargo_shipment where ahead > $1`, store.Micros(now))
	return out, err
}

// heldBy gives shipments with their subjects, each with the fingerprint that its row is written again by.
func heldBy(ctx context.Context, r store.Reader, ids []string) (out []screening.Held, err error) {
	at := make(map[string]int, len(ids))
	err = store.ForKeys(ctx, r, `select id, version from cargo_shipment where id in (:keys)`, ids, func(rows *sql.Rows) error {
		var h screening.Held
		err := rows.Scan(&h.ID, &h.Version)
		at[h.ID] = len(out)
		out = append(out, h)
		return err
	})
	if err != nil {
		return nil, err
	}
	err = briefs(ctx, r, ids, func(b *brief) {
		if i, there := at[b.shipment]; there {
			for _, id := range b.subjects() {
				out[i].Subjects = append(out[i].Subjects, screening.HeldSubject{ID: id, Version: b.hash})
			}
		}
	})
	return out, err
}
