package sharing

import (
	"time"

	"github.com/rihla/rihla/internal/screening"
)

// Watchlist is what the lists of a node answer, for tests.
func Watchlist(s *screening.Screener, now func() time.Time) Item { return watchlist{s, now} }
