package travel_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rihla/rihla/formats/cusres"
	"github.com/rihla/rihla/internal/casework"
	"github.com/rihla/rihla/internal/store"
	"github.com/rihla/rihla/internal/store/storetest"
)

// file files a message that nobody waits for.
func (b *border) file(body string) {
	b.t.Helper()
	if code, text := b.call(http.MethodPost, "/api/v1/reports", "application/json", body); code != http.StatusAccepted {
		b.t.Fatalf("%d %s", code, text)
	}
	b.settled()
}

const askAgain = "passenger 4Z INSUFFICIENT DATA. SEND THE PERSON AGAIN"

// R-FAC-07: by another document somebody is somebody else. Leave given before is void, and the carrier is told; what an
// officer cleared has to be looked at again.
func TestDocumentChanged(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func() *store.Store) {
		b := openBorder(t, open(), t.TempDir())
		b.list("Zoltan Brackwater")
		b.run()
		first := question("1", "745", rosalind)
		b.ask(first)
		b.ask(question("2", "745", zoltan))
		b.settled()
		c := b.caseOf("BRACKWATER, ZOLTAN")
		b.decide(c.ID, casework.Cleared)
		if got := b.verdict(b.unasked(1)); got != mayBoard {
			t.Errorf("cleared, and told %q", got)
		}

		// The carrier tells of other papers, and does not ask.
		other := rosalind
		other.document = "PA9999999"
		b.file(strings.Replace(question("3", "745+CP", other), "'RFF+TN:T0042", "'RFF+TN:T0042X", 1))
		told := b.unasked(2)
		if got := b.verdict(told); got != askAgain || b.read(told).Results[0].CarrierReference != "0042" {
			t.Errorf("told %s", told)
		}
		if l := b.on("QUILLFEATHER, ROSALIND"); l == nil || l.Why != "void" || !l.Answer.Void {
			t.Errorf("the desk sees %+v", l)
		}
		if got := b.verdict(b.ask(first)); got != askAgain {
			t.Errorf("the first question again: %q", got)
		}
		if got := b.verdict(b.ask(question("4", "745+CP", other))); got != mayBoard {
			t.Errorf("asked about anew: %q", got)
		}

		// And asks about him whom an officer cleared by other papers.
		his := zoltan
		his.document = "PA8888888"
		if got := b.verdict(b.ask(question("5", "745+CP", his))); got != mustCall {
			t.Errorf("cleared by other papers: %q", got)
		}
		b.settled()
		again := b.caseOf("BRACKWATER, ZOLTAN")
		if again.ID == c.ID || again.State != casework.Open {
			t.Fatalf("the case is %+v", again)
		}
		b.decide(again.ID, casework.Cleared)
		if got := b.verdict(b.unasked(3)); got != mayBoard {
			t.Errorf("cleared again: %q", got)
		}
		if got := b.verdict(b.ask(question("6", "745", his))); got != mayBoard {
			t.Errorf("and asked about: %q", got)
		}
		b.until("nothing is found of him but his name", func() bool {
			var n int
			err := b.store.Read().QueryRowContext(t.Context(), `select count(*) from screening_finding where engine = 'travel' and state = 0`).Scan(&n)
			return err == nil && n == 0
		})
	})
}

