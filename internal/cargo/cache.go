package cargo

import (
	"context"
	"database/sql"
	"maps"
	"slices"
	"sync"

	"github.com/rihla/rihla/internal/store"
)

// cachedConsignments bounds how many consignments are held in brief, at some hundred bytes each.
const cachedConsignments = 200_000

// held is a shipment as last written: what the next report of it is planned on.
type held struct {
	ship   *Shipment
	brief  map[string]*brief
	master *Consignment // nil where the master is not filed
}

// cache holds shipments as last written, so that the next house of a master need not read all the others. It is only ever
// used after the stored version was asked for and found equal: another process may write. What it holds nobody touches.
type cache struct {
	mu    sync.Mutex
	held  map[string]*held
	count int
}

func newCache() *cache { return &cache{held: map[string]*held{}} }

func (c *cache) get(id string, version int64) *held {
	c.mu.Lock()
	defer c.mu.Unlock()
	if h := c.held[id]; h != nil && h.ship.Version == version {
		return h
	}
	return nil
}

// put keeps a shipment that was committed. What must go to make room is picked at random: forwarders file in turn, and
// whoever drops the least recent then drops just what comes next.
func (c *cache) put(h *held) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if old := c.held[h.ship.ID]; old != nil {
		if old.ship.Version >= h.ship.Version {
			return
		}
		c.count -= len(old.brief)
	}
	c.held[h.ship.ID] = h
	c.count += len(h.brief)
	for id, old := range c.held {
		if c.count <= cachedConsignments {
			break
		}
		if id != h.ship.ID {
			delete(c.held, id)
			c.count -= len(old.brief)
		}
	}
}

// take reads the shipments a report speaks of: from memory where what is held is what is stored. within tells of which the
// master lies in another.
func (c *change) take(ctx context.Context, r store.Reader) error {
	byID := make(map[string]*shipping, len(c.shipments))
	for _, s := range c.shipments {
		byID[s.ID] = s
	}
	var strange []string
	err := store.ForKeys(ctx, r, `select s.id, s.version, (select count(*) from cargo_under u where u.master = s.master), (select count(*) from cargo_partner p where p.master = s.master) from cargo_shipment s where s.id in (:keys)`,
		slices.Sorted(maps.Keys(byID)), func(rows *sql.Rows) error {
			var id string
			var version int64
			var within, warned int
			if err := rows.Scan(&id, &version, &within, &warned); err != nil {
				return err
			}
			s := byID[id]
			s.known, s.within, s.warned = true, within > 0, warned > 0
			h := c.d.kept.get(id, version)
			if h == nil {
				strange = append(strange, id)
				return nil
			}
			ship := *h.ship
			s.Shipment, s.before, s.brief, s.master = &ship, ship, maps.Clone(h.brief), h.master
			return nil
		})
	if err != nil || len(strange) == 0 {
		return err
	}
	stored, err := shipmentsBy(ctx, r, strange)
	if err != nil {
		return err
	}
	for id, old := range stored {
		byID[id].Shipment, byID[id].before = old, *old
	}
	return briefs(ctx, r, strange, func(b *brief) { byID[b.shipment].brief[b.house] = b })
}

// keep holds what was committed, for the next report of these shipments.
func (w *writing) keep() {
	for _, s := range w.shipments {
		ship := *s.Shipment
		ship.Version++
		h := &held{ship: &ship, brief: maps.Clone(s.brief), master: s.master}
		for house, k := range s.touched {
			b := *h.brief[house]
			b.standing = w.standing[k.id]
			h.brief[house] = &b
			if house == "" {
				h.master = k.picture
			}
		}
		w.d.kept.put(h)
	}
}
