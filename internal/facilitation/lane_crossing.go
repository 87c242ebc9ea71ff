package facilitation

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/rihla/rihla/formats/country"
	"github.com/rihla/rihla/formats/cusres"
	"github.com/rihla/rihla/formats/hall"
	"github.com/rihla/rihla/internal/casework"
	"github.com/rihla/rihla/internal/facilitation/lanes"
	"github.com/rihla/rihla/internal/pipeline"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/store"
)

// bound is one person on the way to a hall, with the lane that is meant for them.
type bound struct {
	pipeline.Crossing
	Lane lanes.Result // before any draw: what a hall must be ready for
	Draw string       // the id by which they are drawn for a closer look; empty: they are not
}

// sent is the lane to which somebody is sent when they come.
func (b *bound) sent() lanes.Result {
	if b.Draw != "" && b.Lane.Lane != hall.Secondary {
		return lanes.Result{Lane: hall.Secondary, Reasons: []string{lanes.Random}, Draw: b.Draw}
	}
	return b.Lane
}

// arriving are those who are to enter within a time, each with their lane.
func (d *Domain) arriving(ctx context.Context, r store.Reader, from, until time.Time) ([]bound, error) {
	if d.crossings == nil {
		return nil, nil
	}
	crossings, err := d.crossings(ctx, r, from, until)
	if err != nil {
		return nil, err
	}
	return d.bound(ctx, r, crossings)
}

// bound works out the lanes of people who cross. Crew come too, whoever stays on board does not.
func (d *Domain) bound(ctx context.Context, r store.Reader, crossings []pipeline.Crossing) ([]bound, error) {
	crossings = slices.DeleteFunc(slices.Clone(crossings), func(c pipeline.Crossing) bool { return c.Role == "transit" || c.Role != "crew" && !c.Subject.Enters })
	ids := make([]screening.ID, len(crossings))
	subjects := make([]screening.Subject, len(crossings))
	for i := range crossings {
		ids[i], subjects[i] = crossings[i].Subject.ID, crossings[i].Subject
	}
	open, err := openFindings(ctx, r, ids)
	if err != nil {
		return nil, err
	}
	stands := make([]screening.Screened, len(subjects))
	if d.vouched != nil {
		if stands, err = d.vouched(ctx, r, subjects...); err != nil {
			return nil, err
		}
	}
	inputs := make([]lanes.Input, len(crossings))
	parties := map[[2]string][]int{}
	for i := range crossings {
		inputs[i] = d.laneInput(&crossings[i], &stands[i], open[ids[i]])
		if c := &crossings[i]; c.Party != "" && c.Role != "crew" {
			of := [2]string{c.FlightID, c.Party}
			parties[of] = append(parties[of], i)
		}
	}
	policy := d.settings.Lanes.policy(d.home)
	for _, members := range parties {
		party := make([]lanes.Input, len(members))
		for n, i := range members {
			party[n] = inputs[i]
		}
		policy.Party(party)
		for n, i := range members {
			inputs[i] = party[n]
		}
	}
	out := make([]bound, len(crossings))
	for i := range crossings {
		out[i] = bound{Crossing: crossings[i], Lane: policy.Eligible(inputs[i]), Draw: d.draw(&crossings[i])}
	}
	return out, nil
}

// draw says whether somebody is among those looked at more closely by chance: by a keyed hash of who and which day, and
// by nothing else.
func (d *Domain) draw(c *pipeline.Crossing) string {
	id := d.ids.ID("lane-draw", string(c.Subject.ID), c.Scheduled.UTC().Format(time.DateOnly))
	if c.Role == "crew" || !lanes.Drawn(id, d.settings.Lanes.DrawPercent/100) {
		return ""
	}
	return id
}

// laneInput is what decides somebody's lane, as far as it is known before they come. Their document has still to be read:
// a chip is taken to be there where it is a passport or an identity card, and to be right.
func (d *Domain) laneInput(c *pipeline.Crossing, stands *screening.Screened, findings int) lanes.Input {
	in := lanes.Input{
		Age: c.Age, Findings: findings, Crew: c.Role == "crew", Consistent: true, Permit: lanes.PermitNotRequired,
		Cleared: c.Verdict == "" || c.Verdict == string(cusres.OK) || c.Verdict == string(cusres.Advisory),
		Expired: c.DocumentExpires != "" && c.DocumentExpires < c.Scheduled.UTC().Format(time.DateOnly),
	}
	for _, x := range c.Subject.Countries {
		switch x.Role {
		case "nationality":
			in.Nationality = country.ISO(x.Code)
		case "residence":
			in.Residence = country.ISO(x.Code)
		}
	}
	for _, doc := range c.Subject.Documents {
		if opensGates(doc.Type) {
			in.Announced = in.Nationality != "" && len(c.Subject.Births) > 0 && c.Age >= 0
			in.Chip, in.Genuine = lanes.Yes, lanes.Yes
		}
	}
	for _, s := range stands.Standings {
		switch {
		case s.Kind == screening.Membership && in.Membership != lanes.MembershipActive:
			if in.Membership = s.State; s.Active {
				in.Membership = lanes.MembershipActive
			}
		case s.Kind == screening.Authorisation && in.Permit != lanes.PermitGranted:
			if in.Permit = s.State; s.Active {
				in.Permit = lanes.PermitGranted
			}
		}
	}
	for _, f := range stands.Found {
		if code := f.Explanation.Code; code == screening.CodePermitMissing || code == screening.CodePermitNotValid {
			in.Permit = code
		}
	}
	if len(stands.Lacking) > 0 {
		in.Cleared = false
	}
	return in
}

// opensGates says whether a document is one that a gate may read: a passport or an identity card, no visa.
func opensGates(kind string) bool {
	return kind == "" || strings.HasPrefix(kind, "P") || kind[0] == 'I' || kind[0] == 'A' || kind[0] == 'C'
}

// openFindings counts what is found of somebody beyond what is low, unless a person has looked and let them be.
func openFindings(ctx context.Context, r store.Reader, ids []screening.ID) (map[screening.ID]int, error) {
	tallies, err := screening.Tallies(ctx, r, ids)
	if err != nil {
		return nil, err
	}
	open := map[screening.ID]int{}
	var met []screening.ID
	for id, t := range tallies {
		if t.Severity > screening.Low {
			open[id] = t.Findings
			met = append(met, id)
		}
	}
	slices.Sort(met)
	cases, err := casework.OfSubjects(ctx, r, met)
	if err != nil {
		return nil, err
	}
	for id, of := range cases {
		if len(of) > 0 && of[0].State == casework.Closed && !casework.Upheld(of[0].Outcome) { // the open come first
			delete(open, id)
		}
	}
	return open, nil
}
