// Package match tells which lines of a log speak of an indicator: a million of them, hundreds of thousands of lines a
// second, without a byte of garbage a line.
//
// Build makes an Index of indicators, which never changes again; Layers lay what is new over it. A Scanner reads one line
// at a time, JSON or DNS, and says what of it meets an indicator: an address or the network around it, a name or any name
// above it, a page, a hash, a mailbox. No field need be named: every text of a line is looked at by its shape.
//
// The package knows neither store nor clock, and not what an indicator means: who asked for a match judges by the
// indicator's own dates and marking.
package match
