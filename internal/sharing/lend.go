package sharing

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/audit"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/screening/lists"
	"github.com/rihla/rihla/internal/sharing/agreement"
	"github.com/rihla/rihla/internal/sharing/ledger"
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
		return r.announce(ctx, tx, "agreement", id)
	})
	if err != nil {
		return nil, err
	}
	r.lending.look()
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
	list, rest, _ := strings.Cut(ref, "/")
	entry, _, _ := strings.Cut(rest, "#")
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
	o := Offer{Values: map[string]any{}, Record: agreement.Record{Kind: lostDocument, Status: d.Status}, Subject: agreement.Nobody}
	for name, value := range map[string]string{
		"document.type": d.Type, "document.number": d.Number, "document.issuer": d.Issuer, "document.expiry": d.Expires, "document.status": d.Status,
		"document.reported": d.Reported,
	} {
		o.put(name, value)
	}
	return o, nil
}

var saveLent = store.NewInsert("sharing_lent", []string{"agreement", "share", "item", "digest", "thread", "at"},
	"on conflict (agreement, share, item) do update set digest = excluded.digest, thread = excluded.thread, at = excluded.at")

// lend notes what of a list left, so that it is taken back when the list no longer has it.
func (r *Room) lend(ctx context.Context, tx store.Tx, t *Thread, share *agreement.Share, item string) error {
	if item == "" || !isListed(share.Category) {
		return nil
	}
	digest, _, err := itemDigest(ctx, tx, share.Category, item)
	if err != nil {
		return err
	}
	_, err = saveLent.Exec(ctx, tx, [][]any{{t.Agreement, t.Share, item, digest, t.ID, store.Micros(r.now())}})
	return err
}

// keepBack notes what of a list the agreement will not let out, so that it is asked again only once it has changed.
func keepBack(ctx context.Context, tx store.Tx, t *Thread, item, digest string, now time.Time) error {
	_, err := saveLent.Exec(ctx, tx, [][]any{{t.Agreement, t.Share, item, digest, "", store.Micros(now)}})
	return err
}

// itemDigest changes with what an item of a list says; held is false where it has left.
func itemDigest(ctx context.Context, rd store.Reader, category, item string) (digest string, held bool, err error) {
	list, rest, _ := strings.Cut(item, "/")
	entry, _, _ := strings.Cut(rest, "#")
	e, found, err := screening.EntryOf(ctx, rd, list, entry)
	if err != nil || !found {
		return "", false, err
	}
	if category == lostDocument {
		d, was := lost(&e, item)
		return digestOf(d), was, nil
	}
	return e.Digest(), true, nil
}

// lending remembers up to which change of the lists what was given of them was looked through.
type lending struct {
	mu         sync.Mutex
	looked     bool
	generation int64
	at         time.Time
}

// lendingHolds is how long what the agreement did not let out waits to be tried again, as when a quota was used up.
const lendingHolds = time.Hour

func (l *lending) due(generation int64, now time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return !l.looked || l.generation != generation || now.Sub(l.at) >= lendingHolds
}

func (l *lending) done(generation int64, now time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.looked, l.generation, l.at = true, generation, now
}

// look has everything looked through at the next turn of the clocks.
func (l *lending) look() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.looked = false
}

// lent is an item of a list that the partner has, or that the agreement will never let it have: that has no thread.
type lent struct{ agreement, share, item, digest, thread string }

const (
	lendAtOnce  = 50
	lendAtATick = 500 // so that the clocks of duties do not wait long
)

// keepLent takes back what of our lists is no longer in them, has people look at what has changed, and gives the lost
// documents whose list may be given under a standing approval.
func (r *Room) keepLent(ctx context.Context, now time.Time) error {
	rd := r.store.Read()
	generation, err := screening.Current(ctx, rd)
	if err != nil || !r.lending.due(generation, now) {
		return err
	}
	all, err := r.shelf.versions(ctx, rd, "")
	if err != nil {
		return err
	}
	more := false
	for _, v := range all {
		own, partner, ok := r.shelf.sides(v.Agreement)
		if v.State != inForce || !ok {
			continue
		}
		if err := r.takeBack(ctx, v, now); err != nil {
			return err
		}
		again, err := r.giveLost(ctx, v, own, partner)
		if err != nil {
			return err
		}
		more = more || again
	}
	if !more {
		r.lending.done(generation, now)
	}
	return nil
}

// takeBack withdraws what left our lists, and marks for people what changed in them.
func (r *Room) takeBack(ctx context.Context, v Version, now time.Time) error {
	var out []lent
	rd := r.store.Read()
	if err := store.Rows(ctx, rd, func(rows *sql.Rows) error {
		l := lent{agreement: v.Metadata.ID}
		err := rows.Scan(&l.share, &l.item, &l.digest, &l.thread)
		out = append(out, l)
		return err
	}, "select share, item, digest, thread from sharing_lent where agreement = $1 order by share, item", v.Metadata.ID); err != nil {
		return err
	}
	for _, l := range out {
		share, known := v.Share(l.share)
		if !known {
			continue
		}
		digest, held, err := itemDigest(ctx, rd, share.Category, l.item)
		if err != nil {
			return err
		}
		if held && digest == l.digest {
			continue
		}
		if err := r.store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
			return r.amendLent(ctx, tx, l, share, digest, held)
		}); err != nil {
			return err
		}
	}
	return nil
}

