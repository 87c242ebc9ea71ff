package screening_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/store"
	"github.com/rihla/rihla/internal/store/storetest"
)

// rowsOf reads the two columns of a query as "text number".
func rowsOf(t testing.TB, st *store.Store, query string) []string {
	t.Helper()
	var out []string
	if err := store.Rows(context.Background(), st.Read(), func(rows *sql.Rows) error {
		var id string
		var n int64
		err := rows.Scan(&id, &n)
		out = append(out, fmt.Sprintf("%s %d", id, n))
		return err
	}, query); err != nil {
		t.Fatal(err)
	}
	return out
}

// Each entry says under which generation it last changed, and those that left under which they did.
func TestEntriesKnowTheirGeneration(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func() *store.Store) {
		st := open()
		opened(t, st, screening.Options{})
		at := func() (entries, gone []string) {
			return rowsOf(t, st, `select entry, generation from screening_entry order by entry`), rowsOf(t, st, `select entry, generation from screening_entry_gone order by entry`)
		}
		expect := func(what string, wantEntries, wantGone []string) {
			t.Helper()
			entries, gone := at()
			if diff := cmp.Diff([][]string{wantEntries, wantGone}, [][]string{entries, gone}); diff != "" {
				t.Errorf("%s:\n%s", what, diff)
			}
		}
		force := func(text string) {
			u := upload("watch", text)
			u.Force, u.Reason = true, "a test"
			load(t, st, u)
		}
		force("id,name\nA,Zorvani\nB,Fantomas\n")
		expect("first", []string{"A 1", "B 1"}, nil)
		force("id,name\nA,Zorvani\nB,Fantomas X\nC,New\n")
		expect("one changed, one new", []string{"A 1", "B 2", "C 2"}, nil)
		force("id,name\nA,Zorvani\n")
		expect("two gone", []string{"A 1"}, []string{"B 3", "C 3"})
		force("id,name\nA,Zorvani\nB,Fantomas X\n")
		expect("one back", []string{"A 1", "B 4"}, []string{"C 3"})
		force("id,name\nA,Zorvani\nB,Fantomas X\n")
		expect("the same again", []string{"A 1", "B 4"}, []string{"C 3"})

		versions, err := screening.Versions(context.Background(), st.Read(), "watch", 0, 2)
		if err != nil || len(versions) != 2 {
			t.Fatal(versions, err)
		}
		want := []screening.EntryChange{{Action: "remove", ID: "B", Name: "Fantomas X"}, {Action: "remove", ID: "C", Name: "New"}}
		if diff := cmp.Diff(want, versions[1].Items); diff != "" || versions[1].Removed != 2 || versions[1].Entries != 1 || versions[1].Loaded.IsZero() {
			t.Errorf("%+v %s", versions[1], diff)
		}
		versions, err = screening.Versions(context.Background(), st.Read(), "watch", 3, 1)
		want = []screening.EntryChange{{Action: "change", ID: "B", Name: "Fantomas X", Fields: []string{"names"}}, {Action: "add", ID: "C", Name: "New"}}
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, versions[0].Items); diff != "" {
			t.Error(diff)
		}
	})
}

// Whatever lists follow one another, what moved since a generation is in the rows of later ones.
func TestWhatMovedSinceAGenerationIsAllThere(t *testing.T) {
	t.Parallel()
	st := storetest.SQLite(t)
	opened(t, st, screening.Options{})
	ids := []string{"A", "B", "C", "D"}
	rapid.Check(t, func(t *rapid.T) {
		ctx := context.Background()
		state := func() map[string]string {
			out := map[string]string{}
			if err := store.Rows(ctx, st.Read(), func(rows *sql.Rows) error {
				var id, digest string
				err := rows.Scan(&id, &digest)
				out[id] = digest
				return err
			}, `select entry, digest from screening_entry`); err != nil {
				t.Fatal(err)
			}
			return out
		}
		before := state()
		base, err := screening.Current(ctx, st.Read())
		if err != nil {
			t.Fatal(err)
		}
		for range rapid.IntRange(1, 3).Draw(t, "loads") {
			var b strings.Builder
			b.WriteString("id,name\nX,Always\n")
			for _, id := range ids {
				if form := rapid.IntRange(0, 2).Draw(t, id); form > 0 {
					fmt.Fprintf(&b, "%s,Name %d\n", id, form)
				}
			}
			u := upload("watch", b.String())
			u.Force, u.Reason = true, "a test"
			if _, err := screening.LoadList(ctx, st, u); err != nil {
				t.Fatal(err)
			}
		}
		after := state()
		moved := func(query string) (ids []string) {
			if err := store.Rows(ctx, st.Read(), func(rows *sql.Rows) error {
				var id string
				err := rows.Scan(&id)
				ids = append(ids, id)
				return err
			}, query, base); err != nil {
				t.Fatal(err)
			}
			return ids
		}
		put, gone := moved(`select entry from screening_entry where generation > $1`), moved(`select entry from screening_entry_gone where generation > $1`)
		for id := range after {
			if after[id] != before[id] && !slices.Contains(put, id) {
				t.Fatalf("%s changed and is not told", id)
			}
		}
		for id := range before {
			if _, there := after[id]; !there && !slices.Contains(gone, id) {
				t.Fatalf("%s left and is not told", id)
			}
		}
		for _, id := range gone {
			if _, there := after[id]; there {
				t.Fatalf("%s is there and told to be gone", id)
			}
		}
	})
}

