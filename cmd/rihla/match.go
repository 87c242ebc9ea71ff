package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/screening/names"
	"github.com/rihla/rihla/internal/sharing/matching"
)

func matchCommand() *cobra.Command {
	var o matchOptions
	c := &cobra.Command{
		Use:   "match --vectors FILE | --list FILE… --passengers FILE.tsv",
		Short: "Match passengers with a list privately, or check how that is done",
		Long: `With --vectors, runs a file of vectors, as partners exchange them before they match, and says what differs.

With --list and --passengers, plays both states in one process: the list's side makes an epoch's tags and answers, the asking
side asks in padded batches and finds its hits. It prints who is a hit and in which families of keys, then what was asked
and how long each side took. The table of passengers is as rihla screen takes it. Nothing is kept and nothing is sent.

The families: d document, n names and birth date as written, p sound of one name and birth date, s all letters and birth
date, a consonants of both names and birth date, y consonants and birth year. A hit of y alone is no lead.`,
		Example: "  rihla match --vectors private-matching-vectors.json\n  rihla match --list watchlist.csv --passengers flight.tsv --json",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			switch {
			case o.vectors != "" && (len(o.lists) > 0 || o.passengers != ""):
				return usageError{fmt.Errorf("--vectors goes alone; see %s --help", c.CommandPath())}
			case o.vectors != "":
				return o.checkVectors(c.OutOrStdout())
			case len(o.lists) == 0 || o.passengers == "":
				return usageError{fmt.Errorf("--vectors, or --list and --passengers, must be given; see %s --help", c.CommandPath())}
			case o.batch < 1:
				return usageError{fmt.Errorf("--batch is at least 1, not %d", o.batch)}
			}
			return o.match(c.Context(), c.OutOrStdout(), c.ErrOrStderr())
		},
	}
	f := c.Flags()
	f.StringVar(&o.vectors, "vectors", "", "a file of vectors to check")
	f.StringArrayVar(&o.lists, "list", nil, "a list, in any format; may be given again")
	f.StringVar(&o.passengers, "passengers", "", "the table of passengers, tab separated, with a header")
	f.BoolVar(&o.years, "years", true, "ask by birth years too, as for terrorism")
	f.IntVar(&o.batch, "batch", 1000, "the most passengers asked about at once")
	f.BoolVar(&o.json, "json", false, "print one JSON object")
	return c
}

type matchOptions struct {
	vectors, passengers string
	lists               []string
	batch               int
	years, json         bool
}

func (o *matchOptions) checkVectors(w io.Writer) error {
	text, err := readFile(o.vectors)
	if err != nil {
		return err
	}
	checked, err := matching.CheckVectors(text)
	if err != nil {
		return inputError{fmt.Errorf("%s: these are no vectors of private matching: %w", o.vectors, err)}
	}
	if o.json {
		err = json.NewEncoder(w).Encode(checked)
	} else {
		for _, d := range checked.Differs {
			fmt.Fprintln(w, d)
		}
		_, err = fmt.Fprintf(w, "%s, profile %s: %d tags and %d queries checked, %d differences\n",
			matching.Suite, matching.Profile, checked.Tags, checked.Queries, len(checked.Differs))
	}
	if err == nil && len(checked.Differs) > 0 {
		err = errSaid
	}
	return err
}

// matched is what one run found and cost.
type matched struct {
	Entries    int            `json:"entries"`
	ListKeys   int            `json:"list_keys"`
	Tags       int            `json:"tags"`
	Passengers int            `json:"passengers"`
	Batches    int            `json:"batches"`
	Asked      int            `json:"asked"`
	Padded     int            `json:"padded"`
	ListS      float64        `json:"list_s"` // on all cores
	AskerS     float64        `json:"asker_s"`
	HolderS    float64        `json:"holder_s"`
	Leads      int            `json:"leads"`
	Hits       []matching.Hit `json:"hits"`
}

func (o *matchOptions) match(ctx context.Context, out, words io.Writer) error {
	listed, err := listedPeople(o.lists)
	if err != nil {
		return err
	}
	table, err := readFile(o.passengers)
	if err != nil {
		return err
	}
	asked, err := readQueries(o.passengers, table)
	if err != nil {
		return err
	}
	scope := matching.Scope{Years: o.years}
	m := matched{Entries: len(listed), Passengers: len(asked), Hits: []matching.Hit{}}
	begun := time.Now()
	var keys []matching.Key
	for i := range listed {
		keys = append(keys, matching.Listed(&listed[i], scope)...)
	}
	epoch, err := matching.NewEpoch(begun.UTC().Format(time.DateOnly))
	if err != nil {
		return err
	}
	defer epoch.Destroy()
	tags, err := epoch.List(ctx, keys, 0)
	if err != nil {
		return err
	}
	m.ListKeys, m.Tags, m.ListS = len(keys), tags.Len(), time.Since(begun).Seconds()
	for len(asked) > 0 && ctx.Err() == nil {
		n := min(o.batch, len(asked))
		if err := m.ask(epoch, tags, asked[:n], scope); err != nil {
			return inputError{fmt.Errorf("%s: %w (--batch makes them smaller)", o.passengers, err)}
		}
		asked = asked[n:]
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if o.json {
		return json.NewEncoder(out).Encode(m)
	}
	for _, h := range m.Hits {
		families := make([]string, len(h.Families))
		for i, f := range h.Families {
			families[i] = string(f)
		}
		lead := "lead"
		if !h.Lead {
			lead = "weak"
		}
		fmt.Fprintf(out, "%s\t%s\t%s\n", h.Passenger, lead, strings.Join(families, " "))
	}
	fmt.Fprintf(words, "%d entries: %d keys, %d tags with padding, %.2f s\n%d passengers: %d keys asked, %d with padding in %d batches; %d hits, %d of them leads\nasking side %.2f s, list's side %.2f s\n",
		m.Entries, m.ListKeys, m.Tags, m.ListS, m.Passengers, m.Asked, m.Padded, m.Batches, len(m.Hits), m.Leads, m.AskerS, m.HolderS)
	return nil
}

// listedPeople reads everybody on some lists.
func listedPeople(files []string) (people []names.Person, err error) {
	for _, name := range files {
		if isCompanion(name, files) {
			continue
		}
		entries, err := readList(name)
		if err != nil {
			return nil, err
		}
		for i := range entries {
			people = append(people, screening.PersonOf(&entries[i]))
		}
	}
	return people, nil
}

// ask plays one batch: a question, its answer, the hits.
func (m *matched) ask(epoch *matching.Epoch, tags matching.Tags, asked []query, scope matching.Scope) error {
	passengers := make([]matching.Passenger, len(asked))
	for i := range asked {
		passengers[i] = matching.Passenger{ID: asked[i].id, Person: asked[i].person}
	}
	begun := time.Now()
	q, err := matching.NewQuestion(epoch.Name(), epoch.PublicKey(), passengers, scope)
	if err != nil {
		return err
	}
	blinded := time.Now()
	answer, err := epoch.Evaluate(q.Blinded)
	if err != nil {
		return err
	}
	answered := time.Now()
	hits, err := q.Finish(answer, tags)
	if err != nil {
		return err
	}
	m.AskerS += (blinded.Sub(begun) + time.Since(answered)).Seconds()
	m.HolderS += answered.Sub(blinded).Seconds()
	m.Batches++
	m.Asked += q.Asked
	m.Padded += len(q.Blinded)
	m.Hits = append(m.Hits, hits...)
	for _, h := range hits {
		if h.Lead {
			m.Leads++
		}
	}
	return nil
}
