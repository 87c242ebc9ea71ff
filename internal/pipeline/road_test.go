package pipeline_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/rihla/rihla/formats/fault"
	"github.com/rihla/rihla/internal/intake"
	"github.com/rihla/rihla/internal/store"
	"github.com/rihla/rihla/internal/store/storetest"
)

// What a report becomes, and what stays of it.
func TestReport(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, file string
		want       intake.Status
		stored     string // the masked copy
		state      string
	}{
		{name: "read whole", file: "PARISH\nP st-mary Ann\n",
			want:   intake.Status{State: intake.Processed, Format: "roll", Domain: "parish", Messages: 1},
			stored: "PARISH\nP st-mary Ann\n", state: "st-mary: Ann\n"},
		{name: "withheld bytes are masked one for one", file: "PARISH\nP st-mary Ann\nSECRET limps\n",
			want:   intake.Status{State: intake.Processed, Format: "roll", Domain: "parish", Messages: 1},
			stored: "PARISH\nP st-mary Ann\nSECRET XXXXX\n", state: "st-mary: Ann\n"},
		{name: "a message falls alone", file: "PARISH\nP st-mary Ann\nBAD blood\nM st-mary Bob\n",
			want: intake.Status{State: intake.Processed, Format: "roll", Domain: "parish", Messages: 2, Partial: true,
				Lost: []fault.Fault{{Offset: 21, Line: 3, Rule: "bad", Message: "a bad line", Mend: "write P", What: "message"}}},
			stored: "PARISH\nP st-mary Ann\n          M st-mary Bob\n", state: "st-mary: Ann, Bob\n"},
		{name: "a part is lost", file: "PARISH\nP st-mary Ann\nLOST sheep\n",
			want: intake.Status{State: intake.Processed, Format: "roll", Domain: "parish", Messages: 1, Partial: true,
				Lost: []fault.Fault{{Offset: 21, Length: 10, Line: 3, Rule: "lost", Message: "a part is lost", What: "part"}}},
			stored: "PARISH\nP st-mary Ann\n          \n", state: "st-mary: Ann\n"},
		{name: "all messages fell", file: "PARISH\nBAD blood\n",
			want: intake.Status{State: intake.Quarantined, Format: "roll", Domain: "parish",
				Error: &fault.Fault{Offset: 7, Line: 2, Rule: "bad", Message: "a bad line", Mend: "write P"}},
			stored: strings.Repeat(" ", 17)},
		{name: "the rest cannot be read", file: "PARISH\nP st-mary Ann\nM st-mary Bob\n?\n",
			want: intake.Status{State: intake.Processed, Format: "roll", Domain: "parish", Messages: 1, Partial: true,
				Lost: []fault.Fault{{Offset: 35, Length: 2, Line: 4, Rule: "unknown_word", Message: `"?" begins no line`, Mend: "write P", What: "message"}}},
			stored: "PARISH\nP st-mary Ann\nM st-mary Bob\n  ", state: "st-mary: Ann\n"},
		{name: "no message", file: "PARISH\n",
			want: intake.Status{State: intake.Quarantined, Format: "roll", Domain: "parish", Error: &fault.Fault{Rule: "no_message",
				Message: "there is no message in it", Mend: "file the whole interchange: its header, its messages and its trailer"}},
			stored: strings.Repeat(" ", 7)},
		{name: "refused for what it says", file: "PARISH\nP st-mary Nobody\n",
			want: intake.Status{State: intake.Quarantined, Format: "roll", Domain: "parish", Messages: 1,
				Error: &fault.Fault{Rule: "not_yours", Message: "nobody may not be filed", Mend: "name somebody"}},
			stored: strings.Repeat(" ", 24)},
		{name: "white space", file: " \n\n",
			want: intake.Status{State: intake.Quarantined,
				Error: &fault.Fault{Rule: "empty", Message: "there is nothing in it but white space", Mend: "file the message itself"}},
			stored: "   "},
		{name: "an archive", file: "\x1f\x8b\x08",
			want: intake.Status{State: intake.Quarantined,
				Error: &fault.Fault{Rule: "not_recognised", Message: "this is a gzip archive, not a message", Mend: "unpack it and file what is in it"}},
			stored: "   "},
		{name: "binary", file: "ab\x00",
			want: intake.Status{State: intake.Quarantined,
				Error: &fault.Fault{Offset: 2, Rule: "not_recognised", Message: "these are binary bytes, not text", Mend: "file the message as text, in the character set that its standard names"}},
			stored: "   "},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			n, _ := start(t, storetest.SQLite(t), t.TempDir(), "one")
			got := n.settled(t, n.file(t, test.file))
			test.want.Filer, test.want.Gate, test.want.Size = "verger", "test", len(test.file)
			if diff := cmp.Diff(test.want, got, cmpopts.IgnoreFields(intake.Status{}, "ID", "SHA256", "Received")); diff != "" {
				t.Error(diff)
			}
			raw, err := n.reports.Raw(t.Context(), got.ID)
			if err != nil || string(raw) != test.stored {
				t.Errorf("stored %q (%v), want %q", raw, err, test.stored)
			}
			if got := n.state(t); got != test.state {
				t.Errorf("the state is %q, want %q", got, test.state)
			}
			if got.State == intake.Quarantined || got.Partial {
				opened, err := n.reports.Opened(t.Context(), got.ID)
				if want := test.file; err != nil || string(opened) != want {
					t.Errorf("opened %q (%v), want %q", opened, err, want)
				}
			}
		})
	}
}

