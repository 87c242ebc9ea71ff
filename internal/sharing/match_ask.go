package sharing

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/audit"
	"github.com/rihla/rihla/internal/keys"
	"github.com/rihla/rihla/internal/sharing/agreement"
	"github.com/rihla/rihla/internal/sharing/envelope"
	"github.com/rihla/rihla/internal/sharing/ledger"
	"github.com/rihla/rihla/internal/sharing/matching"
	"github.com/rihla/rihla/internal/sharing/post"
	"github.com/rihla/rihla/internal/store"
)

// MatchQuestion is a flight to be asked about.
type MatchQuestion struct {
	Flight  string `json:"flight" doc:"Of this node's flights"`
	Stage   string `json:"stage,omitempty" enum:"booked,check-in,closed," doc:"How far the flight is; each is asked about once. Absent: booked"`
	Purpose string `json:"purpose,omitempty" doc:"Absent: the share's first"`
	Share   string `json:"share,omitempty" doc:"Absent: the first that is matched privately"`
}

// Start begins a run: the passengers of a flight against the partner's list. It is entered and done at once when the
// partner's list of the day is there, else when it comes.
func (m *Matches) Start(ctx context.Context, by access.Principal, id string, in MatchQuestion) (MatchRun, error) {
	v, _, _, err := m.room.inForceHere(ctx, id)
	if err != nil {
		return MatchRun{}, err
	}
	s, err := m.asking(v, in.Share)
	if err != nil {
		return MatchRun{}, err
	}
	return m.start(ctx, by.Name, string(by.Role), s, in)
}

func (m *Matches) start(ctx context.Context, actor, role string, s *matchShare, in MatchQuestion) (MatchRun, error) {
	in.Stage, in.Purpose = cmp.Or(in.Stage, stageBooked), cmp.Or(in.Purpose, s.share.Purposes[0])
	manifest, err := m.o.Manifest(ctx, m.room.store.Read(), in.Flight)
	if err != nil {
		return MatchRun{}, err
	}
	if len(manifest.Passengers) == 0 {
		return MatchRun{}, api.Errorf(api.Unprocessable, "nobody is on this flight yet")
	}
	run := MatchRun{
		ID: keys.Event(), Direction: ledger.Out, Agreement: s.v.Metadata.ID, Version: s.v.Number, digest: s.v.Digest, Share: s.share.ID, own: s.own, Partner: s.partner,
		Purpose: in.Purpose, Flight: in.Flight, Journey: manifest.Flight.String(), Stage: in.Stage, State: MatchWaiting, Requester: actor,
		Passengers: len(manifest.Passengers), At: m.room.now(),
	}
	run.claim = claimOf(ledger.Out, s, run.Flight, run.Stage)
	err = m.room.attempt(ctx, func(ctx context.Context, tx store.Tx) (refusal, err error) {
		f, err := m.flow(ctx, tx, s, agreement.Asking, run.Purpose, len(manifest.Passengers))
		if err != nil {
			return nil, err
		}
		if o := s.v.Decide(f); o.Verdict == agreement.Refuse { // told at once; decided and written down when the batch is made
			return refusedByAgreement(o), ledger.Record(ctx, tx, actor, role, decided(s.v, s.thread("", ledger.Out, run.Purpose), &f, &o))
		}
		claimed, err := run.enter(ctx, tx)
		if err != nil {
			return nil, err
		}
		if !claimed {
			other, _, err := runWhere(ctx, tx, "claim = $1", run.claim)
			return api.Errorf(api.Conflict, "the partner was asked about %s (%s) already", run.Journey, run.Stage).With("code", codeTwice).With("run", other.ID), err
		}
		if err := audit.Record(ctx, tx, audit.Entry{Actor: actor, Role: role, Action: "exchange.match", Touched: []string{run.ID, run.Flight}, Detail: run.Agreement + " " + run.Share}); err != nil {
			return nil, err
		}
		tx.Notify(matchTopic)
		return nil, m.room.announce(ctx, tx, "match", run.ID)
	})
	if err != nil {
		return MatchRun{}, err
	}
	return runByID(ctx, m.room.store.Read(), run.ID)
}

