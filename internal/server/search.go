package server

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/audit"
	"github.com/rihla/rihla/internal/casework"
	"github.com/rihla/rihla/internal/store"
)

// Searcher finds what it knows by a name, a document, a locator, a number. It answers only what the principal may see,
// at most n, best first.
type Searcher interface {
	Search(ctx context.Context, r store.Reader, p access.Principal, q string, n int) ([]api.Hit, error)
}

// SearcherFunc lets a function be a Searcher.
type SearcherFunc func(ctx context.Context, r store.Reader, p access.Principal, q string, n int) ([]api.Hit, error)

// Search calls the function.
func (f SearcherFunc) Search(ctx context.Context, r store.Reader, p access.Principal, q string, n int) ([]api.Hit, error) {
	return f(ctx, r, p, q, n)
}

// Cases lets the search box find cases.
func Cases(d *casework.Desk) Searcher {
	return SearcherFunc(func(ctx context.Context, r store.Reader, p access.Principal, q string, n int) ([]api.Hit, error) {
		cases, err := d.Search(ctx, r, p, q, n)
		hits := make([]api.Hit, len(cases))
		for i, c := range cases {
			hits[i] = api.Hit{Kind: "case", ID: c.ID, Title: "C-" + strconv.FormatInt(c.Number, 10) + " " + c.Title, Detail: c.Context, Path: "/queue/" + c.ID}
		}
		return hits, err
	})
}

const hitsEach = 8 // of each searcher: a search box shows a screenful

type searchInput struct {
	Q string `query:"q" maxLength:"200" doc:"A name, a document, a locator, a flight, a case number"`
}

type searchAnswer struct {
	Body struct {
		Items []api.Hit `json:"items"`
	}
}

func (s *server) searchRoutes(m *api.Mux) {
	api.Register(m, api.Route{Method: http.MethodGet, Path: "/api/v1/search", ID: "search", Summary: "Find people, flights, cases and reports", Tags: []string{"search"}, Roles: staff}, s.search)
}

func (s *server) search(ctx context.Context, in *searchInput) (*searchAnswer, error) {
	a := &searchAnswer{}
	a.Body.Items = []api.Hit{}
	q := strings.TrimSpace(in.Q)
	if len([]rune(q)) < 2 {
		return a, nil
	}
	p := api.PrincipalFrom(ctx)
	for _, searcher := range s.Searchers {
		hits, err := searcher.Search(ctx, s.Store.Read(), p, q, hitsEach)
		if err != nil {
			return nil, err
		}
		a.Body.Items = append(a.Body.Items, hits...)
	}
	if len(a.Body.Items) == 0 {
		return a, nil
	}
	touched := make([]string, len(a.Body.Items))
	for i, h := range a.Body.Items {
		touched[i] = h.ID
	}
	// What was typed is often a name, and the log is for ever: it keeps only what was found.
	return a, s.Audit.Read(ctx, audit.Entry{Actor: p.Name, Role: string(p.Role), Action: "search", Touched: touched})
}
