package casework_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/audit"
	"github.com/rihla/rihla/internal/casework"
	"github.com/rihla/rihla/internal/keys"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/store"
	"github.com/rihla/rihla/internal/store/storetest"
)

func TestMain(m *testing.M) { storetest.Main(m) }

var (
	amal   = access.Principal{Name: "amal", Role: access.Analyst}
	badr   = access.Principal{Name: "badr", Role: access.Analyst}
	dana   = access.Principal{Name: "dana", Role: access.Supervisor}
	omar   = access.Principal{Name: "omar", Role: access.Officer}
	tariq  = access.Principal{Name: "tariq", Role: access.Targeter}
	farid  = access.Principal{Name: "farid", Role: access.Filer}
	boards = time.Date(2026, 11, 24, 9, 30, 0, 0, time.UTC)
)

// travel is a domain as casework sees one.
type travel struct{ gone bool }

func (travel) Name() string { return "travel" }

func (travel) Outcomes() []casework.Outcome {
	analysts, desk := []string{"analyst", "supervisor"}, []string{"officer", "supervisor"}
	return []casework.Outcome{
		{Code: casework.NotSamePerson, Roles: analysts, Shortest: 10},
		{Code: "cleared", Roles: append(analysts, "officer"), Shortest: 5},
		{Code: "referred", Roles: analysts, Shortest: 10},
		{Code: "do-not-board", Roles: analysts, Adverse: true, Second: true, Seconds: []string{"supervisor"}, Shortest: 20},
		{Code: "asked", Roles: analysts, Waits: true, Shortest: 5},
		{Code: "held", Roles: desk, Adverse: true, Second: true, Shortest: 20},
	}
}

func (d travel) Describe(_ context.Context, _ store.Reader, id screening.ID) (casework.Sheet, error) {
	if d.gone {
		return casework.Sheet{}, api.Errorf(api.NotFound, "no such passenger")
	}
	return casework.Sheet{Title: "passenger " + string(id), Path: "/people/" + string(id), Lines: []casework.Line{{Label: "seat", Value: "12A"}}}, nil
}

func (d travel) Screen(_ context.Context, _ store.Reader, ids []screening.ID) ([]screening.Screened, error) {
	if d.gone {
		return nil, nil
	}
	var all []screening.Screened
	for _, id := range ids {
		all = append(all, passenger(id))
	}
	return all, nil
}

// passenger is a subject; those whose ids begin alike up to the slash are one person on several journeys.
func passenger(id screening.ID) screening.Screened {
	return screening.Screened{Subject: screening.Subject{
		ID: id, Domain: "travel", Within: "flight-1", Context: "ZZ431 2026-11-24 LHR-BAH",
		Names: []screening.Name{{Surname: "QAMAR", Given: "LAYLA"}}, Births: []string{"1980-02-29"},
		Documents: []screening.Document{{Type: "P", Number: "X" + string(id[:1]) + "0012345", Issuer: "BHR"}}, Until: boards,
	}}
}

func finding(subject, entry string, s screening.Severity) screening.Finding {
	return screening.Finding{
		Subject: screening.ID(subject), Engine: "name", Matched: "watch/" + entry, List: "watch", Entry: entry, Severity: s, Score: 0.9,
		Explanation: screening.Explanation{Code: "name_match", Subject: "LAYLA QAMAR", Listed: "Layla al-Qamar"},
	}
}

// desk is a store with a desk over it.
type desk struct {
	*casework.Desk
	st     *store.Store
	log    *audit.Log
	events *events
}

type events struct {
	mu  sync.Mutex
	all []casework.Event
}

func (e *events) announce(_ context.Context, tx store.Tx, event casework.Event) error {
	tx.After(func() {
		e.mu.Lock()
		defer e.mu.Unlock()
		e.all = append(e.all, event)
	})
	return nil
}

func newDesk(t *testing.T, st *store.Store, domain travel) desk {
	t.Helper()
	k, err := keys.Open(t.Context(), st, keys.Options{Dir: t.TempDir()})
	must(t, err)
	log, err := audit.Open(t.Context(), st, k, audit.Options{})
	must(t, err)
	must(t, screening.Migrate(t.Context(), st))
	e := &events{}
	d, err := casework.NewDesk(t.Context(), st, casework.Options{
		Offers:   []casework.Offer{{Domain: domain, Roles: []access.Role{access.Analyst, access.Supervisor, access.Officer}}},
		Reads:    log,
		Announce: e.announce,
	})
	must(t, err)
	return desk{d, st, log, e}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// raise files what was found of the subjects, as the pipeline does: live is all that stands, up what changed.
func (d desk) raise(t *testing.T, live []screening.Finding, up screening.Upserted, ids ...screening.ID) []casework.Raised {
	t.Helper()
	var screened []screening.Screened
	for _, id := range ids {
		screened = append(screened, passenger(id))
	}
	var raised []casework.Raised
	must(t, d.st.Write(t.Context(), func(ctx context.Context, tx store.Tx) (err error) {
		raised, err = casework.Raise(ctx, tx, "travel", screened, live, up)
		return err
	}))
	return raised
}

// open gives a case of one finding.
func (d desk) open(t *testing.T, id string) casework.Case {
	t.Helper()
	f := []screening.Finding{finding(id, "7", screening.High)}
	raised := d.raise(t, f, screening.Upserted{New: f}, screening.ID(id))
	if len(raised) != 1 || raised[0].What != "opened" {
		t.Fatalf("a new finding raised %v", whats(raised))
	}
	return raised[0].Case
}

func whats(raised []casework.Raised) []string {
	all := []string{}
	for _, r := range raised {
		all = append(all, fmt.Sprintf("C-%d %s", r.Case.Number, r.What))
	}
	slices.Sort(all)
	return all
}

func history(f casework.File) []string {
	var all []string
	for _, h := range f.History {
		all = append(all, h.What)
	}
	return all
}

func (d desk) file(t *testing.T, id string) casework.File {
	t.Helper()
	f, err := d.Case(t.Context(), dana, id)
	must(t, err)
	return f
}

func wantKind(t *testing.T, err error, kind api.Kind) {
	t.Helper()
	var problem *api.Error
	if !errors.As(err, &problem) || problem.Kind != kind {
		t.Errorf("got error %v, want one of kind %v", err, kind)
	}
}

const reason = "the birth dates are eleven years apart"
