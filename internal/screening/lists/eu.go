package lists

import (
	"encoding/xml"
	"strings"
)

// The European Union's consolidated financial sanctions list (FSF), XML 1.1 and its CSV, whose columns are the XML's
// attributes with the element's name before them.

func isEU(text []byte) bool {
	return rootIs(text, "export")
}

func readEU(r *reader, list *List, text []byte) {
	r.xml(text, func(root *element) {
		list.Version = root.get("generationDate")
		list.Dated = dated(list.Version)
	}, func(line int, x *element) {
		e := Entry{Line: line}
		e.euEntity(x, func(part string) []element {
			var out []element
			for i := range x.children {
				if x.children[i].name == part {
					out = append(out, x.children[i])
				}
			}
			return out
		})
		for i := range x.children {
			e.euPart(r, line, &x.children[i])
		}
		r.euFile(list, e)
	}, "sanctionEntity")
}

func (r *reader) euFile(list *List, e Entry) {
	switch {
	case e.ID == "":
		r.wrong(e.Line, "logicalId", "entry_id", "the entry has no logical id", "fetch the file again: each entity has one")
	case len(e.Names) == 0:
		r.wrong(e.Line, "nameAlias", "entry_name", "entry "+shown(e.ID)+" has no name", "fetch the file again: each entity has one")
	default:
		list.Entries = append(list.Entries, e)
	}
}

// euEntity sets what the entity itself says.
func (e *Entry) euEntity(x *element, parts func(string) []element) {
	e.ID, e.Schema, e.Topics = x.get("logicalId"), "Organization", []string{"sanction"}
	for _, t := range parts("subjectType") {
		if code := t.get("code"); strings.EqualFold(code, "person") || strings.EqualFold(code, "P") || strings.EqualFold(t.get("classificationCode"), "P") {
			e.Schema = "Person"
		}
	}
	e.identifier("eu_reference", x.get("euReferenceNumber"))
	e.identifier("un_reference", x.get("unitedNationId"))
	e.note("Designation", listed(x.get("designationDate"), x.get("designationDetails")))
}

var euDocuments = map[string]string{"passport": "P", "diplomaticpassport": "P", "travel": "P", "id": "I", "ssn": "I", "idcard": "I", "nationalidcard": "I"}

// euPart files one element of an entity; what has no field here is a note.
func (e *Entry) euPart(r *reader, line int, c *element) {
	switch c.name {
	case "subjectType":
	case "nameAlias":
		e.euName(r, line, c)
	case "birthdate":
		e.euBirth(r, line, c)
	case "citizenship":
		e.country(euCountry(c), "nationality")
	case "identification":
		e.euIdentification(c)
	case "address":
		e.country(euCountry(c), "residence")
		e.note("Address", listed(c.get("street"), c.get("poBox"), c.get("city"), c.get("zipCode"), c.get("region"), c.get("place"), c.get("countryDescription")))
	case "regulation":
		e.programme(c.get("programme"))
		if title := c.get("numberTitle"); title != "" && e.Basis == "" {
			e.Basis = title
		}
		if e.Reason == "" {
			e.Reason = listed(c.get("programme"), c.get("numberTitle"))
		}
		e.note("Regulation", listed(c.get("regulationType"), c.get("numberTitle"), c.get("publicationDate")))
	default:
		e.note(label(c.name), listed(append(attributes(c), leaves(c))...))
	}
	if c.name != "remark" {
		for i := range c.children {
			if k := &c.children[i]; k.name == "remark" {
				e.note("Remark", k.text)
			}
		}
	}
}

func attributes(c *element) []string {
	var out []string
	for _, a := range c.attr {
		switch a.Name.Local {
		case "logicalId", "regulationLanguage":
		default:
			out = append(out, a.Value)
		}
	}
	return out
}

