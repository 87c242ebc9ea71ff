// Package audit keeps the tamper-evident logs: who did what to which report, flight or person, and when.
//
// [Record] is the one thing to call: it puts an entry into the caller's own transaction, so that a change and its entry
// are durable together or not at all. A read of a person's data calls [Log.Read] and waits: the entry is durable before
// the data leaves. One entry a request or a report, with all ids it touched, never one a passenger.
//
// Entries arrive unnumbered. One sequencer among the nodes ([Log.Run], under a lease) numbers them without gaps, hashes
// each into a Merkle tree (RFC 6962, through golang.org/x/mod/sumdb/tlog) and signs the tree's head as a checkpoint
// (C2SP tlog-checkpoint, a signed note) every second and when the node drains. Numbering, hashing and signing are one
// transaction: a numbered entry is always under a signed head. [Verify] walks a log from its first entry to its head.
//
// What is found: any change to any column of a numbered entry or of the head, an entry removed, inserted or moved, and a
// log cut back to an older head, as long as the folder of keys still holds the last head this node signed. What is not:
// a change to entries of the last second, not numbered yet, or one by whoever holds the master key.
//
// The room does not know what actions mean. It is the same for the house's own log and for the exchange log.
package audit
