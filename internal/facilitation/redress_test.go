package facilitation_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/facilitation"
	"github.com/rihla/rihla/internal/screening"
)

// inquiry is a form of somebody who was wrongly stopped.
func inquiry(surname, given, born, nationality, document string) []byte {
	raw, _ := json.Marshal(map[string]any{
		"schema": "rihla.redress-application/v1", "state": "BH", "applicant": map[string]any{
			"family_name": surname, "given_names": given, "dob": born, "sex": "F", "nationality": nationality,
			"document": map[string]any{"type": "P", "number": document, "issuer": nationality, "expiry": "2031-03-31"},
		},
		"contact": map[string]any{"language": "en"}, "stops": []map[string]any{{"flight": "GF2", "date": "2026-04-01"}},
	}) // a map of texts
	return raw
}

// examined has two people say which findings are another person, and gives the number.
func (h *house) examined(c credentials, notSame ...string) page {
	h.t.Helper()
	if notSame == nil {
		notSame = []string{}
	}
	body := map[string]any{"not_same": notSame, "reason": "photographs and fingerprints compared"}
	if p := h.as(omar).post(c, "examination", body); p.Proposal == nil || p.State != "in_check" {
		h.t.Fatalf("%+v", p)
	}
	if code := h.do(http.MethodPost, "/facilitation/applications/"+h.id(c)+"/confirmation", map[string]any{"yes": true}, nil); code != http.StatusForbidden {
		h.t.Fatalf("the same person confirmed: %d", code)
	}
	return h.as(noura).post(c, "confirmation", map[string]any{"yes": true})
}

// screen is what stops somebody who travels: what is found, what of it was dismissed left out.
func (h *house) screen(s screening.Subject) (codes []string) {
	h.t.Helper()
	s.ID = screening.ID("trip/" + s.Names[0].Surname)
	screened, err := h.pipeline.Vouch(h.t.Context(), h.store.Read(), s)
	if err != nil {
		h.t.Fatal(err)
	}
	for _, f := range h.screener.Generation().Screen(nil, &screened[0]) {
		codes = append(codes, f.Explanation.Code+" "+f.Matched)
	}
	return codes
}

// The sample's four trips: cleared; the entry changed; a new entry; somebody else with her number.
func TestRedressCase(t *testing.T) {
	t.Parallel()
	h := live(t)
	const entry = "L-20931,ALSAMPLE,Layla,1991-04-02,BHR,\n"
	h.list(entry)
	c := h.apply(inquiry("ALSAMPLE", "LAYLA", "1991-04-02", "BHR", "P2233445"))
	matched := h.page(c).found("name_match")
	if matched == "" {
		t.Fatal("she is not like the listed one")
	}
	if code := h.as(omar).do(http.MethodPost, "/facilitation/applications/"+h.id(c)+"/examination", map[string]any{"not_same": []string{"watch/other"}, "reason": "photographs compared"}, nil); code != http.StatusUnprocessableEntity {
		t.Errorf("an entry that nobody found: %d", code)
	}
	p := h.examined(c, matched)
	if p.State != "answered" || !strings.HasPrefix(p.Number, "BH-") || len(p.Cleared) != 1 || p.Cleared[0].By != "omar" || p.Cleared[0].Confirmed != "noura" {
		t.Fatalf("%+v", p)
	}
	trip := subject("ALSAMPLE/LAYLA", "1991-04-02", "F", "BHR/NEW00001") // another passport by now
	trip.Claims = []screening.Claim{{Kind: screening.ClaimRedress, Number: strings.TrimPrefix(p.Number, "BH-")}}
	h.until("the decision is in memory", func() bool { return len(h.screen(trip)) == 0 })

	without := trip
	without.Claims = nil
	if got := h.screen(without); len(got) != 1 {
		t.Errorf("without the number: %v", got)
	}
	v := h.vouch(trip)
	if len(v.Standings) != 1 || len(v.Standings[0].Cleared) != 1 || v.Standings[0].Cleared[0].Entry != "L-20931" {
		t.Errorf("it is not shown as cleared: %+v", v)
	}
	stranger := subject("ALSAMPLE/LAYLA", "1990-01-01", "F", "JOR/ZZ1")
	stranger.Claims = trip.Claims
	if got := h.screen(stranger); len(got) == 0 || got[len(got)-1] == "" || !strings.Contains(strings.Join(got, " "), screening.CodeRedressMisuse) {
		t.Errorf("somebody else with her number: %v", got)
	}
	h.list(entry + "L-40001,ALSAMPLE,Laila,1991-04-02,BHR,\n")
	if diff := cmp.Diff([]string{"name_match watch/L-40001"}, h.screen(trip)); diff != "" {
		t.Errorf("a new entry: %s", diff)
	}
	h.list("L-20931,ALSAMPLE,Layla,1991-04-02,BHR,P:QQ123456:BHR\n")
	if diff := cmp.Diff([]string{"name_match watch/L-20931"}, h.screen(trip)); diff != "" {
		t.Errorf("the entry changed: %s", diff)
	}
}

