package collection

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/rihla/rihla/formats/fault"
	"github.com/rihla/rihla/formats/stix"
	"github.com/rihla/rihla/formats/taxii"
	"github.com/rihla/rihla/internal/store"
)

// pageBytes bounds a page: a server may give fewer than were asked for.
const pageBytes = 8 << 20

// blocksMost are the blocks read by one query.
const blocksMost = smallMost

// page is what a scan found.
type page struct {
	count       int
	first, last int64 // date_added
	more        bool
}

// span is where a body stands among those of its block.
type span struct{ from, to int }

// visitor takes what a scan finds.
type visitor struct {
	entry  func(*entry) error                        // each in its order; its own until that returns
	bodies func(squeezed []byte, spans []span) error // after the entries of a block; nil wants no bodies
}

// scan walks a collection in order after a date, and shows what a query admits: at most limit, and no more bytes than a
// page has. Where only is not nil, nothing but those dates (in order) is looked at.
func scan(ctx context.Context, r store.Reader, c *Collection, q *query, after int64, limit int, only []int64, v visitor) (p page, err error) {
	size, n := 0, min(limit/blockObjects+1, blocksMost) // mostly all it takes, with the one that tells whether more follow
	where, args := q.where()
	var scratch []byte
	var spans []span
	for {
		if only != nil {
			for len(only) > 0 && only[0] <= after {
				only = only[1:]
			}
			if len(only) == 0 {
				return p, nil
			}
			after, n = only[0]-1, 1
		}
		args[0], args[1], args[2] = c.number, after, int64(n)
		// A full page still has to know whether more follow. That needs no bodies.
		rows, err := readRows(ctx, r, v.bodies != nil && p.count < limit, where, args...)
		if err != nil || len(rows) == 0 {
			return p, err
		}
		var shadows map[int64]*shadow
		if q.shadowed() {
			if shadows, err = readShadows(ctx, r, c, after, rows[len(rows)-1].last); err != nil {
				return p, err
			}
		}
		for _, row := range rows {
			h, err := openHeads(row.heads, scratch)
			if err != nil {
				return p, err
			}
			scratch, spans = h.raw, spans[:0]
			for h.next() {
				if h.added <= after || only != nil && !among(only, h.added) || !q.admits(&h.entry, shadows[h.added]) {
					continue
				}
				if p.count == limit || size > pageBytes {
					p.more = true
					break
				}
				if size += h.to - h.from; p.count == 0 {
					p.first = h.added
				}
				p.count, p.last = p.count+1, h.added
				if v.entry != nil {
					if err := v.entry(&h.entry); err != nil {
						return p, err
					}
				}
				spans = append(spans, span{h.from, h.to})
			}
			if h.wrong() && !p.more {
				return p, errBlock
			}
			if v.bodies != nil && len(spans) > 0 {
				if err := v.bodies(row.bodies, spans); err != nil {
					return p, err
				}
			}
			if p.more {
				return p, nil
			}
			after = row.last
		}
		if only == nil && len(rows) < n {
			return p, nil
		}
		n = min(4*n, blocksMost)
	}
}

// among reports whether a date is one of some, which are in order.
func among(dates []int64, date int64) bool {
	_, found := slices.BinarySearch(dates, date)
	return found
}

// appendBodies appends the bodies at some spans of a block, with commas between. They are unpacked where they go, and
// what is not wanted among them is closed over.
func appendBodies(out, squeezed []byte, spans []span) ([]byte, error) {
	start := len(out)
	out, err := unsqueeze(out, squeezed)
	if err != nil {
		return out, err
	}
	if spans[len(spans)-1].to > len(out)-start {
		return out, errBlock
	}
	at := start
	for i := 0; i < len(spans); {
		from, to := spans[i].from, spans[i].to
		for i++; i < len(spans) && spans[i].from == to+1; i++ {
			to = spans[i].to
		}
		if at > start {
			out[at] = ','
			at++
		}
		at += copy(out[at:], out[start+from:start+to])
	}
	return out[:at], nil
}

// where chooses the blocks that may hold what is asked for, by what is known of a block without unpacking it.
func (q *query) where() (text string, args []any) {
	text = "where collection = $1 and last > $2"
	args = make([]any, 3, 4+len(q.kinds))
	and := func(condition string, arg any) string {
		args = append(args, arg)
		return condition + " $" + strconv.Itoa(len(args))
	}
	if q.ceiling < stix.Red {
		text += " and " + and("least <=", int64(q.ceiling))
	}
	if len(q.kinds) > 0 && len(q.kinds) <= kindsMost {
		var either []string
		for _, kind := range q.Types {
			either = append(either, and("types like", "% "+kind+" %")) // what _ and % let in besides, admits keeps out
		}
		text += " and (" + strings.Join(either, " or ") + ")"
	}
	return text + " order by last limit $3", args
}

// kindsMost are the types that are looked for in the store; who asks for more asks for most.
const kindsMost = 16

