package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/rihla/rihla/formats/fault"
)

// remark is one thing a carrier should mend.
type remark struct {
	File     string `json:"file"`
	Severity string `json:"severity"` // error: it could not be read; fault: it breaks the standard; remark: it can be better
	Format   string `json:"format,omitempty"`
	fault.Fault
}

func checkCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:     "check FILE…",
		Short:   "Say what a carrier should mend in its messages",
		Long:    "Reads every message of the files and says, as a person would, what is wrong: how bad it is, where, by which rule, and how to mend it. The exit status is 1 when something could not be read or breaks the standard.",
		Example: "  rihla check flight.edi\n  rihla check --json *.edi | jq -r .rule | sort | uniq -c",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, files []string) error {
			out := bufio.NewWriter(c.OutOrStdout())
			bad := false
			for _, name := range files {
				raw, err := readFile(name)
				if err != nil {
					return errors.Join(err, out.Flush())
				}
				messages, remarks := 0, 0
				say := func(severity, format string, f *fault.Fault) error {
					remarks++
					bad = bad || severity != "remark"
					return printRemark(out, asJSON, remark{name, severity, format, *f})
				}
				err = eachMessage(raw, "auto", time.Now(), func(m message) error {
					messages++
					if m.err != nil {
						if err := say("error", m.format, m.err); err != nil {
							return err
						}
					}
					for i := range m.lost {
						if err := say("error", m.format, &m.lost[i]); err != nil {
							return err
						}
					}
					for i := range m.warnings {
						severity := "remark"
						if m.warnings[i].Strict {
							severity = "fault"
						}
						if err := say(severity, m.format, &m.warnings[i]); err != nil {
							return err
						}
					}
					return nil
				})
				if err != nil {
					return errors.Join(err, out.Flush())
				}
				if remarks == 0 && !asJSON {
					fmt.Fprintf(out, "%s: %d messages, nothing to mend\n", name, messages)
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
	c.Flags().BoolVar(&asJSON, "json", false, "one JSON object a line")
	return c
}

func printRemark(out *bufio.Writer, asJSON bool, r remark) error {
	if asJSON {
		text, err := json.Marshal(r)
		if err != nil {
			return err
		}
		_, err = out.Write(append(text, '\n'))
		return err
	}
	place := r.Place()
	if r.Segment > 0 {
		place = fmt.Sprintf("segment %d (%s), offset %d", r.Segment, r.Tag, r.Offset)
	}
	fmt.Fprintf(out, "%s: %s: %s: %s [%s]\n", r.File, place, r.Severity, r.Message, r.Rule)
	if r.Mend != "" {
		fmt.Fprintf(out, "    mend: %s\n", r.Mend)
	}
	return nil
}
