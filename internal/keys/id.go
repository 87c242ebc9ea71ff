package keys

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"hash"

	"github.com/google/uuid"
)

func (k *Keys) newID() any { return hmac.New(sha256.New, k.Secret("ids")) }

// ID is the id of what its kind and parts name: the same on every node of this store, telling nothing to anyone else.
func (k *Keys) ID(kind string, parts ...string) string { return k.ContentID(kind, nil, parts...) }

// ContentID is [Keys.ID] of something that is named by its bytes as well, such as a report.
func (k *Keys) ContentID(kind string, content []byte, parts ...string) string {
	h, _ := k.ids.Get().(hash.Hash)
	defer k.ids.Put(h)
	h.Reset()
	// Every part goes with its length, so that no two lists of parts read the same.
	var buffer [64]byte
	write := func(part string) {
		h.Write(binary.AppendUvarint(buffer[:0], uint64(len(part))))
		h.Write(append(buffer[:0], part...))
	}
	write(kind)
	for _, part := range parts {
		write(part)
	}
	h.Write(content) // the last, so it needs no length

	var id uuid.UUID
	copy(id[:], h.Sum(buffer[:0]))
	id[6] = id[6]&0x0f | 0x80 // version 8 (RFC 9562, section 5.8)
	id[8] = id[8]&0x3f | 0x80
	return id.String()
}

// Event is a new id for something that happens: a UUID of version 7, later ones sort later.
func (*Keys) Event() string { return Event() }

// Event is a new id for something that happens, for rooms that hold no keys.
func Event() string { return uuid.Must(uuid.NewV7()).String() }
