package synth_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rihla/rihla/formats/cargoimp"
	"github.com/rihla/rihla/formats/goods"
	"github.com/rihla/rihla/internal/synth"
)

// filed is a consignment as the messages leave it: the last filing of it, unless it was withdrawn.
type filed struct {
	kind, flight, consignor, consignee, said, kg string
	phone                                        string // of the consignee
	pieces                                       int
	codes                                        []goods.HS
	handling                                     []string
	errors                                       []string
	cancelled                                    bool
}

// fold reads the messages in their order and keeps of each consignment what was said last.
func foldCargo(t *testing.T, messages []synth.Message) (all map[string]*filed, unreadable int) {
	t.Helper()
	all = map[string]*filed{}
	withdrawn := map[string]bool{}
	for _, m := range messages {
		if m.Domain != "cargo" {
			continue
		}
		readable := 0
		err := cargoimp.Read(m.Body, m.Sent, func(c *cargoimp.Message) error {
			if c.Error != nil {
				return nil
			}
			readable++
			switch {
			case c.FWB != nil:
				f := &filed{kind: "direct", pieces: c.FWB.Pieces, kg: string(c.FWB.Weight.Value), consignor: c.FWB.Shipper.Name(), consignee: c.FWB.Consignee.Name(), handling: c.FWB.Handling}
				if f.said = c.FWB.Description(); c.FWB.Consolidation() {
					f.kind, f.said = "master", ""
				}
				f.errors, f.phone = told(c, 0), phone(c.FWB.Consignee)
				for _, code := range c.FWB.HS() {
					f.codes = append(f.codes, goods.HS(code))
				}
				fl := c.FWB.Flights[0]
				f.flight = fmt.Sprintf("%s%s %s %s-%s", fl.Carrier, fl.Number, fl.Date, c.FWB.Origin, c.FWB.Destination)
				all[string(c.FWB.Waybill)] = f
			case c.FHL != nil:
				for i := range c.FHL.Houses {
					h := &c.FHL.Houses[i]
					f := &filed{kind: "house", pieces: h.Pieces, kg: string(h.Weight.Value), consignor: h.Shipper.Name(), consignee: h.Consignee.Name(), said: h.Description(), handling: h.Handling, errors: told(c, h.Line), phone: phone(h.Consignee)}
					for _, code := range h.HS {
						f.codes = append(f.codes, goods.HS(code))
					}
					all[string(c.FHL.Master)+"/"+h.Number] = f
				}
			case c.Cancellation != nil:
				withdrawn[strings.TrimSuffix(string(c.Cancellation.Waybill)+"/"+c.Cancellation.House, "/")] = true
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if readable == 0 {
			unreadable++
		}
	}
	for key := range withdrawn {
		if all[key] == nil {
			t.Errorf("%s is withdrawn and was never filed", key)
			continue
		}
		all[key].cancelled = true
	}
	return all, unreadable
}

func phone(p *cargoimp.Party) string {
	if len(p.Contacts) == 0 {
		return ""
	}
	return p.Contacts[0].Number
}

// told are the errors of a message that its filer hears of, of one house those between its line and the next.
func told(c *cargoimp.Message, from int) (list []string) {
	to := 1 << 30
	if c.FHL != nil {
		for i := range c.FHL.Houses {
			if n := c.FHL.Houses[i].Line; n > from {
				to = min(to, n)
			}
		}
	}
	for _, f := range c.Warnings {
		if f.Strict && cargoimp.Refusable(f.Rule) && f.Line >= from && f.Line < to {
			list = append(list, f.Rule)
		}
	}
	slices.Sort(list)
	return list
}

// The truth is what the messages say: every consignment with pieces, weight, parties and goods, and nothing else.
func TestCargoTruth(t *testing.T) {
	t.Parallel()
	for _, n := range []int{1, 800} {
		traffic := synth.NewCargoTraffic(5, n)
		all, unreadable := foldCargo(t, traffic.Messages)
		if unreadable != traffic.Unreadable || unreadable == 0 {
			t.Errorf("%d messages are unreadable, %d were meant to be", unreadable, traffic.Unreadable)
		}
		if len(traffic.Consignments) < n || len(all) != len(traffic.Consignments) {
			t.Errorf("%d consignments are filed, the truth has %d of %d", len(all), len(traffic.Consignments), n)
		}
		flights := map[string]string{}
		for _, c := range traffic.Consignments {
			key := strings.TrimSuffix(c.Waybill+"/"+c.House, "/")
			f := all[key]
			if f == nil {
				t.Errorf("%s was never filed", key)
				continue
			}
			want := filed{kind: c.Kind, pieces: c.Pieces, kg: c.Kg, consignor: c.Consignor, consignee: c.Consignee, said: c.Goods, cancelled: c.Status == "cancelled", errors: c.Told}
			if c.Kind != "house" {
				want.flight = c.Flight
				flights[c.Waybill] = c.Flight
			}
			want.codes, want.handling, want.phone = f.codes, f.handling, f.phone
			if diff := cmp.Diff(want, *f, cmp.AllowUnexported(filed{})); diff != "" {
				t.Errorf("%s (-truth +filed):\n%s", key, diff)
			}
			if w := cargoimp.Waybill(c.Waybill); !w.Checks() {
				t.Errorf("%s has a wrong check digit", c.Waybill)
			}
		}
		for _, c := range traffic.Consignments {
			if flights[c.Waybill] != c.Flight {
				t.Errorf("%s flies %q and its house %q", c.Waybill, flights[c.Waybill], c.Flight)
			}
		}
	}
}

// Each planted case shows what it is planted for in the filing itself, and none of its twenty look-alikes does.
func TestCargoPlanted(t *testing.T) {
	t.Parallel()
	traffic := synth.NewCargoTraffic(9, 300)
	all, _ := foldCargo(t, traffic.Messages)
	shows := map[string]func(*filed) bool{
		"R01": func(f *filed) bool {
			return (&goods.Description{Text: f.said, HS: len(f.codes) > 0}).Judge().Rule != ""
		},
		"R02": func(f *filed) bool { return goods.Generic(f.consignee) },
		"R11": func(f *filed) bool { return len(goods.Contradicts(f.said, f.codes)) > 0 },
		"R16": func(f *filed) bool { return unanswered(f, goods.Dangerous) },
		"R18": func(f *filed) bool { return unanswered(f, goods.Precious) },
	}
	planted, alike := map[string]int{}, map[string]int{}
	for _, c := range traffic.Consignments {
		f := all[strings.TrimSuffix(c.Waybill+"/"+c.House, "/")]
		if c.Kind == "master" && c.Rule != "R17" || f == nil {
			continue
		}
		for rule, shown := range shows {
			if got := c.Kind != "master" && shown(f); got != (c.Planted != "" && c.Rule == rule) {
				t.Errorf("%s %s, planted %q, like %q: %s shows: %v (%q %v %v)", c.Waybill, c.House, c.Planted, c.LookAlike, rule, got, f.said, f.codes, f.handling)
			}
		}
		switch {
		case c.Planted != "":
			planted[c.Rule]++
			if c.Expected != "referred" {
				t.Errorf("%s is planted and expected to be %s", c.Waybill, c.Expected)
			}
		case c.LookAlike != "":
			alike[c.Rule]++
		}
	}
	for _, rule := range []string{"R01", "R02", "R03", "R10", "R11", "R16", "R17", "R18"} {
		if planted[rule] != 1 || alike[rule] != 20 {
			t.Errorf("%s: %d planted, %d look-alikes", rule, planted[rule], alike[rule])
		}
	}
	if planted["R19"] != 6 || alike["R19"] != 10*4+10*6 {
		t.Errorf("R19: %d planted, %d look-alikes", planted["R19"], alike["R19"])
	}
}

func unanswered(f *filed, kind string) bool {
	return slices.ContainsFunc(goods.Hints(f.said, f.codes, f.handling), func(h goods.Hint) bool { return h.Kind == kind && !h.Answered() })
}

// What cargo there is changes nothing of the flights, and the same options give the same bytes.
func TestCargoStandsAlone(t *testing.T) {
	t.Parallel()
	one, two := synth.NewCargoTraffic(3, 50), synth.NewCargoTraffic(3, 50)
	if diff := cmp.Diff(one, two); diff != "" {
		t.Errorf("the same seed makes two worlds: %s", diff)
	}
	names := map[string]bool{}
	for _, m := range one.Messages {
		if m.Sent.Second() != 0 || m.Domain != "cargo" || m.Carrier == "" || !strings.HasPrefix(m.Name, m.Carrier) {
			t.Errorf("%+v", m)
		}
		names[m.Carrier] = true
	}
	if len(names) < 4 {
		t.Errorf("only %v file", names)
	}
}

// Cargo among flights changes nothing of them but the lists; a consignee shares the phone of a traveller about whom
// something is found, whose flight tells it too.
func TestCargoOnFlights(t *testing.T) {
	t.Parallel()
	o := synth.Options{Seed: 4, Flights: 8, Small: 30, Large: 60}
	without := synth.Generate(o)
	o.Cargo = 1
	with := synth.Generate(o)
	if diff := cmp.Diff(without.Truth.Flights, with.Truth.Flights); diff != "" {
		t.Errorf("cargo changes the flights: %s", diff)
	}
	flights, phones := map[string]bool{}, ""
	for i := range with.Truth.Flights {
		flights[with.Truth.Flights[i].Key()] = true
	}
	for _, m := range with.Messages {
		if m.Domain == "" {
			phones += string(m.Body)
		}
	}
	shared := 0
	all, unreadable := foldCargo(t, with.Messages)
	if len(with.Truth.Quarantined) != unreadable {
		t.Errorf("%d quarantined, %d unreadable", len(with.Truth.Quarantined), unreadable)
	}
	for _, c := range with.Truth.Cargo {
		if !flights[c.Flight] {
			t.Errorf("%s flies on %s, which does not", c.Waybill, c.Flight)
		}
		if c.Rule != "R06" || c.Kind == "master" {
			continue
		}
		phone := all[strings.TrimSuffix(c.Waybill+"/"+c.House, "/")].phone
		if held := strings.Contains(phones, phone); held != (c.Planted != "") {
			t.Errorf("%s: %s is a traveller's: %v, planted %q", c.Waybill, phone, held, c.Planted)
		}
		shared++
	}
	if shared != 21 {
		t.Errorf("%d with a phone of interest, want 21", shared)
	}
}

// The houses to measure with are as many as asked for, all readable, and no two alike.
func TestHouses(t *testing.T) {
	t.Parallel()
	messages := synth.Houses(3, 103, 10)
	all, unreadable := foldCargo(t, messages)
	if len(messages) != 11 || len(all) != 103 || unreadable > 0 {
		t.Errorf("%d houses in %d messages, %d of them unreadable", len(all), len(messages), unreadable)
	}
	for key, f := range all {
		if len(f.errors) > 0 {
			t.Errorf("%s: %v", key, f.errors)
		}
	}
}

func BenchmarkCargo(b *testing.B) {
	for b.Loop() {
		_ = synth.NewCargoTraffic(1, 2000)
	}
}
