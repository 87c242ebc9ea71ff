package server

import (
	"cmp"
	"context"
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"
	"time"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/audit"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/screening/lists"
	"github.com/rihla/rihla/internal/store"
)

// longestList is above the largest list in public use as its publisher ships it.
const longestList = 128 << 20

// listed is a list for people, with what they ask next: whether it is kept up to date, and what waits to be decided.
type listed struct {
	screening.ListInfo
	Source        *sourceBrief `json:"source,omitempty"` // absent where nothing fetches it
	OpenProposals int          `json:"open_proposals"`
	ReviewDue     int          `json:"review_due"` // entries by hand whose day of review has come
}

type sourceBrief struct {
	Tried     time.Time `json:"tried,omitzero"`
	Succeeded time.Time `json:"succeeded,omitzero"`
	Due       time.Time `json:"due,omitzero"`
	Failures  int       `json:"failures"`
	Error     string    `json:"error,omitempty"`
	Refusal   string    `json:"refusal,omitempty"`
	Stale     bool      `json:"stale"`
}

type listsAnswer struct{ Body api.Page[listed] }

type entriesAnswer struct{ Body api.Page[lists.Entry] }

type entriesInput struct {
	Name string `path:"name"`
	Q    string `query:"q" maxLength:"200" doc:"Words of a name, a document or an id"`
	api.Cursor
}

type versionsAnswer struct{ Body api.Page[screening.Version] }

type versionsInput struct {
	Name string `path:"name"`
	api.Cursor
}

var (
	listTags    = []string{"lists"}
	listReaders = append([]access.Role{access.Administrator}, staff...)
	listKeepers = []access.Role{access.Supervisor, access.Administrator}
)

func (s *server) listRoutes(m *api.Mux) {
	api.Register(m, api.Route{Method: http.MethodGet, Path: "/api/v1/lists", ID: "list-lists", Summary: "The lists that people are screened against", Tags: listTags, Roles: listReaders}, s.lists)
	api.Register(m, api.Route{Method: http.MethodGet, Path: "/api/v1/lists/{name}/entries", ID: "list-entries", Summary: "The entries of a list", Tags: listTags, Roles: listReaders}, s.entries)
	api.Register(m, api.Route{
		Method: http.MethodGet, Path: "/api/v1/lists/{name}/changes", ID: "list-changes", Tags: listTags, Roles: listReaders,
		Summary: "What the last versions of a list added, changed and removed, newest first",
	}, s.versions)
	m.Raw(api.Route{
		Method: http.MethodPut, Path: "/api/v1/lists/{name}", ID: "replace-list", Tags: listTags,
		Summary: "Replace a list by an upload, whole or not at all",
		Description: "The body is the list's file in any format that is recognised, or multipart/form-data with the files that are one list, such as sdn.csv and alt.csv. " +
			"A list that shrinks a great deal, or is older than the one in force, is refused unless force=true comes with a reason.",
		Roles: listKeepers, MaxBody: longestList,
	}, s.replaceList, api.RawDoc{Request: "application/octet-stream", Response: "application/json", Answers: screening.Summary{}, Query: []string{"force", "reason"}})
	api.Register(m, api.Route{
		Method: http.MethodDelete, Path: "/api/v1/lists/{name}", ID: "remove-list", Tags: listTags, Roles: listKeepers,
		Summary: "Take a list away, with its source; entries by hand leave one by one instead",
	}, s.removeList)
	s.sourceRoutes(m)
	s.proposalRoutes(m)
}

func (s *server) lists(ctx context.Context, _ *struct{}) (*listsAnswer, error) {
	r := s.Store.Read()
	all, err := screening.Lists(ctx, r)
	if err != nil {
		return nil, err
	}
	sources, err := screening.Sources(ctx, r, s.Clock())
	if err != nil {
		return nil, err
	}
	open, err := screening.OpenProposals(ctx, r)
	if err != nil {
		return nil, err
	}
	a := &listsAnswer{}
	for _, l := range all {
		item := listed{ListInfo: l, OpenProposals: open[l.Name]}
		for i := range sources {
			if f := &sources[i]; f.Name == l.Name {
				item.Source = &sourceBrief{f.Tried, f.Succeeded, f.Due, f.Failures, f.Error, f.Refusal, f.Stale}
			}
		}
		if l.Format == screening.FormatManual {
			if item.ReviewDue, err = screening.ReviewDue(ctx, r, l.Name, s.Clock()); err != nil {
				return nil, err
			}
		}
		a.Body.Items = append(a.Body.Items, item)
	}
	return a, nil
}

