package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/casework"
	"github.com/rihla/rihla/internal/config"
	"github.com/rihla/rihla/internal/intake"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/screening/lists"
	"github.com/rihla/rihla/internal/store"
	"github.com/rihla/rihla/internal/synth/scenario"
)

// Exercise is a world apart: a node put together from the same parts, with a store, keys, an audit log and a clock of its
// own. What happens in it comes from its scenario alone. A node that is an exercise
// fetches no list, watches no folder, and opens no line to a partner; its pages listen on this machine alone.
type Exercise struct {
	*Node
	Scenario *scenario.Scenario
	Clock    *PlayClock

	filers map[string]intake.Filer
}

// PlayClock is an exercise's clock: it can stand, run faster, and be set forward. It never goes back.
type PlayClock struct {
	mu    sync.Mutex
	at    time.Time // of the world, when set was noted
	set   time.Time // of the machine
	speed float64   // 0 stands still
	real  func() time.Time
}

// NewPlayClock stands at an instant of the world.
func NewPlayClock(at time.Time, real func() time.Time) *PlayClock {
	return &PlayClock{at: at, set: real(), real: real}
}

// Now is what time it is in the world.
func (c *PlayClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now()
}

func (c *PlayClock) now() time.Time {
	return c.at.Add(time.Duration(float64(c.real().Sub(c.set)) * c.speed))
}

// Run lets the clock go, so many times as fast as life; 0 has it stand.
func (c *PlayClock) Run(speed float64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at, c.set, c.speed = c.now(), c.real(), max(speed, 0)
}

// Forward sets the clock to an instant still to come; one that is past leaves it.
func (c *PlayClock) Forward(to time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if now := c.now(); to.After(now) {
		c.at, c.set = to, c.real()
	}
}

// checkpoint is where an exercise stood: what is left when the machine goes down in the middle of it.
type checkpoint struct {
	Scenario string    `json:"scenario"`
	At       time.Time `json:"at"`
	Played   int       `json:"played"` // deliveries
}

const checkpointFile = "exercise.json"

// OpenExercise puts a world for a scenario together in a folder of its own. A world that is there already goes on where it
// was.
func OpenExercise(ctx context.Context, dir string, s *scenario.Scenario, logger *slog.Logger) (*Exercise, error) {
	at := s.Start.Time
	was, err := readCheckpoint(dir)
	if err != nil {
		return nil, err
	}
	if was.Scenario != "" {
		if was.Scenario != s.ID {
			return nil, fmt.Errorf("%s holds the exercise %s, not %s: name another folder", dir, was.Scenario, s.ID)
		}
		at = was.At
	}
	x := &Exercise{Scenario: s, Clock: NewPlayClock(at, time.Now), filers: map[string]intake.Filer{}}
	x.Node, err = Open(ctx, Config{
		Dir: dir, Exercise: s.ID, Logger: logger, Clock: x.Clock.Now, StoreOptions: store.Options{Clock: x.Clock.Now},
		Node: config.Node{Name: "Exercise", State: "Exercise", Home: "BHR", Listen: "127.0.0.1:0"},
	})
	if err != nil {
		return nil, err
	}
	return x, x.enrol(ctx)
}

// enrol gives every filer of the scenario a key, so that what it files is its own.
func (x *Exercise) enrol(ctx context.Context) error {
	for _, name := range x.Scenario.Filers() {
		known, err := x.Access.Keys(ctx)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(known, func(k access.KeyInfo) bool { return k.Name == name }) {
			if _, err := x.Access.CreateKey(ctx, "exercise", access.NewKey{Name: name, Role: access.Filer}); err != nil {
				return err
			}
			if known, err = x.Access.Keys(ctx); err != nil {
				return err
			}
		}
		for _, k := range known {
			if k.Name == name {
				x.filers[name] = intake.Filer{ID: k.ID, Name: k.Name, Carriers: k.Carriers}
			}
		}
	}
	return nil
}

func readCheckpoint(dir string) (c checkpoint, err error) {
	b, err := os.ReadFile(filepath.Join(dir, checkpointFile)) //nolint:gosec // the exercise's own folder
	if errors.Is(err, os.ErrNotExist) {
		return c, nil
	}
	if err != nil {
		return c, err
	}
	return c, json.Unmarshal(b, &c)
}

// keep writes where the exercise stands: whole, or not at all.
func (x *Exercise) keep(played int) error {
	b, err := json.Marshal(checkpoint{x.Scenario.ID, x.Clock.Now(), played})
	if err != nil {
		return err
	}
	path := filepath.Join(x.Config.Dir, checkpointFile)
	if err := os.WriteFile(path+".new", b, 0o600); err != nil {
		return err
	}
	return os.Rename(path+".new", path)
}

// Play has happen what happens, each thing at its time, until the exercise is over. at is called when something has
// happened and the world has taken it in; nil is nobody. What was played before the machine went down is not played again,
// and would change nothing: a report twice is one report.
func (x *Exercise) Play(ctx context.Context, at func(context.Context, scenario.Delivery) error) error {
	was, err := readCheckpoint(x.Config.Dir)
	if err != nil {
		return err
	}
	for i, d := range x.Scenario.Deliveries() {
		if i < was.Played {
			continue
		}
		if err := x.until(ctx, d.At); err != nil {
			return err
		}
		if err := x.deliver(ctx, d); err != nil {
			return fmt.Errorf("event %d: %w", d.Event, err)
		}
		if err := x.settled(ctx); err != nil {
			return err
		}
		if err := x.keep(i + 1); err != nil {
			return err
		}
		if at != nil {
			if err := at(ctx, d); err != nil {
				return err
			}
		}
	}
	return x.until(ctx, x.Scenario.Start.Add(x.Scenario.Length.Duration))
}

