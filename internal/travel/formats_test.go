package travel_test

import (
	"strings"
	"testing"
	"time"

	"github.com/rihla/rihla/internal/pipeline"
	"github.com/rihla/rihla/internal/travel"
)

// A file may mix lists, pushes and what nobody can read: each message is read by its own type and knows its own bytes.
func TestFileOfManyMessages(t *testing.T) {
	t.Parallel()
	unknown := "UNB+UNOA:4+ZZAIR+PIU+261124:0900+9'UNH+1+PAXLTS:D:05B:UN:IATA'BGM+745'UNT+3+1'UNZ+1+9'"
	body := onePassenger + "\r\n" + unknown + "\r\n" + herBooking
	var keys, wrong []string
	for _, f := range travel.New(travel.Options{}).Formats() {
		if !f.Recognise([]byte(body)) {
			continue
		}
		if err := f.Read([]byte(body), time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC), func(m pipeline.Message) error {
			text := body[m.At.Offset : m.At.Offset+m.At.Length]
			if !strings.HasPrefix(text, "UNH+") || strings.Count(text, "UNH+") != 1 {
				t.Errorf("a message is said to be %q", text)
			}
			if m.Err != nil {
				wrong = append(wrong, m.Err.Rule)
				return nil
			}
			for _, k := range m.Keys {
				keys = append(keys, string(k))
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	if want := "ZZ417 2026-11-24 DXB-LHR"; len(keys) != 2 || keys[0] != want || keys[1] != want {
		t.Errorf("read %q, want %q twice", keys, want)
	}
	if len(wrong) != 1 || wrong[0] != "unknown_message_type" {
		t.Errorf("could not read %q", wrong)
	}
}