// asking finds the share of an agreement by which this state asks.
func (m *Matches) asking(v Version, share string) (*matchShare, error) {
	_, gets := m.sharesOf(v)
	for i := range gets {
		if share == "" || gets[i].share.ID == share {
			return &gets[i], nil
		}
	}
	return nil, api.Errorf(api.Unprocessable, "agreement %s lets this state match nobody privately", v.Metadata.ID).With("code", agreement.Direction)
}

// step does what waits: batches of the partner's, then runs of ours, then what is to be forgotten. One that fails does not
// hold up the others.
func (m *Matches) step(ctx context.Context) error {
	var failures []error
	for _, work := range []struct {
		state MatchState
		do    func(context.Context, MatchRun) error
	}{{MatchAsked, m.tendAsked}, {MatchEvaluated, m.finish}, {MatchWaiting, m.ask}} {
		runs, err := runsIn(ctx, m.room.store.Read(), work.state, 100)
		if err != nil {
			return err
		}
		for _, run := range runs {
			if err := work.do(ctx, run); err != nil {
				failures = append(failures, fmt.Errorf("%s (%s): %w", run.ID, run.State, err))
			}
			if ctx.Err() != nil {
				return ctx.Err()
			}
		}
	}
	return errors.Join(append(failures, m.startDue(ctx), m.forget(ctx))...)
}

// tendAsked answers the partner's batches, and looks whether one of ours was given up.
func (m *Matches) tendAsked(ctx context.Context, run MatchRun) error {
	if run.Direction == ledger.In {
		return m.answer(ctx, run)
	}
	if m.room.now().Before(run.Due) {
		return nil
	}
	states, err := m.room.Post.State(ctx, m.room.store.Read(), run.message)
	if err != nil {
		return err
	}
	if s := states[run.message]; s.State == "undelivered" || s.State == "refused" {
		return m.close(ctx, run.ID, MatchAsked, MatchUndelivered, s.Code, "the partner did not take the batch")
	}
	if m.room.now().After(run.EraseAt) {
		return m.close(ctx, run.ID, MatchAsked, MatchFailed, agreement.Expired, "the partner did not answer before its list was over")
	}
	return nil
}

// close ends a run that came to nothing, with all that was kept for it.
func (m *Matches) close(ctx context.Context, id string, from, to MatchState, code, reason string) error {
	return m.room.store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		run, err := runByID(ctx, tx, id)
		if err != nil || run.State != from {
			return err
		}
		run.end(m.room.now(), to, code, "", reason)
		return m.closed(ctx, tx, &run)
	})
}

func (m *Matches) closed(ctx context.Context, tx store.Tx, run *MatchRun) error {
	if err := m.room.vault.destroy(ctx, tx, run.ID, run.answer); err != nil {
		return err
	}
	if err := run.save(ctx, tx); err != nil {
		return err
	}
	if err := ledger.Record(ctx, tx, machine, "", ledger.Step{
		Kind: ledger.Stopped, Agreement: run.Agreement, Version: run.Version, Share: run.Share, Partner: run.Partner, Direction: run.Direction,
		Type: string(envelope.PMBlind), Thread: run.message, Purpose: run.Purpose, Code: run.Code, Clause: run.Clause, Reason: run.Reason,
	}); err != nil {
		return err
	}
	return m.room.announce(ctx, tx, "match", run.ID)
}

const (
	listWaitedFor = 24 * time.Hour // by a run, before it fails
	mostTries     = 3              // of a run whose epoch ended under it
)

