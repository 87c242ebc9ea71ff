package funds_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rihla/rihla/formats/fault"
	"github.com/rihla/rihla/internal/casework"
	"github.com/rihla/rihla/internal/custody/custodytest"
	"github.com/rihla/rihla/internal/funds"
	"github.com/rihla/rihla/internal/intake"
	"github.com/rihla/rihla/internal/jobs"
	"github.com/rihla/rihla/internal/pipeline"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/screening/links"
	"github.com/rihla/rihla/internal/screening/rules"
	"github.com/rihla/rihla/internal/sharing"
	"github.com/rihla/rihla/internal/store"
	"github.com/rihla/rihla/internal/store/storetest"
)

// The rules that every node starts with compile, and their examples hold.
func TestRulebook(t *testing.T) {
	t.Parallel()
	d := funds.New(funds.Options{})
	book, err := fs.ReadFile(d.Rules(), "rulebook/funds.yaml")
	if err != nil {
		t.Fatal(err)
	}
	results, err := rules.Test([]rules.File{{Name: "funds.yaml", Data: book}}, []rules.Vocabulary{funds.Vocabulary()})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range results {
		if !r.Passed {
			t.Errorf("%+v", r)
		}
	}
	if len(results) < 12 {
		t.Errorf("only %d examples", len(results))
	}
}

// cash declares an amount at a port.
func cash(id, port, direction, note string, items ...string) []byte {
	var list []string
	for _, i := range items {
		kind, rest, _ := strings.Cut(i, " ")
		amount, currency, _ := strings.Cut(rest, " ")
		list = append(list, fmt.Sprintf(`{"kind":%q,"currency":%q,"amount":%q}`, kind, currency, amount))
	}
	return fmt.Appendf(nil, `[{"schema":"rihla.cash-declaration/v1","id":%q,"system":"declaration","direction":%q,"port":%q,"made_at":"2026-05-14T12:00:00Z",
		"by":{"family_name":"EXAMPLE","given_names":"SAMI","dob":"1979-11-30","nationality":"JO","document":{"type":"P","number":"T0099881","issuer":"JO"}},"owner":{"same_as":"by"},
		"items":[%s],"provenance":"savings","intended_use":"tourism","journey":{"flight":"GF44","date":"2026-05-14","route":["IST","BAH"],"means":"air"},
		"result":{"checked":true,"outcome":"agrees"},"note":%q}]`, id, direction, port, strings.Join(list, ","), note)
}

// An amount exactly at the line follows the state's own operator; kinds and currencies of one crossing are added; what is
// below and odd is a class of its own, with the officer's words.
func TestThresholds(t *testing.T) {
	t.Parallel()
	d := open(t, storetest.SQLite(t), "BHR")
	for i, test := range []struct {
		port, note string
		items      []string
		class      string
	}{
		{"JFK", "", []string{"banknotes 10000.00 USD"}, "below"},
		{"JFK", "", []string{"banknotes 10000.01 USD"}, "above"},
		{"CDG", "", []string{"banknotes 10000.00 EUR"}, "above"},
		{"CDG", "", []string{"banknotes 9999.99 EUR"}, "below"},
		{"JFK", "", []string{"banknotes 5000.00 EUR", "travellers_cheques 5000.00 USD"}, "above"},
		{"JFK", "", []string{"banknotes 3760.000 BHD"}, "below"},
		{"JFK", "", []string{"banknotes 3760.001 BHD"}, "below"}, // a fils is less than half a cent
		{"JFK", "", []string{"banknotes 3760.010 BHD"}, "above"},
		{"JFK", "Somebody waited outside.", []string{"banknotes 9000.00 USD"}, "below_with_indications"},
		{"BAH", "", []string{"banknotes 90000.00 USD"}, "asked"},
	} {
		id := fmt.Sprint("CD-", i)
		d.file(report{id, "customs", noon, cash(id, test.port, "in", test.note, test.items...)})
	}
	classes := map[string]int{}
	for _, s := range d.parties() {
		for _, v := range s.View.(*funds.View).Declarations {
			classes[v.Class]++
		}
	}
	if diff := cmp.Diff(map[string]int{"below": 4, "above": 4, "below_with_indications": 1, "asked": 1}, classes); diff != "" {
		t.Error(diff)
	}
}

