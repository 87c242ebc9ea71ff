package travel_test

import (
	"strings"
	"testing"

	"github.com/rihla/rihla/formats/cusres"
	"github.com/rihla/rihla/internal/store"
	"github.com/rihla/rihla/internal/store/storetest"
)

// An officer decides while a question that was answered is not yet read: the carrier is told once it is, for its answer
// came after the officer's word had reached it.
func TestDecidedMeanwhile(t *testing.T) {
	t.Parallel()
	st, dir := storetest.SQLite(t), t.TempDir()
	b := openBorder(t, st, dir)
	b.list("Zoltan Brackwater")
	b.ask(question("1", "745", zoltan))
	stop := b.run()
	b.settled()
	c := b.caseOf("BRACKWATER, ZOLTAN")
	stop()
	if got := b.verdict(b.ask(question("2", "745", zoltan))); got != mustCall { // in the journal, and nobody reads it
		t.Errorf("answered %q", got)
	}
	b.decide(c.ID, "do-not-board")
	first := b.unasked(1)
	b = openBorder(t, st, dir)
	b.run()
	b.settled()
	second := b.unasked(2)
	if b.verdict(first) != mayNot || b.verdict(second) != mayNot || b.read(first).Transaction == b.read(second).Transaction {
		t.Errorf("told %s and then %s", first, second)
	}
}

// Nobody is told unasked who asked no more: the traveller was called off, or the flight has left.
func TestNobodyAsksAnyMore(t *testing.T) {
	t.Parallel()
	b := openBorder(t, storetest.SQLite(t), t.TempDir())
	b.list("Perpetua Grimshaw-Okoro")
	b.run()
	gone := strings.NewReplacer("3011241030", "2411241030", "3011241145", "2411241145").Replace(question("3", "745", ludovica))
	b.ask(question("1", "745", rosalind))
	b.ask(question("2", "745", zoltan))
	b.ask(gone)
	b.settled()
	b.ask(question("4", "745+XR", zoltan))
	b.settled()
	b.list("Zoltan Brackwater", "Ludovica Pemberloft", "Rosalind Quillfeather")
	b.ask(question("5", "745", perpetua))
	b.settled()
	b.list("Zoltan Brackwater", "Ludovica Pemberloft", "Perpetua Grimshaw-Okoro")
	if m := b.read(b.unasked(1)); m.Results[0].CarrierReference != "0044" || m.Results[0].Decision != cusres.Contact {
		t.Errorf("told of %+v", m.Results)
	}
}

// One record stands for one traveller, whatever else is heard of her: what turns by way of her booking is told too.
func TestTurnedByTheBooking(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func() *store.Store) {
		b := openBorder(t, open(), t.TempDir())
		b.list("Wilhelmina Thistlebrook")
		b.run()
		if got := b.verdict(b.ask(question("1", "745", rosalind))); got != mayBoard {
			t.Fatalf("answered %q", got)
		}
		b.settled()
		// Her booking has the same document, and another name.
		push := "UNA:+.?*'UNB+IATA:1+ZZ+PIU+261124:0800+2'UNH+1+PNRGOV:13:1:IA+ZZ417/241130/1030+01:F'MSG+:22'ORG+ZZ:DXB'TVL+241130:1030:241130:1145+DXB+BAH+ZZ+417'EQN+1'" +
			"SRC'RCI+ZZ:LL8MNB::231126:0900'DAT+700:231126:1000'ORG+ZZ:DXB'TIF+THISTLEBROOK+WILHELMINA:A:1'SSR+DOCS:HK:1:ZZ:::::/P/AUS/PA3344556/AUS/14MAR71/F/10OCT33/THISTLEBROOK/WILHELMINA'" +
			"TVL+241130:1030:241130:1145+DXB+BAH+ZZ+417:Y'RPI+1+HK'UNT+14+1'UNZ+1+2'"
		if code, body := b.call("POST", "/api/v1/reports", "*/*", push); code != 202 {
			t.Fatalf("%d %s", code, body)
		}
		b.settled()
		if m := b.read(b.unasked(1)); m.Results[0].CarrierReference != "0042" || m.Results[0].Decision != cusres.Contact {
			t.Errorf("told %+v", m.Results)
		}
	})
}

// Of a file of several questions each is noted with its own answer, though one before it cannot be read.
func TestSeveralQuestionsInAFile(t *testing.T) {
	t.Parallel()
	b := openBorder(t, storetest.SQLite(t), t.TempDir())
	b.list("Wilhelmina Thistlebrook")
	b.run()
	broken := strings.Replace(question("1", "745", zoltan), "TDT+20+ZZ0417+++ZZ'", "", 1)
	if got := strings.Count(b.ask(question("2", "745", ludovica)+broken+question("3", "745", rosalind, perpetua)), "UNH+"); got != 3 {
		t.Errorf("%d answers", got)
	}
	b.settled()
	b.list("Perpetua Grimshaw-Okoro")
	if m := b.read(b.unasked(1)); len(m.Results) != 1 || m.Results[0].CarrierReference != "0044" || m.Results[0].Decision != cusres.Contact {
		t.Errorf("told of %+v", m.Results)
	}
	b.list("Ludovica Pemberloft", "Perpetua Grimshaw-Okoro")
	if m := b.read(b.unasked(2)); len(m.Results) != 1 || m.Results[0].CarrierReference != "0046" || m.Results[0].Decision != cusres.Contact {
		t.Errorf("told of %+v", m.Results)
	}
}
