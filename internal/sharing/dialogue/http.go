package dialogue

import (
	"context"
	"net/http"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/sharing/ledger"
)

// Who reads, and who writes.
var (
	readers = []access.Role{access.Supervisor, access.Auditor, access.Analyst, access.FIU, access.Responder, access.Targeter}
	writers = []access.Role{access.Supervisor}
)

const bodyMost = 512 << 10

// ByID names one meeting, or one action item; huma reads only what is exported.
type ByID struct {
	ID string `path:"id"`
}

// ByAgreement names an agreement.
type ByAgreement struct {
	Agreement string `path:"agreement"`
}

type answer[T any] struct{ Body T }

func one[T any](v T, err error) (*answer[T], error) {
	if err != nil {
		return nil, err
	}
	return &answer[T]{v}, nil
}

func reading(path, id, summary string) api.Route {
	return api.Route{Method: http.MethodGet, Path: "/api/v1/dialogue" + path, ID: id, Summary: summary, Tags: []string{"dialogue"}, Roles: readers}
}

func writing(method, path, id, summary string, status int) api.Route {
	return api.Route{Method: method, Path: "/api/v1/dialogue" + path, ID: id, Summary: summary, Tags: []string{"dialogue"}, Roles: writers, Status: status, MaxBody: bodyMost}
}

// Routes offers the room: supervisors write, and whoever works with the partner or watches reads.
func (r *Room) Routes(m *api.Mux) {
	r.meetingRoutes(m)
	r.contentRoutes(m)
	r.reportRoutes(m)
}

func (r *Room) meetingRoutes(m *api.Mux) {
	api.Register(m, reading("/meetings", "list-meetings", "The rounds of the dialogue, newest first"),
		func(ctx context.Context, in *struct {
			Agreement string `query:"agreement"`
			State     string `query:"state" enum:"draft,offered,closed"`
			api.Cursor
		},
		) (*answer[api.Page[Meeting]], error) {
			return one(r.Meetings(ctx, api.PrincipalFrom(ctx), Query{Agreement: in.Agreement, State: in.State, Cursor: in.Cursor.Cursor, Limit: in.Limit}))
		})
	api.Register(m, reading("/schedule", "review-schedule", "When each agreement was last reviewed, and is to be next"),
		func(ctx context.Context, _ *struct{}) (*answer[api.Page[Turn]], error) {
			return one(r.Schedule(ctx, api.PrincipalFrom(ctx)))
		})
	api.Register(m, writing(http.MethodPost, "/meetings", "convene-meeting", "Convene a meeting and invite the partner", http.StatusCreated),
		func(ctx context.Context, in *struct{ Body Call }) (*answer[File], error) {
			return one(r.Convene(ctx, api.PrincipalFrom(ctx), in.Body))
		})
	api.Register(m, reading("/meetings/{id}", "read-meeting", "One round, with everything that belongs to it"),
		func(ctx context.Context, in *ByID) (*answer[File], error) {
			return one(r.Meeting(ctx, api.PrincipalFrom(ctx), in.ID))
		})
	api.Register(m, writing(http.MethodPut, "/meetings/{id}", "edit-meeting", "Change a draft: when, where, who, the agenda", http.StatusOK),
		func(ctx context.Context, in *struct {
			ByID
			Body Edit
		},
		) (*answer[File], error) {
			return one(r.Edit(ctx, api.PrincipalFrom(ctx), in.ID, in.Body))
		})
	api.Register(m, writing(http.MethodPost, "/meetings/{id}/close", "close-meeting", "Sign the record for this side's chair", http.StatusOK),
		func(ctx context.Context, in *struct {
			ByID
			Body struct {
				Version int64 `json:"version,omitempty" doc:"Of the meeting as you saw it"`
			}
		},
		) (*answer[File], error) {
			return one(r.Close(ctx, api.PrincipalFrom(ctx), in.ID, in.Body.Version))
		})
	api.Register(m, writing(http.MethodPost, "/meetings/{id}/objection", "object-to-meeting", "Do not sign the record offered, and say why", http.StatusOK),
		func(ctx context.Context, in *struct {
			ByID
			Body struct {
				Reason string `json:"reason" maxLength:"4000"`
			}
		},
		) (*answer[File], error) {
			return one(r.Object(ctx, api.PrincipalFrom(ctx), in.ID, in.Body.Reason))
		})
	m.Raw(reading("/meetings/{id}/print", "print-meeting", "The minutes as a page to print, whole in itself"), r.print,
		api.RawDoc{Response: "text/html", Query: []string{"lang"}})
}

