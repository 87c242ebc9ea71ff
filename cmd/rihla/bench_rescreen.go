package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/rihla/rihla/internal/app"
	"github.com/rihla/rihla/internal/config"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/screening/lists"
	"github.com/rihla/rihla/internal/store"
	"github.com/rihla/rihla/internal/synth"
	"github.com/rihla/rihla/internal/travel"
)

// What bench rescreen does.
const (
	rescreenSubjects = 1_000_000
	rescreenEntries  = 100_000
	rescreenChanged  = 100
	rescreenPlanted  = 20 // of the changed entries, who name somebody ahead
	rescreenFlight   = 200
)

func benchRescreenCommand() *cobra.Command {
	var subjects, entries int
	c := benchCommandOf("rescreen", "A changed list against a million travellers still ahead",
		"Fills a store in a temporary folder with travellers on flights to come, written into its tables as a year of reports would leave them, beside a long list. Then a list of 100 entries is replaced by 100 others, 20 of whom name somebody ahead. Measured is from the commit of the change until everybody ahead is vouched for, and until those concerned were screened again and their findings and cases stored. The node knows who is ahead, as it does when it has run for a few minutes; how long it took to learn them from nothing is told apart.",
		func(c *cobra.Command) (figures, error) { return benchRescreen(c.Context(), subjects, entries) })
	c.Flags().IntVar(&subjects, "subjects", rescreenSubjects, "how many travellers are ahead")
	c.Flags().IntVar(&entries, "entries", rescreenEntries, "how many entries the long list has")
	return c
}

func benchRescreen(ctx context.Context, subjects, entries int) (f figures, err error) {
	if subjects < rescreenFlight || entries < 1 {
		return f, fmt.Errorf("measure at least %d subjects and one entry", rescreenFlight)
	}
	w := synth.Generate(synth.Options{Seed: 1, Flights: screenFlights, List: entries})
	n, stop, err := startTemporary(ctx, app.Config{Node: config.Node{Listen: "127.0.0.1:0", Home: "BHR"}})
	if err != nil {
		return f, err
	}
	defer func() { err = errors.Join(err, stop()) }()
	began := time.Now()
	if err := loadLists(ctx, n, w, "bench"); err != nil {
		return f, err
	}
	people := peopleOf(w)
	w = nil
	if _, err := changedList(ctx, n, 0, people); err != nil {
		return f, err
	}
	if _, err := vouched(ctx, n); err != nil {
		return f, err
	}
	listed := time.Since(began)
	began = time.Now()
	if err := fillAhead(ctx, n.Store, subjects, people); err != nil {
		return f, err
	}
	filled := time.Since(began)
	began = time.Now()
	ahead := n.Screener.AheadOf(travel.Name)
	if err := eventually(ctx, func() (bool, error) { return ahead.Len() == subjects, nil }); err != nil {
		return f, err
	}
	learned := time.Since(began)
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)

	committed, err := changedList(ctx, n, 1, people)
	if err != nil {
		return f, err
	}
	vouchedAt, err := vouched(ctx, n)
	if err != nil {
		return f, err
	}
	if err := eventually(ctx, func() (bool, error) {
		var due int
		err := n.Store.Read().QueryRowContext(ctx, `select count(*) from screening_due`).Scan(&due)
		return due == 0, err
	}); err != nil {
		return f, err
	}
	took := time.Since(committed)
	var found int
	if err := n.Store.Read().QueryRowContext(ctx, `select count(*) from screening_finding where state = 0 and matched like 'changed/%'`).Scan(&found); err != nil {
		return f, err
	}
	if found < rescreenPlanted {
		return f, fmt.Errorf("only %d findings on the changed list: the %d it names among those ahead were not all found", found, rescreenPlanted)
	}
	f = figures{Bench: "rescreen", Unit: "subjects/s", Rate: float64(subjects) / took.Seconds(), Seconds: took.Seconds(), Binds: "the cores: names are compared in memory"}
	f.notes = []string{
		fmt.Sprintf("%d entries changed, %d travellers ahead: everybody vouched for after %.2f s, %d findings stored after %.2f s", rescreenChanged, subjects, vouchedAt.Sub(committed).Seconds(), found, took.Seconds()),
		fmt.Sprintf("before: %d entries loaded in %.1f s, travellers written in %.1f s and learned in %.1f s; %d MiB in use", entries, listed.Seconds(), filled.Seconds(), learned.Seconds(), m.HeapAlloc>>20),
	}
	return f, nil
}

type benchPerson struct{ surname, given, born, number string }

// peopleOf gives the surnames and given names of a world, to be put together anew.
func peopleOf(w *synth.World) []benchPerson {
	var out []benchPerson
	for _, flight := range w.Truth.Flights {
		for _, p := range flight.Passengers {
			out = append(out, benchPerson{surname: p.Surname, given: p.Given})
		}
	}
	return out
}

