package post

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/rihla/rihla/internal/audit"
	"github.com/rihla/rihla/internal/sharing/envelope"
	"github.com/rihla/rihla/internal/sharing/ledger"
	"github.com/rihla/rihla/internal/store"
)

// keysBody is what a KEYS message says: all keys of the sender's authority, with when each holds.
type keysBody struct {
	JWKS envelope.KeySet `json:"jwks"`
}

// Rotate has the next keys of an authority of ours come into use in seven days instead of at the end of their quarter, and
// makes those after them. Partners are told at once, under the current key.
func (o *Office) Rotate(ctx context.Context, actor, id string) error {
	return o.changeKeys(ctx, actor, id, "partner.keys.rotate", func(ctx context.Context, tx store.Tx, a *authority) error {
		return o.bringForward(ctx, tx, a, tx.Now().Add(announcedFor))
	})
}

// Revoke ends a key of ours at once. Messages signed by it from now on are refused by whoever heard of it; the next key
// comes into use.
func (o *Office) Revoke(ctx context.Context, actor, id, kid string) error {
	return o.changeKeys(ctx, actor, id, "partner.keys.revoke", func(ctx context.Context, tx store.Tx, a *authority) error {
		for _, k := range a.keys {
			if k.ID != kid {
				continue
			}
			if !k.RevokedAt.IsZero() {
				return fmt.Errorf("key %s was revoked at %s", kid, k.RevokedAt.UTC().Format(time.RFC3339))
			}
			if _, err := tx.ExecContext(ctx, "update post_key set revoked_at = $1 where authority = $2 and kid = $3", store.Micros(tx.Now()), a.id, kid); err != nil {
				return err
			}
			return o.bringForward(ctx, tx, a, tx.Now())
		}
		return fmt.Errorf("%s has no key %s", id, kid)
	})
}

// bringForward has the keys that are next hold from an instant, and makes new next ones.
func (o *Office) bringForward(ctx context.Context, tx store.Tx, a *authority, from time.Time) error {
	from = from.UTC().Truncate(time.Second)
	if _, err := tx.ExecContext(ctx, "update post_key set valid_from = $1 where authority = $2 and valid_from > $1 and revoked_at = 0", store.Micros(from), a.id); err != nil {
		return err
	}
	return o.newKeys(ctx, tx, a.id, from.Add(keyLife))
}

func (o *Office) changeKeys(ctx context.Context, actor, id, action string, change func(context.Context, store.Tx, *authority) error) error {
	return o.store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		g, err := o.readRing(ctx, tx)
		if err != nil {
			return err
		}
		a := g.authorities[id]
		if a == nil || !a.party.own {
			return fmt.Errorf("%q is no authority of ours", id)
		}
		if err := change(ctx, tx, a); err != nil {
			return err
		}
		if err := audit.Record(ctx, tx, audit.Entry{Actor: actor, Role: "administrator", Action: action, Touched: []string{id}}); err != nil {
			return err
		}
		if err := o.changed(ctx, tx); err != nil {
			return err
		}
		return o.tellKeys(ctx, tx, actor, id)
	})
}

// tellKeys sends the keys of an authority of ours, as they now stand, to every partner.
func (o *Office) tellKeys(ctx context.Context, tx store.Tx, actor, id string) error {
	g, err := o.readRing(ctx, tx)
	if err != nil {
		return err
	}
	body, err := json.Marshal(keysBody{g.authorities[id].set(tx.Now())})
	if err != nil {
		return err
	}
	for _, p := range g.parties {
		if p.own {
			continue
		}
		for _, to := range p.authorities {
			if _, err := o.send(ctx, tx, g, Draft{Type: envelope.Keys, From: id, To: to.id, Body: body, Urgent: true}); err != nil {
				return err
			}
		}
		step := ledger.Step{Kind: ledger.Keyed, Partner: p.id, Direction: ledger.Out, Code: id}
		if err := ledger.Record(ctx, tx, actor, "administrator", step); err != nil {
			return err
		}
	}
	return nil
}

