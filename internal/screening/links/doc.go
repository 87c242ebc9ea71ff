// Package links knows who shares what with whom, across all history: a phone, a card, an address, a document, a booking,
// a bag, the flights flown together.
//
// [Note] is called in the transaction that writes subjects: it marks whose ties changed. [Write] keeps them a little later and
// answers whom to look at again. [Find] then says, on committed rows, which of them stand within two steps of somebody listed or decided;
// [Neighbourhood] and [Path] answer people who ask.
//
// # What is kept
//
// A person is one node however many journeys they make: the subjects that share an identity (screening.Identity of the
// main travel document). links_person holds, by a hash of that identity, all journeys with the ties of each; links_value
// holds, by a hash of kind and normalised value, who ties to it; links_trip finds the person of a subject. Both
// directions are one row a key, so a step costs two look-ups of many keys, however long the history is.
//
// # What is common
//
// A value that more people tie to than its kind's bound is common (an airline's own phone, a big agency, a hotel): its
// people are dropped, it is shown and never walked, and once common it stays so. Nothing needs to count beyond the bound,
// so no row is written by everybody.
//
// # What a step weighs
//
// The kind's weight, times the rarity of the value: one over the binary logarithm of how many share it. A way weighs
// the product of its steps. A step that is told to people weighs less the longer after one another the two used the value.
//
// Values are kept as hashes and, for people, masked. A hash of a phone number can be guessed by trying all of them; it is
// kept beside the passenger's own data and under the same protection, and is no secret of its own.
//
// The room must never know a domain: a tie's kind is a word, and what is unknown of a word has a default.
package links
