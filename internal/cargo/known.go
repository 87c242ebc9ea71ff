package cargo

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/binary"
	"math"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/rihla/rihla/internal/store"
)

// known is what was ever filed of one value: a party, a pair, an address. It is a join of filings: adding in another
// order, or twice, comes to the same.
type known struct {
	First  int64    // microseconds: received first
	Firms  []uint64 // of an address: the smallest hashes of the parties that were filed at it, so few that it is a sample
	Recent []sent   // the latest consignments, latest first

	version int64 // as stored; 0 is none
}

// sent is a consignment that bore the value.
type sent struct {
	At    int64 // microseconds: first received
	Grams int64
	Other uint64 // the party at its other end
	ID    string // of the consignment
	Way   uint64 // hash of its routing
	Each  int64  // grams of a piece; 0 is unknown
}

// The bounds of what is remembered of a value. Rules that count more than these count in vain.
const (
	mostFirms  = 16
	mostRecent = 24
)

// bears joins one filing's word.
func (k *known) bears(s sent, firm uint64) {
	if k.First == 0 || s.At < k.First {
		k.First = s.At
	}
	if i, there := slices.BinarySearch(k.Firms, firm); !there && firm != 0 {
		if k.Firms = slices.Insert(k.Firms, i, firm); len(k.Firms) > mostFirms {
			k.Firms = k.Firms[:mostFirms]
		}
	}
	if i := slices.IndexFunc(k.Recent, func(r sent) bool { return r.ID == s.ID && r.Other == s.Other }); i >= 0 {
		r := &k.Recent[i]
		r.At, r.Grams, r.Way, r.Each = min(r.At, s.At), max(r.Grams, s.Grams), max(r.Way, s.Way), max(r.Each, s.Each)
	} else {
		k.Recent = append(k.Recent, s)
	}
	slices.SortFunc(k.Recent, func(a, b sent) int {
		return cmp.Or(cmp.Compare(b.At, a.At), cmp.Compare(a.ID, b.ID), cmp.Compare(a.Other, b.Other))
	})
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
		k.bears(s, 0)
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
		b = binary.LittleEndian.AppendUint64(b, s.Other)
		b = binary.AppendUvarint(b, uint64(len(s.ID)))
		b = append(b, s.ID...)
	}
	for _, s := range k.Recent { // behind, for rows of before there were any
		b = binary.LittleEndian.AppendUint64(b, s.Way)
		b = binary.AppendVarint(b, s.Each)
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
		if len(b) < 8 {
			return k
		}
		s.Other = binary.LittleEndian.Uint64(b)
		b = b[8:]
		n := length()
		s.ID = string(b[:n])
		b = b[n:]
		k.Recent = append(k.Recent, s)
	}
	for i := range k.Recent {
		if len(b) < 8 {
			return k
		}
		k.Recent[i].Way = binary.LittleEndian.Uint64(b)
		b = b[8:]
		k.Recent[i].Each = number()
	}
	return k
}

// value is the hash of a thing of a kind. It guards nothing: at worst two are taken for one.
func value(kind string, parts ...string) uint64 {
	h := hashed(begun, kind)
	for _, p := range parts {
		h = hashed(hashed(h, "\x00"), p)
	}
	return h
}

// FNV-1a of texts, which package hash/fnv would have copied first.
const begun, prime = 14695981039346656037, 1099511628211

func hashed(h uint64, s string) uint64 {
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * prime
	}
	return h
}

// compared is a text as it is compared: capitals and digits, nothing else between words than one blank.
func compared(s string) string {
	var room [128]byte // of nearly all
	b, between := room[:0], false
	for _, r := range s {
		if strings.ContainsRune(" .,-/'()&\t", r) {
			between = len(b) > 0
			continue
		}
		if between {
			b, between = append(b, ' '), false
		}
		b = utf8.AppendRune(b, unicode.ToUpper(r))
	}
	return string(b)
}

// values are what a consignment is remembered by; 0 stands for what is not said.
type values struct{ consignor, consignee, to uint64 }

func valuesOf(c *Content) (v values) {
	v.consignor = partyValue(c.Consignor)
	v.consignee = partyValue(c.Consignee)
	if p := c.Consignee; p != nil {
		if street := compared(p.Street); street != "" {
			v.to = value("address", street, compared(p.Place), p.Country)
		}
	}
	return v
}

func partyValue(p *Party) uint64 {
	if p == nil {
		return 0
	}
	name := compared(p.Name)
	if name == "" {
		return 0
	}
	return value("party", name, p.Country)
}

