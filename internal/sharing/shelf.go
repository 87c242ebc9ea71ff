package sharing

import (
	"context"
	"database/sql"
	"slices"
	"sync"
	"time"

	"github.com/rihla/rihla/formats/country"
	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/sharing/agreement"
	"github.com/rihla/rihla/internal/sharing/envelope"
	"github.com/rihla/rihla/internal/sharing/post"
	"github.com/rihla/rihla/internal/store"
)

// The states of one version of an agreement, on this node.
const (
	proposed   = "proposed"   // by one side; not signed by both
	signed     = "signed"     // by both; its day has not come
	inForce    = "in force"   //
	superseded = "superseded" // a later version is in force; what was exchanged under this one keeps its duties
	ended      = "ended"      // expired
)

// Version is one version of an agreement as this node holds it.
type Version struct {
	*agreement.Agreement `json:"-"`
	Number               int         `json:"version"`
	Digest               string      `json:"digest"`
	State                string      `json:"state"`
	ProposedBy           string      `json:"proposed_by" doc:"The party"`
	ProposedAt           time.Time   `json:"proposed_at"`
	InForceAt            time.Time   `json:"in_force_at,omitzero"`
	EndedAt              time.Time   `json:"ended_at,omitzero"`
	Effective            string      `json:"effective"`
	Signatures           []Signature `json:"signatures"`
}

// Signature is one party's.
type Signature struct {
	Party     string    `json:"party"`
	Authority string    `json:"authority"`
	By        string    `json:"by,omitempty" doc:"The officer, on this side"`
	At        time.Time `json:"at"`
	jws       string
}

func (v *Version) signedBy(party string) bool {
	return slices.ContainsFunc(v.Signatures, func(s Signature) bool { return s.Party == party })
}

// shelf holds the agreements. What is in force is read from the store each time, for another process may change it; the
// documents themselves never change, and are kept as compiled.
type shelf struct {
	home     string // alpha-2
	mu       sync.Mutex
	compiled map[string]*agreement.Agreement // by digest
}

func newShelf(home string) *shelf {
	return &shelf{home: country.Alpha2(home), compiled: map[string]*agreement.Agreement{}}
}

// compile answers a document by its digest, compiling it the first time.
func (s *shelf) compile(digest string, text []byte) (*agreement.Agreement, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if a := s.compiled[digest]; a != nil {
		return a, nil
	}
	a, problems := agreement.Read(text)
	if a == nil {
		return nil, problems
	}
	s.compiled[digest] = a
	return a, nil
}

const versionColumns = "id, digest, version, state, body, proposed_by, proposed_at, in_force_at, ended_at"

func (s *shelf) scan(rows interface{ Scan(...any) error }) (Version, error) {
	var v Version
	var id string
	var body []byte
	var proposedAt, inForceAt, endedAt int64
	err := rows.Scan(&id, &v.Digest, &v.Number, &v.State, &body, &v.ProposedBy, &proposedAt, &inForceAt, &endedAt)
	if err != nil {
		return v, err
	}
	v.ProposedAt, v.InForceAt, v.EndedAt = store.Time(proposedAt), store.Time(inForceAt), store.Time(endedAt)
	v.Agreement, err = s.compile(v.Digest, body)
	if err == nil {
		v.Effective = v.Metadata.Effective.String()
	}
	return v, err
}

// versions gives those of one agreement, or of all, the newest version of each first.
func (s *shelf) versions(ctx context.Context, r store.Reader, id string) (out []Version, err error) {
	where, args := "", []any(nil)
	if id != "" {
		where, args = " where id = $1", []any{id}
	}
	err = store.Rows(ctx, r, func(rows *sql.Rows) error {
		v, err := s.scan(rows)
		out = append(out, v)
		return err
	}, "select "+versionColumns+" from sharing_agreement"+where+" order by id, version desc, proposed_at desc", args...)
	if err != nil {
		return nil, err
	}
	return out, s.signatures(ctx, r, out)
}

func (s *shelf) signatures(ctx context.Context, r store.Reader, versions []Version) error {
	for i := range versions {
		v := &versions[i]
		v.Signatures = []Signature{}
		err := store.Rows(ctx, r, func(rows *sql.Rows) error {
			var g Signature
			var at int64
			err := rows.Scan(&g.Party, &g.Authority, &g.jws, &g.By, &at)
			g.At = store.Time(at)
			v.Signatures = append(v.Signatures, g)
			return err
		}, "select party, authority, jws, signed_by, at from sharing_signature where agreement = $1 and digest = $2 order by party", v.Metadata.ID, v.Digest)
		if err != nil {
			return err
		}
	}
	return nil
}

// of gives one version by its digest.
func (s *shelf) of(ctx context.Context, r store.Reader, id, digest string) (Version, bool, error) {
	var found []Version
	err := store.Rows(ctx, r, func(rows *sql.Rows) error {
		v, err := s.scan(rows)
		found = append(found, v)
		return err
	}, "select "+versionColumns+" from sharing_agreement where id = $1 and digest = $2", id, digest)
	if err != nil || len(found) == 0 {
		return Version{}, false, err
	}
	return found[0], true, nil
}

// current gives the version that is in force.
func (s *shelf) current(ctx context.Context, r store.Reader, id string) (Version, bool, error) {
	var found []Version
	err := store.Rows(ctx, r, func(rows *sql.Rows) error {
		v, err := s.scan(rows)
		found = append(found, v)
		return err
	}, "select "+versionColumns+" from sharing_agreement where id = $1 and state = $2", id, inForce)
	if err != nil || len(found) == 0 {
		return Version{}, false, err
	}
	return found[0], true, nil
}

