package sharing

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/audit"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/screening/lists"
	"github.com/rihla/rihla/internal/sharing/agreement"
	"github.com/rihla/rihla/internal/store"
)

// LentList is a list of this node whose entries may be given under a share.
type LentList struct {
	Share    string    `json:"share"`
	Title    string    `json:"title" doc:"Of the share"`
	Category string    `json:"category" enum:"list-entry,lost-document"`
	List     string    `json:"list"`
	By       string    `json:"by"`
	At       time.Time `json:"at"`
	Given    int       `json:"given" doc:"Entries that the partner has of it now"`
	Standing bool      `json:"standing,omitempty" doc:"Its entries leave by themselves, under the share's standing approval"`
}

// LentLists tells which lists of this node may be given under an agreement.
func (r *Room) LentLists(ctx context.Context, id string) ([]LentList, error) {
	rd := r.store.Read()
	v, err := r.shelf.mustCurrent(ctx, rd, id)
	if err != nil {
		return nil, err
	}
	out, err := r.lentLists(ctx, rd, v)
	for i := range out {
		if err == nil {
			err = rd.QueryRowContext(ctx, "select count(*) from sharing_lent where agreement = $1 and share = $2 and item like $3 escape '\\' and thread <> ''",
				id, out[i].Share, likePrefix(out[i].List+"/")).Scan(&out[i].Given)
		}
	}
	return out, err
}

func likePrefix(s string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(s) + "%"
}

func (r *Room) lentLists(ctx context.Context, rd store.Reader, v Version) ([]LentList, error) {
	out := []LentList{}
	err := store.Rows(ctx, rd, func(rows *sql.Rows) error {
		var l LentList
		var at int64
		if err := rows.Scan(&l.Share, &l.List, &l.By, &at); err != nil {
			return err
		}
		l.At = store.Time(at)
		if share, known := v.Share(l.Share); known && isListed(share.Category) {
			l.Title, l.Category, l.Standing = share.Title, share.Category, share.Standing() && share.Category == lostDocument
			out = append(out, l)
		}
		return nil
	}, "select share, list, placed_by, at from sharing_list where agreement = $1 order by share, list", v.Metadata.ID)
	return out, err
}

// Lend says that entries of a list of this node may be given under a share, or no longer. What the partner has of it stays
// with it until the entry leaves the list, or somebody takes it back.
func (r *Room) Lend(ctx context.Context, by access.Principal, id, shareID, list string, on bool) ([]LentList, error) {
	v, own, partner, err := r.inForceHere(ctx, id)
	if err != nil {
		return nil, err
	}
	share, known := v.Share(shareID)
	switch {
	case !known || !isListed(share.Category):
		return nil, api.Errorf(api.Unprocessable, "agreement %s has no share %q for entries of lists or lost documents", id, shareID).With("code", agreement.Direction)
	case !share.Gives(own.ID, partner.ID):
		return nil, api.Errorf(api.Unprocessable, "under %s this state gives nothing", shareID).With("code", agreement.Direction)
	case screening.IsGiven(list):
		return nil, api.Errorf(api.Unprocessable, "%s holds what a partner gave: it is not this state's to give", list)
	}
	err = r.store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		action, err := "exchange.lend", error(nil)
		if on {
			all, listed := screening.Lists(ctx, tx)
			if listed != nil {
				return listed
			}
			if !slices.ContainsFunc(all, func(l screening.ListInfo) bool { return l.Name == list }) {
				return api.Errorf(api.NotFound, "there is no list %q", list)
			}
			_, err = tx.ExecContext(ctx, "insert into sharing_list (agreement, share, list, placed_by, at) values ($1, $2, $3, $4, $5) on conflict (agreement, share, list) do nothing",
				id, shareID, list, by.Name, store.Micros(r.now()))
		} else {
			action = "exchange.unlend"
			_, err = tx.ExecContext(ctx, "delete from sharing_list where agreement = $1 and share = $2 and list = $3", id, shareID, list)
		}
		if err != nil {
			return err
		}
		if err := audit.Record(ctx, tx, audit.Entry{Actor: by.Name, Role: string(by.Role), Action: action, Touched: []string{id, list}, Detail: shareID}); err != nil {
			return err
		}
		tx.Notify(topicLists)
		tx.After(r.lending.look)
		return r.announce(ctx, tx, "agreement", id)
	})
	if err != nil {
		return nil, err
	}
	return r.LentLists(ctx, id)
}