// deck is a set of reports and what must come of them, in whatever order.
func deck(n int) (reports []string, state string) {
	people := map[string]map[string]bool{}
	for i := range n {
		report := "PARISH\n"
		for j := range 1 + i%3 {
			place, person := fmt.Sprintf("parish-%d", (i+j)%4), fmt.Sprintf("Person %03d", i)
			report += "P " + place + " " + person + "\n"
			if people[place] == nil {
				people[place] = map[string]bool{}
			}
			people[place][person] = true
		}
		reports = append(reports, report)
	}
	for i := range 4 {
		place := fmt.Sprintf("parish-%d", i)
		var all []string
		for person := range people[place] {
			all = append(all, person)
		}
		state += place + ": " + strings.Join(sorted(all), ", ") + "\n"
	}
	return reports, state
}

// Reports in any order, each twice, from eight filers at once, planned on versions that keep moving and on a store whose
// transactions keep meeting: each is applied once, and the result is the same.
func TestShuffledTwice(t *testing.T) {
	t.Parallel()
	storetest.EachFaulty(t, func(t *testing.T, open func() *store.Store) {
		n, _ := start(t, open(), t.TempDir(), "one")
		n.meet.Store(20)
		reports, want := deck(40)
		order := append(append([]string{}, reports...), reports...)
		rand.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		var filers sync.WaitGroup
		for k := range 8 {
			filers.Go(func() {
				for i := k; i < len(order); i += 8 {
					n.file(t, order[i])
				}
			})
		}
		filers.Wait()
		for _, r := range reports {
			n.settled(t, n.file(t, r)) // a duplicate: the same id
		}
		if got := n.state(t); got != want {
			t.Errorf("the state is\n%swant\n%s", got, want)
		}
		if got := n.total(t); got != len(reports) {
			t.Errorf("%d applications of %d reports", got, len(reports))
		}
		until(t, "the journal is empty", func() bool {
			depth, err := n.journal.Depth(t.Context())
			return err == nil && depth == 0
		})
	})
}

// Two nodes on one store, both reading: no report is applied twice, none is lost.
func TestTwoNodes(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func() *store.Store) {
		a := open()
		if a.Embedded() {
			return // one process serves an embedded store
		}
		dir := t.TempDir()
		one, _ := start(t, a, dir, "one")
		two, _ := start(t, open(), dir, "two")
		reports, want := deck(40)
		for i, r := range reports {
			[]*node{one, two}[i%2].file(t, r)
			[]*node{two, one}[i%3%2].file(t, r)
		}
		for _, r := range reports {
			one.settled(t, one.file(t, r))
		}
		if got := one.state(t); got != want {
			t.Errorf("the state is\n%swant\n%s", got, want)
		}
		if got := one.total(t); got != len(reports) {
			t.Errorf("%d applications of %d reports", got, len(reports))
		}
	})
}