// amendLent does what a change of one item asks for: withdrawn where it has left, or is a document that is now described
// differently; else a person is to correct it.
func (r *Room) amendLent(ctx context.Context, tx store.Tx, l lent, share *agreement.Share, digest string, held bool) error {
	if l.thread == "" {
		return forgetLent(ctx, tx, l)
	}
	t, v, _, err := r.openThread(ctx, tx, l.thread)
	if err != nil {
		return err
	}
	if held && share.Category == listEntry {
		t.Attention = "entry_changed"
		if _, err := saveLent.Exec(ctx, tx, [][]any{{l.agreement, l.share, l.item, digest, l.thread, store.Micros(r.now())}}); err != nil {
			return err
		}
		if err := ledger.Record(ctx, tx, machine, "", ledger.Step{
			Kind: ledger.Marked, Agreement: t.Agreement, Version: t.Version, Share: t.Share, Partner: t.Partner, Direction: t.Direction, Thread: t.ID, Code: t.Attention,
		}); err != nil {
			return err
		}
		return r.changed(ctx, tx, &t)
	}
	if err := forgetLent(ctx, tx, l); err != nil {
		return err
	}
	given, err := records(ctx, tx, "thread = $1 and direction = 'out' and state <> 'erased'", t.ID)
	if err != nil || len(given) == 0 { // its day has come meanwhile, or a person took it back
		return err
	}
	d, err := r.withdraw(ctx, tx, &t, v, given, "withdrawn", access.Principal{Name: machine})
	if err != nil {
		return err
	}
	if _, err := r.Post.Send(ctx, tx, d); err != nil {
		return err
	}
	return r.changed(ctx, tx, &t)
}

func forgetLent(ctx context.Context, tx store.Tx, l lent) error {
	_, err := tx.ExecContext(ctx, "delete from sharing_lent where agreement = $1 and share = $2 and item = $3", l.agreement, l.share, l.item)
	return err
}

// giveLost gives the lost documents of the lists that may be given under a standing approval, and that the partner has not;
// more says that some are left for the next time.
func (r *Room) giveLost(ctx context.Context, v Version, own, partner agreement.Party) (more bool, err error) {
	rd := r.store.Read()
	lent, err := r.lentLists(ctx, rd, v)
	if err != nil {
		return false, err
	}
	left := lendAtATick
	for _, l := range lent {
		share, known := v.Share(l.Share)
		if !known || !l.Standing || share.Trigger == "request" || !share.Gives(own.ID, partner.ID) {
			continue
		}
		n, again, err := r.giveLostOf(ctx, v, share, own, partner, l.List, left)
		if err != nil {
			return false, err
		}
		more = more || again
		if left -= n; left <= 0 {
			return true, nil
		}
	}
	return more, nil
}

// giveLostOf gives those of one list, at most so many. What the agreement does not let out now, as when the quota is used
// up, is tried again with the next change, or in an hour.
func (r *Room) giveLostOf(ctx context.Context, v Version, share *agreement.Share, own, partner agreement.Party, list string, most int) (n int, more bool, err error) {
	rd := r.store.Read()
	has := map[string]bool{}
	if err := store.Rows(ctx, rd, func(rows *sql.Rows) error {
		var item string
		err := rows.Scan(&item)
		has[item] = true
		return err
	}, "select item from sharing_lent where agreement = $1 and share = $2", v.Metadata.ID, share.ID); err != nil {
		return 0, false, err
	}
	var due []string
	for after := ""; ; {
		entries, err := screening.Entries(ctx, rd, list, "", after, listedAtOnce)
		if err != nil {
			return 0, false, err
		}
		for i := range entries {
			e := &entries[i]
			after = e.ID
			for at := range e.Documents {
				if ref := lostRef(list, e.ID, at); lostNow(e, at, r.now()) && !has[ref] {
					due = append(due, ref)
				}
			}
		}
		if len(entries) < listedAtOnce || len(due) >= most {
			break
		}
	}
	more = len(due) > most
	due = due[:min(len(due), most)]
	for some := range slices.Chunk(due, lendAtOnce) {
		var waits bool
		if err := r.store.Write(ctx, func(ctx context.Context, tx store.Tx) (err error) {
			for _, ref := range some {
				if waits, err = r.giveOne(ctx, tx, v, share, own, partner, ref); err != nil || waits {
					return err
				}
			}
			return nil
		}); err != nil || waits {
			return n, false, err
		}
		n += len(some)
	}
	return n, more, nil
}

func lostNow(e *lists.Entry, at int, now time.Time) bool {
	today := now.Format(time.DateOnly)
	return e.Documents[at].Status != "" && e.From <= today && (e.Until == "" || e.Until >= today)
}

// giveOne lets one document out under the share's standing approval; waits says that the agreement lets nothing out now.
func (r *Room) giveOne(ctx context.Context, tx store.Tx, v Version, share *agreement.Share, own, partner agreement.Party, ref string) (waits bool, err error) {
	by := access.Principal{Name: machine}
	t := r.gives(v, share, own, partner, by, Gift{Share: share.ID, Purpose: share.Purposes[0]})
	g, err := r.gift(ctx, tx, share, &t, Gift{Share: share.ID, Purpose: t.Purpose, Item: ref}, by)
	if err != nil {
		return false, err
	}
	o, err := r.weighGift(ctx, tx, v, &t, g, nil, by)
	if err != nil {
		return false, err
	}
	switch {
	case o.Verdict == agreement.Permit:
	case o.Code == agreement.NeverRuleHolds || o.Code == agreement.ConditionFalse:
		digest, _, err := itemDigest(ctx, tx, share.Category, ref)
		if err != nil {
			return false, err
		}
		return false, keepBack(ctx, tx, &t, ref, digest, r.now())
	default:
		return true, nil
	}
	if err := r.sendGift(ctx, tx, v, &t, g, o, machine); err != nil {
		return false, err
	}
	return false, r.changed(ctx, tx, &t)
}