// until waits for an instant of the world. A clock that stands is set forward: nobody plays.
func (x *Exercise) until(ctx context.Context, to time.Time) error {
	for now := x.Clock.Now(); now.Before(to); now = x.Clock.Now() {
		if x.Clock.standing() {
			x.Clock.Forward(to)
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(min(x.Clock.realTime(to.Sub(now)), time.Second)):
		}
	}
	return nil
}

func (c *PlayClock) standing() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.speed == 0
}

// realTime is how long the machine waits for a while of the world to pass.
func (c *PlayClock) realTime(d time.Duration) time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Duration(float64(d) / max(c.speed, 1e-6))
}

func (x *Exercise) deliver(ctx context.Context, d scenario.Delivery) error {
	switch {
	case d.Report != nil:
		_, err := x.Journal.Take(ctx, intake.Delivery{Filer: x.filers[d.Filer], Gate: "exercise", Media: d.Media, Raw: d.Report, Lane: intake.Bulk})
		return err
	case d.List != "":
		_, err := screening.LoadList(ctx, x.Store, screening.Upload{
			Name: d.List, By: "exercise", Role: "administrator", Force: true, Reason: "the scenario", Files: []lists.File{{Name: d.List + ".csv", Data: d.File}},
		})
		return err
	}
	return nil
}

// patience is how long a world may take to take something in.
const patience = 2 * time.Minute

// settled waits until what was delivered is read, screened and looked at again.
func (x *Exercise) settled(ctx context.Context) error {
	ctx, stop := context.WithTimeoutCause(ctx, patience, errors.New("the world does not come to rest"))
	defer stop()
	for calm := 0; calm < 3; {
		busy, err := x.busy(ctx)
		if err != nil {
			return err
		}
		if calm++; busy {
			calm = 0
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(20 * time.Millisecond):
		}
	}
	return nil
}

func (x *Exercise) busy(ctx context.Context) (bool, error) {
	depth, err := x.Journal.Depth(ctx)
	if err != nil || depth > 0 {
		return true, err
	}
	generation, err := screening.Current(ctx, x.Store.Read())
	if err != nil {
		return true, err
	}
	for _, d := range x.Domains {
		due, err := screening.Waiting(ctx, x.Store.Read(), d.Name())
		if err != nil || due {
			return true, err
		}
		vouched, err := screening.Vouched(ctx, x.Store.Read(), d.Name())
		if err != nil || vouched < generation {
			return true, err
		}
	}
	return false, nil
}

// Done are the decisions that people made in the world, as the scenario speaks of them.
func (x *Exercise) Done(ctx context.Context) ([]scenario.Done, error) {
	made, err := casework.Made(ctx, x.Store.Read())
	if err != nil {
		return nil, err
	}
	done := make([]scenario.Done, 0, len(made))
	for _, m := range made {
		of, flight := x.meant(m.Case)
		done = append(done, scenario.Done{
			At: m.Decision.At, Who: m.Decision.By, Role: roleOf(m.Decision.By), Of: of, Flight: flight, Outcome: m.Decision.Outcome,
			Reason: m.Decision.Reason, Second: roleOf(m.Decision.Confirmed),
		})
	}
	return done, nil
}

// meant is whom of the cast a case is about, and on which flight; else the case's title.
func (x *Exercise) meant(c casework.Case) (of, flight string) {
	for id, f := range x.Scenario.Flights {
		if strings.HasPrefix(c.Context, f.Carrier+f.Number+" ") {
			flight = id
		}
	}
	for id, p := range x.Scenario.Cast {
		if (screening.Name{Surname: p.Surname, Given: p.Given}).String() == c.Title && x.flies(id, flight) {
			return id, flight
		}
	}
	return c.Title, flight
}

// flies says that one of the cast is on a flight, so that two of one name are told apart.
func (x *Exercise) flies(who, flight string) bool {
	for _, e := range x.Scenario.Events {
		if e.Passengers != nil && e.Passengers.Flight == flight && slices.Contains(e.Passengers.Who, who) {
			return true
		}
		if e.Booking != nil && e.Booking.Flight == flight && slices.Contains(e.Booking.Who, who) {
			return true
		}
	}
	return flight == ""
}

// A player's name in a world says their seat: analyst, or analyst-2.
func roleOf(name string) string {
	role, _, _ := strings.Cut(name, "-")
	return role
}

// Score is how the exercise went so far.
func (x *Exercise) Score(ctx context.Context) (scenario.Result, error) {
	done, err := x.Done(ctx)
	if err != nil {
		return scenario.Result{}, err
	}
	return x.Scenario.Score(done, x.bears), nil
}

// bears says that an outcome bears on somebody.
func (x *Exercise) bears(outcome string) bool { return casework.Upheld(outcome) }

// ExerciseWorld is what scenarios are checked against.
func ExerciseWorld() scenario.World {
	var w scenario.World
	for _, r := range access.Roles {
		w.Roles = append(w.Roles, string(r))
	}
	for _, o := range Outcomes() {
		w.Outcomes = append(w.Outcomes, o.Code)
	}
	slices.Sort(w.Outcomes)
	w.Outcomes = slices.Compact(w.Outcomes)
	return w
}
