package intake

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"time"

	"github.com/rihla/rihla/internal/keys"
	"github.com/rihla/rihla/internal/store"
)

//go:embed migrations
var migrations embed.FS

// Limits of what a gate takes.
const (
	MaxBytes  = 32 << 20 // a report; more is refused, for a report is held in memory while it is read
	partBytes = 1 << 20  // a row of raw bytes, so that no row is a burden to a distributed store
)

// What Take refuses.
var (
	ErrTooLarge = fmt.Errorf("the report is larger than %d MiB: file it in parts", MaxBytes>>20)
	ErrEmpty    = errors.New("the report is empty: file the message itself")
	ErrUnmended = errors.New("the mended message is the same, byte for byte, as the one it should mend")
)

// Lane says who overtakes whom: an interactive report waits for no bulk.
type Lane int

// The lanes.
const (
	Bulk Lane = iota
	Interactive
)

// Lanes are all of them, the faster first.
var Lanes = []Lane{Interactive, Bulk}

// ownership is how long a node that fell silent keeps what it took: then another takes it up.
const ownership = 20 * time.Second

// commitsTogether is how many waiting reports share one commit at most; with the bound on bytes at the gates it keeps
// the write-ahead log small.
const commitsTogether = 64

// Delivery is what a gate hands over.
type Delivery struct {
	Filer    Filer
	Gate     string    // http, folder
	Media    string    // Content-Type as given
	Name     string    // file name, where the gate knows one
	Raw      []byte    // the report itself
	Lane     Lane      // as far as the gate can tell
	Mends    string    // the report this one mends
	Received time.Time // of the report it mends; zero is now
	Answer   []byte    // to a filer who waits: kept with the report, and given again to whoever asks the same
}

// Receipt is the answer to a delivery: it stands once the report is on disk.
type Receipt struct {
	ID        string
	SHA256    string
	Duplicate bool   // the same filer filed the same bytes before
	Answer    []byte // what the filer was answered: of a duplicate, then
}

// Pending is a report that the journal still holds.
type Pending struct {
	Report
	Number int64 // order of receipt
	Lane   Lane
}

// Journal keeps raw reports, sealed, from the moment they are acknowledged until the store has them.
type Journal struct {
	store   *store.Store // the journal's own database
	reports *Reports
	keys    *keys.Keys
	owner   string
	clock   func() time.Time
	group   *store.Group[*entry]

	// Turns are for what is done with the journal's reports, so that whoever waits for an answer goes first.
	Turns *Turns
}

// JournalOptions are what a node chooses for its journal.
type JournalOptions struct {
	Owner string           // this node, the same after a restart: what it took is its own to read
	Clock func() time.Time // nil is time.Now
}

// OpenJournal opens the journal beside the store.
func OpenJournal(ctx context.Context, st *store.Store, k *keys.Keys, r *Reports, o JournalOptions) (*Journal, error) {
	beside, err := st.Beside(ctx, "journal")
	if err != nil {
		return nil, err
	}
	files, err := fs.Sub(migrations, "migrations/journal")
	if err != nil {
		return nil, err
	}
	if err := beside.Migrate(ctx, "journal", files); err != nil {
		return nil, errors.Join(err, beside.Close())
	}
	j := &Journal{Turns: NewTurns(), store: beside, reports: r, keys: k, owner: o.Owner, clock: o.Clock}
	if j.clock == nil {
		j.clock = time.Now
	}
	j.group = store.NewGroup(beside, commitsTogether, writeEntries)
	return j, nil
}

// Close ends the journal's connections.
func (j *Journal) Close() error { return j.store.Close() }

// Watch wakes when a report was taken by this process.
func (j *Journal) Watch() (wake <-chan struct{}, stop func()) { return j.store.Watch(journalTopic) }

const journalTopic = "journal"

// entry is one report on its way into the journal.
type entry struct {
	report Report
	owner  string
	lane   Lane
	parts  [][]byte // sealed
	answer []byte   // sealed; nil is none
	known  bool     // out: it was there already
}

