// Package casework puts the few subjects that matter before a human and keeps what the human decided.
//
// The pipeline calls Raise (and Rename, Gone) in the transaction that writes a report: findings become cases, at no
// cost for the many subjects that have none. People work through a Desk: the queue, claiming, notes, decisions, a
// second person's yes. A decision may leave its case waiting, for an answer or for what it ordered to be lifted; Return puts
// it back. Nothing here ends a case adversely by itself; Decide and Confirm, each with a named person and
// a reason, are the only ways to write a decision.
//
// It must never know a domain: what a subject is, and what its cases can end in, the domain says through Domain.
package casework