// A filer who waits at the desk is not kept by those who filed in bulk before.
func TestInteractiveOvertakesBulk(t *testing.T) {
	t.Parallel()
	const bulk = 300
	n, err := build(t.Context(), storetest.SQLite(t), t.TempDir(), "one")
	if err != nil {
		t.Fatal(err)
	}
	take := func(text string, lane intake.Lane) string {
		receipt, err := n.journal.Take(t.Context(), intake.Delivery{Filer: intake.Filer{Name: "verger"}, Gate: "test", Raw: []byte(text), Lane: lane})
		if err != nil {
			t.Fatal(err)
		}
		return receipt.ID
	}
	var last string
	for i := range bulk {
		last = take(fmt.Sprintf("PARISH\nP st-mary Ann %d\n", i), intake.Bulk)
	}
	waits := take("PARISH\nP st-anne Zoe\n", intake.Interactive)
	live, err := n.pipeline.Hub().Follow(t.Context(), -1)
	if err != nil {
		t.Fatal(err)
	}
	n.run(t)
	n.settled(t, last)
	n.settled(t, waits)
	for before := 0; ; {
		switch e := next(t, live); {
		case e.Name != "report":
		case e.ID == waits:
			if before > bulk/3 {
				t.Errorf("%d of %d reports in bulk were written before it", before, bulk)
			}
			return
		default:
			before++
		}
	}
}

// A codec that panics is our own failure: its report stays received, others pass, and it is read once the codec is mended.
func TestPanickingCodec(t *testing.T) {
	t.Parallel()
	n, _ := start(t, storetest.SQLite(t), t.TempDir(), "one")
	n.broken.Store(true)
	hit := n.file(t, "PARISH\nP st-mary Ann\nPANIC\n")
	other := n.settled(t, n.file(t, "PARISH\nP st-mary Bob\n"))
	if other.State != intake.Processed {
		t.Errorf("the other report is %s", other.State)
	}
	if s, err := n.reports.Status(t.Context(), n.journal, hit); err != nil || s.State != intake.Received {
		t.Errorf("the report is %s (%v), want received", s.State, err)
	}
	n.broken.Store(false)
	if s := n.settled(t, hit); s.State != intake.Processed {
		t.Errorf("the report ended %s", s.State)
	}
}

// A report whose writing fails does not take along those it shared a commit with.
func TestFailingWrite(t *testing.T) {
	t.Parallel()
	n, _ := start(t, storetest.SQLite(t), t.TempDir(), "one")
	n.refusing.Store(true)
	hit := n.file(t, "PARISH\nP st-refuse Ann\n")
	until(t, "the report failed", func() bool { return n.plans.Load() > 0 })
	n.refusing.Store(false)
	reports, want := deck(20)
	for _, r := range reports {
		n.file(t, r)
	}
	for _, r := range reports {
		n.settled(t, n.file(t, r))
	}
	n.settled(t, hit)
	if got := n.state(t); got != want+"st-refuse: Ann\n" {
		t.Errorf("the state is\n%s", got)
	}
}

// After a stop half way, the next start of the same node goes on.
func TestStopAndStart(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func() *store.Store) {
		dir := t.TempDir()
		reports, want := deck(60)
		one, stop := start(t, open(), dir, "one")
		for _, r := range reports {
			one.file(t, r)
		}
		stop()
		two, _ := start(t, open(), dir, "one")
		for _, r := range reports {
			two.settled(t, two.file(t, r))
		}
		if got := two.state(t); got != want {
			t.Errorf("the state is\n%swant\n%s", got, want)
		}
		if got := two.total(t); got != len(reports) {
			t.Errorf("%d applications of %d reports", got, len(reports))
		}
	})
}
