package rules

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// lexeme is one token of a condition, without the blanks and comments around it.
type lexeme struct {
	kind lexemeKind
	text string
	at   int
}

type lexemeKind uint8

const (
	signLexeme lexemeKind = iota
	nameLexeme
	numberLexeme
	quotedLexeme
)

// lex cuts a condition that is known to be well formed into tokens. Only as much of CEL's grammar is known here as is
// needed to find the ends of texts, comments and names.
func lex(text string) []lexeme {
	var out []lexeme
	for at := 0; at < len(text); {
		length, kind := next(text[at:], out)
		if length == 0 {
			at++
			continue
		}
		if kind >= 0 {
			out = append(out, lexeme{lexemeKind(kind), text[at : at+length], at})
		}
		at += length
	}
	return out
}

// next measures the token that a text begins with; its kind is -1 where it is blank.
func next(s string, before []lexeme) (length, kind int) {
	c := s[0]
	switch {
	case c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f':
		return 1, -1
	case strings.HasPrefix(s, "//"):
		if end := strings.IndexByte(s, '\n'); end >= 0 {
			return end, -1
		}
		return len(s), -1
	case c == '`':
		return 2 + max(strings.IndexByte(s[1:], '`'), 0), int(nameLexeme)
	case c >= '0' && c <= '9':
		return numberLength(s), int(numberLexeme)
	}
	if n := quotedLength(s); n > 0 {
		return n, int(quotedLexeme)
	}
	if n := nameLength(s); n > 0 {
		return n, int(nameLexeme)
	}
	for _, two := range []string{"&&", "||", "==", "!=", "<=", ">="} {
		if strings.HasPrefix(s, two) {
			return 2, int(signLexeme)
		}
	}
	_, size := utf8.DecodeRuneInString(s)
	return size, int(signLexeme)
}

func nameLength(s string) int {
	n := 0
	for n < len(s) && (s[n] == '_' || s[n] >= 'a' && s[n] <= 'z' || s[n] >= 'A' && s[n] <= 'Z' || n > 0 && s[n] >= '0' && s[n] <= '9') {
		n++
	}
	return n
}

func numberLength(s string) int {
	n := 0
	for n < len(s) {
		c := s[n]
		digit := c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
		exponent := (c == '+' || c == '-') && (s[n-1] == 'e' || s[n-1] == 'E') && !strings.HasPrefix(s, "0x")
		point := c == '.' && n+1 < len(s) && s[n+1] >= '0' && s[n+1] <= '9'
		if !digit && !exponent && !point {
			break
		}
		n++
	}
	return n
}

// quotedLength measures a text with its prefix and quotes; 0 where none begins.
func quotedLength(s string) int {
	n := 0
	raw := false
	for n < 2 && n < len(s) && strings.IndexByte("rRbB", s[n]) >= 0 {
		raw = raw || s[n] == 'r' || s[n] == 'R'
		n++
	}
	if n >= len(s) || s[n] != '"' && s[n] != '\'' {
		return 0
	}
	quote := s[n : n+1]
	if strings.HasPrefix(s[n:], strings.Repeat(quote, 3)) {
		quote = s[n : n+3]
	}
	for n += len(quote); n < len(s); n++ {
		switch {
		case s[n] == '\\' && !raw:
			n++
		case strings.HasPrefix(s[n:], quote):
			return n + len(quote)
		}
	}
	return len(s)
}

var reservedWords = []string{"in", "true", "false", "null", "as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop", "package", "namespace", "return", "var", "void", "while"}

func reserved(name string) bool { return slices.Contains(reservedWords, name) }

func isName(s string) bool { return s != "" && nameLength(s) == len(s) && !reserved(s) }
