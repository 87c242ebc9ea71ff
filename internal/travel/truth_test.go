package travel_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rihla/rihla/formats/fault"
	"github.com/rihla/rihla/internal/intake"
	"github.com/rihla/rihla/internal/pipeline"
	"github.com/rihla/rihla/internal/store"
	"github.com/rihla/rihla/internal/store/storetest"
	"github.com/rihla/rihla/internal/synth"
	"github.com/rihla/rihla/internal/travel"
)

func TestMain(m *testing.M) { storetest.Main(m) }

// Everything a synthetic world's airlines send, filed in order and shuffled with repeats, on both stores, ends in what
// is true of that world: every flight, every traveller, every document and state, and nothing beside them.
func TestTruthWhateverTheOrder(t *testing.T) {
	t.Parallel()
	world := synth.Generate(synth.Options{Seed: 431, Flights: 4, Broken: 2, Small: 20, Large: 40})
	shuffled := slices.Concat(world.Messages, world.Messages[:len(world.Messages)/4])
	rand.New(rand.NewPCG(1, 2)).Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
	storetest.Each(t, func(t *testing.T, open func() *store.Store) {
		for name, messages := range map[string][]synth.Message{"in order": world.Messages, "shuffled": shuffled} {
			t.Run(name, func(t *testing.T) {
				st := open()
				d := travel.New(travel.Options{Store: st, IDs: hashIDs{strings.ReplaceAll(name, " ", "-")}})
				if err := st.Migrate(t.Context(), d.Name(), d.Migrations()); err != nil {
					t.Fatal(err)
				}
				for _, m := range messages {
					file(t, st, d, m)
				}
				if diff := cmp.Diff(told(world.Truth), standing(t, st, d, strings.ReplaceAll(name, " ", "-"))); diff != "" {
					t.Errorf("what stands is not what is true (-true +stands):\n%s", diff)
				}
			})
		}
	})
}

// More worlds, each shuffled its own way, where the dialect does not matter. Every other one is filed with a node that
// remembers nothing, as after a crash: what is stored must say all that memory did.
func TestTruthOfManyWorlds(t *testing.T) {
	t.Parallel()
	for seed := range uint64(worlds) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			world := synth.Generate(synth.Options{Seed: seed, Flights: 6, Broken: 1, Small: 10, Large: 30})
			messages := slices.Concat(world.Messages, world.Messages[:len(world.Messages)/4])
			rand.New(rand.NewPCG(seed, 2)).Shuffle(len(messages), func(i, j int) { messages[i], messages[j] = messages[j], messages[i] })
			st := storetest.SQLite(t)
			options := travel.Options{Store: st, IDs: hashIDs{"x"}}
			d := travel.New(options)
			if err := st.Migrate(t.Context(), d.Name(), d.Migrations()); err != nil {
				t.Fatal(err)
			}
			for _, m := range messages {
				if seed%2 == 0 {
					d = travel.New(options)
				}
				file(t, st, d, m)
			}
			want := told(world.Truth)
			if len(want) < 30 {
				t.Fatalf("a world of %d travellers proves little", len(want))
			}
			if diff := cmp.Diff(want, standing(t, st, d, "x")); diff != "" {
				t.Errorf("what stands is not what is true (-true +stands):\n%s", diff)
			}
		})
	}
}

// worlds is how many are tried each time.
const worlds = 6

// hashIDs keeps the subtests, which share a store, apart.
type hashIDs struct{ salt string }

func (h hashIDs) ID(kind string, parts ...string) string {
	sum := sha256.Sum256([]byte(h.salt + kind + "\x00" + strings.Join(parts, "\x00")))
	return h.salt + "." + hex.EncodeToString(sum[:16])
}

// file is the road without its journal: read, plan, write, and plan again where a version has moved.
func file(t *testing.T, st *store.Store, d *travel.Domain, m synth.Message) {
	t.Helper()
	f := pipeline.Filing{Report: intake.Report{ID: m.Name, Received: m.Sent}}
	for _, format := range d.Formats() {
		if !format.Recognise(m.Body) {
			continue
		}
		err := format.Read(m.Body, m.Sent, func(msg pipeline.Message) error {
			if msg.Err == nil {
				f.Messages = append(f.Messages, msg)
			}
			return nil
		})
		if unreadable := (*fault.Fault)(nil); err != nil && !errors.As(err, &unreadable) {
			t.Fatal(err)
		}
	}
	if len(f.Messages) == 0 {
		if m.Flight != "" {
			t.Errorf("%s cannot be read", m.Name)
		}
		return
	}
	change, err := d.Plan(t.Context(), st.Read(), f)
	if err != nil {
		t.Fatal(err)
	}
	if err := st.Write(t.Context(), func(ctx context.Context, tx store.Tx) error {
		_, err := change.Write(ctx, tx)
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

// told is the truth in lines, a traveller a line.
func told(truth synth.Truth) []string {
	var out []string
	for i := range truth.Flights {
		f := &truth.Flights[i]
		if f.Status == "cancelled" {
			continue
		}
		for _, p := range f.Passengers {
			var docs []string
			for _, d := range p.Documents {
				docs = append(docs, d.Number)
			}
			out = append(out, line(f.Key(), p.Surname, p.Given, p.Born, docs, p.Status))
		}
	}
	slices.Sort(out)
	return out
}

func standing(t *testing.T, st *store.Store, d *travel.Domain, salt string) []string {
	t.Helper()
	var out []string
	flights, err := d.Board(t.Context(), "2000-01-01", "2100-01-01")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range flights {
		if f.Status == "cancelled" || !strings.HasPrefix(f.ID, salt+".") {
			continue
		}
		people, err := d.Manifest(t.Context(), f.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range people {
			if p.Role == "crew" {
				continue
			}
			var docs []string
			for _, doc := range p.Documents {
				docs = append(docs, doc.Number)
			}
			out = append(out, line(f.Carrier+f.Number+" "+f.Date+" "+f.From+"-"+f.To, p.Surname, p.Given, p.Born, docs, string(p.Status)))
		}
	}
	slices.Sort(out)
	return out
}

func line(flight, surname, given, born string, documents []string, status string) string {
	slices.Sort(documents)
	surname, given = strings.ToUpper(surname), strings.ToUpper(given) // some systems type in small letters; the name is the same
	return strings.Join([]string{flight, surname, given, born, strings.Join(documents, " "), status}, " | ")
}
