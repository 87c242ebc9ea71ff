package collection

import (
	"context"
	"database/sql"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/rihla/rihla/formats/stix"
	"github.com/rihla/rihla/formats/taxii"
	"github.com/rihla/rihla/internal/store"
)

// changes is the counter of changes to collections and grants, so that nodes know when to read them again.
const changes = "taxii_collection"

// Collection is one collection.
type Collection struct {
	ID          string // a UUID; Create makes one
	Alias       string // another name for addresses
	Title       string
	Description string
	Specs       []string // versions of STIX it takes; none is 2.1
	Unmarked    stix.TLP // what an object without a TLP counts as; Unmarked is AMBER+STRICT
	Visible     bool     // those who may do nothing with it may know that it is there

	number int64 // its key in the other tables
}

func (c *Collection) media() []string {
	media := make([]string, len(c.Specs))
	for i, spec := range c.Specs {
		media[i] = taxii.STIX(spec)
	}
	return media
}

var aliasForm = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._~-]{0,99}$`)

// Create makes a collection, in the caller's transaction.
func (s *Server) Create(ctx context.Context, tx store.Tx, c Collection) (Collection, error) {
	if c.ID == "" {
		c.ID = uuid.NewString()
	}
	if id, err := uuid.Parse(c.ID); err != nil || id.String() != c.ID {
		return c, fmt.Errorf("collection %q: its id is no UUID in lower case", c.ID)
	}
	if _, err := uuid.Parse(c.Alias); c.Alias != "" && (err == nil || !aliasForm.MatchString(c.Alias)) {
		return c, fmt.Errorf("collection %q: an alias has letters, digits and . _ ~ -, and is no UUID", c.Alias)
	}
	if c.Title == "" {
		return c, fmt.Errorf("collection %s: it has no title", c.ID)
	}
	if len(c.Specs) == 0 {
		c.Specs = []string{"2.1"}
	}
	for _, spec := range c.Specs {
		if !slices.Contains(specs[:], spec) {
			return c, fmt.Errorf("collection %s: STIX %q is not one of the versions there are: %s", c.ID, spec, strings.Join(specs[:], ", "))
		}
	}
	if c.Unmarked == stix.Unmarked {
		c.Unmarked = stix.AmberStrict
	}
	number, err := s.changed(ctx, tx)
	if err != nil {
		return c, err
	}
	c.number = number
	if _, err := tx.ExecContext(ctx, `insert into taxii_collection (id, number, alias, title, description, specs, unmarked, visible) values ($1, $2, $3, $4, $5, $6, $7, $8)`,
		c.ID, c.number, c.Alias, c.Title, c.Description, strings.Join(c.Specs, " "), int64(c.Unmarked), c.Visible); err != nil {
		if store.IsUnique(err) {
			return c, fmt.Errorf("collection %s: there is one of that id or alias already", c.ID)
		}
		return c, err
	}
	_, err = tx.ExecContext(ctx, "insert into taxii_head (collection, last, objects) values ($1, 0, 0)", c.number)
	return c, err
}

// Collections are all there are, by title.
func (s *Server) Collections(ctx context.Context, r store.Reader) (all []Collection, err error) {
	err = store.Rows(ctx, r, func(rows *sql.Rows) error {
		var c Collection
		var specs string
		var unmarked int64
		err := rows.Scan(&c.ID, &c.number, &c.Alias, &c.Title, &c.Description, &specs, &unmarked, &c.Visible)
		c.Specs, c.Unmarked = strings.Fields(specs), stix.TLP(unmarked) //nolint:gosec // written from one
		all = append(all, c)
		return err
	}, "select id, number, alias, title, description, specs, unmarked, visible from taxii_collection order by title, id")
	return all, err
}

// Count is how many objects a collection holds, every version counted, and the date_added of its newest.
func (s *Server) Count(ctx context.Context, r store.Reader, id string) (objects, last int64, err error) {
	c, err := s.find(ctx, r, id)
	if err != nil {
		return 0, 0, err
	}
	err = r.QueryRowContext(ctx, "select objects, last from taxii_head where collection = $1", c.number).Scan(&objects, &last)
	return objects, last, err
}

// rooms are the collections with their grants, as they stood at a count of changes.
type rooms struct {
	at     int64
	all    []*Collection
	named  map[string]*Collection // by id and alias
	grants map[string][]Grant     // by collection
}

// known are the collections as committed, a second ago at most. Reading them again costs nothing while nothing changed.
func (s *Server) known(ctx context.Context) (*rooms, error) {
	now := s.options.Clock()
	s.mu.Lock()
	kept, fresh := s.rooms, s.fresh
	good := kept != nil && now.Sub(s.looked) < knownFor && !now.Before(s.looked)
	s.mu.Unlock()
	if good {
		return kept, nil
	}
	at, err := store.LastNumber(ctx, s.store.Read(), changes)
	if err != nil {
		return nil, err
	}
	if kept == nil || kept.at != at {
		if kept, err = s.readRooms(ctx, s.store.Read()); err != nil {
			return nil, err
		}
		kept.at = at // what changed since is read again
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fresh == fresh {
		s.rooms, s.looked = kept, now
	}
	return kept, nil
}

// changed makes every node read the collections again, and this one at once.
func (s *Server) changed(ctx context.Context, tx store.Tx) (int64, error) {
	tx.After(func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.fresh++
		s.looked = time.Time{}
	})
	return store.NextNumber(ctx, tx, changes, 1)
}

func (s *Server) readRooms(ctx context.Context, r store.Reader) (*rooms, error) {
	all, err := s.Collections(ctx, r)
	if err != nil {
		return nil, err
	}
	now := &rooms{named: map[string]*Collection{}, grants: map[string][]Grant{}}
	for i := range all {
		c := &all[i]
		now.all = append(now.all, c)
		now.named[c.ID] = c
		if c.Alias != "" {
			now.named[c.Alias] = c
		}
	}
	grants, err := readGrants(ctx, r, "")
	for _, g := range grants {
		now.grants[g.Collection] = append(now.grants[g.Collection], g)
	}
	return now, err
}

// find is a collection by its id, for those who act for the house.
func (s *Server) find(ctx context.Context, r store.Reader, id string) (*Collection, error) {
	s.mu.Lock()
	var c *Collection
	if s.rooms != nil {
		c = s.rooms.named[id] // what a collection is never changes
	}
	s.mu.Unlock()
	if c != nil && c.ID == id {
		return c, nil
	}
	now, err := s.readRooms(ctx, r)
	if err != nil {
		return nil, err
	}
	if c = now.named[id]; c == nil {
		return nil, fmt.Errorf("there is no collection %q", id)
	}
	return c, nil
}
