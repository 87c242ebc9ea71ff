package trust

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"log/slog"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"time"
	"unicode"

	"github.com/rihla/rihla/formats/cms"
	"github.com/rihla/rihla/internal/audit"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/store"
)

//go:embed migrations
var migrations embed.FS

// Identifier makes ids from natural keys: the same on every node of a store, telling nothing.
type Identifier interface {
	ID(kind string, parts ...string) string
}

// Reads is where a read of a person's data is told, durably, before the data leaves.
type Reads interface {
	Read(context.Context, audit.Entry) error
}

// Options are what the room needs of the house. Store alone is enough to load and to verify.
type Options struct {
	Store      *store.Store
	IDs        Identifier
	Reads      Reads
	Generation func() *screening.Generation // for documents on lists; nil looks in none
	Clock      func() time.Time
	Logger     *slog.Logger
}

// Store is the node's trust list. It is safe for concurrent use.
type Store struct {
	o    Options
	list atomic.Pointer[List]
}

// Open readies the list of a store.
func Open(ctx context.Context, o Options) (*Store, error) {
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	for _, migrate := range []func() error{
		func() error { return audit.Migrate(ctx, o.Store) }, // each loading is recorded there
		func() error { return o.Store.Migrate(ctx, "facilitation_trust", migrations) },
	} {
		if err := migrate(); err != nil {
			return nil, err
		}
	}
	s := &Store{o: o}
	_, err := s.Current(ctx)
	return s, err
}

// List is the list as it was last seen: of this process's own loadings the latest, of another's at the latest
// [Store.Current].
func (s *Store) List() *List { return s.list.Load() }

// Current is the list in force, whoever loaded it. While nothing changed that costs one small query.
func (s *Store) Current(ctx context.Context) (*List, error) {
	version, at, err := head(ctx, s.o.Store.Read())
	if err != nil {
		return nil, err
	}
	if l := s.list.Load(); l != nil && l.Version == version {
		return l, nil
	}
	var l *List
	if err := s.o.Store.Snapshot(ctx, func(ctx context.Context, r store.Reader) (err error) {
		if version, at, err = head(ctx, r); err != nil {
			return err
		}
		l, err = s.read(ctx, r, version, at)
		return err
	}); err != nil {
		return nil, err
	}
	s.keep(l)
	return l, nil
}

// keep makes a list the one in force, unless a later one is.
func (s *Store) keep(l *List) {
	for {
		old := s.list.Load()
		if old != nil && old.Version >= l.Version || s.list.CompareAndSwap(old, l) {
			return
		}
	}
}

func head(ctx context.Context, r store.Reader) (version int64, at time.Time, err error) {
	var µs int64
	err = r.QueryRowContext(ctx, "select version, at from trust_head where one = 1").Scan(&version, &µs)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, time.Time{}, nil
	}
	return version, store.Time(µs), err
}

func (s *Store) read(ctx context.Context, r store.Reader, version int64, at time.Time) (*List, error) {
	var held []*Held
	var revocations []*cms.Revocations
	var waivers []Waiver
	err := store.Rows(ctx, r, func(rows *sql.Rows) error {
		h := &Held{}
		var added int64
		var raw []byte
		if err := rows.Scan(&h.ID, &h.Kind, &h.Source, &added, &raw); err != nil {
			return err
		}
		c, err := cms.ParseCertificate(raw)
		if err != nil {
			return fmt.Errorf("certificate %s of the trust list: %w", h.ID, err)
		}
		h.Certificate, h.Added = c, store.Time(added)
		held = append(held, h)
		return nil
	}, "select id, kind, source, added, bytes from trust_certificate order by added, id")
	if err != nil {
		return nil, err
	}
	if err := store.Rows(ctx, r, func(rows *sql.Rows) error {
		var raw []byte
		if err := rows.Scan(&raw); err != nil {
			return err
		}
		l, err := cms.ParseRevocations(raw)
		if err != nil {
			return fmt.Errorf("a revocation list of the trust list: %w", err)
		}
		revocations = append(revocations, l)
		return nil
	}, "select bytes from trust_revocation order by authority"); err != nil {
		return nil, err
	}
	if err := store.Rows(ctx, r, func(rows *sql.Rows) error {
		var w Waiver
		var until int64
		if err := rows.Scan(&w.ID, &w.Country, &w.Defect, &w.Reason, &until, &w.By); err != nil {
			return err
		}
		w.Until = store.Time(until)
		waivers = append(waivers, w)
		return nil
	}, "select id, country, defect, reason, until, actor from trust_waiver order by id"); err != nil {
		return nil, err
	}
	return build(version, at, held, revocations, waivers), nil
}

// What a loader may have got wrong.
var (
	ErrNone  = errors.New("there is none of that name on the trust list")
	errMoved = errors.New("the trust list moved meanwhile") // and the change is planned again
)

// NothingError is a file of which nothing could be taken. The list is as it was.
type NothingError struct{ Refused []Refused }

