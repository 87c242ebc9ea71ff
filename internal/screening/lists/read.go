package lists

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"github.com/rihla/rihla/formats/fault"
)

// File is a file of a list as it came; its name is for error messages only.
type File struct {
	Name string
	Data []byte
}

// List is what the files of one list say.
type List struct {
	Format   string // ofac, un-xml, eu-xml, eu-csv, uk-csv, ftm-json, national-csv, national-json, names-csv, names-tsv, documents-csv
	Version  string // the publisher's own, where the files hold one
	Dated    string `json:",omitempty"` // the day, or RFC 3339 instant, the publisher gave it
	Entries  []Entry
	Removed  []string       // ids that the publisher says are gone
	Partial  bool           // only changes to an earlier list
	Previous string         `json:",omitempty"` // of changes: the version they were made to
	Warnings []*fault.Fault `json:",omitempty"` // what could not be read and is kept as a note, up to a limit
}

// Error is what is wrong with a list: every fault found, up to a limit, in the order of the file.
type Error struct {
	File   string
	Faults []*fault.Fault
}

func (e *Error) Error() string {
	f := e.Faults[0]
	var b strings.Builder
	b.WriteString(e.File + ": " + f.Error())
	if f.Mend != "" {
		b.WriteString(" (" + f.Mend + ")")
	}
	if n := len(e.Faults) - 1; n > 0 {
		fmt.Fprintf(&b, "; and %d more", n)
	}
	return b.String()
}

// Unwrap gives the first fault.
func (e *Error) Unwrap() error { return e.Faults[0] }

const (
	mostFaults  = 20
	longestList = 1 << 30 // bytes of all files of one list
	longestText = 4000    // bytes of one value; the longest remarks published have some 2,000
)

// reader collects faults of one file while it is read.
type reader struct {
	file    string
	pointer string // of the entry being read, in JSON: faults then say where with a pointer
	faults  []*fault.Fault
}

func (r *reader) wrong(line int, field, rule, message, mend string) {
	if len(r.faults) >= mostFaults {
		return
	}
	f := &fault.Fault{Line: line, Field: field, Rule: rule, Message: message, Mend: mend}
	if r.pointer != "" {
		f.Line, f.Field, f.Pointer = 0, "", r.pointer+"/"+field
	}
	r.faults = append(r.faults, f)
}

func (r *reader) err() error {
	if len(r.faults) == 0 {
		return nil
	}
	return &Error{r.file, r.faults}
}

// Read reads the files of one list. Each is recognised by content; sdn.csv may come with alt.csv, add.csv and
// sdn_comments.csv in any order.
func Read(files []File) (List, error) {
	size := 0
	for _, f := range files {
		size += len(f.Data)
	}
	if len(files) == 0 || size == 0 {
		return List{}, &Error{"list", []*fault.Fault{{Rule: "list_empty", Message: "there is nothing in it", Mend: "an empty list removes everybody: load one with entries, or remove the list"}}}
	}
	if size > longestList {
		return List{}, &Error{files[0].Name, []*fault.Fault{{Rule: "list_size", Message: "the list is longer than a gibibyte", Mend: "split it into several lists"}}}
	}
	var list List
	var err error
	first := utf8Text(files[0].Data)
	switch {
	case looksJSON(first):
		list, err = readNationalJSON(files[0].Name, first)
	case headed(first, "document_number") || headed(first, "number", "issuer"):
		list, err = readDocuments(files[0].Name, first)
	case headed(first, "id", "name_en") || headed(first, "id", "name_ar"):
		list, err = readNationalCSV(files[0].Name, first)
	case headed(first, "name") || headed(first, "surname"):
		list, err = readPlain(files[0].Name, first)
	default:
		return readOFAC(files)
	}
	if err == nil && len(files) > 1 {
		err = &Error{files[1].Name, []*fault.Fault{{Rule: "list_files", Message: "a list of format " + list.Format + " is one file", Mend: "load it on its own, under its own name"}}}
	}
	if err != nil {
		return List{}, err
	}
	return list.finish(files[0].Name)
}

// finish checks what holds for every format: there are entries, no id twice.
func (l List) finish(file string) (List, error) {
	r := reader{file: file}
	if len(l.Entries) == 0 && !l.Partial {
		r.wrong(1, "", "list_empty", "there is no entry in it", "an empty list removes everybody: load one with entries, or remove the list")
	}
	seen := make(map[string]int, len(l.Entries))
	for i := range l.Entries {
		e := &l.Entries[i]
		if at, twice := seen[e.ID]; twice {
			r.wrong(e.Line, "id", "entry_id_twice", fmt.Sprintf("entry %s is in line %d already", e.ID, at), "an entry has one row; its other names are aliases")
		}
		seen[e.ID] = e.Line
	}
	slices.SortStableFunc(l.Entries, func(a, b Entry) int { return cmp.Compare(a.ID, b.ID) })
	if err := r.err(); err != nil {
		return List{}, err
	}
	return l, nil
}

