package api

import (
	"net/http"
	"strings"

	"github.com/rihla/rihla/internal/access"
)

// Protocol is a part of the tree that speaks a standard of its own (TAXII): which paths and methods there are, and how an
// error reads, is that standard's. The gate is this house's: nobody comes in without a credential and one of the roles.
type Protocol struct {
	Prefix  string        // all below belongs to it: /taxii2/
	Roles   []access.Role // these may come in; what each may do there is the handler's to say
	Handler http.Handler  // may set the request's Pattern, for the meters
	Refuse  func(http.ResponseWriter, *Problem)
	Places  []Place // for the description
}

// Place is a route of a protocol, as the description has it.
type Place struct {
	Route Route
	Doc   RawDoc
}

type refuseKey struct{}

// Protocol adds a protocol. Whatever the gate refuses there, and whatever [WriteProblem] is told, Refuse words.
func (m *Mux) Protocol(p Protocol) {
	for _, at := range p.Places {
		at.Route.Roles = p.Roles
		at.Route.check()
		m.describe(at.Route, at.Doc)
	}
	m.spoken = append(m.spoken, p)
}

// protocol is the one a path belongs to; one without a handler where there is none.
func (m *Mux) protocol(path string) Protocol {
	for _, p := range m.spoken {
		if strings.HasPrefix(path, p.Prefix) || path == strings.TrimSuffix(p.Prefix, "/") {
			return p
		}
	}
	return Protocol{}
}
