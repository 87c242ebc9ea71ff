package intake

import (
	"context"
	"net/http"
	"slices"
	"strconv"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/api"
)

// answerRoutes are how a filer learns what it was answered.
func (g *HTTPGate) answerRoutes(m *api.Mux) {
	tags := []string{"reports"}
	const path = "/api/v1/answers"
	api.Register(m, api.Route{Method: http.MethodGet, Path: path, ID: "list-answers", Summary: "What a filer was answered, oldest first", Tags: tags,
		Description: "A filer sees its own. Ask again with after set to the last number you have: nothing is left out, and nothing comes twice.",
		Roles:       append([]access.Role{access.Filer}, staff...)}, g.answers)
	m.Raw(api.Route{Method: http.MethodGet, Path: path + "/{id}", ID: "get-answer", Summary: "One answer, in its filer's format", Tags: tags,
		Roles: append([]access.Role{access.Filer}, readers...)}, g.answer, api.RawDoc{Response: "application/octet-stream"})
	api.Register(m, api.Route{Method: http.MethodPut, Path: path + "/{id}/receipt", ID: "take-answer", Summary: "Say that an answer has come", Tags: tags,
		Roles: []access.Role{access.Filer}, Status: http.StatusNoContent}, g.taken)
}

type answersInput struct {
	Filer string `query:"filer" doc:"Whose answers; a filer's own are its only ones"`
	About string `query:"about" doc:"Only those about one waybill, one declaration"`
	After int64  `query:"after" doc:"Only those numbered higher"`
	Limit int    `query:"limit" default:"100" minimum:"1" maximum:"1000"`
}

type answersOutput struct {
	Body struct {
		Items []Answered `json:"items"`
	}
}

func (g *HTTPGate) answers(ctx context.Context, in *answersInput) (*answersOutput, error) {
	p := api.PrincipalFrom(ctx)
	if p.Is(access.Filer) {
		in.Filer = p.Name
	}
	if in.Filer == "" {
		return nil, api.Errorf(api.Invalid, "say whose answers: filer=NAME")
	}
	list, err := g.Reports.Answers(ctx, in.Filer, in.About, in.After, in.Limit)
	if err != nil {
		return nil, err
	}
	out := &answersOutput{}
	out.Body.Items = []Answered{}
	var touched []string
	for _, a := range list {
		if p.Is(access.Filer) || slices.Contains(g.Desks.of(a.domain).Status, p.Role) {
			out.Body.Items = append(out.Body.Items, a)
			touched = append(touched, a.ID)
		}
	}
	return out, g.audited(ctx, "answer.list", in.Filer, touched...)
}

func (g *HTTPGate) answer(w http.ResponseWriter, r *http.Request) {
	ctx, p := r.Context(), api.PrincipalFrom(r.Context())
	a, body, err := g.Reports.Answer(ctx, r.PathValue("id"))
	if err == nil && (!p.Is(access.Filer) || a.Filer != p.Name) && !slices.Contains(g.Desks.of(a.domain).Raw, p.Role) {
		err = ErrNoAnswer
	}
	if err == nil {
		err = g.audited(ctx, "answer.read", a.Kind, a.ID)
	}
	if err != nil {
		api.WriteProblem(w, r, refusal(err))
		return
	}
	w.Header().Set("Content-Type", a.Media)
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.Header().Set("Cache-Control", "no-store")
	_, _ = w.Write(body) // the reader has gone
}

func (g *HTTPGate) taken(ctx context.Context, in *idInput) (*struct{}, error) {
	return nil, refusal(g.Reports.Taken(ctx, api.PrincipalFrom(ctx).Name, in.ID))
}