// row is a block as it is stored.
type row struct {
	last          int64
	heads, bodies []byte
}

func readRows(ctx context.Context, r store.Reader, bodies bool, where string, args ...any) (all []row, err error) {
	columns := "last, heads"
	if bodies {
		columns += ", bodies"
	}
	err = store.Rows(ctx, r, func(rows *sql.Rows) error {
		var at row
		to := []any{&at.last, &at.heads}
		if bodies {
			to = append(to, &at.bodies)
		}
		err := rows.Scan(to...)
		all = append(all, at)
		return err
	}, "select "+columns+" from taxii_block "+where, args...)
	return all, err
}

// readBlocks reads blocks whole.
func readBlocks(ctx context.Context, r store.Reader, each func(*block), where string, args ...any) error {
	rows, err := readRows(ctx, r, true, where, args...)
	if err != nil {
		return err
	}
	for _, at := range rows {
		b, err := unpack(at.heads, at.bodies)
		if err != nil {
			return err
		}
		each(b)
	}
	return nil
}

func readShadows(ctx context.Context, r store.Reader, c *Collection, after, to int64) (map[int64]*shadow, error) {
	var shadows map[int64]*shadow
	return shadows, store.Rows(ctx, r, func(rows *sql.Rows) error {
		var added int64
		var others []byte
		if err := rows.Scan(&added, &others); err != nil {
			return err
		}
		sh, err := unpackShadow(others)
		if shadows == nil {
			shadows = map[int64]*shadow{}
		}
		shadows[added] = &sh
		return err
	}, "select added, others from taxii_shadow where collection = $1 and added > $2 and added <= $3", c.number, after, to)
}

// blockOf finds the block and the place in it of what was added at a date.
func (s *Server) blockOf(ctx context.Context, r store.Reader, c *Collection, added int64) (b *block, at int, err error) {
	err = readBlocks(ctx, r, func(found *block) { b = found }, "where collection = $1 and last >= $2 order by last limit 1", c.number, added)
	if err != nil {
		return nil, 0, err
	}
	if b != nil {
		if at = slices.IndexFunc(b.entries, func(e entry) bool { return e.added == added }); at >= 0 {
			return b, at, nil
		}
	}
	return nil, 0, fmt.Errorf("collection %s: what was added at %s is not in its blocks", c.ID, taxii.Instant(added))
}

// Stored is one version of an object, as it is kept.
type Stored struct {
	Collection string
	ID, Type   string
	Version    string
	Spec       string
	Added      int64
	TLP        stix.TLP
	By         string // who gave it
	Raw        []byte // the object
}

func stored(c *Collection, e *entry, body []byte) Stored {
	return Stored{
		Collection: c.ID, ID: e.id(), Type: string(e.kind()), Version: e.text(), Spec: specs[e.spec], Added: e.added, TLP: e.level, By: e.by, Raw: body,
	}
}

// everything is what the house itself sees.
var everything = query{rights: rights{read: true, ceiling: stix.Red}, choice: taxii.Choice{All: true}, specs: []uint8{0, 1}}

// After hands out what was added after a date (0: from the beginning), every version, in the order it was added, at most
// n. Whoever goes on from the last one's Added misses nothing.
func (s *Server) After(ctx context.Context, r store.Reader, collection string, after int64, n int, each func(Stored) error) error {
	c, err := s.find(ctx, r, collection)
	if err != nil {
		return err
	}
	q := everything
	var found []Stored
	_, err = scan(ctx, r, c, &q, after, n, nil, visitor{
		entry: func(e *entry) error { found = append(found, stored(c, e, nil)); return nil },
		bodies: func(squeezed []byte, spans []span) error {
			all, err := unsqueeze(nil, squeezed)
			if err != nil || spans[len(spans)-1].to > len(all) {
				return cmp.Or(err, errBlock)
			}
			for i, at := range spans {
				found[i].Raw = all[at.from:at.to:at.to]
				if err := each(found[i]); err != nil {
					return err
				}
			}
			found = found[:0]
			return nil
		},
	})
	return err
}

// Get answers the newest version of an object.
func (s *Server) Get(ctx context.Context, r store.Reader, collection, id string) (o Stored, found bool, err error) {
	c, err := s.find(ctx, r, collection)
	if err != nil {
		return o, false, err
	}
	var newest *member
	if err := readMembers(ctx, r, c, [][]byte{packName(id)}, func(m *member) {
		if newest == nil || m.version > newest.version || m.version == newest.version && m.spec > newest.spec {
			newest = m
		}
	}); err != nil || newest == nil {
		return o, false, err
	}
	b, at, err := s.blockOf(ctx, r, c, newest.added)
	if err != nil {
		return o, false, err
	}
	return stored(c, &b.entries[at], b.body(at)), true, nil
}

// faultText is a fault as a status tells it: where, what, and how to mend it.
func faultText(f *fault.Fault) string {
	text := f.Place() + ": " + f.Message
	if f.Mend != "" {
		text += "; " + f.Mend
	}
	return text
}
