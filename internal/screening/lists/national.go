package lists

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// A state's own list, as CSV or JSON: names in Arabic first, several documents, validity, an instruction to the officer.

var nationalColumns = strings.Fields("id action name_ar name_en aliases weak_aliases birth_date birth_date_hijri gender nationalities documents category instruction valid_from valid_to owner basis review")

func readNationalCSV(r *reader, list *List, text []byte) {
	list.roomFor(text)
	table{required: []string{"id"}, known: nationalColumns}.read(r, text, func(w *row) {
		e := Entry{ID: w.cell("id"), Schema: "Person", Line: w.line, Sex: r.sex(w.line, "gender", w.cell("gender")),
			Births: r.births(w.line, "birth_date", w.cell("birth_date")), Countries: r.countries(w.line, "nationalities", w.cell("nationalities"), "nationality"),
			Documents: r.documents(w.line, "documents", w.cell("documents"))}
		e.addNames(w.cell("name_ar"), w.cell("name_en"), split(w.cell("aliases"), "|"), split(w.cell("weak_aliases"), "|"))
		r.national(list, e, w.line, w.cell)
	})
}

// national sets what CSV and JSON say alike and files the entry, or its removal.
func (r *reader) national(list *List, e Entry, line int, cell func(string) string) {
	if e.ID == "" {
		r.wrong(line, "id", "entry_id", "the entry has no id", "give it one of its own, for ever")
		return
	}
	switch action := strings.ToLower(cell("action")); action {
	case "", "add", "change":
	case "remove", "delete":
		list.Removed = append(list.Removed, e.ID)
		return
	default:
		r.wrong(line, "action", "action", fmt.Sprintf("%q is no action", action), "add, change or remove")
	}
	if len(e.Names) == 0 && len(e.Documents) == 0 {
		r.wrong(line, "name_en", "entry_name", "the entry has neither a name nor a document", "give one of them")
	}
	if c := cell("category"); c != "" {
		e.Topics = r.alone(strings.ToLower(c))
		if stolen(c) && len(e.Documents) > 0 {
			e.DocumentOnly = true
			for i := range e.Documents {
				e.Documents[i].Status = "stolen"
			}
		}
	}
	e.Reason = cell("category")
	e.Instruction, e.Owner = cell("instruction"), cell("owner")
	e.From, e.Until = r.dayOf(line, "valid_from", cell("valid_from")), r.dayOf(line, "valid_to", cell("valid_to"))
	if e.From != "" && e.Until != "" && e.Until < e.From {
		r.wrong(line, "valid_to", "validity", "the entry ends before it begins", "exchange the two days")
	}
	r.hijriBirths(&e, line, "birth_date_hijri", cell("birth_date_hijri"))
	e.Basis = cell("basis")
	e.Review = r.dayOf(line, "review", cell("review"))
	list.Entries = append(list.Entries, e)
}

// addNames files an entry's names: the first written is the primary one.
func (e *Entry) addNames(arabic, latin string, aliases, weak []string) {
	kind := primary
	for _, n := range []string{arabic, latin} {
		if n != "" {
			e.Names = append(e.Names, Name{Text: n, Kind: kind})
		}
	}
	for _, n := range aliases {
		e.Names = append(e.Names, Name{Text: n, Kind: alias})
	}
	for _, n := range weak {
		e.Names = append(e.Names, Name{Text: n, Kind: alias, Weak: true})
	}
}

type nationalList struct {
	List           string            `json:"list"`
	Version        string            `json:"version"`
	Previous       string            `json:"previous"`
	Full           *bool             `json:"full"`
	Classification string            `json:"classification"`
	Entries        []json.RawMessage `json:"entries"`
}

