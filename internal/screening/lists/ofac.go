package lists

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"time"

	"github.com/rihla/rihla/formats/fault"
)

// OFAC's legacy CSV: no header, "-0- " for nothing, a DOS end-of-file byte at the end, and most of what matters in one
// column of remarks. Which of the four files one is shows in how many columns it has.
const (
	sdnColumns     = 12
	altColumns     = 5
	addColumns     = 6
	commentColumns = 2
)

// Companions are the files that a publisher puts beside the one named, and that belong to the same list when they are
// there: alt.csv, add.csv and sdn_comments.csv beside sdn.csv, and those of the consolidated list beside cons_prim.csv.
// Letters keep the case of the one named.
func Companions(name string) []string {
	switch name {
	case "sdn.csv":
		return []string{"alt.csv", "add.csv", "sdn_comments.csv"}
	case "SDN.CSV":
		return []string{"ALT.CSV", "ADD.CSV", "SDN_COMMENTS.CSV"}
	case "cons_prim.csv":
		return []string{"cons_alt.csv", "cons_add.csv", "cons_comments.csv"}
	case "CONS_PRIM.CSV":
		return []string{"CONS_ALT.CSV", "CONS_ADD.CSV", "CONS_COMMENTS.CSV"}
	}
	return nil
}

const knownFormats = "it may be OFAC's CSV (sdn.csv: 12 columns, no header), the UN's or the EU's XML, the EU's or the UK's CSV, FollowTheMoney JSON lines, " +
	"a national list in JSON, or a CSV whose header names id and name, name_en or name_ar, or document_number"

type ofacRow struct {
	line  int
	cells []string
}

func readOFAC(files []File) (List, error) {
	var sdn, alt, add, comments []ofacRow
	var sdnName string
	for _, f := range files {
		rows, err := ofacRows(f)
		if err != nil {
			return List{}, err
		}
		if len(rows) == 0 {
			continue
		}
		switch len(rows[0].cells) {
		case sdnColumns:
			sdn, sdnName = append(sdn, rows...), f.Name
		case altColumns:
			alt = append(alt, rows...)
		case addColumns:
			add = append(add, rows...)
		case commentColumns:
			comments = append(comments, rows...)
		}
	}
	if sdn == nil {
		return List{}, &Error{files[0].Name, []*fault.Fault{{Line: 1, Rule: "list_format", Message: "no list that is known here",
			Mend: knownFormats}}}
	}
	r := reader{file: sdnName}
	more := make(map[string]string)
	for _, c := range comments {
		more[c.cells[0]] += c.cells[1]
	}
	list := List{Format: "ofac"}
	at := make(map[string]int, len(sdn))
	for _, row := range sdn {
		id := row.cells[0]
		if !allDigits(id) {
			r.wrong(row.line, "ent_num", "entry_id", fmt.Sprintf("%q is no entity number", id), "the first column is a number")
			continue
		}
		if row.cells[1] == "" {
			r.wrong(row.line, "SDN_Name", "entry_name", "the entry has no name", "the second column is the name")
			continue
		}
		at[id] = len(list.Entries)
		list.Entries = append(list.Entries, ofacEntry(row, more[id]))
	}
	for _, row := range alt {
		if i, ok := at[row.cells[0]]; ok && row.cells[3] != "" {
			e := &list.Entries[i]
			kind := "alias"
			if row.cells[2] == "fka" {
				kind = "former"
			}
			e.Names = append(e.Names, ofacName(row.cells[3], e.Schema, kind))
		}
	}
	for _, row := range add {
		i, ok := at[row.cells[0]]
		if !ok {
			continue
		}
		e := &list.Entries[i]
		e.country(named(row.cells[4]), "residence")
		if text := strings.Join(nonEmpty(row.cells[2], row.cells[3], row.cells[4]), ", "); text != "" && text != row.cells[4] {
			e.Notes = append(e.Notes, "Address: "+text)
		}
	}
	return list.finish(&r)
}

