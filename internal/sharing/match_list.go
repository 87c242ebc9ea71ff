package sharing

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/rihla/rihla/formats/country"
	"github.com/rihla/rihla/internal/keys"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/screening/lists"
	"github.com/rihla/rihla/internal/sharing/agreement"
	"github.com/rihla/rihla/internal/sharing/envelope"
	"github.com/rihla/rihla/internal/sharing/ledger"
	"github.com/rihla/rihla/internal/sharing/matching"
	"github.com/rihla/rihla/internal/sharing/post"
	"github.com/rihla/rihla/internal/store"
)

// keepLists keeps an epoch for each share that this state gives, as long as this node leads.
func (m *Matches) keepLists(ctx context.Context) {
	tick := time.NewTicker(matchPoll)
	defer tick.Stop()
	for {
		if m.leading() {
			if err := m.relist(ctx); err != nil && ctx.Err() == nil {
				m.room.o.Logger.Warn("a list for private matching could not be made", "why", err)
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-m.wake:
		case <-tick.C:
		}
	}
}

// relist begins an epoch where there is none of today, or where lists have changed, and ends those that serve nothing.
func (m *Matches) relist(ctx context.Context) error {
	rd := m.room.store.Read()
	gives, _, err := m.shares(ctx, rd)
	if err != nil {
		return err
	}
	live := map[string]bool{}
	for i := range gives {
		s := &gives[i]
		f, err := m.flow(ctx, rd, s, agreement.Releasing, s.share.Purposes[0], 0)
		if err != nil {
			return err
		}
		if s.v.Decide(f).Verdict != agreement.Permit { // suspended, or its standing approval is over
			continue
		}
		live[s.key()] = true
		next, stale, err := m.stale(ctx, rd, s)
		if err != nil {
			return err
		}
		if stale {
			if err := m.publish(ctx, s, next); err != nil {
				return fmt.Errorf("%s: %w", s.key(), err)
			}
		}
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	for key, e := range m.epochs {
		if !live[key] {
			e.Destroy()
			delete(m.epochs, key)
		}
	}
	return nil
}

// stale says whether the epoch of a share has to make way, and for what.
func (m *Matches) stale(ctx context.Context, rd store.Reader, s *matchShare) (next ownEpoch, stale bool, err error) {
	now := m.room.now()
	next = ownEpoch{day: now.Format(time.DateOnly), digest: s.v.Digest, made: now}
	if next.generation, err = screening.Current(ctx, rd); err != nil {
		return next, false, err
	}
	if err := rd.QueryRowContext(ctx, "select count(*) from sharing_protected").Scan(&next.protected); err != nil {
		return next, false, err
	}
	e := m.epochOf(s.key())
	switch {
	case e == nil, e.day != next.day, e.digest != next.digest, e.protected != next.protected:
		return next, true, nil
	case e.generation != next.generation:
		return next, now.Sub(e.made) >= m.o.Relist, nil
	}
	return next, false, nil
}

// publish makes the tags of whoever is listed and may be told of, and sends them. The epoch counts once they are on their way.
func (m *Matches) publish(ctx context.Context, s *matchShare, next ownEpoch) error {
	purpose := s.share.Purposes[0]
	midnight, err := time.Parse(time.DateOnly, next.day)
	if err != nil {
		return err
	}
	name := next.day + "/" + s.key() + "/" + keys.Event()
	if next.Epoch, err = matching.NewEpoch(name); err != nil {
		return err
	}
	l := next.Listing(m.o.Cores)
	withheld, err := m.list(ctx, s, purpose, l)
	if err != nil {
		next.Destroy()
		return err
	}
	tags := l.Tags()
	until := midnight.AddDate(0, 0, 1)
	err = m.room.store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		f, err := m.flow(ctx, tx, s, agreement.Releasing, purpose, 0)
		if err != nil {
			return err
		}
		o := s.v.Decide(f)
		step := decided(s.v, s.thread("", ledger.Out, purpose), &f, &o)
		step.Type, step.Keys, step.Padded = string(envelope.PMList), l.Keys(), tags.Len()
		step.Reason = fmt.Sprintf("epoch %s; %d entries withheld by the agreement", name, withheld)
		if o.Verdict != agreement.Permit {
			return fmt.Errorf("the agreement does not let the list go: %s (%s)", o.Reason, o.Clause)
		}
		if err := ledger.Record(ctx, tx, machine, "", step); err != nil {
			return err
		}
		return m.sendTags(ctx, tx, s, purpose, pmList{
			Epoch: name, PublicKey: next.PublicKey(), ListSize: tags.Len(), KeyProfile: matching.Profile, KeyRules: matching.Digest(), Suite: matching.Suite, Until: until,
		}, tags, o)
	})
	if err != nil {
		next.Destroy()
		return err
	}
	m.begin(s.key(), &next)
	return nil
}

