package facilitation_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/rihla/rihla/internal/facilitation"
	"github.com/rihla/rihla/internal/pipeline"
	"github.com/rihla/rihla/internal/screening"
)

// vouch asks of one subject.
func (h *house) vouch(s screening.Subject) pipeline.Vouched {
	h.t.Helper()
	s.ID = "s"
	out, err := h.Vouch(h.t.Context(), h.store.Read(), h.clock(), []*screening.Subject{&s})
	if err != nil {
		h.t.Fatal(err)
	}
	if out == nil {
		return pipeline.Vouched{}
	}
	return out[0]
}

func subject(name, born, sex, document string) screening.Subject {
	surname, given, _ := strings.Cut(name, "/")
	issuer, number, _ := strings.Cut(document, "/")
	return screening.Subject{
		Names: []screening.Name{{Surname: surname, Given: given}}, Births: []string{born}, Sex: sex, Countries: []screening.Country{{Code: issuer, Role: "nationality"}},
		Documents: []screening.Document{{Type: "P", Number: number, Issuer: issuer}}, Enters: true,
	}
}

func foundCodes(v pipeline.Vouched) (out []string) {
	for _, f := range v.Found {
		out = append(out, f.Explanation.Code)
	}
	return out
}

// What the samples' queries come to, as far as this room has a say: who needs a permit, who has one, who mistyped.
func TestBoardingQueries(t *testing.T) {
	t.Parallel()
	h := live(t)
	h.apply(change(t, sample(t, "application-eta-01.json")))
	sami := h.apply(change(t, sample(t, "application-eta-02-pending.json")))
	if err := h.decide(sami, omar, facilitation.OutcomeGrant); err != nil {
		t.Fatal(err)
	}
	born := map[string]string{"TESTER/MARIA": "1966-02-28", "EXAMPLE/SAMI OMAR": "1979-11-30", "ALSAMPLE/LAYLA": "1991-04-02", "DOE/JANE": "1980-01-01"}
	var in struct {
		Queries []struct {
			ID, Kind, Passenger, Document string
			Expect                        struct {
				Verdict string
				Fields  []string
				Permit  *bool `json:"permit_checked"`
			}
		}
	}
	if err := json.Unmarshal(sample(t, "boarding-queries.json"), &in); err != nil {
		t.Fatal(err)
	}
	for _, q := range in.Queries {
		s := subject(q.Passenger, born[q.Passenger], "", q.Document)
		s.Enters = q.Kind != "transit"
		v := h.vouch(s)
		switch {
		case q.Expect.Verdict == "MORE":
			if diff := cmp.Diff([]string{"DOCUMENT NUMBER"}, v.Lacking); diff != "" || len(v.Found) > 0 {
				t.Errorf("%s: %s %v", q.ID, diff, foundCodes(v))
			}
		case q.Passenger == "DOE/JANE": // the document is reported lost, which lists say; nobody here has a permit for it
			if diff := cmp.Diff([]string{screening.CodePermitMissing}, foundCodes(v)); diff != "" {
				t.Errorf("%s: %s", q.ID, diff)
			}
		default:
			if len(v.Found) > 0 || len(v.Lacking) > 0 {
				t.Errorf("%s: %v %v", q.ID, foundCodes(v), v.Lacking)
			}
		}
	}
}

// Whom a permit is asked of, and of whom it is not.
func TestWhoNeedsAPermit(t *testing.T) {
	t.Parallel()
	h := live(t)
	maria := h.apply(change(t, sample(t, "application-eta-01.json")))
	granted := screening.Standing{Kind: screening.Authorisation, Number: maria.Reference, State: "granted", Active: true, Until: time.Date(2028, 5, 9, 0, 0, 0, 0, time.UTC)}
	her := subject("TESTER/MARIA", "1966-02-28", "F", "PRT/CA991122")
	near := cmpopts.EquateApproxTime(24 * time.Hour)
	if diff := cmp.Diff(pipeline.Vouched{Standings: []screening.Standing{granted}}, h.vouch(her), near); diff != "" {
		t.Error(diff)
	}
	for name, c := range map[string]struct {
		change  func(*screening.Subject)
		found   []string
		lacking []string
	}{
		"as she is":                        {func(*screening.Subject) {}, nil, nil},
		"another passport":                 {func(s *screening.Subject) { s.Documents[0].Number = "ZZ000000" }, []string{screening.CodePermitMissing}, nil},
		"one character off":                {func(s *screening.Subject) { s.Documents[0].Number = "CA99112Z" }, nil, []string{"DOCUMENT NUMBER"}},
		"one character off, somebody else": {func(s *screening.Subject) { s.Documents[0].Number = "CA99112Z"; s.Births = []string{"1970-01-01"} }, []string{screening.CodePermitMissing}, nil},
		"no document":                      {func(s *screening.Subject) { s.Documents = nil }, nil, []string{"DOCUMENT NUMBER"}},
		"her passport, somebody else": {func(s *screening.Subject) {
			s.Births, s.Names = []string{"1970-01-01"}, []screening.Name{{Surname: "SOMEBODY", Given: "ELSE"}}
		}, []string{screening.CodePermitMissing}, nil},
		"in transit": {func(s *screening.Subject) { s.Enters, s.Documents[0].Number = false, "ZZ000000" }, nil, nil},
		"a second nationality": {func(s *screening.Subject) {
			s.Documents[0].Number = "ZZ000000"
			s.Countries = append(s.Countries, screening.Country{Code: "BHR", Role: "nationality"})
		}, nil, nil},
		"resides here": {func(s *screening.Subject) {
			s.Documents[0].Number = "ZZ000000"
			s.Countries = append(s.Countries, screening.Country{Code: "BHR", Role: "residence"})
		}, nil, nil},
		"nobody asks": {func(s *screening.Subject) { s.Documents[0].Number = "ZZ000000"; s.Countries[0].Code = "FRA" }, nil, nil},
	} {
		s := her
		s.Documents, s.Countries = append([]screening.Document(nil), her.Documents...), append([]screening.Country(nil), her.Countries...)
		c.change(&s)
		v := h.vouch(s)
		if diff := cmp.Diff(c.found, foundCodes(v)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		if diff := cmp.Diff(c.lacking, v.Lacking); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	h.forward(3 * 365 * 24 * time.Hour)
	if diff := cmp.Diff([]string{screening.CodePermitNotValid}, foundCodes(h.vouch(her))); diff != "" {
		t.Errorf("years later: %s", diff)
	}
	h.until("it expires", func() bool { return h.own(maria).State == facilitation.Expired })
}

// Where nothing was ever granted and no permit is asked, nothing is known of anybody.
func TestNothingToSay(t *testing.T) {
	t.Parallel()
	h := live(t, func(o *facilitation.Options) { o.Settings = nil })
	s := subject("TESTER/MARIA", "1966-02-28", "F", "PRT/CA991122")
	s.Claims = []screening.Claim{{Kind: screening.ClaimRedress, Number: "493EQTA210"}}
	for range 3 {
		out, err := h.Vouch(t.Context(), h.store.Read(), h.clock(), []*screening.Subject{&s})
		if out != nil || err != nil {
			t.Errorf("%v %v", out, err)
		}
	}
	if code := h.do(http.MethodGet, "/facilitation/standings?number=493EQTA210", nil, nil); code != http.StatusOK {
		t.Error(code)
	}
}