// ask makes the batch of a run and sends it, once the partner's list is there.
func (m *Matches) ask(ctx context.Context, run MatchRun) error {
	rd := m.room.store.Read()
	now := m.room.now()
	v, found, err := m.room.shelf.current(ctx, rd, run.Agreement)
	if err != nil {
		return err
	}
	if !found {
		return m.close(ctx, run.ID, MatchWaiting, MatchRefused, agreement.NotInForce, "the agreement is not in force any more")
	}
	s, err := m.asking(v, run.Share)
	if err != nil {
		return m.close(ctx, run.ID, MatchWaiting, MatchRefused, agreement.Direction, err.Error())
	}
	list, found, err := newestList(ctx, rd, s, now)
	switch {
	case err != nil:
		return err
	case !found && now.Sub(run.At) > listWaitedFor:
		return m.close(ctx, run.ID, MatchWaiting, MatchFailed, codeNoList, "the partner has told no list for a day")
	case !found:
		return nil
	case list.rules != "" && list.rules != matching.Digest():
		return m.close(ctx, run.ID, MatchWaiting, MatchFailed, codeKeyRules,
			fmt.Sprintf("the partner makes keys by other rules (%s) than this node (%s): one of the two has to be brought up to date", list.rules, matching.Digest()))
	}
	manifest, err := m.o.Manifest(ctx, rd, run.Flight)
	if err != nil {
		return m.close(ctx, run.ID, MatchWaiting, MatchFailed, codeMalformed, err.Error())
	}
	q, err := matching.NewQuestion(list.epoch, list.pk, manifest.Passengers, matching.Scope{Years: run.Purpose == terrorism})
	if err != nil {
		code := codeTooMany
		if errors.Is(err, matching.ErrKey) {
			code = codeNoProof
		}
		return m.close(ctx, run.ID, MatchWaiting, MatchFailed, code, err.Error())
	}
	return m.send(ctx, s, run.ID, list, manifest, q)
}

func (m *Matches) send(ctx context.Context, s *matchShare, id string, list partnerList, manifest Manifest, q *matching.Question) error {
	secrets, err := json.Marshal(q)
	if err != nil {
		return err
	}
	committed, err := json.Marshal(q.Commitment)
	if err != nil {
		return err
	}
	return m.room.store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		run, err := runByID(ctx, tx, id)
		if err != nil || run.State != MatchWaiting {
			return err
		}
		f, err := m.flow(ctx, tx, s, agreement.Asking, run.Purpose, subjectsIn(len(q.Blinded)))
		if err != nil {
			return err
		}
		f.Requester = run.Requester
		o, err := m.room.decide(ctx, tx, s.v, s.thread("", ledger.Out, run.Purpose), f, machine, "")
		if err != nil {
			return err
		}
		if o.Verdict == agreement.Refuse {
			run.end(m.room.now(), MatchRefused, o.Code, o.Clause, o.Reason)
			return m.closed(ctx, tx, &run)
		}
		body, err := json.Marshal(pmBlind{
			Epoch: list.epoch, KeyProfile: matching.Profile, Flight: manifest.Flight, Stage: run.Stage, Commitment: q.Commitment.Root(), Elements: q.Blinded,
		})
		if err != nil {
			return err
		}
		if run.message, err = m.room.Post.Send(ctx, tx, post.Draft{
			Type: envelope.PMBlind, Agreement: named(s.v.Agreement), Share: run.Share, From: s.own, To: s.partner, Purpose: run.Purpose,
			Officer: m.room.officer(run.Requester), Handling: handling(o), Body: body, Expires: o.EraseAt,
		}); err != nil {
			return err
		}
		run.State, run.Epoch, run.AskedAt, run.Due, run.EraseAt = MatchAsked, list.epoch, m.room.now(), o.DueAt, o.EraseAt
		run.Passengers, run.Asked, run.Padded, run.Commitment = len(manifest.Passengers), q.Asked, len(q.Blinded), hexed(q.Commitment.Root())
		run.tries++
		if err := m.room.vault.put(ctx, tx, run.ID, secrets); err != nil {
			return err
		}
		if err := m.room.vault.put(ctx, tx, commitmentOf(run.ID), committed); err != nil {
			return err
		}
		if err := run.save(ctx, tx); err != nil {
			return err
		}
		return m.room.announce(ctx, tx, "match", run.ID)
	})
}

