package incident

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rihla/rihla/formats/country"
	"github.com/rihla/rihla/formats/fault"
	"github.com/rihla/rihla/formats/jsondoc"
	"github.com/rihla/rihla/formats/observable"
	"github.com/rihla/rihla/formats/stix"
)

// Reading is what reading a report gave: the report, when it has no Errors; warnings, and indicators that are none, beside.
type Reading struct {
	Report   Report
	Errors   []fault.Fault
	Warnings []fault.Fault
	Lost     []fault.Fault // indicators that are no values; the report stands without them
}

// Recognise tells a report by its schema, or by what nothing else has together.
func Recognise(head []byte) bool {
	head = bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n")
	if len(head) == 0 || head[0] != '{' {
		return false
	}
	return bytes.Contains(head, []byte(`"rihla.incident-report/`)) || bytes.Contains(head, []byte(`"report_id"`)) && bytes.Contains(head, []byte(`"stage"`))
}

// Read reads a report; a Fault means that it is not even JSON.
func Read(raw []byte) (*Reading, *fault.Fault) {
	raw = bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf"))
	root, broken := jsondoc.Parse(raw)
	if broken != nil {
		return nil, broken
	}
	f := &form{}
	if root.Kind != jsondoc.Object {
		return nil, &fault.Fault{Offset: root.Offset, Rule: "type", Message: "a report is one object, not " + root.Kind.String(), Mend: "file one report at a time"}
	}
	f.report(&root)
	return &f.Reading, nil
}

// form reads the values of a report, remembering what is wrong with each.
type form struct{ Reading }

func (f *form) wrong(v *jsondoc.Value, pointer, rule, mend, message string, args ...any) {
	e := fault.Fault{Pointer: pointer, Rule: rule, Message: fmt.Sprintf(message, args...), Mend: mend}
	if v != nil {
		e.Offset = v.Offset
	}
	f.Errors = append(f.Errors, e)
}

func (f *form) warn(v *jsondoc.Value, pointer, rule, message string, args ...any) {
	e := fault.Fault{Pointer: pointer, Rule: rule, Message: fmt.Sprintf(message, args...)}
	if v != nil {
		e.Offset = v.Offset
	}
	f.Warnings = append(f.Warnings, e)
}

var known = map[string][]string{
	"": {"schema", "report_id", "previous_report_id", "stage", "filer", "aware_at", "detected_at", "occurred_from", "occurred_to", "title", "description", "type",
		"suspected_malicious", "cross_border", "affected", "impact", "indicators", "vulnerabilities", "measures", "root_cause", "tlp", "attachments", "victim_consents"},
	"/filer":    {"name", "contact", "phone"},
	"/affected": {"sector", "services", "users_estimate", "countries"},
	"/impact":   {"availability", "confidentiality", "integrity"},
}

