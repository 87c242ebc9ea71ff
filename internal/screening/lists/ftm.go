package lists

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
)

// FollowTheMoney, JSON lines, as OpenSanctions and others export it: one entity a line. A passport or an identification
// is an entity of its own that points at its holder; sanctions point at whom they are against.

func isFtM(text []byte) bool {
	keys := firstRecord(text)
	return keys["schema"] != nil && keys["properties"] != nil
}

type ftmEntity struct {
	ID         string              `json:"id"`
	Schema     string              `json:"schema"`
	Properties map[string][]string `json:"properties"`
	Referents  []string            `json:"referents"`
	Datasets   []string            `json:"datasets"`
	LastSeen   string              `json:"last_seen"`
	Target     *bool               `json:"target"`

	nested []ftmEntity // among the properties, in exports that nest
	line   int
	err    error
	text   []byte
}

// decode reads the entity's line. Properties are lists of texts; only where one is not the line is read again, for in
// nested exports a value may be an entity itself, such as a sanction or a passport.
func (x *ftmEntity) decode() {
	if x.err = json.Unmarshal(x.text, x); x.err != nil {
		if _, shape := errors.AsType[*json.UnmarshalTypeError](x.err); shape {
			x.err = x.decodeNested()
		}
	}
	x.text = nil
}

func (x *ftmEntity) decodeNested() error {
	type plain ftmEntity
	mixed := struct {
		*plain
		Properties map[string][]json.RawMessage `json:"properties"`
	}{plain: (*plain)(x)}
	x.Properties = nil
	if err := json.Unmarshal(x.text, &mixed); err != nil {
		return err
	}
	x.Properties = make(map[string][]string, len(mixed.Properties))
	for property, values := range mixed.Properties {
		for _, v := range values {
			if len(v) > 0 && v[0] == '{' {
				n, err := ftmNested(v)
				if err != nil {
					return err
				}
				x.nested = append(x.nested, n)
				continue
			}
			var text string
			if err := json.Unmarshal(v, &text); err != nil {
				return err
			}
			x.Properties[property] = append(x.Properties[property], text)
		}
	}
	slices.SortFunc(x.nested, func(a, b ftmEntity) int { return strings.Compare(a.ID, b.ID) }) // maps have no order
	return nil
}

// ftmNested reads an entity within another. What it holds further down says nothing of the outer one, and is left, so
// that depth costs nothing.
func ftmNested(b []byte) (ftmEntity, error) {
	var x struct {
		ID         string                       `json:"id"`
		Schema     string                       `json:"schema"`
		Properties map[string][]json.RawMessage `json:"properties"`
	}
	if err := json.Unmarshal(b, &x); err != nil {
		return ftmEntity{}, err
	}
	e := ftmEntity{ID: x.ID, Schema: x.Schema, Properties: make(map[string][]string, len(x.Properties))}
	for property, values := range x.Properties {
		for _, v := range values {
			var text string
			if json.Unmarshal(v, &text) == nil {
				e.Properties[property] = append(e.Properties[property], text)
			}
		}
	}
	return e, nil
}

// ftmSchemas are the kinds of entity that are listed themselves. All others say something of one, or tie two.
var ftmSchemas = map[string]string{
	"Person": "Person", "Organization": "Organization", "Company": "Company", "PublicBody": "Organization", "LegalEntity": "LegalEntity",
	"Vessel": "Vessel", "Airplane": "Airplane", "Vehicle": "Vehicle", "CryptoWallet": "CryptoWallet", "Security": "Security", "Asset": "Asset",
}

func readFtM(r *reader, list *List, text []byte) {
	if lines := bytes.Count(text, []byte("\n")); lines > mostRows {
		r.rows = mostRows
		r.many(lines)
		return
	}
	entities := ftmDecode(text)
	at := make(map[string]int, len(entities))
	list.roomFor(text)
	for i := range entities {
		x := &entities[i]
		switch {
		case r.full():
			return
		case x.err != nil:
			r.wrong(x.line, "", "json", strings.TrimPrefix(x.err.Error(), "json: "), "one entity a line, its properties lists of texts")
			continue
		case x.ID == "":
			r.wrong(x.line, "id", "entry_id", "the entity has no id", "fetch the file again: each has one")
			continue
		}
		if x.LastSeen > list.Version {
			list.Version = x.LastSeen
		}
		schema := ftmSchemas[x.Schema]
		if schema == "" || x.Target != nil && !*x.Target && len(x.Properties["topics"]) == 0 {
			continue // said of one that is listed, or only known to it
		}
		if !r.ftmFits(x) {
			continue
		}
		at[x.ID] = len(list.Entries)
		e := Entry{ID: x.ID, Schema: schema, Line: x.line}
		e.ftm(r, x)
		if len(e.Names) == 0 && len(e.Identifiers) == 0 && len(e.Documents) == 0 {
			r.wrong(x.line, "properties/name", "entry_name", "entity "+shown(x.ID)+" has neither a name nor a document", "give one of them, or leave the entity out")
		}
		for i := range x.nested {
			if n := &x.nested[i]; r.ftmFits(n) {
				e.ftmSaid(n)
			}
		}
		list.Entries = append(list.Entries, e)
	}
	list.Dated = dated(list.Version)
	if list.Dated == "" {
		list.Dated = dated(list.Version + "Z") // their instants have no zone, and are UTC
	}
	for i := range entities {
		if x := &entities[i]; x.err == nil {
			r.ftmSaidOf(list, at, x)
		}
	}
}

