package funds_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/store/storetest"
)

// versions are reports that amend, correct and contradict one another.
func versions(t *testing.T) []report {
	t.Helper()
	str := string(sample(t, "goaml-01-str-structuring.xml"))
	fewer := str[:strings.LastIndex(str, "<transaction>")] + str[strings.LastIndex(str, "</transaction>")+len("</transaction>"):]
	named := func(text string) []byte {
		return []byte(strings.Replace(text, "<submission_date>", "<prev_rejected_ref_number>STR-2026-0151</prev_rejected_ref_number>\n  <submission_date>", 1))
	}
	all := []report{
		{"declared", "customs", noon, sample(t, "cash-declarations.json")},
		{"as csv by somebody else", "airport", noon, sample(t, "cash-declarations.csv")},
		{"amended", "customs", noon, cash("CD-2026-000101", "BAH", "out", "Counted.", "banknotes 9000.00 USD")},
		{"amended again", "customs", noon, cash("CD-2026-000101", "BAH", "in", "", "banknotes 19000.00 EUR")},
		{"reported", "bank", noon, []byte(str)},
		{"under the same reference", "bank", noon, []byte(strings.ReplaceAll(str, "Yusuf", "Yasin"))},
		{"corrected", "bank", noon, named(strings.ReplaceAll(fewer, "Yusuf", "Yousuf"))},
		{"refused", "bank", noon, sample(t, "goaml-invalid-04-business.xml")},
		{"by another bank", "other", noon, []byte(str)},
		{"wire", "bank", noon, sample(t, "goaml-02-str-wire-out.xml")},
		{"payment", "bank", noon, sample(t, "pacs008-01-clean.xml")},
		{"ordered", "bank", noon, sample(t, "pain001-01.xml")},
		{"booked", "bank", noon, sample(t, "camt053-01.xml")},
	}
	for i := range all {
		all[i].at = noon.Add(time.Duration(i) * time.Minute)
	}
	return all
}

// holdings are all that is held, as text.
func (d *desk) holdings() map[string]string {
	d.t.Helper()
	out := map[string]string{}
	for _, query := range []string{
		`select 'entry ' || id, body from funds_entry`, `select 'party ' || id, body from funds_party`,
		`select 'part ' || party || entry, kind || facet || happened from funds_part`, `select 'shared ' || value || entry, happened from funds_shared`,
	} {
		rows, err := d.store.Read().QueryContext(d.t.Context(), query)
		if err != nil {
			d.t.Fatal(err)
		}
		for rows.Next() {
			var key, body string
			if err := rows.Scan(&key, &body); err != nil {
				d.t.Fatal(err)
			}
			out[key] = body
		}
		if err := rows.Err(); err != nil {
			d.t.Fatal(err)
		}
		_ = rows.Close()
	}
	return out
}

// Amendments, corrections, repeats and contradictions come to the same in any order: entries, parties, parts and what is
// found.
func TestOrderMakesNoDifference(t *testing.T) {
	t.Parallel()
	all := versions(t)
	file := func(order []int) (map[string]string, []screening.Screened) {
		d := open(t, storetest.SQLite(t), "BHR")
		for _, i := range order {
			d.file(all[i])
		}
		return d.holdings(), d.parties()
	}
	var in []int
	for i := range all {
		in = append(in, i)
	}
	want, found := file(in)
	told := 0
	for _, body := range want {
		if strings.Contains(body, `"kind":"transaction"`) && strings.Contains(body, `"filer":"bank"`) {
			told++
		}
	}
	if told != 3+2 { // of the correction, which leaves one out, and of the wire
		t.Errorf("%d transactions of the bank's are held", told)
	}
	if len(want) < 40 {
		t.Fatalf("only %d rows are held", len(want))
	}
	n := 0
	rapid.Check(t, func(rt *rapid.T) {
		if n++; n > 15 { // each is a store of its own
			return
		}
		order := rapid.Permutation(slices.Concat(in, in[:5])).Draw(rt, "order")
		got, seen := file(order)
		if diff := cmp.Diff(want, got); diff != "" {
			rt.Fatalf("%v: %.3000s", order, diff)
		}
		if diff := cmp.Diff(found, seen); diff != "" {
			rt.Fatalf("%v: %.3000s", order, diff)
		}
	})
}