// An older file, and changes to another version, leave the list as it is until somebody says otherwise.
func TestAnOlderListAndAGapAreRefused(t *testing.T) {
	t.Parallel()
	st := storetest.SQLite(t)
	opened(t, st, screening.Options{})
	national := func(version, more string) screening.Upload {
		return upload("national", `{"list":"n","version":"`+version+`",`+more+`"entries":[{"id":"1","name_en":"Kassem Zorvani"}]}`)
	}
	if s := load(t, st, national("2026-01-15T06:00:00Z", "")); s.Dated != "2026-01-15T06:00:00Z" {
		t.Errorf("%+v", s)
	}
	for _, c := range []struct {
		name, version, more, want string
	}{
		{"older", "2026-01-14T23:00:00Z", "", screening.RefusedOlder},
		{"older, by day", "2026-01-14", "", screening.RefusedOlder},
		{"the same day, no hour", "2026-01-15", "", ""},
		{"newer", "2026-01-16T06:00:00Z", "", ""},
		{"a gap", "2026-01-18T06:00:00Z", `"full":false,"previous":"2026-01-17T06:00:00Z",`, screening.RefusedGap},
		{"the next", "2026-01-17T06:00:00Z", `"full":false,"previous":"2026-01-16T06:00:00Z",`, ""},
		{"a version that is no date", "r7", "", ""},
	} {
		_, err := screening.LoadList(context.Background(), st, national(c.version, c.more))
		refusal, _ := errors.AsType[*screening.Refusal](err)
		switch {
		case c.want == "" && err != nil:
			t.Errorf("%s: %v", c.name, err)
		case c.want != "" && (refusal == nil || refusal.Kind != c.want):
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

// A list that is taken away takes its entries along, but for what people entered.
func TestAListIsRemoved(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func() *store.Store) {
		ctx, st := context.Background(), open()
		s := opened(t, st, screening.Options{})
		load(t, st, upload("watch", watchlist))
		setSource(t, st, "watch", screening.Source{Folder: "x"})
		refresh(t, s, true)
		remove := func(name, reason string) (int, error) {
			return screening.RemoveList(ctx, st, screening.Upload{Name: name, By: "sam", Role: "supervisor", Reason: reason})
		}
		if _, err := remove("watch", ""); !errors.Is(err, screening.ErrNoReason) {
			t.Errorf("for no reason: %v", err)
		}
		if _, err := remove("none", "a test"); !errors.Is(err, screening.ErrNoList) {
			t.Errorf("what is not there: %v", err)
		}
		if n, err := remove("watch", "its owner closed it"); n != 3 || err != nil {
			t.Error(n, err)
		}
		refresh(t, s, true)
		if n := len(s.Generation().Screen(nil, &screening.Screened{Subject: *kassem("1")})); n != 0 {
			t.Errorf("%d findings", n)
		}
		if infos, err := screening.Lists(ctx, st.Read()); len(infos) != 0 || err != nil {
			t.Error(infos, err)
		}
		if versions, err := screening.Versions(ctx, st.Read(), "watch", 0, 9); err != nil || len(versions) != 2 || versions[0].Removed != 3 {
			t.Error(versions, err)
		}
		p, err := propose(st, "add", byHand(), ann)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := decide(st, p.ID, true, sam); err != nil {
			t.Fatal(err)
		}
		if _, err := remove("byhand", "a test"); !errors.Is(err, screening.ErrByHand) {
			t.Errorf("by hand: %v", err)
		}
	})
}
