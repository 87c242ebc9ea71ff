package stix

import "strings"

// TLP is a level of the Traffic Light Protocol; a greater one is stricter.
type TLP uint8

// The levels of TLP 2.0. WHITE of TLP 1 is Clear.
const (
	Unmarked TLP = iota
	Clear
	Green
	Amber
	AmberStrict
	Red
)

// tlpLevel is one level and the objects that both versions of the protocol predefine for it.
type tlpLevel struct {
	name, value string // TLP:GREEN, green
	first       string // identifier of TLP 1, where there is one
	second      string // identifier of TLP 2
}

var tlpLevels = [...]tlpLevel{
	Clear:       {"TLP:CLEAR", "clear", "marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9", "marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487"},
	Green:       {"TLP:GREEN", "green", "marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da", "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb"},
	Amber:       {"TLP:AMBER", "amber", "marking-definition--f88d31f6-486f-44da-b317-01333bde0b82", "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421"},
	AmberStrict: {"TLP:AMBER+STRICT", "amber+strict", "", "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003"},
	Red:         {"TLP:RED", "red", "marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed", "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1"},
}

const (
	tlpExtension = "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d"
	tlp1Created  = "2017-01-20T00:00:00.000Z"
	tlp2Created  = "2022-10-01T00:00:00.000Z"
)

var tlpByID = func() map[string]TLP {
	m := map[string]TLP{}
	for level := Clear; level <= Red; level++ {
		m[tlpLevels[level].second] = level
		if id := tlpLevels[level].first; id != "" {
			m[id] = level
		}
	}
	return m
}()

// ParseTLP reads a level as people write it: TLP:AMBER+STRICT, amber, tlp:white.
func ParseTLP(text string) (TLP, bool) {
	word := strings.ToLower(strings.TrimSpace(text))
	word = strings.ReplaceAll(strings.TrimSpace(strings.TrimPrefix(word, "tlp:")), " ", "")
	switch word {
	case "white":
		return Clear, true
	case "amber-strict", "amberstrict":
		return AmberStrict, true
	}
	for level := Clear; level <= Red; level++ {
		if tlpLevels[level].value == word {
			return level, true
		}
	}
	return Unmarked, false
}

// TLPOf is the level whose predefined marking definition has that identifier, of TLP 1 or 2.
func TLPOf(id string) (TLP, bool) {
	level, ok := tlpByID[id]
	return level, ok
}

// String is the level's label: TLP:AMBER+STRICT. Unmarked has none.
func (t TLP) String() string {
	if t < Clear || t > Red {
		return ""
	}
	return tlpLevels[t].name
}

// MarshalText writes the label.
func (t TLP) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// UnmarshalText reads a label; an empty text is Unmarked.
func (t *TLP) UnmarshalText(text []byte) error {
	level, ok := ParseTLP(string(text))
	if !ok && len(text) > 0 {
		return errNoTLP
	}
	*t = level
	return nil
}

type tlpError string

func (e tlpError) Error() string { return string(e) }

const errNoTLP = tlpError("no level of the Traffic Light Protocol: it is CLEAR, GREEN, AMBER, AMBER+STRICT or RED")

// MarkingID is the identifier of the level's predefined marking definition in a version (1 or 2) of the protocol. TLP 1
// has none for AMBER+STRICT.
func (t TLP) MarkingID(version int) (string, bool) {
	if t < Clear || t > Red {
		return "", false
	}
	id := tlpLevels[t].second
	if version == 1 {
		id = tlpLevels[t].first
	}
	return id, id != ""
}

// Definition is the level's predefined marking definition, to travel with what it marks.
func (t TLP) Definition(version int) ([]byte, bool) {
	id, ok := t.MarkingID(version)
	if !ok {
		return nil, false
	}
	level := tlpLevels[t]
	if version != 1 {
		return []byte(`{"type":"marking-definition","spec_version":"2.1","id":"` + id + `","created":"` + tlp2Created + `","name":"` + level.name +
			`","extensions":{"` + tlpExtension + `":{"extension_type":"property-extension","tlp_2_0":"` + level.value + `"}}}`), true
	}
	name, value := level.name, level.value
	if t == Clear {
		name, value = "TLP:WHITE", "white"
	}
	return []byte(`{"type":"marking-definition","spec_version":"2.1","id":"` + id + `","created":"` + tlp1Created + `","definition_type":"tlp","name":"` + name +
		`","definition":{"tlp":"` + value + `"}}`), true
}

// definedTLP is the level that a marking definition says it is.
func definedTLP(o *Object) (TLP, bool) {
	if level, ok := tlpByID[o.ID]; ok {
		return level, true
	}
	if o.Type != "marking-definition" {
		return Unmarked, false
	}
	if word := o.Get("extensions").Get(tlpExtension).Get("tlp_2_0").Text(); word != "" {
		return ParseTLP(word)
	}
	if o.Text("definition_type") == "tlp" {
		return ParseTLP(o.Get("definition").Get("tlp").Text())
	}
	return Unmarked, false
}
