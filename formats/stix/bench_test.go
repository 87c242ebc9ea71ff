package stix_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/rihla/rihla/formats/stix"
)

// envelope is a TAXII envelope of n indicators, as a collection is filled with.
func envelope(n int) []byte {
	at := time.Date(2026, 3, 15, 8, 0, 0, 0, time.UTC)
	b := []byte(`{"objects":[`)
	for i := range n {
		if i > 0 {
			b = append(b, ',')
		}
		var random [16]byte
		random[0], random[1], random[2] = byte(i), byte(i>>8), byte(i>>16)
		b = append(b, stix.Begin("indicator", stix.ID("indicator", random)).Times(at, at).Text("created_by_ref", "identity--406756d8-dd74-452a-9807-4687fd958193").
			Text("name", fmt.Sprintf("Callback %d", i)).List("indicator_types", "malicious-activity").Text("pattern", fmt.Sprintf("[ipv4-addr:value = '198.51.%d.%d']", i>>8&255, i&255)).
			Text("pattern_type", "stix").Time("valid_from", at).Time("valid_until", at.Add(time.Hour)).Integer("confidence", 80).Marked(stix.Green, 2).Bytes()...)
	}
	return append(b, ']', '}')
}

func BenchmarkReadEnvelope(b *testing.B) {
	const n = 1000
	raw := envelope(n)
	b.SetBytes(int64(len(raw)))
	b.ReportAllocs()
	for b.Loop() {
		d, f := stix.Read(raw)
		if f != nil || len(d.Lost()) > 0 {
			b.Fatal(f, d.Lost())
		}
	}
	b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "objects/s")
}

func BenchmarkIdentify(b *testing.B) {
	d, f := stix.Read(envelope(1))
	if f != nil {
		b.Fatal(f)
	}
	raw := []byte(d.Objects[0].Raw())
	b.ReportAllocs()
	for b.Loop() {
		if _, f := stix.Identify(raw); f != nil {
			b.Fatal(f)
		}
	}
}
