package ioclist

import (
	"encoding/json"
	"time"

	"github.com/rihla/rihla/formats/fault"
	"github.com/rihla/rihla/formats/observable"
	"github.com/rihla/rihla/formats/stix"
)

type listJSON struct {
	Format     string        `json:"format"`
	Shape      Shape         `json:"shape"`
	TLP        stix.TLP      `json:"tlp,omitempty"`
	Rows       int           `json:"rows,omitempty"`
	Count      int           `json:"count"`
	Indicators []entryJSON   `json:"indicators"`
	Ask        []Ask         `json:"ask,omitempty"`
	Warnings   []fault.Fault `json:"warnings,omitempty"`
	Lost       []fault.Fault `json:"lost,omitempty"`
}

type entryJSON struct {
	Line       int             `json:"line"`
	Kind       observable.Kind `json:"type"`
	Value      string          `json:"value"`
	Text       string          `json:"text,omitempty"` // as it stood, where that differs
	FirstSeen  *time.Time      `json:"first_seen,omitempty"`
	LastSeen   *time.Time      `json:"last_seen,omitempty"`
	TLP        stix.TLP        `json:"tlp,omitempty"`
	Confidence *int            `json:"confidence,omitempty"`
	Comment    string          `json:"comment,omitempty"`
	Tags       []string        `json:"tags,omitempty"`
	Source     string          `json:"source,omitempty"`
	Held       []string        `json:"held,omitempty"` // the rules by which it is held back
}

// AppendJSON writes the list as decode prints it.
func (l *List) AppendJSON(b []byte) []byte {
	out := listJSON{Format: Format, Shape: l.Shape, TLP: l.TLP, Rows: l.Rows, Count: len(l.Entries), Indicators: make([]entryJSON, len(l.Entries)), Ask: l.Ask, Warnings: l.Warnings, Lost: l.Lost}
	for i := range l.Entries {
		e := &l.Entries[i]
		j := entryJSON{Line: e.Line, Kind: e.Kind, Value: e.Value, TLP: e.TLP, Comment: e.Comment, Tags: e.Tags, Source: e.Source}
		if e.Text != e.Value {
			j.Text = e.Text
		}
		if !e.FirstSeen.IsZero() {
			j.FirstSeen = &e.FirstSeen
		}
		if !e.LastSeen.IsZero() {
			j.LastSeen = &e.LastSeen
		}
		if e.Confidence != stix.Absent {
			j.Confidence = &e.Confidence
		}
		for _, d := range e.Held {
			j.Held = append(j.Held, d.Rule)
		}
		out.Indicators[i] = j
	}
	text, err := json.Marshal(out)
	if err != nil {
		return append(b, "null"...)
	}
	return append(b, text...)
}
