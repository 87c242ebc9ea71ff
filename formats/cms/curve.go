package cms

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"math/big"

	"github.com/rihla/rihla/formats/ber"
)

// curve is a curve over a prime field, in Weierstrass form: y² = x³ + ax + b, of a group of prime order n.
type curve struct {
	name, oid          string
	p, a, b, gx, gy, n *big.Int
	standard           elliptic.Curve // nil: computed here
}

var curves = func() []*curve {
	all := []*curve{}
	for _, c := range []struct {
		oid   string
		curve elliptic.Curve
	}{
		{"1.3.132.0.33", elliptic.P224()}, {"1.2.840.10045.3.1.7", elliptic.P256()}, {"1.3.132.0.34", elliptic.P384()}, {"1.3.132.0.35", elliptic.P521()},
	} {
		p := c.curve.Params()
		all = append(all, &curve{name: p.Name, oid: c.oid, p: p.P, a: new(big.Int).Sub(p.P, big.NewInt(3)), b: p.B, gx: p.Gx, gy: p.Gy, n: p.N, standard: c.curve})
	}
	number := func(hex string) *big.Int {
		n, _ := new(big.Int).SetString(hex, 16) // the table's own; a test computes with each
		return n
	}
	for _, c := range brainpool {
		all = append(all, &curve{name: c[0], oid: c[1], p: number(c[2]), a: number(c[3]), b: number(c[4]), gx: number(c[5]), gy: number(c[6]), n: number(c[7])})
	}
	return all
}()

func named(oid string) *curve {
	for _, c := range curves {
		if c.oid == oid {
			return c
		}
	}
	return nil
}

// spelt finds the curve whose parameters are written out (X9.62, ECParameters). Those of a known curve mean that curve;
// others are not computed with, for whoever chooses a curve's generator can forge signatures on it.
func spelt(r *ber.Reader) *curve {
	in := r.Enter(ber.Sequence, "the curve's parameters")
	_ = in.Int("the version")
	field := in.Enter(ber.Sequence, "the field")
	prime := field.OID("the kind of field") == "1.2.840.10045.1.1"
	p := field.Big("the prime")
	in.Join(field)
	equation := in.Enter(ber.Sequence, "the equation")
	a, b := new(big.Int).SetBytes(equation.Octets("a")), new(big.Int).SetBytes(equation.Octets("b"))
	in.Join(equation)
	base := in.Octets("the generator")
	n := in.Big("the order")
	if in.Err() != nil || !prime {
		return nil
	}
	for _, c := range curves {
		if c.p.Cmp(p) != 0 || c.a.Cmp(a) != 0 || c.b.Cmp(b) != 0 || c.n.Cmp(n) != 0 {
			continue
		}
		if g, ok := c.point(base); ok && g.x.Cmp(c.gx) == 0 && g.y.Cmp(c.gy) == 0 {
			return c
		}
	}
	return nil
}

// point is one on a curve, not the point at infinity.
type point struct{ x, y *big.Int }

// size is the bytes of a coordinate.
func (c *curve) size() int { return (c.p.BitLen() + 7) / 8 }

// point reads one, compressed or not (SEC 1, 2.3.4), and sees that it lies on the curve.
func (c *curve) point(raw []byte) (point, bool) {
	n := c.size()
	if len(raw) < 1+n {
		return point{}, false
	}
	pt := point{x: new(big.Int).SetBytes(raw[1 : 1+n])}
	if pt.x.Cmp(c.p) >= 0 {
		return point{}, false
	}
	right := c.right(pt.x)
	switch {
	case raw[0] == 4 && len(raw) == 1+2*n:
		pt.y = new(big.Int).SetBytes(raw[1+n:])
		square := new(big.Int).Mul(pt.y, pt.y)
		return pt, pt.y.Cmp(c.p) < 0 && square.Mod(square, c.p).Cmp(right) == 0
	case (raw[0] == 2 || raw[0] == 3) && len(raw) == 1+n:
		if pt.y = new(big.Int).ModSqrt(right, c.p); pt.y == nil {
			return point{}, false
		}
		if pt.y.Bit(0) != uint(raw[0]&1) {
			pt.y.Sub(c.p, pt.y)
		}
		return pt, true
	}
	return point{}, false
}

// right is x³ + ax + b.
func (c *curve) right(x *big.Int) *big.Int {
	r := new(big.Int).Mul(x, x)
	r.Add(r, c.a).Mul(r, x).Add(r, c.b)
	return r.Mod(r, c.p)
}

