package lists

import (
	"bytes"
	"slices"
	"strings"
)

// The kinds of names.
const (
	primary = "primary"
	alias   = "alias"
	former  = "former"
)

// name adds a name unless it is there; of two that are alike the strong one stays.
func (e *Entry) name(n Name) {
	if n.Text = strings.TrimSpace(n.Text); n.Text == "" {
		return
	}
	n.Surname, n.Given = strings.TrimSpace(n.Surname), strings.TrimSpace(n.Given)
	for i := range e.Names {
		if e.Names[i].Text == n.Text {
			if !n.Weak {
				e.Names[i].Weak = false
			}
			return
		}
	}
	e.Names = append(e.Names, n)
}

func (e *Entry) country(code, role string) {
	if code == "" || code == "undetermined" {
		return
	}
	if c := (Country{code, role}); !slices.Contains(e.Countries, c) {
		e.Countries = append(e.Countries, c)
	}
}

func (e *Entry) identifier(kind, value string) {
	if value = strings.TrimSpace(value); value == "" {
		return
	}
	if id := (Identifier{kind, value}); !slices.Contains(e.Identifiers, id) {
		e.Identifiers = append(e.Identifiers, id)
	}
}

func (e *Entry) document(d Document) {
	if d.Number = strings.TrimSpace(d.Number); d.Number == "" {
		return
	}
	if !slices.Contains(e.Documents, d) {
		e.Documents = append(e.Documents, d)
	}
}

// note keeps a value as text, under its label.
func (e *Entry) note(label, value string) {
	if value = strings.TrimSpace(value); value == "" {
		return
	}
	if n := label + ": " + value; !slices.Contains(e.Notes, n) {
		e.Notes = append(e.Notes, n)
	}
}

func (e *Entry) programme(p string) {
	if p = strings.TrimSpace(p); p != "" && !slices.Contains(e.Programmes, p) {
		e.Programmes = append(e.Programmes, p)
	}
}

// birth adds a date as this package writes them; one that cannot be read stays as a note.
func (e *Entry) birth(r *reader, line int, field, value string) {
	if value = strings.TrimSpace(value); value == "" {
		return
	}
	d, ok := date(value)
	if !ok {
		r.doubt(line, field, "date", shown(value)+" is no date: kept as a note", "write YYYY-MM-DD, YYYY-MM or YYYY")
		e.note("Birth date", value)
		return
	}
	if !slices.Contains(e.Births, d) {
		e.Births = append(e.Births, d)
	}
}

// begin sets the first day an entry holds.
func (e *Entry) begin(value string) {
	if day, ok := date(value); ok && len(day) == len("2006-01-02") {
		e.From = day
		return
	}
	e.note("Listed on", value)
}

func spaced(parts ...string) string {
	return strings.Join(strings.Fields(strings.Join(parts, " ")), " ")
}

func listed(parts ...string) string { return strings.Join(nonEmpty(parts...), ", ") }

func nonEmpty(parts ...string) []string {
	return slices.DeleteFunc(parts, func(p string) bool { return strings.TrimSpace(p) == "" })
}

// alone is a slice of one text that entries share; nobody can append to it in place.
func (r *reader) alone(text string) []string {
	if one, ok := r.shared[text]; ok {
		return one
	}
	if r.shared == nil {
		r.shared = make(map[string][]string)
	}
	one := []string{strings.Clone(text)}
	if len(r.shared) < mostShared {
		r.shared[text] = one
	}
	return one
}

// mostShared bounds what is remembered of topics and programmes; publishers have some hundred.
const mostShared = 10_000

// roomFor readies a list for the rows of a table, as far as their number can be known.
func (l *List) roomFor(text []byte) {
	const most = 1 << 20 // a file of blank lines is not to take memory that it does not fill
	l.Entries = make([]Entry, 0, min(bytes.Count(text, []byte("\n")), len(text)/64+1, most))
}
