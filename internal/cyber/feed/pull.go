package feed

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"

	"github.com/rihla/rihla/formats/fault"
	"github.com/rihla/rihla/formats/stix"
	"github.com/rihla/rihla/formats/taxii"
	"github.com/rihla/rihla/internal/audit"
	"github.com/rihla/rihla/internal/cyber/collection/poll"
	"github.com/rihla/rihla/internal/store"
)

// addMost bounds the objects that one transaction adds: others wait for it.
const addMost = 1000

// Pulled is what came of reading a feed.
type Pulled struct {
	Pages    int       `json:"pages"`
	Taken    int64     `json:"taken"`
	Known    int64     `json:"known"`
	Refused  int64     `json:"refused"`
	Refusals []Refusal `json:"refusals,omitempty"`
	More     bool      `json:"more"` // it is not at its end yet
}

// Pull reads a feed now, to its end, for somebody who waits for it. ErrNone, ErrTurn, or what the other side did wrong, which
// is kept with the feed as well.
func (f *Feeds) Pull(ctx context.Context, name string) (Pulled, error) {
	return f.turn(ctx, name, 0, 0)
}

// errEnough ends a turn at a page's end.
var errEnough = errors.New("the rest is for the next turn")

// reading is one turn of reading a feed.
type reading struct {
	*Feeds
	feed *held
	got  Pulled
	ours bool // it failed here, not there
}

// turn reads a feed for so long and so many pages at most; 0 is to its end. What it kept stays, however it ends.
func (f *Feeds) turn(ctx context.Context, name string, long time.Duration, pages int) (Pulled, error) {
	h, err := f.one(ctx, f.store.Read(), name)
	if err != nil {
		return Pulled{}, err
	}
	r := &reading{Feeds: f, feed: h}
	within, began := ctx, time.Now()
	if long > 0 {
		var cancel context.CancelFunc
		within, cancel = context.WithTimeout(ctx, long)
		defer cancel()
	}
	peer := poll.Peer{Root: h.URL, User: h.credential.User, Password: h.credential.Password, Token: h.credential.Token}
	wish := poll.Wish{Collection: h.Collection, Filter: taxii.Filter{Limit: pageObjects, Versions: taxii.Choice{All: true}}}
	place, err := f.o.Client.Poll(within, peer, wish, h.place, func(ctx context.Context, p poll.Page) error {
		if err := r.keep(ctx, p); err != nil {
			return err
		}
		if midway := p.Place.Next != "" || p.Place.Since != ""; midway && (pages > 0 && r.got.Pages >= pages || long > 0 && time.Since(began) > long*2/3) {
			return errEnough
		}
		return nil
	})
	switch {
	case errors.Is(err, errEnough):
		r.got.More = true
		err = r.end(ctx, h.place, "")
	case err == nil:
		err = r.end(ctx, place, "")
	case errors.Is(err, ErrTurn), errors.Is(err, ErrNone), ctx.Err() != nil: // whoever took it over says how it is; a stop is no fault
	default:
		if within.Err() != nil {
			err = fmt.Errorf("the server did not give a page within %s: %w", long, err)
		}
		if unkept := r.end(context.WithoutCancel(ctx), h.place, err.Error()); unkept != nil {
			return r.got, errors.Join(err, unkept)
		}
		if !r.ours {
			err = &TheirError{err}
		}
	}
	return r.got, err
}

// keep adds a page's objects and remembers the place after it, in one transaction; where they are very many, in several, and
// the place with the last: what was added before is there already when the page comes again.
func (r *reading) keep(ctx context.Context, p poll.Page) error {
	if len(p.Place.Next) > nextMost {
		return fmt.Errorf("the server names its next page in %d bytes; %d are the most that we keep", len(p.Place.Next), nextMost)
	}
	all, broken, err := objectsOf(p)
	if err != nil {
		return err
	}
	for last := false; !last; {
		n := min(len(all), addMost)
		last = n == len(all)
		if err := r.add(ctx, all[:n], broken, p.Place, last); err != nil {
			return err
		}
		all, broken = all[n:], nil
	}
	return nil
}

// objectsOf reads a page. Where it cannot be read as a whole, each object is by itself: one that is too deep, or otherwise no
// JSON of ours, does not keep the others back.
func objectsOf(p poll.Page) (all []*stix.Object, broken []Refusal, err error) {
	if p.Objects > stix.MaxObjects {
		return nil, nil, fmt.Errorf("a page of %d objects is too large: %d are the most", p.Objects, stix.MaxObjects)
	}
	d, unread := stix.Read(p.Envelope)
	if unread == nil {
		for i := range d.Objects {
			all = append(all, &d.Objects[i])
		}
		return all, nil, nil
	}
	var e taxii.Envelope
	if err := json.Unmarshal(p.Envelope, &e); err != nil {
		return nil, nil, err
	}
	for i, raw := range e.Objects {
		o, refused := stix.ReadObject(raw)
		if refused != nil {
			broken = append(broken, refusal("", fmt.Sprintf("/objects/%d%s", i, refused.Pointer), refused))
			continue
		}
		all = append(all, o)
	}
	return all, broken, nil
}

