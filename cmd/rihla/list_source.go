package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/rihla/rihla/internal/app"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/store"
)

func listSourceCommand() *cobra.Command {
	var dir, name, keyFile string
	var s screening.Source
	var remove, asJSON bool
	c := &cobra.Command{
		Use:   "source --data DIR --name NAME [--url URL… | --folder PATH] [--every 6h]",
		Short: "Say where a list is fetched from, or show it",
		Long: `The running node fetches a list from its source as often as said, and one node of several does it. Several --url are the
files of one list. A folder's newest file counts; a path that is not absolute lies under lists in the node's folder.

A publisher's --sha256-url (as sha256sum writes it) and --signature-url (Ed25519, of the file, or of the SHA-256 file where
there is one) are checked. What cannot be fetched, read or trusted, or has lost much of the list, leaves it as it is; see
rihla list status. Without --url, --folder and --remove the source is shown.`,
		Example: "  rihla list source --data node --name un --url https://publisher.example/consolidated.xml --every 6h\n  rihla list source --data node --name national --folder national --every 5m",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if keyFile != "" {
				key, err := readFile(keyFile)
				if err != nil {
					return err
				}
				s.PublicKey = strings.TrimSpace(string(key))
			}
			if !filepath.IsLocal(s.Folder) && s.Folder != "" {
				whole, err := filepath.Abs(s.Folder)
				if err != nil {
					return err
				}
				s.Folder = whole
			}
			return beside(c.Context(), dir, func(r *app.Rooms) error {
				switch {
				case remove:
					return wrongSource(r.Store.Write(c.Context(), func(ctx context.Context, tx store.Tx) error {
						return screening.RemoveSource(ctx, tx, name, operator(), "administrator")
					}))
				case len(s.URLs) > 0 || s.Folder != "":
					if err := wrongSource(r.Store.Write(c.Context(), func(ctx context.Context, tx store.Tx) error {
						return screening.SetSource(ctx, tx, name, s, operator(), "administrator")
					})); err != nil {
						return err
					}
					if bare(&s) {
						fmt.Fprintln(c.ErrOrStderr(), "note: over http without a signature or hash from elsewhere, whoever is in between can change the list")
					}
				}
				state, err := screening.SourceOf(c.Context(), r.Store.Read(), time.Now(), name)
				if err != nil {
					return wrongSource(err)
				}
				if asJSON {
					return json.NewEncoder(c.OutOrStdout()).Encode(state)
				}
				printSource(c.OutOrStdout(), &state)
				return nil
			})
		},
	}
	f := c.Flags()
	f.StringVar(&dir, "data", "", "the node's folder")
	f.StringVar(&name, "name", "", "the list's name")
	f.StringArrayVar(&s.URLs, "url", nil, "where a file of it is, http or https")
	f.StringVar(&s.Folder, "folder", "", "a folder or file instead")
	f.StringVar(&s.Every, "every", "6h", "how often")
	f.StringVar(&s.SHA256URL, "sha256-url", "", "where its SHA-256 is")
	f.StringVar(&s.SignatureURL, "signature-url", "", "where its Ed25519 signature is")
	f.StringVar(&s.PublicKey, "public-key", "", "the key that signs: base64 of its 32 bytes")
	f.StringVar(&keyFile, "public-key-file", "", "the same, or PEM, in a file")
	f.BoolVar(&s.Paused, "pause", false, "keep the source, and fetch only when told")
	f.BoolVar(&remove, "remove", false, "fetch the list no more")
	f.BoolVar(&asJSON, "json", false, "print JSON")
	required(c, "data", "name")
	return c
}

// bare says that nothing protects a list on its way.
func bare(s *screening.Source) bool {
	if s.SignatureURL != "" || strings.HasPrefix(s.SHA256URL, "https:") {
		return false
	}
	for _, u := range s.URLs {
		if strings.HasPrefix(u, "http:") {
			return true
		}
	}
	return false
}

