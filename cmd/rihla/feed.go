package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/rihla/rihla/internal/app"
	"github.com/rihla/rihla/internal/cyber/feed"
	"github.com/rihla/rihla/internal/store"
)

func feedCommand() *cobra.Command {
	return group("feed", "Collections of other TAXII servers that the node reads", feedAddCommand(), feedListCommand(), feedPullCommand(), feedRemoveCommand())
}

// besideFeeds is beside, with the feeds.
func besideFeeds(ctx context.Context, dir string, work func(*app.Rooms, *feed.Feeds) error) error {
	return beside(ctx, dir, func(r *app.Rooms) error {
		f, err := r.Feeds(ctx)
		if err != nil {
			return err
		}
		return work(r, f)
	})
}

func feedAddCommand() *cobra.Command {
	var dir, keyFile, user string
	var n feed.Feed
	c := &cobra.Command{
		Use:   "add --data DIR --name NAME --url ROOT --collection ID [--key-file FILE | --user USER < password]",
		Short: "Have the node read a collection of another TAXII 2.1 server",
		Long: `The running node reads the collection at once and then as often as said, one node of several at a time, and goes on where
it stopped. What comes is kept in a collection of this node, by the feed's name, and becomes indicators. --url is the API root,
which the other side names; --into is made where there is no collection of that name, and only responders read it then.

--key-file holds a bearer token in its first line; with --user the password is the first line of standard input. Either is
kept sealed, and goes with the feed.`,
		Example: "  rihla feed add --data node --name csirt --url https://feeds.example/taxii2/root/ --collection indicators --key-file token\n" +
			"  rihla feed add --data node --name vendor --url https://vendor.example/api/ --collection 91a7b528-80eb-42ed-a74d-c6fbd5a26116 --user us --every 1h < password",
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			credential, err := readCredential(c.InOrStdin(), keyFile, user)
			if err != nil {
				return err
			}
			return besideFeeds(c.Context(), dir, func(r *app.Rooms, f *feed.Feeds) error {
				if err := r.Store.Write(c.Context(), func(ctx context.Context, tx store.Tx) error {
					return f.Add(ctx, tx, n, credential, operator(), "administrator")
				}); err != nil {
					return wrongFeed(err)
				}
				if strings.HasPrefix(n.Root, "http:") {
					fmt.Fprintln(c.ErrOrStderr(), "note: over http whoever is in between can read the credential and change what comes")
				}
				_, err := fmt.Fprintf(c.OutOrStdout(), "%s: every %s from %s\n", n.Name, n.Every, n.Root)
				return err
			})
		},
	}
	f := c.Flags()
	f.StringVar(&dir, "data", "", "the node's folder")
	f.StringVar(&n.Name, "name", "", "what the feed is called; what comes is by that name")
	f.StringVar(&n.Root, "url", "", "the address of the other's API root")
	f.StringVar(&n.Collection, "collection", "", "the id or alias of the collection there")
	f.StringVar(&n.Into, "into", "", "the collection here that takes it; its id or alias (default exchange)")
	f.DurationVar(&n.Every, "every", 15*time.Minute, "how often")
	f.StringVar(&keyFile, "key-file", "", "a file with a bearer token")
	f.StringVar(&user, "user", "", "a user of the other server, whose password is on standard input")
	required(c, "data", "name", "url", "collection")
	return c
}

func readCredential(stdin io.Reader, keyFile, user string) (c feed.Credential, err error) {
	switch {
	case keyFile != "" && user != "":
		return c, usageError{errors.New("give --key-file or --user, not both")}
	case keyFile != "":
		text, err := readFile(keyFile)
		if err != nil {
			return c, inputError{err}
		}
		line, _, _ := strings.Cut(string(text), "\n")
		if c.Token = strings.TrimSpace(line); c.Token == "" {
			return c, inputError{fmt.Errorf("%s: there is no token in its first line", keyFile)}
		}
	case user != "":
		c.User = user
		c.Password, err = readPassword(stdin)
	}
	return c, err
}

