package collection

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"fmt"
	"slices"

	"github.com/rihla/rihla/formats/fault"
	"github.com/rihla/rihla/formats/jsondoc"
	"github.com/rihla/rihla/formats/stix"
	"github.com/rihla/rihla/formats/taxii"
	"github.com/rihla/rihla/internal/store"
)

// Outcome is what became of one object.
type Outcome struct {
	ID      string
	Version string
	Added   int64        // its date_added and number in the collection; 0 when it is not there
	New     bool         // false where this version was there already
	Fault   *fault.Fault // why it is not there
}

// Add adds objects that somebody gave to a collection, in the caller's transaction, and answers what became of each, in
// their order. A version that is there already changes nothing; one of other content is refused, and the first kept. An
// observable, which has no versions, is replaced. An object with faults is refused for the first of them. The entry in the
// audit log is the caller's.
func (s *Server) Add(ctx context.Context, tx store.Tx, collection, by string, objects []*stix.Object) ([]Outcome, error) {
	c, err := s.find(ctx, tx, collection)
	if err != nil {
		return nil, err
	}
	return s.add(ctx, tx, c, prepare(c, by, objects))
}

// candidate is an object that wants to be added.
type candidate struct {
	object *stix.Object
	entry  entry // without added and level
	body   []byte
	digest int64
	fault  *fault.Fault
	chunk  *chunk // it is part of, where that is packed already
	place  int    // in the chunk
}

// chunk is what a block holds if all of it is new, packed before anything waits for it.
type chunk struct {
	ends     []int
	squeezed []byte
}

// prepare does what needs no transaction.
func prepare(c *Collection, by string, objects []*stix.Object) []candidate {
	all := make([]candidate, len(objects))
	size, faults := 0, false
	for i, o := range objects {
		all[i] = candidate{object: o}
		all[i].prepare(c, by)
		size += len(all[i].body) + 1
		faults = faults || all[i].fault != nil
	}
	if len(all) < smallObjects || faults {
		return all
	}
	pieces := size/blockBytes + 1
	most := min(blockObjects, (len(all)+pieces-1)/pieces)
	b := block{bodies: make([]byte, 0, size)}
	for from := 0; from < len(all); from += most {
		b = block{bodies: b.bodies[:0]}
		part := all[from:min(from+most, len(all))]
		for i := range part {
			b.add(entry{}, part[i].body)
		}
		packed := &chunk{b.ends, squeeze(b.bodies)}
		for i := range part {
			part[i].chunk, part[i].place = packed, i
		}
	}
	return all
}

func (n *candidate) prepare(c *Collection, by string) {
	o := n.object
	if len(o.Faults) > 0 {
		n.fault = &o.Faults[0]
		return
	}
	spec := slices.Index(specs[:], o.SpecVersion)
	if spec < 0 || !slices.Contains(c.Specs, o.SpecVersion) {
		n.fault = n.wrong("spec-version", "/spec_version", fmt.Sprintf("this collection does not take STIX %.20s", o.SpecVersion), "send it in a version that media_types names")
		return
	}
	n.entry = entry{name: packName(o.ID), said: []byte(o.Version()), by: by, spec: uint8(spec)} //nolint:gosec // two
	if said := o.Version(); said != "" {
		at, ok := taxii.ParseInstant(said)
		if !ok {
			n.fault = n.wrong("timestamp", "/modified", "its version is no timestamp", "write it as 2026-03-15T08:00:00.000Z")
			return
		}
		n.entry.version = at
	}
	n.body = o.AppendJSON(make([]byte, 0, len(o.Raw())))
	sum := sha256.Sum256(n.body)
	n.digest = int64(binary.BigEndian.Uint64(sum[:])) //nolint:gosec // all 64 bits
}

func (n *candidate) wrong(rule, at, message, mend string) *fault.Fault {
	return &fault.Fault{Offset: n.object.Value.Offset, Pointer: fmt.Sprintf("/objects/%d%s", n.object.Index, at), Rule: rule, Message: message, Mend: mend}
}