// Of a thousand people cleared, on ten trips each, none is stopped for the same entry again; a new entry stops each.
func TestRedressOfAThousand(t *testing.T) {
	t.Parallel()
	h := live(t)
	const people, trips = 1000, 10
	var rows strings.Builder
	given := func(i int) string {
		return string([]byte{'A' + byte(i%26), 'A' + byte(i/26%26), 'A' + byte(i/676)}) + "ELLA"
	}
	born := func(i int) string { return time.Date(1950, 1, 1+i*17, 0, 0, 0, 0, time.UTC).Format(time.DateOnly) }
	for i := range people {
		fmt.Fprintf(&rows, "L-%d,Sampleson%s,%s,%s,BHR,\n", i, given(i), given(i*7%people), born(i))
	}
	h.list(rows.String())
	numbers := h.clearAll(people, func(i int) []byte {
		return inquiry("SAMPLESON"+given(i), given(i*7%people), born(i), "BHR", fmt.Sprintf("P%07d", i))
	})
	trip := func(i, n int) screening.Subject {
		s := subject("SAMPLESON"+given(i)+"/"+given(i*7%people), born(i), "F", fmt.Sprintf("BHR/P%07d", i+n%2*people)) // on every other trip with another passport
		s.Claims = []screening.Claim{{Kind: screening.ClaimRedress, Number: numbers[i]}}
		return s
	}
	stopped := func(number bool) (n int) {
		for k := range trips {
			var all []screening.Subject
			for i := range people {
				s := trip(i, k)
				s.ID = screening.ID(fmt.Sprint("t", k, "/", i))
				if !number {
					s.Claims = nil
				}
				all = append(all, s)
			}
			screened, err := h.pipeline.Vouch(t.Context(), h.store.Read(), all...)
			if err != nil {
				t.Fatal(err)
			}
			for i := range screened {
				if len(h.screener.Generation().Screen(nil, &screened[i])) > 0 {
					n++
				}
			}
		}
		return n
	}
	if n := stopped(false); n != people*trips {
		t.Errorf("without their numbers %d of %d are stopped", n, people*trips)
	}
	h.until("all decisions are in memory", func() bool { return stopped(true) == 0 })
	for i := range people {
		fmt.Fprintf(&rows, "N-%d,Sampleson%s,%s,%s,BHR,\n", i, given(i), given(i*7%people), born(i))
	}
	h.list(rows.String())
	if n := stopped(true); n != people*trips {
		t.Errorf("of new entries %d of %d trips are stopped", n, people*trips)
	}
}

// Whether somebody is listed or not, the letter is the same.
func TestLettersTellNothing(t *testing.T) {
	t.Parallel()
	h := live(t)
	h.list("L-1,ALSAMPLE,Layla,1991-04-02,BHR,\n")
	namesake := h.apply(inquiry("ALSAMPLE", "LAYLA", "1991-04-02", "BHR", "P2233445"))
	listed := h.apply(inquiry("ALSAMPLE", "LAYLA", "1991-04-02", "BHR", "P2233446"))
	nobody := h.apply(inquiry("TESTER", "MARIA", "1966-02-28", "PRT", "CA991122"))
	h.examined(namesake, h.page(namesake).found("name_match"))
	h.examined(listed)
	h.examined(nobody)
	var letters []string
	for _, c := range []credentials{namesake, listed, nobody} {
		own := h.own(c)
		if own.State != facilitation.Answered || own.Number == "" || len(own.Letters) != 1 {
			t.Fatalf("%+v", own)
		}
		letters = append(letters, strings.NewReplacer(own.Number, "N", own.Reference, "R").Replace(own.Letters[0].Text))
	}
	if letters[0] != letters[1] || letters[1] != letters[2] {
		t.Errorf("they differ: %q", letters)
	}
	watcher := access.Principal{Name: "amal", Role: access.Auditor}
	var outcomes struct{ Items []map[string]any }
	h.as(watcher).must(http.MethodGet, "/facilitation/redress", nil, &outcomes)
	var came []string
	for _, i := range outcomes.Items {
		came = append(came, fmt.Sprint(i["cleared"], i["kept"], i["decided_by"], i["confirmed_by"]))
	}
	slices.Sort(came)
	if diff := cmp.Diff([]string{"0 0omarnoura", "0 1omarnoura", "1 0omarnoura"}, came); diff != "" {
		t.Errorf("who watches does not see what they came to: %s", diff)
	}
	if code := h.do(http.MethodGet, "/facilitation/applications", nil, nil); code != http.StatusForbidden {
		t.Errorf("who watches sees people: %d", code)
	}
	if n := utf8.RuneCountInString(letters[0]); n < 100 || !strings.Contains(letters[0], "review") {
		t.Errorf("%q", letters[0])
	}
}

// Working days: an interim letter after fifteen, late after thirty; weekends and holidays do not count.
func TestRedressClocks(t *testing.T) {
	t.Parallel()
	h := live(t) // on a Saturday
	c := h.apply(inquiry("TESTER", "MARIA", "1966-02-28", "PRT", "CA991122"))
	h.forward(20 * 24 * time.Hour)
	if own := h.own(c); len(own.Letters) != 0 {
		t.Errorf("too early: %+v", own.Letters)
	}
	h.forward(2 * 24 * time.Hour)
	h.until("the interim letter is written", func() bool { return len(h.own(c).Letters) == 1 })
	h.forward(22 * 24 * time.Hour)
	h.until("it is late", func() bool { p := h.page(c); return p.Overdue && p.found(facilitation.CodeOverdue) != "" })
}
