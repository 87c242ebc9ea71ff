package envelope

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

const digestPrefix = "sha-256:"

// Digest is how texts are named: SHA-256, in hexadecimal.
func Digest[T string | []byte](text T) string {
	sum := sha256.Sum256([]byte(text))
	return digestPrefix + hex.EncodeToString(sum[:])
}

// IsDigest reports whether a text is written as [Digest] writes.
func IsDigest(text string) bool {
	digits, ok := strings.CutPrefix(text, digestPrefix)
	if !ok || len(digits) != 2*sha256.Size {
		return false
	}
	for _, b := range []byte(digits) {
		if (b < '0' || b > '9') && (b < 'a' || b > 'f') {
			return false
		}
	}
	return true
}
