// Package airport knows the world's airports: their IATA and ICAO codes, country, place and time zone.
//
// Call [ByIATA]. An airline says when a flight leaves in the local time of the airport it leaves from; [Airport.Instant]
// turns that into an instant, the hour that a change of clocks skips or repeats included.
//
// The table is part of the program (airports.tsv, written by gen from two public sources named in NOTICE), parsed once,
// on first use; a lookup allocates nothing. The package needs the IANA time zone database: the program that uses it
// either finds one on its machine or imports time/tzdata. It knows no flight and no traveller.
package airport

//go:generate go run ./gen -packages ${AIRPORT_PACKAGES}
