package travel_test

import (
	"bytes"
	"io/fs"
	"strings"
	"testing"

	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/screening/lists"
	"github.com/rihla/rihla/internal/screening/rules"
	"github.com/rihla/rihla/internal/store/storetest"
	"github.com/rihla/rihla/internal/synth"
	"github.com/rihla/rihla/internal/travel"
)

// Whoever a world plants, under a listed name, with a stolen document, with a journey that a rule speaks of, is found
// with the lists and rules that a node has; and next to nobody else is troubled.
func TestPlantedTravellersAreFound(t *testing.T) {
	t.Parallel()
	world := synth.Generate(synth.Options{Seed: 11, Flights: 12, Small: 60, Large: 90, List: 3000})
	st := storetest.SQLite(t)
	d := travel.New(travel.Options{Store: st, IDs: hashIDs{"x"}, Home: "BHR"})
	if err := st.Migrate(t.Context(), d.Name(), d.Migrations()); err != nil {
		t.Fatal(err)
	}
	vocabularies := []rules.Vocabulary{travel.Vocabulary()}
	screener, err := screening.Open(t.Context(), st, screening.Options{Vocabularies: vocabularies})
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range world.Lists {
		var data bytes.Buffer
		if err := l.Write(&data); err != nil {
			t.Fatal(err)
		}
		if _, err := screening.LoadList(t.Context(), st, screening.Upload{Name: l.Name, By: "salman", Role: "supervisor", Files: []lists.File{{Name: l.Name, Data: data.Bytes()}}}); err != nil {
			t.Fatal(err)
		}
	}
	book, err := fs.ReadFile(d.Rules(), "rulebook/travel.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := screening.LoadRules(t.Context(), st, vocabularies, screening.Upload{Name: "travel", By: "salman", Role: "supervisor", Files: []lists.File{{Name: "travel.yaml", Data: book}}}); err != nil {
		t.Fatal(err)
	}
	if _, err := screener.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, m := range world.Messages {
		file(t, st, d, m)
	}

	found, people := map[string][]screening.Finding{}, 0 // by flight and name
	flights, err := d.Board(t.Context(), "2000-01-01", "2100-01-01")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range flights {
		manifest, err := d.Manifest(t.Context(), f.ID)
		if err != nil {
			t.Fatal(err)
		}
		var ids []screening.ID
		for _, p := range manifest {
			ids = append(ids, screening.ID(p.ID))
		}
		subjects, err := d.Screen(t.Context(), st.Read(), ids)
		if err != nil {
			t.Fatal(err)
		}
		for i := range subjects {
			people++
			if hits := screener.Generation().Screen(nil, &subjects[i]); len(hits) > 0 {
				found[f.Date+" "+f.Carrier+f.Number+" "+strings.ToUpper(subjects[i].Subject.Names[0].String())] = hits
			}
		}
	}
	planted := 0
	for _, f := range world.Truth.Flights {
		for _, p := range f.Passengers {
			if p.Planted == "" {
				continue
			}
			planted++
			who := f.Date + " " + f.Carrier + f.Number + " " + strings.ToUpper(screening.Name{Surname: p.Surname, Given: p.Given}.String())
			hits, ok := found[who]
			engine, _, _ := strings.Cut(p.Planted, ":")
			if !ok || hits[0].Engine != engine {
				t.Errorf("%s, planted as %s, is found as %+v", who, p.Planted, hits)
			}
			delete(found, who)
		}
	}
	if planted < 8 {
		t.Errorf("only %d travellers are planted", planted)
	}
	names := 0
	for _, hits := range found {
		if hits[0].Engine != screening.EngineRule {
			names++
		}
	}
	if most := people / 300; names > most { // some bear the whole name of somebody listed without a date
		t.Errorf("%d of %d others are taken for somebody listed, at most %d may be", names, people, most)
	}
}
