package ledger

import (
	"context"

	"github.com/rihla/rihla/internal/audit"
)

// Latest gives the newest steps, newest first: of one agreement, of one thread, or of all; below a number, where one is
// given.
func Latest(ctx context.Context, log *audit.Log, agreement, thread string, before int64, n int) ([]Entry, error) {
	touched := agreement
	if thread != "" {
		touched = thread
	}
	numbered, err := log.Entries(ctx, audit.Query{Log: audit.Exchange, Touched: touched, Before: before, Limit: n})
	out := []Entry{}
	for _, e := range numbered {
		step, ours, err := Parse(e)
		if err != nil {
			return nil, err
		}
		if ours {
			out = append(out, step)
		}
	}
	return out, err
}