func (r *reading) add(ctx context.Context, objects []*stix.Object, broken []Refusal, to poll.Place, last bool) error {
	h := r.feed
	var after held
	var got Pulled
	err := r.store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		after, got = *h, r.got // as before, when the transaction is tried again
		outcomes, err := r.o.Collections.Add(ctx, tx, h.Into, h.Name, objects)
		if err != nil {
			return err
		}
		taken := int64(0)
		got.Refused += int64(len(broken))
		got.Refusals = latest(got.Refusals, broken...)
		for i := range outcomes {
			switch o := &outcomes[i]; {
			case o.Fault != nil:
				got.Refused++
				got.Refusals = latest(got.Refusals, refusal(o.ID, o.Fault.Pointer, o.Fault))
			case o.New:
				taken++
			default:
				got.Known++
			}
		}
		got.Taken += taken
		after.Taken, after.untold = h.Taken+taken, h.untold+taken
		after.Known, after.Refused = h.Known+got.Known-r.got.Known, h.Refused+got.Refused-r.got.Refused
		if got.Refused > r.got.Refused {
			after.Refusals = latest(h.Refusals, got.Refusals...)
		}
		if last {
			got.Pages++
			after.Pages, after.place = h.Pages+1, to
		}
		if err := after.write(ctx, tx); err != nil {
			return err
		}
		if taken == 0 || r.o.Added == nil {
			return nil
		}
		return r.o.Added(ctx, tx, h.Into)
	})
	if r.ours = err != nil; r.ours {
		return err
	}
	*h, r.got = after, got
	return nil
}

// end writes how a turn ended, and tells the audit log what it brought.
func (r *reading) end(ctx context.Context, place poll.Place, wrong string) error {
	h := r.feed
	return r.store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		after := *h
		after.place, after.untold = place, 0
		after.Tried, after.Fault = tx.Now(), clip(wrong, faultMost)
		switch {
		case wrong != "":
			after.Failures++
		case !r.got.More:
			after.Succeeded, after.Failures = tx.Now(), 0
		default:
			after.Failures = 0
		}
		if err := after.write(ctx, tx); err != nil || h.untold == 0 {
			return err
		}
		return tell(ctx, tx, h, fmt.Sprintf("%d new, %d known, %d refused, in %d pages", h.untold, r.got.Known, r.got.Refused, r.got.Pages))
	})
}

// tell has the audit log know what a feed brought.
func tell(ctx context.Context, tx store.Tx, h *held, detail string) error {
	return audit.Record(ctx, tx, audit.Entry{Actor: h.Name, Action: "feed.poll", Touched: []string{h.Into, h.Name}, Detail: detail})
}

// write stores a feed, if nobody else did since it was read.
func (h *held) write(ctx context.Context, tx store.Tx) error {
	place, err := json.Marshal(h.place)
	if err != nil {
		return err
	}
	if h.Refusals == nil {
		h.Refusals = []Refusal{}
	}
	refusals, err := json.Marshal(h.Refusals)
	if err != nil {
		return err
	}
	var succeeded, tried int64
	if !h.Succeeded.IsZero() {
		succeeded = store.Micros(h.Succeeded)
	}
	if !h.Tried.IsZero() {
		tried = store.Micros(h.Tried)
	}
	result, err := tx.ExecContext(ctx, `update cyber_feed set turn = turn + 1, place = $1, tried = $2, succeeded = $3, failures = $4, fault = $5, pages = $6, taken = $7,
		known = $8, refused = $9, refusals = $10, untold = $11 where name = $12 and turn = $13 and added = $14`,
		string(place), tried, succeeded, h.Failures, h.Fault, h.Pages, h.Taken, h.Known, h.Refused, string(refusals), h.untold, h.Name, h.turn, store.Micros(h.Added))
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil {
		return err
	} else if n == 0 {
		return ErrTurn
	}
	h.turn++
	return nil
}

func refusal(id, pointer string, f *fault.Fault) Refusal {
	return Refusal{Object: clip(id, idMost), Pointer: clip(pointer, idMost), Rule: f.Rule, Message: clip(f.Message, faultMost), Mend: clip(f.Mend, faultMost)}
}

func latest(all []Refusal, more ...Refusal) []Refusal {
	all = append(all[:len(all):len(all)], more...)
	return all[max(0, len(all)-refusalMost):]
}

// clip is what others wrote, fit to be stored and shown: no longer than that, and without what moves a terminal.
func clip(s string, most int) string {
	s = printable(s)
	for i := range s {
		if i >= most {
			return s[:i]
		}
	}
	return s
}

func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, s)
}
