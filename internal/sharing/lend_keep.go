package sharing

import (
	"context"
	"database/sql"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/sharing/agreement"
	"github.com/rihla/rihla/internal/sharing/ledger"
	"github.com/rihla/rihla/internal/store"
)

// lending remembers of each list up to which change what was given of it was looked through.
type lending struct {
	mu   sync.Mutex
	seen map[string]int64 // the list's generation
	at   time.Time        // when all were last looked through
}

const (
	lendPace  = 5 * time.Second
	lendLease = 4 * lendPace
	// lendingHolds is how long what the agreement did not let out waits to be tried again, as when a quota was used up.
	lendingHolds = time.Hour
	topicLists   = "sharing.lists"
)

// moved are the lists to be looked through, each with its generation now; -1 is one that is gone.
func (l *lending) moved(all []screening.ListInfo, now time.Time) map[string]int64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.seen == nil || now.Sub(l.at) >= lendingHolds || now.Before(l.at) {
		l.seen, l.at = map[string]int64{}, now
	}
	moved := map[string]int64{}
	for _, list := range all {
		if seen, known := l.seen[list.Name]; (!known || seen != list.Generation) && !screening.IsGiven(list.Name) {
			moved[list.Name] = list.Generation
		}
	}
	for name, seen := range l.seen {
		if seen >= 0 && !slices.ContainsFunc(all, func(list screening.ListInfo) bool { return list.Name == name }) {
			moved[name] = -1
		}
	}
	return moved
}

func (l *lending) done(moved map[string]int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for name, generation := range moved {
		if l.seen != nil {
			l.seen[name] = generation
		}
	}
}

// look has everything looked through at the next turn.
func (l *lending) look() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.seen = nil
}

