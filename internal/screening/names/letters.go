package names

import "math/bits"

// outline is what can be said of a word at a glance: that it is no typing error of another, nor cut off from it.
type outline struct {
	begins  uint32 // hashes of the first two consonants of its readings, and foreign
	letters uint16 // as a set of sixteen
}

// foreign words are in a script without vowels, and are compared by consonants alone.
const foreign = 1 << 31

func outlineOf(t *token) (o outline) {
	for i := range len(t.text) {
		o.letters |= 1 << (t.text[i] & 15)
	}
	for i := range t.forms {
		if k := t.forms[i].key; len(k) >= 2 {
			o.begins |= 1 << ((uint32(k[0])*29 + uint32(k[1])*5) % 31)
		}
	}
	if !t.latin {
		o.begins |= foreign
	}
	return o
}

// mayBeNear says that two words may be a typing error apart: two edits at most, each of which changes two letters at most.
func (o outline) mayBeNear(p outline) bool {
	return (o.begins|p.begins)&foreign != 0 || bits.OnesCount16(o.letters^p.letters) <= 4
}

// mayBegin says that one word may be the beginning of another, in letters or in consonants.
func (o outline) mayBegin(p outline) bool {
	return o.letters&^p.letters == 0 || o.begins&p.begins&^foreign != 0
}