func (e *Entry) euName(r *reader, line int, c *element) {
	n := Name{Text: spaced(c.get("wholeName")), Kind: alias, Weak: strings.EqualFold(c.get("strong"), "false")}
	given := spaced(c.get("firstName"), c.get("middleName"))
	if n.Text == "" {
		n.Text = spaced(given, c.get("lastName"))
	}
	if whole := spaced(given, c.get("lastName")); e.Schema == "Person" && given != "" && c.get("lastName") != "" && strings.Count(whole, " ") == strings.Count(n.Text, " ") {
		n.Surname, n.Given = spaced(c.get("lastName")), given
	}
	if len(e.Names) == 0 {
		n.Kind = primary
	}
	e.name(n)
	if sex := r.sexOr(e, line, "gender", c.get("gender")); sex != "" {
		e.Sex = sex
	}
	e.note("Function", c.get("function"))
	e.note("Title", c.get("title"))
}

func (e *Entry) euBirth(r *reader, line int, c *element) {
	value := c.get("birthdate")
	if value == "" && c.get("year") != "" {
		value = numbered(c.get("year"), c.get("monthOfYear"), c.get("dayOfMonth"))
	}
	if from, to := c.get("yearRangeFrom"), c.get("yearRangeTo"); from != "" && to != "" {
		value = from + "/" + to
	}
	calendar := strings.ToUpper(c.get("calendarType"))
	switch {
	case value == "":
	case strings.HasPrefix(calendar, "HIJRI"), strings.HasPrefix(calendar, "ISLAMIC"):
		r.hijriBirths(e, line, "birthdate", value)
	case strings.EqualFold(c.get("circa"), "true"):
		e.birth(r, line, "birthdate", "~"+day(value))
	default:
		e.birth(r, line, "birthdate", day(value))
	}
	e.country(euCountry(c), "birth")
	e.note("Place of birth", listed(c.get("place"), c.get("city"), c.get("region")))
}

func (e *Entry) euIdentification(c *element) {
	kind, number := strings.ToLower(c.get("identificationTypeCode")), c.get("number")
	if number == "" {
		number = c.get("latinNumber")
	}
	if e.Schema != "Person" || kind == "tax" || kind == "fiscalcode" || kind == "regnumber" || kind == "swiftbic" || kind == "imo" {
		switch kind {
		case "fiscalcode":
			kind = "tax"
		case "regnumber":
			kind = "registration"
		case "swiftbic":
			kind = "bic"
		}
		if kind == "" {
			kind = "other"
		}
		e.identifier(kind, number)
		e.note("Identification "+number, euCountry(c))
	} else {
		d := Document{Type: kind, Number: number, Issuer: euCountry(c)}
		if t := euDocuments[kind]; t != "" {
			d.Type = t
		}
		switch {
		case strings.EqualFold(c.get("knownFalse"), "true"):
			d.Status = "false"
		case strings.EqualFold(c.get("reportedLost"), "true"):
			d.Status = "lost"
		case strings.EqualFold(c.get("revokedByIssuer"), "true"):
			d.Status = "revoked"
		}
		if until, ok := date(day(c.get("validTo"))); ok {
			d.Expires = until
		}
		e.document(d)
	}
	if strings.EqualFold(c.get("knownExpired"), "true") {
		e.note("Document "+number, "known to be expired")
	}
	if about := listed(c.get("nameOnDocument"), c.get("issuedBy"), c.get("issuedDate")); about != "" {
		e.note("Document "+number, about)
	}
}

// euCountry is the country of a part; 00 is one that is not known.
func euCountry(c *element) string {
	if code := c.get("countryIso2Code"); code != "" && code != "00" {
		return alpha3(strings.ToUpper(code))
	}
	return ""
}

