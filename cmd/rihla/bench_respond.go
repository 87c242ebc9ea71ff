package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/spf13/cobra"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/app"
	"github.com/rihla/rihla/internal/config"
	"github.com/rihla/rihla/internal/intake"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/screening/lists"
	"github.com/rihla/rihla/internal/screening/rules"
	"github.com/rihla/rihla/internal/synth"
	"github.com/rihla/rihla/internal/travel"
)

// What bench respond asks, and how fast.
const (
	respondCarriers = 64
	respondRate     = 200 // questions a second
	respondFor      = 20 * time.Second
	respondTry      = 3 * time.Second // at each higher rate
	respondNames    = 1_000_000
	respondWithin   = 10 * time.Millisecond // what a higher rate is held to, at the 99th
	respondBulk     = .7                    // of what can be filed in bulk alone, filed beside
	respondBeside   = 10 * time.Second
)

func benchRespondCommand() *cobra.Command {
	var names int
	var short bool
	c := benchCommandOf("respond", "A carrier's question answered while it waits",
		"Asks a node of this process, over HTTP on 64 connections, about one passenger at a time, 200 questions a second for 20 seconds, no two alike: read, planned, screened against a million list names and 500 rules, kept on disk with the answer, answered in CUSRES. Times run from the question's last byte to the answer's first. Then higher rates are tried for as long as the 99th stays within 10 ms, and at the end 200 a second once more for 10 seconds while flights are filed in bulk, 70 % of what the node can store of them by themselves.",
		func(c *cobra.Command) (figures, error) { return benchRespond(c.Context(), names, short) })
	c.Flags().IntVar(&names, "names", respondNames, "names listed")
	c.Flags().BoolVar(&short, "short", false, "only the 200 a second, by themselves")
	return c
}

func benchRespond(ctx context.Context, names int, short bool) (f figures, err error) {
	n, stop, err := startTemporary(ctx, app.Config{Node: config.Node{Listen: "127.0.0.1:0", Home: "BHR", Airports: []string{"BAH"}}})
	if err != nil {
		return f, err
	}
	defer func() { err = errors.Join(err, stop()) }()
	began := time.Now()
	world := synth.Generate(synth.Options{Seed: 1, Flights: 8, List: names})
	people := peopleOf(world)
	if err := loadLists(ctx, n, world, "bench"); err != nil {
		return f, err
	}
	if err := loadBenchRules(ctx, n); err != nil {
		return f, err
	}
	world = nil
	if _, err := vouched(ctx, n); err != nil {
		return f, err
	}
	ready := time.Since(began)
	key, err := n.Access.CreateKey(ctx, "bench", access.NewKey{Role: access.Filer, Name: "bench"})
	if err != nil {
		return f, err
	}
	q := questions{address: strings.TrimPrefix(n.URL(), "http://"), key: key, people: people}
	if _, err := q.ask(ctx, respondRate, time.Second); err != nil { // what is only made once is made before
		return f, err
	}
	took, err := q.ask(ctx, respondRate, respondFor)
	if err != nil {
		return f, err
	}
	f = figures{Bench: "respond", Unit: "answers/s", Rate: respondRate, Binds: "the disk: report and answer are synced before the answer leaves"}
	f.percentiles(took)
	f.notes = append(f.notes, fmt.Sprintf("%d listed names and %d rules, ready in %.1f s; %d answers at %d a second", names, benchRuleCount, ready.Seconds(), len(took), respondRate))
	if short {
		return f, nil
	}
	held := 0
	if f.P99 <= respondWithin.Seconds()*1000 {
		held = respondRate
	}
	for rate := 2 * respondRate; ; rate *= 2 {
		took, err := q.ask(ctx, rate, respondTry)
		if err != nil {
			return f, err
		}
		if p99(took) > respondWithin {
			note := fmt.Sprintf("%d a second are held within %s at the 99th; at %d it is %s", held, respondWithin, rate, p99(took).Round(10*time.Microsecond))
			if held == 0 {
				note = fmt.Sprintf("%d a second are not held within %s at the 99th", respondRate, respondWithin)
			}
			f.notes = append(f.notes, note)
			break
		}
		held = rate
	}
	bulk, busy, err := q.beside(ctx, n)
	if err != nil {
		return f, err
	}
	var b figures
	b.percentiles(busy)
	f.notes = append(f.notes, fmt.Sprintf("while %.0f bulk reports a second are filed: %.2f ms (median), %.2f ms (99 %%), %.2f ms (99.9 %%)", bulk, b.P50, b.P99, b.P999))
	return f, nil
}

