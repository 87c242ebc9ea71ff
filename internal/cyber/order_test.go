package cyber_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"sort"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rihla/rihla/internal/store/storetest"
)

// reportOf is an incident report that follows another.
func reportOf(id, previous, stage, title string) []byte {
	r := map[string]any{
		"schema": "rihla.incident-report/1", "report_id": id, "stage": stage, "filer": map[string]string{"name": "Port", "contact": "duty"},
		"aware_at": "2026-03-15T02:45:00+03:00", "title": title, "description": "as it is", "tlp": "AMBER",
		"indicators": []map[string]string{{"type": "domain", "value": strings.ToLower(id) + ".example.net"}},
	}
	if previous != "" {
		r["previous_report_id"] = previous
	}
	b, err := json.Marshal(r)
	if err != nil {
		panic(err) // of strings
	}
	return b
}

// However reports are shuffled and repeated, a node ends with the same indicators and the same incidents, one for each chain
// of reports.
func TestShuffled(t *testing.T) {
	t.Parallel()
	type report struct {
		filer, id string
		raw       []byte
		received  time.Time
	}
	var reports []report
	add := func(filer string, raw []byte) {
		n := len(reports)
		reports = append(reports, report{filer, fmt.Sprint("r", n), raw, day0.Add(time.Duration(n) * time.Minute)})
	}
	add("CSIRT-EX", sample(t, "stix/valid/01-indicator-malware.json"))
	add("CSIRT-EX", sample(t, "stix/valid/02-observables-sighting-tlp2.json"))
	add("CSIRT-EX", sample(t, "stix/valid/03-versions-revoked.json"))
	add("CSIRT-AA", sample(t, "ioc/01-defanged.csv"))
	add("CSIRT-BB", sample(t, "misp/01-event-attributes.json"))
	add("port", reportOf("A", "", "early-warning", "one"))
	add("port", reportOf("B", "A", "notification", "two"))
	add("port", reportOf("C", "B", "intermediate", "three"))
	add("port", reportOf("D", "C", "final", "four"))
	add("port", reportOf("X", "Y", "voluntary", "in circles"))
	add("port", reportOf("Y", "X", "voluntary", "in circles"))
	add("bank", reportOf("A", "", "voluntary", "another's"))
	add("port", []byte(twoLines))
	add("port", []byte(`{"ts":"2026-03-16T10:00:00Z","host":"gate-9","q":"www.c.example.net","u":"http://login.bank-portal.example/a.php"}`+"\n"))
	var want string
	for seed := range 6 {
		r := open(t, storetest.SQLite(t))
		order := rand.New(rand.NewPCG(uint64(seed), 7)).Perm(len(reports)) //nolint:gosec // never negative; shuffles
		if seed == 0 {
			sort.Ints(order)
		} else {
			order = append(order, order[:len(order)/2]...)
		}
		for _, i := range order {
			r.now = reports[i].received
			r.file(reports[i].filer, reports[i].id, reports[i].raw)
		}
		r.now = day0.Add(time.Hour)
		r.lookBack()
		got := r.state()
		if seed == 0 {
			want = got
			if n := strings.Count(want, "incident:"); n != 3 || strings.Count(want, `"sightings":2`) != 1 || strings.Count(want, `"sightings":1`) < 2 {
				t.Fatalf("%d incidents of three chains: %s", n, want)
			}
			continue
		}
		if diff := cmp.Diff(strings.Split(want, "\n"), strings.Split(got, "\n")); diff != "" {
			t.Fatalf("in the order %v: %s", order, diff)
		}
	}
}

// state is everything that pages are made of, but for numbers that are given in the order of arrival.
func (r *room) state() string {
	r.t.Helper()
	var out []string
	k := &desk{who: huda, room: r}
	k.bind()
	var page list[json.RawMessage]
	k.ask("GET", "/indicators?limit=1000", nil, &page)
	for _, item := range page.Items {
		out = append(out, "indicator:"+string(item))
	}
	var incidents list[map[string]any]
	k.ask("GET", "/incidents?limit=1000", nil, &incidents)
	for _, item := range incidents.Items {
		var whole map[string]any
		k.ask("GET", "/incidents/"+item["id"].(string), nil, &whole)
		for _, name := range []string{"number", "version", "changed"} {
			delete(whole, name)
		}
		b, err := json.Marshal(whole)
		if err != nil {
			r.t.Fatal(err)
		}
		out = append(out, "incident:"+string(b))
	}
	sort.Strings(out)
	return strings.Join(out, "\n")
}
