package envelope

import (
	"encoding/json"
	"fmt"
	"time"
)

// Ack answers one delivery: what became of each message in it, in its order. The authority that received signs it.
type Ack struct {
	From       string    `json:"from"`               // the authority that received and now answers
	LogSize    int64     `json:"log_size,omitempty"` // entries of its exchange log under a signed head; those of this delivery come after
	Received   []Taken   `json:"received,omitempty"`
	ReceivedAt time.Time `json:"received_at"`
	Refused    []Refused `json:"refused,omitempty"`
	To         string    `json:"to"` // the authority that sent
}

// Taken is a message that is durably with the receiver.
type Taken struct {
	At     time.Time `json:"at"` // when it first came; later ones of the same bytes get the same answer
	Digest string    `json:"digest"`
	ID     string    `json:"id"`
}

// Refused is a message that the receiver did not take. What could not be opened has no id, but its place.
type Refused struct {
	Code   string `json:"code"`
	Detail string `json:"detail,omitempty"`
	Digest string `json:"digest,omitempty"`
	ID     string `json:"id,omitempty"`
	Line   int    `json:"line,omitempty"` // from 1
}

// SignAck writes and signs an answer.
func SignAck(a Ack, by Private) (string, error) {
	text, err := plain(a)
	if err != nil {
		return "", err
	}
	return sign(text, typeAck, by)
}

// VerifyAck opens an answer.
func VerifyAck(jws string, key func(id string) (Key, error)) (Ack, error) {
	text, err := verify(jws, typeAck, key)
	if err != nil {
		return Ack{}, err
	}
	var a Ack
	if err := json.Unmarshal(text, &a); err != nil {
		return Ack{}, fmt.Errorf("%w: %w", ErrMalformed, err)
	}
	return a, nil
}