// ftmDecode reads the lines on all cores.
func ftmDecode(text []byte) []ftmEntity {
	entities := make([]ftmEntity, 0, bytes.Count(text, []byte("\n"))+1)
	for line := 1; len(text) > 0; line++ {
		var now []byte
		now, text, _ = bytes.Cut(text, []byte("\n"))
		if now = bytes.TrimSpace(now); len(now) > 0 {
			entities = append(entities, ftmEntity{line: line, text: now})
		}
	}
	share := max(1, (len(entities)+runtime.GOMAXPROCS(0)-1)/runtime.GOMAXPROCS(0))
	var g sync.WaitGroup
	for part := range slices.Chunk(entities, share) {
		g.Go(func() {
			for i := range part {
				part[i].decode()
			}
		})
	}
	g.Wait()
	return entities
}

// ftmFits checks the sizes of an entity's values.
func (r *reader) ftmFits(x *ftmEntity) bool {
	for name, values := range x.Properties {
		longest := longestText
		if !ftmShort[name] {
			longest = longestNote
		}
		for _, v := range values {
			if len(v) > longest {
				r.wrong(x.line, "properties/"+name, "value_size", fmt.Sprintf("the value is longer than %d bytes", longest), shorten)
				return false
			}
		}
	}
	return true
}

// ftmShort are the properties whose values are compared, and so bounded as such.
var ftmShort = map[string]bool{"name": true, "alias": true, "weakAlias": true, "previousName": true, "passportNumber": true, "idNumber": true}

var (
	ftmNames = []struct {
		property, kind string
		weak           bool
	}{{"name", primary, false}, {"alias", alias, false}, {"previousName", former, false}, {"weakAlias", alias, true}, {"abbreviation", alias, true}}
	ftmCountries   = map[string]string{"nationality": "nationality", "citizenship": "nationality", "country": "country", "jurisdiction": "jurisdiction", "birthCountry": "birth", "flag": "flag", "mainCountry": "country"}
	ftmIdentifiers = map[string]string{
		"imoNumber": "imo", "mmsi": "mmsi", "callSign": "call_sign", "registrationNumber": "registration", "ogrnCode": "registration", "kppCode": "kpp", "okpoCode": "okpo", "innCode": "tax",
		"taxNumber": "tax", "vatCode": "vat", "leiCode": "lei", "swiftBic": "bic", "dunsCode": "duns", "uniqueEntityId": "uei", "publicKey": "wallet", "isin": "isin", "serialNumber": "tail",
		"icaoCode": "icao", "wikidataId": "wikidata", "socialSecurityNumber": "ssn",
	}
	// ftmParts are parts of names, which stand in the whole name too.
	ftmParts = map[string]bool{"firstName": true, "secondName": true, "middleName": true, "lastName": true, "fatherName": true, "motherName": true, "nameSuffix": true}
)

