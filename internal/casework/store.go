package casework

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"math"
	"strings"
	"time"

	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/keys"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/store"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Migrate brings the room's tables up to date. NewDesk does it too.
func Migrate(ctx context.Context, st *store.Store) error {
	return st.Migrate(ctx, "casework", migrations)
}

const caseColumns = `id, number, domain, subject, holder, state, severity, title, context, kind, findings,
	opened, due, claimed_by, claimed_at, outcome, closed, version`

// never is the due time of a case that nothing presses: it sorts after every other.
const never = math.MaxInt64

func scanCase(rows interface{ Scan(...any) error }) (Case, error) {
	var c Case
	var opened, due, claimedAt, closed int64
	err := rows.Scan(&c.ID, &c.Number, &c.Domain, &c.Subject, &c.Within, &c.State, &c.Severity, &c.Title, &c.Context, &c.Kind,
		&c.Findings, &opened, &due, &c.ClaimedBy, &claimedAt, &c.Outcome, &closed, &c.Version)
	c.Opened, c.ClaimedAt, c.Closed = store.Time(opened), store.Time(claimedAt), store.Time(closed)
	if due != never {
		c.Until = store.Time(due)
	}
	return c, err
}

func due(until time.Time) int64 {
	if until.IsZero() {
		return never
	}
	return store.Micros(until)
}

var saveCases = store.NewInsert("casework_case",
	[]string{"id", "number", "domain", "subject", "holder", "state", "severity", "title", "context", "sought", "kind", "findings",
		"opened", "due", "claimed_by", "claimed_at", "outcome", "closed", "version"},
	`on conflict (id) do update set subject = excluded.subject, holder = excluded.holder, state = excluded.state,
		severity = excluded.severity, title = excluded.title, context = excluded.context, sought = excluded.sought,
		kind = excluded.kind, findings = excluded.findings, due = excluded.due, claimed_by = excluded.claimed_by,
		claimed_at = excluded.claimed_at, outcome = excluded.outcome, closed = excluded.closed, version = excluded.version`)

// save writes cases read in the same transaction; the store's serialisable transactions keep two writers apart.
func save(ctx context.Context, tx store.Tx, cases ...Case) error {
	rows := make([][]any, len(cases))
	for i, c := range cases {
		rows[i] = []any{c.ID, c.Number, c.Domain, string(c.Subject), c.Within, string(c.State), int64(c.Severity), c.Title, c.Context,
			sought(c), c.Kind, int64(c.Findings), store.Micros(c.Opened), due(c.Until), c.ClaimedBy, store.Micros(c.ClaimedAt),
			c.Outcome, store.Micros(c.Closed), c.Version}
	}
	_, err := saveCases.Exec(ctx, tx, rows)
	return err
}

// moment is when the transaction happens, as the store will give it back.
func moment(tx store.Tx) time.Time { return store.Time(store.Micros(tx.Now())) }

// sought is what searching looks through: folded here, since SQLite folds only ASCII.
func sought(c Case) string { return strings.ToLower(c.Title + " " + c.Context) }

var addHappenings = store.NewInsert("casework_history", []string{"case_id", "id", "at", "actor", "what", "detail"}, "")

type happened struct {
	caseID string
	Happening
}

func remember(ctx context.Context, tx store.Tx, all ...happened) error {
	rows := make([][]any, len(all))
	for i, h := range all {
		rows[i] = []any{h.caseID, keys.Event(), store.Micros(h.At), h.By, h.What, h.Detail}
	}
	_, err := addHappenings.Exec(ctx, tx, rows)
	return err
}

func historyOf(ctx context.Context, r store.Reader, id string) ([]Happening, error) {
	all := []Happening{}
	err := store.Rows(ctx, r, func(rows *sql.Rows) error {
		var h Happening
		var at int64
		if err := rows.Scan(&at, &h.By, &h.What, &h.Detail); err != nil {
			return err
		}
		h.At = store.Time(at)
		all = append(all, h)
		return nil
	}, `select at, actor, what, detail from casework_history where case_id = $1 order by at, id`, id)
	return all, err
}

func readCase(ctx context.Context, r store.Reader, id string) (Case, error) {
	c, err := scanCase(r.QueryRowContext(ctx, `select `+caseColumns+` from casework_case where id = $1`, id))
	if errors.Is(err, sql.ErrNoRows) {
		return Case{}, noSuchCase(id)
	}
	return c, err
}

func noSuchCase(id string) error {
	return api.Errorf(api.NotFound, "there is no case %q, or it is not yours to see; the queue lists those that are", id)
}

// casesOf reads every case of the subjects, oldest first.
func casesOf(ctx context.Context, r store.Reader, subjects []screening.ID) (map[screening.ID][]Case, error) {
	found := map[screening.ID][]Case{}
	err := store.ForKeys(ctx, r, `select `+caseColumns+` from casework_case where subject in (:keys) order by number`, texts(subjects),
		func(rows *sql.Rows) error {
			c, err := scanCase(rows)
			found[c.Subject] = append(found[c.Subject], c)
			return err
		})
	return found, err
}

func texts(ids []screening.ID) []string {
	all := make([]string, len(ids))
	for i, id := range ids {
		all[i] = string(id)
	}
	return all
}

// OfSubjects gives the cases of many subjects: those still open first, then the newest first.
func OfSubjects(ctx context.Context, r store.Reader, ids []screening.ID) (map[screening.ID][]Case, error) {
	found, err := casesOf(ctx, r, ids)
	for _, cases := range found {
		OpenFirst(cases)
	}
	return found, err
}

// OpenWithin counts the cases that are not closed, by what holds their subjects: by flight, by waybill.
func OpenWithin(ctx context.Context, r store.Reader, domain string, within []string) (map[string]int, error) {
	counts := map[string]int{}
	err := store.ForKeys(ctx, r, `select holder, count(*) from casework_case
		where domain = $1 and state <> 'closed' and holder in (:keys) group by holder`, within,
		func(rows *sql.Rows) error {
			var holder string
			var n int
			err := rows.Scan(&holder, &n)
			counts[holder] = n
			return err
		}, domain)
	return counts, err
}