func ofacRows(f File) ([]ofacRow, error) {
	r := reader{file: f.Name}
	text, bad := decode(f.Data)
	if bad >= 0 {
		text = windows1252(text)
	}
	c := csv.NewReader(bytes.NewReader(text))
	c.FieldsPerRecord, c.LazyQuotes = -1, true
	var rows []ofacRow
	for {
		cells, err := c.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			r.csvFault(err, 0)
			break
		}
		line, _ := c.FieldPos(0)
		if len(cells) == 1 && strings.Trim(cells[0], "\x1a \r") == "" {
			continue
		}
		want := sdnColumns
		if len(rows) > 0 {
			want = len(rows[0].cells)
		} else {
			switch len(cells) {
			case altColumns, addColumns, commentColumns:
				want = len(cells)
			}
			if !allDigits(strings.TrimSpace(cells[0])) || len(cells) != want {
				r.wrong(line, "", "list_format", "no list that is known here",
					knownFormats)
				break
			}
		}
		if r.full() || !r.many(line) {
			break
		}
		if len(cells) != want {
			r.wrong(line, "", "row_width", fmt.Sprintf("the row has %d columns, those before %d", len(cells), want), "fetch the file again: it is cut, or a quote is missing")
			continue
		}
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
			if len(cells[i]) > longestNote {
				r.wrong(line, "", "value_size", "the value is longer than 65,536 bytes", shorten)
				cells[i] = ""
			}
			if cells[i] == "-0-" {
				cells[i] = ""
			}
		}
		rows = append(rows, ofacRow{line, cells})
	}
	return rows, r.err()
}

var ofacSchemas = map[string]string{"individual": "Person", "vessel": "Vessel", "aircraft": "Airplane", "": "Organization"}

func ofacEntry(row ofacRow, more string) Entry {
	c := row.cells
	e := Entry{ID: c[0], Schema: ofacSchemas[strings.ToLower(c[2])], Line: row.line, Topics: []string{"sanction"}}
	if e.Schema == "" {
		e.Schema = "LegalEntity"
	}
	e.Names = append(e.Names, ofacName(c[1], e.Schema, "primary"))
	for _, p := range strings.Split(c[3], "] [") {
		if p = strings.Trim(p, "[] "); p != "" {
			e.Programmes = append(e.Programmes, p)
		}
	}
	e.Reason = c[4]
	if c[5] != "" {
		e.Identifiers = append(e.Identifiers, Identifier{"call_sign", c[5]})
	}
	for _, n := range []struct {
		i    int
		name string
	}{{6, "Vessel type"}, {7, "Tonnage"}, {8, "Gross tonnage"}, {9, "Flag"}, {10, "Owner"}} {
		if c[n.i] != "" {
			e.Notes = append(e.Notes, n.name+": "+c[n.i])
		}
	}
	e.remarks(c[11] + more)
	return e
}

// ofacName takes a person's name apart at its comma, the only structure it has.
func ofacName(text, schema, kind string) Name {
	n := Name{Text: text, Kind: kind}
	if schema == "Person" {
		if surname, given, ok := strings.Cut(text, ","); ok {
			n.Surname, n.Given = strings.TrimSpace(surname), strings.TrimSpace(given)
		}
	}
	return n
}

var ofacDocument = regexp.MustCompile(`^(?:alt\. )?(Passport|Diplomatic Passport|National ID No\.|Cedula No\.|Citizen's Card Number|Identification Number|Identity Card No\.|Tarjeta Profesional|Travel Document Number|Residency Number|C\.U\.R\.P\.|D\.N\.I\.|SSN|Driver's License No\.|Birth Certificate Number|Stateless Person ID Card) ([^\s(][^(]*?)(?: \(([^)]+)\))?(?: issued (.+?))?(?: expires (.+?))?$`)

var ofacDocumentTypes = map[string]string{"Passport": "P", "Diplomatic Passport": "P", "National ID No.": "I", "Cedula No.": "I", "Identity Card No.": "I", "D.N.I.": "I", "Travel Document Number": "P"}

