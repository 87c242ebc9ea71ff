package lists

import (
	"strings"
	"time"
)

// OFAC's XML (sdn.xml, consolidated.xml): what the CSV puts into remarks stands in elements of its own, and an alias says
// whether it is weak.

func isOFACXML(text []byte) bool { return rootIs(text, "sdnList") }

var ofacXMLSchemas = map[string]string{"individual": "Person", "entity": "Organization", "vessel": "Vessel", "aircraft": "Airplane"}

func readOFACXML(r *reader, list *List, text []byte) {
	r.xml(text, func(*element) {}, func(line int, x *element) {
		if x.name == "publshInformation" || x.name == "publishInformation" { // the first is how they spell it
			if at, err := time.Parse("01/02/2006", x.child("Publish_Date")); err == nil {
				list.Dated = at.Format(time.DateOnly)
				list.Version = list.Dated
			}
			return
		}
		e := Entry{ID: x.child("uid"), Line: line, Topics: []string{"sanction"}, Schema: ofacXMLSchemas[strings.ToLower(x.child("sdnType"))]}
		if e.ID == "" {
			r.wrong(line, "uid", "entry_id", "the entry has no uid", "fetch the file again: each has one")
			return
		}
		if e.Schema == "" {
			e.Schema = "LegalEntity"
		}
		e.ofacXMLName(x, primary, false)
		if len(e.Names) == 0 {
			r.wrong(line, "lastName", "entry_name", "entry "+shown(e.ID)+" has no name", "fetch the file again: each has one")
			return
		}
		for i := range x.children {
			e.ofacXMLPart(r, line, &x.children[i])
		}
		list.Entries = append(list.Entries, e)
	}, "publshInformation", "publishInformation", "sdnEntry")
}

func (e *Entry) ofacXMLName(x *element, kind string, weak bool) {
	n := Name{Surname: spaced(x.child("lastName")), Given: spaced(x.child("firstName")), Kind: kind, Weak: weak}
	n.Text = n.Surname
	if n.Given != "" {
		n.Text = n.Surname + ", " + n.Given
	}
	if e.Schema != "Person" || n.Surname == "" || n.Given == "" {
		n.Text, n.Surname, n.Given = spaced(n.Given, n.Surname), "", ""
	}
	e.name(n)
}

// ofacXMLPart files one element of an entry; what has no field here is a note.
func (e *Entry) ofacXMLPart(r *reader, line int, c *element) {
	switch c.name {
	case "uid", "firstName", "lastName", "sdnType":
	case "title":
		e.Reason = c.text
	case "remarks":
		e.remarks(c.text)
	case "programList":
		for i := range c.children {
			e.programme(c.children[i].text)
		}
	case "akaList":
		for i := range c.children {
			a := &c.children[i]
			kind := alias
			if strings.HasPrefix(strings.ToLower(a.child("type")), "f") {
				kind = former
			}
			e.ofacXMLName(a, kind, strings.EqualFold(a.child("category"), "weak"))
		}
	case "idList":
		for i := range c.children {
			e.ofacXMLNumber(r, &c.children[i])
		}
	case "nationalityList", "citizenshipList":
		for i := range c.children {
			e.country(named(c.children[i].child("country")), "nationality")
		}
	case "dateOfBirthList":
		for i := range c.children {
			text := c.children[i].child("dateOfBirth")
			if d, ok := ofacDate(text); ok {
				text = d
			}
			e.birth(r, line, c.name, text)
		}
	case "placeOfBirthList":
		for i := range c.children {
			place := c.children[i].child("placeOfBirth")
			if code := named(place[strings.LastIndexByte(place, ',')+1:]); len(code) == 3 {
				e.country(code, "birth")
			}
			e.note("Place of birth", place)
		}
	case "addressList":
		for i := range c.children {
			a := &c.children[i]
			e.country(named(a.child("country")), "residence")
			text := listed(a.child("address1"), a.child("address2"), a.child("address3"), a.child("city"), a.child("stateOrProvince"), a.child("postalCode"), a.child("country"))
			if text != a.child("country") {
				e.note("Address", text)
			}
		}
	case "vesselInfo":
		e.identifier("call_sign", c.child("callSign"))
		for _, n := range [][2]string{{"vesselType", "Vessel type"}, {"tonnage", "Tonnage"}, {"grossRegisteredTonnage", "Gross tonnage"}, {"vesselFlag", "Flag"}, {"vesselOwner", "Owner"}} {
			e.note(n[1], c.child(n[0]))
		}
	default:
		e.note(label(c.name), leaves(c))
	}
}

// ofacXMLNumber files one of the ids: a document, a number that is none, or, oddly, a gender.
func (e *Entry) ofacXMLNumber(r *reader, c *element) {
	kind, number, country := c.child("idType"), c.child("idNumber"), c.child("idCountry")
	part := kind + " " + number
	if kind == "Gender" {
		e.Sex = r.sexOr(e, 0, "idNumber", number)
		return
	}
	if label := kind + " "; ofacDocument.MatchString(label + "X") {
		d := Document{Type: kind, Number: number, Issuer: named(country)}
		if t := ofacDocumentTypes[kind]; t != "" {
			d.Type = t
		}
		if until, ok := ofacDate(c.child("expirationDate")); ok {
			d.Expires = until
		}
		e.document(d)
		return
	}
	if id, value, ok := ofacIdentifier(part); ok {
		e.identifier(id, value)
		if country != "" || id == "wallet" {
			e.Notes = append(e.Notes, strings.TrimSpace(part+" "+country))
		}
		return
	}
	if imo, ok := strings.CutPrefix(part, "Vessel Registration Identification "); ok {
		e.identifier("imo", strings.TrimPrefix(imo, "IMO "))
		return
	}
	if mmsi, ok := strings.CutPrefix(part, "MMSI "); ok {
		e.identifier("mmsi", mmsi)
		return
	}
	if number == "" {
		number = "yes"
	}
	e.note(strings.TrimSuffix(kind, ":"), strings.TrimSpace(number+" "+country))
}
