package cargoimp_test

import (
	"strings"
	"testing"
	"time"

	"github.com/rihla/rihla/formats/cargoimp"
)

// However a file is made to be slow, reading it takes time in proportion to its length.
func TestHostile(t *testing.T) {
	t.Parallel()
	const size = 1 << 20
	fill := func(s string) string { return strings.Repeat(s, size/len(s)) }
	for name, raw := range map[string]string{
		"identifiers":       fill("FWB\n"),
		"identifiers apart": fill("FWB/16\n\n"),
		"one line":          "FWB/16\n" + fill("X"),
		"slants":            "FWB/16\n969-10000012AMMFRA/T1K1\n" + fill(strings.Repeat("/", 1900)+"\n"),
		"houses":            "FHL/4\nMBI/969-10000023AMMJFK/T25K410.5\n" + fill("HBS/A/AMMJFK/1/K1//SOAP\n"),
		"masters":           "FHL/4\n" + fill("MBI/969-10000023AMMJFK/T25K410.5\n"),
		"bare lines":        fill("/\n"),
		"end marks":         fill("NNNN\n"),
		"headings":          fill("QU AMMCI9X\n"),
		"lower case":        "FWB/16\n969-10000012AMMFRA/T1K1\n" + fill("osi/small\n"),
		"names":             "FWB/16\n969-10000012AMMFRA/T1K1\nSHP\n" + fill("NAM/AAAA\n"),
		"goods":             "FWB/16\n969-10000012AMMFRA/T1K1\nRTD/1/P1/K1\n" + fill("/NG/SPARE PARTS SPARE\n"),
		"free text":         "FHL/4\nMBI/969-10000023AMMJFK/T25K410.5\nHBS/A/AMMJFK/1/K1//SOAP\nTXT/X\n" + fill("/SAID TO CONTAIN VARIOUS GOODS\n"),
		"echoes":            fill("FMA/0\nACK/X\nFWB/16\n"),
		"returns":           fill("\r"),
		"not UTF-8":         "FWB/16\n969-10000012AMMFRA/T1K1\n" + fill("OSI/\xff\xfe\xfd\n"),
	} {
		start := time.Now()
		faults, messages := 0, 0
		err := cargoimp.Read([]byte(raw), received, func(m *cargoimp.Message) error {
			messages++
			faults += len(m.Warnings) + len(m.Lost)
			return nil
		})
		if took := time.Since(start); err != nil || took > 20*time.Second || messages == 0 {
			t.Errorf("%s: %d messages, %d faults in %s, %v", name, messages, faults, took, err)
		}
	}
}
