package server

import (
	"context"
	"net/http"
	"time"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/audit"
)

// entry is one line of the audit log as the auditor sees it.
type entry struct {
	Number  int64     `json:"number"`
	At      time.Time `json:"at"`
	Actor   string    `json:"actor"`
	Role    string    `json:"role,omitempty"`
	Action  string    `json:"action"`
	Report  string    `json:"report,omitempty"`
	Touched []string  `json:"touched,omitempty"`
	Detail  string    `json:"detail,omitempty"`
}

type auditInput struct {
	Log     string `query:"log" enum:"house,exchange" doc:"Absent: house"`
	Actor   string `query:"actor"`
	Action  string `query:"action"`
	Report  string `query:"report"`
	Touched string `query:"touched" doc:"The id of anything"`
	api.Cursor
}

type auditAnswer struct{ Body api.Page[entry] }

type headInput struct {
	Log string `query:"log" enum:"house,exchange" doc:"Absent: house"`
}

type headAnswer struct {
	Body struct {
		Log  string    `json:"log"`
		Size int64     `json:"size"`
		Root string    `json:"root,omitempty"`
		At   time.Time `json:"at,omitzero"`
		Note string    `json:"note,omitempty" doc:"The signed checkpoint, to keep outside the node"`
	}
}

func (s *server) auditRoutes(m *api.Mux) {
	tags, roles := []string{"audit"}, []access.Role{access.Auditor}
	api.Register(m, api.Route{Method: http.MethodGet, Path: "/api/v1/audit", ID: "list-audit", Summary: "The audit log, newest first", Tags: tags, Roles: roles}, s.auditLog)
	api.Register(m, api.Route{Method: http.MethodGet, Path: "/api/v1/audit/head", ID: "read-audit-head", Summary: "The audit log's signed head", Tags: tags, Roles: roles},
		func(ctx context.Context, in *headInput) (*headAnswer, error) {
			head, signed, err := s.Audit.Latest(ctx, in.Log)
			if err != nil {
				return nil, err
			}
			a := &headAnswer{}
			a.Body.Log, a.Body.Size, a.Body.At, a.Body.Note = head.Log, head.Size, head.At, signed
			if signed != "" {
				a.Body.Root = head.Root.String()
			}
			return a, nil
		})
}

func (s *server) auditLog(ctx context.Context, in *auditInput) (*auditAnswer, error) {
	limit := min(in.Limit, 999) // the log gives 1,000 at most, of which one tells that there are more
	q := audit.Query{Log: in.Log, Actor: in.Actor, Action: in.Action, Report: in.Report, Touched: in.Touched, Limit: limit + 1}
	if err := api.DecodeCursor(in.Cursor.Cursor, &q.Before); err != nil {
		return nil, err
	}
	found, err := s.Audit.Entries(ctx, q)
	if err != nil {
		return nil, err
	}
	a := &auditAnswer{api.Page[entry]{Items: []entry{}}}
	for _, e := range found {
		if len(a.Body.Items) == limit {
			if a.Body.Next, err = api.EncodeCursor(a.Body.Items[limit-1].Number); err != nil {
				return nil, err
			}
			break
		}
		a.Body.Items = append(a.Body.Items, entry{Number: e.Number, At: e.At, Actor: e.Actor, Role: e.Role, Action: e.Action, Report: e.Report, Touched: e.Touched, Detail: e.Detail})
	}
	// The watchers are watched: who looked, and after what.
	p := api.PrincipalFrom(ctx)
	watched := audit.Entry{Actor: p.Name, Role: string(p.Role), Action: "audit.read", Report: in.Report}
	if in.Touched != "" {
		watched.Touched = []string{in.Touched}
	}
	return a, s.Audit.Read(ctx, watched)
}