// wrongSource tells what is wrong with a source from a machine that fails.
func wrongSource(err error) error {
	if errors.As(err, new(*screening.SourceError)) || errors.Is(err, screening.ErrNoSource) || errors.Is(err, screening.ErrFetching) {
		return inputError{err}
	}
	return refusedList(err)
}

func printSource(to io.Writer, s *screening.SourceState) {
	from := strings.Join(append(s.Shown().URLs, s.Folder), " ")
	fmt.Fprintf(to, "%s: every %s from %s\n", s.Name, s.Every, strings.TrimSpace(from))
	switch {
	case s.Error != "":
		fmt.Fprintf(to, "  failed %d times, last %s: %s\n", s.Failures, moment(s.Tried), s.Error)
		for _, f := range s.Faults {
			fmt.Fprintf(to, "    %s: %s (%s)\n", f.Rule, f.Error(), f.Mend)
		}
	case s.Tried.IsZero():
		fmt.Fprintln(to, "  not fetched yet")
	}
	if !s.Succeeded.IsZero() {
		fmt.Fprintf(to, "  fetched with success %s\n", moment(s.Succeeded))
	}
	if s.Paused {
		fmt.Fprintln(to, "  paused")
	}
}

func moment(at time.Time) string {
	if at.IsZero() {
		return "never"
	}
	return at.UTC().Format(time.RFC3339)
}

func listFetchCommand() *cobra.Command {
	var dir, name string
	var asJSON bool
	c := &cobra.Command{
		Use:     "fetch --data DIR --name NAME",
		Short:   "Fetch a list from its source now",
		Long:    "Fetches a list from its source and waits for it, whether the node runs or not. Exit 1: it could not be fetched, read or trusted, and the list is as it was.",
		Example: "  rihla list fetch --data node --name un",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return beside(c.Context(), dir, func(r *app.Rooms) error {
				got, err := r.FetchList(c.Context(), dir, name)
				if err != nil {
					return wrongSource(err)
				}
				if got.Failed != nil {
					return inputError{got.Failed}
				}
				switch s := got.Summary; {
				case got.Same && asJSON:
					_, err = fmt.Fprintf(c.OutOrStdout(), "{\"name\":%q,\"same\":true}\n", name)
				case got.Same:
					_, err = fmt.Fprintf(c.OutOrStdout(), "%s: nothing has changed\n", name)
				case asJSON:
					err = json.NewEncoder(c.OutOrStdout()).Encode(s)
				default:
					printLoaded(c.OutOrStdout(), &s)
				}
				return err
			})
		},
	}
	f := c.Flags()
	f.StringVar(&dir, "data", "", "the node's folder")
	f.StringVar(&name, "name", "", "the list's name")
	f.BoolVar(&asJSON, "json", false, "print JSON")
	required(c, "data", "name")
	return c
}

// printLoaded tells what loading a list changed, and what of it could not be read.
func printLoaded(to io.Writer, s *screening.Summary) {
	fmt.Fprintf(to, "%s: %d entries (%s): %d added, %d changed, %d removed\n", s.Name, s.Entries, s.Format, s.Added, s.Changed, s.Removed)
	for _, w := range s.Warnings {
		fmt.Fprintf(os.Stderr, "note: %s\n", w.Error())
	}
}

// listStatus is a list as the command line shows it.
type listStatus struct {
	Name   string                 `json:"name"`
	List   *screening.ListInfo    `json:"list,omitempty"`
	Source *screening.SourceState `json:"source,omitempty"`
}

func listStatusCommand() *cobra.Command {
	var dir string
	var asJSON bool
	c := &cobra.Command{
		Use:     "status --data DIR",
		Short:   "Which lists are in force, how old they are, and whether fetching them works",
		Example: "  rihla list status --data node",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return beside(c.Context(), dir, func(r *app.Rooms) error {
				all, err := statusOf(c.Context(), r.Store)
				if err != nil {
					return err
				}
				if asJSON {
					for _, s := range all {
						if err := json.NewEncoder(c.OutOrStdout()).Encode(s); err != nil {
							return err
						}
					}
					return nil
				}
				return printStatus(c.OutOrStdout(), all)
			})
		},
	}
	f := c.Flags()
	f.StringVar(&dir, "data", "", "the node's folder")
	f.BoolVar(&asJSON, "json", false, "print JSON, a list a line")
	required(c, "data")
	return c
}