func (e *Entry) ftm(r *reader, x *ftmEntity) {
	p := x.Properties
	for _, n := range ftmNames {
		for _, text := range p[n.property] {
			kind := n.kind
			if kind == primary && len(e.Names) > 0 && !otherScript(e.Names[0].Text, text) {
				kind = alias
			}
			e.name(Name{Text: text, Kind: kind, Weak: n.weak})
		}
	}
	if len(e.Names) == 0 {
		e.name(Name{Text: spaced(first(p["firstName"]), first(p["secondName"]), first(p["middleName"]), first(p["lastName"])), Kind: primary})
	}
	e.ftmSplit(p)
	for _, property := range sortedKeys(p) {
		values := p[property]
		role, isCountry := ftmCountries[property]
		kind, isIdentifier := ftmIdentifiers[property]
		for _, v := range values {
			switch {
			case property == "birthDate":
				e.birth(r, x.line, "properties/birthDate", day(v))
			case property == "gender":
				if sex := r.sexOr(e, x.line, "properties/gender", v); sex != "" {
					e.Sex = sex
				}
			case isCountry:
				e.country(alpha3(strings.ToUpper(v)), role)
			case isIdentifier:
				e.identifier(kind, v)
			case property == "passportNumber":
				e.document(Document{Type: "P", Number: v})
			case property == "idNumber":
				e.document(Document{Type: "I", Number: v})
			case property == "topics":
				e.Topics = append(e.Topics, v)
			case property == "programId", property == "program":
				e.programme(v)
			case slices.ContainsFunc(ftmNames, func(n struct {
				property, kind string
				weak           bool
			}) bool {
				return n.property == property
			}):
			case ftmParts[property]:
				if !e.says(v) {
					e.note(property, v)
				}
			default:
				e.note(property, v)
			}
		}
	}
	for _, other := range x.Referents {
		e.identifier("referent", other)
	}
	for _, d := range x.Datasets {
		e.note("Dataset", d)
	}
	e.Reason = listed(append(slices.Clone(p["topics"]), p["reason"]...)...)
	if len(e.Reason) > longestText {
		e.Reason = listed(p["topics"]...)
	}
}

// ftmSplit tells surname and given names of the first name apart, where its parts are all there is to it.
func (e *Entry) ftmSplit(p map[string][]string) {
	if e.Schema != "Person" || len(e.Names) == 0 || len(p["firstName"]) != 1 || len(p["lastName"]) != 1 {
		return
	}
	n := &e.Names[0]
	given := spaced(p["firstName"][0], first(p["secondName"]), first(p["middleName"]))
	if surname := spaced(p["lastName"][0]); strings.EqualFold(spaced(given, surname), spaced(n.Text)) {
		n.Surname, n.Given = surname, given
	}
}

// says that a text is in one of the entry's names.
func (e *Entry) says(text string) bool {
	text = strings.ToUpper(text)
	return slices.ContainsFunc(e.Names, func(n Name) bool { return strings.Contains(strings.ToUpper(n.Text), text) })
}

// ftmSaidOf files what an entity says of one that is listed.
func (r *reader) ftmSaidOf(list *List, at map[string]int, x *ftmEntity) {
	pointer := "holder"
	switch x.Schema {
	case "Passport", "Identification":
	case "Sanction":
		pointer = "entity"
	default:
		return
	}
	if !r.ftmFits(x) {
		return
	}
	p := x.Properties
	for _, id := range p[pointer] {
		if i, known := at[id]; known { // others are not listed
			list.Entries[i].ftmSaid(x)
		}
	}
}

// ftmSaid files what another entity says of this one.
func (e *Entry) ftmSaid(x *ftmEntity) {
	p := x.Properties
	switch x.Schema {
	case "Sanction":
		for _, property := range []string{"program", "programId"} {
			for _, v := range p[property] {
				e.programme(v)
			}
		}
		e.note("Sanction", listed(first(p["authority"]), first(p["program"]), first(p["startDate"]), first(p["reason"])))
	case "Passport", "Identification":
		for _, number := range append(slices.Clone(p["number"]), p["passportNumber"]...) {
			d := Document{Type: "I", Number: number, Issuer: alpha3(strings.ToUpper(first(p["country"])))}
			if x.Schema == "Passport" {
				d.Type = "P"
			}
			if until, ok := date(day(first(p["endDate"]))); ok {
				d.Expires = until
			}
			e.ftmDocument(d)
		}
		if x.Schema == "Identification" {
			e.note("Document", listed(first(p["number"]), first(p["type"]), first(p["authority"])))
		}
	case "Address":
		e.note("Address", first(p["full"]))
	}
}

// ftmDocument adds a document, or tells more of one that is there by its number alone.
func (e *Entry) ftmDocument(d Document) {
	for i := range e.Documents {
		o := &e.Documents[i]
		if strings.EqualFold(o.Number, d.Number) && o.Type == d.Type && o.Issuer == "" {
			*o = d
			return
		}
	}
	e.document(d)
}

func first(values []string) string {
	if len(values) == 0 {
		return ""
	}
	return values[0]
}

func sortedKeys(m map[string][]string) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// otherScript says that one of two texts has letters beyond Latin and the other has not.
func otherScript(a, b string) bool { return latinOnly(a) != latinOnly(b) }

func latinOnly(s string) bool {
	for _, c := range s {
		if c >= 0x250 && c != '’' && c != 'ʿ' && c != 'ʾ' {
			return false
		}
	}
	return true
}
