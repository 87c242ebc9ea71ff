package funds

import (
	"cmp"
	"context"
	"slices"

	"github.com/rihla/rihla/formats/money"
	"github.com/rihla/rihla/internal/store"
)

// View is a party as rules see it, under the name party, with the cash that it carried, owned or was to get. No sensitive
// attribute exists in it, nor a free text, nor a place of birth. How money moves over time is for the typologies, which
// have parameters of their own.
type View struct {
	Kind          string         `cel:"kind" doc:"what the party is" values:"person,organisation,account"`
	Nationalities []string       `cel:"nationalities" doc:"alpha-3 codes"`
	Countries     []string       `cel:"countries" doc:"of nationality, residence, seat or account, alpha-3"`
	Documents     int64          `cel:"documents" doc:"papers it is known by"`
	Names         int64          `cel:"names" doc:"different names it goes by"`
	Births        int64          `cel:"births" doc:"different dates of birth that were given"`
	Declarations  []DeclaredView `cel:"declarations" doc:"of cash, the latest first, 40 at most"`
}

// DeclaredView is one declaration as rules see it.
type DeclaredView struct {
	Role         string   `cel:"role" doc:"the party's part in it" values:"carrier,owner,recipient,sender"`
	System       string   `cel:"system" doc:"told unasked, or when asked" values:"declaration,disclosure"`
	Direction    string   `cel:"direction" doc:"seen from the border where it was made" values:"in,out"`
	Country      string   `cel:"country" doc:"whose border, alpha-3"`
	Class        string   `cel:"class" doc:"by the state's threshold" values:"above,below,below_with_indications,asked"`
	Accompanied  bool     `cel:"accompanied" doc:"somebody carried it"`
	USD          float64  `cel:"usd" doc:"what was there in US dollars: counted, else said; -1 when no rate was known"`
	SaidUSD      float64  `cel:"said_usd" doc:"what the form came to in US dollars; -1 when no rate was known"`
	Kinds        []string `cel:"kinds" doc:"of cash: banknotes, gold_bullion, bearer_cheque …"`
	Currencies   []string `cel:"currencies" doc:"each once"`
	Checked      bool     `cel:"checked" doc:"an officer counted it"`
	Differs      bool     `cel:"differs" doc:"what was counted is not what was said"`
	Seized       bool     `cel:"seized" doc:"a seizure has a reference"`
	Refused      bool     `cel:"refused" doc:"the traveller would not say"`
	OtherOwner   bool     `cel:"other_owner" doc:"it belongs to somebody else than who carries it"`
	NoProvenance bool     `cel:"no_provenance" doc:"where it comes from was left empty"`
	Late         bool     `cel:"late" doc:"unaccompanied cash disclosed after the deadline"`
	Flight       string   `cel:"flight" doc:"designator"`
	Route        []string `cel:"route" doc:"airports, IATA codes"`
}

// view makes what rules see.
func view(m *Merged, declared []*Entry) *View {
	v := &View{Kind: m.Kind, Nationalities: m.Nationalities, Documents: int64(len(m.Documents)), Names: int64(len(m.Names)), Births: int64(len(m.Births))}
	for _, c := range m.Countries {
		if !slices.Contains(v.Countries, c.Code) {
			v.Countries = append(v.Countries, c.Code)
		}
	}
	slices.SortFunc(declared, func(a, b *Entry) int { return cmp.Or(b.At.Compare(a.At), cmp.Compare(a.ID, b.ID)) })
	for _, e := range declared[:min(len(declared), mostValues)] {
		d := e.Declaration
		x := DeclaredView{
			System: d.System, Direction: d.Direction, Country: d.Country, Class: d.Class, Accompanied: d.Accompanied, USD: approx(d.worth()), SaidUSD: approx(d.USD),
			Checked: d.Checked, Differs: d.Differs, Seized: d.Seizure != "", Refused: d.Outcome == "refused",
			NoProvenance: d.Provenance == "", Late: !d.Deadline.IsZero() && d.MadeAt.After(d.Deadline), Flight: d.Flight, Route: d.Route,
		}
		for i := range e.Parts {
			if e.Parts[i].Party == m.ID {
				x.Role = e.Parts[i].Role
				break
			}
		}
		owner := e.party(Owner)
		x.OtherOwner = owner != "" && owner != cmp.Or(e.party(Carrier), e.party(Sender))
		for _, c := range d.there() {
			if c.Kind != "" && !slices.Contains(x.Kinds, c.Kind) {
				x.Kinds = append(x.Kinds, c.Kind)
			}
			if !slices.Contains(x.Currencies, c.Currency) {
				x.Currencies = append(x.Currencies, c.Currency)
			}
		}
		v.Declarations = append(v.Declarations, x)
	}
	return v
}

// approx is an amount for conditions, which know no exact decimals; nothing is ever computed from it.
func approx(d money.Decimal) float64 {
	if d.IsZero() {
		return -1
	}
	f, _ := d.Rat().Float64()
	return f
}

// declarationsOf reads the latest declarations that parties have a part in.
func declarationsOf(ctx context.Context, r store.Reader, parties []string) (map[string][]*Entry, error) {
	return held(ctx, r, parties, []Kind{Declared}, mostValues)
}

// held reads the latest entries of some kinds that parties have a part in.
func held(ctx context.Context, r store.Reader, parties []string, kinds []Kind, most int) (map[string][]*Entry, error) {
	parts, err := partsOf(ctx, r, parties, kinds, most)
	if err != nil || len(parts) == 0 {
		return nil, err
	}
	var ids set[string]
	for _, id := range parties {
		ids.values = append(ids.values, parts[id]...)
	}
	slices.Sort(ids.values)
	entries, err := entriesOf(ctx, r, slices.Compact(ids.values))
	if err != nil {
		return nil, err
	}
	out := make(map[string][]*Entry, len(parts))
	for id, list := range parts {
		for _, entry := range list {
			if e := entries[entry]; e != nil {
				out[id] = append(out[id], e)
			}
		}
	}
	return out, nil
}
