// Package dialogue is the room in which two states look at their agreements together: meetings with an agenda, the report
// of each agreement with both sides' figures, what happened since the last round, minutes in two languages, decisions, and
// action items that come back until they are done.
//
// [Open] makes a [Room]; [Room.Routes] is its face, and [Room.Received] takes what the partner's room sends. One side hosts
// a meeting and keeps its record. The other is invited, and when the host's chair has signed the record it countersigns or
// objects. A record that both chairs signed never changes; only the state of its action items goes on.
//
// A report's figures come from the exchange log alone (package ledger), so that either side can make them again. The room
// knows nothing of threads, envelopes or persons, and reads no clock but the store's. How a message reaches the partner,
// who signs with what key, and which agreements there are, it is told in [Options].
package dialogue
