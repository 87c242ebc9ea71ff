package cashdecl

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/rihla/rihla/formats/fault"
)

// The columns of a row: those that are the declaration's, alike in all its rows, and those that are the item's.
var (
	declared = []string{"id", "system", "direction", "port", "made_at", "family_name", "given_names", "dob", "nationality", "document_number", "flight", "flight_date", "value_usd", "provenance", "intended_use", "outcome"}
	itemised = []string{"kind", "currency", "amount"}
	needed   = []string{"id", "system", "direction", "port", "made_at", "family_name", "dob", "document_number", "kind", "currency", "amount", "provenance"}
)

// isHeader tells whether a line is the header of declarations.
func isHeader(line string) bool {
	names := strings.Split(strings.ToLower(strings.TrimSpace(line)), ",")
	for i := range names {
		names[i] = strings.Trim(names[i], `" `)
	}
	for _, name := range []string{"id", "kind", "currency", "amount"} {
		if !slices.Contains(names, name) {
			return false
		}
	}
	return slices.Contains(names, "made_at") || slices.Contains(names, "provenance")
}

// row is one row, and where it stands.
type row struct {
	offset, length, line int
	fields               []field
	broken               string // why its fields cannot be told apart
}

type field struct {
	text   string
	column int // in bytes of the line, from 1
}

// table is a file being read.
type table struct {
	d       *document
	columns map[string]int
	order   []string          // ids as they come first
	rows    map[string][]*row // by id
}

// csv reads rows and puts those of one id together.
func (d *document) csv(raw []byte) *fault.Fault {
	s := scanner{text: string(raw), line: 1}
	if strings.HasPrefix(s.text, "\ufeff") {
		s.pos = len("\ufeff")
	}
	head, ok := s.next()
	if !ok {
		return &fault.Fault{Line: 1, Rule: "E-CASH-HEADER", Strict: true, Message: "the file is empty", Mend: "send a header and rows, or JSON"}
	}
	t := table{d: d, columns: map[string]int{}, rows: map[string][]*row{}}
	if f := t.header(head); f != nil {
		return f
	}
	n := 0
	for r, ok := s.next(); ok; r, ok = s.next() {
		if n++; n > MaxDeclarations {
			f := form{}
			f.refuse(place{line: r.line}, "LIMIT", "split the file", "there are more than %d rows", MaxDeclarations)
			d.lose(f.errors, r.offset, len(s.text)-r.offset)
			break
		}
		t.take(r)
	}
	for _, id := range t.order {
		t.declaration(t.rows[id])
	}
	return nil
}

func (t *table) header(h *row) *fault.Fault {
	refuse := func(message, mend string) *fault.Fault {
		return &fault.Fault{Offset: h.offset, Line: h.line, Rule: "E-CASH-HEADER", Strict: true, Message: message, Mend: mend}
	}
	if h.broken != "" {
		return refuse("the header "+h.broken, "write the names of the columns, commas between")
	}
	for i, c := range h.fields {
		name := strings.ToLower(strings.TrimSpace(c.text))
		if _, twice := t.columns[name]; twice && name != "" {
			return refuse("the column "+clip(name)+" comes twice", "leave one")
		}
		t.columns[name] = i
		if !slices.Contains(declared, name) && !slices.Contains(itemised, name) {
			f := form{}
			f.remark(place{offset: h.offset, line: h.line, field: clip(name), column: c.column}, "UNKNOWN", meant(name, slices.Concat(declared, itemised)), "no column is called %q", clip(name))
			t.d.warn(f.remarks[0])
		}
	}
	for _, name := range needed {
		if _, there := t.columns[name]; !there {
			return refuse("the column "+name+" is missing", "write the header id,system,direction,port,made_at,… with all columns")
		}
	}
	return nil
}