func (f *form) report(root *jsondoc.Value) {
	f.flaws(root, "")
	r := &f.Report
	r.Schema = f.text(root, "", "schema", required, 60)
	if r.Schema != "" && r.Schema != Schema {
		f.wrong(root.Get("schema"), "/schema", "enum", "write "+Schema, "schema is %.60q, and %s is what is read here", r.Schema, Schema)
	}
	r.ReportID = f.text(root, "", "report_id", required, 100)
	r.Previous = f.text(root, "", "previous_report_id", optional, 100)
	if r.Previous != "" && r.Previous == r.ReportID {
		f.wrong(root.Get("previous_report_id"), "/previous_report_id", "self-reference", "name the report before this one", "a report does not follow itself")
	}
	r.Stage = Stage(f.word(root, "", "stage", required, stages...))
	f.filer(root)
	r.AwareAt = f.instant(root, "aware_at", required)
	r.DetectedAt = f.instant(root, "detected_at", optional)
	r.OccurredFrom, r.OccurredTo = f.instant(root, "occurred_from", optional), f.instant(root, "occurred_to", optional)
	if !r.OccurredFrom.IsZero() && !r.OccurredTo.IsZero() && r.OccurredTo.Before(r.OccurredFrom) {
		f.wrong(root.Get("occurred_to"), "/occurred_to", "order", "exchange the two, or correct one", "it ends before it began")
	}
	if !r.AwareAt.IsZero() && !r.DetectedAt.IsZero() && r.DetectedAt.After(r.AwareAt) {
		f.warn(root.Get("detected_at"), "/detected_at", "order", "detected after the entity was aware of it: one of the two is mistaken")
	}
	r.Title = f.text(root, "", "title", required, 300)
	r.Description = f.text(root, "", "description", required, 20_000)
	r.Type = f.text(root, "", "type", optional, 100)
	if r.Type != "" && !typeForm.MatchString(r.Type) {
		f.warn(root.Get("type"), "/type", "vocabulary", "%.60q is no code of the reference taxonomy: class/type", r.Type)
	}
	r.Malicious = f.word(root, "", "suspected_malicious", optional, "yes", "no", "unknown")
	r.CrossBorder = f.word(root, "", "cross_border", optional, "yes", "no", "unknown")
	f.affected(root)
	f.impact(root)
	f.indicators(root)
	r.Vulnerable = f.texts(root, "", "vulnerabilities", 200, 60)
	for i, cve := range r.Vulnerable {
		if _, value, refused := observable.Parse(observable.CVE, cve); refused == nil {
			r.Vulnerable[i] = value
		} else {
			f.warn(root.Get("vulnerabilities"), "/vulnerabilities/"+strconv.Itoa(i), "cve", "%s", refused.Message)
		}
	}
	r.Measures = f.texts(root, "", "measures", 200, 1000)
	r.RootCause = f.text(root, "", "root_cause", optional, 20_000)
	f.marking(root)
	f.attachments(root)
	if v := root.Get("victim_consents"); v != nil {
		yes, ok := v.Bool()
		if !ok {
			f.wrong(v, "/victim_consents", "type", "write true or false", "victim_consents is %s", v.Kind)
		}
		r.VictimConsents = yes
	}
}

var typeForm = regexp.MustCompile(`^[a-z][a-z-]*(/[a-z][a-z-]*)?$`)

// flaws finds names that nobody knows, names used twice and what the document's reader found odd.
func (f *form) flaws(v *jsondoc.Value, at string) {
	if v.Flaw != nil {
		f.wrong(v, at+v.Flaw.Pointer, v.Flaw.Rule, "write it again", "%s", v.Flaw.Message)
	}
	names := known[at]
	for i, members := 0, v.Members(); i < len(members); i++ {
		m := &members[i]
		if slices.Contains(names, m.Name) {
			continue
		}
		e := fault.Fault{Offset: m.Value.Offset, Pointer: at + "/" + jsondoc.Escape(m.Name), Rule: "unknown-field", Message: fmt.Sprintf("%.60q is no field of a report; it is not kept", m.Name)}
		if near := fault.Nearest(m.Name, names, 2); near != "" {
			e.Mend = "did you mean " + near + "?"
		}
		f.Warnings = append(f.Warnings, e)
	}
}

type need bool

const (
	required need = true
	optional need = false
)

func (f *form) text(in *jsondoc.Value, at, name string, must need, longest int) string {
	v := in.Get(name)
	pointer := at + "/" + name
	switch {
	case v == nil || v.Kind == jsondoc.Null:
		if must {
			f.wrong(in, pointer, "required", "give "+name, "%s is missing", name)
		}
		return ""
	case v.Kind != jsondoc.String:
		f.wrong(v, pointer, "type", "write a text", "%s is %s and should be a text", name, v.Kind)
		return ""
	}
	text := strings.TrimSpace(v.Text())
	switch {
	case text == "" && bool(must):
		f.wrong(v, pointer, "required", "give "+name, "%s is empty", name)
	case len(text) > longest:
		f.wrong(v, pointer, "length", "shorten it, and attach the rest", "%s has %d bytes, and %d are taken", name, len(text), longest)
		return ""
	}
	return text
}

