package main

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"github.com/rihla/rihla/formats/taxii"
	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/audit"
	"github.com/rihla/rihla/internal/cyber/collection"
	"github.com/rihla/rihla/internal/keys"
	"github.com/rihla/rihla/internal/store"
)

// What bench taxii does.
const (
	taxiiClients = 4
	taxiiBundle  = 1000
	taxiiFor     = 5 * time.Second // single adds, and pages, each
)

func benchTAXIICommand() *cobra.Command {
	var objects int
	c := benchCommandOf("taxii", "Threat information over TAXII, given and fetched",
		"Adds STIX indicators over HTTP from 4 clients to a collection on an embedded store in a temporary folder, each durable before it is answered and every request in the audit log: one by one (the rate), and in bundles of 1,000 until the collection is as large as --objects says. Pages of 1,000 objects are fetched when it holds 1,000, and then from all over the full collection.",
		func(c *cobra.Command) (figures, error) { return benchTAXII(c, objects) })
	c.Flags().IntVar(&objects, "objects", 1_000_000, "objects in the full collection")
	return c
}

func benchTAXII(c *cobra.Command, objects int) (f figures, err error) {
	b, stop, err := startTAXII(c.Context())
	if err != nil {
		return f, err
	}
	defer func() { err = errors.Join(err, stop()) }()
	f = figures{Bench: "taxii", Unit: "adds/s"}

	if _, err := b.fill(c.Context(), taxiiBundle); err != nil {
		return f, err
	}
	if f.PagesSmall, err = b.pages(c.Context()); err != nil {
		return f, err
	}
	began := processorTime()
	took, rate, err := b.singles(c.Context())
	if err != nil {
		return f, err
	}
	perAdd := (processorTime() - began) / time.Duration(len(took))
	f.Rate = rate
	f.percentiles(took)
	// The first 200,000 show what a collection of usual size takes, the rest what an index that outgrows its cache costs.
	first := min(objects, 200_000)
	began = processorTime()
	if f.ObjectsASecond, err = b.fill(c.Context(), first); err != nil {
		return f, err
	}
	f.notes = append(f.notes, fmt.Sprintf("%.0f objects/s in bundles of 1,000, the first %d", f.ObjectsASecond, first),
		fmt.Sprintf("processor time, clients and server: %v an add, %v an object of a bundle", perAdd.Round(time.Microsecond), ((processorTime()-began)/time.Duration(first)).Round(time.Microsecond)))
	if rest := objects - first; rest > 0 {
		if f.ObjectsLarge, err = b.fill(c.Context(), rest); err != nil {
			return f, err
		}
		f.notes = append(f.notes, fmt.Sprintf("%.0f objects/s from there to %d", f.ObjectsLarge, objects))
	}
	if f.PagesLarge, err = b.pages(c.Context()); err != nil {
		return f, err
	}
	f.Binds = "single adds: the disk's sync, which waiting clients share; bundles: the one writer of the index; pages: unpacking a block and copying it to the network"
	f.notes = append(f.notes, fmt.Sprintf("%.0f pages/s of 1,000 objects from a collection of 1,000; %.0f pages/s from one of %d", f.PagesSmall, f.PagesLarge, b.size.Load()))
	return f, nil
}

// taxiiBench is a server of nothing but collections, and what its clients need.
type taxiiBench struct {
	at     string // of the collection's objects
	key    string
	client *http.Client
	size   atomic.Int64
}

func startTAXII(ctx context.Context) (b *taxiiBench, stop func() error, err error) {
	dir, err := os.MkdirTemp("", "rihla-")
	if err != nil {
		return nil, nil, err
	}
	ctx, cancel := context.WithCancel(ctx)
	var closing []func() error
	stop = sync.OnceValue(func() error {
		cancel()
		var errs []error
		for i := len(closing) - 1; i >= 0; i-- {
			errs = append(errs, closing[i]())
		}
		return errors.Join(append(errs, os.RemoveAll(dir))...)
	})
	defer func() {
		if err != nil {
			err = errors.Join(err, stop())
		}
	}()
	st, err := store.Open(ctx, "sqlite:"+filepath.Join(dir, "rihla.db"), store.Options{})
	if err != nil {
		return nil, stop, err
	}
	closing = append(closing, st.Close)
	k, err := keys.Open(ctx, st, keys.Options{Dir: filepath.Join(dir, "keys")})
	if err != nil {
		return nil, stop, err
	}
	log, err := audit.Open(ctx, st, k, audit.Options{Dir: filepath.Join(dir, "keys")})
	if err != nil {
		return nil, stop, err
	}
	sealed := make(chan error, 1)
	go func() { sealed <- log.Run(ctx) }()
	closing = append(closing, func() error { return <-sealed })
	door, err := access.Open(ctx, st, access.Options{})
	if err != nil {
		return nil, stop, err
	}
	b = &taxiiBench{client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 2 * taxiiClients, DisableCompression: true, ReadBufferSize: 256 << 10}}}
	if b.key, err = door.CreateKey(ctx, "bench", access.NewKey{Role: access.Responder, Name: "bench"}); err != nil {
		return nil, stop, err
	}
	s, err := collection.Open(ctx, collection.Options{Store: st, Keys: k, Audit: log})
	if err != nil {
		return nil, stop, err
	}
	face := api.NewMux(api.Options{Title: "bench", Authenticate: door.Authenticate})
	s.Routes(face)
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, stop, err
	}
	server := &http.Server{Handler: face, ReadHeaderTimeout: time.Minute}
	go func() { _ = server.Serve(listener) }()
	closing = append(closing, server.Close)
	b.at = "http://" + listener.Addr().String() + "/taxii2/rihla/collections/exchange/objects/"
	return b, stop, nil
}

