package lists

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// longestHeader bounds the first line of a CSV; the longest of any publisher has some 3,000 bytes.
const longestHeader = 16 << 10

// headed says whether the first line is a header with these columns.
func headed(b []byte, columns ...string) bool {
	line, _, _ := bytes.Cut(b[:min(len(b), longestHeader)], []byte("\n"))
	if len(line) == longestHeader {
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

// table reads a CSV with a header, or a TSV, which has no quotes.
type table struct {
	first    int      // the header's line; 0 is 1
	required []string // columns there must be
	known    []string // and those there may be; nil takes any
	longest  int      // bytes of a value; 0 is longestText
	lazy     bool     // quotes may stand in a value that is not quoted, as publishers' tools leave them
}

// row is a row under way.
type row struct {
	line    int
	cells   []string
	columns map[string]int
	names   []string // of the columns, in lower case
}

// cell gives a value by its column's name; empty where there is no such column.
func (w *row) cell(name string) string {
	i, ok := w.columns[name]
	if !ok || i >= len(w.cells) {
		return ""
	}
	return w.cells[i]
}

// read hands over each row; one of the wrong length is a fault. Cells are trimmed, and share the memory of their row.
func (t table) read(r *reader, text []byte, each func(*row)) {
	next := rows(text, t.lazy)
	names, line, err := next()
	if err != nil {
		r.csvFault(err, t.first)
		return
	}
	line += t.first
	w := row{columns: make(map[string]int, len(names))}
	for i, n := range names {
		n = strings.ToLower(strings.TrimSpace(n))
		if _, twice := w.columns[n]; twice && n != "" {
			r.wrong(line, n, "column_twice", "the column stands twice", "keep one")
		}
		w.columns[n] = i
		w.names = append(w.names, n)
		if t.known != nil && !slices.Contains(t.known, n) {
			r.wrong(line, n, "column_unknown", fmt.Sprintf("%q is no column of this format", n), "the columns are "+strings.Join(t.known, ", "))
		}
	}
	for _, n := range t.required {
		if _, ok := w.columns[n]; !ok {
			r.wrong(line, n, "column_missing", "the column is missing", "add it")
		}
	}
	if len(r.faults) > 0 {
		return
	}
	width, longest := len(names), t.longest
	if longest == 0 {
		longest = longestText
	}
	for !r.full() {
		cells, line, err := next()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			r.csvFault(err, t.first)
			return
		}
		line += t.first
		if len(cells) == 1 && strings.Trim(cells[0], " \t\x1a") == "" {
			continue
		}
		if !r.many(line) {
			return
		}
		if len(cells) != width {
			r.wrong(line, "", "row_width", fmt.Sprintf("the row has %d cells, the header %d", len(cells), width), "quote a value that holds a comma")
			continue
		}
		sound := true
		for i, c := range cells {
			if len(c) > longest {
				r.wrong(line, w.names[i], "value_size", tooLong, shorten)
				sound = false
			}
			cells[i] = strings.TrimSpace(c)
		}
		if sound {
			w.line, w.cells = line, cells
			each(&w)
		}
	}
}

// rows gives the rows of a table one after the other, with their lines; its cells are good until the next call.
func rows(text []byte, lazy bool) func() (cells []string, line int, err error) {
	header, _, _ := bytes.Cut(text[:min(len(text), longestHeader)], []byte("\n"))
	if bytes.IndexByte(header, '\t') >= 0 {
		return tabbed(text)
	}
	c := csv.NewReader(bytes.NewReader(text))
	if bytes.Count(header, []byte(";")) > bytes.Count(header, []byte(",")) {
		c.Comma = ';'
	}
	c.FieldsPerRecord, c.ReuseRecord, c.LazyQuotes = -1, true, lazy
	return func() ([]string, int, error) {
		cells, err := c.Read()
		if err != nil {
			return nil, 0, err
		}
		line, _ := c.FieldPos(0)
		return cells, line, nil
	}
}

func tabbed(text []byte) func() ([]string, int, error) {
	var cells []string
	line := 0
	return func() ([]string, int, error) {
		for len(text) > 0 {
			var now []byte
			now, text, _ = bytes.Cut(text, []byte("\n"))
			line++
			if now = bytes.TrimSuffix(now, []byte("\r")); len(now) == 0 {
				continue
			}
			cells = cells[:0]
			for c := range strings.SplitSeq(string(now), "\t") {
				cells = append(cells, c)
			}
			return cells, line, nil
		}
		return nil, 0, io.EOF
	}
}

func (r *reader) csvFault(err error, first int) {
	if p, ok := errors.AsType[*csv.ParseError](err); ok {
		r.wrong(p.Line+first, "", "csv", strings.TrimPrefix(p.Err.Error(), "csv: "), "put values that hold quotes in quotes, doubled")
		return
	}
	if errors.Is(err, io.EOF) {
		r.wrong(1, "", "list_empty", "there is no header in it", "the first line names the columns")
		return
	}
	r.wrong(1, "", "csv", err.Error(), "")
}
