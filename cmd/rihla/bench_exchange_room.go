package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/app"
	"github.com/rihla/rihla/internal/config"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/screening/lists"
	"github.com/rihla/rihla/internal/sharing"
)

const (
	roomAgreement = "demo-lists"
	roomNotices   = 100 // urgent entries, released by a person
	roomSingles   = 1000
	roomTogether  = 16 // people who release at once
	roomLook      = 10 * time.Millisecond
)

// roomBench is two whole nodes of two states with an agreement in force.
type roomBench struct {
	story
	giver, getter *app.Node
	stops         []func() error
}

func openRooms(ctx context.Context) (b *roomBench, err error) {
	b = &roomBench{story: story{ctx, [2]*app.Node{}, io.Discard, map[string]string{}}}
	defer func() {
		if err != nil {
			err = errors.Join(err, b.close())
		}
	}()
	for i, d := range demoStates {
		n, stop, err := startTemporary(ctx, app.Config{Node: config.Node{Listen: "127.0.0.1:0", Share: "127.0.0.1:0", State: d.name, Home: d.country, Airports: []string{d.airport}}})
		if err != nil {
			return b, err
		}
		b.nodes[i], b.stops = n, append(b.stops, stop)
	}
	b.giver, b.getter = b.nodes[0], b.nodes[1]
	if err = b.meet(); err == nil {
		err = b.sign("lists")
	}
	return b, err
}

func (b *roomBench) close() (err error) {
	for _, stop := range b.stops {
		err = errors.Join(err, stop())
	}
	return err
}

func (b *roomBench) load(name, csv string) error {
	_, err := screening.LoadList(b, b.giver.Store, screening.Upload{
		Name: name, By: "bench", Role: "administrator", Files: []lists.File{{Name: name + ".csv", Data: []byte(csv)}},
	})
	return err
}

func (b *roomBench) lend(share, list string) error {
	_, err := b.giver.Exchange.Lend(b, demoStates[0].as(access.Supervisor), roomAgreement, share, list, true)
	return err
}

// lost gives a list of lost documents under its standing approval, and waits until the partner has each, screens by each,
// and has said so.
func (b *roomBench) lost(n int) (took time.Duration, err error) {
	var csv bytes.Buffer
	csv.WriteString("document_number,document_type,issuer,status,reported\n")
	for i := range n {
		fmt.Fprintf(&csv, "L%07d,P,BHR,lost,2026-01-02\n", i)
	}
	if err := b.load("lost", csv.String()); err != nil {
		return 0, err
	}
	began := time.Now()
	if err := b.lend("L2", "lost"); err != nil {
		return 0, err
	}
	list := screening.GivenList(roomAgreement, "documents")
	err = b.within(func() (bool, error) {
		all, err := screening.Lists(b, b.getter.Store.Read())
		for _, l := range all {
			if l.Name == list && l.Entries == n {
				return b.quiet()
			}
		}
		return false, err
	})
	return time.Since(began), err
}

// quiet reports whether neither side waits for the other.
func (b *roomBench) quiet() (bool, error) {
	for _, node := range b.nodes {
		partners, err := node.Exchange.Post.Partners(b)
		if err != nil || len(partners) != 1 || partners[0].Waiting > 0 {
			return false, err
		}
	}
	return true, nil
}

func (b *roomBench) within(done func() (bool, error)) error {
	for {
		if ok, err := done(); err != nil || ok {
			return err
		}
		select {
		case <-b.Done():
			return b.Err()
		case <-time.After(roomLook):
		}
	}
}

// wanted puts a list in force whose entries people give one by one.
func (b *roomBench) wanted(n int) error {
	var csv bytes.Buffer
	csv.WriteString("id,surname,given,born,sex,nationality,instruction\n")
	for i := range n {
		fmt.Fprintf(&csv, "W-%d,Sought%s,Invented,1980-03-%02d,M,JOR,Refer to the duty officer\n", i, letters(i), 1+i%28)
	}
	if err := b.load("wanted", csv.String()); err != nil {
		return err
	}
	return b.lend("L1", "wanted")
}

// letters writes a number as letters, for a name.
func letters(n int) string {
	var text []byte
	for {
		if text = append(text, byte('a'+n%26)); n < 26 {
			return string(text)
		}
		n /= 26
	}
}

// offered has an analyst put an entry forward, so that a supervisor can release it.
func (b *roomBench) offered(n int, urgent bool) (thread string, err error) {
	t, err := b.giver.Exchange.Give(b, demoStates[0].as(access.Analyst), roomAgreement, sharing.Gift{
		Share: "L1", Purpose: "terrorism", Item: fmt.Sprintf("wanted/W-%d", n), Confirmed: true, Urgent: urgent, Justification: "Listed under an invented warrant.",
	})
	return t.ID, err
}

