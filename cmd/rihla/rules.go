package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/rihla/rihla/internal/app"
	"github.com/rihla/rihla/internal/screening/rules"
)

func rulesCommand() *cobra.Command {
	return group("rules", "Rules over what travellers and goods do", rulesTestCommand())
}

func rulesTestCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:     "test FILE…",
		Short:   "Run the examples that live beside each rule",
		Long:    "Compiles the rules and runs the examples beside each. An error is told with its file, line and column; an example that gives what its owner did not want is told too, and the exit status is 1.",
		Example: "  rihla rules test rules/*.yaml",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, names []string) error {
			files := make([]rules.File, 0, len(names))
			for _, name := range names {
				data, err := readFile(name)
				if err != nil {
					return err
				}
				files = append(files, rules.File{Name: filepath.ToSlash(name), Data: data})
			}
			set, err := rules.Parse(files, app.Vocabularies())
			if err != nil {
				if errors.As(err, new(*rules.Error)) {
					return inputError{err}
				}
				return err
			}
			results, passed := set.Test(), 0
			for _, r := range results {
				if r.Passed {
					passed++
				}
				if asJSON {
					if err := json.NewEncoder(c.OutOrStdout()).Encode(r); err != nil {
						return err
					}
					continue
				}
				verdict := "ok  "
				why := ""
				switch {
				case r.Err != "":
					verdict, why = "FAIL", ": "+r.Err
				case !r.Passed:
					verdict, why = "FAIL", fmt.Sprintf(": gave %t, wanted %t", r.Got, r.Want)
				}
				fmt.Fprintf(c.OutOrStdout(), "%s %s:%d %s: %s%s\n", verdict, r.File, r.Line, r.Rule, r.Example, why)
			}
			for _, r := range set.Rules() {
				if len(set.Needs(r.ID)) == 0 {
					fmt.Fprintf(c.ErrOrStderr(), "%s is evaluated for everybody: no part of its condition can be indexed\n", r.ID)
				}
			}
			fmt.Fprintf(c.ErrOrStderr(), "%d of %d examples hold\n", passed, len(results))
			if passed < len(results) {
				return errSaid
			}
			return nil
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "one JSON object a line")
	return c
}
