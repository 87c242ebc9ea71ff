package cargoimp_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/rihla/rihla/formats/cargoimp"
	"github.com/rihla/rihla/formats/date"
)

// text draws what a telex carries: no blank at either end, and nothing that is taken for a word of the grammar.
func text(t *rapid.T, name string, most int) string {
	s := rapid.StringMatching(fmt.Sprintf(`[A-Z][A-Z0-9 .-]{0,%d}[A-Z0-9]`, most-2)).Draw(t, name)
	return s
}

func code(t *rapid.T, name string, length int) string {
	return rapid.StringMatching(fmt.Sprintf(`[A-Z]{%d}`, length)).Draw(t, name)
}

func number(t *rapid.T, name string, most int) int { return rapid.IntRange(1, most).Draw(t, name) }

func amount(t *rapid.T, name string) cargoimp.Decimal {
	return cargoimp.Decimal(rapid.StringMatching(`[1-9][0-9]{0,3}(\.[0-9]{1,2})?`).Draw(t, name))
}

func maybe[T any](t *rapid.T, name string, draw func() T) (v T) {
	if rapid.Bool().Draw(t, "has "+name) {
		return draw()
	}
	return v
}

func nation(t *rapid.T) string {
	return rapid.SampledFrom([]string{"JOR", "USA", "DEU", "ARE", "GBR", "HKG"}).Draw(t, "country")
}

func waybillNumber(t *rapid.T) cargoimp.Waybill {
	serial := rapid.IntRange(0, 9999999).Draw(t, "serial")
	return cargoimp.Waybill(fmt.Sprintf("%03d-%07d%d", rapid.IntRange(0, 999).Draw(t, "prefix"), serial, serial%7))
}

func weight(t *rapid.T) cargoimp.Measure {
	return cargoimp.Measure{Value: amount(t, "weight"), Unit: rapid.SampledFrom([]string{"K", "L"}).Draw(t, "unit")}
}

func volume(t *rapid.T) *cargoimp.Measure {
	return maybe(t, "volume", func() *cargoimp.Measure {
		return &cargoimp.Measure{Value: amount(t, "volume"), Unit: rapid.SampledFrom([]string{"MC", "CF", "CI", "CC"}).Draw(t, "unit")}
	})
}

func quantity(t *rapid.T) cargoimp.Quantity {
	return cargoimp.Quantity{
		Description: rapid.SampledFrom([]string{"T", "P", "S", "D", "M"}).Draw(t, "description"), Pieces: number(t, "pieces", 9999), Weight: weight(t), Volume: volume(t),
		Density: maybe(t, "density", func() string { return rapid.StringMatching(`[1-9][0-9]?`).Draw(t, "density") }),
	}
}

func party(t *rapid.T, version, newest int, nameFirst bool) *cargoimp.Party {
	lines := func(name string) []string {
		list := []string{text(t, name, 35)}
		if version == newest && rapid.Bool().Draw(t, "two lines") {
			list = append(list, text(t, name, 35))
		}
		return list
	}
	p := &cargoimp.Party{
		Names: lines("name"), Streets: lines("street"), Place: text(t, "place", 17), State: maybe(t, "state", func() string { return text(t, "state", 9) }),
		Country: nation(t), Postcode: maybe(t, "postcode", func() string { return rapid.StringMatching(`[0-9]{4,9}`).Draw(t, "postcode") }),
	}
	if !nameFirst || version == newest {
		p.Account = maybe(t, "account", func() string { return text(t, "account", 14) })
	}
	for range rapid.IntRange(0, 2).Draw(t, "contacts") {
		p.Contacts = append(p.Contacts, cargoimp.Contact{Kind: rapid.SampledFrom([]string{"TE", "FX", "TL"}).Draw(t, "kind"), Number: rapid.StringMatching(`[0-9]{6,20}`).Draw(t, "number")})
	}
	return p
}

func information(t *rapid.T) (list []cargoimp.OCI) {
	for range rapid.IntRange(0, 4).Draw(t, "OCI") {
		o := cargoimp.OCI{Country: nation(t), Information: code(t, "information", 3), Customs: rapid.StringMatching(`[A-Z]{1,2}`).Draw(t, "customs"), Text: text(t, "supplementary", 35)}
		if n := len(list); n > 0 && rapid.Bool().Draw(t, "chained") {
			o.Country, o.Chained.Country = list[n-1].Country, true
			if rapid.Bool().Draw(t, "chained") {
				o.Information, o.Chained.Information = list[n-1].Information, true
			}
		}
		list = append(list, o)
	}
	return list
}

