package envelope

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
)

// MaxSize bounds a message's payload and, with room for base64 twice, what carries it. Larger things go as attachments.
const (
	MaxSize   = 1 << 20
	MaxSealed = 2 * MaxSize
)

// Type says what a message is for.
type Type string

// The types of section 6 of the protocol. A type not listed here is carried all the same: whoever handles it decides.
const (
	Hello      Type = "HELLO"
	Keys       Type = "KEYS"
	Request    Type = "REQUEST"
	Pending    Type = "PENDING"
	Reply      Type = "REPLY"
	Refusal    Type = "REFUSAL"
	Share      Type = "SHARE"
	Receipt    Type = "RECEIPT"
	Outcome    Type = "OUTCOME"
	Correction Type = "CORRECTION"
	Erase      Type = "ERASE"
	Done       Type = "DONE"
	Doubt      Type = "DOUBT"
	Flag       Type = "FLAG"
	Encounter  Type = "ENCOUNTER"
	ConsentAsk Type = "CONSENT-ASK"
	Consent    Type = "CONSENT"
	Restrict   Type = "RESTRICT"
	Breach     Type = "BREACH"
	Suspend    Type = "SUSPEND"
	Resume     Type = "RESUME"
	Witness    Type = "WITNESS"
	PMList     Type = "PM-LIST"
	PMBlind    Type = "PM-BLIND"
	PMEval     Type = "PM-EVAL"
	Review     Type = "REVIEW"
	Proposal   Type = "PROPOSAL"  // a version of an agreement, to be countersigned
	Signature  Type = "SIGNATURE" // a detached signature of one
)

// Agreement names the version of the agreement a message runs under.
type Agreement struct {
	Digest  string `json:"digest"` // sha-256:hex of the document's bytes
	ID      string `json:"id"`
	Version int    `json:"version"`
}

// Handling are the marks that bind whoever receives the body.
type Handling struct {
	Caveats  []string  `json:"caveats,omitempty"`
	EraseAt  time.Time `json:"erase_at,omitzero"`
	ReviewAt time.Time `json:"review_at,omitzero"`
	TLP      string    `json:"tlp,omitempty"`
}

// IsZero reports whether nothing is marked.
func (h Handling) IsZero() bool {
	return len(h.Caveats) == 0 && h.EraseAt.IsZero() && h.ReviewAt.IsZero() && h.TLP == ""
}

// Header is everything of a message but its body. Its fields stand in the order of their JSON names, which is the order
// they are signed in.
type Header struct {
	Agreement Agreement `json:"agreement,omitzero"`
	CaseRef   string    `json:"case_ref,omitempty"`
	Expires   time.Time `json:"expires"`
	From      string    `json:"from"` // authority
	Handling  Handling  `json:"handling,omitzero"`
	ID        string    `json:"id"` // UUIDv7, unique for ever per sender
	InReplyTo string    `json:"in_reply_to,omitempty"`
	Issued    time.Time `json:"issued"`
	Officer   string    `json:"officer,omitempty"` // a pseudonym that only the sender's watcher can resolve
	Prev      string    `json:"prev,omitempty"`    // digest of the JWS before it from this sender to this receiver
	Purpose   string    `json:"purpose,omitempty"`
	Seq       int64     `json:"seq"` // per sender and receiver, from 1, no gaps
	Share     string    `json:"share,omitempty"`
	Thread    string    `json:"thread,omitempty"` // the message that began it; empty on that one
	To        string    `json:"to"`               // authority
	Type      Type      `json:"type"`
}

// ThreadKey is the thread a message belongs to: the one it names, or the one it begins.
func (h Header) ThreadKey() string {
	if h.Thread != "" {
		return h.Thread
	}
	return h.ID
}

// Message is a header with its body, as it is signed.
type Message struct {
	Header
	Body json.RawMessage
}

