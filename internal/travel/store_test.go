package travel

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/rihla/rihla/internal/intake"
	"github.com/rihla/rihla/internal/pipeline"
	"github.com/rihla/rihla/internal/store"
	"github.com/rihla/rihla/internal/store/storetest"
	"github.com/rihla/rihla/internal/synth"
)

type plainIDs struct{}

func (plainIDs) ID(kind string, parts ...string) string {
	sum := sha256.Sum256([]byte(kind + "\x00" + strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:16])
}

// What is stored of a flight reads back as it was held in memory, after every message of it: a node that was killed goes
// on where it was.
func TestStoredIsHeld(t *testing.T) {
	t.Parallel()
	world := synth.Generate(synth.Options{Seed: 706183717, Flights: 6, Small: 40, Large: 60})
	st := storetest.SQLite(t)
	d := New(Options{Store: st, IDs: plainIDs{}})
	if err := st.Migrate(t.Context(), d.Name(), d.Migrations()); err != nil {
		t.Fatal(err)
	}
	for _, m := range world.Messages {
		c := fileOne(t, d, st, m)
		for _, fc := range c.flights {
			held := d.kept.held[fc.state.ID]
			stored, err := read(t.Context(), st.Read(), fc.state.ID, Key{})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(held, stored, cmpopts.IgnoreUnexported(Record{}), cmpopts.EquateEmpty()); diff != "" {
				t.Fatalf("after %s the flight is stored otherwise than it is held (-held +stored):\n%s", m.Name, diff)
			}
		}
	}
}

// fileOne takes a message the whole way into the store, as the pipeline does.
func fileOne(t *testing.T, d *Domain, st *store.Store, m synth.Message) *change {
	t.Helper()
	f := pipeline.Filing{Report: intake.Report{ID: m.Name, Received: m.Sent}}
	if err := readEDIFACT(m.Body, m.Sent, func(msg pipeline.Message) error {
		f.Messages = append(f.Messages, msg)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	c, err := d.Plan(t.Context(), st.Read(), f)
	if err != nil {
		t.Fatal(err)
	}
	if err := st.Write(t.Context(), func(ctx context.Context, tx store.Tx) error {
		_, err := c.Write(ctx, tx)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return c.(*change)
}
