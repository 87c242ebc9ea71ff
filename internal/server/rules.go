package server

import (
	"context"
	"net/http"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/screening"
)

type rule struct {
	screening.RuleInfo
	Hits  int    `json:"hits"`
	State string `json:"state"`
}

type rulesAnswer struct{ Body api.Page[rule] }

func (s *server) ruleRoutes(m *api.Mux) {
	api.Register(m, api.Route{Method: http.MethodGet, Path: "/api/v1/rules", ID: "list-rules", Summary: "The rules in force, with their examples and how often each has hit", Tags: []string{"rules"}, Roles: append([]access.Role{access.Administrator}, staff...)},
		func(ctx context.Context, _ *struct{}) (*rulesAnswer, error) {
			hits, err := screening.RuleHits(ctx, s.Store.Read())
			if err != nil {
				return nil, err
			}
			a := &rulesAnswer{api.Page[rule]{Items: []rule{}}}
			for _, info := range s.Screener.Rules() {
				a.Body.Items = append(a.Body.Items, rule{RuleInfo: info, Hits: hits[info.ID], State: "live"})
			}
			return a, nil
		})
}
