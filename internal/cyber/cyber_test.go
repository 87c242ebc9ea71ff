package cyber_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/rihla/rihla/internal/audit"
	"github.com/rihla/rihla/internal/casework"
	"github.com/rihla/rihla/internal/cyber"
	"github.com/rihla/rihla/internal/intake"
	"github.com/rihla/rihla/internal/jobs"
	"github.com/rihla/rihla/internal/pipeline"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/store"
	"github.com/rihla/rihla/internal/store/storetest"
)

func TestMain(m *testing.M) { storetest.Main(m) }

// plainIDs make ids that say what they are of, as long as tests need.
type plainIDs struct{}

func (plainIDs) ID(kind string, parts ...string) string {
	sum := sha256.Sum256([]byte(kind + "\x00" + strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:16])
}

// reads remembers what the audit log was told.
type reads struct{ told []audit.Entry }

func (r *reads) Read(_ context.Context, e audit.Entry) error {
	r.told = append(r.told, e)
	return nil
}

// room is cyber on a store of its own, with the road in small: every report is read, planned and written.
type room struct {
	t     *testing.T
	store *store.Store
	*cyber.Domain
	now     time.Time
	reads   *reads
	options cyber.Options
	last    pipeline.Effects
	found   []screening.Screened
	filed   map[string][]byte // as the house keeps them
}

// Raw is a report as it is kept.
func (r *room) Raw(_ context.Context, report string) ([]byte, error) { return r.filed[report], nil }

// lookBack reads the logs again that came before an indicator.
func (r *room) lookBack() {
	r.t.Helper()
	for due := []jobs.Job{{Kind: "cyber.lookback"}}; len(due) > 0; {
		if err := r.store.Write(r.t.Context(), func(ctx context.Context, tx store.Tx) error {
			e, err := r.Woken(ctx, tx, due[0])
			due = e.Jobs
			return err
		}); err != nil {
			r.t.Fatal(err)
		}
	}
}

var day0 = time.Date(2026, 3, 17, 8, 0, 0, 0, time.UTC)

func open(t *testing.T, st *store.Store) *room {
	t.Helper()
	r := &room{t: t, store: st, now: day0, reads: &reads{}, filed: map[string][]byte{}}
	r.options = cyber.Options{Store: st, IDs: plainIDs{}, Reads: r.reads, Owner: "CSIRT of Examplia", Journal: journal{r}, Copies: r, Clock: func() time.Time { return r.now }}
	r.Domain = cyber.New(r.options)
	for _, err := range []error{
		st.Migrate(t.Context(), r.Name(), r.Migrations()), screening.Migrate(t.Context(), st), casework.Migrate(t.Context(), st),
		audit.Migrate(t.Context(), st), jobs.Migrate(t.Context(), st), pipeline.Migrate(t.Context(), st),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	return r
}

// read takes a report apart, by the first format that recognises it.
func (r *room) read(raw []byte) (format string, messages []pipeline.Message, err error) {
	for _, f := range r.Formats() {
		if f.Recognise(raw) {
			err = f.Read(raw, r.now, func(m pipeline.Message) error {
				messages = append(messages, m)
				return nil
			})
			return f.Name(), messages, err
		}
	}
	return "", nil, nil
}

// file takes a report the whole way.
func (r *room) file(filer, report string, raw []byte) {
	r.t.Helper()
	r.filed[report] = raw
	format, messages, err := r.read(raw)
	if err != nil || format == "" {
		r.t.Fatalf("%s is %q, and not read: %v", report, format, err)
	}
	r.write(pipeline.Filing{Format: format, Messages: messages, Report: intake.Report{ID: report, Filer: intake.Filer{Name: filer}, Gate: "http", Received: r.now}})
}

func (r *room) write(f pipeline.Filing) {
	r.t.Helper()
	c, err := r.Plan(r.t.Context(), r.store.Read(), f)
	if err != nil {
		r.t.Fatal(err)
	}
	r.found = c.Subjects()
	if err := r.store.Write(r.t.Context(), func(ctx context.Context, tx store.Tx) (err error) {
		r.last, err = c.Write(ctx, tx)
		return err
	}); err != nil {
		r.t.Fatal(err)
	}
}

func sample(t *testing.T, name string) []byte {
	t.Helper()
	b, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestABundleBecomesIndicators(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, openStore func() *store.Store) {
		r := open(t, openStore())
		r.file("CSIRT-EX", "r1", sample(t, "stix/valid/01-indicator-malware.json"))
		if len(r.last.Touched) != 1 || len(r.found) != 1 || r.found[0].Subject.Title != "198[.]51[.]100[.]7" {
			t.Errorf("touched %v, screened %+v", r.last.Touched, r.found)
		}
		r.file("CSIRT-EX", "r2", sample(t, "stix/valid/01-indicator-malware.json"))
		if len(r.last.Touched) != 0 {
			t.Errorf("said again, %v changed", r.last.Touched)
		}
		r.file("CSIRT-EX", "r3", sample(t, "stix/valid/07-patterns.json"))
	})
}

