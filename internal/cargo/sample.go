package cargo

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"hash/fnv"
	"io"
	"net/http"
	"time"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/audit"
	"github.com/rihla/rihla/internal/pipeline"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/store"
)

// sampleUnlessSaid is of how many consignments that nothing was found of one is looked at all the same.
const sampleUnlessSaid = 200

// The states of a consignment in the sample.
const (
	sampleOpen   = "open"
	sampleAgreed = "agreed" // a human would have let it go too
	sampleMissed = "missed" // a human would have looked: it is referred after all
)

// MissedBySample is the code of a finding: a targeter who looked at a sample saw what no rule did.
const MissedBySample = "missed_by_rules"

// picked chooses by the id, which tells its filer nothing: nobody can file around the sample, and a later filing of the same
// consignment is picked again or not as before.
func (d *Domain) picked(consignment string) bool {
	h := fnv.New64a()
	_, _ = io.WriteString(h, consignment) // never fails
	return d.sample > 0 && h.Sum64()%uint64(d.sample) == 0
}

var insertSample = store.NewInsert("cargo_sample", []string{"consignment", "at", "state", "body"}, "on conflict (consignment) do nothing")

// Verdict is what a targeter made of a consignment in the sample.
type Verdict struct {
	At     time.Time `json:"at"`
	By     string    `json:"by"`
	Reason string    `json:"reason,omitempty"`
}

// Sampled is a consignment to look at, as a list shows it: how it was assessed is left out until there is a verdict.
type Sampled struct {
	Row
	Sampled time.Time `json:"sampled"`
	Result  string    `json:"result" enum:"open,agreed,missed"`
	Verdict *Verdict  `json:"verdict,omitempty"`
}

// SampleFigures tell how far "nothing found" can be trusted.
type SampleFigures struct {
	OneIn  int `json:"one_in" doc:"Of so many assessments that were complete by themselves one is sampled; 0 is none"`
	Open   int `json:"open"`
	Agreed int `json:"agreed"`
	Missed int `json:"missed" doc:"A human would have looked at them"`
}

func (d *Domain) sampleRoutes(m *api.Mux) {
	api.Register(m, api.Route{Method: http.MethodGet, Path: "/api/v1/cargo/samples", ID: "list-cargo-samples", Tags: []string{Name},
		Summary: "Blind check: consignments that nothing was found of, to be looked at as if nobody had", Roles: append([]access.Role{access.Auditor}, desk...)}, d.listSamples)
	api.Register(m, api.Route{Method: http.MethodPost, Path: "/api/v1/cargo/samples/{id}", ID: "judge-cargo-sample", Tags: []string{Name},
		Summary: "Say whether a consignment in the sample should have been looked at; if so it is referred", Roles: desk}, d.judgeSample)
}

type listSamplesIn struct {
	State string `query:"state" enum:"open,agreed,missed," default:"open"`
}

type listSamplesOut struct {
	Body struct {
		Items   []Sampled     `json:"items" nullable:"false"`
		Figures SampleFigures `json:"figures"`
	}
}

const mostSamples = 200

