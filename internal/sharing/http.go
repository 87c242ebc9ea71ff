package sharing

import (
	"context"
	"database/sql"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"time"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/sharing/agreement"
	"github.com/rihla/rihla/internal/sharing/ledger"
	"github.com/rihla/rihla/internal/sharing/post"
	"github.com/rihla/rihla/internal/store"
)

type answer[T any] struct{ Body T }

func one[T any](v T, err error) (*answer[T], error) {
	if err != nil {
		return nil, err
	}
	return &answer[T]{v}, nil
}

// ByID names an agreement or a thread; huma reads only what is exported.
type ByID struct {
	ID string `path:"id"`
}

// AgreementItem is an agreement in the list of them.
type AgreementItem struct {
	ID        string             `json:"id"`
	Version   int                `json:"version"`
	Title     string             `json:"title"`
	TitleAr   string             `json:"title_ar,omitempty"`
	State     string             `json:"state" enum:"in force,suspended,proposed,signed,superseded,ended"`
	Own       string             `json:"own,omitempty" doc:"The party that is this state"`
	Parties   []agreement.Party  `json:"parties"`
	Domains   []string           `json:"domains"`
	Effective string             `json:"effective"`
	Expires   string             `json:"expires"`
	Digest    string             `json:"digest"`
	Shares    int                `json:"shares"`
	Suspended []Suspension       `json:"suspended"`
	Proposal  *Version           `json:"proposal,omitempty" doc:"A later version that waits for signatures"`
	Partner   *post.PartnerState `json:"partner,omitempty"`
}

// AgreementPage is one agreement, whole.
type AgreementPage struct {
	AgreementItem
	Document agreement.Document         `json:"document"`
	Words    map[string]agreement.Words `json:"words" doc:"What it permits and forbids, in plain words: en, ar"`
	Text     string                     `json:"text" doc:"The document as signed"`
	Versions []Version                  `json:"versions"`
	Changes  []agreement.Change         `json:"changes,omitempty" doc:"What the proposal, or the version asked for, changes in the one in force"`
}

// ThreadPage is one thread with all that is needed to act on it.
type ThreadPage struct {
	Thread
	Masked     bool             `json:"masked,omitempty" doc:"Who watches sees what was exchanged, not who it is about"`
	Request    *request         `json:"request,omitempty" doc:"What is asked; gone once it was erased"`
	Gift       *waitingGift     `json:"gift,omitempty" doc:"What would be given unasked"`
	Candidates []Candidate      `json:"candidates,omitempty"`
	Choice     *Release         `json:"choice,omitempty" doc:"What the first person released, while a second must"`
	Consent    *consentAsk      `json:"consent,omitempty" doc:"What consent is asked for, while it waits to be answered"`
	Approvals  []Approval       `json:"approvals"`
	Records    []Record         `json:"records"`
	Messages   []ThreadMessage  `json:"messages"`
	Terms      *agreement.Share `json:"terms,omitempty" doc:"The share it runs under"`
	Codes      []string         `json:"codes,omitempty" doc:"A human may refuse with"`
	May        []string         `json:"may" doc:"What you may do with it now: approve, release, let_out, outcome, ask_on, doubt, correct, erase, dispute, restrict, consent_ask, consent, pend"`
}

// ThreadMessage is a step of a thread, from the exchange log.
type ThreadMessage struct {
	At        time.Time `json:"at"`
	Kind      string    `json:"kind"`
	Type      string    `json:"type,omitempty"`
	Direction string    `json:"direction,omitempty"`
	Message   string    `json:"message,omitempty"`
	Result    string    `json:"result,omitempty"`
	Code      string    `json:"code,omitempty"`
	Clause    string    `json:"clause,omitempty"`
	Actor     string    `json:"actor,omitempty"`
	Kept      []string  `json:"kept,omitempty"`
	Dropped   []string  `json:"dropped,omitempty"`
}

