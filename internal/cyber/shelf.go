package cyber

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"slices"

	"github.com/rihla/rihla/formats/stix"
	"github.com/rihla/rihla/internal/audit"
	"github.com/rihla/rihla/internal/cyber/collection"
	"github.com/rihla/rihla/internal/jobs"
	"github.com/rihla/rihla/internal/pipeline"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/store"
)

// Serve gives the room its collections, before its routes are asked for. They were opened with the room's Added. Without
// them STIX objects are not kept and no TAXII is served.
func (d *Domain) Serve(s *collection.Server) { d.taxii = s }

// homeAlias is the collection that a node begins with: what is filed here is kept there.
const homeAlias = "exchange"

// home is the id of the collection that keeps what is filed; empty where there is none.
func (d *Domain) home(ctx context.Context, r store.Reader) (string, error) {
	if d.taxii == nil {
		return "", nil
	}
	all, err := d.taxii.Collections(ctx, r)
	if err != nil || len(all) == 0 {
		return "", err
	}
	if at := slices.IndexFunc(all, func(c collection.Collection) bool { return c.Alias == homeAlias }); at >= 0 {
		return all[at].ID, nil
	}
	return all[0].ID, nil
}

// keep puts the objects of a report into the collection they belong to, and sightings into those whence the indicators came.
func (c *change) keep(ctx context.Context, tx store.Tx) error {
	if c.d.taxii == nil {
		return nil
	}
	if len(c.objects) > 0 && c.home != "" {
		if _, err := c.d.taxii.Add(ctx, tx, c.home, c.source, c.objects); err != nil {
			return err
		}
	}
	if len(c.sightings) == 0 {
		return nil
	}
	backs := c.backs()
	for _, id := range keysOf(backs) {
		if id == "" {
			continue
		}
		told := []string{id}
		objects := backs[id]
		for _, o := range objects {
			told = append(told, o.Text("sighting_of_ref"))
		}
		if us := c.d.identityObject(stix.Clear); us != nil {
			objects = append([]*stix.Object{us}, objects...)
		}
		if _, err := c.d.taxii.Add(ctx, tx, id, c.d.owner, objects); err != nil {
			return err
		}
		if err := audit.Record(ctx, tx, audit.Entry{Actor: Name, Action: "sighting.tell", Report: c.report.ID, Touched: told}); err != nil {
			return err
		}
	}
	return nil
}

// followJob hears what came into a collection by TAXII.
const followJob = Name + ".follow"

type followBody struct {
	Collection string `json:"collection"`
}

// Added is for the collections: called in every transaction in which somebody adds objects by TAXII, it has them heard.
func (d *Domain) Added(ctx context.Context, tx store.Tx, collection string) error {
	body, err := json.Marshal(followBody{collection})
	if err != nil {
		return err
	}
	return jobs.Schedule(ctx, tx, jobs.Job{ID: d.ids.ID("cyber-follow", collection), Kind: followJob, Due: tx.Now(), Body: body})
}

// atOnce is how many objects of a collection are heard in one transaction.
const atOnce = 500

// follow hears the next objects of a collection, by the code that hears reports; each is its giver's.
func (d *Domain) follow(ctx context.Context, tx store.Tx, j jobs.Job) (pipeline.Effects, error) {
	var e pipeline.Effects
	var b followBody
	if err := json.Unmarshal(j.Body, &b); err != nil || d.taxii == nil {
		return e, err
	}
	var after int64
	err := tx.QueryRowContext(ctx, `select after from cyber_followed where collection = $1`, b.Collection).Scan(&after)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return e, err
	}
	of := map[string][]*stix.Object{} // by giver
	n := 0
	err = d.taxii.After(ctx, tx, b.Collection, after, atOnce, func(s collection.Stored) error {
		n++
		after = s.Added
		if s.By == d.owner { // our own sightings
			return nil
		}
		switch s.Type {
		case "indicator", "sighting", "opinion", "incident", "relationship", "marking-definition":
			if o, f := stix.ReadObject(s.Raw); f == nil && o.Accepted() {
				of[s.By] = append(of[s.By], o)
			}
		}
		return nil
	})
	if err != nil {
		return e, err
	}
	for _, by := range keysOf(of) {
		p := d.plan(tx, by, "")
		p.collection = b.Collection
		p.objects(of[by])
		p.c.objects = nil // they are there
		if err := p.fold(ctx); err != nil {
			return e, err
		}
		if err := p.c.settle(); err != nil {
			return e, err
		}
		heard, err := p.c.Write(ctx, tx)
		if err != nil {
			return e, err
		}
		e.Due = append(append(e.Due, heard.Due...), subjectsOf(p.c.screen)...)
		e.Events, e.Jobs = append(e.Events, heard.Events...), append(e.Jobs, heard.Jobs...)
	}
	if _, err := tx.ExecContext(ctx, `insert into cyber_followed (collection, after) values ($1, $2) on conflict (collection) do update set after = excluded.after`, b.Collection, after); err != nil {
		return e, err
	}
	if n == atOnce {
		j.Due = tx.Now()
		e.Jobs = append(e.Jobs, jobs.Job{ID: j.ID, Kind: j.Kind, Due: j.Due, Body: j.Body})
	}
	return e, nil
}

func subjectsOf(screened []screening.Screened) []screening.ID {
	out := make([]screening.ID, len(screened))
	for i := range screened {
		out[i] = screened[i].Subject.ID
	}
	return out
}
