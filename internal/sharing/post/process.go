package post

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/rihla/rihla/internal/sharing/envelope"
	"github.com/rihla/rihla/internal/sharing/ledger"
	"github.com/rihla/rihla/internal/store"
)

const (
	processMax = batchMax // messages handled in one transaction
	askAgain   = 5 * time.Second
)

// errUnfit says that a message of the office's own kind does not say what it should: it is noted, and not tried again.
var errUnfit = errors.New("the message does not say what it should")

// desk handles what came from one authority of a partner's to one of ours, in its order; the only one of all nodes that
// does, while it holds the lease.
type desk struct {
	office   *Office
	from, to string
	lease    store.Lease
	asked    time.Time
}

func (d *desk) run(ctx context.Context) {
	wake, stop := d.office.store.Watch(topicIn)
	defer stop()
	tick := time.NewTicker(pace)
	defer tick.Stop()
	for {
		more, err := d.turn(ctx)
		if ctx.Err() != nil {
			break
		}
		if err != nil && !errors.Is(err, store.ErrLeaseLost) {
			d.office.options.Logger.Warn("messages that came wait", "from", d.from, "to", d.to, "error", err)
		}
		if more && err == nil {
			continue
		}
		select {
		case <-ctx.Done():
		case <-wake:
		case <-tick.C:
		}
	}
	if d.lease.Term != 0 {
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), pace)
		defer cancel()
		_ = d.office.store.Release(last, d.lease) // it ends by itself
	}
}

// task is a message that waits to be handled.
type task struct {
	seq            int64
	id, thread     string
	digest         string
	came, attempts int64
	bytes          []byte
	message        Message
	erased         bool
}

// turn handles one batch. more says that another may follow at once.
func (d *desk) turn(ctx context.Context) (more bool, err error) {
	o := d.office
	var waits bool
	if err := o.store.Read().QueryRowContext(ctx, "select exists (select 1 from post_in where sender = $1 and receiver = $2 and state = 0)", d.from, d.to).Scan(&waits); err != nil || !waits {
		return false, err
	}
	now, err := o.store.Now(ctx)
	if err != nil {
		return false, err
	}
	if d.lease.Until.Sub(now) <= tenure/2 {
		lease, got, err := o.store.Acquire(ctx, "post/in/"+d.from+"/"+d.to, o.options.Owner, tenure)
		if d.lease = lease; err != nil || !got {
			return false, err
		}
	}
	if err := d.mindGap(ctx); err != nil {
		return false, err
	}
	tasks, err := d.ready(ctx)
	if err != nil || len(tasks) == 0 {
		return false, err
	}
	err = d.work(ctx, tasks)
	if err == nil || errors.Is(err, store.ErrLeaseLost) || ctx.Err() != nil {
		return true, err
	}
	// One of them could not be done: each alone, and after one that fails none of its thread.
	failed := map[string]bool{}
	for i := range tasks {
		if failed[tasks[i].thread] {
			continue
		}
		err := d.work(ctx, tasks[i:i+1])
		switch {
		case err == nil:
		case ctx.Err() != nil, errors.Is(err, store.ErrLeaseLost):
			return false, err
		default:
			failed[tasks[i].thread] = true
			if err := d.postpone(ctx, tasks[i], err); err != nil {
				return false, err
			}
		}
	}
	return true, nil
}

// ready reads what may be handled now: in order, beyond no gap, nothing of a thread whose earlier message is put off.
func (d *desk) ready(ctx context.Context) (tasks []task, err error) {
	o := d.office
	var names []string
	total := 0
	err = store.Rows(ctx, o.store.Read(), func(rows *sql.Rows) error {
		var t task
		if err := rows.Scan(&t.seq, &t.id, &t.thread, &t.digest, &t.came, &t.attempts, &t.bytes); err != nil {
			return err
		}
		if total += len(t.bytes); total <= batchBytes || len(tasks) == 0 {
			tasks, names = append(tasks, t), append(names, cameAs(t.id, d.from))
		}
		return nil
	}, `select seq, id, thread, digest, came, attempts, bytes from post_in d where sender = $1 and receiver = $2 and state = 0 and retry_at <= $3
		and seq <= (select c.seq from post_chain c where c.sender = $1 and c.receiver = $2) and not exists (
			select 1 from post_in e where e.sender = $1 and e.receiver = $2 and e.thread = d.thread and e.state = 0 and e.retry_at > 0 and e.retry_at > $3 and e.seq < d.seq)
		order by seq limit $4`, d.from, d.to, store.Micros(o.clock()), processMax)
	if err != nil || len(tasks) == 0 {
		return nil, err
	}
	keys, err := salts(ctx, o.store.Read(), names)
	if err != nil {
		return nil, err
	}
	for i := range tasks {
		t := &tasks[i]
		text, err := o.vault.messages.Open(names[i], keys[names[i]], t.bytes)
		if errors.Is(err, ErrErased) {
			t.erased = true
			continue
		}
		if err != nil {
			return nil, err
		}
		h, body, err := envelope.Peek(string(text)) // verified when it came
		if err != nil {
			return nil, fmt.Errorf("message %s: %w", t.id, err)
		}
		t.message = Message{Header: h, Body: body, JWSDigest: t.digest, ReceivedAt: store.Time(t.came)}
	}
	return tasks, nil
}

