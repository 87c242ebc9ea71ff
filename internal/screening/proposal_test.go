package screening_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/screening/lists"
	"github.com/rihla/rihla/internal/store"
	"github.com/rihla/rihla/internal/store/storetest"
)

var (
	ann = screening.Person{ID: "key-1", Name: "ann", Role: "analyst"}
	sam = screening.Person{ID: "key-2", Name: "sam", Role: "supervisor"}
)

func byHand() lists.Entry {
	return lists.Entry{
		Names: []lists.Name{{Surname: "Zorvani", Given: "Kassem Idris"}}, Births: []string{"1971-03-14"}, Sex: "M",
		Countries: []lists.Country{{Code: "SY"}}, Documents: []lists.Document{{Number: "X9900011", Issuer: "SYR"}},
		Basis: "Invented Act, section 4", Owner: "Police", Review: time.Now().AddDate(0, 6, 0).Format(time.DateOnly), Until: time.Now().AddDate(1, 0, 0).Format(time.DateOnly),
		Reason: "Invented warrant",
	}
}

// propose and decide in a transaction of their own.
func propose(st *store.Store, action string, e lists.Entry, by screening.Person) (p screening.Proposal, err error) {
	err = st.Write(context.Background(), func(ctx context.Context, tx store.Tx) (err error) {
		p, err = screening.Propose(ctx, tx, "byhand", action, e, "as the prosecutor asked", by)
		return err
	})
	return p, err
}

func decide(st *store.Store, id string, approve bool, by screening.Person) (p screening.Proposal, err error) {
	err = st.Write(context.Background(), func(ctx context.Context, tx store.Tx) (err error) {
		p, err = screening.Decide(ctx, tx, "byhand", id, approve, "checked", by)
		return err
	})
	return p, err
}

// What one person proposes is in force once another has approved it, and like any other entry from then on.
func TestFourEyes(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func() *store.Store) {
		st := open()
		s := opened(t, st, screening.Options{})
		must := func(p screening.Proposal, err error) screening.Proposal {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
			return p
		}
		found := func() int {
			t.Helper()
			if _, err := s.Refresh(context.Background()); err != nil {
				t.Fatal(err)
			}
			return len(s.Generation().Screen(nil, &screening.Screened{Subject: *kassem("1")}))
		}
		added := must(propose(st, "add", byHand(), ann))
		if added.State != "open" || added.Entry != "BYHAND-00001" || added.Proposed.Names[0].Kind != "primary" || added.Proposed.Countries[0] != (lists.Country{Code: "SYR", Role: "nationality"}) {
			t.Errorf("%+v", added)
		}
		if found() != 0 {
			t.Error("in force before it is approved")
		}
		for name, by := range map[string]screening.Person{"the same key": {ID: "key-1", Name: "other"}, "another key of the same name": {ID: "key-9", Name: "ann"}} {
			if _, err := decide(st, added.ID, true, by); !errors.Is(err, screening.ErrFourEyes) {
				t.Errorf("%s: %v", name, err)
			}
		}
		approved := must(decide(st, added.ID, true, sam))
		if approved.State != "approved" || approved.DecidedBy != "sam" || approved.DecidedAt.IsZero() || approved.DecisionReason != "checked" {
			t.Errorf("%+v", approved)
		}
		if found() != 1 {
			t.Error("approved, and not in force")
		}
		if _, err := decide(st, added.ID, false, sam); !errors.Is(err, screening.ErrDecided) {
			t.Errorf("twice: %v", err)
		}
		changed := byHand()
		changed.ID, changed.Births = added.Entry, []string{"1951-01-02"}
		second := must(propose(st, "change", changed, ann))
		if _, err := propose(st, "remove", lists.Entry{ID: added.Entry}, ann); !errors.Is(err, screening.ErrProposed) {
			t.Errorf("two at once: %v", err)
		}
		if second.Before == nil || second.Before.Births[0] != "1971-03-14" {
			t.Errorf("%+v", second)
		}
		must(decide(st, second.ID, true, sam))
		if found() != 0 {
			t.Error("another birth date, and found")
		}
		// Denied and withdrawn, nothing happens; a supervisor's own needs somebody else too.
		denied := must(propose(st, "remove", lists.Entry{ID: added.Entry}, sam))
		if denied = must(decide(st, denied.ID, false, ann)); denied.State != "denied" {
			t.Errorf("%+v", denied)
		}
		taken := must(propose(st, "remove", lists.Entry{ID: added.Entry}, sam))
		write(t, st, func(ctx context.Context, tx store.Tx) error {
			if _, err := screening.WithdrawProposal(ctx, tx, "byhand", taken.ID, "a mistake", ann); !errors.Is(err, screening.ErrNotTheirs) {
				t.Errorf("another's: %v", err)
			}
			_, err := screening.WithdrawProposal(ctx, tx, "byhand", taken.ID, "a mistake", sam)
			return err
		})
		removed := must(propose(st, "remove", lists.Entry{ID: added.Entry}, sam))
		must(decide(st, removed.ID, true, ann))

		all, err := screening.Proposals(context.Background(), st.Read(), "byhand", "", "", 10)
		var states []string
		for _, p := range all {
			states = append(states, p.Action+" "+p.State)
		}
		want := []string{"remove approved", "remove withdrawn", "remove denied", "change approved", "add approved"}
		if diff := cmp.Diff(want, states); diff != "" || err != nil {
			t.Error(diff, err)
		}
		infos, err := screening.Lists(context.Background(), st.Read())
		if err != nil || len(infos) != 1 || infos[0].Format != "manual" || infos[0].Entries != 0 || infos[0].By != "ann" {
			t.Errorf("%+v %v", infos, err)
		}
		versions, err := screening.Versions(context.Background(), st.Read(), "byhand", 0, 10)
		if err != nil || len(versions) != 3 || versions[1].Items[0].Fields[0] != "births" {
			t.Errorf("%+v %v", versions, err)
		}
		if open, err := screening.OpenProposals(context.Background(), st.Read()); err != nil || len(open) != 0 {
			t.Error(open, err)
		}
	})
}