func (m *Matches) sendTags(ctx context.Context, tx store.Tx, s *matchShare, purpose string, l pmList, tags matching.Tags, o agreement.Outcome) error {
	l.Parts = (tags.Len() + tagsAPart - 1) / tagsAPart
	thread := ""
	for l.Part = range l.Parts {
		l.Tags = l.Tags[:0]
		for i := l.Part * tagsAPart; i < min((l.Part+1)*tagsAPart, tags.Len()); i++ {
			l.Tags = append(l.Tags, tags[i*16:(i+1)*16])
		}
		body, err := json.Marshal(l)
		if err != nil {
			return err
		}
		id, err := m.room.Post.Send(ctx, tx, post.Draft{
			Type: envelope.PMList, Agreement: named(s.v.Agreement), Share: s.share.ID, From: s.own, To: s.partner, Thread: thread, Purpose: purpose,
			Handling: handling(o), Expires: l.Until, Body: body,
		})
		if err != nil {
			return err
		}
		if thread == "" {
			thread = id
		}
	}
	return nil
}

// listedAtOnce are the entries read at a time.
const listedAtOnce = 1000

// list adds those on our lists whom the agreement lets this share tell of: each is asked about alone, so that a child, or
// somebody who seeks protection from the partner, is not in it.
func (m *Matches) list(ctx context.Context, s *matchShare, purpose string, to *matching.Listing) (withheld int, err error) {
	rd := m.room.store.Read()
	all, err := screening.Lists(ctx, rd)
	if err != nil {
		return 0, err
	}
	register, err := m.protectedAll(ctx, rd)
	if err != nil {
		return 0, err
	}
	f, err := m.flow(ctx, rd, s, agreement.Releasing, purpose, 0)
	if err != nil {
		return 0, err
	}
	f.Record = agreement.Record{Kind: "list-entry", Status: "listed"}
	scope := matching.Scope{Years: slices.Contains(s.share.Purposes, terrorism)}
	today := f.Now.Format(time.DateOnly)
	for _, list := range all {
		if screening.IsGiven(list.Name) { // what a partner gave is not ours to tell of
			continue
		}
		after := ""
		for {
			entries, err := screening.Entries(ctx, rd, list.Name, "", after, listedAtOnce)
			if err != nil {
				return 0, err
			}
			var some []matching.Key
			for i := range entries {
				e := &entries[i]
				after = e.ID
				if e.Schema != "Person" || e.From > today || e.Until != "" && e.Until < today {
					continue
				}
				f.Subject = m.listedSubject(e, f.Now, register)
				if s.v.Decide(f).Verdict != agreement.Permit {
					withheld++
					continue
				}
				p := screening.PersonOf(e)
				if e.DocumentOnly {
					p.Names = nil
				}
				some = append(some, matching.Listed(&p, scope)...)
			}
			if err := to.Add(ctx, some...); err != nil {
				return 0, err
			}
			if len(entries) < listedAtOnce {
				break
			}
		}
	}
	return withheld, nil
}

// protectedAll is the register of those who seek protection: from which states, by who they are.
func (m *Matches) protectedAll(ctx context.Context, rd store.Reader) (map[string][]string, error) {
	out := map[string][]string{}
	err := store.Rows(ctx, rd, func(rows *sql.Rows) error {
		var identity, from string
		err := rows.Scan(&identity, &from)
		out[identity] = append(out[identity], from)
		return err
	}, "select identity, country from sharing_protected")
	return out, err
}

