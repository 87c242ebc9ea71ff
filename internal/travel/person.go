package travel

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/rihla/rihla/formats/cusres"
	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/casework"
	"github.com/rihla/rihla/internal/intake"
	"github.com/rihla/rihla/internal/screening"
)

// stop is one flight of a traveller's journey.
type stop struct {
	Segment
	This bool `json:"this,omitempty"` // the flight whose page this is
}

// companion travels with: under the same booking.
type companion struct {
	ID          string `json:"id"`
	Name        string `json:"name"`
	Reservation string `json:"reservation,omitempty"`
	Seat        string `json:"seat,omitempty"`
}

type caseMark struct {
	ID     string         `json:"id"`
	Number int64          `json:"number"`
	State  casework.State `json:"state"`
}

// answered is what a carrier that asked about a traveller was last told.
type answered struct {
	Verdict      cusres.Decision `json:"verdict" enum:"ok,insufficient-data,contact-authority,do-not-board,unknown"`
	At           time.Time       `json:"at"`
	Filer        string          `json:"filer"`
	Report       string          `json:"report" doc:"The question"`
	Until        time.Time       `json:"until" doc:"The answer is good so long, and changes are told"`
	Lacking      string          `json:"lacking,omitempty" doc:"What the carrier must send before more can be said"`
	Unasked      bool            `json:"unasked,omitempty" doc:"Told because it changed, not because the carrier asked again"`
	Acknowledged time.Time       `json:"acknowledged,omitzero" doc:"When the carrier took what it was told unasked"`
	ID           string          `json:"id" doc:"Of the question: the same transaction, asked again, is the same question"`
	Provisional  bool            `json:"provisional,omitempty" doc:"Given while a part of what answers are made of was out of order"`
	Void         bool            `json:"void,omitempty" doc:"The traveller was told otherwise since: the carrier must ask again"`
	Decided      *whoDecided     `json:"decided,omitempty" doc:"Who said that the traveller may not board"`
}

// shown is what people see of a question.
func (q *question) shown(d *Domain) answered {
	return answered{
		Verdict: q.verdict, At: q.told, Filer: q.filer, Report: q.report, Until: q.until, Lacking: q.lacking, Unasked: q.unasked != "",
		ID: d.ids.ID("question", q.filer, q.record, cmp.Or(q.Transaction, q.report)), Provisional: q.Provisional, Void: q.Void,
	}
}

type passengerPage struct {
	Passenger
	Flight     flightItem          `json:"flight"`
	Values     []Value             `json:"values"`
	Journey    []stop              `json:"journey,omitempty"`
	Findings   []screening.Finding `json:"findings"`
	Cases      []caseMark          `json:"cases"`
	Companions []companion         `json:"companions,omitempty"`
	Reports    []string            `json:"reports"` // every report that said something of this person
	Answer     *answered           `json:"answer,omitempty"`
	Standings  []shownStanding     `json:"standings,omitempty" doc:"What speaks for the traveller"`
	Overrides  []Override          `json:"overrides,omitempty"`
	Reference  string              `json:"reference,omitempty" doc:"What the desk says on the telephone about this traveller, and a carrier repeats"`
	NoShow     bool                `json:"no_show,omitempty" doc:"Had leave to board, and is not on board"`
}

type getPassengerOut struct {
	Body passengerPage
}

