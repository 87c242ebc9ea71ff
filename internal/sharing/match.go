package sharing

import (
	"context"
	"encoding/hex"
	"sync"
	"time"

	"github.com/rihla/rihla/internal/sharing/agreement"
	"github.com/rihla/rihla/internal/sharing/envelope"
	"github.com/rihla/rihla/internal/sharing/ledger"
	"github.com/rihla/rihla/internal/sharing/matching"
	"github.com/rihla/rihla/internal/sharing/post"
	"github.com/rihla/rihla/internal/store"
)

// Manifest is who is on a flight, as a private match asks about them.
type Manifest struct {
	Flight     Journey
	Passengers []matching.Passenger
}

// MatchOptions are what private matching stands on.
type MatchOptions struct {
	// Manifest gives who is on a flight of this node's, by its id; an error for people where there is none.
	Manifest func(ctx context.Context, r store.Reader, flight string) (Manifest, error)
	// Due gives the flights whose time has come, which are asked about by themselves where a share is periodic, each once at
	// each stage; nil leaves it to people.
	Due func(ctx context.Context, r store.Reader, now time.Time) ([]MatchQuestion, error)
	// Relist is the least time between two lists of one day, where ours has changed; 0 is an hour.
	Relist time.Duration
	// Cores is on how many lists are made; 0 is all of them.
	Cores int
}

const defaultRelist = time.Hour

// Matches are the private matches of a room, on both sides: where this state gives, it keeps an epoch, tells the partner
// its tags, and answers batches; where it gets, it asks about flights and keeps who is a hit. What costs time (making
// tags, evaluating, checking proofs) is done between transactions, never in one.
//
// One node of several does it, the one that holds the lease: an epoch's key lies in one process's memory.
type Matches struct {
	room *Room
	o    MatchOptions
	wake chan struct{} // the keeping of lists

	mu     sync.Mutex
	leads  bool
	epochs map[string]*ownEpoch // by agreement and share
	tags   heldTags

	swept time.Time // when commitments were last looked through
	dueAt time.Time // when flights are next looked through
}

// Matches begins private matching. It must be called before [Room.Run]; [Matches.Run] does the work.
func (r *Room) Matches(o MatchOptions) *Matches {
	if o.Relist == 0 {
		o.Relist = defaultRelist
	}
	m := &Matches{room: r, o: o, wake: make(chan struct{}, 1), epochs: map[string]*ownEpoch{}}
	r.HandleType(envelope.PMList, m.listCame)
	r.HandleType(envelope.PMBlind, m.batchCame)
	r.HandleType(envelope.PMEval, m.answerCame)
	m.share(envelope.Refusal, m.refused)
	m.share(envelope.Receipt, m.receiptCame)
	return m
}

// share takes the messages of a type that belong to runs, and leaves the others to whoever had them.
func (m *Matches) share(t envelope.Type, ours func(context.Context, store.Tx, post.Message, MatchRun) error) {
	others := m.room.handler[t]
	m.room.handler[t] = func(ctx context.Context, tx store.Tx, msg post.Message) error {
		run, found, err := runByMessage(ctx, tx, msg.Header.ThreadKey())
		switch {
		case err != nil:
			return err
		case found:
			return ours(ctx, tx, msg, run)
		}
		return others(ctx, tx, msg)
	}
}

const (
	matchLease      = "sharing.match"
	matchLeaseFor   = 30 * time.Second
	matchRenewEvery = 10 * time.Second
	matchPoll       = time.Second
	matchTopic      = "sharing.match"
)

// Run works until the context ends; then every epoch ends with it.
func (m *Matches) Run(ctx context.Context) error {
	woken, unwatch := m.room.store.Watch(matchTopic)
	defer unwatch()
	defer m.endEpochs()
	lists := make(chan struct{})
	go func() {
		defer close(lists)
		m.keepLists(ctx)
	}()
	defer func() { <-lists }()
	tick := time.NewTicker(matchPoll)
	defer tick.Stop()
	var renewed time.Time
	for {
		if time.Since(renewed) >= matchRenewEvery && m.lead(ctx) {
			renewed = time.Now()
		}
		if m.leading() {
			if err := m.step(ctx); err != nil && ctx.Err() == nil {
				m.room.o.Logger.Warn("private matching stopped for now", "why", err)
			}
		}
		select {
		case <-ctx.Done():
			return nil
		case <-woken:
		case <-tick.C:
		}
	}
}

// lead takes or keeps the lease, if there is anything to do at all; asked says that it tried to.
func (m *Matches) lead(ctx context.Context) (asked bool) {
	asked, err := m.concerned(ctx)
	got := false
	if err == nil && asked {
		_, got, err = m.room.store.Acquire(ctx, matchLease, m.room.o.Owner, matchLeaseFor)
	}
	if err != nil && ctx.Err() == nil {
		m.room.o.Logger.Warn("private matching cannot tell whether it is this node's", "why", err)
	}
	m.mu.Lock()
	began := got && !m.leads
	m.leads = got
	m.mu.Unlock()
	switch {
	case began:
		select {
		case m.wake <- struct{}{}:
		default:
		}
	case !got:
		m.endEpochs()
	}
	return asked
}

