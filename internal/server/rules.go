package server

import (
	"context"
	"net/http"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/screening"
)

type rulesAnswer struct{ Body api.Page[screening.RuleInfo] }

func (s *server) ruleRoutes(m *api.Mux) {
	api.Register(m, api.Route{Method: http.MethodGet, Path: "/api/v1/rules", ID: "list-rules", Summary: "The rules in force, with their examples and how often each has hit", Tags: []string{"rules"}, Roles: append([]access.Role{access.Administrator}, staff...)},
		func(ctx context.Context, _ *struct{}) (*rulesAnswer, error) {
			hits, err := screening.RuleHits(ctx, s.Store.Read())
			if err != nil {
				return nil, err
			}
			rules := s.Screener.Rules()
			for i := range rules {
				rules[i].Hits = hits[rules[i].ID]
			}
			return &rulesAnswer{api.Page[screening.RuleInfo]{Items: rules}}, nil
		})
}
