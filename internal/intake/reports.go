package intake

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"github.com/rihla/rihla/formats/fault"
	"github.com/rihla/rihla/internal/keys"
	"github.com/rihla/rihla/internal/store"
)

// QuarantineKept is how long quarantined bytes can be opened: they cannot be masked, so they go.
const QuarantineKept = 7 * 24 * time.Hour

// What the stored copy of a report shows in place of bytes: withheld ones are overwritten with what is no separator of
// any format, lost ones are blank.
const (
	mask  = 'X'
	blank = ' '
)

// ErrUnknown means that there is no such report, or none that may be seen.
var ErrUnknown = errors.New("no such report")

// ErrGone means that quarantined bytes were destroyed when their time was over.
var ErrGone = errors.New("the quarantined bytes were destroyed: quarantine lasts seven days")

// Reports is the store of what was filed: each report's state and faults, its masked raw copy, its quarantined bytes.
type Reports struct {
	store *store.Store
	keys  *keys.Keys
	clock func() time.Time
}

// OpenReports opens the room's tables.
func OpenReports(ctx context.Context, st *store.Store, k *keys.Keys, clock func() time.Time) (*Reports, error) {
	files, err := fs.Sub(migrations, "migrations/report")
	if err != nil {
		return nil, err
	}
	if clock == nil {
		clock = time.Now
	}
	return &Reports{store: st, keys: k, clock: clock}, st.Migrate(ctx, "intake", files)
}

// Understood is what reading made of a report.
type Understood struct {
	Report   Report
	State    State // processed or quarantined
	Format   string
	Domain   string
	Messages int
	Error    *fault.Fault // of a quarantined report: the first thing that made it unreadable
	Warnings []fault.Fault
	Lost     []fault.Fault
	Withheld []fault.Range // to be masked in the stored copy
	Blank    []fault.Range // to be blanked in the stored copy, and quarantined
}

// Sealed is a report made ready to be stored: all that is slow about it is done outside any transaction.
type Sealed struct {
	report     Understood
	faults     string
	raw        [][]byte
	quarantine []quarantined
}

type quarantined struct {
	at, length int
	parts      [][]byte
}

// faultsKept bounds what is kept of a report's faults: a file of a million broken lines says the same a million times.
const faultsKept = 1000

type faults struct {
	Error    *fault.Fault  `json:"error,omitempty"`
	Warnings []fault.Fault `json:"warnings,omitempty"`
	Lost     []fault.Fault `json:"lost,omitempty"`
	Erased   bool          `json:"erased,omitempty"` // the copy went when its time was over
}

// Seal masks, blanks and seals the raw bytes of a report for Save. It does not touch raw.
func (r *Reports) Seal(ctx context.Context, u Understood, raw []byte) (*Sealed, error) {
	text, err := json.Marshal(faults{Error: u.Error, Warnings: firstOf(u.Warnings), Lost: firstOf(u.Lost)})
	if err != nil {
		return nil, err
	}
	s := &Sealed{report: u, faults: string(text)}
	lost := u.Blank
	if u.State == Quarantined {
		lost = []fault.Range{{Offset: 0, Length: len(raw)}}
	}
	for _, at := range merge(lost, len(raw)) {
		parts, err := sealParts(ctx, r.keys, keys.Quarantine, r.clock(), raw[at.Offset:at.Offset+at.Length])
		if err != nil {
			return nil, err
		}
		s.quarantine = append(s.quarantine, quarantined{at.Offset, at.Length, parts})
	}
	if u.State != Quarantined { // of a quarantined report all is blank, and blanks need not be kept
		s.raw, err = sealParts(ctx, r.keys, keys.Raw, u.Report.Received, Masked(raw, u.Withheld, u.Blank))
	}
	return s, err
}

// Masked is a copy of the same length in which withheld bytes are overwritten with 'X', which is no separator of any
// format, and lost ones with blanks; so every offset stays true.
func Masked(raw []byte, withheld, lost []fault.Range) []byte {
	masked := bytes.Clone(raw)
	fill := func(ranges []fault.Range, with byte) {
		for _, at := range merge(ranges, len(raw)) {
			for i := at.Offset; i < at.Offset+at.Length; i++ {
				masked[i] = with
			}
		}
	}
	fill(withheld, mask)
	fill(lost, blank)
	return masked
}

