package sharing

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"maps"
	"slices"
	"time"

	"github.com/rihla/rihla/internal/keys"
	"github.com/rihla/rihla/internal/sharing/agreement"
	"github.com/rihla/rihla/internal/sharing/envelope"
	"github.com/rihla/rihla/internal/sharing/ledger"
	"github.com/rihla/rihla/internal/sharing/post"
	"github.com/rihla/rihla/internal/store"
)

// The duties whose clocks are kept here, by the message that began them.
const (
	dutyErasure    = ledger.ErasureReceipt
	dutyCorrection = ledger.CorrectionEffect
)

// erasesWithin is how often the clocks are looked at: what was due before that is late.
const erasesWithin = 10 * time.Minute

var saveDuty = store.NewInsert("sharing_duty", []string{"id", "agreement", "thread", "kind", "owed_by", "due", "done_at", "message"}, "")

// owe starts the clock of something the partner owes because of a message.
func owe(ctx context.Context, tx store.Tx, t *Thread, kind, message string, due time.Time) error {
	_, err := saveDuty.Exec(ctx, tx, [][]any{{keys.Event(), t.Agreement, t.ID, kind, t.Partner, store.Micros(due), int64(0), message}})
	return err
}

// corrected takes a correction in: what was received is changed, marked, and the partner told that it was.
func (r *Room) corrected(ctx context.Context, tx store.Tx, m post.Message) error {
	var c correction
	if err := json.Unmarshal(m.Body, &c); err != nil || c.Reference == "" || c.Field == "" {
		return r.turnAway(ctx, tx, m, "MALFORMED", "a correction names a reference and a field")
	}
	t, v, _, err := r.openThread(ctx, tx, m.Header.ThreadKey())
	if err != nil || t.Partner != m.Header.From {
		return r.turnAway(ctx, tx, m, "UNASKED", "no thread here has this id")
	}
	held, err := r.receivedAs(ctx, tx, &t, c.Reference)
	if err != nil {
		return err
	}
	count := 0
	for i := range held {
		rec := &held[i]
		if !slices.Contains(rec.Fields, c.Field) {
			continue
		}
		if err := r.values(ctx, tx, rec); err != nil {
			return err
		}
		rec.Values[c.Field] = c.Now
		body, err := json.Marshal(rec.Values)
		if err != nil {
			return err
		}
		if err := r.vault.put(ctx, tx, rec.ID, body); err != nil {
			return err
		}
		if err := r.again(ctx, tx, rec); err != nil {
			return err
		}
		count++
		if c.Field == "match.hit" && c.Now == false { // somebody may be standing at a desk because of it
			t.Result, t.Attention = noHit, "wrong"
		}
	}
	if t.Attention == "" {
		t.Attention = "corrected"
	}
	s := r.step(ledger.Corrected, m)
	s.Kept = []string{c.Field}
	if err := ledger.Record(ctx, tx, machine, "", s); err != nil {
		return err
	}
	if err := r.Post.Erase(ctx, tx, m.Header.ID); err != nil {
		return err
	}
	if err := r.sendDone(ctx, tx, v, &t, m, done{For: m.Header.ID, Count: count}); err != nil {
		return err
	}
	return r.changed(ctx, tx, &t)
}

// receivedAs are the records of a thread's partner under a reference, that still stand.
func (r *Room) receivedAs(ctx context.Context, rd store.Reader, t *Thread, reference string) ([]Record, error) {
	return records(ctx, rd, "reference = $1 and agreement = $2 and partner = $3 and direction = 'in' and state <> 'erased'", reference, t.Agreement, t.Partner)
}

func (r *Room) sendDone(ctx context.Context, tx store.Tx, v Version, t *Thread, m post.Message, d done) error {
	body, err := json.Marshal(d)
	if err != nil {
		return err
	}
	_, err = r.Post.Send(ctx, tx, r.inThread(envelope.Done, v, t, m.Header.ID, "", body))
	return err
}

