package server

import (
	"context"
	"net/http"
	"strings"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/audit"
	"github.com/rihla/rihla/internal/casework"
	"github.com/rihla/rihla/internal/pipeline"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/screening/links"
	"github.com/rihla/rihla/internal/store"
)

// Describer tells who a subject is, whatever its domain; an empty sheet is nobody it knows.
type Describer func(ctx context.Context, r store.Reader, id screening.ID) (casework.Sheet, error)

type linksInput struct {
	ID    string `path:"id" maxLength:"64"`
	Depth int    `query:"depth" minimum:"1" maximum:"2" default:"2" doc:"Steps from the person"`
	Limit int    `query:"limit" minimum:"2" maximum:"300" default:"300" doc:"Nodes at most; the strongest are kept"`
	Kinds string `query:"kinds" maxLength:"200" doc:"What is walked, with commas between; all without it"`
}

type linksAnswer struct{ Body links.Graph }

type pathInput struct {
	From string `query:"from" maxLength:"64" required:"true"`
	To   string `query:"to" maxLength:"64" required:"true"`
}

type pathAnswer struct{ Body links.Way }

func (s *server) linkRoutes(m *api.Mux) {
	roles := []access.Role{access.Analyst, access.Supervisor, access.Officer}
	api.Register(m, api.Route{Method: http.MethodGet, Path: "/api/v1/subjects/{id}/links", ID: "subject-links", Tags: []string{"links"}, Roles: roles,
		Summary: "Who shares a phone, a card, an address, a booking with somebody, and who flies along again and again"}, s.linksOf)
	api.Register(m, api.Route{Method: http.MethodGet, Path: "/api/v1/links/path", ID: "links-path", Tags: []string{"links"}, Roles: roles,
		Summary: "How two people are joined, in at most four steps"}, s.linkPath)
}

func (s *server) linksOf(ctx context.Context, in *linksInput) (*linksAnswer, error) {
	var kinds []string
	if in.Kinds != "" {
		kinds = strings.Split(in.Kinds, ",")
	}
	r := s.Store.Read()
	g, known, err := links.Neighbourhood(ctx, r, screening.ID(in.ID), in.Depth, in.Limit, kinds)
	if err != nil {
		return nil, err
	}
	if !known {
		return nil, api.Errorf(api.NotFound, "nobody of that id is known to share anything")
	}
	return &linksAnswer{g}, s.nameNodes(ctx, r, g.Nodes, "links.read")
}

func (s *server) linkPath(ctx context.Context, in *pathInput) (*pathAnswer, error) {
	r := s.Store.Read()
	way, known, err := links.Path(ctx, r, screening.ID(in.From), screening.ID(in.To))
	if err != nil {
		return nil, err
	}
	if !known {
		return nil, api.Errorf(api.NotFound, "one of the two is not known to share anything")
	}
	return &pathAnswer{way}, s.nameNodes(ctx, r, way.Nodes, "links.read")
}

// nameNodes says who the people of a graph are and which of them stand out, and tells the log whose data is shown.
func (s *server) nameNodes(ctx context.Context, r store.Reader, nodes []links.Node, action string) error {
	var ids []screening.ID
	var touched []string
	for i := range nodes {
		if nodes[i].Subject != "" {
			ids = append(ids, nodes[i].Subject)
			touched = append(touched, string(nodes[i].Subject))
		}
	}
	stands, err := pipeline.Standing(ctx, r, ids)
	if err != nil {
		return err
	}
	for i := range nodes {
		n := &nodes[i]
		if n.Subject == "" {
			continue
		}
		n.Status = append(stands[n.Subject], n.Status...)
		if s.Describe == nil {
			continue
		}
		sheet, err := s.Describe(ctx, r, n.Subject)
		if err != nil {
			return err
		}
		n.Label, n.Context, n.Path = sheet.Title, sheet.Context, sheet.Path
	}
	p := api.PrincipalFrom(ctx)
	return s.Audit.Read(ctx, audit.Entry{Actor: p.Name, Role: string(p.Role), Action: action, Touched: touched})
}
