package matching

import (
	"context"
	"crypto/rand"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/cloudflare/circl/oprf"
	"github.com/cloudflare/circl/zk/dleq"
)

// Epoch is the list's side for one day at most: a key that lies in this process's memory and nowhere else, and ends with
// Destroy. It is safe for any number of goroutines.
type Epoch struct {
	name string
	pk   []byte

	mu     sync.RWMutex
	server *oprf.VerifiableServer // nil once destroyed
}

// NewEpoch makes a fresh key. The name goes into each tag: no two epochs may share one.
func NewEpoch(name string) (*Epoch, error) {
	sk, err := oprf.GenerateKey(suite, rand.Reader)
	if err != nil {
		return nil, err
	}
	return newEpoch(name, sk)
}

func newEpoch(name string, sk *oprf.PrivateKey) (*Epoch, error) {
	pk, err := sk.Public().MarshalBinary()
	if err != nil {
		return nil, err
	}
	server := oprf.NewVerifiableServer(suite, sk)
	return &Epoch{name: name, pk: pk, server: &server}, nil
}

// Name is the epoch's.
func (e *Epoch) Name() string { return e.name }

// PublicKey is what answers are proven against.
func (e *Epoch) PublicKey() []byte { return slices.Clone(e.pk) }

// Destroy ends the epoch: no tag and no answer is made from then on, and whoever gets this machine later cannot try names
// against tags that were kept. Go gives no promise about bytes already freed; the process's memory is the last trace.
func (e *Epoch) Destroy() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.server = nil
}

func (e *Epoch) live() (*oprf.VerifiableServer, error) {
	e.mu.RLock()
	defer e.mu.RUnlock()
	if e.server == nil {
		return nil, fmt.Errorf("epoch %s: %w", e.name, ErrDestroyed)
	}
	return e.server, nil
}

// tagsAtOnce are the keys one worker takes.
const tagsAtOnce = 64

// Listing makes the tags of a list, a stretch of its keys at a time, so that no list of names has to lie in memory whole.
type Listing struct {
	epoch *Epoch
	cores int
	tags  []Tag
}

// Listing begins a list, made on so many cores; 0 is all of them.
func (e *Epoch) Listing(cores int) *Listing {
	if cores <= 0 {
		cores = runtime.GOMAXPROCS(0)
	}
	return &Listing{epoch: e, cores: cores}
}

// Add makes the tags of some keys. It takes about 50 µs a key and core.
func (l *Listing) Add(ctx context.Context, keys ...Key) error {
	server, err := l.epoch.live()
	if err != nil {
		return err
	}
	first := len(l.tags)
	if first+len(keys) > mostTags {
		return fmt.Errorf("a list has at most %d keys: list active entries only", mostTags)
	}
	l.tags = append(l.tags, make([]Tag, len(keys))...)
	tags := l.tags[first:]
	var next atomic.Int64
	var failure atomic.Pointer[error]
	var workers sync.WaitGroup
	for range min(l.cores, 1+len(keys)/tagsAtOnce) {
		workers.Go(func() {
			for ctx.Err() == nil && failure.Load() == nil {
				from := int(next.Add(tagsAtOnce)) - tagsAtOnce
				if from >= len(keys) {
					return
				}
				for i := from; i < min(from+tagsAtOnce, len(keys)); i++ {
					y, err := server.FullEvaluate([]byte(keys[i]))
					if err != nil {
						failure.Store(&err)
						return
					}
					tags[i] = tagOf(l.epoch.name, y)
				}
			}
		})
	}
	workers.Wait()
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := failure.Load(); err != nil {
		return *err
	}
	return nil
}

// Keys is how many were added.
func (l *Listing) Keys() int { return len(l.tags) }

// Tags ends the list: sorted and padded.
func (l *Listing) Tags() Tags { return padded(l.tags) }

// List makes the tags of keys that are all there.
func (e *Epoch) List(ctx context.Context, keys []Key, cores int) (Tags, error) {
	l := e.Listing(cores)
	if err := l.Add(ctx, keys...); err != nil {
		return nil, err
	}
	return l.Tags(), nil
}

// Answer is an evaluated batch with the proof that the epoch's key made it.
type Answer struct {
	Elements [][]byte `json:"elements"`
	Proof    []byte   `json:"proof"`
}

// Evaluate answers a batch. One that has an unusual size, or one wrong element, is refused whole: nothing is answered
// that could tell something of the key.
func (e *Epoch) Evaluate(blinded [][]byte) (Answer, error) {
	server, err := e.live()
	if err != nil {
		return Answer{}, err
	}
	if !slices.Contains(Sizes, len(blinded)) {
		return Answer{}, fmt.Errorf("a batch of %d elements: %w", len(blinded), ErrSize)
	}
	return evaluate(server, blinded)
}

func evaluate(server *oprf.VerifiableServer, blinded [][]byte) (Answer, error) {
	es, err := elements(blinded)
	if err != nil {
		return Answer{}, err
	}
	evaluation, err := server.Evaluate(&oprf.EvaluationRequest{Elements: es})
	if err != nil {
		return Answer{}, err
	}
	var a Answer
	if a.Elements, err = encoded(evaluation.Elements); err != nil {
		return Answer{}, err
	}
	a.Proof, err = evaluation.Proof.MarshalBinary()
	return a, err
}

func proof(b []byte) (*dleq.Proof, error) {
	p := new(dleq.Proof)
	if len(b) != 2*elementLength || p.UnmarshalBinary(suite.Group(), b) != nil {
		return nil, ErrProof
	}
	return p, nil
}
