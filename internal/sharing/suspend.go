package sharing

import (
	"context"
	"database/sql"
	"encoding/json"
	"strings"
	"time"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/keys"
	"github.com/rihla/rihla/internal/sharing/agreement"
	"github.com/rihla/rihla/internal/sharing/envelope"
	"github.com/rihla/rihla/internal/sharing/ledger"
	"github.com/rihla/rihla/internal/sharing/post"
	"github.com/rihla/rihla/internal/store"
)

// Suspension is what stopped a share, or all. Either side suspends by itself; only the side that did resumes.
type Suspension struct {
	Share     string    `json:"share" doc:"A share's id, or all"`
	Party     string    `json:"party" doc:"Who suspended; of one that stops receiving, who gets nothing"`
	Cause     string    `json:"cause"`
	Reason    string    `json:"reason,omitempty"`
	Receiving bool      `json:"receiving,omitempty" doc:"Only what would come to the party is stopped"`
	By        string    `json:"by,omitempty"`
	At        time.Time `json:"at"`
}

func suspensions(ctx context.Context, r store.Reader, id string) (out []Suspension, err error) {
	err = store.Rows(ctx, r, func(rows *sql.Rows) error {
		var s Suspension
		var at int64
		err := rows.Scan(&s.Share, &s.Party, &s.Cause, &s.Reason, &s.Receiving, &s.By, &at)
		s.At = store.Time(at)
		out = append(out, s)
		return err
	}, "select share, party, cause, reason, receiving, placed_by, at from sharing_suspension where agreement = $1 order by share, party", id)
	return out, err
}

var saveSuspension = store.NewInsert("sharing_suspension",
	[]string{"agreement", "share", "party", "id", "cause", "reason", "receiving", "placed_by", "at"},
	"on conflict (agreement, share, party) do nothing")

// Suspend stops a share, or all, at once on this side; the partner is told and stops too.
func (r *Room) Suspend(ctx context.Context, by access.Principal, id, share, cause, reason string) error {
	v, own, partner, err := r.inForceHere(ctx, id)
	if err != nil {
		return err
	}
	share, cause = strings.TrimSpace(share), strings.TrimSpace(cause)
	if share == "" {
		share = agreement.All
	}
	if _, known := v.Share(share); !known && share != agreement.All {
		return api.Errorf(api.Unprocessable, "agreement %s has no share %s", id, share)
	}
	if cause == "" {
		return api.Errorf(api.Unprocessable, "say the cause: the partner is told")
	}
	s := Suspension{Share: share, Party: own.ID, Cause: cause, Reason: strings.TrimSpace(reason), By: by.Name, At: r.now()}
	return r.store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		return r.suspend(ctx, tx, v, s, string(by.Role), partner)
	})
}

// suspend places a suspension of this side and tells the partner.
func (r *Room) suspend(ctx context.Context, tx store.Tx, v Version, s Suspension, role string, partner agreement.Party) error {
	placed, err := r.place(ctx, tx, v, s, role, speaker(v.Agreement, partner))
	if err != nil || !placed {
		return err
	}
	own, _, _ := r.shelf.sides(v.Agreement)
	body, err := json.Marshal(suspend{Share: s.Share, Cause: s.Cause, Reason: s.Reason, Receiving: s.Receiving, Party: s.Party, From: s.At})
	if err != nil {
		return err
	}
	_, err = r.Post.Send(ctx, tx, post.Draft{
		Type: envelope.Suspend, Agreement: named(v.Agreement), From: speaker(v.Agreement, own), To: speaker(v.Agreement, partner),
		Officer: r.pseudonym(s.By), Urgent: true, Body: body,
	})
	return err
}

func (r *Room) place(ctx context.Context, tx store.Tx, v Version, s Suspension, role, partner string) (bool, error) {
	n, err := saveSuspension.Exec(ctx, tx, [][]any{{v.Metadata.ID, s.Share, s.Party, keys.Event(), s.Cause, s.Reason, s.Receiving, s.By, store.Micros(s.At)}})
	if err != nil || n == 0 {
		return false, err
	}
	if err := ledger.Record(ctx, tx, s.By, role, ledger.Step{
		Kind: ledger.Suspended, Agreement: v.Metadata.ID, Version: v.Number, Share: s.Share, Partner: partner, Result: s.Party, Code: s.Cause, Reason: s.Reason,
	}); err != nil {
		return false, err
	}
	return true, r.announce(ctx, tx, "agreement", v.Metadata.ID)
}

