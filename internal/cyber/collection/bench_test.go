package collection_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/rihla/rihla/internal/store/storetest"
)

func bundle(size int) string {
	objects := make([]string, size)
	for i := range objects {
		objects[i] = object(id("tool"), v1, "a tool of some name")
	}
	return `{"objects":[` + strings.Join(objects, ",") + `]}`
}

// Adds of one object and of a thousand, durable, by four clients; rihla bench taxii measures them over the network.
func BenchmarkAdd(b *testing.B) {
	for _, st := range storetest.Both(b) {
		n := openNode(b, st.Open(), b.TempDir())
		for _, size := range []int{1, 1000} {
			b.Run(fmt.Sprint(st.Name, "/", size), func(b *testing.B) {
				b.SetParallelism(2)
				b.RunParallel(func(pb *testing.PB) {
					for pb.Next() {
						if a := n.ask("responder", http.MethodPost, n.base+"objects/", bundle(size)); a.status != http.StatusAccepted {
							b.Error(a.status)
						}
					}
				})
				b.ReportMetric(float64(size)*float64(b.N)/b.Elapsed().Seconds(), "objects/s")
			})
		}
	}
}

// Pages of a thousand, from collections of a thousand and of fifty thousand.
func BenchmarkPage(b *testing.B) {
	for _, st := range storetest.Both(b) {
		n := openNode(b, st.Open(), b.TempDir())
		for _, bundles := range []int{1, 49} {
			for range bundles {
				if a := n.ask("responder", http.MethodPost, n.base+"objects/", bundle(1000)); a.status != http.StatusAccepted {
					b.Fatal(a.status)
				}
			}
			b.Run(fmt.Sprint(st.Name, "/after ", bundles), func(b *testing.B) {
				last := n.get("responder", n.base+"objects/").header.Get("X-TAXII-Date-Added-Last")
				path := n.base + "objects/"
				if bundles > 1 {
					path += "?added_after=" + last
				}
				b.ReportAllocs()
				b.RunParallel(func(pb *testing.PB) {
					for pb.Next() {
						if a := n.get("responder", path); a.status != http.StatusOK {
							b.Error(a.status)
						}
					}
				})
			})
		}
	}
}
