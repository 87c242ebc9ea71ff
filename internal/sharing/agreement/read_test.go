package agreement_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rihla/rihla/internal/sharing/agreement"
)

func text(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func read(t testing.TB, name string) *agreement.Agreement {
	t.Helper()
	a, problems := agreement.Read(text(t, name))
	if a == nil {
		t.Fatalf("%s is refused:\n%s", name, problems.Error())
	}
	return a
}

var samples = []string{"bh-us-travel.yaml", "bh-us-cyber.yaml", "bh-us-funds.yaml", "bh-us-cargo.yaml", "bh-us-lists.yaml"}

func TestSamplesAreAgreements(t *testing.T) {
	t.Parallel()
	for _, name := range samples {
		a, problems := agreement.Read(text(t, name))
		if a == nil || len(problems) > 0 {
			t.Errorf("%s:\n%s", name, problems.Error())
		}
	}
	// A version goes by the SHA-256 of its bytes as they lie there.
	const digest = "sha-256:96a13c967079809bc4464c34b13ab61a0b620c00297159bab3bb5a015ccef876"
	if got := read(t, "bh-us-travel.yaml").Digest; got != digest {
		t.Errorf("the digest is %s, not %s", got, digest)
	}
}

// What is wrong with each of the invalid samples is told, that and nothing else.
func TestInvalidSamplesAreRefused(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/invalid-*.yaml")
	if err != nil || len(files) != 4 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		name := filepath.Base(file)
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			type problem struct{ Code, Share, Path, Value, Limit, Requirement string }
			var want struct {
				Errors []struct {
					problem
					Contains string
				}
			}
			if err := json.Unmarshal(text(t, strings.TrimSuffix(name, ".yaml")+".expect.json"), &want); err != nil {
				t.Fatal(err)
			}
			a, problems := agreement.Read(text(t, name))
			if a != nil {
				t.Error("it is an agreement")
			}
			var got, wanted []problem
			for i, p := range problems {
				one := problem{p.Code, p.Share, p.Path, p.Value, p.Limit, p.Requirement}
				if i < len(want.Errors) {
					w := want.Errors[i]
					if w.Value == "" && p.Code != agreement.CodeDepersonalise {
						one.Value = ""
					}
					if w.Limit == "" {
						one.Limit = ""
					}
					if !strings.Contains(p.Why, w.Contains) {
						t.Errorf("%s does not say %q", p, w.Contains)
					}
				}
				got = append(got, one)
			}
			for _, w := range want.Errors {
				wanted = append(wanted, w.problem)
			}
			if diff := cmp.Diff(wanted, got); diff != "" {
				t.Errorf("-want +got:\n%s\n%s", diff, problems.Error())
			}
		})
	}
}
