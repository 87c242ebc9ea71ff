package server

import (
	"context"
	"net/http"
	"slices"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/screening/rules"
)

// ruleWriters draft rules, check them and try them; only of a domain they see. ruleJudges also approve them.
var (
	ruleWriters = []access.Role{access.Analyst, access.Supervisor, access.Targeter, access.FIU, access.Responder}
	ruleMovers  = append([]access.Role{access.Administrator}, ruleWriters...)
	ruleViewers = []access.Role{access.Analyst, access.Supervisor, access.Officer, access.Targeter, access.FIU, access.Responder, access.Auditor}
)

type (
	rulesAnswer      struct{ Body api.Page[screening.RuleInfo] }
	ruleAnswer       struct{ Body screening.RuleInfo }
	ruleFileAnswer   struct{ Body screening.RuleFile }
	backtestAnswer   struct{ Body screening.Backtest }
	backtestsAnswer  struct{ Body api.Page[screening.Backtest] }
	rulePeopleAnswer struct {
		Body api.Page[screening.RuleHitPerson]
	}
	vocabularyAnswer struct{ Body api.Page[rules.Described] }
)

// RuleNamed is the input of what is asked of one rule; huma reads only what is exported.
type RuleNamed struct {
	ID string `path:"id" maxLength:"200" doc:"The rule's id"`
}

// BacktestNamed is the input of what is asked of one backtest.
type BacktestNamed struct {
	RuleNamed
	Backtest string `path:"backtest" maxLength:"100"`
}

func (s *server) ruleRoutes(m *api.Mux) {
	readers := append([]access.Role{access.Administrator}, staff...)
	route := func(method, path, id, summary string, roles []access.Role, status int) api.Route {
		return api.Route{Method: method, Path: "/api/v1/rules" + path, ID: id, Summary: summary, Tags: []string{"rules"}, Roles: roles, Status: status, MaxBody: 1 << 20}
	}
	api.Register(m, route(http.MethodGet, "", "list-rules", "The rules, each by the version that counts, with what has come of it", readers, 0), s.listRules)
	api.Register(m, route(http.MethodGet, "/{id}", "read-rule", "One rule with all its versions and their history", readers, 0),
		func(ctx context.Context, in *RuleNamed) (*ruleFileAnswer, error) {
			file, err := s.Rules.Rule(ctx, in.ID)
			return &ruleFileAnswer{file}, err
		})
	api.Register(m, route(http.MethodPost, "", "draft-rule", "Begin a rule, or the next version of one; it may be unfinished", ruleWriters, http.StatusCreated), s.draftRule)
	api.Register(m, route(http.MethodPut, "/{id}", "change-rule", "Replace the text of a draft", ruleWriters, 0), s.changeRule)
	api.Register(m, route(http.MethodPost, "/{id}/state", "move-rule", "Take a version of a rule on: to shadow, approved by a second person, live, retired", ruleMovers, http.StatusOK), s.moveRule)
	api.Register(m, route(http.MethodGet, "/{id}/shadow", "read-rule-shadow", "Whom a version in shadow would have hit", ruleViewers, 0), s.shadowPeople)
	api.Register(m, route(http.MethodPost, "/{id}/backtest", "backtest-rule", "Try a version of a rule on the past", ruleWriters, http.StatusAccepted), s.backtestRule)
	api.Register(m, route(http.MethodGet, "/{id}/backtests", "list-backtests", "The backtests of a rule, newest first", readers, 0),
		func(ctx context.Context, in *RuleNamed) (*backtestsAnswer, error) {
			all, err := s.Rules.Backtests(ctx, in.ID)
			return &backtestsAnswer{api.Page[screening.Backtest]{Items: all}}, err
		})
	api.Register(m, route(http.MethodGet, "/{id}/backtests/{backtest}", "read-backtest", "One backtest, also while it runs", readers, 0),
		func(ctx context.Context, in *BacktestNamed) (*backtestAnswer, error) {
			b, err := s.Rules.BacktestNamed(ctx, in.ID, in.Backtest)
			return &backtestAnswer{b}, err
		})
	api.Register(m, route(http.MethodGet, "/{id}/backtests/{backtest}/people", "read-backtest-people", "The first hundred whom a backtest hit", ruleViewers, 0), s.backtestPeople)
	s.ruleTextRoutes(m, route, readers)
}

func (s *server) listRules(ctx context.Context, in *struct {
	State  string `query:"state" enum:"draft,shadow,approved,live,retired,expired"`
	Domain string `query:"domain" maxLength:"50"`
},
) (*rulesAnswer, error) {
	all, err := s.Rules.List(ctx, screening.RuleQuery{State: in.State, Domain: in.Domain})
	return &rulesAnswer{api.Page[screening.RuleInfo]{Items: all}}, err
}

