package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/app"
	"github.com/rihla/rihla/internal/sharing/dialogue"
	"github.com/rihla/rihla/internal/sharing/ledger"
)

func dialogueCommand() *cobra.Command {
	return group("dialogue", "The periodic review of agreements with a partner state", dialogueListCommand(), dialogueReportCommand(), dialoguePDFCommand())
}

// inDialogue opens the room beside a node, for the operator.
func inDialogue(ctx context.Context, dir string, work func(*dialogue.Room, access.Principal) error) error {
	return beside(ctx, dir, func(r *app.Rooms) error {
		room, err := r.Dialogue(ctx)
		if err != nil {
			return err
		}
		return askedWrongly(work(room, access.Principal{Name: operator(), Role: access.Administrator}))
	})
}

// askedWrongly tells what the caller may have got wrong from what the machine did.
func askedWrongly(err error) error {
	if wrong, ok := errors.AsType[*api.Error](err); ok && wrong.Kind.Status() < 500 {
		return inputError{errors.New(wrong.Detail)}
	}
	return err
}

func dialogueListCommand() *cobra.Command {
	var dir string
	var asJSON bool
	c := &cobra.Command{
		Use:     "list --data DIR",
		Short:   "Say what meetings there are, newest first",
		Example: "  rihla dialogue list --data node",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return inDialogue(c.Context(), dir, func(room *dialogue.Room, p access.Principal) error {
				page, err := room.Meetings(c.Context(), p, dialogue.Query{Limit: 1000})
				if err != nil {
					return err
				}
				if asJSON {
					return json.NewEncoder(c.OutOrStdout()).Encode(page.Items)
				}
				t := tabwriter.NewWriter(c.OutOrStdout(), 0, 0, 2, ' ', 0)
				for _, m := range page.Items {
					fmt.Fprintf(t, "%s\t%s\t%s\twith %s\t%s\n", m.Number, m.Starts.Format("2006-01-02 15:04"), m.State, m.Partner, m.ID)
				}
				return t.Flush()
			})
		},
	}
	c.Flags().StringVar(&dir, "data", "", "the node's folder")
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	required(c, "data")
	return c
}

func dialogueReportCommand() *cobra.Command {
	var dir, agreement string
	var days ledger.Days
	var shared bool
	c := &cobra.Command{
		Use:   "report --data DIR --agreement ID --from DAY --to DAY",
		Short: "Make the review report of a period from the exchange log",
		Long: `Prints the report (rihla.review/v1) of an agreement and period as JSON. It is made from the exchange log alone: of a period
that is over, the same bytes each time. --shared shows it as others may see it, small numbers of people as "<5".`,
		Example: "  rihla dialogue report --data node --agreement bh-us-travel --from 2026-01-01 --to 2026-06-30",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return inDialogue(c.Context(), dir, func(room *dialogue.Room, p access.Principal) error {
				made, err := room.Report(c.Context(), p, agreement, days, shared)
				if err != nil {
					return err
				}
				_, err = fmt.Fprintf(c.OutOrStdout(), "%s\n", made.Review)
				return err
			})
		},
	}
	f := c.Flags()
	f.StringVar(&dir, "data", "", "the node's folder")
	f.StringVar(&agreement, "agreement", "", "the agreement's id")
	f.StringVar(&days.From, "from", "", "the first day, YYYY-MM-DD")
	f.StringVar(&days.To, "to", "", "the last day, YYYY-MM-DD")
	f.BoolVar(&shared, "shared", false, "as others may see it")
	required(c, "data", "agreement", "from", "to")
	return c
}

func dialoguePDFCommand() *cobra.Command {
	var dir, meeting, lang, out, browser string
	var asHTML bool
	c := &cobra.Command{
		Use:   "pdf --data DIR --meeting ID --lang en|ar --out FILE",
		Short: "Write a meeting's minutes as PDF",
		Long: `Writes the minutes as PDF by a Chromium found on this machine, which shapes Arabic as it should be. Where there is none,
--html writes the page itself: open it in any browser and print it.`,
		Example: "  rihla dialogue pdf --data node --meeting M-2026-01 --lang ar --out minutes.pdf",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			var page []byte
			err := inDialogue(c.Context(), dir, func(room *dialogue.Room, p access.Principal) error {
				id, err := meetingID(c.Context(), room, p, meeting)
				if err != nil {
					return err
				}
				page, err = room.Page(c.Context(), p, id, dialogue.Language(lang))
				return err
			})
			switch {
			case err != nil:
				return err
			case asHTML:
				return os.WriteFile(out, page, 0o600)
			}
			return printPDF(c.Context(), browser, page, out)
		},
	}
	f := c.Flags()
	f.StringVar(&dir, "data", "", "the node's folder")
	f.StringVar(&meeting, "meeting", "", "the meeting's number or id, as rihla dialogue list has them")
	f.StringVar(&lang, "lang", "en", "en or ar")
	f.StringVar(&out, "out", "", "the file to write")
	f.StringVar(&browser, "browser", "", "the Chromium to print with; absent: one that is found")
	f.BoolVar(&asHTML, "html", false, "write the page instead, for any browser to print")
	required(c, "data", "meeting", "out")
	return c
}

// meetingID finds a meeting by its number, or takes what is given as its id.
func meetingID(ctx context.Context, room *dialogue.Room, p access.Principal, meeting string) (string, error) {
	page, err := room.Meetings(ctx, p, dialogue.Query{Limit: 1000})
	for _, m := range page.Items {
		if m.Number == meeting {
			return m.ID, err
		}
	}
	return meeting, err
}