func (m *Matches) leading() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.leads
}

// concerned says whether an agreement in force has a share that is matched privately.
func (m *Matches) concerned(ctx context.Context) (bool, error) {
	gives, gets, err := m.shares(ctx, m.room.store.Read())
	return len(gives)+len(gets) > 0, err
}

// matchShare is one share that is matched privately, with its two sides.
type matchShare struct {
	v            Version
	share        *agreement.Share
	own, partner string // authorities
}

func (s *matchShare) key() string { return s.v.Metadata.ID + "/" + s.share.ID }

// thread is the share as flows are decided and told of.
func (s *matchShare) thread(id, direction, purpose string) *Thread {
	return &Thread{
		ID: id, Agreement: s.v.Metadata.ID, Version: s.v.Number, Digest: s.v.Digest, Share: s.share.ID, Direction: direction,
		Own: s.own, Partner: s.partner, Purpose: purpose,
	}
}

const modePrivate = "private_match"

// shares are those of the agreements in force that are matched privately: where this state gives, and where it gets.
func (m *Matches) shares(ctx context.Context, rd store.Reader) (gives, gets []matchShare, err error) {
	all, err := m.room.shelf.versions(ctx, rd, "")
	if err != nil {
		return nil, nil, err
	}
	for _, v := range all {
		if v.State != inForce {
			continue
		}
		out, in := m.sharesOf(v)
		gives, gets = append(gives, out...), append(gets, in...)
	}
	return gives, gets, nil
}

func (m *Matches) sharesOf(v Version) (gives, gets []matchShare) {
	own, partner, ok := m.room.shelf.sides(v.Agreement)
	if !ok {
		return nil, nil
	}
	for i := range v.Shares {
		s := &v.Shares[i]
		if s.Mode != modePrivate {
			continue
		}
		one := matchShare{v, s, authority(own, s.Category, v), authority(partner, s.Category, v)}
		if s.Gives(own.ID, partner.ID) {
			gives = append(gives, one)
		}
		if s.Gives(partner.ID, own.ID) {
			gets = append(gets, one)
		}
	}
	return gives, gets
}

// flow is what the agreement is asked about a message of a match; it concerns nobody by name.
func (m *Matches) flow(ctx context.Context, rd store.Reader, s *matchShare, stage agreement.Stage, purpose string, size int) (f agreement.Flow, err error) {
	now := m.room.now()
	f = agreement.Flow{
		Stage: stage, Now: now, Share: s.share.ID, From: s.own, To: s.partner, Purpose: purpose, Subject: agreement.Nobody,
		Request: agreement.Request{ToKind: "authority", BatchSize: size, KeyProfile: matching.Profile},
	}
	if stage == agreement.Asked || stage == agreement.Arriving {
		f.From, f.To = s.partner, s.own
	}
	if stage == agreement.Releasing || stage == agreement.Arriving {
		f.Fields = []string{"match.list_key_index"}
	}
	if f.State, err = m.room.state(ctx, rd, s.v, now); err != nil {
		return f, err
	}
	if s.v.State == superseded { // what began under it ends under it
		f.State.InForce = true
	}
	if stage == agreement.Asking || stage == agreement.Asked {
		direction := ledger.Out
		if stage == agreement.Asked {
			direction = ledger.In
		}
		if f.Used, err = matchesUsed(ctx, rd, s, direction, now); err != nil {
			return f, err
		}
	}
	f.Stats, err = m.room.stats(ctx, rd, s.v, "", now)
	return f, err
}

// keysASubject is how many keys of a batch count as one subject of a quota: those of the profile. The list's side cannot
// count people, so padding counts.
var keysASubject = len(matching.Families)

func subjectsIn(keys int) int { return (keys + keysASubject - 1) / keysASubject }

// terrorism is the purpose for which birth years may be asked by: many innocents meet in them.
const terrorism = "terrorism"

// ownEpoch is an epoch of this state's list for one partner.
type ownEpoch struct {
	*matching.Epoch
	day        string
	digest     string // of the agreement
	generation int64  // of the lists
	protected  int64  // of those it leaves out
	made       time.Time
}

func (m *Matches) epochOf(key string) *ownEpoch {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.epochs[key]
}

// begin puts an epoch in the place of the one before, whose key is destroyed; nil only ends that.
func (m *Matches) begin(key string, e *ownEpoch) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if old := m.epochs[key]; old != nil {
		old.Destroy()
	}
	delete(m.epochs, key)
	if e != nil {
		m.epochs[key] = e
	}
}

func (m *Matches) endEpochs() {
	m.mu.Lock()
	defer m.mu.Unlock()
	for key, e := range m.epochs {
		e.Destroy()
		delete(m.epochs, key)
	}
}

func hexed(b []byte) string { return hex.EncodeToString(b) }