func (s *server) versions(ctx context.Context, in *versionsInput) (*versionsAnswer, error) {
	var before int64
	if err := api.DecodeCursor(in.Cursor.Cursor, &before); err != nil {
		return nil, err
	}
	found, err := screening.Versions(ctx, s.Store.Read(), in.Name, before, in.Limit+1)
	if err != nil {
		return nil, err
	}
	a := &versionsAnswer{api.Page[screening.Version]{Items: found}}
	if len(found) > in.Limit {
		a.Body.Items = found[:in.Limit]
		if a.Body.Next, err = api.EncodeCursor(found[in.Limit-1].Generation); err != nil {
			return nil, err
		}
	}
	p := api.PrincipalFrom(ctx)
	return a, s.Audit.Read(ctx, audit.Entry{Actor: p.Name, Role: string(p.Role), Action: "list.read", Touched: []string{in.Name}, Detail: "changes"})
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
	if screening.IsGiven(in.Name) {
		return nil, api.Errorf(api.Forbidden, "what a partner gave is looked up by its agreement and its purpose: GET /api/v1/exchange/received")
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
	files, err := uploaded(r, name)
	if err != nil {
		return screening.Summary{}, err
	}
	query := r.URL.Query()
	u := screening.Upload{Name: name, Files: files, By: p.Name, Role: string(p.Role), Force: query.Get("force") == "true", Reason: query.Get("reason")}
	if u.Force && strings.TrimSpace(u.Reason) == "" {
		return screening.Summary{}, api.Errorf(api.Invalid, "force needs a reason, which stays in the audit log: add reason=")
	}
	summary, err := screening.LoadList(ctx, s.Store, u)
	if err != nil {
		return screening.Summary{}, refusal(err)
	}
	return summary, s.Store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		return s.announce(ctx, tx, "list", name, map[string]int{"added": summary.Added, "changed": summary.Changed, "removed": summary.Removed})
	})
}

type removeInput struct {
	Name   string `path:"name"`
	Reason string `query:"reason" required:"true" minLength:"3" maxLength:"2000" doc:"Why; it stays in the audit log"`
}

func (s *server) removeList(ctx context.Context, in *removeInput) (*nothing, error) {
	p := api.PrincipalFrom(ctx)
	removed, err := screening.RemoveList(ctx, s.Store, screening.Upload{Name: in.Name, By: p.Name, Role: string(p.Role), Reason: in.Reason})
	switch {
	case errors.Is(err, screening.ErrNoList):
		return nil, api.Errorf(api.NotFound, "%w", err)
	case errors.Is(err, screening.ErrByHand), errors.Is(err, screening.ErrGiven):
		return nil, api.Errorf(api.Conflict, "%w", err)
	case err != nil:
		return nil, err
	}
	return nil, s.Store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		return s.announce(ctx, tx, "list", in.Name, map[string]int{"added": 0, "changed": 0, "removed": removed})
	})
}

// announce tells live pages, where there are any.
func (s *server) announce(ctx context.Context, tx store.Tx, name, id string, counts map[string]int) error {
	if s.Announce == nil {
		return nil
	}
	return s.Announce(ctx, tx, name, id, counts)
}

// mostFiles of one list.
const mostFiles = 8

// uploaded reads the files of a list: the body, or the parts of a form.
func uploaded(r *http.Request, name string) ([]lists.File, error) {
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")) // what cannot be read is no form
	if kind != "multipart/form-data" {
		data, err := whole(r.Body)
		if err == nil && len(data) == 0 {
			err = api.Errorf(api.Invalid, "the body is empty; send the list's file")
		}
		return []lists.File{{Name: name, Data: data}}, err
	}
	form, err := r.MultipartReader()
	if err != nil {
		return nil, api.Errorf(api.Invalid, "the form cannot be read: %v", err)
	}
	var files []lists.File
	for {
		part, err := form.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, arrived(err)
		}
		data, err := whole(part)
		if err != nil {
			return nil, err
		}
		f := lists.File{Name: cmp.Or(part.FileName(), part.FormName(), name), Data: data}
		if len(files) == mostFiles {
			return nil, api.Errorf(api.Invalid, "a list has %d files at most", mostFiles)
		}
		files = append(files, f)
	}
	if len(files) == 0 {
		return nil, api.Errorf(api.Invalid, "the form holds no file; send the list's files as its parts")
	}
	return files, nil
}

func whole(from io.Reader) ([]byte, error) {
	data, err := io.ReadAll(from)
	return data, arrived(err)
}

func arrived(err error) error {
	if _, tooLong := errors.AsType[*http.MaxBytesError](err); tooLong || err == nil {
		return err
	}
	return api.Errorf(api.Invalid, "the list did not arrive whole: %v", err)
}

// refusal tells what is wrong with a list from what is wrong with the machine.
func refusal(err error) error {
	if errors.Is(err, screening.ErrName) || errors.Is(err, screening.ErrGiven) {
		return api.Errorf(api.Invalid, "%w", err)
	}
	if refused, ok := errors.AsType[*screening.Refusal](err); ok {
		return api.Errorf(api.Unprocessable, "%w", refused).With("refusal", refused.Kind)
	}
	if wrong, ok := errors.AsType[*lists.Error](err); ok {
		return api.Errorf(api.Unprocessable, "%w", wrong).With("faults", wrong.Faults)
	}
	return err
}
