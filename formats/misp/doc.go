// Package misp reads and writes events of MISP, in its core format (the draft of 2025): attributes, objects and their
// references, tags, galaxies, sightings, event reports, sharing groups.
//
// Call Read: every event of a document stands for itself, and an attribute that cannot be read is lost alone. An event
// keeps all it came with and AppendMISP writes it again. STIX turns it into objects of STIX 2.1, FromSTIX objects into
// an event; identifiers follow MISP's UUIDs, so that what goes there and back is the same thing.
//
// The package knows no clock and no server. Distribution and sharing groups are read, and kept by whoever shares.
package misp

// Format is the format's name.
const Format = "misp"
