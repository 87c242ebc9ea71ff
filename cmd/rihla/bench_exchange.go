package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"github.com/spf13/cobra"

	"github.com/rihla/rihla/internal/app"
	"github.com/rihla/rihla/internal/audit"
	"github.com/rihla/rihla/internal/keys"
	"github.com/rihla/rihla/internal/sharing/envelope"
	"github.com/rihla/rihla/internal/sharing/post"
	"github.com/rihla/rihla/internal/store"
)

// What bench exchange does.
const (
	exchangeItems    = 20_000
	exchangeTogether = 50 // put into the outbox in one transaction
)

func benchExchangeCommand() *cobra.Command {
	return benchCommandOf("exchange", "Items from one state's store to another's",
		"Two whole nodes in this process, each with its own embedded store on disk (every commit synced) and its exchange log, talk over mutual TLS on loopback. The rate counts items of an agreement, each decided by both sides, from the moment they may be given until they are stored on the other side, used there, and acknowledged and committed on the first. Urgent items are timed from a person's release to the partner's page being told of it by server-sent events. Then the two post offices are measured by themselves, a message an item.",
		func(c *cobra.Command) (f figures, err error) {
			f = figures{Bench: "exchange", Unit: "items/s"}
			debug.SetGCPercent(app.CollectAt) // as a node does
			if err := benchRooms(c.Context(), &f); err != nil {
				return f, err
			}
			return f, benchOffices(c.Context(), &f)
		})
}

// side is one state of the benchmark.
type side struct {
	store  *store.Store
	office *post.Office
	log    *audit.Log
	server *http.Server
}

func openSide(ctx context.Context, dir, party, authority string) (*side, error) {
	st, err := store.Open(ctx, "sqlite:"+filepath.Join(dir, party+".db"), store.Options{})
	if err != nil {
		return nil, err
	}
	s := &side{store: st}
	k, err := keys.Open(ctx, st, keys.Options{Dir: filepath.Join(dir, party)})
	if err != nil {
		return s, err
	}
	if s.log, err = audit.Open(ctx, st, k, audit.Options{Dir: filepath.Join(dir, party)}); err != nil {
		return s, err
	}
	// The limit is for partners that do not behave; this one is meant to be as quick as it can.
	if s.office, err = post.Open(ctx, post.Options{Store: st, Keys: k, Audit: s.log, Flood: 1e6}); err != nil {
		return s, err
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return s, err
	}
	card := post.Card{Party: party, URL: "https://" + listener.Addr().String(), Authorities: []post.CardAuthority{{ID: authority}}}
	if _, err := s.office.OwnCard(ctx, "bench", card); err != nil {
		return s, errors.Join(err, listener.Close())
	}
	s.server = &http.Server{Handler: s.office.Handler(), TLSConfig: s.office.TLS(), ReadHeaderTimeout: time.Minute}
	go func() { _ = s.server.ServeTLS(listener, "", "") }() // it ends when it is closed
	return s, nil
}

func (s *side) close() error {
	var err error
	if s.server != nil {
		err = s.server.Close()
	}
	return errors.Join(err, s.store.Close())
}

// exchangeBody is about as long as what is released of one traveller.
func exchangeBody(n int) json.RawMessage {
	return fmt.Appendf(nil, `{"fields":{"document.expiry":"2031-01-01","document.issuer":"BHR","document.number":"T%07d","document.type":"P","person.aliases":["EXAMPLE, SAMI O"],"person.dob":"1979-11-30","person.family_name":"EXAMPLE","person.given_names":"SAMI OMAR","person.nationality":"BHR","person.place_of_birth":"MANAMA","person.sex":"M"},"references":["W-%d"],"result":"data"}`, n, n)
}

// benchOffices measures the post offices of two states by themselves.
func benchOffices(ctx context.Context, f *figures) (err error) {
	ctx, cancel := context.WithCancel(ctx)
	dir, err := os.MkdirTemp("", "rihla-")
	if err != nil {
		cancel()
		return err
	}
	var running sync.WaitGroup
	var sides []*side
	defer func() {
		cancel()
		running.Wait()
		for _, s := range sides {
			err = errors.Join(err, s.close())
		}
		err = errors.Join(err, os.RemoveAll(dir))
	}()
	for party, authority := range map[string]string{"giver": "giver-unit", "getter": "getter-unit"} {
		s, err := openSide(ctx, dir, party, authority)
		if s != nil {
			sides = append(sides, s)
		}
		if err != nil {
			return err
		}
		if party == "giver" && len(sides) == 2 {
			sides[0], sides[1] = sides[1], sides[0]
		}
	}
	giver, getter := sides[0], sides[1]
	if err := errors.Join(introduce(ctx, giver, getter), introduce(ctx, getter, giver)); err != nil {
		return err
	}
	var handled atomic.Int64
	getter.office.Handle(func(_ context.Context, tx store.Tx, _ post.Message) error {
		tx.After(func() { handled.Add(1) })
		return nil
	})
	for _, s := range sides {
		running.Go(func() { _ = s.office.Run(ctx) })
		running.Go(func() { _ = s.log.Run(ctx) })
	}

	busy, began := processorTime(), time.Now()
	if err := putOut(ctx, giver); err != nil {
		return err
	}
	for {
		if handled.Load() >= exchangeItems {
			p, err := giver.office.Partners(ctx)
			if err != nil {
				return err
			}
			if len(p) == 1 && p[0].Waiting == 0 {
				break
			}
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(5 * time.Millisecond):
		}
	}
	took := time.Since(began)
	f.Office = exchangeItems / took.Seconds()
	f.notes = append(f.notes, fmt.Sprintf("the post offices by themselves, %d messages: %.0f/s (%s)", exchangeItems, f.Office, binds((processorTime()-busy).Seconds()/took.Seconds())))
	return nil
}

// binds says what was in short supply, of the cores that were busy.
func binds(cores float64) string {
	if n := runtime.GOMAXPROCS(0); cores > .85*float64(n) {
		return fmt.Sprintf("the processor: %.1f of %d cores, for both states together", cores, n)
	}
	return fmt.Sprintf("waiting for the disk and the other side: %.1f cores busy", cores)
}

func introduce(ctx context.Context, who, to *side) error {
	card, _, err := who.office.Own(ctx)
	if err != nil {
		return err
	}
	return to.office.Trust(ctx, "bench", card)
}

// putOut fills the outbox, ten messages a thread.
func putOut(ctx context.Context, s *side) error {
	thread := ""
	for n := 0; n < exchangeItems; n += exchangeTogether {
		err := s.store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
			for i := range exchangeTogether {
				if i%10 == 0 {
					thread = ""
				}
				id, err := s.office.Send(ctx, tx, post.Draft{Type: envelope.Share, From: "giver-unit", To: "getter-unit", Share: "T3", Purpose: "serious-crime", Thread: thread, Body: exchangeBody(n + i)})
				if err != nil {
					return err
				}
				if thread == "" {
					thread = id
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}
