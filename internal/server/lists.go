package server

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/audit"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/screening/lists"
	"github.com/rihla/rihla/internal/store"
)

// longestList is above the largest list in public use as its publisher ships it.
const longestList = 128 << 20

type listsAnswer struct{ Body api.Page[screening.ListInfo] }

type entriesAnswer struct{ Body api.Page[lists.Entry] }

type entriesInput struct {
	Name string `path:"name"`
	Q    string `query:"q" maxLength:"200" doc:"Words of a name, a document or an id"`
	api.Cursor
}

func (s *server) listRoutes(m *api.Mux) {
	tags := []string{"lists"}
	readers := append([]access.Role{access.Administrator}, staff...)
	api.Register(m, api.Route{Method: http.MethodGet, Path: "/api/v1/lists", ID: "list-lists", Summary: "The lists that people are screened against", Tags: tags, Roles: readers},
		func(ctx context.Context, _ *struct{}) (*listsAnswer, error) {
			all, err := screening.Lists(ctx, s.Store.Read())
			return &listsAnswer{api.Page[screening.ListInfo]{Items: append([]screening.ListInfo{}, all...)}}, err
		})
	api.Register(m, api.Route{Method: http.MethodGet, Path: "/api/v1/lists/{name}/entries", ID: "list-entries", Summary: "The entries of a list", Tags: tags, Roles: readers}, s.entries)
	m.Raw(api.Route{
		Method: http.MethodPut, Path: "/api/v1/lists/{name}", ID: "replace-list", Tags: tags,
		Summary:     "Replace a list by an upload, whole or not at all",
		Description: "The body is the list's file in any format that is recognised. A list that shrinks a great deal is refused unless force=true comes with a reason.",
		Roles:       []access.Role{access.Supervisor, access.Administrator}, MaxBody: longestList,
	}, s.replaceList, api.RawDoc{Request: "application/octet-stream", Response: "application/json", Answers: screening.Summary{}, Query: []string{"force", "reason"}})
}

func (s *server) entries(ctx context.Context, in *entriesInput) (*entriesAnswer, error) {
	var after string
	if err := api.DecodeCursor(in.Cursor.Cursor, &after); err != nil {
		return nil, err
	}
	all, err := screening.Lists(ctx, s.Store.Read())
	if err != nil {
		return nil, err
	}
	known := false
	for _, l := range all {
		known = known || l.Name == in.Name
	}
	if !known {
		return nil, api.Errorf(api.NotFound, "there is no list %q; GET /api/v1/lists names those that are", in.Name)
	}
	found, err := screening.Entries(ctx, s.Store.Read(), in.Name, strings.TrimSpace(in.Q), after, in.Limit+1)
	if err != nil {
		return nil, err
	}
	a := &entriesAnswer{api.Page[lists.Entry]{Items: append([]lists.Entry{}, found...)}}
	if len(found) > in.Limit {
		a.Body.Items = a.Body.Items[:in.Limit]
		if a.Body.Next, err = api.EncodeCursor(a.Body.Items[in.Limit-1].ID); err != nil {
			return nil, err
		}
	}
	p := api.PrincipalFrom(ctx)
	return a, s.Audit.Read(ctx, audit.Entry{Actor: p.Name, Role: string(p.Role), Action: "list.read", Touched: []string{in.Name}})
}

func (s *server) replaceList(w http.ResponseWriter, r *http.Request) {
	summary, err := s.load(r)
	if err != nil {
		api.WriteProblem(w, r, err)
		return
	}
	writeJSON(w, summary)
}

func (s *server) load(r *http.Request) (screening.Summary, error) {
	ctx, p, name := r.Context(), api.PrincipalFrom(r.Context()), r.PathValue("name")
	raw, err := io.ReadAll(r.Body)
	if _, tooLong := errors.AsType[*http.MaxBytesError](err); tooLong {
		return screening.Summary{}, err
	}
	if err != nil {
		return screening.Summary{}, api.Errorf(api.Invalid, "the list did not arrive whole: %v", err)
	}
	if len(raw) == 0 {
		return screening.Summary{}, api.Errorf(api.Invalid, "the body is empty; send the list's file")
	}
	query := r.URL.Query()
	summary, err := screening.LoadList(ctx, s.Store, screening.Upload{
		Name: name, Files: []lists.File{{Name: name, Data: raw}}, By: p.Name, Role: string(p.Role),
		Force: query.Get("force") == "true", Reason: query.Get("reason"),
	})
	if err != nil {
		return screening.Summary{}, refusal(err)
	}
	if s.Announce != nil {
		err = s.Store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
			return s.Announce(ctx, tx, "list", name, map[string]int{"added": summary.Added, "changed": summary.Changed, "removed": summary.Removed})
		})
	}
	return summary, err
}

// refusal tells what is wrong with a list from what is wrong with the machine.
func refusal(err error) error {
	if errors.Is(err, screening.ErrName) {
		return api.Errorf(api.Invalid, "%w", err)
	}
	if refused, ok := errors.AsType[*screening.Refusal](err); ok {
		return api.Errorf(api.Unprocessable, "%w", refused)
	}
	if wrong, ok := errors.AsType[*lists.Error](err); ok {
		return api.Errorf(api.Unprocessable, "%w", wrong).With("faults", wrong.Faults)
	}
	return err
}
