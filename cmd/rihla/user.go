package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/app"
)

func userCommand() *cobra.Command {
	return group("user", "People who sign in to the pages", userCreateCommand(), userListCommand(), userPasswordCommand(), userDisableCommand())
}

func userCreateCommand() *cobra.Command {
	var dir, role, name string
	c := &cobra.Command{
		Use:     "create --data DIR --role ROLE --name NAME < password",
		Short:   "Make an account; the password is the first line of standard input",
		Example: "  rihla user create --data node --role analyst --name huda < password.txt",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			as, err := access.ParseRole(role)
			if err != nil {
				return usageError{err}
			}
			password, err := readPassword(c.InOrStdin())
			if err != nil {
				return err
			}
			return beside(c.Context(), dir, func(r *app.Rooms) error {
				if err := r.Access.CreateAccount(c.Context(), operator(), access.NewAccount{Name: name, Role: as, Password: password}); err != nil {
					return wrongName(err)
				}
				fmt.Fprintf(c.ErrOrStderr(), "%s may sign in as %s\n", name, role)
				return nil
			})
		},
	}
	f := c.Flags()
	f.StringVar(&dir, "data", "", "the node's folder")
	f.StringVar(&role, "role", "", fmt.Sprintf("one of %v", access.Roles))
	f.StringVar(&name, "name", "", "who signs in")
	required(c, "data", "role", "name")
	return c
}

// readPassword takes the first line.
func readPassword(from io.Reader) (string, error) {
	line, err := bufio.NewReader(from).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", err
	}
	return strings.TrimRight(line, "\r\n"), nil
}

func userListCommand() *cobra.Command {
	var dir string
	var asJSON bool
	c := &cobra.Command{
		Use:     "list --data DIR",
		Short:   "Say who may sign in",
		Example: "  rihla user list --data node",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return beside(c.Context(), dir, func(r *app.Rooms) error {
				made, err := r.Access.Accounts(c.Context())
				if err != nil {
					return err
				}
				return printEach(c, asJSON, made, func(a access.AccountInfo) string {
					return strings.Join([]string{a.Name, string(a.Role), day(a.Created), ended("disabled", a.Disabled)}, "\t")
				})
			})
		},
	}
	c.Flags().StringVar(&dir, "data", "", "the node's folder")
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON, one a line")
	required(c, "data")
	return c
}

func userPasswordCommand() *cobra.Command {
	return accountCommand("password", "Give somebody another password, the first line of standard input, and end their sessions",
		"  rihla user password --data node --name huda < password.txt", func(c *cobra.Command, r *app.Rooms, name string) error {
			password, err := readPassword(c.InOrStdin())
			if err != nil {
				return err
			}
			return r.Access.SetPassword(c.Context(), operator(), name, password)
		})
}

func userDisableCommand() *cobra.Command {
	return accountCommand("disable", "Shut somebody out and end their sessions, at once", "  rihla user disable --data node --name huda",
		func(c *cobra.Command, r *app.Rooms, name string) error {
			return r.Access.DisableAccount(c.Context(), operator(), name)
		})
}

// accountCommand does one thing to one account.
func accountCommand(use, short, example string, do func(*cobra.Command, *app.Rooms, string) error) *cobra.Command {
	var dir, name string
	c := &cobra.Command{
		Use: use + " --data DIR --name NAME", Short: short, Example: example, Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return beside(c.Context(), dir, func(r *app.Rooms) error { return wrongName(do(c, r, name)) })
		},
	}
	c.Flags().StringVar(&dir, "data", "", "the node's folder")
	c.Flags().StringVar(&name, "name", "", "whose account")
	required(c, "data", "name")
	return c
}
