package cyber

import (
	"time"

	"github.com/rihla/rihla/formats/stix"
	"github.com/rihla/rihla/internal/pipeline"
)

// stixFormat reads bundles, envelopes and lists of STIX objects. A report is one message: its objects speak of one another.
type stixFormat struct{}

func (stixFormat) Name() string { return stix.Format }

func (stixFormat) Recognise(head []byte) bool { return stix.Recognise(head) }

func (stixFormat) Read(raw []byte, _ time.Time, each func(pipeline.Message) error) error {
	doc, f := stix.Read(raw)
	if f != nil {
		return f
	}
	m := pipeline.Message{Keys: []pipeline.Key{indicatorsKey}, Body: doc, Warnings: doc.AllWarnings(), Lost: doc.Lost()}
	if len(doc.Objects) > 0 && len(m.Lost) > 0 && !anyAccepted(doc) {
		first := m.Lost[0]
		return &first
	}
	return each(m)
}

func anyAccepted(doc *stix.Document) bool {
	for i := range doc.Objects {
		if doc.Objects[i].Accepted() {
			return true
		}
	}
	return false
}

// indicatorsKey keeps reports of indicators on one worker: they speak of the same values, and would only plan again.
const indicatorsKey = pipeline.Key("indicators")
