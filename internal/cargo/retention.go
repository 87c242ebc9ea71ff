package cargo

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/rihla/rihla/internal/custody"
	"github.com/rihla/rihla/internal/pipeline"
	"github.com/rihla/rihla/internal/store"
)

var _ pipeline.Keeper = (*Domain)(nil)

// oldShipments are counted from their departure, or from when they were last heard of where no flight was named.
var oldShipments = custody.Rows{Table: "cargo_shipment", Key: "id", Age: "ahead"}

// Retention says how long consignments are kept: a master goes with its houses, whole.
func (d *Domain) Retention() []custody.Clock {
	var formats []string
	for _, f := range d.Formats() {
		formats = append(formats, f.Name())
	}
	return []custody.Clock{{Name: Name + ".shipment", Keep: "P3Y", From: "departed", Held: oldShipments.Held, Erase: d.eraseShipments, Reports: formats}}
}

// eraseShipments erases shipments with all that was filed, asked, answered and remembered of them.
func (d *Domain) eraseShipments(ctx context.Context, tx store.Tx, before time.Time, n int) (e custody.Erased, err error) {
	if e.Records, err = oldShipments.Old(ctx, tx, before, n); err != nil || len(e.Records) == 0 {
		return e, err
	}
	var consignments []string
	if err := briefs(ctx, tx, e.Records, func(b *brief) {
		consignments = append(consignments, b.id)
		e.Gone = append(e.Gone, b.subjects()...)
	}); err != nil {
		return e, err
	}
	if err := forget(ctx, tx, consignments); err != nil {
		return e, err
	}
	for _, query := range []string{
		`delete from cargo_filing where consignment in (:keys)`,
		`delete from cargo_thread where consignment in (:keys)`,
		`delete from cargo_referral where consignment in (:keys)`,
		`delete from cargo_question where consignment in (:keys)`,
		`delete from cargo_sample where consignment in (:keys)`,
		`delete from cargo_under where consignment in (:keys)`,
		`delete from cargo_consignment where id in (:keys)`,
	} {
		if _, err := store.ExecKeys(ctx, tx, query, consignments); err != nil {
			return e, err
		}
	}
	_, err = store.ExecKeys(ctx, tx, `delete from cargo_shipment where id in (:keys)`, e.Records)
	return e, err
}

// forget takes consignments out of what is known of their parties; a party of whom nothing else is known goes.
func forget(ctx context.Context, tx store.Tx, consignments []string) error {
	filings, err := filingsOf(ctx, tx, consignments)
	if err != nil {
		return err
	}
	var vs []uint64
	for _, list := range filings {
		for i := range list {
			if said := list[i].Said; said != nil {
				valuesOf(said).each(func(v, _, _ uint64) { vs = append(vs, v) })
			}
		}
	}
	known, err := recall(ctx, tx, vs)
	if err != nil {
		return err
	}
	var gone []int64
	var left []uint64
	for _, v := range slices.Sorted(maps.Keys(known)) {
		k := known[v]
		k.Recent = slices.DeleteFunc(k.Recent, func(s sent) bool { return slices.Contains(consignments, s.ID) })
		if len(k.Recent) == 0 {
			gone = append(gone, int64(v)) //nolint:gosec // the same bits
			continue
		}
		left = append(left, v)
	}
	if _, err := store.ExecKeys(ctx, tx, `delete from cargo_known where value in (:keys)`, gone); err != nil {
		return err
	}
	_, err = replaceKnown.Exec(ctx, tx, known.rows(left))
	return err
}
