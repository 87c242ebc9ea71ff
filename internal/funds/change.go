package funds

import (
	"context"
	"database/sql"
	"encoding/json"
	"maps"
	"slices"

	"github.com/rihla/rihla/internal/intake"
	"github.com/rihla/rihla/internal/jobs"
	"github.com/rihla/rihla/internal/pipeline"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/store"
)

// change is what one report changes of what is held, worked out on what was stored.
type change struct {
	domain   *Domain
	report   intake.Report
	entries  []entryChange
	outdated []string // statements that a later one had replaced before they came
	parties  map[string]*partyChange
	screened []screening.Screened
	answers  []intake.Answer
	rows     rows
}

// entryChange is one thing before and after.
type entryChange struct {
	now, old *Entry // nil: goes; was not there
	same     bool   // said once more
}

// Subjects are the parties that changed, and what is to be triaged.
func (c *change) Subjects() []screening.Screened { return c.screened }

// Write writes it all, or answers [pipeline.ErrConflict] when something moved since it was read.
func (c *change) Write(ctx context.Context, tx store.Tx) (pipeline.Effects, error) {
	var e pipeline.Effects
	if err := c.held(ctx, tx); err != nil {
		return e, err
	}
	if err := c.writeEntries(ctx, tx); err != nil {
		return e, err
	}
	if err := c.writeParties(ctx, tx, &e); err != nil {
		return e, err
	}
	if err := c.tell(ctx, tx, &e); err != nil {
		return e, err
	}
	e.Answers = c.answers
	return e, nil
}

// held says whether what was only looked at is as it was: a facet that goes must not be said by somebody else meanwhile,
// and one that is taken for known must not have gone.
func (c *change) held(ctx context.Context, tx store.Tx) error {
	var known, losers []string
	for id, p := range c.parties {
		switch {
		case p.loses:
			losers = append(losers, id)
		case p.old != nil && !p.changed:
			known = append(known, id)
		}
	}
	slices.Sort(known)
	slices.Sort(losers)
	seen := 0
	err := store.ForKeys(ctx, tx, `select id, version from funds_party where id in (:keys)`, known, func(rows *sql.Rows) error {
		var id string
		var version int64
		if err := rows.Scan(&id, &version); err != nil {
			return err
		}
		if c.parties[id].old.version == version {
			seen++
		}
		return nil
	})
	if err != nil {
		return err
	}
	if seen != len(known) {
		return pipeline.ErrConflict
	}
	left, err := facetsLeft(ctx, tx, losers)
	if err != nil {
		return err
	}
	for _, id := range losers {
		p := c.parties[id]
		for h, n := range p.balance {
			_, stays := p.now.Facets[h]
			if n < 0 && stays != (left[id][h]+n > 0) {
				return pipeline.ErrConflict
			}
		}
	}
	return nil
}

// rows are made before any transaction is open: whoever writes, waits for nobody's JSON.
type rows struct {
	entries, parts, shared, parties [][]any
	gone, goneParties               []string
}

func (c *change) makeRows() error {
	for i := range c.entries {
		ec := &c.entries[i]
		if ec.now == nil {
			c.rows.gone = append(c.rows.gone, ec.old.ID)
			continue
		}
		row, err := ec.now.row()
		if err != nil {
			return err
		}
		c.rows.entries = append(c.rows.entries, row)
		if ec.same {
			continue
		}
		at := store.Micros(ec.now.At)
		seen := map[string]bool{}
		for j := range ec.now.Parts {
			p := &ec.now.Parts[j]
			if !seen[p.Party] { // of two roles of one party the first stands for it here; the entry tells both
				c.rows.parts = append(c.rows.parts, []any{p.Party, at, ec.now.ID, string(ec.now.Kind), p.facet()})
			}
			seen[p.Party] = true
		}
		if ec.now.State != Refused {
			for _, v := range ec.now.shared() {
				c.rows.shared = append(c.rows.shared, []any{v, at, ec.now.ID})
			}
		}
	}
	for _, id := range slices.Sorted(maps.Keys(c.parties)) {
		p := c.parties[id]
		switch {
		case len(p.now.Facets) == 0:
			if p.old != nil {
				c.rows.goneParties = append(c.rows.goneParties, id)
			}
		case p.changed:
			body, err := json.Marshal(p.now)
			if err != nil {
				return err
			}
			c.rows.parties = append(c.rows.parties, []any{id, p.now.version + 1, p.now.Kind, p.merged.folded(), string(body), int64(0)})
		}
	}
	return nil
}

func (c *change) writeEntries(ctx context.Context, tx store.Tx) error {
	for i := range c.entries {
		if ec := &c.entries[i]; ec.old != nil && !ec.same {
			if err := forget(ctx, tx, ec.old); err != nil {
				return err
			}
		}
	}
	n, err := insertEntry.Exec(ctx, tx, c.rows.entries)
	if err != nil {
		return err
	}
	if int(n) != len(c.rows.entries) {
		return pipeline.ErrConflict
	}
	if _, err := store.ExecKeys(ctx, tx, `delete from funds_entry where id in (:keys)`, c.rows.gone); err != nil {
		return err
	}
	if _, err := insertPart.Exec(ctx, tx, c.rows.parts); err != nil {
		return err
	}
	_, err = insertShared.Exec(ctx, tx, c.rows.shared)
	return err
}

