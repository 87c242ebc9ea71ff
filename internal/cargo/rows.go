package cargo

import (
	"context"
	"database/sql"
	"slices"
	"strings"
	"time"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/casework"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/store"
)

// Row is a consignment as lists show it.
type Row struct {
	ID          string             `json:"id"`
	Shipment    string             `json:"shipment"`
	Master      string             `json:"master"`
	House       string             `json:"house,omitempty"`
	Kind        string             `json:"kind" enum:"house,master,direct"`
	Origin      string             `json:"origin,omitempty"`
	Destination string             `json:"destination,omitempty"`
	Flight      string             `json:"flight,omitempty"`
	Date        string             `json:"date,omitempty"`
	Departs     time.Time          `json:"departs,omitzero"`
	DepartsKnow bool               `json:"departs_known" doc:"Somebody said it; else it is the end of the day"`
	CutOff      time.Time          `json:"cutoff,omitzero"`
	Consignor   *PartyName         `json:"consignor,omitempty"`
	Consignee   *PartyName         `json:"consignee,omitempty"`
	Goods       string             `json:"goods,omitempty"`
	HS          []string           `json:"hs" nullable:"false"`
	Pieces      int                `json:"pieces"`
	Kg          float64            `json:"kg"`
	State       string             `json:"state"`
	Hold        string             `json:"hold,omitempty"`
	Answered    time.Time          `json:"answered,omitzero"`
	Findings    int                `json:"findings"`
	Severity    screening.Severity `json:"severity,omitempty"`
	Kinds       []string           `json:"kinds" nullable:"false"`
	Case        string             `json:"case,omitempty"`
	CaseState   string             `json:"case_state,omitempty"`
	HeldBy      string             `json:"held_by,omitempty"`
	Filers      []string           `json:"filers" nullable:"false"`
	Versions    int                `json:"versions"`
	First       time.Time          `json:"first"`
	Last        time.Time          `json:"last"`
	Missing     []string           `json:"missing" nullable:"false"`
	Cancelled   bool               `json:"cancelled,omitempty"`
	Flags       []string           `json:"flags" nullable:"false"`
}

// PartyName is a party as lists show it.
type PartyName struct {
	Name    string `json:"name"`
	Country string `json:"country,omitempty"`
}

// What is odd about a consignment among its neighbours.
const (
	flagNoMaster  = "master-not-filed"
	flagCancelled = "cancelled-master"
	flagLoop      = "loop"
	flagDeep      = "chain-too-long"
	flagMissing   = "houses-missing"
	flagExceed    = "houses-exceed"
	flagUnder     = "under-consolidation"
	flagCheck     = "check-digit"
)

func (w *whole) flags() []string {
	out := []string{}
	say := func(flag string, is bool) {
		if is {
			out = append(out, flag)
		}
	}
	s := w.shipment
	say(flagNoMaster, w.house != "" && !s.Filed && !s.Cancelled)
	say(flagCancelled, w.house != "" && s.Cancelled)
	say(flagLoop, w.chain.loop)
	say(flagDeep, w.chain.depth > deepest)
	say(flagUnder, w.chain.depth > 1)
	say(flagMissing, w.house == "" && s.consolidates(w.load) && !s.whole(w.load) && !s.exceeds(w.load))
	say(flagExceed, w.house == "" && s.exceeds(w.load))
	say(flagCheck, !checks(w.Master))
	return out
}

// row makes a row without what other rooms know.
func (w *whole) row() Row {
	s := w.shipment
	at, known := s.departs()
	r := Row{
		ID: w.ID, Shipment: w.Shipment, Master: w.Master, House: w.House, Kind: w.kind(s, w.load), Origin: w.Origin, Destination: w.Destination,
		Date: s.leg().Date, Departs: at, DepartsKnow: known, CutOff: s.cutOff(), Goods: w.Goods, HS: nonNil(w.HS), Pieces: w.Pieces, Kg: float64(w.Grams) / 1000,
		State: w.standing.State, Hold: w.standing.Hold, Answered: w.standing.Answered, Kinds: []string{}, Filers: nonNil(w.Filers), Versions: w.Versions,
		First: w.First, Last: w.Last, Missing: nonNil(w.Missing), Cancelled: w.Cancelled, Flags: w.flags(),
	}
	if leg := s.leg(); leg.Carrier != "" {
		r.Flight = leg.Carrier + leg.Number
	}
	if w.Consignor != nil {
		r.Consignor = &PartyName{w.Consignor.Name, w.Consignor.Country}
	}
	if w.Consignee != nil {
		r.Consignee = &PartyName{w.Consignee.Name, w.Consignee.Country}
	}
	return r
}

func nonNil(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}

// others is what the other rooms know of some consignments: of each, its findings in brief and its case.
type others struct {
	tallies map[screening.ID]screening.Tally
	cases   map[screening.ID][]casework.Case
}

