package cargo_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/rihla/rihla/internal/cargo"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/store"
	"github.com/rihla/rihla/internal/store/storetest"
)

// mail is a report on its way.
type mail struct {
	filer, name, body string
	at                time.Time
}

// anyMail draws the reports of a small consolidation: few numbers and few minutes, so that they meet.
func anyMail(t *rapid.T) mail {
	minute := rapid.IntRange(0, 5).Draw(t, "minute")
	filer := rapid.SampledFrom([]string{"Petra Forwarding", "Nine Air"}).Draw(t, "filer")
	house := rapid.SampledFrom([]string{"PF1", "PF2", "969-10000012"}).Draw(t, "house")
	goods := rapid.SampledFrom([]string{"OLIVE OIL SOAP", "SPARE PARTS", "RUBBER SEALS"}).Draw(t, "goods")
	to := rapid.SampledFrom([]string{"GREEN SPRIG RETAIL LLC", "RIVERTON PUMP SERVICE INC"}).Draw(t, "consignee")
	kg := rapid.SampledFrom([]string{"120.5", "90"}).Draw(t, "kg")
	master := rapid.SampledFrom([]string{"969-10000023", "969-10000012"}).Draw(t, "master")
	parties := "SHP/PETRA SOAP WORKS\r\n/12 KING HUSSEIN STREET\r\n/AMMAN\r\n/JO/11118\r\nCNE/" + to + "\r\n/77 ORCHARD AVENUE\r\n/BROOKLYN/NY\r\n/US/11201\r\n"
	var body string
	switch rapid.SampledFrom([]string{"house", "house", "house", "waybill", "cancel"}).Draw(t, "kind") {
	case "house":
		body = fmt.Sprintf("FHL/4\r\nMBI/%sAMMJFK/T25K410.5\r\nHBS/%s/AMMJFK/10/K%s/10/%s\r\n%s", master, house, kg, goods, parties)
	case "waybill":
		body = fmt.Sprintf("FWB/16\r\n%sAMMJFK/T25K410.5\r\nFLT/9X201/15\r\nRTG/JFK9X\r\n%sCVD/USD//PP/NVD/NCV/XXX\r\nRTD/1/P25/K410.5/CQ/W410.5/R4.1/T1683.05\r\n/NC/CONSOLIDATION\r\nISU/14MAR26/AMMAN/X\r\nREF/AMMCS9X\r\n",
			master, strings.NewReplacer("SHP/", "SHP\r\n/", "CNE/", "CNE\r\n/").Replace(parties))
	case "cancel":
		body = fmt.Sprintf("FXX\r\n%s-%s\r\n", master, house)
	}
	return mail{filer, fmt.Sprint("report ", minute, filer, body), body, morning.Add(time.Duration(minute) * time.Minute)}
}

