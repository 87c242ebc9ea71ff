package ioclist

import (
	"strings"
	"time"

	"github.com/rihla/rihla/formats/fault"
	"github.com/rihla/rihla/formats/observable"
	"github.com/rihla/rihla/formats/stix"
)

// Shape is how indicators stand in a file.
type Shape string

// The shapes.
const (
	Table  Shape = "table"
	Column Shape = "column"
	Prose  Shape = "prose"
)

// List is what a file holds.
type List struct {
	Shape    Shape
	TLP      stix.TLP // of the whole file, where it bears a label
	Rows     int      // of a table or column: those that hold something
	Entries  []Entry
	Ask      []Ask
	Lost     []fault.Fault // rows that were refused
	Warnings []fault.Fault
}

// Entry is one indicator.
type Entry struct {
	Line                int
	Kind                observable.Kind
	Value               string // in its plain form
	Text                string // as it stood
	FirstSeen, LastSeen time.Time
	TLP                 stix.TLP // the row's, else the file's
	Confidence          int      // 0–100, or stix.Absent
	Comment, Source     string
	Tags                []string
	Held                []observable.Doubt // why it is kept, and not exported nor matched by itself
}

// Ask is something that looks like an indicator and may be none: a person should say.
type Ask struct {
	Line  int             `json:"line"`
	Kind  observable.Kind `json:"type"`
	Value string          `json:"value"`
	Why   string          `json:"why"`
}

// Key is the form of the value in which two entries of one thing are equal.
func (e *Entry) Key() string { return observable.Key(e.Kind, e.Value) }

// patternPaths are where a pattern asks for values of a kind.
var patternPaths = map[observable.Kind]string{
	observable.IPv4: "ipv4-addr:value", observable.IPv6: "ipv6-addr:value", observable.Domain: "domain-name:value", observable.URL: "url:value",
	observable.Email: "email-addr:value", observable.MD5: "file:hashes.MD5", observable.SHA1: "file:hashes.'SHA-1'", observable.SHA256: "file:hashes.'SHA-256'",
	observable.SHA512: "file:hashes.'SHA-512'", observable.MAC: "mac-addr:value", observable.RegistryKey: "windows-registry-key:key", observable.Mutex: "mutex:name",
	observable.FileName: "file:name", observable.FilePath: "directory:path", observable.Account: "user-account:account_login",
	observable.UserAgent: "network-traffic:extensions.'http-request-ext'.request_header.'User-Agent'",
}

// Pattern is the STIX pattern that asks for the value; empty for what is no indicator there (a vulnerability, an
// account at a bank).
func (e *Entry) Pattern() string {
	switch e.Kind {
	case observable.ASN:
		return "[autonomous-system:number = " + strings.TrimPrefix(e.Value, "AS") + "]"
	case observable.CIDR:
		typ := "ipv4-addr"
		if strings.Contains(e.Value, ":") {
			typ = "ipv6-addr"
		}
		return "[" + typ + ":value ISSUBSET '" + e.Value + "']"
	}
	path := patternPaths[e.Kind]
	if path == "" {
		return ""
	}
	return "[" + path + " = '" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(e.Value) + "']"
}

// Indicator is the entry as an indicator of STIX 2.1, of that identifier and made at that time by that identity (which
// may be empty). What bears no TLP is marked as unmarked says. It is empty where there is no pattern.
func (e *Entry) Indicator(id, maker string, at time.Time, unmarked stix.TLP) []byte {
	p := e.Pattern()
	if p == "" {
		return nil
	}
	from := e.FirstSeen
	if from.IsZero() || from.After(at) {
		from = at
	}
	level := e.TLP
	if level == stix.Unmarked {
		level = unmarked
	}
	return stix.Begin("indicator", id).Times(at, at).Text("created_by_ref", maker).Marked(level, 2).List("labels", e.Tags...).Integer("confidence", int64(e.Confidence)).
		Text("name", observable.Defang(e.Kind, e.Value)).Text("description", e.Comment).List("indicator_types", "malicious-activity").
		Text("pattern", p).Text("pattern_type", "stix").Time("valid_from", from).Bytes()
}
