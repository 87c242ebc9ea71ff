package facilitation

import (
	"cmp"
	"context"
	"database/sql"
	"slices"
	"time"

	"github.com/rihla/rihla/formats/country"
	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/facilitation/form"
	"github.com/rihla/rihla/internal/pipeline"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/sharing"
	"github.com/rihla/rihla/internal/sharing/agreement"
	"github.com/rihla/rihla/internal/store"
)

// categoryVetting is the category of an agreement's shares that this room answers, and asks under.
const categoryVetting = "vetting"

// Items are what an agreement may speak of that facilitation holds: of a partner's applicant an outcome, a reference, a last
// day. No reason is among it.
func (d *Domain) Items() []sharing.Item { return []sharing.Item{item{d}} }

type item struct{ *Domain }

func (item) Categories() []string { return []string{categoryVetting} }

// Find gives those whom an officer took up for the partner, and has given an outcome, that a request may mean: by document,
// or by name and birth date.
func (i item) Find(ctx context.Context, r store.Reader, a sharing.Ask) ([]sharing.Candidate, error) {
	f := formOf(a.Person)
	alike, err := i.alike(ctx, r, "", &f)
	if err != nil {
		return nil, err
	}
	var out []sharing.Candidate
	for _, x := range alike {
		if x.Kind != Vetting || x.State != Answered || x.Answer == nil {
			continue
		}
		p := &x.Form.Applicant
		c := sharing.Candidate{Ref: x.ID, Title: screening.Name{Surname: p.FamilyName, Given: p.GivenNames}.String(), Detail: x.Answer.Outcome + " " + x.Answer.Reference, Score: .8}
		if f.Applicant.Document.Number != "" && i.documentKey(f.Applicant.Document.Number, f.Applicant.Document.Issuer) == i.documentKey(p.Document.Number, p.Document.Issuer) {
			c.Score = 1
		}
		out = append(out, c)
	}
	slices.SortStableFunc(out, func(a, b sharing.Candidate) int { return cmp.Compare(b.Score, a.Score) })
	return out, nil
}

// Fill gives the three.
func (i item) Fill(ctx context.Context, r store.Reader, ref string, _ sharing.Ask) (sharing.Offer, error) {
	a, err := applicationBy(ctx, r, "id", ref)
	if err != nil || a == nil || a.Answer == nil {
		return sharing.Offer{}, err
	}
	o := sharing.Offer{
		Values:  map[string]any{"vetting.outcome": a.Answer.Outcome, "vetting.reference": a.Answer.Reference},
		Subject: agreement.Subject{Kind: "person", Nationality: country.Alpha2(a.Form.Applicant.Nationality), Age: form.Age(a.Form.Applicant.Born, i.clock())},
		Record:  agreement.Record{Kind: categoryVetting, Status: a.Answer.Outcome},
	}
	if a.Answer.ValidUntil != "" {
		o.Values["vetting.valid_until"] = a.Answer.ValidUntil
	}
	return o, nil
}

func formOf(p sharing.Person) (f form.Form) {
	f.Applicant = form.Applicant{FamilyName: p.FamilyName, GivenNames: p.GivenNames, Born: p.DOB, Sex: p.Sex, Nationality: p.Nationality}
	if p.Document != nil {
		f.Applicant.Document = form.Document{Type: p.Document.Type, Number: p.Document.Number, Issuer: p.Document.Issuer}
	}
	return f
}

// askPartner puts the question about an applicant to their own state: the application asks, as the applicant allowed, and
// the officer lets it out.
func (d *Domain) askPartner(ctx context.Context, who access.Principal, id string) (*Application, error) {
	a, err := applicationBy(ctx, d.store.Read(), "id", id)
	switch {
	case err != nil:
		return nil, err
	case a == nil:
		return nil, api.Errorf(api.NotFound, "there is no application %s", id)
	case !a.Form.Allows("partner_vetting"):
		return nil, refuse(form.CodeConsent, "without consent nothing may be sent to a partner")
	case d.exchange == nil:
		return nil, api.Errorf(api.Conflict, "this node exchanges with nobody")
	}
	if _, wrong := a.Kind.allowed(a.State, Partner, ByOfficer); wrong != nil {
		return nil, refuse(wrong.code, "%s", wrong.why)
	}
	way, err := d.way(ctx, a)
	if err != nil {
		return nil, err
	}
	f := &a.Form
	thread, err := d.exchange.Ask(ctx, access.Principal{Name: a.traveller().name, Role: access.Officer}, way.Agreement, sharing.Question{
		Share: way.Share, Purpose: categoryPurpose(way), CaseRef: a.Ref, ApplicationRef: a.Ref, ConsentRef: cmp.Or(f.Consent.Ref, a.Ref), Program: f.Program, Confirmed: true,
		Subject: &sharing.Person{
			FamilyName: f.Applicant.FamilyName, GivenNames: f.Applicant.GivenNames, DOB: f.Applicant.Born, Sex: f.Applicant.Sex, Nationality: f.Applicant.Nationality,
			Document: &sharing.Document{Type: f.Applicant.Document.Type, Number: f.Applicant.Document.Number, Issuer: f.Applicant.Document.Issuer},
		},
	})
	if err != nil {
		return nil, err
	}
	if thread.State == sharing.Draft {
		if thread, err = d.exchange.Approve(ctx, who, thread.ID, true, ""); err != nil {
			return nil, err
		}
	}
	return d.act(ctx, id, func(*Application) actor { return person(who) }, "application.vetting", func(ctx context.Context, tx store.Tx, a *Application, _ *pipeline.Effects) error {
		if a.Asked != nil && a.Asked.Thread == thread.ID { // it was heard of meanwhile
			a.Asked.By = who.Name
		} else {
			a.Asked = &Asked{Thread: thread.ID, Agreement: thread.Agreement, At: tx.Now().UTC(), By: who.Name, State: string(thread.State)}
		}
		if _, wrong := a.Kind.allowed(a.State, Partner, ByOfficer); wrong != nil {
			return refuse(wrong.code, "%s", wrong.why)
		}
		return d.arrive(ctx, tx, a, Partner, who.Name, "", "")
	})
}

