package links_test

import (
	"context"
	"database/sql"
	"fmt"
	"iter"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/screening/links"
	"github.com/rihla/rihla/internal/store"
	"github.com/rihla/rihla/internal/store/storetest"
)

// history is twenty people of several journeys each: households, an agency that is common, flights.
func history() [][]*screening.Subject {
	var all [][]*screening.Subject
	for p := range 60 {
		var of []*screening.Subject
		for j := range 1 + p%4 {
			s := somebody(fmt.Sprintf("p%02dj%d", p, j), fmt.Sprintf("flight-%d", (p+j)%7),
				"phone", fmt.Sprintf("+9733911%04d", p/3), "email", fmt.Sprintf("h%d@zurfani.example", (p+j)/2), "agency", "INVENTED TRAVEL", "seat", fmt.Sprintf("%dA", p+1))
			s.Names[0].Given, s.Documents[0].Number = fmt.Sprintf("p%02d", p), fmt.Sprintf("P%07d", p)
			s.Until = time.Date(2026, 11, 1+j, 12, 0, 0, 0, time.UTC)
			of = append(of, s)
		}
		all = append(all, of)
	}
	return all
}

func rowsOf(t *testing.T, st *store.Store) map[string][]string {
	t.Helper()
	out := map[string][]string{}
	for _, table := range []string{"person, near, body from links_person", "value, kind, mask, common, people from links_value", "trip, person, digest from links_trip"} {
		if err := store.Rows(t.Context(), st.Read(), func(rows *sql.Rows) error {
			columns, err := rows.Columns()
			if err != nil {
				return err
			}
			values, at := make([]any, len(columns)), make([]any, len(columns))
			for i := range values {
				at[i] = &values[i]
			}
			err = rows.Scan(at...)
			out[table] = append(out[table], fmt.Sprint(values...))
			return err
		}, "select "+table+" order by 1"); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

// A history that is brought over leaves the rows that reports would have left.
func TestLoadIsWrite(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func() *store.Store) {
		h := opened(t, open())
		written := history()
		for i := range written { // in another order
			h.write(written[len(written)-1-i]...)
		}
		want := rowsOf(t, h.st)
		h.tx(func(ctx context.Context, tx store.Tx) error {
			for _, table := range []string{"links_person", "links_value", "links_trip"} {
				if _, err := tx.ExecContext(ctx, "delete from "+table); err != nil {
					return err
				}
			}
			return nil
		})
		half := len(written) / 2
		parts := []iter.Seq[[]*screening.Subject]{slices.Values(written[:half]), slices.Values(written[half:])}
		if err := links.Load(t.Context(), h.st, t.TempDir(), parts...); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, rowsOf(t, h.st)); diff != "" {
			t.Error(diff)
		}
	})
}

// What cannot be brought over is said, and nothing of it stays on disk.
func TestLoadRefuses(t *testing.T) {
	t.Parallel()
	h := opened(t, storetest.SQLite(t))
	timeless := somebody("a", "f")
	timeless.Until = time.Time{}
	scratch := t.TempDir()
	if err := links.Load(t.Context(), h.st, scratch, slices.Values([][]*screening.Subject{{timeless}})); err == nil {
		t.Error("a subject without a time was taken")
	}
}
