package collection

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/rihla/rihla/formats/stix"
	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/store"
)

// Grant lets somebody use a collection. Several grants to one user add up.
type Grant struct {
	Collection string // its id
	To         string // see Role, Partner and Named
	Read       bool
	Write      bool
	Delete     bool     // also needs Read and Write
	Ceiling    stix.TLP // reads nothing stricter; Unmarked reads nothing
	Agreement  string   // counts only while that is in force; empty counts always
}

// Role is the grantee that is everybody of a role.
func Role(r access.Role) string { return "role:" + string(r) }

// Partner is the grantee that is a partner state.
func Partner(state string) string { return "partner:" + state }

// Named is the grantee that is one principal: a filer, by the name of its keys.
func Named(name string) string { return "name:" + name }

var insertGrant = store.NewInsert("taxii_grant", []string{"collection", "grantee", "reads", "writes", "deletes", "ceiling", "agreement"},
	`on conflict (collection, grantee, agreement) do update set reads = excluded.reads, writes = excluded.writes, deletes = excluded.deletes, ceiling = excluded.ceiling`)

// Grant gives rights, or changes them, in the caller's transaction.
func (s *Server) Grant(ctx context.Context, tx store.Tx, grants ...Grant) error {
	for _, g := range grants {
		if g.Ceiling > stix.Red {
			return fmt.Errorf("grant to %s: there is no level %d of TLP", g.To, g.Ceiling)
		}
		if _, err := insertGrant.Exec(ctx, tx, [][]any{{g.Collection, g.To, g.Read, g.Write, g.Delete, int64(g.Ceiling), g.Agreement}}); err != nil {
			return err
		}
	}
	_, err := s.changed(ctx, tx)
	return err
}

// Revoke takes every grant of a collection from somebody, in the caller's transaction.
func (s *Server) Revoke(ctx context.Context, tx store.Tx, collection, to string) error {
	if _, err := tx.ExecContext(ctx, "delete from taxii_grant where collection = $1 and grantee = $2", collection, to); err != nil {
		return err
	}
	_, err := s.changed(ctx, tx)
	return err
}

// Grants are those of one collection.
func (s *Server) Grants(ctx context.Context, r store.Reader, collection string) ([]Grant, error) {
	return readGrants(ctx, r, "where collection = $1", collection)
}

func readGrants(ctx context.Context, r store.Reader, where string, args ...any) (all []Grant, err error) {
	err = store.Rows(ctx, r, func(rows *sql.Rows) error {
		var g Grant
		var ceiling int64
		err := rows.Scan(&g.Collection, &g.To, &g.Read, &g.Write, &g.Delete, &ceiling, &g.Agreement)
		g.Ceiling = stix.TLP(ceiling) //nolint:gosec // written from one
		all = append(all, g)
		return err
	}, "select collection, grantee, reads, writes, deletes, ceiling, agreement from taxii_grant "+where+" order by collection, grantee, agreement", args...)
	return all, err
}

// rights are what one user may do with one collection.
type rights struct {
	read, write, delete bool
	ceiling             stix.TLP
}

func (r rights) none() bool { return !r.read && !r.write }

// outside are the roles of those who are not this state. What is TLP:RED is for named persons of it.
var outside = []access.Role{access.Partner, access.Filer}

// rightsOf adds up what a user was granted.
func (s *Server) rightsOf(ctx context.Context, who access.Principal, grants []Grant) (sum rights, err error) {
	for _, g := range grants {
		if !isTo(g.To, who) {
			continue
		}
		if g.Agreement != "" {
			if s.options.InForce == nil {
				continue
			}
			if in, err := s.options.InForce(ctx, s.store.Read(), g.Agreement); err != nil {
				return rights{}, err
			} else if !in {
				continue
			}
		}
		if g.Read && g.Ceiling > stix.Unmarked {
			sum.read, sum.ceiling = true, max(sum.ceiling, g.Ceiling)
		}
		sum.write = sum.write || g.Write
		sum.delete = sum.delete || g.Delete && g.Read && g.Write
	}
	if who.Is(outside...) {
		sum.ceiling = min(sum.ceiling, stix.AmberStrict)
	}
	return sum, nil
}

func isTo(grantee string, who access.Principal) bool {
	return grantee == Role(who.Role) ||
		who.Role == access.Partner && who.Partner != "" && grantee == Partner(who.Partner) ||
		who.Name != "" && grantee == Named(who.Name)
}