// take files a row under its id, or tells that it is lost.
func (t *table) take(r *row) {
	f := form{}
	switch {
	case !utf8.ValidString(joined(r)):
		f.refuse(place{line: r.line}, "COLUMN", "save the file in UTF-8", "the row is not UTF-8")
	case r.broken != "":
		f.refuse(place{line: r.line}, "COLUMN", `put a field with commas or quotes into quotes, and write a quote inside as ""`, "the row %s", r.broken)
	case len(r.fields) != len(t.columns):
		f.refuse(place{line: r.line}, "COLUMN", `give every column, empty ones too; put a field with commas into quotes`, "the row has %d fields, and the header %d", len(r.fields), len(t.columns))
	}
	id := t.text(r, "id")
	if len(f.errors) == 0 && id == "" {
		f.refuse(t.at(r, "id"), "ID", "give each declaration its own", "the id is missing")
	}
	if len(f.errors) > 0 {
		t.d.lose(f.errors, r.offset, r.length)
		return
	}
	if _, known := t.rows[id]; !known {
		t.order = append(t.order, id)
	}
	t.rows[id] = append(t.rows[id], r)
}

func joined(r *row) string {
	var b strings.Builder
	for _, f := range r.fields {
		b.WriteString(f.text)
	}
	return b.String()
}

func (t *table) text(r *row, name string) string {
	i, there := t.columns[name]
	if !there || i >= len(r.fields) {
		return ""
	}
	return strings.TrimSpace(r.fields[i].text)
}

func (t *table) at(r *row, name string) place {
	at := place{offset: r.offset, line: r.line, field: name}
	if i, there := t.columns[name]; there && i < len(r.fields) {
		at.column = r.fields[i].column
	}
	return at
}

// declaration reads the rows of one id. One that is wrong refuses them all: half a declaration would say less than was
// declared.
func (t *table) declaration(rows []*row) {
	first := rows[0]
	x := &Declaration{Schema: Accompanied, Offset: first.offset, Line: first.line}
	var f form
	text := func(name string) (string, place) { return t.text(first, name), t.at(first, name) }
	var at place
	var s string
	x.ID = t.text(first, "id")
	s, at = text("system")
	x.System = System(f.oneOf(s, at, "SYSTEM", string(ByDeclaration), string(ByDisclosure)))
	s, at = text("direction")
	x.Direction = Direction(f.oneOf(s, at, "DIRECTION", string(In), string(Out)))
	x.Port = f.port(text("port"))
	x.MadeAt = f.instant(text("made_at"))
	x.By = &Party{GivenNames: t.text(first, "given_names"), Nationality: f.country(text("nationality"))}
	s, at = text("family_name")
	x.By.FamilyName = f.text(s, at, true, "PARTY")
	x.By.Born = f.birth(text("dob"))
	s, at = text("document_number")
	x.By.Document = &Paper{Number: s}
	f.paper(x.By.Document, at, at)
	if s, at = text("flight"); s != "" || t.text(first, "flight_date") != "" {
		x.Journey = &Journey{Flight: f.flight(s, at), Date: f.day(text("flight_date"))}
	}
	if s, at = text("value_usd"); s != "" {
		x.Value = Value{f.amount(s, at, true)}
	}
	s, at = text("provenance")
	x.Provenance = f.text(s, at, true, "PROVENANCE")
	s, at = text("intended_use")
	x.IntendedUse = f.text(s, at, false, "USE")
	if s, at = text("outcome"); s != "" {
		o := Outcome(f.oneOf(s, at, "OUTCOME", outcomes...))
		x.Result = &Result{Outcome: o, Checked: o == Agrees || o == Differs}
	}
	f.whole(x, func(name string) place { return t.at(first, name) })
	wrong := make([][]fault.Fault, len(rows)) // by row
	wrong[0] = slices.Clone(f.errors)
	for i, r := range rows {
		before := len(f.errors)
		t.item(x, &f, r)
		if i > 0 {
			t.alike(&f, first, r)
		}
		wrong[i] = append(wrong[i : i+1 : i+1][0], f.errors[before:]...)
	}
	if len(rows) > MaxItems {
		f.refuse(t.at(first, "id"), "ITEMS", "put alike ones together", "there are more than %d items", MaxItems)
		wrong[0] = append(wrong[0], f.errors[len(f.errors)-1])
	}
	if len(f.errors) == 0 {
		if len(rows) == 1 {
			x.Length = first.length
		}
		t.d.add(x, &f, t.at(first, "id"))
		return
	}
	for i, r := range rows {
		if len(wrong[i]) == 0 { // nothing is wrong with it but its company
			var g form
			g.refuse(t.at(r, "id"), "ROW", "mend the other row", "another row of the declaration %s is refused", clip(x.ID))
			wrong[i] = g.errors
		}
		t.d.lose(wrong[i], r.offset, r.length)
	}
}