// Every sample of threats, valid or partly so, is read and becomes what it says.
func TestThreatsBecomeIndicators(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]int{
		"stix/valid/01-indicator-malware.json":         1,
		"stix/valid/02-observables-sighting-tlp2.json": 1,
		"stix/valid/03-versions-revoked.json":          2,
		"stix/invalid/08-one-bad-among-good.json":      0,
		"misp/01-event-attributes.json":                5,
		"misp/02-event-objects-sharing-group.json":     2,
		"ioc/01-defanged.csv":                          12,
		"ioc/02-mail-body.txt":                         5,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := open(t, storetest.SQLite(t))
			r.file("CSIRT-EX", "r1", sample(t, name))
			if len(r.last.Touched) != want {
				t.Errorf("%d indicators, wanted %d", len(r.last.Touched), want)
			}
		})
	}
}

const twoLines = `{"@timestamp":"2026-03-16T08:00:00Z","host":{"name":"gate-7"},"destination":{"ip":"198.51.100.7"}}
{"@timestamp":"2026-03-16T09:30:00Z","host":{"name":"gate-7"},"destination":{"ip":"198.51.100.7"},"note":"again"}
not a line at all
{"@timestamp":"2026-03-16T09:31:00Z","host":{"name":"gate-8"},"destination":{"ip":"198.51.100.70"}}
`

// Lines that meet an indicator are a sighting of it and a finding on the machine; filed twice, they count once.
func TestALogIsMatched(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, openStore func() *store.Store) {
		r := open(t, openStore())
		r.file("CSIRT-EX", "r1", sample(t, "stix/valid/01-indicator-malware.json"))
		for range 2 {
			r.file("port", "log1", []byte(twoLines))
			var host screening.Screened
			for _, s := range r.found {
				if s.Subject.Title == "gate-7" {
					host = s
				}
			}
			if len(host.Found) != 1 || host.Found[0].Explanation.Evidence[0].Subject != "2" || host.Found[0].Explanation.Code != "indicator_sighted" {
				t.Fatalf("of the machine is found %+v", host.Found)
			}
		}
		var lines, unread, matched int
		if err := r.store.Read().QueryRowContext(t.Context(), `select lines, unread, matched from cyber_log`).Scan(&lines, &unread, &matched); err != nil || lines != 4 || unread != 1 || matched != 2 {
			t.Errorf("%d lines, %d unread, %d matched (%v)", lines, unread, matched, err)
		}
		var sightings, places int
		if err := r.store.Read().QueryRowContext(t.Context(), `select sightings, places from cyber_indicator where sightings > 0`).Scan(&sightings, &places); err != nil || sightings != 2 || places != 1 {
			t.Errorf("%d sightings at %d places (%v)", sightings, places, err)
		}
	})
}

