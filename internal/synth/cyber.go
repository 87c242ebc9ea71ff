package synth

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// CyberTraffic is what incident teams and sensors file: indicators as bundles of STIX, events of MISP, tables and mails,
// reports of an incident, and the logs in which some of the indicators stand, among innocent look-alikes.
type CyberTraffic struct {
	Messages []Message // in the order they are sent
	Cases    []CyberCase
}

// CyberCase is one value that somebody told of, and what must come of it.
type CyberCase struct {
	Kind       string   `json:"kind"` // as formats/observable names kinds
	Value      string   `json:"value"`
	From       string   `json:"from"`                // stix, misp, table, mail, incident
	Reference  string   `json:"reference,omitempty"` // the indicator's or the attribute's identifier
	TLP        string   `json:"tlp,omitempty"`
	Expected   string   `json:"expected"`  // sighted, unseen, expired, revoked, context, held, refused
	Sightings  int      `json:"sightings"` // log lines that must match it; lines that hold it while it does not count are none
	Hosts      []string `json:"hosts,omitempty"`
	LookAlikes int      `json:"look_alikes"` // log lines with a value that is nearly it, none of which may match
}

// What must come of a value.
const (
	cyberSighted = "sighted" // it stands in logs
	cyberUnseen  = "unseen"  // it does not
	cyberExpired = "expired" // it stands in logs of after its time
	cyberRevoked = "revoked" // it was withdrawn before it was seen
	cyberContext = "context" // it is told of, and not to be looked for
	cyberHeld    = "held"    // a public resolver, a private address: stored, not matched
	cyberRefused = "refused" // half the world, a national domain
)

// cyberDomain marks the messages of cyber.
const cyberDomain = "cyber"

// threats is cyber traffic being made.
type threats struct {
	dice
	options Options
	traffic CyberTraffic
	used    map[string]bool
	lines   []logLine
	set     int
}

// cyberTraffic makes as many whole sets of reports as are asked for at least.
func cyberTraffic(o Options) CyberTraffic {
	t := &threats{options: o, used: map[string]bool{}}
	for set := 0; len(t.traffic.Messages) < o.Cyber; set++ {
		t.set, t.dice, t.lines = set, newDice(o.Seed, cyberDomain, set), nil
		t.bundle()
		t.event()
		t.table()
		t.mail()
		t.incident()
		t.logs()
	}
	return t.traffic
}

// file keeps a report.
func (t *threats) file(by, name string, sent time.Time, body []byte) {
	t.traffic.Messages = append(t.traffic.Messages, Message{Name: fmt.Sprintf("cyber-%s", name), Domain: cyberDomain, Carrier: by, Sent: sent.Truncate(time.Minute), Body: body})
}

// at is an instant of the days around the first departure: hours before it or, negative, behind it.
func (t *threats) at(hoursBefore int) time.Time {
	return t.options.Start.Add(-time.Duration(hoursBefore)*time.Hour + time.Duration(t.IntN(3600))*time.Second)
}

// told remembers a value, and puts it and its look-alikes into the logs as it should be seen.
func (t *threats) told(c CyberCase) {
	seen := 0
	switch c.Expected {
	case cyberSighted:
		seen = t.between(1, 4)
		c.Sightings = seen
	case cyberExpired, cyberRevoked, cyberContext, cyberHeld:
		seen = t.between(1, 2)
	}
	hosts := map[string]bool{}
	for range seen {
		l := t.line(c.Kind, c.Value)
		if c.Expected == cyberSighted {
			hosts[l.host] = true
		}
		t.lines = append(t.lines, l)
	}
	for h := range hosts {
		c.Hosts = append(c.Hosts, h)
	}
	slices.Sort(c.Hosts)
	if c.Expected != cyberHeld && c.Expected != cyberRefused {
		for _, v := range t.nearly(c.Kind, c.Value) {
			c.LookAlikes++
			t.used[v] = true
			t.lines = append(t.lines, t.line(c.Kind, v))
		}
	}
	t.traffic.Cases = append(t.traffic.Cases, c)
}

// fresh makes values until one was not used yet.
func (t *threats) fresh(make func() string) string {
	for {
		if v := make(); !t.used[v] {
			t.used[v] = true
			return v
		}
	}
}

func (t *threats) syllables(n int) string {
	var b strings.Builder
	for range n {
		b.WriteString(of(t.dice, strings.Fields("ba be da do fa ga ka ke la lo ma mi na no pa ra ro sa sho ta ti va ye za zu")))
	}
	return b.String()
}

func (t *threats) newDomain() string {
	return t.fresh(func() string {
		return of(t.dice, []string{"login", "cdn", "update", "mail", "files", "portal"}) + "." + t.syllables(3) + "-" + of(t.dice, []string{"bank", "cloud", "post", "pay", "visa", "port"}) + of(t.dice, []string{".example", ".test"})
	})
}

// newAddress is one of a network that is set apart for examples; those of IPv4 are few, and used for the first sets.
func (t *threats) newAddress() (kind, value string) {
	if t.set < 20 {
		return "ipv4", t.fresh(func() string {
			return of(t.dice, []string{"192.0.2.", "198.51.100.", "203.0.113."}) + fmt.Sprint(t.between(2, 250))
		})
	}
	return "ipv6", t.fresh(func() string {
		return fmt.Sprintf("2001:db8:%x:%x::%x", t.between(1, 0xfffe), t.between(1, 0xfffe), t.between(1, 0xfffe))
	})
}

func (t *threats) newHash() string {
	return t.fresh(func() string { return t.digits(64) })
}

// digits are hexadecimal digits.
func (t *threats) digits(n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = "0123456789abcdef"[t.IntN(16)]
	}
	return string(b)
}

func (t *threats) uuid() string {
	h := t.digits(32)
	return h[:8] + "-" + h[8:12] + "-4" + h[13:16] + "-" + string("89ab"[t.IntN(4)]) + h[17:20] + "-" + h[20:]
}

// nearly are values that a careless comparison takes for another.
func (t *threats) nearly(kind, value string) []string {
	var out []string
	switch kind {
	case "domain":
		rest := value[strings.IndexByte(value, '.')+1:]
		out = []string{"x" + value, "not-" + rest, rest, strings.TrimSuffix(strings.TrimSuffix(value, ".example"), ".test") + ".invalid", value + ".intranet.test"}
	case "ipv4":
		out = []string{value + "1", strings.TrimSuffix(value, value[len(value)-1:]), "1" + value}
		out = slices.DeleteFunc(out, func(s string) bool { return !octets(s) })
	case "ipv6":
		out = []string{value + "a"}
	case "url":
		out = []string{value + "x", strings.Replace(value, "://", "://x", 1)}
	case "email":
		out = []string{"x" + value}
	case "sha256":
		last := "f"
		if value[63] == 'f' {
			last = "0"
		}
		out = []string{value[:63] + last}
	}
	return slices.DeleteFunc(out, func(s string) bool { return t.used[s] })
}

// octets tells four numbers that make an address.
func octets(s string) bool {
	parts := strings.Split(s, ".")
	for _, p := range parts {
		var n int
		if _, err := fmt.Sscan(p, &n); err != nil || n > 255 || p != fmt.Sprint(n) {
			return false
		}
	}
	return len(parts) == 4
}
