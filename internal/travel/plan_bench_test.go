package travel_test

import (
	"context"
	"testing"

	"github.com/rihla/rihla/formats/paxlst"
	"github.com/rihla/rihla/formats/pnrgov"
	"github.com/rihla/rihla/internal/intake"
	"github.com/rihla/rihla/internal/pipeline"
	"github.com/rihla/rihla/internal/store"
	"github.com/rihla/rihla/internal/store/storetest"
	"github.com/rihla/rihla/internal/synth"
	"github.com/rihla/rihla/internal/travel"
)

// One core's share of the road: read, plan and write what a day's airlines send, every push and list of each flight,
// into an embedded store. Reported as passenger records a second, as the messages carry them.
func BenchmarkFile(b *testing.B) {
	world := synth.Generate(synth.Options{Seed: 7, Flights: 10, Small: 200, Large: 350})
	records := 0
	for b.Loop() {
		b.StopTimer()
		st := storetest.SQLite(b)
		d := travel.New(travel.Options{Store: st, IDs: hashIDs{"x"}})
		if err := st.Migrate(b.Context(), d.Name(), d.Migrations()); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
		for _, m := range world.Messages {
			f := pipeline.Filing{Report: intake.Report{ID: m.Name, Received: m.Sent}}
			for _, format := range d.Formats() {
				if !format.Recognise(m.Body) {
					continue
				}
				if err := format.Read(m.Body, m.Sent, func(msg pipeline.Message) error {
					f.Messages = append(f.Messages, msg)
					records += persons(msg)
					return nil
				}); err != nil {
					b.Fatal(err)
				}
			}
			change, err := d.Plan(b.Context(), st.Read(), f)
			if err != nil {
				b.Fatal(err)
			}
			if err := st.Write(b.Context(), func(ctx context.Context, tx store.Tx) error {
				_, err := change.Write(ctx, tx)
				return err
			}); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric(float64(records)/b.Elapsed().Seconds(), "passengers/s")
}

// persons is how many a message carries.
func persons(m pipeline.Message) int {
	n := 0
	switch body := m.Body.(type) {
	case *paxlst.Message:
		n = len(body.Passengers)
	case *pnrgov.Message:
		for i := range body.Bookings {
			n += len(body.Bookings[i].Passengers)
		}
	}
	return n
}
