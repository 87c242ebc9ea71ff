package travel

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/base32"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/rihla/rihla/formats/cusres"
	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/audit"
	"github.com/rihla/rihla/internal/keys"
	"github.com/rihla/rihla/internal/pipeline"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/store"
)

// Override is why somebody boarded, or may, whatever the answer was. It is a fact beside the answer, which it never changes.
type Override struct {
	ID        string          `json:"id"`
	Code      string          `json:"code" enum:"GOV,AIR,OUT,HUM,CRW"`
	Passenger string          `json:"passenger"`
	Name      string          `json:"name,omitempty" doc:"For the state's staff"`
	Flight    overridden      `json:"flight"`
	Verdict   cusres.Decision `json:"verdict,omitempty" doc:"What the carrier had been told when it was recorded; absent where it had not asked"`
	By        string          `json:"by"`
	Role      string          `json:"role"`
	Carrier   string          `json:"carrier"`
	Station   string          `json:"station,omitempty" doc:"The airport whose agent recorded it"`
	Agent     string          `json:"agent,omitempty"`
	Reference string          `json:"reference,omitempty" doc:"The desk's, as it was given by telephone"`
	Outage    string          `json:"outage,omitempty"`
	Text      string          `json:"text,omitempty"`
	At        time.Time       `json:"at"`

	record string
}

// overridden is the flight of an override.
type overridden struct {
	ID      string `json:"id"`
	Carrier string `json:"carrier"`
	Number  string `json:"number"`
	Date    string `json:"date"`
	From    string `json:"from"`
	To      string `json:"to"`
}

// The codes of overrides.
const (
	overrideDesk    = "GOV" // the border desk said so, by telephone
	overrideAirline = "AIR" // for papers that the carrier can see: a visa, a residence card, a letter
	overrideOutage  = "OUT" // nobody could be asked
	overrideHumane  = "HUM" // on humanitarian grounds: the desk's alone
	overrideCrew    = "CRW" // a mistake in a crew list
)

// OverrideCodes are all of them.
var OverrideCodes = []string{overrideDesk, overrideAirline, overrideOutage, overrideHumane, overrideCrew}

// errOverride is the code of every refusal.
const errOverride = "E-FAC-OVERRIDE"

// circumstances are what an override is judged by.
type circumstances struct {
	verdict   cusres.Decision // that was told last; empty: the carrier did not ask
	staff     bool            // recorded by the desk itself
	crew      bool
	reference string // that the desk gives for this person
	outages   []Outage
	now       time.Time
}

// refusal says why an override may not be recorded; empty is that it may.
func (o *Override) refusal(c circumstances) (rule, why string) {
	needsCall := c.verdict == cusres.Contact && !c.staff
	switch {
	case !slices.Contains(OverrideCodes, o.Code):
		return "unknown_code", "an override is one of GOV, AIR, OUT, HUM, CRW"
	case c.verdict == cusres.OK && o.Code != overrideOutage:
		return "nothing_to_override", "the answer is leave to board; nothing needs to be overridden"
	case o.Code == overrideHumane && !c.staff:
		return "desk_only", "HUM is the border desk's to record: call it"
	case c.verdict == cusres.DoNotBoard && o.Code == overrideAirline:
		return "no_on_air", "an officer said DO NOT BOARD; a carrier cannot override it: call the border desk"
	case c.verdict == cusres.DoNotBoard && (!c.staff || o.Code == overrideOutage || o.Code == overrideCrew):
		return "refused", "an officer said DO NOT BOARD; only the border desk itself can record an override: call it"
	case o.Code == overrideCrew && !c.crew:
		return "not_crew", "CRW is for crew: the person is not told of as crew"
	case o.Reference == "" && !c.staff && (o.Code == overrideDesk || needsCall && o.Code != overrideOutage):
		return "needs_reference", "call the border desk and send the reference that it gives"
	case o.Reference != "" && !strings.EqualFold(o.Reference, c.reference):
		return "wrong_reference", "the border desk gave no such reference for this person; ask it again"
	case o.Code == overrideOutage:
		return o.outageRefusal(c)
	}
	return "", ""
}

