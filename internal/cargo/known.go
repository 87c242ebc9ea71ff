package cargo

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/binary"
	"hash/fnv"
	"slices"
	"strings"
	"time"

	"github.com/rihla/rihla/internal/store"
)

// known is what was ever filed of one value: a party, a pair, an address. It is a join of filings: adding in another
// order, or twice, comes to the same.
type known struct {
	First  int64    // microseconds: received first
	Firms  []uint64 // the smallest hashes of the parties that bear it, so few that it is a sample
	Recent []sent   // the latest consignments, latest first
}

// sent is a consignment that bore the value.
type sent struct {
	At    int64 // microseconds: first received
	Grams int64
	ID    string // of the consignment
}

// The bounds of what is remembered of a value. Rules that count more than these count in vain.
const (
	mostFirms  = 16
	mostRecent = 24
)

// bears joins one filing's word.
func (k *known) bears(at int64, firm uint64, grams int64, id string) {
	if k.First == 0 || at < k.First {
		k.First = at
	}
	if i, there := slices.BinarySearch(k.Firms, firm); !there && firm != 0 {
		if k.Firms = slices.Insert(k.Firms, i, firm); len(k.Firms) > mostFirms {
			k.Firms = k.Firms[:mostFirms]
		}
	}
	s := sent{at, grams, id}
	if i := slices.IndexFunc(k.Recent, func(r sent) bool { return r.ID == id }); i >= 0 {
		k.Recent[i].At, k.Recent[i].Grams = min(k.Recent[i].At, at), max(k.Recent[i].Grams, grams)
	} else {
		k.Recent = append(k.Recent, s)
	}
	slices.SortFunc(k.Recent, func(a, b sent) int { return cmp.Or(cmp.Compare(b.At, a.At), cmp.Compare(a.ID, b.ID)) })
	if len(k.Recent) > mostRecent {
		k.Recent = k.Recent[:mostRecent]
	}
}

func (k *known) join(o *known) {
	if o.First != 0 && (k.First == 0 || o.First < k.First) {
		k.First = o.First
	}
	for _, f := range o.Firms {
		if i, there := slices.BinarySearch(k.Firms, f); !there {
			k.Firms = slices.Insert(k.Firms, i, f)
		}
	}
	k.Firms = k.Firms[:min(len(k.Firms), mostFirms)]
	for _, s := range o.Recent {
		k.bears(s.At, 0, s.Grams, s.ID)
	}
}

func (k *known) append(b []byte) []byte {
	b = binary.AppendVarint(b, k.First)
	b = binary.AppendUvarint(b, uint64(len(k.Firms)))
	for _, f := range k.Firms {
		b = binary.LittleEndian.AppendUint64(b, f)
	}
	b = binary.AppendUvarint(b, uint64(len(k.Recent)))
	for _, s := range k.Recent {
		b = binary.AppendVarint(b, s.At)
		b = binary.AppendVarint(b, s.Grams)
		b = binary.AppendUvarint(b, uint64(len(s.ID)))
		b = append(b, s.ID...)
	}
	return b
}

// readKnown reads what append wrote; what is cut short ends there.
func readKnown(b []byte) *known {
	k := &known{}
	number := func() int64 {
		n, size := binary.Varint(b)
		b = b[max(size, 0):]
		return n
	}
	length := func() int {
		n, size := binary.Uvarint(b)
		b = b[max(size, 0):]
		return int(min(n, uint64(len(b)))) //nolint:gosec // bounded by what is there
	}
	k.First = number()
	for range length() {
		if len(b) < 8 {
			return k
		}
		k.Firms = append(k.Firms, binary.LittleEndian.Uint64(b))
		b = b[8:]
	}
	for range length() {
		s := sent{At: number(), Grams: number()}
		n := length()
		s.ID = string(b[:n])
		b = b[n:]
		k.Recent = append(k.Recent, s)
	}
	return k
}

// value is the hash of a thing of a kind. It guards nothing: at worst two are taken for one.
func value(kind string, parts ...string) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(kind)) // never fails
	for _, p := range parts {
		_, _ = h.Write([]byte{0})
		_, _ = h.Write([]byte(p))
	}
	return h.Sum64()
}

