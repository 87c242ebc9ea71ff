package app

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/casework"
	"github.com/rihla/rihla/internal/synth/scenario"
)

// Trainee is a scripted player: what it decides of a case; empty leaves it.
type Trainee func(x *Exercise, c casework.Case, of, flight, role string) (outcome string)

// Perfect does what the scenario calls right, and clears everybody else.
func Perfect(x *Exercise, _ casework.Case, of, flight, role string) string {
	for _, s := range x.Scenario.Steps {
		if s.Of != of || s.Flight != "" && s.Flight != flight {
			continue
		}
		switch {
		case s.Quiet:
			return casework.Cleared
		case s.Role == role:
			return s.Decide[0]
		}
		return "" // somebody else's
	}
	return casework.Cleared
}

// Clearing lets everybody go.
func Clearing(*Exercise, casework.Case, string, string, string) string { return casework.Cleared }

// Solve plays a scenario to its end with a scripted trainee in every seat, in a world made for it in a folder, with no time
// to wait, and answers the score. It is how a scenario is proved solvable.
func Solve(ctx context.Context, dir string, s *scenario.Scenario, trainee Trainee, logger *slog.Logger) (r scenario.Result, err error) {
	x, err := OpenExercise(ctx, dir, s, logger)
	if err != nil {
		return r, err
	}
	running, stop := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- x.Run(running) }()
	defer func() {
		stop()
		if failed := <-ended; err == nil {
			err = failed
		}
	}()
	act := func(ctx context.Context, _ scenario.Delivery) error {
		x.Clock.Forward(x.Clock.Now().Add(time.Second)) // a decision is never of the very instant
		for _, role := range s.Seats {
			if err := x.act(ctx, role, trainee); err != nil {
				return err
			}
		}
		return nil
	}
	if err := x.Play(ctx, act); err != nil {
		return r, err
	}
	return x.Score(ctx)
}

// act has one seat decide whatever waits for it.
func (x *Exercise) act(ctx context.Context, role string, trainee Trainee) error {
	player := access.Principal{ID: role, Name: role, Role: access.Role(role)}
	queue, err := x.Desk.Queue(ctx, player, casework.Query{Limit: 500})
	if err != nil {
		return nil //nolint:nilerr // a role that has no queue has nothing to decide
	}
	for _, c := range queue.Items {
		if c.State != casework.Open {
			continue
		}
		of, flight := x.meant(c)
		outcome := trainee(x, c, of, flight, role)
		if outcome == "" {
			continue
		}
		made, err := x.Desk.Decide(ctx, player, c.ID, casework.Verdict{Outcome: outcome, Reason: "Decided as the scenario has it, for the sake of the proof."})
		if err != nil {
			return fmt.Errorf("%s decides %s of %s: %w", role, outcome, c.Title, err)
		}
		if made.Pending {
			if err := x.second(ctx, c, outcome, role); err != nil {
				return err
			}
		}
	}
	return nil
}

// second has the step's second person confirm.
func (x *Exercise) second(ctx context.Context, c casework.Case, outcome, first string) error {
	of, flight := x.meant(c)
	for _, s := range x.Scenario.Steps {
		if s.Of == of && (s.Flight == "" || s.Flight == flight) && slices.Contains(s.Decide, outcome) && s.Second != "" {
			name := s.Second
			if name == first {
				name += "-2"
			}
			_, err := x.Desk.Confirm(ctx, access.Principal{ID: name, Name: name, Role: access.Role(s.Second)}, c.ID, true, "Confirmed as the scenario has it.")
			return err
		}
	}
	return nil
}