func (e *NothingError) Error() string {
	r := e.Refused[0]
	more := ""
	if n := len(e.Refused) - 1; n > 0 {
		more = fmt.Sprintf(", and %d more", n)
	}
	return fmt.Sprintf("nothing of it was taken: %s: %s: %s%s", r.What, r.Code, r.Message, more)
}

// ShrinkError is a file that would take away more authorities than a new edition does. The list is as it was.
type ShrinkError struct{ Gone, Of int }

func (e *ShrinkError) Error() string {
	return fmt.Sprintf("it would take away %d of the %d authorities that came in its last edition; if that is meant, say so", e.Gone, e.Of)
}

// Loading is a file to be loaded, and how.
type Loading struct {
	Source  string // what it is called: a new edition has the same name
	Bytes   []byte
	Replace bool // what came under this name before and is not in it now goes
	Force   bool // however much goes
	By      string
	Role    string
}

// mostGone is how many of a source's authorities, in a hundred, a new edition may leave out unasked.
const mostGone = 10

// Load takes a file into the list. What of it cannot be taken is told and left out; of one that is broken, or that nothing
// can be taken of, nothing is changed.
func (s *Store) Load(ctx context.Context, g Loading) (Loaded, error) {
	if g.Source = clean(g.Source); g.Source == "" {
		g.Source = "unnamed"
	}
	for {
		old, err := s.Current(ctx)
		if err != nil {
			return Loaded{}, err
		}
		c := &change{List: old.clone(s.o.Clock().UTC()), at: s.o.Clock().UTC(), source: g.Source, vouch: true}
		c.load(g.Bytes)
		if c.out.Added+c.out.Replaced+c.out.Known == 0 {
			if len(c.out.Refused) == 0 {
				c.refuse(g.Source, RefusedUnknown, errors.New("there is nothing in it"))
			}
			return Loaded{}, &NothingError{c.out.Refused}
		}
		var gone []string
		if g.Replace {
			if gone, err = c.leave(g); err != nil {
				return Loaded{}, err
			}
			c.out.Removed = len(gone)
		}
		if len(c.added)+len(c.newLists)+len(gone) == 0 {
			c.out.Version = old.Version
			return c.out, nil
		}
		err = s.commit(ctx, old.Version, func(ctx context.Context, tx store.Tx) error { return c.write(ctx, tx, g, gone) })
		if errors.Is(err, errMoved) {
			continue
		}
		if err != nil {
			return Loaded{}, err
		}
		now, err := s.Current(ctx)
		if err != nil {
			return Loaded{}, err
		}
		c.out.Version = now.Version
		s.o.Logger.Info("the trust list changed", "version", now.Version, "added", c.out.Added, "replaced", c.out.Replaced, "removed", c.out.Removed, "refused", c.out.Left)
		return c.out, nil
	}
}

// mostText bounds what strangers' files put into answers and the audit log.
const mostText = 300

// clean makes a text that came from elsewhere fit for the audit log, a page and a terminal.
func clean(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.In(r, unicode.Bidi_Control) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	if r := []rune(s); len(r) > mostText {
		s = string(r[:mostText])
	}
	return strings.TrimSpace(s)
}

// leave finds what came under the file's name before and is not in it now.
func (c *change) leave(g Loading) (gone []string, err error) {
	authorities, leaving := 0, 0
	for _, h := range c.held {
		if h.Source != g.Source || slices.Contains(c.added, h) {
			continue
		}
		is := h.Kind == Authority || h.Kind == Link
		if is {
			authorities++
		}
		if c.seen[h.ID] {
			continue
		}
		if is {
			leaving++
		}
		gone = append(gone, h.ID)
	}
	if leaving*100 > authorities*mostGone && !g.Force {
		return nil, &ShrinkError{leaving, authorities}
	}
	return gone, nil
}

// commit makes a change of the list of one version, with its head.
func (s *Store) commit(ctx context.Context, version int64, work func(context.Context, store.Tx) error) error {
	return s.o.Store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		now, _, err := head(ctx, tx)
		if err != nil {
			return err
		}
		if now != version {
			return errMoved
		}
		if _, err := tx.ExecContext(ctx, `insert into trust_head (one, version, at) values (1, $1, $2) on conflict (one) do update set version = excluded.version, at = excluded.at`,
			version+1, store.Micros(tx.Now())); err != nil {
			return err
		}
		return work(ctx, tx)
	})
}

var (
	insertCertificate = store.NewInsert("trust_certificate", []string{"id", "kind", "source", "added", "actor", "bytes"}, "")
	insertRevocation  = store.NewInsert("trust_revocation", []string{"authority", "source", "added", "actor", "bytes"},
		"on conflict (authority) do update set source = excluded.source, added = excluded.added, actor = excluded.actor, bytes = excluded.bytes")
)

// mostTouched bounds the ids of one entry in the audit log; how many there were is in its detail.
const mostTouched = 50

