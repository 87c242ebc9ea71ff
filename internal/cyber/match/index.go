package match

import (
	"bytes"
	"hash/maphash"
	"net/netip"

	"github.com/rihla/rihla/formats/observable"
)

// Entry is one indicator to be met: its value as [observable.Key] has it. A kind that no log line can show by itself is
// left out of an index.
type Entry struct {
	ID    string
	Kind  observable.Kind
	Value string
}

// Matchable tells the kinds that lines are searched for.
func Matchable(kind observable.Kind) bool {
	switch kind {
	case observable.IPv4, observable.IPv6, observable.CIDR, observable.Domain, observable.URL, observable.Email,
		observable.MD5, observable.SHA1, observable.SHA256, observable.SHA512:
		return true
	}
	return false
}

// class keeps values of different kinds apart that read the same.
type class byte

const (
	ofAddress class = iota + 1 // 4 or 16 bytes
	ofName
	ofURL
	ofMailbox
	ofHash
)

// Index is a set of indicators. It is built once and only read.
//
// Values lie one after another in one block, each behind its class; an open hash table of 8 bytes a slot finds them. Three
// quarters of all questions are answered no by a filter of two bytes an indicator, which stays in the processor's cache.
type Index struct {
	mask   uint64
	slots  []slot
	filter []uint64
	block  []byte   // class and value, one after another
	ends   []uint32 // of each entry's value in block
	ids    string   // one after another
	idEnds []uint32
	nets   networks
}

// slot holds an entry's number + 1 and the high half of its hash.
type slot struct{ tag, entry uint32 }

// Build makes an index. Of entries with one value the last is found; entries that cannot be matched are left out.
func Build(entries []Entry) *Index {
	x := &Index{}
	size := uint64(16)
	for size < uint64(len(entries))*2 {
		size *= 2
	}
	x.mask, x.slots, x.filter = size-1, make([]slot, size), make([]uint64, max(size*8/64, 1))
	x.ends, x.idEnds = make([]uint32, 0, len(entries)), make([]uint32, 0, len(entries))
	var nets []network
	var ids bytes.Buffer
	for _, e := range entries {
		c, ok := x.put(e)
		if !ok {
			continue
		}
		n := uint32(len(x.ends)) //nolint:gosec // an index is bounded by memory long before
		ids.WriteString(e.ID)
		x.ends = append(x.ends, uint32(len(x.block)))  //nolint:gosec // see above
		x.idEnds = append(x.idEnds, uint32(ids.Len())) //nolint:gosec // see above
		if e.Kind == observable.CIDR {
			nets = append(nets, network{netip.MustParsePrefix(e.Value).Masked(), n})
			continue
		}
		x.insert(c, n)
	}
	x.ids, x.nets = ids.String(), buildNetworks(nets)
	return x
}

// put appends an entry's class and value to the block; not ok when nothing can meet it.
func (x *Index) put(e Entry) (class, bool) {
	var c class
	var address []byte
	switch e.Kind {
	case observable.IPv4, observable.IPv6:
		ip, err := netip.ParseAddr(e.Value)
		if err != nil {
			return 0, false
		}
		c, address = ofAddress, ip.Unmap().AsSlice()
	case observable.CIDR:
		if _, err := netip.ParsePrefix(e.Value); err != nil {
			return 0, false
		}
	case observable.Domain:
		c = ofName
	case observable.URL:
		c = ofURL
	case observable.Email:
		c = ofMailbox
	case observable.MD5, observable.SHA1, observable.SHA256, observable.SHA512:
		c = ofHash
	default:
		return 0, false
	}
	x.block = append(x.block, byte(c))
	if address != nil {
		x.block = append(x.block, address...)
	} else {
		x.block = append(x.block, e.Value...)
	}
	return c, true
}

func (x *Index) insert(c class, n uint32) {
	value := x.value(n)
	h := hash(c, value)
	x.filter[h>>32&uint64(len(x.filter)*64-1)>>6] |= 1 << (h >> 32 & 63)
	tag := uint32(h >> 32)
	for i := h & x.mask; ; i = (i + 1) & x.mask {
		s := &x.slots[i]
		if s.entry == 0 || s.tag == tag && bytes.Equal(x.whole(s.entry-1), x.whole(n)) {
			*s = slot{tag, n + 1}
			return
		}
	}
}

// find answers the number + 1 of the entry with a value, whose hash is h, or 0.
func (x *Index) find(h uint64, c class, value []byte) uint32 {
	if x.filter[h>>32&uint64(len(x.filter)*64-1)>>6]&(1<<(h>>32&63)) == 0 {
		return 0
	}
	tag := uint32(h >> 32)
	for i := h & x.mask; x.slots[i].entry != 0; i = (i + 1) & x.mask {
		if s := x.slots[i]; s.tag == tag {
			if w := x.whole(s.entry - 1); w[0] == byte(c) && bytes.Equal(w[1:], value) {
				return s.entry
			}
		}
	}
	return 0
}

// seed is this process's: nobody can choose values that fall together.
var seed = maphash.MakeSeed()

func hash(c class, value []byte) uint64 {
	return maphash.Bytes(seed, value) ^ uint64(c)*0x9e3779b97f4a7c15
}

// whole is an entry's class and value.
func (x *Index) whole(n uint32) []byte {
	from := uint32(0)
	if n > 0 {
		from = x.ends[n-1]
	}
	end := uint32(len(x.block)) //nolint:gosec // bounded, see Build
	if int(n) < len(x.ends) {
		end = x.ends[n]
	}
	return x.block[from:end]
}

func (x *Index) value(n uint32) []byte { return x.whole(n)[1:] }

// id is the entry's, as given to Build.
func (x *Index) id(n uint32) string {
	from := uint32(0)
	if n > 0 {
		from = x.idEnds[n-1]
	}
	return x.ids[from:x.idEnds[n]]
}

// Size is how many indicators are in it.
func (x *Index) Size() int { return len(x.ends) }

// addressKey is an address as the table keeps it.
func addressKey(to []byte, ip netip.Addr) []byte {
	if ip.Is4() {
		a := ip.As4()
		return append(to, a[:]...)
	}
	a := ip.As16()
	return append(to, a[:]...)
}

// Holds reports whether the index has just this entry.
func (x *Index) Holds(e Entry) bool {
	probe := Index{}
	c, ok := probe.put(e)
	if !ok {
		return false
	}
	if e.Kind == observable.CIDR {
		p := netip.MustParsePrefix(e.Value).Masked()
		for n := x.nets.around(p.Addr()); n >= 0; n = x.nets.parents[n] {
			if net := x.nets.nets[n]; net.prefix == p && x.id(net.entry) == e.ID {
				return true
			}
		}
		return false
	}
	value := probe.block[1:]
	n := x.find(hash(c, value), c, value)
	return n != 0 && x.id(n-1) == e.ID
}
