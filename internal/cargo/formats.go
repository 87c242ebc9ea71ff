package cargo

import (
	"time"

	"github.com/rihla/rihla/formats/cargoimp"
	"github.com/rihla/rihla/formats/fault"
	"github.com/rihla/rihla/internal/pipeline"
)

// telexFormat is Cargo-IMP. A file may hold several messages, of waybills and of houses.
type telexFormat struct{}

func (telexFormat) Name() string { return "cargoimp" }

func (telexFormat) Recognise(head []byte) bool { return cargoimp.Recognise(head) }

func (telexFormat) Read(raw []byte, received time.Time, each func(pipeline.Message) error) error {
	return cargoimp.Read(raw, received, func(m *cargoimp.Message) error {
		return each(pipeline.Message{
			At: fault.Range{Offset: m.Offset, Length: m.Length}, Keys: keysOf(m), Body: &filed{m, raw},
			Err: m.Error, Warnings: m.Warnings, Lost: m.Lost,
		})
	})
}

// keysOf are the shipments a message is about: one.
func keysOf(m *cargoimp.Message) []pipeline.Key {
	switch {
	case m.FWB != nil:
		return []pipeline.Key{pipeline.Key(m.FWB.Waybill.Digits())}
	case m.FHL != nil:
		return []pipeline.Key{pipeline.Key(m.FHL.Master.Digits())}
	case m.Cancellation != nil:
		return []pipeline.Key{pipeline.Key(m.Cancellation.Waybill.Digits())}
	}
	return nil
}
