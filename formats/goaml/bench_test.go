package goaml_test

import (
	"bytes"
	"os"
	"runtime"
	"strconv"
	"testing"
	"time"

	"github.com/rihla/rihla/formats/fault"
	"github.com/rihla/rihla/formats/goaml"
)

// large is a report of about so many bytes: the transactions of a sample over and over, each with its own number.
func large(tb testing.TB, size int) []byte {
	tb.Helper()
	raw, err := os.ReadFile("testdata/goaml-01-str-structuring.xml")
	if err != nil {
		tb.Fatal(err)
	}
	from, to := bytes.Index(raw, []byte("  <transaction>")), bytes.LastIndex(raw, []byte("</transaction>\n"))+len("</transaction>\n")
	head, middle, tail := raw[:from], raw[from:to], raw[to:]
	out := bytes.Clone(head)
	for n := 0; len(out) < size; n++ {
		out = append(out, bytes.ReplaceAll(middle, []byte("<transactionnumber>"), []byte("<transactionnumber>"+strconv.Itoa(n)+"-"))...)
	}
	return append(out, tail...)
}

func BenchmarkRead(b *testing.B) {
	raw := large(b, 4<<20)
	b.SetBytes(int64(len(raw)))
	b.ReportAllocs()
	for b.Loop() {
		err := goaml.Read(raw, nil, func(d *goaml.Document, f *fault.Fault) error {
			if f != nil || d.Refused() {
				b.Fatal(f, d)
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}

// A report as large as may be is read in seconds and in bounded memory.
func TestLargeReport(t *testing.T) {
	raw := large(t, goaml.MaxBytes-100_000)
	runtime.GC()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	start := time.Now()
	d := decode(t, string(raw))
	took := time.Since(start)
	runtime.ReadMemStats(&after)
	t.Logf("%d MiB, %d transactions: %v, %d MiB allocated", len(raw)>>20, len(d.Transactions), took, (after.TotalAlloc-before.TotalAlloc)>>20)
	if d.Refused() {
		t.Errorf("refused: %v", d.Warnings)
	}
	const enough = 200 << 20
	if used := after.TotalAlloc - before.TotalAlloc - uint64(2*len(raw)); used > enough { // without the test's own copies
		t.Errorf("it took %d MiB", used>>20)
	}
}
