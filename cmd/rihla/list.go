package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/rihla/rihla/internal/app"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/screening/lists"
)

func listCommand() *cobra.Command {
	return group("list", "Lists to screen against", listLoadCommand(), listSourceCommand(), listFetchCommand(), listStatusCommand(), listChangesCommand(), listRemoveCommand())
}

func listLoadCommand() *cobra.Command {
	var dir, name, reason string
	var force, asJSON bool
	c := &cobra.Command{
		Use:   "load --data DIR --name NAME FILE…",
		Short: "Replace a list by a file, whole or not at all",
		Long: `Reads a list in whatever format it has and puts it in the place of the one of that name, at once, also while the node
runs; whoever is still ahead is screened against it. A file that cannot be read, or that has lost much of the list, is
refused and the old list stays. OFAC's alt.csv, add.csv and sdn_comments.csv are read along where they lie beside sdn.csv,
for the aliases are in them.`,
		Example: "  rihla list load --data node --name national watchlist.csv\n  rihla list load --data node --name ofac sdn.csv",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, names []string) error {
			u := screening.Upload{Name: name, By: operator(), Role: "administrator", Force: force, Reason: reason}
			for _, file := range withCompanions(names) {
				data, err := readFile(file)
				if err != nil {
					return err
				}
				u.Files = append(u.Files, lists.File{Name: filepath.Base(file), Data: data})
			}
			return beside(c.Context(), dir, func(r *app.Rooms) error {
				s, err := screening.LoadList(c.Context(), r.Store, u)
				if err != nil {
					return refusedList(err)
				}
				if asJSON {
					return json.NewEncoder(c.OutOrStdout()).Encode(s)
				}
				if len(u.Files) > len(names) {
					fmt.Fprintf(c.ErrOrStderr(), "read along: %d files that lie beside and belong to it\n", len(u.Files)-len(names))
				}
				printLoaded(c.OutOrStdout(), &s)
				return nil
			})
		},
	}
	f := c.Flags()
	f.StringVar(&dir, "data", "", "the node's folder")
	f.StringVar(&name, "name", "", "the list's name")
	f.BoolVar(&force, "force", false, "load it although it has lost much of the list")
	f.StringVar(&reason, "reason", "", "why, where --force is given; it stays in the audit log")
	f.BoolVar(&asJSON, "json", false, "print JSON")
	required(c, "data", "name")
	return c
}

func listRemoveCommand() *cobra.Command {
	var dir, name, reason string
	c := &cobra.Command{
		Use:     "remove --data DIR --name NAME --reason WHY",
		Short:   "Take a list away, with its source; what was found by it is withdrawn",
		Example: "  rihla list remove --data node --name trial --reason 'the trial is over'",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return beside(c.Context(), dir, func(r *app.Rooms) error {
				n, err := screening.RemoveList(c.Context(), r.Store, screening.Upload{Name: name, By: operator(), Role: "administrator", Reason: reason})
				if errors.Is(err, screening.ErrNoList) || errors.Is(err, screening.ErrByHand) || errors.Is(err, screening.ErrNoReason) {
					return inputError{err}
				}
				if err == nil {
					fmt.Fprintf(c.OutOrStdout(), "%s: %d entries removed\n", name, n)
				}
				return err
			})
		},
	}
	f := c.Flags()
	f.StringVar(&dir, "data", "", "the node's folder")
	f.StringVar(&name, "name", "", "the list's name")
	f.StringVar(&reason, "reason", "", "why; it stays in the audit log")
	required(c, "data", "name", "reason")
	return c
}

// withCompanions adds the files that lie beside those named and belong to the same list.
func withCompanions(names []string) []string {
	all := slices.Clone(names)
	for _, name := range names {
		for _, other := range lists.Companions(filepath.Base(name)) {
			beside := filepath.Join(filepath.Dir(name), other)
			if _, err := os.Stat(beside); err == nil && !slices.Contains(all, beside) {
				all = append(all, beside)
			}
		}
	}
	return all
}

// refusedList tells a list that is wrong from a machine that fails.
func refusedList(err error) error {
	if errors.As(err, new(*screening.Refusal)) || errors.As(err, new(*lists.Error)) || errors.Is(err, screening.ErrName) {
		return inputError{err}
	}
	return err
}

// listName is the name of a list by its file's: ofac for ofac.csv.
func listName(file string) string {
	name, _, _ := strings.Cut(filepath.Base(file), ".")
	return name
}
