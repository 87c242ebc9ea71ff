package ioclist

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/rihla/rihla/formats/fault"
	"github.com/rihla/rihla/formats/observable"
	"github.com/rihla/rihla/formats/stix"
)

// column is what a column of a table holds.
type column uint8

const (
	unknownColumn column = iota
	typeColumn
	valueColumn
	firstColumn
	lastColumn
	tlpColumn
	confidenceColumn
	commentColumn
	tagsColumn
	sourceColumn
)

var columnNames = map[string]column{
	"type": typeColumn, "kind": typeColumn, "ioc_type": typeColumn, "indicator_type": typeColumn, "ioctype": typeColumn,
	"value": valueColumn, "indicator": valueColumn, "ioc": valueColumn, "observable": valueColumn, "ioc_value": valueColumn,
	"first_seen": firstColumn, "firstseen": firstColumn, "first seen": firstColumn, "last_seen": lastColumn, "lastseen": lastColumn, "last seen": lastColumn,
	"tlp": tlpColumn, "marking": tlpColumn, "confidence": confidenceColumn, "comment": commentColumn, "comments": commentColumn, "description": commentColumn,
	"note": commentColumn, "tags": tagsColumn, "tag": tagsColumn, "labels": tagsColumn, "source": sourceColumn, "reference": sourceColumn, "reporter": sourceColumn,
}

// Recognise tells a list of indicators by how a file begins: a header with a column of values, or text in which
// something was disarmed, or stands a hash. Plain prose with a name in it is none.
func Recognise(head []byte) bool {
	head = bytes.TrimPrefix(head, []byte("\ufeff"))
	trimmed := bytes.TrimLeft(head, " \t\r\n")
	if len(trimmed) == 0 || strings.IndexByte("{[<", trimmed[0]) >= 0 && !bytes.HasPrefix(trimmed, []byte("[.]")) || bytes.IndexByte(head, 0) >= 0 || foreign.Match(head) {
		return false
	}
	text := string(head)
	if _, _, ok := header(text); ok {
		return true
	}
	lines, values := 0, 0
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		found := observable.Find(line)
		if slices.ContainsFunc(found, func(f observable.Found) bool { return strong[f.Kind] || !strings.Contains(line, f.Text) }) {
			return true
		}
		if _, _, ok := observable.Guess(line); ok {
			values++
		}
		if lines++; lines == 200 {
			break
		}
	}
	return lines > 0 && values*2 > lines
}

// foreign tells texts of other formats in which mail addresses and hashes stand too: EDIFACT, cargo messages, YAML.
var foreign = regexp.MustCompile(`^\s*(?:UN[ABHGO]|FWB/|FHL/|FNA/|FMA|QU |QK |QD |(?:#.*\n\s*)*(?:---|[a-z_]+:)\s)|'\s*[A-Z]{3}\+`)

// strong are kinds that stand in no other text by chance.
var strong = map[observable.Kind]bool{observable.MD5: true, observable.SHA1: true, observable.SHA256: true, observable.SHA512: true}

// header reads the first line as the header of a table.
func header(text string) (columns []column, comma rune, ok bool) {
	first := text
	for first != "" {
		line, rest, _ := strings.Cut(first, "\n")
		if t := strings.TrimSpace(line); t != "" && t[0] != '#' {
			first = line
			break
		}
		first = rest
	}
	first = strings.TrimSpace(first)
	for _, comma = range ",;\t" {
		names := strings.Split(first, string(comma))
		columns, known, value := make([]column, len(names)), 0, false
		for i, n := range names {
			columns[i] = columnNames[strings.ToLower(strings.Trim(n, " \"'"))]
			if columns[i] != unknownColumn {
				known++
			}
			value = value || columns[i] == valueColumn
		}
		if value && known*2 > len(names) {
			return columns, comma, true
		}
	}
	return nil, 0, false
}

