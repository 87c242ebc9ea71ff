package main

import (
	"encoding/json"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/rihla/rihla/internal/app"
)

func auditCommand() *cobra.Command {
	return group("audit", "The log of who saw and did what", auditVerifyCommand())
}

func auditVerifyCommand() *cobra.Command {
	var dir string
	var asJSON bool
	c := &cobra.Command{
		Use:     "verify --data DIR",
		Short:   "Walk the audit log from its first entry to the signed head",
		Long:    "Walks every log of the node from its first entry to its signed head. The exit status is 1, and the first bad entry is named, if anything was changed, removed or reordered.",
		Example: "  rihla audit verify --data node",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			v, err := app.Verify(c.Context(), dir)
			if err != nil {
				return err
			}
			if asJSON {
				if err := json.NewEncoder(c.OutOrStdout()).Encode(v); err != nil {
					return err
				}
			}
			for _, w := range v.Logs {
				name := w.Log
				if name == "" {
					name = "house"
				}
				switch {
				case w.Bad != nil:
					fmt.Fprintf(c.ErrOrStderr(), "log %s: %s\n", name, w.Bad)
				case !asJSON:
					fmt.Fprintf(c.OutOrStdout(), "log %s: %d entries, all as they were written\n", name, w.Entries)
				}
			}
			if !v.OK() {
				return errSaid
			}
			return nil
		},
	}
	c.Flags().StringVar(&dir, "data", "", "the node's folder")
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	required(c, "data")
	return c
}