func (c *change) write(ctx context.Context, tx store.Tx, g Loading, gone []string) error {
	at := store.Micros(tx.Now())
	var touched []string
	rows := make([][]any, len(c.added))
	for i, h := range c.added {
		rows[i] = []any{h.ID, string(h.Kind), h.Source, at, g.By, h.Raw}
		touched = append(touched, h.ID)
	}
	if _, err := insertCertificate.Exec(ctx, tx, rows); err != nil {
		return err
	}
	rows = rows[:0]
	for _, l := range c.newLists {
		rows = append(rows, []any{revocationKey(l), g.Source, at, g.By, l.Raw})
	}
	if _, err := insertRevocation.Exec(ctx, tx, rows); err != nil {
		return err
	}
	for _, id := range gone {
		if _, err := tx.ExecContext(ctx, "delete from trust_certificate where id = $1", id); err != nil {
			return err
		}
	}
	touched = append(touched, gone...)
	return audit.Record(ctx, tx, audit.Entry{Actor: g.By, Role: g.Role, Action: "trust.load", Touched: touched[:min(len(touched), mostTouched)],
		Detail: fmt.Sprintf("%s: %d added, %d replaced, %d removed, %d known, %d refused", g.Source, c.out.Added, c.out.Replaced, len(gone), c.out.Known, c.out.Left)})
}

// Remove takes a certificate off the list, with a reason. What descends from an authority that goes is not trusted any
// more, on the list or not.
func (s *Store) Remove(ctx context.Context, id, reason, by, role string) error {
	return s.again(ctx, func(ctx context.Context, tx store.Tx) error {
		done, err := tx.ExecContext(ctx, "delete from trust_certificate where id = $1", id)
		if err != nil {
			return err
		}
		if n, err := done.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, ErrNone)
		}
		return audit.Record(ctx, tx, audit.Entry{Actor: by, Role: role, Action: "trust.remove", Touched: []string{id}, Detail: clean(reason)})
	})
}

// again makes a change that needs no plan.
func (s *Store) again(ctx context.Context, work func(context.Context, store.Tx) error) error {
	for {
		l, err := s.Current(ctx)
		if err != nil {
			return err
		}
		if err = s.commit(ctx, l.Version, work); errors.Is(err, errMoved) {
			continue
		}
		if err != nil {
			return err
		}
		_, err = s.Current(ctx)
		return err
	}
}

// WrongError is a waiver that cannot be, and why.
type WrongError struct{ Field, Message string }

func (e *WrongError) Error() string { return e.Field + ": " + e.Message }

var waiverName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$`)

// longest is how long a waiver may hold: a defect that is still there then is looked at again.
const longest = 2 * 366 * 24 * time.Hour

// Waive passes over a defect of a country's documents, or changes such a waiver.
func (s *Store) Waive(ctx context.Context, w Waiver, role string) error {
	now := s.o.Clock()
	w.Country, w.Reason = strings.ToUpper(w.Country), clean(w.Reason)
	switch {
	case !waiverName.MatchString(w.ID):
		return &WrongError{"id", "a name has up to 64 letters, digits and . _ -, and begins with a letter or digit"}
	case len(w.Country) != 2:
		return &WrongError{"country", "name a country by its two letters, as its certificates do"}
	case !waivable[w.Defect]:
		return &WrongError{"defect", "a waiver is for one of " + strings.Join(Waivable(), ", ") + "; nothing else may be passed over"}
	case len(w.Reason) < 10:
		return &WrongError{"reason", "say in at least ten letters why, for whoever asks later"}
	case !w.Until.After(now) || w.Until.Sub(now) > longest:
		return &WrongError{"until", "a waiver ends within two years, and not before it begins"}
	}
	return s.again(ctx, func(ctx context.Context, tx store.Tx) error {
		if _, err := tx.ExecContext(ctx, `insert into trust_waiver (id, country, defect, reason, until, actor) values ($1, $2, $3, $4, $5, $6) on conflict (id) do update set
			country = excluded.country, defect = excluded.defect, reason = excluded.reason, until = excluded.until, actor = excluded.actor`,
			w.ID, w.Country, w.Defect, w.Reason, store.Micros(w.Until), w.By); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Entry{Actor: w.By, Role: role, Action: "trust.waive", Touched: []string{w.ID},
			Detail: fmt.Sprintf("%s of %s until %s: %s", w.Defect, w.Country, w.Until.UTC().Format(time.DateOnly), w.Reason)})
	})
}

// Waivable are the codes that a waiver may be for.
func Waivable() []string { return sortedKeys(waivable) }

// Unwaive ends a waiver.
func (s *Store) Unwaive(ctx context.Context, id, by, role string) error {
	return s.again(ctx, func(ctx context.Context, tx store.Tx) error {
		done, err := tx.ExecContext(ctx, "delete from trust_waiver where id = $1", id)
		if err != nil {
			return err
		}
		if n, err := done.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, ErrNone)
		}
		return audit.Record(ctx, tx, audit.Entry{Actor: by, Role: role, Action: "trust.unwaive", Touched: []string{id}})
	})
}
