package post

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"github.com/rihla/rihla/internal/audit"
	"github.com/rihla/rihla/internal/sharing/envelope"
	"github.com/rihla/rihla/internal/store"
)

// noteEvery is how often it is written down that a partner is still there; that it went or came back is at once.
const noteEvery = 10 * time.Second

// contact is what this node last wrote of a partner.
type contact struct {
	at      time.Time
	trouble string
}

// contacted notes that a partner answered or asked, or why it did not.
func (o *Office) contacted(ctx context.Context, party string, failed error) error {
	now := o.clock()
	is := contact{at: now}
	if failed != nil {
		is.trouble = firstLine([]byte(failed.Error()))
	}
	o.mu.Lock()
	was, known := o.contacts[party]
	turned := !known || (was.trouble == "") != (is.trouble == "")
	if !turned && now.Sub(was.at) < noteEvery && !now.Before(was.at) {
		o.mu.Unlock()
		return nil
	}
	o.contacts[party] = is
	o.mu.Unlock()
	return o.store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		set := "trouble = excluded.trouble, tried = excluded.tried"
		seen := int64(0)
		if failed == nil {
			set, seen = set+", seen = excluded.seen", store.Micros(now)
		}
		_, err := tx.ExecContext(ctx, `insert into post_contact (party, seen, tried, trouble, clock_off, agreements, greeted, witnessed, disagrees)
			values ($1, $2, $3, $4, 0, '[]', 0, 0, $5) on conflict (party) do update set `+set, party, seen, store.Micros(now), is.trouble, false)
		if err != nil || !turned {
			return err
		}
		return o.announce(ctx, tx, party)
	})
}

// Partners answers how it stands with each, in the order of their names.
func (o *Office) Partners(ctx context.Context) ([]PartnerState, error) {
	g, err := o.now(ctx)
	if err != nil {
		return nil, err
	}
	states := map[string]*PartnerState{}
	var order []string
	r := o.store.Read()
	err = store.Rows(ctx, r, func(rows *sql.Rows) error {
		var id string
		if err := rows.Scan(&id); err != nil {
			return err
		}
		if p := g.parties[id]; p != nil {
			s := &PartnerState{Party: id, Country: p.country, URL: p.url, Authorities: []string{}}
			for _, a := range p.authorities {
				s.Authorities = append(s.Authorities, a.id)
			}
			states[id], order = s, append(order, id)
		}
		return nil
	}, "select party from post_party where own = $1 order by party", false)
	if err != nil {
		return nil, err
	}
	err = errors.Join(o.addContacts(ctx, r, states), o.addWaiting(ctx, r, g, states), addHeads(ctx, r, states))
	all := make([]PartnerState, 0, len(order))
	for _, id := range order {
		all = append(all, *states[id])
	}
	return all, err
}

func (o *Office) addContacts(ctx context.Context, r store.Reader, states map[string]*PartnerState) error {
	return store.Rows(ctx, r, func(rows *sql.Rows) error {
		var id, trouble, agreements string
		var seen, off int64
		var disagrees bool
		if err := rows.Scan(&id, &seen, &trouble, &off, &agreements, &disagrees); err != nil {
			return err
		}
		s := states[id]
		if s == nil {
			return nil
		}
		s.LastSeen, s.Trouble, s.Disagrees = store.Time(seen), trouble, disagrees
		s.Online = seen > 0 && trouble == ""
		s.ClockOff = time.Duration(off * int64(time.Microsecond)).Seconds()
		return json.Unmarshal([]byte(agreements), &s.Agreements)
	}, "select party, seen, trouble, clock_off, agreements, disagrees from post_contact")
}

func (o *Office) addWaiting(ctx context.Context, r store.Reader, g *ring, states map[string]*PartnerState) error {
	return eachQueue(ctx, r, func(to string, n int, oldest time.Time) {
		a := g.authorities[to]
		if a == nil || states[a.party.id] == nil {
			return
		}
		s := states[a.party.id]
		s.Waiting += n
		if s.OldestWaiting.IsZero() || oldest.Before(s.OldestWaiting) {
			s.OldestWaiting = oldest
		}
	})
}

// eachQueue counts what waits for each authority; what is held back on purpose does not wait.
func eachQueue(ctx context.Context, r store.Reader, each func(to string, n int, oldest time.Time)) error {
	scan := func(rows *sql.Rows) error {
		var to string
		var n int
		var oldest int64
		err := rows.Scan(&to, &n, &oldest)
		each(to, n, store.Time(oldest))
		return err
	}
	return errors.Join(
		store.Rows(ctx, r, scan, "select receiver, count(*), min(case when not_before > made then not_before else made end) from post_draft group by receiver"),
		store.Rows(ctx, r, scan, "select receiver, count(*), min(made) from post_out where state = 0 group by receiver"),
	)
}