// Routes offers the room.
func (r *Room) Routes(m *api.Mux) {
	route := func(method, path, id, summary string, status int, roles ...access.Role) api.Route {
		return api.Route{Method: method, Path: "/api/v1" + path, ID: id, Summary: summary, Tags: []string{"exchange"}, Roles: roles, Status: status, MaxBody: 1 << 20}
	}
	who := api.PrincipalFrom
	acting := slices.DeleteFunc(slices.Clone(readers), func(a access.Role) bool { return a == access.Auditor })

	api.Register(m, route(http.MethodGet, "/agreements", "list-agreements", "The agreements with partner states", 0, readers...),
		func(ctx context.Context, _ *struct{}) (*answer[api.Page[AgreementItem]], error) {
			items, err := r.Agreements(ctx)
			return one(api.Page[AgreementItem]{Items: items}, err)
		})
	api.Register(m, route(http.MethodGet, "/agreements/{id}", "read-agreement", "One agreement, in plain words and as signed", 0, readers...),
		func(ctx context.Context, in *struct {
			ByID
			Version int `query:"version" doc:"Absent: the one in force, else the newest"`
		},
		) (*answer[AgreementPage], error) {
			return one(r.Agreement(ctx, in.ID, in.Version))
		})
	propose := route(http.MethodPost, "/agreements", "propose-agreement", "Propose a version of an agreement to the partner", http.StatusCreated, access.Supervisor)
	m.Raw(propose, func(w http.ResponseWriter, q *http.Request) {
		text, err := io.ReadAll(q.Body)
		var v Version
		if err == nil {
			v, err = r.Propose(q.Context(), who(q.Context()), text)
		}
		var page AgreementPage
		if err == nil {
			page, err = r.Agreement(q.Context(), v.Metadata.ID, v.Number)
		}
		if err != nil {
			api.WriteProblem(w, q, err)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusCreated)
		_ = json.NewEncoder(w).Encode(page) //nolint:errcheck // the answer is on its way: nobody is left to tell
	}, api.RawDoc{Request: "application/yaml", Response: "application/json", Answers: AgreementPage{}})
	api.Register(m, route(http.MethodPut, "/agreements/{id}/signature", "sign-agreement", "Sign a version for this state", http.StatusOK, access.Supervisor),
		func(ctx context.Context, in *struct {
			ByID
			Body struct {
				Digest string `json:"digest" doc:"Of the version as you read it"`
			}
		},
		) (*answer[AgreementPage], error) {
			v, err := r.Sign(ctx, who(ctx), in.ID, in.Body.Digest)
			if err != nil {
				return nil, err
			}
			return one(r.Agreement(ctx, in.ID, v.Number))
		})
	api.Register(m, route(http.MethodPut, "/agreements/{id}/suspension", "suspend-agreement", "Suspend a share, or all, at once", http.StatusOK, access.Supervisor),
		func(ctx context.Context, in *struct {
			ByID
			Body struct {
				Share  string `json:"share,omitempty" doc:"A share's id; absent or all: the whole agreement"`
				Cause  string `json:"cause" doc:"In a word or two; the partner is told"`
				Reason string `json:"reason,omitempty" maxLength:"4000"`
			}
		},
		) (*answer[AgreementPage], error) {
			if err := r.Suspend(ctx, who(ctx), in.ID, in.Body.Share, in.Body.Cause, in.Body.Reason); err != nil {
				return nil, err
			}
			return one(r.Agreement(ctx, in.ID, 0))
		})
	api.Register(m, route(http.MethodDelete, "/agreements/{id}/suspension", "resume-agreement", "Lift what this side suspended", http.StatusOK, access.Supervisor),
		func(ctx context.Context, in *struct {
			ByID
			Share string `query:"share" doc:"Absent: the whole agreement's"`
		},
		) (*answer[AgreementPage], error) {
			if err := r.Resume(ctx, who(ctx), in.ID, in.Share); err != nil {
				return nil, err
			}
			return one(r.Agreement(ctx, in.ID, 0))
		})
	api.Register(m, route(http.MethodPost, "/agreements/{id}/breach", "tell-breach", "Tell the partner of an incident that touched what it gave", http.StatusAccepted, access.Supervisor),
		func(ctx context.Context, in *struct {
			ByID
			Body struct {
				What     string    `json:"what" maxLength:"4000"`
				Whose    string    `json:"whose,omitempty" maxLength:"400"`
				Measures string    `json:"measures,omitempty" maxLength:"4000"`
				Found    time.Time `json:"found"`
			}
		},
		) (*answer[struct{}], error) {
			return one(struct{}{}, r.Breach(ctx, who(ctx), in.ID, in.Body.What, in.Body.Whose, in.Body.Measures, in.Body.Found))
		})
	api.Register(m, route(http.MethodGet, "/agreements/{id}/lists", "list-lent-lists", "This state's lists whose entries may be given under an agreement", 0, readers...),
		func(ctx context.Context, in *ByID) (*answer[api.Page[LentList]], error) {
			found, err := r.LentLists(ctx, in.ID)
			return one(api.Page[LentList]{Items: found}, err)
		})
	for method, id := range map[string]string{http.MethodPut: "lend-list", http.MethodDelete: "unlend-list"} {
		summary := map[string]string{http.MethodPut: "Let entries of a list of this state be given under a share", http.MethodDelete: "Let no more of them be given"}[method]
		api.Register(m, route(method, "/agreements/{id}/lists/{share}/{list}", id, summary, http.StatusOK, access.Supervisor),
			func(ctx context.Context, in *struct {
				ByID
				Share string `path:"share"`
				List  string `path:"list"`
			},
			) (*answer[api.Page[LentList]], error) {
				found, err := r.Lend(ctx, who(ctx), in.ID, in.Share, in.List, method == http.MethodPut)
				return one(api.Page[LentList]{Items: found}, err)
			})
	}
	api.Register(m, route(http.MethodPost, "/exchange/{agreement}/requests", "ask-partner", "Ask the partner", http.StatusCreated, acting...),
		func(ctx context.Context, in *struct {
			Agreement string `path:"agreement"`
			Body      Question
		},
		) (*answer[Thread], error) {
			return one(r.Ask(ctx, who(ctx), in.Agreement, in.Body))
		})
	api.Register(m, route(http.MethodPost, "/exchange/{agreement}/shares", "give-partner", "Give the partner something unasked", http.StatusCreated, acting...),
		func(ctx context.Context, in *struct {
			Agreement string `path:"agreement"`
			Body      Gift
		},
		) (*answer[Thread], error) {
			return one(r.Give(ctx, who(ctx), in.Agreement, in.Body))
		})
	api.Register(m, route(http.MethodPost, "/exchange/{agreement}/share-preview", "preview-gift", "What would leave if it were given, field by field, and what not and why", http.StatusOK, acting...),
		func(ctx context.Context, in *struct {
			Agreement string `path:"agreement"`
			Body      Gift
		},
		) (*answer[Preview], error) {
			return one(r.PreviewGift(ctx, who(ctx), in.Agreement, in.Body))
		})
	api.Register(m, route(http.MethodGet, "/exchange/threads", "list-threads", "What goes on with partners: what waits for somebody first", 0, readers...),
		func(ctx context.Context, in *struct {
			Agreement string `query:"agreement"`
			Share     string `query:"share"`
			State     string `query:"state" enum:"open,draft,asked,half,answered,refused,withdrawn,undelivered,all" doc:"Absent: all"`
			Direction string `query:"direction" enum:"in,out"`
			Mine      bool   `query:"mine"`
			api.Cursor
		},
		) (*answer[api.Page[Thread]], error) {
			return one(r.threads(ctx, who(ctx), threadQuery{in.Agreement, in.Share, in.State, in.Direction, in.Mine, in.Cursor}))
		})
	api.Register(m, route(http.MethodGet, "/exchange/threads/{id}", "read-thread", "One thread with all that is needed to act on it", 0, readers...),
		func(ctx context.Context, in *ByID) (*answer[ThreadPage], error) {
			return one(r.Thread(ctx, who(ctx), in.ID))
		})
	api.Register(m, route(http.MethodGet, "/exchange/threads/{id}/preview", "preview-release", "What an answer would let out, field by field, and what not and why", 0, acting...),
		func(ctx context.Context, in *struct {
			ByID
			Answer    string `query:"answer" enum:"hit,no_hit,data"`
			Candidate string `query:"candidate"`
		},
		) (*answer[Preview], error) {
			return one(r.Preview(ctx, who(ctx), in.ID, Release{Answer: in.Answer, Candidate: in.Candidate}))
		})
	api.Register(m, route(http.MethodPost, "/exchange/threads/{id}/preview", "preview-typed-release", "The same, of an answer with values typed by hand", http.StatusOK, append(slices.Clone(acting), access.Auditor)...),
		func(ctx context.Context, in *struct {
			ByID
			Body Release
		},
		) (*answer[Preview], error) {
			return one(r.Preview(ctx, who(ctx), in.ID, in.Body))
		})
	api.Register(m, route(http.MethodPost, "/exchange/threads/{id}/approval", "approve-request", "Another person's yes or no to asking, or to giving unasked", http.StatusOK, acting...),
		func(ctx context.Context, in *struct {
			ByID
			Body struct {
				Approve bool   `json:"approve"`
				Reason  string `json:"reason,omitempty" maxLength:"4000" doc:"Needed with a no"`
			}
		},
		) (*answer[Thread], error) {
			t, err := threadByID(ctx, r.store.Read(), in.ID)
			if err != nil {
				return nil, err
			}
			if t.Kind == gives {
				return one(r.LetOut(ctx, who(ctx), in.ID, in.Body.Approve, in.Body.Reason))
			}
			return one(r.Approve(ctx, who(ctx), in.ID, in.Body.Approve, in.Body.Reason))
		})
	api.Register(m, route(http.MethodPost, "/exchange/threads/{id}/release", "release-thread", "Answer the partner: hit, no hit, data, or a refusal", http.StatusOK, append(slices.Clone(acting), access.Auditor)...),
		func(ctx context.Context, in *struct {
			ByID
			Body Release
		},
		) (*answer[Thread], error) {
			return one(r.Release(ctx, who(ctx), in.ID, in.Body))
		})
	api.Register(m, route(http.MethodPost, "/exchange/threads/{id}/outcome", "report-outcome", "Report what came of an answer", http.StatusOK, acting...),
		func(ctx context.Context, in *struct {
			ByID
			Body struct {
				Result string `json:"result" enum:"confirmed_same,not_same,useful,not_useful"`
			}
		},
		) (*answer[Thread], error) {
			return one(r.Outcome(ctx, who(ctx), in.ID, in.Body.Result))
		})
	api.Register(m, route(http.MethodPost, "/exchange/threads/{id}/correction", "correct-given", "Correct what was given to the partner", http.StatusOK, acting...),
		func(ctx context.Context, in *struct {
			ByID
			Body struct {
				Field     string `json:"field"`
				Now       any    `json:"now"`
				Reason    string `json:"reason,omitempty"`
				Reference string `json:"reference,omitempty" doc:"Which of several things that one message gave; absent: the only one"`
			}
		},
		) (*answer[Thread], error) {
			return one(r.Correct(ctx, who(ctx), in.ID, in.Body.Reference, in.Body.Field, in.Body.Now, in.Body.Reason))
		})
	api.Register(m, route(http.MethodPost, "/exchange/threads/{id}/erasure", "erase-given", "Have the partner erase what it was given", http.StatusOK, acting...),
		func(ctx context.Context, in *struct {
			ByID
			Body struct {
				Cause     string `json:"cause" enum:"unlawful,wrong_person,withdrawn,court"`
				Reference string `json:"reference,omitempty" doc:"Which of several things that one message gave; absent: all of it"`
			}
		},
		) (*answer[Thread], error) {
			return one(r.AskErasure(ctx, who(ctx), in.ID, in.Body.Reference, in.Body.Cause))
		})
	api.Register(m, route(http.MethodPost, "/exchange/threads/{id}/doubt", "doubt-received", "Tell the partner that what it gave seems wrong", http.StatusOK, acting...),
		func(ctx context.Context, in *struct {
			ByID
			Body struct {
				Reason string `json:"reason" maxLength:"4000"`
			}
		},
		) (*answer[Thread], error) {
			return one(r.Doubt(ctx, who(ctx), in.ID, in.Body.Reason))
		})
	api.Register(m, route(http.MethodPost, "/exchange/threads/{id}/dispute", "dispute-given", "Mark what was given as contested, or as settled", http.StatusOK, acting...),
		func(ctx context.Context, in *struct {
			ByID
			Body struct {
				Contested bool   `json:"contested"`
				Reference string `json:"reference,omitempty" doc:"Which of several things that one message gave; absent: the only one"`
			}
		},
		) (*answer[Thread], error) {
			return one(r.Dispute(ctx, who(ctx), in.ID, in.Body.Reference, in.Body.Contested))
		})
	api.Register(m, route(http.MethodPost, "/exchange/threads/{id}/restriction", "restrict-given", "Have the partner keep what it was given for redress only", http.StatusOK, acting...),
		func(ctx context.Context, in *struct {
			ByID
			Body struct {
				Cause     string `json:"cause" maxLength:"400"`
				Reference string `json:"reference,omitempty" doc:"Which of several things that one message gave; absent: all of it"`
			}
		},
		) (*answer[Thread], error) {
			return one(r.Restrict(ctx, who(ctx), in.ID, in.Body.Reference, in.Body.Cause))
		})
	api.Register(m, route(http.MethodPost, "/exchange/threads/{id}/consent-request", "ask-consent", "Ask the giver whether what it gave may be passed on, or used for another purpose", http.StatusOK, acting...),
		func(ctx context.Context, in *struct {
			ByID
			Body struct {
				For     string `json:"for" enum:"onward,purpose"`
				To      string `json:"to,omitempty" maxLength:"200" doc:"Who would get it"`
				Purpose string `json:"purpose,omitempty" maxLength:"200"`
				Why     string `json:"why" maxLength:"4000"`
			}
		},
		) (*answer[Thread], error) {
			return one(r.AskConsent(ctx, who(ctx), in.ID, in.Body.For, in.Body.To, in.Body.Purpose, in.Body.Why))
		})
	api.Register(m, route(http.MethodPost, "/exchange/threads/{id}/consent", "answer-consent", "Answer the partner's question for consent", http.StatusOK, acting...),
		func(ctx context.Context, in *struct {
			ByID
			Body struct {
				Yes        bool   `json:"yes"`
				Conditions string `json:"conditions,omitempty" maxLength:"4000"`
			}
		},
		) (*answer[Thread], error) {
			return one(r.Consent(ctx, who(ctx), in.ID, in.Body.Yes, in.Body.Conditions))
		})
	api.Register(m, route(http.MethodPost, "/exchange/threads/{id}/pending", "tell-pending", "Tell the asker that the answer needs longer, and why", http.StatusOK, acting...),
		func(ctx context.Context, in *struct {
			ByID
			Body struct {
				Cause    string    `json:"cause" enum:"HUMAN,JUDICIAL,QUEUE"`
				Expected time.Time `json:"expected_by"`
			}
		},
		) (*answer[Thread], error) {
			return one(r.Pend(ctx, who(ctx), in.ID, in.Body.Cause, in.Body.Expected))
		})
	api.Register(m, route(http.MethodGet, "/exchange/received", "search-received", "What was received for a purpose", 0, readers...),
		func(ctx context.Context, in *struct {
			Agreement string `query:"agreement" required:"true"`
			Purpose   string `query:"purpose" required:"true"`
			api.Cursor
		},
		) (*answer[api.Page[Record]], error) {
			var after string
			if in.Cursor.Cursor != "" {
				if err := api.DecodeCursor(in.Cursor.Cursor, &after); err != nil {
					return nil, err
				}
			}
			n := pageOf(in.Limit)
			found, err := r.Received(ctx, who(ctx), in.Agreement, in.Purpose, after, n)
			if err != nil {
				return nil, err
			}
			p := api.Page[Record]{Items: found}
			if len(found) == n {
				p.Next, err = api.EncodeCursor(found[n-1].ID)
			}
			return one(p, err)
		})
	api.Register(m, route(http.MethodPost, "/exchange/protected", "protect-person", "Enter somebody who seeks protection from a state: that state is never told of them", http.StatusCreated, access.Supervisor, access.Auditor),
		func(ctx context.Context, in *struct {
			Body struct {
				Person Person   `json:"person"`
				From   []string `json:"from" doc:"The states, alpha-2 or alpha-3"`
			}
		},
		) (*answer[struct{}], error) {
			return one(struct{}{}, r.Protect(ctx, who(ctx), in.Body.Person, in.Body.From))
		})
	api.Register(m, route(http.MethodGet, "/exchange/partners", "list-partners", "How it stands with each partner's node", 0, append(slices.Clone(readers), access.Administrator)...),
		func(ctx context.Context, _ *struct{}) (*answer[api.Page[post.PartnerState]], error) {
			list, err := r.Post.Partners(ctx)
			if list == nil {
				list = []post.PartnerState{}
			}
			return one(api.Page[post.PartnerState]{Items: list}, err)
		})
	api.Register(m, route(http.MethodGet, "/exchange/log", "read-exchange-log", "The exchange log, newest first", 0, access.Auditor, access.Supervisor),
		func(ctx context.Context, in *struct {
			Agreement string `query:"agreement"`
			Thread    string `query:"thread"`
			Before    int64  `query:"before"`
			Limit     int    `query:"limit" maximum:"500"`
		},
		) (*answer[api.Page[ledger.Entry]], error) {
			list, err := ledger.Latest(ctx, r.o.Audit, in.Agreement, in.Thread, in.Before, pageOf(in.Limit))
			return one(api.Page[ledger.Entry]{Items: list}, err)
		})
}

