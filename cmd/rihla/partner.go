package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/rihla/rihla/internal/app"
	"github.com/rihla/rihla/internal/audit"
	"github.com/rihla/rihla/internal/sharing/post"
)

func partnerCommand() *cobra.Command {
	return group("partner", "Partner states: cards, keys, and a partner to try things with",
		partnerCardCommand(), partnerTrustCommand(), partnerListCommand(), partnerRotateCommand(), partnerRevokeCommand(), partnerRootCommand(),
		partnerProveCommand(), partnerOpenAPICommand(), partnerRunCommand(), partnerConformCommand())
}

// office opens the post office of a node's folder, whether the node runs or not.
func office(ctx context.Context, dir string, work func(*post.Office) error) error {
	return beside(ctx, dir, func(r *app.Rooms) error {
		log, err := audit.Open(ctx, r.Store, r.Keys, audit.Options{})
		if err != nil {
			return err
		}
		o, err := post.Open(ctx, post.Options{Store: r.Store, Keys: r.Keys, Audit: log, Home: r.Config.Home})
		if err != nil {
			return err
		}
		return work(o)
	})
}

func printCard(w io.Writer, c post.Card) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(c)
}

func partnerCardCommand() *cobra.Command {
	var dir, party, url string
	var authorities []string
	c := &cobra.Command{
		Use:   "card --data DIR [--party NAME --authority ID… --url https://HOST:PORT]",
		Short: "Print this node's card, to be given to a partner; the first time, make it",
		Long: "A card says how a party is reached and known: its address, its root certificates, its authorities and their public keys. " +
			"With --party it is made, and everything private with it; call it again to change the address or to add authorities. Give it to the partner by a way on which nobody can change it, and read its roots out to one another.",
		Example: "  rihla partner card --data node --party bh --authority bh-piu --url https://share.piu.example.bh:8443 > bh.card.json\n  rihla partner card --data node > bh.card.json",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return office(c.Context(), dir, func(o *post.Office) error {
				if party != "" {
					card := post.Card{Party: party, URL: url}
					for _, id := range authorities {
						card.Authorities = append(card.Authorities, post.CardAuthority{ID: id})
					}
					made, err := o.OwnCard(c.Context(), operator(), card)
					if err != nil {
						return inputError{err}
					}
					return printCard(c.OutOrStdout(), made)
				}
				card, ok, err := o.Own(c.Context())
				if err != nil {
					return err
				}
				if !ok {
					return inputError{errors.New("this node has no card yet: say --party, --authority and --url")}
				}
				return printCard(c.OutOrStdout(), card)
			})
		},
	}
	f := c.Flags()
	f.StringVar(&dir, "data", "", "the node's folder")
	f.StringVar(&party, "party", "", "this state, as agreements name the party")
	f.StringSliceVar(&authorities, "authority", nil, "an authority of it, as agreements name it")
	f.StringVar(&url, "url", "", "where partners reach this node; without it, it fetches what waits for it")
	required(c, "data")
	return c
}

func partnerTrustCommand() *cobra.Command {
	var dir string
	c := &cobra.Command{
		Use:     "trust --data DIR CARD",
		Short:   "Take a partner's card (- is stdin): from then on its machines are answered and its signatures count",
		Long:    "Compare the card with what the partner reads out before you trust it: whoever made the card can speak for the partner. A newer card of the same partner replaces its address and roots; keys it had stay, with what the new card says of them.",
		Example: "  rihla partner trust --data node us.card.json",
		Args:    cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			card, err := readCard(c.InOrStdin(), args[0])
			if err != nil {
				return err
			}
			return office(c.Context(), dir, func(o *post.Office) error {
				if err := o.Trust(c.Context(), operator(), card); err != nil {
					return inputError{err}
				}
				fmt.Fprintf(c.ErrOrStderr(), "%s is a partner now, with %d authorities\n", card.Party, len(card.Authorities))
				return nil
			})
		},
	}
	c.Flags().StringVar(&dir, "data", "", "the node's folder")
	required(c, "data")
	return c
}

func readCard(stdin io.Reader, name string) (card post.Card, err error) {
	var text []byte
	if name == "-" {
		text, err = io.ReadAll(io.LimitReader(stdin, 1<<20))
	} else {
		text, err = os.ReadFile(name) //nolint:gosec // whoever runs the command names it
	}
	if err != nil {
		return card, inputError{err}
	}
	if err := json.Unmarshal(text, &card); err != nil {
		return card, inputError{fmt.Errorf("%s is no card: %w; rihla partner card prints one", name, err)}
	}
	return card, nil
}

