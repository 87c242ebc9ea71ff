package cargo_test

import (
	"database/sql"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/cargo"
	"github.com/rihla/rihla/internal/store"
	"github.com/rihla/rihla/internal/store/storetest"
)

// rows of the list as somebody sees it.
func (o *office) rows(who access.Principal, query string) (rows []cargo.Row) {
	o.t.Helper()
	o.who = who
	var page struct{ Items []cargo.Row }
	if code := o.ask(http.MethodGet, "/api/v1/cargo/consignments"+query, nil, &page); code != http.StatusOK {
		o.t.Fatalf("the list answered %d", code)
	}
	return page.Items
}

// A filer sees what it filed and does not learn of others, nor of what anybody thinks; an auditor sees how things stand
// and no party; nobody else sees anything.
func TestWhoSeesWhat(t *testing.T) {
	t.Parallel()
	o := openOffice(t, storetest.SQLite(t))
	o.rulebook()
	o.file(nine.Name, "r0", sample(t, "02-consol-master-v16.fwb"))
	o.file(petra.Name, "r1", sample(t, "02-house-v4-weak-description.fhl"))
	own := o.rows(petra, "")
	if len(own) != 1 || own[0].House != "PF26H0002" || own[0].Findings != 0 || own[0].Case != "" || own[0].State != cargo.Received {
		t.Errorf("the forwarder sees %+v", own)
	}
	if got := o.rows(petra, "?state=referred"); len(got) != 0 {
		t.Errorf("asked what is referred, the forwarder learns %+v", got)
	}
	if got := o.rows(nine, ""); len(got) != 1 || got[0].House != "" {
		t.Errorf("the carrier sees %+v", got)
	}
	house := own[0].ID
	o.who = nine
	if code := o.ask(http.MethodGet, "/api/v1/cargo/consignments/"+house, nil, nil); code != http.StatusNotFound {
		t.Errorf("another's house answered a filer %d, want 404", code)
	}
	o.who = petra
	var sheet cargo.Sheet
	if code := o.ask(http.MethodGet, "/api/v1/cargo/consignments/"+house, nil, &sheet); code != http.StatusOK || len(sheet.Own)+len(sheet.Cases) != 0 || sheet.Tree != nil || len(sheet.Parties) != 2 {
		t.Errorf("its own house answered a filer %d with %+v", code, sheet)
	}
	for _, path := range []string{"/api/v1/cargo/referrals", "/api/v1/cargo/shipments/" + own[0].Shipment} {
		if code := o.ask(http.MethodGet, path, nil, nil); code != http.StatusForbidden {
			t.Errorf("%s answered a filer %d", path, code)
		}
	}
	watcher := access.Principal{Name: "noor", Role: access.Auditor}
	if got := o.rows(watcher, ""); len(got) != 2 || got[0].Consignor != nil || got[1].Consignee != nil || got[0].State == "" {
		t.Errorf("the auditor sees %+v", got)
	}
	for _, who := range []access.Role{access.Auditor, access.Analyst, access.Officer, access.FIU, access.Responder, access.Partner} {
		o.who = access.Principal{Name: "somebody", Role: who}
		if code := o.ask(http.MethodGet, "/api/v1/cargo/consignments/"+house, nil, nil); code != http.StatusForbidden {
			t.Errorf("one consignment answered role %s %d", who, code)
		}
	}
}

// Every read of a person's data is told to the audit log before it leaves: what it was, and who asked.
func TestReadsAreLogged(t *testing.T) {
	t.Parallel()
	o := openOffice(t, storetest.SQLite(t))
	o.rulebook()
	o.file(petra.Name, "r1", sample(t, "02-house-v4-weak-description.fhl"))
	id := o.rows(huda, "")[0].ID
	for _, c := range []struct{ path, action string }{
		{"/api/v1/cargo/consignments", "consignment.list"}, {"/api/v1/cargo/consignments/" + id, "consignment.read"}, {"/api/v1/cargo/referrals", "referral.list"},
	} {
		o.reads.told = nil
		if code := o.ask(http.MethodGet, c.path, nil, nil); code != http.StatusOK {
			t.Fatalf("%s answered %d", c.path, code)
		}
		if len(o.reads.told) != 1 || o.reads.told[0].Action != c.action || o.reads.told[0].Actor != huda.Name || !slices.Contains(o.reads.told[0].Touched, id) {
			t.Errorf("%s: the log was told %+v", c.path, o.reads.told)
		}
	}
}

