// Package api is how a route is declared: its method and path, who may take it, what goes in and out. From that it makes
// the handler, the check at the gate, and the description in OpenAPI 3.1, so the three cannot differ.
//
// [Register] is the one thing to call, or [Mux.Raw] where a route streams bytes. Everything that is not declared open
// answers 401 to a stranger before path or body is looked at, paths that do not exist included; 403 beyond the role.
// Errors are problems (RFC 9457) with a stable type, made from [Error] by [WriteProblem]; what is inside a cause is
// logged, never shown. Lists are a [Page] with a cursor.
//
// The room knows who may take a route, never what a route is about.
package api