// keepLists looks after what is given of our lists, whenever one changes, until the context ends.
func (r *Room) keepLists(ctx context.Context) {
	changed, stop := r.store.Watch(screening.TopicGeneration)
	defer stop()
	lent, stop := r.store.Watch(topicLists)
	defer stop()
	tick := time.NewTicker(lendPace)
	defer tick.Stop()
	for {
		_, got, err := r.store.Acquire(ctx, "sharing lists", r.o.Owner, lendLease)
		if err == nil && got {
			err = r.keepLent(ctx, r.now())
		}
		if err != nil && ctx.Err() == nil {
			r.o.Logger.Error("what is given of this node's lists could not be looked through; it is tried again", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-changed:
		case <-lent:
		case <-tick.C:
		}
	}
}

// keepLent takes back what of our lists is no longer in them, has people look at what has changed, and gives the lost
// documents whose list may be given under a standing approval.
func (r *Room) keepLent(ctx context.Context, now time.Time) error {
	rd := r.store.Read()
	lists, err := screening.Lists(ctx, rd)
	if err != nil {
		return err
	}
	moved := r.lending.moved(lists, now)
	if len(moved) == 0 {
		return nil
	}
	all, err := r.shelf.versions(ctx, rd, "")
	if err != nil {
		return err
	}
	for _, v := range all {
		own, partner, ok := r.shelf.sides(v.Agreement)
		if v.State != inForce || !ok {
			continue
		}
		if err := r.takeBack(ctx, v, moved); err != nil {
			return err
		}
		if err := r.giveLost(ctx, v, own, partner, moved); err != nil {
			return err
		}
	}
	r.lending.done(moved)
	return nil
}

// lent is an item of a list that the partner has, by its reference; or one that the agreement does not let it have, which
// has no thread.
type lent struct{ agreement, share, item, digest, thread, reference string }

// takeBack withdraws what left our lists, and marks for people what changed in them.
func (r *Room) takeBack(ctx context.Context, v Version, moved map[string]int64) error {
	out := map[string][]lent{} // by list
	rd := r.store.Read()
	if err := store.Rows(ctx, rd, func(rows *sql.Rows) error {
		l := lent{agreement: v.Metadata.ID}
		err := rows.Scan(&l.share, &l.item, &l.digest, &l.thread, &l.reference)
		if list, _, _ := strings.Cut(l.item, "/"); moved[list] != 0 {
			out[list] = append(out[list], l)
		}
		return err
	}, "select share, item, digest, thread, reference from sharing_lent where agreement = $1 order by share, item", v.Metadata.ID); err != nil {
		return err
	}
	for list, items := range out {
		for some := range slices.Chunk(items, piecesAtOnce) {
			if err := r.takeBackOf(ctx, v, list, some); err != nil {
				return err
			}
		}
	}
	return nil
}

func (r *Room) takeBackOf(ctx context.Context, v Version, list string, items []lent) error {
	ids := make([]string, len(items))
	for i, l := range items {
		ids[i] = entryIn(l.item)
	}
	entries, err := screening.EntriesOf(ctx, r.store.Read(), list, ids)
	if err != nil {
		return err
	}
	gone := map[string][]lent{} // by thread, for a message may have brought several
	for i, l := range items {
		share, known := v.Share(l.share)
		if !known {
			continue
		}
		digest, held := "", false
		if e, there := entries[ids[i]]; there {
			digest, held = itemDigest(&e, share.Category, l.item)
		}
		switch {
		case held && digest == l.digest:
		case held && share.Category == listEntry && l.thread != "":
			if err := r.store.Write(ctx, func(ctx context.Context, tx store.Tx) error { return r.markChanged(ctx, tx, l, digest) }); err != nil {
				return err
			}
		default:
			gone[l.thread] = append(gone[l.thread], l)
		}
	}
	for thread, some := range gone {
		if err := r.store.Write(ctx, func(ctx context.Context, tx store.Tx) error { return r.takeBackIn(ctx, tx, thread, some) }); err != nil {
			return err
		}
	}
	return nil
}

// markChanged has a person look at an entry that is not what it was when it was given: whoever gave it corrects it.
func (r *Room) markChanged(ctx context.Context, tx store.Tx, l lent, digest string) error {
	t, err := threadByID(ctx, tx, l.thread)
	if err != nil {
		return err
	}
	t.Attention = "entry_changed"
	l.digest = digest
	if err := saveLents(ctx, tx, r.now(), l); err != nil {
		return err
	}
	if err := ledger.Record(ctx, tx, machine, "", ledger.Step{
		Kind: ledger.Marked, Agreement: t.Agreement, Version: t.Version, Share: t.Share, Partner: t.Partner, Direction: t.Direction, Thread: t.ID, Code: t.Attention,
	}); err != nil {
		return err
	}
	return r.changed(ctx, tx, &t)
}

// takeBackIn withdraws what one thread gave and our lists no longer have. What is only described differently now is given
// anew afterwards.
func (r *Room) takeBackIn(ctx context.Context, tx store.Tx, thread string, some []lent) error {
	items, references := make([]string, len(some)), make([]string, len(some))
	for i, l := range some {
		items[i], references[i] = l.item, l.reference
	}
	if _, err := store.ExecKeys(ctx, tx, "delete from sharing_lent where agreement = $1 and share = $2 and item in (:keys)", items, some[0].agreement, some[0].share); err != nil || thread == "" {
		return err
	}
	t, v, _, err := r.openThread(ctx, tx, thread)
	if err != nil {
		return err
	}
	given, err := records(ctx, tx, "thread = $1 and direction = 'out' and state <> 'erased'", t.ID)
	if err != nil {
		return err
	}
	given = slices.DeleteFunc(given, func(c Record) bool { return !slices.Contains(references, c.Reference) })
	if len(given) == 0 { // its day has come meanwhile, or a person took it back
		return nil
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

// giveLost gives the lost documents of the lists that may be given under a standing approval, and that the partner has not.
func (r *Room) giveLost(ctx context.Context, v Version, own, partner agreement.Party, moved map[string]int64) error {
	lent, err := r.lentLists(ctx, r.store.Read(), v)
	if err != nil {
		return err
	}
	for _, l := range lent {
		share, known := v.Share(l.Share)
		if moved[l.List] <= 0 || !known || !l.Standing || share.Trigger == "request" || !share.Gives(own.ID, partner.ID) {
			continue
		}
		if err := r.giveLostOf(ctx, v, share, own, partner, l.List); err != nil {
			return err
		}
	}
	return nil
}

// giveLostOf gives those of one list, so many in a message. What the agreement does not let out now, as when the quota is
// used up, is tried again with the next change, or in an hour.
func (r *Room) giveLostOf(ctx context.Context, v Version, share *agreement.Share, own, partner agreement.Party, list string) error {
	rd := r.store.Read()
	has := map[string]bool{}
	if err := store.Rows(ctx, rd, func(rows *sql.Rows) error {
		var item string
		err := rows.Scan(&item)
		has[item] = true
		return err
	}, "select item from sharing_lent where agreement = $1 and share = $2", v.Metadata.ID, share.ID); err != nil {
		return err
	}
	today := r.now().Format(time.DateOnly)
	for after := ""; ; {
		entries, err := screening.Entries(ctx, rd, list, "", after, listedAtOnce)
		if err != nil {
			return err
		}
		var due []piece
		for i := range entries {
			e := &entries[i]
			after = e.ID
			if e.From > today || e.Until != "" && e.Until < today {
				continue
			}
			for at, d := range e.Documents {
				if ref := lostRef(list, e.ID, at); d.Status != "" && !has[ref] {
					due = append(due, piece{item: ref, digest: digestOf(d), offer: lostOffer(d)})
				}
			}
		}
		for some := range slices.Chunk(due, piecesAtOnce) {
			var waits bool
			if err := r.store.Write(ctx, func(ctx context.Context, tx store.Tx) (err error) {
				waits, err = r.giveSeveral(ctx, tx, v, share, own, partner, some)
				return err
			}); err != nil || waits {
				return err
			}
		}
		if len(entries) < listedAtOnce {
			return nil
		}
	}
}
