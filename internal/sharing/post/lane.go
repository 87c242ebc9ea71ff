package post

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/rihla/rihla/internal/sharing/envelope"
	"github.com/rihla/rihla/internal/sharing/ledger"
	"github.com/rihla/rihla/internal/store"
)

// What bounds a lane.
const (
	batchMax   = 200     // messages sealed, and delivered, at once
	batchBytes = 4 << 20 // of signed bytes in one delivery
	tenure     = 15 * time.Second
	pace       = time.Second
	backMost   = 5 * time.Minute
)

// lane sends from one authority of ours to one of a partner's: the only one of all nodes that does, while it holds the
// lease.
type lane struct {
	office   *Office
	from, to string
	lease    store.Lease
	fails    int
	until    time.Time // nothing is tried before then
	alone    bool      // one at a time, to find the one that is turned away
	whole    bool      // all of the last batch was answered for
	next     []sealed  // sealed while it was on its way
}

func (l *lane) name() string { return "post/out/" + l.from + "/" + l.to }

// run sends until ctx ends.
func (l *lane) run(ctx context.Context) {
	wake, stop := l.office.store.Watch(topicOut)
	defer stop()
	for {
		more, err := l.turn(ctx)
		if ctx.Err() != nil {
			break
		}
		if err != nil && !errors.Is(err, store.ErrLeaseLost) {
			l.office.options.Logger.Warn("messages wait", "from", l.from, "to", l.to, "error", err)
		}
		if more && err == nil {
			continue
		}
		select {
		case <-ctx.Done():
		case <-wake:
		case <-time.After(l.pause()):
		}
	}
	if l.lease.Term != 0 {
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), pace)
		defer cancel()
		_ = l.office.store.Release(last, l.lease) // it ends by itself
	}
}

// pause is until the next look: a second, or less when something is to be tried again sooner.
func (l *lane) pause() time.Duration {
	if again := l.until.Sub(l.office.clock()); again > 0 && again < pace {
		return again
	}
	return pace
}

// turn delivers one batch. more says that another may follow at once.
func (l *lane) turn(ctx context.Context) (more bool, err error) {
	o := l.office
	g, err := o.now(ctx)
	if err != nil {
		return false, err
	}
	to := g.authorities[l.to]
	if to == nil || to.party.url == "" {
		return false, nil // a partner that only pulls gets its messages when it asks
	}
	now := o.clock()
	var urgent, waits bool
	if err := o.store.Read().QueryRowContext(ctx, `select
		exists (select 1 from post_draft where sender = $1 and receiver = $2 and lane = 0 and made > $3),
		exists (select 1 from post_draft where sender = $1 and receiver = $2) or
		exists (select 1 from post_out where sender = $1 and receiver = $2 and state = 0)`,
		l.from, l.to, store.Micros(l.until.Add(-backMost))).Scan(&urgent, &waits); err != nil || !waits {
		return false, err
	}
	if now.Before(l.until) && !(urgent && l.fails > 0 && l.until.Sub(now) > 2*pace) {
		return false, nil
	}
	if got, err := l.lead(ctx); err != nil || !got {
		return false, err
	}
	batch, err := l.batch(ctx, now)
	if err != nil || len(batch) == 0 {
		return false, err
	}
	if l.alone || l.fails > 0 {
		return l.deliver(ctx, g, to, batch)
	}
	// While it is on its way the one after it is made ready: no more than that, for urgent drafts go before what is not.
	var ahead errgroup.Group
	var next []sealed
	ahead.Go(func() (err error) {
		next, err = l.following(ctx, batch[len(batch)-1].seq, now)
		return err
	})
	more, err = l.deliver(ctx, g, to, batch)
	if failed := ahead.Wait(); err == nil {
		err = failed
	}
	if err == nil && more && !l.alone && l.whole {
		l.next = next
	}
	return more, err
}

// batch is what is delivered next: what was sealed and not answered, before what is a draft yet.
func (l *lane) batch(ctx context.Context, now time.Time) (batch []sealed, err error) {
	if batch, l.next = l.next, nil; len(batch) > 0 {
		return batch, nil
	}
	batch, err = l.following(ctx, 0, now)
	if l.alone && len(batch) > 1 {
		batch = batch[:1]
	}
	return batch, err
}

