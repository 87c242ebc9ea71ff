package links

import (
	"crypto/sha256"
	"encoding/binary"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/screening/names"
)

// key is a hash of what a row is found by: an identity, a value, a subject.
type key = int64

func hashOf(parts ...string) key {
	buffer := make([]byte, 0, 96)
	for _, p := range parts {
		buffer = append(append(buffer, p...), 0x1f)
	}
	sum := sha256.Sum256(buffer)
	return key(binary.LittleEndian.Uint64(sum[:8]) >> 1) // positive: the same order on every store
}

// value is a tie's value as it is kept.
type value struct {
	key  key
	kind string
	mask string // for people
}

// valueOf normalises; false is a value that says nothing.
func valueOf(t screening.Tie) (value, bool) {
	plain := normal(t.Kind, t.Value)
	if plain == "" {
		return value{}, false
	}
	return value{hashOf(t.Kind, plain), t.Kind, masked(t.Kind, plain)}, true
}

// OfDocument is the tie of whoever shows a document.
func OfDocument(d screening.Document) screening.Tie {
	return screening.Tie{Kind: Document, Value: strings.TrimSpace(string(names.AppendCompact(nil, d.Number)) + " " + d.Issuer)}
}

// OfClaim is the tie of whoever gives a number for themselves.
func OfClaim(c screening.Claim) screening.Tie {
	return screening.Tie{Kind: c.Kind, Value: string(names.AppendCompact(nil, c.Number))}
}

// shortest values, below which sharing is chance or an input left half empty.
var shortest = map[string]int{Phone: 7, Email: 6, Card: 8, Address: 8, Document: 5}

// normal gives the one way a value is written.
func normal(kind, text string) string {
	var plain string
	switch kind {
	case Phone:
		plain = phone(text)
	case Email:
		plain = strings.TrimPrefix(strings.ToLower(strings.TrimSpace(text)), "mailto:")
		plain = reservationMail.Replace(plain)
	case Card:
		plain = only(strings.ToUpper(text), func(r rune) bool { return r >= '0' && r <= '9' || r == 'X' || r == '*' })
		plain = strings.ReplaceAll(plain, "*", "X")
		if digits := len(plain) - strings.Count(plain, "X"); digits < 10 { // a brand and four digits are thousands of cards
			return ""
		}
	case Address:
		plain = words(text)
	default:
		plain = strings.Join(strings.Fields(strings.ToUpper(text)), " ")
	}
	if utf8.RuneCountInString(plain) < max(shortest[kind], 1) {
		return ""
	}
	return plain
}

// reservationMail reads @ and _ as reservation systems write them.
var reservationMail = strings.NewReplacer("//", "@", "..", "_", " ", "")

// phone gives + and the number with its country where it names one; else the digits as dialled.
func phone(text string) string {
	text = strings.TrimSpace(text)
	digits := only(norm.NFKC.String(text), unicode.IsDigit)
	digits = strings.Map(func(r rune) rune { // Arabic and Persian digits
		switch {
		case r >= '٠' && r <= '٩':
			return r - '٠' + '0'
		case r >= '۰' && r <= '۹':
			return r - '۰' + '0'
		case r > '9':
			return -1
		}
		return r
	}, digits)
	abroad := strings.HasPrefix(text, "+")
	if rest, exit := strings.CutPrefix(digits, "00"); exit {
		digits, abroad = rest, true
	}
	if len(strings.Trim(digits, "0")) == 0 {
		return ""
	}
	if abroad || len(digits) >= 10 && digits[0] != '0' {
		return "+" + digits
	}
	return digits
}

func only(text string, keep func(rune) bool) string {
	return strings.Map(func(r rune) rune {
		if keep(r) {
			return r
		}
		return -1
	}, text)
}

var fold = cases.Fold()

// words are letters and digits of any script, folded, a space between.
func words(text string) string {
	parts := strings.FieldsFunc(fold.String(norm.NFKC.String(text)), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r)
	})
	return strings.Join(parts, " ")
}

const dots = "•••"

// masked leaves as much of a value as lets somebody recognise it who knows it.
func masked(kind, plain string) string {
	switch kind {
	case Phone:
		if len(plain) > 8 {
			return plain[:4] + dots + plain[len(plain)-2:]
		}
		return dots + plain[max(len(plain)-2, 0):]
	case Email:
		name, host, _ := strings.Cut(plain, "@")
		return head(name, 2) + dots + "@" + host
	case Card:
		return dots + tail(plain, 4)
	case Address:
		return head(plain, 6) + dots
	case Document, FrequentFlyer, Bag:
		return head(plain, 2) + dots + tail(plain, 2)
	}
	return head(plain, 40)
}

func head(text string, n int) string {
	r := []rune(text)
	return string(r[:min(n, len(r))])
}

func tail(text string, n int) string {
	r := []rune(text)
	return string(r[max(len(r)-n, 0):])
}
