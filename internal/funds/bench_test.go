package funds_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/rihla/rihla/formats/date"
	"github.com/rihla/rihla/formats/iso20022"
	"github.com/rihla/rihla/formats/money"
	"github.com/rihla/rihla/internal/funds"
	"github.com/rihla/rihla/internal/intake"
	"github.com/rihla/rihla/internal/pipeline"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/store"
)

// transfers is a pacs.008 of so many transfers, no two between the same accounts.
func transfers(serial, n int) []byte {
	day := date.Of(time.Date(2026, 5, 14, 0, 0, 0, 0, time.UTC))
	m := &iso20022.Message{Version: "pacs.008.001.08", Kind: iso20022.Pacs008, Reference: fmt.Sprint("MSG-", serial), Created: "2026-05-14T08:00:00Z", Settlement: "INGA"}
	for i := range n {
		at := serial*n + i
		m.Transfers = append(m.Transfers, &iso20022.Transfer{
			UETR: fmt.Sprintf("%08x-0000-4000-8000-%012x", at, at), EndToEnd: fmt.Sprint("E", at), Settled: iso20022.Money{Amount: money.Of(int64(at%900_000)+10_000, 2), Currency: "USD"}, Date: day, Charges: "SHAR",
			Debtor:        &iso20022.Party{Name: fmt.Sprintf("Payer %s %s", syllables(at), syllables(at/7)), Address: iso20022.Address{Street: "Invented Road", Town: "Manama", Country: "BH"}},
			DebtorAccount: iso20022.Account{Other: fmt.Sprintf("%018d", 2*at)},
			Creditor:      &iso20022.Party{Name: fmt.Sprintf("Payee %s %s", syllables(at/3), syllables(at/11)), Address: iso20022.Address{Town: "Dubai", Country: "AE"}}, CreditorAccount: iso20022.Account{Other: fmt.Sprintf("%018d", 2*at+1)},
			Agents: []iso20022.Agent{{Role: "DbtrAgt", BIC: "ZZZZBHBM"}, {Role: "CdtrAgt", BIC: "ZZZZAEAD"}},
		})
	}
	m.Count = n
	return iso20022.Append(nil, m)
}

func syllables(n int) string {
	const parts = "ka la ma na ra sa ta ba da fa ga ha"
	out := make([]byte, 0, 8)
	for range 4 {
		out = append(out, parts[3*(n%12):3*(n%12)+2]...)
		n /= 12
	}
	return string(out)
}

// Transfers planned, screened and written, a file of 500 at a time.
func BenchmarkPayments(b *testing.B) {
	st, err := store.Open(b.Context(), b.TempDir()+"/rihla.db", store.Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = st.Close() })
	d := funds.New(funds.Options{Store: st, IDs: hashIDs{"x"}, Home: "BHR"})
	if err := st.Migrate(b.Context(), d.Name(), d.Migrations()); err != nil {
		b.Fatal(err)
	}
	if err := screening.Migrate(b.Context(), st); err != nil {
		b.Fatal(err)
	}
	generation := screening.NewGeneration(nil, nil, time.Now)
	const each = 500
	serial := 0
	for b.Loop() {
		raw := transfers(serial, each)
		serial++
		f := pipeline.Filing{Report: intake.Report{ID: fmt.Sprint("r", serial), Filer: intake.Filer{Name: "bank"}, Gate: "http", Received: noon}}
		if err := d.Formats()[2].Read(raw, noon, func(m pipeline.Message) error { f.Messages = append(f.Messages, m); return nil }); err != nil {
			b.Fatal(err)
		}
		c, err := d.Plan(b.Context(), st.Read(), f)
		if err != nil {
			b.Fatal(err)
		}
		for _, s := range c.Subjects() {
			generation.Screen(nil, &s)
		}
		if err := st.Write(b.Context(), func(ctx context.Context, tx store.Tx) error { _, err := c.Write(ctx, tx); return err }); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(each*b.N)/b.Elapsed().Seconds(), "transfers/s")
}
