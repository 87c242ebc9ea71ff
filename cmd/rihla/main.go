// Command rihla is the whole of Rihla in one binary: a node, and the tools of those who file with it, work at it and
// watch over it. Each subcommand is a file of its own; this one only says how they end.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"
	_ "time/tzdata" // airports keep local times; the machine may have no zones

	"github.com/spf13/cobra"

	"github.com/rihla/rihla/internal/app"
)

func main() { os.Exit(run(os.Args[1:])) }

// How a command ends.
const (
	done    = 0
	wrong   = 1 // the input was wrong
	misused = 2 // the command was
	failed  = 3 // the machine
)

// inputError is an error of the input: said what, where and how to mend it.
type inputError struct{ error }

func (e inputError) Unwrap() error { return e.error }

// usageError is an error of the command line.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

// errSaid ends a command whose input was wrong once all of it has been said already.
var errSaid = inputError{errors.New("")}

func run(args []string) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	root := command()
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return done
	}
	if text := err.Error(); text != "" {
		fmt.Fprintln(os.Stderr, "rihla: "+text)
	}
	switch {
	case errors.As(err, new(usageError)), strings.HasPrefix(err.Error(), "unknown command"):
		return misused
	case errors.As(err, new(inputError)):
		return wrong
	}
	return failed
}

func command() *cobra.Command {
	root := &cobra.Command{
		Use:           "rihla",
		Short:         "Who and what is about to cross the border",
		Long:          "Rihla keeps every report that carriers file, understands it, screens it, and puts the few that matter before a human.",
		Version:       app.Version,
		SilenceUsage:  true,
		SilenceErrors: true,
		Args:          cobra.NoArgs,
		RunE:          func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	root.CompletionOptions.HiddenDefaultCmd = true
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		return usageError{fmt.Errorf("%w; see %s --help", err, c.CommandPath())}
	})
	root.AddCommand(
		decodeCommand(), checkCommand(), generateCommand(),
		serveCommand(), demoCommand(), sendCommand(),
		keyCommand(), userCommand(), listCommand(), feedCommand(), screenCommand(), rulesCommand(), auditCommand(), partnerCommand(),
		documentCommand(), matchCommand(), agreementCommand(), dialogueCommand(), exerciseCommand(),
		benchCommand(), evalCommand(), openapiCommand(),
	)
	strict(root)
	return root
}

// strict makes wrong arguments of every command errors of its use.
func strict(c *cobra.Command) {
	if check := c.Args; check != nil {
		c.Args = func(c *cobra.Command, args []string) error {
			if err := check(c, args); err != nil {
				return usageError{fmt.Errorf("%w; see %s --help", err, c.CommandPath())}
			}
			return nil
		}
	}
	for _, sub := range c.Commands() {
		strict(sub)
	}
}

// group is a command that only holds others.
func group(use, short string, of ...*cobra.Command) *cobra.Command {
	c := &cobra.Command{Use: use, Short: short, Args: cobra.NoArgs, RunE: func(c *cobra.Command, _ []string) error {
		return usageError{fmt.Errorf("say which; see %s --help", c.CommandPath())}
	}}
	c.AddCommand(of...)
	return c
}

// required marks flags that must be given.
func required(c *cobra.Command, flags ...string) {
	before := c.PreRunE
	c.PreRunE = func(c *cobra.Command, args []string) error {
		for _, name := range flags {
			if !c.Flags().Changed(name) {
				return usageError{fmt.Errorf("--%s must be given; see %s --help", name, c.CommandPath())}
			}
		}
		if before != nil {
			return before(c, args)
		}
		return nil
	}
}
