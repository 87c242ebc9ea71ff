package funds_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/rihla/rihla/internal/funds"
	"github.com/rihla/rihla/internal/intake"
	"github.com/rihla/rihla/internal/pipeline"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/store"
)

// Whatever is filed, reading and planning it never panics, and what is to be screened names its subject.
func FuzzPlan(f *testing.F) {
	names, err := filepath.Glob("testdata/*")
	if err != nil || len(names) < 10 {
		f.Fatal(names, err)
	}
	for _, n := range names {
		raw, err := os.ReadFile(n)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	st, err := store.Open(f.Context(), f.TempDir()+"/rihla.db", store.Options{NoSync: true})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { _ = st.Close() })
	d := funds.New(funds.Options{Store: st, IDs: hashIDs{"x"}, Home: "BHR"})
	for _, err := range []error{st.Migrate(f.Context(), d.Name(), d.Migrations()), screening.Migrate(f.Context(), st)} {
		if err != nil {
			f.Fatal(err)
		}
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		for _, format := range d.Formats() {
			if !format.Recognise(raw) {
				continue
			}
			filing := pipeline.Filing{Report: intake.Report{ID: "r", Filer: intake.Filer{Name: "f"}, Gate: "http", Received: noon}}
			_ = format.Read(raw, noon, func(m pipeline.Message) error {
				if m.Err == nil {
					filing.Messages = append(filing.Messages, m)
				}
				return nil
			})
			c, err := d.Plan(t.Context(), st.Read(), filing)
			if err != nil {
				t.Fatal(err)
			}
			for _, s := range c.Subjects() {
				if s.Subject.ID == "" || s.Subject.Domain != "funds" {
					t.Errorf("%+v", s.Subject)
				}
			}
		}
	})
}
