// Package sensitive knows what a border may never keep of a traveller: special service codes, words and
// card numbers that reveal health, religion, politics, union membership or a purse.
//
// Of classes a special service request (SSR) by its code; Reveals scans a free text, which is how codecs
// decide to drop it; MaskCards and CardDigits find payment card numbers. What is dropped is counted in a
// Tally by class, never by code: on a booking of one, the meal is the religion. In the stored copy of a
// report the dropped bytes are overwritten with Mask, one for one, so every offset stays true.
//
// The package knows no message format and keeps no state. It implements the filtering of Directive (EU)
// 2016/681 article 13(4) and ICAO Doc 9944, and the truncation of card numbers of PCI DSS 3.4.
package sensitive

// Mask overwrites every sensitive byte. It is a letter, so it can be no separator of EDIFACT; a code or a
// text made of nothing else is no code and no text (see Masked).
const Mask = 'X'

// Masked tells a text that was overwritten before: nothing but Mask and what separates words.
func Masked(text string) bool {
	seen := false
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case Mask:
			seen = true
		case ' ', '\t', '\r', '\n':
		default:
			return false
		}
	}
	return seen
}