func partnerListCommand() *cobra.Command {
	var dir string
	var asJSON bool
	c := &cobra.Command{
		Use:     "list --data DIR [--json]",
		Short:   "Say how it stands with each partner: there or not, what waits, whose log last fitted",
		Example: "  rihla partner list --data node\n  rihla partner list --data node --json | jq '.waiting'",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return office(c.Context(), dir, func(o *post.Office) error {
				all, err := o.Partners(c.Context())
				if err != nil {
					return err
				}
				return printEach(c, asJSON, all, partnerLine)
			})
		},
	}
	c.Flags().StringVar(&dir, "data", "", "the node's folder")
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON, one a line")
	required(c, "data")
	return c
}

func partnerLine(p post.PartnerState) string {
	state := "never seen"
	switch {
	case p.Online:
		state = "online"
	case !p.LastSeen.IsZero():
		state = "last seen " + p.LastSeen.UTC().Format(time.RFC3339)
	}
	waiting := fmt.Sprintf("%d waiting", p.Waiting)
	if p.Waiting > 0 {
		waiting += " since " + p.OldestWaiting.UTC().Format(time.RFC3339)
	}
	trouble := p.Trouble
	if p.Disagrees {
		trouble = strings.TrimPrefix(trouble+"; its exchange log does not follow from an earlier head", "; ")
	}
	return strings.Join([]string{p.Party, strings.Join(p.Authorities, ","), p.URL, state, waiting, trouble}, "\t")
}

func partnerRotateCommand() *cobra.Command {
	var dir, authority string
	c := &cobra.Command{
		Use:     "rotate --data DIR --authority ID",
		Short:   "Bring an authority's next keys into use in seven days, and tell partners now; by itself it is every quarter",
		Example: "  rihla partner rotate --data node --authority bh-piu",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return office(c.Context(), dir, func(o *post.Office) error {
				return asInput(o.Rotate(c.Context(), operator(), authority))
			})
		},
	}
	c.Flags().StringVar(&dir, "data", "", "the node's folder")
	c.Flags().StringVar(&authority, "authority", "", "one of this node's own")
	required(c, "data", "authority")
	return c
}

func partnerRevokeCommand() *cobra.Command {
	var dir, authority string
	c := &cobra.Command{
		Use:     "revoke --data DIR --authority ID KID",
		Short:   "End a key of an authority at once, as when it may have been stolen; the next key comes into use and partners are told",
		Example: "  rihla partner revoke --data node --authority bh-piu dpVpSo2kmrUFxwW7Q6iEHIn6mNqYSL4sHZJhIjVVKnU",
		Args:    cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return office(c.Context(), dir, func(o *post.Office) error {
				return asInput(o.Revoke(c.Context(), operator(), authority, args[0]))
			})
		},
	}
	c.Flags().StringVar(&dir, "data", "", "the node's folder")
	c.Flags().StringVar(&authority, "authority", "", "one of this node's own")
	required(c, "data", "authority")
	return c
}

func partnerRootCommand() *cobra.Command {
	var dir string
	var drop bool
	c := &cobra.Command{
		Use:     "root --data DIR [--drop]",
		Short:   "Add a second root certificate to this node's card, or, once all partners have it, drop the older one",
		Example: "  rihla partner root --data node > bh.card.json\n  rihla partner root --data node --drop > bh.card.json",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return office(c.Context(), dir, func(o *post.Office) error {
				change := o.NewRoot
				if drop {
					change = o.DropRoot
				}
				card, err := change(c.Context(), operator())
				if err != nil {
					return inputError{err}
				}
				return printCard(c.OutOrStdout(), card)
			})
		},
	}
	c.Flags().StringVar(&dir, "data", "", "the node's folder")
	c.Flags().BoolVar(&drop, "drop", false, "drop the older of two")
	required(c, "data")
	return c
}

func partnerProveCommand() *cobra.Command {
	var dir string
	c := &cobra.Command{
		Use:     "prove --data DIR MESSAGE",
		Short:   "Prove that a message was sent or received: its entry in the exchange log, and the way from it to a signed head",
		Example: "  rihla partner prove --data node 0198f0a2-6a10-7c11-9d10-2f3d1c0b0001",
		Args:    cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return office(c.Context(), dir, func(o *post.Office) error {
				proof, err := o.Prove(c.Context(), args[0])
				if err != nil {
					return asInput(err)
				}
				e := json.NewEncoder(c.OutOrStdout())
				e.SetIndent("", "  ")
				return e.Encode(proof)
			})
		},
	}
	c.Flags().StringVar(&dir, "data", "", "the node's folder")
	required(c, "data")
	return c
}

func partnerOpenAPICommand() *cobra.Command {
	return &cobra.Command{
		Use:     "openapi",
		Short:   "Print the description of what either side answers to the other, for who builds a partner without a Rihla",
		Example: "  rihla partner openapi > exchange.yaml",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			_, err := c.OutOrStdout().Write(post.OpenAPI)
			return err
		},
	}
}

// asInput marks an error as one of what was asked for.
func asInput(err error) error {
	if err == nil {
		return nil
	}
	return inputError{err}
}
