package api

import (
	"encoding/base64"
	"encoding/json"
)

// Page is one part of a list. Next, given back as cursor=, asks for the part after it; absent on the last.
type Page[T any] struct {
	Items []T    `json:"items" nullable:"false"`
	Next  string `json:"next,omitempty" doc:"The next page's cursor; absent on the last"`
}

// MarshalJSON never writes null for no items.
func (p Page[T]) MarshalJSON() ([]byte, error) {
	type plain Page[T]
	if p.Items == nil {
		p.Items = []T{}
	}
	return json.Marshal(plain(p))
}

// Cursor is the query parameters of a list, to be embedded in its input.
type Cursor struct {
	Cursor string `query:"cursor" doc:"next of the page before"`
	Limit  int    `query:"limit" minimum:"1" maximum:"1000" default:"100" doc:"How many items at most"`
}

// EncodeCursor makes a cursor of the place where a page ended. It is opaque, but no secret: a place only.
func EncodeCursor(place any) (string, error) {
	text, err := json.Marshal(place)
	return base64.RawURLEncoding.EncodeToString(text), err
}

// DecodeCursor reads a cursor back; an empty one leaves place as it is.
func DecodeCursor(cursor string, place any) error {
	if cursor == "" {
		return nil
	}
	text, err := base64.RawURLEncoding.DecodeString(cursor)
	if err == nil {
		err = json.Unmarshal(text, place)
	}
	if err != nil {
		return because(Invalid, err, "this cursor is none of ours: take next of the page before as it is")
	}
	return nil
}