func statusOf(ctx context.Context, st *store.Store) ([]listStatus, error) {
	infos, err := screening.Lists(ctx, st.Read())
	if err != nil {
		return nil, err
	}
	sources, err := screening.Sources(ctx, st.Read(), time.Now())
	if err != nil {
		return nil, err
	}
	var all []listStatus
	at := make(map[string]int)
	for i := range infos {
		at[infos[i].Name] = len(all)
		all = append(all, listStatus{Name: infos[i].Name, List: &infos[i]})
	}
	for i := range sources {
		s := &sources[i]
		s.Source = s.Shown()
		if j, known := at[s.Name]; known {
			all[j].Source = s
		} else {
			all = append(all, listStatus{Name: s.Name, Source: s})
		}
	}
	return all, nil
}

func printStatus(to io.Writer, all []listStatus) error {
	w := tabwriter.NewWriter(to, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "LIST\tENTRIES\tVERSION\tLOADED\tFETCHED\tSTATE")
	for _, s := range all {
		entries, version, loaded, fetched, state := "-", "-", "never", "by hand", "ok"
		if s.List != nil {
			entries, version, loaded = fmt.Sprint(s.List.Entries), s.List.Version, moment(s.List.Loaded)
		}
		if s.Source != nil {
			fetched = moment(s.Source.Succeeded)
			switch {
			case s.Source.Error != "":
				state = fmt.Sprintf("FAILED %d times: %s", s.Source.Failures, s.Source.Error)
			case s.Source.Paused:
				state = "paused"
			case s.Source.Stale:
				state = "STALE: no node fetches it"
			}
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", s.Name, entries, version, loaded, fetched, state)
	}
	return w.Flush()
}

func listChangesCommand() *cobra.Command {
	var dir, name string
	var last int
	var asJSON bool
	c := &cobra.Command{
		Use:     "changes --data DIR --name NAME",
		Short:   "What the last versions of a list added, changed and removed",
		Example: "  rihla list changes --data node --name un --last 3",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return beside(c.Context(), dir, func(r *app.Rooms) error {
				versions, err := screening.Versions(c.Context(), r.Store.Read(), name, 0, max(last, 1))
				if err != nil {
					return err
				}
				if len(versions) == 0 {
					return inputError{fmt.Errorf("no version of a list %s is kept; see rihla list status", name)}
				}
				for i := range versions {
					if asJSON {
						err = json.NewEncoder(c.OutOrStdout()).Encode(&versions[i])
					} else {
						err = printVersion(c.OutOrStdout(), &versions[i])
					}
					if err != nil {
						return err
					}
				}
				return nil
			})
		},
	}
	f := c.Flags()
	f.StringVar(&dir, "data", "", "the node's folder")
	f.StringVar(&name, "name", "", "the list's name")
	f.IntVar(&last, "last", 1, "how many versions")
	f.BoolVar(&asJSON, "json", false, "print JSON, a version a line")
	required(c, "data", "name")
	return c
}

func printVersion(to io.Writer, v *screening.Version) error {
	w := tabwriter.NewWriter(to, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "%s, loaded %s by %s: %d entries, %d added, %d changed, %d removed\n", v.Version, moment(v.Loaded), v.By, v.Entries, v.Added, v.Changed, v.Removed)
	for _, e := range v.Items {
		fmt.Fprintf(w, "  %s\t%s\t%s\t%s\n", e.Action, e.ID, e.Name, strings.Join(e.Fields, ", "))
	}
	if v.Truncated {
		fmt.Fprintln(w, "  and others")
	}
	return w.Flush()
}
