package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/app"
	"github.com/rihla/rihla/internal/config"
	"github.com/rihla/rihla/internal/keys"
	"github.com/rihla/rihla/internal/synth"
	"github.com/rihla/rihla/internal/telemetry"
)

// How much happens in the demonstration, and how fast its world goes by.
const (
	demoFlights = 60
	demoRush    = 20 * time.Millisecond   // between reports that were sent before the demonstration began
	demoEvery   = 1500 * time.Millisecond // between those to come: the day goes by faster than it would
)

// demoState is one of the demonstration's two states.
type demoState struct {
	name, country, airport, party string
	desk                          string // telephone of its border desk
	authorities                   []string
	seed                          uint64
	seats                         []demoSeat
}

type demoSeat struct {
	role access.Role
	name string
}

// Of the roles that work in pairs there are two people: whoever gives something to the partner does not also let it out.
var demoStates = [2]demoState{
	{name: "Bahrain", country: "BHR", airport: "BAH", party: "bh", desk: "+973 5550 0100", authorities: []string{"bh-piu", "bh-customs", "bh-fiu", "bh-cert"}, seats: []demoSeat{
		{access.Analyst, "huda"}, {access.Supervisor, "salman"}, {access.Officer, "noor"},
		{access.Targeter, "tariq"}, {access.Targeter, "layla"}, {access.FIU, "faisal"}, {access.FIU, "mona"}, {access.Responder, "rashid"}, {access.Responder, "reem"},
		{access.Auditor, "maryam"}, {access.Filer, "dana"}, {access.Administrator, "ali"},
	}},
	{name: "United States", country: "USA", airport: "JFK", party: "us", desk: "+1 202 555 0100", authorities: []string{"us-ntc", "us-customs", "us-fiu", "us-cert"}, seed: 1000, seats: []demoSeat{
		{access.Analyst, "grace"}, {access.Supervisor, "walter"}, {access.Officer, "ruth"},
		{access.Targeter, "tom"}, {access.Targeter, "tina"}, {access.FIU, "frank"}, {access.FIU, "fay"}, {access.Responder, "rick"}, {access.Responder, "rose"},
		{access.Auditor, "irene"}, {access.Filer, "carl"}, {access.Administrator, "oscar"},
	}},
}

// as is who of a state acts in a role.
func (d *demoState) as(role access.Role) access.Principal {
	for _, s := range d.seats {
		if s.role == role {
			return access.Principal{Name: s.name, Role: role}
		}
	}
	return access.Principal{}
}

// beside is who of a state works beside the one who acts in a role.
func (d *demoState) beside(role access.Role) access.Principal {
	first := d.as(role)
	for _, s := range d.seats {
		if s.role == role && s.name != first.Name {
			return access.Principal{Name: s.name, Role: role}
		}
	}
	return access.Principal{}
}

// seat is one sign-in of the demonstration.
type seat struct {
	URL      string `json:"url"`
	State    string `json:"state"`
	Role     string `json:"role"`
	Name     string `json:"name"`
	Password string `json:"password"`
	Key      string `json:"key"`
}

func demoCommand() *cobra.Command {
	var port int
	var asJSON bool
	c := &cobra.Command{
		Use:   "demo [--port N] [--json]",
		Short: "Two states with live synthetic traffic and an agreement between them, to look at",
		Long: `Starts a node for each of two states in a temporary folder, files synthetic flights with them over HTTP as their
airlines would, some with travellers who are on a list, and prints who can sign in. The two sign an agreement, and people of
both exchange under it what it allows. Everything is invented. Ctrl-C ends it and removes its data.`,
		Example: "  rihla demo\n  rihla demo --port 9000 --json",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) (err error) {
			ctx, end := context.WithCancel(c.Context())
			defer end()
			var nodes [2]*app.Node
			for i := range demoStates {
				n, stop, err := startDemo(ctx, &demoStates[i], port+i)
				if err != nil {
					return err
				}
				defer func() { err = errors.Join(err, stop()) }()
				nodes[i] = n
				if err := printSeats(ctx, c.OutOrStdout(), n, demoStates[i].seats, asJSON); err != nil {
					return err
				}
			}
			if !asJSON {
				fmt.Fprintln(c.OutOrStdout(), "\nReports are coming in; the first cases will be there in a moment. Ctrl-C ends it and removes its data.")
			}
			done := make(chan error, len(nodes)+2)
			for i, n := range nodes {
				go func() { done <- traffic(ctx, n, demoStates[i]) }()
			}
			go func() { done <- besides(ctx, nodes) }()
			go func() { done <- exchangeStory(ctx, nodes, c.ErrOrStderr()) }()
			for range cap(done) {
				if err = <-done; err != nil {
					break
				}
			}
			if ctx.Err() != nil {
				return nil // told to end
			}
			return err
		},
	}
	c.Flags().IntVar(&port, "port", 8080, "port of the pages")
	c.Flags().BoolVar(&asJSON, "json", false, "print sign-ins as JSON, one a line")
	return c
}

