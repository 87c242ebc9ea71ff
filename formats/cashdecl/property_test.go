package cashdecl_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/rihla/rihla/formats/cashdecl"
	"github.com/rihla/rihla/formats/date"
	"github.com/rihla/rihla/formats/fault"
	"github.com/rihla/rihla/formats/money"
)

// What is written is read again as it was meant.
func TestWrittenReadsBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		var want []*cashdecl.Declaration
		for i := range rapid.IntRange(1, 4).Draw(rt, "declarations") {
			want = append(want, declaration(rt, i))
		}
		raw := cashdecl.AppendList(nil, want)
		got := one(t, raw)
		if diff := cmp.Diff(want, got.Declarations, same...); diff != "" {
			rt.Fatalf("%s\n%s\nlost %v", diff, raw, got.Lost)
		}
	})
}

func declaration(t *rapid.T, n int) *cashdecl.Declaration {
	text := func(name string) string {
		return rapid.StringMatching(`[A-Z\x{0627}-\x{0634}][A-Za-z ']{0,20}[a-z"\\]`).Draw(t, name)
	}
	pick := func(name string, of ...string) string { return rapid.SampledFrom(of).Draw(t, name) }
	amount := func(name string, scale uint8) money.Decimal {
		return money.Of(rapid.Int64Range(1, 1e15).Draw(t, name), scale)
	}
	at := time.Date(2026, 5, rapid.IntRange(1, 28).Draw(t, "day"), 21, 40, 0, 0, time.FixedZone("", 3*60*60))
	d := &cashdecl.Declaration{Schema: cashdecl.Accompanied, ID: fmt.Sprintf("CD-%d", n), Provenance: text("provenance"), IntendedUse: text("use"), Note: text("note")}
	for i := range rapid.IntRange(1, 3).Draw(t, "items") {
		item := cashdecl.Item{Kind: pick("kind", cashdecl.Kinds...), Currency: "BHD", Amount: amount(fmt.Sprint("amount ", i), 3)}
		if item.Kind == "gold_bullion" {
			item.Weight, item.Fineness, item.Serials = amount("weight", 1), money.Of(9995, 4), []string{text("serial")}
		}
		d.Items = append(d.Items, item)
	}
	firm := &cashdecl.Party{Kind: cashdecl.Organisation, Name: text("firm"), Country: "AE", Registration: text("registration")}
	if rapid.Bool().Draw(t, "value") {
		d.Value = cashdecl.Value{Decimal: amount("value", 2)}
	}
	if rapid.Bool().Draw(t, "unaccompanied") {
		d.Schema, d.Sender, d.Recipient = cashdecl.Unaccompanied, firm, firm
		d.Carriage = &cashdecl.Carriage{Waybill: "072-12345675", Vessel: text("vessel"), Date: date.Of(at)}
		d.AskedAt, d.Deadline = at, at.AddDate(0, 0, 30)
		return d
	}
	d.System, d.Direction, d.Port, d.MadeAt = cashdecl.System(pick("system", "declaration", "disclosure")), cashdecl.Direction(pick("direction", "in", "out")), "BAH", at
	d.By = &cashdecl.Party{FamilyName: text("family"), GivenNames: text("given"), Born: date.Date{Year: 1984, Month: 7}, Nationality: "BH",
		Document: &cashdecl.Paper{Type: "P", Number: "P1234567", Issuer: "BH"}, Address: &cashdecl.Address{Lines: []string{text("line")}, City: text("city"), Country: "BH"}}
	d.Owner = rapid.SampledFrom([]*cashdecl.Party{nil, {SameAs: "by"}, firm}).Draw(t, "owner")
	d.Journey = &cashdecl.Journey{Flight: "GF11", Date: date.Of(at), Route: []string{"BAH", "JFK"}, Means: "air"}
	if rapid.Bool().Draw(t, "checked") {
		d.Result = &cashdecl.Result{Checked: true, Outcome: cashdecl.Differs, SeizureRef: text("seizure"), Officer: "c-1", Counted: []cashdecl.Count{{Currency: "BHD", Amount: amount("counted", 3)}}}
	}
	return d
}

// FuzzRead: no input breaks the reader; what is lost lies in the file; what passes is written as what reads the same.
func FuzzRead(f *testing.F) {
	for _, file := range samples(f) {
		f.Add(read(f, file))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		err := cashdecl.Read(raw, func(d *cashdecl.Document, broken *fault.Fault) error {
			if broken != nil {
				return nil
			}
			for _, l := range d.Lost {
				if l.Offset < 0 || l.Length <= 0 || l.Offset+l.Length > len(raw) || l.Rule == "" {
					t.Fatalf("lost outside the file: %+v", l)
				}
			}
			for _, x := range d.Declarations {
				cashdecl.Check(x, table)
			}
			if len(d.Declarations) == 0 {
				return nil
			}
			written := cashdecl.AppendList(nil, d.Declarations)
			return cashdecl.Read(written, func(again *cashdecl.Document, broken *fault.Fault) error {
				if broken != nil || len(again.Declarations) != len(d.Declarations) {
					t.Fatalf("%v, lost %v\n%s", broken, again, written)
				}
				if diff := cmp.Diff(d.Declarations, again.Declarations, same...); diff != "" {
					t.Fatalf("%s\n%s", diff, written)
				}
				return nil
			})
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}