func pageOf(limit int) int {
	if limit <= 0 || limit > 200 {
		return 100
	}
	return limit
}

// Agreements lists each agreement once, by the version in force, else the newest.
func (r *Room) Agreements(ctx context.Context) ([]AgreementItem, error) {
	rd := r.store.Read()
	all, err := r.shelf.versions(ctx, rd, "")
	if err != nil {
		return nil, err
	}
	partners, err := r.Post.Partners(ctx)
	if err != nil {
		return nil, err
	}
	items := []AgreementItem{}
	for len(all) > 0 {
		n := 1
		for n < len(all) && all[n].Metadata.ID == all[0].Metadata.ID {
			n++
		}
		item, err := r.item(ctx, rd, all[:n], partners)
		if err != nil {
			return nil, err
		}
		items, all = append(items, item), all[n:]
	}
	return items, nil
}

// item makes the list's item of all versions of one agreement, newest first.
func (r *Room) item(ctx context.Context, rd store.Reader, versions []Version, partners []post.PartnerState) (AgreementItem, error) {
	at := slices.IndexFunc(versions, func(v Version) bool { return v.State == inForce })
	v := versions[max(at, 0)]
	i := AgreementItem{
		ID: v.Metadata.ID, Version: v.Number, Title: v.Metadata.Title, TitleAr: v.Metadata.TitleAr, State: v.State, Parties: v.Parties,
		Domains: v.Domains, Effective: v.Effective, Expires: v.Metadata.Expires.String(), Digest: v.Digest, Shares: len(v.Shares), Suspended: []Suspension{},
	}
	if at > 0 && versions[0].State != superseded && versions[0].State != ended {
		i.Proposal = &versions[0]
	}
	own, partner, ok := r.shelf.sides(v.Agreement)
	if ok {
		i.Own = own.ID
		if at := slices.IndexFunc(partners, func(p post.PartnerState) bool { return p.Party == partner.ID }); at >= 0 {
			i.Partner = &partners[at]
		}
	}
	list, err := suspensions(ctx, rd, i.ID)
	if len(list) > 0 {
		i.Suspended = list
		if v.State == inForce && slices.ContainsFunc(list, func(s Suspension) bool { return s.Share == agreement.All && !s.Receiving }) {
			i.State = "suspended"
		}
	}
	return i, err
}

