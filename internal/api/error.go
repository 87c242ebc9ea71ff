package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/rihla/rihla/internal/access"
)

// Kind is what sort of error it is; the last part of a problem's type, and stable for ever.
type Kind string

// The kinds.
const (
	Invalid       Kind = "invalid"            // 400: the request cannot be understood
	Unauthorized  Kind = "unauthorized"       // 401: nobody is known behind it
	Forbidden     Kind = "forbidden"          // 403: beyond the role
	NotFound      Kind = "not-found"          // 404: not there, or not for this principal to know of
	NotAllowed    Kind = "method-not-allowed" // 405
	NotAcceptable Kind = "not-acceptable"     // 406
	Conflict      Kind = "conflict"           // 409: something else happened meanwhile
	Gone          Kind = "gone"               // 410: destroyed
	TooLarge      Kind = "too-large"          // 413
	Unsupported   Kind = "unsupported-media"  // 415
	Unprocessable Kind = "unprocessable"      // 422: understood, and wrong
	TooMany       Kind = "too-many"           // 429
	Internal      Kind = "internal"           // 500
	Unavailable   Kind = "unavailable"        // 503: try again
	cancelled     Kind = "cancelled"          // 499: nobody listens any more
	unlisted      Kind = "error"              // any other status that a library names
)

var catalogue = map[Kind]struct {
	status int
	title  string
}{
	Invalid:       {http.StatusBadRequest, "The request cannot be understood"},
	Unauthorized:  {http.StatusUnauthorized, "Sign in, or send a key"},
	Forbidden:     {http.StatusForbidden, "Beyond your role"},
	NotFound:      {http.StatusNotFound, "Not found"},
	NotAllowed:    {http.StatusMethodNotAllowed, "No such method here"},
	NotAcceptable: {http.StatusNotAcceptable, "Not available in the form asked for"},
	Conflict:      {http.StatusConflict, "Something else happened meanwhile"},
	Gone:          {http.StatusGone, "No longer there"},
	TooLarge:      {http.StatusRequestEntityTooLarge, "Too large"},
	Unsupported:   {http.StatusUnsupportedMediaType, "This media type is not taken"},
	Unprocessable: {http.StatusUnprocessableEntity, "Understood, but not right"},
	TooMany:       {http.StatusTooManyRequests, "Too many requests"},
	Internal:      {http.StatusInternalServerError, "Our software failed"},
	Unavailable:   {http.StatusServiceUnavailable, "Not available just now"},
	cancelled:     {499, "The request was broken off"},
}

// Status is the HTTP status of the kind.
func (k Kind) Status() int {
	if known, ok := catalogue[k]; ok {
		return known.status
	}
	return http.StatusInternalServerError
}

func kindOf(status int) Kind {
	for kind, known := range catalogue {
		if known.status == status {
			return kind
		}
	}
	return unlisted
}

// Error is an error as a client may see it.
type Error struct {
	Kind   Kind
	Detail string         // what is wrong, where, and how to mend it; shown
	Fields map[string]any // further members of the problem, such as an offset
	Cause  error          // logged, never shown
}

func (e *Error) Error() string {
	if e.Cause != nil {
		return fmt.Sprintf("%s: %s: %v", e.Kind, e.Detail, e.Cause)
	}
	return fmt.Sprintf("%s: %s", e.Kind, e.Detail)
}

func (e *Error) Unwrap() error { return e.Cause }

// Is makes errors.Is compare kinds: errors.Is(err, &api.Error{Kind: api.NotFound}).
func (e *Error) Is(target error) bool {
	other, ok := target.(*Error) //nolint:errorlint // Is is called for each error of the chain
	return ok && other.Kind == e.Kind && other.Detail == "" && other.Cause == nil
}

// With adds a member to the problem.
func (e *Error) With(field string, value any) *Error {
	if e.Fields == nil {
		e.Fields = map[string]any{}
	}
	e.Fields[field] = value
	return e
}

// Errorf makes an error whose detail is shown. An argument to %w becomes its cause as well, and its text is shown too.
func Errorf(k Kind, format string, args ...any) *Error {
	err := fmt.Errorf(format, args...)
	return &Error{Kind: k, Detail: err.Error(), Cause: errors.Unwrap(err)}
}

// because hides the cause: only the detail is shown.
func because(k Kind, cause error, detail string) *Error {
	return &Error{Kind: k, Detail: detail, Cause: cause}
}

// known finds the error that a client may see in any error.
func known(err error) *Error {
	if e, ok := errors.AsType[*Error](err); ok {
		return e
	}
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return because(TooLarge, err, "the body is larger than this route takes")
	}
	for _, of := range []struct {
		err  error
		kind Kind
	}{
		{access.ErrNoCredential, Unauthorized},
		{access.ErrBadCredential, Unauthorized},
		{access.ErrTooMany, TooMany},
		{access.ErrUnknownRole, Unprocessable},
		{access.ErrBadName, Unprocessable},
		{access.ErrWeakPassword, Unprocessable},
		{access.ErrExists, Conflict},
		{access.ErrUnknown, NotFound},
	} {
		if errors.Is(err, of.err) {
			return &Error{Kind: of.kind, Detail: err.Error()}
		}
	}
	switch {
	case errors.Is(err, context.Canceled):
		return because(cancelled, err, "the request was broken off")
	case errors.Is(err, context.DeadlineExceeded):
		return because(Unavailable, err, "it took too long; try again")
	}
	return because(Internal, err, "our software failed on this; it has been written down. Try again, or tell the operator the instance")
}
