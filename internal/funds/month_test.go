package funds_test

import (
	"context"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rihla/rihla/internal/funds"
	"github.com/rihla/rihla/internal/jobs"
	"github.com/rihla/rihla/internal/pipeline"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/screening/lists"
	"github.com/rihla/rihla/internal/screening/rules"
	"github.com/rihla/rihla/internal/sharing"
	"github.com/rihla/rihla/internal/store"
	"github.com/rihla/rihla/internal/store/storetest"
	"github.com/rihla/rihla/internal/synth"
)

// truthNames are what a truth calls a subject.
func truthNames(s *screening.Subject) (out []string) {
	for _, d := range s.Documents {
		out = append(out, "document:"+d.Issuer+"/"+d.Number)
	}
	for _, t := range s.Ties {
		if t.Kind == "account" {
			out = append(out, "account:"+t.Value)
		}
	}
	for _, n := range s.Names {
		out = append(out, "organisation:"+n.String())
	}
	return append(out, "bank:"+s.Title)
}

// rulebook is the generation that a node starts with: the room's own rules and no list.
func rulebook(t *testing.T, d *desk) *screening.Generation {
	t.Helper()
	book, err := fs.ReadFile(d.Rules(), "rulebook/funds.yaml")
	if err != nil {
		t.Fatal(err)
	}
	vocabularies := []rules.Vocabulary{funds.Vocabulary()}
	if _, err := screening.LoadRules(t.Context(), d.store, vocabularies, screening.Upload{Name: "funds", By: "t", Role: "supervisor", Files: []lists.File{{Name: "funds.yaml", Data: book}}}); err != nil {
		t.Fatal(err)
	}
	s, err := screening.Open(t.Context(), d.store, screening.Options{Vocabularies: vocabularies})
	if err != nil {
		t.Fatal(err)
	}
	return s.Generation()
}

// tell gives one state what the other offers of its declarations, as an agreement would let it through, and lets the time
// pass in which ours may be late.
func tell(t *testing.T, to, from *desk) {
	t.Helper()
	item := from.Items()[0]
	for _, s := range from.parties() {
		view, ok := s.View.(*funds.View)
		if !ok || len(view.Declarations) == 0 {
			continue
		}
		ask := sharing.Ask{Category: "cash-declaration", Person: sharing.Person{FamilyName: s.Subject.Names[0].Surname, GivenNames: s.Subject.Names[0].Given}}
		if len(s.Subject.Documents) > 0 {
			ask.Person.Document = &sharing.Document{Number: s.Subject.Documents[0].Number}
		}
		found, err := item.Find(t.Context(), from.store.Read(), ask)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range found {
			if c.Score < 1 {
				continue
			}
			offer, err := item.Fill(t.Context(), from.store.Read(), c.Ref, ask)
			if err != nil {
				t.Fatal(err)
			}
			arrive(t, to, sharing.Arrival{Record: "record " + c.Ref, Category: "cash-declaration", Partner: "us-fiu", Reference: "US-" + c.Ref[:6], Values: offer.Values})
		}
	}
}

// arrive takes a record in, and lets its clock run out.
func arrive(t *testing.T, d *desk, a sharing.Arrival) {
	t.Helper()
	var e pipeline.Effects
	write(t, d.store, func(ctx context.Context, tx store.Tx) (err error) {
		e, err = d.Arrived(ctx, tx, a)
		return err
	})
	for _, j := range e.Jobs {
		if j.Kind == "funds.one-sided" {
			wake(t, d, j)
		}
	}
}

func wake(t *testing.T, d *desk, j jobs.Job) (e pipeline.Effects) {
	t.Helper()
	write(t, d.store, func(ctx context.Context, tx store.Tx) (err error) {
		e, err = d.Woken(ctx, tx, j)
		return err
	})
	return e
}

func write(t *testing.T, st *store.Store, do func(context.Context, store.Tx) error) {
	t.Helper()
	if err := st.Write(t.Context(), do); err != nil {
		t.Fatal(err)
	}
}

