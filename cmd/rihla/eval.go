package main

import (
	"bufio"
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/rihla/rihla/internal/app"
	"github.com/rihla/rihla/internal/audit"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/store"
)

func evalCommand() *cobra.Command {
	return group("eval", "What decisions say of screening", evalDecidedCommand())
}

func evalDecidedCommand() *cobra.Command {
	var dir, list string
	c := &cobra.Command{
		Use:   "decided --data DIR",
		Short: "Print the scores of name matches that people decided on, and what they were",
		Long: `Prints a table with tabs: the list, the score, 1 where it was the same person and 0 where not, the outcome and the day.
No name, document or entry is in it, nor was kept for it: it serves to choose thresholds and to judge the score. That it
was taken out is in the audit log.`,
		Example: "  rihla eval decided --data node --list national > decided.tsv",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return beside(c.Context(), dir, func(r *app.Rooms) error {
				all, err := screening.AllDecided(c.Context(), r.Store.Read(), list)
				if err != nil {
					return err
				}
				err = r.Store.Write(c.Context(), func(ctx context.Context, tx store.Tx) error {
					return audit.Record(ctx, tx, audit.Entry{Actor: operator(), Role: "administrator", Action: "decided.export", Detail: fmt.Sprintf("%d decided pairs", len(all))})
				})
				if err != nil {
					return err
				}
				w := bufio.NewWriter(c.OutOrStdout())
				fmt.Fprintln(w, "list\tscore\tsame\toutcome\tday")
				for _, d := range all {
					same := 0
					if d.Same {
						same = 1
					}
					fmt.Fprintf(w, "%s\t%.3f\t%d\t%s\t%s\n", d.List, d.Score, same, d.Outcome, d.Day)
				}
				return w.Flush()
			})
		},
	}
	c.Flags().StringVar(&dir, "data", "", "the node's folder")
	c.Flags().StringVar(&list, "list", "", "of one list only")
	required(c, "data")
	return c
}