// merge puts ranges in order, within the report, none overlapping another.
func merge(ranges []fault.Range, size int) []fault.Range {
	sorted := slices.Clone(ranges)
	slices.SortFunc(sorted, func(a, b fault.Range) int { return a.Offset - b.Offset })
	kept := sorted[:0]
	for _, at := range sorted {
		start, end := max(at.Offset, 0), min(at.Offset+at.Length, size)
		if end <= start {
			continue
		}
		if n := len(kept); n > 0 && start <= kept[n-1].Offset+kept[n-1].Length {
			kept[n-1].Length = max(kept[n-1].Length, end-kept[n-1].Offset)
			continue
		}
		kept = append(kept, fault.Range{Offset: start, Length: end - start})
	}
	return kept
}

func firstOf(f []fault.Fault) []fault.Fault { return f[:min(len(f), faultsKept)] }

var (
	insertReport = store.NewInsert("intake_report", []string{"id", "state", "partial", "format", "domain", "filer", "filer_id",
		"carriers", "gate", "media", "name", "mends", "sha256", "size", "messages", "received", "stored", "faults"}, "")
	insertRaw        = store.NewInsert("intake_raw", []string{"id", "part", "data"}, "")
	insertQuarantine = store.NewInsert("intake_quarantine", []string{"id", "at", "part", "length", "since", "data"}, "")
)

// Save stores reports in the caller's transaction, with all that they cause. None may be stored already: see Known.
func (r *Reports) Save(ctx context.Context, tx store.Tx, reports ...*Sealed) error {
	var rows, raw, quarantine [][]any
	now := store.Micros(tx.Now())
	for _, s := range reports {
		u := &s.report
		rows = append(rows, []any{u.Report.ID, string(u.State), flag(u.State == Processed && len(u.Lost)+len(u.Blank) > 0), u.Format, u.Domain,
			u.Report.Filer.Name, u.Report.Filer.ID, strings.Join(u.Report.Filer.Carriers, " "), u.Report.Gate, u.Report.Media,
			u.Report.Name, u.Report.Mends, u.Report.SHA256, u.Report.Size, u.Messages, store.Micros(u.Report.Received), now, s.faults})
		for part, data := range s.raw {
			raw = append(raw, []any{u.Report.ID, part, data})
		}
		for _, q := range s.quarantine {
			for part, data := range q.parts {
				quarantine = append(quarantine, []any{u.Report.ID, q.at, part, q.length, now, data})
			}
		}
	}
	for _, batch := range []struct {
		into *store.Insert
		rows [][]any
	}{{insertReport, rows}, {insertRaw, raw}, {insertQuarantine, quarantine}} {
		if _, err := batch.into.Exec(ctx, tx, batch.rows); err != nil {
			return err
		}
	}
	for _, s := range reports {
		if mended := s.report.Report.Mends; mended != "" {
			if _, err := tx.ExecContext(ctx, `update intake_report set mended_by = $1 where id = $2`, s.report.Report.ID, mended); err != nil {
				return err
			}
		}
	}
	return nil
}

func flag(b bool) int {
	if b {
		return 1
	}
	return 0
}

// Known answers which of the reports the store has.
func (r *Reports) Known(ctx context.Context, from store.Reader, ids []string) (map[string]bool, error) {
	known := map[string]bool{}
	err := store.ForKeys(ctx, from, `select id from intake_report where id in (:keys)`, ids, func(rows *sql.Rows) error {
		var id string
		err := rows.Scan(&id)
		known[id] = true
		return err
	})
	return known, err
}

func (r *Reports) has(ctx context.Context, id string) (bool, error) {
	known, err := r.Known(ctx, r.store.Read(), []string{id})
	return known[id], err
}

