// Package indicators says what is held of an indicator of compromise and how long it is worth anything.
//
// A Held is one value (an address, a name, a page, a hash) with a Claim for each object in which a source spoke of it, and
// the Acts of our own people. Hearing a claim is a join by the source's own clock: late, repeated and shuffled claims end in
// the same Held. Held.At computes from it what a page shows at an instant: until when it holds, how far its score has
// decayed, under which marking, and whether it is matched at all. Read takes the values out of STIX indicators.
//
// The package is pure: it knows no store, no clock and no wire.
package indicators
