// Package pipelinetest tells a domain's own tests what the road makes of its formats.
package pipelinetest

import (
	"errors"
	"testing"
	"time"

	"github.com/rihla/rihla/formats/fault"
	"github.com/rihla/rihla/internal/intake"
	"github.com/rihla/rihla/internal/pipeline"
)

// StoredCopy is a report as it is stored, seen by people: withheld bytes masked, what could not be read blank. stood counts
// the messages that could be read.
func StoredCopy(t testing.TB, formats []pipeline.Format, raw []byte, received time.Time) (text string, stood int) {
	t.Helper()
	var withheld, lost []fault.Range
	for _, f := range formats {
		if !f.Recognise(raw) {
			continue
		}
		err := f.Read(raw, received, func(m pipeline.Message) error {
			withheld = append(withheld, m.Withheld...)
			if m.Err != nil {
				at := m.At
				if at.Length == 0 {
					at = fault.Range{Length: len(raw)}
				}
				lost = append(lost, at)
				return nil
			}
			stood++
			for _, l := range m.Lost {
				lost = append(lost, fault.Range{Offset: l.Offset, Length: l.Length})
			}
			return nil
		})
		if wrong := (*fault.Fault)(nil); errors.As(err, &wrong) {
			lost = append(lost, fault.Range{Offset: wrong.Offset, Length: len(raw) - wrong.Offset})
		} else if err != nil {
			t.Fatal(err)
		}
		break
	}
	if stood == 0 {
		lost = []fault.Range{{Length: len(raw)}} // quarantined whole
	}
	return string(intake.Masked(raw, withheld, lost)), stood
}
