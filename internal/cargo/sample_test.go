package cargo_test

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/cargo"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/store"
	"github.com/rihla/rihla/internal/store/storetest"
)

type samples struct {
	Items   []cargo.Sampled
	Figures cargo.SampleFigures
}

func (o *office) samples(query string) (s samples) {
	o.t.Helper()
	if code := o.ask(http.MethodGet, "/api/v1/cargo/samples"+query, nil, &s); code != http.StatusOK {
		o.t.Fatalf("the sample answered %d", code)
	}
	return s
}

// What nothing was found of is answered at once, and some of it is looked at all the same, blind: the list does not say how
// it was assessed. A targeter agrees, or sees what no rule did: then it is referred, and the figures tell.
func TestBlindSample(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, openStore func() *store.Store) {
		o := openOffice(t, openStore(), func(c *cargo.Options) { c.Sample = 1 })
		o.rulebook()
		o.file(petra.Name, "r1", sample(t, "01-house-v4.fhl"))
		o.file(petra.Name, "r2", sample(t, "02-house-v4-weak-description.fhl")) // referred: no part of the sample
		o.file(nine.Name, "r3", sample(t, "01-direct-v16.fwb"))
		if got := o.sent(nine.Name); len(got) == 0 || got[len(got)-1] != "SF" {
			t.Errorf("the sample keeps the answer from its filer: %v", got)
		}
		s := o.samples("")
		if diff := cmp.Diff(cargo.SampleFigures{OneIn: 1, Open: 2}, s.Figures); diff != "" || len(s.Items) != 2 {
			t.Fatalf("sampled %+v (-want +got):\n%s", s.Items, diff)
		}
		for _, i := range s.Items {
			if i.State != cargo.Received || i.Consignor == nil || i.Verdict != nil {
				t.Errorf("the sample is not blind, or shows nothing: %+v", i)
			}
		}
		path := "/api/v1/cargo/samples/"
		if code := o.ask(http.MethodPost, path+s.Items[0].ID, map[string]any{"missed": false}, nil); code != http.StatusOK {
			t.Errorf("agreeing answered %d", code)
		}
		if code := o.ask(http.MethodPost, path+s.Items[1].ID, map[string]any{"missed": true}, nil); code != http.StatusUnprocessableEntity {
			t.Errorf("missed without a reason answered %d", code)
		}
		o.empty()
		if code := o.ask(http.MethodPost, path+s.Items[1].ID, map[string]any{"missed": true, "reason": "these goods need a licence there"}, nil); code != http.StatusOK {
			t.Errorf("missed answered %d", code)
		}
		if code := o.ask(http.MethodPost, path+s.Items[1].ID, map[string]any{"missed": false}, nil); code != http.StatusConflict {
			t.Errorf("a second verdict answered %d", code)
		}
		if code := o.ask(http.MethodPost, path+"nobody", map[string]any{"missed": false}, nil); code != http.StatusNotFound {
			t.Errorf("an unknown one answered %d", code)
		}
		o.due = append(o.due, screening.ID(s.Items[1].ID))
		o.again()
		for _, r := range o.rows(huda, "") {
			if r.ID == s.Items[1].ID && (r.State != cargo.Referred || r.Case == "") {
				t.Errorf("missed, it is %+v", r)
			}
		}
		o.who = access.Principal{Name: "noor", Role: access.Auditor}
		after := o.samples("?state=")
		if diff := cmp.Diff(cargo.SampleFigures{OneIn: 1, Agreed: 1, Missed: 1}, after.Figures); diff != "" {
			t.Errorf("figures (-want +got):\n%s", diff)
		}
		for _, i := range after.Items {
			if i.Consignor != nil || i.Verdict == nil || i.Verdict.By != "huda" {
				t.Errorf("the auditor sees %+v", i)
			}
		}
		if code := o.ask(http.MethodPost, path+s.Items[0].ID, map[string]any{"missed": false}, nil); code != http.StatusForbidden {
			t.Errorf("an auditor's verdict answered %d", code)
		}
		o.file(petra.Name, "r4", sample(t, "01-house-v4.fhl")) // again: looked at once is enough
		o.who = huda
		if s := o.samples(""); s.Figures.Open != 0 {
			t.Errorf("it is sampled again: %+v", s.Figures)
		}
	})
}

// One in so many is picked, by nothing that a filer could know or choose.
func TestOneInSoMany(t *testing.T) {
	t.Parallel()
	none := openOffice(t, storetest.SQLite(t), func(c *cargo.Options) { c.Sample = -1 })
	none.rulebook()
	none.file(nine.Name, "r3", sample(t, "01-direct-v16.fwb"))
	if s := none.samples(""); s.Figures.OneIn != 0 || len(s.Items) != 0 {
		t.Errorf("nothing was to be sampled: %+v", s)
	}
}