// euColumns are the columns of the CSV that do not name their attribute by its own name.
var euColumns = map[string]string{
	"entity_logicalid": "entity/logicalId", "entity_eu_referencenumber": "entity/euReferenceNumber", "entity_unitednationid": "entity/unitedNationId",
	"entity_designationdate": "entity/designationDate", "entity_designationdetails": "entity/designationDetails", "entity_remark": "remark/",
	"entity_subjecttype": "subjectType/code", "entity_subjecttype_classificationcode": "subjectType/classificationCode",
	"entity_regulation_programme": "regulation/programme", "entity_regulation_publicationdate": "regulation/publicationDate",
	"entity_regulation_type": "regulation/regulationType", "entity_regulation_numbertitle": "regulation/numberTitle",
	"namealias_lastname": "nameAlias/lastName", "namealias_firstname": "nameAlias/firstName", "namealias_middlename": "nameAlias/middleName",
	"namealias_wholename": "nameAlias/wholeName", "namealias_gender": "nameAlias/gender", "namealias_title": "nameAlias/title",
	"namealias_function": "nameAlias/function", "namealias_strong": "nameAlias/strong",
	"birthdate_birthdate": "birthdate/birthdate", "birthdate_day": "birthdate/dayOfMonth", "birthdate_month": "birthdate/monthOfYear",
	"birthdate_year": "birthdate/year", "birthdate_circa": "birthdate/circa", "birthdate_calendartype": "birthdate/calendarType",
	"birthdate_yearrangefrom": "birthdate/yearRangeFrom", "birthdate_yearrangeto": "birthdate/yearRangeTo",
	"birthdate_countryiso2code": "birthdate/countryIso2Code", "birthdate_city": "birthdate/city", "birthdate_place": "birthdate/place",
	"birthdate_region": "birthdate/region", "identification_number": "identification/number", "identification_latinnumber": "identification/latinNumber",
	"identification_typecode": "identification/identificationTypeCode", "identification_countryiso2code": "identification/countryIso2Code",
	"identification_knownfalse": "identification/knownFalse", "identification_knownexpired": "identification/knownExpired",
	"identification_reportedlost": "identification/reportedLost", "identification_revokedbyissuer": "identification/revokedByIssuer",
	"identification_validto": "identification/validTo", "identification_nameondocument": "identification/nameOnDocument",
	"identification_issuedby": "identification/issuedBy", "citizenship_countryiso2code": "citizenship/countryIso2Code",
	"address_countryiso2code": "address/countryIso2Code", "address_street": "address/street", "address_city": "address/city",
	"address_zipcode": "address/zipCode", "address_pobox": "address/poBox", "address_region": "address/region", "address_place": "address/place",
}

// euUnsaid are columns that say nothing of whom an entry is about.
var euUnsaid = map[string]bool{"filegenerationdate": true, "namealias_namelanguage": true, "": true}

func readEUCSV(r *reader, list *List, text []byte) {
	at := make(map[string]int)
	table{required: []string{"entity_logicalid", "namealias_wholename"}, longest: longestNote, lazy: true}.read(r, text, func(w *row) {
		id := w.cell("entity_logicalid")
		if id == "" {
			r.wrong(w.line, "Entity_LogicalId", "entry_id", "the row has no logical id", "fetch the file again: each row has one")
			return
		}
		if list.Version == "" {
			list.Dated = slashed(w.cell("filegenerationdate"))
			list.Version = list.Dated
		}
		parts := make(map[string]*element)
		var order []*element
		for i, column := range w.names {
			value := w.cells[i]
			if value == "" || euUnsaid[column] || strings.HasSuffix(column, "_logicalid") && column != "entity_logicalid" {
				continue
			}
			place, known := euColumns[column]
			if !known {
				continue
			}
			part, attribute, _ := strings.Cut(place, "/")
			p := parts[part]
			if p == nil {
				p = &element{name: part}
				parts[part], order = p, append(order, p)
			}
			if attribute == "" {
				p.text = value
				continue
			}
			p.attr = append(p.attr, xml.Attr{Name: xml.Name{Local: attribute}, Value: value})
		}
		i, known := at[id]
		if !known {
			i = len(list.Entries)
			at[id] = i
			e := Entry{Line: w.line}
			e.euEntity(parts["entity"], func(part string) []element {
				if p := parts[part]; p != nil {
					return []element{*p}
				}
				return nil
			})
			list.Entries = append(list.Entries, e)
		}
		e := &list.Entries[i]
		for _, p := range order {
			if p.name != "entity" {
				e.euPart(r, w.line, p)
			}
		}
		for i, column := range w.names {
			if _, known := euColumns[column]; !known && !euUnsaid[column] && w.cells[i] != "" && !strings.HasSuffix(column, "_logicalid") {
				e.note(label(column), w.cells[i])
			}
		}
	})
	for i := range list.Entries {
		if e := &list.Entries[i]; len(e.Names) == 0 {
			r.wrong(e.Line, "NameAlias_WholeName", "entry_name", "entry "+shown(e.ID)+" has no name", "fetch the file again: each entity has one")
		}
	}
}
