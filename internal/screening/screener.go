package screening

import (
	"context"
	"database/sql"
	"embed"
	"encoding/json"
	"fmt"
	"log/slog"
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
	st      *store.Store
	options Options
	current atomic.Pointer[Generation]
	refresh sync.Mutex // one build at a time; whoever screens never takes it
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
	s := &Screener{st: st, options: o}
	if err := s.build(ctx); err != nil {
		return nil, err
	}
	return s, nil
}

// Generation is the current one: one atomic load. Take it once for what belongs together.
func (s *Screener) Generation() *Generation { return s.current.Load() }

// Rules tells what rules are in force.
func (s *Screener) Rules() []RuleInfo { return s.Generation().Rules() }

// The counters that say whether lists and rules, or decisions, have moved.
const (
	generationCounter = "generation"
	dismissalsCounter = "dismissals"
)

func advance(ctx context.Context, tx store.Tx, counter string) error {
	_, err := tx.ExecContext(ctx, `insert into screening_generation (name, number) values ($1, 1)
		on conflict (name) do update set number = screening_generation.number + 1`, counter)
	tx.Notify("screening.generation")
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
// whose day has come, or is over, moves it too.
func (s *Screener) Refresh(ctx context.Context) (changed bool, err error) {
	s.refresh.Lock()
	defer s.refresh.Unlock()
	old := s.current.Load()
	if !old.until.IsZero() && !s.options.Clock().Before(old.until) && !s.st.ReadOnly() {
		err := s.st.Write(ctx, func(ctx context.Context, tx store.Tx) error {
			// Of several nodes that see the day come one moves the number.
			_, err := tx.ExecContext(ctx, `update screening_generation set number = number + 1 where name = $1 and number = $2`, generationCounter, old.number)
			return err
		})
		if err != nil {
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
		s.current.Store(&next)
		return false, nil
	}
	if err := s.build(ctx); err != nil {
		return false, err
	}
	return s.current.Load().number != old.number, nil
}

// build reads lists, rules and decisions as they stand at one instant.
func (s *Screener) build(ctx context.Context) error {
	var entries []listedEntry
	var files map[string][]rules.File
	var d dismissals
	var generation, decided int64
	err := s.st.Snapshot(ctx, func(ctx context.Context, r store.Reader) (err error) {
		if generation, decided, err = counters(ctx, r); err != nil {
			return err
		}
		if entries, err = readEntries(ctx, r); err != nil {
			return err
		}
		if files, err = readRules(ctx, r); err != nil {
			return err
		}
		d, err = readDismissals(ctx, r)
		return err
	})
	if err != nil {
		return err
	}
	g := newGeneration(generation, entries, s.compile(files), d, s.options.Clock)
	g.dismissal = decided
	s.current.Store(g)
	return nil
}

// compile leaves out a set that this program cannot read (it was checked when it was loaded; a vocabulary may have
// changed since): the rest goes on.
func (s *Screener) compile(files map[string][]rules.File) *rules.Set {
	var good []rules.File
	for name, set := range files {
		if _, err := rules.Parse(set, s.options.Vocabularies); err != nil {
			s.options.Logger.Error("rules left out: they no longer compile", "rules", name, "error", err)
			continue
		}
		good = append(good, set...)
	}
	set, err := rules.Parse(good, s.options.Vocabularies)
	if err != nil {
		s.options.Logger.Error("rules left out: they do not go together", "error", err)
		return nil
	}
	return set
}

func readEntries(ctx context.Context, r store.Reader) ([]listedEntry, error) {
	versions := make(map[string]string)
	err := store.Rows(ctx, r, func(rows *sql.Rows) error {
		var name, version string
		err := rows.Scan(&name, &version)
		versions[name] = version
		return err
	}, `select name, version from screening_list`)
	if err != nil {
		return nil, err
	}
	var entries []listedEntry
	err = store.Rows(ctx, r, func(rows *sql.Rows) error {
		var e listedEntry
		var body []byte
		if err := rows.Scan(&e.list, &body); err != nil {
			return err
		}
		if err := json.Unmarshal(body, &e.Entry); err != nil {
			return fmt.Errorf("an entry of list %s: %w", e.list, err)
		}
		e.version, e.hash = versions[e.list], e.Hash()
		entries = append(entries, e)
		return nil
	}, `select list, body from screening_entry order by list, entry`)
	return entries, err
}

func readRules(ctx context.Context, r store.Reader) (map[string][]rules.File, error) {
	files := make(map[string][]rules.File)
	err := store.Rows(ctx, r, func(rows *sql.Rows) error {
		var name string
		var f rules.File
		err := rows.Scan(&name, &f.Name, &f.Data)
		files[name] = append(files[name], f)
		return err
	}, `select name, file, body from screening_rule order by name, file`)
	return files, err
}

// NewGeneration makes a generation without a store, for batch screening and benchmarks.
func NewGeneration(loaded map[string]lists.List, set *rules.Set, clock func() time.Time) *Generation {
	var entries []listedEntry
	for name, l := range loaded {
		for _, e := range l.Entries {
			entries = append(entries, listedEntry{list: name, version: l.Version, hash: e.Hash(), Entry: e})
		}
	}
	return newGeneration(1, entries, set, nil, clock)
}
