package sharing

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"time"

	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/sharing/agreement"
	"github.com/rihla/rihla/internal/sharing/ledger"
	"github.com/rihla/rihla/internal/sharing/matching"
	"github.com/rihla/rihla/internal/store"
)

// MatchState is where a run of private matching stands.
type MatchState string

// The states of a run. Where this side asks it goes waiting, asked, evaluated, done; where the partner asks, asked,
// answered, done.
const (
	MatchWaiting     MatchState = "waiting"     // for the partner's list of the day
	MatchAsked       MatchState = "asked"       // for the answer
	MatchEvaluated   MatchState = "evaluated"   // the answer came and is to be checked
	MatchAnswered    MatchState = "answered"    // by this side
	MatchDone        MatchState = "done"        //
	MatchRefused     MatchState = "refused"     // by the agreement, on either side
	MatchUndelivered MatchState = "undelivered" // the partner could not be reached in time
	MatchFailed      MatchState = "failed"      // what came back was wrong: code says how
)

// What a run fails or is refused with, beside the agreement's own codes.
const (
	codeNoList    = "NO_LIST"   // the partner told none within a day
	codeKeyRules  = "KEY_RULES" // the two sides make keys by other rules
	codeNoProof   = "PROOF"     // the answer was not made with the epoch's key
	codeMalformed = "MALFORMED"
	codeTwice     = "TWICE" // this flight was asked about at this stage already
	codeTooMany   = "TOO_MANY"
)

// MatchRun is one batch: a flight at one stage, asked about by this side or by the partner.
type MatchRun struct {
	ID         string     `json:"id"`
	Direction  string     `json:"direction" enum:"in,out" doc:"Who asked: out is this state"`
	Agreement  string     `json:"agreement"`
	Version    int        `json:"version"`
	Share      string     `json:"share"`
	Partner    string     `json:"partner"`
	Purpose    string     `json:"purpose"`
	Flight     string     `json:"flight,omitempty" doc:"Of this node's flights"`
	Journey    string     `json:"journey" doc:"Carrier and number, and the day it departs"`
	Stage      string     `json:"stage"`
	State      MatchState `json:"state" enum:"waiting,asked,evaluated,answered,done,refused,undelivered,failed"`
	Requester  string     `json:"requester,omitempty"`
	Epoch      string     `json:"epoch,omitempty"`
	Commitment string     `json:"commitment,omitempty" doc:"The root that binds the asking side to whom it asked about"`
	Passengers int        `json:"passengers"`
	Asked      int        `json:"asked" doc:"Keys"`
	Padded     int        `json:"padded" doc:"Keys with padding, which is what the list's side sees and quotas count"`
	HitCount   int        `json:"hit_count"`
	Hits       []MatchHit `json:"hits,omitempty"`
	Code       string     `json:"code,omitempty"`
	Reason     string     `json:"reason,omitempty"`
	Clause     string     `json:"clause,omitempty"`
	At         time.Time  `json:"at"`
	AskedAt    time.Time  `json:"asked_at,omitzero"`
	Due        time.Time  `json:"due,omitzero"`
	EndedAt    time.Time  `json:"ended_at,omitzero"`
	EraseAt    time.Time  `json:"erase_at,omitzero" doc:"When who was a hit is forgotten here"`
	TookMS     int64      `json:"took_ms" doc:"From asking to the end"`

	own     string
	digest  string
	claim   string // that holds a flight's stage; its own id once it holds none
	message string // the PM-BLIND
	answer  string // the PM-EVAL
	tries   int
}

// MatchHit is a passenger of whom keys are on the partner's list. It is a lead, never a ground.
type MatchHit struct {
	Passenger string            `json:"passenger"`
	Name      string            `json:"name,omitempty" doc:"As the flight's manifest has it now"`
	Families  []matching.Family `json:"families" doc:"d document, n name as written, p sound, s letters, a consonants, each with the birth date; y consonants and birth year"`
	Lead      bool              `json:"lead" doc:"The partner may be asked about this passenger; a weak family alone is not enough"`
	Thread    string            `json:"thread,omitempty" doc:"In which the partner was asked"`
}

