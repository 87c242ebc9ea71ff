package taxii

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
)

// ErrCursor is what a cursor answers that is not ours, of another query, or too old.
var ErrCursor = errors.New("not a place in the pages of this query")

// Cursor is where a page ended. It says all that the next page needs, so a server remembers nothing between two pages;
// its seal keeps a client from making up places of its own.
type Cursor struct {
	Mark    [8]byte // of the query
	Added   Instant // of the last object of the page
	Expires int64   // seconds since 1970
}

const (
	cursorForm  = 1 // this layout
	cursorPlain = 1 + 8 + 8 + 8
	cursorSeal  = 16
)

// Seal writes the cursor for a client to send back.
func (c Cursor) Seal(key []byte) string {
	b := make([]byte, 0, cursorPlain+cursorSeal)
	b = append(b, cursorForm)
	b = append(b, c.Mark[:]...)
	b = binary.BigEndian.AppendUint64(b, uint64(c.Added))   //nolint:gosec // read back the same way
	b = binary.BigEndian.AppendUint64(b, uint64(c.Expires)) //nolint:gosec // read back the same way
	return base64.RawURLEncoding.EncodeToString(append(b, seal(key, b)...))
}

// Unseal reads a cursor that [Cursor.Seal] wrote under the key, for the query of that mark.
func Unseal(key []byte, text string, mark [8]byte, now int64) (c Cursor, err error) {
	b, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil || len(b) != cursorPlain+cursorSeal || b[0] != cursorForm {
		return c, ErrCursor
	}
	plain, sealed := b[:cursorPlain], b[cursorPlain:]
	if !hmac.Equal(sealed, seal(key, plain)) {
		return c, ErrCursor
	}
	copy(c.Mark[:], plain[1:9])
	c.Added = Instant(binary.BigEndian.Uint64(plain[9:17])) //nolint:gosec // written the same way
	c.Expires = int64(binary.BigEndian.Uint64(plain[17:]))  //nolint:gosec // written the same way
	if c.Mark != mark || now > c.Expires {
		return c, ErrCursor
	}
	return c, nil
}

func seal(key, plain []byte) []byte {
	h := hmac.New(sha256.New, key)
	h.Write(plain)
	return h.Sum(nil)[:cursorSeal]
}
