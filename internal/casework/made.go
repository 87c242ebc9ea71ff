package casework

import (
	"context"
	"database/sql"
	"slices"

	"github.com/rihla/rihla/internal/store"
)

// Done is a decision with the case it ended.
type Done struct {
	Case     Case
	Decision Decision
}

// Made are all decisions that stand, the first first: those that wait for a second person, or were refused by one, are none.
// It is for whoever holds what was decided against the truth; a page of a node asks the desk.
func Made(ctx context.Context, r store.Reader) ([]Done, error) {
	cases := map[string]Case{}
	var ids []string
	err := store.Rows(ctx, r, func(rows *sql.Rows) error {
		c, err := scanCase(rows)
		cases[c.ID] = c
		ids = append(ids, c.ID)
		return err
	}, `select `+caseColumns+` from casework_case`)
	if err != nil {
		return nil, err
	}
	decisions, err := decisionsOf(ctx, r, ids)
	if err != nil {
		return nil, err
	}
	var done []Done
	for _, d := range slices.Backward(decisions) {
		if !d.Pending && !d.Refused {
			done = append(done, Done{cases[d.Case], d})
		}
	}
	return done, nil
}