// A file does not undo what people entered, nor do people meddle with what comes from files.
func TestFilesAndHandsDoNotMix(t *testing.T) {
	t.Parallel()
	st := storetest.SQLite(t)
	opened(t, st, screening.Options{})
	p, err := propose(st, "add", byHand(), ann)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := decide(st, p.ID, true, sam); err != nil {
		t.Fatal(err)
	}
	_, err = screening.LoadList(context.Background(), st, upload("byhand", watchlist))
	if refusal, ok := errors.AsType[*screening.Refusal](err); !ok || refusal.Kind != screening.RefusedManual {
		t.Errorf("a file: %v", err)
	}
	err = st.Write(context.Background(), func(ctx context.Context, tx store.Tx) error {
		return screening.SetSource(ctx, tx, "byhand", screening.Source{Folder: "x", Every: "1h"}, "sam", "supervisor")
	})
	if refusal, ok := errors.AsType[*screening.Refusal](err); !ok || refusal.Kind != screening.RefusedManual {
		t.Errorf("a source: %v", err)
	}
	load(t, st, upload("watch", watchlist))
	setSource(t, st, "fetched", screening.Source{Folder: "x"})
	for _, list := range []string{"watch", "fetched"} {
		err := st.Write(context.Background(), func(ctx context.Context, tx store.Tx) error {
			_, err := screening.Propose(ctx, tx, list, "add", byHand(), "", ann)
			return err
		})
		if !errors.Is(err, screening.ErrFromFiles) {
			t.Errorf("%s: %v", list, err)
		}
	}
}

// Somebody answers for each entry; what is wrong says where and how to mend it.
func TestAnEntryByHandIsChecked(t *testing.T) {
	t.Parallel()
	st := storetest.SQLite(t)
	opened(t, st, screening.Options{})
	for name, c := range map[string]struct {
		spoil func(*lists.Entry)
		rule  string
		at    string
	}{
		"no name":         {func(e *lists.Entry) { e.Names, e.Documents = nil, nil }, "entry_name", "/names"},
		"an empty name":   {func(e *lists.Entry) { e.Names[0] = lists.Name{} }, "entry_name", "/names/0/text"},
		"a kind":          {func(e *lists.Entry) { e.Names[0].Kind = "nick" }, "name_kind", "/names/0/kind"},
		"a date":          {func(e *lists.Entry) { e.Births = []string{"yesterday"} }, "date", "/births/0"},
		"a sex":           {func(e *lists.Entry) { e.Sex = "?" }, "sex", "/sex"},
		"a country":       {func(e *lists.Entry) { e.Countries[0].Code = "Utopia" }, "country", "/countries/0/code"},
		"a document":      {func(e *lists.Entry) { e.Documents[0].Number = " " }, "document", "/documents/0/number"},
		"no basis":        {func(e *lists.Entry) { e.Basis = "" }, "entry_basis", "/basis"},
		"no owner":        {func(e *lists.Entry) { e.Owner = " " }, "entry_owner", "/owner"},
		"no review":       {func(e *lists.Entry) { e.Review = "" }, "entry_review", "/review"},
		"no end":          {func(e *lists.Entry) { e.Until = "" }, "entry_until", "/until"},
		"an end long ago": {func(e *lists.Entry) { e.Until = "2020-01-01" }, "entry_until", "/until"},
		"review too late": {func(e *lists.Entry) { e.Review = "2990-01-01" }, "entry_review", "/review"},
		"no day":          {func(e *lists.Entry) { e.Until = "soon" }, "date", "/until"},
		"a schema":        {func(e *lists.Entry) { e.Schema = "Ghost" }, "schema", "/schema"},
		"document alone":  {func(e *lists.Entry) { e.Documents, e.DocumentOnly = nil, true }, "document", "/documents"},
	} {
		e := byHand()
		c.spoil(&e)
		_, err := propose(st, "add", e, ann)
		wrong, ok := errors.AsType[*lists.Error](err)
		if !ok || wrong.Faults[0].Rule != c.rule || wrong.Faults[0].Pointer != c.at || wrong.Faults[0].Mend == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, c := range map[string]struct {
		action, id string
		want       error
	}{
		"to change what is not there": {"change", "X", screening.ErrNoEntry},
		"to remove what is not there": {"remove", "X", screening.ErrNoEntry},
		"an id that is none":          {"add", "a b", screening.ErrEntryID},
	} {
		e := byHand()
		e.ID = c.id
		if _, err := propose(st, c.action, e, ann); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := propose(st, "burn", byHand(), ann); err == nil {
		t.Error("took an action there is not")
	}
}
