package links

import (
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/rihla/rihla/internal/screening"
)

// person is one node: all journeys of one identity.
type person struct {
	key   key
	near  int
	trips []trip

	all, tied []key // values and ties, once they were asked for; nil when the trips have changed since
}

// trip is one subject: one person on one journey, with the values it ties to.
type trip struct {
	subject screening.ID
	within  key    // of the journey; 0 is none
	at      int64  // seconds, of the journey's end
	seat    string // "12A"
	values  []key  // sorted
}

// How near a person is to somebody listed or decided, as far as it was noticed: a hint that is never too far. What is
// near gets looked at again when it gains or loses a tie; the rest, nearly all, costs nothing.
const (
	source  = 0 // is, or was, listed or decided
	beside  = 1 // shared a value with one
	distant = 2
)

// put replaces the journey of the same subject, or adds it.
func (p *person) put(t trip) {
	p.drop(t.subject)
	p.all, p.tied = nil, nil
	p.trips = append(p.trips, t)
}

func (p *person) drop(id screening.ID) {
	p.all, p.tied = nil, nil
	p.trips = slices.DeleteFunc(p.trips, func(t trip) bool { return t.subject == id })
}

// values are all that the person ties to, each once, in order. They are not the caller's to change.
func (p *person) values() []key {
	if p.all == nil {
		for i := range p.trips {
			p.all = append(p.all, p.trips[i].values...)
		}
		slices.Sort(p.all)
		p.all = slices.Compact(p.all)
	}
	return p.all
}

// ties are the values but for the journeys: of those who were on one flight nobody is linked by it.
func (p *person) ties() []key {
	if p.tied != nil {
		return p.tied
	}
	within := make([]key, 0, len(p.trips))
	for i := range p.trips {
		within = append(within, p.trips[i].within)
	}
	slices.Sort(within)
	p.tied = make([]key, 0, len(p.values()))
	for _, v := range p.values() {
		if _, is := slices.BinarySearch(within, v); !is {
			p.tied = append(p.tied, v)
		}
	}
	return p.tied
}

// span is when the person used a value, first and last, in seconds.
func (p *person) span(v key) (first, last int64, used bool) {
	for i := range p.trips {
		t := &p.trips[i]
		if _, has := slices.BinarySearch(t.values, v); !has {
			continue
		}
		if !used || t.at < first {
			first = t.at
		}
		if !used || t.at > last {
			last = t.at
		}
		used = true
	}
	return first, last, used
}

// latest is the subject that stands for the person: of the latest journey.
func (p *person) latest() screening.ID {
	var best *trip
	for i := range p.trips {
		if t := &p.trips[i]; best == nil || t.at > best.at || t.at == best.at && t.subject < best.subject {
			best = t
		}
	}
	if best == nil {
		return ""
	}
	return best.subject
}

// ahead are the subjects that can still be acted upon.
func (p *person) ahead(since time.Time) []screening.ID {
	var ids []screening.ID
	for i := range p.trips {
		if p.trips[i].at >= since.Unix() {
			ids = append(ids, p.trips[i].subject)
		}
	}
	return ids
}

// The body of a person's row: a version; the values, eight bytes each; the trips, each with the places of its values.
const bodyVersion = 1

const plainID = 0 // the length byte of a subject that is a UUID: sixteen bytes follow

