package sharing

import (
	"context"
	"time"

	"github.com/rihla/rihla/internal/sharing/agreement"
	"github.com/rihla/rihla/internal/sharing/ledger"
	"github.com/rihla/rihla/internal/store"
)

// Arrival is what a partner gave or answered under an agreement, for the domain that can use it: only what the agreement let
// in, for one purpose, until its last day.
type Arrival struct {
	Record    string // its id: what is kept of it is dropped by this
	Agreement string
	Share     string
	Category  string
	Purpose   string
	Thread    string
	CaseRef   string // of the thread, as whoever began it wrote it
	Partner   string // the partner's authority
	Reference string
	TLP       string         // its marking
	Values    map[string]any // by the catalogue's names
	EraseAt   time.Time
}

// arrived tells the domain of a record that came.
func (r *Room) arrived(ctx context.Context, tx store.Tx, c *Record, share *agreement.Share, caseRef string, values map[string]any) error {
	switch {
	case c.Direction != ledger.In:
		return nil
	case r.o.Arrived == nil:
		return nil
	}
	return r.o.Arrived(ctx, tx, Arrival{
		Record: c.ID, Agreement: c.Agreement, Share: c.Share, Category: share.Category, Purpose: c.Purpose, Thread: c.Thread, CaseRef: caseRef, Partner: c.Partner,
		Reference: c.Reference, TLP: c.TLP, Values: values, EraseAt: c.EraseAt,
	})
}

// dropped tells the domain that a record is no more what it was.
func (r *Room) dropped(ctx context.Context, tx store.Tx, c *Record) error {
	if c.Direction != ledger.In {
		return nil
	}
	share, err := r.shareOf(ctx, tx, c)
	switch {
	case err != nil || share == nil:
		return err
	case isListed(share.Category):
		return r.unlist(ctx, tx, c, share.Category)
	case r.o.Erased == nil:
		return nil
	}
	return r.o.Erased(ctx, tx, share.Category, []string{c.ID})
}

// again tells the domain of a record that stands, with what it says now.
func (r *Room) again(ctx context.Context, tx store.Tx, c *Record) error {
	v, known, err := r.shelf.of(ctx, tx, c.Agreement, c.digest)
	if err != nil || !known || c.Direction != ledger.In {
		return err
	}
	share, known := v.Share(c.Share)
	switch {
	case !known:
		return nil
	case isListed(share.Category): // the entry is replaced, and with it whatever was found by it
		return r.list(ctx, tx, v, share, []Record{*c})
	}
	if err := r.dropped(ctx, tx, c); err != nil {
		return err
	}
	t, err := threadByID(ctx, tx, c.Thread)
	if err != nil {
		return err
	}
	return r.arrived(ctx, tx, c, share, t.CaseRef, c.Values)
}

// shareOf is the share a record came under, in the version of its day; nil where that is no longer held.
func (r *Room) shareOf(ctx context.Context, rd store.Reader, c *Record) (*agreement.Share, error) {
	v, known, err := r.shelf.of(ctx, rd, c.Agreement, c.digest)
	if err != nil || !known {
		return nil, err
	}
	share, known := v.Share(c.Share)
	if !known {
		return nil, nil
	}
	return share, nil
}

// Released is what of a domain's own left under an agreement.
type Released struct {
	Agreement string
	Share     string
	Category  string
	Thread    string
	Partner   string
	Ref       string // as the domain's item names it
	Fields    []string
	By        string // who let it out
}

// left tells the domain that something of its own is on its way to the partner.
func (r *Room) left(ctx context.Context, tx store.Tx, t *Thread, share *agreement.Share, ref string, fields []string, by string) error {
	if r.o.Released == nil || ref == "" {
		return nil
	}
	return r.o.Released(ctx, tx, Released{
		Agreement: t.Agreement, Share: t.Share, Category: share.Category, Thread: t.ID, Partner: t.Partner, Ref: ref, Fields: fields, By: by,
	})
}
