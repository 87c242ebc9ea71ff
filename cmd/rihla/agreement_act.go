package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/app"
	"github.com/rihla/rihla/internal/sharing"
	"github.com/rihla/rihla/internal/sharing/agreement"
)

// byHand is who acts through a command: the person at the machine, as a supervisor would.
func byHand() access.Principal { return access.Principal{Name: operator(), Role: access.Supervisor} }

// inExchange opens the exchange of a node, running or not; the node carries on what is done there.
func inExchange(ctx context.Context, dir string, do func(*sharing.Room) error) error {
	return beside(ctx, dir, func(r *app.Rooms) error {
		room, err := r.Exchange(ctx)
		if err != nil {
			return err
		}
		return told(do(room))
	})
}

// told makes what the exchange refuses a wrong input, said with what is wrong in it.
func told(err error) error {
	var e *api.Error
	if !errors.As(err, &e) || e.Kind == api.Internal {
		return err
	}
	if problems, ok := e.Fields["problems"].(agreement.Problems); ok {
		return inputError{fmt.Errorf("%w\n%w", err, problems)}
	}
	return inputError{err}
}

func agreementProposeCommand() *cobra.Command {
	var dir string
	c := &cobra.Command{
		Use:     "propose --data DIR FILE",
		Short:   "Propose an agreement, or a new version of one, to the partner",
		Example: "  rihla agreement propose --data node bh-us-travel.yaml",
		Args:    cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			text, err := readFile(args[0])
			if err != nil {
				return err
			}
			return inExchange(c.Context(), dir, func(room *sharing.Room) error {
				v, err := room.Propose(c.Context(), byHand(), text)
				if err == nil {
					fmt.Fprintf(c.OutOrStdout(), "%s version %d %s %s\n", v.Metadata.ID, v.Number, v.State, v.Digest)
				}
				return err
			})
		},
	}
	c.Flags().StringVar(&dir, "data", "", "the node's folder")
	required(c, "data")
	return c
}

func agreementSignCommand() *cobra.Command {
	var dir, digest string
	c := &cobra.Command{
		Use:   "sign --data DIR ID [--digest sha-256:…]",
		Short: "Sign a proposed version for this state",
		Long: `Signs the newest version of an agreement that waits for this state's signature, or the one with the digest told, and
sends the signature to the partner. When both have signed, it comes into force on its day.`,
		Example: "  rihla agreement sign --data node bh-us-travel",
		Args:    cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return inExchange(c.Context(), dir, func(room *sharing.Room) error {
				if digest == "" {
					p, err := room.Agreement(c.Context(), args[0], 0)
					if err != nil {
						return err
					}
					digest = p.Versions[0].Digest
				}
				v, err := room.Sign(c.Context(), byHand(), args[0], digest)
				if err == nil {
					fmt.Fprintf(c.OutOrStdout(), "%s version %d %s, signed by %d of 2\n", v.Metadata.ID, v.Number, v.State, len(v.Signatures))
				}
				return err
			})
		},
	}
	f := c.Flags()
	f.StringVar(&dir, "data", "", "the node's folder")
	f.StringVar(&digest, "digest", "", "of the version to sign, as the partner told it by another way")
	required(c, "data")
	return c
}

func agreementSuspendCommand() *cobra.Command {
	var dir, share, cause, reason string
	c := &cobra.Command{
		Use:     "suspend --data DIR ID --cause CAUSE [--share ID]",
		Short:   "Stop a share, or all of an agreement, at once on both sides",
		Example: "  rihla agreement suspend --data node bh-us-travel --cause breach --reason 'a lost laptop'",
		Args:    cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return inExchange(c.Context(), dir, func(room *sharing.Room) error {
				return room.Suspend(c.Context(), byHand(), args[0], share, cause, reason)
			})
		},
	}
	f := c.Flags()
	f.StringVar(&dir, "data", "", "the node's folder")
	f.StringVar(&share, "share", agreement.All, "a share's id")
	f.StringVar(&cause, "cause", "", "why, in a word or two; the partner is told")
	f.StringVar(&reason, "reason", "", "why, in full")
	required(c, "data", "cause")
	return c
}

func agreementResumeCommand() *cobra.Command {
	var dir, share string
	c := &cobra.Command{
		Use:     "resume --data DIR ID [--share ID]",
		Short:   "Lift what this side suspended",
		Example: "  rihla agreement resume --data node bh-us-travel",
		Args:    cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return inExchange(c.Context(), dir, func(room *sharing.Room) error {
				return room.Resume(c.Context(), byHand(), args[0], share)
			})
		},
	}
	f := c.Flags()
	f.StringVar(&dir, "data", "", "the node's folder")
	f.StringVar(&share, "share", agreement.All, "a share's id")
	required(c, "data")
	return c
}

func agreementListCommand() *cobra.Command {
	var dir string
	var asJSON bool
	c := &cobra.Command{
		Use:     "list --data DIR",
		Short:   "Say which agreements the node holds, and how they stand",
		Example: "  rihla agreement list --data node",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return inExchange(c.Context(), dir, func(room *sharing.Room) error {
				items, err := room.Agreements(c.Context())
				if err != nil {
					return err
				}
				if asJSON {
					out := json.NewEncoder(c.OutOrStdout())
					for _, i := range items {
						if err := out.Encode(i); err != nil {
							return err
						}
					}
					return nil
				}
				w := tabwriter.NewWriter(c.OutOrStdout(), 0, 0, 2, ' ', 0)
				fmt.Fprintln(w, "AGREEMENT\tVERSION\tSTATE\tFROM\tUNTIL\tTITLE")
				for _, i := range items {
					fmt.Fprintf(w, "%s\t%d\t%s\t%s\t%s\t%s\n", i.ID, i.Version, i.State, i.Effective, i.Expires, i.Title)
				}
				return w.Flush()
			})
		},
	}
	f := c.Flags()
	f.StringVar(&dir, "data", "", "the node's folder")
	f.BoolVar(&asJSON, "json", false, "as JSON, one agreement a line")
	required(c, "data")
	return c
}
