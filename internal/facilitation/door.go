package facilitation

import (
	"time"

	"github.com/rihla/rihla/internal/access"
)

// doors bound what anybody may try: by address, and of one reference, so that guessing gets nothing.
type doors struct {
	apply     *access.Limiter // by address
	look      *access.Limiter // by address
	reference *access.Limiter // by reference, whoever asks
}

func newDoors(clock func() time.Time) doors {
	return doors{
		apply:     access.NewLimiter(time.Minute, 10, clock),
		look:      access.NewLimiter(5*time.Second, 30, clock),
		reference: access.NewLimiter(30*time.Second, 10, clock),
	}
}