func (p *person) body() []byte {
	slices.SortFunc(p.trips, func(a, b trip) int { return strings.Compare(string(a.subject), string(b.subject)) })
	values := p.values()
	b := make([]byte, 0, 8+8*len(values)+40*len(p.trips))
	b = append(b, bodyVersion)
	b = binary.AppendUvarint(b, uint64(len(values)))
	for _, v := range values {
		b = binary.LittleEndian.AppendUint64(b, uint64(v))
	}
	b = binary.AppendUvarint(b, uint64(len(p.trips)))
	for i := range p.trips {
		t := &p.trips[i]
		if id, ok := packed(t.subject); ok {
			b = append(append(b, plainID), id[:]...)
		} else {
			b = binary.AppendUvarint(b, uint64(len(t.subject)))
			b = append(b, t.subject...)
		}
		b = binary.LittleEndian.AppendUint64(b, uint64(t.within))
		b = binary.AppendVarint(b, t.at)
		b = binary.AppendUvarint(b, uint64(len(t.seat)))
		b = append(b, t.seat...)
		b = binary.AppendUvarint(b, uint64(len(t.values)))
		for _, v := range t.values {
			at, _ := slices.BinarySearch(values, v)
			b = binary.AppendUvarint(b, uint64(at))
		}
	}
	return b
}

// packed gives a subject's sixteen bytes when it is a UUID written the usual way, and nothing else.
func packed(id screening.ID) (uuid.UUID, bool) {
	if len(id) != 36 {
		return uuid.UUID{}, false
	}
	u, err := uuid.Parse(string(id))
	return u, err == nil && u.String() == string(id)
}

var errBody = errors.New("the row of a person cannot be read")

func (p *person) read(b []byte) error {
	r := body{b: b}
	if version := r.byte(); version != bodyVersion {
		return fmt.Errorf("%w: version %d", errBody, version)
	}
	values := make([]key, r.count(8))
	for i := range values {
		values[i] = key(r.word())
	}
	p.trips = make([]trip, r.count(1))
	p.all, p.tied = values, nil
	held := make([]key, 0, 2*len(values)) // the values of all trips, one after another
	for i := range p.trips {
		t := &p.trips[i]
		if n := r.number(); n == plainID {
			var u uuid.UUID
			copy(u[:], r.bytes(16))
			t.subject = screening.ID(u.String())
		} else {
			t.subject = screening.ID(r.bytes(n))
		}
		t.within = key(r.word())
		t.at = r.signed()
		t.seat = seatOf(r.bytes(r.number()))
		first := len(held)
		for range r.count(1) {
			at := r.number()
			if at >= uint64(len(values)) {
				return errBody
			}
			held = append(held, values[at])
		}
		t.values = held[first:len(held):len(held)]
	}
	if r.short {
		return errBody
	}
	return nil
}

// seats are those of the usual cabins, which so many have sat on that each is made once.
var seats = func() map[string]string {
	all := make(map[string]string)
	for row := 1; row <= 60; row++ {
		for letter := byte('A'); letter <= 'L'; letter++ {
			seat := strconv.Itoa(row) + string(letter)
			all[seat] = seat
		}
	}
	return all
}()

func seatOf(b []byte) string {
	if seat, usual := seats[string(b)]; usual {
		return seat
	}
	return string(b)
}

// body is read from its beginning; what is missing is zero, and noticed.
type body struct {
	b     []byte
	short bool
}

func (r *body) bytes(n uint64) []byte {
	if n > uint64(len(r.b)) {
		r.short, r.b = true, nil
		return nil
	}
	out := r.b[:n]
	r.b = r.b[n:]
	return out
}

func (r *body) byte() byte {
	if b := r.bytes(1); b != nil {
		return b[0]
	}
	return 0
}

func (r *body) word() uint64 {
	if b := r.bytes(8); b != nil {
		return binary.LittleEndian.Uint64(b)
	}
	return 0
}

func (r *body) number() uint64 {
	v, n := binary.Uvarint(r.b)
	if n <= 0 {
		r.short, r.b = true, nil
		return 0
	}
	r.b = r.b[n:]
	return v
}

func (r *body) signed() int64 {
	v, n := binary.Varint(r.b)
	if n <= 0 {
		r.short, r.b = true, nil
		return 0
	}
	r.b = r.b[n:]
	return v
}

// count is of things that take at least so many bytes each: a broken row asks for no memory.
func (r *body) count(least int) int {
	n := r.number()
	if n > uint64(len(r.b)/least) {
		r.short, r.b = true, nil
		return 0
	}
	return int(n)
}
