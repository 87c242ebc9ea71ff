package facilitation

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/rihla/rihla/formats/fault"
	"github.com/rihla/rihla/formats/hall"
	"github.com/rihla/rihla/internal/facilitation/form"
	"github.com/rihla/rihla/internal/intake"
	"github.com/rihla/rihla/internal/pipeline"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/store"
)

// formFormat reads what travellers apply with.
type formFormat struct{}

// Formats are what travellers and officers file, and airports of their halls.
func (d *Domain) Formats() []pipeline.Format { return []pipeline.Format{formFormat{}, hallFormat{}} }

func (formFormat) Name() string { return "rihla.application" }

func (formFormat) Recognise(head []byte) bool { return form.Recognise(head) }

// Read gives the form as one message. One that does not hold is refused whole, with all that is wrong with it.
func (formFormat) Read(raw []byte, received time.Time, each func(pipeline.Message) error) error {
	f, faults, strange := form.Read(raw, received)
	if len(faults) > 0 {
		why := faultOf(faults)
		return each(pipeline.Message{Err: &why})
	}
	m := pipeline.Message{Keys: []pipeline.Key{pipeline.Key(f.Applicant.Document.Issuer + f.Applicant.Document.Number)}, Body: f}
	for _, s := range strange {
		m.Warnings = append(m.Warnings, fault.Fault{Pointer: pointer(s), Rule: "E-FAC-STRANGE", Message: "the schema has no such member; it is not kept", Mend: "leave it out"})
	}
	return each(m)
}

// faultOf is the first of some faults, which says how many more there are.
func faultOf(faults []form.Fault) fault.Fault {
	f := faults[0]
	out := fault.Fault{Pointer: pointer(f.Path), Field: f.Field, Rule: f.Code, Strict: true, Message: strings.TrimSuffix(lower(f.Why), ".")}
	for _, more := range faults[1:] {
		out.Message += "; " + more.Path + ": " + strings.TrimSuffix(lower(more.Why), ".")
	}
	return out
}

func lower(s string) string {
	if s == "" {
		return s
	}
	return strings.ToLower(s[:1]) + s[1:]
}

// pointer is a path as RFC 6901 writes it.
func pointer(path string) string {
	return "/" + strings.NewReplacer(".", "/", "[", "/", "]", "").Replace(path)
}

// Plan makes an application of a form.
func (d *Domain) Plan(ctx context.Context, r store.Reader, f pipeline.Filing) (pipeline.Change, error) {
	c := &change{domain: d}
	for _, m := range f.Messages {
		if doc, ok := m.Body.(*hall.Document); ok { // a file is one message
			return d.planHall(f.Report.Filer, doc)
		}
		if body, ok := m.Body.(*form.Form); ok {
			if err := c.apply(ctx, r, f.Report, body); err != nil {
				return nil, err
			}
		}
	}
	return c, nil
}

// change is one new application, or none where it was filed before.
type change struct {
	domain *Domain
	new    []*Application
}

func (c *change) apply(ctx context.Context, r store.Reader, report intake.Report, f *form.Form) error {
	d := c.domain
	if f.ID == "" { // filed by a gate, without a reference: its content is one
		f.ID = prefixOf(f.Schema) + strings.ToUpper(strings.ReplaceAll(d.ids.ID("facilitation-reference", report.ID), "-", "")[:drawn+1])
	}
	a := &Application{ID: d.ids.ID("facilitation-application", f.ID), Ref: f.ID, Kind: kindOf[f.Schema], State: Submitted, Form: *f, Source: report.ID, Filed: report.Received.UTC(), History: []Moved{}}
	if at := f.Submitted(); !at.IsZero() && at.Before(a.Filed) {
		a.Filed = at.UTC()
	}
	known, err := applicationsOf(ctx, r, []string{a.ID})
	if err != nil {
		return err
	}
	if known[a.ID] != nil || slices.ContainsFunc(c.new, func(n *Application) bool { return n.ID == a.ID }) {
		return nil // what stands was filed first; a second form of the same reference changes nothing
	}
	by := string(ByApplicant)
	if a.Kind == Vetting {
		by = string(ByOfficer)
	}
	a.History = append(a.History, Moved{At: a.Filed, From: Draft, To: Submitted, By: by})
	others, err := d.alike(ctx, r, a.ID, f)
	if err != nil {
		return err
	}
	a.Reasons = d.doubts(a, others)
	c.new = append(c.new, a)
	return nil
}

