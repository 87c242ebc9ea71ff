package cargoimp

import (
	"math/big"
	"strings"
)

// Decimal is a number as it was filed: digits, with at most one point among them. Two that mean the same may be written
// differently; compare them with [Decimal.Micro].
type Decimal string

// maxDecimal bounds what is taken for a number: the longest field, an amount, has twelve characters.
const maxDecimal = 12

// ParseDecimal reads a number without sign: 250, 250.5, .5.
func ParseDecimal(s string) (Decimal, bool) {
	digits, points := 0, 0
	for i := range len(s) {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			digits++
		case c == '.':
			points++
		default:
			return "", false
		}
	}
	if digits == 0 || points > 1 || len(s) > maxDecimal || strings.HasSuffix(s, ".") {
		return "", false
	}
	return Decimal(s), true
}

// Micro is the number in millionths, further digits cut off: exact for weights and amounts, which have at most three.
func (d Decimal) Micro() int64 {
	whole, fraction, _ := strings.Cut(string(d), ".")
	if len(whole)+len(fraction) > maxDecimal {
		return 0
	}
	n := int64(0)
	for _, c := range []byte(whole) {
		n = n*10 + int64(c-'0')
	}
	for i := range 6 {
		n *= 10
		if i < len(fraction) {
			n += int64(fraction[i] - '0')
		}
	}
	return n
}

// IsZero tells that there is no number, or that it is nought.
func (d Decimal) IsZero() bool { return d.Micro() == 0 }

// decimal writes millionths as short as they go.
func decimal(micro int64) Decimal {
	text := new(big.Rat).SetFrac64(micro, 1e6).FloatString(6)
	return Decimal(strings.TrimSuffix(strings.TrimRight(text, "0"), "."))
}

// product is a times b in millionths.
func product(a, b Decimal) *big.Int {
	p := new(big.Int).Mul(big.NewInt(a.Micro()), big.NewInt(b.Micro()))
	return p.Quo(p, big.NewInt(1e6))
}

// Measure is a number with its unit: K (kilograms) or L (pounds) for a weight, MC, CF, CI or CC for a volume.
type Measure struct {
	Value Decimal `json:"value"`
	Unit  string  `json:"unit"`
}

// poundNano is an international pound in billionths of a kilogram.
const poundNano = 453592370

// Grams is a weight in grams, rounded down: a pound is 453.59237 g exactly.
func (m Measure) Grams() int64 {
	micro := m.Value.Micro()
	if m.Unit != "L" {
		return micro / 1000
	}
	p := new(big.Int).Mul(big.NewInt(micro), big.NewInt(poundNano))
	return p.Quo(p, big.NewInt(1e12)).Int64()
}

// cubicCentimetres are the volume units in millionths of a cubic centimetre.
var cubicCentimetres = map[string]int64{"MC": 1e12, "CC": 1e6, "CI": 16387064, "CF": 28316846592}

// CubicCentimetres is a volume in cm³, rounded down; 0 when the unit is none.
func (m Measure) CubicCentimetres() int64 {
	p := new(big.Int).Mul(big.NewInt(m.Value.Micro()), big.NewInt(cubicCentimetres[m.Unit]))
	return p.Quo(p, big.NewInt(1e12)).Int64()
}
