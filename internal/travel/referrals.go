package travel

import (
	"cmp"
	"context"
	"database/sql"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/rihla/rihla/formats/cusres"
	"github.com/rihla/rihla/internal/casework"
	"github.com/rihla/rihla/internal/intake"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/store"
)

// referral is a traveller whom the border desk is asked about now, with everything it needs to say board or not.
type referral struct {
	Passenger  referred            `json:"passenger"`
	Flight     referredFlight      `json:"flight"`
	Path       string              `json:"path"`
	Departs    time.Time           `json:"departs,omitzero"`
	Minutes    *int                `json:"minutes_left,omitempty" doc:"Until departure; negative where it should have left; absent where none is known"`
	Why        string              `json:"why" enum:"fact,referred,lacking,refused,unacknowledged,void"`
	Answer     answered            `json:"answer"`
	Waiting    bool                `json:"waiting,omitempty" doc:"Told unasked and not acknowledged in five minutes: phone"`
	Case       *referredCase       `json:"case,omitempty"`
	Findings   []screening.Finding `json:"findings" nullable:"false"`
	Standings  []shownStanding     `json:"standings" nullable:"false"`
	Prepared   *prepared           `json:"prepared,omitempty" doc:"The refusal that one confirmation makes"`
	Board      *outcome            `json:"board,omitempty"`
	Shortest   map[string]int      `json:"shortest,omitempty" doc:"Characters that a reason has at least, by outcome"`
	Station    station             `json:"station"`
	Reference  string              `json:"reference" doc:"Said on the telephone; a carrier repeats it in an override"`
	Script     script              `json:"script"`
	Companions []fellow            `json:"companions,omitempty"`
	Overrides  []Override          `json:"overrides,omitempty"`

	band, fact int // what it is put in order by
}

type referred struct {
	ID               string     `json:"id"`
	Name             string     `json:"name"`
	Sex              string     `json:"sex,omitempty"`
	Born             string     `json:"born,omitempty"`
	Nationality      string     `json:"nationality,omitempty"`
	Role             string     `json:"role"`
	Documents        []Document `json:"documents,omitempty"`
	Seat             string     `json:"seat,omitempty"`
	Reservation      string     `json:"reservation,omitempty"`
	CarrierReference string     `json:"carrier_reference,omitempty"`
	Infant           bool       `json:"infant,omitempty"`
}

type referredFlight struct {
	ID        string    `json:"id"`
	Carrier   string    `json:"carrier"`
	Number    string    `json:"number"`
	Suffix    string    `json:"suffix,omitempty"`
	Date      string    `json:"date"`
	From      string    `json:"from"`
	To        string    `json:"to"`
	Departure string    `json:"departure_local,omitempty"`
	Departs   time.Time `json:"departure,omitzero"`
	Status    string    `json:"status"`
}

type referredCase struct {
	ID        string             `json:"id"`
	Number    int64              `json:"number"`
	State     casework.State     `json:"state"`
	Version   int64              `json:"version"`
	Severity  screening.Severity `json:"severity,omitzero"`
	ClaimedBy string             `json:"claimed_by,omitempty"`
	Outcome   string             `json:"outcome,omitempty"`
}

type prepared struct {
	Outcome string `json:"outcome"`
	Fact    string `json:"fact"`
}

type outcome struct {
	Outcome string `json:"outcome"`
}

// script is what to say on the telephone: a key whose words are the pages', and the values in them.
type script struct {
	Key    string            `json:"key"`
	Values map[string]string `json:"values"`
}

// fellow travels under the same booking on the same flight.
type fellow struct {
	ID      string          `json:"id"`
	Name    string          `json:"name"`
	Verdict cusres.Decision `json:"verdict,omitempty"`
}

// Why somebody is on the desk's list. The keys of the scripts are the same.
const (
	whyFact           = "fact"     // not cleared, and a fact is why: the refusal is prepared
	whyReferred       = "referred" // not cleared: somebody must look
	whyLacking        = "lacking"  // the carrier must send more
	whyRefused        = "refused"  // an officer said no: the gate may call
	whyUnacknowledged = "unacknowledged"
	whyVoid           = "void" // told otherwise since: the carrier must ask again
)