// answerCame notes that an answer is there; it is checked outside this transaction.
func (m *Matches) answerCame(ctx context.Context, tx store.Tx, msg post.Message) error {
	run, found, err := runByMessage(ctx, tx, msg.Header.ThreadKey())
	if err != nil {
		return err
	}
	if !found || run.Direction != ledger.Out || run.State != MatchAsked || run.Partner != msg.Header.From {
		return m.room.turnAway(ctx, tx, msg, "UNASKED", "no batch waits for an answer")
	}
	run.State, run.answer = MatchEvaluated, msg.Header.ID
	if err := m.room.vault.put(ctx, tx, run.answer, msg.Body); err != nil {
		return err
	}
	if err := m.room.Post.Erase(ctx, tx, run.answer); err != nil {
		return err
	}
	if err := run.save(ctx, tx); err != nil {
		return err
	}
	tx.Notify(matchTopic)
	return nil
}

// finish checks an answer and keeps who is a hit.
func (m *Matches) finish(ctx context.Context, run MatchRun) error {
	rd := m.room.store.Read()
	hits, code, err := m.read(ctx, rd, &run)
	switch {
	case code != "":
		return m.close(ctx, run.ID, MatchEvaluated, MatchFailed, code, err.Error())
	case err != nil:
		return err
	}
	v, found, err := m.room.shelf.of(ctx, rd, run.Agreement, run.digest)
	if err != nil || !found {
		return err
	}
	s, ok := m.getting(v, run.Share, run.Partner)
	if !ok {
		return nil
	}
	return m.room.store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		run, err := runByID(ctx, tx, run.ID)
		if err != nil || run.State != MatchEvaluated {
			return err
		}
		f, err := m.flow(ctx, tx, s, agreement.Arriving, run.Purpose, subjectsIn(run.Padded))
		if err != nil {
			return err
		}
		o, err := m.room.decide(ctx, tx, v, s.thread(run.message, ledger.Out, run.Purpose), f, run.Partner, "")
		if err != nil {
			return err
		}
		if o.Verdict != agreement.Permit {
			run.end(m.room.now(), MatchRefused, o.Code, o.Clause, o.Reason)
			return m.closed(ctx, tx, &run)
		}
		run.State, run.HitCount, run.EndedAt, run.EraseAt = MatchDone, len(hits), m.room.now(), o.EraseAt
		for i := range hits {
			h := MatchHit{Passenger: hits[i].Passenger, Families: hits[i].Families, Lead: hits[i].Lead}
			if err := h.save(ctx, tx, run.ID); err != nil {
				return err
			}
		}
		if err := m.room.vault.destroy(ctx, tx, run.ID, run.answer); err != nil {
			return err
		}
		if err := run.save(ctx, tx); err != nil {
			return err
		}
		if err := ledger.Record(ctx, tx, machine, "", run.told()); err != nil {
			return err
		}
		body, err := json.Marshal(matchReceipt{Stored: len(hits) > 0, Epoch: run.Epoch, Asked: run.Asked, Padded: run.Padded, Hits: len(hits)})
		if err != nil {
			return err
		}
		if _, err := m.room.Post.Send(ctx, tx, post.Draft{
			Type: envelope.Receipt, Agreement: named(v.Agreement), Share: run.Share, From: run.own, To: run.Partner, Thread: run.message, InReplyTo: run.answer,
			Purpose: run.Purpose, Body: body,
		}); err != nil {
			return err
		}
		return m.room.announce(ctx, tx, "match", run.ID)
	})
}

// read opens an answer. A code says that it is wrong for good, and the error why.
func (m *Matches) read(ctx context.Context, rd store.Reader, run *MatchRun) ([]matching.Hit, string, error) {
	body, err := m.room.vault.get(ctx, rd, run.answer)
	if errors.Is(err, keys.ErrDestroyed) {
		return nil, codeMalformed, err
	}
	if err != nil {
		return nil, "", err
	}
	var e pmEval
	if err := json.Unmarshal(body, &e); err != nil {
		return nil, codeMalformed, err
	}
	secrets, err := m.room.vault.get(ctx, rd, run.ID)
	if errors.Is(err, keys.ErrDestroyed) {
		return nil, codeMalformed, err
	}
	if err != nil {
		return nil, "", err
	}
	var q matching.Question
	if err := json.Unmarshal(secrets, &q); err != nil {
		return nil, "", err
	}
	tags, err := m.tagsOf(ctx, rd, run.Agreement, run.Share, run.Epoch)
	if errors.Is(err, matching.ErrTags) || errors.Is(err, keys.ErrDestroyed) {
		return nil, codeMalformed, fmt.Errorf("the partner's list %s is not what can be searched: %w", run.Epoch, err)
	}
	if err != nil {
		return nil, "", err
	}
	hits, err := q.Finish(e.Answer, tags)
	if err != nil {
		return nil, codeNoProof, err
	}
	return hits, "", nil
}

