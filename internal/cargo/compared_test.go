package cargo

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// A text is compared in capitals, without signs, one blank between its words.
func TestCompared(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"": "", " - ": "", "Petra  Soap-Works (LLC)": "PETRA SOAP WORKS LLC", "12, King Hussein St.": "12 KING HUSSEIN ST", "stra\u00dfe": "STRA\u00dfE", "A\tB": "A B",
	} {
		if got := compared(text); got != want {
			t.Errorf("%q is compared as %q, should be %q", text, got, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.String().Draw(t, "text")
		want := strings.Join(strings.FieldsFunc(strings.ToUpper(s), func(r rune) bool { return strings.ContainsRune(" .,-/'()&\t", r) }), " ")
		if got := compared(s); got != want {
			t.Fatalf("%q is compared as %q, should be %q", s, got, want)
		}
	})
}
