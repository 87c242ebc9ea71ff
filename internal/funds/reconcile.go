package funds

import (
	"cmp"
	"context"
	"database/sql"
	"slices"
	"strings"
	"time"

	"github.com/rihla/rihla/internal/jobs"
	"github.com/rihla/rihla/internal/pipeline"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/screening/names"
	"github.com/rihla/rihla/internal/store"
)

// jobOneSided is how long a declaration at our end may be late.
const jobOneSided = Name + ".one-sided"

// How two ends of one crossing compare.
const (
	Agreed   = "agreed"
	Differs  = "difference"
	OneSided = "one_sided" // there is no declaration at the other end
)

// apart is how far the days of two ends may lie from one another: flights cross midnight, and people declare ahead.
const apart = 1

// compare says whether two declarations are of one crossing, seen from its two ends, and how they compare. It asks nothing
// of who was first.
func compare(ours, theirs *Entry, tolerance int64) (result string, same bool) {
	a, b := ours.Declaration, theirs.Declaration
	if a.Direction == b.Direction || !sameCarrier(ours, theirs) {
		return "", false
	}
	if a.Flight != "" && b.Flight != "" && a.Flight != b.Flight {
		return "", false
	}
	if days := dayOf(cmp.Or(a.FlightDate, a.day())).Time().Sub(dayOf(cmp.Or(b.FlightDate, b.day())).Time()).Hours() / 24; days < -apart || days > apart {
		return "", false
	}
	if alike(a, b, tolerance) {
		return Agreed, true
	}
	return Differs, true
}

// alike compares what was there at both ends: currency by currency where they are the same, else in US dollars.
func alike(a, b *Declaration, tolerance int64) bool {
	ours, theirs := byCurrency(a.there()), byCurrency(b.there())
	equal := len(ours) == len(theirs)
	for currency, amount := range ours {
		other, there := theirs[currency]
		equal = equal && there && amount.Within(other, tolerance)
	}
	if equal {
		return true
	}
	x, y := a.worth(), b.worth()
	return !x.IsZero() && !y.IsZero() && x.Within(y, max(tolerance, rateTolerance))
}

// rateTolerance is what two states' rates of exchange may differ by, in hundredths.
const rateTolerance = 2

// sameCarrier recognises a person at both ends: the same party, the same document, or name and birth.
func sameCarrier(a, b *Entry) bool {
	x, y := a.carrier(), b.carrier()
	if x == nil || y == nil {
		return false
	}
	if x.Party == y.Party {
		return true
	}
	for _, d := range x.Facet.Documents {
		for _, e := range y.Facet.Documents {
			if string(names.AppendCompact(nil, d.Number)) == string(names.AppendCompact(nil, e.Number)) {
				return true
			}
		}
	}
	return x.Facet.Born != "" && x.Facet.Born == y.Facet.Born && nameKey(&x.Facet) != "" && nameKey(&x.Facet) == nameKey(&y.Facet)
}

func nameKey(f *Facet) string {
	if len(f.Names) == 0 {
		return ""
	}
	n := f.Names[0]
	return names.Key(names.Name{Surname: n.Surname, Given: n.Given, Full: n.Full})
}

func (e *Entry) carrier() *Part {
	for i := range e.Parts {
		if r := e.Parts[i].Role; r == Carrier || r == Sender {
			return &e.Parts[i]
		}
	}
	return nil
}

// counterparts are the declarations of a kind that are the other end of one: of the same party, or of about that day by a
// person of that name and birth.
func (d *Domain) counterparts(ctx context.Context, r store.Reader, e *Entry, kind Kind) ([]*Entry, error) {
	c := e.carrier()
	if c == nil {
		return nil, nil
	}
	same, err := held(ctx, r, []string{c.Party}, []Kind{kind}, mostMovements)
	if err != nil {
		return nil, err
	}
	found := same[c.Party]
	at := dayOf(cmp.Or(e.Declaration.FlightDate, e.Declaration.day())).Time()
	if surname := firstWord(&c.Facet); surname != "" {
		err = store.Rows(ctx, r, func(rows *sql.Rows) error {
			o, err := scanEntry(rows)
			if err == nil && !slices.ContainsFunc(found, func(f *Entry) bool { return f.ID == o.ID }) {
				found = append(found, o)
			}
			return err
		}, `select version, body from funds_entry where kind = $1 and happened >= $2 and happened <= $3 and folded like $4 escape '\'`,
			string(kind), store.Micros(at.AddDate(0, 0, -apart-3)), store.Micros(at.AddDate(0, 0, apart+2)), "%"+escapeLike(surname)+"%")
	}
	slices.SortFunc(found, func(a, b *Entry) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID)) })
	return found, err
}

func firstWord(f *Facet) string {
	if len(f.Names) == 0 {
		return ""
	}
	words := strings.Fields(strings.ToLower(strings.ReplaceAll(f.Names[0].String(), ",", " ")))
	if len(words) == 0 {
		return ""
	}
	return words[0]
}

// reconciled says how a declaration compares with the partner's of the same crossing; nothing where the partner told of none.
func (d *Domain) reconciled(ctx context.Context, r store.Reader, ours *Entry) ([]reconcile, error) {
	theirs, err := d.counterparts(ctx, r, ours, Told)
	var out []reconcile
	for _, t := range theirs {
		if result, same := compare(ours, t, d.settings.Tolerance); same {
			out = append(out, t.reconcile(result))
		}
	}
	return out, err
}

func (e *Entry) reconcile(result string) reconcile {
	return reconcile{ID: e.ID, Result: result, USD: e.Declaration.worth(), Day: e.Declaration.day(), Flight: e.Declaration.Flight}
}

