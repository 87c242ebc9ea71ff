package observable

import (
	"regexp"
	"strings"
)

// armed are the ways in which values are disarmed, in the order in which they are undone.
var armed = []struct {
	form *regexp.Regexp
	to   string
}{
	{regexp.MustCompile(`(?i)\bh(?:xx|\*\*|tt)p(s?)(?:\[:\]|\[:\/\/\]|:\\/\\/|:)`), "http$1:"},
	{regexp.MustCompile(`(?i)\bfxp(s?)(?:\[:\]|:)`), "ftp$1:"},
	{regexp.MustCompile(`(?i)[ \t]?(?:\[\.\]|\(\.\)|\{\.\}|\[dot\]|\(dot\)|\{dot\})[ \t]?`), "."},
	{regexp.MustCompile(`(?i)([a-z0-9-]) dot ([a-z0-9-])`), "$1.$2"},
	{regexp.MustCompile(`\[://\]|:\\/\\/`), "://"},
	{regexp.MustCompile(`\[:\]`), ":"},
	{regexp.MustCompile(`\[/\]`), "/"},
	{regexp.MustCompile(`(?i)[ \t]?(?:\[@\]|\(@\)|\{@\}|\[at\]|\(at\)|\{at\})[ \t]?`), "@"},
	{regexp.MustCompile(`([A-Za-z0-9-])\\\.([A-Za-z0-9-])`), "$1.$2"},
}

// Refang undoes what was done to a text so that nobody clicks it: hxxp, [.], (dot), [at] …, characters that are not
// seen, letters of double width.
func Refang(text string) string {
	text = strings.Map(visible, text)
	if !strings.ContainsAny(text, `[({\*`) && !containsFold(text, "xp") && !containsFold(text, " dot ") {
		return text
	}
	for _, a := range armed {
		text = a.form.ReplaceAllString(text, a.to)
		if strings.HasPrefix(a.to, "http") { // the whole separator went with the letters
			text = slashes.ReplaceAllString(text, "${1}://")
		}
	}
	return text
}

// slashes mends http:host, where [://] went with hxxp.
var slashes = regexp.MustCompile(`(?i)\b(https?):(?:\[/\]\[/\]|\[//\]|//)?`)

func visible(r rune) rune {
	const wide = 0xFEE0
	switch {
	case r == '\u00ad' || '\u200b' <= r && r <= '\u200f' || r == '\u2060' || r == '\ufeff':
		return -1
	case '\uff01' <= r && r <= '\uff5e':
		return r - wide
	case r == '\u3002': // the ideographic full stop separates labels
		return '.'
	}
	return r
}

// Defang disarms a value for display and mail.
func Defang(kind Kind, value string) string {
	switch kind {
	case IPv4, Domain, CIDR:
		return strings.ReplaceAll(value, ".", "[.]")
	case IPv6:
		return strings.ReplaceAll(value, ":", "[:]")
	case Email:
		return strings.ReplaceAll(strings.Replace(value, "@", "[@]", 1), ".", "[.]")
	case URL:
		scheme, rest, _ := strings.Cut(value, "://")
		host, path, slash := strings.Cut(rest, "/")
		out := strings.Replace(scheme, "tt", "xx", 1) + "://" + strings.ReplaceAll(host, ".", "[.]")
		if slash {
			out += "/" + path
		}
		return out
	}
	return value
}

func containsFold(s, lowered string) bool { return strings.Contains(lower(s), lowered) }

func lower(s string) string { return strings.ToLower(strings.TrimSpace(s)) }
