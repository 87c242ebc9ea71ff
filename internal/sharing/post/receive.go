package post

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/rihla/rihla/internal/keys"
	"github.com/rihla/rihla/internal/sharing/envelope"
	"github.com/rihla/rihla/internal/sharing/ledger"
	"github.com/rihla/rihla/internal/store"
)

const (
	linesMax      = 500 // messages in one delivery
	deliveriesMax = 8   // deliveries that share a commit
	stride        = 1000
)

// incoming is one line of a delivery on its way in.
type incoming struct {
	line    int
	message envelope.Message
	digest  string
	salt    []byte
	sealed  []byte
	known   bool     // it was opened, and is from whom it says: it takes its number even if refused
	refused *Refusal // why it is not taken, unless it was taken before
	late    *Refusal // the same, of the clock: it counts only for what was not seen before
	at      time.Time
}

// delivery is what one request brought.
type delivery struct {
	party    *party
	messages []*incoming
	logSize  int64
}

// receive takes in what a party delivered and answers what became of each. When it returns, all that it says was taken is
// durable.
func (o *Office) receive(ctx context.Context, p *party, lines []string) (envelope.Ack, error) {
	g, err := o.now(ctx)
	if err != nil {
		return envelope.Ack{}, err
	}
	if g.own == nil {
		return envelope.Ack{}, errNoCard
	}
	if g.parties[p.id] != nil {
		p = g.parties[p.id]
	}
	d := &delivery{party: p, messages: make([]*incoming, len(lines))}
	now := o.clock()
	if err := spread(ctx, len(lines), func(i int) error {
		d.messages[i] = o.open(g, p, i+1, lines[i], now)
		return nil
	}); err != nil {
		return envelope.Ack{}, err
	}
	if o.options.Audit != nil {
		head, _, err := o.options.Audit.Latest(ctx, exchangeLog)
		if err != nil {
			return envelope.Ack{}, err
		}
		d.logSize = head.Size
	}
	if err := o.intake.Do(ctx, d); err != nil {
		return envelope.Ack{}, err
	}
	return o.answer(g, d, now), nil
}

// answer says what became of each message.
func (o *Office) answer(g *ring, d *delivery, now time.Time) envelope.Ack {
	ack := envelope.Ack{From: g.own.authorities[0].id, ReceivedAt: now.UTC().Truncate(time.Millisecond), LogSize: d.logSize}
	if len(d.party.authorities) > 0 {
		ack.To = d.party.authorities[0].id
	}
	named := false
	for _, m := range d.messages {
		if m.known && !named {
			ack.From, ack.To, named = m.message.To, m.message.From, true
		}
		switch {
		case m.refused != nil:
			r := envelope.Refused{Code: m.refused.Code, Detail: m.refused.Detail, Line: m.line, ID: m.message.ID, Digest: m.digest}
			ack.Refused = append(ack.Refused, r)
			o.metrics.refused.WithLabelValues(m.refused.Code).Inc()
		default:
			ack.Received = append(ack.Received, envelope.Taken{ID: m.message.ID, Digest: m.digest, At: m.at.UTC()})
		}
	}
	o.metrics.received.Add(float64(len(ack.Received)))
	return ack
}

func (o *Office) signAck(a envelope.Ack) (string, error) {
	g := o.seen()
	signer, err := g.signer(a.From, o.clock())
	if err != nil {
		return "", err
	}
	return envelope.SignAck(a, signer)
}

