// Package pipeline is the life of a report, written once for every domain: received, read, planned, screened, written
// with all it causes, looked at again.
//
// Open puts it together and Run lives it until its context ends, then finishes what is in flight. A domain plugs in by
// offering Domain. Reports come out of intake's journal; each is recognised by its content, read by a Format, planned by
// its Domain on what is stored, screened against one generation of lists and rules, and written in one transaction with
// its findings, cases, events and audit entries: it all happened, or none of it did. Then the journal lets go of it.
// What a filer got wrong is quarantined; what our own software fails on stays in the journal, is retried and alarmed.
//
// What a domain needs beyond Domain it offers as one of the small interfaces beside it: to answer filers, to keep clocks, to
// hear of decisions and cases, to use what a partner gave. Answer works out what a filer who waits is told, and writes
// nothing.
//
// Reports of one key follow one another, because the key chooses the worker; correctness rests on versions alone, so any
// number of nodes may share a store. The package must never know what a flight or a waybill is.
package pipeline
