package dialogue

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"time"

	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/store"
)

// sheet is a meeting as the tables keep it: one row, changed as a whole.
type sheet struct {
	Meeting Meeting `json:"meeting"`
	Agenda  []Item  `json:"agenda"`
	record  []byte  // what the chairs sign, once offered
}

const sheetColumns = `id, year, place, partner, host, starts, state, version, body, record`

func scanSheet(rows interface{ Scan(...any) error }) (s sheet, err error) {
	var id, partner, host, state, body string
	var year, place, starts, version int64
	if err := rows.Scan(&id, &year, &place, &partner, &host, &starts, &state, &version, &body, &s.record); err != nil {
		return s, err
	}
	if err := json.Unmarshal([]byte(body), &s); err != nil {
		return s, fmt.Errorf("meeting %s: %w", id, err)
	}
	m := &s.Meeting
	m.ID, m.Number, m.Partner, m.Host, m.Starts, m.State, m.Version = id, number("M", year, place), partner, host, store.Time(starts), State(state), version
	m.Signatures = []Signature{}
	return s, nil
}

func number(letter string, year, place int64) string {
	return fmt.Sprintf("%s-%d-%02d", letter, year, place)
}

var numberForm = regexp.MustCompile(`^[MAD]-(\d{4})-(\d{2,5})$`)

// placeOf reads a number back.
func placeOf(number string) (year, place int64, ok bool) {
	m := numberForm.FindStringSubmatch(number)
	if m == nil {
		return 0, 0, false
	}
	year, _ = strconv.ParseInt(m[1], 10, 64) // digits, few of them
	place, _ = strconv.ParseInt(m[2], 10, 64)
	return year, place, true
}

// next is the first free place of a year in a table of this room.
func next(ctx context.Context, tx store.Tx, table string, year int64) (place int64, err error) {
	err = tx.QueryRowContext(ctx, `select coalesce(max(place), 0) + 1 from `+table+` where year = $1`, year).Scan(&place)
	return place, err
}

func readSheet(ctx context.Context, r store.Reader, id string) (sheet, error) {
	s, err := scanSheet(r.QueryRowContext(ctx, `select `+sheetColumns+` from dialogue_meeting where id = $1`, id))
	if errors.Is(err, sql.ErrNoRows) {
		return s, api.Errorf(api.NotFound, "there is no meeting %q; the list of meetings names those there are", id)
	}
	return s, err
}

var saveSheets = store.NewInsert("dialogue_meeting",
	[]string{"id", "year", "place", "partner", "host", "starts", "state", "version", "body", "record"},
	`on conflict (id) do update set starts = excluded.starts, state = excluded.state, version = excluded.version,
		body = excluded.body, record = excluded.record`)

// save writes a meeting read in the same transaction, as its next version.
func (s *sheet) save(ctx context.Context, tx store.Tx) error {
	m := s.Meeting
	year, place, ok := placeOf(m.Number)
	if !ok {
		return fmt.Errorf("meeting %s has the number %q", m.ID, m.Number)
	}
	s.Meeting.Version++
	m.Signatures = nil // they have their own table
	body, err := json.Marshal(sheet{Meeting: m, Agenda: s.Agenda})
	if err != nil {
		return err
	}
	if s.record == nil {
		s.record = []byte{}
	}
	_, err = saveSheets.Exec(ctx, tx, [][]any{{m.ID, year, place, m.Partner, m.Host, store.Micros(m.Starts), string(m.State), s.Meeting.Version, string(body), s.record}})
	return err
}

var saveSignatures = store.NewInsert("dialogue_signature", []string{"meeting", "party", "authority", "actor", "at", "jws"},
	`on conflict (meeting, party) do update set authority = excluded.authority, actor = excluded.actor, at = excluded.at, jws = excluded.jws`)

func saveSignature(ctx context.Context, tx store.Tx, meeting string, s Signature) error {
	_, err := saveSignatures.Exec(ctx, tx, [][]any{{meeting, s.Party, s.Authority, s.By, store.Micros(s.At), s.JWS}})
	return err
}

func forgetSignatures(ctx context.Context, tx store.Tx, meeting string) error {
	_, err := tx.ExecContext(ctx, `delete from dialogue_signature where meeting = $1`, meeting)
	return err
}