func (d *Domain) listSamples(ctx context.Context, in *listSamplesIn) (*listSamplesOut, error) {
	out := &listSamplesOut{}
	out.Body.Items, out.Body.Figures.OneIn = []Sampled{}, d.sample
	counts := map[string]*int{sampleOpen: &out.Body.Figures.Open, sampleAgreed: &out.Body.Figures.Agreed, sampleMissed: &out.Body.Figures.Missed}
	r := d.store.Read()
	err := store.Rows(ctx, r, func(rows *sql.Rows) error {
		var state string
		var n int
		err := rows.Scan(&state, &n)
		if at := counts[state]; at != nil {
			*at = n
		}
		return err
	}, `select state, count(*) from cargo_sample group by state`)
	if err != nil {
		return nil, err
	}
	at := map[string]*Sampled{}
	var ids []string
	err = store.Rows(ctx, r, func(rows *sql.Rows) error {
		var id, body string
		var when int64
		s := &Sampled{}
		if err := rows.Scan(&id, &when, &s.Result, &body); err != nil {
			return err
		}
		s.Sampled = store.Time(when)
		if body != "" {
			s.Verdict = &Verdict{}
			if err := json.Unmarshal([]byte(body), s.Verdict); err != nil {
				return err
			}
		}
		at[id], ids = s, append(ids, id)
		return nil
	}, `select consignment, at, state, body from cargo_sample where $1 = '' or state = $1 order by at, consignment limit $2`, in.State, mostSamples)
	if err != nil {
		return nil, err
	}
	whole, err := gather(ctx, r, ids)
	if err != nil {
		return nil, err
	}
	who := api.PrincipalFrom(ctx)
	for i := range whole {
		s := at[whole[i].ID]
		s.Row = whole[i].row()
		s.seenBy(who)
		if s.Verdict == nil {
			s.State, s.Answered = Received, time.Time{}
		}
	}
	for _, id := range ids {
		if at[id].ID != "" {
			out.Body.Items = append(out.Body.Items, *at[id])
		}
	}
	return out, d.tell(ctx, "sample.list", ids)
}

type judgeSampleIn struct {
	ID   string `path:"id"`
	Body struct {
		Missed bool   `json:"missed" doc:"It should have been looked at"`
		Reason string `json:"reason,omitempty" maxLength:"1000" doc:"What no rule saw; needed where it was missed"`
	}
}

type judgeSampleOut struct {
	Body struct {
		Result string `json:"result" enum:"agreed,missed"`
	}
}

func (d *Domain) judgeSample(ctx context.Context, in *judgeSampleIn) (*judgeSampleOut, error) {
	const shortest = 10
	if in.Body.Missed && len(in.Body.Reason) < shortest {
		return nil, api.Errorf(api.Unprocessable, "say what no rule saw").With("field", "reason")
	}
	out := &judgeSampleOut{}
	if out.Body.Result = sampleAgreed; in.Body.Missed {
		out.Body.Result = sampleMissed
	}
	who := api.PrincipalFrom(ctx)
	return out, d.store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		var state string
		err := tx.QueryRowContext(ctx, `select state from cargo_sample where consignment = $1`, in.ID).Scan(&state)
		switch {
		case errors.Is(err, sql.ErrNoRows):
			return api.Errorf(api.NotFound, "there is no such consignment in the sample")
		case err != nil:
			return err
		case state != sampleOpen:
			return api.Errorf(api.Conflict, "somebody has looked at it already")
		}
		body, err := jsonText(Verdict{At: tx.Now().UTC().Truncate(time.Second), By: who.Name, Reason: in.Body.Reason})
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `update cargo_sample set state = $1, body = $2 where consignment = $3`, out.Body.Result, body, in.ID); err != nil {
			return err
		}
		if err := audit.Record(ctx, tx, audit.Entry{Actor: who.Name, Role: string(who.Role), Action: "sample.judge", Touched: []string{in.ID}, Detail: out.Body.Result}); err != nil {
			return err
		}
		e := pipeline.Effects{Events: []pipeline.Event{{Name: "consignment", ID: in.ID}}}
		if in.Body.Missed {
			if err := d.miss(ctx, tx, in.ID); err != nil {
				return err
			}
			e.Due = []screening.ID{screening.ID(in.ID)}
		}
		return pipeline.Apply(ctx, tx, Name, e)
	})
}

// miss notes on a consignment that a human would have looked: what it is found by from now on.
func (d *Domain) miss(ctx context.Context, tx store.Tx, id string) error {
	found, err := consignmentsBy(ctx, tx, []string{id})
	if err != nil || len(found) == 0 {
		return err
	}
	st := found[0].standing
	st.Missed = true
	return saveStanding(ctx, tx, id, found[0].Shipment, &st)
}