// ofDomain refuses who does not see a domain; an administrator, who sees nobody's data, may still judge rules.
func ofDomain(ctx context.Context, domain string) (access.Principal, error) {
	p := api.PrincipalFrom(ctx)
	if p.Role == access.Administrator || Sees(p.Role, domain) {
		return p, nil
	}
	return p, api.Errorf(api.Forbidden, "role %s has no desk in domain %q", p.Role, domain)
}

// ofRule refuses who does not see the domain of a rule.
func (s *server) ofRule(ctx context.Context, id string) (access.Principal, error) {
	file, err := s.Rules.Rule(ctx, id)
	if err != nil {
		return access.Principal{}, err
	}
	return ofDomain(ctx, file.Domain)
}

func (s *server) draftRule(ctx context.Context, in *struct{ Body screening.RuleText }) (*ruleAnswer, error) {
	p, err := ofDomain(ctx, in.Body.Domain)
	if err != nil {
		return nil, err
	}
	info, err := s.Rules.Draft(ctx, p, in.Body)
	return &ruleAnswer{info}, err
}

func (s *server) changeRule(ctx context.Context, in *struct {
	RuleNamed
	Body struct {
		screening.RuleText
		Revision int64 `json:"revision" doc:"Of the text this was written on; another's change meanwhile is a conflict"`
	}
},
) (*ruleAnswer, error) {
	if _, err := s.ofRule(ctx, in.ID); err != nil {
		return nil, err
	}
	p, err := ofDomain(ctx, in.Body.Domain)
	if err != nil {
		return nil, err
	}
	info, err := s.Rules.Redraft(ctx, p, in.ID, in.Body.Revision, in.Body.RuleText)
	return &ruleAnswer{info}, err
}

func (s *server) moveRule(ctx context.Context, in *struct {
	RuleNamed
	Body struct {
		To       string `json:"to" enum:"draft,shadow,approved,live,retired"`
		Reason   string `json:"reason,omitempty" maxLength:"2000" doc:"Needed to approve and to retire"`
		Version  string `json:"version,omitempty" doc:"Absent: the one under way; to retire, the live one where none is"`
		Revision int64  `json:"revision,omitempty" doc:"As it was read; another's change meanwhile is a conflict"`
	}
},
) (*ruleAnswer, error) {
	p, err := s.ofRule(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	info, err := s.Rules.Move(ctx, p, in.ID, screening.RuleStep{To: in.Body.To, Reason: in.Body.Reason, Version: in.Body.Version, Revision: in.Body.Revision})
	return &ruleAnswer{info}, err
}

func (s *server) backtestRule(ctx context.Context, in *struct {
	RuleNamed
	Body struct {
		Version string `json:"version,omitempty" doc:"Absent: the one under way, else the live one"`
		From    string `json:"from,omitempty" doc:"YYYY-MM-DD; absent: ninety days before the last"`
		To      string `json:"to,omitempty" doc:"YYYY-MM-DD; absent: tomorrow"`
	}
},
) (*backtestAnswer, error) {
	p, err := s.ofRule(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	b, err := s.Rules.Backtest(ctx, p, in.ID, in.Body.Version, in.Body.From, in.Body.To)
	return &backtestAnswer{b}, err
}

func (s *server) backtestPeople(ctx context.Context, in *BacktestNamed) (*rulePeopleAnswer, error) {
	p, err := s.ofRule(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	people, err := s.Rules.BacktestPeople(ctx, in.ID, in.Backtest)
	if err != nil {
		return nil, err
	}
	return &rulePeopleAnswer{api.Page[screening.RuleHitPerson]{Items: people}}, s.Audit.Read(ctx, screening.Seen(p, "rule.read-backtest", in.ID, people))
}

func (s *server) shadowPeople(ctx context.Context, in *struct {
	RuleNamed
	Version string `query:"version" maxLength:"50"`
	api.Cursor
},
) (*rulePeopleAnswer, error) {
	p, err := s.ofRule(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	var after screening.ID
	if err := api.DecodeCursor(in.Cursor.Cursor, &after); err != nil {
		return nil, err
	}
	people, next, err := s.Rules.ShadowPeople(ctx, in.ID, in.Version, after, in.Limit)
	if err != nil {
		return nil, err
	}
	a := &rulePeopleAnswer{api.Page[screening.RuleHitPerson]{Items: people}}
	if next != "" {
		if a.Body.Next, err = api.EncodeCursor(next); err != nil {
			return nil, err
		}
	}
	return a, s.Audit.Read(ctx, screening.Seen(p, "rule.read-shadow", in.ID, people))
}

// vocabularyOf is a domain's; everything that is written about rules needs one.
func (s *server) vocabularyOf(domain string) (rules.Vocabulary, error) {
	all := s.Rules.Vocabularies()
	if i := slices.IndexFunc(all, func(v rules.Vocabulary) bool { return v.Domain == domain }); i >= 0 {
		return all[i], nil
	}
	return rules.Vocabulary{}, api.Errorf(api.Unprocessable, "domain %q offers no vocabulary; GET /api/v1/rules/vocabulary names those that do", domain)
}
