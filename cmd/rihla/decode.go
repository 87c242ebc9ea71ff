package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/rihla/rihla/formats/fault"
)

// formatNames are what --format may say.
func formatNames() []string {
	names := []string{"auto", "paxlst", "pnrgov", "cusres", "ackres", "govreq"}
	for _, f := range fileFormats {
		names = append(names, f.name)
	}
	return names
}

func decodeCommand() *cobra.Command {
	var format string
	var strict bool
	c := &cobra.Command{
		Use:   "decode [--format auto] [--strict] FILE…",
		Short: "Read messages and print what they say, one JSON object a line",
		Long: `Reads every message of the files (- is standard input), whatever the format, and prints one JSON object a line for
each. What breaks the standard but can be understood is kept, with a warning at its place. A message that cannot be read
is a line too, with its error; the rest is still read, and the exit status is 1. Nothing is kept.`,
		Example: "  rihla decode flight.edi\n  zcat pushes.edi.gz | rihla decode - | jq .flight",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, files []string) error {
			if names := formatNames(); !slices.Contains(names, format) {
				return usageError{fmt.Errorf("--format %s: it is one of %v", format, names)}
			}
			out := bufio.NewWriterSize(c.OutOrStdout(), 1<<20)
			bad := false
			for _, name := range files {
				raw, err := readFile(name)
				if err != nil {
					return errors.Join(err, out.Flush())
				}
				some, err := decodeFile(out, name, raw, format, strict)
				bad = bad || some
				if err != nil {
					return errors.Join(err, out.Flush())
				}
			}
			if err := out.Flush(); err != nil {
				return err
			}
			if bad {
				return errSaid
			}
			return nil
		},
	}
	c.Flags().StringVar(&format, "format", "auto", "the format to expect; auto goes by content")
	c.Flags().BoolVar(&strict, "strict", false, "what breaks the standard is an error")
	return c
}

// refused is the line of a message that cannot be read, with what else was noticed of it.
type refused struct {
	Format   string        `json:"format,omitempty"`
	File     string        `json:"file"`
	Error    *fault.Fault  `json:"error"`
	Warnings []fault.Fault `json:"warnings,omitempty"`
}

// decodeFile prints a file's messages and answers whether any could not be read. Reading and printing take a core each.
func decodeFile(out io.Writer, name string, raw []byte, format string, strict bool) (bad bool, err error) {
	const ahead = 64
	messages := make(chan message, ahead)
	stop := make(chan struct{})
	read := make(chan error, 1)
	go func() {
		defer close(messages)
		read <- eachMessage(raw, format, time.Now(), func(m message) error {
			select {
			case messages <- m:
				return nil
			case <-stop:
				return errStopped
			}
		})
	}()
	defer func() {
		close(stop)
		if e := <-read; !errors.Is(e, errStopped) {
			err = errors.Join(err, e)
		}
	}()
	var line []byte
	for m := range messages {
		if f := m.strictly(strict); f != nil {
			bad = true
			said := refused{m.format, name, f, nil}
			if m.err != nil {
				said.Warnings = m.warnings
			}
			text, err := json.Marshal(said)
			if err != nil {
				return bad, err
			}
			line = append(line[:0], text...)
		} else {
			line = m.json(line[:0])
		}
		line = append(line, '\n')
		if _, err := out.Write(line); err != nil {
			return bad, err
		}
	}
	return bad, nil
}

var errStopped = errors.New("stopped")

// strictly answers why a message is refused: it cannot be read or, read strictly, it breaks the standard.
func (m *message) strictly(strict bool) *fault.Fault {
	if m.err != nil || !strict {
		return m.err
	}
	for _, list := range [][]fault.Fault{m.lost, m.warnings} {
		for i := range list {
			if list[i].Strict || len(m.lost) > 0 {
				return &list[i]
			}
		}
	}
	return nil
}
