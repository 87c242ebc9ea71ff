// Package pnrgov reads and writes PNRGOV, the message in which airlines push passenger name records to a state.
//
// Call [Read] on the bytes of a file; it hands over one [Message] for each message found, bookings, travellers,
// journeys, documents and all, with whatever was wrong in Warnings and what could not be read in Lost. One spoiled
// booking never costs the others. [Append] writes a message.
//
// What may not be kept (meals, medical and assistance codes, revealing text) is dropped while reading, counted in
// Withheld by class and nowhere told otherwise; Masks are the bytes of the file that held it, and the middle digits
// of card numbers. The package decides by content and never by the version in UNH, because senders keep the old
// number while they write later segments.
//
// The message is IATA PADIS EDIFACT 10.1 to 21.1 (PNRGOV Implementation Guide, EDIFACT); the package knows neither
// the XML edition nor what a state does with a booking.
package pnrgov
