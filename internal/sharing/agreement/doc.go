// Package agreement is what two states have agreed to share, as a document that a machine keeps.
//
// Read takes the bytes of one version of one agreement and answers either an Agreement in which everything has been
// checked, or every problem in it with its place. Decide then says of one message, from the document alone, whether it may
// pass, what of it may, and which clause says so. It is asked four times on a message's way, twice on either side, so
// that neither state relies on the other's word. Say tells the document in plain words, in English and in Arabic.
//
// It must never know the clock, the store or the partner: whatever a decision rests on comes in with the question, so that
// any decision can be made again later from what was written down. It fails closed: a document with one error is none, a
// condition that cannot be evaluated is not met, a field that is not listed is dropped.
//
// The document is YAML (rihla.agreement/v1), its conditions are CEL, its durations ISO 8601 and counted by the calendar, its
// markings the Traffic Light Protocol 2.0.
package agreement
