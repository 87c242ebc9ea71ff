package screening

import (
	"context"

	"github.com/rihla/rihla/internal/store"
)

// Current is the number of the generation as committed. Whoever writes findings asks for it in the same transaction: when
// it is newer than the generation they were found under, their subjects are due again.
func Current(ctx context.Context, r store.Reader) (int64, error) {
	generation, _, err := counters(ctx, r)
	return generation, err
}

// Newer says whether lists, rules or decisions have moved since a generation was built. Whoever writes what was found
// under it asks in the same transaction.
func Newer(ctx context.Context, r store.Reader, than *Generation) (bool, error) {
	generation, decided, err := counters(ctx, r)
	return generation != than.number || decided != than.dismissal, err
}
