package intake

import (
	"context"
	"io"
	"net/http"

	"golang.org/x/sync/semaphore"
)

// Bodies share a bound on memory. Small ones have their own, so that they do not queue behind large ones.
const (
	smallBody        = 256 << 10
	smallBodiesBytes = 16 << 20
	largeBodiesBytes = 48 << 20
)

// bodies reads requests' bodies within a bound on the memory all of them take together.
type bodies struct{ small, large *semaphore.Weighted }

func newBodies() *bodies {
	return &bodies{semaphore.NewWeighted(smallBodiesBytes), semaphore.NewWeighted(largeBodiesBytes)}
}

// read answers the body, and what gives its memory back.
func (b *bodies) read(ctx context.Context, r *http.Request) (raw []byte, release func(), err error) {
	if r.ContentLength > MaxBytes {
		return nil, nil, ErrTooLarge
	}
	room, bytes := b.large, r.ContentLength
	switch {
	case bytes < 0: // not told: as large as may be
		bytes = MaxBytes
	case bytes <= smallBody:
		room = b.small
	}
	if err := room.Acquire(ctx, bytes); err != nil {
		return nil, nil, err
	}
	release = func() { room.Release(bytes) }
	if r.ContentLength >= 0 {
		raw = make([]byte, r.ContentLength)
		_, err = io.ReadFull(r.Body, raw)
	} else {
		raw, err = io.ReadAll(io.LimitReader(r.Body, MaxBytes+1))
	}
	if err == nil && len(raw) > MaxBytes {
		err = ErrTooLarge
	}
	if err != nil {
		release()
		return nil, nil, err
	}
	return raw, release, nil
}