func (t *table) item(x *Declaration, f *form, r *row) {
	i := Item{Kind: f.oneOf(t.text(r, "kind"), t.at(r, "kind"), "KIND", Kinds...)}
	i.Currency, i.Amount = f.sum(t.text(r, "currency"), t.text(r, "amount"), t.at(r, "currency"), t.at(r, "amount"), false)
	x.Items = append(x.Items, i)
}

// alike holds a further row to what the first says of the declaration.
func (t *table) alike(f *form, first, r *row) {
	for _, name := range declared {
		if a, b := t.text(first, name), t.text(r, name); a != b {
			f.refuse(t.at(r, name), "COLUMN", "write the same in all rows of one declaration", "%s is %q here, and %q in line %d of the same declaration", name, clip(b), clip(a), first.line)
		}
	}
}

// scanner cuts a file into rows (RFC 4180). A row whose quotes are wrong ends with its line, so that the next is read.
type scanner struct {
	text      string
	pos, line int
}

func (s *scanner) next() (*row, bool) {
	for s.pos < len(s.text) && (s.text[s.pos] == '\n' || s.text[s.pos] == '\r') { // an empty line
		if s.text[s.pos] == '\n' {
			s.line++
		}
		s.pos++
	}
	if s.pos >= len(s.text) {
		return nil, false
	}
	r := &row{offset: s.pos, line: s.line}
	for {
		end, last := s.field(r)
		if r.broken != "" {
			end = len(s.text)
			if i := strings.IndexByte(s.text[r.offset:], '\n'); i >= 0 {
				end = r.offset + i
			}
			last = true
		}
		s.pos = end
		if last {
			break
		}
	}
	r.length = s.pos - r.offset
	s.line += strings.Count(s.text[r.offset:s.pos], "\n")
	return r, true
}

// field reads one field and answers where the next begins, or where the row ends.
func (s *scanner) field(r *row) (next int, last bool) {
	at := s.pos
	f := field{column: at - r.offset + 1}
	if at < len(s.text) && s.text[at] == '"' {
		return s.quoted(r, f)
	}
	rest := s.text[at:]
	end := strings.IndexAny(rest, ",\n")
	if end < 0 {
		end = len(rest)
	}
	f.text = strings.TrimSuffix(rest[:end], "\r")
	if strings.IndexByte(f.text, '"') >= 0 {
		r.broken = "has a quote inside a field that is not in quotes"
		return at, true
	}
	r.fields = append(r.fields, f)
	at += end
	if at < len(s.text) && s.text[at] == ',' {
		return at + 1, false
	}
	return at, true
}

func (s *scanner) quoted(r *row, f field) (next int, last bool) {
	var b strings.Builder
	at := s.pos + 1
	for {
		end := strings.IndexByte(s.text[at:], '"')
		if end < 0 {
			r.broken = "has a quote that is not closed"
			return at, true
		}
		b.WriteString(s.text[at : at+end])
		at += end + 1
		if at < len(s.text) && s.text[at] == '"' {
			b.WriteByte('"')
			at++
			continue
		}
		break
	}
	f.text = b.String()
	r.fields = append(r.fields, f)
	for at < len(s.text) && s.text[at] == '\r' {
		at++
	}
	switch {
	case at >= len(s.text), s.text[at] == '\n':
		return at, true
	case s.text[at] == ',':
		return at + 1, false
	}
	r.broken = "has text behind a closing quote"
	return at, true
}
