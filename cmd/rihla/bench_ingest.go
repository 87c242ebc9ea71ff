package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/spf13/cobra"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/app"
	"github.com/rihla/rihla/internal/cargo"
	"github.com/rihla/rihla/internal/config"
	"github.com/rihla/rihla/internal/funds"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/screening/lists"
	"github.com/rihla/rihla/internal/synth"
	"github.com/rihla/rihla/internal/travel"
)

// What bench ingest does.
const (
	ingestFlights = 120
	ingestNames   = 20_000
	ingestRecords = 20_000
	ingestClients = 8
)

func benchIngestCommand() *cobra.Command {
	var domain string
	var names, records int
	c := benchCommandOf("ingest", "Reports from the wire to the store",
		"Files reports of a domain over HTTP from 8 clients with a node of this process, on an embedded store in a temporary folder: received, durable, read, screened against list names, stored, and answered where its domain answers. Of travel the rate counts passenger records, and each passenger comes in several reports; of cargo it counts house waybills, assessed; of funds transfers of pacs.008, both parties screened.",
		func(c *cobra.Command) (figures, error) {
			load, err := ingestLoadOf(domain, names, records)
			if err != nil {
				return figures{}, err
			}
			return benchIngest(c.Context(), load)
		})
	c.Flags().StringVar(&domain, "domain", travel.Name, "travel, cargo or funds")
	c.Flags().IntVar(&names, "names", 0, "names listed (default 20,000; of funds 1,000,000)")
	c.Flags().IntVar(&records, "records", 0, "house waybills or transfers (default 20,000)")
	return c
}

// ingestLoad is what bench ingest files.
type ingestLoad struct {
	unit, what string
	lists      *synth.World
	messages   []synth.Message
	records    int
	people     int // of travel: the passengers whom the records are of
}

func ingestLoadOf(domain string, names, records int) (l ingestLoad, err error) {
	const each = 40 // houses of a consolidation, transfers of a file
	if records <= 0 {
		records = ingestRecords
	}
	switch domain {
	case travel.Name:
		w := synth.Generate(synth.Options{Seed: 1, Flights: ingestFlights, List: cmp.Or(names, ingestNames)})
		l = ingestLoad{unit: "passenger records/s", what: "records", lists: w, messages: w.Messages, people: w.Truth.Passengers}
		for _, m := range w.Messages {
			if err := eachMessage(m.Body, "auto", time.Now(), func(m message) error { l.records += m.people; return nil }); err != nil {
				return l, err
			}
		}
		return l, nil
	case cargo.Name:
		l = ingestLoad{unit: "house waybills/s", what: "house waybills", messages: synth.Houses(1, records, each), records: records}
		names = cmp.Or(names, ingestNames)
	case funds.Name:
		l = ingestLoad{unit: "transfers/s", what: "transfers", messages: synth.Payments(1, records, each), records: records}
		names = cmp.Or(names, 1_000_000)
	default:
		return l, usageError{fmt.Errorf("--domain %s: it is travel, cargo or funds", domain)}
	}
	l.lists = synth.Generate(synth.Options{Seed: 1, Flights: 1, List: names})
	return l, nil
}

// startTemporary runs a node in a folder that goes with it. stop drains it.
func startTemporary(ctx context.Context, c app.Config) (n *app.Node, stop func() error, err error) {
	dir, err := os.MkdirTemp("", "rihla-")
	if err != nil {
		return nil, nil, err
	}
	c.Dir = dir
	ready := make(chan struct{})
	c.Ready = func(string) { close(ready) }
	if n, err = app.Open(ctx, c); err != nil {
		return nil, nil, errors.Join(err, os.RemoveAll(dir))
	}
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- n.Run(ctx) }()
	<-ready
	return n, sync.OnceValue(func() error {
		cancel()
		return errors.Join(<-ended, os.RemoveAll(dir))
	}), nil
}

// loadLists puts a world's lists in force.
func loadLists(ctx context.Context, n *app.Node, w *synth.World, by string) error {
	for _, l := range w.Lists {
		var data bytes.Buffer
		if err := l.Write(&data); err != nil {
			return err
		}
		name := listName(l.Name)
		if _, err := screening.LoadList(ctx, n.Store, screening.Upload{Name: name, By: by, Role: "administrator", Files: []lists.File{{Name: l.Name, Data: data.Bytes()}}}); err != nil {
			return fmt.Errorf("list %s: %w", l.Name, err)
		}
	}
	_, err := n.Screener.Refresh(ctx)
	return err
}