// utf8Text takes off the byte order mark and reads what is not UTF-8 as Windows-1252, as publishers' older tools write.
func utf8Text(b []byte) []byte {
	b = bytes.TrimPrefix(b, []byte("\ufeff"))
	if utf8.Valid(b) {
		return b
	}
	out, err := charmap.Windows1252.NewDecoder().Bytes(b)
	if err != nil {
		return bytes.ToValidUTF8(b, []byte("\uFFFD"))
	}
	return out
}

func looksJSON(b []byte) bool {
	b = bytes.TrimLeft(b, " \t\r\n")
	return len(b) > 0 && (b[0] == '{' || b[0] == '[')
}

// headed says whether the first line is a header with these columns.
func headed(b []byte, columns ...string) bool {
	line, _, _ := bytes.Cut(b, []byte("\n"))
	if len(line) > longestText {
		return false
	}
	cells := strings.FieldsFunc(strings.ToLower(string(line)), func(r rune) bool { return r == ',' || r == ';' || r == '\t' || r == '\r' })
	for i := range cells {
		cells[i] = strings.Trim(strings.TrimSpace(cells[i]), `"`)
	}
	for _, c := range columns {
		if !slices.Contains(cells, c) {
			return false
		}
	}
	return true
}

// table reads a CSV with a header; row gives a cell by its column's name. A row of the wrong length is a fault.
func (r *reader) table(b []byte, required []string, known []string, row func(line int, cell func(string) string)) {
	c := csv.NewReader(bytes.NewReader(b))
	header, _, _ := bytes.Cut(b, []byte("\n"))
	switch {
	case bytes.IndexByte(header, '\t') >= 0:
		c.Comma = '\t'
	case bytes.Count(header, []byte(";")) > bytes.Count(header, []byte(",")):
		c.Comma = ';'
	}
	c.FieldsPerRecord, c.ReuseRecord = -1, true
	names, err := c.Read()
	if err != nil {
		r.csvFault(err)
		return
	}
	columns := make(map[string]int, len(names))
	for i, n := range names {
		n = strings.ToLower(strings.TrimSpace(n))
		if _, twice := columns[n]; twice {
			r.wrong(1, n, "column_twice", "the column stands twice", "keep one")
		}
		columns[n] = i
		if !slices.Contains(known, n) {
			r.wrong(1, n, "column_unknown", fmt.Sprintf("%q is no column of this format", n), "the columns are "+strings.Join(known, ", "))
		}
	}
	for _, n := range required {
		if _, ok := columns[n]; !ok {
			r.wrong(1, n, "column_missing", "the column is missing", "add it")
		}
	}
	if len(r.faults) > 0 {
		return
	}
	width := len(names)
	for {
		cells, err := c.Read()
		if errors.Is(err, io.EOF) {
			return
		}
		line, _ := c.FieldPos(0)
		if err != nil {
			r.csvFault(err)
			return
		}
		if len(cells) == 1 && strings.Trim(cells[0], " \t\x1a") == "" {
			continue
		}
		if len(cells) != width {
			r.wrong(line, "", "row_width", fmt.Sprintf("the row has %d cells, the header %d", len(cells), width), "quote a value that holds a comma")
			continue
		}
		row(line, func(name string) string {
			i, ok := columns[name]
			if !ok {
				return ""
			}
			v := strings.TrimSpace(cells[i])
			if len(v) > longestText {
				r.wrong(line, name, "value_size", "the value is longer than 4,000 bytes", "shorten it")
				return ""
			}
			return strings.Clone(v)
		})
	}
}

func (r *reader) csvFault(err error) {
	var p *csv.ParseError
	if errors.As(err, &p) {
		r.wrong(p.Line, "", "csv", strings.TrimPrefix(p.Err.Error(), "csv: "), "put values that hold quotes in quotes, doubled")
		return
	}
	r.wrong(1, "", "csv", err.Error(), "")
}

func split(s, at string) []string {
	var out []string
	for _, p := range strings.Split(s, at) {
		if p = strings.TrimSpace(p); p != "" {
			out = append(out, p)
		}
	}
	return out
}
