// Package hall reads what an airport files of its arrival halls: when an aircraft came on block or is now expected to, who
// was served at which desk or gate and how long it took, and how many desks were open. The schema is the project's own,
// rihla.hall-events/v1; no standard has one that airports file.
//
// Call [Read] for the events of a file: one JSON document, or JSON lines of which the first is the header; [Append] writes
// one. An event that breaks the form is lost by itself, with its place and a rule beginning E-HALL-; the others are read.
// The package must never know who may use which lane, or what a long wait is.
package hall
