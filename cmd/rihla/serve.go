package main

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/rihla/rihla/internal/app"
	"github.com/rihla/rihla/internal/config"
	"github.com/rihla/rihla/internal/telemetry"
)

func serveCommand() *cobra.Command {
	var dir, file string
	var flags config.Node
	c := &cobra.Command{
		Use:   "serve --data DIR [--listen ADDR] [--config FILE] [--store URL]",
		Short: "Run a node",
		Long: `Runs a node: takes reports in over HTTP and from DIR/inbox, reads and screens them, answers, shows its pages. What it
is started with is remembered in DIR/node.yaml. It prints "ready http://ADDR" once it answers. SIGTERM finishes what is in
flight and ends with 0.`,
		Example: "  rihla serve --data /var/lib/rihla --listen 127.0.0.1:8080\n  rihla serve --data node2 --store 'postgres://db/rihla'",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			var said config.Node
			if file != "" {
				var err error
				if said, err = config.LoadFile(file); err != nil {
					return inputError{err}
				}
			}
			said = said.Merge(flags)
			level, err := telemetry.ParseLevel(said.Log)
			if err != nil {
				return usageError{err}
			}
			n, err := app.Open(c.Context(), app.Config{
				Dir: dir, Node: said, Logger: telemetry.Logger(os.Stderr, level, false), MatchDue: true,
				Ready: func(url string) { fmt.Fprintln(c.OutOrStdout(), "ready "+url) },
			})
			if err != nil {
				return err
			}
			return n.Run(c.Context())
		},
	}
	f := c.Flags()
	f.StringVar(&dir, "data", "", "the node's folder")
	f.StringVar(&file, "config", "", "a file of settings, laid over what the node remembers")
	f.StringVar(&flags.Listen, "listen", "", "address to answer on (default 127.0.0.1:8080)")
	f.StringVar(&flags.Share, "share", "", "address that partner states' nodes reach this one at (default none)")
	f.StringVar(&flags.Store, "store", "", "sqlite:FILE or postgres://… (default sqlite:DIR/rihla.db)")
	f.StringVar(&flags.KeyFile, "key-file", "", "the master key, where it lies outside DIR")
	f.StringVar(&flags.Name, "name", "", "the node's name")
	f.StringVar(&flags.State, "state", "", "whose node it is")
	f.StringVar(&flags.Home, "home", "", "the state's country code, ISO 3166-1 alpha-3")
	f.StringSliceVar(&flags.Airports, "airport", nil, "an airport of the state, IATA; may be repeated")
	f.StringVar(&flags.Log, "log", "", "debug, info, warn or error")
	required(c, "data")
	return c
}
