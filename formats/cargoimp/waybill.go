package cargoimp

import "strings"

// Waybill is the number of an air waybill as it is printed: 969-10000012, three digits of the airline, seven of the
// serial, and a check digit.
type Waybill string

// waybillDigits is how many digits a number has without its hyphen.
const waybillDigits = 11

// ParseWaybill reads a number with a hyphen, a blank or nothing after the airline's prefix. It does not look at the check
// digit: a number whose check digit is wrong still names a filing, see [Waybill.Checks].
func ParseWaybill(s string) (Waybill, bool) {
	w, n := scanWaybill(strings.TrimSpace(s))
	return w, n > 0 && n == len(strings.TrimSpace(s))
}

// scanWaybill reads the number that text begins with, and answers how long it is; 0 when there is none.
func scanWaybill(text string) (Waybill, int) {
	var digits [waybillDigits]byte
	n, at := 0, 0
	for at < len(text) && n < waybillDigits {
		c := text[at]
		switch {
		case c >= '0' && c <= '9':
			digits[n] = c
			n++
		case n == 3 && at == 3 && (c == '-' || c == ' '):
		default:
			return "", 0
		}
		at++
	}
	if n < waybillDigits {
		return "", 0
	}
	return Waybill(string(digits[:3]) + "-" + string(digits[3:])), at
}

// Prefix is the airline's: 969.
func (w Waybill) Prefix() string {
	prefix, _, _ := strings.Cut(string(w), "-")
	return prefix
}

// Digits are the eleven digits by which waybills are compared.
func (w Waybill) Digits() string { return strings.Replace(string(w), "-", "", 1) }

// CheckDigit is what the last digit ought to be: the serial modulo 7. It is 7 for what is no number at all, which no
// check digit ever is.
func (w Waybill) CheckDigit() int {
	d := w.Digits()
	if len(d) != waybillDigits {
		return 7
	}
	serial := 0
	for _, c := range []byte(d[3 : waybillDigits-1]) {
		if c < '0' || c > '9' {
			return 7
		}
		serial = serial*10 + int(c-'0')
	}
	return serial % 7
}

// Checks tells whether the check digit is right.
func (w Waybill) Checks() bool {
	d := w.Digits()
	return len(d) == waybillDigits && int(d[waybillDigits-1]-'0') == w.CheckDigit()
}
