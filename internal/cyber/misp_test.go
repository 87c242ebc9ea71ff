package cyber_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"

	"github.com/rihla/rihla/formats/fault"
	"github.com/rihla/rihla/formats/misp"
	"github.com/rihla/rihla/formats/stix"
)

// event asks for an export in MISP's form, and reads it as anybody would.
func (k *desk) event(path string) (code int, event *misp.Event, withheld string) {
	k.t.Helper()
	w := httptest.NewRecorder()
	k.mux.ServeHTTP(w, httptest.NewRequestWithContext(k.t.Context(), http.MethodGet, "/api/v1/cyber"+path, nil))
	if w.Code != http.StatusOK {
		return w.Code, nil, ""
	}
	err := misp.Read(w.Body.Bytes(), func(e *misp.Event, f *fault.Fault) error {
		if f != nil {
			k.t.Errorf("the event is faulty: %+v", f)
		}
		event = e
		return nil
	})
	if err != nil || event == nil {
		k.t.Fatalf("%s is no event (%v): %s", path, err, w.Body)
	}
	return w.Code, event, w.Header().Get("X-Withheld")
}

// One indicator, a list of them and an incident leave as MISP events that a MISP reads: marked, for an audience, without
// what that may not have; and every one is in the audit log.
func TestMISPLeaves(t *testing.T) {
	t.Parallel()
	k := openDesk(t)
	k.file("CSIRT-EX", "r1", sample(t, "stix/valid/01-indicator-malware.json"))
	k.file("CSIRT-EX", "r2", sample(t, "stix/valid/02-observables-sighting-tlp2.json"))
	k.file("port", "i1", sample(t, "reports/02-notification.json"))
	var all list[indicator]
	k.ask("GET", "/indicators", nil, &all)
	var one indicator
	matched := 0
	for _, i := range all.Items {
		if i.State == "active" && i.TLP != "TLP:RED" {
			matched++
			one = i
		}
	}
	if matched < 2 {
		t.Fatalf("held are %+v", all.Items)
	}
	k.reads.told = nil
	code, e, _ := k.event("/indicators/" + one.ID + "/export?format=misp&audience=organisation")
	if code != http.StatusOK || len(e.All()) != 1 || e.Distribution != misp.OwnOrganisation {
		t.Fatalf("one indicator: %d %+v", code, e)
	}
	if last := k.reads.told[len(k.reads.told)-1]; last.Action != "misp.export" || !slices.Contains(last.Touched, one.ID) || last.Detail != "organisation" {
		t.Errorf("logged as %+v", last)
	}
	again, _, _ := k.event("/indicators/" + one.ID + "/export?format=misp&audience=public")
	if want := map[bool]int{true: http.StatusOK, false: http.StatusForbidden}[one.TLP == "TLP:CLEAR"]; again != want {
		t.Errorf("of %s for the public: %d", one.TLP, again)
	}
	code, e, withheld := k.event("/indicators/export?format=misp&audience=organisation")
	if code != http.StatusOK || len(e.All()) != matched {
		t.Errorf("the list: %d, %d of %d, %s withheld", code, len(e.All()), matched, withheld)
	}
	for _, a := range e.All() {
		if e.TLPOf(a) == stix.Red {
			t.Errorf("%s is TLP:RED and left", a.Value)
		}
	}
	if code, e, _ := k.event("/indicators/export?format=misp&audience=organisation&q=" + one.Value); code != http.StatusOK || len(e.All()) != 1 {
		t.Errorf("a list of one: %d", code)
	}
	if code, _, _ := k.event("/indicators/export?format=xml"); code != http.StatusBadRequest && code != http.StatusUnprocessableEntity {
		t.Errorf("an unknown format: %d", code)
	}
	var incidents list[struct{ ID, Title string }]
	k.ask("GET", "/incidents", nil, &incidents)
	code, e, _ = k.event("/incidents/" + incidents.Items[0].ID + "/export?format=misp&audience=organisation")
	if code != http.StatusOK || len(e.All()) == 0 || e.Info == "" {
		t.Errorf("the incident: %d %+v", code, e)
	}
}
