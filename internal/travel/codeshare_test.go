package travel_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rihla/rihla/internal/store/storetest"
	"github.com/rihla/rihla/internal/synth"
	"github.com/rihla/rihla/internal/travel"
)

// A list filed under the marketing number and a booking that says who operates make one flight, in either order.
func TestCodesharesMeetOnTheOperatingFlight(t *testing.T) {
	t.Parallel()
	list := "UNB+UNOA:4+YYAIR+PIU+261124:0900+1'UNH+1+PAXLST:D:05B:UN:IATA+YY6120/261124/1030+01:F'BGM+745'NAD+MS+++YY DESK'TDT+20+YY6120+++YY'" +
		"LOC+125+DXB'DTM+189:2611241030:201'LOC+87+LHR'DTM+232:2611241445:201'NAD+FL+++LINDQVIST:ASTRID'ATT+2++F'DTM+329:900412'NAT+2+SWE'RFF+AVF:COD001'" +
		"DOC+P:110:111+99887766'DTM+36:300301'LOC+91+SWE'CNT+42:1'UNT+17+1'UNZ+1+1'"
	push := "UNA:+.?*'UNB+IATA:1+ZZ+PIU+261124:0800+2'UNH+1+PNRGOV:13:1:IA+ZZ417/241126/1030+01:F'MSG+:22'ORG+ZZ:DXB'TVL+241126:1030:241126:1445+DXB+LHR+ZZ+417'EQN+1'" +
		"SRC'RCI+ZZ:COD001'DAT+700:231126:1000'ORG+ZZ:DXB'TIF+LINDQVIST+ASTRIDMS:A:1'SSR+DOCS:HK:1:ZZ:::::/P/SWE/99887766/SWE/12APR90/F/01MAR30/LINDQVIST/ASTRID'" +
		"TVL+241126:1030:241126:1445+DXB+LHR+YY+6120:M'TRA+ZZ+417:Y'RPI+1+HK'UNT+15+1'UNZ+1+2'"
	later := strings.NewReplacer("261124:0900+1'", "261124:1000+3'", "UNZ+1+1'", "UNZ+1+3'", "RFF+AVF:COD001'", "RFF+AVF:COD001'RFF+SEA:4C'", "UNT+17", "UNT+18").Replace(list)
	for name, bodies := range map[string][]string{
		"list first":            {list, push, later},
		"booking first":         {push, list, later},
		"booking last":          {list, later, push},
		"the later list first":  {later, push, list},
		"everything and again":  {later, list, push, later, list, push},
		"booking between lists": {later, push, later, list},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			st := storetest.SQLite(t)
			d := travel.New(travel.Options{Store: st, IDs: hashIDs{"x"}})
			if err := st.Migrate(t.Context(), d.Name(), d.Migrations()); err != nil {
				t.Fatal(err)
			}
			for _, body := range bodies {
				file(t, st, d, synth.Message{Name: body[:60], Flight: "a", Sent: time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC), Body: []byte(body)})
			}
			want := []string{"ZZ417 2026-11-24 DXB-LHR | LINDQVIST | ASTRID | 1990-04-12 | 99887766 | listed"}
			if got := standing(t, st, d, "x"); !slices.Equal(got, want) {
				t.Errorf("got %q, want %q", got, want)
			}
			flights, err := d.Board(t.Context(), "", "")
			if err != nil || len(flights) != 1 {
				t.Fatalf("%d flights on the board, %v; want the operating one alone", len(flights), err)
			}
			people, err := d.Manifest(t.Context(), flights[0].ID)
			if err != nil {
				t.Fatal(err)
			}
			if p := people[0]; p.Seat != "4C" || !slices.Equal(p.Sources, []string{"api", "pnr"}) || !slices.Contains(flights[0].Codeshares, "YY6120") {
				t.Errorf("seat %q, sources %q, codeshares %q", p.Seat, p.Sources, flights[0].Codeshares)
			}
		})
	}
}
