package cargo_test

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/cargo"
	"github.com/rihla/rihla/internal/casework"
	"github.com/rihla/rihla/internal/pipeline"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/screening/rules"
	"github.com/rihla/rihla/internal/store"
	"github.com/rihla/rihla/internal/store/storetest"
)

var (
	huda   = access.Principal{ID: "1", Name: "huda", Role: access.Targeter}
	salman = access.Principal{ID: "2", Name: "salman", Role: access.Supervisor}
	petra  = access.Principal{ID: "3", Name: "Petra Forwarding", Role: access.Filer}
	nine   = access.Principal{ID: "4", Name: "Nine Air", Role: access.Filer}
)

// office is the room with a desk and its routes.
type office struct {
	*room
	desk *casework.Desk
	mux  *api.Mux
	who  access.Principal
}

func openOffice(t *testing.T, st *store.Store, otherwise ...func(*cargo.Options)) *office {
	t.Helper()
	o := &office{room: open(t, st, otherwise...), who: huda}
	var err error
	o.desk, err = casework.NewDesk(t.Context(), st, casework.Options{
		Offers: []casework.Offer{{Domain: o.d, Roles: []access.Role{access.Targeter, access.Supervisor}}}, Reads: o.reads,
		Decided: func(ctx context.Context, tx store.Tx, c casework.Case, d casework.Decision) error {
			e, err := o.d.Decided(ctx, tx, c, d)
			if err != nil {
				return err
			}
			o.caused(e)
			return pipeline.Apply(ctx, tx, cargo.Name, e)
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	o.mux = api.NewMux(api.Options{Title: "test", Version: "0", Authenticate: func(context.Context, *http.Request) (access.Principal, error) { return o.who, nil }})
	o.d.Routes(o.mux)
	return o
}

// rulebook loads the rules that every node starts with.
func (k *room) rulebook() {
	k.t.Helper()
	files := rulebookFiles(k.t, k.d.Rules())
	if _, err := screening.LoadRules(k.t.Context(), k.st, []rules.Vocabulary{cargo.Vocabulary()}, screening.Upload{Name: "cargo", By: "salman", Role: "supervisor", Files: files}); err != nil {
		k.t.Fatal(err)
	}
	if _, err := k.screener.Refresh(k.t.Context()); err != nil {
		k.t.Fatal(err)
	}
}

func (o *office) ask(method, path string, body, into any) int {
	o.t.Helper()
	var sent bytes.Buffer
	if body != nil {
		if err := json.NewEncoder(&sent).Encode(body); err != nil {
			o.t.Fatal(err)
		}
	}
	r := httptest.NewRequestWithContext(o.t.Context(), method, path, &sent)
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	o.mux.ServeHTTP(w, r)
	if into != nil && w.Code < 300 {
		if err := json.Unmarshal(w.Body.Bytes(), into); err != nil {
			o.t.Fatalf("%s answered %s", path, w.Body)
		}
	}
	if w.Code >= 300 {
		o.t.Logf("%s %s: %d %s", method, path, w.Code, w.Body)
	}
	return w.Code
}

// sent are the codes that a filer was sent, oldest first, and empties the box.
func (o *office) sent(filer string) (codes []string) {
	for _, a := range o.answers {
		if a.Filer != filer {
			continue
		}
		if a.Kind == "referral" {
			codes = append(codes, "letter")
		}
		for _, line := range strings.Split(string(a.Body), "\r\n") {
			line = strings.TrimPrefix(line, "CSN")
			if f := strings.Split(line, "/"); len(f) == 4 && len(f[1]) == 2 {
				codes = append(codes, f[1])
			}
			if strings.HasPrefix(line, "ERR/") {
				codes = append(codes, line)
			}
			if strings.HasPrefix(line, "FNA/") {
				codes = append(codes, "FNA")
			}
		}
	}
	return codes
}

func (o *office) empty() { o.answers = nil }

// desk rows of the referral desk.
func (o *office) referrals(query string) (rows []cargo.Waiting) {
	o.t.Helper()
	var page struct{ Items []cargo.Waiting }
	if code := o.ask(http.MethodGet, "/api/v1/cargo/referrals"+query, nil, &page); code != http.StatusOK {
		o.t.Fatalf("the desk answered %d", code)
	}
	return page.Items
}

func (o *office) decide(p access.Principal, id, outcome string) error {
	_, err := o.desk.Decide(o.t.Context(), p, id, casework.Verdict{Outcome: outcome, Reason: "what was filed and what was seen leave no other way open"})
	return err
}

// The dialogue of the specification, end to end: a vague house is referred, asked about, filed again, lifted and completed.
func TestDialogue(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, openStore func() *store.Store) {
		o := openOffice(t, openStore())
		o.rulebook()
		o.file("Nine Air", "r0", sample(t, "02-consol-master-v16.fwb"))
		o.empty()
		o.file(petra.Name, "r1", sample(t, "02-house-v4-weak-description.fhl"))
		if got := o.sent(petra.Name); !slices.Equal(got, []string{"SR"}) {
			t.Fatalf("filed, the forwarder is sent %q", got)
		}
		rows := o.referrals("?rule=R01")
		if len(rows) != 1 || rows[0].State != cargo.Referred || rows[0].House != "PF26H0002" || rows[0].Case == "" || len(rows[0].Reasons) == 0 {
			t.Fatalf("the desk shows %+v", rows)
		}
		id, file := rows[0].ID, rows[0].Case
		if err := o.decide(huda, file, "rfi"); err == nil {
			t.Error("a request was decided though nobody said what is asked")
		}
		question := map[string]any{"kind": "rfi", "asks": []string{"goods-description", "hs-code"}, "text": "what parts, which machine, HS?", "deadline_minutes": 60}
		if code := o.ask(http.MethodPut, "/api/v1/cargo/consignments/"+id+"/question", question, nil); code != http.StatusOK {
			t.Fatalf("the question answered %d", code)
		}
		o.empty()
		if err := o.decide(huda, file, "rfi"); err != nil {
			t.Fatal(err)
		}
		for _, filer := range []string{petra.Name, nine.Name} {
			if got := o.sent(filer); !slices.Contains(got, "7H") || !slices.Contains(got, "letter") {
				t.Errorf("asked, %s is sent %q", filer, got)
			}
		}
		o.empty()
		better := strings.Replace(sample(t, "02-house-v4-weak-description.fhl"), "SHP/", "TXT/RUBBER SEALS FOR WATER PUMPS\r\nHTS/401693\r\nSHP/", 1)
		o.file(petra.Name, "r2", better)
		if got := o.sent(petra.Name); !slices.Equal(got, []string{"SR", "7J"}) {
			t.Errorf("filed again, the forwarder is sent %q", got)
		}
		rows = o.referrals("?state=rfi")
		if len(rows) != 1 || rows[0].Answered.IsZero() || rows[0].CaseState != "claimed" || rows[0].Referral == nil {
			t.Fatalf("after the answer the desk shows %+v", rows)
		}
		var thread cargo.Thread
		o.ask(http.MethodGet, "/api/v1/cargo/referrals/"+rows[0].Referral.ID, nil, &thread)
		if n := len(thread.Lines); n != 2 || thread.Lines[1].What != "filed" || !slices.ContainsFunc(thread.Lines[1].Differences, func(d cargo.Difference) bool { return d.Field == "goods" }) {
			t.Errorf("the thread is %+v", thread.Lines)
		}
		o.empty()
		if err := o.decide(huda, file, "cleared"); err != nil {
			t.Fatal(err)
		}
		if got := o.sent(petra.Name); !slices.Equal(got, []string{"7I", "SF"}) {
			t.Errorf("lifted, the forwarder is sent %q", got)
		}
		if rows = o.referrals(""); len(rows) != 0 {
			t.Errorf("the desk still shows %+v", rows)
		}
	})
}

// A do-not-load takes two, and so does its end; what is filed meanwhile lifts nothing.
func TestDoNotLoadTakesTwo(t *testing.T) {
	t.Parallel()
	o := openOffice(t, storetest.SQLite(t))
	o.rulebook()
	o.file(petra.Name, "r1", sample(t, "02-house-v4-weak-description.fhl"))
	row := o.referrals("")[0]
	if code := o.ask(http.MethodPut, "/api/v1/cargo/consignments/"+row.ID+"/question", map[string]any{"kind": "dnl"}, nil); code != http.StatusUnprocessableEntity {
		t.Errorf("a do-not-load without a call answered %d", code)
	}
	o.ask(http.MethodPut, "/api/v1/cargo/consignments/"+row.ID+"/question", map[string]any{"kind": "dnl", "contact": "duty manager AMM, 08:10"}, nil)
	o.empty()
	if err := o.decide(huda, row.Case, "dnl"); err != nil {
		t.Fatal(err)
	}
	if got := o.sent(petra.Name); len(got) != 0 {
		t.Errorf("one person's word was sent: %q", got)
	}
	if rows := o.referrals("?state=dnl-proposed"); len(rows) != 1 {
		t.Errorf("the desk shows %+v as proposed", rows)
	}
	if _, err := o.desk.Confirm(t.Context(), huda, row.Case, true, "yes"); err == nil {
		t.Error("who proposed confirmed")
	}
	if _, err := o.desk.Confirm(t.Context(), salman, row.Case, true, "yes"); err != nil {
		t.Fatal(err)
	}
	if got := o.sent(petra.Name); !slices.Equal(got, []string{"6H", "letter"}) {
		t.Errorf("confirmed, the forwarder is sent %q", got)
	}
	o.empty()
	o.file(petra.Name, "r2", strings.Replace(sample(t, "02-house-v4-weak-description.fhl"), "SPARE PARTS", "RUBBER SEALS", 1))
	if got := o.sent(petra.Name); !slices.Equal(got, []string{"SR", "6J"}) {
		t.Errorf("filed again, the forwarder is sent %q", got)
	}
	if err := o.decide(huda, row.Case, "cleared"); err == nil {
		t.Error("one person let it load")
	}
	if err := o.decide(huda, row.Case, "lifted"); err == nil {
		t.Error("one person lifted it")
	}
	if err := o.decide(huda, row.Case, "dnl-lifted"); err != nil {
		t.Fatal(err)
	}
	o.empty()
	if _, err := o.desk.Confirm(t.Context(), salman, row.Case, true, "yes"); err != nil {
		t.Fatal(err)
	}
	if got := o.sent(petra.Name); !slices.Equal(got, []string{"6I"}) {
		t.Errorf("lifted, the forwarder is sent %q", got)
	}
	if rows := o.referrals("?state=referred"); len(rows) != 1 || rows[0].Hold != "" {
		t.Errorf("lifted, the desk shows %+v", rows)
	}
	if err := o.decide(huda, row.Case, "cleared"); err != nil {
		t.Error(err)
	}
}
