package casework

import (
	"context"
	"net/http"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/api"
)

// ByID names one case; huma reads only what is exported.
type ByID struct {
	ID string `path:"id" doc:"The case's id"`
}

type answer[T any] struct{ Body T }

func one[T any](v T, err error) (*answer[T], error) {
	if err != nil {
		return nil, err
	}
	return &answer[T]{v}, nil
}

// Routes offers the queue and its cases to whoever sees cases of any domain; each case again asks for its own domain.
func (d *Desk) Routes(m *api.Mux) {
	route := func(method, path, id, summary string, status int) api.Route {
		return api.Route{
			Method: method, Path: "/api/v1/cases" + path, ID: id, Summary: summary, Tags: []string{"cases"},
			Roles: d.roles(), Status: status, MaxBody: 64 << 10,
		}
	}
	who := func(ctx context.Context) access.Principal { return api.PrincipalFrom(ctx) }

	api.Register(m, route(http.MethodGet, "", "list-cases", "The queue: worst first, then least time left", 0),
		func(ctx context.Context, in *struct {
			State    string `query:"state" enum:"open,claimed,pending,waiting,closed,all" doc:"Absent: all that wait for somebody here, so neither closed nor waiting for an answer"`
			Mine     bool   `query:"mine" doc:"Only those I have claimed"`
			Severity string `query:"severity" enum:"low,medium,high,critical"`
			Domain   string `query:"domain"`
			Within   string `query:"within" doc:"Only those of one flight, one waybill"`
			api.Cursor
		},
		) (*answer[api.Page[Case]], error) {
			return one(d.Queue(ctx, who(ctx), Query{State: in.State, Mine: in.Mine, Severity: in.Severity, Domain: in.Domain, Within: in.Within, Cursor: in.Cursor.Cursor, Limit: in.Limit}))
		})
	api.Register(m, route(http.MethodGet, "/{id}", "read-case", "One case with all that is needed to decide it", 0),
		func(ctx context.Context, in *ByID) (*answer[File], error) { return one(d.Case(ctx, who(ctx), in.ID)) })
	api.Register(m, route(http.MethodPost, "/{id}/claim", "claim-case", "Take a case on", http.StatusOK),
		func(ctx context.Context, in *ByID) (*answer[Case], error) { return one(d.Claim(ctx, who(ctx), in.ID)) })
	api.Register(m, route(http.MethodDelete, "/{id}/claim", "release-case", "Put a case back into the queue", http.StatusOK),
		func(ctx context.Context, in *ByID) (*answer[Case], error) {
			return one(d.Release(ctx, who(ctx), in.ID))
		})
	api.Register(m, route(http.MethodPost, "/{id}/notes", "note-case", "Add a note to a case's history", http.StatusCreated),
		func(ctx context.Context, in *struct {
			ByID
			Body struct {
				Text string `json:"text"`
			}
		},
		) (*answer[Happening], error) {
			return one(d.Note(ctx, who(ctx), in.ID, in.Body.Text))
		})
	api.Register(m, route(http.MethodPost, "/{id}/decisions", "decide-case", "Decide a case, with the reason", http.StatusCreated),
		func(ctx context.Context, in *struct {
			ByID
			Body struct {
				Outcome string `json:"outcome" doc:"One of the case's outcomes"`
				Reason  string `json:"reason"`
				Version int64  `json:"version,omitempty" doc:"Of the case as you saw it; a case that has changed since is a conflict"`
			}
		},
		) (*answer[Decision], error) {
			return one(d.Decide(ctx, who(ctx), in.ID, Verdict{Outcome: in.Body.Outcome, Reason: in.Body.Reason, Version: in.Body.Version}))
		})
	api.Register(m, route(http.MethodPost, "/{id}/confirmation", "confirm-case", "Confirm or refuse another person's decision", http.StatusOK),
		func(ctx context.Context, in *struct {
			ByID
			Body struct {
				Confirm bool   `json:"confirm"`
				Reason  string `json:"reason,omitempty" doc:"Needed when refusing"`
			}
		},
		) (*answer[Decision], error) {
			return one(d.Confirm(ctx, who(ctx), in.ID, in.Body.Confirm, in.Body.Reason))
		})
}
