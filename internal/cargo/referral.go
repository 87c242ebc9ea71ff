package cargo

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"github.com/rihla/rihla/internal/keys"
	"github.com/rihla/rihla/internal/store"
)

// Question is what an officer means to ask, before it is decided that it be asked.
type Question struct {
	Kind     string    `json:"kind" enum:"rfi,rfs,dnl"`
	Asks     []string  `json:"asks,omitempty" maxItems:"20" doc:"What exactly is asked, by code"`
	Method   string    `json:"method,omitempty" maxLength:"4" doc:"Of screening: HRCM, XRY, EDS, ETD, EDD, PHS, VCK, CMD, AOM"`
	Text     string    `json:"text,omitempty" maxLength:"2000" doc:"For the filer, in plain words; carried in the thread, the first of it in the status"`
	Minutes  int       `json:"deadline_minutes,omitempty" minimum:"0" maximum:"20160" doc:"From the decision on; 0 is the house's default"`
	Contact  string    `json:"contact,omitempty" maxLength:"200" doc:"Who answers at our end, day and night; of a do-not-load who was called"`
	By       string    `json:"by,omitempty"`
	Prepared time.Time `json:"prepared,omitzero"`
}

// Asks are what a request for information may ask for.
var Asks = []string{
	"consignor-name", "consignor-address", "consignor-contact", "consignee-name", "consignee-address", "consignee-contact",
	"goods-description", "hs-code", "pieces", "weight", "value",
	"clarify-consignor", "clarify-consignee", "clarify-relation", "clarify-goods", "clarify-end-use",
	"licence", "dangerous-goods-papers", "master-number", "missing-houses",
}

// Methods are the ways to screen that a request may name. HRCM is the regimes' word for high-risk cargo measures.
var Methods = []string{"HRCM", "XRY", "EDS", "ETD", "EDD", "PHS", "VCK", "CMD", "AOM"}

// Referral is a request that was sent, and what became of it.
type Referral struct {
	ID          string    `json:"id"`
	Consignment string    `json:"consignment"`
	Case        string    `json:"case"`
	Kind        string    `json:"kind"`
	Asks        []string  `json:"asks,omitempty"`
	Method      string    `json:"method,omitempty"`
	Text        string    `json:"text,omitempty"`
	Contact     string    `json:"contact,omitempty"`
	Opened      time.Time `json:"opened"`
	Deadline    time.Time `json:"deadline,omitzero"`
	By          string    `json:"by"`
	Confirmed   string    `json:"confirmed_by,omitempty"`
	State       string    `json:"state"` // open, answered, lifted
	Answered    time.Time `json:"answered,omitzero"`
	Lifted      time.Time `json:"lifted,omitzero"`
	LiftedBy    string    `json:"lifted_by,omitempty"`
	Reminded    bool      `json:"reminded,omitempty"`
	Escalated   bool      `json:"escalated,omitempty"`
}

// The states of a referral. An answer is not yet its end: that is a human's word.
const (
	openReferral     = "open"
	answeredReferral = "answered"
	liftedReferral   = "lifted"
)

// Line is one line of the thread of a consignment's referrals.
type Line struct {
	At          time.Time    `json:"at"`
	By          string       `json:"by,omitempty"`
	What        string       `json:"what"` // asked, filed, answer, note, call, reminder, escalated, second-due, cut-off, lifted
	Text        string       `json:"text,omitempty"`
	Result      string       `json:"result,omitempty"` // of a screening: clear, alarm, not-done
	Report      string       `json:"report,omitempty"`
	Differences []Difference `json:"differences,omitempty"`
	Referral    string       `json:"-"`
}

var (
	insertReferral = store.NewInsert("cargo_referral", []string{"id", "consignment", "state", "body"}, `on conflict (id) do update set state = excluded.state, body = excluded.body`)
	insertLine     = store.NewInsert("cargo_thread", []string{"consignment", "id", "referral", "body"}, `on conflict (consignment, id) do nothing`)
	insertQuestion = store.NewInsert("cargo_question", []string{"consignment", "body"}, `on conflict (consignment) do update set body = excluded.body`)
)

func saveReferral(ctx context.Context, tx store.Tx, r *Referral) error {
	body, err := json.Marshal(r)
	if err != nil {
		return err
	}
	_, err = insertReferral.Exec(ctx, tx, [][]any{{r.ID, r.Consignment, r.State, string(body)}})
	return err
}

// addLine adds to the thread. Lines are in the order of their ids, which is that of time.
func addLine(ctx context.Context, tx store.Tx, consignment string, l Line) error {
	l.At = tx.Now().UTC().Truncate(time.Microsecond)
	body, err := json.Marshal(l)
	if err != nil {
		return err
	}
	_, err = insertLine.Exec(ctx, tx, [][]any{{consignment, keys.Event(), l.Referral, string(body)}})
	return err
}

func readJSON(ctx context.Context, r store.Reader, into any, query string, args ...any) (found bool, err error) {
	var body []byte
	err = r.QueryRowContext(ctx, query, args...).Scan(&body)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return true, json.Unmarshal(body, into)
}

func referralByID(ctx context.Context, r store.Reader, id string) (*Referral, error) {
	ref := &Referral{}
	found, err := readJSON(ctx, r, ref, `select body from cargo_referral where id = $1`, id)
	if !found {
		return nil, err
	}
	return ref, err
}

// referralsOf are all referrals of some consignments, the oldest first.
func referralsOf(ctx context.Context, r store.Reader, consignments []string) (map[string][]Referral, error) {
	out := map[string][]Referral{}
	err := store.ForKeys(ctx, r, `select body from cargo_referral where consignment in (:keys) order by id`, distinct(consignments), func(rows *sql.Rows) error {
		var body []byte
		if err := rows.Scan(&body); err != nil {
			return err
		}
		var ref Referral
		err := json.Unmarshal(body, &ref)
		out[ref.Consignment] = append(out[ref.Consignment], ref)
		return err
	})
	return out, err
}

func threadOf(ctx context.Context, r store.Reader, consignment string) (lines []Line, err error) {
	lines = []Line{}
	err = store.Rows(ctx, r, func(rows *sql.Rows) error {
		var body []byte
		var l Line
		if err := rows.Scan(&l.Referral, &body); err != nil {
			return err
		}
		err := json.Unmarshal(body, &l)
		lines = append(lines, l)
		return err
	}, `select referral, body from cargo_thread where consignment = $1 order by id`, consignment)
	return lines, err
}

func questionOf(ctx context.Context, r store.Reader, consignment string) (*Question, error) {
	q := &Question{}
	found, err := readJSON(ctx, r, q, `select body from cargo_question where consignment = $1`, consignment)
	if !found {
		return nil, err
	}
	return q, err
}
