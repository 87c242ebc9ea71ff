package cargo_test

import (
	"strings"
	"testing"

	"github.com/rihla/rihla/internal/pipeline/pipelinetest"
	"github.com/rihla/rihla/internal/store/storetest"
)

// What could not be read cannot be judged: it is blank in the stored copy, every byte around it in its place; of a message of
// which nothing can be read, nothing is shown.
func TestMaskedInTheCopy(t *testing.T) {
	t.Parallel()
	k := open(t, storetest.SQLite(t))
	good := sample(t, "04-two-houses-one-message.fhl")
	first := strings.Index(good, "HBS/")
	second := strings.Index(good[first+4:], "HBS/") + first + 4
	line := good[first : first+strings.IndexByte(good[first:], '\r')]
	broken := strings.Replace(good, line, "HBS//AMMJFK/X/K/SECRETSOAP", 1)
	text, stood := pipelinetest.StoredCopy(t, k.d.Formats(), []byte(broken), k.now)
	if stood != 1 || len(text) != len(broken) {
		t.Fatalf("%d messages stand, %d bytes of %d", stood, len(text), len(broken))
	}
	moved := len(broken) - len(good)
	if strings.Contains(text, "SECRETSOAP") || !strings.HasSuffix(text, good[second:]) && text[second+moved:] != good[second:] {
		t.Errorf("the copy is\n%s", text)
	}
	text, stood = pipelinetest.StoredCopy(t, k.d.Formats(), []byte("FWB/16\r\n969-10000012AMMFRA/TXK250.5\r\nSHP\r\n/JABAL\r\n"), k.now)
	if stood != 0 || strings.TrimSpace(text) != "" {
		t.Errorf("of nothing that can be read %q is shown", text)
	}
}