// following is what leaves after a number: what is sealed and not answered, as after a crash, or else the next drafts.
func (l *lane) following(ctx context.Context, after int64, now time.Time) ([]sealed, error) {
	batch, err := l.office.waiting(ctx, l.from, l.to, after, now)
	if err != nil || len(batch) > 0 {
		return batch, err
	}
	return l.office.sealDrafts(ctx, l.from, l.to, &l.lease)
}

func (l *lane) lead(ctx context.Context) (bool, error) {
	now, err := l.office.store.Now(ctx)
	if err != nil {
		return false, err
	}
	if l.lease.Until.Sub(now) > tenure/2 {
		return true, nil
	}
	lease, got, err := l.office.store.Acquire(ctx, l.name(), l.office.options.Owner, tenure)
	l.lease = lease
	return got, err
}

// sealed is one message of ours that has its number and signature.
type sealed struct {
	id, digest string
	seq        int64
	header     envelope.Header
	jws        string
}

// waiting reads the messages that are sealed and not answered yet, in order.
func (o *Office) waiting(ctx context.Context, from, to string, after int64, now time.Time) ([]sealed, error) {
	batch, erased, err := o.readSealed(ctx, `where sender = $1 and receiver = $2 and state = 0 and seq > $3
		and expires > $4 order by seq limit $5`, from, to, after, store.Micros(now), batchMax)
	for i := range erased {
		err = errors.Join(err, o.giveUp(ctx, &erased[i], outExpired, CodeErased))
	}
	return batch, err
}

// readSealed reads sealed messages; those whose key was destroyed come apart, without their bytes.
func (o *Office) readSealed(ctx context.Context, where string, args ...any) (batch, erased []sealed, err error) {
	var bytes [][]byte
	var ids []string
	total := 0
	err = store.Rows(ctx, o.store.Read(), func(rows *sql.Rows) error {
		var s sealed
		var b []byte
		if err := rows.Scan(&s.id, &s.seq, &s.digest, &b, &s.header.From, &s.header.To, &s.header.Type, &s.header.Thread); err != nil {
			return err
		}
		s.header.ID, s.header.Seq = s.id, s.seq
		if total += len(b); total > batchBytes && len(batch) > 0 {
			return nil
		}
		batch, bytes, ids = append(batch, s), append(bytes, b), append(ids, s.id)
		return nil
	}, "select id, seq, digest, bytes, sender, receiver, type, thread from post_out "+where, args...)
	if err != nil || len(batch) == 0 {
		return nil, nil, err
	}
	keys, err := salts(ctx, o.store.Read(), ids)
	if err != nil {
		return nil, nil, err
	}
	open := batch[:0]
	for i, s := range batch {
		text, err := o.vault.messages.Open(s.id, keys[s.id], bytes[i])
		if errors.Is(err, ErrErased) {
			erased = append(erased, s)
			continue
		}
		if err != nil {
			return nil, nil, err
		}
		s.jws = string(text)
		if s.header, _, err = envelope.Peek(s.jws); err != nil {
			return nil, nil, err
		}
		open = append(open, s)
	}
	return open, erased, nil
}

// draft is one that is about to be sealed.
type draft struct {
	id     string
	number int64
	made   int64
	bytes  []byte
}

// nextDrafts reads those that may leave now, in order: none before an earlier one of its thread that is held back.
func nextDrafts(ctx context.Context, r store.Reader, from, to string, now time.Time) (drafts []draft, err error) {
	err = store.Rows(ctx, r, func(rows *sql.Rows) error {
		var d draft
		err := rows.Scan(&d.id, &d.number, &d.made, &d.bytes)
		drafts = append(drafts, d)
		return err
	}, `select id, number, made, bytes from post_draft d where sender = $1 and receiver = $2 and not_before <= $3 and expires > $3 and not exists (
		select 1 from post_draft e where e.sender = $1 and e.receiver = $2 and e.thread = d.thread and e.not_before > 0 and e.not_before > $3 and e.number < d.number)
		order by lane, number limit $4`, from, to, store.Micros(now), batchMax)
	return drafts, err
}

