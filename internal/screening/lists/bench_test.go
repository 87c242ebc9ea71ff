package lists_test

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/rihla/rihla/internal/screening/lists"
)

// BenchmarkReadTable reads a table of names as a large state keeps it; a million entries are to take a few seconds.
func BenchmarkReadTable(b *testing.B) {
	const entries = 100_000
	var text bytes.Buffer
	text.WriteString("id,name,aliases,birth_date,sex,nationality,documents,topic,programme\n")
	for i := range entries {
		fmt.Fprintf(&text, "X-%07d,\"ZORVANI %d, Kassem Idris\",\"ZARVANI, Qasem\",%d-07-%02d,M,SYR,P:X%07d:SYR,sanction,P1\n", i, i, 1940+i%60, 1+i%28, i)
	}
	files := []lists.File{{Name: "table", Data: text.Bytes()}}
	b.SetBytes(int64(text.Len()))
	b.ReportAllocs()
	for b.Loop() {
		list, err := lists.Read(files)
		if err != nil || len(list.Entries) != entries {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/entries, "ns/entry")
}
