package post

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/rihla/rihla/internal/keys"
	"github.com/rihla/rihla/internal/sharing/envelope"
	"github.com/rihla/rihla/internal/sharing/ledger"
	"github.com/rihla/rihla/internal/store"
)

// The lanes in which drafts wait, the first one first.
const (
	laneUrgent   = 0
	laneOrdinary = 1
)

var (
	insertDraft  = store.NewInsert("post_draft", []string{"sender", "receiver", "lane", "number", "id", "thread", "type", "made", "not_before", "expires", "bytes"}, "")
	draftCounter = "post_draft"
)

// Send puts a message into the caller's transaction: with its commit it will be delivered, or told to Undelivered. It is
// given its number and signed when it leaves. The id is the message's own.
func (o *Office) Send(ctx context.Context, tx store.Tx, d Draft) (id string, err error) {
	g := o.seen()
	if a := g.authorities[d.To]; a == nil {
		// Another process may have just trusted the card.
		if g, err = o.readRing(ctx, tx); err != nil {
			return "", err
		}
	}
	return o.send(ctx, tx, g, d)
}

func (o *Office) send(ctx context.Context, tx store.Tx, g *ring, d Draft) (id string, err error) {
	if a := g.authorities[d.From]; a == nil || !a.party.own {
		return "", fmt.Errorf("%q is no authority of ours: rihla partner card names them", d.From)
	}
	if a := g.authorities[d.To]; a == nil || a.party.own {
		return "", fmt.Errorf("%q: %w", d.To, ErrUnknownPartner)
	}
	now := tx.Now()
	if d.Expires.IsZero() {
		d.Expires = later(now, d.NotBefore).Add(defaultTTL)
	}
	id = cmp.Or(d.ID, keys.Event())
	if err := d.message(id, 1, "", now).Check(); err != nil {
		return "", err
	}
	if len(d.Body) > envelope.MaxSize-(8<<10) {
		return "", fmt.Errorf("a body of %d bytes; at most %d go in a message, what is larger as an attachment", len(d.Body), envelope.MaxSize-(8<<10))
	}
	text, err := json.Marshal(d)
	if err != nil {
		return "", fmt.Errorf("the body is no JSON: %w", err)
	}
	salt := keys.NewSalt()
	sealed, err := o.vault.messages.Seal(id, salt, text)
	if err != nil {
		return "", err
	}
	number, err := store.NextNumber(ctx, tx, draftCounter, 1)
	if err != nil {
		return "", err
	}
	thread, lane := d.Thread, laneOrdinary
	if thread == "" {
		thread = id
	}
	if d.Urgent {
		lane = laneUrgent
		if d.Thread != "" { // what came before it in its thread goes before it
			_, err := tx.ExecContext(ctx, "update post_draft set lane = $1 where sender = $2 and receiver = $3 and lane = $4 and thread = $5",
				laneUrgent, d.From, d.To, laneOrdinary, thread)
			if err != nil {
				return "", err
			}
		}
	}
	if _, err := insertSecret.Exec(ctx, tx, [][]any{{id, salt}}); err != nil {
		return "", err
	}
	row := []any{d.From, d.To, lane, number, id, thread, string(d.Type), store.Micros(now), store.Micros(d.NotBefore), store.Micros(d.Expires), sealed}
	if _, err := insertDraft.Exec(ctx, tx, [][]any{row}); err != nil {
		return "", err
	}
	tx.Notify(topicOut)
	return id, nil
}

// message is the draft in its place.
func (d Draft) message(id string, seq int64, prev string, issued time.Time) envelope.Message {
	return envelope.Message{Body: d.Body, Header: envelope.Header{
		Agreement: d.Agreement, CaseRef: d.CaseRef, Expires: d.Expires.UTC().Truncate(time.Millisecond), From: d.From, Handling: d.Handling, ID: id,
		InReplyTo: d.InReplyTo, Issued: issued.UTC().Truncate(time.Millisecond), Officer: d.Officer, Prev: prev, Purpose: d.Purpose, Seq: seq,
		Share: d.Share, Thread: d.Thread, To: d.To, Type: d.Type,
	}}
}

// draftOf is what a sealed message was before; its body may be gone.
func draftOf(h envelope.Header, body json.RawMessage) Draft {
	return Draft{
		Type: h.Type, Agreement: h.Agreement, Share: h.Share, From: h.From, To: h.To, Thread: h.Thread, InReplyTo: h.InReplyTo,
		Purpose: h.Purpose, CaseRef: h.CaseRef, Officer: h.Officer, Handling: h.Handling, Body: body, Expires: h.Expires,
	}
}

// stepOf is what the exchange log says of a message.
func stepOf(kind ledger.Kind, direction string, h envelope.Header, digest, code string) ledger.Step {
	s := ledger.Step{
		Kind: kind, Agreement: h.Agreement.ID, Version: h.Agreement.Version, Share: h.Share, Partner: h.To, Direction: direction,
		Type: string(h.Type), Message: h.ID, Thread: h.Thread, InReplyTo: h.InReplyTo, Digest: digest, Seq: h.Seq, Purpose: h.Purpose,
		Officer: h.Officer, Issued: h.Issued, Code: code,
	}
	if direction == ledger.In {
		s.Partner = h.From
	}
	return s
}

// Delivery is where a message is on its way.
type Delivery struct {
	State     string    `json:"state"`     // waiting, sent, acknowledged, refused, undelivered; received, processed, rejected
	Direction string    `json:"direction"` // out, in
	Type      string    `json:"type"`
	At        time.Time `json:"at"` // when it came into that state
	Code      string    `json:"code,omitempty"`
}

// The states of a message of ours once sealed.
const (
	outWaiting = iota
	outDone
	outRefused
	outExpired
)

// The states of a message that came.
const (
	inWaiting = iota
	inDone
	inRefused
)

// State answers where messages are; one that is not known is missing.
func (o *Office) State(ctx context.Context, r store.Reader, ids ...string) (map[string]Delivery, error) {
	found := map[string]Delivery{}
	err := errors.Join(
		store.ForKeys(ctx, r, "select id, type, made from post_draft where id in (:keys)", ids, func(rows *sql.Rows) error {
			var id string
			d := Delivery{State: "waiting", Direction: ledger.Out}
			var at int64
			err := rows.Scan(&id, &d.Type, &at)
			d.At = store.Time(at)
			found[id] = d
			return err
		}),
		store.ForKeys(ctx, r, "select id, type, state, code, sealed, ended from post_out where id in (:keys)", ids, func(rows *sql.Rows) error {
			return scanDelivery(rows, ledger.Out, []string{"sent", "acknowledged", "refused", "undelivered"}, found)
		}),
		store.ForKeys(ctx, r, "select id, type, state, code, came, ended from post_in where id in (:keys)", ids, func(rows *sql.Rows) error {
			return scanDelivery(rows, ledger.In, []string{"received", "processed", "rejected"}, found)
		}),
	)
	return found, err
}

func scanDelivery(rows *sql.Rows, direction string, states []string, found map[string]Delivery) error {
	var id string
	var state int
	var began, ended int64
	d := Delivery{Direction: direction}
	if err := rows.Scan(&id, &d.Type, &state, &d.Code, &began, &ended); err != nil {
		return err
	}
	if state >= 0 && state < len(states) {
		d.State = states[state]
	}
	d.At = store.Time(max(began, ended))
	found[id] = d
	return nil
}