var insertOut = store.NewInsert("post_out", []string{"sender", "receiver", "seq", "id", "thread", "type", "digest", "state", "made", "sealed", "expires", "ended", "code", "bytes"}, "")

// sealDrafts gives the next drafts their numbers and signatures, and commits them so: from then on they never change.
func (o *Office) sealDrafts(ctx context.Context, from, to string, lease *store.Lease) ([]sealed, error) {
	now := o.clock()
	var drafts []draft
	var seq int64
	var prev string
	err := o.store.Snapshot(ctx, func(ctx context.Context, r store.Reader) (err error) {
		if drafts, err = nextDrafts(ctx, r, from, to, now); err != nil {
			return err
		}
		seq, prev, _, err = readChain(ctx, r, from, to)
		return err
	})
	if err != nil || len(drafts) == 0 {
		return nil, err
	}
	// The keys as of now, after the drafts: what is sent after a key was revoked is not signed by it.
	g, err := o.now(ctx)
	if err != nil {
		return nil, err
	}
	signer, err := g.signer(from, now)
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(drafts))
	for i, d := range drafts {
		ids[i] = d.id
	}
	keys, err := salts(ctx, o.store.Read(), ids)
	if err != nil {
		return nil, err
	}
	before, total := seq, 0
	var batch []sealed
	var rows [][]any
	var steps []ledger.Step
	var gone []string
	for _, d := range drafts {
		text, err := o.vault.messages.Open(d.id, keys[d.id], d.bytes)
		if errors.Is(err, ErrErased) {
			gone = append(gone, d.id) // erased before it left: it never leaves
			continue
		}
		if err != nil {
			return nil, err
		}
		var is Draft
		if err := json.Unmarshal(text, &is); err != nil {
			return nil, fmt.Errorf("draft %s: %w", d.id, err)
		}
		if total += len(text); total > batchBytes && len(batch) > 0 {
			break
		}
		m := is.message(d.id, seq+1, prev, now)
		s := sealed{id: d.id, seq: m.Seq, header: m.Header}
		if s.jws, err = envelope.Sign(m, signer); err != nil {
			return nil, fmt.Errorf("draft %s: %w", d.id, err)
		}
		s.digest = envelope.Digest(s.jws)
		kept, err := o.vault.messages.Seal(d.id, keys[d.id], []byte(s.jws))
		if err != nil {
			return nil, err
		}
		seq, prev = m.Seq, s.digest
		batch = append(batch, s)
		rows = append(rows, []any{from, to, s.seq, s.id, m.ThreadKey(), string(m.Type), s.digest, outWaiting, d.made, store.Micros(now), store.Micros(m.Expires), 0, "", kept})
		step := stepOf(ledger.Sent, ledger.Out, m.Header, s.digest, "")
		step.Urgent = is.Urgent
		steps = append(steps, step)
	}
	taken := make([]string, 0, len(batch)+len(gone))
	for _, s := range batch {
		taken = append(taken, s.id)
	}
	taken = append(taken, gone...)
	err = o.store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		if lease != nil {
			if err := lease.Holds(ctx, tx); err != nil {
				return err
			}
		}
		if err := moveChain(ctx, tx, from, to, before, seq, prev); err != nil {
			return err
		}
		n, err := store.ExecKeys(ctx, tx, "delete from post_draft where id in (:keys)", taken)
		if err != nil {
			return err
		}
		if n != int64(len(taken)) {
			return errMoved
		}
		if _, err := insertOut.Exec(ctx, tx, rows); err != nil {
			return err
		}
		return ledger.Record(ctx, tx, actorPost, "", steps...)
	})
	if err != nil {
		return nil, err
	}
	return batch, nil
}

var errMoved = fmt.Errorf("another process sealed these drafts: %w", store.ErrLeaseLost)

// readChain answers the last number of a direction and the digest it had; gap is when a hole after it was first seen.
func readChain(ctx context.Context, r store.Reader, from, to string) (seq int64, digest string, gap int64, err error) {
	err = r.QueryRowContext(ctx, "select seq, digest, gap from post_chain where sender = $1 and receiver = $2", from, to).Scan(&seq, &digest, &gap)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, "", 0, nil
	}
	return seq, digest, gap, err
}

