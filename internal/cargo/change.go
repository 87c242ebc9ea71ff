package cargo

import (
	"cmp"
	"context"
	"hash/fnv"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/rihla/rihla/formats/cargoimp"
	"github.com/rihla/rihla/internal/casework"
	"github.com/rihla/rihla/internal/intake"
	"github.com/rihla/rihla/internal/pipeline"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/store"
)

// change is what one report changes, worked out on what was stored.
type change struct {
	d         *Domain
	report    intake.Report
	messages  []said
	shipments map[string]*shipping // by master
	said      memory               // what the report adds to what is known of parties and addresses
	known     memory               // what is known with it
	outside   outside
	under     [][]any
	screen    []screening.Screened
	due       []screening.ID
}

var _ pipeline.Weighing = (*change)(nil)

// Subjects are those that what was filed concerns.
func (c *change) Subjects() []screening.Screened { return c.screen }

// Weigh notes what was found of whom.
func (c *change) Weigh(found []screening.Finding) {
	by := map[string][]string{}
	for i := range found {
		id := holderOf(found[i].Subject)
		by[id] = append(by[id], keyOfFinding(&found[i]))
	}
	for _, s := range c.shipments {
		for _, k := range s.touched {
			k.found = by[k.id]
		}
	}
}

// keyOfFinding names a finding among those of a consignment: who, by what.
func keyOfFinding(f *screening.Finding) string {
	return strings.TrimPrefix(string(f.Subject), strings.TrimSuffix(holderOf(f.Subject), "0")) + " " + f.Engine + " " + f.Matched
}

// Write writes it all, or answers [pipeline.ErrConflict] when a shipment has moved since it was read.
func (c *change) Write(ctx context.Context, tx store.Tx) (pipeline.Effects, error) {
	w := &writing{change: c, tx: tx, effects: pipeline.Effects{Due: slices.Clone(c.due)}}
	if err := w.settle(ctx); err != nil {
		return w.effects, err
	}
	if err := w.rows(); err != nil {
		return w.effects, err
	}
	n, err := insertShipment.Exec(ctx, tx, w.ships)
	if err != nil {
		return w.effects, err
	}
	if int(n) != len(w.ships) {
		return w.effects, pipeline.ErrConflict
	}
	if stands, err := c.outside.stands(ctx, tx); err != nil || !stands {
		return w.effects, cmp.Or(err, pipeline.ErrConflict)
	}
	for _, into := range []struct {
		*store.Insert
		rows [][]any
	}{{insertFiling, w.filings}, {insertConsignment, w.consignments}, {insertUnder, dedupe(c.under, 0, 2)}, {insertSample, w.samples}} {
		if _, err := into.Exec(ctx, tx, into.rows); err != nil {
			return w.effects, err
		}
	}
	if err := c.said.keep(ctx, tx, c.known); err != nil {
		return w.effects, err
	}
	if err := w.thread(ctx); err != nil {
		return w.effects, err
	}
	w.answer()
	tx.After(w.keep)
	return w.effects, nil
}

// writing is a change on its way into the store. It is made anew for each attempt.
type writing struct {
	*change
	tx           store.Tx
	effects      pipeline.Effects
	standing     map[string]Standing // of consignments, as they will be
	notices      map[string][]string
	ships        [][]any
	filings      [][]any
	consignments [][]any
	samples      [][]any
}

// settle moves the standings: houses first, for masters follow them.
func (w *writing) settle(ctx context.Context) error {
	inHand, err := w.inHand(ctx)
	if err != nil {
		return err
	}
	w.standing, w.notices = map[string]Standing{}, map[string][]string{}
	for _, s := range w.shipments {
		load := s.now
		load.Complete = 0
		states := map[string]string{}
		for house, b := range s.brief {
			states[house] = b.standing.State
		}
		for _, house := range s.order {
			if house != "" {
				states[house] = w.assess(s.touched[house], inHand, false)
			}
		}
		for house, b := range s.brief {
			if house != "" && !b.gone && states[house] == Complete {
				load.Complete++
			}
		}
		if k := s.touched[""]; k != nil {
			w.assess(k, inHand, s.waits(load))
		}
	}
	return nil
}

// waits says of a master that its houses are not all there, or not all assessed.
func (s *Shipment) waits(l Load) bool {
	return s.consolidates(l) && (!s.whole(l) || l.Complete < l.Houses)
}