// open decrypts, verifies and judges one message by itself; nothing is looked up in the store.
func (o *Office) open(g *ring, p *party, line int, jwe string, now time.Time) *incoming {
	in := &incoming{line: line}
	jws, err := envelope.Decrypt(jwe, func(kid string) (envelope.Private, error) {
		k, ok := g.private[kid]
		if !ok {
			return k, fmt.Errorf("%w: %.60s is no key of ours", envelope.ErrSealed, kid)
		}
		return k, nil
	})
	if err != nil {
		in.refused = refusalOf(err)
		return in
	}
	in.digest = envelope.Digest(jws)
	var by *authority
	var with held
	in.message, err = envelope.Verify(jws, func(kid string) (envelope.Key, error) {
		var ok bool
		if by, with, ok = g.keyOf(p, kid); ok && with.Use == envelope.UseSignature {
			return with.Key, nil
		}
		for _, other := range g.parties {
			if _, _, theirs := g.keyOf(other, kid); theirs {
				return envelope.Key{}, &Refusal{CodeSender, fmt.Sprintf("%s delivered what an authority of %s signed", p.id, other.id)}
			}
		}
		return envelope.Key{}, fmt.Errorf("%w: %s has no key %.60s", envelope.ErrSignature, p.id, kid)
	})
	if err != nil {
		in.refused = refusalOf(err)
		in.message = envelope.Message{}
		return in
	}
	h := in.message.Header
	if h.From != by.id {
		in.refused = &Refusal{CodeSender, fmt.Sprintf("%s signed what %.60s is said to send", by.id, h.From)}
		return in
	}
	if to := g.authorities[h.To]; to == nil || !to.party.own {
		in.refused = &Refusal{CodeReceiver, fmt.Sprintf("%.60s is not here", h.To)}
		return in
	}
	if r := with.holdsFor(h.Issued, o.options.Skew); r != nil && (r.Code != CodeNotYet || h.Type != envelope.Keys) {
		in.refused = r // a KEYS message may be signed by a next key: that is what it is for when the current one is lost
		return in
	}
	in.known = true
	switch {
	case h.Issued.After(now.Add(o.options.Skew)):
		in.late = &Refusal{CodeClock, fmt.Sprintf("issued %s ahead of this side's clock; %s is allowed", h.Issued.Sub(now).Round(time.Second), o.options.Skew)}
	case !now.Before(h.Expires):
		in.late = &Refusal{CodeExpired, "since " + h.Expires.Format(time.RFC3339)}
	}
	in.salt = keys.NewSalt()
	in.sealed, err = o.vault.messages.Seal(cameAs(h.ID, h.From), in.salt, []byte(jws))
	if err != nil {
		in.refused, in.known = &Refusal{Code: CodeMalformed}, false
	}
	return in
}

// refusalOf is what a sender is told of an error of the envelope.
func refusalOf(err error) *Refusal {
	if r := (*Refusal)(nil); errors.As(err, &r) {
		return r
	}
	code := CodeMalformed
	switch {
	case errors.Is(err, envelope.ErrAlgorithm):
		code = CodeAlgorithm
	case errors.Is(err, envelope.ErrSealed):
		code = CodeSealed
	case errors.Is(err, envelope.ErrSignature):
		code = CodeSignature
	}
	return &Refusal{code, err.Error()}
}

// admitAll takes several deliveries in, in one transaction.
func (o *Office) admitAll(ctx context.Context, tx store.Tx, all []*delivery) error {
	a := &admission{office: o, tx: tx, seen: map[string]stored{}, bySeq: map[place]stored{}, chains: map[pair]*chain{}}
	// The closure may run again: what an earlier attempt decided is undone.
	var messages []*incoming
	for _, d := range all {
		for _, m := range d.messages {
			if m.known {
				m.refused = nil
				messages = append(messages, m)
			}
		}
	}
	if err := a.read(ctx, messages); err != nil {
		return err
	}
	slices.SortStableFunc(messages, func(x, y *incoming) int {
		return cmp.Or(strings.Compare(x.message.From, y.message.From), strings.Compare(x.message.To, y.message.To), cmp.Compare(x.message.Seq, y.message.Seq))
	})
	for _, m := range messages {
		if err := a.judge(ctx, m); err != nil {
			return err
		}
	}
	for _, d := range all {
		for _, m := range d.messages {
			if !m.known {
				a.steps = append(a.steps, rejected(d.party, m))
			}
		}
	}
	return a.write(ctx)
}

// rejected is the step of a message that could not be opened, or is not from whom it says.
func rejected(p *party, m *incoming) ledger.Step {
	return ledger.Step{Kind: ledger.Rejected, Partner: p.id, Direction: ledger.In, Digest: m.digest, Code: m.refused.Code}
}

type (
	pair  struct{ from, to string }
	place struct {
		pair
		seq int64
	}
	// stored is what is known of a message that came before.
	stored struct {
		id, digest, prev, code string
		state                  int
		came                   time.Time
	}
	// chain is how far one direction has come: every number up to seq is accounted for.
	chain struct {
		pair
		seq     int64
		digest  string
		gap     int64
		touched bool
		ahead   bool // numbers beyond seq+1 are there
	}
)

