package screening

import (
	"context"
	"crypto/rand"
	"database/sql"
	"time"

	"github.com/rihla/rihla/internal/store"
)

// Decided is a name match on which somebody decided: its score and what it was. It holds no person.
type Decided struct {
	List    string
	Score   float64
	Same    bool // the same person
	Outcome string
	Day     string // YYYY-MM-DD
}

var insertDecided = store.NewInsert("screening_decided", []string{"list", "id", "score", "same", "outcome", "day"}, "")

// RecordDecided keeps what a decision says of a subject's name matches. "Not the same person" says it of each; any other
// outcome says that the likeliest was the same person, and nothing of the rest.
func RecordDecided(ctx context.Context, tx store.Tx, live []Finding, outcome string, same bool) error {
	var rows [][]any
	var best *Finding
	day := tx.Now().UTC().Format(time.DateOnly)
	row := func(f *Finding, same int64) []any {
		return []any{f.List, rand.Text(), perMille(f.Score), same, outcome, day}
	}
	for i := range live {
		f := &live[i]
		if f.Engine != EngineName || f.List == "" {
			continue
		}
		if !same {
			rows = append(rows, row(f, 0))
		} else if best == nil || f.Score > best.Score {
			best = f
		}
	}
	if best != nil {
		rows = append(rows, row(best, 1))
	}
	_, err := insertDecided.Exec(ctx, tx, rows)
	return err
}

// AllDecided gives what was decided of a list's matches, of all lists if none is named.
func AllDecided(ctx context.Context, r store.Reader, list string) ([]Decided, error) {
	var out []Decided
	err := store.Rows(ctx, r, func(rows *sql.Rows) error {
		var d Decided
		var score, same int64
		err := rows.Scan(&d.List, &score, &same, &d.Outcome, &d.Day)
		d.Score, d.Same = float64(score)/1000, same != 0
		out = append(out, d)
		return err
	}, `select list, score, same, outcome, day from screening_decided where list = $1 or $1 = '' order by day, list, id`, list)
	return out, err
}
