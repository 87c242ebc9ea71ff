// Package matching lets one state learn which of its passengers are on another's list, and neither learn more.
//
// Keys make exact keys out of people (Asked, Listed). The list's side opens an Epoch, gives out the list's tags (Epoch.Listing)
// and evaluates what is asked (Epoch.Evaluate). The asking side makes a Question of its passengers, sends the blinded
// elements, and reads the hits out of the answer (Question.Finish). A hit is a lead and never a ground: what may follow
// is a request for one person, which a human writes.
//
// Nothing here knows an agreement, a message or a flight; there is no clock and no I/O but the system's randomness.
//
// The function both sides evaluate is the verifiable oblivious pseudorandom function of RFC 9497, ristretto255-SHA512. The
// list's side cannot use another key unseen; what the asking side asks is hidden from it perfectly. What this does not do:
// the list's side may list whomever it likes, the asking side may ask about people who do not fly (quotas, commitments and
// the watchers are against that), names and dates have little entropy (whoever gets an epoch's key can try them all, so keys
// stay in memory and die with their epoch), and what no exact key joins is not found.
package matching
