package cargo

import (
	"cmp"
	"context"
	"database/sql"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/rihla/rihla/formats/cargoimp"
	"github.com/rihla/rihla/formats/country"
	"github.com/rihla/rihla/internal/pipeline"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/sharing"
	"github.com/rihla/rihla/internal/sharing/agreement"
	"github.com/rihla/rihla/internal/store"
)

// The categories of an agreement's shares that cargo answers.
const (
	categoryReferral    = "security-referral"
	categoryConsignment = "consignment"
)

var _ pipeline.Receiver = (*Domain)(nil)

// Items are what an agreement may speak of that cargo holds: a referral in force, the data of a consignment, a trader found
// trustworthy.
func (d *Domain) Items() []sharing.Item { return []sharing.Item{item{d}} }

type item struct{ *Domain }

func (item) Categories() []string {
	return []string{categoryReferral, categoryConsignment, categoryTrader}
}

const mostCandidates = 20

// Find gives the consignments that a request may mean: by a waybill number in its facts, by a party's name, on the flight it
// names; those whose house the facts name first.
func (i item) Find(ctx context.Context, r store.Reader, a sharing.Ask) ([]sharing.Candidate, error) {
	if a.Category == categoryTrader {
		return findTraders(ctx, r, a)
	}
	q := query{Text: strings.TrimSpace(a.Person.FamilyName + " " + a.Person.GivenNames), Limit: 10 * mostCandidates}
	if j := a.Journey; j.Carrier != "" && j.Number != "" && j.Date != "" {
		q.Departure = Leg{strings.ToUpper(j.Carrier), strings.TrimLeft(j.Number, "0"), j.Date}.departure()
	}
	facts := strings.FieldsFunc(strings.ToUpper(a.Facts), func(c rune) bool { return unicode.IsSpace(c) || strings.ContainsRune(",;:/()", c) })
	for _, word := range facts {
		if waybill, ok := cargoimp.ParseWaybill(strings.Trim(word, ".")); ok {
			q.Text = strings.TrimSpace(waybill.Digits() + " " + q.Text)
			break
		}
	}
	if q.Text == "" && q.Departure == "" {
		return nil, nil
	}
	found, _, _, err := list(ctx, r, q)
	if err != nil {
		return nil, err
	}
	var out []sharing.Candidate
	for n := range found {
		w := &found[n]
		score := .5
		if q.Text != "" {
			score = .8
		}
		if w.house != "" && slices.ContainsFunc(facts, func(word string) bool { return cargoimp.HouseKey(word) == w.house }) {
			score = 1
		}
		out = append(out, sharing.Candidate{Ref: w.ID, Title: title(w.shipment.Master, w.House), Detail: strings.TrimSpace(w.shipment.context() + " " + w.Goods), Score: score})
	}
	slices.SortStableFunc(out, func(a, b sharing.Candidate) int { return cmp.Compare(b.Score, a.Score) })
	return out[:min(len(out), mostCandidates)], nil
}

// Fill gives what is held of one consignment. Of a referral it gives what the partner needs to act, and no more.
func (i item) Fill(ctx context.Context, r store.Reader, ref string, a sharing.Ask) (sharing.Offer, error) {
	if a.Category == categoryTrader {
		return fillTrader(ctx, r, ref)
	}
	found, err := gather(ctx, r, []string{ref})
	if err != nil || len(found) == 0 {
		return sharing.Offer{}, err
	}
	w := &found[0]
	v := map[string]any{}
	o := sharing.Offer{Values: v, Record: agreement.Record{Kind: a.Category, Status: w.standing.State, Referral: strings.ToUpper(w.standing.Hold)}}
	o.Record.AgeDays = max(0, int(i.clock().Sub(w.First).Hours()/24))
	o.Subject = agreement.Subject{Kind: "entity", Age: -1}
	if p := w.Consignee; p != nil {
		o.Subject.Nationality = country.Alpha2(p.Country)
		if formOf(p.Name) == person {
			o.Subject.Kind = "person"
		}
	}
	set(v, "waybill.number", w.Master)
	set(v, "waybill.house", w.House)
	party := func(as string, p *Party, address bool) {
		if p == nil {
			return
		}
		set(v, as+".name", p.Name)
		if address {
			set(v, as+".address", p.Address())
		}
	}
	leg := w.shipment.leg()
	if a.Category == categoryReferral {
		set(v, "flight.number", leg.Carrier+leg.Number)
		set(v, "flight.date", leg.Date)
		set(v, "referral.code", strings.ToUpper(w.standing.Hold))
		reason, err := w.reason(ctx, r)
		if err != nil {
			return o, err
		}
		set(v, "referral.reason", reason)
		party("shipper", w.Consignor, false)
		party("consignee", w.Consignee, false)
		return o, nil
	}
	party("shipper", w.Consignor, true)
	party("consignee", w.Consignee, true)
	for _, code := range w.codes() {
		if len(code.Subheading()) == 6 {
			set(v, "goods.hs6", code.Subheading())
			break
		}
	}
	set(v, "goods.description", w.Goods)
	set(v, "goods.weight_kg", kilograms(w.Grams))
	set(v, "goods.pieces", count(w.Pieces))
	set(v, "goods.declared_value", w.Value)
	set(v, "goods.currency", w.Currency)
	set(v, "goods.origin_country", w.Made)
	set(v, "routing.airports", strings.Join(w.view(w.viewed).Airports, " "))
	return o, nil
}