// listedSubject is an entry as conditions see whom it lists: as young as any of its dates allows, and protected if any of
// its names or documents is.
func (m *Matches) listedSubject(e *lists.Entry, now time.Time, register map[string][]string) agreement.Subject {
	s := agreement.Subject{Kind: "person", Age: youngest(e.Births, now)}
	for _, c := range e.Countries {
		if c.Role == "nationality" {
			s.Nationality = country.Alpha2(c.Code)
			break
		}
	}
	if len(register) == 0 {
		return s
	}
	add := func(p Person) {
		for _, identity := range m.room.identities(&p) {
			for _, from := range register[identity] {
				if !slices.Contains(s.ProtectedFrom, from) {
					s.ProtectedFrom = append(s.ProtectedFrom, from)
				}
			}
		}
	}
	for _, d := range e.Documents {
		add(Person{Document: &Document{Type: d.Type, Number: d.Number, Issuer: d.Issuer}})
	}
	for _, n := range e.Names {
		for _, born := range e.Births {
			p := Person{FamilyName: n.Surname, GivenNames: n.Given, DOB: born}
			if n.Surname == "" && n.Given == "" {
				p.FamilyName = n.Text
			}
			add(p)
		}
	}
	slices.Sort(s.ProtectedFrom)
	s.AsylumSeeker = len(s.ProtectedFrom) > 0
	return s
}

// youngest is the least age that dates of birth allow; -1 where they say nothing.
func youngest(births []string, now time.Time) int {
	age := math.MaxInt
	for _, born := range births {
		born = strings.TrimPrefix(born, "~")
		if _, last, span := strings.Cut(born, "/"); span {
			born = last
		}
		a := ageOf(born, now)
		if a < 0 && len(born) >= 4 { // a month of a year
			a = ageOf(born[:4], now)
		}
		if a >= 0 {
			age = min(age, a)
		}
	}
	if age == math.MaxInt {
		return -1
	}
	return age
}

var saveTags = store.NewInsert("sharing_match_list",
	[]string{"agreement", "share", "epoch", "part", "parts", "size", "pk", "profile", "rules", "issued", "erase_at"},
	"on conflict (agreement, share, epoch, part) do nothing")

// listCame keeps a part of the partner's list for the day.
func (m *Matches) listCame(ctx context.Context, tx store.Tx, msg post.Message) error {
	h := &msg.Header
	v, _, err := m.room.sender(ctx, tx, msg)
	if err != nil {
		return err
	}
	s, ok := m.getting(v, h.Share, h.From)
	if !ok {
		return m.room.turnAway(ctx, tx, msg, agreement.Direction, "this share is not the partner's to give, or is not matched privately")
	}
	var l pmList
	if err := json.Unmarshal(msg.Body, &l); err != nil {
		return m.room.turnAway(ctx, tx, msg, codeMalformed, err.Error())
	}
	if why := l.wrong(); why != "" {
		return m.room.turnAway(ctx, tx, msg, codeMalformed, why)
	}
	f, err := m.flow(ctx, tx, s, agreement.Arriving, h.Purpose, 0)
	if err != nil {
		return err
	}
	t := s.thread(h.ThreadKey(), ledger.In, h.Purpose)
	o, err := m.room.decide(ctx, tx, s.v, t, f, h.From, "")
	if err != nil {
		return err
	}
	if o.Verdict != agreement.Permit {
		if err := m.room.Post.Erase(ctx, tx, h.ID); err != nil {
			return err
		}
		return m.room.turnAway(ctx, tx, msg, o.Code, o.Reason)
	}
	erase := o.EraseAt
	if !l.Until.IsZero() && l.Until.Before(erase) {
		erase = l.Until
	}
	row := []any{
		t.Agreement, t.Share, l.Epoch, int64(l.Part), int64(l.Parts), int64(l.ListSize), l.PublicKey, l.KeyProfile, l.KeyRules,
		store.Micros(h.Issued), store.Micros(erase),
	}
	if _, err := saveTags.Exec(ctx, tx, [][]any{row}); err != nil {
		return err
	}
	if err := m.room.vault.put(ctx, tx, tagsAt(t.Agreement, t.Share, l.Epoch, l.Part), slices.Concat(l.Tags...)); err != nil {
		return err
	}
	if err := m.room.Post.Erase(ctx, tx, h.ID); err != nil { // the vault has it, and its day ends there
		return err
	}
	tx.Notify(matchTopic)
	return nil
}

