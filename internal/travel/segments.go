package travel

import (
	"strings"
	"unicode/utf8"

	"github.com/rihla/rihla/formats/edifact"
	"github.com/rihla/rihla/internal/intake"
)

// Segments takes a passenger list apart for people.
func (paxlstFormat) Segments(raw []byte) intake.View { return segments(raw, listPlaces) }

// Segments takes a push apart for people.
func (pnrgovFormat) Segments(raw []byte) intake.View { return segments(raw, pushPlaces) }

// Segments takes a receipt apart for people.
func (cusresFormat) Segments(raw []byte) intake.View { return segments(raw, listPlaces) }

// place is what a segment is about, for its colour, and how deep it stands.
type place struct {
	kind  string
	level int
}

// envelope is common to all messages.
var envelope = map[string]place{
	"UNA": {"service", 0}, "UNB": {"service", 0}, "UNG": {"service", 0}, "UNE": {"service", 0}, "UNZ": {"service", 0},
	"UNH": {"message", 0}, "UNT": {"message", 0}, "BGM": {"message", 1}, "MSG": {"message", 1}, "CNT": {"message", 1}, "EQN": {"message", 1},
}

// listPlaces: a flight's segments until the first person; then the person, and under it the documents.
func listPlaces(s *edifact.Segment, before place) place {
	switch s.Tag {
	case "NAD":
		if s.Element(1) == "MS" {
			return place{"message", 1}
		}
		return place{"person", 1}
	case "TDT":
		return place{"flight", 1}
	case "DOC":
		return place{"document", 2}
	case "DTM", "LOC":
		if before.kind == "document" {
			return place{"document", 3}
		}
		if before.kind == "flight" {
			return place{"flight", 2}
		}
	case "RFF", "COM", "CTA":
		if before.kind == "message" {
			return place{"message", 2}
		}
	}
	if before.kind == "document" || before.kind == "person" {
		return place{"person", 2}
	}
	return place{before.kind, 2}
}

// pushPlaces: the heading, then bookings, and in each its travellers and its flights.
func pushPlaces(s *edifact.Segment, before place) place {
	switch s.Tag {
	case "SRC":
		return place{"message", 1}
	case "ORG", "RCI", "DAT":
		return place{"message", 2}
	case "TVL", "TRA", "RPI", "APD":
		if before.kind == "message" && before.level < 2 {
			return place{"flight", 1}
		}
		return place{"flight", 2}
	case "TIF":
		return place{"person", 2}
	case "SSR", "FOP", "TKT":
		if strings.HasPrefix(s.Element(1), "DOC") {
			return place{"document", 3}
		}
	}
	if before.kind == "document" {
		return place{"person", 3}
	}
	return place{before.kind, 3}
}

func segments(raw []byte, placed func(*edifact.Segment, place) place) intake.View {
	v := intake.View{}
	before := place{"service", 0}
	seps := edifact.Walk(raw, func(s *edifact.Segment) {
		p, ok := envelope[s.Tag]
		if !ok {
			p = placed(s, before)
		}
		before = p
		v.Items = append(v.Items, intake.Segment{Segment: s.Number, Offset: s.Offset, Length: s.Length, Tag: s.Tag,
			Text: strings.ToValidUTF8(s.Raw(), string(utf8.RuneError)), Kind: p.kind, Level: p.level})
	})
	v.Separators = map[string]string{
		"component": string(rune(seps.Component)), "element": string(rune(seps.Element)), "terminator": string(rune(seps.Terminator)),
	}
	if seps.Release != 0 {
		v.Separators["release"] = string(rune(seps.Release))
	}
	return v
}
