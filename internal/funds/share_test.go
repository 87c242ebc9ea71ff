package funds_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rihla/rihla/internal/funds"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/sharing"
	"github.com/rihla/rihla/internal/sharing/agreement"
	"github.com/rihla/rihla/internal/store"
	"github.com/rihla/rihla/internal/store/storetest"
)

// What funds offers an agreement is by the catalogue's names alone, of the right person, with what conditions ask of it, and
// without a word of who filed it.
func TestItems(t *testing.T) {
	t.Parallel()
	f := sampled(t)
	item := f.Items()[0]
	yusuf := sharing.Person{FamilyName: "Alsample", GivenNames: "Yusuf", DOB: "1984-07-12", Nationality: "BHR", Document: &sharing.Document{Type: "P", Number: "P1234567", Issuer: "BHR"}}
	offer := func(category string, at int) (sharing.Offer, []sharing.Candidate) {
		t.Helper()
		ask := sharing.Ask{Category: category, Person: yusuf}
		found, err := item.Find(t.Context(), f.store.Read(), ask)
		if err != nil || len(found) <= at {
			t.Fatalf("%s: %v %v", category, found, err)
		}
		o, err := item.Fill(t.Context(), f.store.Read(), found[at].Ref, ask)
		if err != nil {
			t.Fatal(err)
		}
		for name, value := range o.Values {
			if _, known := agreement.Lookup(name); !known {
				t.Errorf("%s is not in the catalogue", name)
			}
			if s, ok := value.(string); ok && (strings.Contains(s, "Invented Bank") || strings.Contains(s, "4711")) {
				t.Errorf("%s tells of the filer: %s", name, s)
			}
		}
		return o, found
	}
	known, found := offer("fiu-known", 0)
	if diff := cmp.Diff(map[string]any{"match.hit": true, "match.confidence_band": "high"}, known.Values); diff != "" || found[0].Score != 1 {
		t.Error(diff, found)
	}
	analysis, _ := offer("fiu-analysis", 0)
	if analysis.Values["flow.out_total"] == nil || analysis.Values["person.dob"] != "1984-07-12" || analysis.Subject.Nationality != "BH" {
		t.Errorf("%+v", analysis)
	}
	cash, _ := offer("cash-declaration", 0)
	if cash.Record.AmountUSD != 9800 || cash.Record.FalseDeclaration || cash.Values["cash.amount"] != "9800.00" || cash.Values["flight.number"] != "GF11" || cash.Values["document.number"] != "P1234567" {
		t.Errorf("%+v", cash)
	}
	nobody, err := item.Find(t.Context(), f.store.Read(), sharing.Ask{Category: "fiu-known", Person: sharing.Person{FamilyName: "Nobody", GivenNames: "Known"}})
	if err != nil || len(nobody) != 0 {
		t.Errorf("%v %v", nobody, err)
	}
	gone, err := item.Fill(t.Context(), f.store.Read(), "no such", sharing.Ask{Category: "cash-declaration"})
	if err != nil || len(gone.Values) != 0 {
		t.Errorf("%v %v", gone, err)
	}
}

// Whom the partner has designated is looked for among all that are held, and among whoever comes later; when the partner
// takes it back, nothing is left of it.
func TestPartnersDesignation(t *testing.T) {
	t.Parallel()
	f := sampled(t)
	var due []screening.ID
	write(t, f.store, func(ctx context.Context, tx store.Tx) error {
		e, err := f.Arrived(ctx, tx, sharing.Arrival{Record: "r9", Category: "freeze", Partner: "us-fiu", Values: map[string]any{
			"person.family_name": "Alsample", "person.given_names": "Yusuf", "person.dob": "1984-07-12", "designation.reference": "D-77"}})
		due = e.Due
		return err
	})
	yusuf := f.called("ALSAMPLE, YUSUF")
	if !slices.Contains(due, yusuf.Subject.ID) || !slices.Contains(codes(yusuf), "partner_designation") {
		t.Errorf("looked at are %v, found is %v", due, codes(yusuf))
	}
	_, screened := f.file(report{"later", "customs", noon, carried("CD-9", "in", "BAH", "ALSAMPLE", "X1112223", "2026-05-20", "500.00")})
	if len(screened) != 1 || len(screened[0].Found) != 0 {
		t.Errorf("of another man is found %+v", screened)
	}
	later := strings.NewReplacer("SAMI", "YUSUF", "1979-11-30", "1984-07-12").Replace(string(carried("CD-10", "in", "BAH", "ALSAMPLE", "X1112224", "2026-05-20", "500.00")))
	_, screened = f.file(report{"later", "customs", noon, []byte(later)})
	if len(screened) != 1 || len(screened[0].Found) != 1 {
		t.Errorf("of the man himself is found %+v", screened)
	}
	write(t, f.store, func(ctx context.Context, tx store.Tx) error { return f.Erased(ctx, tx, []string{"r9"}) })
	if slices.Contains(codes(f.called("ALSAMPLE, YUSUF")), "partner_designation") {
		t.Error("it is still found")
	}
}

// A state with a figure of its own at the counter finds the four deposits of the samples, each a little under six thousand
// dinars.
func TestCounterLine(t *testing.T) {
	t.Parallel()
	settings, err := funds.ReadSettings([]byte("deposit_line: {amount: \"6000.000\", currency: BHD}\nfilers: {bank: 1}\n"))
	if err != nil {
		t.Fatal(err)
	}
	d := open(t, storetest.SQLite(t), "BHR")
	d.Domain = funds.New(funds.Options{Store: d.store, IDs: hashIDs{"x"}, Reads: d.reads, Home: "BHR", Settings: settings})
	d.file(report{"str", "another", noon, sample(t, "goaml-01-str-structuring.xml")})
	found := map[string]bool{}
	for _, s := range d.parties() {
		for _, c := range codes(s) {
			found[c] = true
		}
	}
	if !found["structuring"] || !found["just_below"] {
		t.Errorf("found is %v", found)
	}
	e, _ := d.file(report{"str", "bank", noon, sample(t, "goaml-02-str-wire-out.xml")})
	if got := receiptOf(t, e.Answers); !slices.Contains(got, "B-GOAML-FILER") {
		t.Errorf("a report under another's number is told %v", got)
	}
}

// A declaration that two offices file is one amount carried, and a deposit that stands in a report and in a statement was
// made once.
func TestToldTwiceMovedOnce(t *testing.T) {
	t.Parallel()
	d := open(t, storetest.SQLite(t), "BHR")
	for i, day := range []string{"2026-05-01", "2026-05-11"} {
		for _, office := range []string{"customs", "police", "airport"} {
			d.file(report{day, office, noon, carried(fmt.Sprint("CD-", i), "in", "BAH", "EXAMPLE", "T0099881", day, "20000.00")})
		}
	}
	if got := codes(d.called("EXAMPLE, SAMI")); slices.Contains(got, "frequent") {
		t.Errorf("two crossings are taken for six: %v", got)
	}
	for i, day := range []string{"2026-05-21", "2026-05-31"} {
		d.file(report{day, "customs", noon, carried(fmt.Sprint("CE-", i), "in", "BAH", "EXAMPLE", "T0099881", day, "20000.00")})
	}
	if got := codes(d.called("EXAMPLE, SAMI")); !slices.Contains(got, "frequent") {
		t.Errorf("four crossings are not found: %v", got)
	}
}