func categoryPurpose(w sharing.Way) string {
	if len(w.Purposes) == 1 {
		return w.Purposes[0]
	}
	return "facilitation"
}

// way is the agreement under which an applicant's own state may be asked.
func (d *Domain) way(ctx context.Context, a *Application) (sharing.Way, error) {
	ways, err := d.exchange.Ways(ctx, d.store.Read(), categoryVetting)
	if err != nil {
		return sharing.Way{}, err
	}
	home := country.ISO(cmp.Or(a.Form.Home, a.Form.Applicant.Nationality))
	if three, _, known := country.Normalise(home); known {
		home = three
	}
	if at := slices.IndexFunc(ways, func(w sharing.Way) bool { return w.Country == home && !w.Suspended }); at >= 0 {
		return ways[at], nil
	}
	return sharing.Way{}, api.Errorf(api.Conflict, "no agreement in force lets %s be asked about its citizens; check as far as this state can, and decide", home)
}

// asked is the application that a thread is about.
func asked(ctx context.Context, r store.Reader, thread, ref string) (*Application, error) {
	a, err := applicationBy(ctx, r, "thread", thread)
	if err != nil || a != nil {
		return a, err
	}
	a, err = applicationBy(ctx, r, "ref", ref)
	if a == nil || a.Asked != nil || a.Kind != Membership {
		return nil, err
	}
	return a, err
}

// Arrived notes what the applicant's own state says. Not green moves nothing: it makes work for a person here.
func (d *Domain) Arrived(ctx context.Context, tx store.Tx, in sharing.Arrival) (e pipeline.Effects, err error) {
	outcome, _ := in.Values["vetting.outcome"].(string)
	if in.Category != categoryVetting || !slices.Contains([]string{"green", "not_green", "unable"}, outcome) {
		return e, nil
	}
	a, err := asked(ctx, tx, in.Thread, in.CaseRef)
	if err != nil || a == nil {
		return e, err
	}
	now := tx.Now().UTC()
	if a.Asked == nil {
		a.Asked = &Asked{Thread: in.Thread, Agreement: in.Agreement, At: now}
	}
	q := a.Asked
	q.Record, q.Outcome, q.Answered, q.State, a.Overdue, a.Due = in.Record, outcome, now, string(sharing.Answered), false, time.Time{}
	q.Reference, _ = in.Values["vetting.reference"].(string)
	q.ValidUntil, _ = in.Values["vetting.valid_until"].(string)
	if _, err := tx.ExecContext(ctx, `insert into facilitation_told (record, application) values ($1, $2) on conflict (record) do nothing`, in.Record, a.ID); err != nil {
		return e, err
	}
	return e, d.commit(ctx, tx, a, &e)
}

// Turned notes how a question stands.
func (d *Domain) Turned(ctx context.Context, tx store.Tx, t sharing.Turn) (e pipeline.Effects, err error) {
	if t.Category != categoryVetting || t.Direction != "out" {
		return e, nil
	}
	a, err := asked(ctx, tx, t.Thread, t.CaseRef)
	if err != nil || a == nil {
		return e, err
	}
	if a.Asked == nil {
		a.Asked = &Asked{Thread: t.Thread, Agreement: t.Agreement, At: tx.Now().UTC()}
	} else if a.Asked.State == string(t.State) {
		return e, nil
	}
	a.Asked.State = string(t.State)
	return e, d.commit(ctx, tx, a, &e)
}

// Erased drops what came of records.
func (d *Domain) Erased(ctx context.Context, tx store.Tx, records []string) error {
	var ids []string
	if err := store.ForKeys(ctx, tx, `select application from facilitation_told where record in (:keys)`, records, func(rows *sql.Rows) error {
		var id string
		err := rows.Scan(&id)
		ids = append(ids, id)
		return err
	}); err != nil || len(ids) == 0 {
		return err
	}
	found, err := applicationsOf(ctx, tx, ids)
	if err != nil {
		return err
	}
	var e pipeline.Effects
	for _, id := range ids {
		a := found[id]
		if a == nil || a.Asked == nil || !slices.Contains(records, a.Asked.Record) {
			continue
		}
		a.Asked.Record, a.Asked.Outcome, a.Asked.Reference, a.Asked.ValidUntil = "", "", "", ""
		if err := d.commit(ctx, tx, a, &e); err != nil {
			return err
		}
	}
	if _, err := store.ExecKeys(ctx, tx, `delete from facilitation_told where record in (:keys)`, records); err != nil {
		return err
	}
	return pipeline.Apply(ctx, tx, Name, e)
}
