package server

import (
	"context"
	"errors"
	"net/http"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/screening"
)

type thresholdsAnswer struct{ Body screening.Thresholds }

type previewAnswer struct{ Body screening.Preview }

type curveAnswer struct{ Body screening.Curve }

type setThresholdsInput struct {
	Name string `path:"name"`
	Body struct {
		Look   float64 `json:"look" doc:"The least score that is kept"`
		Alert  float64 `json:"alert" doc:"The score from which a match is of high severity"`
		Reason string  `json:"reason" doc:"Why, for whoever reads it later"`
	}
}

type previewInput struct {
	Name string `path:"name"`
	Body struct {
		Look  float64 `json:"look"`
		Alert float64 `json:"alert"`
	}
}

type curveInput struct {
	List string `query:"list" maxLength:"64" doc:"Of one list; of all without it"`
}

func (s *server) thresholdRoutes(m *api.Mux) {
	setters := []access.Role{access.Supervisor, access.Administrator}
	api.Register(m, api.Route{Method: http.MethodGet, Path: "/api/v1/lists/{name}/thresholds", ID: "list-thresholds", Tags: listTags, Roles: listReaders,
		Summary: "From which score a list's name matches are kept, and from which they are of high severity"}, s.thresholds)
	api.Register(m, api.Route{
		Method: http.MethodPut, Path: "/api/v1/lists/{name}/thresholds", ID: "set-list-thresholds", Tags: listTags, Roles: setters,
		Summary:     "Set a list's thresholds",
		Description: "Whoever is ahead is screened again in the background. Ask for a preview first: it tells what would close and what would come.",
	}, s.setThresholds)
	api.Register(m, api.Route{
		Method: http.MethodPost, Path: "/api/v1/lists/{name}/thresholds/preview", ID: "preview-list-thresholds", Tags: listTags,
		Roles:   append([]access.Role{access.Analyst, access.Auditor}, setters...),
		Summary: "Tell what other thresholds would close and add; nothing changes",
	}, s.previewThresholds)
	api.Register(m, api.Route{
		Method: http.MethodGet, Path: "/api/v1/thresholds/curve", ID: "threshold-curve", Tags: listTags, Roles: listReaders,
		Summary: "What each threshold would cost in alarms and find, by what people decided so far",
	}, s.thresholdCurve)
}

func (s *server) thresholds(ctx context.Context, in *namedList) (*thresholdsAnswer, error) {
	if err := s.listed(ctx, in.Name); err != nil {
		return nil, err
	}
	t, err := screening.ListThresholds(ctx, s.Store.Read(), in.Name)
	return &thresholdsAnswer{t}, err
}

// listed says that there is such a list.
func (s *server) listed(ctx context.Context, name string) error {
	all, err := screening.Lists(ctx, s.Store.Read())
	if err != nil {
		return err
	}
	for i := range all {
		if all[i].Name == name {
			return nil
		}
	}
	return api.Errorf(api.NotFound, "there is no list %q; GET /api/v1/lists names those that are", name)
}

func (s *server) setThresholds(ctx context.Context, in *setThresholdsInput) (*thresholdsAnswer, error) {
	if err := s.listed(ctx, in.Name); err != nil {
		return nil, err
	}
	p := api.PrincipalFrom(ctx)
	t, err := screening.SetThresholds(ctx, s.Store, screening.Thresholds{List: in.Name, Look: in.Body.Look, Alert: in.Body.Alert, By: p.Name, Reason: in.Body.Reason}, string(p.Role))
	return &thresholdsAnswer{t}, unfit(err)
}

func (s *server) previewThresholds(ctx context.Context, in *previewInput) (*previewAnswer, error) {
	if err := s.listed(ctx, in.Name); err != nil {
		return nil, err
	}
	preview, err := s.Screener.PreviewThresholds(ctx, screening.Thresholds{List: in.Name, Look: in.Body.Look, Alert: in.Body.Alert})
	return &previewAnswer{preview}, unfit(err)
}

func (s *server) thresholdCurve(ctx context.Context, in *curveInput) (*curveAnswer, error) {
	c, err := s.Screener.CurveOf(ctx, in.List)
	return &curveAnswer{c}, err
}

// unfit tells what the caller has to mend from what is wrong with the machine.
func unfit(err error) error {
	switch {
	case errors.Is(err, screening.ErrThresholds), errors.Is(err, screening.ErrReason):
		return api.Errorf(api.Unprocessable, "%w", err)
	case errors.Is(err, screening.ErrNoDismissal):
		return api.Errorf(api.NotFound, "%w", err)
	case errors.Is(err, screening.ErrEnded):
		return api.Errorf(api.Conflict, "%w", err)
	}
	return err
}
