package synth

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
)

// logLine is one thing that a sensor saw.
type logLine struct {
	at           time.Time
	host, client string
	kind, value  string
}

// line is that somebody here met a value: in the three days before the first departure.
func (t *threats) line(kind, value string) logLine {
	n := t.between(1, 60)
	return logLine{t.at(t.between(2, 72)), fmt.Sprintf("ws-%03d.examplia.test", n), fmt.Sprintf("10.%d.%d.%d", 20+t.set%100, n, t.between(2, 250)), kind, value}
}

// innocents are lines of an ordinary day.
func (t *threats) innocents(n int) {
	for range n {
		switch t.weighted(60, 25, 15) {
		case 0:
			t.lines = append(t.lines, t.line("domain", of(t.dice, []string{"www", "mail", "static", "api"})+"."+t.syllables(2)+of(t.dice, []string{"-news.example", "-shop.example", "-school.test"})))
		case 1:
			t.lines = append(t.lines, t.line("ipv6", fmt.Sprintf("2001:db8:ffff:%x::%x", t.between(1, 0xfff), t.between(1, 0xfff))))
		case 2:
			t.lines = append(t.lines, t.line("sha256", t.digits(64)))
		}
	}
}

// logs are what the sensors of a set file: names in DNS logs of two kinds, the rest as JSON, a line each.
func (t *threats) logs() {
	t.innocents(400)
	slices.SortStableFunc(t.lines, func(a, b logLine) int { return a.at.Compare(b.at) })
	var bind, zeek, proxy strings.Builder
	zeek.WriteString("#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\tdns\n" +
		"#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tquery\tqtype_name\n#types\ttime\tstring\taddr\tport\taddr\tport\tenum\tstring\tstring\n")
	for _, l := range t.lines {
		switch {
		case l.kind == "domain" && t.percent(45):
			fmt.Fprintf(&bind, "%s queries: info: client @0x%s %s#%d (%s): query: %s IN A +E(0)K (10.0.0.53)\n", l.at.Format("02-Jan-2006 15:04:05.000"), t.digits(12), l.client, t.between(1024, 65535), l.value, l.value)
		case l.kind == "domain" && t.percent(60):
			fmt.Fprintf(&zeek, "%d.%06d\tC%s\t%s\t%d\t10.0.0.53\t53\tudp\t%s\tA\n", l.at.Unix(), t.IntN(1e6), t.digits(16), l.client, t.between(1024, 65535), l.value)
		default:
			raw, err := json.Marshal(l.event())
			if err != nil {
				panic(err) // maps of texts
			}
			proxy.Write(append(raw, '\n'))
		}
	}
	sensor := "sensor-examplia"
	t.file(sensor, "queries.log", t.at(1), []byte(bind.String()))
	t.file(sensor, "dns.log", t.at(1), []byte(zeek.String()))
	t.file(sensor, "proxy.jsonl", t.at(1), []byte(proxy.String()))
}

// event is a line as a proxy, a firewall, a mail gateway or an endpoint writes it.
func (l *logLine) event() fields {
	f := fields{"@timestamp": l.at.Format(time.RFC3339), "host": fields{"name": l.host}, "source": fields{"ip": l.client}}
	switch l.kind {
	case "domain":
		f["message"], f["url"] = "GET", fields{"domain": l.value}
	case "url":
		f["message"], f["url"] = "GET", fields{"full": l.value}
	case "sha256":
		f["message"], f["file"] = "file created", fields{"name": "setup.bin", "hash": fields{"sha256": l.value}}
	case "email":
		f["message"], f["email"] = "mail received", fields{"from": fields{"address": l.value}}
	default:
		f["message"], f["destination"] = "connection allowed", fields{"ip": l.value, "port": 443}
	}
	return f
}
