package funds

import (
	"context"
	"reflect"

	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/casework"
	"github.com/rihla/rihla/internal/funds/typology"
	"github.com/rihla/rihla/internal/screening"
)

func (d *Domain) partyRoutes(m *api.Mux) {
	api.Register(m, get("/parties", "list-parties", "Persons, organisations and accounts by name, document or number", unit), d.listParties)
	api.Register(m, get("/parties/{id}", "get-party", "One party: who it is, what was found, what was declared and reported of it", unit), d.getParty)
	api.Register(m, get("/parties/{id}/money", "get-money", "One party's money over time, as a graph", unit), d.getMoney)
	api.Register(m, get("/typologies", "list-typologies", "The typologies with their parameters", unit), d.listTypologies)
}

type partyItem struct {
	Merged
	Findings int                `json:"findings"`
	Severity screening.Severity `json:"severity,omitempty"`
	Case     string             `json:"case,omitempty"`
}

type listPartiesIn struct {
	Q string `query:"q" required:"true" minLength:"2" maxLength:"80"`
}

type listPartiesOut struct {
	Body api.Page[partyItem]
}

func (d *Domain) listParties(ctx context.Context, in *listPartiesIn) (*listPartiesOut, error) {
	found, err := search(ctx, d.store.Read(), in.Q, perPage)
	if err != nil {
		return nil, err
	}
	var touched []string
	for _, p := range found {
		touched = append(touched, p.ID)
	}
	if err := d.tell(ctx, "party.list", touched...); err != nil {
		return nil, err
	}
	items, err := d.partyItems(ctx, found)
	return &listPartiesOut{api.Page[partyItem]{Items: items}}, err
}

func (d *Domain) partyItems(ctx context.Context, parties []*Party) ([]partyItem, error) {
	ids := make([]screening.ID, len(parties))
	for i, p := range parties {
		ids[i] = screening.ID(p.ID)
	}
	tallies, err := screening.Tallies(ctx, d.store.Read(), ids)
	if err != nil {
		return nil, err
	}
	cases, err := casework.OfSubjects(ctx, d.store.Read(), ids)
	if err != nil {
		return nil, err
	}
	items := make([]partyItem, len(parties))
	for i, p := range parties {
		t := tallies[ids[i]]
		items[i] = partyItem{Merged: p.merge(), Findings: t.Findings, Severity: t.Severity}
		if cs := cases[ids[i]]; len(cs) > 0 {
			items[i].Case = cs[0].ID
		}
	}
	return items, nil
}

// partyPage is one party whole.
type partyPage struct {
	Merged
	Found        []screening.Finding `json:"findings"`
	NotEvaluable []typology.Unknown  `json:"not_evaluable" doc:"Typologies that cannot be told for want of data"`
	Cases        []caseRef           `json:"cases"`
	Declarations []declarationItem   `json:"declarations"`
	Reports      []entryRef          `json:"reports"`
	Partner      []reconcile         `json:"partner" doc:"What the partner state told of this party's crossings, and how it compares"`
	Freeze       *Freeze             `json:"freeze,omitempty"`
}

type caseRef struct {
	ID      string         `json:"id"`
	Number  int64          `json:"number"`
	State   casework.State `json:"state"`
	Outcome string         `json:"outcome,omitempty"`
}

type getPartyOut struct {
	Body partyPage
}

func (d *Domain) openParty(ctx context.Context, id string) (*Party, error) {
	found, err := partiesOf(ctx, d.store.Read(), []string{id})
	if err == nil && found[id] == nil {
		err = api.Errorf(api.NotFound, "there is no party %s", id)
	}
	return found[id], err
}

func (d *Domain) getParty(ctx context.Context, in *oneIn) (*getPartyOut, error) {
	p, err := d.openParty(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	if err := d.tell(ctx, "party.read", p.ID); err != nil {
		return nil, err
	}
	r, id := d.store.Read(), screening.ID(p.ID)
	page := partyPage{
		Merged: p.merge(), Found: []screening.Finding{}, NotEvaluable: []typology.Unknown{}, Cases: []caseRef{}, Declarations: []declarationItem{},
		Reports: []entryRef{}, Partner: []reconcile{},
	}
	found, err := screening.OfSubjects(ctx, r, []screening.ID{id})
	if err != nil {
		return nil, err
	}
	page.Found = append(page.Found, found[id]...)
	around, err := d.around(ctx, r, []string{p.ID})
	if err != nil {
		return nil, err
	}
	_, unknown := typology.Evaluate(p.ID, around[p.ID].movements(), &d.settings.Typologies)
	page.NotEvaluable = append(page.NotEvaluable, unknown...)
	cases, err := casework.OfSubjects(ctx, r, []screening.ID{id})
	if err != nil {
		return nil, err
	}
	for _, c := range cases[id] {
		page.Cases = append(page.Cases, caseRef{c.ID, c.Number, c.State, c.Outcome})
	}
	var reports set[string]
	for _, e := range around[p.ID].own {
		switch e.Kind {
		case Declared:
			page.Declarations = append(page.Declarations, e.declarationItem())
		case Transaction:
			reports.add(e.Moved.Report)
		case Reported:
			reports.add(e.ID)
		case Told:
			result, _, err := d.end(ctx, r, e)
			if err != nil {
				return nil, err
			}
			page.Partner = append(page.Partner, e.reconcile(result))
		}
	}
	entries, err := entriesOf(ctx, r, reports.values)
	if err != nil {
		return nil, err
	}
	for _, id := range reports.values {
		if e := entries[id]; e != nil {
			page.Reports = append(page.Reports, entryRef{e.ID, e.Ref, e.Report.Code})
		}
	}
	freezes, err := freezesOf(ctx, r, []string{p.ID})
	if list := freezes[p.ID]; len(list) > 0 {
		page.Freeze = list[len(list)-1]
	}
	return &getPartyOut{page}, err
}

type typologyItem struct {
	ID         string           `json:"id"`
	Code       string           `json:"code"`
	Title      string           `json:"title"`
	Needs      string           `json:"needs"`
	Weight     int              `json:"weight"`
	Parameters map[string]int64 `json:"parameters"`
}

type listTypologiesOut struct {
	Body api.Page[typologyItem]
}

func (d *Domain) listTypologies(context.Context, *struct{}) (*listTypologiesOut, error) {
	parameters := map[string]map[string]int64{}
	v := reflect.ValueOf(d.settings.Typologies)
	for i := range v.NumField() {
		group := map[string]int64{}
		for j := range v.Field(i).NumField() {
			group[v.Field(i).Type().Field(j).Tag.Get("json")] = v.Field(i).Field(j).Int()
		}
		parameters[v.Type().Field(i).Tag.Get("json")] = group
	}
	out := &listTypologiesOut{api.Page[typologyItem]{Items: []typologyItem{}}}
	for _, t := range typology.All {
		p := parameters[t.ID]
		if p == nil {
			p = map[string]int64{}
		}
		out.Body.Items = append(out.Body.Items, typologyItem{t.ID, t.Code, t.Purpose, t.Needs, t.Weight, p})
	}
	return out, nil
}
