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
	return group("user", "People who sign in to the pages", userCreateCommand())
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
			password, err := bufio.NewReader(c.InOrStdin()).ReadString('\n')
			if err != nil && !errors.Is(err, io.EOF) {
				return err
			}
			password = strings.TrimRight(password, "\r\n")
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