type nationalEntry struct {
	ID            string   `json:"id"`
	Action        string   `json:"action"`
	NameAr        string   `json:"name_ar"`
	NameEn        string   `json:"name_en"`
	Aliases       []string `json:"aliases"`
	WeakAliases   []string `json:"weak_aliases"`
	BirthDate     string   `json:"birth_date"`
	Hijri         string   `json:"birth_date_hijri"`
	Gender        string   `json:"gender"`
	Nationalities []string `json:"nationalities"`
	Documents     []struct {
		Type    string `json:"type"`
		Number  string `json:"number"`
		Country string `json:"country"`
		Expires string `json:"expires"`
		Status  string `json:"status"`
	} `json:"documents"`
	Category    string `json:"category"`
	Instruction string `json:"instruction"`
	ValidFrom   string `json:"valid_from"`
	ValidTo     string `json:"valid_to"`
	Owner       string `json:"owner"`
	Basis       string `json:"basis"`
	Review      string `json:"review"`
}

func readNationalJSON(r *reader, list *List, text []byte) {
	var whole nationalList
	if err := json.Unmarshal(text, &whole); err != nil {
		r.jsonFault(text, err)
		return
	}
	if whole.Entries == nil {
		r.wrong(1, "entries", "list_format", "the document has no entries", `a national list is {"list", "version", "full", "entries": […]}`)
		return
	}
	list.Version, list.Dated, list.Partial = whole.Version, dated(whole.Version), whole.Full != nil && !*whole.Full
	if list.Partial {
		list.Previous = whole.Previous
	}
	seen := make(map[string]int, len(whole.Entries))
	for i, raw := range whole.Entries {
		if r.pointer = "/entries/" + strconv.Itoa(i); r.full() || !r.many(0) {
			return
		}
		var n nationalEntry
		if err := json.Unmarshal(raw, &n); err != nil {
			r.wrong(0, "", "json", strings.TrimPrefix(err.Error(), "json: "), "write the entry as the format says")
			continue
		}
		if first, twice := seen[n.ID]; twice && n.ID != "" {
			r.wrong(0, "id", "entry_id_twice", fmt.Sprintf("entry %s is /entries/%d already", shown(n.ID), first), "an entry stands once; its other names are aliases")
			continue
		}
		seen[n.ID] = i
		e := Entry{ID: n.ID, Schema: "Person", Sex: r.sex(0, "gender", n.Gender), Births: r.births(0, "birth_date", n.BirthDate),
			Countries: r.countries(0, "nationalities", strings.Join(n.Nationalities, "|"), "nationality")}
		for j, d := range n.Documents {
			if strings.TrimSpace(d.Number) == "" {
				r.wrong(0, "documents/"+strconv.Itoa(j)+"/number", "document", "the document has no number", "give it, or leave the document out")
				continue
			}
			e.Documents = append(e.Documents, Document{Type: strings.ToUpper(d.Type), Number: d.Number, Issuer: alpha3(strings.ToUpper(d.Country)), Expires: d.Expires, Status: d.Status})
		}
		for field, values := range map[string][]string{"name_ar": {n.NameAr}, "name_en": {n.NameEn}, "aliases": n.Aliases, "weak_aliases": n.WeakAliases} {
			for _, v := range values {
				if len(v) > longestText {
					r.wrong(0, field, "value_size", tooLong, shorten)
				}
			}
		}
		e.addNames(n.NameAr, n.NameEn, n.Aliases, n.WeakAliases)
		cells := map[string]string{"action": n.Action, "category": n.Category, "instruction": n.Instruction, "owner": n.Owner, "valid_from": n.ValidFrom, "valid_to": n.ValidTo, "birth_date_hijri": n.Hijri, "basis": n.Basis, "review": n.Review}
		r.national(list, e, 0, func(name string) string { return strings.TrimSpace(cells[name]) })
	}
}

func (r *reader) jsonFault(text []byte, err error) {
	line := 1
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		line += bytes.Count(text[:min(int(syntax.Offset), len(text))], []byte("\n"))
	case errors.As(err, &kind):
		line += bytes.Count(text[:min(int(kind.Offset), len(text))], []byte("\n"))
	}
	r.wrong(line, "", "json", strings.TrimPrefix(err.Error(), "json: "), "mend the JSON")
}