// moveChain moves the end of our chain, if it is still where it was read.
func moveChain(ctx context.Context, tx store.Tx, from, to string, before, seq int64, digest string) error {
	if before == seq {
		return nil
	}
	result, err := tx.ExecContext(ctx, `insert into post_chain (sender, receiver, seq, digest, gap) values ($1, $2, $3, $4, 0)
		on conflict (sender, receiver) do update set seq = excluded.seq, digest = excluded.digest where post_chain.seq = $5`, from, to, seq, digest, before)
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n != 1 {
		return errors.Join(err, errMoved)
	}
	return nil
}

// deliver hands a batch to the partner and does what its answer says.
func (l *lane) deliver(ctx context.Context, g *ring, to *authority, batch []sealed) (more bool, err error) {
	o := l.office
	answer, err := o.carry(ctx, g, to, batch)
	if ctx.Err() != nil {
		return false, ctx.Err()
	}
	var refused *statusError
	switch {
	case err == nil:
	case errors.As(err, &refused) && refused.final() && len(batch) > 1:
		l.alone = true // without a signed answer: find the one that is meant
		return true, nil
	case errors.As(err, &refused) && refused.final():
		answer = envelope.Ack{Refused: []envelope.Refused{{ID: batch[0].id, Code: fmt.Sprintf("HTTP-%d", refused.status)}}}
	default:
		l.backOff()
		return false, errors.Join(err, o.contacted(ctx, to.party.id, err))
	}
	if err := o.contacted(ctx, to.party.id, nil); err != nil {
		return false, err
	}
	moved, err := o.settle(ctx, batch, answer)
	if err != nil {
		return false, err
	}
	if moved == 0 {
		l.backOff()
		return false, fmt.Errorf("%s answered, and took none of %d messages%s", to.id, len(batch), whyNone(answer))
	}
	l.fails, l.until, l.whole = 0, time.Time{}, moved == len(batch)
	l.alone = l.alone && moved == 1 && len(answer.Received) == 1 // a good one may be followed by the bad one
	return true, nil
}

func whyNone(a envelope.Ack) string {
	if len(a.Refused) == 0 {
		return ""
	}
	return ": " + a.Refused[0].Code + " " + a.Refused[0].Detail
}

// backOff sets the next try: 1 s · 2^n, all of it at random, at most five minutes.
func (l *lane) backOff() {
	most := min(backMost, l.office.options.BackOff<<min(l.fails, 20))
	l.fails++
	l.until = l.office.clock().Add(rand.N(most)) //nolint:gosec // spreads attempts, guards nothing
}

// settle ends the messages that an answer names: with the digest they have, or refused for good.
func (o *Office) settle(ctx context.Context, batch []sealed, answer envelope.Ack) (moved int, err error) {
	byID := make(map[string]*sealed, len(batch))
	for i := range batch {
		byID[batch[i].id] = &batch[i]
	}
	var done []*sealed
	refused := map[string]string{}
	for _, t := range answer.Received {
		if s := byID[t.ID]; s != nil && s.digest == t.Digest {
			done = append(done, s)
			delete(byID, t.ID)
		}
	}
	for _, r := range answer.Refused {
		if byID[r.ID] != nil && !again(r.Code) {
			refused[r.ID] = r.Code
		}
	}
	if len(done) > 0 {
		if err := o.acknowledged(ctx, done); err != nil {
			return 0, err
		}
	}
	for id, code := range refused {
		if err := o.giveUp(ctx, byID[id], outRefused, code); err != nil {
			return 0, err
		}
	}
	return len(done) + len(refused), nil
}

// again reports whether a refusal passes by itself.
func again(code string) bool { return code == CodeFlood || code == CodeNotYet }

func (o *Office) acknowledged(ctx context.Context, done []*sealed) error {
	ids := make([]string, len(done))
	for i, s := range done {
		ids[i] = s.id
	}
	err := o.store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		n, err := store.ExecKeys(ctx, tx, "update post_out set state = 1, ended = $1 where state = 0 and id in (:keys)", ids, store.Micros(tx.Now()))
		if err != nil || n == 0 {
			return err
		}
		steps := make([]ledger.Step, len(done))
		for i, s := range done {
			steps[i] = stepOf(ledger.Delivered, ledger.Out, s.header, s.digest, "")
		}
		return ledger.Record(ctx, tx, actorPost, "", steps...)
	})
	if err == nil {
		o.metrics.sent.Add(float64(len(done)))
	}
	return err
}

