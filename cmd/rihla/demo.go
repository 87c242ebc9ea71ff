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

// The demonstration's state, and how fast its world goes by.
const (
	demoState, demoCountry, demoAirport = "Bahrain", "BHR", "BAH"
	demoFlights                         = 60
	demoRush                            = 20 * time.Millisecond   // between reports that were sent before the demonstration began
	demoEvery                           = 1500 * time.Millisecond // between those to come: the day goes by faster than it would
)

// seat is one sign-in of the demonstration.
type seat struct {
	URL      string `json:"url"`
	State    string `json:"state"`
	Role     string `json:"role"`
	Name     string `json:"name"`
	Password string `json:"password"`
	Key      string `json:"key"`
}

var demoSeats = []struct {
	role access.Role
	name string
}{
	{access.Analyst, "huda"}, {access.Supervisor, "salman"}, {access.Officer, "noor"}, {access.Auditor, "maryam"}, {access.Filer, "dana"}, {access.Administrator, "ali"},
}

func demoCommand() *cobra.Command {
	var port int
	var asJSON bool
	c := &cobra.Command{
		Use:   "demo [--port N] [--json]",
		Short: "A node with live synthetic traffic, to look at",
		Long: `Starts a node in a temporary folder, files synthetic flights with it over HTTP as their airlines would, some with
travellers who are on a list, and prints who can sign in. Everything is invented. Ctrl-C ends it and removes its data.`,
		Example: "  rihla demo\n  rihla demo --port 9000 --json",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) (err error) {
			ctx := c.Context()
			n, stop, err := startTemporary(ctx, app.Config{
				Node:   config.Node{Listen: net.JoinHostPort("127.0.0.1", strconv.Itoa(port)), Name: strings.ToLower(demoAirport), State: demoState, Home: demoCountry, Airports: []string{demoAirport}},
				Logger: telemetry.Logger(os.Stderr, slog.LevelWarn, false), Cookie: fmt.Sprintf("rihla_session_%d", port),
			})
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, stop()) }()
			world := synth.Generate(demoWorld(0))
			if err := loadLists(ctx, n, world, "demo"); err != nil {
				return err
			}
			if err := printSeats(ctx, c.OutOrStdout(), n, asJSON); err != nil {
				return err
			}
			err = traffic(ctx, n, world)
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

// demoWorld is the day that the demonstration is at, counted from today.
func demoWorld(day int) synth.Options {
	return synth.Options{Seed: uint64(day) + 1, Flights: demoFlights, Start: time.Now().AddDate(0, 0, day), Broken: 2, List: 500} //nolint:gosec // a day is small
}

func printSeats(ctx context.Context, out io.Writer, n *app.Node, asJSON bool) error {
	if !asJSON {
		fmt.Fprintf(out, "%s: %s\n\n  %-14s %-10s %-28s %s\n", n.Config.State, n.URL(), "role", "name", "password", "key")
	}
	for _, s := range demoSeats {
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
		fmt.Fprintln(out, "\nReports are coming in; the first cases will be there in a moment. Ctrl-C ends it and removes its data.")
	}
	return nil
}

// traffic files a world's messages as their airlines would, then the next day's, until the context ends.
func traffic(ctx context.Context, n *app.Node, w *synth.World) error {
	client := &http.Client{Timeout: time.Minute}
	defer client.CloseIdleConnections()
	filers := map[string]string{} // carrier → key
	for day := 0; ; day++ {
		if day > 0 {
			w = synth.Generate(demoWorld(day))
		}
		missed := 0
		if day == 0 {
			missed = w.SentBy(time.Now())
		}
		for i, m := range w.Messages {
			key := filers[m.Carrier]
			if key == "" {
				made := access.NewKey{Role: access.Filer, Name: "unnamed"}
				if m.Carrier != "" {
					made.Name, made.Carriers = m.Carrier+" airline", []string{m.Carrier}
				}
				var err error
				if key, err = n.Access.CreateKey(ctx, "demo", made); err != nil {
					return err
				}
				filers[m.Carrier] = key
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
