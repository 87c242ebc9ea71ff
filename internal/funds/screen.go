package funds

import (
	"cmp"
	"context"
	"strconv"
	"strings"

	"github.com/rihla/rihla/internal/casework"
	"github.com/rihla/rihla/internal/funds/typology"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/store"
)

// mostMovements of one party are looked at, the latest: a clearing house is no suspect for being busy.
const mostMovements = 2000

// Screen gives parties and reports as committed, with all that this room finds by itself: how their money moved.
func (d *Domain) Screen(ctx context.Context, r store.Reader, ids []screening.ID) ([]screening.Screened, error) {
	keys := make([]string, len(ids))
	for i, id := range ids {
		keys[i] = string(id)
	}
	parties, err := partiesOf(ctx, r, keys)
	if err != nil {
		return nil, err
	}
	known := make([]string, 0, len(parties))
	var rest []string
	for _, k := range keys {
		if parties[k] != nil {
			known = append(known, k)
		} else {
			rest = append(rest, k)
		}
	}
	around, err := d.around(ctx, r, known)
	if err != nil {
		return nil, err
	}
	extra, err := d.besides(ctx, r, known, around)
	if err != nil {
		return nil, err
	}
	merged := make([]*Merged, len(known))
	for i, k := range known {
		m := parties[k].merge()
		merged[i] = &m
	}
	frozen, err := designated(ctx, r, merged)
	if err != nil {
		return nil, err
	}
	out := make([]screening.Screened, 0, len(ids))
	for i, k := range known {
		m := merged[i]
		s := screening.Screened{Subject: m.subject(m.title()), View: view(m, around[k].declared()), Found: frozen[k]}
		found, _ := typology.Evaluate(k, around[k].movements(), &d.settings.Typologies)
		for i := range found {
			s.Found = append(s.Found, told(&found[i], around[k]))
		}
		s.Found = append(s.Found, extra[k]...)
		out = append(out, s)
	}
	reports, err := entriesOf(ctx, r, rest)
	if err != nil {
		return nil, err
	}
	for _, k := range rest {
		if e := reports[k]; e != nil && e.Report != nil && e.State != Refused {
			out = append(out, triage(e))
		}
	}
	return out, nil
}

// mostTold are the movements that a finding shows; the total is of all.
const mostTold = 60

// told makes a finding of screening: the typology, the movements that made it with day, amount and reference, and the
// parameters.
func told(f *typology.Finding, s *surroundings) screening.Finding {
	severity := screening.Medium
	if f.Weight >= 60 {
		severity = screening.High
	}
	x := screening.Explanation{
		Code: f.Code, Title: f.Typology, Settle: []string{"ask_provenance", "ask_relation"},
		Subject: strings.TrimSpace(f.Total.String() + " USD"), Listed: period(f.First, f.Last),
	}
	for _, id := range f.Movements[:min(len(f.Movements), mostTold)] {
		if e := s.entry(id); e != nil {
			x.Evidence = append(x.Evidence, screening.Evidence{Code: "movement", Subject: e.line(), Listed: id})
		}
	}
	for _, v := range f.Values {
		x.Evidence = append(x.Evidence, screening.Evidence{Code: "parameter_" + v.Name, Subject: v.Found, Listed: v.Asked})
	}
	return screening.Finding{
		Subject: screening.ID(f.Subject), Engine: Engine, Matched: "typology/" + f.Typology, Severity: severity, Score: float64(f.Weight) / 100, Explanation: x,
	}
}

func period(first, last string) string {
	if first == last {
		return first
	}
	return first + " – " + last
}

// line is the entry in one line: day, amount, kind, reference.
func (e *Entry) line() string {
	m, _ := e.movement()
	return strings.Join(nonEmpty(m.Day, m.Amount.String()+" "+m.Currency, string(m.Kind), m.Flight, e.Ref), " ")
}

// CodeTriage is the finding that puts a report before a human.
const CodeTriage = "report_to_triage"

