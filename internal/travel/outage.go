package travel

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/rihla/rihla/internal/store"
)

// Outage is a time in which a carrier could not ask, or could not be answered, or was answered with less than usual.
type Outage struct {
	Number     string    `json:"number" doc:"What overrides name: OUT-2026-014"`
	Cause      string    `json:"cause" enum:"state,carrier,network"`
	Scope      string    `json:"scope" enum:"iapi,lists,links,all" doc:"What was out: the answers; lists or links, and answers are provisional; everything"`
	Carrier    string    `json:"carrier,omitempty" doc:"Whose own it is; absent of the state's, which is everybody's"`
	Reference  string    `json:"reference,omitempty" doc:"The carrier's own number"`
	Note       string    `json:"note,omitempty"`
	From       time.Time `json:"from"`
	To         time.Time `json:"to,omitzero" doc:"Absent while it lasts"`
	GraceUntil time.Time `json:"grace_until,omitzero" doc:"What was due in it is on time until then"`
	By         string    `json:"declared_by,omitempty"`
	Declared   time.Time `json:"declared"`
	ClosedBy   string    `json:"closed_by,omitempty"`
	Closed     time.Time `json:"closed,omitzero"`

	filer string // who declared its own
}

// The causes and scopes of outages.
const (
	causeState   = "state"
	causeCarrier = "carrier"
	causeNetwork = "network"

	scopeAnswers = "iapi"
	scopeLists   = "lists"
	scopeLinks   = "links"
	scopeAll     = "all"
)

// grace is how long after an outage what was due in it may still come.
const grace = 2 * time.Hour

// How what was due at some time came.
const (
	cameInTime       = "in_time"
	cameInWindow     = "in_window"     // late, for an outage: on time
	cameAfterGrace   = "after_grace"   // an outage was over for longer than the grace
	cameBeforeWindow = "before_window" // late, and no outage was when it was due
	cameNever        = "missing"
)

// timely says whether what was due at an instant came on time: by then, or where it was due in an outage, until the grace
// after it is over.
func timely(due, received time.Time, outages []Outage) (onTime bool, why string) {
	switch {
	case received.IsZero():
		return false, cameNever
	case !received.After(due):
		return true, cameInTime
	}
	why = cameBeforeWindow
	for i := range outages {
		o := &outages[i]
		if due.Before(o.From) || !o.To.IsZero() && due.After(o.To) {
			continue
		}
		if o.To.IsZero() || !received.After(o.To.Add(grace)) {
			return true, cameInWindow
		}
		why = cameAfterGrace
	}
	return false, why
}

// covers says whether somebody may invoke an outage for what happened at an instant.
func (o *Outage) covers(carrier string, at time.Time) bool {
	return (o.Carrier == "" || o.Carrier == carrier) && !at.Before(o.From) && (o.To.IsZero() || !at.After(o.To.Add(grace)))
}

var insertOutage = store.NewInsert("travel_outage", []string{"number", "starts", "ends", "filer", "body"},
	`on conflict (number) do update set starts = excluded.starts, ends = excluded.ends, body = excluded.body`)

func (o *Outage) row() ([]any, error) {
	body, err := json.Marshal(o)
	ends := int64(0)
	if !o.To.IsZero() {
		ends = store.Micros(o.To)
	}
	return []any{o.Number, store.Micros(o.From), ends, o.filer, string(body)}, err
}

func scanOutage(rows *sql.Rows) (o Outage, err error) {
	var body []byte
	if err := rows.Scan(&o.filer, &body); err != nil {
		return o, err
	}
	if err := json.Unmarshal(body, &o); err != nil {
		return o, fmt.Errorf("an outage as stored: %w", err)
	}
	if !o.To.IsZero() {
		o.GraceUntil = o.To.Add(grace)
	}
	return o, nil
}

// outages are those that a clause chooses, the newest first.
func outages(ctx context.Context, r store.Reader, clause string, args ...any) (list []Outage, err error) {
	list = []Outage{}
	err = store.Rows(ctx, r, func(rows *sql.Rows) error {
		o, err := scanOutage(rows)
		list = append(list, o)
		return err
	}, `select filer, body from travel_outage where `+clause+` order by starts desc, number desc`, args...)
	return list, err
}

// outageBy is one by its number; found is false where there is none.
func outageBy(ctx context.Context, r store.Reader, number string) (o Outage, found bool, err error) {
	list, err := outages(ctx, r, `number = $1`, number)
	if err != nil || len(list) == 0 {
		return o, false, err
	}
	return list[0], true, nil
}

// inForce are the outages of an instant.
func inForce(ctx context.Context, r store.Reader, at time.Time) ([]Outage, error) {
	return outages(ctx, r, `starts <= $1 and (ends = 0 or ends > $1)`, store.Micros(at))
}

// nextOutage numbers one of a year.
func nextOutage(ctx context.Context, tx store.Tx, at time.Time) (string, error) {
	year := at.UTC().Format("2006")
	n, err := store.NextNumber(ctx, tx, "outage "+year, 1)
	return fmt.Sprintf("OUT-%s-%03d", year, n), err
}

// wrong says why somebody's declaration cannot stand; empty is that it can.
func (o *Outage) wrong(now time.Time, staff bool) (rule, why string) {
	switch {
	case !slices.Contains([]string{causeState, causeCarrier, causeNetwork}, o.Cause) || !staff && o.Cause == causeState:
		return "cause", "say what was out of order: carrier or network; that the state's own side is, the state declares"
	case !slices.Contains([]string{scopeAnswers, scopeLists, scopeLinks, scopeAll}, o.Scope):
		return "scope", "say what was out: iapi, lists, links or all"
	case o.From.After(now), now.Sub(o.From) > longestBack:
		return "window", "an outage begins now or at most three days ago"
	case !o.To.IsZero() && (!o.To.After(o.From) || o.To.After(now)):
		return "window", "an outage ends after it began, and not after now"
	}
	return "", ""
}

// longestBack is how long after it began an outage may still be declared: a node that is down cannot be told of it.
const longestBack = 72 * time.Hour