func (f *form) word(in *jsondoc.Value, at, name string, must need, words ...string) string {
	text := f.text(in, at, name, must, 200)
	if text != "" && !slices.Contains(words, text) {
		f.wrong(in.Get(name), at+"/"+name, "enum", "write one of "+strings.Join(words, ", "), "%.40q is none that is known", text)
		return ""
	}
	return text
}

func (f *form) instant(in *jsondoc.Value, name string, must need) time.Time {
	text := f.text(in, "", name, must, 60)
	if text == "" {
		return time.Time{}
	}
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04Z07:00"} {
		if t, err := time.Parse(layout, text); err == nil && t.Year() > 1970 && t.Year() < 3000 {
			return t.UTC().Truncate(time.Microsecond)
		}
	}
	f.wrong(in.Get(name), "/"+name, "timestamp", "write 2026-03-15T02:45:00+03:00", "%.40q is no instant with its offset", text)
	return time.Time{}
}

func (f *form) texts(in *jsondoc.Value, at, name string, most, longest int) []string {
	v := in.Get(name)
	pointer := at + "/" + name
	if v == nil || v.Kind == jsondoc.Null {
		return nil
	}
	if v.Kind != jsondoc.Array {
		f.wrong(v, pointer, "type", "write a list of texts", "%s is %s and should be a list", name, v.Kind)
		return nil
	}
	items := v.Items()
	if len(items) > most {
		f.wrong(v, pointer, "length", "leave the rest out", "%s has %d items, and %d are taken", name, len(items), most)
		return nil
	}
	var out []string
	for i := range items {
		item := &items[i].Value
		text := strings.TrimSpace(item.Text())
		if item.Kind != jsondoc.String || text == "" || len(text) > longest {
			f.wrong(item, pointer+"/"+strconv.Itoa(i), "type", fmt.Sprintf("write a text of at most %d bytes", longest), "an item of %s is no such text", name)
			continue
		}
		out = append(out, text)
	}
	return out
}

// part is an object within the report; nil where there is none.
func (f *form) part(root *jsondoc.Value, name string, must need) *jsondoc.Value {
	v := root.Get(name)
	if v == nil || v.Kind == jsondoc.Null {
		if must {
			f.wrong(root, "/"+name, "required", "give "+name, "%s is missing", name)
		}
		return nil
	}
	if v.Kind != jsondoc.Object {
		f.wrong(v, "/"+name, "type", "write an object", "%s is %s and should be an object", name, v.Kind)
		return nil
	}
	f.flaws(v, "/"+name)
	return v
}

func (f *form) filer(root *jsondoc.Value) {
	if v := f.part(root, "filer", required); v != nil {
		f.Report.Filer = Filer{f.text(v, "/filer", "name", required, 200), f.text(v, "/filer", "contact", required, 300), f.text(v, "/filer", "phone", optional, 60)}
	}
}

func (f *form) affected(root *jsondoc.Value) {
	v := f.part(root, "affected", optional)
	if v == nil {
		return
	}
	a := &f.Report.Affected
	a.Sector = strings.ToLower(f.text(v, "/affected", "sector", optional, 60))
	a.Services = f.texts(v, "/affected", "services", 200, 200)
	if n := v.Get("users_estimate"); n != nil {
		users, ok := n.Integer()
		if !ok || users < 0 {
			f.wrong(n, "/affected/users_estimate", "type", "write a whole number", "users_estimate is no number of people")
		} else {
			a.Users = users
		}
	}
	a.Countries = f.texts(v, "/affected", "countries", 250, 3)
	for i, c := range a.Countries {
		if alpha2 := country.Alpha2(strings.ToUpper(c)); alpha2 != "" {
			a.Countries[i] = alpha2
		} else {
			f.warn(v.Get("countries"), "/affected/countries/"+strconv.Itoa(i), "country", "%.10q is no country", c)
		}
	}
}

func (f *form) impact(root *jsondoc.Value) {
	v := f.part(root, "impact", optional)
	if v == nil {
		return
	}
	words := []string{"none", "low", "medium", "high", "unknown"}
	f.Report.Impact = Impact{f.word(v, "/impact", "availability", optional, words...), f.word(v, "/impact", "confidentiality", optional, words...), f.word(v, "/impact", "integrity", optional, words...)}
}