const runColumns = `id, direction, agreement, version, digest, share, own, partner, purpose, flight, journey, stage, claim, state, requester, epoch, message,
	answer, commitment, passengers, asked, padded, hits, code, reason, clause, tries, begun_at, asked_at, due, ended_at, erase_at`

func scanRun(row interface{ Scan(...any) error }) (r MatchRun, err error) {
	var at, asked, due, ended, erase int64
	err = row.Scan(&r.ID, &r.Direction, &r.Agreement, &r.Version, &r.digest, &r.Share, &r.own, &r.Partner, &r.Purpose, &r.Flight, &r.Journey, &r.Stage,
		&r.claim, &r.State, &r.Requester, &r.Epoch, &r.message, &r.answer, &r.Commitment, &r.Passengers, &r.Asked, &r.Padded, &r.HitCount,
		&r.Code, &r.Reason, &r.Clause, &r.tries, &at, &asked, &due, &ended, &erase)
	r.At, r.AskedAt, r.Due, r.EndedAt, r.EraseAt = store.Time(at), store.Time(asked), store.Time(due), store.Time(ended), store.Time(erase)
	if !r.EndedAt.IsZero() && !r.AskedAt.IsZero() {
		r.TookMS = r.EndedAt.Sub(r.AskedAt).Milliseconds()
	}
	return r, err
}

var runNames = strings.FieldsFunc(runColumns, func(r rune) bool { return strings.ContainsRune(", \n\t", r) })

var (
	insertRun = store.NewInsert("sharing_match_run", runNames, "on conflict (claim) do nothing")
	updateRun = store.NewInsert("sharing_match_run", runNames, `on conflict (id) do update set claim = excluded.claim, state = excluded.state, epoch = excluded.epoch,
		message = excluded.message, answer = excluded.answer, commitment = excluded.commitment, passengers = excluded.passengers, asked = excluded.asked,
		padded = excluded.padded, hits = excluded.hits, code = excluded.code, reason = excluded.reason, clause = excluded.clause, tries = excluded.tries,
		asked_at = excluded.asked_at, due = excluded.due, ended_at = excluded.ended_at, erase_at = excluded.erase_at, journey = excluded.journey`)
)

func (r *MatchRun) row() []any {
	return []any{
		r.ID, r.Direction, r.Agreement, int64(r.Version), r.digest, r.Share, r.own, r.Partner, r.Purpose, r.Flight, r.Journey, r.Stage,
		r.claim, string(r.State), r.Requester, r.Epoch, r.message, r.answer, r.Commitment, int64(r.Passengers), int64(r.Asked), int64(r.Padded), int64(r.HitCount),
		r.Code, r.Reason, r.Clause, int64(r.tries), store.Micros(r.At), store.Micros(r.AskedAt), store.Micros(r.Due), store.Micros(r.EndedAt), store.Micros(r.EraseAt),
	}
}

// enter writes a new run, unless its flight and stage are claimed by another.
func (r *MatchRun) enter(ctx context.Context, tx store.Tx) (claimed bool, err error) {
	n, err := insertRun.Exec(ctx, tx, [][]any{r.row()})
	return n == 1, err
}

func (r *MatchRun) save(ctx context.Context, tx store.Tx) error {
	_, err := updateRun.Exec(ctx, tx, [][]any{r.row()})
	return err
}

// end closes a run that came to nothing, and frees its flight and stage for another.
func (r *MatchRun) end(now time.Time, state MatchState, code, clause, reason string) {
	r.State, r.Code, r.Clause, r.Reason, r.EndedAt, r.claim = state, code, clause, reason, now, r.ID
}

// claimOf is what at most one run of a share holds: a flight at one stage.
func claimOf(direction string, s *matchShare, journey, stage string) string {
	return strings.Join([]string{direction, s.key(), journey, stage}, "|")
}