// A question that comes over the line twice is answered as before, but never with leave that was taken back since; and once
// it was called off, with none at all.
func TestReplayed(t *testing.T) {
	t.Parallel()
	b := openBorder(t, storetest.SQLite(t), t.TempDir())
	b.list("Zoltan Brackwater")
	b.run()
	her, his, both := question("1", "745", ludovica), question("2", "745", zoltan), question("3", "745", perpetua, rosalind)
	leave, call := b.ask(her), b.ask(his)
	b.ask(both)
	b.settled()
	if b.ask(her) != leave || b.ask(his) != call {
		t.Error("a repeated question is answered otherwise")
	}
	began := time.Now()
	b.list("Zoltan Brackwater", "Ludovica Pemberloft", "Perpetua Grimshaw-Okoro")
	b.unasked(2)
	t.Logf("told unasked %s after the list was loaded", time.Since(began)) // R-FAC-02: at most 30 s
	if got := b.verdict(b.ask(her)); got != mustCall {
		t.Errorf("listed since, and the same question is answered %q", got)
	}
	if m := b.read(b.ask(both)); m.Results[0].Decision != cusres.Contact || m.Results[1].Decision != cusres.OK || m.Reference != "3" {
		t.Errorf("of two one is listed since: %+v", m.Results)
	}
	b.list("Zoltan Brackwater")
	b.unasked(4)
	if b.ask(her) != leave {
		t.Error("listed no more, and the same question is not answered as before")
	}
	off := question("4", "745+XR", ludovica)
	answer := b.ask(off)
	b.settled()
	if got := b.verdict(b.ask(her)); got != askAgain {
		t.Errorf("called off, and the old question is answered %q", got)
	}
	if b.ask(off) != answer {
		t.Error("the cancellation is answered otherwise")
	}
	if l := b.on("PEMBERLOFT, LUDOVICA"); l != nil {
		t.Errorf("called off, and on the desk: %+v", l)
	}
}

// An infant goes with its adult: without papers of its own, and no further than the adult.
func TestInfant(t *testing.T) {
	t.Parallel()
	b := openBorder(t, storetest.SQLite(t), t.TempDir())
	b.list("Zoltan Brackwater")
	b.run()
	baby := traveller{"BRACKWATER", "MINNA", "290314", "0051", ""}
	m := b.read(b.ask(question("1", "745", baby, ludovica)))
	if m.Results[0].Decision != cusres.OK || m.Results[1].Decision != cusres.OK {
		t.Errorf("with somebody who may board: %+v", m.Results)
	}
	b.settled()
	if got := b.verdict(b.ask(question("2", "745", baby))); got != mayBoard { // of the same booking, asked about before
		t.Errorf("asked about alone: %q", got)
	}
	if got := b.verdict(b.ask(strings.ReplaceAll(question("3", "745", traveller{"WREN", "TOM", "290314", "0052", ""}), "LL8MNB", "OTHER1"))); got != "passenger 4Z INSUFFICIENT DATA. SEND DOCUMENT" {
		t.Errorf("with nobody: %q", got)
	}
	b.settled()
	b.list("Ludovica Pemberloft")
	told := map[string]cusres.Decision{}
	for n := range 2 {
		b.until("both are told of", func() bool { return b.count("unsolicited") >= 2 })
		r := b.read(b.nth(n)).Results[0]
		told[r.CarrierReference] = r.Decision
	}
	if told["0046"] != cusres.Contact || told["0051"] != cusres.Contact {
		t.Errorf("the adult is listed, and told are %+v", told)
	}
	if l := b.on("BRACKWATER, MINNA"); l == nil {
		t.Error("the infant is not on the desk")
	}
	b.decide(b.caseOf("PEMBERLOFT, LUDOVICA").ID, casework.Cleared)
	for n := 2; n < 4; n++ {
		b.until("both are told again", func() bool { return b.count("unsolicited") >= 4 })
		if r := b.read(b.nth(n)).Results[0]; r.Decision != cusres.OK {
			t.Errorf("the adult is cleared, and told is %+v", r)
		}
	}
}

// count counts the answers of a kind to the carrier.
func (b *border) count(kind string) (n int) {
	b.t.Helper()
	list, err := b.reports.Answers(b.t.Context(), carrier.Name, "", 0, 1000)
	if err != nil {
		b.t.Fatal(err)
	}
	for _, a := range list {
		if a.Kind == kind {
			n++
		}
	}
	return n
}