// lends reports whether entries of a list may be given under a share.
func lends(ctx context.Context, rd store.Reader, agreement, share, list string) (bool, error) {
	err := rd.QueryRowContext(ctx, "select 1 from sharing_list where agreement = $1 and share = $2 and list = $3", agreement, share, list).Scan(new(int))
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

// fillListed gives an entry of a list, or a lost document of one, as far as its list may be given at all.
func (w watchlist) fillListed(ctx context.Context, rd store.Reader, ref string, a Ask) (Offer, error) {
	list, _, _ := strings.Cut(ref, "/")
	entry := entryIn(ref)
	may, err := lends(ctx, rd, a.Agreement, a.Share, list)
	switch {
	case err != nil:
		return Offer{}, err
	case !may || screening.IsGiven(list):
		return Offer{}, api.Errorf(api.Unprocessable, "entries of list %q are not given under %s: a supervisor says so on the agreement's page", list, a.Share)
	}
	e, found, err := screening.EntryOf(ctx, rd, list, entry)
	today := w.now().Format(time.DateOnly)
	switch {
	case err != nil:
		return Offer{}, err
	case !found, e.From > today, e.Until != "" && e.Until < today:
		return Offer{}, api.Errorf(api.NotFound, "no entry %q of list %q holds today", entry, list)
	}
	if a.Category == listEntry {
		if e.DocumentOnly || len(e.Names) == 0 {
			return Offer{}, api.Errorf(api.Unprocessable, "entry %q is of a document, not of a person: it is given as a lost document", entry)
		}
		o := w.core(&e)
		o.Record.Kind = listEntry
		return o, nil
	}
	d, was := lost(&e, ref)
	if !was {
		return Offer{}, api.Errorf(api.Unprocessable, "%q names no document that was lost, stolen or revoked", ref)
	}
	return lostOffer(d), nil
}

// lostOffer is what is said of a lost document: nothing of its holder.
func lostOffer(d lists.Document) Offer {
	o := Offer{Values: map[string]any{}, Record: agreement.Record{Kind: lostDocument, Status: d.Status}, Subject: agreement.Nobody}
	for name, value := range map[string]string{
		"document.type": d.Type, "document.number": d.Number, "document.issuer": d.Issuer, "document.expiry": d.Expires, "document.status": d.Status,
		"document.reported": d.Reported,
	} {
		o.put(name, value)
	}
	return o
}

var saveLent = store.NewInsert("sharing_lent", []string{"agreement", "share", "item", "digest", "thread", "reference", "at"},
	"on conflict (agreement, share, item) do update set digest = excluded.digest, thread = excluded.thread, reference = excluded.reference, at = excluded.at")

// lend notes what of a list left, so that it is taken back when the list no longer has it.
func (r *Room) lend(ctx context.Context, tx store.Tx, t *Thread, share *agreement.Share, item string) error {
	if item == "" || !isListed(share.Category) {
		return nil
	}
	list, _, _ := strings.Cut(item, "/")
	e, held, err := screening.EntryOf(ctx, tx, list, entryIn(item))
	if err != nil || !held {
		return err
	}
	digest, _ := itemDigest(&e, share.Category, item)
	return saveLents(ctx, tx, r.now(), lent{t.Agreement, t.Share, item, digest, t.ID, t.Reference})
}

func saveLents(ctx context.Context, tx store.Tx, now time.Time, all ...lent) error {
	rows := make([][]any, len(all))
	for i, l := range all {
		rows[i] = []any{l.agreement, l.share, l.item, l.digest, l.thread, l.reference, store.Micros(now)}
	}
	_, err := saveLent.Exec(ctx, tx, rows)
	return err
}

// itemDigest changes with what an item of a list says; held is false where it has left.
func itemDigest(e *lists.Entry, category, item string) (digest string, held bool) {
	if category == lostDocument {
		d, was := lost(e, item)
		return digestOf(d), was
	}
	return e.Digest(), true
}

// entryIn is the entry's id in the name of an item: list/entry, or list/entry#document.
func entryIn(item string) string {
	_, rest, _ := strings.Cut(item, "/")
	entry, _, _ := strings.Cut(rest, "#")
	return entry
}