// refused takes the partner's refusal of a batch. Where only the epoch was over, the run waits for the next list.
func (m *Matches) refused(ctx context.Context, tx store.Tx, msg post.Message, run MatchRun) error {
	var why refusal
	if err := json.Unmarshal(msg.Body, &why); err != nil || why.Code == "" {
		return m.room.turnAway(ctx, tx, msg, codeMalformed, "a refusal has a code")
	}
	if run.Direction != ledger.Out || run.State != MatchAsked || run.Partner != msg.Header.From {
		return m.room.turnAway(ctx, tx, msg, "UNASKED", "no batch waits for an answer")
	}
	if why.Code != agreement.Expired || run.tries >= mostTries {
		run.end(m.room.now(), MatchRefused, why.Code, why.Clause, why.Reason)
		return m.closed(ctx, tx, &run)
	}
	if err := m.dropLists(ctx, tx, "agreement = $1 and share = $2 and epoch = $3", run.Agreement, run.Share, run.Epoch); err != nil {
		return err
	}
	if err := m.room.vault.destroy(ctx, tx, run.ID); err != nil {
		return err
	}
	run.State, run.Epoch, run.message, run.AskedAt, run.Due = MatchWaiting, "", "", time.Time{}, time.Time{}
	if err := run.save(ctx, tx); err != nil {
		return err
	}
	tx.Notify(matchTopic)
	return m.room.announce(ctx, tx, "match", run.ID)
}

// forget erases what is over: lists, and who was a hit. Counts stay.
func (m *Matches) forget(ctx context.Context) error {
	if err := m.forgetCommitments(ctx); err != nil {
		return err
	}
	now := store.Micros(m.room.now())
	var over int
	err := m.room.store.Read().QueryRowContext(ctx, `select (select count(*) from sharing_match_list where erase_at <= $1)
		+ (select count(*) from sharing_match_hit where run in (select id from sharing_match_run where erase_at <= $1 and erase_at > 0))`, now).Scan(&over)
	if err != nil || over == 0 {
		return err
	}
	return m.room.store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		if err := m.dropLists(ctx, tx, "erase_at <= $1", now); err != nil {
			return err
		}
		var steps []ledger.Step
		runs, err := finishedBefore(ctx, tx, now)
		if err != nil {
			return err
		}
		for _, r := range runs {
			s := r.told()
			s.Kind, s.Code, s.Hits = ledger.Erased, "expired", r.HitCount
			steps = append(steps, s)
		}
		if _, err := tx.ExecContext(ctx, "delete from sharing_match_hit where run in (select id from sharing_match_run where erase_at <= $1 and erase_at > 0)", now); err != nil {
			return err
		}
		return ledger.Record(ctx, tx, machine, "", steps...)
	})
}