// picture is what pages show of the shipment, but for who was told what when: that tells the order of things.
func (k *room) picture(t *rapid.T) string {
	var all []any
	err := k.st.Snapshot(context.Background(), func(ctx context.Context, r store.Reader) error {
		for _, table := range []string{
			`select body from cargo_consignment order by id`, `select cast(version * 0 as text) || body from cargo_shipment order by id`,
			`select consignment || id || body from cargo_filing order by consignment, id`, `select master || shipment || consignment from cargo_under order by master, consignment`,
		} {
			rows, err := r.QueryContext(ctx, table)
			if err != nil {
				return err
			}
			for rows.Next() {
				var s string
				if err := rows.Scan(&s); err != nil {
					return err
				}
				all = append(all, s)
			}
			if err := rows.Err(); err != nil {
				return err
			}
			if err := rows.Close(); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	b, err := json.MarshalIndent(all, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// forget empties the room, so that the next run begins anew without a store of its own.
func (k *room) forget(t *rapid.T) {
	err := k.st.Write(context.Background(), func(ctx context.Context, tx store.Tx) error {
		for _, table := range []string{"cargo_shipment", "cargo_consignment", "cargo_filing", "cargo_known", "cargo_under"} {
			if _, err := tx.ExecContext(ctx, "delete from "+table); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	k.d = cargo.New(cargo.Options{Store: k.st, IDs: hashIDs{"x"}, Reads: k.reads})
}

// Whatever the order in which reports come, and however often, the pictures end the same: houses before masters,
// amendments, cancellations, two filers of one house, consolidations within one another.
func TestOrderDoesNotMatter(t *testing.T) {
	t.Parallel()
	k := open(t, storetest.SQLite(t))
	rapid.Check(t, func(rt *rapid.T) {
		post := rapid.SliceOfN(rapid.Custom(anyMail), 1, 8).Draw(rt, "post")
		ends := func(order []mail) string {
			k.forget(rt)
			for _, m := range order {
				k.now = m.at
				k.file(m.filer, m.name, m.body)
			}
			return k.picture(rt)
		}
		shuffled := rapid.Permutation(append(slices.Clone(post), post[:len(post)/2]...)).Draw(rt, "shuffled")
		if diff := cmp.Diff(ends(post), ends(shuffled)); diff != "" {
			rt.Fatalf("shuffled and repeated, the pictures differ (-in order +shuffled):\n%s", diff)
		}
	})
}

// The same report twice changes nothing, whatever stands: not the state, nor what was sent.
func TestTwiceChangesNothing(t *testing.T) {
	t.Parallel()
	storetest.EachFaulty(t, func(t *testing.T, openStore func() *store.Store) {
		o := openOffice(t, openStore())
		o.rulebook()
		var before, after struct{ Items []cargo.Row }
		o.file(petra.Name, "r1", sample(t, "04-two-houses-one-message.fhl"))
		o.ask(http.MethodGet, "/api/v1/cargo/consignments", nil, &before)
		o.file(petra.Name, "r1", sample(t, "04-two-houses-one-message.fhl"))
		o.ask(http.MethodGet, "/api/v1/cargo/consignments", nil, &after)
		if diff := cmp.Diff(before, after, cmpopts.EquateEmpty()); diff != "" || len(after.Items) < 2 {
			t.Errorf("filed twice, the consignments differ:\n%s", diff)
		}
		ids := map[string]bool{}
		for _, a := range o.answers {
			ids[a.ID] = true
		}
		if len(ids) != 1 {
			t.Errorf("%d different answers were made of one report", len(ids))
		}
	})
}

// What is screened again, as committed, is what was screened when it was filed.
func TestCommittedIsWhatWasScreened(t *testing.T) {
	t.Parallel()
	k := open(t, storetest.SQLite(t))
	for i, name := range []string{"02-consol-master-v16.fwb", "01-house-v4.fhl", "02-house-v4-weak-description.fhl", "01-direct-v16.fwb", "06-gold-valuable.fwb", "05-house-egypt-acid.fhl"} {
		screened := k.plan(petra.Name, fmt.Sprint("r", i), sample(t, name))
		k.file(petra.Name, fmt.Sprint("r", i), sample(t, name))
		var ids []screening.ID
		for i := range screened {
			ids = append(ids, screened[i].Subject.ID)
		}
		again, err := k.d.Screen(t.Context(), k.st.Read(), ids)
		if err != nil {
			t.Fatal(err)
		}
		byID := func(a, b screening.Screened) int { return strings.Compare(string(a.Subject.ID), string(b.Subject.ID)) }
		slices.SortFunc(screened, byID)
		slices.SortFunc(again, byID)
		if diff := cmp.Diff(screened, again, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s: screened again it looks different (-first +again):\n%s", name, diff)
		}
		alone, err := k.d.Subjects(t.Context(), k.st.Read(), ids)
		if err != nil {
			t.Fatal(err)
		}
		slices.SortFunc(alone, func(a, b screening.Subject) int { return strings.Compare(string(a.ID), string(b.ID)) })
		for i := range again {
			if diff := cmp.Diff(again[i].Subject, alone[i], cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("%s: by itself the subject is another (-screened +alone):\n%s", name, diff)
			}
		}
	}
}
