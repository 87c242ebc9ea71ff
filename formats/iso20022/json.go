package iso20022

import "encoding/json"

// AppendJSON writes the message's JSON behind b.
func (m *Message) AppendJSON(b []byte) []byte {
	text, err := json.Marshal(m)
	if err != nil { // texts, numbers and dates have always a JSON text
		return append(b, "{}"...)
	}
	return append(b, text...)
}