// Resume lifts what this side suspended.
func (r *Room) Resume(ctx context.Context, by access.Principal, id, share string) error {
	v, own, partner, err := r.inForceHere(ctx, id)
	if err != nil {
		return err
	}
	if share == "" {
		share = agreement.All
	}
	body, err := json.Marshal(suspend{Share: share, Party: own.ID, From: r.now()})
	if err != nil {
		return err
	}
	return r.store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		lifted, err := r.lift(ctx, tx, v, share, own.ID, by.Name, string(by.Role))
		if err != nil {
			return err
		}
		if !lifted {
			return api.Errorf(api.Conflict, "this side has not suspended %s; what the partner suspended only the partner resumes", share)
		}
		_, err = r.Post.Send(ctx, tx, post.Draft{
			Type: envelope.Resume, Agreement: named(v.Agreement), From: speaker(v.Agreement, own), To: speaker(v.Agreement, partner),
			Officer: r.pseudonym(by.Name), Urgent: true, Body: body,
		})
		return err
	})
}

func (r *Room) lift(ctx context.Context, tx store.Tx, v Version, share, party, actor, role string) (bool, error) {
	done, err := tx.ExecContext(ctx, "delete from sharing_suspension where agreement = $1 and share = $2 and party = $3", v.Metadata.ID, share, party)
	if err != nil {
		return false, err
	}
	if n, err := done.RowsAffected(); err != nil || n == 0 {
		return false, err
	}
	if err := ledger.Record(ctx, tx, actor, role, ledger.Step{
		Kind: ledger.Resumed, Agreement: v.Metadata.ID, Version: v.Number, Share: share, Result: party,
	}); err != nil {
		return false, err
	}
	return true, r.announce(ctx, tx, "agreement", v.Metadata.ID)
}

// inForceHere answers the version in force and its two sides, this one first.
func (r *Room) inForceHere(ctx context.Context, id string) (v Version, own, partner agreement.Party, err error) {
	if v, err = r.shelf.mustCurrent(ctx, r.store.Read(), id); err != nil {
		return v, own, partner, err
	}
	own, partner, ok := r.shelf.sides(v.Agreement)
	if !ok {
		return v, own, partner, api.Errorf(api.Unprocessable, "neither party of agreement %s is this state", id)
	}
	return v, own, partner, nil
}

// suspendTold places what the partner suspended. Nobody is asked: either side may, at once.
func (r *Room) suspendTold(ctx context.Context, tx store.Tx, m post.Message) error {
	var s suspend
	if err := json.Unmarshal(m.Body, &s); err != nil || s.Share == "" {
		return r.turnAway(ctx, tx, m, "MALFORMED", "a suspension names a share, or all")
	}
	v, from, err := r.sender(ctx, tx, m)
	if err != nil {
		return err
	}
	party := from.ID
	if _, known := partyByID(v.Agreement, s.Party); s.Receiving && known {
		party = s.Party
	}
	_, err = r.place(ctx, tx, v, Suspension{
		Share: s.Share, Party: party, Cause: s.Cause, Reason: s.Reason, Receiving: s.Receiving, By: m.Header.From, At: m.ReceivedAt,
	}, "", m.Header.From)
	return err
}

func (r *Room) resumeTold(ctx context.Context, tx store.Tx, m post.Message) error {
	var s suspend
	if err := json.Unmarshal(m.Body, &s); err != nil || s.Share == "" {
		return r.turnAway(ctx, tx, m, "MALFORMED", "a resumption names a share, or all")
	}
	v, from, err := r.sender(ctx, tx, m)
	if err != nil {
		return err
	}
	_, err = r.lift(ctx, tx, v, s.Share, from.ID, m.Header.From, "")
	return err
}

// sender answers the version a message runs under, and the party it is from. The post office admitted it, so both exist.
func (r *Room) sender(ctx context.Context, rd store.Reader, m post.Message) (Version, agreement.Party, error) {
	v, found, err := r.shelf.of(ctx, rd, m.Header.Agreement.ID, m.Header.Agreement.Digest)
	if err == nil && !found {
		err = api.Errorf(api.NotFound, "agreement %s is not held", m.Header.Agreement.ID)
	}
	if err != nil {
		return v, agreement.Party{}, err
	}
	from, _ := v.PartyOf(m.Header.From)
	return v, from, nil
}

func partyByID(a *agreement.Agreement, id string) (agreement.Party, bool) {
	for _, p := range a.Parties {
		if p.ID == id {
			return p, true
		}
	}
	return agreement.Party{}, false
}
