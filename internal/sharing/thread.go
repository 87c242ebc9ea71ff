package sharing

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/sharing/ledger"
	"github.com/rihla/rihla/internal/store"
)

// State is where a thread stands.
type State string

// The states of a thread. The asker's goes draft, asked, answered or refused; the holder's asked, half, answered or
// refused. A thread that never left this side is stopped or withdrawn; one that never arrived is undelivered.
const (
	Draft       State = "draft"       // waits for somebody of this side to approve asking
	Asked       State = "asked"       // waits for the holder's human
	Half        State = "half"        // one person released it, another must
	Answered    State = "answered"    // a hit, no hit or data
	Refused     State = "refused"     // by a human, or by the agreement
	Withdrawn   State = "withdrawn"   // not approved on the asker's own side
	Undelivered State = "undelivered" // the partner could not be reached in time
)

// The ways a thread begins.
const (
	asks  = "request"     // one side asks, the other answers
	gives = "spontaneous" // one side gives unasked
)

// What an answer is.
const (
	hit    = "hit"
	noHit  = "no_hit"
	data   = "data"
	refuse = "refuse"
)

// Thread is one matter between the two states: a request and all that follows from it, or something given unasked. It
// names no person: what it says of one is sealed apart, and opened by whoever may, with an entry in the audit log.
type Thread struct {
	ID         string    `json:"id"`
	Agreement  string    `json:"agreement"`
	Version    int       `json:"version"`
	Digest     string    `json:"digest"`
	Share      string    `json:"share"`
	Title      string    `json:"title,omitempty"`
	Category   string    `json:"category,omitempty"`
	Mode       string    `json:"mode,omitempty"`
	Direction  string    `json:"direction" enum:"in,out" doc:"Who began it: out is this state"`
	Kind       string    `json:"kind" enum:"request,spontaneous"`
	Own        string    `json:"own" doc:"This side's authority"`
	Partner    string    `json:"partner" doc:"The other side's"`
	State      State     `json:"state"`
	Purpose    string    `json:"purpose"`
	CaseRef    string    `json:"case_ref,omitempty"`
	Requester  string    `json:"requester,omitempty" doc:"The officer who began it: a name here, a pseudonym where the partner's"`
	Urgent     bool      `json:"urgent,omitempty"`
	AskedAt    time.Time `json:"asked_at"`
	Due        time.Time `json:"due,omitzero"`
	AnsweredAt time.Time `json:"answered_at,omitzero"`
	Late       bool      `json:"late,omitempty"`
	Result     string    `json:"result,omitempty" enum:"hit,no_hit,data,refused"`
	Code       string    `json:"code,omitempty" doc:"Of a refusal"`
	Reason     string    `json:"reason,omitempty"`
	Clause     string    `json:"clause,omitempty" doc:"Of the agreement, where that refused"`
	Reference  string    `json:"reference,omitempty" doc:"The holder's, to ask on with"`
	Outcome    string    `json:"outcome,omitempty" doc:"What the asker said came of it"`
	Attention  string    `json:"attention,omitempty" doc:"What somebody must look at: corrected, erased, doubted, overdue"`
	Prior      string    `json:"prior,omitempty" doc:"The thread it follows"`
	Subjects   int       `json:"subjects,omitempty" doc:"How many things it is about, where a message brought several"`

	choice  string    // the holder's half-made release
	message string    // the id of the message that began it
	forget  time.Time // when what it says of a person is destroyed; zero is not yet known
	edition int64     // moves with every change
}

const threadColumns = `id, agreement, version, digest, share, direction, kind, own, partner, state, purpose, case_ref, requester, urgent,
	asked_at, due, answered_at, result, code, reason, clause, reference, outcome, attention, prior, choice, message, forget_at, subjects, edition`

func scanThread(row interface{ Scan(...any) error }) (t Thread, err error) {
	var asked, due, answered, forget int64
	err = row.Scan(&t.ID, &t.Agreement, &t.Version, &t.Digest, &t.Share, &t.Direction, &t.Kind, &t.Own, &t.Partner, &t.State, &t.Purpose,
		&t.CaseRef, &t.Requester, &t.Urgent, &asked, &due, &answered, &t.Result, &t.Code, &t.Reason, &t.Clause, &t.Reference,
		&t.Outcome, &t.Attention, &t.Prior, &t.choice, &t.message, &forget, &t.Subjects, &t.edition)
	t.AskedAt, t.Due, t.AnsweredAt, t.forget = store.Time(asked), store.Time(due), store.Time(answered), store.Time(forget)
	return t, err
}

