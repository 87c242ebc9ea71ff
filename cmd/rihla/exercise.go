package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/rihla/rihla/internal/app"
	"github.com/rihla/rihla/internal/synth/scenario"
)

func exerciseCommand() *cobra.Command {
	return group("exercise", "Train people in a world apart", exerciseCheckCommand())
}

func exerciseCheckCommand() *cobra.Command {
	var formOnly, asJSON bool
	c := &cobra.Command{
		Use:   "check FILE…",
		Short: "Say what is wrong with a scenario, and prove that it can be solved",
		Long: `Reads each scenario and names what is wrong by line and column, with how to mend it. What reads well is then played to its
end, with no time to wait, in a world made for it and thrown away: once by a trainee who does everything right, who must
score 100 %, and once by one who clears everybody, who must score what the file says.`,
		Example: "  rihla exercise check training/*.yaml",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, files []string) error {
			failed := false
			for _, file := range files {
				text, err := readFile(file)
				if err != nil {
					return err
				}
				s, faults := scenario.Read(text, app.ExerciseWorld())
				for _, f := range faults {
					failed = true
					fmt.Fprintf(c.OutOrStdout(), "%s:%d:%d: %s\n", file, f.Line, f.Column, f.Message)
					if f.Mend != "" {
						fmt.Fprintf(c.OutOrStdout(), "  %s\n", f.Mend)
					}
				}
				if s == nil || formOnly {
					continue
				}
				p, err := prove(c.Context(), s)
				if err != nil {
					return fmt.Errorf("%s: %w", file, err)
				}
				if asJSON {
					if err := json.NewEncoder(c.OutOrStdout()).Encode(p); err != nil {
						return err
					}
				} else {
					p.print(c.OutOrStdout(), file)
				}
				failed = failed || !p.Holds
			}
			if failed {
				return errSaid
			}
			return nil
		},
	}
	c.Flags().BoolVar(&formOnly, "form", false, "only read it; do not play it")
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON, an object a file")
	return c
}

// proof is how a scenario's two scripted trainees did.
type proof struct {
	Exercise string          `json:"exercise"`
	Right    scenario.Result `json:"right"`
	Clearing scenario.Result `json:"clearing"`
	Says     int             `json:"clears_everything"`
	Holds    bool            `json:"holds"`
}

func prove(ctx context.Context, s *scenario.Scenario) (p proof, err error) {
	p = proof{Exercise: s.ID, Says: s.Lazy}
	for _, run := range []struct {
		trainee app.Trainee
		result  *scenario.Result
	}{{app.Perfect, &p.Right}, {app.Clearing, &p.Clearing}} {
		dir, err := os.MkdirTemp("", "rihla-exercise-")
		if err != nil {
			return p, err
		}
		*run.result, err = app.Solve(ctx, filepath.Join(dir, "world"), s, run.trainee, slog.New(slog.DiscardHandler))
		if removed := os.RemoveAll(dir); err == nil {
			err = removed
		}
		if err != nil {
			return p, err
		}
	}
	p.Holds = p.Right.Percent == 100 && p.Clearing.Percent == s.Lazy
	return p, nil
}

func (p *proof) print(to io.Writer, file string) {
	if p.Holds {
		fmt.Fprintf(to, "%s: can be solved: doing everything right scores 100 %%, clearing everybody %d %%\n", file, p.Says)
		return
	}
	if p.Right.Percent != 100 {
		fmt.Fprintf(to, "%s: doing everything right scores %d %%, not 100:\n", file, p.Right.Percent)
		for _, m := range p.Right.Marks {
			if m.Verdict != scenario.Right {
				fmt.Fprintf(to, "  %s: %s %s\n", m.Step, m.Verdict, m.Outcome)
			}
		}
	}
	if p.Clearing.Percent != p.Says {
		fmt.Fprintf(to, "%s: clearing everybody scores %d %%, and the file says %d: write clears_everything: %d, or mend the points\n", file, p.Clearing.Percent, p.Says, p.Clearing.Percent)
	}
}
