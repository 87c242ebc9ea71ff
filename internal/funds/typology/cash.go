package typology

import (
	"fmt"
	"slices"
)

// ownCash are the party's cash movements: what it carried, paid in or was paid in to it.
func (a *around) ownCash(kinds ...Kind) []*Movement {
	return a.where(func(m *Movement) bool {
		return slices.Contains(kinds, m.Kind) && (m.From == a.party || m.Kind == Deposit && m.To == a.party)
	})
}

func times(n int64) string { return fmt.Sprint(n) }

// justBelow: F-01.
func (a *around) justBelow() (*Finding, string) {
	p := a.p.JustBelow
	cash := a.ownCash(CarriedIn, CarriedOut, Deposit)
	near := slices.DeleteFunc(slices.Clone(cash), func(m *Movement) bool { return !m.below(m.Line, p.Least) })
	best := window(near, p.Days, func(ms []*Movement) bool { return int64(len(ms)) >= p.Times })
	if best == nil {
		return nil, missing(cash)
	}
	return finding(best, 0, Value{"times", times(p.Times), times(int64(len(best)))}, Value{"days", times(p.Days), ""},
		Value{"least_percent", times(p.Least), ""}, Value{"line_usd", line(best).String(), ""}), ""
}

// structuring: F-02, by one who pays in, or into one account.
func (a *around) structuring() (*Finding, string) {
	p := a.p.Structuring
	cash := a.ownCash(Deposit)
	return a.split(cash, p.Times, p.Sum, p.Days)
}

// declaredSplit is the same over the border, in one direction.
func (a *around) declaredSplit() (*Finding, string) {
	p := a.p.DeclaredSplit
	var best *Finding
	var unknown string
	for _, kind := range []Kind{CarriedIn, CarriedOut} {
		own := a.where(func(m *Movement) bool { return m.Kind == kind && m.From == a.party })
		f, miss := a.split(own, p.Times, p.Sum, p.Days)
		if f != nil && (best == nil || f.Total.Cmp(best.Total) > 0) {
			best = f
		}
		if unknown == "" {
			unknown = miss
		}
	}
	if best != nil {
		return best, ""
	}
	return nil, unknown
}

func (a *around) split(cash []*Movement, least, share, days int64) (*Finding, string) {
	small := slices.DeleteFunc(slices.Clone(cash), func(m *Movement) bool { return !m.below(m.Line, 0) })
	best := window(small, days, func(ms []*Movement) bool { return int64(len(ms)) >= least && reaches(ms, share) })
	if best == nil {
		return nil, missing(cash)
	}
	return finding(best, 0, Value{"times", times(least), times(int64(len(best)))}, Value{"days", times(days), ""},
		Value{"sum_percent", times(share), ""}, Value{"line_usd", line(best).String(), ""}), ""
}

// smurfing: F-03.
func (a *around) smurfing() (*Finding, string) {
	p := a.p.Smurfing
	paid := a.where(func(m *Movement) bool { return m.Kind == Deposit && m.To == a.party })
	small := slices.DeleteFunc(slices.Clone(paid), func(m *Movement) bool { return !m.below(m.Line, 0) || m.From == "" || m.From == a.party })
	best := window(small, p.Days, func(ms []*Movement) bool { return distinct(ms, from) >= p.Depositors && reaches(ms, 100) })
	if best == nil {
		if len(paid) > 0 && len(small) == 0 && slices.ContainsFunc(paid, func(m *Movement) bool { return m.From == "" }) {
			return nil, "payer"
		}
		return nil, missing(paid)
	}
	n := distinct(best, from)
	return finding(best, n, Value{"depositors", times(p.Depositors), times(n)}, Value{"days", times(p.Days), ""}, Value{"line_usd", line(best).String(), ""}), ""
}

// frequent: F-09.
func (a *around) frequent() (*Finding, string) {
	p := a.p.Frequent
	own := a.where(func(m *Movement) bool { return m.Kind.Carried() && m.From == a.party })
	often := window(own, p.Days, func(ms []*Movement) bool { return int64(len(ms)) >= p.Times })
	if often != nil {
		return finding(often, 0, Value{"times", times(p.Times), times(int64(len(often)))}, Value{"days", times(p.Days), ""}), ""
	}
	var origins []string
	for _, m := range own {
		if m.Origin != "" && !slices.Contains(origins, m.Origin) {
			origins = append(origins, m.Origin)
		}
	}
	slices.Sort(origins)
	for _, origin := range origins {
		same := slices.DeleteFunc(slices.Clone(own), func(m *Movement) bool { return m.Origin != origin })
		if best := window(same, p.Days, func(ms []*Movement) bool { return int64(len(ms)) >= p.Same }); best != nil {
			return finding(best, 0, Value{"same_origin_times", times(p.Same), times(int64(len(best)))}, Value{"days", times(p.Days), ""}), ""
		}
	}
	return nil, ""
}