func addHeads(ctx context.Context, r store.Reader, states map[string]*PartnerState) error {
	return store.Rows(ctx, r, func(rows *sql.Rows) error {
		var id string
		var h Head
		var at int64
		err := rows.Scan(&id, &h.Size, &h.Root, &at)
		if s := states[id]; s != nil && h.Size >= s.LastHead.Size {
			h.At = store.Time(at)
			s.LastHead = h
		}
		return err
	}, "select h.party, h.size, h.root, h.at from post_head h where h.size = (select max(m.size) from post_head m where m.party = h.party)")
}

// hello is what a HELLO says. The clock that counts is the header's.
type hello struct {
	Software   string    `json:"software"`
	Agreements []string  `json:"agreements"`
	Clock      time.Time `json:"clock"`
}

const (
	software     = "rihla"
	greetEvery   = time.Hour
	greetingLife = time.Hour // one that could not be delivered says nothing any more
)

// greet tells a partner, once an hour and when it is first known, which agreements we hold.
func (o *Office) greet(ctx context.Context, g *ring, p *party) error {
	if first(p) == "" || first(g.own) == "" {
		return nil
	}
	due, err := o.due(ctx, p.id, "greeted", greetEvery)
	if err != nil || !due {
		return err
	}
	return o.store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		if taken, err := o.takeDue(ctx, tx, p.id, "greeted", greetEvery); err != nil || !taken {
			return err
		}
		body := hello{Software: software, Agreements: []string{}, Clock: tx.Now().UTC()}
		if o.options.Held != nil {
			held, err := o.options.Held(ctx, tx, p.id)
			if err != nil {
				return err
			}
			body.Agreements = append(body.Agreements, held...)
		}
		text, err := json.Marshal(body)
		if err != nil {
			return err
		}
		_, err = o.send(ctx, tx, g, Draft{Type: envelope.Hello, From: first(g.own), To: first(p), Body: text, Expires: tx.Now().Add(greetingLife)})
		return err
	})
}

// due reports whether something that is done of each partner on a clock is to be done now.
func (o *Office) due(ctx context.Context, party, column string, every time.Duration) (bool, error) {
	var last int64
	err := o.store.Read().QueryRowContext(ctx, "select "+column+" from post_contact where party = $1", party).Scan(&last)
	if errors.Is(err, sql.ErrNoRows) {
		return true, nil
	}
	return o.clock().Sub(store.Time(last)) >= every, err
}

// takeDue claims it for this node: of several that look at once, one does it.
func (o *Office) takeDue(ctx context.Context, tx store.Tx, party, column string, every time.Duration) (bool, error) {
	now := store.Micros(o.clock())
	_, err := tx.ExecContext(ctx, `insert into post_contact (party, seen, tried, trouble, clock_off, agreements, greeted, witnessed, disagrees)
		values ($1, 0, 0, '', 0, '[]', 0, 0, $2) on conflict (party) do nothing`, party, false)
	if err != nil {
		return false, err
	}
	result, err := tx.ExecContext(ctx, "update post_contact set "+column+" = $1 where party = $2 and "+column+" <= $3", now, party, now-every.Microseconds())
	if err != nil {
		return false, err
	}
	n, err := result.RowsAffected()
	return n == 1, err
}

// greeted keeps what a partner's HELLO says.
func (o *Office) greeted(ctx context.Context, tx store.Tx, m Message) error {
	var body hello
	if err := unmarshal(m.Body, &body); err != nil {
		return err
	}
	if len(body.Agreements) > 1000 {
		return errUnfit
	}
	text, err := json.Marshal(append([]string{}, body.Agreements...))
	if err != nil {
		return err
	}
	party, _, ok := o.PartyOf(m.Header.From)
	if !ok {
		return nil
	}
	off := m.Header.Issued.Sub(m.ReceivedAt).Microseconds()
	_, err = tx.ExecContext(ctx, `insert into post_contact (party, seen, tried, trouble, clock_off, agreements, greeted, witnessed, disagrees)
		values ($1, $2, $2, '', $3, $4, 0, 0, $5) on conflict (party) do update set clock_off = excluded.clock_off, agreements = excluded.agreements`,
		party, store.Micros(tx.Now()), off, string(text), false)
	if err != nil {
		return err
	}
	return o.announce(ctx, tx, party)
}

const exchangeLog = audit.Exchange