// Agreement is one agreement, whole: the version asked for, else the one in force, else the newest.
func (r *Room) Agreement(ctx context.Context, id string, version int) (AgreementPage, error) {
	rd := r.store.Read()
	versions, err := r.shelf.versions(ctx, rd, id)
	if err != nil {
		return AgreementPage{}, err
	}
	if len(versions) == 0 {
		return AgreementPage{}, api.Errorf(api.NotFound, "there is no agreement %q", id)
	}
	partners, err := r.Post.Partners(ctx)
	if err != nil {
		return AgreementPage{}, err
	}
	item, err := r.item(ctx, rd, versions, partners)
	if err != nil {
		return AgreementPage{}, err
	}
	shown := slices.IndexFunc(versions, func(v Version) bool { return v.Digest == item.Digest })
	if version > 0 {
		if shown = slices.IndexFunc(versions, func(v Version) bool { return v.Number == version }); shown < 0 {
			return AgreementPage{}, api.Errorf(api.NotFound, "agreement %s has no version %d", id, version)
		}
	}
	v := versions[shown]
	p := AgreementPage{
		AgreementItem: item, Document: v.Document, Text: string(v.Text), Versions: versions,
		Words: map[string]agreement.Words{"en": v.Say("en"), "ar": v.Say("ar")},
	}
	p.Version, p.Digest = v.Number, v.Digest
	if current := slices.IndexFunc(versions, func(v Version) bool { return v.State == inForce }); current >= 0 {
		switch {
		case version > 0 && current != shown:
			p.Changes = versions[current].Diff(v.Agreement)
		case item.Proposal != nil:
			p.Changes = versions[current].Diff(item.Proposal.Agreement)
		}
	}
	return p, nil
}

