package post

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"time"

	"github.com/rihla/rihla/internal/audit"
	"github.com/rihla/rihla/internal/sharing/envelope"
	"github.com/rihla/rihla/internal/store"
)

// How keys change.
const (
	announcedFor = 7 * 24 * time.Hour  // a new key is told this long before it is used
	keyLife      = 90 * 24 * time.Hour // then its successor comes into use
)

var nameForm = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,62}$`)

// OwnCard makes this node's card, or changes it: its address, and authorities that it did not have. What a new one needs
// is made with it: a root and a leaf for the machine, and two pairs of keys an authority, current and next.
func (o *Office) OwnCard(ctx context.Context, actor string, c Card) (Card, error) {
	if err := checkNames(c); err != nil {
		return Card{}, err
	}
	err := o.store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		now := tx.Now()
		g, err := o.readRing(ctx, tx)
		if err != nil {
			return err
		}
		if p := g.parties[c.Party]; p != nil && !p.own {
			return fmt.Errorf("%s is a partner's name", c.Party)
		}
		if g.own != nil && g.own.id != c.Party {
			return fmt.Errorf("this node is %s, and stays so: partners know it by that", g.own.id)
		}
		roots, err := o.ownMachine(ctx, tx, g, c, now)
		if err != nil {
			return err
		}
		if c.Country == "" {
			c.Country = o.options.Home
		}
		if err := saveParty(ctx, tx, c.Party, true, c.Country, c.URL, roots, now); err != nil {
			return err
		}
		have := 0
		if g.own != nil {
			have = len(g.own.authorities)
		}
		for _, a := range c.Authorities {
			if known := g.authorities[a.ID]; known != nil {
				if !known.party.own {
					return fmt.Errorf("%s is an authority of %s", a.ID, known.party.id)
				}
				continue
			}
			if err := o.newAuthority(ctx, tx, c.Party, a.ID, have, now); err != nil {
				return err
			}
			have++
		}
		if err := audit.Record(ctx, tx, audit.Entry{Actor: actor, Role: "administrator", Action: "partner.card", Touched: []string{c.Party}}); err != nil {
			return err
		}
		return o.changed(ctx, tx)
	})
	if err != nil {
		return Card{}, err
	}
	made, _, err := o.Own(ctx)
	return made, err
}

func checkNames(c Card) error {
	if !nameForm.MatchString(c.Party) {
		return fmt.Errorf("party %.60q: lower-case letters, digits and hyphens, at most 63", c.Party)
	}
	if len(c.Authorities) == 0 {
		return errors.New("a card names at least one authority")
	}
	for _, a := range c.Authorities {
		if !nameForm.MatchString(a.ID) {
			return fmt.Errorf("authority %.60q: lower-case letters, digits and hyphens, at most 63", a.ID)
		}
	}
	if c.URL == "" {
		return nil
	}
	if u, err := url.Parse(c.URL); err != nil || u.Scheme != "https" || u.Host == "" || u.RawQuery != "" || u.Fragment != "" {
		return fmt.Errorf("url %.100q: https://host:port, or nothing for a party that only pulls", c.URL)
	}
	return nil
}

// ownMachine sees to it that there is a root and a leaf for the card's address, and answers the roots.
func (o *Office) ownMachine(ctx context.Context, tx store.Tx, g *ring, c Card, now time.Time) ([]string, error) {
	roots, err := o.certificates(ctx, tx, true)
	if err != nil {
		return nil, err
	}
	if len(roots) == 0 {
		root, err := newRoot(c.Party, now)
		if err != nil {
			return nil, err
		}
		if err := o.keepCertificate(ctx, tx, root, now); err != nil {
			return nil, err
		}
		roots = append(roots, root)
	}
	if g.leaf.Leaf == nil || g.own == nil || g.own.url != c.URL {
		if err := o.renewLeaf(ctx, tx, c.Party, c.URL, roots[0], now); err != nil {
			return nil, err
		}
	}
	var texts []string
	for _, root := range roots {
		texts = append(texts, root.pem)
	}
	return texts, nil
}

// renewLeaf makes a new leaf under the older root, which every partner has pinned; leaves that ended go.
func (o *Office) renewLeaf(ctx context.Context, tx store.Tx, party, address string, root *certified, now time.Time) error {
	fresh, err := newLeaf(party, address, root, now)
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, "delete from post_certificate where root = $1 and until < $2", false, store.Micros(now)); err != nil {
		return err
	}
	return o.keepCertificate(ctx, tx, fresh, now)
}

// NewRoot adds a root beside the one there is, to be told to partners with the card; once all have it, DropRoot ends the
// older.
func (o *Office) NewRoot(ctx context.Context, actor string) (Card, error) {
	return o.changeRoots(ctx, actor, "partner.root.new", func(ctx context.Context, tx store.Tx, p *party, roots []*certified, now time.Time) ([]*certified, error) {
		if len(roots) > 1 {
			return nil, errors.New("there are two roots already: drop the older first")
		}
		root, err := newRoot(p.id, now)
		if err != nil {
			return nil, err
		}
		return append(roots, root), o.keepCertificate(ctx, tx, root, now)
	})
}

// DropRoot ends the older of two roots, and shows a leaf of the newer from now on.
func (o *Office) DropRoot(ctx context.Context, actor string) (Card, error) {
	return o.changeRoots(ctx, actor, "partner.root.drop", func(ctx context.Context, tx store.Tx, p *party, roots []*certified, now time.Time) ([]*certified, error) {
		if len(roots) < 2 {
			return nil, errors.New("there is one root only: make a new one first, and give partners the card")
		}
		if _, err := tx.ExecContext(ctx, "delete from post_certificate where serial = $1", roots[0].serial); err != nil {
			return nil, err
		}
		return roots[1:], o.renewLeaf(ctx, tx, p.id, p.url, roots[1], now)
	})
}

func (o *Office) changeRoots(ctx context.Context, actor, action string,
	change func(context.Context, store.Tx, *party, []*certified, time.Time) ([]*certified, error),
) (Card, error) {
	err := o.store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		g, err := o.readRing(ctx, tx)
		if err != nil {
			return err
		}
		if g.own == nil {
			return errNoCard
		}
		roots, err := o.certificates(ctx, tx, true)
		if err != nil {
			return err
		}
		if roots, err = change(ctx, tx, g.own, roots, tx.Now()); err != nil {
			return err
		}
		var texts []string
		for _, root := range roots {
			texts = append(texts, root.pem)
		}
		if err := saveParty(ctx, tx, g.own.id, true, g.own.country, g.own.url, texts, tx.Now()); err != nil {
			return err
		}
		if err := audit.Record(ctx, tx, audit.Entry{Actor: actor, Role: "administrator", Action: action, Touched: []string{g.own.id}}); err != nil {
			return err
		}
		return o.changed(ctx, tx)
	})
	if err != nil {
		return Card{}, err
	}
	c, _, err := o.Own(ctx)
	return c, err
}

func (o *Office) newAuthority(ctx context.Context, tx store.Tx, party, id string, place int, now time.Time) error {
	if err := saveAuthority(ctx, tx, party, id, place); err != nil {
		return err
	}
	for _, from := range []time.Time{now, now.Add(keyLife)} {
		if err := o.newKeys(ctx, tx, id, from); err != nil {
			return err
		}
	}
	return nil
}

// newKeys makes a pair of keys that come into use at an instant.
func (o *Office) newKeys(ctx context.Context, tx store.Tx, authority string, from time.Time) error {
	for _, generate := range []func() (envelope.Private, error){envelope.GenerateSigning, envelope.GenerateEncryption} {
		private, err := generate()
		if err != nil {
			return err
		}
		sealed, err := o.sealPrivate(private)
		if err != nil {
			return err
		}
		public := private.Public()
		public.ValidFrom = from.UTC().Truncate(time.Second)
		if err := saveKey(ctx, tx, authority, public, sealed); err != nil {
			return err
		}
	}
	return nil
}

var (
	insertParty = store.NewInsert("post_party", []string{"party", "own", "country", "url", "roots", "changed"},
		"on conflict (party) do update set country = excluded.country, url = excluded.url, roots = excluded.roots, changed = excluded.changed")
	insertAuthority = store.NewInsert("post_authority", []string{"authority", "party", "place"}, "on conflict (authority) do update set place = excluded.place")
	insertKey       = store.NewInsert("post_key", []string{"authority", "kid", "purpose", "public", "private", "valid_from", "revoked_at"},
		`on conflict (authority, kid) do update set valid_from = excluded.valid_from,
			revoked_at = case when post_key.revoked_at = 0 then excluded.revoked_at else post_key.revoked_at end`)
)

func saveParty(ctx context.Context, tx store.Tx, id string, own bool, country, url string, roots []string, now time.Time) error {
	text, err := json.Marshal(roots)
	if err != nil {
		return err
	}
	_, err = insertParty.Exec(ctx, tx, [][]any{{id, own, country, url, string(text), store.Micros(now)}})
	return err
}

func saveAuthority(ctx context.Context, tx store.Tx, party, id string, place int) error {
	_, err := insertAuthority.Exec(ctx, tx, [][]any{{id, party, place}})
	return err
}

// saveKey keeps a key. Of one that is there already only its times change, and what is revoked stays so.
func saveKey(ctx context.Context, tx store.Tx, authority string, k envelope.Key, private []byte) error {
	from, revoked := k.ValidFrom, k.RevokedAt
	k.ValidFrom, k.RevokedAt = time.Time{}, time.Time{}
	text, err := json.Marshal(k)
	if err != nil {
		return err
	}
	if private == nil {
		private = []byte{}
	}
	_, err = insertKey.Exec(ctx, tx, [][]any{{authority, k.ID, k.Use, string(text), private, store.Micros(from), store.Micros(revoked)}})
	return err
}

// Own answers this node's card, if it has one.
func (o *Office) Own(ctx context.Context) (Card, bool, error) {
	g, err := o.now(ctx)
	if err != nil || g.own == nil {
		return Card{}, false, err
	}
	return g.own.card(o.clock()), true, nil
}

func (p *party) card(at time.Time) Card {
	c := Card{Party: p.id, Country: p.country, URL: p.url, Roots: slices.Clone(p.roots)}
	for _, a := range p.authorities {
		c.Authorities = append(c.Authorities, CardAuthority{a.id, a.set(at)})
	}
	return c
}

// Trust takes a partner's card, given by hand, or takes a newer one of it: whoever trusts has compared it with what the
// partner read out. Keys of the older card stay, with what the new one says of them.
func (o *Office) Trust(ctx context.Context, actor string, c Card) error {
	if err := checkNames(c); err != nil {
		return err
	}
	if len(c.Roots) == 0 || len(c.Roots) > 2 {
		return fmt.Errorf("card of %s: one root, or two while they change", c.Party)
	}
	if _, err := rootPool(c.Roots); err != nil {
		return fmt.Errorf("card of %s: %w", c.Party, err)
	}
	return o.store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		g, err := o.readRing(ctx, tx)
		if err != nil {
			return err
		}
		if err := g.mayTrust(c); err != nil {
			return err
		}
		now := tx.Now()
		if err := saveParty(ctx, tx, c.Party, false, c.Country, c.URL, c.Roots, now); err != nil {
			return err
		}
		for place, a := range c.Authorities {
			if err := saveAuthority(ctx, tx, c.Party, a.ID, place); err != nil {
				return err
			}
			for _, k := range a.JWKS.Keys {
				if err := saveKey(ctx, tx, a.ID, k, nil); err != nil {
					return err
				}
			}
		}
		if err := audit.Record(ctx, tx, audit.Entry{Actor: actor, Role: "administrator", Action: "partner.trust", Touched: []string{c.Party}}); err != nil {
			return err
		}
		if err := o.announce(ctx, tx, c.Party); err != nil {
			return err
		}
		return o.changed(ctx, tx)
	})
}

// mayTrust refuses a card that would take what is another's.
func (g *ring) mayTrust(c Card) error {
	if p := g.parties[c.Party]; p != nil && p.own {
		return fmt.Errorf("%s is this node itself", c.Party)
	}
	for _, p := range g.parties {
		if p.id == c.Party {
			continue
		}
		for _, root := range c.Roots {
			if slices.Contains(p.roots, root) {
				return fmt.Errorf("card of %s: its root is already that of %s", c.Party, p.id)
			}
		}
	}
	kids := map[string]bool{}
	for _, a := range c.Authorities {
		if known := g.authorities[a.ID]; known != nil && known.party.id != c.Party {
			return fmt.Errorf("card of %s: %s is an authority of %s", c.Party, a.ID, known.party.id)
		}
		uses := map[string]bool{}
		for _, k := range a.JWKS.Keys {
			if kids[k.ID] {
				return fmt.Errorf("card of %s: two keys have the id %s", c.Party, k.ID)
			}
			kids[k.ID], uses[k.Use] = true, true
		}
		if len(uses) != 2 {
			return fmt.Errorf("card of %s: %s needs a key to sign and a key to encrypt to", c.Party, a.ID)
		}
	}
	return nil
}