// forget takes away what points to an entry as it was.
func forget(ctx context.Context, tx store.Tx, old *Entry) error {
	at := store.Micros(old.At)
	for _, party := range old.others() {
		if _, err := tx.ExecContext(ctx, `delete from funds_part where party = $1 and happened = $2 and entry = $3`, party, at, old.ID); err != nil {
			return err
		}
	}
	for _, v := range old.shared() {
		if _, err := tx.ExecContext(ctx, `delete from funds_shared where value = $1 and happened = $2 and entry = $3`, v, at, old.ID); err != nil {
			return err
		}
	}
	return nil
}

func (c *change) writeParties(ctx context.Context, tx store.Tx, e *pipeline.Effects) error {
	if len(c.rows.parties) > 0 {
		moved, err := store.NextNumber(ctx, tx, countMoved, 1)
		if err != nil {
			return err
		}
		for _, row := range c.rows.parties {
			row[len(row)-1] = moved
		}
	}
	n, err := insertParty.Exec(ctx, tx, c.rows.parties)
	if err != nil {
		return err
	}
	if int(n) != len(c.rows.parties) {
		return pipeline.ErrConflict
	}
	for _, id := range c.rows.goneParties {
		e.Gone = append(e.Gone, screening.ID(id))
	}
	if len(c.rows.goneParties) > 0 {
		if _, err := store.NextNumber(ctx, tx, countGone, 1); err != nil {
			return err
		}
	}
	_, err = store.ExecKeys(ctx, tx, `delete from funds_party where id in (:keys)`, c.rows.goneParties)
	return err
}

// tell adds what the change causes: whom to look at again now that money moved, clocks, what pages hear.
func (c *change) tell(ctx context.Context, tx store.Tx, e *pipeline.Effects) error {
	var due set[screening.ID]
	for i := range c.entries {
		ec := &c.entries[i]
		if ec.now == nil {
			e.Touched = append(e.Touched, ec.old.ID)
			c.stir(&due, ec.old)
			if ec.old.Kind == Reported {
				e.Gone = append(e.Gone, screening.ID(ec.old.ID))
			}
			continue
		}
		e.Touched = append(e.Touched, ec.now.ID)
		if ec.same {
			continue
		}
		if ec.now.Kind != Payment { // a file of payments tells of thousands: the report leads to them
			e.Touched = append(e.Touched, ec.now.others()...)
		}
		c.stir(&due, ec.now)
		if ec.old != nil {
			c.stir(&due, ec.old)
		}
		e.Events = append(e.Events, pipeline.Event{Name: string(ec.now.Kind), ID: ec.now.ID})
		e.Jobs = append(e.Jobs, c.clocks(tx, ec.now)...)
	}
	neighbours, err := c.neighbours(ctx, tx)
	if err != nil {
		return err
	}
	due.add(neighbours...)
	e.Due = append(e.Due, slices.DeleteFunc(due.values, func(id screening.ID) bool { return slices.Contains(e.Gone, id) })...)
	return nil
}

// stir says whom one entry concerns: a party heard of more than once, whose movements may now add up to something, and
// whoever one movement alone says something of.
func (c *change) stir(due *set[screening.ID], e *Entry) {
	alone := e.Kind != Payment || e.Moved.telling()
	for i := range e.Parts {
		id := e.Parts[i].Party
		if e.Parts[i].Role == Bank && len(e.Moved.Gaps) == 0 {
			continue // a bank is looked at when it left something out
		}
		if p := c.parties[id]; alone || p != nil && (p.old != nil || p.heard > 1) {
			due.add(screening.ID(id))
		}
	}
}

// mostNeighbours are looked at again because of one shared value: more share an address with nobody in particular.
const mostNeighbours = 200

// neighbours are the parties of other declarations that share a value with those that changed.
func (c *change) neighbours(ctx context.Context, tx store.Tx) ([]screening.ID, error) {
	var values set[string]
	for i := range c.entries {
		if ec := &c.entries[i]; !ec.same {
			for _, e := range []*Entry{ec.now, ec.old} {
				if e != nil && e.State != Refused {
					values.add(e.shared()...)
				}
			}
		}
	}
	if len(values.values) == 0 {
		return nil, nil
	}
	shared, err := entriesSharing(ctx, tx, values.values, mostNeighbours)
	if err != nil {
		return nil, err
	}
	var ids set[string]
	for _, v := range values.values {
		ids.add(shared[v]...)
	}
	entries, err := entriesOf(ctx, tx, ids.values)
	if err != nil {
		return nil, err
	}
	var out set[screening.ID]
	for _, id := range slices.Sorted(maps.Keys(entries)) {
		out.add(entries[id].subjects()...)
	}
	return out.values, nil
}

// clocks are those that begin with an entry.
func (c *change) clocks(tx store.Tx, e *Entry) []jobs.Job {
	if e.Kind == Declared && e.Declaration.Flight != "" {
		return []jobs.Job{c.domain.unlinkedAt(e, tx.Now())}
	}
	return nil
}
