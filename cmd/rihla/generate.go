package main

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/rihla/rihla/internal/synth"
)

func generateCommand() *cobra.Command {
	var o synth.Options
	var start, out string
	c := &cobra.Command{
		Use:   "generate --seed N --flights N --out DIR",
		Short: "Make synthetic traffic, and the truth that must come of it",
		Long: `Makes believable traffic: messages/ in the order they are sent, lists/ with the planted travellers' entries, and
truth.json, what must stand once all of it was read in whatever order. The same arguments give the same bytes.`,
		Example: "  rihla generate --seed 7 --flights 12 --broken 3 --out world",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if start != "" {
				day, err := time.Parse(time.DateOnly, start)
				if err != nil {
					return usageError{fmt.Errorf("--start %s: write it YYYY-MM-DD", start)}
				}
				o.Start = day
			}
			for name, n := range map[string]int{"flights": o.Flights, "broken": o.Broken, "list": o.List, "cargo": o.Cargo, "funds": o.Funds, "cyber": o.Cyber} {
				if n < 0 {
					return usageError{fmt.Errorf("--%s %d: it cannot be less than none", name, n)}
				}
			}
			o.Hall = true
			w := synth.Generate(o)
			if err := w.Write(out); err != nil {
				return err
			}
			fmt.Fprintf(c.ErrOrStderr(), "%d messages of %d flights, %d passengers, %d lists in %s\n",
				len(w.Messages), len(w.Truth.Flights), w.Truth.Passengers, len(w.Lists), out)
			return nil
		},
	}
	f := c.Flags()
	f.Uint64Var(&o.Seed, "seed", 1, "the world's seed")
	f.IntVar(&o.Flights, "flights", 10, "how many flights, at least")
	f.StringVar(&start, "start", "", "first day of departures (default "+synth.DefaultStart.Format(time.DateOnly)+")")
	f.IntVar(&o.Broken, "broken", 0, "messages that nobody can read, besides")
	f.IntVar(&o.List, "list", 0, "entries of an invented list, besides the planted travellers' (a million take some seconds)")
	f.IntVar(&o.Cargo, "cargo", 0, "consignments on these flights, at least: houses, masters and direct waybills, with planted cases")
	f.IntVar(&o.Funds, "funds", 0, "reports of money, at least: a month of declarations, payments and suspicious transactions, with planted cases")
	f.IntVar(&o.Cyber, "cyber", 0, "reports of threats, at least: indicators in every form, incidents and logs, with planted sightings")
	f.StringVar(&out, "out", "", "the folder to write")
	required(c, "out")
	return c
}
