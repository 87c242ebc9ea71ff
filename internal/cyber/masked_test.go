package cyber_test

import (
	"strings"
	"testing"

	"github.com/rihla/rihla/internal/pipeline/pipelinetest"
	"github.com/rihla/rihla/internal/store/storetest"
)

// A line of a log, a row of a list, an object of a bundle that cannot be read is blank in the stored copy; the rest is shown.
func TestMaskedInTheCopy(t *testing.T) {
	t.Parallel()
	r := open(t, storetest.SQLite(t))
	for name, test := range map[string]struct{ raw, hidden, shown string }{
		"log":    {twoLines, "not a line at all", "gate-8"},
		"bundle": {string(sample(t, "stix/invalid/08-one-bad-among-good.json")), `"type": "malware"`, "attack-pattern"},
	} {
		text, stood := pipelinetest.StoredCopy(t, r.Formats(), []byte(test.raw), r.now)
		if stood == 0 || len(text) != len(test.raw) {
			t.Errorf("%s: %d stand, %d bytes of %d", name, stood, len(text), len(test.raw))
			continue
		}
		if test.hidden != "" && strings.Contains(text, test.hidden) || !strings.Contains(text, test.shown) || text == test.raw {
			t.Errorf("%s: the copy is\n%s", name, text)
		}
	}
	text, stood := pipelinetest.StoredCopy(t, r.Formats(), sample(t, "stix/invalid/13-truncated.json"), r.now)
	if stood == 0 && strings.TrimSpace(text) != "" {
		t.Errorf("of what cannot be read %q is shown", text)
	}
}
