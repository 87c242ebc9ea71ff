package server

import (
	"context"
	"net/http"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/audit"
	"github.com/rihla/rihla/internal/screening"
)

type dismissalsInput struct {
	List  string `query:"list" maxLength:"64"`
	State string `query:"state" enum:"holds,expired,entry_changed,revoked"`
	api.Cursor
}

type dismissalsAnswer struct {
	Body struct {
		Items  []screening.DismissalInfo `json:"items" nullable:"false"`
		Next   string                    `json:"next,omitempty" doc:"The next page's cursor; absent on the last"`
		Counts map[string]int            `json:"counts" doc:"How many there are in each state"`
	}
}

type revocationInput struct {
	ID   string `path:"id" maxLength:"64"`
	Body struct {
		Reason string `json:"reason" doc:"Why, for whoever reads it later"`
	}
}

type dismissalAnswer struct{ Body screening.DismissalInfo }

func (s *server) dismissalRoutes(m *api.Mux) {
	tags := []string{"dismissals"}
	api.Register(m, api.Route{
		Method: http.MethodGet, Path: "/api/v1/dismissals", ID: "list-dismissals", Tags: tags, Roles: []access.Role{access.Supervisor, access.Auditor},
		Summary: "The decisions that somebody is not who is listed: what is left alone, and until when",
	}, s.dismissals)
	api.Register(m, api.Route{
		Method: http.MethodPost, Path: "/api/v1/dismissals/{id}/revocation", ID: "revoke-dismissal", Tags: tags, Roles: []access.Role{access.Supervisor},
		Summary: "Take such a decision back: whoever is ahead is asked about again",
	}, s.revokeDismissal)
}

func (s *server) dismissals(ctx context.Context, in *dismissalsInput) (*dismissalsAnswer, error) {
	var after string
	if err := api.DecodeCursor(in.Cursor.Cursor, &after); err != nil {
		return nil, err
	}
	all, err := screening.Dismissals(ctx, s.Store.Read(), in.List)
	if err != nil {
		return nil, err
	}
	a := &dismissalsAnswer{}
	a.Body.Items, a.Body.Counts = []screening.DismissalInfo{}, make(map[string]int)
	begun := after == ""
	var touched []string
	for i := range all {
		a.Body.Counts[all[i].State]++
		switch {
		case !begun:
			begun = all[i].ID == after
		case in.State != "" && all[i].State != in.State:
		case len(a.Body.Items) < in.Limit:
			a.Body.Items = append(a.Body.Items, all[i])
			touched = append(touched, string(all[i].Subject))
		case a.Body.Next == "":
			if a.Body.Next, err = api.EncodeCursor(a.Body.Items[in.Limit-1].ID); err != nil {
				return nil, err
			}
		}
	}
	p := api.PrincipalFrom(ctx)
	return a, s.Audit.Read(ctx, audit.Entry{Actor: p.Name, Role: string(p.Role), Action: "dismissal.read", Touched: touched})
}

func (s *server) revokeDismissal(ctx context.Context, in *revocationInput) (*dismissalAnswer, error) {
	p := api.PrincipalFrom(ctx)
	d, err := screening.Revoke(ctx, s.Store, in.ID, p.Name, string(p.Role), in.Body.Reason)
	return &dismissalAnswer{d}, unfit(err)
}
