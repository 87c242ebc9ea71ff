package intake

import (
	"bytes"
	"context"
	"strings"
	"unicode/utf8"

	"github.com/rihla/rihla/formats/fault"
	"github.com/rihla/rihla/internal/api"
)

// View is a report taken apart for people.
type View struct {
	Separators map[string]string `json:"separators,omitempty" doc:"What parts the report's parts, by name"`
	Items      []Segment         `json:"items"`
}

// Segment is one part of a report: an EDIFACT segment, a line.
type Segment struct {
	Segment int           `json:"segment" doc:"Counted as the format counts, from 1; 0 is not counted"`
	Offset  int           `json:"offset"`
	Length  int           `json:"length"`
	Tag     string        `json:"tag,omitempty"`
	Text    string        `json:"text"`
	Kind    string        `json:"kind,omitempty" doc:"service, message, flight, person, document, line"`
	Level   int           `json:"level" doc:"How deep it stands below the message's head"`
	Faults  []fault.Fault `json:"faults,omitempty"`
}

// segmentsAPage bounds an answer: a report may have a million.
const segmentsAPage = 5000

type segmentsInput struct {
	ID     string `path:"id"`
	Cursor string `query:"cursor"`
}

type segmentsOutput struct {
	Body struct {
		View
		Next string `json:"next,omitempty"`
	}
}

func (g *HTTPGate) segments(ctx context.Context, in *segmentsInput) (*segmentsOutput, error) {
	from := 0
	if in.Cursor != "" {
		if err := api.DecodeCursor(in.Cursor, &from); err != nil {
			return nil, err
		}
	}
	s, raw, err := g.stored(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	out := &segmentsOutput{}
	out.Body.Items = []Segment{}
	if s.State == Quarantined {
		return out, nil // all blank; its bytes are opened with a reason
	}
	view, ok := View{}, false
	if g.Segments != nil {
		view, ok = g.Segments(s.Format, raw)
	}
	if !ok {
		view = lines(raw)
	}
	mark(view.Items, s)
	from = min(max(from, 0), len(view.Items))
	to := min(from+segmentsAPage, len(view.Items))
	out.Body.Separators = view.Separators
	out.Body.Items = append(out.Body.Items, view.Items[from:to]...)
	if to < len(view.Items) {
		out.Body.Next, err = api.EncodeCursor(to)
	}
	return out, err
}

// lines is the view of a report whose format offers none.
func lines(raw []byte) View {
	v := View{}
	for at, n := 0, 1; at < len(raw); n++ {
		length := len(raw) - at
		if i := bytes.IndexByte(raw[at:], '\n'); i >= 0 {
			length = i + 1
		}
		v.Items = append(v.Items, Segment{Segment: n, Offset: at, Length: length, Text: text(raw[at : at+length]), Kind: "line"})
		at += length
	}
	return v
}

func text(b []byte) string {
	if utf8.Valid(b) {
		return string(b)
	}
	var s strings.Builder
	for _, c := range b { // as Latin-1, of which every byte is a letter or a sign
		s.WriteRune(rune(c))
	}
	return s.String()
}

// mark puts each fault at the part it is in: the last that begins at or before it.
func mark(items []Segment, s Status) {
	for _, f := range append(append([]fault.Fault{}, s.Warnings...), s.Lost...) {
		low, high := 0, len(items)
		for low < high {
			if mid := (low + high) / 2; items[mid].Offset <= f.Offset {
				low = mid + 1
			} else {
				high = mid
			}
		}
		if low > 0 {
			items[low-1].Faults = append(items[low-1].Faults, f)
		}
	}
}
