package match

import "net/netip"

// parse4 reads four numbers between dots. It says how many bytes it took, so that ":443" may follow.
func parse4(b []byte) (ip netip.Addr, n int, ok bool) {
	var a [4]byte
	part, value, digits := 0, 0, 0
	for n < len(b) {
		c := b[n]
		switch {
		case '0' <= c && c <= '9':
			value = value*10 + int(c-'0')
			if digits++; digits > 3 || value > 255 {
				return ip, n, false
			}
		case c == '.' && digits > 0 && part < 3:
			a[part] = byte(value)
			part, value, digits = part+1, 0, 0
		default:
			if part != 3 || digits == 0 {
				return ip, n, false
			}
			a[3] = byte(value)
			return netip.AddrFrom4(a), n, true
		}
		n++
	}
	if part != 3 || digits == 0 {
		return ip, n, false
	}
	a[3] = byte(value)
	return netip.AddrFrom4(a), n, true
}

// parse6 reads an IPv6 address, "::" and a last part of IPv4 included; the whole of b must be one. A v4 in v6 is its v4.
func parse6(b []byte) (ip netip.Addr, ok bool) {
	var a [16]byte
	at, gap := 0, -1
	if len(b) >= 2 && b[0] == ':' && b[1] == ':' {
		gap, b = 0, b[2:]
	}
	for len(b) > 0 {
		if at == 16 {
			return ip, false
		}
		value, digits := 0, 0
		for digits < len(b) {
			d := hexDigit(b[digits])
			if d < 0 {
				break
			}
			value = value<<4 | d
			if digits++; digits > 4 {
				return ip, false
			}
		}
		if digits < len(b) && b[digits] == '.' {
			last, n, ok := parse4(b)
			if !ok || n != len(b) || at > 12 {
				return ip, false
			}
			four := last.As4()
			copy(a[at:], four[:])
			at += 4
			break
		}
		if digits == 0 {
			return ip, false
		}
		a[at], a[at+1] = byte(value>>8), byte(value)
		at += 2
		b = b[digits:]
		if len(b) == 0 {
			break
		}
		if b[0] != ':' || len(b) == 1 {
			return ip, false
		}
		if b = b[1:]; b[0] == ':' {
			if gap >= 0 {
				return ip, false
			}
			gap, b = at, b[1:]
		}
	}
	if gap < 0 {
		return netip.AddrFrom16(a).Unmap(), at == 16
	}
	if at == 16 {
		return ip, false
	}
	copy(a[gap+16-at:], a[gap:at])
	clear(a[gap : gap+16-at])
	return netip.AddrFrom16(a).Unmap(), true
}

func hexDigit(c byte) int {
	switch {
	case '0' <= c && c <= '9':
		return int(c - '0')
	case 'a' <= c && c <= 'f':
		return int(c-'a') + 10
	case 'A' <= c && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}