var saveThread = store.NewInsert("sharing_thread",
	[]string{
		"id", "agreement", "version", "digest", "share", "direction", "kind", "own", "partner", "state", "purpose", "case_ref", "requester", "urgent",
		"asked_at", "due", "answered_at", "result", "code", "reason", "clause", "reference", "outcome", "attention", "prior", "choice", "message", "forget_at", "subjects", "edition",
	},
	`on conflict (id) do update set state = excluded.state, due = excluded.due, answered_at = excluded.answered_at, result = excluded.result,
		code = excluded.code, reason = excluded.reason, clause = excluded.clause, reference = excluded.reference, outcome = excluded.outcome,
		attention = excluded.attention, choice = excluded.choice, message = excluded.message, forget_at = excluded.forget_at, subjects = excluded.subjects, edition = excluded.edition`)

// save writes a thread that was read in the same transaction.
func (t *Thread) save(ctx context.Context, tx store.Tx) error {
	t.edition++
	_, err := saveThread.Exec(ctx, tx, [][]any{{
		t.ID, t.Agreement, int64(t.Version), t.Digest, t.Share, t.Direction, t.Kind, t.Own, t.Partner, string(t.State), t.Purpose, t.CaseRef, t.Requester, t.Urgent,
		store.Micros(t.AskedAt), store.Micros(t.Due), store.Micros(t.AnsweredAt), t.Result, t.Code, t.Reason, t.Clause, t.Reference,
		t.Outcome, t.Attention, t.Prior, t.choice, t.message, store.Micros(t.forget), int64(max(t.Subjects, 1)), t.edition,
	}})
	return err
}

func threadByID(ctx context.Context, r store.Reader, id string) (Thread, error) {
	t, err := scanThread(r.QueryRowContext(ctx, "select "+threadColumns+" from sharing_thread where id = $1", id))
	if errors.Is(err, sql.ErrNoRows) {
		return t, api.Errorf(api.NotFound, "there is no thread %q", id)
	}
	return t, err
}

// ended reports whether a thread needs nobody any more.
func (t *Thread) ended() bool {
	switch t.State {
	case Answered, Refused, Withdrawn, Undelivered:
		return true
	}
	return false
}

func (t *Thread) answer(now time.Time, state State, result string) {
	t.State, t.Result, t.AnsweredAt, t.choice = state, result, now, ""
}

// late reports whether an answer came, or has not come, after its clock.
func (t *Thread) late(now time.Time) bool {
	if t.Due.IsZero() || t.State == Withdrawn || t.State == Draft {
		return false
	}
	if !t.AnsweredAt.IsZero() {
		now = t.AnsweredAt
	}
	return now.After(t.Due)
}

// Approval is one person's yes or no to what would leave.
type Approval struct {
	Stage   string    `json:"stage" enum:"ask,release"`
	By      string    `json:"by"`
	Role    string    `json:"role"`
	Approve bool      `json:"approve"`
	Reason  string    `json:"reason,omitempty"`
	At      time.Time `json:"at"`
}

// The stages that people approve.
const (
	toAsk     = "ask"
	toRelease = "release"
)

var saveApproval = store.NewInsert("sharing_approval", []string{"thread", "stage", "person", "role", "approve", "reason", "at"},
	"on conflict (thread, stage, person) do update set role = excluded.role, approve = excluded.approve, reason = excluded.reason, at = excluded.at")

func (a Approval) save(ctx context.Context, tx store.Tx, thread string) error {
	_, err := saveApproval.Exec(ctx, tx, [][]any{{thread, a.Stage, a.By, a.Role, a.Approve, a.Reason, store.Micros(a.At)}})
	return err
}

func approvals(ctx context.Context, r store.Reader, thread string) (out []Approval, err error) {
	err = store.Rows(ctx, r, func(rows *sql.Rows) error {
		var a Approval
		var at int64
		err := rows.Scan(&a.Stage, &a.By, &a.Role, &a.Approve, &a.Reason, &at)
		a.At = store.Time(at)
		out = append(out, a)
		return err
	}, "select stage, person, role, approve, reason, at from sharing_approval where thread = $1 order by at, person", thread)
	return out, err
}

// conflict says that a thread is not where somebody thought it was.
func (t *Thread) conflict(wanted string) error {
	return api.Errorf(api.Conflict, "this thread is %s: %s", t.State, wanted).With("state", t.State)
}

// got reports whether what a thread is about comes to this side: an answer to what it asked, or something given to it.
func (t *Thread) got() bool {
	return t.Direction == ledger.Out && t.Kind == asks || t.Direction == ledger.In && t.Kind == gives
}

// has reports whether there is data in it.
func (t *Thread) has() bool { return t.State == Answered && (t.Result == hit || t.Result == data) }
