package facilitation

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
)

// The sample's number is one of ours, however it is given.
func TestNumberOfSample(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("testdata/redress-case.json")
	if err != nil {
		t.Fatal(err)
	}
	var in struct{ Number, Doco string }
	if err := json.Unmarshal(raw, &in); err != nil {
		t.Fatal(err)
	}
	for _, given := range []string{in.Number, strings.Split(in.Doco, "/")[3], "bh-493eqta210", "BH493EQTA210", "493EQTA21O", " 493E QTA2 10 "} {
		if got, ok := core(given); !ok || got != "493EQTA210" {
			t.Errorf("%q is %q, %v", given, got, ok)
		}
	}
}

// A number with one character mistyped, or two changed over, is none.
func TestNumbersTellSlips(t *testing.T) {
	t.Parallel()
	random := rand.NewChaCha8([32]byte{1})
	for range 200 {
		number, err := draw(random)
		if err != nil {
			t.Fatal(err)
		}
		if got, ok := core("M" + number); !ok || got != number {
			t.Fatalf("M%s is %q, %v", number, got, ok)
		}
		for i := range number {
			for _, c := range []byte(digits) {
				slip := []byte(number)
				if slip[i] = c; string(slip) == number {
					continue
				}
				if _, ok := core(string(slip)); ok {
					t.Errorf("%s passes for %s", slip, number)
				}
			}
			if i+1 < drawn && number[i] != number[i+1] {
				slip := []byte(number)
				slip[i], slip[i+1] = slip[i+1], slip[i]
				if _, ok := core(string(slip)); ok {
					t.Errorf("%s passes for %s", slip, number)
				}
			}
		}
	}
	if _, err := draw(bytes.NewReader(nil)); err == nil {
		t.Error("a number was drawn of nothing")
	}
	for _, given := range []string{"", "M", "1234567890", "ETA-2026-104410", "98765432", strings.Repeat("Z", 100)} {
		if got, ok := core(given); ok {
			t.Errorf("%q passes for %s", given, got)
		}
	}
}

func TestOneApart(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"CA991122", "CA991121", true}, {"CA991122", "CA991122", false}, {"CA991122", "CA99112", true}, {"CA991122", "CA9911222", true}, {"CA991122", "AC991122", true},
		{"CA991122", "CA991111", false}, {"CA991122", "CB991121", false}, {"", "A", true}, {"", "AB", false}, {"CA991122", "AC991221", false},
	} {
		if got := oneApart(c.a, c.b); got != c.want {
			t.Errorf("%s and %s: %v", c.a, c.b, got)
		}
		if got := oneApart(c.b, c.a); got != c.want {
			t.Errorf("%s and %s: %v", c.b, c.a, got)
		}
	}
}