// eraseTold erases at once what the partner wants gone, and proves it.
func (r *Room) eraseTold(ctx context.Context, tx store.Tx, m post.Message) error {
	var e erasure
	if err := json.Unmarshal(m.Body, &e); err != nil || len(e.References) == 0 {
		return r.turnAway(ctx, tx, m, "MALFORMED", "an erasure names references")
	}
	t, v, _, err := r.openThread(ctx, tx, m.Header.ThreadKey())
	if err != nil || t.Partner != m.Header.From {
		return r.turnAway(ctx, tx, m, "UNASKED", "no thread here has this id")
	}
	answer := done{For: m.Header.ID}
	for _, reference := range e.References {
		held, err := r.receivedAs(ctx, tx, &t, reference)
		if err != nil {
			return err
		}
		for i := range held {
			p, err := r.erase(ctx, tx, &held[i], e.Cause, m.Header.ID, r.now())
			if err != nil {
				return err
			}
			answer.Proofs, answer.Count = append(answer.Proofs, p), answer.Count+1
		}
	}
	t.Attention = "erased"
	if err := r.sendDone(ctx, tx, v, &t, m, answer); err != nil {
		return err
	}
	return r.changed(ctx, tx, &t)
}

// doneTold ends the clock of a correction or an erasure.
func (r *Room) doneTold(ctx context.Context, tx store.Tx, m post.Message) error {
	var d done
	if err := json.Unmarshal(m.Body, &d); err != nil {
		return r.turnAway(ctx, tx, m, "MALFORMED", err.Error())
	}
	if d.For != "" {
		if _, err := tx.ExecContext(ctx, "update sharing_duty set done_at = $1 where message = $2 and owed_by = $3 and done_at = 0",
			store.Micros(m.ReceivedAt), d.For, m.Header.From); err != nil {
			return err
		}
	}
	s := r.step(ledger.Decided, m)
	s.Subjects = d.Count
	if err := ledger.Record(ctx, tx, m.Header.From, "", s); err != nil {
		return err
	}
	if t, err := threadByID(ctx, tx, m.Header.ThreadKey()); err == nil {
		return r.changed(ctx, tx, &t)
	}
	return nil
}

// doubted flags a thread whose data the partner doubts.
func (r *Room) doubted(ctx context.Context, tx store.Tx, m post.Message) error {
	return r.mark(ctx, tx, m, "doubt", func(t *Thread) (string, error) {
		var d doubt
		err := json.Unmarshal(m.Body, &d)
		t.Attention = "doubted"
		return d.Why, err
	})
}

func (r *Room) flagged(ctx context.Context, tx store.Tx, m post.Message) error {
	var f flag
	if err := json.Unmarshal(m.Body, &f); err != nil {
		return r.turnAway(ctx, tx, m, "MALFORMED", err.Error())
	}
	state, code := contested, "contested"
	if !f.On {
		state, code = stands, "settled"
	}
	return r.mark(ctx, tx, m, code, func(t *Thread) (string, error) {
		t.Attention = code
		return "", r.restate(ctx, tx, t, f.Reference, state)
	})
}

func (r *Room) restricted(ctx context.Context, tx store.Tx, m post.Message) error {
	var e erasure
	if err := json.Unmarshal(m.Body, &e); err != nil {
		return r.turnAway(ctx, tx, m, "MALFORMED", err.Error())
	}
	return r.mark(ctx, tx, m, "restricted", func(t *Thread) (string, error) {
		t.Attention = "restricted"
		for _, reference := range e.References {
			if err := r.restate(ctx, tx, t, reference, restricted); err != nil {
				return "", err
			}
		}
		return e.Cause, nil
	})
}

func (r *Room) restate(ctx context.Context, tx store.Tx, t *Thread, reference, state string) error {
	held, err := r.receivedAs(ctx, tx, t, reference)
	if err != nil {
		return err
	}
	for i := range held {
		held[i].State = state
		if err := held[i].save(ctx, tx); err != nil {
			return err
		}
		if state == restricted {
			if err := r.dropped(ctx, tx, &held[i]); err != nil {
				return err
			}
		}
	}
	return nil
}

