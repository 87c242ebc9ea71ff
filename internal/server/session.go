package server

import (
	"encoding/json"
	"errors"
	"net/http"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/api"
)

// seat is what a person is told of their own session.
type seat struct {
	Name  string      `json:"name"`
	Role  access.Role `json:"role"`
	State string      `json:"state,omitempty"`
	Node  string      `json:"node,omitempty"`
}

type credentials struct {
	Name     string `json:"name"`
	Password string `json:"password"`
}

const sessionPath = "/api/v1/session"

func (s *server) sessionRoutes(m *api.Mux) {
	tags := []string{"session"}
	m.Raw(api.Route{Method: http.MethodPost, Path: sessionPath, ID: "sign-in", Summary: "Sign in with a name and a password; the answer sets the session cookie", Tags: tags, Open: true, MaxBody: 4 << 10},
		s.signIn, api.RawDoc{Request: "application/json", Takes: credentials{}, Response: "application/json", Answers: seat{}})
	m.Raw(api.Route{Method: http.MethodGet, Path: sessionPath, ID: "read-session", Summary: "Who I am", Tags: tags, SignedIn: true},
		func(w http.ResponseWriter, r *http.Request) { writeJSON(w, s.seat(api.PrincipalFrom(r.Context()))) },
		api.RawDoc{Response: "application/json", Answers: seat{}})
	m.Raw(api.Route{Method: http.MethodDelete, Path: sessionPath, ID: "sign-out", Summary: "Sign out", Tags: tags, SignedIn: true}, s.signOut, api.RawDoc{})
}

func (s *server) signIn(w http.ResponseWriter, r *http.Request) {
	var c credentials
	if err := json.NewDecoder(r.Body).Decode(&c); err != nil || c.Name == "" || c.Password == "" {
		api.WriteProblem(w, r, api.Errorf(api.Invalid, `to sign in, send {"name": …, "password": …}`))
		return
	}
	session, err := s.Access.SignIn(r.Context(), r, c.Name, c.Password)
	if err != nil {
		if errors.Is(err, access.ErrBadCredential) {
			err = api.Errorf(api.Unauthorized, "name and password do not go together")
		}
		api.WriteProblem(w, r, err)
		return
	}
	http.SetCookie(w, s.Access.Cookie(session, s.Secure))
	writeJSON(w, s.seat(session.Principal))
}

func (s *server) signOut(w http.ResponseWriter, r *http.Request) {
	if err := s.Access.SignOut(r.Context(), r); err != nil {
		api.WriteProblem(w, r, err)
		return
	}
	http.SetCookie(w, s.Access.Cookie(access.Session{}, s.Secure))
	w.WriteHeader(http.StatusNoContent)
}

func (s *server) seat(p access.Principal) seat {
	return seat{Name: p.Name, Role: p.Role, State: s.Node.State, Node: s.Node.Name}
}

func writeJSON(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v) // the reader went away; nothing to mend
}