// member is one version among those of its object.
type member struct {
	entry
	digest  int64 // of what it says; the same one may mean the same
	shadow  shadow
	from    *candidate // of one that is new
	changed bool       // its shadow is not as it is stored
}

var (
	insertVersion = store.NewInsert("taxii_version", []string{"collection", "name", "version", "added", "level", "digest"}, "") // of one that stands alone
	upsertVersion = store.NewInsert("taxii_version", []string{"collection", "name", "version", "added", "level", "digest", "others"},
		"on conflict (name, collection, version) do update set others = excluded.others")
	insertShadow  = store.NewInsert("taxii_shadow", []string{"collection", "added", "others"}, "on conflict (collection, added) do update set others = excluded.others")
	insertBlock   = store.NewInsert("taxii_block", []string{"collection", "last", "objects", "size", "types", "least", "heads", "bodies"}, "")
	insertMarking = store.NewInsert("taxii_marking", []string{"collection", "id", "level"}, "on conflict (collection, id) do nothing")
)

// add is Add, of what is prepared.
func (s *Server) add(ctx context.Context, tx store.Tx, c *Collection, in []candidate) ([]Outcome, error) {
	families, err := readFamilies(ctx, tx, c, in)
	if err != nil {
		return nil, err
	}
	levels, err := readLevels(ctx, tx, c, in)
	if err != nil {
		return nil, err
	}
	out, found := make([]Outcome, len(in)), make([]*member, len(in))
	var fresh []*member
	var replaced []*entry
	for i := range in {
		n := &in[i]
		out[i] = Outcome{ID: n.object.ID, Version: string(n.entry.said), Fault: n.fault}
		if n.fault != nil {
			continue
		}
		family := families[string(n.entry.name)]
		at := slices.IndexFunc(family, func(m *member) bool { return m.version == n.entry.version && m.spec == n.entry.spec })
		if at >= 0 {
			same, err := s.same(ctx, tx, c, n, family[at])
			if err != nil {
				return nil, err
			}
			switch {
			case same:
				found[i] = family[at]
				continue
			case len(n.entry.said) > 0 || family[at].from != nil:
				out[i].Fault = n.wrong("version-conflict", "", "this version is there with other content; the first is kept", "give what you changed a later modified")
				continue
			}
			replaced = append(replaced, &family[at].entry)
			family = slices.Delete(family, at, at+1)
		}
		m := &member{entry: n.entry, digest: n.digest, from: n}
		m.level = levelOf(n.object, levels, c.Unmarked)
		out[i].New, found[i] = true, m
		fresh, families[string(n.entry.name)] = append(fresh, m), append(family, m)
	}
	if err := s.erase(ctx, tx, c, replaced); err != nil {
		return nil, err
	}
	if err := number(ctx, tx, c, fresh); err != nil {
		return nil, err
	}
	for i, m := range found {
		if m != nil {
			out[i].Added, out[i].Version = m.added, cmp.Or(out[i].Version, m.text())
		}
	}
	if len(fresh) == 0 {
		return out, nil
	}
	tx.Notify(Topic)
	return out, s.insert(ctx, tx, c, fresh, families, levels)
}

// readFamilies reads what versions there are of the objects.
func readFamilies(ctx context.Context, tx store.Tx, c *Collection, in []candidate) (map[string][]*member, error) {
	families := make(map[string][]*member, len(in))
	names := make([][]byte, 0, len(in))
	for i := range in {
		if name := in[i].entry.name; in[i].fault == nil {
			if _, twice := families[string(name)]; !twice {
				families[string(name)] = nil
				names = append(names, name)
			}
		}
	}
	slices.SortFunc(names, bytes.Compare) // neighbours lie together
	return families, readMembers(ctx, tx, c, names, func(m *member) {
		families[string(m.name)] = append(families[string(m.name)], m)
	})
}

var said = []byte("said")