func runWhere(ctx context.Context, rd store.Reader, where string, args ...any) (r MatchRun, found bool, err error) {
	r, err = scanRun(rd.QueryRowContext(ctx, "select "+runColumns+" from sharing_match_run where "+where, args...))
	if errors.Is(err, sql.ErrNoRows) {
		return r, false, nil
	}
	return r, err == nil, err
}

func runByMessage(ctx context.Context, rd store.Reader, message string) (MatchRun, bool, error) {
	return runWhere(ctx, rd, "message = $1", message)
}

func runByID(ctx context.Context, rd store.Reader, id string) (MatchRun, error) {
	r, found, err := runWhere(ctx, rd, "id = $1", id)
	if err == nil && !found {
		err = api.Errorf(api.NotFound, "there is no private match %q", id)
	}
	return r, err
}

// runsIn are those in a state, the oldest first.
func runsIn(ctx context.Context, rd store.Reader, state MatchState, n int) (out []MatchRun, err error) {
	err = store.Rows(ctx, rd, func(rows *sql.Rows) error {
		r, err := scanRun(rows)
		out = append(out, r)
		return err
	}, "select "+runColumns+" from sharing_match_run where state = $1 order by begun_at, id limit $2", string(state), int64(n))
	return out, err
}

// matchesUsed counts what a share's quota already holds.
func matchesUsed(ctx context.Context, rd store.Reader, s *matchShare, direction string, now time.Time) (u agreement.Used, err error) {
	if s.share.Quota == nil {
		return u, nil
	}
	var oldest, keys int64
	err = rd.QueryRowContext(ctx, `select count(*), coalesce(sum(padded), 0), coalesce(min(asked_at), 0) from sharing_match_run
		where agreement = $1 and share = $2 and direction = $3 and asked_at > $4 and state not in ($5, $6)`,
		s.v.Metadata.ID, s.share.ID, direction, store.Micros(before(s.share.Quota.Window, now)), string(MatchRefused), string(MatchUndelivered)).Scan(&u.Requests, &keys, &oldest)
	u.Subjects, u.Oldest = subjectsIn(int(keys)), store.Time(oldest)
	return u, err
}

var saveHit = store.NewInsert("sharing_match_hit", []string{"run", "passenger", "families", "lead", "thread"}, "on conflict (run, passenger) do update set thread = excluded.thread")

func hitsOf(ctx context.Context, rd store.Reader, runs ...string) (map[string][]MatchHit, error) {
	out := make(map[string][]MatchHit, len(runs))
	err := store.ForKeys(ctx, rd, "select run, passenger, families, lead, thread from sharing_match_hit where run in (:keys) order by run, lead desc, passenger", runs, func(rows *sql.Rows) error {
		var run, families string
		var h MatchHit
		if err := rows.Scan(&run, &h.Passenger, &families, &h.Lead, &h.Thread); err != nil {
			return err
		}
		for _, f := range strings.Fields(families) {
			h.Families = append(h.Families, matching.Family(f))
		}
		out[run] = append(out[run], h)
		return nil
	})
	return out, err
}

func (h *MatchHit) save(ctx context.Context, tx store.Tx, run string) error {
	families := make([]string, len(h.Families))
	for i, f := range h.Families {
		families[i] = string(f)
	}
	_, err := saveHit.Exec(ctx, tx, [][]any{{run, h.Passenger, strings.Join(families, " "), h.Lead, h.Thread}})
	return err
}

// told is the step that a finished run leaves in the exchange log.
func (r *MatchRun) told() ledger.Step {
	return ledger.Step{
		Kind: ledger.Matched, Agreement: r.Agreement, Version: r.Version, Share: r.Share, Partner: r.Partner, Direction: r.Direction,
		Thread: r.message, Purpose: r.Purpose, Keys: r.Asked, Padded: r.Padded, Hits: r.HitCount, Subjects: r.Passengers,
	}
}
