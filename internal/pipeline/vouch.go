package pipeline

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/rihla/rihla/internal/jobs"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/screening/links"
	"github.com/rihla/rihla/internal/store"
)

// Voucher is a domain that knows what speaks for subjects of any domain, or against them: a membership, a permit that is
// asked of them. It is asked before they are screened, each time, and so must cost little where it knows nothing.
type Voucher interface {
	// Vouch answers one of each subject, in their order; nil where nothing is known of any. It changes no subject.
	Vouch(ctx context.Context, r store.Reader, now time.Time, subjects []*screening.Subject) ([]Vouched, error)
}

// Vouched is what a Voucher knows of one subject.
type Vouched struct {
	Known     []string // identities: see screening.KnownBy
	Standings []screening.Standing
	Found     []screening.Finding // under the engine that is the Voucher's name
	Lacking   []string            // what must be sent, or sent again, before more can be said
}

// vouch adds to subjects what is known of them elsewhere in the house.
func (p *Pipeline) vouch(ctx context.Context, r store.Reader, screened []screening.Screened) error {
	if len(screened) == 0 {
		return nil
	}
	for _, d := range p.Domains {
		v, ok := d.(Voucher)
		if !ok {
			continue
		}
		var vouched []Vouched
		err := safely(func() (err error) { vouched, err = v.Vouch(ctx, r, p.Clock(), subjectsOf(screened)); return err })
		if err != nil {
			return fmt.Errorf("ask %s for whom it vouches: %w", d.Name(), err)
		}
		for i := range vouched {
			s, w := &screened[i], &vouched[i]
			s.Subject.Known = append(slices.Clip(s.Subject.Known), w.Known...)
			s.Standings = append(slices.Clip(s.Standings), w.Standings...)
			s.Found = append(slices.Clip(s.Found), w.Found...)
			s.Lacking = append(slices.Clip(s.Lacking), w.Lacking...)
		}
	}
	return nil
}

// Vouch adds to subjects, for people who look at them, what is known of them elsewhere in the house.
func (p *Pipeline) Vouch(ctx context.Context, r store.Reader, subjects ...screening.Subject) ([]screening.Screened, error) {
	screened := make([]screening.Screened, len(subjects))
	for i := range subjects {
		screened[i].Subject = subjects[i]
	}
	return screened, p.vouch(ctx, r, screened)
}

// vouchers are the engines that every screening asks besides its own.
func (p *Pipeline) vouchers() (engines []string) {
	for _, d := range p.Domains {
		if _, ok := d.(Voucher); ok {
			engines = append(engines, d.Name())
		}
	}
	return engines
}

// Whose standing changed is looked at again at once, and once more when the ties of whoever came meanwhile are kept.
const (
	nearKind  = "pipeline.near"
	nearAgain = time.Minute
)

// nearJobs have whoever shares one of some ties looked at again.
func nearJobs(now time.Time, ties []screening.Tie) ([]jobs.Job, error) {
	if len(ties) == 0 {
		return nil, nil
	}
	body, err := json.Marshal(ties)
	if err != nil {
		return nil, err
	}
	return []jobs.Job{{Kind: nearKind, Due: now, Body: body}, {Kind: nearKind, Due: now.Add(nearAgain), Body: body}}, nil
}

// lookNear marks as due whoever shares a tie, in whatever domain.
func (p *Pipeline) lookNear(ctx context.Context, tx store.Tx, j jobs.Job) error {
	var ties []screening.Tie
	if err := json.Unmarshal(j.Body, &ties); err != nil {
		return err
	}
	ids, err := links.Ahead(ctx, tx, ties, tx.Now())
	if err != nil {
		return err
	}
	return p.near(ctx, tx, ids)
}
