// Package cashdecl reads declarations of cash at a border: what a traveller carries or a firm sends, whose it is, where it
// comes from and where it goes, and what was counted. Two forms are read: JSON by the schemas rihla.cash-declaration/v1 and
// rihla.cash-disclosure-unaccompanied/v1, one or a list of them, and CSV as customs systems export it, a row an item.
//
// Call [Read] for the declarations of a file, [Check] with the day's rates for what is odd about one, [Append] to write
// one as JSON. A declaration that breaks the form is refused by itself, by its place and codes beginning E-CASH-; the others of the
// file are read. Amounts are exact decimals, and nobody's threshold is known here.
package cashdecl