// about asks screening and casework about consignments and their parties.
func about(ctx context.Context, r store.Reader, list []whole) (others, error) {
	var ids []screening.ID
	for i := range list {
		ids = append(ids, subjectsOf(list[i].ID)...)
	}
	var k others
	var err error
	if k.tallies, err = screening.Tallies(ctx, r, ids); err != nil {
		return k, err
	}
	var met []screening.ID // only they can have a case; one that was withdrawn from still may
	for i := range list {
		if st := list[i].standing; st.State != Complete && st.State != Assessing && st.State != Incomplete || st.Hold != "" {
			met = append(met, subjectsOf(list[i].ID)...)
			continue
		}
		for _, id := range subjectsOf(list[i].ID) {
			if _, ok := k.tallies[id]; ok {
				met = append(met, id)
			}
		}
	}
	k.cases, err = casework.OfSubjects(ctx, r, met)
	return k, err
}

// fill adds what other rooms know.
func (k *others) fill(r *Row) {
	var best *casework.Case
	for _, id := range subjectsOf(r.ID) {
		t := k.tallies[id]
		r.Findings += t.Findings
		r.Severity = max(r.Severity, t.Severity)
		for _, kind := range t.Kinds {
			if !slices.Contains(r.Kinds, kind) {
				r.Kinds = append(r.Kinds, kind)
			}
		}
		for i := range k.cases[id] {
			c := &k.cases[id][i]
			if best == nil || caseRank(c) > caseRank(best) {
				best = c
			}
		}
	}
	if best == nil {
		return
	}
	r.Case, r.CaseState, r.HeldBy = best.ID, string(best.State), best.ClaimedBy
	if best.State == casework.Pending && r.Hold == "" {
		r.State = DNLProposed
	}
}

// caseRank prefers the case that waits for somebody's word.
func caseRank(c *casework.Case) int {
	rank := map[casework.State]int{casework.Pending: 5, casework.Claimed: 4, casework.Waiting: 3, casework.Open: 2, casework.Closed: 1}[c.State]
	return rank*10 + int(c.Severity)
}

// query is what a list of consignments asks for. Empty fields ask for everything.
type query struct {
	Departure string // "none" is those without a flight
	Shipment  string
	State     string
	Text      string
	Filer     string
	Open      bool  // those the referral desk has open
	Since     int64 // microseconds: those that have still to be loaded then
	After     place
	Limit     int
}

// place is where a page ends.
type place struct {
	Ahead int64
	ID    string
}

// list reads consignments in the order of their departure.
func list(ctx context.Context, r store.Reader, q query) (out []whole, last place, more bool, err error) {
	var b strings.Builder
	var args []any
	and := func(clause string, values ...any) {
		for _, v := range values {
			args = append(args, v)
			clause = strings.Replace(clause, "?", "$"+ordinal(len(args)), 1)
		}
		b.WriteString(" and " + clause)
	}
	switch q.Departure {
	case "":
	case noFlight:
		and("s.flight = ''")
	default:
		and("s.flight = ?", q.Departure)
	}
	if q.Shipment != "" {
		and("c.shipment = ?", q.Shipment)
	}
	switch q.State {
	case "":
	case DNLProposed: // its case says so
		and("c.state = ?", Referred)
	default:
		and("c.state = ?", q.State)
	}
	if q.Open {
		and("(c.state in ('referred', 'rfi', 'rfs', 'dnl') or c.hold <> '')") // as the index says it
	}
	for _, word := range strings.Fields(strings.ToLower(q.Text)) {
		and(`c.folded like ? escape '\'`, "%"+strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(word)+"%")
	}
	if q.Since != 0 {
		and("s.ahead > ?", q.Since)
	}
	if q.After.ID != "" {
		and("(s.ahead > ? or s.ahead = ? and c.id > ?)", q.After.Ahead, q.After.Ahead, q.After.ID)
	}
	args = append(args, q.Limit)
	var ids []string
	at := map[string]int{}
	err = store.Rows(ctx, r, func(rows *sql.Rows) error {
		err := rows.Scan(&last.ID, &last.Ahead)
		at[last.ID] = len(ids)
		ids = append(ids, last.ID)
		return err
	}, `select c.id, s.ahead from cargo_consignment c join cargo_shipment s on s.id = c.shipment where 1 = 1`+b.String()+
		` order by s.ahead, c.id limit $`+ordinal(len(args)), args...)
	if err != nil || len(ids) == 0 {
		return nil, last, false, err
	}
	if out, err = gather(ctx, r, ids); err != nil {
		return nil, last, false, err
	}
	slices.SortFunc(out, func(a, b whole) int { return at[a.ID] - at[b.ID] })
	if q.Filer != "" {
		out = slices.DeleteFunc(out, func(w whole) bool { return !w.filedBy(q.Filer) })
	}
	return out, last, len(ids) == q.Limit, nil
}

// filedBy says whether a filer's word on a consignment stands.
func (w *whole) filedBy(filer string) bool { return slices.Contains(w.Filers, filer) }

// seenBy makes a row what a role may see it: whoever only watches sees no party, and a filer nothing of what is thought.
func (r *Row) seenBy(who access.Principal) {
	switch who.Role {
	case access.Auditor:
		r.Consignor, r.Consignee = nil, nil
	case access.Filer:
		r.Findings, r.Severity, r.Kinds, r.Case, r.CaseState, r.HeldBy = 0, 0, []string{}, "", "", ""
		if r.State == Referred || r.State == DNLProposed { // that somebody looks is not told before anything is asked
			r.State = Received
		}
	}
}