// transit: F-13.
func (a *around) transit() (*Finding, string) {
	p := a.p.Transit
	own := a.where(func(m *Movement) bool { return m.Kind.Carried() && m.From == a.party })
	var best []*Movement
	for _, in := range own {
		if in.Kind != CarriedIn || !in.counts() {
			continue
		}
		for _, out := range own {
			if out.Kind != CarriedOut || !out.counts() || out.At.Before(in.At) || out.At.Sub(in.At).Hours() > float64(p.Hours) ||
				in.Flight != "" && in.Flight == out.Flight || !out.USD.Within(in.USD, p.Percent) {
				continue
			}
			if pair := []*Movement{in, out}; best == nil || sum(pair).Cmp(sum(best)) > 0 {
				best = pair
			}
		}
	}
	if best == nil {
		return nil, missing(own)
	}
	return finding(best, 0, Value{"hours", times(p.Hours), fmt.Sprintf("%.0f", best[1].At.Sub(best[0].At).Hours())}, Value{"percent", times(p.Percent), ""}), ""
}

// tied are the party's own carryings under the line and those of others that share something with them.
func (a *around) tied(kind Kind) (own, all []*Movement) {
	own = a.where(func(m *Movement) bool { return m.Kind == kind && m.From == a.party && m.below(m.Line, 0) })
	var values []string
	for _, m := range own {
		values = append(values, m.Shared...)
	}
	all = a.where(func(m *Movement) bool {
		return m.Kind == kind && m.From != "" && m.below(m.Line, 0) && (m.From == a.party ||
			slices.ContainsFunc(m.Shared, func(v string) bool { return slices.Contains(values, v) }))
	})
	return own, all
}

// companions: F-07, on one flight.
func (a *around) companions() (*Finding, string) {
	p := a.p.Companions
	var best []*Movement
	for _, kind := range []Kind{CarriedIn, CarriedOut} {
		own, all := a.tied(kind)
		for _, m := range own {
			if m.Flight == "" {
				continue
			}
			aboard := slices.DeleteFunc(slices.Clone(all), func(o *Movement) bool { return o.Flight != m.Flight })
			if distinct(aboard, from) >= p.Carriers && reaches(aboard, 100) && (best == nil || sum(aboard).Cmp(sum(best)) > 0) {
				best = aboard
			}
		}
	}
	if best == nil {
		return nil, missing(a.where(func(m *Movement) bool { return m.Kind.Carried() && m.From == a.party }))
	}
	n := distinct(best, from)
	return finding(best, n, Value{"carriers", times(p.Carriers), times(n)}, Value{"flight", "", best[0].Flight}, Value{"line_usd", line(best).String(), ""}), ""
}

// couriers fly in turn.
func (a *around) couriers() (*Finding, string) {
	p := a.p.Couriers
	var best []*Movement
	for _, kind := range []Kind{CarriedIn, CarriedOut} {
		own, all := a.tied(kind)
		w := window(all, p.Days, func(ms []*Movement) bool {
			return distinct(ms, from) >= p.Carriers && distinct(ms, func(m *Movement) string { return m.Flight }) >= p.Flights && reaches(ms, p.Sum) &&
				slices.ContainsFunc(ms, func(m *Movement) bool { return slices.Contains(own, m) })
		})
		if w != nil && (best == nil || sum(w).Cmp(sum(best)) > 0) {
			best = w
		}
	}
	if best == nil {
		return nil, missing(a.where(func(m *Movement) bool { return m.Kind.Carried() && m.From == a.party }))
	}
	n := distinct(best, from)
	return finding(best, n, Value{"carriers", times(p.Carriers), times(n)},
		Value{"flights", times(p.Flights), times(distinct(best, func(m *Movement) string { return m.Flight }))},
		Value{"days", times(p.Days), ""}, Value{"sum_percent", times(p.Sum), ""}, Value{"line_usd", line(best).String(), ""}), ""
}