func (b *roomBench) release(thread string) error {
	_, err := b.giver.Exchange.LetOut(b, demoStates[0].as(access.Supervisor), thread, true, "")
	return err
}

// notices times urgent entries from the moment a person releases each until the partner's page is told of it, by the
// events that browsers follow.
func (b *roomBench) notices(from, n int) (times []time.Duration, err error) {
	told, stop, err := b.follow()
	if err != nil {
		return nil, err
	}
	defer stop()
	for i := range n {
		thread, err := b.offered(from+i, true)
		if err != nil {
			return nil, err
		}
		began := time.Now()
		if err := b.release(thread); err != nil {
			return nil, err
		}
		for id := ""; id != thread; {
			var more bool
			select {
			case id, more = <-told:
			case <-b.Done():
			}
			if !more {
				return nil, errors.New("the partner's events ended")
			}
		}
		times = append(times, time.Since(began))
	}
	return times, nil
}

// follow gives the threads that the partner's pages are told of, as a browser hears of them.
func (b *roomBench) follow() (threads <-chan string, stop func(), err error) {
	key, err := b.getter.Access.CreateKey(b, "bench", access.NewKey{Role: access.Supervisor, Name: demoStates[1].as(access.Supervisor).Name})
	if err != nil {
		return nil, nil, err
	}
	ctx, cancel := context.WithCancel(b)
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, b.getter.URL()+"/api/v1/events", nil)
	if err != nil {
		cancel()
		return nil, nil, err
	}
	r.Header.Set("Authorization", "Bearer "+key)
	answer, err := http.DefaultClient.Do(r)
	if err == nil && answer.StatusCode != http.StatusOK {
		err = errors.Join(fmt.Errorf("the partner's events: %s", answer.Status), answer.Body.Close())
	}
	if err != nil {
		cancel()
		return nil, nil, err
	}
	told := make(chan string, 1024)
	var reading sync.WaitGroup
	reading.Go(func() {
		defer close(told)
		defer func() { _ = answer.Body.Close() }()
		name := ""
		for lines := bufio.NewScanner(answer.Body); lines.Scan(); {
			line := lines.Text()
			if event, ok := strings.CutPrefix(line, "event: "); ok {
				name = event
			}
			if _, id, ok := strings.Cut(line, `"id":"`); ok && name == "thread" {
				id, _, _ = strings.Cut(id, `"`)
				select {
				case told <- id:
				case <-ctx.Done():
					return
				}
			}
		}
	})
	return told, func() { cancel(); reading.Wait() }, nil
}

// singles has several people release entries at once, each in a message of its own, and waits until the partner has all.
func (b *roomBench) singles(from, n int) (took time.Duration, err error) {
	threads := make([]string, n)
	for i := range threads {
		if threads[i], err = b.offered(from+i, false); err != nil {
			return 0, err
		}
	}
	began := time.Now()
	failed := make(chan error, roomTogether)
	for p := range roomTogether {
		go func() {
			for i := p; i < n; i += roomTogether {
				if err := b.release(threads[i]); err != nil {
					failed <- err
					return
				}
			}
			failed <- nil
		}()
	}
	for range roomTogether {
		err = errors.Join(err, <-failed)
	}
	if err != nil {
		return 0, err
	}
	err = b.within(b.quiet)
	return time.Since(began), err
}

// benchRooms measures what passes between two whole nodes.
func benchRooms(ctx context.Context, f *figures) (err error) {
	b, err := openRooms(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.close()) }()
	if err := b.wanted(roomNotices + roomSingles); err != nil {
		return err
	}
	if err := b.within(b.quiet); err != nil {
		return err
	}
	times, err := b.notices(0, roomNotices)
	if err != nil {
		return err
	}
	f.percentiles(times)
	busy := processorTime()
	took, err := b.lost(exchangeItems)
	if err != nil {
		return err
	}
	f.Rate = exchangeItems / took.Seconds()
	f.Binds = binds((processorTime() - busy).Seconds() / took.Seconds())
	single, err := b.singles(roomNotices, roomSingles)
	if err != nil {
		return err
	}
	f.Singles = roomSingles / single.Seconds()
	f.notes = append(f.notes,
		fmt.Sprintf("%d lost documents under a standing approval, %.1f s from the list being opened until the partner screened by each and had said so", exchangeItems, took.Seconds()),
		"the times are of urgent entries, from a person's release to the partner's page being told (server-sent events)",
		fmt.Sprintf("entries in messages of their own, each released by a person, %d people at once: %.0f/s", roomTogether, f.Singles))
	return nil
}