func charges(t *rapid.T, house bool) *cargoimp.Charges {
	c := &cargoimp.Charges{
		Currency: code(t, "currency", 3), Payment: rapid.SampledFrom([]string{"PP", "CC", "PC", "CP"}).Draw(t, "payment"),
		Carriage: maybe(t, "carriage", func() cargoimp.Decimal { return amount(t, "carriage") }),
		Customs:  maybe(t, "customs", func() cargoimp.Decimal { return amount(t, "customs") }),
		Insured:  maybe(t, "insured", func() cargoimp.Decimal { return amount(t, "insured") }),
	}
	if !house {
		c.Code = maybe(t, "code", func() string { return code(t, "code", 2) })
	}
	return c
}

func list(t *rapid.T, name string, most int, draw func() string) (list []string) {
	for range rapid.IntRange(0, most).Draw(t, name) {
		list = append(list, draw())
	}
	return list
}

func hsCodes(t *rapid.T, most int) []string {
	return list(t, "HS codes", most, func() string { return rapid.StringMatching(`[1-6][1-9][0-9]{4,8}`).Draw(t, "HS") })
}

func handling(t *rapid.T) []string {
	return list(t, "handling", 9, func() string { return code(t, "handling", 3) })
}

func goodsLines(t *rapid.T) (list []cargoimp.Goods) {
	for range rapid.IntRange(1, 4).Draw(t, "goods") {
		g := cargoimp.Goods{Kind: rapid.SampledFrom([]string{"NG", "NC", "NU", "ND", "NV", "NS", "NH", "NO"}).Draw(t, "kind")}
		switch g.Kind {
		case "ND":
			g.Dimensions = &cargoimp.Dimensions{None: rapid.Bool().Draw(t, "none"), Weight: maybe(t, "weight", func() *cargoimp.Measure { w := weight(t); return &w })}
			if !g.Dimensions.None {
				g.Dimensions.Unit = rapid.SampledFrom([]string{"CMT", "INH", "MTR", "FOT"}).Draw(t, "unit")
				g.Dimensions.Length, g.Dimensions.Width, g.Dimensions.Height, g.Dimensions.Pieces = number(t, "length", 999), number(t, "width", 999), number(t, "height", 999), number(t, "pieces", 99)
			}
		case "NV":
			g.Volume = &cargoimp.Measure{Value: amount(t, "volume"), Unit: "MC"}
		case "NS":
			g.Count = number(t, "count", 9999)
		case "NH":
			g.HS = rapid.StringMatching(`[1-6][1-9][0-9]{4}`).Draw(t, "HS")
		case "NO":
			g.Country = nation(t)
		default:
			g.Text = text(t, "goods", 20)
		}
		list = append(list, g)
	}
	return list
}