// verify checks an ECDSA signature (FIPS 186-5, 6.4.2).
func (c *curve) verify(key point, digest []byte, r, s *big.Int) bool {
	if c.standard != nil {
		n := c.size()
		raw := make([]byte, 1+2*n)
		raw[0] = 4
		key.x.FillBytes(raw[1 : 1+n])
		key.y.FillBytes(raw[1+n:])
		k, err := ecdsa.ParseUncompressedPublicKey(c.standard, raw)
		return err == nil && ecdsa.Verify(k, digest, r, s)
	}
	if r.Sign() <= 0 || s.Sign() <= 0 || r.Cmp(c.n) >= 0 || s.Cmp(c.n) >= 0 {
		return false
	}
	e := new(big.Int).SetBytes(digest)
	if over := len(digest)*8 - c.n.BitLen(); over > 0 {
		e.Rsh(e, uint(over)) //nolint:gosec // positive
	}
	w := new(big.Int).ModInverse(s, c.n)
	u := e.Mul(e, w)
	v := new(big.Int).Mul(r, w)
	x, ok := c.both(u.Mod(u, c.n), v.Mod(v, c.n), key)
	return ok && x.Mod(x, c.n).Cmp(r) == 0
}

// both computes u·G + v·Q in one pass over the bits of both, and gives its x. It is false at infinity.
func (c *curve) both(u, v *big.Int, q point) (*big.Int, bool) {
	g := point{c.gx, c.gy}
	sum := c.add(jacobian{g.x, g.y, big.NewInt(1)}, q)
	gq, finite := c.affine(sum)
	acc := jacobian{new(big.Int), big.NewInt(1), new(big.Int)} // infinity
	for i := max(u.BitLen(), v.BitLen()) - 1; i >= 0; i-- {
		acc = c.double(acc)
		switch {
		case u.Bit(i) == 1 && v.Bit(i) == 1:
			if finite { // G + Q is infinity when Q is -G
				acc = c.add(acc, gq)
			}
		case u.Bit(i) == 1:
			acc = c.add(acc, g)
		case v.Bit(i) == 1:
			acc = c.add(acc, q)
		}
	}
	at, finite := c.affine(acc)
	return at.x, finite
}

// jacobian stands for the point (x/z², y/z³); z = 0 is infinity.
type jacobian struct{ x, y, z *big.Int }

func (c *curve) affine(j jacobian) (point, bool) {
	if j.z.Sign() == 0 {
		return point{}, false
	}
	inverse := new(big.Int).ModInverse(j.z, c.p)
	square := c.mul(inverse, inverse)
	return point{c.mul(j.x, square), c.mul(j.y, c.mul(square, inverse))}, true
}

func (c *curve) mul(a, b *big.Int) *big.Int {
	m := new(big.Int).Mul(a, b)
	return m.Mod(m, c.p)
}

func (c *curve) sub(a, b *big.Int) *big.Int {
	d := new(big.Int).Sub(a, b)
	return d.Mod(d, c.p)
}

// times is a small multiple.
func (c *curve) times(n int64, a *big.Int) *big.Int { return c.mul(big.NewInt(n), a) }

func (c *curve) double(j jacobian) jacobian {
	if j.z.Sign() == 0 || j.y.Sign() == 0 {
		return jacobian{new(big.Int), big.NewInt(1), new(big.Int)}
	}
	yy := c.mul(j.y, j.y)
	s := c.times(4, c.mul(j.x, yy))
	zz := c.mul(j.z, j.z)
	m := new(big.Int).Add(c.times(3, c.mul(j.x, j.x)), c.mul(c.a, c.mul(zz, zz)))
	x := c.sub(c.mul(m, m), c.times(2, s))
	y := c.sub(c.mul(m, c.sub(s, x)), c.times(8, c.mul(yy, yy)))
	return jacobian{x, y, c.times(2, c.mul(j.y, j.z))}
}

func (c *curve) add(j jacobian, p point) jacobian {
	if j.z.Sign() == 0 {
		return jacobian{p.x, p.y, big.NewInt(1)}
	}
	zz := c.mul(j.z, j.z)
	h := c.sub(c.mul(p.x, zz), j.x)
	r := c.sub(c.mul(p.y, c.mul(zz, j.z)), j.y)
	if h.Sign() == 0 {
		if r.Sign() == 0 {
			return c.double(j)
		}
		return jacobian{new(big.Int), big.NewInt(1), new(big.Int)}
	}
	hh := c.mul(h, h)
	hhh := c.mul(hh, h)
	v := c.mul(j.x, hh)
	x := c.sub(c.sub(c.mul(r, r), hhh), c.times(2, v))
	y := c.sub(c.mul(r, c.sub(v, x)), c.mul(j.y, hhh))
	return jacobian{x, y, c.mul(h, j.z)}
}
