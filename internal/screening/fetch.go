package screening

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/rihla/rihla/internal/keys"
	"github.com/rihla/rihla/internal/screening/lists"
	"github.com/rihla/rihla/internal/store"
)

// FetcherOptions of a node.
type FetcherOptions struct {
	Owner    string       // this node, as leases know it; empty makes up a name
	Folder   string       // what relative folders of sources stand in; empty: there are none
	Logger   *slog.Logger // nil is none
	Registry prometheus.Registerer
	// Announce tells live pages, in the transaction that writes it down: "list" when one changed, "list-refused" when
	// fetching failed.
	Announce func(ctx context.Context, tx store.Tx, name, id string, counts map[string]int) error
}

// Fetcher keeps lists up to date with their sources. Of several nodes one fetches a list at a time. What cannot be
// fetched, read or trusted, or has suspiciously shrunk, leaves the list as it is and is raised: in the log, in the
// figures, as an event, and on the source until it succeeds again.
type Fetcher struct {
	st       *store.Store
	options  FetcherOptions
	fetcher  *downloader
	attempts *prometheus.CounterVec
	since    *prometheus.GaugeVec
}

// How a fetcher works.
const (
	fetchPace   = time.Second
	fetchLease  = 15 * time.Minute // within which a list is fetched and loaded
	fetchWithin = 13 * time.Minute
	fetchesAt   = 2           // lists at once
	firstRetry  = time.Minute // after the first failure; it doubles
	longestWait = time.Hour
)

// NewFetcher readies a node's. Run comes next, or Fetch for one list.
func NewFetcher(st *store.Store, o FetcherOptions) *Fetcher {
	if o.Owner == "" {
		o.Owner = keys.Event()
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	f := &Fetcher{
		st: st, options: o, fetcher: newDownloader(o.Folder),
		attempts: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "rihla_list_fetches_total", Help: "Lists fetched, by list and result: changed, same, failed."}, []string{"list", "result"}),
		since:    prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: "rihla_list_fetched_timestamp_seconds", Help: "When a list was last fetched with success."}, []string{"list"}),
	}
	if o.Registry != nil {
		o.Registry.MustRegister(f.attempts, f.since)
	}
	return f
}

// Run fetches what is due, each second and when somebody asks, until ctx ends.
func (f *Fetcher) Run(ctx context.Context) error {
	wake, stop := f.st.Watch(sourceTopic)
	defer stop()
	tick := time.NewTicker(fetchPace)
	defer tick.Stop()
	var busy sync.WaitGroup
	defer busy.Wait()
	slots := make(chan struct{}, fetchesAt)
	for {
		for len(slots) < fetchesAt && ctx.Err() == nil {
			s, got, err := f.claim(ctx, "")
			if err != nil && ctx.Err() == nil {
				f.options.Logger.Error("sources of lists could not be looked at; it is tried again", "error", err)
			}
			if !got {
				break
			}
			slots <- struct{}{}
			busy.Go(func() {
				defer func() { <-slots }()
				if _, err := f.fetch(ctx, s); err != nil && ctx.Err() == nil {
					f.options.Logger.Error("a fetched list could not be settled; its lease will run out", "list", s.Name, "error", err)
				}
			})
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		case <-wake:
		}
	}
}

// Fetched tells how fetching one list went.
type Fetched struct {
	Summary Summary
	Same    bool  // nothing has changed since the last time
	Failed  error // why nothing was loaded; the list is as it was
}

// ErrFetching says that another node fetches the list just now.
var ErrFetching = errors.New("the list is being fetched already")

// Fetch fetches one list now, due or not. The error is the store's; what is wrong with the list is in Failed.
func (f *Fetcher) Fetch(ctx context.Context, name string) (Fetched, error) {
	s, got, err := f.claim(ctx, name)
	if err != nil {
		return Fetched{}, err
	}
	if !got {
		if _, err := SourceOf(ctx, f.st.Read(), time.Now(), name); err != nil {
			return Fetched{}, err
		}
		return Fetched{}, ErrFetching
	}
	return f.fetch(ctx, s)
}

// claim takes a source that is due, or the one named, for as long as the lease.
func (f *Fetcher) claim(ctx context.Context, name string) (s SourceState, got bool, err error) {
	now, err := f.st.Now(ctx)
	if err != nil {
		return s, false, err
	}
	find := `select name from screening_list_source where until <= $1 and (due <= $1 and $2 = '' or name = $2) order by due limit 1`
	var found string
	if err := f.st.Read().QueryRowContext(ctx, find, store.Micros(now), name).Scan(&found); errors.Is(err, sql.ErrNoRows) {
		return s, false, nil // most looks end here, and cost no write
	} else if err != nil {
		return s, false, err
	}
	err = f.st.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		got = false
		result, err := tx.ExecContext(ctx, `update screening_list_source set owner = $1, until = $2 where name = $3 and until <= $4`,
			f.options.Owner, store.Micros(now.Add(fetchLease)), found, store.Micros(now))
		if err != nil {
			return err
		}
		if n, err := result.RowsAffected(); err != nil || n == 0 {
			return err
		}
		if s, err = SourceOf(ctx, tx, now, found); err == nil {
			got = true
		}
		return err
	})
	return s, got, err
}

