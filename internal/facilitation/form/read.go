package form

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/rihla/rihla/formats/jsondoc"
)

// Fault is one thing wrong with a form.
type Fault struct {
	Code  string `json:"code" doc:"E-FAC-…: stable"`
	Path  string `json:"path" doc:"Where: applicant.document.mrz[1]"`
	Field string `json:"field,omitempty" doc:"Which field, where the place holds several"`
	Why   string `json:"why"`
}

func (f Fault) String() string { return f.Code + " at " + f.Path + ": " + f.Why }

// The codes.
const (
	CodeSchema    = "E-FAC-SCHEMA"    // it has another shape
	CodeSensitive = "E-FAC-SENSITIVE" // a member would hold what is never asked for
	CodeMissing   = "E-FAC-MISSING"
	CodeValue     = "E-FAC-VALUE"
	CodeDate      = "E-FAC-DATE"
	CodeCountry   = "E-FAC-COUNTRY"
	CodeExpired   = "E-FAC-EXPIRED"
	CodeZone      = "E-FAC-MRZ"           // the lines are no machine-readable zone
	CodeCheck     = "E-FAC-MRZ-CHECK"     // a check digit does not fit
	CodeComposite = "E-FAC-MRZ-COMPOSITE" // the last one does not
	CodeDiffers   = "E-FAC-MRZ-DIFFERS"   // the zone says something else than the form
	CodeGap       = "E-FAC-HISTORY-GAP"
	CodeConsent   = "E-FAC-CONSENT"
	CodeGuardian  = "E-FAC-GUARDIAN"
)

// Codes are all of them, for whoever has words for each.
var Codes = []string{
	CodeSchema, CodeSensitive, CodeMissing, CodeValue, CodeDate, CodeCountry, CodeExpired, CodeZone, CodeCheck, CodeComposite, CodeDiffers, CodeGap, CodeConsent, CodeGuardian,
}

// Recognise tells by the first bytes whether this is one of the forms.
func Recognise(head []byte) bool {
	head = bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\ufeff")), " \t\r\n")
	if len(head) == 0 || head[0] != '{' {
		return false
	}
	for _, schema := range []string{Membership, Authorisation, Redress, Vetting} {
		if bytes.Contains(head, []byte(`"`+schema+`"`)) {
			return true
		}
	}
	return false
}

// Read reads a form and checks it as of a day. The form is nil where its shape does not hold. strange are members that the
// schema does not have; they are not kept.
func Read(raw []byte, on time.Time) (f *Form, faults []Fault, strange []string) {
	if len(raw) > MaxBytes {
		return nil, []Fault{{Code: CodeSchema, Path: "", Why: fmt.Sprintf("A form has at most %d KiB.", MaxBytes>>10)}}, nil
	}
	raw = bytes.TrimPrefix(raw, []byte("\ufeff"))
	doc, broken := jsondoc.Parse(raw)
	if broken != nil {
		return nil, []Fault{{Code: CodeSchema, Path: "", Why: "This is no JSON: " + broken.Error() + "."}}, nil
	}
	if doc.Flaw != nil {
		return nil, []Fault{{Code: CodeSchema, Path: "", Why: fmt.Sprintf("The document is odd: %s.", doc.Flaw.Message)}}, nil
	}
	walk(&doc, reflect.TypeFor[Form](), "", &faults, &strange)
	f = &Form{}
	if err := json.Unmarshal(raw, f); err != nil {
		where, why := "", "It does not have the shape of the schema."
		if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
			where, why = wrong.Field, fmt.Sprintf("Here stands %s, where something else is wanted.", wrong.Value)
		}
		return nil, append(faults, Fault{Code: CodeSchema, Path: where, Why: why}), strange
	}
	return f, append(faults, f.Check(on)...), strange
}

// sensitive are beginnings of names under which somebody might send what is never asked for, and never kept: special
// categories of data, and pictures or prints.
var sensitive = []string{
	"religio", "belief", "faith", "sect", "ethnic", "race", "racial", "tribe", "politic", "party_member", "union", "health", "medical_", "disab", "disease", "genetic",
	"sexual", "orientation", "gender_identity", "fingerprint", "finger_", "iris", "face_image", "photo", "selfie_image", "portrait", "biometric", "dg2", "dg3",
}

// walk compares the members of a document with a struct's: those it does not have are strange, or worse.
func walk(v *jsondoc.Value, t reflect.Type, at string, faults *[]Fault, strange *[]string) {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch {
	case v.Kind == jsondoc.Array && t.Kind() == reflect.Slice:
		items := v.Items()
		for i := range items {
			walk(&items[i].Value, t.Elem(), fmt.Sprintf("%s[%d]", at, i), faults, strange)
		}
	case v.Kind == jsondoc.Object && (t.Kind() == reflect.Struct || t.Kind() == reflect.Map):
		members := v.Members()
		for i := range members {
			name := members[i].Name
			path := strings.TrimPrefix(at+"."+name, ".")
			if unwanted(name) {
				*faults = append(*faults, Fault{Code: CodeSensitive, Path: path, Why: "This is never asked for and never kept; leave it out."})
				continue
			}
			if t.Kind() == reflect.Map {
				continue
			}
			if field, known := member(t, name); known {
				walk(&members[i].Value, field, path, faults, strange)
			} else {
				*strange = append(*strange, path)
			}
		}
	}
}

func unwanted(name string) bool {
	name = strings.ToLower(name)
	return slices.ContainsFunc(sensitive, func(s string) bool { return strings.HasPrefix(name, s) })
}

func member(t reflect.Type, name string) (reflect.Type, bool) {
	for i := range t.NumField() {
		if tag, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ","); tag == name {
			return t.Field(i).Type, true
		}
	}
	return nil, false
}

func (d Declared) answered(yes bool) (out []string) {
	for _, name := range slices.Sorted(maps.Keys(d)) {
		if d[name] == yes {
			out = append(out, name)
		}
	}
	return out
}
