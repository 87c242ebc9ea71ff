package lists

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/rihla/rihla/formats/fault"
)

// File is a file of a list as it came; its name is for error messages only.
type File struct {
	Name string
	Data []byte
}

// List is what the files of one list say.
type List struct {
	Format   string // one of the formats in the package's comment
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

// What bounds a list. Each is some times what publishers' largest lists have.
const (
	mostFaults  = 20
	longestList = 1 << 30  // bytes of all files of one list
	longestText = 4000     // bytes of one value; names have some 300
	longestNote = 64 << 10 // bytes of one remark; the longest published have some 10,000
	mostNames   = 1000     // of one entry; the longest published has some 150
	mostRows    = 6 << 20  // rows, or entities; the largest lists in use have some two million
)

// reader collects faults and warnings of one file while it is read.
type reader struct {
	file     string
	pointer  string // of the entry being read, in JSON: faults then say where with a pointer
	byHand   bool   // the entry is all there is: pointers begin with it
	path     string // of the entry being read, in XML
	faults   []*fault.Fault
	warnings []*fault.Fault
	shared   map[string][]string
	rows     int
}

// wrong is a fault: the list will be refused.
func (r *reader) wrong(line int, field, rule, message, mend string) {
	if len(r.faults) < mostFaults {
		r.faults = append(r.faults, r.at(line, field, rule, message, mend))
	}
}

// doubt is a warning: the entry is taken, and what could not be read stays on it as a note.
func (r *reader) doubt(line int, field, rule, message, mend string) {
	if len(r.warnings) < mostFaults {
		r.warnings = append(r.warnings, r.at(line, field, rule, message, mend))
	}
}

func (r *reader) at(line int, field, rule, message, mend string) *fault.Fault {
	f := &fault.Fault{Line: line, Field: field, Rule: rule, Message: message, Mend: mend}
	switch {
	case r.pointer != "" || r.byHand:
		f.Line, f.Field, f.Pointer = 0, "", r.pointer+"/"+field
	case r.path != "":
		f.Field, f.Path = "", strings.TrimSuffix(r.path+"/"+field, "/")
	}
	return f
}

func (r *reader) err() error {
	if len(r.faults) == 0 {
		return nil
	}
	return &Error{r.file, r.faults}
}

// many counts a row; false when there are more than a list can have.
func (r *reader) many(line int) bool {
	if r.rows++; r.rows <= mostRows {
		return true
	}
	r.wrong(line, "", "list_rows", fmt.Sprintf("there are more than %d rows", mostRows), "split it into several lists")
	return false
}

// full says that no more faults are kept: there is no use in reading on.
func (r *reader) full() bool { return len(r.faults) == mostFaults }

// format is how one publisher writes. Of all files of a list the first decides.
type format struct {
	name  string
	latin bool                   // what is not UTF-8 may be read as Windows-1252
	is    func(text []byte) bool // whether a file looks like it
	read  func(*reader, *List, []byte)
}

// formats are asked in this order. OFAC's CSV has no header, and is what remains.
var formats = []format{
	{"un-xml", false, isUN, readUN},
	{"eu-xml", false, isEU, readEU},
	{"ofac-xml", false, isOFACXML, readOFACXML},
	{"ftm-json", false, isFtM, readFtM},
	{"national-json", false, looksJSON, readNationalJSON},
	{"eu-csv", false, func(b []byte) bool { return headed(b, "entity_logicalid", "namealias_wholename") }, readEUCSV},
	{"uk-csv", true, isUK, readUK},
	{"documents-csv", false, func(b []byte) bool { return headed(b, "document_number") || headed(b, "number", "issuer") }, readDocuments},
	{"national-csv", false, func(b []byte) bool { return headed(b, "id", "name_en") || headed(b, "id", "name_ar") }, readNationalCSV},
	{"names-csv", false, func(b []byte) bool { return headed(b, "name") || headed(b, "surname") }, readPlain},
}

// Read reads the files of one list. Each is recognised by content; sdn.csv may come with alt.csv, add.csv and
// sdn_comments.csv in any order. A list is read whole or refused with an *Error, never in part.
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
	r := &reader{file: files[0].Name}
	text, bad := decode(files[0].Data)
	i := slices.IndexFunc(formats, func(f format) bool { return f.is(text) })
	if i < 0 {
		return readOFAC(files)
	}
	f := &formats[i]
	if bad >= 0 && !declares(text) {
		if !f.latin {
			r.encoding(text, bad)
			return List{}, r.err()
		}
		text = windows1252(text)
	}
	if len(files) > 1 {
		return List{}, &Error{files[1].Name, []*fault.Fault{{Rule: "list_files", Message: "a list of format " + f.name + " is one file", Mend: "load it on its own, under its own name"}}}
	}
	list := List{Format: f.name}
	f.read(r, &list, text)
	return list.finish(r)
}