func signaturesOf(ctx context.Context, r store.Reader, meetings ...string) (map[string][]Signature, error) {
	all := map[string][]Signature{}
	err := store.ForKeys(ctx, r, `select meeting, party, authority, actor, at, jws from dialogue_signature where meeting in (:keys) order by at, party`, meetings,
		func(rows *sql.Rows) error {
			var meeting string
			var s Signature
			var at int64
			err := rows.Scan(&meeting, &s.Party, &s.Authority, &s.By, &at, &s.JWS)
			s.At = store.Time(at)
			all[meeting] = append(all[meeting], s)
			return err
		})
	return all, err
}

var saveActions = store.NewInsert("dialogue_action",
	[]string{"id", "meeting", "partner", "year", "place", "agreement", "due", "state", "body"},
	`on conflict (id) do update set due = excluded.due, state = excluded.state, body = excluded.body`)

func saveAction(ctx context.Context, tx store.Tx, partner string, a Action) error {
	year, place, ok := placeOf(a.Number)
	if !ok {
		return fmt.Errorf("action %s has the number %q", a.ID, a.Number)
	}
	state := a.State
	if state == ActionLate { // what the calendar says is not kept
		state = ActionOpen
	}
	body, err := json.Marshal(a)
	if err != nil {
		return err
	}
	_, err = saveActions.Exec(ctx, tx, [][]any{{a.ID, a.Meeting, partner, year, place, a.Agreement, a.Due, string(state), string(body)}})
	return err
}

// actions reads action items, their lateness as of today, late ones first, then by day.
func actions(ctx context.Context, r store.Reader, today, where string, args ...any) ([]Action, error) {
	all := []Action{}
	err := store.Rows(ctx, r, func(rows *sql.Rows) error {
		var state, body string
		if err := rows.Scan(&state, &body); err != nil {
			return err
		}
		var a Action
		if err := json.Unmarshal([]byte(body), &a); err != nil {
			return fmt.Errorf("an action item: %w", err)
		}
		a.State = ActionState(state)
		if a.State == ActionOpen && a.Due < today {
			a.State = ActionLate
		}
		all = append(all, a)
		return nil
	}, `select a.state, a.body from dialogue_action a `+where+` order by a.due, a.year, a.place, a.id`, args...)
	slices.SortStableFunc(all, func(a, b Action) int { return cmp.Compare(rank(a.State), rank(b.State)) })
	return all, err
}

func rank(s ActionState) int {
	switch s {
	case ActionLate:
		return 0
	case ActionOpen:
		return 1
	default:
		return 2
	}
}

var addDecisions = store.NewInsert("dialogue_decision", []string{"meeting", "year", "place", "agreement", "body"},
	`on conflict (meeting, year, place) do update set agreement = excluded.agreement, body = excluded.body`)

func saveDecision(ctx context.Context, tx store.Tx, meeting string, d Decision) error {
	year, place, ok := placeOf(d.Number)
	if !ok {
		return fmt.Errorf("a decision of meeting %s has the number %q", meeting, d.Number)
	}
	d.SignedBy = nil // the meeting's signatures say
	body, err := json.Marshal(d)
	if err != nil {
		return err
	}
	_, err = addDecisions.Exec(ctx, tx, [][]any{{meeting, year, place, d.Agreement, string(body)}})
	return err
}

// decisionsOf reads a meeting's decisions; those who signed the meeting signed them.
func decisionsOf(ctx context.Context, r store.Reader, m *Meeting) ([]Decision, error) {
	all := []Decision{}
	signed := []string{}
	if m.State == Closed {
		for _, s := range m.Signatures {
			signed = append(signed, s.Authority)
		}
		slices.Sort(signed)
	}
	err := store.Rows(ctx, r, func(rows *sql.Rows) error {
		var body string
		if err := rows.Scan(&body); err != nil {
			return err
		}
		var d Decision
		if err := json.Unmarshal([]byte(body), &d); err != nil {
			return fmt.Errorf("a decision of meeting %s: %w", m.ID, err)
		}
		d.SignedBy = signed
		all = append(all, d)
		return nil
	}, `select body from dialogue_decision where meeting = $1 order by year, place`, m.ID)
	return all, err
}

// dropContents removes the action items and decisions of a meeting whose record is replaced.
func dropContents(ctx context.Context, tx store.Tx, meeting string) error {
	for _, table := range []string{"dialogue_action", "dialogue_decision"} {
		if _, err := tx.ExecContext(ctx, `delete from `+table+` where meeting = $1`, meeting); err != nil {
			return err
		}
	}
	return nil
}

// moment is when the transaction happens, as the store will give it back.
func moment(tx store.Tx) time.Time { return store.Time(store.Micros(tx.Now())) }

func day(t time.Time) string { return t.UTC().Format(time.DateOnly) }