// wrong says what is wrong with a part of a list; "" is nothing.
func (l *pmList) wrong() string {
	switch {
	case l.Epoch == "" || len(l.Epoch) > 200:
		return "an epoch has a name"
	case l.Suite != "" && l.Suite != matching.Suite:
		return "the suite is " + matching.Suite
	case l.KeyProfile != matching.Profile:
		return "the key profile is " + matching.Profile
	case l.Parts < 1 || l.Parts > mostParts || l.Part < 0 || l.Part >= l.Parts:
		return "there is no such part of a list"
	}
	for _, t := range l.Tags {
		if len(t) != len(matching.Tag{}) {
			return "a tag has 16 bytes"
		}
	}
	return ""
}

func (m *Matches) getting(v Version, share, from string) (*matchShare, bool) {
	_, gets := m.sharesOf(v)
	for i := range gets {
		if gets[i].share.ID == share {
			gets[i].partner = from
			return &gets[i], true
		}
	}
	return nil, false
}

func (m *Matches) giving(v Version, share, to string) (*matchShare, bool) {
	gives, _ := m.sharesOf(v)
	for i := range gives {
		if gives[i].share.ID == share {
			gives[i].partner = to
			return &gives[i], true
		}
	}
	return nil, false
}

// partnerList is the partner's list for an epoch, without its tags.
type partnerList struct {
	epoch        string
	pk           []byte
	rules        string
	issued       int64
	parts, there int
}

// newestList is the last list of the partner that is there as a whole.
func newestList(ctx context.Context, rd store.Reader, s *matchShare, now time.Time) (l partnerList, found bool, err error) {
	err = store.Rows(ctx, rd, func(rows *sql.Rows) error {
		var one partnerList
		if err := rows.Scan(&one.epoch, &one.parts, &one.there, &one.issued); err != nil {
			return err
		}
		if one.there == one.parts && one.issued >= l.issued {
			l, found = one, true
		}
		return nil
	}, `select epoch, parts, count(*), max(issued) from sharing_match_list where agreement = $1 and share = $2 and erase_at > $3 group by epoch, parts`,
		s.v.Metadata.ID, s.share.ID, store.Micros(now))
	if err != nil || !found {
		return l, false, err
	}
	err = rd.QueryRowContext(ctx, "select pk, rules from sharing_match_list where agreement = $1 and share = $2 and epoch = $3 and part = 0",
		s.v.Metadata.ID, s.share.ID, l.epoch).Scan(&l.pk, &l.rules)
	return l, err == nil, err
}

// heldTags are the tags last searched.
type heldTags struct {
	epoch string
	tags  matching.Tags
}

// tagsAt is where a part of a list lies sealed. No backup has the key, so tags go with their day.
func tagsAt(agreementID, share, epoch string, part int) string {
	return fmt.Sprintf("tags/%s/%s/%s/%d", agreementID, share, epoch, part)
}

// dropLists erases lists of the partner's.
func (m *Matches) dropLists(ctx context.Context, tx store.Tx, where string, args ...any) error {
	var over []string
	if err := store.Rows(ctx, tx, func(rows *sql.Rows) error {
		var agreementID, share, epoch string
		var part int
		err := rows.Scan(&agreementID, &share, &epoch, &part)
		over = append(over, tagsAt(agreementID, share, epoch, part))
		return err
	}, "select agreement, share, epoch, part from sharing_match_list where "+where, args...); err != nil || len(over) == 0 {
		return err
	}
	if err := m.room.vault.destroy(ctx, tx, over...); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, "delete from sharing_match_list where "+where, args...)
	return err
}

// tagsOf reads the tags of an epoch of the partner's.
func (m *Matches) tagsOf(ctx context.Context, rd store.Reader, agreementID, share, epoch string) (matching.Tags, error) {
	m.mu.Lock()
	held := m.tags
	m.mu.Unlock()
	if held.epoch == epoch {
		return held.tags, nil
	}
	var parts int
	if err := rd.QueryRowContext(ctx, "select count(*) from sharing_match_list where agreement = $1 and share = $2 and epoch = $3", agreementID, share, epoch).Scan(&parts); err != nil {
		return nil, err
	}
	var tags matching.Tags
	for part := range parts {
		some, err := m.room.vault.get(ctx, rd, tagsAt(agreementID, share, epoch, part))
		if err != nil {
			return nil, err
		}
		tags = append(tags, some...)
	}
	if err := tags.Check(); err != nil {
		return nil, err
	}
	m.mu.Lock()
	m.tags = heldTags{epoch, tags}
	m.mu.Unlock()
	return tags, nil
}