// mostReferrals is how many the desk's page holds: no desk works on more at once.
const mostReferrals = 200

// lateDeparture is how long after the time it was to leave a flight is still looked for among the delayed.
const lateDeparture = 12 * time.Hour

// referrals are those whom the desk is asked about now, the most urgent first, and how many more there are.
func (d *Domain) referrals(ctx context.Context, r store.Reader, now time.Time) (list []referral, more int, err error) {
	asked := map[string]question{}
	err = store.Rows(ctx, r, func(rows *sql.Rows) error {
		q, err := scanQuestion(rows)
		asked[q.record] = q
		return err
	}, `select `+questionColumns+` from travel_query where (verdict <> 'ok' or unasked <> '') and until > $1`, store.Micros(now.Add(-lateDeparture)))
	if err != nil || len(asked) == 0 {
		return nil, 0, err
	}
	belongs, err := passengersOf(ctx, r, slices.Sorted(maps.Keys(asked)))
	if err != nil {
		return nil, 0, err
	}
	var ids []screening.ID
	for _, id := range belongs {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	all, err := questions(ctx, r, slices.Compact(ids))
	if err != nil {
		return nil, 0, err
	}
	of := map[screening.ID]*question{} // a traveller may have been asked about by other papers since, and answered
	for id, asked := range all {
		of[id] = last(asked)
	}
	receipts, err := receiptsOf(ctx, r, of)
	if err != nil {
		return nil, 0, err
	}
	maps.DeleteFunc(of, func(_ screening.ID, q *question) bool {
		unheard := q.unasked != "" && receipts[q.unasked].IsZero()
		return !now.Before(q.until) || q.verdict == cusres.OK && !unheard
	})
	if list, err = d.describe(ctx, r, of, receipts, now); err != nil {
		return nil, 0, err
	}
	slices.SortFunc(list, func(a, b referral) int {
		return cmp.Or(cmp.Compare(a.band, b.band), cmp.Compare(a.fact, b.fact), cmp.Compare(left(a.Minutes), left(b.Minutes)), a.Answer.At.Compare(b.Answer.At), cmp.Compare(a.Passenger.ID, b.Passenger.ID))
	})
	if n := len(list); n > mostReferrals {
		list, more = list[:mostReferrals], n-mostReferrals
	}
	return list, more, nil
}

// receiptsOf says when filers took what they were told unasked.
func receiptsOf(ctx context.Context, r store.Reader, asked map[screening.ID]*question) (map[string]time.Time, error) {
	by := map[string][]string{}
	for _, q := range asked {
		if q.unasked != "" {
			by[q.filer] = append(by[q.filer], q.unasked)
		}
	}
	all := map[string]time.Time{}
	for filer, ids := range by {
		taken, err := intake.TakenBy(ctx, r, filer, ids)
		if err != nil {
			return nil, err
		}
		for id, at := range taken {
			all[id] = at
		}
	}
	return all, nil
}

func left(minutes *int) int {
	if minutes == nil {
		return math.MaxInt
	}
	return *minutes
}

// describe gathers what the desk needs to know of travellers, in a few statements for all of them.
func (d *Domain) describe(ctx context.Context, r store.Reader, of map[screening.ID]*question, receipts map[string]time.Time, now time.Time) ([]referral, error) {
	ids := make([]screening.ID, 0, len(of))
	for id := range of {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	people, err := passengers(ctx, r, ids)
	if err != nil {
		return nil, err
	}
	flights, err := flightsOf(ctx, r, people)
	if err != nil {
		return nil, err
	}
	found, err := screening.OfSubjects(ctx, r, ids)
	if err != nil {
		return nil, err
	}
	cases, err := casework.OfSubjects(ctx, r, ids)
	if err != nil {
		return nil, err
	}
	overrides, err := overridesOf(ctx, r, ids)
	if err != nil {
		return nil, err
	}
	standings, err := d.standings(ctx, r, people, flights)
	if err != nil {
		return nil, err
	}
	stations, err := stationsOf(ctx, r, "")
	if err != nil {
		return nil, err
	}
	list := make([]referral, 0, len(people))
	for i := range people {
		p := &people[i]
		f, id := flights[p.Flight], screening.ID(p.ID)
		q := of[id]
		if f == nil || q == nil {
			continue
		}
		item := d.referral(p, f, q, found[id], cases[id], now)
		item.Answer.Acknowledged = receipts[q.unasked]
		item.Waiting = item.Answer.Unasked && item.Answer.Acknowledged.IsZero() && now.Sub(q.told) > acknowledgeWithin
		if item.Answer.Decided, err = decided(ctx, r, q.verdict, cases[id], found[id]); err != nil {
			return nil, err
		}
		item.Standings = append(item.Standings, standings[id]...)
		item.Overrides = overrides[id]
		item.Station = station{Carrier: f.Carrier, Airport: f.From}
		for _, s := range stations {
			if s.Carrier == f.Carrier && s.Airport == f.From {
				item.Station = s
			}
		}
		list = append(list, item)
	}
	return list, d.accompany(ctx, r, list)
}

// referral is what one line says, of what is known.
func (d *Domain) referral(p *Passenger, f *Flight, q *question, found []screening.Finding, cases []casework.Case, now time.Time) referral {
	item := referral{
		Passenger: referred{
			ID: p.ID, Name: p.Name(), Sex: p.Sex, Born: p.Born, Nationality: p.Nationality, Role: p.Role, Documents: p.Documents, Seat: p.Seat,
			Reservation: p.Reservation, CarrierReference: p.CarrierReference, Infant: q.Adult != "",
		},
		Flight: referredFlight{f.ID, f.Carrier, f.Number, f.Suffix, f.Date, f.From, f.To, f.Departure, f.Departs, f.Status},
		Path:   "/flights/" + f.ID + "?p=" + p.ID, Departs: f.Departs, Answer: q.shown(d), Reference: d.deskReference(q.record),
		Findings: append([]screening.Finding{}, found...), Standings: []shownStanding{}, band: 2, fact: 1,
	}
	if !f.Departs.IsZero() {
		minutes := int(math.Floor(f.Departs.Sub(now).Minutes()))
		item.Minutes = &minutes
		switch {
		case minutes < 30:
			item.band = 0
		case minutes < 120:
			item.band = 1
		}
	}
	fact := factOf(found)
	if len(cases) > 0 {
		c := &cases[0]
		item.Case = &referredCase{c.ID, c.Number, c.State, c.Version, c.Severity, c.ClaimedBy, c.Outcome}
		if c.State != casework.Closed {
			item.Board = &outcome{casework.Cleared}
			item.Shortest = map[string]int{}
			for _, o := range d.Outcomes() {
				item.Shortest[o.Code] = o.Shortest
			}
			if fact != "" {
				item.Prepared = &prepared{doNotBoard, fact}
			}
		}
	}
	switch {
	case q.verdict == cusres.DoNotBoard:
		item.Why = whyRefused
	case q.Void:
		item.Why = whyVoid
	case q.verdict == cusres.Insufficient:
		item.Why = whyLacking
	case q.verdict == cusres.Contact && fact != "":
		item.Why, item.fact = whyFact, 0
	case q.verdict == cusres.Contact:
		item.Why = whyReferred
	default:
		item.Why = whyUnacknowledged
	}
	item.Script = script{Key: item.Why, Values: map[string]string{
		"name": item.Passenger.Name, "flight": f.title(), "reference": item.Reference, "lacking": q.lacking, "desk": d.desk,
		"carrier_reference": p.CarrierReference, "reservation": p.Reservation,
	}}
	if len(p.Documents) > 0 {
		item.Script.Values["document"] = p.Documents[0].Number
	}
	return item
}

// accompany adds who travels under the same booking, with what their carrier was told.
func (d *Domain) accompany(ctx context.Context, r store.Reader, list []referral) error {
	aboard := map[string][]Passenger{}
	told := map[screening.ID]*question{}
	for i := range list {
		item := &list[i]
		if item.Passenger.Reservation == "" {
			continue
		}
		flight := item.Flight.ID
		if _, read := aboard[flight]; !read {
			people, err := manifest(ctx, r, flight)
			if err != nil {
				return err
			}
			slices.SortFunc(people, byName)
			aboard[flight] = people
			asked, err := toldOf(ctx, r, flight)
			if err != nil {
				return err
			}
			maps.Copy(told, asked)
		}
		for j := range aboard[flight] {
			p := &aboard[flight][j]
			if p.ID == item.Passenger.ID || p.Reservation != item.Passenger.Reservation || p.Status == Cancelled {
				continue
			}
			with := fellow{ID: p.ID, Name: p.Name()}
			if q := told[screening.ID(p.ID)]; q != nil {
				with.Verdict = q.verdict
			}
			item.Companions = append(item.Companions, with)
		}
	}
	return nil
}

// shownStanding is a standing as people see it: its number is no secret they need.
type shownStanding struct {
	Kind    string              `json:"kind"`
	Number  string              `json:"number" doc:"But for its end, hidden"`
	State   string              `json:"state"`
	Active  bool                `json:"active"`
	Until   time.Time           `json:"until,omitzero"`
	Cleared []screening.Cleared `json:"cleared,omitempty"`
}

// shownDigits are how many characters of a number are shown.
const shownDigits = 3

func hidden(number string) string {
	r := []rune(number)
	n := max(len(r)-shownDigits, 0)
	return strings.Repeat("•", n) + string(r[n:])
}

// standings are what speaks for passengers, by passenger.
func (d *Domain) standings(ctx context.Context, r store.Reader, people []Passenger, flights map[string]*Flight) (map[screening.ID][]shownStanding, error) {
	if d.vouched == nil {
		return nil, nil
	}
	var subjects []screening.Subject
	for i := range people {
		if f := flights[people[i].Flight]; f != nil {
			subjects = append(subjects, d.screened(&people[i], f).Subject)
		}
	}
	vouched, err := d.vouched(ctx, r, subjects...)
	if err != nil {
		return nil, err
	}
	out := map[screening.ID][]shownStanding{}
	for i := range vouched {
		for _, s := range vouched[i].Standings {
			id := vouched[i].Subject.ID
			out[id] = append(out[id], shownStanding{s.Kind, hidden(s.Number), s.State, s.Active, s.Until, s.Cleared})
		}
	}
	return out, nil
}

// whoDecided is who said that somebody may not board.
type whoDecided struct {
	By        string    `json:"by"`
	Confirmed string    `json:"confirmed_by,omitempty" doc:"The second person; absent where a fact had the refusal prepared"`
	At        time.Time `json:"at"`
	Fact      string    `json:"fact,omitempty" doc:"The class of the fact, where there was one"`
}

// decided tells who is behind a refusal: no carrier is told one that no named officer made.
func decided(ctx context.Context, r store.Reader, verdict cusres.Decision, cases []casework.Case, found []screening.Finding) (*whoDecided, error) {
	if verdict != cusres.DoNotBoard {
		return nil, nil
	}
	i := slices.IndexFunc(cases, func(c casework.Case) bool { return c.State == casework.Closed && c.Outcome == doNotBoard })
	if i < 0 {
		return nil, nil
	}
	made, err := casework.DecisionsOf(ctx, r, []string{cases[i].ID})
	if err != nil {
		return nil, err
	}
	for _, m := range made {
		if m.Outcome == doNotBoard && !m.Pending && !m.Refused {
			return &whoDecided{m.By, m.Confirmed, m.At, factOf(found)}, nil
		}
	}
	return nil, nil
}
