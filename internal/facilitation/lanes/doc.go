// Package lanes says who may use which lane of an arrival hall and why, how many are expected there and when, how long
// they waited, and what the fast lanes saved.
//
// Call [Policy.Eligible] for one person, [Party] first for people who travel together; [Forecast] and [Desks] for what a
// hall must be ready for; [Measure] for what happened; [Replay] for what would have happened had every lane been staffed.
// All of it is arithmetic: the same input gives the same answer, and who asks does the reading.
//
// The package must never know a name, a seat, a fare or a word of a booking: no [Input] has room for one. It follows ICAO
// Annex 9 in its goal of 45 minutes for those who arrive.
package lanes
