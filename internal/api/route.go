package api

import (
	"context"
	"fmt"
	"net/http"
	"reflect"
	"regexp"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/rihla/rihla/internal/access"
)

// Route is one thing that can be asked of a node. Exactly one of Roles, SignedIn and Open says who may.
type Route struct {
	Method, Path string   // GET, /api/v1/flights/{id}
	ID           string   // the operation's name in the description; made from method and path where empty
	Summary      string   // one line
	Description  string   // more, where one line is not enough
	Tags         []string // the part of the house it belongs to

	Roles    []access.Role // these may
	SignedIn bool          // any role may
	Open     bool          // anyone may, without a key; the contract names all of these

	Status  int   // of a plain success; 0 is 200, or 204 where nothing goes out
	MaxBody int64 // bytes; 0 is 1 MiB
}

// RawDoc describes what a raw route takes and answers.
type RawDoc struct {
	Request  string   // media type of the body; empty is none
	Response string   // media type of the answer; empty is none
	Takes    any      // a value of the body's type, where it is JSON
	Answers  any      // a value of the answer's type, where it is JSON
	Query    []string // names of query parameters
	Headers  []string // names of request headers that matter
}

const maxBodyUnlessSaid = 1 << 20

func (r *Route) check() {
	ways := 0
	for _, way := range []bool{len(r.Roles) > 0, r.SignedIn, r.Open} {
		if way {
			ways++
		}
	}
	if ways != 1 {
		panic(fmt.Sprintf("route %s %s: exactly one of Roles, SignedIn and Open must say who may", r.Method, r.Path))
	}
	if r.MaxBody == 0 {
		r.MaxBody = maxBodyUnlessSaid
	}
	if r.ID == "" {
		r.ID = strings.Trim(notAName.ReplaceAllString(strings.ToLower(r.Method)+"-"+strings.TrimPrefix(r.Path, "/api/v1"), "-"), "-")
	}
}

var (
	notAName  = regexp.MustCompile(`[^a-z0-9]+`)
	parameter = regexp.MustCompile(`\{([^}.]+)(\.\.\.)?\}`)
)

func (r *Route) pattern() string { return r.Method + " " + r.Path }

// may describes who may, in the description's words.
func (r *Route) may() string {
	switch {
	case r.Open:
		return "Open: no key needed."
	case r.SignedIn:
		return "For every role."
	}
	names := make([]string, len(r.Roles))
	for i, role := range r.Roles {
		names[i] = string(role)
	}
	return "For: " + strings.Join(names, ", ") + "."
}

func (r *Route) operation(problems *huma.Schema) *huma.Operation {
	op := &huma.Operation{
		Method: r.Method, Path: r.Path, OperationID: r.ID, Summary: r.Summary, Tags: r.Tags,
		Description:   strings.TrimSpace(r.Description + "\n\n" + r.may()),
		DefaultStatus: r.Status, MaxBodyBytes: r.MaxBody,
		Responses: map[string]*huma.Response{"default": {
			Description: "A problem", Content: map[string]*huma.MediaType{problemType: {Schema: problems}},
		}},
	}
	if !r.Open {
		op.Security = []map[string][]string{{"bearer": {}}, {"session": {}}}
	}
	return op
}

// Register adds a route whose input and output are structs in huma's manner: path, query and header fields, and Body.
// The handler's error is answered as [WriteProblem] would. It panics where the declaration makes no sense.
func Register[I, O any](m *Mux, r Route, handler func(context.Context, *I) (*O, error)) {
	r.check()
	m.routes[r.pattern()] = r
	huma.Register(m.huma, *r.operation(m.problems), func(ctx context.Context, in *I) (*O, error) {
		out, err := handler(ctx, in)
		if err != nil {
			p := problem(err)
			tell(ctx, p, err)
			return nil, p
		}
		return out, nil
	})
}

// Raw adds a route that reads and writes by itself: raw reports, streams, events. It is behind the same gate, its body
// is bounded by MaxBody, and it is described as doc says.
func (m *Mux) Raw(r Route, handler http.HandlerFunc, doc RawDoc) {
	r.check()
	m.routes[r.pattern()] = r
	m.describe(r, doc)
	m.mux.HandleFunc(r.pattern(), func(w http.ResponseWriter, req *http.Request) {
		if req.ContentLength > r.MaxBody {
			WriteProblem(w, req, Errorf(TooLarge, "the body has %d bytes; this route takes at most %d", req.ContentLength, r.MaxBody))
			return
		}
		req.Body = http.MaxBytesReader(w, req.Body, r.MaxBody)
		handler(w, req)
	})
}

// describe adds a route that is no huma operation to the description.
func (m *Mux) describe(r Route, doc RawDoc) {
	op := r.operation(m.problems)
	for _, name := range parameter.FindAllStringSubmatch(r.Path, -1) {
		op.Parameters = append(op.Parameters, &huma.Param{Name: name[1], In: "path", Required: true, Schema: &huma.Schema{Type: huma.TypeString}})
	}
	for _, name := range doc.Query {
		op.Parameters = append(op.Parameters, &huma.Param{Name: name, In: "query", Schema: &huma.Schema{Type: huma.TypeString}})
	}
	for _, name := range doc.Headers {
		op.Parameters = append(op.Parameters, &huma.Param{Name: name, In: "header", Schema: &huma.Schema{Type: huma.TypeString}})
	}
	op.Path = parameter.ReplaceAllString(r.Path, "{$1}")
	if doc.Request != "" {
		op.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{doc.Request: m.media(doc.Takes, r.ID+"-body")}}
	}
	status := r.Status
	if status == 0 {
		status = http.StatusOK
		if doc.Response == "" {
			status = http.StatusNoContent
		}
	}
	response := &huma.Response{Description: http.StatusText(status)}
	if doc.Response != "" {
		response.Content = map[string]*huma.MediaType{doc.Response: m.media(doc.Answers, r.ID+"-answer")}
	}
	op.Responses[strconv.Itoa(status)] = response
	m.huma.OpenAPI().AddOperation(op)
}

// media describes a body: of the value's type, or bytes.
func (m *Mux) media(of any, hint string) *huma.MediaType {
	if of == nil {
		return &huma.MediaType{Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}
	}
	return &huma.MediaType{Schema: m.huma.OpenAPI().Components.Schemas.Schema(reflect.TypeOf(of), true, hint)}
}