// triage is a report as a subject of its own: somebody has to read it.
func triage(e *Entry) screening.Screened {
	r := e.Report
	x := screening.Explanation{Code: CodeTriage, Title: r.Code, Subject: r.Reference, Listed: r.Submitted}
	for _, i := range r.Indicators {
		x.Evidence = append(x.Evidence, screening.Evidence{Code: "indicator", Subject: i})
	}
	x.Evidence = append(x.Evidence, screening.Evidence{Code: "transactions", Subject: strconv.Itoa(len(r.Transactions))})
	if !r.Total.IsZero() {
		x.Evidence = append(x.Evidence, screening.Evidence{Code: "total", Subject: r.Total.String() + " " + r.Currency})
	}
	return screening.Screened{
		Subject: screening.Subject{
			ID: screening.ID(e.ID), Domain: Name, Within: e.ID, Title: r.Reference, Context: strings.TrimSpace(r.Code + " " + r.Submitted),
		},
		Found: []screening.Finding{{Subject: screening.ID(e.ID), Engine: Engine, Matched: "triage", Severity: screening.Medium, Explanation: x}},
	}
}

// Describe tells the desk who the party is, or what the report is.
func (d *Domain) Describe(ctx context.Context, r store.Reader, id screening.ID) (casework.Sheet, error) {
	parties, err := partiesOf(ctx, r, []string{string(id)})
	if err != nil {
		return casework.Sheet{}, err
	}
	p := parties[string(id)]
	if p == nil {
		e, err := entryByID(ctx, r, string(id))
		if err != nil || e == nil || e.Report == nil {
			return casework.Sheet{}, err
		}
		return e.sheet(), nil
	}
	m := p.merge()
	sheet := casework.Sheet{Title: cmp.Or(m.Name, m.title()), Context: m.title(), Path: "/funds/parties/" + m.ID}
	line := func(label, value string) {
		if value != "" {
			sheet.Lines = append(sheet.Lines, casework.Line{Label: label, Value: value})
		}
	}
	line("kind", m.Kind)
	for _, n := range m.Also {
		line("also_known_as", n)
	}
	for _, b := range m.Births {
		line("born", b)
	}
	for _, n := range m.Nationalities {
		line("nationality", n)
	}
	for _, p := range m.Papers {
		line("document", strings.TrimSpace(p.Number+" "+p.Issuer))
	}
	line("account", m.Account)
	line("institution", m.Institution)
	line("registration", m.Registration)
	line("opened", m.Opened)
	for _, c := range m.Contacts {
		line(c.Kind, c.Value)
	}
	return sheet, nil
}

// sheet is a report for the desk. Who filed it is the unit's to know; it stands on the report's own page.
func (e *Entry) sheet() casework.Sheet {
	r := e.Report
	s := casework.Sheet{Title: r.Reference, Context: r.Code, Path: "/funds/reports/" + e.ID}
	for _, l := range [][2]string{{"report_code", r.Code}, {"submitted", r.Submitted}, {"total", strings.TrimSpace(r.Total.String() + " " + r.Currency)}, {"reason", r.Reason}, {"action", r.Action}} {
		if l[1] != "" && l[1] != r.Currency {
			s.Lines = append(s.Lines, casework.Line{Label: l[0], Value: l[1], Sources: []string{e.Source}})
		}
	}
	return s
}

// Subjects gives parties and reports as committed, without what is found of them: for whoever wants to know who is held and
// what they share.
func (d *Domain) Subjects(ctx context.Context, r store.Reader, ids []screening.ID) ([]screening.Subject, error) {
	keys := make([]string, len(ids))
	for i, id := range ids {
		keys[i] = string(id)
	}
	parties, err := partiesOf(ctx, r, keys)
	if err != nil {
		return nil, err
	}
	out := make([]screening.Subject, 0, len(ids))
	var rest []string
	for _, k := range keys {
		p := parties[k]
		if p == nil {
			rest = append(rest, k)
			continue
		}
		m := p.merge()
		out = append(out, m.subject(m.title()))
	}
	reports, err := entriesOf(ctx, r, rest)
	if err != nil {
		return nil, err
	}
	for _, k := range rest {
		if e := reports[k]; e != nil && e.Report != nil && e.State != Refused {
			out = append(out, triage(e).Subject)
		}
	}
	return out, nil
}
