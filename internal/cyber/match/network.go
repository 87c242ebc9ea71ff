package match

import (
	"cmp"
	"encoding/binary"
	"net/netip"
	"slices"
)

// network is an indicator that is a whole network.
type network struct {
	prefix netip.Prefix
	entry  uint32
}

// networks finds the networks around an address. All networks cut the line of addresses (IPv4 lies in IPv6 as ::ffff:0:0/96)
// into pieces, each with the narrowest network that covers it; each network knows the next wider one.
type networks struct {
	from    []edge  // where a piece begins, ascending
	holds   []int32 // the narrowest network over it, −1 for none
	nets    []network
	parents []int32
	four    []int32 // by the upper half of an IPv4 address, how many pieces begin before it: the search is then of few
}

type edge struct{ hi, lo uint64 }

func (a edge) compare(b edge) int { return cmp.Or(cmp.Compare(a.hi, b.hi), cmp.Compare(a.lo, b.lo)) }

func buildNetworks(nets []network) networks {
	slices.SortFunc(nets, func(a, b network) int {
		return cmp.Or(first(a.prefix).compare(first(b.prefix)), cmp.Compare(width(a.prefix), width(b.prefix)), cmp.Compare(a.entry, b.entry))
	})
	w := networks{nets: nets, parents: make([]int32, len(nets))}
	var open []int32 // networks around the place we are at, the narrowest last
	piece := func(from edge, net int32) {
		if n := len(w.from); n > 0 && w.from[n-1] == from {
			w.holds[n-1] = net
			return
		}
		w.from, w.holds = append(w.from, from), append(w.holds, net)
	}
	leave := func(until edge, all bool) {
		for len(open) > 0 {
			end, over := behind(nets[open[len(open)-1]].prefix)
			if !all && (over || end.compare(until) > 0) {
				return
			}
			open = open[:len(open)-1]
			if !over {
				outer := int32(-1)
				if len(open) > 0 {
					outer = open[len(open)-1]
				}
				piece(end, outer)
			}
		}
	}
	for i := range nets {
		start := first(nets[i].prefix)
		leave(start, false)
		w.parents[i] = -1
		if len(open) > 0 {
			w.parents[i] = open[len(open)-1]
		}
		open = append(open, int32(i)) //nolint:gosec // bounded by memory long before
		piece(start, int32(i))        //nolint:gosec // see above
	}
	leave(edge{}, true)
	w.directory()
	return w
}

// directory counts the pieces before every 65,536th IPv4 address.
func (w *networks) directory() {
	if len(w.from) == 0 {
		return
	}
	w.four = make([]int32, 1<<16+1)
	at := 0
	for half := range w.four {
		here := edge{0, 0xffff<<32 + uint64(half)<<16} //nolint:gosec // never negative
		for at < len(w.from) && w.from[at].compare(here) < 0 {
			at++
		}
		w.four[half] = int32(at) //nolint:gosec // bounded by memory long before
	}
}

// around answers the narrowest network over an address, −1 for none.
func (w *networks) around(ip netip.Addr) int32 {
	if len(w.from) == 0 {
		return -1
	}
	low, top := 0, len(w.from)
	at := edgeOf(ip)
	if ip.Is4() {
		half := at.lo >> 16 & 0xffff
		low, top = int(w.four[half]), int(w.four[half+1])
	}
	for low < top {
		mid := int(uint(low+top) >> 1)
		if w.from[mid].after(at) {
			top = mid
		} else {
			low = mid + 1
		}
	}
	if low == 0 {
		return -1
	}
	return w.holds[low-1]
}

func (a edge) after(b edge) bool { return a.hi > b.hi || a.hi == b.hi && a.lo > b.lo }

func edgeOf(ip netip.Addr) edge {
	if ip.Is4() {
		a := ip.As4()
		return edge{0, 0xffff<<32 | uint64(binary.BigEndian.Uint32(a[:]))}
	}
	a := ip.As16()
	return edge{binary.BigEndian.Uint64(a[:8]), binary.BigEndian.Uint64(a[8:])}
}

// width is the prefix's length in the line of IPv6 addresses.
func width(p netip.Prefix) int {
	if p.Addr().Is4() {
		return p.Bits() + 96
	}
	return p.Bits()
}

func first(p netip.Prefix) edge { return edgeOf(p.Masked().Addr()) }

// behind is the address after a network's last; over when there is none.
func behind(p netip.Prefix) (e edge, over bool) {
	e = first(p)
	switch w := width(p); {
	case w == 0:
		return e, true
	case w <= 64:
		before := e.hi
		e.hi += 1 << (64 - w)
		return e, e.hi < before || e.hi == 0
	default:
		before := e.lo
		e.lo += 1 << (128 - w)
		if e.lo < before || e.lo == 0 {
			e.hi++
			return e, e.hi == 0
		}
		return e, false
	}
}
