package server

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/audit"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/screening/lists"
	"github.com/rihla/rihla/internal/store"
)

// draft is what a person wants of a list kept by hand.
type draft struct {
	Action string      `json:"action" enum:"add,change,remove"`
	ID     string      `json:"id,omitempty" maxLength:"64" doc:"The entry's; one is made for an entry added without"`
	Entry  *draftEntry `json:"entry,omitempty" doc:"Not of an entry that is to be removed"`
	Basis  string      `json:"basis,omitempty" maxLength:"1000" doc:"The law or order it is listed under"`
	Owner  string      `json:"owner,omitempty" maxLength:"200" doc:"The authority that answers for it"`
	From   string      `json:"from,omitempty" maxLength:"10" doc:"The first day it holds"`
	Review string      `json:"review,omitempty" maxLength:"10" doc:"The day somebody looks whether it still holds"`
	Until  string      `json:"until,omitempty" maxLength:"10" doc:"The last day it holds"`
	Reason string      `json:"reason" minLength:"3" maxLength:"2000" doc:"Why this is proposed"`
}

// draftEntry is an entry as a person types it.
type draftEntry struct {
	Schema       string          `json:"schema,omitempty" maxLength:"20" doc:"Person, Organization, Company, Vessel, Airplane, Document; a person unless told"`
	Names        []draftName     `json:"names,omitempty" maxItems:"100"`
	Births       []string        `json:"births,omitempty" maxItems:"20"`
	Sex          string          `json:"sex,omitempty" maxLength:"10"`
	Countries    []draftCountry  `json:"countries,omitempty" maxItems:"50"`
	Documents    []draftDocument `json:"documents,omitempty" maxItems:"50"`
	Topics       []string        `json:"topics,omitempty" maxItems:"20"`
	Reason       string          `json:"reason,omitempty" maxLength:"2000" doc:"Why they are listed"`
	Instruction  string          `json:"instruction,omitempty" maxLength:"2000" doc:"What the officer does"`
	DocumentOnly bool            `json:"document_only,omitempty" doc:"The name is a victim's or too common: only the document speaks"`
}

type draftName struct {
	Text    string `json:"text,omitempty" maxLength:"1000"`
	Surname string `json:"surname,omitempty" maxLength:"500"`
	Given   string `json:"given,omitempty" maxLength:"500"`
	Kind    string `json:"kind,omitempty" maxLength:"20" doc:"primary, alias or former"`
	Weak    bool   `json:"weak,omitempty" doc:"A nickname: never enough on its own"`
}

type draftCountry struct {
	Code string `json:"code" maxLength:"3"`
	Role string `json:"role,omitempty" maxLength:"20"`
}

type draftDocument struct {
	Type    string `json:"type,omitempty" maxLength:"20"`
	Number  string `json:"number" maxLength:"100"`
	Issuer  string `json:"issuer,omitempty" maxLength:"3"`
	Expires string `json:"expires,omitempty" maxLength:"10"`
	Status  string `json:"status,omitempty" maxLength:"20"`
}

func (d *draft) entry() lists.Entry {
	e := lists.Entry{ID: d.ID, Basis: d.Basis, Owner: d.Owner, From: d.From, Review: d.Review, Until: d.Until}
	if d.Entry == nil {
		return e
	}
	e.Schema, e.Births, e.Sex, e.Topics = d.Entry.Schema, d.Entry.Births, d.Entry.Sex, d.Entry.Topics
	e.Reason, e.Instruction, e.DocumentOnly = cmp.Or(strings.TrimSpace(d.Entry.Reason), d.Reason), d.Entry.Instruction, d.Entry.DocumentOnly
	for _, n := range d.Entry.Names {
		e.Names = append(e.Names, lists.Name{Text: n.Text, Surname: n.Surname, Given: n.Given, Kind: n.Kind, Weak: n.Weak})
	}
	for _, c := range d.Entry.Countries {
		e.Countries = append(e.Countries, lists.Country{Code: c.Code, Role: c.Role})
	}
	for _, p := range d.Entry.Documents {
		e.Documents = append(e.Documents, lists.Document{Type: p.Type, Number: p.Number, Issuer: p.Issuer, Expires: p.Expires, Status: p.Status})
	}
	return e
}

type proposeInput struct {
	Name string `path:"name"`
	Body draft
}

type proposalAnswer struct{ Body screening.Proposal }

type proposalsAnswer struct {
	Body api.Page[screening.Proposal]
}

type proposalsInput struct {
	Name  string `path:"name"`
	State string `query:"state" enum:"open,approved,denied,withdrawn" doc:"Those in this state only"`
	api.Cursor
}

type allProposalsInput struct {
	State string `query:"state" enum:"open,approved,denied,withdrawn" doc:"Those in this state only"`
	api.Cursor
}

type decideInput struct {
	Name string `path:"name"`
	ID   string `path:"id"`
	Body struct {
		Approve bool   `json:"approve"`
		Reason  string `json:"reason" minLength:"3" maxLength:"2000"`
	}
}

type withdrawInput struct {
	Name string `path:"name"`
	ID   string `path:"id"`
	Body struct {
		Reason string `json:"reason" minLength:"3" maxLength:"2000"`
	}
}