// giveUp ends a sealed message of ours that will not arrive, and tells whoever wants to know.
func (o *Office) giveUp(ctx context.Context, s *sealed, state int, code string) error {
	var body json.RawMessage
	if s.jws != "" {
		var err error
		if _, body, err = envelope.Peek(s.jws); err != nil {
			return err
		}
	}
	err := o.store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		result, err := tx.ExecContext(ctx, "update post_out set state = $1, code = $2, ended = $3 where state = 0 and id = $4", state, code, store.Micros(tx.Now()), s.id)
		if err != nil {
			return err
		}
		if n, err := result.RowsAffected(); err != nil || n == 0 {
			return err
		}
		return o.undeliverable(ctx, tx, draftOf(s.header, body), s.header, s.digest, code)
	})
	if err == nil {
		o.metrics.undelivered.WithLabelValues(code).Inc()
		o.options.Logger.Warn("a message was not delivered", "id", s.id, "type", s.header.Type, "to", s.header.To, "why", code)
	}
	return err
}

func (o *Office) undeliverable(ctx context.Context, tx store.Tx, d Draft, h envelope.Header, digest, code string) error {
	if err := ledger.Record(ctx, tx, actorPost, "", stepOf(ledger.Undelivered, ledger.Out, h, digest, code)); err != nil {
		return err
	}
	if party, _, ok := o.PartyOf(d.To); ok {
		if err := o.announce(ctx, tx, party); err != nil {
			return err
		}
	}
	if o.undelivered == nil || isOwn(d.Type) {
		return nil
	}
	return o.undelivered(ctx, tx, d, h.ID, code)
}

// isOwn reports whether a message is of the office itself.
func isOwn(t envelope.Type) bool {
	return t == envelope.Hello || t == envelope.Keys || t == envelope.Witness
}

func (o *Office) announce(ctx context.Context, tx store.Tx, party string) error {
	if o.options.Announce == nil {
		return nil
	}
	return o.options.Announce(ctx, tx, party)
}

// sweep gives up what has expired: drafts that never left, and messages that nobody answered.
func (o *Office) sweep(ctx context.Context) error {
	now := store.Micros(o.clock())
	late, erased, err := o.readSealed(ctx, "where state = 0 and expires <= $1 order by sender, receiver, seq limit $2", now, batchMax)
	if err != nil {
		return err
	}
	late = append(late, erased...)
	for i := range late {
		if err := o.giveUp(ctx, &late[i], outExpired, CodeExpired); err != nil {
			return err
		}
	}
	for {
		n, err := o.sweepDrafts(ctx, now)
		if err != nil || n < batchMax {
			return err
		}
	}
}

func (o *Office) sweepDrafts(ctx context.Context, now int64) (n int, err error) {
	err = o.store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		var late []draft
		err := store.Rows(ctx, tx, func(rows *sql.Rows) error {
			var d draft
			err := rows.Scan(&d.id, &d.number, &d.made, &d.bytes)
			late = append(late, d)
			return err
		}, "select id, number, made, bytes from post_draft where expires <= $1 order by expires, id limit $2", now, batchMax)
		n = len(late)
		if err != nil || n == 0 {
			return err
		}
		ids := make([]string, n)
		for i, d := range late {
			ids[i] = d.id
		}
		keys, err := salts(ctx, tx, ids)
		if err != nil {
			return err
		}
		if _, err := store.ExecKeys(ctx, tx, "delete from post_draft where id in (:keys)", ids); err != nil {
			return err
		}
		for _, d := range late {
			var is Draft
			text, err := o.vault.messages.Open(d.id, keys[d.id], d.bytes)
			switch {
			case errors.Is(err, ErrErased):
				continue
			case err != nil:
				return err
			}
			if err := json.Unmarshal(text, &is); err != nil {
				return err
			}
			if err := o.undeliverable(ctx, tx, is, is.message(d.id, 0, "", store.Time(d.made)).Header, "", CodeExpired); err != nil {
				return err
			}
		}
		return nil
	})
	return n, err
}