type threadQuery struct {
	agreement, share, state, direction string
	mine                               bool
	api.Cursor
}

type threadPlace struct {
	Asked int64
	ID    string
}

func (r *Room) threads(ctx context.Context, by access.Principal, q threadQuery) (api.Page[Thread], error) {
	rd := r.store.Read()
	at := threadPlace{Asked: 1<<63 - 1}
	if q.Cursor.Cursor != "" {
		if err := api.DecodeCursor(q.Cursor.Cursor, &at); err != nil {
			return api.Page[Thread]{}, err
		}
	}
	mine := ""
	if q.mine {
		mine = by.Name
	}
	state := q.state
	if state == "all" {
		state = ""
	}
	n := pageOf(q.Limit)
	p := api.Page[Thread]{Items: []Thread{}}
	for len(p.Items) < n {
		var found []Thread
		err := store.Rows(ctx, rd, func(rows *sql.Rows) error {
			t, err := scanThread(rows)
			found = append(found, t)
			return err
		}, "select "+threadColumns+` from sharing_thread where (asked_at < $1 or asked_at = $1 and id < $2) and ($3 = '' or agreement = $3) and ($4 = '' or share = $4)
			and ($5 = '' or direction = $5) and ($6 = '' or requester = $6) and ($7 = '' or state = $7 or $7 = 'open' and state in ('draft', 'asked', 'half'))
			order by asked_at desc, id desc limit $8`, at.Asked, at.ID, q.agreement, q.share, q.direction, mine, state, int64(n))
		if err != nil {
			return p, err
		}
		for i := range found {
			t := &found[i]
			at = threadPlace{store.Micros(t.AskedAt), t.ID}
			if err := r.dress(ctx, rd, t); err != nil {
				return p, err
			}
			if sees(by.Role, domainOf(t.Category)) {
				p.Items = append(p.Items, *t)
			}
		}
		if len(found) < n {
			return p, nil
		}
	}
	var err error
	p.Next, err = api.EncodeCursor(at)
	return p, err
}