func (o *Override) outageRefusal(c circumstances) (rule, why string) {
	if o.Outage == "" {
		return "needs_outage", "name the outage: OUT-YYYY-NNN"
	}
	for i := range c.outages {
		if u := &c.outages[i]; u.Number == o.Outage {
			if !u.covers(o.Carrier, c.now) {
				return "outside_window", "that outage is over, has not begun, or is another carrier's"
			}
			return "", ""
		}
	}
	return "unknown_outage", "there is no such outage"
}

// deskReference is what the desk says on the telephone about one person, and a carrier repeats: it shows that somebody called. It
// is made from the person's record under the node's secret, so that it can neither be guessed nor used for another.
func (d *Domain) deskReference(record string) string {
	sum := sha256.Sum256([]byte(d.ids.ID("desk reference", record)))
	return "D-" + crockford.EncodeToString(sum[:5])
}

// crockford has no letters that are heard or read as others.
var crockford = base32.NewEncoding("0123456789ABCDEFGHJKMNPQRSTVWXYZ").WithPadding(base32.NoPadding)

var insertOverride = store.NewInsert("travel_override", []string{"id", "at", "filer", "carrier", "passenger", "record", "body"}, "")

func (o *Override) row() ([]any, error) {
	body, err := json.Marshal(o)
	filer := ""
	if o.Role == string(access.Filer) {
		filer = o.By
	}
	return []any{o.ID, store.Micros(o.At), filer, o.Carrier, o.Passenger, o.record, string(body)}, err
}

func scanOverride(rows *sql.Rows) (o Override, err error) {
	var body []byte
	if err := rows.Scan(&o.record, &body); err != nil {
		return o, err
	}
	return o, json.Unmarshal(body, &o)
}

// overridesOf are those of passengers, the newest first.
func overridesOf(ctx context.Context, r store.Reader, ids []screening.ID) (map[screening.ID][]Override, error) {
	of, err := recordsOf(ctx, r, ids)
	if err != nil || len(of) == 0 {
		return nil, err
	}
	under, err := overridesUnder(ctx, r, slices.Sorted(maps.Keys(of)))
	found := map[screening.ID][]Override{}
	for _, record := range slices.Sorted(maps.Keys(under)) {
		id := of[record]
		for _, o := range under[record] {
			o.Passenger = string(id)
			found[id] = append(found[id], o)
		}
	}
	for _, list := range found {
		slices.SortFunc(list, func(a, b Override) int { return strings.Compare(b.ID, a.ID) })
	}
	return found, err
}

// overridesUnder are those kept under source records, by record.
func overridesUnder(ctx context.Context, r store.Reader, records []string) (map[string][]Override, error) {
	found := map[string][]Override{}
	err := store.ForKeys(ctx, r, `select record, body from travel_override where record in (:keys)`, records, func(rows *sql.Rows) error {
		o, err := scanOverride(rows)
		found[o.record] = append(found[o.record], o)
		return err
	})
	return found, err
}

// record keeps an override, or refuses it for its rule.
func (d *Domain) record(ctx context.Context, who access.Principal, o Override) (Override, error) {
	err := d.store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		var err error
		found, err := passengers(ctx, tx, []screening.ID{screening.ID(o.Passenger)})
		if err != nil {
			return err
		}
		if len(found) == 0 {
			return nobody()
		}
		p := &found[0]
		flights, err := flightsOf(ctx, tx, found)
		if err != nil {
			return err
		}
		f := flights[p.Flight]
		if f == nil {
			return nobody()
		}
		asked, err := questions(ctx, tx, []screening.ID{screening.ID(p.ID)})
		if err != nil {
			return err
		}
		o.Carrier, o.Flight = f.Carrier, overridden{f.ID, f.Carrier, f.Number + f.Suffix, f.Date, f.From, f.To}
		if o.Station == "" {
			o.Station = f.From
		}
		o.record = p.ID
		if q := last(asked[screening.ID(p.ID)]); q != nil {
			o.Verdict, o.record = q.verdict, q.record
		}
		c := circumstances{verdict: o.Verdict, staff: !who.Is(access.Filer), crew: p.Role == "crew", reference: d.deskReference(o.record), now: tx.Now()}
		if o.Outage != "" {
			if c.outages, err = outages(ctx, tx, `number = $1`, o.Outage); err != nil {
				return err
			}
		}
		if rule, why := o.refusal(c); rule != "" {
			return api.Errorf(api.Unprocessable, "%s", why).With("code", errOverride).With("rule", rule)
		}
		o.ID, o.At, o.By, o.Role = keys.Event(), tx.Now().UTC(), who.Name, string(who.Role)
		row, err := o.row()
		if err != nil {
			return err
		}
		if _, err := insertOverride.Exec(ctx, tx, [][]any{row}); err != nil {
			return err
		}
		if err := audit.Record(ctx, tx, audit.Entry{Actor: who.Name, Role: string(who.Role), Action: "override.record", Touched: []string{o.ID, p.ID, f.ID}, Detail: o.Code}); err != nil {
			return err
		}
		return pipeline.Apply(ctx, tx, Name, pipeline.Effects{
			Due:    []screening.ID{screening.ID(p.ID)}, // who boarded by it is no alarm
			Events: []pipeline.Event{{Name: "override", ID: o.ID}, {Name: "passenger", ID: p.ID}, {Name: "desk", ID: p.ID, Counts: map[string]int{"override": 1}}},
		})
	})
	return o, err
}

