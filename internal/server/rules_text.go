package server

import (
	"context"
	"net/http"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/screening/rules"
)

// checkInput is one of a condition, a rule, or a rule as its YAML.
type checkInput struct {
	Body struct {
		Expression string                  `json:"expression,omitempty" maxLength:"8000" doc:"A condition by itself; with domain, and examples to run"`
		Domain     string                  `json:"domain,omitempty"`
		Examples   []screening.ExampleText `json:"examples,omitempty" maxItems:"100"`
		Rule       *screening.RuleText     `json:"rule,omitempty" doc:"A whole rule"`
		YAML       string                  `json:"yaml,omitempty" doc:"A rule file"`
	}
}

type checkAnswer struct{ Body rules.Checked }

type parseAnswer struct {
	Body struct {
		Tree   *rules.Node       `json:"tree,omitempty" doc:"Absent where the condition cannot be read"`
		Errors []rules.Complaint `json:"errors" nullable:"false"`
	}
}

type formatAnswer struct {
	Body struct {
		Expression string            `json:"expression,omitempty"`
		Tree       *rules.Node       `json:"tree,omitempty" doc:"As the condition reads again: normalised"`
		Errors     []rules.Complaint `json:"errors" nullable:"false"`
	}
}

func (s *server) ruleTextRoutes(m *api.Mux, route func(method, path, id, summary string, roles []access.Role, status int) api.Route, readers []access.Role) {
	api.Register(m, route(http.MethodGet, "/vocabulary", "read-vocabulary", "What rules may speak of, and with which words", readers, 0),
		func(context.Context, *struct{}) (*vocabularyAnswer, error) {
			return &vocabularyAnswer{api.Page[rules.Described]{Items: rules.Describe(s.Rules.Vocabularies())}}, nil
		})
	api.Register(m, route(http.MethodPost, "/check", "check-rule", "What is wrong with a rule, in its place, and what its examples give", readers, http.StatusOK), s.checkRule)
	api.Register(m, route(http.MethodPost, "/parse", "parse-rule", "A condition as the builder shows it", readers, http.StatusOK), s.parseRule)
	api.Register(m, route(http.MethodPost, "/format", "format-rule", "The builder's tree as a condition", readers, http.StatusOK), s.formatRule)
}

func (s *server) checkRule(_ context.Context, in *checkInput) (*checkAnswer, error) {
	b := &in.Body
	switch {
	case b.Rule != nil:
		return checked(rules.Check(b.Rule.Rule("0"), s.Rules.Vocabularies(), false))
	case b.YAML != "":
		return s.checkYAML(b.YAML)
	case b.Expression == "":
		return nil, api.Errorf(api.Unprocessable, "send an expression with its domain, a rule, or yaml")
	}
	t := screening.RuleText{ID: "draft", Domain: b.Domain, Expression: b.Expression, Examples: b.Examples}
	return checked(rules.Check(t.Rule("0"), s.Rules.Vocabularies(), true))
}

func checked(c rules.Checked, err error) (*checkAnswer, error) { return &checkAnswer{c}, err }

// checkYAML checks a file; of several rules the first is told in full, of the others what is wrong.
func (s *server) checkYAML(text string) (*checkAnswer, error) {
	read, errs := rules.Read([]rules.File{{Name: "yaml", Data: []byte(text)}})
	out := rules.Checked{OK: len(errs) == 0, Errors: rules.Complaints(errs...)}
	for i, r := range read {
		c, err := rules.Check(r, s.Rules.Vocabularies(), false)
		if err != nil {
			return nil, err
		}
		out.OK = out.OK && c.OK
		out.Errors = append(out.Errors, c.Errors...)
		if i == 0 {
			out.Attributes, out.Indexed, out.Index = c.Attributes, c.Indexed, c.Index
		}
		out.Examples = append(out.Examples, c.Examples...)
	}
	return &checkAnswer{out}, nil
}

func (s *server) parseRule(_ context.Context, in *struct {
	Body struct {
		Expression string `json:"expression" maxLength:"8000"`
		Domain     string `json:"domain"`
	}
},
) (*parseAnswer, error) {
	b, err := s.builder(in.Body.Domain)
	if err != nil {
		return nil, err
	}
	a := &parseAnswer{}
	a.Body.Errors = []rules.Complaint{}
	tree, err := b.ParseTree(in.Body.Expression)
	if err != nil {
		a.Body.Errors = rules.Complaints(err)
		return a, nil
	}
	a.Body.Tree = &tree
	return a, s.complain(&a.Body.Errors, in.Body.Expression, in.Body.Domain)
}

func (s *server) formatRule(_ context.Context, in *struct {
	Body struct {
		Tree   rules.Node `json:"tree"`
		Domain string     `json:"domain"`
	}
},
) (*formatAnswer, error) {
	b, err := s.builder(in.Body.Domain)
	if err != nil {
		return nil, err
	}
	a := &formatAnswer{}
	a.Body.Errors = []rules.Complaint{}
	text, tree, err := b.Format(in.Body.Tree)
	if err != nil {
		a.Body.Errors = rules.Complaints(err)
		return a, nil
	}
	a.Body.Expression, a.Body.Tree = text, &tree
	return a, s.complain(&a.Body.Errors, text, in.Body.Domain)
}

// complain adds what the compiler says of a condition that could be read.
func (s *server) complain(into *[]rules.Complaint, expression, domain string) error {
	t := screening.RuleText{ID: "draft", Domain: domain, Expression: expression}
	c, err := rules.Check(t.Rule("0"), s.Rules.Vocabularies(), true)
	*into = c.Errors
	return err
}

func (s *server) builder(domain string) (*rules.Builder, error) {
	v, err := s.vocabularyOf(domain)
	if err != nil {
		return nil, err
	}
	return rules.NewBuilder(v)
}
