package main

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"runtime/debug"
	"time"

	"github.com/spf13/cobra"

	"github.com/rihla/rihla/internal/app"
	"github.com/rihla/rihla/internal/screening/rules"
	"github.com/rihla/rihla/internal/travel"
)

const (
	benchRuleCount  = 500
	benchPassengers = 20_000
	benchRuleRounds = 10
)

func benchRulesCommand() *cobra.Command {
	return benchCommandOf("rules", "Asking 500 rules of each passenger, on one core",
		"Compiles 500 rules of the shapes that passenger information units write (routes, agencies, cards, phones, documents, ages, times of booking; some that no index can help) and asks them of 20,000 invented passengers, on one core, in one goroutine. The rate is that of the best of ten rounds; the times are of single passengers, in all rounds.", benchRules)
}

func benchRules(*cobra.Command) (figures, error) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	defer debug.SetGCPercent(debug.SetGCPercent(app.CollectAt)) // as a node does
	d := ruleDice{rand.New(rand.NewPCG(1, 2))}                  //nolint:gosec // the same world each time
	written := make([]rules.Rule, benchRuleCount)
	for i := range written {
		written[i] = rules.Rule{
			ID: fmt.Sprintf("bench-%03d", i), Version: "1", Title: "A rule of the benchmark", Owner: "nobody", Basis: "none", Severity: "low", Domain: travel.Name,
			When: d.condition(i), Examples: []rules.Example{{Name: "none"}},
		}.Alone()
	}
	set, wrong, err := rules.Compile(written, app.Vocabularies())
	if err != nil {
		return figures{}, err
	}
	if len(wrong) > 0 {
		return figures{}, fmt.Errorf("a rule of the benchmark does not compile: %w", wrong[0])
	}
	views := make([]*travel.View, benchPassengers)
	for i := range views {
		views[i] = d.passenger()
	}
	f := figures{Bench: "rules", Unit: "passengers/s", Binds: "one core: evaluating takes no lock and waits for nothing"}
	at := time.Now()
	var hits []rules.Hit
	found := 0
	took := make([]time.Duration, 0, benchRuleRounds*benchPassengers)
	for range benchRuleRounds {
		runtime.GC()
		start := time.Now()
		before := start
		for _, v := range views {
			hits = set.Evaluate(hits[:0], travel.Name, v, at)
			found += len(hits)
			now := time.Now()
			took = append(took, now.Sub(before))
			before = now
		}
		f.Rate = max(f.Rate, benchPassengers/time.Since(start).Seconds())
	}
	f.percentiles(took)
	seen, met, evaluated := set.Work()
	each := func(n int64) float64 { return float64(n) / float64(seen) }
	f.notes = append(f.notes,
		fmt.Sprintf("of %d rules an average passenger met %.1f in the index and had %.1f evaluated; %.2f hit", set.Len(), each(met), each(evaluated), each(int64(found))))
	f.Evaluated, f.Rules = each(evaluated), set.Len()
	return f, nil
}

// ruleDice invents passengers, and rules that speak of what such passengers have. Values are spread as in life: a few
// airports, agencies and nationalities are everybody's, most are somebody's.
type ruleDice struct{ *rand.Rand }

func (d ruleDice) percent(n int) bool { return d.IntN(100) < n }

// rank draws a number below n, small ones far more often.
func (d ruleDice) rank(n int) int {
	x := d.Float64()
	return int(x * x * x * float64(n))
}

func one[T any](d ruleDice, of []T) T { return of[d.rank(len(of))] }

