package pipeline

import (
	"context"
	"slices"

	"github.com/rihla/rihla/internal/sharing"
	"github.com/rihla/rihla/internal/store"
)

// Arrived has the domain that speaks of a category use what a partner gave.
func (p *Pipeline) Arrived(ctx context.Context, tx store.Tx, a sharing.Arrival) error {
	d, receiver := p.receiver(a.Category)
	if receiver == nil {
		return nil
	}
	var e Effects
	if err := safely(func() (err error) { e, err = receiver.Arrived(ctx, tx, a); return err }); err != nil {
		return err
	}
	return p.caused(ctx, tx, d.Name(), "exchange.use", e)
}

// Erased has the domain that speaks of a category drop what it kept of records.
func (p *Pipeline) Erased(ctx context.Context, tx store.Tx, category string, records []string) error {
	_, receiver := p.receiver(category)
	if receiver == nil {
		return nil
	}
	return receiver.Erased(ctx, tx, records)
}

// receiver is the domain that uses what is received of a category, if any does.
func (p *Pipeline) receiver(category string) (Domain, Receiver) {
	for _, d := range p.Domains {
		r, ok := d.(Receiver)
		if !ok {
			continue
		}
		for _, item := range r.Items() {
			if slices.Contains(item.Categories(), category) {
				return d, r
			}
		}
	}
	return nil, nil
}
