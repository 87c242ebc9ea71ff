package server

import (
	"context"
	"errors"
	"net/http"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/store"
)

type sourceAnswer struct{ Body screening.SourceState }

type sourcesAnswer struct {
	Body api.Page[screening.SourceState]
}

type sourceInput struct {
	Name string `path:"name"`
	Body screening.Source
}

type namedList struct {
	Name string `path:"name"`
}

type nothing struct{}

func (s *server) sourceRoutes(m *api.Mux) {
	readers := append([]access.Role{access.Auditor}, listKeepers...)
	api.Register(m, api.Route{
		Method: http.MethodGet, Path: "/api/v1/list-sources", ID: "list-sources", Tags: listTags, Roles: readers,
		Summary: "Where lists are fetched from, and how that went; also those that never came yet",
	}, s.allSources)
	api.Register(m, api.Route{Method: http.MethodGet, Path: "/api/v1/lists/{name}/source", ID: "list-source", Summary: "Where a list is fetched from, and how that went", Tags: listTags, Roles: readers}, s.source)
	api.Register(m, api.Route{
		Method: http.MethodPut, Path: "/api/v1/lists/{name}/source", ID: "set-list-source", Tags: listTags, Roles: listKeepers,
		Summary:     "Say where a list is fetched from",
		Description: "It is fetched at once and then as often as said, by one node at a time. What cannot be fetched, read or trusted leaves the list as it is.",
	}, s.setSource)
	api.Register(m, api.Route{Method: http.MethodDelete, Path: "/api/v1/lists/{name}/source", ID: "remove-list-source", Summary: "Fetch a list no more; it stays as it is", Tags: listTags, Roles: listKeepers}, s.removeSource)
	api.Register(m, api.Route{
		Method: http.MethodPost, Path: "/api/v1/lists/{name}/fetch", ID: "fetch-list", Tags: listTags, Roles: listKeepers, Status: http.StatusAccepted,
		Summary: "Fetch a list now; how it went is on its source soon after",
	}, s.fetchNow)
}

func (s *server) allSources(ctx context.Context, _ *struct{}) (*sourcesAnswer, error) {
	all, err := screening.Sources(ctx, s.Store.Read(), s.Clock())
	for i := range all {
		all[i] = shown(ctx, all[i])
	}
	return &sourcesAnswer{api.Page[screening.SourceState]{Items: all}}, err
}

// shown leaves out what may be secret in a URL for whoever cannot change it.
func shown(ctx context.Context, f screening.SourceState) screening.SourceState {
	if !api.PrincipalFrom(ctx).Is(listKeepers...) {
		f.Source = f.Shown()
	}
	return f
}

func (s *server) source(ctx context.Context, in *namedList) (*sourceAnswer, error) {
	f, err := screening.SourceOf(ctx, s.Store.Read(), s.Clock(), in.Name)
	return &sourceAnswer{shown(ctx, f)}, sourceRefusal(err)
}

func (s *server) setSource(ctx context.Context, in *sourceInput) (*sourceAnswer, error) {
	if !in.Body.Local() {
		return nil, api.Errorf(api.Unprocessable, "folder: name one under the node's own folder of lists; any other is the operator's to name, by rihla list source").With("field", "folder")
	}
	p := api.PrincipalFrom(ctx)
	return s.changeSource(ctx, in.Name, func(ctx context.Context, tx store.Tx) error {
		return screening.SetSource(ctx, tx, in.Name, in.Body, p.Name, string(p.Role))
	})
}

func (s *server) fetchNow(ctx context.Context, in *namedList) (*sourceAnswer, error) {
	p := api.PrincipalFrom(ctx)
	return s.changeSource(ctx, in.Name, func(ctx context.Context, tx store.Tx) error {
		return screening.FetchNow(ctx, tx, in.Name, p.Name, string(p.Role))
	})
}

func (s *server) changeSource(ctx context.Context, name string, change func(context.Context, store.Tx) error) (*sourceAnswer, error) {
	a := &sourceAnswer{}
	err := s.Store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		err := change(ctx, tx)
		if err != nil {
			return err
		}
		a.Body, err = screening.SourceOf(ctx, tx, s.Clock(), name)
		return err
	})
	return a, sourceRefusal(err)
}

func (s *server) removeSource(ctx context.Context, in *namedList) (*nothing, error) {
	p := api.PrincipalFrom(ctx)
	return nil, sourceRefusal(s.Store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		return screening.RemoveSource(ctx, tx, in.Name, p.Name, string(p.Role))
	}))
}

// sourceRefusal tells what is wrong with a source from what is wrong with the machine.
func sourceRefusal(err error) error {
	if errors.Is(err, screening.ErrNoSource) {
		return api.Errorf(api.NotFound, "%w", err)
	}
	if wrong, ok := errors.AsType[*screening.SourceError](err); ok {
		return api.Errorf(api.Unprocessable, "%w", wrong).With("field", wrong.Field)
	}
	return refusal(err)
}
