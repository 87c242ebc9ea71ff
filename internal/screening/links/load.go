package links

import (
	"bufio"
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/store"
)

// How a history is brought over: rows go in by the order of their keys, so that the indexes grow at their end.
const (
	buckets    = 128    // by key; one is sorted in memory at a time
	rowsAtOnce = 16_384 // in one transaction
)

// Load brings a history into empty tables, many times faster than [Write] and with the same rows: what Write would have
// left of the same subjects in any order. Each part is read by a goroutine of its own; a part gives the subjects of one
// person together. Nobody becomes due. What does not fit into memory waits in files under scratch, which go.
func Load(ctx context.Context, st *store.Store, scratch string, parts ...iter.Seq[[]*screening.Subject]) (err error) {
	dir, err := os.MkdirTemp(scratch, "links-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	people, values, trips := newSpill(dir, "people"), newSpill(dir, "values"), newSpill(dir, "trips")
	reading, within := errgroup.WithContext(ctx)
	for _, part := range parts {
		reading.Go(func() error {
			l := loading{people: people, values: values, trips: trips}
			for subjects := range part {
				if err := errors.Join(within.Err(), l.person(subjects)); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if err := reading.Wait(); err != nil {
		return errors.Join(err, people.close(), values.close(), trips.close())
	}
	for _, load := range []struct {
		from *spill
		into *store.Insert
		row  func(key, [][]byte) ([]any, error)
	}{
		{people, insertPersons, personRow}, {values, insertValues, valueRow}, {trips, insertTrips, tripRow},
	} {
		if err := load.from.each(load.row, func(rows [][]any) error { return insertAll(ctx, st, load.into, rows) }); err != nil {
			return err
		}
	}
	return nil
}

// loading takes one part apart.
type loading struct {
	people, values, trips *spill
	b                     []byte
}

func (l *loading) person(subjects []*screening.Subject) error {
	if len(subjects) == 0 {
		return nil
	}
	p := person{key: identity(subjects[0]), near: distant, trips: make([]trip, 0, len(subjects))}
	w := newWriting(nil)
	for _, s := range subjects {
		if s.ID == "" || s.Until.IsZero() {
			return fmt.Errorf("subject %q: what is brought over has an id and a time", s.ID)
		}
		p.put(w.tripOf(s))
		l.b = binary.LittleEndian.AppendUint64(l.b[:0], uint64(p.key))
		l.b = binary.LittleEndian.AppendUint64(l.b, uint64(digest(s)))
		if err := l.trips.add(tripKey(s.ID), l.b); err != nil {
			return err
		}
	}
	if err := l.people.add(p.key, p.body()); err != nil {
		return err
	}
	for _, v := range p.values() {
		named := w.named[v]
		l.b = binary.LittleEndian.AppendUint64(l.b[:0], uint64(p.key))
		l.b = binary.AppendUvarint(l.b, uint64(len(named.kind)))
		l.b = append(append(l.b, named.kind...), named.mask...)
		if err := l.values.add(v, l.b); err != nil {
			return err
		}
	}
	return nil
}

func personRow(k key, bodies [][]byte) ([]any, error) {
	p := person{key: k, near: distant}
	for _, b := range bodies {
		some := person{}
		if err := some.read(b); err != nil {
			return nil, err
		}
		p.trips = append(p.trips, some.trips...)
	}
	return p.row(), nil
}

func valueRow(k key, told [][]byte) ([]any, error) {
	v := shared{}
	for _, b := range told {
		r := body{b: b}
		v.people = append(v.people, key(r.word()))
		v.value = value{key: k, kind: string(r.bytes(r.number())), mask: string(r.b)}
	}
	slices.Sort(v.people)
	v.people = slices.Compact(v.people)
	if len(v.people) > kindOf(v.kind).most {
		v.common, v.people = true, nil
	}
	return v.row(), nil
}

func tripRow(k key, told [][]byte) ([]any, error) {
	r := body{b: told[0]}
	return []any{k, key(r.word()), int64(r.word())}, nil
}

// rowsOf makes the rows of a bucket, in the order of their keys, one of all records of a key.
func rowsOf(all []record, row func(key, [][]byte) ([]any, error)) ([][]any, error) {
	slices.SortStableFunc(all, func(a, b record) int { return cmp.Compare(a.key, b.key) })
	rows := make([][]any, 0, len(all))
	var bodies [][]byte
	for i := 0; i < len(all); {
		k := all[i].key
		for bodies = bodies[:0]; i < len(all) && all[i].key == k; i++ {
			bodies = append(bodies, all[i].body)
		}
		r, err := row(k, bodies)
		if err != nil {
			return nil, err
		}
		rows = append(rows, r)
	}
	return rows, nil
}

func insertAll(ctx context.Context, st *store.Store, into *store.Insert, rows [][]any) error {
	for some := range slices.Chunk(rows, rowsAtOnce) {
		if err := st.Write(ctx, func(ctx context.Context, tx store.Tx) error {
			_, err := into.Exec(ctx, tx, some)
			return err
		}); err != nil {
			return err
		}
	}
	return nil
}

// spill keeps records in files by the first bits of their key, so that each file sorts in memory and their
// concatenation is in order.
type spill struct {
	dir, name string
	bucket    [buckets]struct {
		sync.Mutex
		f *os.File
		w *bufio.Writer
	}
}

type record struct {
	key  key
	body []byte
}

func newSpill(dir, name string) *spill { return &spill{dir: dir, name: name} }

func (s *spill) add(k key, body []byte) (err error) {
	b := &s.bucket[uint64(k)>>56] // hashOf leaves the first bit out
	b.Lock()
	defer b.Unlock()
	if b.f == nil {
		if b.f, err = os.Create(filepath.Join(s.dir, fmt.Sprintf("%s-%03d", s.name, uint64(k)>>56))); err != nil {
			return err
		}
		b.w = bufio.NewWriterSize(b.f, 1<<17)
	}
	var head [2 * binary.MaxVarintLen64]byte
	n := binary.PutUvarint(head[:], uint64(k))
	n += binary.PutUvarint(head[n:], uint64(len(body)))
	if _, err := b.w.Write(head[:n]); err != nil {
		return err
	}
	_, err = b.w.Write(body)
	return err
}

// each makes rows of the buckets and hands those over in order, and lets go of each afterwards. The next are made while some
// are written.
func (s *spill) each(row func(key, [][]byte) ([]any, error), write func([][]any) error) error {
	type made struct {
		rows [][]any
		err  error
	}
	next := make(chan made, 1)
	stop := make(chan struct{})
	defer close(stop)
	go func() {
		defer close(next)
		for i := range s.bucket {
			var m made
			records, err := s.take(i)
			if m.err = err; err == nil {
				m.rows, m.err = rowsOf(records, row)
			}
			select {
			case next <- m:
			case <-stop:
			}
		}
	}()
	var failed error
	for m := range next { // to the end also when one failed: every file is let go of
		if failed = cmp.Or(failed, m.err); failed == nil {
			failed = write(m.rows)
		}
	}
	return failed
}

// take reads a bucket and removes it.
func (s *spill) take(i int) (records []record, err error) {
	b := &s.bucket[i]
	if b.f == nil {
		return nil, nil
	}
	defer func() { err = errors.Join(err, b.f.Close(), os.Remove(b.f.Name())) }()
	if err := b.w.Flush(); err != nil {
		return nil, err
	}
	if _, err := b.f.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	all, err := io.ReadAll(b.f)
	if err != nil {
		return nil, err
	}
	for r := (body{b: all}); len(r.b) > 0; {
		k := key(r.number())
		records = append(records, record{k, r.bytes(r.number())})
		if r.short {
			return nil, fmt.Errorf("%s: cut off", b.f.Name())
		}
	}
	return records, nil
}

func (s *spill) close() error {
	var failed error
	for i := range s.bucket {
		if f := s.bucket[i].f; f != nil {
			failed = errors.Join(failed, f.Close())
		}
	}
	return failed
}
