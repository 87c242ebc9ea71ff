package cargo_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/rihla/rihla/internal/cargo"
	"github.com/rihla/rihla/internal/store/storetest"
	"github.com/rihla/rihla/internal/synth"
)

// Whatever a day's post plants is referred, with the rules that a node has, and of its innocent look-alikes nothing is
// found; every consignment ends with the pieces, the filings and the state that the truth says, and its filer was told.
func TestPlantedCargoIsFound(t *testing.T) {
	t.Parallel()
	o := openOffice(t, storetest.SQLite(t))
	o.rulebook()
	traffic := synth.NewCargoTraffic(5, 1)
	for i, m := range traffic.Messages {
		o.now = m.Sent
		_ = o.tryFile(m.Carrier, fmt.Sprint(m.Name, " ", i), string(m.Body)) // some cannot be read
	}
	o.again()
	o.now = morning
	rows := map[string]cargo.Row{}
	for cursor := ""; ; {
		var page struct {
			Items []cargo.Row
			Next  string
		}
		o.ask("GET", "/api/v1/cargo/consignments?cursor="+cursor, nil, &page)
		for _, r := range page.Items {
			rows[strings.TrimSuffix(r.Master+"/"+r.House, "/")] = r
		}
		if cursor = page.Next; cursor == "" {
			break
		}
	}
	planted := map[string]bool{}
	listed := func(c *synth.Consignment) bool { return c.Planted == "phone:shared" || c.Planted == "name:listed" } // ties and lists, of which no rule speaks
	within := map[string]bool{}
	for i := range traffic.Consignments {
		if c := &traffic.Consignments[i]; listed(c) {
			within[c.Waybill] = true
		}
	}
	for _, c := range traffic.Consignments {
		key := strings.TrimSuffix(c.Waybill+"/"+c.House, "/")
		r, ok := rows[key]
		if !ok {
			t.Errorf("%s is not there", key)
			continue
		}
		if listed(&c) || c.Kind == "master" && within[c.Waybill] {
			continue
		}
		if c.Planted != "" {
			planted[c.Planted] = true
		}
		if r.State != c.Expected {
			t.Errorf("%s, planted %q, like %q, is %s with %q, should be %s", key, c.Planted, c.LookAlike, r.State, r.Kinds, c.Expected)
		}
		if r.Pieces != c.Pieces || r.Versions != c.Versions || r.Cancelled != (c.Status == "cancelled") {
			t.Errorf("%s has %d pieces in %d versions, should have %d in %d", key, r.Pieces, r.Versions, c.Pieces, c.Versions)
		}
	}
	if len(planted) < 8 {
		t.Errorf("only %d kinds of cases are planted", len(planted))
	}
	if !slices.ContainsFunc(o.answers, func(a intakeAnswer) bool { return bytes.Contains(a.Body, []byte("ASSESSMENT COMPLETE")) }) {
		t.Error("nobody was told that an assessment is complete")
	}
}
