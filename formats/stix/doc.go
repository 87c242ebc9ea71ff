// Package stix reads, checks and writes STIX 2.1 (OASIS Standard, 10 June 2021): bundles, TAXII envelopes and bare lists
// of objects; all domain, relationship and observable objects, meta objects, markings, and whatever else an extension
// brings.
//
// Call Read. It answers a Document whose objects stand each for itself: one that breaks a rule has Faults, each with its
// JSON Pointer, and leaves the others alone; advice is in its Warnings. Nothing is lost: an object keeps every property,
// number and character as it came, and Raw or AppendJSON write it back. Indicator, Sighting, Relationship, Observable and
// Incident give typed views; Identify reads the few properties that a store needs from an object's bytes.
//
// Markings tells the effective TLP of an object and of its properties, and Redact what is left of it under a ceiling.
// A Draft writes a new object; ObservableID derives the identifier that equal observables share.
//
// The package knows no clock, no network and no collection: whether a sender may say what it says is for others.
package stix

// Format is the format's name.
const Format = "stix"

// Version is the version of the standard that is written.
const Version = "2.1"

// MediaType is what an object of STIX 2.1 is called on the wire.
const MediaType = "application/stix+json;version=2.1"