// Lead is what a request to the partner about a hit begins with. The officer who sends it adds why.
func (m *Matches) Lead(ctx context.Context, by access.Principal, id, passenger string) (Question, error) {
	run, hit, err := m.hit(ctx, id, passenger)
	if err != nil {
		return Question{}, err
	}
	v, own, partner, err := m.room.inForceHere(ctx, run.Agreement)
	if err != nil {
		return Question{}, err
	}
	if !hit.Lead {
		return Question{}, api.Errorf(api.Unprocessable, "only birth year and sound agree: that alone is no lead").With("code", "WEAK")
	}
	if err := m.room.told(ctx, by, "exchange.match-lead", id, passenger); err != nil {
		return Question{}, err
	}
	q := Question{Purpose: run.Purpose}
	for i := range v.Shares {
		if s := &v.Shares[i]; s.Category == watchlistMatch && s.Mode == "hit_no_hit" && s.Gives(partner.ID, own.ID) {
			q.Share = s.ID
			break
		}
	}
	if q.Share == "" {
		return Question{}, api.Errorf(api.Unprocessable, "agreement %s has no share by which the partner could be asked: hit or no hit", run.Agreement).With("code", agreement.Direction)
	}
	manifest, err := m.o.Manifest(ctx, m.room.store.Read(), run.Flight)
	if err != nil {
		return Question{}, err
	}
	for i := range manifest.Passengers {
		if p := &manifest.Passengers[i]; p.ID == passenger {
			q.Subject = subjectFrom(p)
		}
	}
	if q.Subject == nil {
		return Question{}, api.Errorf(api.NotFound, "this passenger is not on the flight any more")
	}
	words := make([]string, len(hit.Families))
	for i, f := range hit.Families {
		words[i] = familyWords[f]
	}
	journey := manifest.Flight
	q.Journey = &journey
	q.Justification = fmt.Sprintf("Private match of %s (%s): agreement in %s.", run.Journey, run.Stage, strings.Join(words, "; "))
	return q, nil
}

// familyWords say in a justification what agreed.
var familyWords = map[matching.Family]string{
	matching.Document: "the document", matching.Exact: "names and birth date as written", matching.Sound: "the sound of a name, with the birth date",
	matching.Letters: "the letters of all names, with the birth date", matching.Year: "the sound of both names, with the birth year",
	matching.Skeleton: "the consonants of both names, with the birth date",
}

func subjectFrom(p *matching.Passenger) *Person {
	var out Person
	if len(p.Person.Names) > 0 {
		n := p.Person.Names[0]
		out.FamilyName, out.GivenNames = n.Surname, n.Given
		if n.Surname == "" && n.Given == "" {
			out.FamilyName = n.Full
		}
	}
	if len(p.Person.Births) > 0 {
		out.DOB = p.Person.Births[0]
	}
	out.Sex = p.Person.Sex
	if len(p.Person.Countries) > 0 {
		out.Nationality = p.Person.Countries[0]
	}
	if len(p.Person.Documents) > 0 {
		d := p.Person.Documents[0]
		out.Document = &Document{Type: d.Type, Number: d.Number, Issuer: d.Country}
	}
	return &out
}

func (m *Matches) hit(ctx context.Context, id, passenger string) (MatchRun, MatchHit, error) {
	run, err := runByID(ctx, m.room.store.Read(), id)
	if err != nil {
		return run, MatchHit{}, err
	}
	hits, err := hitsOf(ctx, m.room.store.Read(), id)
	if err != nil {
		return run, MatchHit{}, err
	}
	for _, h := range hits[id] {
		if h.Passenger == passenger {
			return run, h, nil
		}
	}
	return run, MatchHit{}, api.Errorf(api.NotFound, "this passenger is no hit of that match, or was one and is forgotten")
}

// AskOn asks the partner about a hit, by a person and with a reason, and ties the thread to it.
func (m *Matches) AskOn(ctx context.Context, by access.Principal, id, passenger string, q Question) (Thread, error) {
	run, hit, err := m.hit(ctx, id, passenger)
	if err != nil {
		return Thread{}, err
	}
	if hit.Thread != "" {
		return Thread{}, api.Errorf(api.Conflict, "the partner was asked about this passenger already").With("thread", hit.Thread)
	}
	lead, err := m.Lead(ctx, by, id, passenger)
	if err != nil {
		return Thread{}, err
	}
	if q.Share == "" {
		q.Share = lead.Share
	}
	if q.Purpose == "" {
		q.Purpose = lead.Purpose
	}
	if q.Subject == nil {
		q.Subject = lead.Subject
	}
	t, err := m.room.Ask(ctx, by, run.Agreement, q)
	if err != nil {
		return t, err
	}
	return t, m.room.store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		hit.Thread = t.ID
		if err := hit.save(ctx, tx, id); err != nil {
			return err
		}
		return m.room.announce(ctx, tx, "match", id)
	})
}