func (r *Room) mark(ctx context.Context, tx store.Tx, m post.Message, code string, change func(*Thread) (reason string, err error)) error {
	t, _, _, err := r.openThread(ctx, tx, m.Header.ThreadKey())
	if err != nil || t.Partner != m.Header.From {
		return r.turnAway(ctx, tx, m, "UNASKED", "no thread here has this id")
	}
	reason, err := change(&t)
	if err != nil {
		return err
	}
	s := r.step(ledger.Marked, m)
	s.Code, s.Reason = code, reason
	if err := ledger.Record(ctx, tx, m.Header.From, "", s); err != nil {
		return err
	}
	return r.changed(ctx, tx, &t)
}

// breached notes what the partner tells of a breach, and shows it on the agreement.
func (r *Room) breached(ctx context.Context, tx store.Tx, m post.Message) error {
	var b breach
	if err := json.Unmarshal(m.Body, &b); err != nil || b.What == "" {
		return r.turnAway(ctx, tx, m, "MALFORMED", "a breach says what happened")
	}
	s := r.step(ledger.Marked, m)
	s.Code, s.Reason = "breach", b.What
	if err := ledger.Record(ctx, tx, m.Header.From, "", s); err != nil {
		return err
	}
	return r.announce(ctx, tx, "agreement", m.Header.Agreement.ID)
}

// consentAsked puts the partner's question, whether it may use or pass on what we gave, before a human.
func (r *Room) consentAsked(ctx context.Context, tx store.Tx, m post.Message) error {
	return r.mark(ctx, tx, m, "consent_asked", func(t *Thread) (string, error) {
		var c consentAsk
		if err := json.Unmarshal(m.Body, &c); err != nil {
			return "", err
		}
		t.Attention, t.choice = "consent", string(m.Body) // what a yes would allow
		return c.Why, nil
	})
}

// consented takes the giver's answer: a yes to another purpose opens what was received for that purpose too.
func (r *Room) consented(ctx context.Context, tx store.Tx, m post.Message) error {
	return r.mark(ctx, tx, m, "consent", func(t *Thread) (string, error) {
		var c consent
		if err := json.Unmarshal(m.Body, &c); err != nil {
			return "", err
		}
		var asked consentAsk
		if t.Attention != "consent_asked" || json.Unmarshal([]byte(t.choice), &asked) != nil {
			return c.Conditions, nil // it answers what was not asked: it opens nothing
		}
		t.Attention, t.choice = map[bool]string{true: "consented", false: "not_consented"}[c.Yes], ""
		if !c.Yes || asked.For != "purpose" {
			return c.Conditions, nil
		}
		held, err := r.receivedAs(ctx, tx, t, asked.Reference)
		if err != nil {
			return "", err
		}
		for i := range held {
			held[i].Purpose += " " + asked.Purpose
			if err := held[i].save(ctx, tx); err != nil {
				return "", err
			}
		}
		return c.Conditions, nil
	})
}

