package typology

import (
	"fmt"
	"math"
	"math/big"
	"slices"
	"time"
)

// in and out are what the party was paid and what it paid, cash at the counter among it.
func (a *around) in() []*Movement {
	return a.where(func(m *Movement) bool { return !m.Kind.Carried() && m.To == a.party && m.From != a.party })
}

func (a *around) out() []*Movement {
	return a.where(func(m *Movement) bool {
		return !m.Kind.Carried() && m.From == a.party && m.To != a.party && m.Kind != Deposit
	})
}

// fan: F-04.
func (a *around) fan() (*Finding, string) {
	p := a.p.Fan
	in, out := a.in(), a.out()
	if len(in) == 0 || len(out) == 0 {
		return nil, ""
	}
	var best []*Movement
	hours(in, p.Hours, func(came []*Movement) bool {
		if distinct(came, from) < p.Senders {
			return false
		}
		until := came[len(came)-1].At.Add(time.Duration(p.Hours) * time.Hour)
		left := slices.DeleteFunc(slices.Clone(out), func(m *Movement) bool { return m.At.Before(came[0].At) || m.At.After(until) })
		if distinct(left, to) == 0 || sum(left).Cmp(new(big.Rat).Mul(sum(came), big.NewRat(p.Out, 100))) < 0 {
			return false
		}
		left = largest(left, p.Receivers)
		if sum(left).Cmp(new(big.Rat).Mul(sum(came), big.NewRat(p.Out, 100))) < 0 {
			return false
		}
		if all := append(slices.Clone(came), left...); best == nil || sum(all).Cmp(sum(best)) > 0 {
			best = all
		}
		return true
	})
	if best == nil {
		return nil, missing(append(in, out...))
	}
	senders := slices.DeleteFunc(slices.Clone(best), func(m *Movement) bool { return m.To != a.party })
	n := distinct(senders, from)
	return finding(best, n, Value{"senders", times(p.Senders), times(n)}, Value{"receivers", times(p.Receivers), ""},
		Value{"out_percent", times(p.Out), ""}, Value{"hours", times(p.Hours), ""}), ""
}

// largest keeps what went to the receivers who got most.
func largest(ms []*Movement, receivers int64) []*Movement {
	got := map[string]*big.Rat{}
	for _, m := range ms {
		if got[m.To] == nil {
			got[m.To] = new(big.Rat)
		}
		if !m.USD.IsZero() {
			got[m.To].Add(got[m.To], m.USD.Rat())
		}
	}
	names := make([]string, 0, len(got))
	for n := range got {
		names = append(names, n)
	}
	slices.SortFunc(names, func(x, y string) int {
		if c := got[y].Cmp(got[x]); c != 0 {
			return c
		}
		if x < y {
			return -1
		}
		return 1
	})
	names = names[:min(int64(len(names)), receivers)]
	return slices.DeleteFunc(ms, func(m *Movement) bool { return !slices.Contains(names, m.To) })
}

// passThrough: F-05. What is known of the balance is what came and went: it is taken to begin at nothing, which holds the
// account for fuller than it was where earlier money left, and never for emptier than its own payments make it.
func (a *around) passThrough() (*Finding, string) {
	p := a.p.PassThrough
	in, out := a.in(), a.out()
	if int64(min(len(in), len(out))) < p.Times {
		return nil, ""
	}
	both := append(slices.Clone(in), out...)
	if miss := missing(slices.DeleteFunc(slices.Clone(both), func(m *Movement) bool { return m.Kind.Cash() && !m.USD.IsZero() })); miss != "" {
		return nil, miss
	}
	slices.SortFunc(both, func(x, y *Movement) int { return x.At.Compare(y.At) })
	var stay time.Duration
	best := window(both, p.Days, func(ms []*Movement) bool {
		came := slices.DeleteFunc(slices.Clone(ms), func(m *Movement) bool { return m.To != a.party })
		left := slices.DeleteFunc(slices.Clone(ms), func(m *Movement) bool { return m.From != a.party })
		l := line(both)
		if l.IsZero() || int64(min(len(came), len(left))) < p.Times || sum(came).Cmp(percent(l, p.Least)) < 0 || sum(left).Cmp(percent(l, p.Least)) < 0 {
			return false
		}
		mean, balance := a.flow(ms, p.Days)
		if mean >= time.Duration(p.Stay)*time.Hour {
			return false
		}
		turnover := new(big.Rat).Add(sum(came), sum(left))
		if turnover.Cmp(new(big.Rat).Mul(balance, big.NewRat(p.Turnover, 1))) < 0 {
			return false
		}
		stay = mean
		return true
	})
	if best == nil {
		return nil, ""
	}
	return finding(best, distinct(best, func(m *Movement) string {
		if m.To == a.party {
			return m.From
		}
		return m.To
	}), Value{"stay_hours", times(p.Stay), fmt.Sprintf("%.0f", stay.Hours())}, Value{"turnover_times_balance", times(p.Turnover), ""},
		Value{"days", times(p.Days), ""}), ""
}

