package main

import (
	"context"
	"errors"
	"fmt"
	"os/user"

	"github.com/spf13/cobra"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/app"
)

func keyCommand() *cobra.Command {
	return group("key", "Keys to a node", keyCreateCommand(), keyExportCommand())
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
