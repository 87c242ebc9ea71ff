package synth_test

import (
	"bytes"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rihla/rihla/formats/fault"
	"github.com/rihla/rihla/formats/hall"
	"github.com/rihla/rihla/internal/synth"
)

var hallWorld = synth.Options{Seed: 9, Flights: 12, Small: 60, Large: 120, Hall: true}

// What the airport files can be read, line by line but for those that the network cut, and adds up to the truth: every
// passenger who came has one visit after which they were through.
func TestHallsAreFiled(t *testing.T) {
	t.Parallel()
	w := synth.Generate(hallWorld)
	files, lost, documents, blocks := 0, 0, 0, map[hall.Flight]bool{}
	type visit struct{ hall, desk, began string }
	last := map[visit]hall.Passage{}
	for _, m := range w.Messages {
		if m.Domain != "facilitation" {
			continue
		}
		files++
		if !hall.Recognise(m.Body) || m.Carrier != "airport-bah" || m.Flight != "" {
			t.Errorf("%s: %+v", m.Name, m)
		}
		if err := hall.Read(m.Body, func(d *hall.Document, f *fault.Fault) error {
			if f != nil {
				return f
			}
			lost += len(d.Lost)
			if len(d.Warnings) > 0 {
				t.Errorf("%s: %v", m.Name, d.Warnings)
			}
			if m.Body[0] == '{' && bytes.Count(m.Body, []byte("\n")) == 1 {
				documents++
			}
			for _, b := range d.Blocks {
				blocks[b.Flight] = true
			}
			for _, p := range d.Passages { // corrections come later
				last[visit{p.Hall, p.Desk, p.Began.String()}] = p
			}
			return nil
		}); err != nil {
			t.Errorf("%s: %v", m.Name, err)
		}
	}
	through, came, people := 0, 0, map[string]int{}
	for _, p := range last {
		if p.Result == hall.Passed {
			through++
			people[p.Document.Number]++
		}
	}
	for number, n := range people {
		if n != 1 {
			t.Errorf("%s came through %d times", number, n)
		}
	}
	for _, q := range w.Truth.Hall.Quarters {
		came += q.Came
	}
	if files < 12 || lost == 0 || documents == 0 || len(blocks) != len(w.Truth.Hall.Flights) || through != came || came < 300 {
		t.Errorf("%d files, %d lines lost, %d documents, %d flights of %d, %d through and %d in truth", files, lost, documents, len(blocks), len(w.Truth.Hall.Flights), through, came)
	}
}

// The truth of the halls is that of the flights: every passenger who may come has a lane, and nobody else; most lanes are
// used; nobody waits for ever.
func TestHallTruth(t *testing.T) {
	t.Parallel()
	w := synth.Generate(hallWorld)
	meant, all := map[string]map[string]int{}, map[string]int{}
	for i := range w.Truth.Flights {
		f := &w.Truth.Flights[i]
		for _, p := range f.Passengers {
			if p.Lane == "" {
				continue
			}
			if f.To != "BAH" || f.Status == "cancelled" || p.Status == "cancelled" || p.Status == "not-boarded" {
				t.Errorf("%s, %s, has a lane", f.Key(), p.Status)
			}
			if p.Planted != "" && p.Lane != hall.Secondary {
				t.Errorf("planted as %s and meant for %s", p.Planted, p.Lane)
			}
			if meant[f.Key()] == nil {
				meant[f.Key()] = map[string]int{}
			}
			meant[f.Key()][p.Lane]++
			all[p.Lane]++
		}
	}
	told := map[string]map[string]int{}
	for _, f := range w.Truth.Hall.Flights {
		told[f.Flight] = f.Lanes
	}
	if diff := cmp.Diff(meant, told); diff != "" {
		t.Error(diff)
	}
	for _, lane := range []string{hall.Staffed, hall.EGate, hall.Priority, hall.Secondary} {
		if all[lane] == 0 {
			t.Errorf("nobody is meant for %s: %v", lane, all)
		}
	}
	worst := 0
	for _, q := range w.Truth.Hall.Quarters {
		worst = max(worst, q.Wait.P95)
		sum := 0
		for lane, n := range q.Lanes {
			if sum += n; q.Waits[lane].Count != n {
				t.Errorf("%+v", q)
			}
		}
		if q.Wait.Count != sum || q.Came > sum {
			t.Errorf("%+v", q)
		}
	}
	if worst < 60 || worst > 3600 {
		t.Errorf("the worst wait is %d s", worst)
	}
}

// A world without halls is, but for them, the same.
func TestHallsChangeNothingElse(t *testing.T) {
	t.Parallel()
	o := hallWorld
	with := synth.Generate(o)
	o.Hall = false
	without := synth.Generate(o)
	var bodies [2][][]byte
	for i, w := range []*synth.World{with, without} {
		for _, m := range w.Messages {
			if m.Domain == "" {
				bodies[i] = append(bodies[i], m.Body)
			}
		}
	}
	if !slices.EqualFunc(bodies[0], bodies[1], bytes.Equal) {
		t.Error("the messages of the airlines differ")
	}
	if without.Truth.Hall != nil || with.Truth.Passengers != without.Truth.Passengers || len(with.Lists) != len(without.Lists) {
		t.Error("the truths differ")
	}
}
