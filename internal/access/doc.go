// Package access knows who may: bearer keys of programs and carriers, accounts of people, their sessions and roles.
//
// [Access.Authenticate] is the one thing to call: it names the principal behind a request, or says that there is none.
// Deny by default is the caller's part (internal/api does it); this room only tells who somebody is.
//
// Bearer keys and session tokens are 256 random bits and kept as SHA-256; passwords are kept as argon2id (RFC 9106). A
// key, an account or a session is durable when the call that made it returns, whichever process made it, and works at
// once; one that was revoked, or signed out, stops working within [Options.CacheFor] on every other node.
//
// The room knows no report, flight or case: which role may do what is said beside each route.
package access
