package screening

import (
	"context"
	"database/sql"
	"embed"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rihla/rihla/internal/audit"
	"github.com/rihla/rihla/internal/screening/lists"
	"github.com/rihla/rihla/internal/screening/rules"
	"github.com/rihla/rihla/internal/store"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Options of a Screener.
type Options struct {
	Vocabularies []rules.Vocabulary // one of each domain that has rules
	Clock        func() time.Time   // nil is time.Now
	Logger       *slog.Logger       // nil is none
}

// Screener holds the current generation and follows the store.
type Screener struct {
	st       *store.Store
	options  Options
	current  atomic.Pointer[Generation]
	refresh  sync.Mutex // one build at a time; whoever screens never takes it
	shelf    ruleShelf  // what the current rules were compiled from
	shadows  *shadowLog
	aheads   sync.Mutex
	ahead    map[string]*Ahead // by domain
	merging  atomic.Bool
	building atomic.Int64 // bytes that a base on its way takes
	merges   sync.WaitGroup
}

// Migrate brings the room's tables, and the audit log's, up to date: for commands, which only load lists.
func Migrate(ctx context.Context, st *store.Store) error {
	if err := audit.Migrate(ctx, st); err != nil {
		return err
	}
	return st.Migrate(ctx, "screening", migrations)
}

// Open brings the tables up to date and builds the current generation.
func Open(ctx context.Context, st *store.Store, o Options) (*Screener, error) {
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if err := Migrate(ctx, st); err != nil {
		return nil, err
	}
	s := &Screener{st: st, options: o, shadows: newShadowLog()}
	g, err := s.whole(ctx, nil)
	if err != nil {
		return nil, err
	}
	s.current.Store(g)
	return s, nil
}

// Wait returns when nothing is built in the background any more: before the store closes.
func (s *Screener) Wait() { s.merges.Wait() }

// Generation is the current one: one atomic load. Take it once for what belongs together.
func (s *Screener) Generation() *Generation { return s.current.Load() }

// The counters that say whether lists and rules, or decisions, have moved.
const (
	generationCounter = "generation"
	dismissalsCounter = "dismissals"
)

// TopicGeneration is told to the store's watchers when lists, rules or decisions have moved.
const TopicGeneration = "screening.generation"

func advance(ctx context.Context, tx store.Tx, counter string) error {
	_, err := tx.ExecContext(ctx, `insert into screening_generation (name, number) values ($1, 1)
		on conflict (name) do update set number = screening_generation.number + 1`, counter)
	tx.Notify(TopicGeneration)
	return err
}

func counters(ctx context.Context, r store.Reader) (generation, dismissals int64, err error) {
	err = store.Rows(ctx, r, func(rows *sql.Rows) error {
		var name string
		var n int64
		if err := rows.Scan(&name, &n); err != nil {
			return err
		}
		switch name {
		case generationCounter:
			generation = n
		case dismissalsCounter:
			dismissals = n
		}
		return nil
	}, `select name, number from screening_generation`)
	return generation, dismissals, err
}

// Refresh is called each second. When nothing moved it is one small read. Else the new generation is built beside the
// old one, which goes on being used, and swapped in whole; changed says that the generation's number has moved. An entry
// whose day has come, or is over, moves it too. What a changed list costs is what its change costs: it is laid over the
// large index that was there, which is built anew in the background when enough lies over it.
func (s *Screener) Refresh(ctx context.Context) (changed bool, err error) {
	s.refresh.Lock()
	defer s.refresh.Unlock()
	s.tendRules(ctx)
	old := s.current.Load()
	if !old.until.IsZero() && !s.options.Clock().Before(old.until) && !s.st.ReadOnly() {
		if err := s.turn(ctx, old); err != nil {
			return false, err
		}
	}
	generation, decided, err := counters(ctx, s.st.Read())
	if err != nil {
		return false, err
	}
	if generation == old.number && decided == old.dismissal {
		return false, nil
	}
	if generation == old.number {
		d, err := readDismissals(ctx, s.st.Read())
		if err != nil {
			return false, err
		}
		next := *old
		next.dismissed, next.dismissal = d, decided
		next.until = next.nextTurn()
		s.current.Store(&next)
		return false, nil
	}
	next, err := s.since(ctx, old)
	if err != nil {
		return false, err
	}
	s.current.Store(next)
	s.merge(ctx)
	return next.number != old.number, nil
}

// turn moves the generation when entries begin or cease to hold, or dismissals end. Of several nodes that see the day
// come one does it.
func (s *Screener) turn(ctx context.Context, old *Generation) error {
	now := s.options.Clock()
	keys := old.turned(now)
	return s.st.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		generation, _, err := counters(ctx, tx)
		if err != nil || generation != old.number {
			return err
		}
		ended, err := endDismissals(ctx, tx, dismissalsUntil(now), expired, "", "")
		if err != nil {
			return err
		}
		return lookAnew(ctx, tx, append(slices.Clone(keys), ended...))
	})
}

// lookAnew moves the generation as if the entries had changed: whoever is ahead and may be concerned is screened again.
func lookAnew(ctx context.Context, tx store.Tx, keys []entryKey) error {
	if len(keys) == 0 {
		return nil
	}
	if err := advance(ctx, tx, generationCounter); err != nil {
		return err
	}
	generation, _, err := counters(ctx, tx)
	if err != nil {
		return err
	}
	byList := make(map[string][]string)
	for _, k := range keys {
		byList[k.list] = append(byList[k.list], k.id)
	}
	for list, ids := range byList {
		if _, err := store.ExecKeys(ctx, tx, `update screening_entry set generation = $1 where list = $2 and entry in (:keys)`, ids, generation, list); err != nil {
			return err
		}
	}
	_, err = tx.ExecContext(ctx, `insert into screening_turn (generation) values ($1)`, generation)
	return err
}

// NewGeneration makes a generation without a store, for batch screening and benchmarks.
func NewGeneration(loaded map[string]lists.List, set *rules.Set, clock func() time.Time) *Generation {
	w := newLayerWriter(clock())
	g := &Generation{number: 1, rules: set, clock: clock, versions: make(map[string]string), scratch: newScratch()}
	for _, name := range slices.Sorted(maps.Keys(loaded)) {
		g.versions[name] = loaded[name].Version
		for _, e := range loaded[name].Entries {
			r := prepared(name, e)
			w.add(&r)
		}
	}
	g.base = w.finish(1, nil)
	g.until = g.nextTurn()
	return g
}
