package dialogue

import (
	"context"
	"embed"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/audit"
	"github.com/rihla/rihla/internal/sharing/agreement"
	"github.com/rihla/rihla/internal/sharing/ledger"
	"github.com/rihla/rihla/internal/store"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Pact is an agreement in force, and which of its parties this side is.
type Pact struct {
	*agreement.Document
	Own string
}

// Outgoing is a REVIEW message to the partner of an agreement.
type Outgoing struct {
	Agreement string
	From, To  string // authorities: the chairs
	Urgent    bool
	Body      json.RawMessage
}

// Event tells live pages that something changed: names and counts only.
type Event struct {
	ID     string // the meeting, or the agreement of a report
	Counts map[string]int
}

// Options are what the room stands on.
type Options struct {
	// Shelf gives the agreements in force.
	Shelf func(context.Context, store.Reader) ([]Pact, error)
	// At, where there is one, gives the version of an agreement that was in force at an instant: a review goes by what held
	// then, also of an agreement that has ended.
	At func(ctx context.Context, r store.Reader, id string, at time.Time) (p Pact, known bool, err error)
	// Log makes a read durable before anything leaves, and knows the roots of the exchange log.
	Log interface {
		Read(context.Context, audit.Entry) error
		Root(ctx context.Context, log string, size int64) (tlog.Hash, error)
	}
	// Sign signs bytes for an authority of this side; Verify checks the partner's. Signatures are detached.
	Sign   func(ctx context.Context, authority string, text []byte) (jws string, err error)
	Verify func(ctx context.Context, authority string, text []byte, jws string) error
	// Send hands a message to the post, in the transaction that causes it.
	Send func(context.Context, store.Tx, Outgoing) error
	// Announce, where there is one, is called in the transaction that changes something.
	Announce func(context.Context, store.Tx, Event) error
	// Proposals, where there is one, gives the versions of an agreement that are under way.
	Proposals func(context.Context, store.Reader, string) ([]Proposal, error)
}

// Room is where the two sides meet.
type Room struct {
	st *store.Store
	o  Options
}

// Open brings the room's tables up to date and opens it.
func Open(ctx context.Context, st *store.Store, o Options) (*Room, error) {
	if o.Shelf == nil || o.Log == nil || o.Sign == nil || o.Verify == nil || o.Send == nil {
		return nil, errors.New("dialogue: the room needs a shelf, an audit log, a signer and the post")
	}
	if o.Announce == nil {
		o.Announce = func(context.Context, store.Tx, Event) error { return nil }
	}
	if o.At == nil {
		o.At = func(context.Context, store.Reader, string, time.Time) (Pact, bool, error) { return Pact{}, false, nil }
	}
	if o.Proposals == nil {
		o.Proposals = func(context.Context, store.Reader, string) ([]Proposal, error) { return nil, nil }
	}
	if err := st.Migrate(ctx, "dialogue", migrations); err != nil {
		return nil, err
	}
	return &Room{st: st, o: o}, nil
}

// partner is the other party of the pact.
func (p Pact) partner() string {
	for _, party := range p.Parties {
		if party.ID != p.Own {
			return party.ID
		}
	}
	return ""
}

// chairs are the authorities that chair the review, by party: as the agreement says, else each party's first.
func (p Pact) chairs() map[string]string {
	all := map[string]string{}
	for _, id := range p.Review.Chairs {
		if party, known := p.PartyOf(id); known && all[party.ID] == "" {
			all[party.ID] = id
		}
	}
	for _, party := range p.Parties {
		if all[party.ID] == "" && len(party.Authorities) > 0 {
			all[party.ID] = party.Authorities[0].ID
		}
	}
	return all
}

// has says whether an authority belongs to a party.
func (p Pact) has(party, authority string) bool {
	of, known := p.PartyOf(authority)
	return known && of.ID == party
}

// pacts finds agreements by their ids; they must all be with one partner.
func (r *Room) pacts(ctx context.Context, rd store.Reader, ids []string) ([]Pact, error) {
	shelf, err := r.o.Shelf(ctx, rd)
	if err != nil {
		return nil, err
	}
	if len(ids) == 0 {
		return nil, api.Errorf(api.Unprocessable, "a meeting is about at least one agreement: name it in agreements")
	}
	var found []Pact
	for _, id := range ids {
		i := slices.IndexFunc(shelf, func(p Pact) bool { return p.Metadata.ID == id })
		switch {
		case i < 0:
			return nil, noSuchAgreement(id)
		case len(found) > 0 && (shelf[i].partner() != found[0].partner() || shelf[i].Own != found[0].Own):
			return nil, api.Errorf(api.Unprocessable, "%s is with %s and %s with %s; a meeting has one partner", ids[0], found[0].partner(), id, shelf[i].partner())
		}
		found = append(found, shelf[i])
	}
	return found, nil
}

// pactAt is an agreement as it was in force at an instant.
func (r *Room) pactAt(ctx context.Context, rd store.Reader, id string, at time.Time) (Pact, error) {
	p, known, err := r.o.At(ctx, rd, id, at)
	if known || err != nil {
		return p, err
	}
	pacts, err := r.pacts(ctx, rd, []string{id})
	if err != nil {
		return Pact{}, err
	}
	return pacts[0], nil
}

// standing gives a meeting's agreements as they were in the period it looks at, and of one that is known no more its id.
func (r *Room) standing(ctx context.Context, rd store.Reader, m *Meeting) (known, all []Pact, err error) {
	span, err := ledger.Days{From: m.From, To: m.To}.Span()
	if err != nil {
		return nil, nil, err
	}
	for _, id := range m.Agreements {
		p, err := r.pactAt(ctx, rd, id, span.Until)
		switch {
		case err == nil:
			known, all = append(known, p), append(all, p)
		case errors.Is(err, &api.Error{Kind: api.NotFound}):
			all = append(all, Pact{Document: &agreement.Document{Metadata: agreement.Metadata{ID: id, Title: id}}, Own: m.Own})
		default:
			return nil, nil, err
		}
	}
	return known, all, nil
}

func noSuchAgreement(id string) error {
	return api.Errorf(api.NotFound, "no agreement %q is in force here; the list of agreements names those that are", id)
}

// saw records that somebody is about to read.
func (r *Room) saw(ctx context.Context, p access.Principal, action string, touched ...string) error {
	return r.o.Log.Read(ctx, audit.Entry{Actor: p.Name, Role: string(p.Role), Action: action, Touched: touched})
}

// did records what somebody did, and tells live pages, in the transaction that does it.
func (r *Room) did(ctx context.Context, tx store.Tx, p access.Principal, action, id string, touched ...string) error {
	if err := audit.Record(ctx, tx, audit.Entry{Actor: p.Name, Role: string(p.Role), Action: action, Touched: append([]string{id}, touched...)}); err != nil {
		return err
	}
	return r.o.Announce(ctx, tx, Event{ID: id, Counts: map[string]int{"changed": 1}})
}