// nth is the nth answer that came unasked.
func (b *border) nth(n int) string {
	b.t.Helper()
	list, err := b.reports.Answers(b.t.Context(), carrier.Name, "", 0, 1000)
	if err != nil {
		b.t.Fatal(err)
	}
	for _, a := range list {
		if a.Kind != "unsolicited" {
			continue
		}
		if n == 0 {
			_, body, err := b.reports.Answer(b.t.Context(), a.ID)
			if err != nil {
				b.t.Fatal(err)
			}
			return string(body)
		}
		n--
	}
	b.t.Fatal("there are not so many")
	return ""
}

// Every document that somebody carries is looked for, and crew asked about one by one do not replace one another.
func TestDocumentsAndCrew(t *testing.T) {
	t.Parallel()
	b := openBorder(t, storetest.SQLite(t), t.TempDir())
	b.stolen("PA7777777")
	b.run()
	two := strings.Replace(question("1", "745", rosalind), "DOC+P:110:111+PA3344556'", "DOC+P:110:111+PA3344556'DTM+36:331010'LOC+91+AUS'DOC+P:110:111+PA7777777'", 1)
	if got := b.verdict(b.ask(strings.Replace(two, "UNT+19", "UNT+22", 1))); got != mustCall {
		t.Errorf("the second of two documents is stolen: %q", got)
	}
	for i, who := range []traveller{zoltan, perpetua} {
		q := strings.Replace(question(fmt.Sprint(10+i), "250", who), "NAD+FL", "NAD+FM", 1)
		if got := b.verdict(b.ask(q)); got != mayBoard {
			t.Errorf("crew: %q", got)
		}
	}
	b.settled()
	var n int
	if err := b.store.Read().QueryRowContext(t.Context(), `select count(*) from travel_passenger where role = 'crew' and status = 'listed'`).Scan(&n); err != nil || n != 2 {
		t.Errorf("%d of two crew are listed, %v", n, err)
	}
}

// R-FAC-06: whatever was answered is there afterwards, though the node goes down again and again under load.
func TestNothingAnsweredIsLost(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func() *store.Store) {
		st, dir := open(), t.TempDir()
		b := openBorder(t, st, dir)
		b.list("Zoltan Brackwater")
		answered := map[string]string{}
		const rounds, each = 3, 12
		for round := range rounds {
			stop := b.run()
			var mu sync.Mutex
			var asking sync.WaitGroup
			for i := range each {
				asking.Go(func() {
					who := traveller{fmt.Sprintf("WAYFARER%c", 'A'+i), "IDA", "800101", fmt.Sprintf("1%d%02d", round, i), fmt.Sprintf("PB%d%05d", round, i)}
					if i == 0 {
						who = zoltan
						who.abo = fmt.Sprintf("2%d00", round)
					}
					q := question(fmt.Sprintf("%d%02d", round, i), "745", who)
					code, text := b.call(http.MethodPost, "/api/v1/reports", "application/edifact", q)
					if code == http.StatusOK {
						mu.Lock()
						defer mu.Unlock()
						answered[q] = text
					}
				})
			}
			if round%2 == 0 {
				stop() // while they ask
			}
			asking.Wait()
			stop()
			if err := b.journal.Close(); err != nil {
				t.Fatal(err)
			}
			b = openBorder(t, st, dir)
		}
		if len(answered) != rounds*each {
			t.Errorf("%d of %d were answered", len(answered), rounds*each)
		}
		b.run()
		b.settled()
		for q, text := range answered {
			if again := b.ask(q); again != text {
				t.Errorf("answered %s\nand afterwards %s", text, again)
			}
		}
		var n int
		if err := st.Read().QueryRowContext(t.Context(), `select count(*) from travel_query`).Scan(&n); err != nil || n != len(answered) {
			t.Errorf("%d questions are kept of %d, %v", n, len(answered), err)
		}
		if got := b.count("answer"); got != len(answered) {
			t.Errorf("%d answers are kept of %d", got, len(answered))
		}
	})
}