// reason is why a consignment was referred, by the classes of what was found: no name, no list, no parameter of a rule.
func (w *whole) reason(ctx context.Context, r store.Reader) (string, error) {
	found, err := screening.OfSubjects(ctx, r, subjectsOf(w.ID))
	if err != nil {
		return "", err
	}
	var codes []string
	for _, fs := range found {
		for _, f := range fs {
			if code := cmp.Or(f.Rule, f.Explanation.Code); !slices.Contains(codes, code) {
				codes = append(codes, code)
			}
		}
	}
	slices.Sort(codes)
	return strings.Join(codes, ", "), nil
}

func set[T comparable](values map[string]any, name string, value T) {
	var none T
	if value != none {
		values[name] = value
	}
}

// Warning is what a partner said of a consignment.
type Warning struct {
	Record    string    `json:"record"`
	Agreement string    `json:"agreement"`
	Thread    string    `json:"thread"`
	Partner   string    `json:"partner"`
	Code      string    `json:"code"` // RFI, RFS, DNL
	Reason    string    `json:"reason,omitempty"`
	EraseAt   time.Time `json:"erase_at,omitzero"`
}

// PartnerReferral is the code of a finding: a partner state warns of this consignment.
const PartnerReferral = "partner_referral"

var insertPartner = store.NewInsert("cargo_partner", []string{"master", "record", "house", "body"}, `on conflict (master, record) do update set house = excluded.house, body = excluded.body`)

// Arrived keeps a partner's warning about a consignment, and has it looked at again: what is filed here under that waybill,
// now or later, meets it.
func (d *Domain) Arrived(ctx context.Context, tx store.Tx, a sharing.Arrival) (pipeline.Effects, error) {
	if a.Category == categoryTrader {
		return pipeline.Effects{}, recognise(ctx, tx, a)
	}
	number, _ := a.Values["waybill.number"].(string)
	waybill, ok := cargoimp.ParseWaybill(number)
	if a.Category != categoryReferral || !ok {
		return pipeline.Effects{}, nil
	}
	w := Warning{Record: a.Record, Agreement: a.Agreement, Thread: a.Thread, Partner: a.Partner, EraseAt: a.EraseAt}
	w.Code, _ = a.Values["referral.code"].(string)
	w.Reason, _ = a.Values["referral.reason"].(string)
	number, _ = a.Values["waybill.house"].(string)
	k := keyOf(waybill, number)
	body, err := jsonText(w)
	if err != nil {
		return pipeline.Effects{}, err
	}
	if _, err := insertPartner.Exec(ctx, tx, [][]any{{k.Master, a.Record, k.House, body}}); err != nil {
		return pipeline.Effects{}, err
	}
	return d.warned(ctx, tx, k)
}

// Erased drops what a partner's records said.
func (d *Domain) Erased(ctx context.Context, tx store.Tx, records []string) error {
	records = slices.DeleteFunc(slices.Clone(records), func(id string) bool { return id == "" }) // our own traders bear none
	var keys []Key
	err := store.ForKeys(ctx, tx, `select master, house from cargo_partner where record in (:keys)`, records, func(rows *sql.Rows) error {
		var k Key
		err := rows.Scan(&k.Master, &k.House)
		keys = append(keys, k)
		return err
	})
	if err != nil {
		return err
	}
	if _, err := store.ExecKeys(ctx, tx, `delete from cargo_trader where record in (:keys)`, records); err != nil {
		return err
	}
	if _, err := store.ExecKeys(ctx, tx, `delete from cargo_partner where record in (:keys)`, records); err != nil {
		return err
	}
	for _, k := range keys {
		effects, err := d.warned(ctx, tx, k)
		if err != nil {
			return err
		}
		if err := pipeline.Apply(ctx, tx, Name, effects); err != nil {
			return err
		}
	}
	return nil
}

// warned marks what a warning is about, and moves the shipment's version, so that whoever planned without it plans again.
func (d *Domain) warned(ctx context.Context, tx store.Tx, k Key) (e pipeline.Effects, err error) {
	id := shipmentID(d.ids, k.Master)
	if _, err := tx.ExecContext(ctx, `update cargo_shipment set version = version + 1 where id = $1`, id); err != nil {
		return e, err
	}
	err = briefs(ctx, tx, []string{id}, func(b *brief) {
		if k.House == "" || b.house == k.House {
			e.Due = append(e.Due, screening.ID(b.id))
			e.Events = append(e.Events, pipeline.Event{Name: "consignment", ID: b.id})
		}
	})
	return e, err
}

// warnings are what partners said of some masters.
type warnings map[string][]houseWarning // by master

type houseWarning struct {
	house string
	Warning
}

// of are those about one consignment: of its house, or of the whole waybill.
func (w warnings) of(k Key) (out []Warning) {
	for _, hw := range w[k.Master] {
		if hw.house == "" || hw.house == k.House {
			out = append(out, hw.Warning)
		}
	}
	return out
}

func warningsOf(ctx context.Context, r store.Reader, masters []string) (warnings, error) {
	out := warnings{}
	err := store.ForKeys(ctx, r, `select master, house, body from cargo_partner where master in (:keys) order by record`, distinct(masters), func(rows *sql.Rows) error {
		var master string
		var hw houseWarning
		var body []byte
		if err := rows.Scan(&master, &hw.house, &body); err != nil {
			return err
		}
		err := readText(body, &hw.Warning)
		out[master] = append(out[master], hw)
		return err
	})
	return out, err
}

// finding is what a warning makes of a consignment.
func (w *Warning) finding(id screening.ID) screening.Finding {
	return screening.Finding{Subject: id, Engine: Name, Matched: PartnerReferral + "/" + w.Record, Severity: screening.High,
		Explanation: screening.Explanation{Code: PartnerReferral, Subject: w.Code, Listed: w.Partner, Title: w.Agreement, Reason: w.Reason}}
}
