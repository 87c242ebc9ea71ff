package synth_test

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	_ "time/tzdata"

	"github.com/google/go-cmp/cmp"

	"github.com/rihla/rihla/formats/cashdecl"
	"github.com/rihla/rihla/formats/country"
	"github.com/rihla/rihla/formats/fault"
	"github.com/rihla/rihla/formats/goaml"
	"github.com/rihla/rihla/formats/iso20022"
	"github.com/rihla/rihla/formats/money"
	"github.com/rihla/rihla/internal/synth"
)

// What a month says is valid in every format, and holds exactly the reports and subjects its cases name.
func TestFundsMonthReads(t *testing.T) {
	t.Parallel()
	m := synth.NewFundsMonth(3)
	known := map[string]bool{} // reports and subjects
	rates := money.NewTable(m.Rates...)
	kinds := map[string]int{}
	for _, f := range slices.Concat(m.Files, m.Partner) {
		if f.Domain != "funds" || f.Carrier == "" || f.Sent.Before(m.From) || len(f.Body) == 0 {
			t.Errorf("%s: %+v", f.Name, f.Sent)
		}
		readFunds(t, f, rates, known, kinds)
	}
	for _, c := range m.Cases {
		if len(c.Subjects) == 0 || len(c.Reports) == 0 {
			t.Errorf("%s has no subjects or no reports: %+v", c.Typology, c)
		}
		for _, x := range slices.Concat(c.Subjects, c.Reports) {
			if !known[x] {
				t.Errorf("%s: nobody tells of %s", c.Typology, x)
			}
		}
	}
	for _, kind := range []string{"json", "csv", "pacs.008", "camt.053", "goaml"} {
		if kinds[kind] == 0 {
			t.Errorf("nothing was sent as %s: %v", kind, kinds)
		}
	}
	t.Logf("%d files, %d cases: %v", len(m.Files), len(m.Cases), kinds)
}

func readFunds(t *testing.T, f synth.Message, rates *money.Table, known map[string]bool, kinds map[string]int) {
	t.Helper()
	broken := func(what string, list []fault.Fault) {
		for i := range list {
			if list[i].Strict || strings.HasPrefix(list[i].Rule, "W-CASH-VALUE") {
				t.Errorf("%s: %s: %v", f.Name, what, &list[i])
			}
		}
	}
	var err error
	switch {
	case cashdecl.Recognise(f.Body):
		kinds[f.Name[strings.LastIndexByte(f.Name, '.')+1:]]++
		err = cashdecl.Read(f.Body, func(d *cashdecl.Document, x *fault.Fault) error {
			if x != nil {
				t.Fatalf("%s: %v", f.Name, x)
			}
			broken("lost", d.Lost)
			broken("warned", d.Warnings)
			for _, c := range d.Declarations {
				broken("checked", cashdecl.Check(c, rates))
				known[c.ID] = true
				known["document:"+iso(c.By.Nationality)+"/"+c.By.Document.Number] = true
				if c.Owner != nil {
					known["organisation:"+c.Owner.Name] = true
				}
			}
			return nil
		})
	case iso20022.Recognise(f.Body):
		err = iso20022.Read(f.Body, func(m *iso20022.Message, x *fault.Fault) error {
			if x != nil {
				t.Fatalf("%s: %v", f.Name, x)
			}
			kinds[string(m.Kind)]++
			broken("lost", m.Lost)
			broken("warned", m.Warnings)
			for _, p := range m.Transfers {
				known[p.UETR], known["bank:"+p.Agent("DbtrAgt").BIC] = true, true
				known["account:"+p.DebtorAccount.Number()], known["account:"+p.CreditorAccount.Number()] = true, true
			}
			for _, s := range m.Statements {
				known[s.ID], known["account:"+s.Account.IBAN] = true, true
				for _, e := range s.Entries {
					for _, d := range e.Details {
						known["document:"+iso(d.Debtor.Numbers[0].Issuer)+"/"+d.Debtor.Numbers[0].Value] = true
					}
				}
			}
			return nil
		})
	case goaml.Recognise(f.Body):
		kinds["goaml"]++
		err = goaml.Read(f.Body, nil, func(d *goaml.Document, x *fault.Fault) error {
			if x != nil || d.Refused() {
				t.Fatalf("%s: %v %v", f.Name, x, d.Warnings)
			}
			known[d.Reference] = true
			for _, tx := range d.Transactions {
				if tx.FromMyClient != nil {
					known["account:"+tx.FromMyClient.Account.Number] = true
				}
				if tx.From != nil {
					known["document:"+iso(tx.From.Person.PassportCountry)+"/"+tx.From.Person.Passport] = true
				}
			}
			return nil
		})
	default:
		t.Errorf("%s is recognised as nothing", f.Name)
	}
	if err != nil {
		t.Error(err)
	}
}