// admission is one transaction that takes messages in.
type admission struct {
	office  *Office
	tx      store.Tx
	seen    map[string]stored // by id and sender
	bySeq   map[place]stored
	chains  map[pair]*chain
	rows    [][]any
	secrets [][]any
	steps   []ledger.Step
}

// read fetches what was stored of these messages, their neighbours and their chains, in a few statements.
func (a *admission) read(ctx context.Context, messages []*incoming) error {
	if len(messages) == 0 {
		return nil
	}
	ids := make([]string, len(messages))
	spans := map[pair][2]int64{}
	for i, m := range messages {
		ids[i] = m.message.ID
		p := pair{m.message.From, m.message.To}
		span, ok := spans[p]
		if !ok {
			span = [2]int64{m.message.Seq, m.message.Seq}
		}
		spans[p] = [2]int64{min(span[0], m.message.Seq), max(span[1], m.message.Seq)}
	}
	scan := func(rows *sql.Rows) error {
		var s stored
		var at place
		var came int64
		if err := rows.Scan(&at.from, &at.to, &at.seq, &s.id, &s.digest, &s.prev, &s.state, &s.code, &came); err != nil {
			return err
		}
		s.came = store.Time(came)
		a.seen[cameAs(s.id, at.from)], a.bySeq[at] = s, s
		return nil
	}
	const columns = "select sender, receiver, seq, id, digest, prev, state, code, came from post_in "
	if err := store.ForKeys(ctx, a.tx, columns+"where id in (:keys)", ids, scan); err != nil {
		return err
	}
	for p, span := range spans {
		if span[1]-span[0] > 10*linesMax {
			span[1] = span[0] + 10*linesMax // far apart: judged by what is read, refused by the key of the table
		}
		if err := store.Rows(ctx, a.tx, scan, columns+"where sender = $1 and receiver = $2 and seq between $3 and $4", p.from, p.to, span[0]-1, span[1]+1); err != nil {
			return err
		}
		seq, digest, gap, err := readChain(ctx, a.tx, p.from, p.to)
		if err != nil {
			return err
		}
		a.chains[p] = &chain{pair: p, seq: seq, digest: digest, gap: gap}
	}
	return nil
}

// judge decides on one message: taken, seen before, or refused.
func (a *admission) judge(ctx context.Context, m *incoming) error {
	h := m.message.Header
	now := a.tx.Now()
	at := place{pair{h.From, h.To}, h.Seq}
	if before, ok := a.seen[cameAs(h.ID, h.From)]; ok {
		switch {
		case before.digest != m.digest:
			m.refused = &Refusal{CodeConflict, "its id was used for other bytes"}
			return a.contradicts(ctx, m)
		case before.state == inRefused:
			m.refused = &Refusal{before.code, "refused before"}
		default:
			m.at = before.came
		}
		return nil
	}
	if other, ok := a.bySeq[at]; ok {
		m.refused = &Refusal{CodeConflict, fmt.Sprintf("number %d was used by message %s", h.Seq, other.id)}
		return a.contradicts(ctx, m)
	}
	if h.Seq > a.chains[at.pair].seq+aheadMax {
		m.refused = &Refusal{CodeChain, fmt.Sprintf("number %d is too far from %d", h.Seq, a.chains[at.pair].seq)}
		a.steps = append(a.steps, stepOf(ledger.Rejected, ledger.In, h, m.digest, CodeChain))
		return nil
	}
	m.at = store.Time(store.Micros(now))
	if m.refused = m.late; m.refused == nil {
		m.refused = a.follows(at, m)
	}
	if m.refused == nil && a.office.options.Admit != nil && !isOwn(h.Type) {
		err := a.office.options.Admit(ctx, a.tx, h)
		if err != nil && !errors.As(err, &m.refused) {
			return err
		}
	}
	a.take(m, at)
	return nil
}

// aheadMax is how far beyond the last number one may be: further is no gap but nonsense.
const aheadMax = 1_000_000

// follows checks the digests that chain a message to its neighbours, where those are known.
func (a *admission) follows(at place, m *incoming) *Refusal {
	before, after := at, at
	before.seq--
	after.seq++
	if s, ok := a.bySeq[before]; ok && s.digest != m.message.Prev {
		return &Refusal{CodeChain, "prev is not the digest of the message before it"}
	}
	if s, ok := a.bySeq[after]; ok && s.prev != m.digest {
		return &Refusal{CodeChain, "it is not what the message after it follows"}
	}
	return nil
}

