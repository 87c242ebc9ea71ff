// Package money holds amounts as messages write them: exact decimals, never floating point, and the currencies of
// ISO 4217 with their minor units.
//
// Call [Parse] on the text of an amount and [Digits] for the decimals a currency has. A [Decimal] keeps the zeros it was
// written with, so that 5650.000 dinars are written back as they came. Rates are told to it, in a [Table]; it knows none of its own.
package money

import (
	"errors"
	"math/big"
	"strconv"
)

// MaxDigits is how many digits an amount may have, before and behind the point together, as in ISO 20022.
const MaxDigits = 18

// Decimal is an exact decimal number. The zero value is no number at all, which [Decimal.IsZero] tells.
type Decimal struct {
	coefficient int64
	scale       uint8 // digits behind the point, trailing zeros among them
	set         bool
}

// The reasons for which a text is no decimal.
var (
	ErrSyntax = errors.New("not a decimal number: digits, with a point before the decimals")
	ErrRange  = errors.New("more than 18 digits")
)

// Of makes the decimal coefficient / 10^scale, within MaxDigits digits.
func Of(coefficient int64, scale uint8) Decimal { return Decimal{coefficient, scale, true} }

// Parse reads digits with an optional sign and decimal point: no thousands signs, no exponent, no blanks. As XML Schema
// has it, one side of the point may be empty.
func Parse(s string) (Decimal, error) {
	d := Decimal{set: true}
	i, negative := 0, false
	if s != "" && (s[0] == '-' || s[0] == '+') {
		i, negative = 1, s[0] == '-'
	}
	digits, significant, point := 0, 0, false
	for ; i < len(s); i++ {
		c := s[i]
		switch {
		case c == '.' && !point:
			point = true
			continue
		case c < '0' || c > '9':
			return Decimal{}, ErrSyntax
		}
		if digits++; significant > 0 || c != '0' {
			significant++
		}
		if point {
			d.scale++
		}
		if significant > MaxDigits || d.scale > MaxDigits {
			return Decimal{}, ErrRange
		}
		d.coefficient = d.coefficient*10 + int64(c-'0')
	}
	if digits == 0 {
		return Decimal{}, ErrSyntax
	}
	if negative {
		d.coefficient = -d.coefficient
	}
	return d, nil
}

// IsZero tells that there is no number here; 0.00 is one.
func (d Decimal) IsZero() bool { return !d.set }

// Sign is -1, 0 or 1.
func (d Decimal) Sign() int {
	switch {
	case d.coefficient < 0:
		return -1
	case d.coefficient > 0:
		return 1
	}
	return 0
}

// Neg is the number with its sign turned.
func (d Decimal) Neg() Decimal {
	d.coefficient = -d.coefficient
	return d
}

// Scale is how many digits stand behind the point, as written.
func (d Decimal) Scale() int { return int(d.scale) }

// Precision is how many digits behind the point are needed: trailing zeros are not.
func (d Decimal) Precision() int {
	n, c := int(d.scale), d.coefficient
	for ; n > 0 && c%10 == 0; n-- {
		c /= 10
	}
	return n
}

// Append writes the number as it was read, without a plus sign or needless leading zeros.
func (d Decimal) Append(b []byte) []byte {
	if !d.set {
		return b
	}
	u := uint64(d.coefficient)
	if d.coefficient < 0 {
		b, u = append(b, '-'), -u
	}
	var buf [2 * MaxDigits]byte
	text := strconv.AppendUint(buf[:0], u, 10)
	for len(text) <= int(d.scale) {
		text = append(text, 0)
		copy(text[1:], text)
		text[0] = '0'
	}
	whole := len(text) - int(d.scale)
	b = append(b, text[:whole]...)
	if d.scale > 0 {
		b = append(append(b, '.'), text[whole:]...)
	}
	return b
}

func (d Decimal) String() string { return string(d.Append(nil)) }

// MarshalText writes what String does; in JSON an amount is a string.
func (d Decimal) MarshalText() ([]byte, error) { return d.Append(nil), nil }