// Read reads a file. A Fault means that nothing in it could be.
func Read(raw []byte) (*List, *fault.Fault) {
	text := string(bytes.TrimPrefix(raw, []byte("\ufeff")))
	r := &reader{list: &List{}, known: map[string]int{}, raw: raw, starts: []int{0, 0}}
	for i, c := range raw {
		if c == '\n' {
			r.starts = append(r.starts, i+1)
		}
	}
	if !utf8.ValidString(text) {
		r.warn(0, "", "utf-8", "save the file in UTF-8", "the file holds bytes that are no UTF-8: they were replaced")
		text = strings.ToValidUTF8(text, "\ufffd")
	}
	if strings.IndexByte(text, 0) >= 0 {
		return nil, &fault.Fault{Rule: "text", Message: "the file is no text: it holds zero bytes", Mend: "send a text or CSV file in UTF-8"}
	}
	columns, comma, table := header(text)
	switch {
	case table:
		r.list.Shape = Table
		if f := r.table(text, columns, comma); f != nil {
			return nil, f
		}
	case isColumn(text):
		r.list.Shape = Column
		r.column(text)
	default:
		r.list.Shape = Prose
		r.prose(text)
	}
	if len(r.list.Entries)+len(r.list.Ask)+len(r.list.Lost) == 0 {
		return nil, &fault.Fault{Rule: "empty", Message: "no indicator was found", Mend: "send values one a line, or a CSV with the columns type and value"}
	}
	return r.list, nil
}

type reader struct {
	list   *List
	known  map[string]int // the line in which a value stood first
	raw    []byte
	starts []int // the offset of each line, from 1
}

// line is where a line stands, and how long it is.
func (r *reader) line(n int) (offset, length int) {
	if n <= 0 || n >= len(r.starts) {
		return 0, 0
	}
	end := len(r.raw)
	if n+1 < len(r.starts) {
		end = r.starts[n+1]
	}
	return r.starts[n], len(bytes.TrimRight(r.raw[r.starts[n]:end], "\r\n"))
}

// maxSaid bounds what is said of one file.
const maxSaid = 10000

func (r *reader) warn(line int, field, rule, mend, format string, args ...any) {
	if len(r.list.Warnings) < maxSaid {
		offset, _ := r.line(line)
		r.list.Warnings = append(r.list.Warnings, fault.Fault{Offset: offset, Line: line, Field: field, Rule: rule, Message: fmt.Sprintf(format, args...), Mend: mend})
	}
}

func (r *reader) refuse(line int, rule, mend, format string, args ...any) {
	if len(r.list.Lost) < maxSaid {
		offset, length := r.line(line)
		r.list.Lost = append(r.list.Lost, fault.Fault{Offset: offset, Length: length, Line: line, Field: "value", Rule: rule, Message: fmt.Sprintf(format, args...), Mend: mend, What: "indicator"})
	}
}

// label finds a level of TLP in a text.
var label = regexp.MustCompile(`(?i)\bTLP\s?[:\-]\s?(CLEAR|WHITE|GREEN|AMBER\+STRICT|AMBER|RED)\b`)

func (r *reader) labelled(text string) {
	for _, m := range label.FindAllStringSubmatch(text, -1) {
		if level, ok := stix.ParseTLP(m[1]); ok {
			if r.list.TLP != stix.Unmarked && level != r.list.TLP {
				r.warn(0, "", "tlp", "label the file once", "the file bears two levels of TLP: the stricter holds")
			}
			r.list.TLP = max(r.list.TLP, level)
		}
	}
}

// isColumn tells a text of one value a line.
func isColumn(text string) bool {
	lines, values := 0, 0
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		lines++
		if len(strings.Fields(line)) == 1 && !strings.HasSuffix(line, ",") {
			values++
		}
	}
	return lines > 0 && values*10 >= lines*9
}

func (r *reader) column(text string) {
	n := 0
	for line := range strings.Lines(text) {
		n++
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "#") || label.MatchString(line) {
			r.labelled(line)
			continue
		}
		if line == "" {
			continue
		}
		if r.full(n) {
			break
		}
		r.list.Rows++
		r.value(Entry{Line: n, Text: line, Confidence: stix.Absent}, "")
	}
	r.mark()
}

