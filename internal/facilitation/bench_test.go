package facilitation

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/rihla/rihla/internal/facilitation/form"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/screening/lists"
	"github.com/rihla/rihla/internal/store"
	"github.com/rihla/rihla/internal/store/storetest"
)

// plainIDs are ids for benchmarks: what they cost is not what is measured.
type plainIDs struct{}

func (plainIDs) ID(kind string, parts ...string) string { return kind + "/" + strings.Join(parts, "/") }

// members fills a store with as many, each with a passport of their own.
func members(b *testing.B, n int) *Domain {
	b.Helper()
	st := storetest.SQLite(b)
	d := New(Options{Store: st, IDs: plainIDs{}, Home: "BHR"})
	if err := st.Migrate(b.Context(), Name, d.Migrations()); err != nil {
		b.Fatal(err)
	}
	now := time.Date(2026, 5, 9, 0, 0, 0, 0, time.UTC)
	for i := 0; i < n; {
		var some []*Application
		for ; len(some) < 500 && i < n; i++ {
			some = append(some, &Application{
				ID: fmt.Sprintf("%08d", i), Ref: fmt.Sprintf("TT-%08d", i), Kind: Membership, State: Active, Number: fmt.Sprintf("M%010d", i), Filed: now, Since: now, Until: now.AddDate(5, 0, 0),
				Form: form.Form{Schema: form.Membership, Program: "bh-expedited", Applicant: form.Applicant{
					FamilyName: "Sample" + syllables(i), GivenNames: syllables(i * 7), Born: now.AddDate(-20, 0, -i%15000).Format(time.DateOnly), Sex: "F", Nationality: "BHR",
					Document: form.Document{Type: "P", Number: fmt.Sprintf("P%07d", i), Issuer: "BHR", Expiry: "2035-01-01"},
				}},
			})
		}
		if err := st.Write(b.Context(), func(ctx context.Context, tx store.Tx) error { return d.save(ctx, tx, some...) }); err != nil {
			b.Fatal(err)
		}
	}
	return d
}

func syllables(i int) string {
	of := []string{"ba", "ra", "mi", "sa", "lo", "ne", "ta", "ku", "di", "fe"}
	var s strings.Builder
	for range 5 {
		s.WriteString(of[i%len(of)])
		i /= len(of)
	}
	return s.String()
}

// A list that changes is compared with a hundred thousand members: once to learn them, then by what changed.
func BenchmarkRevetting(b *testing.B) {
	const n = 100_000
	d := members(b, n)
	ctx, r := b.Context(), d.store.Read()
	b.ResetTimer()
	for range b.N {
		began := time.Now()
		holders, err := d.Holders(ctx, r, time.Time{})
		if err != nil || len(holders) != n {
			b.Fatal(len(holders), err)
		}
		var all []screening.Screened
		for i := 0; i < n; i += 1000 {
			ids := make([]screening.ID, 0, 1000)
			for _, h := range holders[i:min(i+1000, n)] {
				ids = append(ids, screening.ID(h.ID))
			}
			some, err := d.Screen(ctx, r, ids)
			if err != nil {
				b.Fatal(err)
			}
			all = append(all, some...)
		}
		read := time.Since(began)
		var rows strings.Builder
		rows.WriteString("id,surname,given,born,nationality,documents\n")
		for i := range 10_000 {
			fmt.Fprintf(&rows, "L-%d,Sample%s,%s,,BHR,\n", i, syllables(i*11), syllables(i*13))
		}
		list, err := lists.Read([]lists.File{{Name: "watch.csv", Data: []byte(rows.String())}})
		if err != nil {
			b.Fatal(err)
		}
		g := screening.NewGeneration(map[string]lists.List{"watch": list}, nil, time.Now)
		began = time.Now()
		found := 0
		for i := range all {
			found += len(g.Screen(nil, &all[i]))
		}
		b.ReportMetric(read.Seconds(), "s/read")
		b.ReportMetric(time.Since(began).Seconds(), "s/screen")
		b.ReportMetric(float64(found), "findings")
	}
}

// A flight's worth of subjects is vouched for in one statement.
func BenchmarkVouch(b *testing.B) {
	d := members(b, 20_000)
	var subjects []*screening.Subject
	for i := range 300 {
		subjects = append(subjects, &screening.Subject{
			ID: screening.ID(fmt.Sprint(i)), Names: []screening.Name{{Surname: "SAMPLE", Given: "X"}}, Births: []string{"1990-01-01"}, Enters: true,
			Countries: []screening.Country{{Code: "PRT", Role: "nationality"}}, Documents: []screening.Document{{Type: "P", Number: fmt.Sprintf("P%07d", i*100), Issuer: "BHR"}},
		})
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := d.Vouch(b.Context(), d.store.Read(), time.Now(), subjects); err != nil {
			b.Fatal(err)
		}
	}
}
