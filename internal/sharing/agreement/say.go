package agreement

import (
	"fmt"
	"strings"

	"cel.dev/cel-go/common/ast"
)

// Words is an agreement as a person reads it who decides about it: every entry is one sentence.
type Words struct {
	Language   string       `json:"language"`
	Title      string       `json:"title"`
	State      string       `json:"state"`
	Parties    []string     `json:"parties"`
	Basis      []string     `json:"basis"`
	Purposes   []string     `json:"purposes"`
	Shares     []ShareWords `json:"shares"`
	Never      []string     `json:"never"`
	Duties     []string     `json:"duties"`
	Suspension []string     `json:"suspension"`
	Review     []string     `json:"review"`
}

// ShareWords is one share: what may flow, on what conditions, what may never be done with it, and what is owed for it.
type ShareWords struct {
	ID       string       `json:"id"`
	Title    string       `json:"title"`
	Category string       `json:"category"`
	Permits  []string     `json:"permits"`
	Requires []string     `json:"requires"`
	Forbids  []string     `json:"forbids"`
	Duties   []string     `json:"duties"`
	Fields   []FieldWords `json:"fields"`
}

// FieldWords is a field by its name and in words.
type FieldWords struct {
	Name  string `json:"name"`
	Words string `json:"words"`
}

// Say tells the agreement in English or, for "ar", in Arabic.
func (a *Agreement) Say(language string) Words {
	arabic := language == "ar"
	s := speaker{Agreement: a, tongue: tongue{arabic: arabic, native: arabic == strings.HasPrefix(a.Metadata.Language, "ar")}}
	w := Words{Language: "en"}
	if s.arabic {
		w.Language = "ar"
	}
	m := a.Metadata
	w.Title = s.title()
	w.State = s.say("state", grouped(int64(m.Version)), s.date(m.Effective), s.date(m.Expires), s.say(m.Status))
	for _, p := range a.Parties {
		w.Parties = append(w.Parties, s.party(p))
	}
	for _, b := range a.LegalBasis {
		w.Basis = append(w.Basis, s.basis(b))
	}
	for _, p := range a.Purposes {
		w.Purposes = append(w.Purposes, s.purpose(p))
	}
	for i := range a.Shares {
		w.Shares = append(w.Shares, s.share(a.shares[a.Shares[i].ID]))
	}
	w.Never, w.Duties, w.Suspension, w.Review = s.nevers(), s.duties(), s.suspension(), s.review()
	return w
}

// speaker says the parts of one agreement in one language.
type speaker struct {
	*Agreement
	tongue
}

// clause says part of a condition, after “if”.
func (s speaker) clause(of *condition, part ast.Expr) string {
	return narrator{s.tongue, &s.Document, of}.clause(part, true)
}

// condition says all of it.
func (s speaker) condition(c *condition) string { return s.clause(c, c.tree.Expr()) }

func (s speaker) title() string {
	if title, ok := s.own(s.Metadata.Title, s.Metadata.TitleAr); ok {
		return title
	}
	var about []string
	for _, d := range s.Domains {
		about = append(about, s.in(subjects, d))
	}
	return s.say("title", s.and(about))
}

func (s speaker) party(p Party) string {
	var work, watch []string
	for _, one := range p.Authorities {
		if one.Watches() {
			watch = append(watch, s.authority(one))
		} else {
			work = append(work, s.authority(one))
		}
	}
	if len(watch) == 0 {
		watch = []string{"—"}
	}
	return s.say("party", s.capital(s.country(p.Country)), s.and(work), s.and(watch))
}

func (s speaker) authority(a Authority) string {
	if name, ok := s.own(a.Name, a.NameAr); ok {
		return name
	}
	if name, ok := offices[strings.ToLower(a.Name)]; ok {
		return name
	}
	return s.foreign(a.Name)
}

// authorities are named by their ids, each with its country.
func (s speaker) authorities(ids []string) string {
	var named []string
	for _, id := range ids {
		one, _ := s.Authority(id)
		p, _ := s.PartyOf(id)
		named = append(named, s.authority(one)+" ("+s.country(p.Country)+")")
	}
	return s.and(named)
}

func (s speaker) basis(b Basis) string {
	note, ok := s.own(b.Note, b.NoteAr)
	if !ok || note == "" {
		return s.foreign(b.Ref)
	}
	return s.say("noteLine", s.foreign(b.Ref), note)
}

func (s speaker) purpose(p Purpose) string {
	text := s.aim(p)
	switch {
	case p.Consent == consentOfSubject:
		return s.say("consent", text)
	case p.MinPenaltyYears > 0:
		return s.say("penalty", text, s.count(int64(p.MinPenaltyYears), years))
	}
	return s.say("purpose", text)
}