func (s *server) proposalRoutes(m *api.Mux) {
	readers := []access.Role{access.Analyst, access.Supervisor, access.Administrator, access.Auditor}
	proposers := []access.Role{access.Analyst, access.Supervisor}
	api.Register(m, api.Route{Method: http.MethodGet, Path: "/api/v1/list-proposals", ID: "list-all-proposals", Summary: "What people propose for lists kept by hand, newest first", Tags: listTags, Roles: readers},
		func(ctx context.Context, in *allProposalsInput) (*proposalsAnswer, error) {
			return s.proposals(ctx, &proposalsInput{State: in.State, Cursor: in.Cursor})
		})
	api.Register(m, api.Route{Method: http.MethodGet, Path: "/api/v1/lists/{name}/proposals", ID: "list-proposals", Summary: "What people propose for a list kept by hand, newest first", Tags: listTags, Roles: readers}, s.proposals)
	api.Register(m, api.Route{
		Method: http.MethodPost, Path: "/api/v1/lists/{name}/proposals", ID: "propose-entry", Tags: listTags, Roles: proposers, Status: http.StatusCreated,
		Summary:     "Propose to add, change or remove an entry of a list kept by hand",
		Description: "A list is kept by hand from its first approved entry on. Nothing is in force until a second person approves.",
	}, s.propose)
	api.Register(m, api.Route{
		Method: http.MethodPost, Path: "/api/v1/lists/{name}/proposals/{id}/approval", ID: "decide-proposal", Tags: listTags, Roles: listKeepers,
		Summary: "Approve a proposal, which puts it in force, or deny it; never the one who proposed it",
	}, s.decideProposal)
	api.Register(m, api.Route{Method: http.MethodPost, Path: "/api/v1/lists/{name}/proposals/{id}/withdrawal", ID: "withdraw-proposal", Summary: "Take back what one proposed", Tags: listTags, Roles: proposers}, s.withdrawProposal)
}

func (s *server) proposals(ctx context.Context, in *proposalsInput) (*proposalsAnswer, error) {
	var before string
	if err := api.DecodeCursor(in.Cursor.Cursor, &before); err != nil {
		return nil, err
	}
	found, err := screening.Proposals(ctx, s.Store.Read(), in.Name, in.State, before, in.Limit+1)
	if err != nil {
		return nil, err
	}
	a := &proposalsAnswer{api.Page[screening.Proposal]{Items: found}}
	if len(found) > in.Limit {
		a.Body.Items = found[:in.Limit]
		if a.Body.Next, err = api.EncodeCursor(found[in.Limit-1].ID); err != nil {
			return nil, err
		}
	}
	p, touched := api.PrincipalFrom(ctx), []string{}
	if in.Name != "" {
		touched = append(touched, in.Name)
	}
	return a, s.Audit.Read(ctx, audit.Entry{Actor: p.Name, Role: string(p.Role), Action: "list.read", Touched: touched, Detail: "proposals"})
}

func (s *server) propose(ctx context.Context, in *proposeInput) (*proposalAnswer, error) {
	return s.proposal(ctx, func(ctx context.Context, tx store.Tx, by screening.Person) (screening.Proposal, error) {
		return screening.Propose(ctx, tx, in.Name, in.Body.Action, in.Body.entry(), in.Body.Reason, by)
	})
}

func (s *server) decideProposal(ctx context.Context, in *decideInput) (*proposalAnswer, error) {
	return s.proposal(ctx, func(ctx context.Context, tx store.Tx, by screening.Person) (screening.Proposal, error) {
		p, err := screening.Decide(ctx, tx, in.Name, in.ID, in.Body.Approve, in.Body.Reason, by)
		if err != nil || !in.Body.Approve {
			return p, err
		}
		counts := map[string]int{"added": 0, "changed": 0, "removed": 0}
		counts[map[string]string{screening.ActionAdd: "added", screening.ActionChange: "changed", screening.ActionRemove: "removed"}[p.Action]] = 1
		return p, s.announce(ctx, tx, "list", in.Name, counts)
	})
}

func (s *server) withdrawProposal(ctx context.Context, in *withdrawInput) (*proposalAnswer, error) {
	return s.proposal(ctx, func(ctx context.Context, tx store.Tx, by screening.Person) (screening.Proposal, error) {
		return screening.WithdrawProposal(ctx, tx, in.Name, in.ID, in.Body.Reason, by)
	})
}

// proposal does one thing with a proposal, in one transaction with telling of it.
func (s *server) proposal(ctx context.Context, do func(context.Context, store.Tx, screening.Person) (screening.Proposal, error)) (*proposalAnswer, error) {
	who := api.PrincipalFrom(ctx)
	a := &proposalAnswer{}
	err := s.Store.Write(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		a.Body, err = do(ctx, tx, screening.Person{ID: who.ID, Name: who.Name, Role: string(who.Role)})
		if err != nil {
			return err
		}
		open, err := screening.OpenProposals(ctx, tx)
		if err != nil {
			return err
		}
		return s.announce(ctx, tx, "proposal", a.Body.ID, map[string]int{"open": open[a.Body.List]})
	})
	return a, proposalRefusal(err)
}

var proposalKinds = map[api.Kind][]error{
	api.Forbidden: {screening.ErrFourEyes, screening.ErrNotTheirs},
	api.NotFound:  {screening.ErrNoProposal, screening.ErrNoEntry},
	api.Conflict:  {screening.ErrDecided, screening.ErrEntryMoved, screening.ErrFromFiles, screening.ErrGiven, screening.ErrEntryThere, screening.ErrProposed},
	api.Invalid:   {screening.ErrEntryID},
}

func proposalRefusal(err error) error {
	for kind, known := range proposalKinds {
		for _, k := range known {
			if errors.Is(err, k) {
				return api.Errorf(kind, "%w", k)
			}
		}
	}
	if wrong, ok := errors.AsType[*screening.ActionError](err); ok {
		return api.Errorf(api.Invalid, "%w", wrong)
	}
	return refusal(err)
}
