package collection_test

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/rihla/rihla/formats/stix"
	"github.com/rihla/rihla/formats/taxii"
	"github.com/rihla/rihla/internal/audit"
	"github.com/rihla/rihla/internal/cyber/collection"
	"github.com/rihla/rihla/internal/store"
	"github.com/rihla/rihla/internal/store/storetest"
)

// version is one version of an object in the model: a plain list that is filtered as the standard says.
type version struct {
	id, modified, spec, label string
	level                     stix.TLP
	added                     string
}

func (v version) text() string {
	text := object(v.id, v.modified, v.label, marked(v.level))
	if v.spec == "2.0" {
		text = strings.Replace(text, `"spec_version":"2.1",`, "", 1)
	}
	return text
}

// ask is a query and who asks.
type ask struct {
	ceiling stix.TLP
	after   string
	specs   string // as in the query
	version string
	kind    string
}

func (a ask) query() string {
	q := "x=y"
	for name, value := range map[string]string{"added_after": a.after, "match[spec_version]": a.specs, "match[version]": a.version, "match[type]": a.kind} {
		if value != "" {
			q += "&" + name + "=" + value
		}
	}
	return q
}

// admits filters the model: first what the user may see, what was added when, of which type and STIX; among those the version.
func (a ask) admits(all []version) (labels []string) {
	seen := slices.DeleteFunc(slices.Clone(all), func(v version) bool {
		return v.level > a.ceiling || v.added <= a.after || a.kind != "" && !strings.HasPrefix(v.id, a.kind+"--") || a.specs != "" && !strings.Contains(a.specs, v.spec)
	})
	if a.specs == "" {
		newest := map[string]string{}
		for _, v := range seen {
			newest[v.id] = max(newest[v.id], v.spec)
		}
		seen = slices.DeleteFunc(seen, func(v version) bool { return v.spec != newest[v.id] })
	}
	first, last := map[string]string{}, map[string]string{}
	for _, v := range seen {
		last[v.id] = max(last[v.id], v.modified)
		if f := first[v.id]; f == "" || v.modified < f {
			first[v.id] = v.modified
		}
	}
	labels = []string{}
	for _, v := range seen {
		for _, wanted := range strings.Split(cmp.Or(a.version, "last"), ",") {
			if wanted == "all" || wanted == "last" && last[v.id] == v.modified || wanted == "first" && first[v.id] == v.modified || wanted == v.modified {
				labels = append(labels, v.label)
				break
			}
		}
	}
	return labels
}

var modelUsers = []struct {
	name    string
	ceiling stix.TLP
}{{"responder", stix.Red}, {"partner", stix.Amber}, {"filer", stix.Green}}

