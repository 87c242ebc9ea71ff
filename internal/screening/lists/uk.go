package lists

import (
	"bytes"
	"regexp"
	"strings"
)

// The United Kingdom's consolidated list of financial sanctions targets (ConList), CSV, and the UK Sanctions List that
// follows it, whose columns have other names. A row is one name; a Group ID, or Unique ID, says whose.

func isUK(text []byte) bool {
	_, ok := ukTable(text)
	return ok
}

// ukTable is the part of the file from its header on: a line before it says of what day the list is.
func ukTable(text []byte) (skipped int, ok bool) {
	if headed(text, "name 6", "name 1") {
		return 0, true
	}
	first, rest, _ := bytes.Cut(text[:min(len(text), longestHeader)], []byte("\n"))
	head := strings.ToLower(string(first))
	if !strings.HasPrefix(strings.Trim(head, `"`), "last updated") && !strings.HasPrefix(strings.Trim(head, `"`), "report date") {
		return 0, false
	}
	return len(first) + 1, headed(rest, "name 6", "name 1")
}

// ukColumns are the columns by what they hold; the first that is there counts.
var ukColumns = map[string][]string{
	"id": {"group id", "unique id"}, "schema": {"group type", "designation type"}, "kind": {"alias type", "name type"}, "quality": {"alias quality", "alias strength"},
	"script": {"name non-latin script"}, "born": {"dob", "d.o.b"}, "nationality": {"nationality", "nationality(/ies)"}, "birth town": {"town of birth"},
	"birth country": {"country of birth"}, "passport": {"passport number"}, "passport details": {"passport details", "passport additional information"},
	"national id": {"national identification number", "national identifier number"}, "national id details": {"national identification details", "national identifier additional information"},
	"regime": {"regime", "regime name"}, "listed": {"listed on", "date designated"}, "country": {"country", "address country"}, "position": {"position"},
	"other": {"other information"}, "gender": {"gender"}, "imo": {"imo number"}, "reference": {"un reference number", "un ref", "un reference"},
}

// ukFiled are all of those, and the parts of names and addresses, which are read by their own.
var ukFiled = func() map[string]bool {
	m := map[string]bool{"name 6": true, "name 1": true, "name 2": true, "name 3": true, "name 4": true, "name 5": true, "last updated": true,
		"non-latin script type": true, "non-latin script language": true, "": true}
	for _, names := range ukColumns {
		for _, n := range names {
			m[n] = true
		}
	}
	return m
}()

var (
	ukSchemas = map[string]string{"individual": "Person", "ship": "Vessel", "entity": "Organization"}
	ukCounted = regexp.MustCompile(`\(\d+\)`)
	ukIMO     = regexp.MustCompile(`(?i)\bIMO(?: number)?:? *(\d{7})\b`)
)

func readUK(r *reader, list *List, text []byte) {
	skipped, _ := ukTable(text)
	lines := 0
	if skipped > 0 {
		lines = 1
		for _, cell := range strings.FieldsFunc(string(text[:skipped]), func(r rune) bool { return r == ',' || r == '"' || r == '\r' || r == '\n' || r == ':' || r == ' ' }) {
			if d := slashed(cell); len(d) == len("2006-01-02") {
				list.Version, list.Dated = d, d
			}
		}
	}
	at := make(map[string]int)
	table{first: lines, required: []string{"name 6", "name 1"}, longest: longestNote, lazy: true}.read(r, text[skipped:], func(w *row) {
		id := w.uk("id")
		if id == "" {
			r.wrong(w.line, "Group ID", "entry_id", "the row has no group", "fetch the file again: each row has one")
			return
		}
		i, known := at[id]
		if !known {
			i = len(list.Entries)
			at[id] = i
			list.Entries = append(list.Entries, Entry{ID: id, Schema: "LegalEntity", Line: w.line, Topics: []string{"sanction"}})
		}
		list.Entries[i].ukRow(r, w)
	})
}

// uk is a cell by what it holds.
func (w *row) uk(what string) string {
	for _, column := range ukColumns[what] {
		if v := w.cell(column); v != "" {
			return v
		}
	}
	return ""
}