// flow is how long money stayed, first in first out, and what the account held on average over the days.
func (a *around) flow(ms []*Movement, days int64) (mean time.Duration, balance *big.Rat) {
	type lot struct {
		at   time.Time
		left *big.Rat
	}
	var lots []lot
	held := new(big.Rat)  // amount × seconds
	moved := new(big.Rat) // that left
	end := ms[len(ms)-1].At
	add := func(amount *big.Rat, from, to time.Time) {
		held.Add(held, new(big.Rat).Mul(amount, big.NewRat(max(int64(to.Sub(from).Seconds()), 0), 1)))
	}
	stayed := new(big.Rat)
	for _, m := range ms {
		if m.To == a.party {
			lots = append(lots, lot{m.At, m.USD.Rat()})
			continue
		}
		for left := m.USD.Rat(); len(lots) > 0 && left.Sign() > 0; {
			take := lots[0].left
			if take.Cmp(left) > 0 {
				take = left
			}
			take = new(big.Rat).Set(take)
			add(take, lots[0].at, m.At)
			stayed.Add(stayed, new(big.Rat).Mul(take, big.NewRat(max(int64(m.At.Sub(lots[0].at).Seconds()), 0), 1)))
			moved.Add(moved, take)
			left = new(big.Rat).Sub(left, take)
			if lots[0].left = new(big.Rat).Sub(lots[0].left, take); lots[0].left.Sign() == 0 {
				lots = lots[1:]
			}
		}
	}
	for _, l := range lots {
		add(l.left, l.at, end)
	}
	if moved.Sign() == 0 { // nothing left: it stays
		return math.MaxInt64, held
	}
	seconds, _ := new(big.Rat).Quo(stayed, moved).Float64()
	return time.Duration(seconds) * time.Second, held.Quo(held, big.NewRat(days*86400, 1))
}

// gapChain: F-15, of a bank.
func (a *around) gapChain() (*Finding, string) {
	p := a.p.GapChain
	sent := a.where(func(m *Movement) bool { return m.Kind == Transfer && m.Bank == a.party })
	best := window(sent, p.Days, func(ms []*Movement) bool {
		return int64(len(ms)) >= p.Least && int64(len(gapped(ms)))*100 >= p.Percent*int64(len(ms))
	})
	if best == nil {
		return nil, ""
	}
	n := gapped(best)
	return finding(n, 0, Value{"transfers", times(p.Least), times(int64(len(best)))}, Value{"percent", times(p.Percent), times(int64(len(n)) * 100 / int64(len(best)))},
		Value{"days", times(p.Days), ""}), ""
}

func gapped(ms []*Movement) []*Movement {
	return slices.DeleteFunc(slices.Clone(ms), func(m *Movement) bool { return !m.Gaps })
}

// hidden: F-16, of who pays.
func (a *around) hidden() (*Finding, string) {
	ms := a.where(func(m *Movement) bool { return len(m.Hidden) > 0 && m.From == a.party })
	if len(ms) == 0 {
		return nil, ""
	}
	f := finding(ms, 0)
	var names []string
	for _, m := range ms {
		names = append(names, m.Hidden...)
	}
	slices.Sort(names)
	for _, n := range slices.Compact(names) {
		f.Values = append(f.Values, Value{"named", "", n})
	}
	return f, ""
}

// newAndBig: F-20.
func (a *around) newAndBig() (*Finding, string) {
	p := a.p.NewAndBig
	sent := a.where(func(m *Movement) bool { return m.Kind == Transfer && m.From == a.party })
	if len(sent) == 0 {
		return nil, ""
	}
	counted := slices.DeleteFunc(slices.Clone(sent), func(m *Movement) bool { return !m.counts() })
	round := slices.DeleteFunc(slices.Clone(counted), func(m *Movement) bool {
		return !new(big.Rat).Quo(m.Amount.Rat(), big.NewRat(p.Unit, 1)).IsInt()
	})
	if int64(len(counted)) >= p.Least && int64(len(round))*100 >= p.Round*int64(len(counted)) {
		return finding(round, 0, Value{"transfers", times(p.Least), times(int64(len(counted)))},
			Value{"round_percent", times(p.Round), times(int64(len(round)) * 100 / int64(len(counted)))}), ""
	}
	opened := ""
	for i := range a.all {
		if m := &a.all[i]; m.Opened != "" && (m.From == a.party || m.To == a.party) && (opened == "" || m.Opened < opened) {
			opened = m.Opened
		}
	}
	if opened == "" {
		return nil, "opened"
	}
	young := slices.DeleteFunc(slices.Clone(sent), func(m *Movement) bool {
		age := dayNumber(m.Day) - dayNumber(opened)
		return age < 0 || age >= p.Age || !m.counts()
	})
	abroad := slices.DeleteFunc(slices.Clone(young), func(m *Movement) bool { return !m.Abroad })
	if len(abroad) > 0 && abroad[0].USD.Rat().Cmp(big.NewRat(p.USD, 1)) >= 0 {
		return finding(abroad[:1], 0, Value{"age_days", times(p.Age), times(dayNumber(abroad[0].Day) - dayNumber(opened))}, Value{"usd", times(p.USD), abroad[0].USD.String()}), ""
	}
	return nil, missing(young)
}

// reported: F-22.
func (a *around) reported() (*Finding, string) {
	p := a.p.Reported
	told := a.where(func(m *Movement) bool { return m.Filer != "" })
	best := window(told, p.Days, func(ms []*Movement) bool {
		return distinct(ms, func(m *Movement) string { return m.Filer }) >= p.Filers
	})
	if best == nil {
		return nil, ""
	}
	return finding(best, 0, Value{"filers", times(p.Filers), times(distinct(best, func(m *Movement) string { return m.Filer }))}, Value{"days", times(p.Days), ""}), ""
}