// Whatever is added and deleted, in whatever order and bundles, every query answers what a plain list would, page by page.
func TestModel(t *testing.T) {
	t.Parallel()
	n := openNode(t, storetest.SQLite(t), t.TempDir())
	kinds := []string{"tool", "campaign"}
	modified := []string{v1, v2, v3, "2026-04-01T00:00:00.000Z"}
	rapid.Check(t, func(rt *rapid.T) {
		at := n.room(collection.Collection{Title: "model", Specs: []string{"2.0", "2.1"}}, responders,
			collection.Grant{To: collection.Partner("us"), Read: true, Write: true, Delete: true, Ceiling: stix.Amber},
			collection.Grant{To: collection.Named("EXAMPLE SOC"), Read: true, Ceiling: stix.Green})
		var names []string
		for range rapid.IntRange(1, 4).Draw(rt, "objects") {
			names = append(names, id(rapid.SampledFrom(kinds).Draw(rt, "type")))
		}
		var all []version
		made := 0
		for range rapid.IntRange(1, 8).Draw(rt, "steps") {
			if len(all) > 0 && rapid.IntRange(0, 3).Draw(rt, "deletes") == 0 {
				user := rapid.SampledFrom(modelUsers[:2]).Draw(rt, "user")
				a := ask{ceiling: user.ceiling, version: rapid.SampledFrom([]string{"all", "first", "last", v2}).Draw(rt, "version"), specs: rapid.SampledFrom([]string{"2.0,2.1", "2.0", "2.1", ""}).Draw(rt, "specs")}
				name := rapid.SampledFrom(names).Draw(rt, "object")
				of := slices.DeleteFunc(slices.Clone(all), func(v version) bool { return v.id != name })
				gone := a.admits(of)
				visible := slices.ContainsFunc(of, func(v version) bool { return v.level <= user.ceiling })
				if got := n.ask(user.name, http.MethodDelete, at+"objects/"+name+"/?"+a.query(), nil).status; (got == 200) != visible {
					rt.Fatalf("deleting answered %d", got)
				}
				all = slices.DeleteFunc(all, func(v version) bool { return v.id == name && slices.Contains(gone, v.label) })
				continue
			}
			var texts []string
			posted := map[string]bool{} // within one envelope, a version is one whatever its STIX
			for range rapid.IntRange(1, 5).Draw(rt, "bundle") {
				v := version{
					id: rapid.SampledFrom(names).Draw(rt, "object"), modified: rapid.SampledFrom(modified).Draw(rt, "modified"), spec: rapid.SampledFrom([]string{"2.0", "2.1", "2.1"}).Draw(rt, "spec"),
					level: rapid.SampledFrom([]stix.TLP{stix.Clear, stix.Green, stix.Amber, stix.AmberStrict, stix.Red}).Draw(rt, "tlp"), label: fmt.Sprint(made),
				}
				made++
				texts = append(texts, v.text())
				if twice := posted[v.id+v.modified]; twice {
					continue
				}
				posted[v.id+v.modified] = true
				if !slices.ContainsFunc(all, func(o version) bool { return o.id == v.id && o.modified == v.modified && o.spec == v.spec }) {
					all = append(all, v)
				}
			}
			n.addAs("responder", at, texts...)
			records := n.records("responder", at+"manifest/?match[version]=all&match[spec_version]=2.0,2.1")
			if len(records) != len(all) {
				rt.Fatalf("%d there, %d in the model", len(records), len(all))
			}
			for i := range all {
				all[i].added = records[i].DateAdded
			}
		}
		for range 6 {
			user := rapid.SampledFrom(modelUsers).Draw(rt, "reader")
			a := ask{
				ceiling: user.ceiling, specs: rapid.SampledFrom([]string{"", "", "2.0", "2.1", "2.0,2.1"}).Draw(rt, "specs"), kind: rapid.SampledFrom([]string{"", "tool"}).Draw(rt, "type"),
				version: rapid.SampledFrom([]string{"", "last", "first", "all", "first,last", v2 + "," + v3}).Draw(rt, "version"),
			}
			if len(all) > 0 && rapid.Bool().Draw(rt, "after") {
				a.after = rapid.SampledFrom(all).Draw(rt, "which").added
			}
			want := a.admits(all)
			got := slices.Concat(n.walk(user.name, at+"objects/", a.query()+fmt.Sprint("&limit=", rapid.IntRange(1, 4).Draw(rt, "limit")))...)
			if !slices.Equal(want, got) {
				rt.Fatalf("%+v: %v, not %v, of %+v", a, got, want, all)
			}
			if m := n.records(user.name, at+"manifest/?"+a.query()); len(m) != len(want) {
				rt.Fatalf("the manifest has %d, not %d", len(m), len(want))
			}
		}
	})
}

// A client that follows only added_after loses nothing, however many write at once, on two nodes of one store, while
// statements fail at random.
func TestFollowersLoseNothing(t *testing.T) {
	t.Parallel()
	storetest.EachFaulty(t, func(t *testing.T, open func() *store.Store) {
		dir := t.TempDir()
		nodes := []*node{openNode(t, open(), dir), openNode(t, open(), dir)}
		const writers, posts, size = 4, 8, 3
		var group sync.WaitGroup
		for w := range writers {
			n := nodes[w%len(nodes)]
			group.Go(func() {
				for p := range posts {
					var objects []string
					for i := range size {
						objects = append(objects, object(id("tool"), v1, fmt.Sprint(w, " ", p, " ", i)))
					}
					n.good(objects...)
				}
			})
		}
		done := make(chan struct{})
		go func() { group.Wait(); close(done) }()
		seen := map[string]int{}
		last := ""
		for over := false; ; {
			select {
			case <-done:
				over = true
			default:
			}
			a := nodes[0].get("responder", nodes[0].base+"objects/?limit=5&added_after="+cmp.Or(last, "2000-01-01T00:00:00Z"))
			var e taxii.Envelope
			a.into(t, 200, &e)
			for _, l := range labels(t, e) {
				seen[l]++
			}
			if len(e.Objects) == 0 && over {
				break
			}
			if to := a.header.Get("X-TAXII-Date-Added-Last"); to != "" {
				if to <= last {
					t.Fatalf("%s does not come after %s", to, last)
				}
				last = to
			}
		}
		if len(seen) != writers*posts*size {
			t.Errorf("%d of %d were seen", len(seen), writers*posts*size)
		}
		for l, times := range seen {
			if times != 1 {
				t.Errorf("%s came %d times", l, times)
			}
		}
	})
}

