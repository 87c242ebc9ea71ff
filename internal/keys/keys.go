package keys

import (
	"context"
	"crypto/hkdf"
	"crypto/sha256"
	"database/sql"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/klauspost/compress/zstd"

	"github.com/rihla/rihla/internal/store"
)

//go:embed migrations
var migrations embed.FS

// ErrOtherKey says that the store was made under another master key.
var ErrOtherKey = errors.New("this is not the master key that the store was made with: put the right one back (rihla key export shows a node's), or start all nodes of one store with the same --key-file")

// Options say where the keys lie.
type Options struct {
	Dir     string           // DIR/keys
	KeyFile string           // the master key's own file; empty is Dir/master.key
	Clock   func() time.Time // nil is time.Now
}

// Keys is a node's keys, unlocked. It is safe for concurrent use.
type Keys struct {
	master  []byte
	clock   func() time.Time
	ids     sync.Pool // of hash.Hash: HMAC under the secret for ids
	wrap    sealer
	vault   vault
	encoder *zstd.Encoder
	decoder *zstd.Decoder

	mu   sync.RWMutex
	open map[dataKey]opened // data keys unwrapped
}

// Open unlocks the keys of the store st, making the master key if neither it nor the store's fingerprint is there yet.
func Open(ctx context.Context, st *store.Store, o Options) (*Keys, error) {
	if err := st.Migrate(ctx, "keys", migrations); err != nil {
		return nil, err
	}
	file := o.KeyFile
	if file == "" {
		file = filepath.Join(o.Dir, masterName)
	}
	known, err := fingerprint(ctx, st.Read())
	if err != nil {
		return nil, err
	}
	master, err := readMaster(file)
	if errors.Is(err, os.ErrNotExist) {
		if known != "" {
			return nil, fmt.Errorf("the master key %s is missing, and the store was made with one: put it back", file)
		}
		if st.ReadOnly() {
			return nil, fmt.Errorf("no master key at %s: start the node once", file)
		}
		master, err = makeMaster(file)
	}
	if err != nil {
		return nil, err
	}
	k, err := unlock(master, o)
	if err != nil {
		return nil, err
	}
	if k.vault = (folder{o.Dir}); !st.Embedded() {
		k.vault = table{st}
	}
	if known == "" && !st.ReadOnly() {
		if known, err = k.keepFingerprint(ctx, st); err != nil {
			return nil, err
		}
	}
	if known != k.fingerprint() {
		return nil, fmt.Errorf("%s: %w", file, ErrOtherKey)
	}
	return k, nil
}

func unlock(master []byte, o Options) (*Keys, error) {
	k := &Keys{master: master, clock: o.Clock, open: map[dataKey]opened{}}
	if k.clock == nil {
		k.clock = time.Now
	}
	var err error
	if k.wrap, err = newSealer(k.Secret("wrap data keys")); err != nil {
		return nil, err
	}
	// Reports are sealed on the way to an acknowledgement: speed before the last few per cent.
	if k.encoder, err = zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderCRC(false)); err != nil {
		return nil, err
	}
	if k.decoder, err = zstd.NewReader(nil, zstd.WithDecoderMaxMemory(maxPlain), zstd.WithDecoderConcurrency(0)); err != nil {
		return nil, err
	}
	k.ids.New = k.newID
	return k, nil
}

// Secret derives 32 bytes for one purpose from the master key (HKDF, RFC 5869). The same on every node of the store.
func (k *Keys) Secret(purpose string) []byte {
	secret, err := hkdf.Key(sha256.New, k.master, nil, "rihla "+purpose, 32)
	if err != nil {
		panic(err) // only a length beyond HKDF's own bound, and 32 is not
	}
	return secret
}

// fingerprint tells keys apart and nothing else about them.
func (k *Keys) fingerprint() string { return hex.EncodeToString(k.Secret("fingerprint")[:16]) }

func fingerprint(ctx context.Context, r store.Reader) (known string, err error) {
	err = r.QueryRowContext(ctx, "select fingerprint from keys_node where name = $1", "master").Scan(&known)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return known, err
}

// keepFingerprint stores ours unless another node was quicker, and answers what the store holds.
func (k *Keys) keepFingerprint(ctx context.Context, st *store.Store) (known string, err error) {
	err = st.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		if _, err := tx.ExecContext(ctx, "insert into keys_node (name, fingerprint) values ($1, $2) on conflict (name) do nothing", "master", k.fingerprint()); err != nil {
			return err
		}
		known, err = fingerprint(ctx, tx)
		return err
	})
	return known, err
}
