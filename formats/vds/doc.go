// Package vds reads and writes visible digital seals: the signed barcodes of ICAO Doc 9303-13 on visas, emergency
// travel documents and permits, in both their forms. The binary seal is small enough for a sticker; the other, "for
// non-constrained environments" (VDS-NC), is JSON with its signer's certificate inside.
//
// Call [Recognise] on what a scanner gave, then [Parse] or [ParseNC]. Both give the bytes that were signed and the
// signature; whether it is right and its signer is to be trusted is for whoever has the certificates.
//
// Seals of tests and vaccinations carry findings on somebody's health. [NC.Fields] gives who it is for and leaves out
// the rest.
package vds
