package matching

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/cloudflare/circl/group"
	"github.com/cloudflare/circl/oprf"
	"github.com/google/go-cmp/cmp"
)

// The function is that of RFC 9497, proof included: its appendix A.1.2 is met byte for byte.
func TestRFC9497(t *testing.T) {
	t.Parallel()
	var file struct {
		Seed    hexBytes `json:"seed"`
		KeyInfo hexBytes `json:"keyInfo"`
		SkSm    hexBytes `json:"skSm"`
		PkSm    hexBytes `json:"pkSm"`
		Vectors []struct {
			Input, Blind, BlindedElement, EvaluationElement, Output string
			Proof                                                   struct {
				Proof hexBytes `json:"proof"`
			}
		} `json:"vectors"`
	}
	text, err := os.ReadFile("testdata/rfc9497-voprf.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	if len(file.Vectors) != 3 {
		t.Fatalf("%d vectors, the RFC has 3", len(file.Vectors))
	}
	sk, err := oprf.DeriveKey(suite, oprf.VerifiableMode, file.Seed, file.KeyInfo)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := sk.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	epoch, err := newEpoch("", sk)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([][]byte{file.SkSm, file.PkSm}, [][]byte{secret, epoch.PublicKey()}); diff != "" {
		t.Errorf("keys (-RFC +ours):\n%s", diff)
	}
	pk, err := publicKey(epoch.PublicKey())
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range file.Vectors {
		inputs := unhex(t, v.Input)
		var blinds []oprf.Blind
		for _, b := range unhex(t, v.Blind) {
			s := group.Ristretto255.NewScalar()
			if err := s.UnmarshalBinary(b); err != nil {
				t.Fatal(err)
			}
			blinds = append(blinds, s)
		}
		request, evaluation, err := oprf.NewVerifiableClient(suite, pk).DeterministicBlind(inputs, blinds)
		if err != nil {
			t.Fatal(err)
		}
		blinded, err := encoded(evaluation.Elements)
		if err != nil {
			t.Fatal(err)
		}
		answer, err := evaluate(epoch.server, blinded)
		if err != nil {
			t.Fatal(err)
		}
		answer.Proof = v.Proof.Proof // ours is random
		outputs, err := finish(pk, request, answer)
		if err != nil {
			t.Errorf("input %s: the RFC's proof: %v", v.Input, err)
		}
		want := [][][]byte{unhex(t, v.BlindedElement), unhex(t, v.EvaluationElement), unhex(t, v.Output)}
		if diff := cmp.Diff(want, [][][]byte{blinded, answer.Elements, outputs}); diff != "" {
			t.Errorf("input %s (-RFC +ours):\n%s", v.Input, diff)
		}
	}
}

func unhex(t *testing.T, list string) (out [][]byte) {
	t.Helper()
	for _, s := range strings.Split(list, ",") {
		var h hexBytes
		if err := h.UnmarshalText([]byte(s)); err != nil {
			t.Fatal(err)
		}
		out = append(out, h)
	}
	return out
}