// nobody is what whoever names somebody is told who is not there, or not theirs.
func nobody() error {
	return api.Errorf(api.NotFound, "nobody is known by what was sent: name flight and person as in the question")
}

// named finds whom a carrier means, as it named them in its question.
func (d *Domain) named(ctx context.Context, r store.Reader, k Key, abo string, doc Document) (screening.ID, error) {
	flight := k.ID(d.ids)
	p := &Person{CarrierReference: abo}
	if doc.Number != "" {
		p.Documents = []Document{doc}
	}
	records := []string{d.ids.ID(string(Listed), flight, personKey(p)), d.ids.ID(string(Crew), flight, personKey(p))}
	of, err := passengersOf(ctx, r, records)
	if err != nil {
		return "", err
	}
	for _, record := range records {
		if id := of[record]; id != "" {
			return id, nil
		}
	}
	return "", nobody()
}

// overrideRate is how often a carrier's station overrides answers.
type overrideRate struct {
	Carrier   string         `json:"carrier"`
	Station   string         `json:"station"`
	Questions int            `json:"questions"`
	Overrides int            `json:"overrides"`
	Rate      float64        `json:"rate" doc:"Overrides a question"`
	ByCode    map[string]int `json:"by_code,omitempty"`
}

// rates counts questions and overrides of a time by carrier and station.
func rates(ctx context.Context, r store.Reader, from, until time.Time) ([]overrideRate, error) {
	type place struct{ carrier, station string }
	of := map[place]*overrideRate{}
	var order []place
	at := func(carrier, station string) *overrideRate {
		p := place{carrier, station}
		if of[p] == nil {
			of[p] = &overrideRate{Carrier: carrier, Station: station}
			order = append(order, p)
		}
		return of[p]
	}
	err := store.Rows(ctx, r, func(rows *sql.Rows) error {
		var carrier, station string
		var n int
		err := rows.Scan(&carrier, &station, &n)
		at(carrier, station).Questions = n
		return err
	}, `select f.carrier, f.origin, count(*) from travel_query q join travel_alias a on a.record = q.record join travel_flight f on f.id = a.flight
		where q.asked >= $1 and q.asked < $2 group by f.carrier, f.origin order by f.carrier, f.origin`, store.Micros(from), store.Micros(until))
	if err != nil {
		return nil, err
	}
	err = store.Rows(ctx, r, func(rows *sql.Rows) error {
		o, err := scanOverride(rows)
		if err != nil {
			return err
		}
		rate := at(o.Carrier, o.Station)
		rate.Overrides++
		if rate.ByCode == nil {
			rate.ByCode = map[string]int{}
		}
		rate.ByCode[o.Code]++
		return nil
	}, `select record, body from travel_override where at >= $1 and at < $2 order by id`, store.Micros(from), store.Micros(until))
	if err != nil {
		return nil, fmt.Errorf("count overrides: %w", err)
	}
	list := make([]overrideRate, len(order))
	for i, p := range order {
		list[i] = *of[p]
		if list[i].Questions > 0 {
			list[i].Rate = float64(list[i].Overrides) / float64(list[i].Questions)
		}
	}
	return list, nil
}
