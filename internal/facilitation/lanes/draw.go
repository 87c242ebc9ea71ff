package lanes

import (
	"crypto/sha256"
	"encoding/binary"
	"math"
)

// Drawn says whether an id is among those that a draw takes, of which it takes that share. The id is a keyed hash of who
// and which day, so nobody outside can foretell it, anybody with the key can repeat it, and nothing else of the person
// steers it.
func Drawn(id string, rate float64) bool {
	sum := sha256.Sum256([]byte(id))
	return float64(binary.BigEndian.Uint64(sum[:8])) < rate*math.MaxUint64
}
