package screening

import (
	"context"
	"encoding/binary"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
)

// Holder is what holds subjects, a flight, a waybill, with a version that moves whenever one of its subjects does.
type Holder struct {
	ID      string
	Version int64
}

// Held is a holder with its subjects, all as of one instant.
type Held struct {
	Holder
	Subjects []HeldSubject
}

// HeldSubject is a subject with what tells whether it has changed.
type HeldSubject struct {
	ID      ID
	Version int64
}

// Ahead is an index in memory of one domain's subjects that are still ahead: what lists are compared with when they
// change, instead of reading a million travellers anew. It can be rebuilt at any time and is never the truth: what it
// knows is used only while the store's versions are those it was learned at.
type Ahead struct {
	mu      sync.RWMutex
	holders map[string]*heldBy
	count   int
}

// heldBy is one holder's subjects in a stretch of bytes: no pointer a subject.
type heldBy struct {
	version  int64
	versions []int64 // of each subject
	at       []uint32
	bytes    []byte
}

// Len is the number of subjects known.
func (a *Ahead) Len() int {
	a.mu.RLock()
	defer a.mu.RUnlock()
	return a.count
}

// Stale gives, of the holders that are ahead, those that are not known as they are; the others it forgets. fresh counts
// those never seen before.
func (a *Ahead) Stale(ahead []Holder) (stale []string, fresh int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	there := make(map[string]bool, len(ahead))
	for _, h := range ahead {
		there[h.ID] = true
		known := a.holders[h.ID]
		if known == nil {
			fresh++
		}
		if known == nil || known.version != h.Version {
			stale = append(stale, h.ID)
		}
	}
	for id, h := range a.holders {
		if !there[id] {
			a.count -= len(h.versions)
			delete(a.holders, id)
		}
	}
	return stale, fresh
}

// Unknown gives the subjects of a holder that have to be read: those that are new or have changed.
func (a *Ahead) Unknown(h *Held) []ID {
	a.mu.RLock()
	defer a.mu.RUnlock()
	versions := make(map[ID]int64)
	if known := a.holders[h.ID]; known != nil {
		for i, version := range known.versions {
			versions[known.id(i)] = version
		}
	}
	var unknown []ID
	for _, s := range h.Subjects {
		if v, ok := versions[s.ID]; !ok || v != s.Version {
			unknown = append(unknown, s.ID)
		}
	}
	return unknown
}

// Learn takes in a holder; read are those of its subjects that were unknown.
func (a *Ahead) Learn(h *Held, read []Subject) {
	byID := make(map[ID]*Subject, len(read))
	for i := range read {
		byID[read[i].ID] = &read[i]
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.holders == nil {
		a.holders = make(map[string]*heldBy)
	}
	old := a.holders[h.ID]
	places := make(map[ID]int)
	if old != nil {
		for i := range old.versions {
			places[old.id(i)] = i
		}
		a.count -= len(old.versions)
	}
	next := &heldBy{version: h.Version}
	for _, s := range h.Subjects {
		switch place, known := places[s.ID]; {
		case byID[s.ID] != nil:
			next.at = append(next.at, uint32(len(next.bytes)))
			next.bytes = appendSubject(next.bytes, byID[s.ID])
		case known:
			next.at = append(next.at, uint32(len(next.bytes)))
			next.bytes = append(next.bytes, old.subject(place)...)
		default:
			continue // gone since
		}
		next.versions = append(next.versions, s.Version)
	}
	next.bytes, next.versions, next.at = slices.Clone(next.bytes), slices.Clip(next.versions), slices.Clip(next.at)
	a.holders[h.ID] = next
	a.count += len(next.versions)
}

func (h *heldBy) subject(i int) []byte {
	if i+1 < len(h.at) {
		return h.bytes[h.at[i]:h.at[i+1]]
	}
	return h.bytes[h.at[i]:]
}

func (h *heldBy) id(i int) ID {
	c := rollCursor{h.subject(i)}
	return ID(c.text())
}

func appendSubject(b []byte, s *Subject) []byte {
	text := func(v string) { b = append(binary.AppendUvarint(b, uint64(len(v))), v...) }
	count := func(n int) { b = binary.AppendUvarint(b, uint64(n)) }
	text(string(s.ID))
	count(len(s.Names))
	for _, n := range s.Names {
		text(n.Surname)
		text(n.Given)
		text(n.Full)
	}
	count(len(s.Births))
	for _, born := range s.Births {
		text(born)
	}
	text(s.Sex)
	count(len(s.Countries))
	for _, c := range s.Countries {
		text(c.Code)
		text(c.Role)
	}
	count(len(s.Documents))
	for _, d := range s.Documents {
		text(d.Type)
		text(d.Number)
		text(d.Issuer)
	}
	return b
}

// readSubject fills in what lists are compared with. The subject is used again for the next; its texts are its own.
func readSubject(s *Subject, b []byte) {
	c := rollCursor{b}
	text := func() string { return string(c.text()) }
	s.ID = ID(text())
	s.Names = s.Names[:0]
	for range c.number() {
		s.Names = append(s.Names, Name{text(), text(), text()})
	}
	s.Births = s.Births[:0]
	for range c.number() {
		s.Births = append(s.Births, text())
	}
	s.Sex = text()
	s.Countries = s.Countries[:0]
	for range c.number() {
		s.Countries = append(s.Countries, Country{text(), text()})
	}
	s.Documents = s.Documents[:0]
	for range c.number() {
		s.Documents = append(s.Documents, Document{Type: text(), Number: text(), Issuer: text()})
	}
}

// Compared says at which version each holder was when it was compared, so that it need not be again.
type Compared map[string]int64

// Concerned gives the subjects whom a change of lists may concern, of the holders that were not seen at their version
// yet, and notes those as seen. It works on all cores.
func (a *Ahead) Concerned(ctx context.Context, d *Delta, seen Compared) ([]ID, error) {
	type one struct {
		id string
		*heldBy
	}
	var work []one
	a.mu.RLock()
	for id, h := range a.holders {
		if at, ok := seen[id]; !ok || at != h.version {
			work = append(work, one{id, h})
		}
	}
	a.mu.RUnlock()
	var next atomic.Int64
	var g sync.WaitGroup
	found := make([][]ID, runtime.GOMAXPROCS(0))
	for part := range found {
		g.Go(func() {
			var s Subject
			var m matching
			for ctx.Err() == nil {
				i := int(next.Add(1)) - 1
				if i >= len(work) {
					return
				}
				for place := range work[i].versions {
					readSubject(&s, work[i].subject(place))
					if d.concerns(&s, &m) {
						found[part] = append(found[part], s.ID)
					}
				}
			}
		})
	}
	g.Wait()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	for _, w := range work {
		seen[w.id] = w.version
	}
	ids := slices.Concat(found...)
	slices.Sort(ids)
	return slices.Compact(ids), nil
}

// AheadOf is the index of a domain's subjects ahead.
func (s *Screener) AheadOf(domain string) *Ahead {
	s.aheads.Lock()
	defer s.aheads.Unlock()
	if s.ahead == nil {
		s.ahead = make(map[string]*Ahead)
	}
	if s.ahead[domain] == nil {
		s.ahead[domain] = new(Ahead)
	}
	return s.ahead[domain]
}
