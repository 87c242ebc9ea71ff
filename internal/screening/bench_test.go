package screening_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/screening/lists"
	"github.com/rihla/rihla/internal/screening/rules"
	"github.com/rihla/rihla/internal/store"
	"github.com/rihla/rihla/internal/store/storetest"
)

var parts = []string{"BA", "KO", "RI", "TEM", "SAN", "VEL", "DOR", "MI", "KAR", "ZU", "LEN", "FA", "GHA", "NOV", "PE", "TRU", "SHI", "WEN", "HAL", "OST"}
var givenNames = strings.Fields("MOHAMMED AHMED ALI HASSAN KHALID OMAR FATIMA MARYAM JOHN JAMES MARY ANNA PETER RAJESH PRIYA WEI JING HIROSHI MARIA JOSE CARLOS IVAN ELENA PIERRE CLAIRE NOORA SAEED TARIQ")

func invented(r *rand.Rand) (surname, given, born string) {
	return parts[r.IntN(len(parts))] + parts[r.IntN(len(parts))] + parts[r.IntN(len(parts))], givenNames[r.IntN(len(givenNames))],
		fmt.Sprintf("%d-%02d-%02d", 1945+r.IntN(60), 1+r.IntN(12), 1+r.IntN(28))
}

func crowded(b *testing.B, n int) *screening.Generation {
	b.Helper()
	r := rand.New(rand.NewPCG(1, 1))
	var text strings.Builder
	text.WriteString("id,surname,given,born,documents\n")
	for i := range n {
		s, g, born := invented(r)
		fmt.Fprintf(&text, "%d,%s,%s,%s,P:L%07d:ZZZ\n", i, s, g, born, i)
	}
	l, err := lists.Read([]lists.File{{Name: "l", Data: []byte(text.String())}})
	if err != nil {
		b.Fatal(err)
	}
	set, err := rules.Parse([]rules.File{{Name: "r", Data: []byte(ruleFile)}}, vocabularies)
	if err != nil {
		b.Fatal(err)
	}
	return screening.NewGeneration(map[string]lists.List{"l": l}, set, time.Now)
}

// Travellers against 20,000 names: names, one document, one rule.
func BenchmarkScreen(b *testing.B) {
	g := crowded(b, 20_000)
	r := rand.New(rand.NewPCG(2, 2))
	subjects := make([]screening.Screened, 8192)
	for i := range subjects {
		s, given, born := invented(r)
		subjects[i] = screening.Screened{View: &view{Bags: 1}, Subject: screening.Subject{ID: "s", Domain: "travel", Names: []screening.Name{{Surname: s, Given: given}}, Births: []string{born}, Sex: "M",
			Countries: []screening.Country{{Code: "GBR", Role: "nationality"}}, Documents: []screening.Document{{Type: "P", Number: fmt.Sprintf("N%07d", i), Issuer: "GBR"}}}}
	}
	var dst []screening.Finding
	found, i := 0, 0
	b.ReportAllocs()
	for b.Loop() {
		dst = g.Screen(dst[:0], &subjects[i%len(subjects)])
		found += len(dst)
		i++
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "subjects/s")
	b.ReportMetric(float64(found)/float64(b.N)*300, "findings/300")
}

// A flight of 300 of whom nothing is found: one look at the keys.
func BenchmarkUpsertNothing(b *testing.B) {
	st := storetest.SQLite(b)
	opened(b, st, screening.Options{})
	subjects := make([]*screening.Subject, 300)
	for i := range subjects {
		subjects[i] = &screening.Subject{ID: screening.ID(fmt.Sprintf("01234567-89ab-cdef-0123-%012d", i)), Within: "f"}
	}
	for b.Loop() {
		if err := st.Write(context.Background(), func(ctx context.Context, tx store.Tx) error {
			_, err := screening.Upsert(ctx, tx, "travel", subjects, nil)
			return err
		}); err != nil {
			b.Fatal(err)
		}
	}
}
