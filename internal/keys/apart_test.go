package keys_test

import (
	"errors"
	"testing"

	"github.com/rihla/rihla/internal/keys"
	"github.com/rihla/rihla/internal/store/storetest"
)

// What is sealed apart opens with its own name and salt, and with nothing else; without the salt it is destroyed.
func TestApart(t *testing.T) {
	t.Parallel()
	k := unlock(t, storetest.SQLite(t), keys.Options{Dir: t.TempDir()})
	a, salt := k.Apart("letters"), keys.NewSalt()
	sealed, err := a.Seal("one", salt, []byte("invented"))
	if err != nil {
		t.Fatal(err)
	}
	if plain, err := a.Open("one", salt, sealed); err != nil || string(plain) != "invented" {
		t.Errorf("%q (%v)", plain, err)
	}
	for what, open := range map[string]func() ([]byte, error){
		"another name":    func() ([]byte, error) { return a.Open("two", salt, sealed) },
		"another salt":    func() ([]byte, error) { return a.Open("one", keys.NewSalt(), sealed) },
		"another purpose": func() ([]byte, error) { return k.Apart("parcels").Open("one", salt, sealed) },
		"a changed byte":  func() ([]byte, error) { return a.Open("one", salt, append([]byte{sealed[0] ^ 1}, sealed[1:]...)) },
	} {
		if _, err := open(); !errors.Is(err, keys.ErrSpoiled) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if _, err := a.Open("one", nil, sealed); !errors.Is(err, keys.ErrDestroyed) {
		t.Errorf("without its salt: %v", err)
	}
}
