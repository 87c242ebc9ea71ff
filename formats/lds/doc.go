// Package lds reads what the chip of a travel document holds: the logical data structure of ICAO Doc 9303-10, version 1,
// its elementary files EF.COM, EF.SOD and DG1 to DG16, and the lists of country signing certificates (Doc 9303-12) that a
// chip is checked against.
//
// Call [ParseSOD] for the document security object, [Object.Compare] for each data group that was read, and
// [ParseDG1] for the machine-readable zone in it. Whether the object's signature is right and its signer is to be
// trusted is another question: [Object.Signed] is what to ask it of.
//
// Of DG2 the package counts faces and never looks at one; fingerprints and irises (DG3, DG4) it knows by their hash
// alone.
package lds
