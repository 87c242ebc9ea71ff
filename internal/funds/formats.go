package funds

import (
	"fmt"
	"time"

	"github.com/rihla/rihla/formats/cashdecl"
	"github.com/rihla/rihla/formats/fault"
	"github.com/rihla/rihla/formats/goaml"
	"github.com/rihla/rihla/formats/iso20022"
	"github.com/rihla/rihla/internal/pipeline"
)

type (
	cashFormat    struct{}
	goamlFormat   struct{}
	paymentFormat struct{}
)

// reported is a goAML report whose structure holds.
type reported struct{ doc *goaml.Document }

// paid is one transfer with its message's header, or a statement's booking.
type paid struct {
	message   *iso20022.Message
	transfer  *iso20022.Transfer
	statement *iso20022.Statement
	entry     *iso20022.Entry
}

func (cashFormat) Name() string    { return cashdecl.Format }
func (goamlFormat) Name() string   { return goaml.Format }
func (paymentFormat) Name() string { return iso20022.Format }

func (cashFormat) Recognise(head []byte) bool    { return cashdecl.Recognise(head) }
func (goamlFormat) Recognise(head []byte) bool   { return goaml.Recognise(head) }
func (paymentFormat) Recognise(head []byte) bool { return iso20022.Recognise(head) }

// Read gives each declaration as a message: one that breaks the form falls alone.
func (cashFormat) Read(raw []byte, _ time.Time, each func(pipeline.Message) error) error {
	return cashdecl.Read(raw, func(doc *cashdecl.Document, broken *fault.Fault) error {
		if broken != nil {
			return each(pipeline.Message{Err: broken})
		}
		lost := doc.Lost
		for _, d := range doc.Declarations {
			m := pipeline.Message{At: fault.Range{Offset: d.Offset, Length: d.Length}, Keys: []pipeline.Key{pipeline.Key(d.ID)}, Body: d, Warnings: d.Warnings, Lost: lost}
			if lost = nil; len(m.Lost) > 0 {
				named(m.Lost, "declaration")
			}
			if err := each(m); err != nil {
				return err
			}
		}
		return fell(lost, each)
	})
}

// fell tells of parts that were lost where nothing stood that could tell of them.
func fell(lost []fault.Fault, each func(pipeline.Message) error) error {
	for i := range lost {
		if err := each(pipeline.Message{At: fault.Range{Offset: lost[i].Offset, Length: lost[i].Length}, Err: &lost[i]}); err != nil {
			return err
		}
	}
	return nil
}

func named(lost []fault.Fault, what string) {
	for i := range lost {
		if lost[i].What == "" {
			lost[i].What = what
		}
	}
}

// Read gives each report as a message. One that breaks the schema cannot be read; one that breaks a business rule is kept,
// and its filer is told.
func (goamlFormat) Read(raw []byte, _ time.Time, each func(pipeline.Message) error) error {
	return goaml.Read(raw, nil, func(doc *goaml.Document, broken *fault.Fault) error {
		if broken != nil {
			return each(pipeline.Message{Err: broken})
		}
		m := pipeline.Message{At: fault.Range{Offset: doc.Offset, Length: doc.Length}}
		if doc.Stage == goaml.BreaksSchema {
			m.Err = firstOf(doc.Warnings)
			return each(m)
		}
		m.Keys, m.Body, m.Warnings = []pipeline.Key{pipeline.Key(doc.Reference)}, &reported{doc}, doc.Warnings
		return each(m)
	})
}

// firstOf is the first fault that a unit would refuse a report for, with how many more there are.
func firstOf(faults []fault.Fault) *fault.Fault {
	var first *fault.Fault
	more := -1
	for i := range faults {
		if faults[i].Strict {
			if more++; first == nil {
				first = &faults[i]
			}
		}
	}
	if first == nil {
		return &fault.Fault{Rule: "E-GOAML-SCHEMA", Message: "the report breaks the schema", Mend: "check it against the unit's schema"}
	}
	if more > 0 {
		f := *first
		f.Message = fmt.Sprintf("%s (and %d more)", f.Message, more)
		return &f
	}
	return first
}

// Read gives each transfer and each booking as a message. What is told of the whole document comes with its last one.
func (paymentFormat) Read(raw []byte, _ time.Time, each func(pipeline.Message) error) error {
	var waiting *pipeline.Message
	give := func(m pipeline.Message) error {
		last := waiting
		waiting = &m
		if last == nil {
			return nil
		}
		return each(*last)
	}
	return iso20022.Stream(raw, func(m *iso20022.Message, t *iso20022.Transfer) error {
		return give(pipeline.Message{At: fault.Range{Offset: t.Offset, Length: t.Length}, Keys: []pipeline.Key{pipeline.Key(t.UETR)}, Body: &paid{message: m, transfer: t}})
	}, func(m *iso20022.Message, broken *fault.Fault) error {
		if broken == nil {
			for _, s := range m.Statements {
				for _, e := range s.Entries {
					if err := give(pipeline.Message{Keys: []pipeline.Key{pipeline.Key(s.Account.Number())}, Body: &paid{message: m, statement: s, entry: e}}); err != nil {
						return err
					}
				}
			}
		}
		last := waiting
		waiting = nil
		if last != nil && broken == nil {
			last.Warnings, last.Lost = m.Warnings, m.Lost
		}
		if last != nil {
			if err := each(*last); err != nil {
				return err
			}
		}
		switch {
		case broken != nil:
			return each(pipeline.Message{Err: broken})
		case last == nil:
			return fell(m.Lost, each)
		}
		return nil
	})
}