// remarks reads the parts that have a meaning here and keeps the rest as it stands.
func (e *Entry) remarks(text string) {
	text = strings.TrimSpace(text)
	if text == "" {
		return
	}
	for _, part := range strings.Split(strings.TrimSuffix(text, "."), ";") {
		part = strings.TrimSpace(part)
		if part == "" {
			continue
		}
		label, rest, _ := strings.Cut(strings.TrimPrefix(part, "alt. "), " ")
		switch label {
		case "DOB":
			if d, ok := ofacDate(rest); ok {
				e.Births = append(e.Births, d)
				continue
			}
		case "POB":
			place := rest[strings.LastIndexByte(rest, ',')+1:]
			if code := named(place); len(code) == 3 {
				e.country(code, "birth")
			}
		case "nationality", "citizen":
			e.country(named(rest), "nationality")
			continue
		case "Gender":
			switch rest {
			case "Male":
				e.Sex = "M"
				continue
			case "Female":
				e.Sex = "F"
				continue
			}
		case "a.k.a.", "f.k.a.":
			if name := strings.Trim(rest, "' "); name != "" {
				e.Names = append(e.Names, Name{Text: name, Kind: "alias", Weak: true})
				continue
			}
		case "Vessel":
			if number, ok := strings.CutPrefix(rest, "Registration Identification "); ok {
				e.Identifiers = append(e.Identifiers, Identifier{"imo", strings.TrimPrefix(number, "IMO ")})
				continue
			}
		case "MMSI":
			e.Identifiers = append(e.Identifiers, Identifier{"mmsi", rest})
			continue
		}
		if kind, value, ok := ofacIdentifier(strings.TrimPrefix(part, "alt. ")); ok {
			number, country, _ := strings.Cut(value, " (")
			e.identifier(kind, number)
			if country != "" || kind == "wallet" {
				e.Notes = append(e.Notes, part) // it says whose number it is, or of which currency
			}
			continue
		}
		if m := ofacDocument.FindStringSubmatch(part); m != nil {
			d := Document{Type: m[1], Number: m[2]}
			if t := ofacDocumentTypes[m[1]]; t != "" {
				d.Type = t
			}
			if m[3] != "" {
				d.Issuer = named(m[3])
			}
			if day, ok := ofacDate(m[5]); ok {
				d.Expires = day
			}
			e.Documents = append(e.Documents, d)
			continue
		}
		e.Notes = append(e.Notes, part)
	}
}

// ofacIdentifiers are the labels of numbers that are no documents, by what they begin with.
var ofacIdentifiers = []struct{ label, kind string }{
	{"Tax ID No. ", "tax"}, {"NIT # ", "tax"}, {"RUC # ", "tax"}, {"R.F.C. ", "tax"}, {"RIF # ", "tax"}, {"V.A.T. Number ", "vat"},
	{"Registration ID ", "registration"}, {"Registration Number ", "registration"}, {"Company Number IMO ", "imo_company"}, {"Company Number ", "registration"},
	{"Business Registration Number ", "registration"}, {"Business Registration Document # ", "registration"}, {"Commercial Registry Number ", "registration"},
	{"Trade License No. ", "registration"}, {"Government Gazette Number ", "registration"}, {"Matricula Mercantil No ", "registration"},
	{"Folio Mercantil No. ", "registration"}, {"C.R. No. ", "registration"}, {"Enterprise Number ", "registration"}, {"Unified Social Credit Code (USCC) ", "registration"},
	{"SWIFT/BIC ", "bic"}, {"Aircraft Tail Number ", "tail"}, {"Aircraft Manufacturer's Serial Number (MSN) ", "msn"},
	{"Aircraft Mode S Transponder Code ", "mode_s"}, {"D-U-N-S Number ", "duns"}, {"Legal Entity Number ", "lei"},
	{"Email Address ", "email"}, {"Phone Number ", "phone"}, {"Website ", "website"},
}

func ofacIdentifier(part string) (kind, value string, ok bool) {
	if rest, is := strings.CutPrefix(part, "Digital Currency Address - "); is {
		_, value, ok = strings.Cut(rest, " ") // the currency comes first
		return "wallet", value, ok
	}
	for _, l := range ofacIdentifiers {
		if value, ok = strings.CutPrefix(part, l.label); ok && value != "" {
			return l.kind, value, true
		}
	}
	return "", "", false
}

// ofacDate reads 04 Dec 1959, Sep 1957, 1949, circa 1965, 1967 to 1970.
func ofacDate(s string) (string, bool) {
	s = strings.TrimSpace(s)
	if rest, ok := strings.CutPrefix(s, "circa "); ok {
		d, ok := ofacDate(rest)
		return "~" + strings.TrimPrefix(d, "~"), ok
	}
	for _, between := range []string{" to ", "-"} {
		if from, to, ok := strings.Cut(s, between); ok {
			a, okA := ofacDate(from)
			b, okB := ofacDate(to)
			if !okA || !okB || len(a) < 4 || len(b) < 4 || strings.ContainsAny(a+b, "~/") || a[:4] > b[:4] {
				return "", false
			}
			if a[:4] == b[:4] {
				return a[:4], true
			}
			return a[:4] + "/" + b[:4], true
		}
	}
	for _, layout := range []struct{ in, out string }{{"02 Jan 2006", "2006-01-02"}, {"2 Jan 2006", "2006-01-02"}, {"Jan 2006", "2006-01"}, {"2006", "2006"}} {
		if t, err := time.Parse(layout.in, s); err == nil && isYear(t.Format("2006")) {
			return t.Format(layout.out), true
		}
	}
	return "", false
}

func allDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}