// UnmarshalText reads what Parse does.
func (d *Decimal) UnmarshalText(b []byte) (err error) {
	if len(b) == 0 {
		*d = Decimal{}
		return nil
	}
	*d, err = Parse(string(b))
	return err
}

// Rat is the number as a fraction, for sums and products that may grow.
func (d Decimal) Rat() *big.Rat {
	return new(big.Rat).SetFrac(big.NewInt(d.coefficient), ten(int(d.scale)))
}

// Equal tells whether two numbers are the same; 1.0 and 1.00 are.
func (d Decimal) Equal(e Decimal) bool { return d.set == e.set && d.Cmp(e) == 0 }

// Cmp compares by value.
func (d Decimal) Cmp(e Decimal) int {
	if d.scale == e.scale {
		switch {
		case d.coefficient < e.coefficient:
			return -1
		case d.coefficient > e.coefficient:
			return 1
		}
		return 0
	}
	return d.Rat().Cmp(e.Rat())
}

// Add is the exact sum; false when it has too many digits.
func (d Decimal) Add(e Decimal) (Decimal, bool) {
	scale := max(d.scale, e.scale)
	sum := new(big.Int).Add(d.scaled(scale), e.scaled(scale))
	return fit(sum, scale)
}

// Mul is the product, rounded half away from zero to scale digits behind the point; false when it has too many digits.
func (d Decimal) Mul(e Decimal, scale uint8) (Decimal, bool) {
	p := new(big.Int).Mul(big.NewInt(d.coefficient), big.NewInt(e.coefficient))
	return rounded(p, ten(int(d.scale)+int(e.scale)), scale)
}

// Div is the quotient, rounded half away from zero to scale digits behind the point; false when it has too many digits,
// or there is nothing to divide by.
func (d Decimal) Div(e Decimal, scale uint8) (Decimal, bool) {
	if e.coefficient == 0 {
		return Decimal{}, false
	}
	n := new(big.Int).Mul(big.NewInt(d.coefficient), ten(int(e.scale)))
	den := new(big.Int).Mul(big.NewInt(e.coefficient), ten(int(d.scale)))
	if den.Sign() < 0 {
		n.Neg(n)
		den.Neg(den)
	}
	return rounded(n, den, scale)
}

// Sub is the exact difference; false when it has too many digits.
func (d Decimal) Sub(e Decimal) (Decimal, bool) { return d.Add(e.Neg()) }

// Within tells whether d differs from e by at most percent of e.
func (d Decimal) Within(e Decimal, percent int64) bool {
	difference := new(big.Rat).Sub(d.Rat(), e.Rat())
	allowed := new(big.Rat).Mul(e.Rat(), big.NewRat(percent, 100))
	return difference.Abs(difference).Cmp(allowed.Abs(allowed)) <= 0
}

func (d Decimal) scaled(scale uint8) *big.Int {
	n := big.NewInt(d.coefficient)
	return n.Mul(n, ten(int(scale-d.scale)))
}

// rounded is n/den at so many digits behind the point.
func rounded(n, den *big.Int, scale uint8) (Decimal, bool) {
	n = new(big.Int).Mul(n, ten(int(scale)))
	negative := n.Sign() < 0
	n.Abs(n)
	n.Add(n.Lsh(n, 1), den)
	n.Quo(n, new(big.Int).Lsh(den, 1))
	if negative {
		n.Neg(n)
	}
	return fit(n, scale)
}

func fit(n *big.Int, scale uint8) (Decimal, bool) {
	if scale > MaxDigits || n.CmpAbs(ten(MaxDigits)) >= 0 {
		return Decimal{}, false
	}
	return Decimal{n.Int64(), scale, true}, true
}

// ten is a power of ten, which nobody changes.
func ten(n int) *big.Int {
	if n < len(tens) {
		return tens[n]
	}
	return new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(n)), nil)
}

var tens = func() (all [2*MaxDigits + 1]*big.Int) {
	all[0] = big.NewInt(1)
	for i := range all[1:] {
		all[i+1] = new(big.Int).Mul(all[i], big.NewInt(10))
	}
	return all
}()
