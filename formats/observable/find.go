package observable

import (
	"regexp"
	"slices"
	"strings"
)

// Found is a value that stands in prose.
type Found struct {
	Kind  Kind
	Value string
	Text  string // as it stood, refanged
	At    int    // in the refanged text
	Ask   string // why a person should say whether it is one
}

// forms are looked for in this order; what one took is no longer there for the next.
var forms = []struct {
	form  *regexp.Regexp
	kinds []Kind
}{
	{regexp.MustCompile(`(?i)\b(?:https?|ftps?)://[^\s<>"'|]+`), []Kind{URL}},
	{regexp.MustCompile(`(?i)\b(?:HKEY_[A-Z_]+|HKLM|HKCU|HKCR|HKU|HKCC)\\[^\s"'<>|,;]+`), []Kind{RegistryKey}},
	{regexp.MustCompile(`[A-Za-z0-9.!#$%&*+/=?^_{}~-]+@[\pL\pN-]+(?:\.[\pL\pN-]+)+`), []Kind{Email}},
	{regexp.MustCompile(`\b(?:[0-9a-fA-F]{128}|[0-9a-fA-F]{64}|[0-9a-fA-F]{40}|[0-9a-fA-F]{32})\b`), []Kind{SHA512, SHA256, SHA1, MD5}},
	{regexp.MustCompile(`(?i)\bCVE-\d{4}-\d{4,19}\b`), []Kind{CVE}},
	{regexp.MustCompile(`\b[0-9A-Fa-f]{2}(?:[:-][0-9A-Fa-f]{2}){5}\b`), []Kind{MAC}},
	{regexp.MustCompile(`[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7}(?:\.\d{1,3}\.\d{1,3}\.\d{1,3})?(?:/\d{1,3})?`), []Kind{IPv6}},
	{regexp.MustCompile(`\d{1,3}(?:\.\d{1,3}){3,}(?:/\d{1,2})?`), []Kind{IPv4}},
	{regexp.MustCompile(`\bAS\d{1,10}\b`), []Kind{ASN}},
	{regexp.MustCompile(`\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b`), []Kind{IBAN}},
	{regexp.MustCompile(`\b(?:bc1[02-9ac-hj-np-z]{11,71}|[13][1-9A-HJ-NP-Za-km-z]{25,34})\b`), []Kind{Bitcoin}},
	{regexp.MustCompile(`[\pL\pN_-]+(?:\.[\pL\pN_-]+)+`), []Kind{Domain}},
}

// numbered are words after which four numbers are a version sooner than an address.
var numbered = regexp.MustCompile(`(?i)(?:version|release|build|firmware|ver|v)\.?\s*$`)

// Find finds the values that stand in a line of prose, armed or disarmed, in their order.
func Find(line string) []Found {
	text := Refang(line)
	left := []byte(text)
	var out []Found
	for _, f := range forms {
		for _, at := range f.form.FindAllIndex(left, -1) {
			word := strings.TrimRight(string(left[at[0]:at[1]]), ".,;:!?)]}'")
			end := at[0] + len(word)
			if word == "" || glued(text, at[0], end, f.kinds[0]) {
				continue
			}
			for _, kind := range f.kinds {
				k, value, r := Parse(kind, word)
				if r != nil || kind == Domain && !nameInProse(value) {
					continue
				}
				found := Found{Kind: k, Value: value, Text: word, At: at[0]}
				const before = 24 // bytes that a word and its space take
				if word := numbered.FindString(text[max(0, at[0]-before):at[0]]); kind == IPv4 && word != "" {
					found.Ask = "looks like an address, but stands after the word " + strings.TrimSpace(word)
				}
				out = append(out, found)
				break
			}
			if f.kinds[0] != Bitcoin && f.kinds[0] != IBAN {
				for i := at[0]; i < end; i++ {
					left[i] = ' '
				}
			}
		}
	}
	slices.SortStableFunc(out, func(x, y Found) int { return x.At - y.At })
	return out
}

// glued tells a match that is part of a longer word, and so not what it looks like.
func glued(text string, from, to int, kind Kind) bool {
	if kind != IPv4 && kind != IPv6 && kind != Domain {
		return false
	}
	if from > 0 && strings.IndexByte(`.-_/\@=`, text[from-1]) >= 0 || from > 0 && letterOrDigit(text[from-1]) {
		return kind != Domain || text[from-1] != '='
	}
	return to < len(text) && (letterOrDigit(text[to]) || text[to] == '@' || text[to] == '\\' || kind != Domain && text[to] == '/')
}

func letterOrDigit(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'z'
}
