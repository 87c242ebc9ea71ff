package agreement

import "reflect"

// ReadUnchecked takes a document as if nothing had been found wrong with it, so that tests can see what Decide lets pass of
// an agreement that should never have been signed. Its conditions must compile.
func ReadUnchecked(text []byte) (*Agreement, Problems) {
	r := &reading{places: map[string]place{}, quoted: map[string]bool{}}
	body, ok := r.parse(text)
	if !ok {
		return nil, r.problems
	}
	a := &Agreement{Digest: digestOf(text), Text: text}
	r.value("", body, reflect.ValueOf(&a.Document).Elem())
	c := &checking{reading: r, Agreement: a}
	c.document()
	return a, r.problems
}

// Phrases are the keys of what Say can say.
func Phrases() map[string]phrase { return phrases }

// In is a phrase in English and in Arabic.
func (p phrase) In() (en, ar string) { return p.en, p.ar }
