package funds

import (
	"context"
	"strings"
	"time"

	"github.com/rihla/rihla/formats/cashdecl"
	"github.com/rihla/rihla/formats/date"
	"github.com/rihla/rihla/formats/money"
	"github.com/rihla/rihla/internal/casework"
	"github.com/rihla/rihla/internal/pipeline"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/screening/links"
	"github.com/rihla/rihla/internal/sharing"
	"github.com/rihla/rihla/internal/store"
)

// Arrived keeps what the partner told of a crossing, to be held against what was declared here, and whom it has designated.
func (d *Domain) Arrived(ctx context.Context, tx store.Tx, a sharing.Arrival) (pipeline.Effects, error) {
	switch a.Category {
	case categoryFreeze:
		return d.designate(ctx, tx, a)
	case categoryCash:
	default: // what was answered is read in its thread
		return pipeline.Effects{}, nil
	}
	e := d.hearTold(a, tx.Now())
	if e == nil {
		return pipeline.Effects{}, nil
	}
	c, err := d.plan(ctx, tx, []*Entry{e}, nil)
	if err != nil {
		return pipeline.Effects{}, err
	}
	effects, err := c.Write(ctx, tx)
	if err != nil {
		return effects, err
	}
	if _, err := tx.ExecContext(ctx, `insert into funds_told (record, entry) values ($1, $2) on conflict (record) do update set entry = excluded.entry`, a.Record, e.ID); err != nil {
		return effects, err
	}
	effects.Jobs = append(effects.Jobs, d.oneSidedAt(e, tx.Now()))
	effects.Due = append(effects.Due, e.subjects()...)
	return effects, nil
}

// hearTold makes an entry of what came; nil where it says too little to be held against anything.
func (d *Domain) hearTold(a sharing.Arrival, now time.Time) *Entry {
	text := func(name string) string {
		s, _ := a.Values[name].(string)
		return s
	}
	v := &Declaration{
		System: string(cashdecl.ByDeclaration), Direction: text("cash.direction"), Accompanied: true, Provenance: text("cash.origin"), Use: text("cash.use"),
		Flight: flight(text("flight.number")), FlightDate: text("flight.date"), Partner: a.Partner, Agreement: a.Agreement, EraseAt: a.EraseAt, Class: "asked",
	}
	v.PartnerSaid, _ = a.Values["cash.false_declaration"].(bool)
	on := dayOf(v.FlightDate)
	if !on.Full() || v.Direction == "" {
		return nil
	}
	currencies, kinds := strings.Split(text("cash.currency"), listed), strings.Split(text("cash.instrument"), listed)
	for i, s := range strings.Split(text("cash.amount"), listed) {
		amount, err := money.Parse(s)
		if err != nil || i >= len(currencies) {
			continue
		}
		c := Cash{Currency: currencies[i], Amount: amount}
		if i < len(kinds) {
			c.Kind = kinds[i]
		}
		v.Items = append(v.Items, c)
	}
	v.MadeAt, v.Local = on.Time(), v.FlightDate
	h := &hearer{ids: d.ids, settings: d.settings, home: d.home}
	v.USD, v.Rates = h.total(v.Items, date.Of(on.Time()))
	f := Facet{Kind: Person, Born: text("person.dob")}
	f.name(text("person.family_name"), text("person.given_names"), "")
	nationality := text("person.nationality")
	f.country(nationality, "nationality")
	f.document("P", text("document.number"), nationality)
	e := &Entry{
		ID: d.ids.ID("funds-told", a.Record), Kind: Told, Ref: a.Reference, Clock: Clock{At: store.Micros(now), Report: a.Record}, Source: a.Record, At: on.Time(), Declaration: v,
	}
	if len(f.Names) == 0 && len(f.Documents) == 0 {
		return nil
	}
	e.Parts = []Part{{Party: f.key(d.ids, e.ID, Carrier), Role: Carrier, Facet: f}}
	return e
}

// Erased drops what came of the partner's records, and the parties of whom nothing else is held.
func (d *Domain) Erased(ctx context.Context, tx store.Tx, records []string) error {
	if err := d.undesignate(ctx, tx, records); err != nil {
		return err
	}
	var entries []string
	for _, id := range records {
		var entry string
		found, err := one(ctx, tx, &entry, `select entry from funds_told where record = $1`, id)
		if err != nil {
			return err
		}
		if found {
			entries = append(entries, entry)
		}
	}
	if _, err := store.ExecKeys(ctx, tx, `delete from funds_told where record in (:keys)`, records); err != nil {
		return err
	}
	return d.drop(ctx, tx, entries)
}

// drop erases entries, whatever hangs on them, and the parties that nothing else speaks of.
func (d *Domain) drop(ctx context.Context, tx store.Tx, entries []string) error {
	e, err := d.without(ctx, tx, entries)
	if err != nil {
		return err
	}
	if err := casework.Erase(ctx, tx, e.Gone); err != nil {
		return err
	}
	if err := screening.Erase(ctx, tx, e.Gone); err != nil {
		return err
	}
	if _, err := links.Erase(ctx, tx, e.Gone); err != nil {
		return err
	}
	return pipeline.Apply(ctx, tx, Name, e)
}

// without takes entries out of what is held, and says which parties are gone with them and which look different now.
func (d *Domain) without(ctx context.Context, tx store.Tx, entries []string) (e pipeline.Effects, err error) {
	if len(entries) == 0 {
		return e, nil
	}
	c, err := d.plan(ctx, tx, nil, entries)
	if err != nil {
		return e, err
	}
	if e, err = c.Write(ctx, tx); err != nil {
		return e, err
	}
	e.Jobs, e.Answers = nil, nil
	_, err = store.ExecKeys(ctx, tx, `delete from funds_flag where entry in (:keys)`, entries)
	return e, err
}