// compared is a text as it is compared: capitals and digits, nothing else between words than one blank.
func compared(s string) string {
	return strings.Join(strings.FieldsFunc(strings.ToUpper(s), func(r rune) bool {
		return strings.ContainsRune(" .,-/'()&\t", r)
	}), " ")
}

// values are what a consignment is remembered by; 0 stands for what is not said.
type values struct {
	consignor, consignee, pair, from, to uint64
}

func valuesOf(c *Content) (v values) {
	party := func(p *Party) (who, where uint64) {
		if p == nil {
			return 0, 0
		}
		if name := compared(p.Name); name != "" {
			who = value("party", name, p.Country)
		}
		if street := compared(p.Street); street != "" {
			where = value("address", street, compared(p.Place), p.Country)
		}
		return who, where
	}
	v.consignor, v.from = party(c.Consignor)
	v.consignee, v.to = party(c.Consignee)
	if v.consignor != 0 && v.consignee != 0 {
		v.pair = value("pair", compared(c.Consignor.Name), c.Consignor.Country, compared(c.Consignee.Name), c.Consignee.Country)
	}
	return v
}

func (v values) each(do func(value, firm uint64)) {
	for _, p := range [...]struct{ value, firm uint64 }{{v.consignor, 0}, {v.consignee, 0}, {v.pair, 0}, {v.from, v.consignor}, {v.to, v.consignee}} {
		if p.value != 0 {
			do(p.value, p.firm)
		}
	}
}

// memory is what is known of some values.
type memory map[uint64]*known

// of answers what is known of a value; nothing of one never met.
func (m memory) of(v uint64) *known {
	if k := m[v]; k != nil {
		return k
	}
	return &known{}
}

// remember adds one filing's word to what is known.
func (m memory) remember(f *Filing, consignment string) {
	if f.Said == nil {
		return
	}
	valuesOf(f.Said).each(func(v, firm uint64) {
		k := m[v]
		if k == nil {
			k = &known{}
			m[v] = k
		}
		k.bears(f.Clock.Received, firm, f.Said.Grams, consignment)
	})
}

// recall reads what is known of some values.
func recall(ctx context.Context, r store.Reader, vs []uint64) (memory, error) {
	keys := make([]int64, 0, len(vs))
	for _, v := range vs {
		if v != 0 {
			keys = append(keys, int64(v)) //nolint:gosec // the same bits
		}
	}
	slices.Sort(keys)
	m := memory{}
	err := store.ForKeys(ctx, r, `select value, body from cargo_known where value in (:keys)`, slices.Compact(keys), func(rows *sql.Rows) error {
		var v int64
		var body []byte
		if err := rows.Scan(&v, &body); err != nil {
			return err
		}
		m[uint64(v)] = readKnown(body) //nolint:gosec // the same bits
		return nil
	})
	return m, err
}

var insertKnown = store.NewInsert("cargo_known", []string{"value", "body"}, `on conflict (value) do update set body = excluded.body`)

// keep joins what a report says to what is known, in the transaction that writes the report.
func (m memory) keep(ctx context.Context, tx store.Tx) error {
	if len(m) == 0 {
		return nil
	}
	vs := make([]uint64, 0, len(m))
	for v := range m {
		vs = append(vs, v)
	}
	slices.Sort(vs)
	stored, err := recall(ctx, tx, vs)
	if err != nil {
		return err
	}
	rows := make([][]any, len(vs))
	for i, v := range vs {
		k := stored.of(v)
		k.join(m[v])
		rows[i] = []any{int64(v), k.append(nil)} //nolint:gosec // the same bits
	}
	_, err = insertKnown.Exec(ctx, tx, rows)
	return err
}

// within counts the consignments of at most so many grams that came in a window that ends at an instant, that one too.
func (k *known) within(until time.Time, window time.Duration, grams int64) (n int) {
	to, from := until.UnixMicro(), until.Add(-window).UnixMicro()
	for _, s := range k.Recent {
		if s.At <= to && s.At >= from && s.Grams <= grams {
			n++
		}
	}
	return n
}