// hasOther answers whether the store has a report that was received at another moment.
func (r *Reports) hasOther(ctx context.Context, id string, received time.Time) (other bool, err error) {
	err = store.Rows(ctx, r.store.Read(), func(rows *sql.Rows) error {
		var at int64
		err := rows.Scan(&at)
		other = at != store.Micros(received)
		return err
	}, `select received from intake_report where id = $1`, id)
	return other, err
}

// Query says which reports are wanted. Empty fields want all.
type Query struct {
	State, Format, Filer string
	Domains              []string // nil is all
	Before               Position // older than this
	Limit                int
}

// Position is a report's place in the list, newest first.
type Position struct {
	Received int64  `json:"r"` // microseconds
	ID       string `json:"i"`
}

const statusColumns = `id, state, partial, format, domain, filer, filer_id, carriers, gate, media, name, mends, mended_by,
	sha256, size, messages, received, faults`

// stored is a report as a row has it.
type stored struct {
	Status
	report Report
	erased bool
}

func scanStored(rows *sql.Rows) (*stored, error) {
	s := &stored{}
	var partial int
	var received int64
	var carriers, text string
	err := rows.Scan(&s.ID, &s.State, &partial, &s.Format, &s.Domain, &s.Filer, &s.report.Filer.ID, &carriers, &s.Gate,
		&s.report.Media, &s.report.Name, &s.Mends, &s.MendedBy, &s.SHA256, &s.Size, &s.Messages, &received, &text)
	if err != nil {
		return nil, err
	}
	s.Partial, s.Status.Received = partial != 0, store.Time(received)
	s.report.ID, s.report.SHA256, s.report.Gate, s.report.Size, s.report.Mends = s.ID, s.SHA256, s.Gate, s.Size, s.Mends
	s.report.Filer.Name, s.report.Filer.Carriers, s.report.Received = s.Filer, strings.Fields(carriers), s.Status.Received
	var f faults
	if text != "" {
		if err := json.Unmarshal([]byte(text), &f); err != nil {
			return nil, fmt.Errorf("faults of report %s: %w", s.ID, err)
		}
	}
	s.Error, s.Warnings, s.Lost, s.erased = f.Error, f.Warnings, f.Lost, f.Erased
	return s, nil
}

func (r *Reports) find(ctx context.Context, id string) (*stored, error) {
	var found *stored
	err := store.Rows(ctx, r.store.Read(), func(rows *sql.Rows) (err error) {
		found, err = scanStored(rows)
		return err
	}, `select `+statusColumns+` from intake_report where id = $1`, id)
	if err == nil && found == nil {
		err = ErrUnknown
	}
	return found, err
}

// List answers reports that the store has, the newest first, without their warnings.
func (r *Reports) List(ctx context.Context, q Query) ([]Status, error) {
	before := q.Before
	if before.ID == "" {
		before.Received = 1<<63 - 1
	}
	where := []string{"(received < $1 or (received = $1 and id < $2))"}
	args := []any{before.Received, before.ID}
	and := func(column string, values ...string) {
		marks := make([]string, len(values))
		for i, v := range values {
			args = append(args, v)
			marks[i] = fmt.Sprintf("$%d", len(args))
		}
		where = append(where, column+" in ("+strings.Join(marks, ", ")+")")
	}
	if q.State != "" {
		and("state", q.State)
	}
	if q.Format != "" {
		and("format", q.Format)
	}
	if q.Filer != "" {
		and("filer", q.Filer)
	}
	if q.Domains != nil {
		and("domain", append([]string{"-"}, q.Domains...)...) // "-" is none: an empty list of SQL would be an error
	}
	args = append(args, q.Limit)
	var list []Status
	err := store.Rows(ctx, r.store.Read(), func(rows *sql.Rows) error {
		s, err := scanStored(rows)
		if err != nil {
			return err
		}
		s.Warnings, s.Lost = nil, nil
		list = append(list, s.Status)
		return nil
	}, `select `+statusColumns+` from intake_report where `+strings.Join(where, " and ")+
		fmt.Sprintf(" order by received desc, id desc limit $%d", len(args)), args...)
	return list, err
}