func benchIngest(ctx context.Context, l ingestLoad) (f figures, err error) {
	n, stop, err := startTemporary(ctx, app.Config{Node: config.Node{Listen: "127.0.0.1:0", Home: "BHR"}})
	if err != nil {
		return f, err
	}
	defer func() { err = errors.Join(err, stop()) }()
	if err := loadLists(ctx, n, l.lists, "bench"); err != nil {
		return f, err
	}
	if _, err := vouched(ctx, n); err != nil { // the lists are settled
		return f, err
	}
	key, err := n.Access.CreateKey(ctx, "bench", access.NewKey{Role: access.Filer, Name: "bench"})
	if err != nil {
		return f, err
	}
	messages := l.messages
	l.lists, l.messages = nil, nil // the world's own memory is not the node's
	runtime.GC()

	cores, began := processorTime(), time.Now()
	took, err := fileAll(ctx, n.URL(), key, messages)
	if err != nil {
		return f, err
	}
	acknowledged := time.Since(began)
	quarantined, err := settled(ctx, n, len(messages))
	if err != nil {
		return f, err
	}
	all := time.Since(began)
	busy := (processorTime() - cores).Seconds() / all.Seconds()
	of := ""
	if l.people > 0 {
		of = fmt.Sprintf(" of %d passengers", l.people)
	}
	f = figures{Bench: "ingest", Unit: l.unit, Rate: float64(l.records) / all.Seconds(), notes: []string{
		fmt.Sprintf("%d %s%s in %d reports; all acknowledged after %.1f s, all stored after %.1f s, %d quarantined",
			l.records, l.what, of, len(messages), acknowledged.Seconds(), all.Seconds(), quarantined),
	}}
	f.percentiles(took)
	f.Binds = binding(busy)
	return f, nil
}

// binding says what a busier machine would need more of.
func binding(busy float64) string {
	all := float64(runtime.GOMAXPROCS(0))
	if busy > .85*all {
		return fmt.Sprintf("the cores: %.1f of %.0f were busy (the clients and this node share them)", busy, all)
	}
	return fmt.Sprintf("the store's one writer: %.1f of %.0f cores were busy", busy, all)
}

// fileAll files the messages from several clients at once and answers how long each waited for its acknowledgement.
func fileAll(ctx context.Context, url, key string, messages []synth.Message) ([]time.Duration, error) {
	took := make([]time.Duration, len(messages))
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: ingestClients}}
	defer client.CloseIdleConnections()
	var next atomic.Int64
	var clients sync.WaitGroup
	failed := make([]error, ingestClients)
	for k := range ingestClients {
		clients.Go(func() {
			for failed[k] == nil {
				i := int(next.Add(1)) - 1
				if i >= len(messages) {
					return
				}
				began := time.Now()
				failed[k] = file(ctx, client, url, key, messages[i].Body)
				took[i] = time.Since(began)
			}
		})
	}
	clients.Wait()
	return took, errors.Join(failed...)
}

func file(ctx context.Context, client *http.Client, url, key string, body []byte) error {
	q, err := http.NewRequestWithContext(ctx, http.MethodPost, url+"/api/v1/reports", bytes.NewReader(body))
	if err != nil {
		return err
	}
	q.Header.Set("Authorization", "Bearer "+key)
	q.Header.Set("Content-Type", "application/edifact")
	a, err := client.Do(q)
	if err != nil {
		return err
	}
	defer a.Body.Close()
	text, err := io.ReadAll(a.Body)
	if err == nil && a.StatusCode != http.StatusAccepted && a.StatusCode != http.StatusOK {
		err = fmt.Errorf("filing a report answered %s: %s", a.Status, text)
	}
	var answer struct{ ID string }
	return errors.Join(err, json.Unmarshal(text, &answer))
}

// settled waits until the store has as many reports as were filed.
func settled(ctx context.Context, n *app.Node, reports int) (quarantined int, err error) {
	const often, atMost = 20 * time.Millisecond, 10 * time.Minute
	for end := time.Now().Add(atMost); time.Now().Before(end); {
		stored, bad, err := n.Reports.Count(ctx)
		if err != nil || stored >= reports {
			return bad, err
		}
		select {
		case <-ctx.Done():
			return 0, ctx.Err()
		case <-time.After(often):
		}
	}
	return 0, fmt.Errorf("after %s reports are still waiting", atMost)
}
