package dialogue

import (
	"regexp"
	"testing"
	"unicode"

	"github.com/rihla/rihla/internal/sharing/ledger"
)

// Every word that the page asks for is there in both languages, and Arabic is written in Arabic.
func TestWords(t *testing.T) {
	t.Parallel()
	var asked []string
	for _, m := range regexp.MustCompile(`\{\{t "([^"]+)"\}\}`).FindAllStringSubmatch(string(mustRead("minutes.html")), -1) {
		asked = append(asked, m[1])
	}
	if len(asked) < 30 {
		t.Errorf("only %d words were found on the page: the test looks in the wrong place", len(asked))
	}
	for _, k := range Kinds {
		asked = append(asked, "item."+string(k))
	}
	for _, s := range States {
		asked = append(asked, "state."+string(s))
	}
	for _, s := range ActionStates {
		asked = append(asked, "action."+string(s))
	}
	for _, h := range ledger.Happenings {
		asked = append(asked, "development."+string(h))
	}
	for _, key := range asked {
		if _, known := words[key]; !known {
			t.Errorf("there are no words for %s", key)
		}
	}
	for key, p := range words {
		arabic := false
		for _, c := range p.Arabic {
			arabic = arabic || unicode.Is(unicode.Arabic, c) || c == '،'
		}
		if p.English == "" || !arabic {
			t.Errorf("%s: %q, %q", key, p.English, p.Arabic)
		}
	}
}
