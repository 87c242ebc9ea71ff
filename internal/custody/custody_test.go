package custody_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rihla/rihla/internal/audit"
	"github.com/rihla/rihla/internal/casework"
	"github.com/rihla/rihla/internal/custody"
	"github.com/rihla/rihla/internal/intake"
	"github.com/rihla/rihla/internal/jobs"
	"github.com/rihla/rihla/internal/keys"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/screening/links"
	"github.com/rihla/rihla/internal/store"
	"github.com/rihla/rihla/internal/store/storetest"
)

func TestMain(m *testing.M) { storetest.Main(m) }

// shelf is a domain that keeps things on a shelf.
var shelf = custody.Rows{Table: "shelf_thing", Key: "id", Age: "put", Where: "locked = 0"}

func thing() custody.Clock {
	return custody.Clock{Name: "shelf.thing", Keep: "P2Y", Most: "P5Y", Law: "the shelf act", From: "received", Held: shelf.Held, Reports: []string{"slip"},
		Erase: func(ctx context.Context, tx store.Tx, before time.Time, n int) (custody.Erased, error) {
			e, err := shelf.Drop(ctx, tx, before, n)
			for _, id := range e.Records {
				e.Gone = append(e.Gone, screening.ID(id))
			}
			return e, err
		}}
}

type house struct {
	t     *testing.T
	store *store.Store
	jobs  *jobs.Jobs
	keys  *keys.Keys
	now   time.Time
}

func open(t *testing.T, st *store.Store) *house {
	t.Helper()
	ctx := t.Context()
	h := &house{t: t, store: st, now: time.Now().UTC()}
	var err error
	if h.keys, err = keys.Open(ctx, st, keys.Options{Dir: t.TempDir()}); err != nil {
		t.Fatal(err)
	}
	if h.jobs, err = jobs.Open(ctx, st, jobs.Options{}); err != nil {
		t.Fatal(err)
	}
	if _, err := intake.OpenReports(ctx, st, h.keys, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := screening.Open(ctx, st, screening.Options{}); err != nil {
		t.Fatal(err)
	}
	for _, err := range []error{audit.Migrate(ctx, st), casework.Migrate(ctx, st), links.Migrate(ctx, st)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	h.write(`create table shelf_thing (id text not null primary key, put bigint not null, locked bigint not null default 0)`)
	return h
}

func (h *house) write(query string, args ...any) {
	h.t.Helper()
	err := h.store.Write(h.t.Context(), func(ctx context.Context, tx store.Tx) error {
		_, err := tx.ExecContext(ctx, query, args...)
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) put(id string, at time.Time, locked int) {
	h.t.Helper()
	h.write(`insert into shelf_thing (id, put, locked) values ($1, $2, $3)`, id, store.Micros(at), locked)
}

func (h *house) room(own map[string]string) (*custody.Room, error) {
	return custody.Open(h.t.Context(), custody.Options{Store: h.store, Jobs: h.jobs, Clocks: []custody.Clock{thing()}, Own: own, Page: 3, Clock: func() time.Time { return h.now }})
}

// settle does what is due, page after page.
func (h *house) settle() (rounds int) {
	h.t.Helper()
	for {
		n, err := h.jobs.Step(h.t.Context())
		if err != nil {
			h.t.Fatal(err)
		}
		if n == 0 {
			return rounds
		}
		rounds += n
	}
}

func (h *house) texts(query string, args ...any) (all []string) {
	h.t.Helper()
	rows, err := h.store.Read().QueryContext(h.t.Context(), query, args...)
	if err != nil {
		h.t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			h.t.Fatal(err)
		}
		all = append(all, s)
	}
	return all
}

// What is too old goes in pages, oldest first, each page with its entry in the log; what is locked or younger stays, and the
// figures tell it.
func TestRounds(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, again func() *store.Store) {
		h := open(t, again())
		for i := range 7 {
			h.put(fmt.Sprintf("old-%d", i), h.now.AddDate(-3, 0, i), 0)
		}
		h.put("locked", h.now.AddDate(-4, 0, 0), 1)
		h.put("young", h.now.AddDate(-1, 0, 0), 0)
		r, err := h.room(nil)
		if err != nil {
			t.Fatal(err)
		}
		before, err := r.Figures(t.Context(), h.store.Read())
		if err != nil || len(before) != 1 || before[0].Held != 8 || before[0].Due != 7 || before[0].Last != nil {
			t.Errorf("before: %+v %v", before, err)
		}
		if n := h.settle(); n != 3 { // three, three, one
			t.Errorf("%d pages", n)
		}
		if diff := cmp.Diff([]string{"locked", "young"}, h.texts(`select id from shelf_thing order by id`)); diff != "" {
			t.Errorf("left (-want +got):\n%s", diff)
		}
		want := []string{"old-0 old-1 old-2", "old-3 old-4 old-5", "old-6"}
		if diff := cmp.Diff(want, h.texts(`select touched from audit_pending where action = 'retention.erase' order by at, id`)); diff != "" {
			t.Errorf("logged (-want +got):\n%s", diff)
		}
		after, err := r.Figures(t.Context(), h.store.Read())
		if err != nil {
			t.Fatal(err)
		}
		cut := h.now.AddDate(-2, 0, 0)
		wanted := []custody.Figures{{Clock: "shelf.thing", Domain: "shelf", Keep: "P2Y", Most: "P5Y", Law: "the shelf act", From: "received", Before: after[0].Before, Held: 1,
			Last: &custody.Run{At: store.Time(store.Micros(h.now)), Before: store.Time(store.Micros(after[0].Before)), Records: 7, Total: 7}}}
		if diff := cmp.Diff(wanted, after); diff != "" {
			t.Errorf("figures (-want +got):\n%s", diff)
		}
		if away := after[0].Before.Sub(cut); away > 48*time.Hour || away < -48*time.Hour {
			t.Errorf("cut at %s", after[0].Before)
		}
		// The next round waits for the night; a year on the young one goes too.
		if n := h.settle(); n != 0 {
			t.Errorf("%d rounds by day", n)
		}
		h.now = h.now.AddDate(2, 0, 0)
		if _, err := h.room(nil); err != nil { // a start looks at once
			t.Fatal(err)
		}
		h.settle()
		if diff := cmp.Diff([]string{"locked"}, h.texts(`select id from shelf_thing`)); diff != "" {
			t.Errorf("left (-want +got):\n%s", diff)
		}
	})
}

// A node may keep for less, or for more, within what the law allows.
func TestTheNodeSaysHowLong(t *testing.T) {
	t.Parallel()
	h := open(t, storetest.SQLite(t))
	h.put("a year old", h.now.AddDate(-1, 0, -2), 0)
	for own, says := range map[string]string{"P6Y": "longer than the shelf act allows (P5Y)", "P1825D": "", "P61M": "longer", "two years": "no duration"} {
		_, err := h.room(map[string]string{"shelf.thing": own})
		if says == "" != (err == nil) || err != nil && !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v", own, err)
		}
	}
	if _, err := h.room(map[string]string{"shelf.thong": "P1Y"}); err == nil || !strings.Contains(err.Error(), "there are shelf.thing") {
		t.Errorf("unknown: %v", err)
	}
	r, err := h.room(map[string]string{"shelf.thing": "P1Y"})
	if err != nil {
		t.Fatal(err)
	}
	h.settle()
	f, err := r.Figures(t.Context(), h.store.Read())
	if err != nil || !f[0].Own || f[0].Held != 0 || f[0].Last.Records != 1 {
		t.Errorf("%+v %v", f, err)
	}
}

