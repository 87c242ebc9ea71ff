package form_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/rihla/rihla/internal/facilitation/form"
)

var april = time.Date(2026, 4, 2, 6, 4, 11, 0, time.UTC)

func sample(t testing.TB, name string) []byte {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// Whoever applies hears all that is wrong at once, each with its place.
func TestBadZoneIsToldWhole(t *testing.T) {
	t.Parallel()
	var want struct {
		Valid  bool         `json:"valid"`
		Errors []form.Fault `json:"errors"`
	}
	if err := json.Unmarshal(sample(t, "application-tt-03-bad-mrz.expect.json"), &want); err != nil {
		t.Fatal(err)
	}
	_, got, _ := form.Read(sample(t, "application-tt-03-bad-mrz.json"), april)
	if diff := cmp.Diff(want.Errors, got); diff != "" {
		t.Error(diff)
	}
}

func TestSamplesHold(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"application-tt-01-complete.json", "application-tt-02-minor.json", "application-eta-01.json", "application-eta-02-pending.json"} {
		raw := sample(t, name)
		if !form.Recognise(raw) {
			t.Errorf("%s is not recognised", name)
		}
		f, faults, strange := form.Read(raw, april)
		if f == nil || len(faults) > 0 {
			t.Fatalf("%s: %v", name, faults)
		}
		for _, s := range strange {
			if s != "expect" {
				t.Errorf("%s: %s is not kept", name, s)
			}
		}
		text, err := json.Marshal(f)
		if err != nil {
			t.Fatal(err)
		}
		again, _, _ := form.Read(text, april)
		if diff := cmp.Diff(f, again, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s does not come back as it was written:\n%s", name, diff)
		}
	}
}

// One thing changed, one fault told, at its place.
func TestFaults(t *testing.T) {
	t.Parallel()
	whole := string(sample(t, "application-tt-01-complete.json"))
	minor := string(sample(t, "application-tt-02-minor.json"))
	for _, c := range []struct{ of, from, to, code, path string }{
		{whole, `"family_name": "ALSAMPLE"`, `"family_name": "OTHER"`, form.CodeDiffers, "applicant"},
		{whole, `"family_name": "ALSAMPLE"`, `"family_name": ""`, form.CodeMissing, "applicant.family_name"},
		{whole, `"dob": "1991-04-02"`, `"dob": "1991-04-03"`, form.CodeDiffers, "applicant.dob"},
		{whole, `"dob": "1991-04-02"`, `"dob": "1991-02-30"`, form.CodeDate, "applicant.dob"},
		{whole, `"number": "P2233445"`, `"number": "P2233446"`, form.CodeDiffers, "applicant.document.number"},
		{whole, `"expiry": "2031-03-31"`, `"expiry": "2021-03-31"`, form.CodeExpired, "applicant.document.expiry"},
		{whole, `"nationality": "BHR"`, `"nationality": "QQQ"`, form.CodeCountry, "applicant.nationality"},
		{whole, `"language": "ar"`, `"language": "tlh"`, form.CodeValue, "contact.language"},
		{whole, `layla@mail.example`, `layla at mail`, form.CodeValue, "contact.email"},
		{whole, `"partner_vetting"`, `"own_state_checks"`, form.CodeConsent, "consent"},
		{whole, `"from": "2019-01"`, `"from": "2019-13"`, form.CodeDate, "addresses[0].from"},
		{whole, `"convictions": false`, `"convictions": false, "blood_group": true`, form.CodeValue, "declarations.blood_group"},
		{whole, `"sex": "F"`, `"sex": "F", "religion": "none"`, form.CodeSensitive, "applicant.religion"},
		{whole, `"sex": "F"`, `"sex": "F", "photo": "AAAA"`, form.CodeSensitive, "applicant.photo"},
		{whole, `P2233445<0BHR`, `P2233445<0BHR9999999999`, form.CodeZone, ""},
		{whole, `"rihla.tt-application/v1"`, `"rihla.tt-application/v9"`, form.CodeSchema, "schema"},
		{minor, `"given_by": "guardian"`, `"given_by": "self"`, form.CodeGuardian, "consent.given_by"},
		{minor, `"guardian": {`, `"keeper": {`, form.CodeGuardian, "guardian"},
	} {
		_, faults, _ := form.Read([]byte(strings.Replace(c.of, c.from, c.to, 1)), april)
		found := false
		for _, f := range faults {
			found = found || f.Code == c.code && (f.Path == c.path || c.path == "")
		}
		if !found {
			t.Errorf("%s → %s: %v", c.from, c.to, faults)
		}
	}
	for _, raw := range []string{"", "[]", "{", `{"schema":1}`, `{"schema":"rihla.tt-application/v1","applicant":[]}`, "null", `{"applicant":{"document":{"mrz":["",""]}}}`, strings.Repeat(" ", form.MaxBytes+1)} {
		if _, faults, _ := form.Read([]byte(raw), april); len(faults) == 0 {
			t.Errorf("%.20q is taken", raw)
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, name := range []string{"application-tt-01-complete.json", "application-tt-02-minor.json", "application-tt-03-bad-mrz.json", "application-eta-01.json", "application-eta-02-pending.json"} {
		f.Add(sample(f, name))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		form.Recognise(raw)
		x, faults, _ := form.Read(raw, april)
		if x == nil && len(faults) == 0 {
			t.Error("nothing is read, and nothing is said to be wrong")
		}
		if x == nil || len(faults) > 0 {
			return
		}
		text, err := json.Marshal(x)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(text, []byte("religion")) && !bytes.Contains(raw, []byte("religion")) {
			t.Error("it says what was never said")
		}
		if again, faults, _ := form.Read(text, april); again == nil || len(faults) > 0 {
			t.Errorf("what holds does not hold when it is written again: %v", faults)
		}
	})
}
