package matching

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/cloudflare/circl/group"
	"github.com/cloudflare/circl/oprf"
)

// hexBytes are bytes as vectors write them.
type hexBytes []byte

func (h *hexBytes) UnmarshalText(text []byte) (err error) {
	*h, err = hex.DecodeString(string(text))
	return err
}

// vectors are what two implementations agree by: a key derived from a seed, blinds that are fixed, and all that follows.
type vectors struct {
	Epoch   string           `json:"epoch"`
	Seed    hexBytes         `json:"seed"`
	Info    string           `json:"info"`
	SK      hexBytes         `json:"sk"`
	PK      hexBytes         `json:"pk"`
	List    map[Key]hexBytes `json:"list_tags"`
	Queries []struct {
		Key       Key
		Blind     hexBytes
		Blinded   hexBytes
		Evaluated hexBytes
		Output    hexBytes
		Tag       hexBytes
		OnList    bool
	} `json:"queries"`
}

// Checked is what was compared of a file of vectors, and what differs.
type Checked struct {
	Tags    int      `json:"tags"`
	Queries int      `json:"queries"`
	Differs []string `json:"differs,omitempty"`
}

// CheckVectors runs a file of vectors. An error is a file that cannot be run.
func CheckVectors(text []byte) (c Checked, err error) {
	var v vectors
	if err := json.Unmarshal(text, &v); err != nil {
		return c, err
	}
	if len(v.List) == 0 || len(v.Queries) == 0 {
		return c, fmt.Errorf("there are no list_tags or no queries in it")
	}
	sk, err := oprf.DeriveKey(suite, oprf.VerifiableMode, v.Seed, []byte(v.Info))
	if err != nil {
		return c, fmt.Errorf("seed: %w", err)
	}
	epoch, err := newEpoch(v.Epoch, sk)
	if err != nil {
		return c, err
	}
	same := func(what string, got, want []byte) {
		if !bytes.Equal(got, want) {
			c.Differs = append(c.Differs, fmt.Sprintf("%s is %x, the vectors have %x", what, got, want))
		}
	}
	secret, err := sk.MarshalBinary()
	if err != nil {
		return c, err
	}
	same("sk", secret, v.SK)
	same("pk", epoch.pk, v.PK)
	for _, k := range slices.Sorted(maps.Keys(v.List)) {
		y, err := epoch.server.FullEvaluate([]byte(k))
		if err != nil {
			return c, err
		}
		tag := tagOf(v.Epoch, y)
		same("list_tags["+string(k)+"]", tag[:], v.List[k])
		c.Tags++
	}
	return c, v.ask(epoch, &c, same)
}

// ask runs the queries as one batch, as they would be asked.
func (v *vectors) ask(epoch *Epoch, c *Checked, same func(string, []byte, []byte)) error {
	var inputs [][]byte
	var blinds []oprf.Blind
	for i, q := range v.Queries {
		blind := group.Ristretto255.NewScalar()
		if err := blind.UnmarshalBinary(q.Blind); err != nil {
			return fmt.Errorf("queries[%d].Blind: %w", i, err)
		}
		inputs, blinds = append(inputs, []byte(q.Key)), append(blinds, blind)
	}
	pk, err := publicKey(epoch.pk)
	if err != nil {
		return err
	}
	request, evaluation, err := oprf.NewVerifiableClient(suite, pk).DeterministicBlind(inputs, blinds)
	if err != nil {
		return err
	}
	blinded, err := encoded(evaluation.Elements)
	if err != nil {
		return err
	}
	answer, err := evaluate(epoch.server, blinded)
	if err != nil {
		return err
	}
	outputs, err := finish(pk, request, answer)
	if err != nil {
		return err
	}
	for i, q := range v.Queries {
		at := func(field string) string { return fmt.Sprintf("queries[%d].%s", i, field) }
		tag := tagOf(v.Epoch, outputs[i])
		same(at("Blinded"), blinded[i], q.Blinded)
		same(at("Evaluated"), answer.Elements[i], q.Evaluated)
		same(at("Output"), outputs[i], q.Output)
		same(at("Tag"), tag[:], q.Tag)
		if on := slices.ContainsFunc(slices.Collect(maps.Values(v.List)), func(t hexBytes) bool { return bytes.Equal(t, tag[:]) }); on != q.OnList {
			c.Differs = append(c.Differs, fmt.Sprintf("%s is %t, the vectors have %t", at("OnList"), on, q.OnList))
		}
		c.Queries++
	}
	return nil
}