// learnKeys takes a KEYS message: keys of its own sender, and of nobody else.
func (o *Office) learnKeys(ctx context.Context, tx store.Tx, m Message) error {
	var body keysBody
	if err := json.Unmarshal(m.Body, &body); err != nil {
		return errors.Join(errUnfit, err)
	}
	g, err := o.readRing(ctx, tx)
	if err != nil {
		return err
	}
	a := g.authorities[m.Header.From]
	if a == nil {
		return nil // the partner is gone
	}
	for _, k := range body.JWKS.Keys {
		if of, _, known := g.keyOf(a.party, k.ID); known && of != a {
			return fmt.Errorf("%w: key %s is %s's", errUnfit, k.ID, of.id)
		} else if !known && k.ValidFrom.Before(m.Header.Issued.Add(announcedFor-time.Minute)) {
			return fmt.Errorf("%w: key %s would hold from %s, less than seven days after it was told", errUnfit, k.ID, k.ValidFrom.UTC().Format(time.RFC3339))
		}
		if err := saveKey(ctx, tx, a.id, k, nil); err != nil {
			return err
		}
	}
	step := ledger.Step{Kind: ledger.Keyed, Partner: a.party.id, Direction: ledger.In, Message: m.Header.ID, Code: a.id}
	if err := ledger.Record(ctx, tx, actorPost, "", step); err != nil {
		return err
	}
	return o.changed(ctx, tx)
}

// keepKeys does what a quarter brings: keys whose time comes within the announcement are told, the next ones made.
func (o *Office) keepKeys(ctx context.Context) error {
	g, err := o.now(ctx)
	if err != nil || g.own == nil {
		return err
	}
	at := o.clock()
	for _, a := range g.own.authorities {
		last := a.keys[len(a.keys)-1] // by use, then time: the newest signing key
		if last.ValidFrom.Sub(at) >= announcedFor {
			continue
		}
		err := o.changeKeys(ctx, actorPost, a.id, "partner.keys.rotate", func(ctx context.Context, tx store.Tx, a *authority) error {
			newest := a.keys[len(a.keys)-1].ValidFrom
			if newest.Sub(tx.Now()) >= announcedFor {
				return nil // another node was quicker
			}
			return o.newKeys(ctx, tx, a.id, later(newest, tx.Now()).Add(keyLife))
		})
		if err != nil {
			return err
		}
	}
	if err := o.destroyKeys(ctx, g, at); err != nil {
		return err
	}
	if g.leaf.until.Sub(at) >= leafRenew {
		return nil
	}
	return o.store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		roots, err := o.certificates(ctx, tx, true)
		if err != nil || len(roots) == 0 {
			return err
		}
		if err := o.renewLeaf(ctx, tx, g.own.id, g.own.url, roots[0], tx.Now()); err != nil {
			return err
		}
		return o.changed(ctx, tx)
	})
}

// destroyKeys destroys private parts that nothing can need any more: what was signed by them, or encrypted to them, is
// past its acceptance, and what is kept at rest is not sealed by them.
func (o *Office) destroyKeys(ctx context.Context, g *ring, at time.Time) error {
	of := map[string]string{}
	for _, a := range g.own.authorities {
		for _, k := range a.keys {
			if _, have := g.private[k.ID]; have && !k.succeeded.IsZero() && at.After(k.succeeded.Add(acceptAfter)) {
				of[k.ID] = a.id
			}
		}
	}
	if len(of) == 0 {
		return nil
	}
	return o.store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		for kid, authority := range of {
			if _, err := tx.ExecContext(ctx, "update post_key set private = $1 where authority = $2 and kid = $3", []byte{}, authority, kid); err != nil {
				return err
			}
			step := ledger.Step{Kind: ledger.Keyed, Partner: g.own.id, Direction: ledger.Out, Code: authority, Reason: "private key " + kid + " was destroyed"}
			if err := ledger.Record(ctx, tx, actorPost, "", step); err != nil {
				return err
			}
		}
		return o.changed(ctx, tx)
	})
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
