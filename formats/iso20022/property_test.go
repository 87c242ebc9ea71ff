package iso20022_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/rihla/rihla/formats/date"
	"github.com/rihla/rihla/formats/fault"
	"github.com/rihla/rihla/formats/iso20022"
	"github.com/rihla/rihla/formats/money"
)

// What is written is read again as it was meant.
func TestWrittenReadsBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		want := message(rt)
		raw := iso20022.Append(nil, want)
		got := one(t, raw)
		for _, x := range got.Transfers { // what reading finds out
			x.Gaps, x.Mentions = nil, nil
		}
		if len(got.Lost) != 0 {
			rt.Fatalf("lost: %v\n%s", got.Lost, raw)
		}
		if diff := cmp.Diff(want, got, same...); diff != "" {
			rt.Fatalf("%s\n%s", diff, raw)
		}
		if again := iso20022.Append(nil, got); !bytes.Equal(raw, again) {
			rt.Fatalf("written twice, and not the same:\n%s", cmp.Diff(string(raw), string(again)))
		}
	})
}

func message(t *rapid.T) *iso20022.Message {
	text := func(name string, most int) string {
		return strings.TrimSpace(rapid.StringMatching(fmt.Sprintf(`[A-Za-z0-9 .'&<>"\x{0627}-\x{064a}-]{0,%d}`, most)).Draw(t, name))
	}
	word := func(name string) string { return rapid.StringMatching(`[A-Z0-9]{1,12}`).Draw(t, name) }
	maybe := func(name string) bool { return rapid.Bool().Draw(t, name) }
	amount := func(name string) iso20022.Money {
		return iso20022.Money{Amount: money.Of(rapid.Int64Range(1, 1e12).Draw(t, name), 2), Currency: rapid.SampledFrom([]string{"USD", "EUR", "AED"}).Draw(t, name+" currency")}
	}
	lines := func(name string, most int) []string {
		var out []string
		for i := range rapid.IntRange(0, 3).Draw(t, name+" lines") {
			if s := text(fmt.Sprint(name, i), most); s != "" {
				out = append(out, s)
			}
		}
		return out
	}
	address := func(name string) iso20022.Address {
		return iso20022.Address{Street: text(name+" street", 30), Building: word(name + " building"), Town: text(name+" town", 20), Country: "BH", Lines: lines(name, 60)}
	}
	party := func(name string) *iso20022.Party {
		p := &iso20022.Party{Name: text(name, 60)}
		if p.Name == "" {
			p.Name = "x"
		}
		if maybe(name + " address") {
			p.Address = address(name)
		}
		if p.Private = maybe(name + " private"); p.Private {
			p.Born = iso20022.Birth{Date: date.Date{Year: 1984, Month: 7, Day: int8(rapid.IntRange(1, 31).Draw(t, name+" born"))}, City: word(name + " city"), Country: "JO"}
		}
		if maybe(name + " number") {
			p.Numbers = []iso20022.Number{{Value: word(name + " value"), Scheme: rapid.SampledFrom([]string{"CCPT", "NIDN", "", "House scheme"}).Draw(t, name+" scheme"), Issuer: "BH"}}
		}
		return p
	}
	m := &iso20022.Message{Format: iso20022.Format, Kind: iso20022.Pacs008, Version: "pacs.008.001.09", Reference: word("id"), Created: "2026-05-14T12:40:11+00:00", Settlement: "CLRG"}
	for i := range rapid.IntRange(1, 4).Draw(t, "transfers") {
		x := &iso20022.Transfer{
			UETR: fmt.Sprintf("7c1f0a52-6a5e-4c0e-9f0b-%012x", i), EndToEnd: word("end to end"), Settled: amount("settled"), Date: date.Date{Year: 2026, Month: 5, Day: 14}, Charges: "SHAR",
			Debtor: party("debtor"), Creditor: party("creditor"), Number: i + 1, Purpose: rapid.SampledFrom([]string{"GDDS", "", "Own words"}).Draw(t, "purpose"),
			Agents:     []iso20022.Agent{{Role: "DbtrAgt", BIC: "DLMNBHBM"}, {Role: "CdtrAgt", Clearing: "USABA/021000021", Name: text("bank", 30)}},
			Remittance: lines("remittance", 100), References: lines("reference", 20), Instructions: lines("instruction", 40), Regulatory: lines("regulatory", 30),
		}
		if maybe("instructed") {
			x.Instructed = amount("instructed sum")
		}
		if maybe("iban") {
			x.DebtorAccount = iso20022.Account{IBAN: "BH45DLMN00001299123456", Currency: "BHD"}
			x.CreditorAccount = iso20022.Account{Other: word("account"), Scheme: "BBAN", Name: text("holder", 20)}
		}
		if maybe("ultimate") {
			x.UltimateDebtor = party("ultimate")
		}
		m.Transfers = append(m.Transfers, x)
		m.Count++
	}
	return m
}

// FuzzRead: no input breaks the reader; every part that is lost lies in the file; streaming gives what reading whole does.
func FuzzRead(f *testing.F) {
	for _, file := range samples(f) {
		f.Add(read(f, file))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		var whole []*iso20022.Transfer
		err := iso20022.Read(raw, func(m *iso20022.Message, broken *fault.Fault) error {
			if broken != nil {
				return nil
			}
			whole = append(whole, m.Transfers...)
			for _, l := range m.Lost {
				if l.Offset < 0 || l.Length <= 0 || l.Offset+l.Length > len(raw) {
					t.Fatalf("lost outside the file: %+v", l)
				}
			}
			if len(m.AppendJSON(nil)) < 10 {
				t.Fatal("no JSON")
			}
			if m.Kind == iso20022.Pacs008 && len(m.Transfers) > 0 {
				written := iso20022.Append(nil, m)
				return iso20022.Read(written, func(again *iso20022.Message, broken *fault.Fault) error {
					if broken != nil || len(again.Transfers) != len(m.Transfers) {
						t.Fatalf("written unreadable: %v\n%s", broken, written)
					}
					return nil
				})
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		err = iso20022.Stream(raw, func(m *iso20022.Message, x *iso20022.Transfer) error {
			if n < len(whole) && whole[n].Settled != x.Settled {
				t.Fatalf("transfer %d differs", n)
			}
			n++
			return nil
		}, func(*iso20022.Message, *fault.Fault) error { return nil })
		if err != nil || n < len(whole) {
			t.Fatalf("%d streamed, %d read: %v", n, len(whole), err)
		}
	})
}