// end is one of the partner's declarations, and what stands at ours.
func (d *Domain) end(ctx context.Context, r store.Reader, theirs *Entry) (result string, ours *Entry, err error) {
	all, err := d.counterparts(ctx, r, theirs, Declared)
	if err != nil {
		return "", nil, err
	}
	result = OneSided
	for _, o := range all {
		got, same := compare(o, theirs, d.settings.Tolerance)
		if same && (result == OneSided || got == Agreed) {
			result, ours = got, o
		}
	}
	return result, ours, nil
}

// oneSidedAt is when it is asked whether there is a declaration at our end: as long it may be late.
func (d *Domain) oneSidedAt(e *Entry, now time.Time) jobs.Job {
	from := e.At
	if now.After(from) {
		from = now
	}
	return jobs.Job{ID: jobOneSided + "/" + e.ID, Kind: jobOneSided, Due: from.AddDate(0, 0, d.settings.OneSided), Body: []byte(e.ID)}
}

// lookForOurs notes that the time is over in which ours might still come; whether it came is worked out whenever it is looked
// at, so that one which comes later still ends the finding.
func (d *Domain) lookForOurs(ctx context.Context, tx store.Tx, id string) (e pipeline.Effects, err error) {
	theirs, err := entryByID(ctx, tx, id)
	if err != nil || theirs == nil || theirs.Declaration == nil {
		return e, err
	}
	if _, err := flag(ctx, tx, id, CodeOneSided, true); err != nil {
		return e, err
	}
	e.Due = theirs.subjects()
	return e, nil
}

// besides is what this room finds of parties besides how their money moved: a traveller on no flight, another amount at
// the other end or none, a freezing clock that ran out.
func (d *Domain) besides(ctx context.Context, r store.Reader, parties []string, around map[string]*surroundings) (map[string][]screening.Finding, error) {
	out := map[string][]screening.Finding{}
	add := func(party, matched string, severity screening.Severity, x screening.Explanation) {
		out[party] = append(out[party], screening.Finding{Subject: screening.ID(party), Engine: Engine, Matched: matched, Severity: severity, Explanation: x})
	}
	flags, err := d.flags(ctx, r, parties, around)
	if err != nil {
		return nil, err
	}
	for _, id := range parties {
		for _, e := range around[id].own {
			c := e.carrier()
			if c == nil || c.Party != id {
				continue
			}
			if e.Kind == Declared && flags[e.ID+" "+CodeUnlinked] {
				add(id, "unlinked/"+e.ID, screening.Low, screening.Explanation{Code: CodeUnlinked, Subject: e.line(), Listed: e.Ref, Settle: []string{"ask_carrier"}})
			}
			if e.Kind != Told {
				continue
			}
			result, ours, err := d.end(ctx, r, e)
			if err != nil {
				return nil, err
			}
			x := screening.Explanation{Code: CodeOneSided, Subject: e.told(), Listed: e.Declaration.Partner, Settle: []string{"ask_provenance"}}
			switch {
			case result == OneSided && flags[e.ID+" "+CodeOneSided]:
				add(id, "one-sided/"+e.ID, screening.High, x)
			case result == Differs:
				x.Code = CodeDifference
				x.Evidence = []screening.Evidence{{Code: "movement", Subject: ours.line(), Listed: ours.ID}}
				add(id, "difference/"+e.ID, screening.Medium, x)
			}
		}
	}
	freezes, err := freezesOf(ctx, r, parties)
	if err != nil {
		return nil, err
	}
	for _, id := range parties {
		for _, f := range freezes[id] {
			if f.Overdue && (f.State == Pending || !f.Delisted.IsZero() && f.State != Lifted) {
				add(id, "freeze/"+f.Case, screening.Critical, screening.Explanation{Code: CodeOverdue, Subject: f.Due.Format(time.RFC3339), Listed: strings.Join(f.Matched, ", ")})
			}
		}
	}
	return out, nil
}

// told is a declaration of the partner's in one line.
func (e *Entry) told() string {
	amount, currency := e.Declaration.single()
	return strings.Join(nonEmpty(e.Declaration.day(), amount.String()+" "+currency, e.Declaration.Direction, e.Declaration.Flight), " ")
}

func (d *Domain) flags(ctx context.Context, r store.Reader, parties []string, around map[string]*surroundings) (map[string]bool, error) {
	var ids set[string]
	for _, id := range parties {
		for _, e := range around[id].own {
			if e.Declaration != nil {
				ids.add(e.ID)
			}
		}
	}
	out := map[string]bool{}
	err := store.ForKeys(ctx, r, `select entry, what from funds_flag where entry in (:keys)`, ids.values, func(rows *sql.Rows) error {
		var entry, what string
		err := rows.Scan(&entry, &what)
		out[entry+" "+what] = true
		return err
	})
	return out, err
}

// knownOf adds to a declaration's page what is known besides.
func (d *Domain) knownOf(ctx context.Context, e *Entry, page *declarationPage) (err error) {
	r := d.store.Read()
	if page.Partner, err = d.reconciled(ctx, r, e); err != nil {
		return err
	}
	if page.Journeys, err = d.journeys(ctx, r, e); err != nil {
		return err
	}
	tallies, err := screening.Tallies(ctx, r, []screening.ID{screening.ID(page.By.ID)})
	if err != nil {
		return err
	}
	t := tallies[screening.ID(page.By.ID)]
	page.Findings, page.Severity = t.Findings, t.Severity
	page.Cases, err = d.casesOf(ctx, e.subjects())
	return err
}