// A version and its STIX are kept as one number.
func packVersion(e *entry) int64 { return int64(e.version)<<1 | int64(e.spec) }

func unpackVersion(n int64) (taxii.Instant, uint8) { return taxii.Instant(n >> 1), uint8(n & 1) } //nolint:gosec // one bit

func readMembers(ctx context.Context, r store.Reader, c *Collection, names [][]byte, each func(*member)) error {
	return store.ForKeys(ctx, r, "select name, version, added, level, digest, others from taxii_version where collection = $1 and name in (:keys)", names, func(rows *sql.Rows) error {
		m := &member{}
		var others []byte
		var version, level int64
		if err := rows.Scan(&m.name, &version, &m.added, &level, &m.digest, &others); err != nil {
			return err
		}
		m.level = stix.TLP(level) //nolint:gosec // written from one
		m.version, m.spec = unpackVersion(version)
		if m.version != 0 {
			m.said = said // its spelling is with its body; that there is one is what counts here
		}
		if len(others) > 0 {
			var err error
			if m.shadow, err = unpackShadow(others); err != nil {
				return err
			}
		}
		each(m)
		return nil
	}, c.number)
}

// same reports whether a version that is there says what the candidate says. Mostly the bytes are the same, which their
// digest tells well enough: a lie would keep what is there. Else the content is compared.
func (s *Server) same(ctx context.Context, r store.Reader, c *Collection, n *candidate, m *member) (bool, error) {
	if m.from != nil {
		return stix.SameContent(n.object, m.from.object), nil
	}
	if n.digest == m.digest {
		return true, nil
	}
	b, at, err := s.blockOf(ctx, r, c, m.added)
	if err != nil {
		return false, err
	}
	there, f := jsondoc.Parse(b.body(at))
	if f != nil {
		return false, f
	}
	return jsondoc.Equal(&n.object.Value, &there), nil
}

// number gives new ones their dates: each later than all there are, and none before now. Whoever adds next waits for
// this transaction to end.
func number(ctx context.Context, tx store.Tx, c *Collection, fresh []*member) error {
	n := int64(len(fresh))
	if n == 0 {
		return nil
	}
	var last int64
	err := tx.QueryRowContext(ctx, `update taxii_head set objects = objects + $1, last = case when last + $1 > $2 then last + $1 else $2 end
		where collection = $3 returning last`, n, store.Micros(tx.Now())+n-1, c.number).Scan(&last)
	for i, m := range fresh {
		m.added = last - n + 1 + int64(i)
	}
	return err
}

// insert writes new ones: what versions there are, how they stand to one another, and what they say.
func (s *Server) insert(ctx context.Context, tx store.Tx, c *Collection, fresh []*member, families map[string][]*member, levels map[string]stix.TLP) error {
	var markings [][]any
	moved := slices.Clone(fresh) // with those there whose shadow changes
	for _, m := range fresh {
		for _, other := range families[string(m.name)] {
			if other.added >= m.added {
				continue
			}
			m.changed = m.shadow.cast(&m.entry, &other.entry) || m.changed
			if other.shadow.cast(&other.entry, &m.entry) {
				if !other.changed && other.from == nil {
					moved = append(moved, other)
				}
				other.changed = true
			}
		}
		if m.from.object.Type == "marking-definition" {
			id := m.from.object.ID
			markings = append(markings, []any{c.number, id, int64(levels[id])})
		}
	}
	if err := keep(ctx, tx, c, moved); err != nil {
		return err
	}
	if _, err := insertMarking.Exec(ctx, tx, markings); err != nil {
		return err
	}
	return s.lay(ctx, tx, c, fresh)
}

