package taxii

import (
	"encoding/json"
	"strconv"
)

// Discovery is what stands at /taxii2/.
type Discovery struct {
	Title       string   `json:"title"`
	Description string   `json:"description,omitempty"`
	Contact     string   `json:"contact,omitempty"`
	Default     string   `json:"default,omitempty"` // one of the roots
	Roots       []string `json:"api_roots,omitempty"`
}

// Root says what an API root speaks.
type Root struct {
	Title       string   `json:"title"`
	Description string   `json:"description,omitempty"`
	Versions    []string `json:"versions"`
	MaxContent  int64    `json:"max_content_length"` // bytes of a body
}

// Collections are those that a user may know of.
type Collections struct {
	Collections []Collection `json:"collections,omitempty"`
}

// Collection is one collection, as one user sees it.
type Collection struct {
	ID          string   `json:"id"` // a UUID
	Title       string   `json:"title"`
	Description string   `json:"description,omitempty"`
	Alias       string   `json:"alias,omitempty"`
	CanRead     bool     `json:"can_read"`
	CanWrite    bool     `json:"can_write"`
	MediaTypes  []string `json:"media_types,omitempty"`
}

// Envelope carries objects, in both directions.
type Envelope struct {
	More    bool              `json:"more,omitempty"`
	Next    string            `json:"next,omitempty"`
	Objects []json.RawMessage `json:"objects,omitempty"`
}

// Manifest lists objects without their content.
type Manifest struct {
	More    bool     `json:"more,omitempty"`
	Next    string   `json:"next,omitempty"`
	Objects []Record `json:"objects,omitempty"`
}

// Record is one version of an object in a manifest.
type Record struct {
	ID        string `json:"id"`
	DateAdded string `json:"date_added"`
	Version   string `json:"version"`
	MediaType string `json:"media_type,omitempty"`
}

// Versions lists the versions of one object.
type Versions struct {
	More     bool     `json:"more,omitempty"`
	Next     string   `json:"next,omitempty"`
	Versions []string `json:"versions,omitempty"`
}

// The states of a [Status].
const (
	Complete = "complete"
	Pending  = "pending"
)

// Status says what became of the objects of one POST. Total is the sum of the three counts.
type Status struct {
	ID           string   `json:"id"`
	Status       string   `json:"status"`
	Requested    string   `json:"request_timestamp,omitempty"`
	Total        int      `json:"total_count"`
	SuccessCount int      `json:"success_count"`
	Successes    []Detail `json:"successes,omitempty"`
	FailureCount int      `json:"failure_count"`
	Failures     []Detail `json:"failures,omitempty"`
	PendingCount int      `json:"pending_count"`
	Pendings     []Detail `json:"pendings,omitempty"`
}

// Detail is what became of one object.
type Detail struct {
	ID      string `json:"id"`
	Version string `json:"version"`
	Message string `json:"message,omitempty"`
}

// Error is the body of every answer that refuses. Its code is stable; its status is text on the wire.
type Error struct {
	Title       string            `json:"title"`
	Description string            `json:"description,omitempty"`
	ID          string            `json:"error_id,omitempty"`
	Code        string            `json:"error_code,omitempty"`
	HTTPStatus  string            `json:"http_status,omitempty"`
	External    string            `json:"external_details,omitempty"`
	Details     map[string]string `json:"details,omitempty"`
}

// Refuse makes an error. The description says what was sent and how to mend it.
func Refuse(status int, code, title, description string) *Error {
	return &Error{Title: title, Description: description, Code: code, HTTPStatus: strconv.Itoa(status)}
}

// Status is the HTTP status; 500 where it was not said, or not in digits.
func (e *Error) Status() int {
	if n, err := strconv.Atoi(e.HTTPStatus); err == nil && 100 <= n && n <= 599 {
		return n
	}
	return 500
}

// Error says it in one line.
func (e *Error) Error() string {
	if e.Description == "" {
		return e.Title
	}
	return e.Title + ": " + e.Description
}