func p99(took []time.Duration) time.Duration {
	var f figures
	f.percentiles(took)
	return time.Duration(f.P99 * float64(time.Millisecond))
}

// loadBenchRules puts 500 rules of the usual shapes in force. Each also hits a seat that nobody has, for its examples.
func loadBenchRules(ctx context.Context, n *app.Node) error {
	d := ruleDice{rand.New(rand.NewPCG(1, 2))} //nolint:gosec // the same rules each time
	var written []rules.Rule
	for i := range benchRuleCount {
		written = append(written, rules.Rule{
			ID: fmt.Sprintf("bench-%03d", i), Version: "1", Title: "A rule of the benchmark", Owner: "nobody", Basis: "none", Severity: "low", Domain: travel.Name,
			When: fmt.Sprintf(`traveller.seat == "none" || traveller.bags >= 0 && traveller.age >= 0 && (%s)`, d.condition(i)),
			Examples: []rules.Example{
				{Name: "hit", Given: map[string]any{"seat": "none"}, Want: true}, {Name: "not hit", Given: map[string]any{"age": -1}},
			},
		}.Alone())
	}
	text, err := yaml.Marshal(map[string]any{"rules": written})
	if err != nil {
		return err
	}
	if _, err := screening.LoadRules(ctx, n.Store, app.Vocabularies(), screening.Upload{
		Name: "bench", By: "bench", Role: "administrator", Files: []lists.File{{Name: "bench.yaml", Data: text}},
	}); err != nil {
		return err
	}
	_, err = n.Screener.Refresh(ctx)
	return err
}

// questions are those that carriers ask, each once.
type questions struct {
	address, key string
	people       []benchPerson
	asked        int
}

// ask asks at a rate for some time, spread over the connections, and answers how long each waited.
func (q *questions) ask(ctx context.Context, rate int, d time.Duration) ([]time.Duration, error) {
	n := int(float64(rate) * d.Seconds())
	took := make([]time.Duration, n)
	failed := make([]error, respondCarriers)
	first := q.asked
	q.asked += n
	start := time.Now().Add(50 * time.Millisecond)
	var all sync.WaitGroup
	for k := range respondCarriers {
		all.Go(func() {
			c, err := call(ctx, q.address, q.key)
			if err != nil {
				failed[k] = err
				return
			}
			defer func() { _ = c.conn.Close() }() // it was only asked
			for i := k; i < n && failed[k] == nil; i += respondCarriers {
				body := question(person(q.people, first+i), first+i)
				select {
				case <-ctx.Done():
					failed[k] = ctx.Err()
					return
				case <-time.After(time.Until(start.Add(time.Duration(i) * time.Second / time.Duration(rate)))):
				}
				took[i], failed[k] = c.ask(body)
			}
		})
	}
	all.Wait()
	return took, errors.Join(failed...)
}

// caller is a carrier's connection. It says what it has to say in one go, and costs the machine that it measures little.
type caller struct {
	conn net.Conn
	read *bufio.Reader
	head string
	text []byte
}

func call(ctx context.Context, address, key string) (*caller, error) {
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, err
	}
	head := "POST /api/v1/reports HTTP/1.1\r\nHost: " + address + "\r\nAuthorization: Bearer " + key + "\r\nAccept: " + intake.EDIFACT + "\r\n"
	return &caller{conn: conn, read: bufio.NewReader(conn), head: head}, nil
}

// ask answers how long it took from the question's last byte to the answer's first.
func (c *caller) ask(body []byte) (took time.Duration, err error) {
	c.text = fmt.Appendf(c.text[:0], "%sContent-Length: %d\r\n\r\n%s", c.head, len(body), body)
	if err := c.conn.SetDeadline(time.Now().Add(time.Minute)); err != nil {
		return 0, err
	}
	began := time.Now()
	if _, err := c.conn.Write(c.text); err != nil {
		return 0, err
	}
	if _, err := c.read.Peek(1); err != nil {
		return 0, err
	}
	took = time.Since(began)
	a, err := http.ReadResponse(c.read, nil)
	if err != nil {
		return 0, err
	}
	defer a.Body.Close()
	text, err := io.ReadAll(a.Body)
	if err == nil && (a.StatusCode != http.StatusOK || !bytes.Contains(text, []byte("CUSRES"))) {
		err = fmt.Errorf("a question was answered %s: %.200s", a.Status, text)
	}
	return took, err
}