// Of a generated month each planted case is found, and none of the twenty innocent look-alikes of each is taken for one.
// What is measured is printed.
func TestMonth(t *testing.T) {
	t.Parallel()
	measure(t, synth.NewFundsMonth(7))
}

// measure files a month and compares what is found with what was planted.
func measure(t *testing.T, month *synth.FundsMonth) {
	t.Helper()
	d, partner := open(t, storetest.SQLite(t), "BHR"), open(t, storetest.SQLite(t), "USA")
	for _, m := range month.Files {
		d.file(report{m.Name, "bank", m.Sent, m.Body})
	}
	for _, m := range month.Partner {
		partner.file(report{m.Name, "customs", m.Sent, m.Body})
	}
	tell(t, d, partner)
	found := map[string]map[string]bool{} // typology → truth's name of a subject
	note := func(id string, s *screening.Subject) {
		if found[id] == nil {
			found[id] = map[string]bool{}
		}
		for _, n := range truthNames(s) {
			found[id][n] = true
		}
	}
	generation := rulebook(t, d)
	for _, s := range d.parties() {
		for _, f := range generation.Screen(nil, &s) {
			switch {
			case f.Engine == screening.EngineRule:
				id, _, _ := strings.Cut(f.Rule, "-false")
				note(id, &s.Subject)
			case f.Explanation.Code == funds.CodeOneSided || f.Explanation.Code == funds.CodeDifference:
				note("one-sided", &s.Subject)
			default:
				note(f.Explanation.Title, &s.Subject)
			}
		}
	}
	type score struct{ planted, hit, alike, wrong int }
	scores := map[string]*score{}
	for _, c := range month.Cases {
		s := scores[c.Typology]
		if s == nil {
			s = &score{}
			scores[c.Typology] = s
		}
		hit := slices.ContainsFunc(c.Subjects, func(n string) bool { return found[c.Typology][n] })
		switch {
		case c.Planted:
			s.planted++
		default:
			s.alike++
		}
		switch {
		case c.Planted && hit:
			s.hit++
		case c.Planted:
			t.Errorf("%s of %s (%s) is not found", c.Typology, strings.Join(c.Subjects, ", "), strings.Join(c.Reports, ", "))
		case hit:
			s.wrong++
			t.Errorf("%s is found of the look-alike %s (%s)", c.Typology, strings.Join(c.Subjects, ", "), strings.Join(c.Reports, ", "))
		}
	}
	for _, id := range slices.Sorted(maps.Keys(scores)) {
		s := scores[id]
		t.Logf("%-14s recall %d/%d, precision %d/%d, %d look-alikes", id, s.hit, s.planted, s.hit, s.hit+s.wrong, s.alike)
	}
	if len(scores) < 8 {
		t.Errorf("only %d typologies are planted", len(scores))
	}
}

// In whatever order a month is filed, and however often, it comes to the same parties and the same findings.
func TestShuffledMonth(t *testing.T) {
	t.Parallel()
	month := synth.NewFundsMonth(11)
	file := func(order []synth.Message) []screening.Screened {
		d := open(t, storetest.SQLite(t), "BHR")
		for _, m := range order {
			d.file(report{m.Name, "bank", m.Sent, m.Body})
		}
		return d.parties()
	}
	want := file(month.Files)
	shuffled := slices.Concat(month.Files, month.Files[:len(month.Files)/4])
	state := uint64(99)
	for i := range shuffled { // a shuffle of its own: the same at every run
		state = state*6364136223846793005 + 1442695040888963407
		j := i + int(state>>33)%(len(shuffled)-i)
		shuffled[i], shuffled[j] = shuffled[j], shuffled[i]
	}
	if diff := cmp.Diff(want, file(shuffled)); diff != "" {
		t.Errorf("shuffled, something else is held (-in order +shuffled):\n%.4000s", diff)
	}
}
