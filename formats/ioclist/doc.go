// Package ioclist reads indicators as people send them: tables (CSV) with a column of values, lists of one value a line,
// and the prose of mails, armed or disarmed (hxxp, [.], (at) …).
//
// Call Read. It answers a List: the indicators with their line, kind and plain value; what a person should decide
// (Ask); what was refused, among it indicators that would hurt whoever uses them, as a network of half the world or the
// domain of a nation; and what is stored but held back from export, with the reason.
//
// The package keeps no lists of its own: what a value is and what speaks against it is known to formats/observable. It
// knows no clock and no network.
package ioclist

// Format is the format's name.
const Format = "ioclist"