func (e *Entry) ukRow(r *reader, w *row) {
	if schema := ukSchemas[strings.ToLower(w.uk("schema"))]; schema != "" {
		e.Schema = schema
	}
	e.ukName(r, w)
	for _, part := range counted(w.uk("born")) {
		if d := slashed(part); d != "" {
			part = d
		}
		e.birth(r, w.line, "DOB", part)
	}
	for _, part := range counted(w.uk("nationality")) {
		e.country(named(part), "nationality")
	}
	for _, part := range counted(w.uk("birth country")) {
		e.country(named(part), "birth")
	}
	e.note("Place of birth", listed(w.uk("birth town"), w.uk("birth country")))
	e.ukDocuments("P", w.uk("passport"), w.uk("passport details"))
	e.ukDocuments("I", w.uk("national id"), w.uk("national id details"))
	e.programme(w.uk("regime"))
	if e.Reason == "" {
		e.Reason = w.uk("regime")
	}
	if on := w.uk("listed"); on != "" && e.From == "" {
		if d := slashed(on); d != "" {
			on = d
		}
		e.begin(on)
	}
	if sex := r.sexOr(e, w.line, "Gender", w.uk("gender")); sex != "" {
		e.Sex = sex
	}
	e.identifier("un_reference", w.uk("reference"))
	e.identifier("imo", w.uk("imo"))
	other := w.uk("other")
	if m := ukIMO.FindStringSubmatch(other); m != nil {
		e.identifier("imo", m[1])
	}
	e.note("Position", w.uk("position"))
	e.country(named(w.uk("country")), "residence")
	var address []string
	for i, column := range w.names {
		switch {
		case strings.HasPrefix(column, "address") && column != "address country", column == "post/zip code":
			address = append(address, w.cells[i])
		case !ukFiled[column] && w.cells[i] != "":
			e.note(label(column), w.cells[i])
		}
	}
	if at := listed(append(address, w.uk("country"))...); at != w.uk("country") {
		e.note("Address", at)
	}
	e.note("Other information", other)
}

func (e *Entry) ukName(r *reader, w *row) {
	given := spaced(w.cell("name 1"), w.cell("name 2"), w.cell("name 3"), w.cell("name 4"), w.cell("name 5"))
	n := Name{Text: spaced(given, w.cell("name 6")), Kind: alias, Weak: strings.HasPrefix(strings.ToLower(w.uk("quality")), "low")}
	switch kind := strings.ToLower(w.uk("kind")); {
	case kind == "primary name":
		n.Kind = primary
	case strings.HasPrefix(kind, "f"): // FKA
		n.Kind = former
	}
	if e.Schema == "Person" && given != "" && w.cell("name 6") != "" {
		n.Surname, n.Given = spaced(w.cell("name 6")), given
	}
	script := w.uk("script")
	if n.Text == "" && script == "" {
		r.wrong(w.line, "Name 6", "entry_name", "the row has no name", "fetch the file again: each row is a name")
		return
	}
	e.name(n)
	e.name(Name{Text: script, Kind: n.Kind, Weak: n.Weak})
}

// ukDocuments reads a cell that may count several: (1) K9900221 (2) K9900222, their details counted alike.
func (e *Entry) ukDocuments(kind, numbers, details string) {
	about := counted(details)
	for i, number := range counted(numbers) {
		d := Document{Type: kind, Number: number}
		if i < len(about) {
			d.Issuer = leadingCountry(about[i])
		}
		e.document(d)
	}
	if label := map[string]string{"P": "Passport", "I": "National identification"}[kind]; details != "" {
		e.note(label, details)
	}
}

// counted takes apart what is numbered (1), (2) …; a value without numbers is one.
func counted(s string) []string {
	if s == "" {
		return nil
	}
	if !strings.HasPrefix(s, "(1)") {
		return []string{s}
	}
	return split(ukCounted.ReplaceAllString(s, "\x00"), "\x00")
}

// leadingCountry is the country that a text begins with, such as "Jordan number, issued in Amman".
func leadingCountry(s string) string {
	words := strings.Fields(strings.ReplaceAll(s, ",", " , "))
	for n := min(len(words), 5); n > 0; n-- {
		if code, ok := countryNames[strings.ToLower(strings.Join(words[:n], " "))]; ok {
			return code
		}
	}
	return ""
}