// Many small posts, large ones between, and what they leave is read whole, in order.
func TestBlocksAreGathered(t *testing.T) {
	each(t, func(t *testing.T, n *node) {
		var want []string
		put := func(count int) {
			objects := make([]string, count)
			for i := range objects {
				label := fmt.Sprint(len(want))
				want = append(want, label)
				objects[i] = object(id("tool"), v1, label)
			}
			n.good(objects...)
		}
		for range 150 {
			put(1)
		}
		put(1500)
		for range 70 {
			put(2)
		}
		got := slices.Concat(n.walk("responder", n.base+"objects/", "limit=777")...)
		if !slices.Equal(want, got) {
			t.Fatalf("%d of %d, or in another order", len(got), len(want))
		}
		var blocks, objects int64
		if err := n.store.Read().QueryRowContext(t.Context(), "select count(*), sum(objects) from taxii_block").Scan(&blocks, &objects); err != nil {
			t.Fatal(err)
		}
		if blocks > 100 || objects != int64(len(want)) {
			t.Errorf("%d objects lie in %d blocks", objects, blocks)
		}
	})
}

// A clock that goes backwards makes no date_added earlier than the one before.
func TestClockBackwards(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 15, 8, 0, 0, 0, time.UTC)
	storetest.EachWith(t, store.Options{Clock: func() time.Time { return now }}, func(t *testing.T, open func() *store.Store) {
		clock := now
		st := open()
		n := openNode(t, st, t.TempDir(), func(o *collection.Options) { o.Clock = func() time.Time { return clock } })
		n.good(object(id("tool"), v1, "1"))
		n.good(object(id("tool"), v1, "2"), object(id("tool"), v1, "3"))
		var got []string
		for _, r := range n.records("responder", n.base+"manifest/") {
			got = append(got, r.DateAdded)
		}
		same(t, []string{"2026-03-15T08:00:00.000000Z", "2026-03-15T08:00:00.000001Z", "2026-03-15T08:00:00.000002Z"}, got)

		// A cursor holds a day, a status two.
		next := n.envelope("responder", n.base+"objects/?limit=1").Next
		clock = clock.Add(25 * time.Hour)
		same(t, 400, n.get("responder", n.base+"objects/?limit=1&next="+next).status)
	})
}

// Every request that reads or changes a collection is in the audit log, with what it touched, before its answer leaves.
func checkAudit(t *testing.T, n *node) {
	x := id("tool")
	room := n.room(collection.Collection{Alias: "audited"}, responders)
	st := n.addAs("responder", room, object(x, v1, "x"), object(id("tool"), v1, "y"), `{"type":"tool"}`)
	n.get("responder", room+"objects/?match[type]=tool")
	n.get("second", room+"manifest/")
	n.get("responder", room+"objects/"+x+"/versions/")
	n.ask("responder", http.MethodDelete, room+"objects/"+x+"/", nil)
	if err := n.log.Seal(t.Context()); err != nil {
		t.Fatal(err)
	}
	of := strings.Split(room, "/")[4]
	all, err := n.log.Entries(t.Context(), audit.Query{Touched: of})
	if err != nil {
		t.Fatal(err)
	}
	slices.Reverse(all)
	var got []string
	for _, e := range all {
		got = append(got, strings.Join([]string{e.Actor, e.Role, e.Action, strings.Join(e.Touched, ","), e.Detail}, " | "))
	}
	same(t, []string{
		"responder | responder | taxii.add | " + of + "," + st.ID + " | 3 objects, 1 refused",
		"responder | responder | taxii.read | " + of + " | objects: 2 of match%5Btype%5D=tool",
		"second | responder | taxii.read | " + of + " | manifest: 2",
		"responder | responder | taxii.read | " + of + " | versions: 1 of " + x,
		"responder | responder | taxii.delete | " + of + "," + x + " | 1 versions",
	}, got)
}

