package funds_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/sharing"
	"github.com/rihla/rihla/internal/sharing/post"
)

// state is a whole house with its room for the exchange, and a door that the other state's reaches over mutual TLS.
type state struct {
	*house
	room *sharing.Room
	card post.Card
}

var (
	salman = access.Principal{Name: "salman", Role: access.Supervisor}
	bob    = access.Principal{Name: "bob", Role: access.Supervisor}
)

func openState(t *testing.T, home, party, authority string) *state {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	s := &state{house: live(t, clocked(t), home)}
	var err error
	s.room, err = sharing.Open(t.Context(), sharing.Options{
		Store: s.store, Keys: s.keys, Audit: s.log, Screener: s.screener, Home: home, Owner: party, Clock: s.clock, Items: s.Items(),
		Arrived: s.pipeline.Arrived, Erased: s.pipeline.Erased, Released: s.pipeline.Released, ReplyFloor: 20 * time.Millisecond,
	})
	must(err)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(err)
	s.card, err = s.room.Post.OwnCard(t.Context(), "test", post.Card{Party: party, Country: home, URL: "https://" + l.Addr().String(), Authorities: []post.CardAuthority{{ID: authority}}})
	must(err)
	server := &http.Server{Handler: s.room.Post.Handler(), TLSConfig: s.room.Post.TLS(), ReadHeaderTimeout: time.Second}
	run, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	var running sync.WaitGroup
	running.Go(func() { _ = server.ServeTLS(l, "", "") })
	running.Go(func() {
		if err := s.room.Run(run); err != nil && !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	})
	t.Cleanup(func() {
		stop()
		_ = server.Close()
		running.Wait()
	})
	return s
}

// pair are two states with the funds agreement in force between them.
func pair(t *testing.T) (bh, us *state) {
	t.Helper()
	bh, us = openState(t, "BHR", "bh", "bh-fiu"), openState(t, "USA", "us", "us-fiu")
	for _, e := range [][2]*state{{bh, us}, {us, bh}} {
		if err := e[0].room.Post.Trust(t.Context(), "test", e[1].card); err != nil {
			t.Fatal(err)
		}
	}
	v, err := bh.room.Propose(t.Context(), salman, sample(t, "bh-us-funds.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := bh.room.Sign(t.Context(), salman, v.Metadata.ID, v.Digest); err != nil {
		t.Fatal(err)
	}
	us.until("the signed proposal comes", func() bool {
		p, err := us.room.Agreement(t.Context(), agreed, 0)
		return err == nil && len(p.Versions[0].Signatures) == 1
	})
	if _, err := us.room.Sign(t.Context(), bob, v.Metadata.ID, v.Digest); err != nil {
		t.Fatal(err)
	}
	for _, s := range []*state{bh, us} {
		s.until("the agreement is in force", func() bool {
			p, err := s.room.Agreement(t.Context(), agreed, 0)
			return err == nil && p.State == "in force"
		})
	}
	return bh, us
}

const agreed = "bh-us-funds"

// carried is a declaration as customs file it.
func carried(id, direction, port, surname, document, day, amount string) []byte {
	return fmt.Appendf(nil, `[{"schema":"rihla.cash-declaration/v1","id":%q,"system":"declaration","direction":%q,"port":%q,"made_at":"%sT12:00:00Z",
		"by":{"family_name":%q,"given_names":"SAMI","dob":"1979-11-30","nationality":"JO","document":{"type":"P","number":%q,"issuer":"JO"}},"owner":{"same_as":"by"},
		"items":[{"kind":"banknotes","currency":"USD","amount":%q}],"provenance":"sale of a vehicle","intended_use":"purchase of goods",
		"journey":{"flight":"GF2","date":%q,"route":["JFK","BAH"],"means":"air"},"result":{"checked":false}}]`, id, direction, port, day, surname, document, amount, day)
}

// give has one state give a declaration to the other, by two people, and answers the ids that it is kept under there.
func (s *state) give(to *state, ref string) {
	s.t.Helper()
	f := &face{desk: &desk{t: s.t, store: s.store}, who: layla, mux: s.mux()}
	id := f.items("/declarations?q=" + ref)[0]["id"].(string)
	g, err := s.room.Give(s.t.Context(), layla, agreed, sharing.Gift{Share: "F3", Purpose: "money-laundering", Item: id, Confirmed: true})
	if err != nil {
		s.t.Fatal(err)
	}
	if _, err := s.room.LetOut(s.t.Context(), noura, g.ID, true, ""); err != nil {
		s.t.Fatal(err)
	}
	to.until("what was given is held", func() bool { return len(to.told()) > 0 })
}

// told are the partner's records that are held here.
func (s *state) told() (out []string) {
	s.t.Helper()
	rows, err := s.store.Read().QueryContext(s.t.Context(), `select id from funds_entry where kind = 'told' order by id`)
	if err != nil {
		s.t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			s.t.Fatal(err)
		}
		out = append(out, id)
	}
	if err := rows.Err(); err != nil {
		s.t.Fatal(err)
	}
	return out
}