// finish checks what holds for every format: there are entries, each with something to be known by, none twice.
func (l List) finish(r *reader) (List, error) {
	r.pointer, r.path = "", ""
	if len(l.Entries) == 0 && !l.Partial && len(r.faults) == 0 {
		r.wrong(1, "", "list_empty", "there is no entry in it", "an empty list removes everybody: load one with entries, or remove the list")
	}
	if len(r.faults) == 0 {
		sorted := slices.IsSortedFunc(l.Entries, func(a, b Entry) int { return cmp.Compare(a.ID, b.ID) })
		if !sorted {
			slices.SortStableFunc(l.Entries, func(a, b Entry) int { return cmp.Compare(a.ID, b.ID) })
		}
		for i := range l.Entries {
			e := &l.Entries[i]
			r.known(e)
			if i > 0 && e.ID == l.Entries[i-1].ID {
				first := l.Entries[i-1].Line
				r.wrong(e.Line, "id", "entry_id_twice", fmt.Sprintf("entry %s is in line %d already", shown(e.ID), first), "an entry has one row; its other names are aliases")
			}
		}
	}
	if err := r.err(); err != nil {
		return List{}, err
	}
	l.Warnings = r.warnings
	return l, nil
}

// known checks that an entry has something to be known by, of a size that can be compared.
func (r *reader) known(e *Entry) {
	if len(e.Names) == 0 && len(e.Documents) == 0 && len(e.Identifiers) == 0 {
		r.wrong(e.Line, "name", "entry_name", fmt.Sprintf("entry %s has neither a name nor a document", shown(e.ID)), "give one of them, or leave the entry out")
	}
	if len(e.Names) > mostNames {
		r.wrong(e.Line, "name", "entry_names", fmt.Sprintf("entry %s has %d names", shown(e.ID), len(e.Names)), "a thousand are the most; give the others an entry of their own")
	}
	if len(e.ID) > longestText {
		r.wrong(e.Line, "id", "value_size", tooLong, shorten)
	}
	for i := range e.Names {
		if len(e.Names[i].Text) > longestText {
			r.wrong(e.Line, "name", "value_size", tooLong, shorten)
		}
	}
}

const (
	tooLong = "the value is longer than 4,000 bytes"
	shorten = "shorten it; a file that is cut or lacks a quote looks like this too"
)

// shown is a value of the file as an error may show it.
func shown(s string) string {
	const most = 60
	if len(s) > most {
		return fmt.Sprintf("%q…", s[:most])
	}
	return s
}

func looksJSON(b []byte) bool {
	b = bytes.TrimLeft(b, " \t\r\n")
	return len(b) > 0 && (b[0] == '{' || b[0] == '[')
}

// firstRecord is the first line of a JSON lines file, as its keys.
func firstRecord(b []byte) map[string]json.RawMessage {
	line, _, _ := bytes.Cut(bytes.TrimLeft(b, " \t\r\n"), []byte("\n"))
	var keys map[string]json.RawMessage
	if json.Unmarshal(line, &keys) != nil {
		return nil
	}
	return keys
}

func split(s, at string) []string {
	if s == "" {
		return nil
	}
	if !strings.Contains(s, at) {
		if s = strings.TrimSpace(s); s == "" {
			return nil
		}
		return []string{s}
	}
	var out []string
	for p := range strings.SplitSeq(s, at) {
		if p = strings.TrimSpace(p); p != "" {
			out = append(out, p)
		}
	}
	return out
}