// The house's own way in and out: in its own transaction, with who gave it, followed by number.
func TestWithinTheHouse(t *testing.T) {
	each(t, func(t *testing.T, n *node) {
		all, err := n.server.Collections(t.Context(), n.store.Read())
		if err != nil || len(all) != 1 {
			t.Fatal(err, all)
		}
		of, x := all[0].ID, id("tool")
		wake, stop := n.store.Watch(collection.Topic)
		defer stop()
		read := func(text string) *stix.Object {
			o, f := stix.ReadObject([]byte(text))
			if f != nil {
				t.Fatal(f)
			}
			return o
		}
		var out []collection.Outcome
		n.within(func(ctx context.Context, tx store.Tx) (err error) {
			out, err = n.server.Add(ctx, tx, of, "EXAMPLE FEED", []*stix.Object{read(object(x, v2, "2", marked(stix.Green))), read(`{"type":"tool"}`), read(object(x, v1, "1"))})
			return err
		})
		<-wake
		if len(out) != 3 || !out[0].New || out[1].Fault == nil || out[2].Added <= out[0].Added || out[0].Version != v2 {
			t.Fatalf("%+v", out)
		}
		n.good(object(id("tool"), v1, "3"))
		var seen []string
		after := int64(0)
		for range 3 {
			if err := n.server.After(t.Context(), n.store.Read(), of, after, 2, func(s collection.Stored) error {
				seen = append(seen, fmt.Sprint(s.By, " ", s.Version, " ", s.TLP, " ", s.Type, " ", s.Spec, " ", strings.Contains(string(s.Raw), s.ID)))
				after = s.Added
				return nil
			}); err != nil {
				t.Fatal(err)
			}
		}
		same(t, []string{
			"EXAMPLE FEED " + v2 + " TLP:GREEN tool 2.1 true", "EXAMPLE FEED " + v1 + " TLP:AMBER+STRICT tool 2.1 true", "responder " + v1 + " TLP:AMBER+STRICT tool 2.1 true",
		}, seen)
		got, found, err := n.server.Get(t.Context(), n.store.Read(), of, x)
		if err != nil || !found || got.Version != v2 || got.Added != out[0].Added {
			t.Errorf("%+v %v %v", got, found, err)
		}
		objects, last, err := n.server.Count(t.Context(), n.store.Read(), of)
		if err != nil || objects != 3 || last != after {
			t.Error(objects, last, err)
		}
		n.within(func(ctx context.Context, tx store.Tx) error {
			removed, err := n.server.Remove(ctx, tx, of, x)
			if removed != 2 {
				t.Errorf("%d were removed", removed)
			}
			return err
		})
		if _, found, err := n.server.Get(t.Context(), n.store.Read(), of, x); found || err != nil {
			t.Error("it is still there", err)
		}
	})
}

// A grant under an agreement counts only while that is in force; without anyone to say so, never.
func TestAgreement(t *testing.T) {
	t.Parallel()
	in := false
	st, dir := storetest.SQLite(t), t.TempDir()
	n := openNode(t, st, dir, func(o *collection.Options) {
		o.InForce = func(_ context.Context, _ store.Reader, agreement string) (bool, error) {
			return in && agreement == "bh-us-cyber", nil
		}
	})
	at := n.room(collection.Collection{Alias: "to-us"}, collection.Grant{To: collection.Partner("us"), Read: true, Ceiling: stix.Amber, Agreement: "bh-us-cyber"})
	same(t, 404, n.get("partner", at).status)
	in = true
	same(t, 200, n.get("partner", at).status)
	in = false
	same(t, 404, n.get("partner", at+"objects/").status)
	in = true
	same(t, 404, openNode(t, st, dir).get("partner", at).status)
}

func TestCollectionsThatCannotBe(t *testing.T) {
	each(t, func(t *testing.T, n *node) {
		for name, c := range map[string]collection.Collection{
			"no title": {}, "id": {ID: "x", Title: "x"}, "alias": {Alias: "a b", Title: "x"}, "alias is a UUID": {Alias: "6e0f2b7a-0000-4000-8000-000000000000", Title: "x"},
			"spec": {Title: "x", Specs: []string{"3.0"}}, "alias twice": {Title: "x", Alias: "exchange"},
		} {
			if err := n.store.Write(t.Context(), func(ctx context.Context, tx store.Tx) error {
				_, err := n.server.Create(ctx, tx, c)
				return err
			}); err == nil {
				t.Errorf("%s: it was made", name)
			}
		}
	})
}

// What is old goes, and what stays of an object stands as if the rest had never been.
func checkForget(t *testing.T, n *node) {
	at := n.room(collection.Collection{Alias: "old"}, responders)
	x, y := id("tool"), id("tool")
	n.addAs("responder", at, object(x, v2, "x2"), object(y, v1, "y1"))
	n.addAs("responder", at, object(x, v1, "x1"), object(y, v2, "y2"), object(id("tool"), v1, "z"))
	records := n.records("responder", at+"manifest/?match[version]=all")
	cut, _ := taxii.ParseInstant(records[2].DateAdded)
	forget := func(most int) (removed int) {
		n.within(func(ctx context.Context, tx store.Tx) (err error) {
			removed, err = n.server.Forget(ctx, tx, strings.Split(at, "/")[4], store.Time(int64(cut)), most)
			return err
		})
		return removed
	}
	same(t, []int{1, 1, 0}, []int{forget(1), forget(10), forget(10)})
	same(t, []string{"x1", "y2", "z"}, n.labels("responder", at+"objects/"))
	same(t, []string{"x1", "y2", "z"}, n.labels("responder", at+"objects/?match[version]=first"))
	n.addAs("responder", at, object(x, v3, "x3"))
	same(t, []string{"y2", "z", "x3"}, n.labels("responder", at+"objects/"))
}
