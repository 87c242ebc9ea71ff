package agreement_test

import (
	"testing"

	"github.com/rihla/rihla/internal/sharing/agreement"
)

func BenchmarkRead(b *testing.B) {
	text := text(b, "bh-us-travel.yaml")
	b.ReportAllocs()
	for b.Loop() {
		if a, problems := agreement.Read(text); a == nil {
			b.Fatal(problems)
		}
	}
}

func BenchmarkDecide(b *testing.B) {
	a := read(b, "bh-us-travel.yaml")
	for name, f := range map[string]agreement.Flow{"asking": asking(), "releasing": releasing()} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if out := a.Decide(f); out.Verdict != agreement.Permit {
					b.Fatal(out.Reason)
				}
			}
		})
	}
}