// Take keeps a report. When it returns without an error, the bytes are durable and will be read, whatever happens to
// this process. The same report again is known by its content and kept once.
func (j *Journal) Take(ctx context.Context, d Delivery) (Receipt, error) {
	switch {
	case len(d.Raw) == 0:
		return Receipt{}, ErrEmpty
	case len(d.Raw) > MaxBytes:
		return Receipt{}, ErrTooLarge
	}
	sum := sha256.Sum256(d.Raw)
	receipt := Receipt{ID: j.IDOf(d), SHA256: hex.EncodeToString(sum[:]), Answer: d.Answer}
	if receipt.ID == d.Mends {
		return receipt, ErrUnmended
	}
	stored, err := j.reports.has(ctx, receipt.ID)
	if err != nil || stored {
		receipt.Duplicate = stored
		if err == nil && d.Answer != nil {
			receipt.Answer, err = j.Answered(ctx, receipt.ID)
		}
		return receipt, err
	}

	now := j.clock().UTC()
	if d.Received.IsZero() {
		d.Received = now
	}
	e := &entry{owner: j.owner, lane: d.Lane, report: Report{
		ID: receipt.ID, SHA256: receipt.SHA256, Filer: d.Filer, Gate: d.Gate, Media: d.Media, Name: d.Name,
		Received: d.Received.UTC(), Mends: d.Mends, Size: len(d.Raw),
	}}
	if e.parts, err = j.seal(ctx, d, now); err != nil {
		return receipt, err
	}
	if d.Answer != nil {
		if e.answer, err = j.keys.Seal(ctx, keys.Journal, now, d.Answer); err != nil {
			return receipt, err
		}
	}
	if err := j.group.Do(ctx, e); err != nil {
		return receipt, fmt.Errorf("keep the report in the journal: %w", err)
	}
	receipt.Duplicate = e.known
	if e.known && d.Answer != nil { // somebody else answered it first
		receipt.Answer, err = j.Answered(ctx, receipt.ID)
		return receipt, err
	}
	if !e.known {
		// It may have gone from the journal to the store between the first look and the commit; the entry just made is
		// then dropped by whoever takes it up, but the filer is told the truth. What the store has since of this very
		// delivery is no duplicate.
		receipt.Duplicate, err = j.reports.hasOther(ctx, receipt.ID, e.report.Received)
	}
	return receipt, err
}

func (j *Journal) seal(ctx context.Context, d Delivery, now time.Time) ([][]byte, error) {
	if d.Lane == Bulk {
		j.Turns.Hold() // its filer waits too, only not as urgently: what is filed already makes room
		defer j.Turns.Give()
	}
	return sealParts(ctx, j.keys, keys.Journal, now, d.Raw)
}

// IDOf is the id that a delivery's report has, or will have.
func (j *Journal) IDOf(d Delivery) string { return j.keys.ContentID("report", d.Raw, d.Filer.Name) }

// Answered is what whoever filed a report was answered while waiting, wherever the report is by now; nil where nobody was.
func (j *Journal) Answered(ctx context.Context, id string) ([]byte, error) {
	answer, err := j.answer(ctx, id)
	if err != nil || answer != nil {
		return answer, err
	}
	_, answer, err = j.reports.Answer(ctx, atOnce(id))
	if errors.Is(err, ErrNoAnswer) {
		return nil, nil
	}
	return answer, err
}

// atOnce is the id of the answer that a report's filer waited for.
func atOnce(report string) string { return report + ".at-once" }

// answerPart is the row of the journal's bytes that holds the answer of a report; the report's own are numbered from 0.
const answerPart = -1

func (j *Journal) answer(ctx context.Context, id string) (answer []byte, err error) {
	err = store.Rows(ctx, j.store.Read(), func(rows *sql.Rows) error {
		var sealed sql.RawBytes
		if err := rows.Scan(&sealed); err != nil {
			return err
		}
		answer, err = j.keys.Open(ctx, keys.Journal, sealed)
		return err
	}, `select data from intake_journal_raw where id = $1 and part = $2`, id, answerPart)
	return answer, err
}

// AtOnce is the answer to a report that the journal holds, as it will be kept beside the report in the store; false where
// nobody waited for one.
func (j *Journal) AtOnce(ctx context.Context, p Pending) (a Answer, found bool, err error) {
	body, err := j.answer(ctx, p.ID)
	if err != nil || body == nil {
		return a, false, err
	}
	return Answer{ID: atOnce(p.ID), Filer: p.Filer.Name, Report: p.ID, Kind: "answer", Media: EDIFACT, Name: "answer.edi", Body: body}, true, nil
}

