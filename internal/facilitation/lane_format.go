package facilitation

import (
	"time"

	"github.com/rihla/rihla/formats/fault"
	"github.com/rihla/rihla/formats/hall"
	"github.com/rihla/rihla/internal/pipeline"
)

// hallFormat reads what airports file of their halls. A file is one message.
type hallFormat struct{}

func (hallFormat) Name() string { return hall.Format }

func (hallFormat) Recognise(head []byte) bool { return hall.Recognise(head) }

func (hallFormat) Read(raw []byte, _ time.Time, each func(pipeline.Message) error) error {
	return hall.Read(raw, func(d *hall.Document, f *fault.Fault) error {
		if f != nil {
			return each(pipeline.Message{Err: f})
		}
		return each(pipeline.Message{
			Keys: []pipeline.Key{pipeline.Key("hall " + d.Airport)}, Body: d, Warnings: d.Warnings, Lost: d.Lost, Withheld: d.Withheld,
		})
	})
}
