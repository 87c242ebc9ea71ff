package keys

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"time"
)

// Class says what bytes are, and so how long their keys live.
type Class string

// The classes of the house. A room may have its own: lower-case letters only.
const (
	Journal    Class = "journal"    // raw reports until the store has them
	Raw        Class = "raw"        // raw reports, sensitive ranges masked
	Quarantine Class = "quarantine" // what could not be read, and so not masked
)

// ErrDestroyed says that the bytes' key is gone, and so the bytes.
var ErrDestroyed = errors.New("destroyed: the key of these bytes is gone")

// ErrSpoiled says that sealed bytes are not as they were sealed.
var ErrSpoiled = errors.New("sealed bytes were changed, or belong to another class")

const (
	sealVersion = 1
	headSize    = 5        // version, day
	maxPlain    = 64 << 20 // twice the largest report; what unpacks to more is hostile
	// revisit is how long an unwrapped key is used before its wrapped form is looked for again, so that a key that
	// another process destroyed ends here as well.
	revisit = time.Minute
)

type dataKey struct {
	class Class
	day   int64 // since 1970, UTC
}

func dayOf(t time.Time) int64 { return t.UTC().Unix() / (24 * 60 * 60) }

type opened struct {
	sealer
	seen time.Time
}

// sealer is AES-256-GCM that puts a random nonce before what it seals: 2^32 times a key, and no day has that many reports.
type sealer struct{ cipher.AEAD }

func newSealer(key []byte) (sealer, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return sealer{}, err
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	return sealer{aead}, err
}

// Seal packs plain and seals it under the key of its class and day of receipt. That key is on disk when Seal returns.
func (k *Keys) Seal(ctx context.Context, class Class, day time.Time, plain []byte) ([]byte, error) {
	if len(plain) > maxPlain {
		return nil, fmt.Errorf("%d bytes to seal, at most %d", len(plain), maxPlain)
	}
	id := dataKey{class, dayOf(day)}
	s, err := k.dataKey(ctx, id, true)
	if err != nil {
		return nil, err
	}
	head := append(make([]byte, 0, headSize), sealVersion)
	head = binary.BigEndian.AppendUint32(head, uint32(id.day)) //nolint:gosec // fits until 11.7 million years from now
	packed := k.encoder.EncodeAll(plain, make([]byte, 0, len(plain)/4+64))
	out := make([]byte, headSize, headSize+len(packed)+s.Overhead())
	copy(out, head)
	return s.Seal(out, nil, packed, bound(class, head)), nil
}

// Open is the inverse of Seal.
func (k *Keys) Open(ctx context.Context, class Class, sealed []byte) ([]byte, error) {
	if len(sealed) < headSize || sealed[0] != sealVersion {
		return nil, ErrSpoiled
	}
	head, packed := sealed[:headSize], sealed[headSize:]
	s, err := k.dataKey(ctx, dataKey{class, int64(binary.BigEndian.Uint32(head[1:]))}, false)
	if err != nil {
		return nil, err
	}
	packed, err = s.Open(nil, nil, packed, bound(class, head))
	if err != nil {
		return nil, ErrSpoiled
	}
	plain, err := k.decoder.DecodeAll(packed, nil)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrSpoiled, err)
	}
	return plain, nil
}

// bound is what a sealing cannot be moved out of.
func bound(class Class, head []byte) []byte { return append([]byte(class), head...) }

// Destroy destroys the keys of a class for every day that was over at before, and with them all bytes they sealed. It
// answers how many keys went.
func (k *Keys) Destroy(ctx context.Context, class Class, before time.Time) (int, error) {
	end := dayOf(before)
	n, err := k.vault.destroy(ctx, class, end)
	k.mu.Lock()
	defer k.mu.Unlock()
	for id := range k.open {
		if id.class == class && id.day < end {
			delete(k.open, id)
		}
	}
	return n, err
}

// dataKey answers the key of a class and day, making it where it may.
func (k *Keys) dataKey(ctx context.Context, id dataKey, make bool) (sealer, error) {
	now := k.clock()
	k.mu.RLock()
	kept, ok := k.open[id]
	k.mu.RUnlock()
	if ok && now.Sub(kept.seen) < revisit && !now.Before(kept.seen) {
		return kept.sealer, nil
	}
	wrapped, err := k.vault.get(ctx, id)
	if make && errors.Is(err, fs.ErrNotExist) {
		wrapped, err = k.makeDataKey(ctx, id)
	}
	if errors.Is(err, fs.ErrNotExist) {
		k.mu.Lock()
		delete(k.open, id)
		k.mu.Unlock()
		return sealer{}, ErrDestroyed
	}
	if err != nil {
		return sealer{}, fmt.Errorf("the key of %s, day %d: %w", id.class, id.day, err)
	}
	key, err := k.wrap.Open(nil, nil, wrapped, id.bound())
	if err != nil {
		return sealer{}, fmt.Errorf("the key of %s, day %d: %w", id.class, id.day, ErrSpoiled)
	}
	s, err := newSealer(key)
	if err != nil {
		return sealer{}, err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.open[id] = opened{s, now}
	return s, nil
}

// makeDataKey puts a new key into the vault and answers what the vault holds then: another process may have been quicker.
func (k *Keys) makeDataKey(ctx context.Context, id dataKey) ([]byte, error) {
	if !id.class.valid() {
		return nil, fmt.Errorf("%q is no class: lower-case letters only", id.class)
	}
	key := make([]byte, 32)
	_, _ = rand.Read(key) // it never fails
	if err := k.vault.put(ctx, id, k.wrap.Seal(nil, nil, key, id.bound())); err != nil {
		return nil, err
	}
	return k.vault.get(ctx, id)
}

func (id dataKey) bound() []byte { return fmt.Appendf(nil, "%s %d", id.class, id.day) }

func (c Class) valid() bool {
	for _, b := range []byte(c) {
		if b < 'a' || b > 'z' {
			return false
		}
	}
	return c != ""
}
