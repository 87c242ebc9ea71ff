package main

import (
	"testing"

	"github.com/rihla/rihla/internal/facilitation/trust"
)

// Whatever is found of a document has words.
func TestDocumentWords(t *testing.T) {
	t.Parallel()
	for _, code := range trust.Codes() {
		if codeWords[code] == "" {
			t.Errorf("%s has no words", code)
		}
	}
	if len(codeWords) != len(trust.Codes()) {
		t.Error("there are words for what is never found")
	}
	for _, v := range []trust.Verdict{trust.Unreadable, trust.NotAuthentic, trust.CannotCheck, trust.IsExpired, trust.ReadAgain, trust.Authentic, trust.Consistent} {
		if verdictWords[v] == "" {
			t.Errorf("%s has no words", v)
		}
	}
}
