// Package goods judges what a cargo filing says of its goods and of who sends and receives them: whether a description
// describes, whether a name names somebody, whether an HS code and the words agree, and which words hint at dangerous,
// controlled or precious goods.
//
// Call [Description.Judge] on a description, [Party.Doubts] on a party, [ParseHS] on a code, [Contradicts] and [Hints] on
// the words and codes of a consignment. All of it answers questions a person ought to be asked, never a verdict on a
// consignment. English and Arabic are read alike; the words stand in the files beside the code, each with its date and
// source.
//
// The package knows no message format, no list of people and no history. It implements the stop words that pre-load regimes
// publish (Transport Canada's PACT, the EU's and the US's lists), the chapters of the Harmonized System 2022, and the hidden
// dangerous goods hints of the IATA regulations.
package goods
