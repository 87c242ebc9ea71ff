package keys_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/sync/errgroup"
	"pgregory.net/rapid"

	"github.com/rihla/rihla/internal/keys"
	"github.com/rihla/rihla/internal/store"
	"github.com/rihla/rihla/internal/store/storetest"
)

func TestMain(m *testing.M) { storetest.Main(m) }

var day = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

func unlock(t *testing.T, st *store.Store, o keys.Options) *keys.Keys {
	t.Helper()
	k, err := keys.Open(t.Context(), st, o)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestWhatIsSealedOpensOnEveryNodeUntilItsKeyIsDestroyed(t *testing.T) {
	t.Parallel()
	storetest.EachFaulty(t, func(t *testing.T, open func() *store.Store) {
		dir := t.TempDir()
		var moved time.Duration
		clock := func() time.Time { return day.Add(moved) }
		a := unlock(t, open(), keys.Options{Dir: dir})
		b := unlock(t, open(), keys.Options{Dir: dir, Clock: clock})
		plain := bytes.Repeat([]byte("UNA:+.? '"), 1000)
		sealed, err := a.Seal(t.Context(), keys.Journal, day, plain)
		if err != nil {
			t.Fatal(err)
		}
		later, err := b.Seal(t.Context(), keys.Journal, day.AddDate(0, 0, 1), nil)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(sealed, plain[:9]) || len(sealed) > len(plain)/2 {
			t.Errorf("%d bytes sealed, %d plain", len(sealed), len(plain))
		}
		for _, k := range []*keys.Keys{a, b} {
			if got, err := k.Open(t.Context(), keys.Journal, sealed); err != nil || !bytes.Equal(got, plain) {
				t.Errorf("%d bytes, %v", len(got), err)
			}
			if _, err := k.Open(t.Context(), keys.Raw, sealed); err == nil {
				t.Error("opened as another class")
			}
		}
		if n, err := a.Destroy(t.Context(), keys.Journal, day); err != nil || n != 0 {
			t.Errorf("%d keys of an unfinished day went: %v", n, err)
		}
		if n, err := a.Destroy(t.Context(), keys.Journal, day.AddDate(0, 0, 1)); err != nil || n != 1 {
			t.Errorf("%d keys went: %v", n, err)
		}
		if _, err := a.Open(t.Context(), keys.Journal, sealed); !errors.Is(err, keys.ErrDestroyed) {
			t.Error(err)
		}
		moved = 2 * time.Minute // the other node had it unwrapped, and looks again
		if _, err := b.Open(t.Context(), keys.Journal, sealed); !errors.Is(err, keys.ErrDestroyed) {
			t.Error(err)
		}
		if got, err := a.Open(t.Context(), keys.Journal, later); err != nil || len(got) != 0 {
			t.Error(got, err)
		}
	})
}

func TestAnyBytesSealAndOpenAndNoSpoiledOneDoes(t *testing.T) {
	t.Parallel()
	k := unlock(t, storetest.SQLite(t), keys.Options{Dir: t.TempDir()})
	rapid.Check(t, func(t *rapid.T) {
		plain := rapid.SliceOf(rapid.Byte()).Draw(t, "plain")
		sealed, err := k.Seal(t.Context(), keys.Raw, day, plain)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := k.Open(t.Context(), keys.Raw, sealed); err != nil || !bytes.Equal(got, plain) {
			t.Fatal(got, err)
		}
		at := rapid.IntRange(0, len(sealed)-1).Draw(t, "at")
		sealed[at] ^= 1 << rapid.IntRange(0, 7).Draw(t, "bit")
		if _, err := k.Open(t.Context(), keys.Raw, sealed); err == nil {
			t.Fatal("opened spoiled bytes")
		}
		if _, err := k.Open(t.Context(), keys.Raw, sealed[:at]); err == nil {
			t.Fatal("opened cut bytes")
		}
	})
}

func TestNodesThatStartTogetherHaveOneKey(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func() *store.Store) {
		dir := filepath.Join(t.TempDir(), "keys")
		stores := []*store.Store{open(), open(), open()}
		made := make([]*keys.Keys, len(stores))
		var g errgroup.Group
		for i, st := range stores {
			g.Go(func() (err error) {
				if made[i], err = keys.Open(t.Context(), st, keys.Options{Dir: dir}); err != nil {
					return err
				}
				_, err = made[i].Seal(t.Context(), keys.Journal, day, []byte("x"))
				return err
			})
		}
		if err := g.Wait(); err != nil {
			t.Fatal(err)
		}
		for _, k := range made {
			if k.Export() != made[0].Export() {
				t.Error("two master keys")
			}
		}
		info, err := os.Stat(filepath.Join(dir, "master.key"))
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Error(info.Mode(), err)
		}
	})
}