func (r *Room) contentRoutes(m *api.Mux) {
	api.Register(m, writing(http.MethodPut, "/meetings/{id}/minutes/{item}", "write-minute", "Write what was said on an item", http.StatusOK),
		func(ctx context.Context, in *struct {
			ByID
			Item string `path:"item"`
			Body MinuteText
		},
		) (*answer[Item], error) {
			return one(r.Write(ctx, api.PrincipalFrom(ctx), in.ID, in.Item, in.Body))
		})
	api.Register(m, writing(http.MethodPost, "/meetings/{id}/actions", "add-action", "Undertake something", http.StatusCreated),
		func(ctx context.Context, in *struct {
			ByID
			Body ActionText
		},
		) (*answer[Action], error) {
			return one(r.Undertake(ctx, api.PrincipalFrom(ctx), in.ID, in.Body))
		})
	api.Register(m, reading("/actions", "list-actions", "Action items: late ones first, then by day"),
		func(ctx context.Context, in *struct {
			State     string `query:"state" enum:"open,late,done,dropped,all" doc:"open has the late ones too"`
			Agreement string `query:"agreement"`
		},
		) (*answer[api.Page[Action]], error) {
			if in.State == "all" {
				in.State = ""
			}
			return one(r.Actions(ctx, api.PrincipalFrom(ctx), ActionState(in.State), in.Agreement))
		})
	api.Register(m, writing(http.MethodPatch, "/actions/{id}", "follow-action", "Say what an action item has come to", http.StatusOK),
		func(ctx context.Context, in *struct {
			ByID
			Body ActionEdit
		},
		) (*answer[Action], error) {
			return one(r.Follow(ctx, api.PrincipalFrom(ctx), in.ID, in.Body))
		})
	api.Register(m, writing(http.MethodDelete, "/actions/{id}", "withdraw-action", "Take an action item out of a draft", http.StatusNoContent),
		func(ctx context.Context, in *ByID) (*struct{}, error) {
			return nil, r.Withdraw(ctx, api.PrincipalFrom(ctx), in.ID)
		})
	api.Register(m, writing(http.MethodPost, "/meetings/{id}/decisions", "add-decision", "Write down a decision", http.StatusCreated),
		func(ctx context.Context, in *struct {
			ByID
			Body DecisionText
		},
		) (*answer[Decision], error) {
			return one(r.Decide(ctx, api.PrincipalFrom(ctx), in.ID, in.Body))
		})
	api.Register(m, writing(http.MethodDelete, "/meetings/{id}/decisions/{number}", "withdraw-decision", "Take a decision out of a draft", http.StatusNoContent),
		func(ctx context.Context, in *struct {
			ByID
			Number string `path:"number"`
		},
		) (*struct{}, error) {
			return nil, r.Undecide(ctx, api.PrincipalFrom(ctx), in.ID, in.Number)
		})
}

func (r *Room) reportRoutes(m *api.Mux) {
	api.Register(m, reading("/reports/{agreement}", "read-report", "The report of an agreement and period, from the exchange log"),
		func(ctx context.Context, in *struct {
			ByAgreement
			From   string `query:"from" required:"true" doc:"First day, YYYY-MM-DD"`
			To     string `query:"to" required:"true" doc:"Last day, YYYY-MM-DD"`
			Shared bool   `query:"shared" doc:"As others may see it: few are shown as few"`
		},
		) (*answer[Reviewed], error) {
			return one(r.Report(ctx, api.PrincipalFrom(ctx), in.Agreement, ledger.Days{From: in.From, To: in.To}, in.Shared))
		})
	api.Register(m, writing(http.MethodPost, "/reports/{agreement}/send", "send-report", "Send this side's figures of a period to the partner", http.StatusAccepted),
		func(ctx context.Context, in *struct {
			ByAgreement
			Body ledger.Days
		},
		) (*answer[Reviewed], error) {
			return one(r.Send(ctx, api.PrincipalFrom(ctx), in.Agreement, in.Body))
		})
}