// beside measures what can be filed in bulk, and asks while so many hundredths of that are filed. It answers how many reports
// a second those came to.
func (q *questions) beside(ctx context.Context, n *app.Node) (rate float64, took []time.Duration, err error) {
	messages := synth.Generate(synth.Options{Seed: 2, Flights: ingestFlights}).Messages
	size := 0
	for i := range messages {
		size += len(messages[i].Body)
	}
	sample, sampled := 0, 0
	for sampled < size/4 {
		sampled += len(messages[sample].Body)
		sample++
	}
	if err := eventually(ctx, func() (bool, error) { depth, err := n.Journal.Depth(ctx); return depth == 0, err }); err != nil {
		return 0, nil, err
	}
	before, _, err := n.Reports.Count(ctx)
	if err != nil {
		return 0, nil, err
	}
	began := time.Now()
	if _, err := fileAll(ctx, n.URL(), q.key, messages[:sample]); err != nil {
		return 0, nil, err
	}
	if _, err := settled(ctx, n, before+sample); err != nil {
		return 0, nil, err
	}
	pace := respondBulk * float64(sampled) / time.Since(began).Seconds() // bytes a second
	filing, end := context.WithCancel(ctx)
	defer end()
	filed := make(chan int, 1)
	began = time.Now()
	go func() { filed <- q.filePaced(filing, n.URL(), messages[sample:], pace) }()
	took, err = q.ask(ctx, respondRate, respondBeside)
	lasted := time.Since(began)
	end()
	return float64(<-filed) / lasted.Seconds(), took, err
}

// filePaced files messages from several clients, so many bytes a second, until the context ends, and answers how many.
func (q *questions) filePaced(ctx context.Context, url string, messages []synth.Message, pace float64) int {
	began := time.Now()
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: ingestClients}}
	defer client.CloseIdleConnections()
	var filed atomic.Int64
	next := make(chan []byte)
	var clients sync.WaitGroup
	for range ingestClients {
		clients.Go(func() {
			for body := range next {
				if file(ctx, client, url, q.key, body) == nil {
					filed.Add(1)
				}
			}
		})
	}
	sent := 0
	for i := 0; i < len(messages) && ctx.Err() == nil; i++ {
		select {
		case <-ctx.Done():
		case <-time.After(time.Until(began.Add(time.Duration(float64(sent) / pace * float64(time.Second))))):
			next <- messages[i].Body
			sent += len(messages[i].Body)
		}
	}
	close(next)
	clients.Wait()
	return int(filed.Load())
}

// question is a carrier's question about one passenger of one of 64 flights.
func question(p benchPerson, i int) []byte {
	flight := 100 + i%respondCarriers
	return fmt.Appendf(nil, `UNA:+.? 'UNB+UNOA:4+ZZAIR+RIHLAPIU+261124:0900+%09d++IAPI+O'UNG+PAXLST+ZZAIR+RIHLAPIU+261124:0900+1+UN+D:05B'`+
		`UNH+MSG001+PAXLST:D:05B:UN:IATA+CONV%07d+01:F'BGM+745'RFF+TN:%016d'NAD+MS+++ZZ AIR API DESK'TDT+20+ZZ%04d+++ZZ'`+
		`LOC+125+DXB'DTM+189:2611241030:201'LOC+87+BAH'DTM+232:2611241145:201'NAD+FL+++%s:%s'ATT+2++F'DTM+329:%s'`+
		`LOC+178+DXB'LOC+179+BAH'NAT+2+AUS'RFF+AVF:L%05d'RFF+ABO:%06d'DOC+P:110:111+%s'DTM+36:301010'LOC+91+AUS'`+
		`CNT+42:1'UNT+23+MSG001'UNE+1+1'UNZ+1+%09d'`,
		i, i, i, flight, p.surname, p.given, p.born[2:4]+p.born[5:7]+p.born[8:10], i%100_000, i, p.number, i)
}