// startDemo starts the node of one state, with its lists in force.
func startDemo(ctx context.Context, d *demoState, port int) (*app.Node, func() error, error) {
	n, stop, err := startTemporary(ctx, app.Config{
		Node: config.Node{
			Listen: net.JoinHostPort("127.0.0.1", strconv.Itoa(port)), Share: "127.0.0.1:0",
			Name: strings.ToLower(d.airport), State: d.name, Home: d.country, Desk: d.desk, Airports: []string{d.airport},
		},
		Logger: telemetry.Logger(os.Stderr, slog.LevelWarn, false), Cookie: fmt.Sprintf("rihla_session_%d", port),
		ReplyFloor: demoReplyFloor, Relist: demoRelist,
	})
	if err != nil {
		return nil, nil, err
	}
	listed := demoWorld(d, 0)
	if d == &demoStates[0] {
		listed = demoBesides() // the consignees who are listed too
	}
	if err := loadLists(ctx, n, synth.Generate(listed), "demo"); err != nil {
		return nil, nil, errors.Join(err, stop())
	}
	return n, stop, nil
}

// demoWorld is the day that the demonstration is at in a state, counted from today.
func demoWorld(d *demoState, day int) synth.Options {
	return synth.Options{Home: d.airport, Seed: d.seed + uint64(day) + 1, Flights: demoFlights, Start: time.Now().AddDate(0, 0, day), Broken: 2, List: 500, Hall: true} //nolint:gosec // a day is small
}

func printSeats(ctx context.Context, out io.Writer, n *app.Node, seats []demoSeat, asJSON bool) error {
	if !asJSON {
		fmt.Fprintf(out, "%s: %s\n\n  %-14s %-10s %-28s %s\n", n.Config.State, n.URL(), "role", "name", "password", "key")
	}
	for _, s := range seats {
		password := strings.ReplaceAll(keys.Event(), "-", "")[12:]
		if err := n.Access.CreateAccount(ctx, "demo", access.NewAccount{Name: s.name, Role: s.role, Password: password}); err != nil {
			return err
		}
		key, err := n.Access.CreateKey(ctx, "demo", access.NewKey{Role: s.role, Name: s.name})
		if err != nil {
			return err
		}
		if asJSON {
			err = json.NewEncoder(out).Encode(seat{n.URL(), n.Config.State, string(s.role), s.name, password, key})
		} else {
			_, err = fmt.Fprintf(out, "  %-14s %-10s %-28s %s\n", s.role, s.name, password, key)
		}
		if err != nil {
			return err
		}
	}
	if !asJSON {
		fmt.Fprintln(out)
	}
	return nil
}

// traffic files a world's messages as their airlines would, then the next day's, until the context ends.
func traffic(ctx context.Context, n *app.Node, d demoState) error {
	client := &http.Client{Timeout: time.Minute}
	defer client.CloseIdleConnections()
	filers := map[string]string{} // carrier → key
	for day := 0; ; day++ {
		w := synth.Generate(demoWorld(&d, day))
		missed := 0
		if day == 0 {
			missed = w.SentBy(time.Now())
		}
		for i, m := range w.Messages {
			carriers := []string{m.Carrier}
			if m.Carrier == "" || m.Domain != "" {
				carriers = nil
			}
			key, err := filerKey(ctx, n, filers, m.Carrier, carriers)
			if err != nil {
				return err
			}
			if err := file(ctx, client, n.URL(), key, m.Body); err != nil {
				return err
			}
			pause := demoEvery
			if i < missed {
				pause = demoRush
			}
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-time.After(pause):
			}
		}
	}
}
