package funds_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rihla/rihla/internal/audit"
	"github.com/rihla/rihla/internal/casework"
	"github.com/rihla/rihla/internal/funds"
	"github.com/rihla/rihla/internal/intake"
	"github.com/rihla/rihla/internal/jobs"
	"github.com/rihla/rihla/internal/pipeline"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/store"
	"github.com/rihla/rihla/internal/store/storetest"
)

func TestMain(m *testing.M) { storetest.Main(m) }

type hashIDs struct{ secret string }

func (h hashIDs) ID(kind string, parts ...string) string {
	sum := sha256.Sum256([]byte(h.secret + kind + "\x00" + strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:16])
}

// reads keeps what was told to the audit log.
type reads struct {
	entries []audit.Entry
	broken  bool
}

func (r *reads) Read(_ context.Context, e audit.Entry) error {
	if r.broken {
		return errors.New("no log")
	}
	r.entries = append(r.entries, e)
	return nil
}

// desk is a domain on a store with all that it stands on.
type desk struct {
	t     *testing.T
	store *store.Store
	*funds.Domain
	clock time.Time
	reads *reads
	taken []intake.Delivery
}

// noon of the samples' first day.
var noon = time.Date(2026, 5, 14, 12, 0, 0, 0, time.UTC)

func (d *desk) Take(_ context.Context, delivery intake.Delivery) (intake.Receipt, error) {
	d.taken = append(d.taken, delivery)
	sum := sha256.Sum256(delivery.Raw)
	return intake.Receipt{ID: hex.EncodeToString(sum[:8]), SHA256: hex.EncodeToString(sum[:])}, nil
}

func open(t *testing.T, st *store.Store, home string) *desk {
	t.Helper()
	d := &desk{t: t, store: st, clock: noon, reads: &reads{}}
	d.Domain = funds.New(funds.Options{Store: st, IDs: hashIDs{"x"}, Reads: d.reads, Journal: d, Home: home, Clock: func() time.Time { return d.clock }})
	for _, err := range []error{
		st.Migrate(t.Context(), d.Name(), d.Migrations()), screening.Migrate(t.Context(), st), casework.Migrate(t.Context(), st), jobs.Migrate(t.Context(), st),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	return d
}

// report is one filing.
type report struct {
	name, filer string
	at          time.Time
	raw         []byte
}

func sample(t *testing.T, name string) []byte {
	t.Helper()
	raw, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// read takes a report apart as the pipeline does.
func (d *desk) read(r report) pipeline.Filing {
	d.t.Helper()
	sum := sha256.Sum256(append([]byte(r.filer+"\x00"), r.raw...))
	f := pipeline.Filing{Report: intake.Report{ID: hex.EncodeToString(sum[:8]), SHA256: "sha", Filer: intake.Filer{Name: r.filer}, Gate: "http", Received: r.at}}
	for _, format := range d.Formats() {
		if !format.Recognise(r.raw) {
			continue
		}
		f.Format = format.Name()
		if err := format.Read(r.raw, r.at, func(m pipeline.Message) error {
			if m.Err == nil {
				f.Messages = append(f.Messages, m)
			}
			return nil
		}); err != nil {
			d.t.Fatalf("%s: %v", r.name, err)
		}
		return f
	}
	d.t.Fatalf("%s is not recognised", r.name)
	return f
}

// file takes a report the whole way into the store, and says what it caused and who is to be screened.
func (d *desk) file(r report) (pipeline.Effects, []screening.Screened) {
	d.t.Helper()
	f := d.read(r)
	for {
		c, err := d.Plan(d.t.Context(), d.store.Read(), f)
		if err != nil {
			d.t.Fatalf("%s: %v", r.name, err)
		}
		var e pipeline.Effects
		err = d.store.Write(d.t.Context(), func(ctx context.Context, tx store.Tx) (err error) {
			e, err = c.Write(ctx, tx)
			return err
		})
		if err == nil {
			return e, c.Subjects()
		}
		if !errors.Is(err, pipeline.ErrConflict) {
			d.t.Fatalf("%s: %v", r.name, err)
		}
	}
}

// parties are all that are held, screened on committed rows.
func (d *desk) parties() []screening.Screened {
	d.t.Helper()
	var ids []screening.ID
	for after := screening.ID(""); ; {
		page, err := d.Ahead(d.t.Context(), d.store.Read(), d.clock, after, 500)
		if err != nil {
			d.t.Fatal(err)
		}
		ids = append(ids, page...)
		if len(page) < 500 {
			break
		}
		after = page[len(page)-1]
	}
	return d.screen(ids...)
}

func (d *desk) screen(ids ...screening.ID) []screening.Screened {
	d.t.Helper()
	out, err := d.Screen(d.t.Context(), d.store.Read(), ids)
	if err != nil {
		d.t.Fatal(err)
	}
	return out
}

// called finds a party by its whole name.
func (d *desk) called(name string) screening.Screened {
	d.t.Helper()
	all := d.parties()
	at := slices.IndexFunc(all, func(s screening.Screened) bool {
		return slices.ContainsFunc(s.Subject.Names, func(n screening.Name) bool { return n.String() == name })
	})
	if at < 0 {
		d.t.Fatalf("nobody is called %s", name)
	}
	return all[at]
}

// codes are what this room finds of a subject.
func codes(s screening.Screened) []string {
	out := []string{}
	for _, f := range s.Found {
		out = append(out, f.Explanation.Code)
	}
	slices.Sort(out)
	return out
}