func TestAStoreRefusesAnotherKeyOrNone(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func() *store.Store) {
		dir, other := t.TempDir(), t.TempDir()
		k := unlock(t, open(), keys.Options{Dir: dir})
		if _, err := keys.Open(t.Context(), open(), keys.Options{Dir: other}); err == nil || !strings.Contains(err.Error(), "missing") {
			t.Error(err)
		}
		if _, err := os.Stat(filepath.Join(other, "master.key")); err == nil {
			t.Error("made a key that fits nothing")
		}
		wrong := unlock(t, storetest.SQLite(t), keys.Options{Dir: t.TempDir()})
		if err := keys.Import(other, wrong.Export()); err != nil {
			t.Fatal(err)
		}
		if _, err := keys.Open(t.Context(), open(), keys.Options{Dir: other}); !errors.Is(err, keys.ErrOtherKey) {
			t.Error(err)
		}
		if err := keys.Import(other, k.Export()); err == nil {
			t.Error("replaced a key")
		}
		file := filepath.Join(t.TempDir(), "elsewhere")
		if err := os.WriteFile(file, []byte(k.Export()), 0o600); err != nil {
			t.Fatal(err)
		}
		unlock(t, open(), keys.Options{Dir: other, KeyFile: file})
		if err := keys.Import(other, "no key"); err == nil {
			t.Error("took no key")
		}
	})
}

func TestIDsTellPartsApartAndDependOnTheKey(t *testing.T) {
	t.Parallel()
	k := unlock(t, storetest.SQLite(t), keys.Options{Dir: t.TempDir()})
	other := unlock(t, storetest.SQLite(t), keys.Options{Dir: t.TempDir()})
	seen := map[string]string{}
	for name, id := range map[string]string{
		"ab":         k.ID("flight", "ab"),
		"a,b":        k.ID("flight", "a", "b"),
		"b,a":        k.ID("flight", "b", "a"),
		",ab":        k.ID("flight", "", "ab"),
		"ab,":        k.ID("flight", "ab", ""),
		"kind":       k.ID("passenger", "ab"),
		"content":    k.ContentID("flight", []byte("ab")),
		"other key":  other.ID("flight", "ab"),
		"long":       k.ID("flight", strings.Repeat("x", 1000)),
		"none":       k.ID("flight"),
		"an event":   k.Event(),
		"another":    k.Event(),
		"not a kind": k.ID("", "flight", "ab"),
	} {
		if before, ok := seen[id]; ok {
			t.Errorf("%s and %s share an id", before, name)
		}
		seen[id] = name
		if len(id) != 36 || !strings.Contains("78", id[14:15]) {
			t.Errorf("%s: %s", name, id)
		}
	}
	if first, again := k.ID("flight", "ab"), k.ID("flight", "ab"); first != again {
		t.Error("an id changed")
	}
}

func TestASignedNoteVerifies(t *testing.T) {
	t.Parallel()
	k := unlock(t, storetest.SQLite(t), keys.Options{Dir: t.TempDir()})
	signer, err := k.Signer("rihla/audit")
	if err != nil {
		t.Fatal(err)
	}
	verifier, err := k.Verifier("rihla/audit")
	if err != nil {
		t.Fatal(err)
	}
	text, err := note.Sign(&note.Note{Text: "head\n"}, signer)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := note.Open(text, note.VerifierList(verifier)); err != nil {
		t.Error(err)
	}
	if _, err := k.Signer("a name"); err == nil {
		t.Error("took a name with a space")
	}
}

func BenchmarkSeal80kB(b *testing.B) {
	k, err := keys.Open(b.Context(), storetest.SQLite(b), keys.Options{Dir: b.TempDir()})
	if err != nil {
		b.Fatal(err)
	}
	plain := bytes.Repeat([]byte("NAD+FL+++SURNAME:GIVEN+1 STREET'ATT+2++M'DTM+329:640817'"), 1460)
	b.SetBytes(int64(len(plain)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := k.Seal(b.Context(), keys.Journal, day, plain); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkID(b *testing.B) {
	k, err := keys.Open(b.Context(), storetest.SQLite(b), keys.Options{Dir: b.TempDir()})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		k.ID("record", "ZZ431/2026-11-24", "P", "BHR", "123456789")
	}
}