var benchNames atomic.Uint64

// appendIndicator writes an indicator that nobody has written yet.
func appendIndicator(out []byte) []byte {
	n := benchNames.Add(1)
	id := uuid.NewSHA1(uuid.NameSpaceOID, binary.BigEndian.AppendUint64(nil, n))
	id[6] = id[6]&0x0f | 0x40
	return fmt.Appendf(out, `{"type":"indicator","spec_version":"2.1","id":"indicator--%s","created":"2026-03-15T08:00:00.000Z","modified":"2026-03-15T08:00:00.000Z",`+
		`"name":"Command and control %d","indicator_types":["malicious-activity"],"pattern":"[ipv4-addr:value = '198.51.%d.%d']","pattern_type":"stix","valid_from":"2026-03-15T08:00:00Z",`+
		`"confidence":85,"object_marking_refs":["marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb"]}`, id, n, n>>8&255, n&255)
}

func (b *taxiiBench) do(ctx context.Context, method, query string, body []byte) (http.Header, error) {
	var from io.Reader
	if body != nil {
		from = bytes.NewReader(body)
	}
	r, err := http.NewRequestWithContext(ctx, method, b.at+query, from)
	if err != nil {
		return nil, err
	}
	r.Header.Set("Accept", taxii.Media)
	r.Header.Set("Content-Type", taxii.Media)
	r.Header.Set("Authorization", "Bearer "+b.key)
	a, err := b.client.Do(r)
	if err != nil {
		return nil, err
	}
	defer a.Body.Close()
	if a.StatusCode >= 300 {
		text, _ := io.ReadAll(io.LimitReader(a.Body, 500))
		return nil, fmt.Errorf("%s %s: %s %s", method, query, a.Status, text)
	}
	_, err = io.Copy(io.Discard, a.Body)
	return a.Header, err
}

// fill adds objects in bundles, and answers how many a second.
func (b *taxiiBench) fill(ctx context.Context, objects int) (float64, error) {
	var left atomic.Int64
	left.Store(int64(objects))
	group, ctx := errgroup.WithContext(ctx)
	began := time.Now()
	for range taxiiClients {
		group.Go(func() error {
			var body []byte
			for left.Add(-taxiiBundle) >= 0 {
				body = append(body[:0], `{"objects":[`...)
				for i := range taxiiBundle {
					if i > 0 {
						body = append(body, ',')
					}
					body = appendIndicator(body)
				}
				if _, err := b.do(ctx, http.MethodPost, "", append(body, "]}"...)); err != nil {
					return err
				}
			}
			return nil
		})
	}
	err := group.Wait()
	b.size.Add(int64(objects))
	return float64(objects) / time.Since(began).Seconds(), err
}

// each has every client do something over and over, for a while.
func (b *taxiiBench) each(ctx context.Context, do func(context.Context) error) (took []time.Duration, rate float64, err error) {
	var mu sync.Mutex
	group, ctx := errgroup.WithContext(ctx)
	began := time.Now()
	for range taxiiClients {
		group.Go(func() error {
			var mine []time.Duration
			for time.Since(began) < taxiiFor {
				from := time.Now()
				if err := do(ctx); err != nil {
					return err
				}
				mine = append(mine, time.Since(from))
			}
			mu.Lock()
			defer mu.Unlock()
			took = append(took, mine...)
			return nil
		})
	}
	err = group.Wait()
	return took, float64(len(took)) / time.Since(began).Seconds(), err
}

func (b *taxiiBench) singles(ctx context.Context) (took []time.Duration, rate float64, err error) {
	took, rate, err = b.each(ctx, func(ctx context.Context) error {
		_, err := b.do(ctx, http.MethodPost, "", append(appendIndicator([]byte(`{"objects":[`)), "]}"...))
		return err
	})
	b.size.Add(int64(len(took)))
	return took, rate, err
}

// pages fetches pages of a thousand objects, each from another place of the collection, the last page of it aside.
func (b *taxiiBench) pages(ctx context.Context) (rate float64, err error) {
	places, err := b.places(ctx)
	if err != nil {
		return 0, err
	}
	var n atomic.Int64
	_, rate, err = b.each(ctx, func(ctx context.Context) error {
		// A step that has no factor in common with their number visits all of them, none near the one before.
		at := places[int(n.Add(1)*7919)%len(places)]
		_, err := b.do(ctx, http.MethodGet, "?limit="+strconv.Itoa(taxiiBundle)+at, nil)
		return err
	})
	return rate, err
}

// places walks through the whole collection and answers where its pages begin.
func (b *taxiiBench) places(ctx context.Context) ([]string, error) {
	places := []string{""}
	for left := b.size.Load() - 2*taxiiBundle; left >= 0; left -= taxiiBundle {
		h, err := b.do(ctx, http.MethodGet, "?limit="+strconv.Itoa(taxiiBundle)+places[len(places)-1], nil)
		if err != nil {
			return nil, err
		}
		places = append(places, "&added_after="+h.Get("X-TAXII-Date-Added-Last"))
	}
	return places, nil
}
