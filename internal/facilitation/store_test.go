package facilitation_test

import (
	"testing"
	"time"

	"github.com/rihla/rihla/internal/facilitation"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/store"
	"github.com/rihla/rihla/internal/store/storetest"
)

// One SQL text serves both stores: the whole way of a permit, a membership and a redress number.
func TestBothStores(t *testing.T) {
	t.Parallel()
	h := &house{began: time.Now(), opens: start}
	storetest.EachWith(t, store.Options{Clock: h.clock, NoSync: true}, func(t *testing.T, open func() *store.Store) {
		h := &house{t: t, began: h.began, opens: start, who: omar, from: "192.0.2.1"}
		h.open(open())
		h.list("L-1,ALSAMPLE,Layla,1991-04-02,BHR,\n")
		maria := h.apply(change(t, sample(t, "application-eta-01.json")))
		if own := h.own(maria); own.State != facilitation.Granted {
			t.Errorf("%+v", own)
		}
		layla := h.apply(change(t, sample(t, "application-tt-01-complete.json")))
		if err := h.decide(layla, omar, "cleared"); err != nil {
			t.Fatal(err)
		}
		if own := h.enrol(layla); own.State != facilitation.Active {
			t.Errorf("%+v", own)
		}
		inquired := h.apply(inquiry("ALSAMPLE", "LAYLA", "1991-04-02", "BHR", "P2233445"))
		p := h.examined(inquired, h.page(inquired).found("name_match"))
		s := subject("ALSAMPLE/LAYLA", "1991-04-02", "F", "BHR/P2233445")
		s.Claims = []screening.Claim{{Kind: screening.ClaimRedress, Number: p.Number}}
		if v := h.vouch(s); len(v.Standings) != 2 || len(v.Known) != 1 {
			t.Errorf("%+v", v)
		}
		var list struct{ Items []map[string]any }
		for query, want := range map[string]int{"": 3, "?kind=membership": 1, "?q=alsample+layla": 2, "?state=granted": 1, "?waiting=true": 0, "?limit=2": 2} {
			if h.must("GET", "/facilitation/applications"+query, nil, &list); len(list.Items) != want {
				t.Errorf("%s: %d", query, len(list.Items))
			}
		}
	})
}