func (w *writing) assess(k *consigned, inHand map[string]bool, waits bool) string {
	st := k.now
	if !k.seen && len(k.fresh) == 0 && st.State == Referred { // what was found of it still stands
		w.standing[k.id] = st
		return st.State
	}
	codes := st.assess(assessment{
		fresh: len(k.fresh) > 0, new: k.stored && k.news(), cancelled: k.picture.Cancelled, missing: len(k.picture.Missing) > 0, waits: waits,
		found: k.found, held: inHand[k.id], now: w.tx.Now(),
	})
	if len(k.fresh) > 0 {
		receipt := cargoimp.Received
		if len(k.errors()) > 0 {
			receipt = errorsTold
		}
		st.receive(w.tx.Now(), w.report.Filer.Name, receipt)
	}
	st.tell(w.tx.Now(), "", codes...)
	if slices.Contains(codes, cargoimp.Complete) && w.d.picked(k.id) {
		w.samples = append(w.samples, []any{k.id, store.Micros(w.tx.Now()), sampleOpen, ""})
	}
	w.standing[k.id], w.notices[k.id] = st, codes
	return st.State
}

// inHand tells of which of the consignments that were referred somebody has a case in hand: what is found no longer does
// not take it from them.
func (w *writing) inHand(ctx context.Context) (map[string]bool, error) {
	var ids []screening.ID
	for _, s := range w.shipments {
		for _, k := range s.touched {
			if k.was.State == Referred {
				ids = append(ids, subjectsOf(k.id)...)
			}
		}
	}
	held := map[string]bool{}
	if len(ids) == 0 {
		return held, nil
	}
	cases, err := casework.OfSubjects(ctx, w.tx, ids)
	for id, of := range cases {
		for _, c := range of {
			if c.State != casework.Open && c.State != casework.Closed {
				held[holderOf(id)] = true
			}
		}
	}
	return held, err
}

// rows makes the rows.
func (w *writing) rows() error {
	for _, m := range slices.Sorted(maps.Keys(w.shipments)) {
		s := w.shipments[m]
		w.ships = append(w.ships, s.made)
		w.effects.Due = append(w.effects.Due, s.due...)
		w.effects.Touched = append(w.effects.Touched, s.ID)
		for _, house := range s.order {
			k := s.touched[house]
			w.filings = append(w.filings, k.filed...)
			w.effects.Gone = append(w.effects.Gone, k.gone()...)
			st := w.standing[k.id]
			if len(k.fresh) == 0 && st.equal(&k.was) {
				continue
			}
			row, err := k.row(s.ID, &st)
			if err != nil {
				return err
			}
			w.consignments = append(w.consignments, row)
			w.effects.Touched = append(w.effects.Touched, k.id)
			w.effects.Events = append(w.effects.Events, pipeline.Event{Name: "consignment", ID: k.id, Counts: map[string]int{st.State: 1}})
		}
	}
	return nil
}

func (s *Standing) equal(o *Standing) bool {
	return s.State == o.State && s.Hold == o.Hold && len(s.Told) == len(o.Told) && s.Answered.Equal(o.Answered)
}

func (s *Shipment) row(version int64) ([]any, error) {
	body, err := jsonText(s)
	if err != nil {
		return nil, err
	}
	return []any{s.ID, version, s.Master, s.Origin, s.Destination, s.leg().departure(), s.leg().Date, store.Micros(s.ahead(s.Heard)), body}, nil
}

// bodies makes what of the rows no transaction has to wait for.
func (c *change) bodies() (err error) {
	for _, s := range c.shipments {
		if s.made, err = s.row(s.Version + 1); err != nil {
			return err
		}
		for _, k := range s.touched {
			if len(k.fresh) == 0 {
				continue
			}
			if k.body, err = jsonText(k.picture); err != nil {
				return err
			}
			for i := range k.fresh {
				body, err := jsonText(&k.fresh[i])
				if err != nil {
					return err
				}
				k.filed = append(k.filed, []any{k.id, k.fresh[i].ID, body})
			}
		}
	}
	return nil
}

func (k *consigned) row(shipment string, st *Standing) (row []any, err error) {
	body := k.body
	if body == "" { // a master that moves with its houses
		if body, err = jsonText(k.picture); err != nil {
			return nil, err
		}
	}
	standing, err := jsonText(st)
	if err != nil {
		return nil, err
	}
	c := k.picture
	return []any{k.id, shipment, k.key.House, st.State, st.Hold, digest(body), c.Pieces, c.Grams, c.Cancelled, c.roles(), c.folded(), standing, body}, nil
}

// digest tells two texts apart. It guards nothing.
func digest(text string) int64 {
	h := fnv.New64a()
	_, _ = io.WriteString(h, text) // never fails
	return int64(h.Sum64() >> 1)   //nolint:gosec // fits a signed column
}

// dedupe keeps the last row of each key, made of two columns: one statement may not name a key twice.
func dedupe(rows [][]any, a, b int) [][]any {
	at := make(map[[2]any]int, len(rows))
	kept := rows[:0:0]
	for _, r := range rows {
		key := [2]any{r[a], r[b]}
		if i, ok := at[key]; ok {
			kept[i] = r
			continue
		}
		at[key] = len(kept)
		kept = append(kept, r)
	}
	return kept
}
