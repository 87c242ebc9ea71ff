package cargo_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/rihla/rihla/internal/intake"
	"github.com/rihla/rihla/internal/pipeline"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/store"
	"github.com/rihla/rihla/internal/store/storetest"
)

// day makes a day's post: masters with their houses, four houses a message, as the length of a telex has it.
// They come as the day has them: every forwarder in turn, not one after the other.
func day(masters, messages int) (post []mail) {
	turns := make([][]mail, messages+1)
	defer func() {
		for _, turn := range turns {
			post = append(post, turn...)
		}
	}()
	words := []string{"OLIVE OIL SOAP IN CARTONS", "RUBBER SEALS FOR WATER PUMPS", "WOVEN WOOL CARPETS", "DRIED THYME LEAVES", "BRASS PIPE FITTINGS", "COTTON SHIRTS"}
	party := func(tag, name string, n int) string {
		return fmt.Sprintf("%s/%s %d WORKS\r\n/%d KING HUSSEIN STREET\r\n/AMMAN\r\n/JO/11118/TE/9626555%04d\r\n", tag, name, n, n, n%10000)
	}
	for m := range masters {
		serial := 1000000 + m
		waybill := fmt.Sprintf("969-%07d%d", serial, serial%7)
		forwarder := fmt.Sprintf("FORWARDER %d", m%20)
		turns[0] = append(turns[0], mail{forwarder, waybill, fmt.Sprintf("FWB/16\r\n%sAMMJFK/T%dK%d\r\nFLT/9X%d/15\r\nRTG/JFK9X\r\n%s%sCVD/USD//PP/NVD/NCV/XXX\r\nRTD/1/P%d/K%d/CQ/W410.5/R4.1/T1683.05\r\n/NC/CONSOLIDATION\r\nISU/14MAR26/AMMAN/X\r\nREF/AMMCS9X\r\n",
			waybill, 16*messages, 160*messages, 100+m%40, strings.Replace(party("SHP", "FORWARDER", m%20), "SHP/", "SHP\r\n/", 1), strings.Replace(party("CNE", "RECEIVER", m%20), "CNE/", "CNE\r\n/", 1), 16*messages, 160*messages), morning})
		for n := range messages {
			var b strings.Builder
			fmt.Fprintf(&b, "FHL/4\r\nMBI/%sAMMJFK/T%dK%d\r\n", waybill, 16*messages, 160*messages)
			for h := range 4 {
				i := (m*messages+n)*4 + h
				fmt.Fprintf(&b, "HBS/PF%dH%d/AMMJFK/4/K40//%s\r\nTXT/%s\r\n%s%s", m, n*4+h, words[i%6][:12], words[i%6], party("SHP", "MAKER", i%3000), party("CNE", "BUYER", i%5000))
			}
			turns[n+1] = append(turns[n+1], mail{forwarder, fmt.Sprint(waybill, n), b.String(), morning})
		}
	}
	return post
}

// One core's share of the road: read, plan, screen with no lists, and write what a day's forwarders send, twelve reports a
// commit, into an embedded store.
func BenchmarkFile(b *testing.B) {
	post := day(100, 5)
	houses := 0
	for b.Loop() {
		b.StopTimer()
		k := open(b, storetest.SQLite(b))
		k.rulebook()
		format := k.d.Formats()[0]
		generation := k.screener.Generation()
		b.StartTimer()
		var batch []pipeline.Change
		flush := func() {
			err := k.st.Write(b.Context(), func(ctx context.Context, tx store.Tx) error {
				for _, c := range batch {
					e, err := c.Write(ctx, tx)
					if err != nil {
						return err
					}
					if err := intake.Reply(ctx, tx, e.Answers...); err != nil {
						return err
					}
				}
				return nil
			})
			if err != nil {
				b.Fatal(err)
			}
			batch = batch[:0]
		}
		for _, m := range post {
			if len(batch) == 12 { // far fewer than there are masters: nobody plans on what is not yet written
				flush()
			}
			f := pipeline.Filing{Report: intake.Report{ID: m.name, Filer: intake.Filer{Name: m.filer}, Received: m.at}}
			if err := format.Read([]byte(m.body), m.at, func(msg pipeline.Message) error {
				f.Messages = append(f.Messages, msg)
				return nil
			}); err != nil {
				b.Fatal(err)
			}
			c, err := k.d.Plan(b.Context(), k.st.Read(), f)
			if err != nil {
				b.Fatal(err)
			}
			var found []screening.Finding
			for _, s := range c.Subjects() {
				found = generation.Screen(found, &s)
			}
			if len(found) > 0 {
				b.Fatalf("%s: found %+v", m.name, found[0])
			}
			c.(pipeline.Weighing).Weigh(found)
			batch = append(batch, c)
			if strings.HasPrefix(m.body, "FHL") {
				houses += 4
			}
		}
		flush()
	}
	b.ReportMetric(float64(houses)/b.Elapsed().Seconds(), "houses/s")
}