func (d *Domain) getPassenger(ctx context.Context, in *oneIn) (*getPassengerOut, error) {
	r := d.store.Read()
	found, err := passengers(ctx, r, []screening.ID{screening.ID(in.ID)})
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, api.Errorf(api.NotFound, "there is no passenger %s", in.ID)
	}
	p := found[0]
	f, err := d.open(ctx, p.Flight)
	if err != nil {
		return nil, err
	}
	page := passengerPage{Passenger: p, Findings: []screening.Finding{}, Cases: []caseMark{}, Reports: []string{}}
	items, err := d.items(ctx, []Flight{f})
	if err != nil {
		return nil, err
	}
	page.Flight = items[0]
	if err := d.said(ctx, &page); err != nil {
		return nil, err
	}
	id := screening.ID(p.ID)
	findings, err := screening.OfSubjects(ctx, r, []screening.ID{id})
	if err != nil {
		return nil, err
	}
	page.Findings = append(page.Findings, findings[id]...)
	cases, err := casework.OfSubjects(ctx, r, []screening.ID{id})
	if err != nil {
		return nil, err
	}
	for _, c := range cases[id] {
		page.Cases = append(page.Cases, caseMark{c.ID, c.Number, c.State})
	}
	if err := d.travelsWith(ctx, &page); err != nil {
		return nil, err
	}
	if err := d.asked(ctx, &page, cases[id]); err != nil {
		return nil, err
	}
	touched := []string{p.ID, p.Flight}
	for _, other := range page.Companions {
		touched = append(touched, other.ID)
	}
	if err := d.tell(ctx, "passenger.read", touched); err != nil {
		return nil, err
	}
	return &getPassengerOut{Body: page}, nil
}

// asked fills in what was last told of the traveller, and what stands beside it.
func (d *Domain) asked(ctx context.Context, page *passengerPage, cases []casework.Case) error {
	r, id := d.store.Read(), screening.ID(page.ID)
	standings, err := d.standings(ctx, r, []Passenger{page.Passenger}, map[string]*Flight{page.Flight.ID: &page.Flight.Flight})
	if err != nil {
		return err
	}
	overrides, err := overridesOf(ctx, r, []screening.ID{id})
	if err != nil {
		return err
	}
	page.Standings, page.Overrides, page.Reference = standings[id], overrides[id], d.deskReference(page.ID)
	asked, err := questions(ctx, r, []screening.ID{id})
	if err != nil {
		return err
	}
	q := last(asked[id])
	if q == nil {
		return nil
	}
	a := q.shown(d)
	if a.Unasked {
		taken, err := intake.TakenBy(ctx, r, q.filer, []string{q.unasked})
		if err != nil {
			return err
		}
		a.Acknowledged = taken[q.unasked]
	}
	if a.Decided, err = decided(ctx, r, q.verdict, cases, page.Findings); err != nil {
		return err
	}
	page.Answer, page.Reference, page.NoShow = &a, d.deskReference(q.record), q.verdict == cusres.OK && page.Status == NotBoarded
	return nil
}

// said fills in who said what.
func (d *Domain) said(ctx context.Context, page *passengerPage) error {
	s, err := d.load(ctx, d.store.Read(), page.Flight.ID, Key{})
	if err != nil {
		return err
	}
	for _, g := range gather(s.sorted(), s.standing()) {
		if g.id() != page.ID {
			continue
		}
		page.Values = s.values(g)
		for _, r := range slices.SortedFunc(slices.Values(g.records), func(a, b *Record) int { return a.Said.Compare(b.Said) }) {
			for _, from := range []*Record{r, s.Records[r.Booking]} {
				if from != nil && from.Source.Report != "" && !slices.Contains(page.Reports, from.Source.Report) {
					page.Reports = append(page.Reports, from.Source.Report)
				}
			}
		}
	}
	if page.Booking != nil {
		for _, seg := range page.Booking.Segments {
			this := seg.From == page.Flight.From && seg.To == page.Flight.To &&
				len(seg.Departure) >= 10 && seg.Departure[:10] == page.Flight.Date
			page.Journey = append(page.Journey, stop{seg, this})
		}
	}
	return nil
}

// travelsWith finds the others of the same booking on this flight.
func (d *Domain) travelsWith(ctx context.Context, page *passengerPage) error {
	locator := page.Reservation
	if page.Booking != nil {
		locator = page.Booking.Locator
	}
	if locator == "" {
		return nil
	}
	all, err := manifest(ctx, d.store.Read(), page.Flight.ID)
	if err != nil {
		return err
	}
	for i := range all {
		p := &all[i]
		if p.ID != page.ID && (p.Reservation == locator || p.BookingID != "" && p.BookingID == page.BookingID) {
			page.Companions = append(page.Companions, companion{p.ID, p.Name(), p.Reservation, p.Seat})
		}
	}
	slices.SortFunc(page.Companions, func(a, b companion) int {
		if a.Name < b.Name {
			return -1
		}
		return 1
	})
	return nil
}
