package screening

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/rihla/rihla/internal/audit"
	"github.com/rihla/rihla/internal/store"
)

// Thresholds say what a list's name matches are worth: below Look nothing is kept, from Look on a human looks when there
// is time (medium), from Alert on at once (high).
type Thresholds struct {
	List    string    `json:"list"`
	Look    float64   `json:"look"`
	Alert   float64   `json:"alert"`
	Default bool      `json:"default"` // nobody has set them
	By      string    `json:"by,omitempty"`
	Changed time.Time `json:"changed,omitzero"`
	Reason  string    `json:"reason,omitempty"`
}

// What holds for a list whose thresholds nobody has set, and the bounds of what can be set: below the lowest, names that
// are merely alike would drown whoever looks.
const (
	DefaultLook     = 0.5
	DefaultAlert    = 0.8
	LowestThreshold = 0.3
	HighestLook     = 0.99
)

func defaultThresholds(list string) Thresholds {
	return Thresholds{List: list, Look: DefaultLook, Alert: DefaultAlert, Default: true}
}

// ErrThresholds are thresholds that no list can have.
var ErrThresholds = errors.New("thresholds are 0.3 ≤ look ≤ alert ≤ 0.99")

func (t Thresholds) valid() error {
	if !(t.Look >= LowestThreshold && t.Look <= t.Alert && t.Alert <= HighestLook) { // also refuses what is no number
		return fmt.Errorf("%w; these are %g and %g", ErrThresholds, t.Look, t.Alert)
	}
	return nil
}

// shortestReason of a decision about thresholds or dismissals, in characters.
const shortestReason = 10

// ErrReason is a reason that tells whoever reads it later nothing.
var ErrReason = fmt.Errorf("give a reason of at least %d characters, for whoever reads it later", shortestReason)

func reasoned(reason string) (string, error) {
	reason = strings.TrimSpace(reason)
	if utf8.RuneCountInString(reason) < shortestReason {
		return "", ErrReason
	}
	return reason, nil
}

// SetThresholds changes what a list's matches are worth. Everybody ahead is screened again in the background: a new
// threshold is a change of everything.
func SetThresholds(ctx context.Context, st *store.Store, t Thresholds, role string) (Thresholds, error) {
	if err := t.valid(); err != nil {
		return t, err
	}
	var err error
	if t.Reason, err = reasoned(t.Reason); err != nil {
		return t, err
	}
	t.Default = false
	err = st.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		before, err := ListThresholds(ctx, tx, t.List)
		if err != nil {
			return err
		}
		t.Changed = store.Time(store.Micros(tx.Now()))
		if _, err := tx.ExecContext(ctx, `insert into screening_threshold (list, look, alert, actor, changed, reason) values ($1, $2, $3, $4, $5, $6)
			on conflict (list) do update set look = excluded.look, alert = excluded.alert, actor = excluded.actor, changed = excluded.changed, reason = excluded.reason`,
			t.List, perMille(t.Look), perMille(t.Alert), t.By, store.Micros(t.Changed), t.Reason); err != nil {
			return err
		}
		if err := advance(ctx, tx, generationCounter); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Entry{Actor: t.By, Role: role, Action: "list.thresholds", Touched: []string{t.List},
			Detail: fmt.Sprintf("%g and %g, before %g and %g; %s", t.Look, t.Alert, before.Look, before.Alert, t.Reason)})
	})
	return t, err
}

// perMille is how a score is kept: whole numbers compare alike everywhere.
func perMille(score float64) int64 { return int64(score*1000 + 0.5) }

// ListThresholds gives a list's thresholds, its own or the usual ones.
func ListThresholds(ctx context.Context, r store.Reader, list string) (Thresholds, error) {
	all, err := readThresholds(ctx, r)
	if err != nil {
		return Thresholds{}, err
	}
	if t, ok := all[list]; ok {
		return t, nil
	}
	return defaultThresholds(list), nil
}

func readThresholds(ctx context.Context, r store.Reader) (map[string]Thresholds, error) {
	var all map[string]Thresholds
	err := store.Rows(ctx, r, func(rows *sql.Rows) error {
		var t Thresholds
		var look, alert, changed int64
		if err := rows.Scan(&t.List, &look, &alert, &t.By, &changed, &t.Reason); err != nil {
			return err
		}
		t.Look, t.Alert, t.Changed = float64(look)/1000, float64(alert)/1000, store.Time(changed)
		if all == nil {
			all = make(map[string]Thresholds)
		}
		all[t.List] = t
		return nil
	}, `select list, look, alert, actor, changed, reason from screening_threshold`)
	return all, err
}

// Thresholds are those in force for a list.
func (g *Generation) Thresholds(list string) Thresholds {
	if t, ok := g.terms[list]; ok {
		return t
	}
	return defaultThresholds(list)
}

// least is the lowest score that any list keeps.
func (g *Generation) least() float64 {
	least := DefaultLook
	for _, t := range g.terms {
		least = min(least, t.Look)
	}
	return least
}