// EDIFACT is the media type of an interchange.
const EDIFACT = "application/edifact"

var (
	insertEntry = store.NewInsert("intake_journal", []string{"id", "owner", "lane", "number", "filer", "filer_id", "carriers",
		"gate", "media", "name", "mends", "sha256", "size", "received"}, "")
	insertEntryRaw = store.NewInsert("intake_journal_raw", []string{"id", "part", "data"}, "")
)

// writeEntries commits those of a group that the journal does not hold yet.
func writeEntries(ctx context.Context, tx store.Tx, group []*entry) error {
	ids := make([]string, len(group))
	for i, e := range group {
		ids[i] = e.report.ID
	}
	known := make(map[string]bool, len(group))
	err := store.ForKeys(ctx, tx, `select id from intake_journal where id in (:keys)`, ids, func(rows *sql.Rows) error {
		var id string
		err := rows.Scan(&id)
		known[id] = true
		return err
	})
	if err != nil {
		return err
	}
	fresh := make([]*entry, 0, len(group))
	for _, e := range group {
		if e.known = known[e.report.ID]; !e.known {
			known[e.report.ID] = true // the same report twice in one group
			fresh = append(fresh, e)
		}
	}
	if len(fresh) == 0 {
		return nil
	}
	number, err := store.NextNumber(ctx, tx, "journal", int64(len(fresh)))
	if err != nil {
		return err
	}
	var entries, raw [][]any
	for i, e := range fresh {
		r := &e.report
		entries = append(entries, []any{r.ID, e.owner, int(e.lane), number + int64(i), r.Filer.Name, r.Filer.ID,
			strings.Join(r.Filer.Carriers, " "), r.Gate, r.Media, r.Name, r.Mends, r.SHA256, r.Size, store.Micros(r.Received)})
		for part, data := range e.parts {
			raw = append(raw, []any{r.ID, part, data})
		}
		if e.answer != nil {
			raw = append(raw, []any{r.ID, answerPart, e.answer})
		}
	}
	if _, err := insertEntry.Exec(ctx, tx, entries); err != nil {
		return err
	}
	if _, err := insertEntryRaw.Exec(ctx, tx, raw); err != nil {
		return err
	}
	tx.Notify(journalTopic)
	return nil
}

const pendingColumns = `id, lane, number, filer, filer_id, carriers, gate, media, name, mends, sha256, size, received`

// Pending lists, in the order of their receipt, up to n reports of a lane that this node has still to read, after the
// one numbered.
func (j *Journal) Pending(ctx context.Context, lane Lane, after int64, n int) ([]Pending, error) {
	var list []Pending
	err := store.Rows(ctx, j.store.Read(), func(rows *sql.Rows) error {
		p, err := scanPending(rows)
		list = append(list, p)
		return err
	}, `select `+pendingColumns+` from intake_journal where owner = $1 and lane = $2 and number > $3 order by number limit $4`,
		j.owner, int(lane), after, n)
	return list, err
}

func scanPending(rows *sql.Rows) (Pending, error) {
	var p Pending
	var carriers string
	var received int64
	err := rows.Scan(&p.ID, &p.Lane, &p.Number, &p.Filer.Name, &p.Filer.ID, &carriers, &p.Gate, &p.Media, &p.Name, &p.Mends,
		&p.SHA256, &p.Size, &received)
	p.Filer.Carriers, p.Received = strings.Fields(carriers), store.Time(received)
	return p, err
}

// find answers the journal's entry of a report, false where it has none.
func (j *Journal) find(ctx context.Context, id string) (p Pending, found bool, err error) {
	err = store.Rows(ctx, j.store.Read(), func(rows *sql.Rows) (err error) {
		found = true
		p, err = scanPending(rows)
		return err
	}, `select `+pendingColumns+` from intake_journal where id = $1`, id)
	return p, found, err
}