// mustCurrent is current, or a problem that says what there is instead.
func (s *shelf) mustCurrent(ctx context.Context, r store.Reader, id string) (Version, error) {
	v, found, err := s.current(ctx, r, id)
	if err != nil || found {
		return v, err
	}
	all, err := s.versions(ctx, r, id)
	switch {
	case err != nil:
		return v, err
	case len(all) == 0:
		return v, api.Errorf(api.NotFound, "there is no agreement %q", id)
	}
	return v, api.Errorf(api.Conflict, "agreement %s is not in force: version %d is %s", id, all[0].Number, all[0].State).With("code", "NOT_IN_FORCE")
}

var saveVersion = store.NewInsert("sharing_agreement",
	[]string{"id", "digest", "version", "state", "body", "proposed_by", "proposed_at", "in_force_at", "ended_at"},
	"on conflict (id, digest) do update set state = excluded.state, in_force_at = excluded.in_force_at, ended_at = excluded.ended_at")

func (v *Version) save(ctx context.Context, tx store.Tx) error {
	_, err := saveVersion.Exec(ctx, tx, [][]any{{
		v.Metadata.ID, v.Digest, int64(v.Number), v.State, v.Text, v.ProposedBy, store.Micros(v.ProposedAt), store.Micros(v.InForceAt), store.Micros(v.EndedAt),
	}})
	return err
}

var saveSignature = store.NewInsert("sharing_signature", []string{"agreement", "digest", "party", "authority", "jws", "signed_by", "at"},
	"on conflict (agreement, digest, party) do nothing")

// sides answers which party of an agreement this node belongs to, and which is the partner; ok is false where neither is
// this state.
func (s *shelf) sides(a *agreement.Agreement) (own, partner agreement.Party, ok bool) {
	own, ok = a.PartyIn(s.home)
	if !ok {
		return own, partner, false
	}
	for _, p := range a.Parties {
		if p.ID != own.ID {
			partner = p
		}
	}
	return own, partner, true
}

// speaker is the authority of a party that speaks for it in a matter: one of the agreement's chairs, else the first that
// has keys and serves one of the agreement's domains.
func speaker(a *agreement.Agreement, p agreement.Party) string {
	first := ""
	for _, authority := range p.Authorities {
		if authority.JWKS == "" {
			continue
		}
		if slices.Contains(a.Review.Chairs, authority.ID) {
			return authority.ID
		}
		if first == "" {
			first = authority.ID
		}
	}
	return first
}

func named(a *agreement.Agreement) envelope.Agreement {
	return envelope.Agreement{ID: a.Metadata.ID, Version: a.Metadata.Version, Digest: a.Digest}
}

// Held is an agreement in force, and which of its parties this state is.
type Held struct {
	*agreement.Agreement
	Own string
}

// InForce gives the agreements in force, suspended ones too.
func (r *Room) InForce(ctx context.Context, rd store.Reader) ([]Held, error) {
	all, err := r.shelf.versions(ctx, rd, "")
	var out []Held
	for _, v := range all {
		if own, _, ok := r.shelf.sides(v.Agreement); ok && v.State == inForce {
			out = append(out, Held{v.Agreement, own.ID})
		}
	}
	return out, err
}

// HeldAt gives the version of an agreement that was in force at an instant, or, before its first was, the first: what a
// review of that time goes by, whatever has come into force or ended since.
func (r *Room) HeldAt(ctx context.Context, rd store.Reader, id string, at time.Time) (h Held, known bool, err error) {
	all, err := r.shelf.versions(ctx, rd, id)
	for _, v := range all { // newest first
		own, _, ours := r.shelf.sides(v.Agreement)
		if !ours || v.InForceAt.IsZero() {
			continue
		}
		h, known = Held{v.Agreement, own.ID}, true
		if !v.InForceAt.After(at) {
			break
		}
	}
	return h, known, err
}

// Proposals gives what is proposed, or signed and not yet in force, of an agreement, with what it would change.
func (r *Room) Proposals(ctx context.Context, rd store.Reader, id string) (out []Proposal, err error) {
	all, err := r.shelf.versions(ctx, rd, id)
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(all, func(v Version) bool { return v.State == inForce })
	for _, v := range all {
		if v.State != proposed && v.State != signed {
			continue
		}
		p := Proposal{Agreement: id, Version: v.Number, By: v.ProposedBy, Document: &v.Document}
		if at >= 0 {
			p.Changes = all[at].Diff(v.Agreement)
		}
		out = append(out, p)
	}
	return out, nil
}

// Proposal is a version under way.
type Proposal struct {
	Agreement string
	Version   int
	By        string // party
	Changes   []agreement.Change
	Document  *agreement.Document // the new text
}

// SendReview sends what the dialogue has for the partner, under the version in force.
func (r *Room) SendReview(ctx context.Context, tx store.Tx, id, from, to string, urgent bool, body []byte) error {
	v, err := r.shelf.mustCurrent(ctx, tx, id)
	if err != nil {
		return err
	}
	_, err = r.Post.Send(ctx, tx, post.Draft{Type: envelope.Review, Agreement: named(v.Agreement), From: from, To: to, Urgent: urgent, Body: body})
	return err
}

// PartyOf answers which party of the agreement a message came from.
func (r *Room) PartyOf(ctx context.Context, rd store.Reader, m post.Message) (string, error) {
	_, from, err := r.sender(ctx, rd, m)
	return from.ID, err
}
