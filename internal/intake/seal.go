package intake

import (
	"context"
	"time"

	"github.com/rihla/rihla/internal/keys"
)

// sealParts seals bytes in rows of a mebibyte.
func sealParts(ctx context.Context, k *keys.Keys, class keys.Class, day time.Time, raw []byte) ([][]byte, error) {
	parts := make([][]byte, 0, len(raw)/partBytes+1)
	for len(raw) > 0 {
		n := min(len(raw), partBytes)
		sealed, err := k.Seal(ctx, class, day, raw[:n])
		if err != nil {
			return nil, err
		}
		parts = append(parts, sealed)
		raw = raw[n:]
	}
	return parts, nil
}
