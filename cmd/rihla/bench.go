package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/pprof"
	"slices"
	"time"

	"github.com/spf13/cobra"
)

// figures are what a benchmark measured. What does not apply is left out.
type figures struct {
	Bench            string                   `json:"bench"`
	Rate             float64                  `json:"rate"`
	Unit             string                   `json:"unit"`
	P50              float64                  `json:"p50_ms,omitempty"`
	P99              float64                  `json:"p99_ms,omitempty"`
	P999             float64                  `json:"p999_ms,omitempty"`
	MBs              float64                  `json:"mb_s,omitempty"`
	AllocsPerSegment *float64                 `json:"allocs_per_segment,omitempty"`
	Formats          map[string]formatFigures `json:"formats,omitempty"`
	Rules            int                      `json:"rules,omitempty"`
	Evaluated        float64                  `json:"evaluated,omitempty"`       // rules, of an average passenger
	AtSmall          float64                  `json:"rate_12000,omitempty"`      // screen: against a list of 12,000
	Seconds          float64                  `json:"seconds,omitempty"`         // rescreen: from the change to the end
	AtBusiest        float64                  `json:"p99_busiest_ms,omitempty"`  // links: of those who travelled most
	ObjectsASecond   float64                  `json:"objects_s,omitempty"`       // taxii: in bundles of 1,000
	ObjectsLarge     float64                  `json:"objects_s_large,omitempty"` // taxii: on the way to the full collection
	PagesSmall       float64                  `json:"pages_s_1000,omitempty"`    // taxii: of 1,000 objects, from a collection of 1,000
	PagesLarge       float64                  `json:"pages_s_full,omitempty"`    // taxii: from the full collection
	Singles          float64                  `json:"singles_s,omitempty"`       // exchange: in messages of their own, each released by a person
	Office           float64                  `json:"office_s,omitempty"`        // exchange: by the two post offices alone, in messages of their own
	PeakBytes        int64                    `json:"peak_bytes,omitempty"`
	Binds            string                   `json:"binds,omitempty"`
	On               string                   `json:"on"`

	notes []string // for people
}

type formatFigures struct {
	MBs              float64 `json:"mb_s"`
	AllocsPerSegment float64 `json:"allocs_per_segment"`
}

func benchCommand() *cobra.Command {
	return group("bench", "Measure this machine", benchDecodeCommand(), benchExchangeCommand(), benchIngestCommand(), benchLinksCommand(), benchLogmatchCommand(), benchRespondCommand(), benchRulesCommand(), benchRescreenCommand(), benchScreenCommand(), benchTAXIICommand())
}

func benchCommandOf(use, short, long string, measure func(*cobra.Command) (figures, error)) *cobra.Command {
	var asJSON bool
	var profile string
	c := &cobra.Command{
		Use: use, Short: short, Long: long,
		Example: "  rihla bench " + use + "\n  rihla bench " + use + " --json | jq .rate",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			stop, err := startProfile(profile)
			if err != nil {
				return err
			}
			f, err := measure(c)
			if err := errors.Join(err, stop()); err != nil {
				return err
			}
			f.On, f.PeakBytes = machine(), peakMemory()
			if asJSON {
				return json.NewEncoder(c.OutOrStdout()).Encode(f)
			}
			f.print(c.OutOrStdout())
			return nil
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	c.Flags().StringVar(&profile, "profile", "", "write a CPU profile, for go tool pprof")
	return c
}

func startProfile(name string) (stop func() error, err error) {
	if name == "" {
		return func() error { return nil }, nil
	}
	f, err := os.Create(name) //nolint:gosec // whoever runs the command names it
	if err != nil {
		return nil, err
	}
	if err := pprof.StartCPUProfile(f); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return func() error { pprof.StopCPUProfile(); return f.Close() }, nil
}

func (f *figures) print(w io.Writer) {
	fmt.Fprintf(w, "%s: %.0f %s\n", f.Bench, f.Rate, f.Unit)
	for _, name := range []string{"paxlst", "pnrgov"} {
		if of, ok := f.Formats[name]; ok {
			fmt.Fprintf(w, "  %s: %.0f MB/s, %.4f allocations a segment\n", name, of.MBs, of.AllocsPerSegment)
		}
	}
	switch {
	case f.Rules > 0:
		fmt.Fprintf(w, "  a passenger took %.1f µs (median), %.1f µs (99 %%)\n", 1000*f.P50, 1000*f.P99)
	case f.Bench == "links":
		fmt.Fprintf(w, "  two steps from anyone took %.2f ms (median), %.2f ms (99 %%), %.2f ms (99.9 %%)\n", f.P50, f.P99, f.P999)
	case f.P50 > 0:
		fmt.Fprintf(w, "  each in %.2f ms (median), %.2f ms (99 %%), %.2f ms (99.9 %%)\n", f.P50, f.P99, f.P999)
	}
	for _, note := range f.notes {
		fmt.Fprintln(w, "  "+note)
	}
	if f.Binds != "" {
		fmt.Fprintln(w, "  what binds: "+f.Binds)
	}
	fmt.Fprintf(w, "  peak memory %d MiB\n  on %s\n", f.PeakBytes>>20, f.On)
}

// percentiles are of durations, in milliseconds.
func (f *figures) percentiles(took []time.Duration) {
	if len(took) == 0 {
		return
	}
	slices.Sort(took)
	at := func(p float64) float64 {
		return float64(took[min(int(p*float64(len(took))), len(took)-1)]) / float64(time.Millisecond)
	}
	f.P50, f.P99, f.P999 = at(.5), at(.99), at(.999)
}