func feedRemoveCommand() *cobra.Command {
	var dir string
	c := &cobra.Command{
		Use:     "remove --data DIR NAME",
		Short:   "Read a feed no more, and forget its credential; what came of it stays",
		Example: "  rihla feed remove --data node csirt",
		Args:    cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return besideFeeds(c.Context(), dir, func(r *app.Rooms, f *feed.Feeds) error {
				return wrongFeed(r.Store.Write(c.Context(), func(ctx context.Context, tx store.Tx) error {
					return f.Remove(ctx, tx, args[0], operator(), "administrator")
				}))
			})
		},
	}
	c.Flags().StringVar(&dir, "data", "", "the node's folder")
	required(c, "data")
	return c
}

func feedPullCommand() *cobra.Command {
	var dir string
	var asJSON bool
	c := &cobra.Command{
		Use:   "pull --data DIR NAME",
		Short: "Read a feed now, to its end",
		Long: `Reads a feed from where it stopped and waits for it, whether the node runs or not. What comes becomes indicators once the
node runs. Exit 1: the other server did not give it; the message says why.`,
		Example: "  rihla feed pull --data node csirt",
		Args:    cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return besideFeeds(c.Context(), dir, func(_ *app.Rooms, f *feed.Feeds) error {
				got, err := f.Pull(c.Context(), args[0])
				if err != nil && got.Pages == 0 {
					return wrongFeed(err)
				}
				if asJSON {
					return errors.Join(wrongFeed(err), json.NewEncoder(c.OutOrStdout()).Encode(got))
				}
				fmt.Fprintf(c.OutOrStdout(), "%s: %d new, %d known, %d refused, in %d pages\n", args[0], got.Taken, got.Known, got.Refused, got.Pages)
				printRefusals(c.OutOrStdout(), got.Refusals)
				return wrongFeed(err)
			})
		},
	}
	c.Flags().StringVar(&dir, "data", "", "the node's folder")
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	required(c, "data")
	return c
}

// wrongFeed tells what an operator or the other server has wrong from a machine that fails.
func wrongFeed(err error) error {
	if err == nil {
		return nil
	}
	if errors.Is(err, feed.ErrNone) || errors.Is(err, feed.ErrExists) || errors.Is(err, feed.ErrTurn) || errors.As(err, new(*feed.WrongError)) || errors.As(err, new(*feed.TheirError)) {
		return inputError{err}
	}
	return err
}

func feedListCommand() *cobra.Command {
	var dir string
	var asJSON bool
	c := &cobra.Command{
		Use:     "list --data DIR",
		Short:   "Which feeds there are, how far they are read, and what went wrong",
		Example: "  rihla feed list --data node",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return besideFeeds(c.Context(), dir, func(r *app.Rooms, f *feed.Feeds) error {
				all, err := f.All(c.Context(), r.Store.Read(), time.Now())
				if err != nil {
					return err
				}
				if !asJSON {
					return printFeeds(c.OutOrStdout(), all)
				}
				for i := range all {
					if err := json.NewEncoder(c.OutOrStdout()).Encode(&all[i]); err != nil {
						return err
					}
				}
				return nil
			})
		},
	}
	c.Flags().StringVar(&dir, "data", "", "the node's folder")
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON, a feed a line")
	required(c, "data")
	return c
}

func printFeeds(to io.Writer, all []feed.State) error {
	w := tabwriter.NewWriter(to, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "FEED\tINTO\tEVERY\tREAD\tNEXT\tNEW\tKNOWN\tREFUSED\tSTATE")
	for i := range all {
		f := &all[i]
		into, state := f.Alias, f.State
		if into == "" {
			into = f.Into
		}
		switch {
		case f.Failures > 0:
			state = fmt.Sprintf("FAILED %d times: %s", f.Failures, f.Fault)
		case state == "stale":
			state = "STALE: no node reads it"
		case f.Midway:
			state += ", not at its end yet"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%d\t%d\t%d\t%s\n", f.Name, into, f.Every, moment(f.Succeeded), moment(f.Due), f.Taken, f.Known, f.Refused, state)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	for i := range all {
		if len(all[i].Refusals) > 0 {
			fmt.Fprintf(to, "%s, refused last:\n", all[i].Name)
			printRefusals(to, all[i].Refusals)
		}
	}
	return nil
}

func printRefusals(to io.Writer, all []feed.Refusal) {
	for _, r := range all {
		fmt.Fprintf(to, "  %s %s: %s (%s)\n", r.Object, r.Pointer, r.Message, r.Mend)
	}
}
