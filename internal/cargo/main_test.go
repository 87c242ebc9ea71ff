package cargo_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rihla/rihla/formats/fault"
	"github.com/rihla/rihla/internal/audit"
	"github.com/rihla/rihla/internal/cargo"
	"github.com/rihla/rihla/internal/casework"
	"github.com/rihla/rihla/internal/intake"
	"github.com/rihla/rihla/internal/jobs"
	"github.com/rihla/rihla/internal/keys"
	"github.com/rihla/rihla/internal/pipeline"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/screening/rules"
	"github.com/rihla/rihla/internal/store"
	"github.com/rihla/rihla/internal/store/storetest"
)

func TestMain(m *testing.M) { storetest.Main(m) }

// hashIDs are ids that tell nothing, shaped as the house's.
type hashIDs struct{ salt string }

func (h hashIDs) ID(kind string, parts ...string) string {
	sum := sha256.Sum256([]byte(h.salt + kind + "\x00" + strings.Join(parts, "\x00")))
	x := hex.EncodeToString(sum[:16])
	return x[:8] + "-" + x[8:12] + "-8" + x[13:16] + "-8" + x[17:20] + "-" + x[20:]
}

// reads remembers what the audit log was told.
type reads struct{ told []audit.Entry }

func (r *reads) Read(_ context.Context, e audit.Entry) error {
	r.told = append(r.told, e)
	return nil
}

// room is the domain with the rooms it stands on, driven as the pipeline drives it.
type room struct {
	t        testing.TB
	st       *store.Store
	d        *cargo.Domain
	reads    *reads
	screener *screening.Screener
	now      time.Time
	reports  *intake.Reports
	answers  []intake.Answer
	jobs     []jobs.Job
	due      []screening.ID
	gone     []screening.ID
}

// morning is when tests begin: the day before the samples' flights.
var morning = time.Date(2026, 3, 14, 8, 0, 0, 0, time.UTC)

func open(t testing.TB, st *store.Store, otherwise ...func(*cargo.Options)) *room {
	t.Helper()
	k := &room{t: t, st: st, reads: &reads{}, now: morning}
	options := cargo.Options{Store: st, IDs: hashIDs{"x"}, Reads: k.reads, Clock: func() time.Time { return k.now }}
	for _, change := range otherwise {
		change(&options)
	}
	k.d = cargo.New(options)
	ctx := t.Context()
	vocabularies := []rules.Vocabulary{cargo.Vocabulary()}
	var err error
	if k.screener, err = screening.Open(ctx, st, screening.Options{Vocabularies: vocabularies, Clock: func() time.Time { return k.now }}); err != nil {
		t.Fatal(err)
	}
	for _, err := range []error{
		st.Migrate(ctx, k.d.Name(), k.d.Migrations()), casework.Migrate(ctx, st), jobs.Migrate(ctx, st), audit.Migrate(ctx, st), pipeline.Migrate(ctx, st),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	sealing, err := keys.Open(ctx, st, keys.Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	if k.reports, err = intake.OpenReports(ctx, st, sealing, func() time.Time { return k.now }); err != nil {
		t.Fatal(err)
	}
	return k
}

// file takes a report the whole way, as the pipeline does: read, planned, screened, weighed, written with what is found.
func (k *room) file(filer, name, body string) {
	k.t.Helper()
	if err := k.tryFile(filer, name, body); err != nil {
		k.t.Fatalf("%s: %v", name, err)
	}
}

// plan gives whom a report has screened.
func (k *room) plan(filer, name, body string) []screening.Screened {
	k.t.Helper()
	f := pipeline.Filing{Report: intake.Report{ID: name, Filer: intake.Filer{Name: filer}, Received: k.now}}
	if err := k.d.Formats()[0].Read([]byte(body), k.now, func(m pipeline.Message) error {
		f.Messages = append(f.Messages, m)
		return nil
	}); err != nil {
		k.t.Fatal(err)
	}
	change, err := k.d.Plan(k.t.Context(), k.st.Read(), f)
	if err != nil {
		k.t.Fatal(err)
	}
	return change.Subjects()
}

func (k *room) tryFile(filer, name, body string) error {
	k.t.Helper()
	ctx := k.t.Context()
	f := pipeline.Filing{Report: intake.Report{ID: name, Filer: intake.Filer{Name: filer}, Received: k.now}}
	format := k.d.Formats()[0]
	if !format.Recognise([]byte(body)) {
		return errors.New("not recognised")
	}
	var fallen []pipeline.Message
	err := format.Read([]byte(body), k.now, func(m pipeline.Message) error {
		if m.Err != nil {
			fallen = append(fallen, m)
		} else {
			f.Messages = append(f.Messages, m)
		}
		return nil
	})
	if err != nil {
		return err
	}
	k.answers = append(k.answers, k.d.Refused(f.Report, fallen)...)
	if len(f.Messages) == 0 {
		return fallen[0].Err
	}
	change, err := k.d.Plan(ctx, k.st.Read(), f)
	if refused := (*fault.Fault)(nil); errors.As(err, &refused) {
		return refused
	}
	if err != nil {
		return err
	}
	screened := change.Subjects()
	var found []screening.Finding
	var subjects []*screening.Subject
	for i := range screened {
		found = k.screener.Generation().Screen(found, &screened[i])
		subjects = append(subjects, &screened[i].Subject)
	}
	change.(pipeline.Weighing).Weigh(found)
	return k.st.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		effects, err := change.Write(ctx, tx)
		if err != nil {
			return err
		}
		up, err := screening.Upsert(ctx, tx, cargo.Name, subjects, found)
		if err != nil {
			return err
		}
		raised, err := casework.Raise(ctx, tx, cargo.Name, screened, found, up)
		if err != nil {
			return err
		}
		k.caused(effects)
		if len(raised) == 0 {
			return nil
		}
		more, err := k.d.Raised(ctx, tx, raised)
		k.caused(more)
		return err
	})
}

func (k *room) caused(e pipeline.Effects) {
	k.answers = append(k.answers, e.Answers...)
	k.jobs = append(k.jobs, e.Jobs...)
	k.due = append(k.due, e.Due...)
	k.gone = append(k.gone, e.Gone...)
}

// sample is a file of the samples.
func sample(t testing.TB, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func asFault(err error, into **fault.Fault) bool { return errors.As(err, into) }

type intakeAnswer = intake.Answer

// again screens what is due once more, as the pipeline does.
func (k *room) again() {
	k.t.Helper()
	for len(k.due) > 0 {
		ids := k.due
		k.due = nil
		screened, err := k.d.Screen(k.t.Context(), k.st.Read(), ids)
		if err != nil {
			k.t.Fatal(err)
		}
		var found []screening.Finding
		var subjects []*screening.Subject
		for i := range screened {
			found = k.screener.Generation().Screen(found, &screened[i])
			subjects = append(subjects, &screened[i].Subject)
		}
		if err := k.st.Write(k.t.Context(), func(ctx context.Context, tx store.Tx) error {
			up, err := screening.Upsert(ctx, tx, cargo.Name, subjects, found, k.d.Engines()...)
			if err != nil {
				return err
			}
			raised, err := casework.Raise(ctx, tx, cargo.Name, screened, found, up)
			if err != nil {
				return err
			}
			e, err := k.d.Raised(ctx, tx, raised)
			k.caused(e)
			return err
		}); err != nil {
			k.t.Fatal(err)
		}
	}
}