// Waiting lists the newest reports that the journal holds, of one filer or (empty) of all.
func (j *Journal) Waiting(ctx context.Context, filer string, n int) ([]Pending, error) {
	var list []Pending
	err := store.Rows(ctx, j.store.Read(), func(rows *sql.Rows) error {
		p, err := scanPending(rows)
		list = append(list, p)
		return err
	}, `select `+pendingColumns+` from intake_journal where $1 in ('', filer) order by received desc, id desc limit $2`, filer, n)
	return list, err
}

// Depth is how many reports wait, whichever node took them.
func (j *Journal) Depth(ctx context.Context) (n int64, err error) {
	err = j.store.Read().QueryRowContext(ctx, `select count(*) from intake_journal`).Scan(&n)
	return n, err
}

// Raw unseals the bytes of a report that the journal holds. [ErrUnknown] means it has gone to the store meanwhile.
func (j *Journal) Raw(ctx context.Context, p Pending) ([]byte, error) {
	raw := make([]byte, 0, p.Size)
	found := false
	err := store.Rows(ctx, j.store.Read(), func(rows *sql.Rows) error {
		var sealed sql.RawBytes
		if err := rows.Scan(&sealed); err != nil {
			return err
		}
		found = true
		plain, err := j.keys.Open(ctx, keys.Journal, sealed)
		raw = append(raw, plain...)
		return err
	}, `select data from intake_journal_raw where id = $1 and part >= 0 order by part`, p.ID)
	switch {
	case err != nil:
		return nil, fmt.Errorf("read report %s from the journal: %w", p.ID, err)
	case !found:
		return nil, ErrUnknown
	case len(raw) != p.Size:
		return nil, fmt.Errorf("the journal holds %d of %d bytes of report %s", len(raw), p.Size, p.ID)
	}
	return raw, nil
}

// Remove lets go of reports that the store has. Nobody waits for the disk, least of all whoever is just filing: what a crash
// brings back, the store knows.
func (j *Journal) Remove(ctx context.Context, ids []string) error {
	if len(ids) == 0 {
		return nil
	}
	return j.store.WriteSoon(ctx, func(ctx context.Context, tx store.Tx) error {
		if _, err := store.ExecKeys(ctx, tx, `delete from intake_journal where id in (:keys)`, ids); err != nil {
			return err
		}
		_, err := store.ExecKeys(ctx, tx, `delete from intake_journal_raw where id in (:keys)`, ids)
		return err
	})
}

// Adopt renews this node's hold on what it took, and takes up what nodes took that have been silent too long. It
// answers whether there was any of that; the node then reads its journal from the beginning. Call it every few seconds.
func (j *Journal) Adopt(ctx context.Context) (adopted bool, err error) {
	if j.store.Embedded() {
		return false, nil // one process serves an embedded store
	}
	if _, held, err := j.store.Acquire(ctx, leaseOf(j.owner), j.owner, ownership); err != nil || !held {
		return false, err
	}
	var others []string
	err = store.Rows(ctx, j.store.Read(), func(rows *sql.Rows) error {
		var owner string
		err := rows.Scan(&owner)
		others = append(others, owner)
		return err
	}, `select distinct owner from intake_journal where owner <> $1`, j.owner)
	if err != nil {
		return false, err
	}
	for _, other := range others {
		lease, held, err := j.store.Acquire(ctx, leaseOf(other), j.owner, ownership)
		if err != nil {
			return adopted, err
		}
		if !held {
			continue // it is alive
		}
		err = j.store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
			if err := lease.Holds(ctx, tx); err != nil {
				return err
			}
			_, err := tx.ExecContext(ctx, `update intake_journal set owner = $1 where owner = $2`, j.owner, other)
			return err
		})
		if err = errors.Join(err, j.store.Release(ctx, lease)); err != nil {
			return adopted, err
		}
		adopted = true
	}
	return adopted, nil
}

func leaseOf(owner string) string { return "journal of " + owner }

// oldest is when the oldest report that the journal holds came; zero when it holds none.
func (j *Journal) oldest(ctx context.Context) (time.Time, error) {
	var received sql.NullInt64
	err := j.store.Read().QueryRowContext(ctx, `select min(received) from intake_journal`).Scan(&received)
	return store.Time(received.Int64), err
}