// Raw is the report as stored: as long as it was filed, sensitive bytes masked, lost parts and quarantine blank.
func (r *Reports) Raw(ctx context.Context, id string) ([]byte, error) {
	s, err := r.find(ctx, id)
	if err != nil {
		return nil, err
	}
	if s.State == Quarantined {
		return bytes.Repeat([]byte{blank}, s.Size), nil
	}
	raw := make([]byte, 0, s.Size)
	err = store.Rows(ctx, r.store.Read(), func(rows *sql.Rows) error {
		var sealed sql.RawBytes
		if err := rows.Scan(&sealed); err != nil {
			return err
		}
		plain, err := r.keys.Open(ctx, keys.Raw, sealed)
		raw = append(raw, plain...)
		return err
	}, `select data from intake_raw where id = $1 order by part`, id)
	if err == nil && len(raw) == 0 && s.erased {
		return nil, ErrErased
	}
	if err == nil && len(raw) != s.Size {
		err = fmt.Errorf("the store holds %d of %d bytes of report %s", len(raw), s.Size, id)
	}
	return raw, err
}

// Opened is the report with its quarantined bytes in their place, around them the masked copy. Whoever calls has made
// sure of a role and a reason, and has it in the audit log before it sends a byte.
func (r *Reports) Opened(ctx context.Context, id string) ([]byte, error) {
	raw, err := r.Raw(ctx, id)
	if err != nil {
		return nil, err
	}
	some := false
	next, at := 0, -1
	err = store.Rows(ctx, r.store.Read(), func(rows *sql.Rows) error {
		var place int
		var sealed sql.RawBytes
		if err := rows.Scan(&place, &sealed); err != nil {
			return err
		}
		plain, err := r.keys.Open(ctx, keys.Quarantine, sealed)
		if errors.Is(err, keys.ErrDestroyed) {
			return ErrGone
		}
		if err != nil {
			return err
		}
		if place != at {
			at, next = place, place
		}
		if next+len(plain) > len(raw) {
			return fmt.Errorf("quarantine of report %s reaches beyond its end", id)
		}
		next += copy(raw[next:], plain)
		some = true
		return nil
	}, `select at, data from intake_quarantine where id = $1 order by at, part`, id)
	if err == nil && !some {
		err = ErrGone
	}
	return raw, err
}

// Expire destroys what quarantine has held for its time, and the journal's keys of days it no longer needs. Call it
// every hour.
func (r *Reports) Expire(ctx context.Context, j *Journal) error {
	now := r.clock().UTC()
	limit := now.Add(-QuarantineKept)
	err := r.store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		_, err := tx.ExecContext(ctx, `delete from intake_quarantine where since < $1`, store.Micros(limit))
		return err
	})
	if err != nil {
		return err
	}
	if _, err := r.keys.Destroy(ctx, keys.Quarantine, limit); err != nil {
		return err
	}
	needed := now.Add(-24 * time.Hour)
	oldest, err := j.oldest(ctx)
	if err != nil {
		return err
	}
	if !oldest.IsZero() && oldest.Before(needed) {
		needed = oldest.Add(-24 * time.Hour)
	}
	_, err = r.keys.Destroy(ctx, keys.Journal, needed)
	return err
}

// Count is how many reports the store has, and how many of them are quarantined.
func (r *Reports) Count(ctx context.Context) (stored, quarantined int, err error) {
	err = r.store.Read().QueryRowContext(ctx, `select count(*), coalesce(sum(case when state = $1 then 1 else 0 end), 0) from intake_report`,
		string(Quarantined)).Scan(&stored, &quarantined)
	return stored, quarantined, err
}

// ReceivedAt says when reports came; those that the store has not are left out.
func ReceivedAt(ctx context.Context, r store.Reader, ids []string) (map[string]time.Time, error) {
	came := map[string]time.Time{}
	err := store.ForKeys(ctx, r, `select id, received from intake_report where id in (:keys)`, ids, func(rows *sql.Rows) error {
		var id string
		var at int64
		err := rows.Scan(&id, &at)
		came[id] = store.Time(at)
		return err
	})
	return came, err
}
