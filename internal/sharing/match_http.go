package sharing

import (
	"context"
	"database/sql"
	"net/http"
	"time"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/sharing/ledger"
	"github.com/rihla/rihla/internal/store"
)

// travelReaders are who works with flights, and who watches.
var travelReaders = []access.Role{access.Analyst, access.Supervisor, access.Officer, access.Auditor}

// Routes offers private matching.
func (m *Matches) Routes(mux *api.Mux) {
	route := func(method, path, id, summary string, status int, roles ...access.Role) api.Route {
		return api.Route{Method: method, Path: "/api/v1/exchange" + path, ID: id, Summary: summary, Tags: []string{"exchange"}, Roles: roles, Status: status}
	}
	who := api.PrincipalFrom
	api.Register(mux, route(http.MethodPost, "/{agreement}/matches", "start-match", "Match a flight's passengers with the partner's list, privately", http.StatusCreated, access.Analyst, access.Supervisor),
		func(ctx context.Context, in *struct {
			Agreement string `path:"agreement"`
			Body      MatchQuestion
		},
		) (*answer[MatchRun], error) {
			return one(m.Start(ctx, who(ctx), in.Agreement, in.Body))
		})
	api.Register(mux, route(http.MethodGet, "/matches", "list-matches", "Private matches of both sides, the newest first", 0, travelReaders...),
		func(ctx context.Context, in *struct {
			api.Cursor
			Agreement string `query:"agreement"`
			Flight    string `query:"flight" doc:"Of this node's flights"`
		},
		) (*answer[api.Page[MatchRun]], error) {
			return one(m.Runs(ctx, who(ctx), in.Agreement, in.Flight, in.Cursor))
		})
	type oneHit struct {
		ID        string `path:"id"`
		Passenger string `path:"passenger"`
	}
	api.Register(mux, route(http.MethodGet, "/matches/{id}", "read-match", "One private match with its hits", 0, travelReaders...),
		func(ctx context.Context, in *ByID) (*answer[MatchRun], error) {
			return one(m.Read(ctx, who(ctx), in.ID))
		})
	api.Register(mux, route(http.MethodGet, "/matches/{id}/audit", "audit-match", "Hold a batch against the flight it was about: whom this state had bound itself to ask about", 0, access.Auditor),
		func(ctx context.Context, in *ByID) (*answer[MatchAudit], error) {
			return one(m.Audit(ctx, who(ctx), in.ID))
		})
	api.Register(mux, route(http.MethodGet, "/matches/{id}/hits/{passenger}/request", "prepare-match-request", "What a request to the partner about a hit begins with", 0, access.Analyst, access.Supervisor, access.Officer),
		func(ctx context.Context, in *oneHit) (*answer[Question], error) {
			return one(m.Lead(ctx, who(ctx), in.ID, in.Passenger))
		})
	api.Register(mux, route(http.MethodPost, "/matches/{id}/hits/{passenger}/request", "ask-about-hit", "Ask the partner about a hit: hit or no hit", http.StatusCreated, access.Analyst, access.Supervisor, access.Officer),
		func(ctx context.Context, in *struct {
			oneHit
			Body Question
		},
		) (*answer[Thread], error) {
			return one(m.AskOn(ctx, who(ctx), in.ID, in.Passenger, in.Body))
		})
}

const mostRuns = 100

type runPlace struct {
	At int64  `json:"at"`
	ID string `json:"id"`
}

// Runs gives runs with who was a hit in them: that is read, and so it is written down.
func (m *Matches) Runs(ctx context.Context, by access.Principal, agreementID, flight string, c api.Cursor) (page api.Page[MatchRun], err error) {
	place := runPlace{At: store.Micros(m.room.now().Add(time.Hour))}
	if c.Cursor != "" {
		if err := api.DecodeCursor(c.Cursor, &place); err != nil {
			return page, err
		}
	}
	n := mostRuns
	if c.Limit > 0 {
		n = min(c.Limit, mostRuns)
	}
	rd := m.room.store.Read()
	page.Items = []MatchRun{}
	err = store.Rows(ctx, rd, func(rows *sql.Rows) error {
		r, err := scanRun(rows)
		page.Items = append(page.Items, r)
		return err
	}, "select "+runColumns+` from sharing_match_run where (begun_at < $1 or begun_at = $1 and id < $2) and ($3 = '' or agreement = $3) and ($4 = '' or flight = $4)
		order by begun_at desc, id desc limit $5`, place.At, place.ID, agreementID, flight, int64(n+1))
	if err != nil {
		return page, err
	}
	if len(page.Items) > n {
		page.Items = page.Items[:n]
		last := &page.Items[n-1]
		if page.Next, err = api.EncodeCursor(runPlace{store.Micros(last.At), last.ID}); err != nil {
			return page, err
		}
	}
	return page, m.withHits(ctx, by, page.Items)
}

// Read gives one run with its hits.
func (m *Matches) Read(ctx context.Context, by access.Principal, id string) (MatchRun, error) {
	r, err := runByID(ctx, m.room.store.Read(), id)
	if err != nil {
		return r, err
	}
	runs := []MatchRun{r}
	err = m.withHits(ctx, by, runs)
	return runs[0], err
}

func (m *Matches) withHits(ctx context.Context, by access.Principal, runs []MatchRun) error {
	var ids []string
	for i := range runs {
		if runs[i].Direction == ledger.Out && runs[i].HitCount > 0 {
			ids = append(ids, runs[i].ID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	if err := m.room.told(ctx, by, "exchange.match-read", ids...); err != nil {
		return err
	}
	hits, err := hitsOf(ctx, m.room.store.Read(), ids...)
	if err != nil {
		return err
	}
	names := map[string]map[string]string{} // by flight, by passenger
	for i := range runs {
		r := &runs[i]
		r.Hits = hits[r.ID]
		if by.Role == access.Auditor { // who watches sees no names unasked
			continue
		}
		if len(r.Hits) > 0 && names[r.Flight] == nil {
			names[r.Flight] = m.names(ctx, r.Flight)
		}
		for j := range r.Hits {
			r.Hits[j].Name = names[r.Flight][r.Hits[j].Passenger]
		}
	}
	return nil
}

// names are those of a flight's passengers; a flight that is gone has none.
func (m *Matches) names(ctx context.Context, flight string) map[string]string {
	out := map[string]string{}
	manifest, err := m.o.Manifest(ctx, m.room.store.Read(), flight)
	if err != nil {
		return out
	}
	for i := range manifest.Passengers {
		p := subjectFrom(&manifest.Passengers[i])
		out[manifest.Passengers[i].ID] = join(", ", p.FamilyName, p.GivenNames)
	}
	return out
}

// finishedBefore are the runs whose hits are to be forgotten.
func finishedBefore(ctx context.Context, rd store.Reader, now int64) (out []MatchRun, err error) {
	err = store.Rows(ctx, rd, func(rows *sql.Rows) error {
		r, err := scanRun(rows)
		out = append(out, r)
		return err
	}, "select "+runColumns+" from sharing_match_run where erase_at <= $1 and erase_at > 0 and id in (select run from sharing_match_hit)", now)
	return out, err
}