var (
	benchStates   = []string{"BHR", "IND", "GBR", "PAK", "SAU", "PHL", "EGY", "ARE", "USA", "BGD", "JOR", "KWT", "TUR", "FRA", "DEU", "LKA", "NPL", "OMN", "QAT", "LBN", "MAR", "ETH", "KEN", "NGA", "BRA", "COL", "MEX", "THA", "VNM", "IDN", "MYS", "CHN", "RUS", "UKR", "GEO", "ITA", "ESP", "NLD", "SWE", "AUS"}
	benchAirports = []string{"BAH", "DXB", "LHR", "DOH", "BOM", "DEL", "KHI", "JED", "RUH", "MNL", "CAI", "AUH", "JFK", "DAC", "AMM", "KWI", "IST", "CDG", "FRA", "CMB", "KTM", "MCT", "BEY", "CMN", "ADD", "NBO", "LOS", "GRU", "BOG", "MEX", "BKK", "SGN", "CGK", "KUL", "PEK", "SVO", "KBP", "TBS", "FCO", "MAD", "AMS", "ARN", "SYD"}
	benchCarriers = []string{"ZZ", "YY", "XX", "ZX", "YX", "ZY"}
	benchDomains  = []string{"example.com", "example.org", "example.net", "mail.example", "post.example", "travel.example"}
)

func (d ruleDice) agency() string { return fmt.Sprintf("%08d", 10_000_000+d.rank(4000)*7919) }
func (d ruleDice) bin() string    { return fmt.Sprintf("%06d", 400_000+d.rank(900)*113) }
func (d ruleDice) phone() string  { return fmt.Sprintf("+%03d%02d", 900+d.rank(80), d.rank(60)) }

func (d ruleDice) passenger() *travel.View {
	from, to := one(d, benchAirports), one(d, benchAirports)
	v := &travel.View{
		Surname: "AL HADDAD", Given: "MARYAM", Sex: one(d, []string{"M", "F"}), Born: "1980-02-29", Age: int64(1 + d.IntN(80)), Nationality: one(d, benchStates), Residence: one(d, benchStates),
		Role: "passenger", Status: one(d, []string{"listed", "booked", "boarded"}), Type: "ADT", Seat: fmt.Sprintf("%d%c", 1+d.IntN(45), 'A'+rune(d.IntN(6))), Bags: int64(d.rank(4)),
		From: from, To: to, CheckedIn: true, FrequentFlyer: d.percent(30), HasAPI: true, HasPNR: d.percent(92),
		Phones: []string{d.phone() + "5551234"}, Emails: []string{"someone@" + one(d, benchDomains)},
		Documents: []travel.Papers{{Type: "P", Number: "X1234567", Issuer: one(d, benchStates), Expires: "2031-01-01", DaysLeft: int64(d.IntN(3600) - 20)}},
		Flight:    travel.FlightView{Carrier: one(d, benchCarriers), Number: fmt.Sprint(100 + d.IntN(600)), Date: "2026-11-24", Hour: int64(d.IntN(24)), Weekday: "tue", From: from, To: to, FromCountry: one(d, benchStates), ToCountry: "BHR"},
	}
	if d.percent(4) {
		v.Role = "crew"
	}
	if d.percent(20) {
		v.Documents = append(v.Documents, travel.Papers{Type: "V", Number: "V123", Issuer: "BHR", DaysLeft: int64(d.IntN(90))})
	}
	if v.HasPNR {
		via := one(d, benchAirports)
		v.Booking = travel.Trip{
			Locator: "ABC123", Carrier: v.Flight.Carrier, Agency: d.agency(), AgencyName: "AN AGENCY", AgencyCity: one(d, benchAirports), HoursAhead: int64(d.rank(4000)), OneWay: d.percent(35),
			Airports: []string{from, to, via}, Countries: []string{one(d, benchStates), "BHR", one(d, benchStates)}, Travellers: int64(1 + d.rank(6)), Tickets: 1, Amount: float64(50 + d.rank(6000)), Currency: one(d, []string{"BHD", "USD", "EUR", "GBP", "INR"}),
			Segments: []travel.Flown{{Carrier: v.Flight.Carrier, Number: v.Flight.Number, From: from, To: to, Class: "Y", Status: "HK"}, {Carrier: one(d, benchCarriers), Number: fmt.Sprint(d.IntN(900)), From: to, To: via, Class: "Y", Status: "HK"}},
		}
		if d.percent(8) {
			v.Booking.Forms = []string{"CA"}
		} else {
			v.Booking.Forms, v.Booking.Cards = []string{"CC"}, []string{d.bin() + "XXXXXX1111"}
		}
	} else {
		v.Booking.HoursAhead = -1
	}
	return v
}