// indicators are taken one by one: one that is none is lost, and the report stands.
func (f *form) indicators(root *jsondoc.Value) {
	v := root.Get("indicators")
	if v == nil || v.Kind == jsondoc.Null {
		return
	}
	if v.Kind != jsondoc.Array {
		f.wrong(v, "/indicators", "type", "write a list", "indicators is %s and should be a list", v.Kind)
		return
	}
	items := v.Items()
	const most = 5000
	if len(items) > most {
		f.wrong(v, "/indicators", "length", "file the rest as a list of indicators", "the report names %d indicators, and %d are taken", len(items), most)
		return
	}
	for i := range items {
		item := &items[i].Value
		pointer := "/indicators/" + strconv.Itoa(i)
		lose := func(rule, mend, message string) {
			f.Lost = append(f.Lost, fault.Fault{Offset: item.Offset, Length: item.Len(), Pointer: pointer, Rule: rule, Message: message, Mend: mend, What: "indicator"})
		}
		text := item.Get("value").Text()
		kind, value, refused := parse(item.Get("type").Text(), text)
		if refused != nil {
			lose(refused.Rule, refused.Mend, refused.Message)
			continue
		}
		seen, _ := time.Parse(time.RFC3339Nano, item.Get("first_seen").Text())
		if !seen.IsZero() {
			seen = seen.UTC().Truncate(time.Microsecond)
		}
		f.Report.Indicators = append(f.Report.Indicators, Indicator{kind, value, seen})
		for _, d := range observable.Doubts(kind, value) {
			f.Warnings = append(f.Warnings, fault.Fault{Offset: item.Offset, Pointer: pointer + "/value", Rule: d.Rule, Message: d.Message, Mend: d.Mend})
		}
	}
}

// parse reads a value of the kind somebody names, or of the kind it looks like where none is named.
func parse(named, text string) (observable.Kind, string, *observable.Refusal) {
	if named == "" {
		kind, value, ok := observable.Guess(text)
		if !ok {
			return "", "", &observable.Refusal{Rule: "type", Message: fmt.Sprintf("%.60q is of no kind that is known by its shape", text), Mend: "name its type"}
		}
		return kind, observable.Key(kind, value), nil
	}
	kind, ok := observable.Named(named)
	if !ok {
		return "", "", &observable.Refusal{Rule: "type", Message: fmt.Sprintf("%.60q is no type of indicator", named), Mend: "write ipv4, domain, url, email, sha256 …"}
	}
	kind, value, refused := observable.Parse(kind, text)
	return kind, observable.Key(kind, value), refused
}

func (f *form) marking(root *jsondoc.Value) {
	f.Report.TLP = stix.Amber
	text := f.text(root, "", "tlp", optional, 40)
	if text == "" {
		return
	}
	level, ok := stix.ParseTLP(text)
	if !ok {
		f.wrong(root.Get("tlp"), "/tlp", "enum", "write CLEAR, GREEN, AMBER, AMBER+STRICT or RED", "%.40q is no level of the Traffic Light Protocol", text)
		return
	}
	f.Report.TLP = level
}

func (f *form) attachments(root *jsondoc.Value) {
	v := root.Get("attachments")
	for i, items := 0, v.Items(); i < len(items); i++ {
		item := &items[i].Value
		pointer := "/attachments/" + strconv.Itoa(i)
		a := Attachment{f.text(item, pointer, "name", required, 300), strings.ToLower(f.text(item, pointer, "sha256", required, 64)), f.text(item, pointer, "media_type", optional, 100)}
		if sum, err := hex.DecodeString(a.SHA256); a.SHA256 != "" && (err != nil || len(sum) != 32) {
			f.wrong(item.Get("sha256"), pointer+"/sha256", "hash", "write 64 hexadecimal digits", "this is no SHA-256")
			continue
		}
		f.Report.Attachments = append(f.Report.Attachments, a)
	}
}