func anyFWB(t *rapid.T, version int) *cargoimp.FWB {
	b := &cargoimp.FWB{
		Waybill: waybillNumber(t), Origin: code(t, "origin", 3), Destination: code(t, "destination", 3), Quantity: quantity(t),
		Shipper: party(t, version, 17, false), Consignee: party(t, version, 17, false), Charges: charges(t, false),
		Issue:  &cargoimp.Issue{Date: date.Date{Year: 2026, Month: int8(number(t, "month", 12)), Day: int8(number(t, "day", 28))}, Place: text(t, "place", 17), Signature: maybe(t, "signature", func() string { return text(t, "signature", 20) })},
		Sender: &cargoimp.Sender{Office: maybe(t, "office", func() string { return code(t, "office", 7) }), File: text(t, "file", 15), Kind: "FFW", Participant: text(t, "participant", 17), Airport: code(t, "airport", 3)},
		SSR:    list(t, "SSR", 3, func() string { return text(t, "SSR", 65) }), OSI: list(t, "OSI", 3, func() string { return text(t, "OSI", 65) }),
		Certification: maybe(t, "certification", func() string { return text(t, "certification", 20) }), CustomsOrigin: maybe(t, "origin", func() string { return code(t, "customs origin", 2) }),
		Handling: handling(t), OCI: information(t),
		Notify: maybe(t, "notify", func() *cargoimp.Party { return party(t, version, 17, true) }),
		Agent: maybe(t, "agent", func() *cargoimp.Agent {
			return &cargoimp.Agent{IATA: rapid.StringMatching(`[0-9]{7}`).Draw(t, "IATA"), CASS: rapid.StringMatching(`[0-9]{4}`).Draw(t, "CASS"), Name: text(t, "agent", 35), Place: text(t, "place", 17)}
		}),
	}
	b.Exchange = maybe(t, "exchange", func() *cargoimp.Exchange {
		return &cargoimp.Exchange{Currency: "EUR", Rate: amount(t, "rate"), Charges: []cargoimp.Decimal{amount(t, "charge"), amount(t, "charge")}}
	})
	b.Handler = maybe(t, "handler", func() *cargoimp.Handler {
		return &cargoimp.Handler{Name: text(t, "handler", 35), Place: text(t, "place", 17)}
	})
	b.File = maybe(t, "file", func() *cargoimp.File {
		return &cargoimp.File{Number: text(t, "file", 14), Information: list(t, "information", 2, func() string { return text(t, "information", 12) })}
	})
	for range rapid.IntRange(0, 3).Draw(t, "flights") {
		b.Flights = append(b.Flights, cargoimp.Flight{Carrier: rapid.SampledFrom([]string{"9X", "X9", "ZZ"}).Draw(t, "carrier"), Number: rapid.StringMatching(`[1-9][0-9]{0,3}`).Draw(t, "flight"), Day: number(t, "day", 31)})
	}
	for range rapid.IntRange(1, 3).Draw(t, "legs") {
		b.Routing = append(b.Routing, cargoimp.Hop{To: code(t, "to", 3), Carrier: rapid.SampledFrom([]string{"9X", "ZZ", "ZZZ"}).Draw(t, "carrier")})
	}
	for range rapid.IntRange(0, 3).Draw(t, "notes") {
		b.Accounting = append(b.Accounting, cargoimp.Note{Kind: "GEN", Text: text(t, "note", 34)})
	}
	for range rapid.IntRange(1, 3).Draw(t, "rates") {
		w := weight(t)
		b.Rates = append(b.Rates, cargoimp.Rate{Pieces: number(t, "pieces", 99), Weight: &w, Class: code(t, "class", 1), Chargeable: amount(t, "chargeable"), Rate: amount(t, "rate"), Total: amount(t, "total"), Goods: goodsLines(t)})
	}
	for range rapid.IntRange(0, 7).Draw(t, "other charges") {
		b.Other = append(b.Other, cargoimp.OtherCharge{Payment: rapid.SampledFrom([]string{"P", "C"}).Draw(t, "payment"), Code: code(t, "charge", 2), Due: rapid.SampledFrom([]string{"A", "C"}).Draw(t, "due"), Amount: amount(t, "amount")})
	}
	summary := func() *cargoimp.Summary {
		return &cargoimp.Summary{Weight: amount(t, "weight"), Carrier: amount(t, "carrier"), Total: amount(t, "total")}
	}
	b.Prepaid, b.Collect = maybe(t, "prepaid", summary), maybe(t, "collect", summary)
	return b
}

func anyFHL(t *rapid.T, version int) *cargoimp.FHL {
	b := &cargoimp.FHL{Master: waybillNumber(t), Origin: code(t, "origin", 3), Destination: code(t, "destination", 3), Total: quantity(t)}
	for i := range rapid.IntRange(1, 3).Draw(t, "houses") {
		b.Houses = append(b.Houses, cargoimp.House{
			Number: fmt.Sprintf("H%d%s", i, rapid.StringMatching(`[A-Z0-9]{0,9}`).Draw(t, "house")), Origin: code(t, "origin", 3), Destination: code(t, "destination", 3), Pieces: number(t, "pieces", 9999), Weight: weight(t),
			SLAC: maybe(t, "SLAC", func() int { return number(t, "SLAC", 9999) }), Goods: maybe(t, "goods", func() string { return text(t, "goods", 15) }), Handling: handling(t),
			Text: list(t, "text", 3, func() string { return text(t, "text", 65) }), HS: hsCodes(t, 3), OCI: information(t),
			Shipper: party(t, version, 5, true), Consignee: party(t, version, 5, true), Charges: maybe(t, "charges", func() *cargoimp.Charges { return charges(t, true) }),
		})
	}
	return b
}

