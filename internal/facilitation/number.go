package facilitation

import (
	"fmt"
	"io"
	"strings"
)

// Numbers that people carry and type: ten characters, nine digits of Crockford's base 32 and a check symbol, the value modulo
// 37. They are drawn at random and say nothing of whom they are given to.
const (
	digits       = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
	checkSymbols = digits + "*~$=U"
	drawn        = 9
)

// checkSymbol is that of some digits; false where they are none.
func checkSymbol(s string) (byte, bool) {
	value := 0
	for i := range len(s) {
		d := strings.IndexByte(digits, s[i])
		if d < 0 {
			return 0, false
		}
		value = (value*32 + d) % 37
	}
	return checkSymbols[value], true
}

// draw makes a number. One whose check symbol no teletype could send is drawn again.
func draw(random io.Reader) (string, error) {
	for {
		var b [drawn]byte
		if _, err := io.ReadFull(random, b[:]); err != nil {
			return "", fmt.Errorf("draw a number: %w", err)
		}
		for i := range b {
			b[i] = digits[b[i]&31]
		}
		check, _ := checkSymbol(string(b[:]))
		if strings.IndexByte("*~$=", check) < 0 {
			return string(b[:]) + string(check), nil
		}
	}
}

// misread are what people type for a digit of Crockford's.
var misread = strings.NewReplacer("O", "0", "I", "1", "L", "1", "-", "", " ", "", "/", "")

// core is the ten characters of a number as somebody gave it, whatever prefix it came with; false where it is none, or was
// mistyped.
func core(given string) (string, bool) {
	s := strings.ToUpper(strings.TrimSpace(given))
	if i := strings.LastIndexAny(s, "-"); i > 0 && len(s)-i-1 == drawn+1 {
		s = s[i+1:]
	}
	s = misread.Replace(s)
	if len(s) > drawn+1 && len(s) <= drawn+1+4 { // a state or a kind before it, without a dash
		s = s[len(s)-drawn-1:]
	}
	if len(s) != drawn+1 {
		return "", false
	}
	check, ok := checkSymbol(s[:drawn])
	return s, ok && check == s[drawn]
}