// each gives the values with the party at the other end, and of an address who is filed at it.
func (v values) each(do func(value, other, firm uint64)) {
	for _, p := range [...]struct{ value, other, firm uint64 }{{v.consignor, v.consignee, 0}, {v.consignee, v.consignor, 0}, {v.to, v.consignor, v.consignee}} {
		if p.value != 0 {
			do(p.value, p.other, p.firm)
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

// remember adds one filing's word to what is known. Of a consignment filed once, the picture says what the filing does.
func (m memory) remember(f *Filing, consignment string, filings []Filing, c *Consignment) {
	if f.Said == nil {
		return
	}
	said := c.thought().values
	if len(filings) > 1 {
		said = valuesOf(f.Said)
	}
	said.each(func(v, other, firm uint64) {
		k := m[v]
		if k == nil {
			k = &known{}
			m[v] = k
		}
		k.bears(sent{f.Clock.Received, f.Said.Grams, other, consignment, f.Said.way(), f.Said.each()}, firm)
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
	err := store.ForKeys(ctx, r, `select value, version, body from cargo_known where value in (:keys)`, slices.Compact(keys), func(rows *sql.Rows) error {
		var v, version int64
		var body []byte
		if err := rows.Scan(&v, &version, &body); err != nil {
			return err
		}
		k := readKnown(body)
		k.version = version
		m[uint64(v)] = k //nolint:gosec // the same bits
		return nil
	})
	return m, err
}

var (
	insertKnown = store.NewInsert("cargo_known", []string{"value", "version", "body"},
		`on conflict (value) do update set version = excluded.version, body = excluded.body where cargo_known.version = excluded.version - 1`)
	replaceKnown = store.NewInsert("cargo_known", []string{"value", "version", "body"}, `on conflict (value) do update set version = excluded.version, body = excluded.body`)
)

// keep writes what is known with what a report adds, as it was planned; where somebody else wrote of the same parties
// meanwhile, the two are joined: nobody need plan again for that.
func (m memory) keep(ctx context.Context, tx store.Tx, planned memory) error {
	if len(m) == 0 {
		return nil
	}
	vs := make([]uint64, 0, len(m))
	for v := range m {
		vs = append(vs, v)
	}
	slices.Sort(vs)
	n, err := insertKnown.Exec(ctx, tx, planned.rows(vs))
	if err != nil || int(n) == len(vs) {
		return err
	}
	stored, err := recall(ctx, tx, vs)
	if err != nil {
		return err
	}
	for _, v := range vs {
		k := stored.of(v)
		k.join(m[v])
		stored[v] = k
	}
	_, err = replaceKnown.Exec(ctx, tx, stored.rows(vs))
	return err
}

func (m memory) rows(vs []uint64) [][]any {
	rows := make([][]any, len(vs))
	for i, v := range vs {
		k := m.of(v)
		rows[i] = []any{int64(v), k.version + 1, k.append(make([]byte, 0, 16+8*len(k.Firms)+80*len(k.Recent)))} //nolint:gosec // the same bits
	}
	return rows
}

// met says that two parties met in a consignment received before an instant, and when first.
func (k *known) met(other uint64, before time.Time) (first int64, met bool) {
	for _, s := range k.Recent {
		if s.Other == other && s.At < before.UnixMicro() && (!met || s.At < first) {
			first, met = s.At, true
		}
	}
	return first, met
}

// way is a routing by its hash; 0 where it is not known whole.
func (c *Content) way() uint64 {
	if c.Origin == "" || c.Destination == "" {
		return 0
	}
	h := hashed(hashed(begun, "way\x00"), c.Origin)
	for _, by := range c.Route {
		h = hashed(hashed(h, "\x00"), by)
	}
	return hashed(hashed(h, "\x00"), c.Destination)
}

// each is what a piece weighs, in grams.
func (c *Content) each() int64 {
	pieces := max(c.Pieces, c.SLAC)
	if pieces <= 0 {
		return 0
	}
	return c.Grams / int64(pieces)
}

// history is how long back a party's habits are looked at.
const history = 365 * 24 * time.Hour

// habits tells, of the party's consignments in the year before an instant, how many there were, how many of them went the
// same way, and how far the weight of a piece lies from theirs: in standard deviations of its logarithm, at least a tenth
// each; 0 where they are fewer than ten.
func (k *known) habits(at time.Time, id string, way uint64, each int64) (all, same int64, away float64) {
	const enough, narrowest = 10, 0.1
	var logs []float64
	for _, s := range k.Recent {
		if s.ID == id || s.At >= at.UnixMicro() || s.At < at.Add(-history).UnixMicro() {
			continue
		}
		if s.Way != 0 {
			if all++; s.Way == way {
				same++
			}
		}
		if s.Each > 0 {
			logs = append(logs, math.Log(float64(s.Each)))
		}
	}
	if len(logs) < enough || each <= 0 {
		return all, same, 0
	}
	var sum, squares float64
	for _, l := range logs {
		sum += l
	}
	mean := sum / float64(len(logs))
	for _, l := range logs {
		squares += (l - mean) * (l - mean)
	}
	return all, same, (math.Log(float64(each)) - mean) / max(narrowest, math.Sqrt(squares/float64(len(logs))))
}

// before says that the value was filed before an instant.
func (k *known) before(at time.Time) bool { return k.First != 0 && k.First < at.UnixMicro() }

// within counts the consignments of at most so many grams in the fullest stretch of time, of a given length, that an
// instant lies in. So it is the same of all that lie in it, whichever came first.
func (k *known) within(at time.Time, window time.Duration, grams int64) (most int) {
	own := at.UnixMicro()
	for _, from := range k.Recent {
		if from.At > own || own-from.At > window.Microseconds() {
			continue
		}
		n := 0
		for _, s := range k.Recent {
			if s.At >= from.At && s.At-from.At <= window.Microseconds() && s.Grams <= grams {
				n++
			}
		}
		most = max(most, n)
	}
	return most
}

// near are the consignments of at most so many grams that came within a length of time before or after an instant.
func (k *known) near(at time.Time, window time.Duration, grams int64) (ids []string) {
	for _, s := range k.Recent {
		if away := s.At - at.UnixMicro(); away <= window.Microseconds() && -away <= window.Microseconds() && s.Grams <= grams && !slices.Contains(ids, s.ID) {
			ids = append(ids, s.ID)
		}
	}
	return ids
}