// Each planted case has its twenty look-alikes, and all typologies are there.
func TestFundsLookAlikes(t *testing.T) {
	t.Parallel()
	m := synth.NewFundsMonth(8)
	planted, alike := map[string]int{}, map[string]int{}
	for _, c := range m.Cases {
		if c.Planted {
			planted[c.Typology]++
		} else {
			alike[c.Typology]++
		}
	}
	for typology, n := range planted {
		if alike[typology] != 20*n {
			t.Errorf("%s: %d planted, %d look-alikes", typology, n, alike[typology])
		}
	}
	const least = 15
	if len(planted) < least {
		t.Errorf("%d typologies", len(planted))
	}
}

// The same seed gives the same bytes, another gives others; a world's month stands on its flights.
func TestFundsOfAWorld(t *testing.T) {
	t.Parallel()
	one, two, other := synth.NewFundsMonth(5), synth.NewFundsMonth(5), synth.NewFundsMonth(6)
	if diff := cmp.Diff(one.Cases, two.Cases); diff != "" {
		t.Error(diff)
	}
	for i := range one.Files {
		if !bytes.Equal(one.Files[i].Body, two.Files[i].Body) {
			t.Errorf("%s differs", one.Files[i].Name)
		}
	}
	if bytes.Equal(one.Files[0].Body, other.Files[0].Body) {
		t.Error("two seeds begin with the same file")
	}

	w := synth.Generate(synth.Options{Seed: 5, Flights: 6, Small: 30, Large: 60, Funds: 3000})
	aboard := map[string]bool{}
	for _, f := range w.Truth.Flights {
		for _, p := range f.Passengers {
			for _, d := range p.Documents {
				aboard[d.Number] = true
			}
		}
	}
	flying, reports := 0, map[string]bool{}
	for _, c := range w.Truth.Funds {
		for _, s := range c.Subjects {
			if _, number, ok := strings.Cut(s, "/"); ok && aboard[number] {
				flying++
			}
		}
		for _, r := range c.Reports {
			reports[r] = true
		}
	}
	const enough = 20
	if flying < enough || len(reports) < 3000 {
		t.Errorf("%d subjects are on the world's flights, %d reports", flying, len(reports))
	}
	if len(w.Truth.Quarantined) != 0 {
		t.Errorf("quarantined: %v", w.Truth.Quarantined)
	}
	if _, err := json.Marshal(w.Truth); err != nil {
		t.Error(err)
	}
}

func iso(code string) string { return country.ISO(code) }

// Payments for measuring are as many as asked for, and clean.
func TestPayments(t *testing.T) {
	t.Parallel()
	files := synth.Payments(4, 2500, 1000)
	seen := map[string]bool{}
	for _, f := range files {
		err := iso20022.Stream(f.Body, func(_ *iso20022.Message, p *iso20022.Transfer) error {
			if len(p.Warnings) > 0 || len(p.Gaps) > 0 {
				t.Errorf("%s: %v %v", f.Name, p.Warnings, p.Gaps)
			}
			seen[p.UETR] = true
			return nil
		}, func(m *iso20022.Message, x *fault.Fault) error {
			if x != nil || len(m.Warnings) > 0 {
				t.Fatalf("%s: %v", f.Name, x)
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	}
	if len(files) != 3 || len(seen) != 2500 {
		t.Errorf("%d files of %d payments", len(files), len(seen))
	}
}