// take keeps a message, or, of one refused, its number and digest.
func (a *admission) take(m *incoming, at place) {
	h := m.message.Header
	s := stored{id: h.ID, digest: m.digest, prev: h.Prev, came: m.at}
	bytes, ended, kind := m.sealed, int64(0), ledger.Received
	if m.refused != nil {
		s.state, s.code, bytes, ended, kind = inRefused, m.refused.Code, []byte{}, store.Micros(m.at), ledger.Rejected
	} else {
		a.secrets = append(a.secrets, []any{cameAs(h.ID, h.From), m.salt})
	}
	a.seen[cameAs(h.ID, h.From)], a.bySeq[at] = s, s
	a.rows = append(a.rows, []any{h.From, h.To, h.Seq, h.ID, h.ThreadKey(), string(h.Type), m.digest, h.Prev, s.state, store.Micros(m.at), ended, s.code, 0, 0, "", bytes})
	a.steps = append(a.steps, stepOf(kind, ledger.In, h, m.digest, s.code))
	c := a.chains[at.pair]
	c.touched = true
	switch {
	case h.Seq == c.seq+1:
		c.seq, c.digest = h.Seq, m.digest
	case h.Seq > c.seq+1:
		c.ahead = true
	}
}

var (
	insertIn    = store.NewInsert("post_in", []string{"sender", "receiver", "seq", "id", "thread", "type", "digest", "prev", "state", "came", "ended", "code", "attempts", "retry_at", "fault", "bytes"}, "")
	insertChain = store.NewInsert("post_chain", []string{"sender", "receiver", "seq", "digest", "gap"},
		"on conflict (sender, receiver) do update set seq = excluded.seq, digest = excluded.digest, gap = excluded.gap")
)

func (a *admission) write(ctx context.Context) error {
	if _, err := insertIn.Exec(ctx, a.tx, a.rows); err != nil {
		return err
	}
	if _, err := insertSecret.Exec(ctx, a.tx, a.secrets); err != nil {
		return err
	}
	var chains [][]any
	for _, c := range a.chains {
		if !c.touched {
			continue
		}
		if err := c.advance(ctx, a.tx); err != nil {
			return err
		}
		chains = append(chains, []any{c.from, c.to, c.seq, c.digest, c.gap})
	}
	if _, err := insertChain.Exec(ctx, a.tx, chains); err != nil {
		return err
	}
	a.tx.Notify(topicIn)
	return ledger.Record(ctx, a.tx, actorPost, "", a.steps...)
}

// advance moves a chain's end over numbers that came earlier, and notes since when there is a hole.
func (c *chain) advance(ctx context.Context, tx store.Tx) error {
	if c.gap == 0 && !c.ahead {
		return nil
	}
	for hole := false; ; {
		n := 0
		err := store.Rows(ctx, tx, func(rows *sql.Rows) error {
			var seq int64
			var digest string
			if err := rows.Scan(&seq, &digest); err != nil {
				return err
			}
			if n++; seq == c.seq+1 && !hole {
				c.seq, c.digest = seq, digest
			} else {
				hole = true
			}
			return nil
		}, "select seq, digest from post_in where sender = $1 and receiver = $2 and seq > $3 order by seq limit $4", c.from, c.to, c.seq, stride)
		switch {
		case err != nil:
			return err
		case hole && c.gap == 0:
			c.gap = store.Micros(tx.Now())
			return nil
		case hole:
			return nil
		case n < stride:
			c.gap = 0
			return nil
		}
	}
}

// contradicts tells the log, the operator and the live pages of what must not happen.
func (a *admission) contradicts(ctx context.Context, m *incoming) error {
	h, o := m.message.Header, a.office
	a.steps = append(a.steps, stepOf(ledger.Rejected, ledger.In, h, m.digest, m.refused.Code))
	detail := m.refused.Detail
	a.tx.After(func() {
		o.options.Logger.Error("a partner's message contradicts an earlier one", "id", h.ID, "from", h.From, "seq", h.Seq, "detail", detail)
	})
	if party, _, ok := o.PartyOf(h.From); ok {
		return o.announce(ctx, a.tx, party)
	}
	return nil
}

// unmarshal keeps the office's own bodies in one way of reading.
func unmarshal(body json.RawMessage, v any) error {
	if err := json.Unmarshal(body, v); err != nil {
		return fmt.Errorf("%w: %w", errUnfit, err)
	}
	return nil
}