// Thread is one thread with all that is needed to act on it. Reading it is in the audit log.
func (r *Room) Thread(ctx context.Context, by access.Principal, id string) (ThreadPage, error) {
	rd := r.store.Read()
	t, v, share, err := r.openThread(ctx, rd, id)
	if err != nil {
		return ThreadPage{}, err
	}
	if !sees(by.Role, domainOf(share.Category)) {
		return ThreadPage{}, api.Errorf(api.NotFound, "there is no thread %q", id)
	}
	if err := r.told(ctx, by, "exchange.read", id); err != nil {
		return ThreadPage{}, err
	}
	if err := r.dress(ctx, rd, &t); err != nil {
		return ThreadPage{}, err
	}
	masked := r.masks(by, v, share, &t)
	p := ThreadPage{Thread: t, Masked: masked, Terms: share, Approvals: []Approval{}, Records: []Record{}, Messages: []ThreadMessage{}, May: []string{}}
	if t.Kind == gives {
		if body, err := r.vault.get(ctx, rd, id); err == nil && !masked {
			p.Gift = new(waitingGift)
			if err := json.Unmarshal(body, p.Gift); err != nil {
				return p, err
			}
		}
	} else if q, err := r.request(ctx, rd, id); err == nil {
		if masked {
			q.prune(nil)
		}
		p.Request = &q
		if t.Direction == ledger.In && !t.ended() && !masked {
			if p.Candidates, err = r.candidates(ctx, rd, share, &t, &q); err != nil {
				return p, err
			}
			p.Codes = humanCodes
			if t.choice != "" {
				p.Choice = new(Release)
				if err := json.Unmarshal([]byte(t.choice), p.Choice); err != nil {
					return p, err
				}
			}
		}
	}
	if (t.Attention == "consent" || t.Attention == "consent_asked") && t.choice != "" {
		p.Consent = new(consentAsk)
		if err := json.Unmarshal([]byte(t.choice), p.Consent); err != nil {
			return p, err
		}
	}
	found, err := approvals(ctx, rd, id)
	if err != nil {
		return p, err
	}
	p.Approvals = append(p.Approvals, found...)
	kept, err := records(ctx, rd, "thread = $1 order by stored_at", id)
	if err != nil {
		return p, err
	}
	for i := range kept {
		if kept[i].State != erased && kept[i].State != restricted {
			if err := r.values(ctx, rd, &kept[i]); err != nil {
				return p, err
			}
			if masked {
				kept[i].identifying()
			}
		}
		p.Records = append(p.Records, kept[i])
	}
	steps, err := ledger.Latest(ctx, r.o.Audit, "", id, 0, 200)
	if err != nil {
		return p, err
	}
	for _, e := range slices.Backward(steps) {
		if e.Told != "" && by.Role != access.Auditor { // what the partner was told is all that people here see
			continue
		}
		p.Messages = append(p.Messages, ThreadMessage{
			At: e.At, Kind: string(e.Kind), Type: e.Type, Direction: e.Direction, Message: e.Message, Result: e.Result, Code: e.Code, Clause: e.Clause,
			Actor: e.Actor, Kept: e.Kept, Dropped: e.Dropped,
		})
	}
	p.May = r.may(by, v, share, &t)
	return p, nil
}