// What is written reads as what was meant, whatever it is and in both versions.
func TestReadOfWritten(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		newest := rapid.Bool().Draw(t, "newest version")
		m := &cargoimp.Message{}
		switch rapid.IntRange(0, 1).Draw(t, "message") {
		case 0:
			m.Format, m.Version = "fwb", map[bool]string{true: "17", false: "16"}[newest]
			m.FWB = anyFWB(t, map[bool]int{true: 17, false: 16}[newest])
		case 1:
			m.Format, m.Version = "fhl", map[bool]string{true: "5", false: "4"}[newest]
			m.FHL = anyFHL(t, map[bool]int{true: 5, false: 4}[newest])
		}
		written, err := cargoimp.Append(nil, m)
		if err != nil {
			t.Fatal(err)
		}
		var got []*cargoimp.Message
		if err := cargoimp.Read(written, received, func(m *cargoimp.Message) error { got = append(got, m); return nil }); err != nil || len(got) != 1 {
			t.Fatal(len(got), err)
		}
		if m.FWB != nil && got[0].FWB != nil {
			for i := range got[0].FWB.Flights {
				got[0].FWB.Flights[i].Date = date.Date{}
			}
		}
		if diff := cmp.Diff(m, got[0], places); diff != "" {
			t.Fatalf("%s\n-meant +read:\n%s", written, diff)
		}
		again, err := cargoimp.Append(nil, got[0])
		if err != nil || !bytes.Equal(again, written) {
			t.Fatalf("written otherwise the second time: %v", err)
		}
	})
}

// Whatever is filed: the reader does not fall, its JSON is JSON, every place is in the file, and what it read and can write
// reads the same again.
func FuzzRead(f *testing.F) {
	for _, file := range files(f, "testdata/*.f*", "testdata/*.p*", "testdata/invalid/*.f*") {
		if !strings.HasSuffix(file, ".json") {
			f.Add(load(f, file))
		}
	}
	f.Add([]byte("FXX\r\n969-10000012\r\nOSI/X\r\n"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		end := 0
		for _, m := range all(t, raw) {
			if text := m.AppendJSON(nil); !json.Valid(text) {
				t.Fatalf("no JSON: %s", text)
			}
			if m.Offset < end || m.Length < 0 || m.Offset+m.Length > len(raw) {
				t.Fatalf("a message at %d+%d of %d, behind %d", m.Offset, m.Length, len(raw), end)
			}
			end = m.Offset + m.Length
			for _, f := range faults(m) {
				if f.Offset < 0 || f.Length < 0 || f.Offset+f.Length > len(raw) || f.Rule == "" || f.Message == "" || f.Mend == "" {
					t.Fatalf("%+v in a file of %d", f, len(raw))
				}
			}
			if m.Error != nil {
				continue
			}
			written, err := cargoimp.Append(nil, m)
			if err != nil || m.FHL != nil && len(written) > 3500 {
				continue
			}
			again := all(t, written)
			if len(again) != 1 {
				t.Fatalf("%q is %d messages", written, len(again))
			}
			if second, err := cargoimp.Append(nil, again[0]); err != nil || !bytes.Equal(second, written) {
				t.Fatalf("%q is written again as %q, %v", written, second, err)
			}
		}
	})
}

// manyHouses is a hundred houses under one master, in as many messages as they need.
func manyHouses(tb testing.TB) (raw []byte, n int) {
	tb.Helper()
	m := one(tb, []byte(houses))
	first := m.FHL.Houses[0]
	m.FHL.Houses, n = nil, 100
	for i := range n {
		h := first
		h.Number = fmt.Sprintf("PF26H%04d", i)
		m.FHL.Houses = append(m.FHL.Houses, h)
	}
	raw, err := cargoimp.Append(nil, m)
	if err != nil {
		tb.Fatal(err)
	}
	return raw, n
}

func BenchmarkReadHouses(b *testing.B) {
	raw, _ := manyHouses(b)
	b.SetBytes(int64(len(raw)))
	b.ReportAllocs()
	read := 0
	for b.Loop() {
		if err := cargoimp.Read(raw, received, func(m *cargoimp.Message) error { read += len(m.FHL.Houses); return nil }); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(read)/b.Elapsed().Seconds(), "houses/s")
}

func BenchmarkReadWaybill(b *testing.B) {
	b.SetBytes(int64(len(waybill)))
	b.ReportAllocs()
	for b.Loop() {
		if err := cargoimp.Read([]byte(waybill), received, func(*cargoimp.Message) error { return nil }); err != nil {
			b.Fatal(err)
		}
	}
}