// mostProse is how much of a text without columns is looked at.
const mostProse = 4 << 20

func (r *reader) prose(text string) {
	if len(text) > mostProse {
		r.warn(1, "", "length", "send the values as a table", "the text has %d bytes, and the first %d are looked at", len(text), mostProse)
		text = text[:mostProse]
	}
	r.labelled(text)
	n := 0
	for line := range strings.Lines(text) {
		n++
		for _, f := range observable.Find(strings.TrimRight(line, "\r\n")) {
			if f.Ask != "" {
				r.list.Ask = append(r.list.Ask, Ask{n, f.Kind, f.Value, f.Ask})
				continue
			}
			r.keep(Entry{Line: n, Kind: f.Kind, Value: f.Value, Text: f.Text, Confidence: stix.Absent})
		}
	}
	r.mark()
}

// mark gives entries without a level that of the file.
func (r *reader) mark() {
	for i := range r.list.Entries {
		if r.list.Entries[i].TLP == stix.Unmarked {
			r.list.Entries[i].TLP = r.list.TLP
		}
	}
}

func (r *reader) table(text string, columns []column, comma rune) *fault.Fault {
	rows := csv.NewReader(strings.NewReader(text))
	rows.Comma, rows.Comment, rows.LazyQuotes, rows.FieldsPerRecord, rows.ReuseRecord = comma, '#', true, -1, true
	if names, err := rows.Read(); err == nil {
		for i, name := range names {
			if i < len(columns) && columns[i] == unknownColumn && strings.TrimSpace(name) != "" {
				r.warn(1, strings.TrimSpace(name), "unknown-column", "name it type, value, first_seen, last_seen, tlp, confidence, comment, tags or source", "nothing is known of the column %.40q: it is left out", name)
			}
		}
	}
	for comment := range strings.Lines(text) {
		if strings.HasPrefix(comment, "#") {
			r.labelled(comment)
		}
	}
	for {
		cells, err := rows.Read()
		if cells == nil && err != nil {
			break // the end; LazyQuotes leaves no other
		}
		line, _ := rows.FieldPos(0)
		if r.full(line) {
			break
		}
		r.row(line, cells, columns)
	}
	r.mark()
	return nil
}

func (r *reader) row(line int, cells []string, columns []column) {
	e := Entry{Line: line, Confidence: stix.Absent}
	var kind string
	some := false
	for i, cell := range cells {
		cell = strings.TrimSpace(cell)
		if i >= len(columns) || cell == "" {
			continue
		}
		some = true
		switch columns[i] {
		case typeColumn:
			kind = cell
		case valueColumn:
			e.Text = cell
		case firstColumn:
			e.FirstSeen = r.instant(line, "first_seen", cell)
		case lastColumn:
			e.LastSeen = r.instant(line, "last_seen", cell)
		case tlpColumn:
			level, ok := stix.ParseTLP(cell)
			if !ok {
				r.warn(line, "tlp", "tlp", "write CLEAR, GREEN, AMBER, AMBER+STRICT or RED", "%.40q is no level of the Traffic Light Protocol: the row counts as unmarked", cell)
			}
			e.TLP = level
		case confidenceColumn:
			e.Confidence = r.confidence(line, cell)
		case commentColumn:
			e.Comment = cell
		case tagsColumn:
			for _, tag := range strings.FieldsFunc(cell, func(c rune) bool { return c == '|' || c == ',' || c == ';' }) {
				if tag = strings.TrimSpace(tag); tag != "" {
					e.Tags = append(e.Tags, tag)
				}
			}
		case sourceColumn:
			e.Source = cell
		case unknownColumn:
		}
	}
	if !some {
		return
	}
	r.list.Rows++
	if !e.FirstSeen.IsZero() && !e.LastSeen.IsZero() && e.LastSeen.Before(e.FirstSeen) {
		r.warn(line, "last_seen", "order", "mend one of the two", "last_seen should not be earlier than first_seen")
	}
	r.value(e, kind)
}

