// Package incident says what is held of an incident: what was reported of it, how grave it is and why, which duties of
// reporting run, what our own people did.
//
// Read reads a report (rihla.incident-report/1) with every error at its JSON Pointer. A Held is a join of the reports of one
// incident, by when they were received: shuffled and repeated reports end in the same Held. Held.At computes what a page
// shows at an instant: severity by the categories of NCISS, the clocks of Directive (EU) 2022/2555 article 23, the time
// line. The rest (steps, tasks, evidence) is added by people, one after another.
//
// The package is pure: it knows no store, no clock and no wire.
package incident
