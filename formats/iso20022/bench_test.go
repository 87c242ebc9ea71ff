package iso20022_test

import (
	"fmt"
	"testing"

	"github.com/rihla/rihla/formats/fault"
	"github.com/rihla/rihla/formats/iso20022"
)

// many is a pacs.008 of so many transfers, alike but for their references.
func many(tb testing.TB, n int) []byte {
	tb.Helper()
	m := one(tb, read(tb, "testdata/pacs008-01-clean.xml"))
	first := *m.Transfers[0]
	m.Transfers = nil
	for i := range n {
		t := first
		t.UETR = fmt.Sprintf("7c1f0a52-6a5e-4c0e-9f0b-%012x", i)
		t.EndToEnd = fmt.Sprintf("INV-%06d", i)
		m.Transfers = append(m.Transfers, &t)
	}
	return iso20022.Append(nil, m)
}

func BenchmarkStream(b *testing.B) {
	const n = 5000
	raw := many(b, n)
	b.SetBytes(int64(len(raw)))
	b.ReportAllocs()
	came := 0
	for b.Loop() {
		err := iso20022.Stream(raw, func(*iso20022.Message, *iso20022.Transfer) error { came++; return nil }, func(_ *iso20022.Message, f *fault.Fault) error {
			if f != nil {
				b.Fatal(f)
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(came)/b.Elapsed().Seconds(), "transfers/s")
	b.ReportMetric(0, "ns/op")
}

func BenchmarkAppend(b *testing.B) {
	m := one(b, many(b, 1000))
	var out []byte
	for b.Loop() {
		out = iso20022.Append(out[:0], m)
		b.SetBytes(int64(len(out)))
	}
}