// Money is exact: three decimals of a dinar survive JSON and the database, and sums are equal to the last fils.
func TestMoneyIsExact(t *testing.T) {
	t.Parallel()
	f := openFace(t)
	f.file(report{"fils", "customs", noon, cash("CD-1", "BAH", "in", "", "banknotes 123456.789 BHD", "coins 0.001 BHD")})
	var page struct {
		Items []struct{ Amount string }
		USD   string `json:"value_usd"`
	}
	f.get("/declarations/"+f.items("/declarations")[0]["id"].(string), &page)
	if page.Items[0].Amount != "123456.789" || page.Items[1].Amount != "0.001" || page.USD != "328342.52" {
		t.Errorf("%+v", page)
	}
}

// The same report twice is one report, and one receipt; the same reference with other bytes is refused in words, and the
// first stands, in whatever order they come; a correction replaces it.
func TestDuplicates(t *testing.T) {
	t.Parallel()
	first := sample(t, "goaml-01-str-structuring.xml")
	second := []byte(strings.Replace(string(first), "<reason>", "<reason>Told otherwise: ", 1))
	correction := []byte(strings.Replace(string(second), "<submission_date>", "<prev_rejected_ref_number>STR-2026-0151</prev_rejected_ref_number>\n  <submission_date>", 1))
	reason := func(order ...int) string {
		f := openFace(t)
		all := []report{{"first", "bank", noon, first}, {"second", "bank", noon.Add(time.Hour), second}, {"correction", "bank", noon.Add(2 * time.Hour), correction}}
		for _, i := range order {
			e, _ := f.file(all[i])
			if len(e.Answers) != 1 {
				t.Fatalf("%d answers", len(e.Answers))
			}
		}
		var page struct{ Reason string }
		items := f.items("/reports")
		if len(items) != 1 {
			t.Fatalf("%d reports are held", len(items))
		}
		f.get("/reports/"+items[0]["id"].(string), &page)
		return page.Reason[:13]
	}
	for _, order := range [][]int{{0, 1}, {1, 0}, {0, 0}, {0, 1, 0}} {
		if got := reason(order...); got != "Four cash dep" {
			t.Errorf("%v: %q stands", order, got)
		}
	}
	for _, order := range [][]int{{0, 1, 2}, {2, 1, 0}, {1, 2, 0}} {
		if got := reason(order...); got != "Told otherwis" {
			t.Errorf("%v: %q stands", order, got)
		}
	}
	f := openFace(t)
	f.file(report{"first", "bank", noon, first})
	e, _ := f.file(report{"second", "bank", noon.Add(time.Hour), second})
	if got := receiptOf(t, e.Answers); !slices.Contains(got, "B-GOAML-DUP-REF") {
		t.Errorf("the receipt tells %v", got)
	}
	again, _ := f.file(report{"first", "bank", noon, first})
	before, _ := f.file(report{"first", "bank", noon, first})
	if diff := cmp.Diff(again.Answers, before.Answers); diff != "" {
		t.Error(diff)
	}
}

func receiptOf(t *testing.T, answers []intake.Answer) (rules []string) {
	t.Helper()
	var r funds.Receipt
	if err := json.Unmarshal(answers[0].Body, &r); err != nil {
		t.Fatal(err)
	}
	for _, i := range r.Items {
		for _, f := range i.Faults {
			rules = append(rules, f.Rule)
		}
	}
	return rules
}

