package api

import (
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/rihla/rihla/internal/keys"
)

const (
	problemType   = "application/problem+json"
	problemPrefix = "/problems/"
)

// Problem is an error on the wire (RFC 9457).
type Problem struct {
	Type     string       `json:"type" doc:"What sort of problem it is; stable" example:"/problems/not-found"`
	Title    string       `json:"title" doc:"The type in a few words"`
	Status   int          `json:"status" doc:"The HTTP status"`
	Detail   string       `json:"detail,omitempty" doc:"What is wrong here, and how to mend it"`
	Instance string       `json:"instance,omitempty" doc:"Names this occurrence in the operator's log"`
	Errors   []FieldError `json:"errors,omitempty" doc:"Each value that is not right"`

	_    struct{} `additionalProperties:"true"` // RFC 9457, section 3.2
	more map[string]any
}

// FieldError is one value that is not right. The value itself is not repeated: it may be a person's.
type FieldError struct {
	At      string `json:"at,omitempty" doc:"Where the value is" example:"body.reason"`
	Message string `json:"message"`
}

// Error makes a problem an error, as huma wants it.
func (p *Problem) Error() string { return p.Title + ": " + p.Detail }

// GetStatus tells huma the status.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType tells huma the media type.
func (*Problem) ContentType(string) string { return problemType }

// MarshalJSON writes the further members beside the standard's.
func (p *Problem) MarshalJSON() ([]byte, error) {
	type plain Problem
	if len(p.more) == 0 {
		return json.Marshal((*plain)(p))
	}
	all := maps.Clone(p.more)
	all["type"], all["title"], all["status"] = p.Type, p.Title, p.Status
	for name, value := range map[string]string{"detail": p.Detail, "instance": p.Instance} {
		if value != "" {
			all[name] = value
		}
	}
	if len(p.Errors) > 0 {
		all["errors"] = p.Errors
	}
	return json.Marshal(all)
}

// problem is what a client sees of an error.
func problem(err error) *Problem {
	e := known(err)
	title := catalogue[e.Kind].title
	if title == "" {
		title = http.StatusText(e.Kind.Status())
	}
	return &Problem{
		Type: problemPrefix + string(e.Kind), Title: title, Status: e.Kind.Status(), Detail: e.Detail,
		Instance: "urn:uuid:" + keys.Event(), more: e.Fields,
	}
}

// translate makes a problem of huma's own error, such as a value of the wrong type.
func translate(e *huma.ErrorModel) *Problem {
	kind := kindOf(e.Status)
	p := problem(&Error{Kind: kind, Detail: e.Detail})
	p.Status = e.Status
	if kind == unlisted {
		p.Title = http.StatusText(e.Status)
	}
	for _, at := range e.Errors {
		if at != nil {
			p.Errors = append(p.Errors, FieldError{At: at.Location, Message: at.Message})
		}
	}
	return p
}

// WriteProblem answers any error as a problem. What is not an [Error] is our fault: 500, with its text kept back.
func WriteProblem(w http.ResponseWriter, r *http.Request, err error) {
	p, told := errors.AsType[*Problem](err)
	if !told {
		p = problem(err)
		tell(r.Context(), p, err)
	}
	h := w.Header()
	if p.Status == http.StatusUnauthorized {
		challenge := `Bearer realm="rihla"`
		if strings.HasPrefix(r.URL.Path, "/taxii2") {
			challenge = `Basic realm="rihla"` // its clients know no other; elsewhere a browser would ask with a box of its own
		}
		h.Set("WWW-Authenticate", challenge)
	}
	if p.Status == http.StatusTooManyRequests && h.Get("Retry-After") == "" {
		h.Set("Retry-After", "60")
	}
	h.Set("Cache-Control", "no-store")
	h.Del("Content-Length")
	h.Del("Etag")
	if refuse, ok := r.Context().Value(refuseKey{}).(func(http.ResponseWriter, *Problem)); ok {
		refuse(w, p)
		return
	}
	h.Set("Content-Type", problemType)
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p) // a client that has gone reads no error
}
