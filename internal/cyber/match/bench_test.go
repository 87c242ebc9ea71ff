package match_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/rihla/rihla/formats/observable"
	"github.com/rihla/rihla/internal/cyber/match"
)

func million(n int) []match.Entry {
	r := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // invented data
	entries := make([]match.Entry, 0, n)
	for i := range n {
		e := match.Entry{ID: fmt.Sprintf("%08x-0000-8000-8000-%012x", i, i)}
		switch i % 10 {
		case 0, 1, 2, 3:
			e.Kind, e.Value = observable.Domain, fmt.Sprintf("h%x.d%x.example", r.Uint32(), r.Uint32()%100000)
		case 4, 5:
			e.Kind, e.Value = observable.IPv4, fmt.Sprintf("%d.%d.%d.%d", 1+r.IntN(220), r.IntN(256), r.IntN(256), r.IntN(256))
		case 6:
			e.Kind, e.Value = observable.CIDR, fmt.Sprintf("%d.%d.%d.0/24", 1+r.IntN(220), r.IntN(256), r.IntN(256))
		case 7:
			e.Kind, e.Value = observable.URL, fmt.Sprintf("http://u%x.example/p%x", r.Uint32(), r.Uint32())
		case 8:
			e.Kind, e.Value = observable.SHA256, fmt.Sprintf("%016x%016x%016x%016x", r.Uint64(), r.Uint64(), r.Uint64(), r.Uint64())
		default:
			e.Kind, e.Value = observable.IPv6, fmt.Sprintf("2001:db8:%x:%x::%x", r.IntN(65536), r.IntN(65536), 1+r.IntN(65535))
		}
		entries = append(entries, e)
	}
	return entries
}

func lines(n int) (json, dns [][]byte) {
	r := rand.New(rand.NewPCG(3, 4)) //nolint:gosec // invented data
	for i := range n {
		json = append(json, fmt.Appendf(nil, `{"ts":%d.%06d,"uid":"C%x","id.orig_h":"192.0.2.%d","id.orig_p":%d,"id.resp_h":"%d.%d.%d.%d","id.resp_p":443,"proto":"tcp","host":"www%d.shop%d.example","uri":"https:\/\/www%d.shop%d.example\/item\/%x?ref=mail","user_agent":"Mozilla/5.0 (X11; Linux x86_64)","status_code":200}`,
			1773561600+i, i, r.Uint32(), i%250, 1024+i%60000, 1+r.IntN(220), r.IntN(256), r.IntN(256), r.IntN(256), i%50, i%3000, i%50, i%3000, r.Uint64()))
		dns = append(dns, fmt.Appendf(nil, "15-Mar-2026 08:00:%02d.%03d queries: info: client @0x7f%08x 192.0.2.%d#%d (www%d.shop%d.example): query: www%d.shop%d.example IN A +E(0)K (203.0.113.53)",
			i%60, i%1000, r.Uint32(), i%250, 1024+i%60000, i%50, i%3000, i%50, i%3000))
	}
	return json, dns
}

// A line of 300 bytes, five or more values each, against a million indicators.
func BenchmarkLines(b *testing.B) {
	s := match.NewScanner(match.NewLayers(match.Build(million(1_000_000)), match.Build(million(1000)), nil))
	json, dns := lines(10_000)
	for name, of := range map[string]struct {
		lines [][]byte
		read  func([]byte) (*match.Line, bool)
	}{"json": {json, s.JSON}, "dns": {dns, s.DNS}} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			bytes := 0
			i := 0
			for b.Loop() {
				line := of.lines[i%len(of.lines)]
				i++
				if _, ok := of.read(line); !ok {
					b.Fatalf("not read: %s", line)
				}
				bytes += len(line)
			}
			b.SetBytes(int64(bytes / i))
			b.ReportMetric(float64(i)/b.Elapsed().Seconds(), "lines/s")
		})
	}
}

func BenchmarkBuild(b *testing.B) {
	entries := million(1_000_000)
	for b.Loop() {
		match.Build(entries)
	}
}
