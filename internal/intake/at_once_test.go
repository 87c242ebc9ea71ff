package intake_test

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rihla/rihla/internal/intake"
	"github.com/rihla/rihla/internal/store"
	"github.com/rihla/rihla/internal/store/storetest"
)

func (r *rooms) answered(t *testing.T, id string) string {
	t.Helper()
	answer, err := r.journal.Answered(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return string(answer)
}

// An answer given at once is durable with its report: there after a restart, handed on to the store, and given again from
// there; never another, whoever asks the same how often, and never for somebody else.
func TestAnsweredAtOnce(t *testing.T) {
	t.Parallel()
	storetest.EachFaulty(t, func(t *testing.T, at func() *store.Store) {
		st, dir := at(), t.TempDir()
		r := open(t, st, dir, "one")
		question := intake.Delivery{Filer: verger, Gate: "http", Raw: []byte("may she?"), Lane: intake.Interactive, Answer: []byte("she may")}
		receipt := r.take(t, question)
		if receipt.Duplicate || string(receipt.Answer) != "she may" || receipt.ID != r.journal.IDOf(question) {
			t.Errorf("%+v", receipt)
		}
		question.Answer = []byte("she may not") // worked out anew: it is too late for another
		if again := r.take(t, question); !again.Duplicate || string(again.Answer) != "she may" {
			t.Errorf("asked again: %+v", again)
		}
		silent := r.take(t, intake.Delivery{Filer: verger, Raw: []byte("nobody waits"), Lane: intake.Interactive})
		if got := r.answered(t, silent.ID); got != "" {
			t.Errorf("nobody waited, and was told %q", got)
		}
		late := intake.Delivery{Filer: verger, Raw: []byte("nobody waits"), Lane: intake.Interactive, Answer: []byte("made up")}
		if again := r.take(t, late); !again.Duplicate || again.Answer != nil {
			t.Errorf("filed before without waiting: %+v", again)
		}

		r = open(t, st, dir, "one") // the node comes back
		if got := r.answered(t, receipt.ID); got != "she may" {
			t.Errorf("after a restart it is %q", got)
		}
		list := r.pending(t, intake.Interactive)
		if len(list) != 2 {
			t.Fatalf("%d wait", len(list))
		}
		if raw, err := r.journal.Raw(t.Context(), list[0]); err != nil || string(raw) != "may she?" {
			t.Errorf("the report is %q, %v", raw, err)
		}
		if _, told, err := r.journal.AtOnce(t.Context(), list[1]); told || err != nil {
			t.Errorf("nobody waited: %v, %v", told, err)
		}
		answer, told, err := r.journal.AtOnce(t.Context(), list[0])
		want := intake.Answer{ID: receipt.ID + ".at-once", Filer: "verger", Report: receipt.ID, Kind: "answer", Media: intake.EDIFACT, Name: "answer.edi", Body: []byte("she may")}
		if diff := cmp.Diff(want, answer); diff != "" || !told || err != nil {
			t.Fatalf("%v %v %s", told, err, diff)
		}
		if err := r.store.Write(t.Context(), func(ctx context.Context, tx store.Tx) error { return intake.Reply(ctx, tx, answer) }); err != nil {
			t.Fatal(err)
		}
		r.save(t, intake.Understood{Report: list[0].Report, State: intake.Processed}, []byte("may she?"))
		if got := r.answered(t, receipt.ID); got != "she may" {
			t.Errorf("the store has it, and it is %q", got)
		}
		if again := r.take(t, question); !again.Duplicate || string(again.Answer) != "she may" {
			t.Errorf("the store has it, asked again: %+v", again)
		}
		question.Filer = intake.Filer{Name: "sexton"}
		if other := r.take(t, question); other.Duplicate || string(other.Answer) != "she may not" {
			t.Errorf("somebody else asks the same: %+v", other)
		}
	})
}

// The same question from many at once has one answer: whoever came first to the disk.
func TestAnsweredTogether(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, at func() *store.Store) {
		r := open(t, at(), t.TempDir(), "one")
		var all sync.WaitGroup
		told := make([]string, 16)
		for i := range told {
			all.Go(func() {
				receipt, err := r.journal.Take(t.Context(), intake.Delivery{Filer: verger, Raw: []byte("may she?"), Lane: intake.Interactive, Answer: fmt.Appendf(nil, "answer %d", i)})
				if err != nil {
					t.Error(err)
				}
				told[i] = string(receipt.Answer)
			})
		}
		all.Wait()
		kept := r.answered(t, r.pending(t, intake.Interactive)[0].ID)
		for i, one := range told {
			if one != kept {
				t.Errorf("asker %d was told %q, and %q is kept", i, one, kept)
			}
		}
	})
}

// What a filer took is known by filer: another's receipt changes nothing, and the first time counts.
func TestMarkTaken(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, at func() *store.Store) {
		r := open(t, at(), t.TempDir(), "one")
		mark := func(filer string, ids ...string) (n int64) {
			t.Helper()
			err := r.store.Write(t.Context(), func(ctx context.Context, tx store.Tx) (err error) {
				n, err = intake.MarkTaken(ctx, tx, filer, ids...)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		err := r.store.Write(t.Context(), func(ctx context.Context, tx store.Tx) error {
			return intake.Reply(ctx, tx, intake.Answer{ID: "a1", Filer: "verger", Kind: "unsolicited", Body: []byte("x")}, intake.Answer{ID: "a2", Filer: "verger", Kind: "unsolicited", Body: []byte("x")})
		})
		if err != nil {
			t.Fatal(err)
		}
		if n := mark("sexton", "a1", "a2"); n != 0 {
			t.Errorf("another's receipt counts for %d", n)
		}
		if n := mark("verger", "a1", "a3"); n != 1 {
			t.Errorf("its own counts for %d", n)
		}
		first, err := intake.TakenBy(t.Context(), r.store.Read(), "verger", []string{"a1", "a2", "a3"})
		if err != nil || len(first) != 2 || first["a1"].IsZero() || !first["a2"].IsZero() {
			t.Fatalf("%v, %v", first, err)
		}
		mark("verger", "a1")
		if again, err := intake.TakenBy(t.Context(), r.store.Read(), "verger", []string{"a1"}); err != nil || !again["a1"].Equal(first["a1"]) {
			t.Errorf("%v, %v", again, err)
		}
	})
}