// Two reports of one incident are one incident, in whatever order they come.
func TestReportsBecomeAnIncident(t *testing.T) {
	t.Parallel()
	for _, order := range [][]string{{"reports/01-early-warning.json", "reports/02-notification.json"}, {"reports/02-notification.json", "reports/01-early-warning.json"}} {
		storetest.Each(t, func(t *testing.T, openStore func() *store.Store) {
			r := open(t, openStore())
			for _, name := range order {
				r.file("port", name, sample(t, name))
				if len(r.last.Answers) != 1 || len(r.last.Jobs) == 0 {
					t.Errorf("%s is answered %d times, with %d reminders", name, len(r.last.Answers), len(r.last.Jobs))
				}
			}
			v := r.found[len(r.found)-1].View.(*cyber.View).Incident
			if v.Level != 3 || !v.Essential || v.CrossBorder != "yes" || v.Indicators != 2 {
				t.Errorf("the incident is %+v", v)
			}
			var n int
			if err := r.store.Read().QueryRowContext(t.Context(), `select count(*) from cyber_incident where joined = ''`).Scan(&n); err != nil || n != 1 {
				t.Errorf("%d incidents (%v)", n, err)
			}
		})
	}
}

// An indicator that comes after the log in which it stands is met all the same, and nothing is counted twice.
func TestALogIsReadAgain(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, openStore func() *store.Store) {
		r := open(t, openStore())
		r.file("port", "log1", []byte(twoLines))
		r.lookBack()
		r.file("CSIRT-EX", "r1", sample(t, "stix/valid/01-indicator-malware.json"))
		if len(r.last.Jobs) != 1 {
			t.Fatalf("%d jobs follow from an indicator", len(r.last.Jobs))
		}
		for range 2 {
			r.lookBack()
			var sightings, matched, lines int
			if err := r.store.Read().QueryRowContext(t.Context(), `select i.sightings, l.matched, l.lines from cyber_indicator i, cyber_log l`).Scan(&sightings, &matched, &lines); err != nil || sightings != 2 || matched != 2 || lines != 4 {
				t.Errorf("%d sightings, %d of %d lines matched (%v)", sightings, matched, lines, err)
			}
		}
	})
}

// An incident that comes as STIX is an incident, with the indicators that come with it; what we export can be filed again.
func TestAnIncidentAsSTIX(t *testing.T) {
	t.Parallel()
	k := openDesk(t)
	k.file("CSIRT-EX", "r1", sample(t, "stix/valid/05-incident-extension.json"))
	var page list[caseFile]
	k.ask("GET", "/incidents", nil, &page)
	if len(page.Items) != 1 || page.Items[0].Title != "Ransomware at a port operator" || page.Items[0].TLP != "TLP:AMBER" {
		t.Fatalf("%+v", page.Items)
	}
	if len(k.last.Answers) != 0 {
		t.Error("a receipt for an object")
	}
	other := openDesk(t)
	other.file("port", "r1", sample(t, "reports/02-notification.json"))
	other.ask("GET", "/incidents", nil, &page)
	var bundle json.RawMessage
	if code := other.ask("GET", "/incidents/"+page.Items[0].ID+"/export", nil, &bundle); code != 200 {
		t.Fatalf("exported with %d", code)
	}
	k.file("partner", "r2", bundle)
	var again list[caseFile]
	k.ask("GET", "/incidents?q=ransomware", nil, &again)
	found := false
	for _, i := range again.Items {
		var c caseFile
		k.ask("GET", "/incidents/"+i.ID, nil, &c)
		found = found || len(c.Linked) == 2 && c.TLP == "TLP:AMBER"
	}
	if !found {
		t.Errorf("filed again: %+v", again.Items)
	}
}

// Of several versions of one incident in one report the latest holds.
func TestVersionsOfAnIncident(t *testing.T) {
	t.Parallel()
	k := openDesk(t)
	version := func(modified, name string) string {
		return `{"type":"incident","spec_version":"2.1","id":"incident--422b39ba-d74c-4af8-8068-876df53fc833","created":"2026-03-15T08:00:00.000Z","modified":"` + modified + `","name":"` + name + `"}`
	}
	k.file("CSIRT-EX", "r1", []byte(`{"type":"bundle","id":"bundle--bfb43fdb-d63c-4f56-a674-30ef024b6539","objects":[`+version("2026-03-17T08:00:00.000Z", "latest")+","+version("2026-03-15T08:00:00.000Z", "first")+","+version("2026-03-16T08:00:00.000Z", "second")+"]}"))
	var page list[caseFile]
	if k.ask("GET", "/incidents", nil, &page); len(page.Items) != 1 || page.Items[0].Title != "latest" {
		t.Errorf("%+v", page.Items)
	}
}