// work handles messages and marks them done, in one transaction.
func (d *desk) work(ctx context.Context, tasks []task) error {
	o := d.office
	return o.store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		if err := d.lease.Holds(ctx, tx); err != nil {
			return err
		}
		seqs := make([]int64, len(tasks))
		for i, t := range tasks {
			seqs[i] = t.seq
		}
		n, err := store.ExecKeys(ctx, tx, "update post_in set state = 1, ended = $1, retry_at = 0 where sender = $2 and receiver = $3 and state = 0 and seq in (:keys)",
			seqs, store.Micros(tx.Now()), d.from, d.to)
		if err != nil {
			return err
		}
		if n != int64(len(tasks)) {
			return errHandled
		}
		for _, t := range tasks {
			if t.erased {
				continue
			}
			if err := o.dispatch(ctx, tx, t.message); err != nil {
				return fmt.Errorf("message %s (%s): %w", t.id, t.message.Header.Type, err)
			}
		}
		return nil
	})
}

// errHandled has the desk look again: another process was quicker with some of them.
var errHandled = fmt.Errorf("another process handled some of these messages: %w", store.ErrLeaseLost)

// dispatch does what one message asks.
func (o *Office) dispatch(ctx context.Context, tx store.Tx, m Message) (err error) {
	switch m.Header.Type {
	case envelope.Hello:
		err = o.greeted(ctx, tx, m)
	case envelope.Keys:
		err = o.learnKeys(ctx, tx, m)
	case envelope.Witness:
		err = o.learnHead(ctx, tx, m)
	default:
		if o.handle == nil {
			return nil
		}
		return o.handle(ctx, tx, m)
	}
	if errors.Is(err, errUnfit) {
		return ledger.Record(ctx, tx, actorPost, "", stepOf(ledger.Rejected, ledger.In, m.Header, m.JWSDigest, "UNFIT"))
	}
	return err
}

// postpone notes why a message could not be handled, and when it is tried again.
func (d *desk) postpone(ctx context.Context, t task, cause error) error {
	o := d.office
	wait := min(backMost, o.options.BackOff<<min(t.attempts, 20))
	o.options.Logger.Error("a message that came could not be handled; it is tried again", "id", t.id, "from", d.from, "in", wait, "error", cause)
	return o.store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		_, err := tx.ExecContext(ctx, "update post_in set attempts = attempts + 1, retry_at = $1, fault = $2 where sender = $3 and receiver = $4 and seq = $5 and state = 0",
			store.Micros(o.clock().Add(wait)), cause.Error(), d.from, d.to, t.seq)
		return err
	})
}

// mindGap asks for what is missing while a number is, and goes on without it when it has not come in time.
func (d *desk) mindGap(ctx context.Context) error {
	o := d.office
	seq, _, gap, err := readChain(ctx, o.store.Read(), d.from, d.to)
	if err != nil || gap == 0 {
		return err
	}
	now := o.clock()
	if now.Sub(store.Time(gap)) >= o.options.HoldFor {
		return d.skip(ctx)
	}
	if now.Sub(d.asked) < askAgain && !now.Before(d.asked) {
		return nil
	}
	d.asked = now
	if err := o.pull(ctx, d.from, d.to, seq); err != nil {
		o.options.Logger.Warn("what is missing could not be asked for", "from", d.from, "after", seq, "error", err)
	}
	return nil
}

// skip goes on without the missing numbers, and says so in the exchange log.
func (d *desk) skip(ctx context.Context) error {
	return d.office.store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		seq, digest, gap, err := readChain(ctx, tx, d.from, d.to)
		if err != nil || gap == 0 {
			return err
		}
		var next int64
		err = tx.QueryRowContext(ctx, "select coalesce(min(seq), 0) from post_in where sender = $1 and receiver = $2 and seq > $3", d.from, d.to, seq).Scan(&next)
		if err != nil || next == 0 {
			return err
		}
		c := &chain{pair: pair{d.from, d.to}, seq: next - 1, digest: digest, gap: gap, ahead: true}
		if err := c.advance(ctx, tx); err != nil {
			return err
		}
		if c.gap != 0 {
			c.gap = store.Micros(tx.Now()) // another hole, with its own minute
		}
		if _, err := insertChain.Exec(ctx, tx, [][]any{{d.from, d.to, c.seq, c.digest, c.gap}}); err != nil {
			return err
		}
		step := ledger.Step{Kind: ledger.Witnessed, Partner: d.from, Direction: ledger.In, Seq: seq + 1, Size: next - seq - 1, Code: "gap"}
		return ledger.Record(ctx, tx, actorPost, "", step)
	})
}