// With a record go the cases' words about its subject and the copies of the reports that it came from; that there were a
// case and a report stays.
func TestWhatHangsOnARecordGoes(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, again func() *store.Store) {
		h := open(t, again())
		ctx := t.Context()
		old, young := h.now.AddDate(-3, 0, 0), h.now.AddDate(0, -1, 0)
		h.put("s-old", old, 0)
		h.put("s-young", young, 0)
		reports, err := intake.OpenReports(ctx, h.store, h.keys, nil)
		if err != nil {
			t.Fatal(err)
		}
		err = h.store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
			for id, at := range map[string]time.Time{"r-old": old, "r-young": young} {
				sealed, err := reports.Seal(ctx, intake.Understood{Report: intake.Report{ID: id, Received: at, SHA256: id, Size: 5}, State: intake.Processed, Format: "slip", Domain: "shelf"}, []byte("NAMES"))
				if err != nil {
					return err
				}
				if err := reports.Save(ctx, tx, sealed); err != nil {
					return err
				}
			}
			for _, subject := range []screening.ID{"s-old", "s-young"} {
				s := screening.Screened{Subject: screening.Subject{ID: subject, Domain: "shelf", Title: "SOMEBODY " + string(subject)}}
				found := []screening.Finding{{Subject: subject, Engine: "rule", Matched: "r1", Severity: screening.High}}
				up, err := screening.Upsert(ctx, tx, "shelf", []*screening.Subject{&s.Subject}, found)
				if err != nil {
					return err
				}
				if _, err := casework.Raise(ctx, tx, "shelf", []screening.Screened{s}, found, up); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := h.room(nil); err != nil {
			t.Fatal(err)
		}
		h.settle()
		if diff := cmp.Diff([]string{" closed", "SOMEBODY s-young open"}, h.texts(`select title || ' ' || state from casework_case order by title`)); diff != "" {
			t.Errorf("cases (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff([]string{"s-young"}, h.texts(`select subject from screening_finding`)); diff != "" {
			t.Errorf("findings (-want +got):\n%s", diff)
		}
		if raw, err := reports.Raw(ctx, "r-young"); err != nil || string(raw) != "NAMES" {
			t.Errorf("young copy: %q %v", raw, err)
		}
		if _, err := reports.Raw(ctx, "r-old"); err != intake.ErrErased { //nolint:errorlint // as it is given
			t.Errorf("old copy: %v", err)
		}
		if known, err := reports.Known(ctx, h.store.Read(), []string{"r-old"}); err != nil || !known["r-old"] {
			t.Errorf("that it was filed is forgotten: %v %v", known, err)
		}
	})
}
