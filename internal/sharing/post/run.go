package post

import (
	"context"
	"sync"
	"time"
)

const (
	sweepEvery = 5 * time.Second
	roundEvery = time.Minute     // keys, greetings, heads
	pullEvery  = 5 * time.Second // of a node that partners cannot reach
)

// Run sends, handles what came, and keeps keys, greetings and heads until the context ends.
func (o *Office) Run(ctx context.Context) error {
	var all sync.WaitGroup
	defer all.Wait()
	wake, stop := o.store.Watch(topicRing)
	defer stop()
	tick := time.NewTicker(pace)
	defer tick.Stop()
	started := map[string]bool{}
	all.Go(func() { o.every(ctx, sweepEvery, "give up what has expired", o.sweep) })
	all.Go(func() {
		o.every(ctx, min(roundEvery, o.options.WitnessInterval), "keep keys, greetings and heads", o.round)
	})
	all.Go(func() { o.every(ctx, pullEvery, "ask partners for what waits", o.pullAll) })
	for {
		g, err := o.now(ctx)
		switch {
		case ctx.Err() != nil:
			return nil
		case err != nil:
			o.options.Logger.Error("who is who could not be read", "error", err)
		case g.own != nil:
			o.start(ctx, g, started, &all)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-wake:
		case <-tick.C:
		}
	}
}

// start sees to it that each two authorities have their lane and their desk.
func (o *Office) start(ctx context.Context, g *ring, started map[string]bool, all *sync.WaitGroup) {
	for _, own := range g.own.authorities {
		for _, p := range g.parties {
			if p.own {
				continue
			}
			for _, theirs := range p.authorities {
				name := own.id + "/" + theirs.id
				if started[name] {
					continue
				}
				started[name] = true
				l := &lane{office: o, from: own.id, to: theirs.id}
				d := &desk{office: o, from: theirs.id, to: own.id}
				all.Go(func() { l.run(ctx) })
				all.Go(func() { d.run(ctx) })
			}
		}
	}
}

func (o *Office) every(ctx context.Context, pace time.Duration, what string, do func(context.Context) error) {
	tick := time.NewTicker(pace)
	defer tick.Stop()
	for {
		if err := do(ctx); err != nil && ctx.Err() == nil {
			o.options.Logger.Warn("could not "+what+"; tried again", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// round is what is on a clock.
func (o *Office) round(ctx context.Context) error {
	g, err := o.now(ctx)
	if err != nil || g.own == nil {
		return err
	}
	if err := o.keepKeys(ctx); err != nil {
		return err
	}
	for _, p := range g.parties {
		if p.own {
			continue
		}
		if err := o.greet(ctx, g, p); err != nil {
			return err
		}
		if err := o.witness(ctx, g, p); err != nil {
			return err
		}
	}
	return nil
}

// pullAll fetches what waits with partners, where they cannot reach this node.
func (o *Office) pullAll(ctx context.Context) error {
	g, err := o.now(ctx)
	if err != nil || g.own == nil || g.own.url != "" {
		return err
	}
	for _, p := range g.parties {
		if p.own || p.url == "" {
			continue
		}
		for _, from := range p.authorities {
			for _, to := range g.own.authorities {
				seq, _, _, err := readChain(ctx, o.store.Read(), from.id, to.id)
				if err != nil {
					return err
				}
				if err := o.pull(ctx, from.id, to.id, seq); err != nil {
					return err
				}
			}
		}
	}
	return nil
}
