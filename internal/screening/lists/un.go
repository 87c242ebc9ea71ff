package lists

import "strings"

// The consolidated list of the United Nations Security Council, XML.

func isUN(text []byte) bool { return rootIs(text, "CONSOLIDATED_LIST") }

func readUN(r *reader, list *List, text []byte) {
	r.xml(text, func(root *element) {
		list.Version = root.get("dateGenerated")
		list.Dated = dated(list.Version)
	}, func(line int, x *element) {
		e := Entry{ID: x.child("DATAID"), Line: line, Schema: "Organization", Topics: []string{"sanction"}}
		if x.name == "INDIVIDUAL" {
			e.Schema = "Person"
		}
		if e.ID == "" {
			r.wrong(line, "DATAID", "entry_id", "the entry has no id", "DATAID is the entry's number")
			return
		}
		e.name(Name{Text: spaced(x.child("FIRST_NAME"), x.child("SECOND_NAME"), x.child("THIRD_NAME"), x.child("FOURTH_NAME")), Kind: primary})
		if len(e.Names) == 0 {
			r.wrong(line, "FIRST_NAME", "entry_name", "entry "+shown(e.ID)+" has no name", "FIRST_NAME is its name, or the first part of it")
			return
		}
		for i := range x.children {
			e.unPart(r, line, &x.children[i])
		}
		e.Reason = listed(append(e.Programmes[:len(e.Programmes):len(e.Programmes)], x.child("REFERENCE_NUMBER"))...)
		list.Entries = append(list.Entries, e)
	}, "INDIVIDUAL", "ENTITY")
}

// unPart files one element of an entry; what has no field here is a note.
func (e *Entry) unPart(r *reader, line int, c *element) {
	switch c.name {
	case "DATAID", "FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME", "SORT_KEY", "SORT_KEY_LAST_MOD", "LIST_TYPE":
	case "NAME_ORIGINAL_SCRIPT":
		for _, n := range split(c.text, ";") {
			e.name(Name{Text: n, Kind: primary})
		}
	case "UN_LIST_TYPE":
		e.programme(c.text)
	case "REFERENCE_NUMBER":
		e.identifier("un_reference", c.text)
	case "LISTED_ON":
		e.begin(day(c.text))
	case "GENDER":
		e.Sex = r.sexOr(e, line, "GENDER", c.text)
	case "NATIONALITY":
		for i := range c.children {
			e.country(named(c.children[i].text), "nationality")
		}
	case "INDIVIDUAL_ALIAS", "ENTITY_ALIAS":
		e.unAlias(r, line, c)
	case "INDIVIDUAL_DATE_OF_BIRTH":
		e.unBirth(r, line, c)
	case "INDIVIDUAL_PLACE_OF_BIRTH":
		e.country(named(c.child("COUNTRY")), "birth")
		e.note("Place of birth", leaves(c))
	case "INDIVIDUAL_DOCUMENT":
		e.unDocument(c)
	case "INDIVIDUAL_ADDRESS", "ENTITY_ADDRESS":
		e.country(named(c.child("COUNTRY")), "residence")
		e.note("Address", leaves(c))
	default:
		e.note(label(c.name), leaves(c))
	}
}

func (e *Entry) unAlias(r *reader, line int, c *element) {
	n := Name{Kind: alias}
	switch quality := strings.ToLower(c.child("QUALITY")); {
	case strings.HasPrefix(quality, "low"):
		n.Weak = true
	case strings.HasPrefix(quality, "f.k.a"), strings.HasPrefix(quality, "formerly"):
		n.Kind = former
	}
	for _, text := range split(c.child("ALIAS_NAME"), ";") {
		n.Text = text
		e.name(n)
	}
	e.birth(r, line, "DATE_OF_BIRTH", day(c.child("DATE_OF_BIRTH")))
	e.country(named(c.child("COUNTRY_OF_BIRTH")), "birth")
	if about := listed(c.child("CITY_OF_BIRTH"), c.child("NOTE")); about != "" {
		e.note("Alias "+n.Text, about)
	}
}

func (e *Entry) unBirth(r *reader, line int, c *element) {
	about := ""
	if strings.HasPrefix(strings.ToUpper(c.child("TYPE_OF_DATE")), "APPROX") {
		about = "~"
	}
	value := day(c.child("DATE"))
	if value == "" {
		value = c.child("YEAR")
	}
	if from, to := c.child("FROM_YEAR"), c.child("TO_YEAR"); from != "" && to != "" {
		value = from + "/" + to
		if from == to {
			value = from
		}
	}
	if value != "" {
		e.birth(r, line, "INDIVIDUAL_DATE_OF_BIRTH", about+value)
	}
	e.note("Birth date", c.child("NOTE"))
}

var unDocuments = map[string]string{"passport": "P", "national identification number": "I", "identity card": "I", "national identity card": "I"}

func (e *Entry) unDocument(c *element) {
	d := Document{Type: c.child("TYPE_OF_DOCUMENT"), Number: c.child("NUMBER"), Issuer: named(c.child("ISSUING_COUNTRY"))}
	if d.Type == "" {
		d.Type = c.child("TYPE_OF_DOCUMENT2")
	}
	if d.Issuer == "" {
		d.Issuer = named(c.child("COUNTRY_OF_ISSUE"))
	}
	if t := unDocuments[strings.ToLower(d.Type)]; t != "" {
		d.Type = t
	}
	e.document(d)
	if about := listed(c.child("TYPE_OF_DOCUMENT2"), c.child("DATE_OF_ISSUE"), c.child("CITY_OF_ISSUE"), c.child("NOTE")); about != "" {
		e.note(strings.TrimSpace("Document "+d.Number), about)
	}
}

// leaves are the texts of an element and what it holds, one after another.
func leaves(e *element) string {
	parts := []string{e.text}
	for i := range e.children {
		parts = append(parts, leaves(&e.children[i]))
	}
	return listed(parts...)
}

// label makes words of an element's name: LAST_DAY_UPDATED is "Last day updated".
func label(name string) string {
	switch name {
	case "VERSIONNUM":
		return "Version"
	case "COMMENTS1":
		return "Comment"
	}
	s := strings.ToLower(strings.ReplaceAll(name, "_", " "))
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
