package server

import (
	"context"
	"net/http"
	"time"

	"github.com/rihla/rihla/internal/api"
)

// NodeFacts is what a node says of itself.
type NodeFacts struct {
	Name     string
	State    string
	Country  string // alpha-3, whose border it watches
	Airports []string
	Zone     string // IANA, the clock on its wall
}

type home struct {
	Country  string   `json:"country,omitempty"`
	Airports []string `json:"airports"`
}

type nodeAnswer struct {
	Body struct {
		Name  string    `json:"name,omitempty"`
		State string    `json:"state,omitempty"`
		Home  home      `json:"home"`
		Now   time.Time `json:"now"`
		Zone  string    `json:"zone,omitempty"`
	}
}

func (s *server) nodeRoutes(m *api.Mux) {
	api.Register(m, api.Route{Method: http.MethodGet, Path: "/api/v1/node", ID: "read-node", Summary: "The node: its name, its state, its airports, its clock", Tags: []string{"node"}, SignedIn: true},
		func(context.Context, *struct{}) (*nodeAnswer, error) {
			var a nodeAnswer
			a.Body.Name, a.Body.State, a.Body.Zone = s.Node.Name, s.Node.State, s.Node.Zone
			a.Body.Home = home{Country: s.Node.Country, Airports: append([]string{}, s.Node.Airports...)}
			a.Body.Now = s.Clock().UTC()
			return &a, nil
		})
}
