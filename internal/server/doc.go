// Package server puts the faces together: one http.Handler for the API, the live events, sign-in and the pages.
//
// Call New with what the house is made of. The server owns what belongs to no single room: sessions, the node's own
// facts, search, lists, rules, the audit log, events, liveness and metrics; every other path is offered by the room
// that knows it, through Routes. Whatever is not declared open is refused without a credential before path or body is
// looked at (api.Mux does it), and every answer carries the headers that keep a browser careful.
//
// It must never know a domain: a flight is to it a path that somebody else answers. Errors are RFC 9457 problems,
// live pages are server-sent events (WHATWG HTML, 9.2), the API describes itself in OpenAPI 3.1.
package server
