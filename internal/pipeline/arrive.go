package pipeline

import (
	"context"
	"slices"

	"github.com/rihla/rihla/internal/sharing"
	"github.com/rihla/rihla/internal/store"
)

// Arrived has the domain that speaks of a category use what a partner gave.
func (p *Pipeline) Arrived(ctx context.Context, tx store.Tx, a sharing.Arrival) error {
	d := p.holder(a.Category)
	receiver, ok := d.(Receiver)
	if !ok {
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
	if receiver, ok := p.holder(category).(Receiver); ok {
		return receiver.Erased(ctx, tx, records)
	}
	return nil
}

// Released tells the domain that speaks of a category what of its own has left.
func (p *Pipeline) Released(ctx context.Context, tx store.Tx, r sharing.Released) error {
	d := p.holder(r.Category)
	releaser, ok := d.(Releaser)
	if !ok {
		return nil
	}
	var e Effects
	if err := safely(func() (err error) { e, err = releaser.Released(ctx, tx, r); return err }); err != nil {
		return err
	}
	return p.caused(ctx, tx, d.Name(), "exchange.leave", e)
}

// Turned tells the domain that speaks of a category how a question of its, or one put to it, stands now.
func (p *Pipeline) Turned(ctx context.Context, tx store.Tx, t sharing.Turn) error {
	d := p.holder(t.Category)
	asker, ok := d.(Asker)
	if !ok {
		return nil
	}
	var e Effects
	if err := safely(func() (err error) { e, err = asker.Turned(ctx, tx, t); return err }); err != nil {
		return err
	}
	return p.caused(ctx, tx, d.Name(), "exchange.turn", e)
}

// holder is the domain that speaks of a category; nil where none does.
func (p *Pipeline) holder(category string) Domain {
	for _, d := range p.Domains {
		s, ok := d.(Sharer)
		if !ok {
			continue
		}
		for _, item := range s.Items() {
			if slices.Contains(item.Categories(), category) {
				return d
			}
		}
	}
	return nil
}