// keepClocks keeps every clock of the room: agreements whose day has come or is over, records to erase, duties that ran
// out, and the triggers that suspend by themselves.
func (r *Room) keepClocks(ctx context.Context) error {
	tick := time.NewTicker(clockPace)
	defer tick.Stop()
	for {
		if err := r.Clocks(ctx); err != nil && ctx.Err() == nil {
			r.o.Logger.Error("the clocks of the exchange could not be kept; they are tried again", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

const (
	clockPace  = 5 * time.Second
	eraseBatch = 200
)

// Clocks does now what is due now.
func (r *Room) Clocks(ctx context.Context) error {
	_, got, err := r.store.Acquire(ctx, "sharing clocks", r.o.Owner, 4*clockPace)
	if err != nil || !got {
		return err
	}
	for _, work := range []func(context.Context, time.Time) error{r.turnAgreements, r.eraseDue, r.forgetDue, r.maskDue, r.noteOverdue, r.pullTriggers} {
		if err := work(ctx, r.now()); err != nil {
			return err
		}
	}
	return nil
}

func (r *Room) turnAgreements(ctx context.Context, now time.Time) error {
	all, err := r.shelf.versions(ctx, r.store.Read(), "")
	if err != nil {
		return err
	}
	for _, v := range all {
		switch {
		case v.State == signed && !now.Before(v.Metadata.Effective.Time):
			err = r.store.Write(ctx, func(ctx context.Context, tx store.Tx) error { return r.begin(ctx, tx, v, now) })
		case v.State == inForce && !now.Before(v.Metadata.Expires.Time):
			err = r.store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
				v.State, v.EndedAt = ended, now
				if err := v.save(ctx, tx); err != nil {
					return err
				}
				return r.announce(ctx, tx, "agreement", v.Metadata.ID)
			})
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// eraseDue erases what has come to its last day, and tells the giver with proof.
func (r *Room) eraseDue(ctx context.Context, now time.Time) error {
	for {
		due, err := records(ctx, r.store.Read(), "state in ('held', 'restricted', 'contested') and erase_at > 0 and erase_at <= $1 order by erase_at limit $2",
			store.Micros(now), int64(eraseBatch))
		if err != nil || len(due) == 0 {
			return err
		}
		err = r.store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
			proofs := map[string]*done{} // by the message that brought it
			var messages []Record
			for i := range due {
				c := due[i] // the closure may run again
				p, err := r.erase(ctx, tx, &c, "expired", "", now)
				if err != nil {
					return err
				}
				if c.Direction == ledger.Out {
					continue
				}
				d := proofs[c.Message]
				if d == nil {
					d = new(done)
					proofs[c.Message], messages = d, append(messages, c)
				}
				d.Proofs, d.Count = append(d.Proofs, p), d.Count+1
			}
			for _, c := range messages {
				t, v, _, err := r.openThread(ctx, tx, c.Thread)
				if err != nil {
					return err
				}
				body, err := json.Marshal(proofs[c.Message])
				if err != nil {
					return err
				}
				if _, err := r.Post.Send(ctx, tx, r.inThread(envelope.Done, v, &t, c.Message, "", body)); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
}

// forgetDue destroys what ended threads say of a person, on its day.
func (r *Room) forgetDue(ctx context.Context, now time.Time) error {
	return r.store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		var due []Thread
		if err := store.Rows(ctx, tx, func(rows *sql.Rows) error {
			t, err := scanThread(rows)
			due = append(due, t)
			return err
		}, "select "+threadColumns+" from sharing_thread where forget_at > 0 and forget_at <= $1 order by forget_at limit $2", store.Micros(now), int64(eraseBatch)); err != nil {
			return err
		}
		for i := range due {
			t := &due[i]
			if err := r.vault.destroy(ctx, tx, t.ID); err != nil {
				return err
			}
			if err := ledger.Record(ctx, tx, machine, "", ledger.Step{
				Kind: ledger.Erased, Agreement: t.Agreement, Version: t.Version, Share: t.Share, Partner: t.Partner, Direction: t.Direction,
				Thread: t.ID, Code: "expired", Due: t.forget, Late: now.After(t.forget.Add(erasesWithin)),
			}); err != nil {
				return err
			}
			t.forget = time.Time{}
			if err := r.changed(ctx, tx, t); err != nil {
				return err
			}
		}
		return nil
	})
}

// maskDue takes what identifies a person out of records whose time to be masked has come.
func (r *Room) maskDue(ctx context.Context, now time.Time) error {
	return r.store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		due, err := records(ctx, tx, "mask_at > 0 and mask_at <= $1 and state <> 'erased' order by mask_at limit $2", store.Micros(now), int64(eraseBatch))
		if err != nil {
			return err
		}
		for i := range due {
			c := &due[i]
			if err := r.values(ctx, tx, c); err != nil {
				return err
			}
			taken := c.identifying()
			body, err := json.Marshal(c.Values)
			if err != nil {
				return err
			}
			if err := r.vault.put(ctx, tx, c.ID, body); err != nil {
				return err
			}
			due := c.MaskAt
			c.Fields, c.MaskAt = fieldNames(c.Values), time.Time{}
			if err := c.save(ctx, tx); err != nil {
				return err
			}
			if err := r.again(ctx, tx, c); err != nil {
				return err
			}
			if err := ledger.Record(ctx, tx, machine, "", ledger.Step{
				Kind: ledger.Marked, Agreement: c.Agreement, Version: c.Version, Share: c.Share, Partner: c.Partner, Direction: c.Direction,
				Thread: c.Thread, Message: c.Message, Code: "masked", Dropped: taken, Due: due,
			}); err != nil {
				return err
			}
		}
		return nil
	})
}

// noteOverdue says once of each duty and each answer that its clock ran out.
func (r *Room) noteOverdue(ctx context.Context, now time.Time) error {
	return r.store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		var late []string
		if err := store.Rows(ctx, tx, func(rows *sql.Rows) error {
			var id string
			err := rows.Scan(&id)
			late = append(late, id)
			return err
		}, "select id from sharing_thread where state in ('asked', 'half') and due > 0 and due < $1 and attention = '' limit 100", store.Micros(now)); err != nil {
			return err
		}
		for _, id := range late {
			t, err := threadByID(ctx, tx, id)
			if err != nil {
				return err
			}
			t.Attention = "overdue"
			if err := ledger.Record(ctx, tx, machine, "", ledger.Step{
				Kind: ledger.Overdue, Agreement: t.Agreement, Version: t.Version, Share: t.Share, Partner: t.Partner, Direction: t.Direction,
				Thread: t.ID, Code: ledger.Reply, Due: t.Due,
			}); err != nil {
				return err
			}
			if err := r.changed(ctx, tx, &t); err != nil {
				return err
			}
		}
		return nil
	})
}

// pullTriggers does what an agreement says happens by itself when a figure goes out of bounds.
func (r *Room) pullTriggers(ctx context.Context, now time.Time) error {
	partners, err := r.Post.Partners(ctx)
	if err != nil {
		return err
	}
	r.figures.mu.Lock()
	for _, p := range partners {
		r.figures.disagrees[p.Party] = p.Disagrees
	}
	r.figures.mu.Unlock()
	all, err := r.shelf.versions(ctx, r.store.Read(), "")
	if err != nil {
		return err
	}
	for _, v := range all {
		own, partner, ok := r.shelf.sides(v.Agreement)
		if v.State != inForce || !ok {
			continue
		}
		for _, g := range v.Suspension.Triggers {
			share := g.Share
			if share == agreement.All {
				share = ""
			}
			stats, err := r.stats(ctx, r.store.Read(), v, share, now)
			if err != nil {
				return err
			}
			holds, err := v.Pulled(g, stats)
			if err != nil || !holds {
				continue // a condition that cannot be told is for the watcher: Read has compiled it
			}
			s := Suspension{Share: g.Share, Party: own.ID, Cause: g.ID, Reason: g.When, By: machine, At: now}
			switch g.Action {
			case "suspend_share":
			case "suspend_receiving": // whoever owes the erasure gets nothing more
				s.Party, s.Receiving = partner.ID, true
			default:
				if err := r.alert(ctx, v, g, now); err != nil {
					return err
				}
				continue
			}
			if err := r.store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
				return r.suspend(ctx, tx, v, s, "", partner)
			}); err != nil {
				return err
			}
		}
	}
	return nil
}

// alert tells both watchers, through the log and the agreement's page, once a day while it holds.
func (r *Room) alert(ctx context.Context, v Version, g agreement.Trigger, now time.Time) error {
	if !r.figures.alert(v.Metadata.ID+"/"+g.ID, now) {
		return nil
	}
	r.o.Logger.Warn("a figure of an agreement is out of bounds", "agreement", v.Metadata.ID, "trigger", g.ID, "when", g.When)
	return r.store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		if err := ledger.Record(ctx, tx, machine, "", ledger.Step{
			Kind: ledger.Marked, Agreement: v.Metadata.ID, Version: v.Number, Share: g.Share, Code: "alert", Clause: "suspension.triggers." + g.ID, Reason: g.When,
		}); err != nil {
			return err
		}
		return r.announce(ctx, tx, "agreement", v.Metadata.ID)
	})
}

func digestOf(value any) string {
	text, err := json.Marshal(value)
	if err != nil {
		return ""
	}
	sum := sha256.Sum256(text)
	return "sha-256:" + hex.EncodeToString(sum[:])
}

// fieldNames are the names of a set of values, in order.
func fieldNames(values map[string]any) []string { return slices.Sorted(maps.Keys(values)) }