// compared says how the ends of a person's crossings compare, as the page shows it.
func (s *state) compared(name string) []string {
	s.t.Helper()
	f := &face{desk: &desk{t: s.t, store: s.store}, who: layla, mux: s.mux()}
	var out []string
	for _, p := range f.items("/parties?q=" + strings.ToLower(name)) {
		var page struct{ Partner []map[string]any }
		f.get("/parties/"+p["id"].(string), &page)
		for _, r := range page.Partner {
			out = append(out, r["result"].(string))
		}
	}
	slices.Sort(out)
	return out
}

// A traveller declared leaving the partner and not arriving here: found once the days are over in which it may be late. When
// ours comes a day later still, the two ends agree, and the finding goes. What the partner has erased is gone here too, with
// the person of whom nothing else is held.
func TestOneSidedBetweenTwoStates(t *testing.T) {
	t.Parallel()
	bh, us := pair(t)
	day := time.Now().UTC().AddDate(0, 0, -1).Format(time.DateOnly)
	us.take("customs", "there", carried("US-1", "out", "JFK", "EXAMPLE", "T0099881", day, "80000.00"))
	us.give(bh, "us-1")

	if got := bh.cases("one_sided"); len(got) != 0 {
		t.Fatalf("before its time: %v", got)
	}
	if diff := cmp.Diff([]string{"one_sided"}, bh.compared("EXAMPLE")); diff != "" {
		t.Error(diff)
	}
	bh.forward(4 * 24 * time.Hour)
	bh.until("the desk is told of one end without the other", func() bool { return len(bh.cases("one_sided")) == 1 })

	bh.take("customs", "here, late", carried("BH-1", "in", "BAH", "EXAMPLE", "T0099881", day, "80000.00"))
	bh.until("the finding is gone", func() bool { return len(bh.cases("one_sided")) == 0 })
	if diff := cmp.Diff([]string{"agreed"}, bh.compared("EXAMPLE")); diff != "" {
		t.Error(diff)
	}

	us.take("customs", "another", carried("US-2", "out", "JFK", "SECOND", "T0099882", day, "90000.00"))
	bh.take("customs", "and less of it here", carried("BH-2", "in", "BAH", "SECOND", "T0099882", day, "60000.00"))
	us.give(bh, "us-2")
	bh.until("both are held", func() bool { return len(bh.told()) == 2 })
	bh.until("the desk is told of the difference", func() bool { return len(bh.cases("partner_difference")) == 1 })

	ids := bh.told()
	records, err := bh.room.Received(t.Context(), layla, agreed, "money-laundering", "", 10)
	if err != nil || len(records) != 2 {
		t.Fatalf("%d records, %v", len(records), err)
	}
	for _, r := range records {
		for name := range r.Values {
			if strings.HasPrefix(name, "report.") {
				t.Errorf("%s has left", name)
			}
		}
	}
	if len(ids) != 2 {
		t.Error(ids)
	}
}

// Below the agreed amount, and not false, a declaration does not leave.
func TestSmallDeclarationsStay(t *testing.T) {
	t.Parallel()
	bh, us := pair(t)
	day := time.Now().UTC().AddDate(0, 0, -1).Format(time.DateOnly)
	us.take("customs", "there", carried("US-1", "out", "JFK", "EXAMPLE", "T0099881", day, "49999.99"))
	f := &face{desk: &desk{t: t, store: us.store}, who: layla, mux: us.mux()}
	id := f.items("/declarations")[0]["id"].(string)
	if _, err := us.room.Give(t.Context(), layla, agreed, sharing.Gift{Share: "F3", Purpose: "money-laundering", Item: id, Confirmed: true}); err == nil {
		t.Error("it left")
	}
	if got := bh.told(); len(got) != 0 {
		t.Error(got)
	}
}