// fetch fetches, loads and settles one source that is ours.
func (f *Fetcher) fetch(ctx context.Context, s SourceState) (Fetched, error) {
	within, cancel := context.WithTimeout(ctx, fetchWithin)
	defer cancel()
	began, err := f.st.Now(ctx)
	if err != nil {
		return Fetched{}, err
	}
	out, marks, sum := f.load(within, &s)
	if out.Failed != nil && ctx.Err() != nil { // the node stops: no failure of the list's
		return out, f.giveBack(context.WithoutCancel(ctx), s.Name)
	}
	if unsettled, ok := errors.AsType[*unsettledError](out.Failed); ok {
		return out, f.postpone(ctx, s.Name, began.Add(unsettled.wait))
	}
	switch {
	case out.Failed != nil:
		f.attempts.WithLabelValues(s.Name, "failed").Inc()
		f.options.Logger.Error("a list could not be fetched; the one in force stays", "list", s.Name, "failures", s.Failures+1, "error", unnamed(out.Failed))
	case out.Same:
		f.attempts.WithLabelValues(s.Name, "same").Inc()
	default:
		f.attempts.WithLabelValues(s.Name, "changed").Inc()
		f.options.Logger.Info("a list was fetched", "list", s.Name, "entries", out.Summary.Entries, "added", out.Summary.Added, "changed", out.Summary.Changed, "removed", out.Summary.Removed)
	}
	if out.Failed == nil {
		f.since.WithLabelValues(s.Name).Set(float64(began.Unix()))
	}
	return out, f.settle(context.WithoutCancel(ctx), &s, &out, began, marks, sum)
}

// unnamed is an error for the log, which holds nobody's data: of a fault in a file its place and its rule.
func unnamed(err error) string {
	wrong, ok := errors.AsType[*lists.Error](err)
	if !ok {
		return err.Error()
	}
	f := wrong.Faults[0]
	return fmt.Sprintf("%s: %s in line %d%s and %d more: see rihla list status", wrong.File, f.Rule, f.Line, f.Pointer, len(wrong.Faults)-1)
}

// load downloads and loads; a list that is the same as the one in force is not read again.
func (f *Fetcher) load(ctx context.Context, s *SourceState) (out Fetched, marks map[string]mark, sum string) {
	defer func() {
		if fault := recover(); fault != nil {
			out.Failed = fmt.Errorf("our software failed on it: %v", fault)
		}
	}()
	files, marks, err := f.fetcher.get(ctx, s)
	if err != nil {
		out.Failed = err
		return out, nil, ""
	}
	if files == nil {
		out.Same = true
		return out, marks, s.SHA256
	}
	sum = checksum(files)
	var inForce string
	if err := f.st.Read().QueryRowContext(ctx, `select sha256 from screening_list where name = $1`, s.Name).Scan(&inForce); err != nil && !errors.Is(err, sql.ErrNoRows) {
		out.Failed = err
		return out, nil, ""
	}
	if inForce == sum {
		out.Same = true
		return out, marks, sum
	}
	out.Summary, out.Failed = LoadList(ctx, f.st, Upload{Name: s.Name, Files: files, By: "rihla", Role: "system"})
	return out, marks, sum
}

// settle writes down how it went, unless the source was changed meanwhile.
func (f *Fetcher) settle(ctx context.Context, s *SourceState, out *Fetched, began time.Time, marks map[string]mark, sum string) error {
	every, err := s.interval()
	if err != nil {
		return err
	}
	return f.st.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		k, failures, due, succeeded := kept{SHA256: sum, Marks: marks}, 0, tx.Now().Add(every), store.Micros(began)
		event, counts := "list", map[string]int{"added": out.Summary.Added, "changed": out.Summary.Changed, "removed": out.Summary.Removed}
		if out.Failed != nil {
			failures = s.Failures + 1
			k = kept{Error: out.Failed.Error(), SHA256: s.SHA256, Marks: s.marks}
			if wrong, ok := errors.AsType[*lists.Error](out.Failed); ok {
				k.Faults = wrong.Faults
			}
			if refused, ok := errors.AsType[*Refusal](out.Failed); ok {
				k.Refusal = refused.Kind
			}
			due, succeeded = tx.Now().Add(min(every, longestWait, firstRetry<<min(s.Failures, 10))), 0
			if !s.Succeeded.IsZero() {
				succeeded = store.Micros(s.Succeeded)
			}
			event, counts = "list-refused", map[string]int{"failures": failures}
		}
		if s.Paused {
			due = never
		}
		state, err := json.Marshal(k)
		if err != nil {
			return err
		}
		result, err := tx.ExecContext(ctx, `update screening_list_source set due = $1, owner = '', until = 0, tried = $2, succeeded = $3, failures = $4, state = $5 where name = $6 and owner = $7`,
			store.Micros(due), store.Micros(began), succeeded, failures, string(state), s.Name, f.options.Owner)
		if err != nil {
			return err
		}
		if n, err := result.RowsAffected(); err != nil || n == 0 {
			return err
		}
		if f.options.Announce == nil || out.Failed == nil && out.Same && s.Failures == 0 {
			return nil
		}
		return f.options.Announce(ctx, tx, event, s.Name, counts)
	})
}

func (f *Fetcher) giveBack(ctx context.Context, name string) error {
	return f.st.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		_, err := tx.ExecContext(ctx, `update screening_list_source set owner = '', until = 0 where name = $1 and owner = $2`, name, f.options.Owner)
		return err
	})
}

// postpone gives a source back whose file is still being written.
func (f *Fetcher) postpone(ctx context.Context, name string, due time.Time) error {
	return f.st.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		_, err := tx.ExecContext(ctx, `update screening_list_source set owner = '', until = 0, due = $1 where name = $2 and owner = $3`, store.Micros(due), name, f.options.Owner)
		return err
	})
}