// payload is Message in the order of its JSON names.
type payload struct {
	Agreement Agreement       `json:"agreement,omitzero"`
	Body      json.RawMessage `json:"body"`
	CaseRef   string          `json:"case_ref,omitempty"`
	Expires   time.Time       `json:"expires"`
	From      string          `json:"from"`
	Handling  Handling        `json:"handling,omitzero"`
	ID        string          `json:"id"`
	InReplyTo string          `json:"in_reply_to,omitempty"`
	Issued    time.Time       `json:"issued"`
	Officer   string          `json:"officer,omitempty"`
	Prev      string          `json:"prev,omitempty"`
	Purpose   string          `json:"purpose,omitempty"`
	Seq       int64           `json:"seq"`
	Share     string          `json:"share,omitempty"`
	Thread    string          `json:"thread,omitempty"`
	To        string          `json:"to"`
	Type      Type            `json:"type"`
}

func (m Message) payload() payload {
	return payload{
		Agreement: m.Agreement, Body: m.Body, CaseRef: m.CaseRef, Expires: m.Expires.UTC(), From: m.From, Handling: m.Handling,
		ID: m.ID, InReplyTo: m.InReplyTo, Issued: m.Issued.UTC(), Officer: m.Officer, Prev: m.Prev, Purpose: m.Purpose,
		Seq: m.Seq, Share: m.Share, Thread: m.Thread, To: m.To, Type: m.Type,
	}
}

func (p payload) message() Message {
	return Message{Body: p.Body, Header: Header{
		Agreement: p.Agreement, CaseRef: p.CaseRef, Expires: p.Expires.UTC(), From: p.From, Handling: p.Handling,
		ID: p.ID, InReplyTo: p.InReplyTo, Issued: p.Issued.UTC(), Officer: p.Officer, Prev: p.Prev, Purpose: p.Purpose,
		Seq: p.Seq, Share: p.Share, Thread: p.Thread, To: p.To, Type: p.Type,
	}}
}

// ErrMalformed says that a message is not written as the protocol has it.
var ErrMalformed = errors.New("the message is malformed")

// textMax bounds the header's free texts: names and references, never prose.
const textMax = 200

// Check says what the header lacks or holds too much of.
func (h Header) Check() error {
	bad := func(format string, args ...any) error {
		return fmt.Errorf("%w: %s", ErrMalformed, fmt.Sprintf(format, args...))
	}
	if id, err := uuid.Parse(h.ID); err != nil || id.Version() != 7 || id.String() != h.ID {
		return bad("id %.60q is no UUID of version 7 in lower case", h.ID)
	}
	if !isType(h.Type) {
		return bad("type %.60q is no word in capitals", h.Type)
	}
	for _, text := range []struct{ name, is string }{
		{"from", h.From}, {"to", h.To}, {"share", h.Share}, {"in_reply_to", h.InReplyTo}, {"thread", h.Thread}, {"purpose", h.Purpose},
		{"case_ref", h.CaseRef}, {"officer", h.Officer}, {"agreement.id", h.Agreement.ID}, {"handling.tlp", h.Handling.TLP},
	} {
		if len(text.is) > textMax || strings.ContainsFunc(text.is, func(r rune) bool { return r < ' ' || r == 0x7f }) {
			return bad("%s is longer than %d bytes or holds control characters", text.name, textMax)
		}
	}
	switch {
	case h.From == "" || h.To == "":
		return bad("from or to is missing")
	case h.Seq < 1:
		return bad("seq is %d; it counts from 1", h.Seq)
	case h.Prev == "" && h.Seq > 1, h.Prev != "" && !IsDigest(h.Prev):
		return bad("prev is no digest: sha-256: and 64 hexadecimal digits")
	case h.Issued.IsZero() || h.Expires.IsZero():
		return bad("issued or expires is missing")
	case h.Expires.Before(h.Issued):
		return bad("expires is before issued")
	case h.Agreement.Digest != "" && !IsDigest(h.Agreement.Digest):
		return bad("agreement.digest is no digest")
	}
	return nil
}

func isType(t Type) bool {
	if t == "" || len(t) > 32 || t[0] == '-' {
		return false
	}
	for _, b := range []byte(t) {
		if (b < 'A' || b > 'Z') && b != '-' {
			return false
		}
	}
	return true
}