// condition writes the nth rule. One in forty is of a shape that the index cannot help.
func (d ruleDice) condition(n int) string {
	state, airport := func() string { return one(d, benchStates) }, func() string { return one(d, benchAirports) }
	shapes := []string{
		fmt.Sprintf(`"CA" in traveller.booking.forms && traveller.booking.one_way && traveller.booking.hours_ahead >= 0 && traveller.booking.hours_ahead < %d && traveller.booking.agency == %q`, 24*(1+d.IntN(4)), d.agency()),
		fmt.Sprintf(`traveller.nationality in [%q, %q, %q] && %q in traveller.booking.airports && traveller.booking.one_way && traveller.bags == 0`, state(), state(), state(), airport()),
		fmt.Sprintf(`traveller.documents.exists(d, d.type == "P" && d.issuer == %q && d.days_left < %d)`, state(), 30*(1+d.IntN(6))),
		fmt.Sprintf(`traveller.flight.carrier == %q && traveller.flight.number == "%d" && traveller.seat.startsWith("%d")`, one(d, benchCarriers), 100+d.IntN(600), 1+d.IntN(40)),
		fmt.Sprintf(`traveller.age >= %d && traveller.age < %d && traveller.booking.travellers == 1 && traveller.flight.from_country == %q`, 4, 14+d.IntN(4), state()),
		fmt.Sprintf(`traveller.booking.agency.startsWith(%q) && traveller.booking.agency_city != %q && traveller.booking.amount > %d.0`, d.agency()[:5], airport(), 500+d.IntN(2000)),
		fmt.Sprintf(`traveller.booking.cards.exists(c, c.startsWith(%q)) && traveller.booking.hours_ahead < %d`, d.bin(), 48+d.IntN(200)),
		fmt.Sprintf(`traveller.phones.exists(p, p.startsWith(%q)) && traveller.flight.to == %q`, d.phone(), airport()),
		fmt.Sprintf(`traveller.emails.exists(e, e.endsWith("@%s")) && traveller.booking.hours_ahead < 24 && traveller.booking.one_way && traveller.flight.from == %q`, one(d, benchDomains), airport()),
		fmt.Sprintf(`traveller.booking.amount > %d.0 && traveller.booking.currency == "USD" && !traveller.frequent_flyer && traveller.flight.from == %q`, 1000+d.IntN(4000), airport()),
		fmt.Sprintf(`sets.intersects(traveller.booking.countries, [%q, %q]) && traveller.residence == %q && traveller.bags == 0`, state(), state(), state()),
		fmt.Sprintf(`(traveller.booking.agency == %q || traveller.booking.agency_city == %q) && "CA" in traveller.booking.forms && traveller.age > 17`, d.agency(), airport()),
		fmt.Sprintf(`traveller.booking.segments.exists(s, s.from == %q && s.to == %q && s.carrier == %q)`, airport(), airport(), one(d, benchCarriers)),
		fmt.Sprintf(`traveller.nationality != traveller.residence && traveller.residence == %q && traveller.booking.hours_ahead < %d && traveller.booking.travellers == 1`, state(), 24+d.IntN(100)),
	}
	hard := []string{
		fmt.Sprintf(`traveller.bags == 0 && traveller.booking.one_way && traveller.age > 17 && traveller.age < 26 && traveller.booking.hours_ahead >= 0 && traveller.booking.hours_ahead < %d`, 24+d.IntN(48)),
		fmt.Sprintf(`size(traveller.phones) > %d || size(traveller.documents) > 3`, 2+d.IntN(3)),
		fmt.Sprintf(`traveller.documents.filter(d, d.type == "V").size() > %d`, 1+d.IntN(2)),
	}
	when := shapes[n%len(shapes)]
	if n%40 == 39 {
		when = hard[n/40%len(hard)]
	}
	if d.percent(80) {
		when = `traveller.role == "passenger" && (` + when + ")"
	}
	return when
}
