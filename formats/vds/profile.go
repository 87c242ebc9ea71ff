package vds

import (
	"encoding/hex"
	"strconv"
	"strings"
)

// Field is something a seal says, for people: its name is stable.
type Field struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// form is how a feature's bytes are read.
type form int

const (
	hexadecimal form = iota
	packedText
	number
	stay // three numbers: days, months, years
	zoneMRVA
	zoneMRVB
	zoneTD2
)

type feature struct {
	name string
	form form
}

// profile is what the features of one sort of document mean.
type profile struct {
	name     string
	features map[byte]feature
}

// profiles of Doc 9303: visas (part 7) and emergency travel documents (part 8), by definition and category.
var profiles = map[[2]byte]profile{
	{0x5D, 0x01}: {"visa", map[byte]feature{
		0x01: {"mrz", zoneMRVA}, 0x02: {"mrz", zoneMRVB}, 0x03: {"entries", number}, 0x04: {"stay", stay}, 0x05: {"passport_number", packedText},
		0x06: {"visa_type", hexadecimal}, 0x07: {"other", hexadecimal},
	}},
	{0x5E, 0x03}: {"emergency_travel_document", map[byte]feature{0x02: {"mrz", zoneTD2}}},
}

// Type says what sort of document the seal is on: visa, emergency_travel_document, or the two numbers in hexadecimal.
func (s *Seal) Type() string {
	if p, known := profiles[[2]byte{s.Definition, s.Category}]; known {
		return p.name
	}
	return hex.EncodeToString([]byte{s.Definition, s.Category})
}

// Fields are the features, read as the sort of document has them. One that is not known is given in hexadecimal under
// its tag, and so is one whose bytes are not what they should be.
func (s *Seal) Fields() []Field {
	known := profiles[[2]byte{s.Definition, s.Category}].features
	out := make([]Field, 0, len(s.Features))
	for _, f := range s.Features {
		is, found := known[f.Tag]
		value, ok := is.form.read(f.Value)
		if !found || !ok {
			out = append(out, Field{"feature_" + hex.EncodeToString([]byte{f.Tag}), strings.ToUpper(hex.EncodeToString(f.Value))})
			continue
		}
		out = append(out, Field{is.name, value})
	}
	return out
}

func (f form) read(b []byte) (string, bool) {
	switch f {
	case packedText:
		s, ok := c40(b)
		return strings.TrimRight(s, " "), ok
	case number:
		if len(b) != 1 {
			return "", false
		}
		return strconv.Itoa(int(b[0])), true
	case stay:
		if len(b) != 3 {
			return "", false
		}
		return "P" + strconv.Itoa(int(b[2])) + "Y" + strconv.Itoa(int(b[1])) + "M" + strconv.Itoa(int(b[0])) + "D", true
	case zoneMRVA:
		return zone(b, 44, 28)
	case zoneMRVB:
		return zone(b, 36, 28)
	case zoneTD2:
		return zone(b, 36, 36)
	}
	return strings.ToUpper(hex.EncodeToString(b)), true
}

// zone reads a machine-readable zone whose second line may be cut: the seal of a visa leaves its optional data out.
func zone(b []byte, width, second int) (string, bool) {
	s, ok := c40(b)
	if !ok || len(s) < width || len(s) > width+second {
		return "", false
	}
	s = strings.ReplaceAll(s, " ", "<")
	return s[:width] + "\n" + s[width:] + strings.Repeat("<", width-(len(s)-width)), true
}

// MRZ is the zone in the seal, in lines; empty where there is none.
func (s *Seal) MRZ() string {
	for _, f := range s.Fields() {
		if f.Name == "mrz" {
			return f.Value
		}
	}
	return ""
}

// ZoneFeature packs a machine-readable zone as a feature: of a visa without its optional data.
func ZoneFeature(tag byte, lines []string) Feature {
	s := strings.Join(lines, "")
	if len(lines) == 2 && strings.HasPrefix(s, "V") {
		s = lines[0] + lines[1][:min(28, len(lines[1]))]
	}
	return Feature{tag, appendC40(nil, s)}
}

// TextFeature packs a text as a feature.
func TextFeature(tag byte, s string) Feature { return Feature{tag, appendC40(nil, s)} }
