package funds_test

import (
	"strings"
	"testing"

	"github.com/rihla/rihla/internal/pipeline/pipelinetest"
	"github.com/rihla/rihla/internal/store/storetest"
)

// A declaration that cannot be read is blank in the stored copy, and those beside it are not; a document that breaks its
// schema is shown to nobody.
func TestMaskedInTheCopy(t *testing.T) {
	t.Parallel()
	d := open(t, storetest.SQLite(t), "BHR")
	raw := sample(t, "cash-declarations.csv")
	lines := strings.SplitAfter(string(raw), "\n")
	text, stood := pipelinetest.StoredCopy(t, d.Formats(), raw, noon)
	if stood != 4 || len(text) != len(raw) {
		t.Fatalf("%d stand, %d bytes of %d", stood, len(text), len(raw))
	}
	kept, blank, at := 0, 0, 0
	for _, line := range lines {
		switch got := text[at : at+len(line)]; {
		case got == line:
			kept++
		case strings.Trim(got, " \r\n") == "":
			blank++
		}
		at += len(line)
	}
	if kept < 4 || kept == len(lines) {
		t.Errorf("%d lines are shown, %d blank, of %d:\n%s", kept, blank, len(lines), text)
	}
	if text, stood := pipelinetest.StoredCopy(t, d.Formats(), sample(t, "goaml-invalid-01-order.xml"), noon); stood != 0 || strings.TrimSpace(text) != "" {
		t.Errorf("%d stand; of a broken report %q is shown", stood, text)
	}
}