func (s speaker) nevers() []string {
	var out []string
	for i, rule := range s.Never.Rules {
		if strings.TrimSpace(rule.When) == "false" {
			continue
		}
		words := s.condition(s.never[i])
		said := s.say("neverBare", s.foreign(rule.ID), words)
		if reason, ok := s.own(rule.Reason, rule.ReasonAr); ok {
			said = s.say("neverRule", s.foreign(rule.ID), sentence(reason), words)
		}
		if rule.Answer == answerAsNoHit {
			said += " " + s.say("asNoHit")
		}
		out = append(out, said)
	}
	var fields []string
	for _, name := range s.Never.Fields {
		if f, ok := Lookup(name); ok {
			fields = append(fields, s.word(phrase{f.En, f.Ar}))
		} else {
			fields = append(fields, s.foreign(name))
		}
	}
	if fields != nil {
		out = append(out, s.say("neverFields", s.list(fields)))
	}
	return append(out, s.say("neverRest"))
}

func (s speaker) duties() []string {
	d := s.Duties
	out := []string{s.say("acknowledge", s.duration(d.AcknowledgeWithin)), s.say("receipt", s.duration(d.ReceiptWithin))}
	if d.RefusalNeedsReason {
		out = append(out, s.say("reason"))
	}
	return append(out,
		s.say("correct", s.duration(d.CorrectionNoticeWithin), s.duration(d.CorrectionEffectWithin)),
		s.say("erase", s.duration(d.ErasureEffectWithin), s.duration(d.ErasureReceiptWithin)),
		s.say("breach", s.duration(d.BreachNoticeWithin)),
		s.say("access", s.duration(d.AccessReplyWithin)),
		s.say("logs", s.duration(d.LogsKept)),
		s.capital(s.say("oversight", s.authorities(d.OversightMayRead))),
	)
}

func (s speaker) suspension() []string {
	p := s.Suspension
	out := []string{s.say("either", s.duration(p.Notice))}
	if len(p.ImmediateFor) > 0 {
		var said []string
		for _, cause := range p.ImmediateFor {
			said = append(said, s.in(causes, cause))
		}
		out = append(out, s.say("immediate", s.or(said)))
	}
	for i, t := range p.Triggers {
		when := s.condition(s.triggers[i])
		switch t.Action {
		case "suspend_share":
			what := s.say("everything")
			if t.Share != All {
				what = s.say("share", s.foreign(t.Share))
			}
			out = append(out, s.say("pullShare", what, when))
		case "suspend_receiving":
			out = append(out, s.say("pullReceive", when))
		default:
			out = append(out, s.say("pullAlert", when))
		}
	}
	return append(out, s.say("before"))
}

func (s speaker) review() []string {
	r := s.Review
	out := []string{s.say("cadence", s.every(r.Cadence))}
	if !r.JointEvaluation.IsZero() {
		out = append(out, s.say("joint", s.every(r.JointEvaluation)))
	}
	out = append(out, s.say("chairs", s.authorities(r.Chairs)))
	if len(r.Observers) > 0 {
		out = append(out, s.say("observe", s.authorities(r.Observers)))
	}
	return out
}

// Text lays the words out for a terminal or a page without markup.
func (w Words) Text() string {
	t := tongue{arabic: w.Language == "ar"}
	var b strings.Builder
	line := func(indent int, mark, text string) {
		fmt.Fprintf(&b, "%s%s%s\n", strings.Repeat(" ", indent), mark, text)
	}
	block := func(head string, lines []string) {
		if len(lines) == 0 {
			return
		}
		b.WriteByte('\n')
		line(0, "", t.say(head))
		for _, one := range lines {
			line(2, "• ", one)
		}
	}
	line(0, "", w.Title)
	line(0, "", w.State)
	block("headParties", w.Parties)
	block("headBasis", w.Basis)
	block("headPurposes", w.Purposes)
	b.WriteByte('\n')
	line(0, "", t.say("headShares"))
	for _, s := range w.Shares {
		b.WriteByte('\n')
		line(2, "", t.foreign(s.ID)+"  "+s.Title)
		for _, part := range []struct {
			head  string
			lines []string
		}{{"headPermits", s.Permits}, {"headRequires", s.Requires}, {"headForbids", s.Forbids}, {"headShareDuty", s.Duties}} {
			for i, one := range part.lines {
				if i == 0 {
					line(4, "", t.say(part.head))
				}
				line(6, "• ", one)
			}
		}
	}
	block("headNever", w.Never)
	block("headDuties", w.Duties)
	block("headSuspension", w.Suspension)
	block("headReview", w.Review)
	return b.String()
}