// A receipt is the same whatever the unit thinks of anybody in the report: two that differ in a listed name alone are
// answered alike.
func TestNoTippingOff(t *testing.T) {
	t.Parallel()
	answer := func(name string) string {
		f := openFace(t)
		raw := strings.ReplaceAll(string(sample(t, "goaml-01-str-structuring.xml")), "Alsample", name)
		e, _ := f.file(report{"str", "bank", noon, []byte(raw)})
		var r funds.Receipt
		if err := json.Unmarshal(e.Answers[0].Body, &r); err != nil {
			t.Fatal(err)
		}
		r.Report, r.SHA256 = "", ""
		text, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	if a, b := answer("Alsample"), answer("Listedman"); a != b {
		t.Errorf("%s\n%s", a, b)
	}
}

// Of a file with one bad row the others are held, and the bad one is told of with its place; what breaks a business rule is
// kept, counts for nothing, and its filer is told every fault.
func TestBadAmongGood(t *testing.T) {
	t.Parallel()
	d := open(t, storetest.SQLite(t), "BHR")
	var lost, wrong []string
	stood := 0
	if err := d.Formats()[0].Read(sample(t, "cash-declarations.csv"), noon, func(m pipeline.Message) error {
		if m.Err != nil {
			wrong = append(wrong, m.Err.Rule)
			return nil
		}
		stood++
		for _, f := range m.Lost {
			lost = append(lost, f.Rule)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	for _, rule := range []string{"E-CASH-DATE", "E-CASH-DOB", "E-CASH-DOCUMENT", "E-CASH-AMOUNT", "E-CASH-PROVENANCE"} {
		if !slices.Contains(lost, rule) {
			t.Errorf("%s is not told: %v", rule, lost)
		}
	}
	if stood != 4 || len(wrong) != 0 {
		t.Errorf("%d stand, %v fall", stood, wrong)
	}

	e, screened := d.file(report{"business", "bank", noon, sample(t, "goaml-invalid-04-business.xml")})
	if got := receiptOf(t, e.Answers); len(got) < 6 {
		t.Errorf("the receipt tells %v", got)
	}
	if len(screened) != 0 || len(d.parties()) != 0 {
		t.Error("what is refused counts for something")
	}
	var broken *fault.Fault
	if err := d.Formats()[1].Read(sample(t, "goaml-invalid-01-order.xml"), noon, func(m pipeline.Message) error {
		broken = m.Err
		return nil
	}); err != nil || broken == nil || broken.Path == "" || broken.Mend == "" {
		t.Errorf("%v %+v", err, broken)
	}
	for name, raw := range map[string]string{
		"bomb":    `<?xml version="1.0"?><!DOCTYPE report [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><report>&b;</report>`,
		"cut":     string(sample(t, "pacs008-01-clean.xml"))[:900],
		"deep":    `<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pacs.008.001.08">` + strings.Repeat("<a>", 5000),
		"unclean": "[{\"schema\":\"rihla.cash-declaration/v1\",\"id\":\"\xff\"}]",
	} {
		for _, format := range d.Formats() {
			if !format.Recognise([]byte(raw)) {
				continue
			}
			n := 0
			if err := format.Read([]byte(raw), noon, func(m pipeline.Message) error {
				if m.Err == nil {
					n++
				}
				return nil
			}); err != nil && !strings.Contains(err.Error(), ":") {
				t.Errorf("%s: %v", name, err)
			}
			if n > 0 {
				t.Errorf("%s stands", name)
			}
		}
	}
}

// journeys says of everybody that they are on a flight.
type journeys map[screening.ID]casework.Sheet

// A declaration whose traveller is on no flight is told to the desk after a day, and no longer once the flight is known.
func TestUnlinkedDeclaration(t *testing.T) {
	t.Parallel()
	known := journeys{}
	d := open(t, storetest.SQLite(t), "BHR")
	d.Domain = funds.New(funds.Options{Store: d.store, IDs: hashIDs{"x"}, Reads: d.reads, Home: "BHR", Clock: func() time.Time { return d.clock },
		Others: func(_ context.Context, _ store.Reader, ids []screening.ID) (map[screening.ID]casework.Sheet, error) {
			out := map[screening.ID]casework.Sheet{}
			for _, id := range ids {
				if s, ok := known[id]; ok {
					out[id] = s
				}
			}
			return out, nil
		}})
	tie(t, d, nil)
	e, _ := d.file(report{"one", "customs", noon, cash("CD-1", "BAH", "in", "", "banknotes 9000.00 USD")})
	var clock jobs.Job
	for _, j := range e.Jobs {
		if j.Kind == "funds.unlinked" {
			clock = j
		}
	}
	if clock.ID == "" {
		t.Fatal("no clock runs")
	}
	again := wake(t, d, clock)
	sami := d.called("EXAMPLE, SAMI")
	if got := codes(sami); !slices.Equal(got, []string{"unlinked_declaration"}) {
		t.Errorf("found is %v", got)
	}
	traveller := sami.Subject
	traveller.ID, traveller.Domain, traveller.Within = "a-traveller", "travel", "a-flight"
	tie(t, d, []*screening.Subject{&sami.Subject, &traveller})
	known["a-traveller"] = casework.Sheet{Title: "EXAMPLE, SAMI", Context: "GF44 2026-05-14 IST-BAH", Lines: []casework.Line{{Label: "flight", Value: "GF044"}, {Label: "departure_local", Value: "2026-05-14T08:00"}}}
	wake(t, d, append(again.Jobs, clock)[0])
	if got := codes(d.called("EXAMPLE, SAMI")); len(got) != 0 {
		t.Errorf("the flight is known, and found is %v", got)
	}
}

// What is too old goes, with the parties that nothing else speaks of and all that hangs on them; what a partner gave goes on
// its own day.
func TestRetention(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, again func() *store.Store) {
		d := open(t, again(), "BHR")
		tie(t, d, nil)
		old := time.Now().AddDate(-5, 0, -1)
		d.file(report{"old", "customs", old, cash("CD-1", "BAH", "in", "", "banknotes 9000.00 USD")})
		d.file(report{"old too", "customs", old, sample(t, "cash-declarations.json")})
		d.file(report{"new", "customs", time.Now(), cash("CD-2", "BAH", "in", "", "banknotes 8000.00 USD")})
		arrive(t, d, sharing.Arrival{Record: "r1", Category: "cash-declaration", Partner: "us-fiu", Values: map[string]any{
			"person.family_name": "ELSEWHERE", "person.dob": "1970-01-01", "cash.direction": "out", "cash.amount": "50000.00", "cash.currency": "USD", "flight.number": "GF2", "flight.date": "2026-05-14"}})
		if n := len(d.parties()); n != 6 {
			t.Fatalf("%d parties are held", n)
		}
		figures := custodytest.Night(t, d.store, d.Retention(), time.Now(), nil)
		if f := figures["funds.entry"]; f.Last == nil || f.Last.Records != 5 || f.Due != 0 || f.Keep != "P5Y" {
			t.Errorf("of entries: %+v", f)
		}
		left := d.parties()
		if len(left) != 2 {
			t.Errorf("%d parties are left", len(left))
		}
		for _, s := range left {
			if v := s.View.(*funds.View); len(v.Declarations) > 1 {
				t.Errorf("%v still has %d declarations", s.Subject.Names, len(v.Declarations))
			}
		}
		write(t, d.store, func(ctx context.Context, tx store.Tx) error { return d.Erased(ctx, tx, []string{"r1", "unknown"}) })
		if left := d.parties(); len(left) != 1 || left[0].Subject.Names[0].Surname != "EXAMPLE" {
			t.Errorf("left are %+v", left)
		}
	})
}

// tie keeps what subjects share.
func tie(t *testing.T, d *desk, subjects []*screening.Subject) {
	t.Helper()
	for _, err := range []error{links.Migrate(t.Context(), d.store), pipeline.Migrate(t.Context(), d.store)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if _, err := intake.OpenReports(t.Context(), d.store, nil, nil); err != nil {
		t.Fatal(err)
	}
	write(t, d.store, func(ctx context.Context, tx store.Tx) error { _, err := links.Write(ctx, tx, subjects); return err })
}