// masks reports whether somebody sees a thread without whom it is about: who watches does, unless it is theirs to release.
func (r *Room) masks(by access.Principal, v Version, share *agreement.Share, t *Thread) bool {
	releases := t.Direction == ledger.In && !t.ended() && mayRelease(v, share, by.Role)
	return by.Role == access.Auditor && !releases
}

// may says what a person may do with a thread now.
func (r *Room) may(by access.Principal, v Version, share *agreement.Share, t *Thread) []string {
	out := []string{}
	add := func(what string, when bool) {
		if when {
			out = append(out, what)
		}
	}
	domain := domainOf(share.Category)
	acts := mayAsk(by.Role, domain)
	releases := mayRelease(v, share, by.Role)
	add("approve", t.Kind == asks && t.State == Draft && releases && t.Requester != by.Name)
	add("let_out", t.Kind == gives && (t.State == Draft || t.State == Half) && releases && t.Requester != by.Name)
	add("release", t.Direction == ledger.In && t.Kind == asks && (t.State == Asked || t.State == Half) && releases)
	got, has := t.got(), t.has()
	add("outcome", acts && t.Direction == ledger.Out && t.Kind == asks && has)
	add("ask_on", acts && t.Direction == ledger.Out && t.Result == hit)
	add("doubt", acts && has && got)
	add("correct", acts && has && !got)
	add("erase", acts && has && !got)
	add("dispute", acts && has && !got)
	add("restrict", acts && has && !got)
	add("consent_ask", acts && has && got)
	add("consent", t.Attention == "consent" && releases)
	add("pend", acts && t.Direction == ledger.In && t.Kind == asks && !t.ended())
	return out
}
