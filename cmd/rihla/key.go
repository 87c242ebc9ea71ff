package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os/user"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/app"
)

func keyCommand() *cobra.Command {
	return group("key", "Keys to a node", keyCreateCommand(), keyListCommand(), keyRevokeCommand(), keyExportCommand())
}

func keyCreateCommand() *cobra.Command {
	var dir, role, name string
	var carriers []string
	c := &cobra.Command{
		Use:     "create --data DIR --role ROLE --name NAME [--carrier ZZ]…",
		Short:   "Make a bearer key and print it; it is shown this once",
		Long:    "Makes a bearer key for somebody who speaks to the node over HTTP, and prints it and nothing else. It works at once, also while the node runs. Two keys of one name are one filer.",
		Example: "  rihla key create --data node --role filer --name zz-air --carrier ZZ\n  KEY=$(rihla key create --data node --role analyst --name huda)",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			as, err := access.ParseRole(role)
			if err != nil {
				return usageError{err}
			}
			return beside(c.Context(), dir, func(r *app.Rooms) error {
				token, err := r.Access.CreateKey(c.Context(), operator(), access.NewKey{Role: as, Name: name, Carriers: carriers})
				if err != nil {
					return wrongName(err)
				}
				fmt.Fprintln(c.OutOrStdout(), token)
				return nil
			})
		},
	}
	f := c.Flags()
	f.StringVar(&dir, "data", "", "the node's folder")
	f.StringVar(&role, "role", "", fmt.Sprintf("one of %v", access.Roles))
	f.StringVar(&name, "name", "", "who holds it: as the audit log will name them")
	f.StringSliceVar(&carriers, "carrier", nil, "of a filer: the carriers it may file for; none is any")
	required(c, "data", "role", "name")
	return c
}

func keyListCommand() *cobra.Command {
	var dir string
	var asJSON bool
	c := &cobra.Command{
		Use:     "list --data DIR",
		Short:   "Say what bearer keys there are: never the keys themselves",
		Example: "  rihla key list --data node\n  rihla key list --data node --json | jq .name",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return beside(c.Context(), dir, func(r *app.Rooms) error {
				made, err := r.Access.Keys(c.Context())
				if err != nil {
					return err
				}
				return printEach(c, asJSON, made, func(k access.KeyInfo) string {
					return strings.Join([]string{k.ID, string(k.Role), k.Name, strings.Join(k.Carriers, ","), day(k.Created), ended("revoked", k.Revoked)}, "\t")
				})
			})
		},
	}
	c.Flags().StringVar(&dir, "data", "", "the node's folder")
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON, one a line")
	required(c, "data")
	return c
}

func keyRevokeCommand() *cobra.Command {
	var dir string
	c := &cobra.Command{
		Use:     "revoke --data DIR ID",
		Short:   "End a bearer key, by the id that key list gives; at once, also while the node runs",
		Example: "  rihla key revoke --data node 01a2119d-3b2f-7c51-9f3e-0a6f5d2f4c11",
		Args:    cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, ids []string) error {
			return beside(c.Context(), dir, func(r *app.Rooms) error {
				if err := r.Access.RevokeKey(c.Context(), operator(), ids[0]); err != nil {
					return wrongName(err)
				}
				fmt.Fprintf(c.ErrOrStderr(), "%s is no key any more\n", ids[0])
				return nil
			})
		},
	}
	c.Flags().StringVar(&dir, "data", "", "the node's folder")
	required(c, "data")
	return c
}

// printEach prints a line each: fields parted by tabs for people, or JSON.
func printEach[T any](c *cobra.Command, asJSON bool, all []T, line func(T) string) error {
	out := json.NewEncoder(c.OutOrStdout())
	for _, one := range all {
		if asJSON {
			if err := out.Encode(one); err != nil {
				return err
			}
			continue
		}
		if _, err := fmt.Fprintln(c.OutOrStdout(), strings.TrimRight(line(one), "\t")); err != nil {
			return err
		}
	}
	return nil
}

func day(t time.Time) string { return t.UTC().Format(time.DateOnly) }

// ended says since when something no longer holds, and nothing where it does.
func ended(how string, t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return how + " " + day(t)
}

func keyExportCommand() *cobra.Command {
	var dir string
	c := &cobra.Command{
		Use:     "export --data DIR",
		Short:   "Print the node's master key, to be kept apart from its backups",
		Example: "  rihla key export --data node > /media/safe/rihla.key",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return beside(c.Context(), dir, func(r *app.Rooms) error {
				fmt.Fprintln(c.OutOrStdout(), r.Keys.Export())
				return nil
			})
		},
	}
	c.Flags().StringVar(&dir, "data", "", "the node's folder")
	required(c, "data")
	return c
}

// beside works on a node's folder, whether the node runs or not.
func beside(ctx context.Context, dir string, work func(*app.Rooms) error) error {
	r, err := app.Beside(ctx, dir)
	if err != nil {
		return err
	}
	return errors.Join(work(r), r.Close())
}

// operator is who acts from the command line, as the audit log names them.
func operator() string {
	if u, err := user.Current(); err == nil && u.Username != "" {
		return "operator " + u.Username
	}
	return "operator"
}

// wrongName tells what the caller may have got wrong from what the machine did.
func wrongName(err error) error {
	for _, theirs := range []error{access.ErrBadName, access.ErrWeakPassword, access.ErrExists, access.ErrUnknown, access.ErrUnknownRole} {
		if errors.Is(err, theirs) {
			return inputError{err}
		}
	}
	return err
}
