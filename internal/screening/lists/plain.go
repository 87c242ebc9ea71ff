package lists

import "strings"

// A plain CSV of names, for an authority that has no format of its own, and the CSV of lost and stolen documents.

var plainColumns = strings.Fields(`id source name surname given aliases weak_aliases arabic_names birth_date birth_dates born sex gender nationality
	nationalities countries documents programme topic category reason instruction owner basis review valid_from valid_to from until note birth_date_hijri schema`)

var schemas = map[string]string{"person": "Person", "organization": "Organization", "company": "Company", "legalentity": "LegalEntity", "vessel": "Vessel", "airplane": "Airplane"}

func readPlain(r *reader, list *List, text []byte) {
	list.roomFor(text)
	table{required: []string{"id"}, known: plainColumns}.read(r, text, func(w *row) {
		line, cell := w.line, w.cell
		one := func(names ...string) (column, value string) {
			for _, n := range names {
				if v := cell(n); v != "" {
					return n, v
				}
			}
			return names[0], ""
		}
		e := Entry{ID: cell("id"), Schema: "Person", Line: line}
		if e.ID == "" {
			r.wrong(line, "id", "entry_id", "the entry has no id", "give it one of its own, for ever")
			return
		}
		if kind := cell("schema"); kind != "" {
			if e.Schema = schemas[strings.ToLower(kind)]; e.Schema == "" {
				r.wrong(line, "schema", "schema", shown(kind)+" is no kind of entry", "Person, Organization, Company, Vessel or Airplane; nothing is a person")
			}
		}
		if s, g := cell("surname"), cell("given"); s != "" || g != "" {
			e.Names = append(e.Names, Name{Text: strings.TrimSpace(g + " " + s), Surname: s, Given: g, Kind: primary})
		}
		if n := cell("name"); n != "" {
			name := Name{Text: n, Kind: primary}
			if s, g, ok := strings.Cut(n, ","); ok {
				name.Surname, name.Given = strings.TrimSpace(s), strings.TrimSpace(g)
			}
			e.Names = append(e.Names, name)
		}
		for _, n := range append(split(cell("aliases"), "|"), split(cell("arabic_names"), "|")...) {
			name := Name{Text: n, Kind: alias}
			if s, g, ok := strings.Cut(n, ","); ok {
				name.Surname, name.Given = strings.TrimSpace(s), strings.TrimSpace(g)
			}
			e.Names = append(e.Names, name)
		}
		for _, n := range split(cell("weak_aliases"), "|") {
			e.Names = append(e.Names, Name{Text: n, Kind: alias, Weak: true})
		}
		column, value := one("birth_dates", "birth_date", "born")
		e.Births = r.births(line, column, value)
		r.hijriBirths(&e, line, "birth_date_hijri", cell("birth_date_hijri"))
		column, value = one("sex", "gender")
		e.Sex = r.sex(line, column, value)
		column, value = one("countries", "nationalities", "nationality")
		e.Countries = r.countries(line, column, value, "nationality")
		e.Documents = r.documents(line, "documents", cell("documents"))
		if len(e.Names) == 0 && len(e.Documents) == 0 {
			r.wrong(line, "name", "entry_name", "the entry has neither a name nor a document", "give one of them")
		}
		if _, t := one("topic", "category"); t != "" {
			e.Topics = r.alone(strings.ToLower(t))
		}
		if p := cell("programme"); p != "" {
			e.Programmes = r.alone(p)
		}
		_, e.Reason = one("reason", "topic", "category", "programme")
		e.Instruction, e.Owner, e.Basis = cell("instruction"), cell("owner"), cell("basis")
		e.Review = r.dayOf(line, "review", cell("review"))
		column, value = one("valid_from", "from")
		e.From = r.dayOf(line, column, value)
		column, value = one("valid_to", "until")
		e.Until = r.dayOf(line, column, value)
		if n := cell("note"); n != "" {
			e.Notes = append(e.Notes, n)
		}
		list.Entries = append(list.Entries, e)
	})
}

var documentColumns = strings.Fields("id document_type type document_number number issuer status reported note instruction")

var documentStatuses = map[string]string{"": "stolen", "stolen": "stolen", "lost": "lost", "revoked": "revoked", "false": "false", "invalid": "revoked"}

func readDocuments(r *reader, list *List, text []byte) {
	list.roomFor(text)
	table{known: documentColumns}.read(r, text, func(w *row) {
		line, cell := w.line, w.cell
		d := Document{Type: strings.ToUpper(cell("document_type") + cell("type")), Number: cell("document_number") + cell("number"), Reported: r.dayOf(line, "reported", cell("reported"))}
		if d.Type == "" {
			d.Type = "P"
		}
		if d.Number == "" {
			r.wrong(line, "document_number", "document", "the row has no number", "give the number as printed, or take the row out")
			return
		}
		status, ok := documentStatuses[strings.ToLower(cell("status"))]
		if !ok {
			r.wrong(line, "status", "document_status", "the status is none that is known", "stolen, lost, revoked or false")
		}
		d.Status = status
		if c := r.countries(line, "issuer", cell("issuer"), "issuer"); len(c) > 0 {
			d.Issuer = c[0].Code
		}
		id := cell("id")
		if id == "" {
			id = d.Type + ":" + d.Number + ":" + d.Issuer
		}
		e := Entry{ID: id, Schema: "Document", Line: line, Documents: []Document{d}, Topics: r.alone(status + " document"), Reason: cell("note"),
			Instruction: cell("instruction"), DocumentOnly: true}
		list.Entries = append(list.Entries, e)
	})
}
