package pattern

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"net/netip"
	"regexp"
	"regexp/syntax"
	"strconv"
	"strings"

	"github.com/rihla/rihla/formats/jsondoc"
	"github.com/rihla/rihla/formats/stix/instant"
)

// maxExpression is how long an expression of LIKE or MATCHES may be.
const maxExpression = 1 << 10

// matcher is what a test prepares once, to be quick on every object.
type matcher struct {
	regexp      *regexp.Regexp
	net         netip.Prefix
	unsupported bool
}

// prepare compiles what the test compares with, and says why it cannot be evaluated here, if so. budget is how many states
// the pattern's expressions may still have.
func (t *Test) prepare(budget *int) string {
	if (t.By == "MATCHES" || t.By == "LIKE") && len(t.Values[0].Text) > maxExpression {
		t.unsupported = true
		return fmt.Sprintf("%s %s … has more than %d bytes: not evaluated", t.Path, t.By, maxExpression)
	}
	switch t.By {
	case "MATCHES":
		re, err := compile(t.Values[0].Text, budget)
		if errors.Is(err, errCostly) {
			t.unsupported = true
			return fmt.Sprintf("%s MATCHES %.60q repeats too much: not evaluated", t.Path, t.Values[0].Text)
		}
		if err != nil {
			t.unsupported = true
			return fmt.Sprintf("%s MATCHES %.60q is no regular expression of RE2 (look-around and back references are not): not evaluated", t.Path, t.Values[0].Text)
		}
		t.regexp = re
	case "LIKE":
		t.regexp = like(t.Values[0].Text)
	case "ISSUBSET", "ISSUPERSET":
		net, ok := network(t.Values[0].Text)
		if !ok {
			t.unsupported = true
			return fmt.Sprintf("%s %s %.60q names no network: not evaluated", t.Path, t.By, t.Values[0].Text)
		}
		t.net = net
	}
	return ""
}

// errCostly is why an expression that RE2 has is not compiled: counted repetitions make it huge.
var errCostly = errors.New("the expression repeats too much")

// How large compiled expressions may be: one, and all of a pattern.
const (
	maxStates    = 4096
	maxStatesAll = 16 << 10
)

func compile(text string, budget *int) (*regexp.Regexp, error) {
	parsed, err := syntax.Parse(text, syntax.Perl)
	if err != nil {
		return nil, err
	}
	n := states(parsed)
	if n > maxStates || n > *budget {
		return nil, errCostly
	}
	*budget -= n
	return regexp.Compile(text)
}

// states is about how many states an expression has once its repetitions are written out.
func states(re *syntax.Regexp) int {
	n := 1 + len(re.Rune)
	for _, sub := range re.Sub {
		n = min(n+states(sub), maxStates+1)
	}
	if re.Op == syntax.OpRepeat {
		n = min(n*max(re.Min, re.Max, 1), maxStates+1)
	}
	return n
}

// like compiles a LIKE: % is any text, _ any character.
func like(text string) *regexp.Regexp {
	var b strings.Builder
	b.WriteString(`(?s)^`)
	for _, r := range text {
		switch r {
		case '%':
			b.WriteString(`.*`)
		case '_':
			b.WriteByte('.')
		default:
			b.WriteString(regexp.QuoteMeta(string(r)))
		}
	}
	b.WriteByte('$')
	return regexp.MustCompile(b.String()) // every character is quoted
}

func network(text string) (netip.Prefix, bool) {
	if net, err := netip.ParsePrefix(text); err == nil {
		return net.Masked(), true
	}
	ip, err := netip.ParseAddr(text)
	return netip.PrefixFrom(ip, ip.BitLen()), err == nil && ip.Zone() == ""
}

// holds tells whether one value of an object passes the test, NOT aside.
func (t *Test) holds(name string, v *jsondoc.Value) bool {
	switch t.By {
	case "EXISTS":
		return true
	case "IN":
		for i := range t.Values {
			if c, ok := compare(name, v, &t.Values[i]); ok && c == 0 {
				return true
			}
		}
		return false
	case "LIKE", "MATCHES":
		return v.Kind == jsondoc.String && t.regexp.MatchString(v.Text())
	case "ISSUBSET", "ISSUPERSET":
		net, ok := network(v.Text())
		if !ok {
			return false
		}
		if t.By == "ISSUBSET" {
			return t.net.Bits() <= net.Bits() && t.net.Contains(net.Addr())
		}
		return net.Bits() <= t.net.Bits() && net.Contains(t.net.Addr())
	}
	c, ok := compare(name, v, &t.Values[0])
	switch t.By {
	case "=":
		return ok && c == 0
	case "!=":
		return !ok || c != 0
	case "<":
		return ok && c < 0
	case "<=":
		return ok && c <= 0
	case ">":
		return ok && c > 0
	}
	return ok && c >= 0
}

// compare orders a value and a constant; false where they are of kinds that do not compare.
func compare(name string, v *jsondoc.Value, l *Literal) (int, bool) {
	switch l.Kind {
	case Text:
		return strings.Compare(v.Text(), l.Text), v.Kind == jsondoc.String
	case Boolean:
		is, ok := v.Bool()
		if is == (l.Text == "true") {
			return 0, ok
		}
		return 1, ok
	case Integer, Float:
		if v.Kind != jsondoc.Number {
			return 0, false
		}
		return compareNumbers(v.Raw(), l.Text)
	case Timestamp:
		if v.Kind != jsondoc.String || !instant.Valid(v.Text()) {
			return 0, false
		}
		return instant.Compare(v.Text(), l.Text), true
	}
	want, err := base64.StdEncoding.DecodeString(l.Text)
	if l.Kind == Hex {
		want, err = hex.DecodeString(l.Text)
	}
	if err != nil || v.Kind != jsondoc.String {
		return 0, false
	}
	got, err := hex.DecodeString(v.Text())
	if strings.HasSuffix(name, "_bin") {
		got, err = base64.StdEncoding.DecodeString(v.Text())
	}
	return bytes.Compare(got, want), err == nil
}

func compareNumbers(a, b string) (int, bool) {
	x, errX := strconv.ParseInt(a, 10, 64)
	y, errY := strconv.ParseInt(b, 10, 64)
	if errX == nil && errY == nil {
		return order(x, y), true
	}
	f, errF := strconv.ParseFloat(a, 64)
	g, errG := strconv.ParseFloat(b, 64)
	return order(f, g), errF == nil && errG == nil
}

func order[T int64 | float64](x, y T) int {
	switch {
	case x < y:
		return -1
	case x > y:
		return 1
	}
	return 0
}