// value reads an entry's text as a value of a kind that is told, or by its shape.
func (r *reader) value(e Entry, named string) {
	if e.Text == "" {
		r.refuse(e.Line, "required", "give the value, or leave the row out", "the row has no value")
		return
	}
	kind, known := observable.Named(named)
	if named != "" && !known {
		mend := "leave it empty, or name one that is known"
		if best := fault.Nearest(strings.ToLower(named), []string{"ipv4", "ipv6", "cidr", "domain", "url", "email", "md5", "sha1", "sha256", "sha512", "cve", "asn", "mac"}, 2); best != "" {
			mend = "did you mean " + best + "?"
		}
		r.warn(e.Line, "type", "unknown-type", mend, "%.40q is no type that is known: the value's shape is gone by", named)
	}
	if !known {
		var ok bool
		if e.Kind, e.Value, ok = observable.Guess(e.Text); !ok {
			r.refuse(e.Line, "unknown-type", "name its type", "%.80q has the shape of no indicator", e.Text)
			return
		}
		r.keep(e)
		return
	}
	got, plain, refused := observable.Parse(kind, e.Text)
	if refused != nil {
		mend := refused.Mend
		if guess, _, ok := observable.Guess(e.Text); ok && guess != kind {
			mend = fmt.Sprintf("it looks like %s: name that type", guess)
		}
		r.refuse(e.Line, refused.Rule, mend, "%s", refused.Message)
		return
	}
	e.Kind, e.Value = got, plain
	r.keep(e)
}

// MaxRows is how many rows of a file are read.
const MaxRows = 500_000

// full says once that the rest of a file is left.
func (r *reader) full(line int) bool {
	if r.list.Rows < MaxRows {
		return false
	}
	r.warn(line, "", "length", "send it in parts", "at most %d rows are read at once: the rest is left", MaxRows)
	return true
}

// poison are doubts for which an indicator is not even stored: it would match half the world.
var poison = map[string]bool{observable.BroadNetwork: true, observable.PublicSuffix: true}

func (r *reader) keep(e Entry) {
	key := string(e.Kind) + " " + e.Key()
	doubts := observable.Doubts(e.Kind, e.Value)
	for _, d := range doubts {
		if poison[d.Rule] {
			r.refuse(e.Line, d.Rule, d.Mend, "%s", d.Message)
			return
		}
	}
	if first, twice := r.known[key]; twice {
		if r.list.Shape != Prose {
			r.warn(e.Line, "value", "duplicate", "leave one of them out", "%s stands in line %d already", observable.Defang(e.Kind, e.Value), first)
		}
		return
	}
	r.known[key] = e.Line
	for _, d := range doubts {
		r.warn(e.Line, "value", d.Rule, d.Mend, "%s: it is kept, and not passed on", d.Message)
	}
	e.Held = doubts
	r.list.Entries = append(r.list.Entries, e)
}

func (r *reader) instant(line int, field, text string) time.Time {
	for _, form := range []string{time.RFC3339Nano, time.DateOnly, "2006-01-02T15:04:05", time.DateTime, "2006-01-02 15:04"} {
		if t, err := time.Parse(form, text); err == nil {
			if form != time.RFC3339Nano && form != time.DateOnly {
				r.warn(line, field, "timestamp", "write it as 2026-03-15T08:00:00Z", "%.40q has no offset: it is taken for UTC", text)
			}
			return t.UTC()
		}
	}
	r.warn(line, field, "timestamp", "write it as 2026-03-15T08:00:00Z", "%.40q is no time: it is left out", text)
	return time.Time{}
}

// confidenceWords are the words of the scale none, low, medium, high.
var confidenceWords = map[string]int{"none": 0, "low": 15, "med": 50, "medium": 50, "high": 85}

func (r *reader) confidence(line int, text string) int {
	if n, ok := confidenceWords[strings.ToLower(text)]; ok {
		return n
	}
	n, err := strconv.Atoi(strings.TrimSuffix(text, "%"))
	if err != nil || n < 0 || n > 100 {
		r.warn(line, "confidence", "range", "write a number between 0 and 100", "%.40q is no confidence", text)
		return stix.Absent
	}
	return n
}
