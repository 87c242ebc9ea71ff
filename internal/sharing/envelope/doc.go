// Package envelope is the wire form of one message between two states: signed, then encrypted.
//
// [Sign] and [Encrypt] make it, [Decrypt] and [Verify] open it: a JWS (RFC 7515, compact, EdDSA on Ed25519) inside a JWE
// (RFC 7516, compact, ECDH-ES on P-256, A256GCM). Exactly these algorithms are taken and no other: none, every HMAC and
// compression are refused before anything is computed with them. The payload is JSON with its names in order, so that the
// same message and key always give the same JWS.
//
// [SignAck] and [VerifyAck] are the answer of whoever received: one JWS over all messages of one delivery.
// [SignDetached] and [VerifyDetached] sign a text that lies beside its signature, such as an agreement. [KeySet] is an
// authority's public keys, current and next.
//
// The room is pure: no clock, no I/O, and no idea of what a body means.
package envelope
