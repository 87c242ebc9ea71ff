package matching

import (
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	mathrand "math/rand/v2"
	"slices"
	"strings"

	"github.com/cloudflare/circl/group"
	"github.com/cloudflare/circl/oprf"

	"github.com/rihla/rihla/internal/screening/names"
)

// Sizes are those a batch can have: random keys fill it up to the next, so that its size says little of how many fly.
var Sizes = []int{256, 1024, 4096, 16384}

// Passenger is one of those asked about.
type Passenger struct {
	ID     string
	Person names.Person
}

// Hit is a passenger of whom keys are on the list.
type Hit struct {
	Passenger string   `json:"passenger"`
	Families  []Family `json:"families"` // of the keys, in the order of the profile
	Lead      bool     `json:"lead"`     // a request may follow; a weak family alone is none
}

// Question is the asking side of one batch. What leaves it is Blinded; the rest stays.
type Question struct {
	epoch      string
	pk         *oprf.PublicKey
	bearers    map[Key][]string // which passengers bear a key
	request    *oprf.FinalizeData
	inputs     [][]byte
	Blinded    [][]byte   // in random order
	Commitment Commitment // to who was asked about
	Asked      int        // keys, doubles out
}

// NewQuestion makes the keys of the passengers and blinds them for an epoch of the list's side.
func NewQuestion(epoch string, publicKeyOfEpoch []byte, passengers []Passenger, s Scope) (*Question, error) {
	pk, err := publicKey(publicKeyOfEpoch)
	if err != nil {
		return nil, err
	}
	q := &Question{epoch: epoch, pk: pk, bearers: make(map[Key][]string)}
	leaves := make([][]Key, len(passengers))
	for i := range passengers {
		p := &passengers[i]
		leaves[i] = Asked(&p.Person, s)
		for _, k := range leaves[i] {
			if !slices.Contains(q.bearers[k], p.ID) {
				q.bearers[k] = append(q.bearers[k], p.ID)
			}
		}
	}
	q.Commitment = commit(leaves)
	q.Asked = len(q.bearers)
	size, err := sizeFor(q.Asked)
	if err != nil {
		return nil, err
	}
	for k := range q.bearers {
		q.inputs = append(q.inputs, []byte(k))
	}
	for len(q.inputs) < size {
		var random [32]byte
		_, _ = rand.Read(random[:]) // never fails
		q.inputs = append(q.inputs, []byte(Profile+"|x|"+hex.EncodeToString(random[:])))
	}
	shuffle(q.inputs)
	client := oprf.NewVerifiableClient(suite, pk)
	request, evaluation, err := client.Blind(q.inputs)
	if err != nil {
		return nil, err
	}
	return q, q.keep(request, evaluation)
}

func (q *Question) keep(request *oprf.FinalizeData, evaluation *oprf.EvaluationRequest) (err error) {
	q.request = request
	q.Blinded, err = encoded(evaluation.Elements)
	return err
}

func sizeFor(asked int) (int, error) {
	for _, size := range Sizes {
		if asked <= size {
			return size, nil
		}
	}
	return 0, fmt.Errorf("%d keys: a batch has at most %d; ask for fewer passengers at once", asked, Sizes[len(Sizes)-1])
}

func shuffle(inputs [][]byte) {
	var seed [32]byte
	_, _ = rand.Read(seed[:])                                                                       // never fails
	slices.SortFunc(inputs, func(a, b []byte) int { return strings.Compare(string(a), string(b)) }) // not in a map's order
	mathrand.New(mathrand.NewChaCha8(seed)).Shuffle(len(inputs), func(i, j int) { inputs[i], inputs[j] = inputs[j], inputs[i] })
}

// Finish checks the answer against the epoch's key and gives the passengers who are on the list.
func (q *Question) Finish(a Answer, tags Tags) ([]Hit, error) {
	if len(a.Elements) != len(q.inputs) {
		return nil, fmt.Errorf("%d elements, where %d were asked: %w", len(a.Elements), len(q.inputs), ErrCount)
	}
	outputs, err := finish(q.pk, q.request, a)
	if err != nil {
		return nil, err
	}
	families := make(map[string][]Family)
	for i, y := range outputs {
		if !tags.Has(tagOf(q.epoch, y)) {
			continue
		}
		k := Key(q.inputs[i])
		for _, id := range q.bearers[k] {
			families[id] = append(families[id], k.Family())
		}
	}
	hits := make([]Hit, 0, len(families))
	for id, met := range families {
		h := Hit{Passenger: id, Lead: IsLead(met)}
		for _, f := range Families {
			if slices.Contains(met, f) {
				h.Families = append(h.Families, f)
			}
		}
		hits = append(hits, h)
	}
	slices.SortFunc(hits, func(a, b Hit) int { return strings.Compare(a.Passenger, b.Passenger) })
	return hits, nil
}

func finish(pk *oprf.PublicKey, request *oprf.FinalizeData, a Answer) ([][]byte, error) {
	es, err := elements(a.Elements)
	if err != nil {
		return nil, err
	}
	p, err := proof(a.Proof)
	if err != nil {
		return nil, err
	}
	outputs, err := oprf.NewVerifiableClient(suite, pk).Finalize(request, &oprf.Evaluation{Elements: es, Proof: p})
	if errors.Is(err, oprf.ErrInvalidProof) {
		return nil, ErrProof
	}
	return outputs, err
}

// kept is a question between its batch and the answer. It says who was asked about: seal it.
type kept struct {
	Epoch      string           `json:"epoch"`
	PublicKey  []byte           `json:"pk"`
	Bearers    map[Key][]string `json:"bearers"`
	Inputs     []string         `json:"inputs"`
	Blinds     []byte           `json:"blinds"`
	Commitment Commitment       `json:"commitment"`
}

// MarshalJSON writes the question with its secrets, for whoever seals it until the answer comes.
func (q *Question) MarshalJSON() ([]byte, error) {
	k := kept{Epoch: q.epoch, Bearers: q.bearers, Commitment: q.Commitment}
	var err error
	if k.PublicKey, err = q.pk.MarshalBinary(); err != nil {
		return nil, err
	}
	for _, in := range q.inputs {
		k.Inputs = append(k.Inputs, string(in))
	}
	for _, blind := range q.request.CopyBlinds() {
		b, err := blind.MarshalBinary()
		if err != nil {
			return nil, err
		}
		k.Blinds = append(k.Blinds, b...)
	}
	return json.Marshal(k)
}

// UnmarshalJSON takes a question up again.
func (q *Question) UnmarshalJSON(text []byte) error {
	var k kept
	if err := json.Unmarshal(text, &k); err != nil {
		return err
	}
	pk, err := publicKey(k.PublicKey)
	if err != nil {
		return err
	}
	if len(k.Blinds) != len(k.Inputs)*elementLength {
		return fmt.Errorf("%d bytes of blinds for %d keys", len(k.Blinds), len(k.Inputs))
	}
	*q = Question{epoch: k.Epoch, pk: pk, bearers: k.Bearers, Commitment: k.Commitment, Asked: len(k.Bearers)}
	blinds := make([]oprf.Blind, len(k.Inputs))
	for i, in := range k.Inputs {
		q.inputs = append(q.inputs, []byte(in))
		blinds[i] = group.Ristretto255.NewScalar()
		if err := blinds[i].UnmarshalBinary(k.Blinds[i*elementLength : (i+1)*elementLength]); err != nil {
			return err
		}
	}
	request, evaluation, err := oprf.NewVerifiableClient(suite, pk).DeterministicBlind(q.inputs, blinds)
	if err != nil {
		return err
	}
	return q.keep(request, evaluation)
}