// One consignment shows who said what, what of it changed, what is thought and what was sent.
func TestConsignmentSheet(t *testing.T) {
	t.Parallel()
	o := openOffice(t, storetest.SQLite(t))
	o.rulebook()
	o.file(nine.Name, "r0", sample(t, "02-consol-master-v16.fwb"))
	weak := sample(t, "02-house-v4-weak-description.fhl")
	o.file(petra.Name, "r1", weak)
	o.now = morning.Add(20 * time.Minute)
	o.file(petra.Name, "r2", strings.Replace(weak, "/5/K90/", "/5/K140/", 1))
	id := o.rows(huda, "?q=pf26h0002")[0].ID
	var s cargo.Sheet
	o.ask(http.MethodGet, "/api/v1/cargo/consignments/"+id, nil, &s)
	if s.Kind != "house" || s.Flight != "9X201" || s.Date != "2026-03-15" || s.DepartsKnow || s.Verdict.Rule != "DESCRIPTION_VAGUE" {
		t.Errorf("the sheet says %+v", s.Row)
	}
	if len(s.Filed) != 2 || s.Filed[1].Report != "r2" || !slices.Contains(s.Filed[1].Differences, cargo.Difference{Field: "weight_kg", Was: "90", Is: "140"}) {
		t.Errorf("the timeline is %+v", s.Filed)
	}
	if f := s.Filed[0]; weak[f.Offset:f.Offset+4] != "HBS/" {
		t.Errorf("the filing is said to begin at %q", weak[f.Offset:f.Offset+8])
	}
	rules := map[string]bool{}
	for _, f := range s.Own {
		rules[f.Rule] = true
	}
	if !rules["cargo-goods-vague"] || !rules["cargo-changed"] {
		t.Errorf("the rules that hit are %v", rules)
	}
	if len(s.Statuses) != 2 || s.Statuses[0].Code != "SR" || s.Statuses[0].Text != "NO ERRORS" || !slices.Contains(s.Statuses[0].Filers, petra.Name) {
		t.Errorf("the statuses are %+v", s.Statuses)
	}
	if s.Tree == nil || s.Tree.Houses != 1 || s.Tree.PiecesIn != 5 || s.Tree.Pieces != 25 || s.Tree.Whole || len(s.Tree.Branches) != 1 {
		t.Errorf("the tree is %+v", s.Tree)
	}
	if len(s.Parties) != 2 || s.Parties[0].Form != "organisation" || s.Parties[0].Known.Consignments != 1 || s.Parties[0].Subject == s.Parties[1].Subject {
		t.Errorf("the parties are %+v", s.Parties)
	}
	if hits, err := o.d.Search(t.Context(), o.st.Read(), huda, "riverton", 10); err != nil || len(hits) != 1 || hits[0].ID != id {
		t.Errorf("searching finds %+v %v", hits, err)
	}
	if hits, err := o.d.Search(t.Context(), o.st.Read(), petra, "riverton", 10); err != nil || len(hits) != 0 {
		t.Errorf("a filer searching finds %+v %v", hits, err)
	}
}

// Whatever a person does is in the audit log in the transaction that does it, and only whoever may do it does.
func TestActsAreLogged(t *testing.T) {
	t.Parallel()
	o := openOffice(t, storetest.SQLite(t))
	o.rulebook()
	o.file(nine.Name, "r0", sample(t, "02-consol-master-v16.fwb"))
	o.file(petra.Name, "r1", sample(t, "02-house-v4-weak-description.fhl"))
	row := o.referrals("")[0]
	question := map[string]any{"kind": "rfi", "asks": []string{"goods-description"}}
	at := "/api/v1/cargo/consignments/" + row.ID + "/question"
	o.ask(http.MethodPut, at, question, nil)
	o.ask(http.MethodDelete, at, nil, nil)
	o.ask(http.MethodPut, at, question, nil)
	if err := o.decide(huda, row.Case, "rfi"); err != nil {
		t.Fatal(err)
	}
	ref := "/api/v1/cargo/referrals/" + o.referrals("")[0].Referral.ID
	o.ask(http.MethodPost, ref+"/notes", map[string]any{"text": "called the forwarder", "called": true}, nil)
	o.who = petra
	o.ask(http.MethodPost, ref+"/answers", map[string]any{"text": "seals"}, nil)
	o.who = huda
	o.ask(http.MethodPut, "/api/v1/cargo/departures/9X201.2026-03-15/schedule", map[string]any{"departs": morning.AddDate(0, 0, 1)}, nil)
	o.ask(http.MethodPost, "/api/v1/cargo/departures/9X201.2026-03-15/departed", map[string]any{}, nil)
	got := map[string]string{}
	if err := store.Rows(t.Context(), o.st.Read(), func(rows *sql.Rows) error {
		var action, actor string
		err := rows.Scan(&action, &actor)
		got[action] = actor
		return err
	}, `select action, actor from audit_pending where action not like 'case.%' and action not like 'rules.%'`); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"referral.prepare": "huda", "referral.drop": "huda", "referral.note": "huda", "referral.answer": petra.Name, "departure.schedule": "huda", "departure.departed": "huda"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the log says (-want +got):\n%s", diff)
	}
	for _, who := range []access.Principal{petra, {Name: "noor", Role: access.Auditor}, {Name: "ali", Role: access.Analyst}} {
		o.who = who
		for _, c := range []struct{ method, path string }{
			{http.MethodPut, at}, {http.MethodDelete, at}, {http.MethodPost, ref + "/notes"}, {http.MethodPost, "/api/v1/cargo/departures/9X201.2026-03-15/departed"}, {http.MethodPut, "/api/v1/cargo/traders/X"},
		} {
			if code := o.ask(c.method, c.path, map[string]any{}, nil); code != http.StatusForbidden {
				t.Errorf("%s %s answered %s %d", c.method, c.path, who.Role, code)
			}
		}
	}
	o.who = nine
	if code := o.ask(http.MethodPost, ref+"/answers", map[string]any{"text": "not mine"}, nil); code != http.StatusNotFound {
		t.Errorf("another's referral answered a filer %d", code)
	}
}
