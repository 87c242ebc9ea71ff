package main

import (
	"bytes"
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"github.com/rihla/rihla/formats/country"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/screening/lists"
	"github.com/rihla/rihla/internal/screening/names"
	"github.com/rihla/rihla/internal/synth"
)

// What bench screen does.
const (
	screenEntries = 1_000_000
	screenNames   = 12_000
	screenFlights = 120
	screenFor     = 8 * time.Second
)

func benchScreenCommand() *cobra.Command {
	var entries int
	c := benchCommandOf("screen", "Travellers against a million listed people",
		"Makes an invented list, indexes it and compares travellers with all of it on all cores: names, dates, countries, documents, nothing remembered of who was asked before. Then the same with a list of the size of OFAC's. The rate is of full queries a second.",
		func(*cobra.Command) (figures, error) { return benchScreen(entries) })
	c.Flags().IntVar(&entries, "entries", screenEntries, "how many are listed")
	return c
}

func benchScreen(entries int) (figures, error) {
	w := synth.Generate(synth.Options{Seed: 1, Flights: screenFlights})
	asked := travellers(w)
	small, _, err := benchCrowd(screenNames, asked)
	if err != nil {
		return figures{}, err
	}
	f, note, err := benchCrowd(entries, asked)
	if err != nil {
		return f, err
	}
	f.Bench, f.Unit = "screen", "queries/s"
	f.Binds = "the cores: every query is computed, none waits"
	f.notes = []string{note,
		fmt.Sprintf("at %d entries: %.0f queries/s, %.3f ms (99 %%)", screenNames, small.Rate, small.P99)}
	f.AtSmall = small.Rate
	return f, nil
}

// benchCrowd measures travellers against an invented list.
func benchCrowd(entries int, asked []names.Person) (f figures, note string, err error) {
	index, size, took, err := inventedCrowd(entries)
	if err != nil {
		return f, "", err
	}
	workers := runtime.GOMAXPROCS(0)
	durations := make([][]time.Duration, workers)
	began := time.Now()
	var all sync.WaitGroup
	for k := range workers {
		all.Go(func() {
			var hits []names.Hit
			for i := k; time.Since(began) < screenFor; i += workers {
				at := time.Now()
				hits = index.Match(hits[:0], &asked[i%len(asked)], 0.5, mostScreened)
				durations[k] = append(durations[k], time.Since(at))
			}
		})
	}
	all.Wait()
	elapsed := time.Since(began)
	every := slices.Concat(durations...)
	f.Rate = float64(len(every)) / elapsed.Seconds()
	f.percentiles(every)
	return f, fmt.Sprintf("%d entries with %d names, indexed in %.1f s, %d bytes an entry resident", entries, size.names, took.Seconds(), size.bytes/int64(entries)), nil
}

type crowdSize struct {
	names int
	bytes int64
}

// inventedCrowd indexes an invented list, read as any list is.
func inventedCrowd(entries int) (index *names.Index, size crowdSize, took time.Duration, err error) {
	var people []names.Person
	for _, l := range synth.Generate(synth.Options{Seed: 2, Flights: 1, List: entries}).Lists {
		if !strings.HasPrefix(l.Name, "invented") {
			continue
		}
		var data bytes.Buffer
		if err := l.Write(&data); err != nil {
			return nil, size, 0, err
		}
		list, err := lists.Read([]lists.File{{Name: l.Name, Data: data.Bytes()}})
		if err != nil {
			return nil, size, 0, err
		}
		for i := range list.Entries {
			if list.Entries[i].Schema == "Person" {
				people = append(people, screening.PersonOf(&list.Entries[i]))
				size.names += len(list.Entries[i].Names)
			}
		}
	}
	if len(people) == 0 {
		return nil, size, 0, errors.New("the invented list has no people")
	}
	debug.FreeOSMemory()
	began := time.Now()
	index = names.Build(people)
	took = time.Since(began)
	people = nil
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	size.bytes = int64(m.HeapAlloc) //nolint:gosec // a heap is shorter
	return index, size, took, nil
}

// travellers are the people of a world as they are asked about.
func travellers(w *synth.World) []names.Person {
	var out []names.Person
	for _, f := range w.Truth.Flights {
		for _, p := range f.Passengers {
			q := names.Person{Names: []names.Name{{Surname: p.Surname, Given: p.Given}}}
			if p.Born != "" {
				q.Births = []string{p.Born}
			}
			for _, d := range p.Documents {
				q.Documents = append(q.Documents, names.Document{Type: d.Type, Number: d.Number, Country: country.ISO(d.Issuer)})
			}
			out = append(out, q)
		}
	}
	return out
}