// doubts are why a person should look, before anything is looked up in lists.
func (d *Domain) doubts(a *Application, others []*Application) (reasons []string) {
	f := &a.Form
	if a.Kind == Redress || a.Kind == Vetting {
		return nil
	}
	if len(f.Declarations.Yes()) > 0 {
		reasons = append(reasons, ReasonDeclared)
	}
	for _, o := range others {
		switch {
		case o.Kind != a.Kind:
		case o.State == Refused || o.State == Revoked || o.State == Cancelled:
			if a.Filed.Before(o.Ended.AddDate(d.settings.Membership.RefusedYears, 0, 0)) && !slices.Contains(reasons, ReasonRefused) {
				reasons = append(reasons, ReasonRefused)
			}
		case o.State.live() && o.Form.Program == f.Program && !slices.Contains(reasons, ReasonDuplicate):
			reasons = append(reasons, ReasonDuplicate)
		}
	}
	if chip := f.Applicant.Document.Chip; chip != nil && chip.Read && chip.Passive != nil && !chip.Passive.Holds() {
		reasons = append(reasons, ReasonChip)
	}
	months := d.settings.Membership.DocumentMonths
	if a.Kind == Authorisation {
		months = d.settings.Authorisation.DocumentMonths
	}
	if end, err := time.Parse(time.DateOnly, f.Applicant.Document.Expiry); err == nil && end.Before(a.Filed.AddDate(0, months, 0)) {
		reasons = append(reasons, ReasonShort)
	}
	return reasons
}

// Subjects are those who apply.
func (c *change) Subjects() []screening.Screened {
	out := make([]screening.Screened, len(c.new))
	for i, a := range c.new {
		out[i] = c.domain.screened(a)
	}
	return out
}

// Weigh adds what was found to why a person looks. Only an authorisation of which nothing at all was found is granted by
// rule.
func (c *change) Weigh(found []screening.Finding) {
	for _, a := range c.new {
		for i := range found {
			if found[i].Subject != screening.ID(a.ID) || found[i].Explanation.Code == screening.CodeRedressMisuse {
				continue
			}
			if reason := reasonOf(&found[i]); a.Kind == Authorisation && !slices.Contains(a.Reasons, reason) {
				a.Reasons = append(a.Reasons, reason)
			}
		}
	}
}

// Write keeps the applications and sets their clocks.
func (c *change) Write(ctx context.Context, tx store.Tx) (e pipeline.Effects, err error) {
	d, now := c.domain, tx.Now().UTC()
	for _, planned := range c.new {
		a := *planned // it may be written again
		a.History = slices.Clone(planned.History)
		switch {
		case a.Kind != Authorisation:
			a.move(InCheck, now, string(BySystem), "", "")
		case len(a.Reasons) > 0:
			a.move(Pending, now, string(BySystem), "", joined(a.Reasons))
		default:
			if err := d.grant(ctx, tx, &a, now); err != nil {
				return e, err
			}
			a.move(Granted, now, string(BySystem), "", "")
			a.letter(LetterGranted, now)
		}
		d.deadline(&a, now)
		e.Jobs = append(e.Jobs, d.clocks(&a)...)
		if err := d.save(ctx, tx, &a); err != nil {
			return e, err
		}
		d.tells(&e, &a)
	}
	return e, nil
}

// tells has the audit log, live pages and whoever a standing concerns hear of an application that changed.
func (d *Domain) tells(e *pipeline.Effects, a *Application) {
	e.Touched = append(e.Touched, a.ID)
	e.Events = append(e.Events, pipeline.Event{Name: "application", ID: a.ID, Counts: map[string]int{string(a.State): 1}})
	if s, _ := d.standing(a); s != nil {
		e.Near = append(e.Near, d.near(a)...)
	}
}

func prefixOf(schema string) string {
	switch schema {
	case form.Authorisation:
		return "ETA-"
	case form.Redress:
		return "RD-"
	case form.Vetting:
		return "V-"
	}
	return "TT-"
}

var _ pipeline.Weighing = (*change)(nil)