// person is the i-th traveller: a surname of one and a given name of another.
func person(people []benchPerson, i int) benchPerson {
	surname, given := people[i*7919%len(people)], people[(i/len(people)+i*104729)%len(people)]
	return benchPerson{surname.surname, given.given, fmt.Sprintf("%d-%02d-%02d", 1945+i*31%62, 1+i*7%12, 1+i*13%28), fmt.Sprintf("N%08d", i)}
}

// changedList replaces the short list whole and answers when that was committed.
func changedList(ctx context.Context, n *app.Node, version int, people []benchPerson) (time.Time, error) {
	var csv strings.Builder
	csv.WriteString("id,surname,given,born,nationality,documents\n")
	for i := range rescreenChanged {
		p := person(people, 1_000_003*(version+1)+i*977) // nobody in particular
		if version > 0 && i < rescreenPlanted {
			p = person(people, i*9)
		}
		fmt.Fprintf(&csv, "E%d,%s,%s,%s,BHR,\n", i, p.surname, p.given, p.born)
	}
	_, err := screening.LoadList(ctx, n.Store, screening.Upload{Name: "changed", By: "bench", Role: "administrator", Force: true, Reason: "a benchmark",
		Files: []lists.File{{Name: "changed.csv", Data: []byte(csv.String())}}})
	return time.Now(), err
}

var (
	aheadFlights = store.NewInsert("travel_flight", []string{"id", "version", "carrier", "number", "date", "origin", "destination", "departs", "ahead", "status", "body", "facts"}, "")
	aheadPeople  = store.NewInsert("travel_passenger", []string{"flight", "id", "role", "status", "folded", "hash", "records", "body"}, "")
	aheadAliases = store.NewInsert("travel_alias", []string{"record", "flight", "passenger"}, "")
)

// fillAhead writes travellers on flights to come into travel's tables, ten flights a transaction.
func fillAhead(ctx context.Context, st *store.Store, subjects int, people []benchPerson) error {
	const flightsAtOnce = 10
	departs := time.Now().Add(48 * time.Hour).UTC().Truncate(time.Second)
	for from := 0; from < subjects; from += flightsAtOnce * rescreenFlight {
		var flights, rows, aliases [][]any
		for i := from; i < min(from+flightsAtOnce*rescreenFlight, subjects); i++ {
			number := i / rescreenFlight
			flight := fmt.Sprintf("00000000-0000-8000-8000-%012d", number)
			if i%rescreenFlight == 0 {
				f := travel.Flight{ID: flight, Carrier: "ZZ", Number: fmt.Sprint(number), Date: departs.Format(time.DateOnly), From: "LHR", To: "BAH", Departs: departs, Status: "scheduled"}
				body, err := json.Marshal(f)
				if err != nil {
					return err
				}
				flights = append(flights, []any{flight, 1, f.Carrier, f.Number, f.Date, f.From, f.To, store.Micros(departs), store.Micros(departs.Add(18 * time.Hour)), f.Status, string(body), "{}"})
			}
			who := person(people, i)
			p := travel.Passenger{ID: fmt.Sprintf("00000000-0000-8000-9000-%012d", i), Flight: flight, Status: travel.Booked, Sources: []string{"api"}}
			p.Surname, p.Given, p.Born, p.Nationality = who.surname, who.given, who.born, "GBR"
			p.Documents = []travel.Document{{Type: "P", Number: who.number, Issuer: "GBR"}}
			body, err := json.Marshal(p)
			if err != nil {
				return err
			}
			rows = append(rows, []any{flight, p.ID, "passenger", string(p.Status), strings.ToLower(p.Surname + " " + p.Given), i, p.ID, string(body)})
			aliases = append(aliases, []any{p.ID, flight, p.ID})
		}
		err := st.Write(ctx, func(ctx context.Context, tx store.Tx) error {
			if _, err := aheadFlights.Exec(ctx, tx, flights); err != nil {
				return err
			}
			if _, err := aheadPeople.Exec(ctx, tx, rows); err != nil {
				return err
			}
			_, err := aheadAliases.Exec(ctx, tx, aliases)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// vouched waits until everybody ahead is vouched for under the newest generation.
func vouched(ctx context.Context, n *app.Node) (at time.Time, err error) {
	err = eventually(ctx, func() (bool, error) {
		current, err := screening.Current(ctx, n.Store.Read())
		if err != nil {
			return false, err
		}
		for _, d := range n.Domains {
			if generation, err := screening.Vouched(ctx, n.Store.Read(), d.Name()); err != nil || generation != current {
				return false, err
			}
		}
		return true, nil
	})
	return time.Now(), err
}

func eventually(ctx context.Context, holds func() (bool, error)) error {
	const often, atMost = 10 * time.Millisecond, 20 * time.Minute
	for end := time.Now().Add(atMost); time.Now().Before(end); {
		ok, err := holds()
		if err != nil || ok {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(often):
		}
	}
	return errors.New("it did not come to an end in twenty minutes")
}
