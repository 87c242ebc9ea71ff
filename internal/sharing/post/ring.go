package post

import (
	"context"
	"crypto/x509"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/rihla/rihla/internal/sharing/envelope"
	"github.com/rihla/rihla/internal/store"
)

// ringCounter counts changes of parties and keys, so that every node and command sees another's.
const ringCounter = "post_ring"

// acceptAfter is how long a signing key is taken after its successor came into use.
const acceptAfter = 30 * 24 * time.Hour

// ring is who is who, as of one moment: it is read whole and replaced whole.
type ring struct {
	version     int64
	own         *party // nil until there is a card
	parties     map[string]*party
	authorities map[string]*authority
	private     map[string]envelope.Private // ours, by kid
	leaf        leaf
}

type party struct {
	id, country, url string
	own              bool
	roots            []string // PEM
	pool             *x509.CertPool
	authorities      []*authority
}

type authority struct {
	id    string
	party *party
	keys  []held // by use, then by the instant they hold from
}

// held is a key and when its successor came into use.
type held struct {
	envelope.Key
	succeeded time.Time
}

// now answers the ring, read again when it changed in the store.
func (o *Office) now(ctx context.Context) (*ring, error) {
	version, err := store.LastNumber(ctx, o.store.Read(), ringCounter)
	if err != nil {
		return nil, err
	}
	o.mu.RLock()
	r := o.ring
	o.mu.RUnlock()
	if r != nil && r.version == version {
		return r, nil
	}
	err = o.store.Snapshot(ctx, func(ctx context.Context, reader store.Reader) error {
		r, err = o.readRing(ctx, reader)
		return err
	})
	if err != nil {
		return nil, err
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.ring == nil || o.ring.version < r.version {
		o.ring = r
	}
	return o.ring, nil
}

// seen is the ring as last read: no question to the store, for what must be quick.
func (o *Office) seen() *ring {
	o.mu.RLock()
	defer o.mu.RUnlock()
	return o.ring
}

// changed counts a change of the ring in the caller's transaction.
func (o *Office) changed(ctx context.Context, tx store.Tx) error {
	_, err := store.NextNumber(ctx, tx, ringCounter, 1)
	tx.Notify(topicRing)
	return err
}

func (o *Office) readRing(ctx context.Context, r store.Reader) (*ring, error) {
	g := &ring{parties: map[string]*party{}, authorities: map[string]*authority{}, private: map[string]envelope.Private{}}
	var err error
	if g.version, err = store.LastNumber(ctx, r, ringCounter); err != nil {
		return nil, err
	}
	err = store.Rows(ctx, r, func(rows *sql.Rows) error {
		p := &party{}
		var roots string
		if err := rows.Scan(&p.id, &p.own, &p.country, &p.url, &roots); err != nil {
			return err
		}
		if err := json.Unmarshal([]byte(roots), &p.roots); err != nil {
			return fmt.Errorf("the roots of %s: %w", p.id, err)
		}
		if p.pool, err = rootPool(p.roots); err != nil {
			return fmt.Errorf("the roots of %s: %w", p.id, err)
		}
		g.parties[p.id] = p
		if p.own {
			g.own = p
		}
		return nil
	}, "select party, own, country, url, roots from post_party order by party")
	if err != nil {
		return nil, err
	}
	err = store.Rows(ctx, r, func(rows *sql.Rows) error {
		var id, of string
		if err := rows.Scan(&id, &of); err != nil {
			return err
		}
		if p := g.parties[of]; p != nil {
			a := &authority{id: id, party: p}
			p.authorities = append(p.authorities, a)
			g.authorities[id] = a
		}
		return nil
	}, "select authority, party from post_authority order by party, place")
	if err != nil {
		return nil, err
	}
	if err := o.readKeys(ctx, r, g); err != nil {
		return nil, err
	}
	g.leaf, err = o.readLeaf(ctx, r)
	return g, err
}

func (o *Office) readKeys(ctx context.Context, r store.Reader, g *ring) error {
	err := store.Rows(ctx, r, func(rows *sql.Rows) error {
		var id, public string
		var private []byte
		var from, revoked int64
		if err := rows.Scan(&id, &public, &private, &from, &revoked); err != nil {
			return err
		}
		var k held
		if err := json.Unmarshal([]byte(public), &k.Key); err != nil {
			return err
		}
		k.ValidFrom, k.RevokedAt = store.Time(from), store.Time(revoked)
		a := g.authorities[id]
		if a == nil {
			return nil
		}
		a.keys = append(a.keys, k)
		if len(private) == 0 {
			return nil
		}
		own, err := o.openPrivate(k.ID, private)
		if err != nil {
			return err
		}
		g.private[k.ID] = own
		return nil
	}, "select authority, public, private, valid_from, revoked_at from post_key order by authority, valid_from, kid")
	if err != nil {
		return err
	}
	for _, a := range g.authorities {
		a.order()
	}
	return nil
}

// order sorts the keys and notes which succeeded which. A revoked key has no successor's grace: RevokedAt ends it.
func (a *authority) order() {
	slices.SortStableFunc(a.keys, func(x, y held) int {
		if c := strings.Compare(x.Use, y.Use); c != 0 {
			return c
		}
		return x.ValidFrom.Compare(y.ValidFrom)
	})
	for i := range a.keys {
		a.keys[i].succeeded = time.Time{}
		for _, next := range a.keys[i+1:] {
			if next.Use == a.keys[i].Use && next.ValidFrom.After(a.keys[i].ValidFrom) {
				a.keys[i].succeeded = next.ValidFrom
				break
			}
		}
	}
}

// current is the newest key of a use that holds at an instant.
func (a *authority) current(use string, at time.Time) (envelope.Key, bool) {
	for i := len(a.keys) - 1; i >= 0; i-- {
		if k := a.keys[i]; k.Use == use && !k.ValidFrom.After(at) && (k.RevokedAt.IsZero() || at.Before(k.RevokedAt)) {
			return k.Key, true
		}
	}
	return envelope.Key{}, false
}

// set is what the authority publishes: every key that is, or will be, of use.
func (a *authority) set(at time.Time) envelope.KeySet {
	var s envelope.KeySet
	for _, k := range a.keys {
		if k.succeeded.IsZero() || at.Before(k.succeeded.Add(acceptAfter)) {
			s.Keys = append(s.Keys, k.Key)
		}
	}
	return s
}

// signer is the key an authority of ours signs with at an instant.
func (g *ring) signer(id string, at time.Time) (envelope.Private, error) {
	a := g.authorities[id]
	if a == nil || !a.party.own {
		return envelope.Private{}, fmt.Errorf("%q is no authority of ours: rihla partner card names them", id)
	}
	k, ok := a.current(envelope.UseSignature, at)
	if !ok {
		return envelope.Private{}, fmt.Errorf("%s has no signing key that holds now", id)
	}
	return g.private[k.ID], nil
}

// keyOf finds a party's key by its id. Within a party ids are unique.
func (g *ring) keyOf(p *party, kid string) (*authority, held, bool) {
	for _, a := range p.authorities {
		for _, k := range a.keys {
			if k.ID == kid {
				return a, k, true
			}
		}
	}
	return nil, held{}, false
}

// holdsFor judges a signing key for a message of that instant.
func (k held) holdsFor(issued time.Time, skew time.Duration) *Refusal {
	switch {
	case !k.RevokedAt.IsZero() && !issued.Before(k.RevokedAt):
		return &Refusal{CodeRevoked, "its key was revoked at " + k.RevokedAt.UTC().Format(time.RFC3339)}
	case issued.Add(skew).Before(k.ValidFrom):
		return &Refusal{CodeNotYet, "its key holds from " + k.ValidFrom.UTC().Format(time.RFC3339)}
	case !k.succeeded.IsZero() && issued.After(k.succeeded.Add(acceptAfter)):
		return &Refusal{CodeSignature, "its key was succeeded on " + k.succeeded.UTC().Format(time.RFC3339)}
	}
	return nil
}

// PartyOf answers whose authority it is, and whether that is us.
func (o *Office) PartyOf(id string) (party string, own, known bool) {
	g := o.seen()
	if g == nil || g.authorities[id] == nil {
		return "", false, false
	}
	p := g.authorities[id].party
	return p.id, p.own, true
}

func (o *Office) openPrivate(name string, sealed []byte) (envelope.Private, error) {
	text, err := o.vault.private.Open(nil, nil, sealed, []byte(name))
	if err != nil {
		return envelope.Private{}, fmt.Errorf("private key %s: its sealed bytes were changed", name)
	}
	return envelope.UnmarshalPrivate(text)
}

func (o *Office) sealPrivate(k envelope.Private) ([]byte, error) {
	text, err := k.Marshal()
	if err != nil {
		return nil, err
	}
	return o.vault.private.Seal(nil, nil, text, []byte(k.ID)), nil
}

var errNoCard = errors.New("this node has no card yet: rihla partner card makes it")
