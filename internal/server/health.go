package server

import (
	"cmp"
	"net"
	"net/http"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/api"
)

func (s *server) healthRoutes(m *api.Mux) {
	m.Raw(api.Route{Method: http.MethodGet, Path: "/healthz", ID: "health", Summary: "Liveness: 200 while the node answers, 503 while it drains", Tags: []string{"node"}, Open: true},
		func(w http.ResponseWriter, r *http.Request) {
			select {
			case <-s.Draining:
				api.WriteProblem(w, r, api.Errorf(api.Unavailable, "the node is draining"))
			default:
				writeJSON(w, map[string]string{"status": "ok"})
			}
		}, api.RawDoc{Response: "application/json", Answers: map[string]string{}})
	if s.Metrics == nil {
		return
	}
	// Open to the mux because loopback needs no key; anybody else is asked for one here.
	m.Raw(api.Route{Method: http.MethodGet, Path: "/metrics", ID: "metrics", Summary: "Prometheus metrics, for the administrator or from loopback", Tags: []string{"node"}, Open: true},
		func(w http.ResponseWriter, r *http.Request) {
			if err := s.mayMeasure(r); err != nil {
				api.WriteProblem(w, r, err)
				return
			}
			s.Metrics.ServeHTTP(w, r)
		}, api.RawDoc{Response: "text/plain"})
}

func (s *server) mayMeasure(r *http.Request) error {
	// A proxy on this machine also comes from loopback, with somebody else's request.
	forwarded := r.Header.Get("X-Forwarded-For") != "" || r.Header.Get("Forwarded") != ""
	host, _, _ := net.SplitHostPort(r.RemoteAddr)
	if ip := net.ParseIP(cmp.Or(host, r.RemoteAddr)); ip.IsLoopback() && !forwarded {
		return nil
	}
	p, err := s.Access.Authenticate(r.Context(), r)
	if err != nil {
		return err
	}
	if !p.Is(access.Administrator) {
		return api.Errorf(api.Forbidden, "metrics are for the administrator, or from loopback")
	}
	return nil
}
