package agreement_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rihla/rihla/internal/sharing/agreement"
)

// Whatever bytes come: never a panic, never an agreement with an error in it, the same answer each time; and what is an
// agreement can be said, decided by, and does not differ from itself.
func FuzzRead(f *testing.F) {
	files, err := filepath.Glob("testdata/*.yaml")
	if err != nil || len(files) == 0 {
		f.Fatal(files, err)
	}
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Add([]byte("&a *a : <<"))
	f.Fuzz(func(t *testing.T, text []byte) {
		a, problems := agreement.Read(text)
		if (a == nil) != problems.Refused() {
			t.Fatal("an agreement with errors, or none without")
		}
		again, same := agreement.Read(text)
		if diff := cmp.Diff(problems, same); diff != "" || (a == nil) != (again == nil) {
			t.Fatalf("read twice, two answers:\n%s", diff)
		}
		if a == nil {
			return
		}
		for _, language := range []string{"en", "ar"} {
			if a.Say(language).Text() == "" {
				t.Fatal("nothing is said")
			}
		}
		if changes := a.Diff(again); len(changes) > 0 {
			t.Fatalf("it differs from itself: %v", changes)
		}
		for _, s := range a.Shares {
			for _, stage := range []agreement.Stage{agreement.Asking, agreement.Asked, agreement.Releasing, agreement.Arriving} {
				flow := agreement.Flow{Stage: stage, Now: a.Metadata.Effective.Time, State: agreement.State{InForce: true}, Share: s.ID,
					From: a.Parties[0].Authorities[0].ID, To: a.Parties[1].Authorities[0].ID, Purpose: s.Purposes[0], Fields: s.Fields, Subject: agreement.Nobody}
				if out := a.Decide(flow); out.Verdict == agreement.Refuse && out.Reason == "" {
					t.Fatal("refused for no reason")
				}
			}
		}
		a.Triggered(agreement.Stats{})
	})
}