// keep writes versions, and how they stand to one another.
func keep(ctx context.Context, tx store.Tx, c *Collection, members []*member) error {
	slices.SortFunc(members, func(a, b *member) int { return bytes.Compare(a.name, b.name) }) // neighbours lie together
	var alone, together, shadows [][]any
	for _, m := range members {
		row := []any{c.number, m.name, packVersion(&m.entry), m.added, int64(m.level), m.digest}
		if m.from != nil && !m.changed {
			alone = append(alone, row)
			continue
		}
		others := m.shadow.pack()
		together, shadows = append(together, append(row, others)), append(shadows, []any{c.number, m.added, others})
	}
	if _, err := insertVersion.Exec(ctx, tx, alone); err != nil {
		return err
	}
	if _, err := upsertVersion.Exec(ctx, tx, together); err != nil {
		return err
	}
	_, err := insertShadow.Exec(ctx, tx, shadows)
	return err
}

// lay adds the blocks, and puts small ones together.
func (s *Server) lay(ctx context.Context, tx store.Tx, c *Collection, fresh []*member) error {
	var rows [][]any
	small := 0
	b := &block{}
	done := func() {
		if len(b.entries) > 0 {
			rows = append(rows, b.row(c.number))
			if small++; !b.small() {
				small = 0
			}
			b = &block{}
		}
	}
	for len(fresh) > 0 {
		if packed := wholeChunk(fresh); packed != nil {
			done()
			b.ends, b.squeezed = packed.ends, packed.squeezed
			for _, m := range fresh[:len(packed.ends)] {
				b.entries = append(b.entries, m.entry)
			}
			fresh = fresh[len(packed.ends):]
			done()
			continue
		}
		m := fresh[0]
		if b.full(len(m.from.body)) {
			done()
		}
		b.add(m.entry, m.from.body)
		fresh = fresh[1:]
	}
	done()
	if _, err := insertBlock.Exec(ctx, tx, rows); err != nil {
		return err
	}
	s.mu.Lock()
	if small > 0 {
		small += s.small[c.number] // others before may have been closed by a large one; a look tells
	}
	s.mu.Unlock()
	if small >= smallMost {
		small = 1
		if err := gather(ctx, tx, c); err != nil {
			return err
		}
	}
	tx.After(func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.small[c.number] = small
	})
	return nil
}

// wholeChunk is the chunk that new ones begin with, where all of it is new.
func wholeChunk(fresh []*member) *chunk {
	packed := fresh[0].from.chunk
	if packed == nil || len(fresh) < len(packed.ends) {
		return nil
	}
	for i, m := range fresh[:len(packed.ends)] {
		if m.from.chunk != packed || m.from.place != i {
			return nil
		}
	}
	return packed
}

// gatherMost bounds the blocks that are put together at once.
const gatherMost = 2 * smallMost

// gather puts the small blocks at a collection's end together. A block grows so until it is no longer small, and each
// object is written anew a few times at most.
func gather(ctx context.Context, tx store.Tx, c *Collection) error {
	run, open := 0, true
	var from int64
	if err := store.Rows(ctx, tx, func(rows *sql.Rows) error {
		var last, objects, size int64
		err := rows.Scan(&last, &objects, &size)
		if open = open && objects < smallObjects && size < smallBytes; open {
			run, from = run+1, last
		}
		return err
	}, "select last, objects, size from taxii_block where collection = $1 order by last desc limit $2", c.number, int64(gatherMost)); err != nil {
		return err
	}
	if run < smallMost {
		return nil
	}
	var rows [][]any
	whole := &block{}
	if err := readBlocks(ctx, tx, func(b *block) {
		for i := range b.entries {
			body := b.body(i)
			if whole.full(len(body)) {
				rows = append(rows, whole.row(c.number))
				whole = &block{}
			}
			whole.add(b.entries[i], body)
		}
	}, "where collection = $1 and last >= $2 order by last", c.number, from); err != nil {
		return err
	}
	rows = append(rows, whole.row(c.number))
	if _, err := tx.ExecContext(ctx, "delete from taxii_block where collection = $1 and last >= $2", c.number, from); err != nil {
		return err
	}
	_, err := insertBlock.Exec(ctx, tx, rows)
	return err
}
