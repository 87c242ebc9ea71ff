package dialogue

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rihla/rihla/internal/sharing/ledger"
)

// reportOf lays a report out: a row a figure, a column a side.
func reportOf(l Language, title string, p Pact, made *Reviewed) reportPart {
	review := &made.review
	part := reportPart{
		Title: title, From: review.Period.From, To: review.Period.To, Entries: fmt.Sprintf("%d–%d", review.MadeFrom.From, review.MadeFrom.To),
		NoDifference: word(l, "no_difference"),
	}
	sides := make([]*ledger.Side, 2)
	for i, party := range []string{made.Own, made.Partner} {
		part.Parties = append(part.Parties, countryOf(l, p, party))
		sides[i] = review.Sides[party]
	}
	if sides[1] == nil {
		part.NoDifference = word(l, "no_partner")
	}
	t := table{language: l, sides: sides}
	t.group("volume")
	t.counts("f.requests", func(s *ledger.Side) ledger.Counts { return s.Requests })
	t.counts("f.received", func(s *ledger.Side) ledger.Counts { return s.Received })
	t.counts("f.spontaneous", func(s *ledger.Side) ledger.Counts { return s.Spontaneous })
	t.row("f.match", func(s *ledger.Side) string {
		if s.PrivateMatch == nil || s.PrivateMatch.Batches == 0 {
			return ""
		}
		return fmt.Sprintf("%d · %d · %s", s.PrivateMatch.Batches, s.PrivateMatch.KeysAsked, s.PrivateMatch.Hits)
	})
	t.group("results")
	t.counts("f.hits", func(s *ledger.Side) ledger.Counts { return s.Hits })
	t.counts("f.no_hits", func(s *ledger.Side) ledger.Counts { return s.NoHits })
	t.counts("f.data", func(s *ledger.Side) ledger.Counts { return s.Data })
	t.counts("f.refusals", func(s *ledger.Side) ledger.Counts { return s.Refusals })
	t.counts("f.open", func(s *ledger.Side) ledger.Counts { return s.Open })
	t.row("f.confirmed_same", func(s *ledger.Side) string { return s.ConfirmedSame.String() })
	t.row("f.not_same", func(s *ledger.Side) string { return s.NotSame.String() })
	t.row("f.precision", func(s *ledger.Side) string {
		if s.Precision == nil {
			return ""
		}
		return fmt.Sprintf("%.2f (%.2f–%.2f)", s.Precision.Value, s.Precision.Low, s.Precision.High)
	})
	t.group("time")
	t.times(func(s *ledger.Side) map[string]ledger.Percentiles { return s.ReplyTime })
	t.group("duties")
	t.row("f.corrections", func(s *ledger.Side) string { return dutyText(s.Corrections) })
	t.row("f.erasures", func(s *ledger.Side) string { return dutyText(s.Erasures) })
	t.row("f.past_erase", func(s *ledger.Side) string {
		if s.Erasures.PastEraseAtNow == nil {
			return ""
		}
		return strconv.Itoa(*s.Erasures.PastEraseAtNow)
	})
	t.group("safety")
	t.row("f.unmaskings", func(s *ledger.Side) string { return s.Unmaskings.String() })
	t.row("f.second", func(s *ledger.Side) string { return s.SecondApprovals.String() })
	t.counts("f.never", func(s *ledger.Side) ledger.Counts { return s.NeverRule })
	t.row("f.breaches", func(s *ledger.Side) string { return strconv.Itoa(s.Breaches) })
	t.row("f.witness", func(s *ledger.Side) string { return strconv.Itoa(s.WitnessDisagreements) })
	t.row("f.conflicts", func(s *ledger.Side) string { return strconv.Itoa(s.Conflicts) })
	t.row("f.offline", func(s *ledger.Side) string { return strconv.FormatFloat(s.OfflineHours, 'f', -1, 64) })
	t.group("quality")
	t.quality("f.records", func(q *ledger.Quality) string { return q.Records.String() })
	t.quality("f.birth", func(q *ledger.Quality) string { return percent(q.BirthDefault) })
	t.quality("f.manual", func(q *ledger.Quality) string { return percent(q.ManualCapture) })
	t.group("people")
	t.redress("f.asked", func(r *ledger.RedressSums) string { return r.Asked.String() })
	t.redress("f.upheld", func(r *ledger.RedressSums) string { return r.Upheld.String() })
	t.redress("f.days", func(r *ledger.RedressSums) string {
		if r.MedianDays == nil {
			return ""
		}
		return strconv.Itoa(*r.MedianDays)
	})
	part.Groups = slices.DeleteFunc(t.groups, func(g figureGroup) bool { return len(g.Rows) == 0 })
	for _, d := range review.Differences {
		if d.Apart() {
			part.Apart = append(part.Apart, apartLine{d.Figure, countryOf(l, p, d.From), countryOf(l, p, d.To), d.First, d.Other})
		}
	}
	return part
}

// table gathers the rows; a figure that neither side has is left out.
type table struct {
	language Language
	sides    []*ledger.Side
	groups   []figureGroup
}

func (t *table) group(name string) {
	t.groups = append(t.groups, figureGroup{Title: word(t.language, "group."+name)})
}

func (t *table) add(label string, value func(*ledger.Side) string) {
	row, any := figureRow{Label: label}, false
	for _, s := range t.sides {
		text := ""
		if s != nil {
			text = value(s)
		}
		any = any || text != ""
		if text == "" {
			text = "–"
		}
		row.Values = append(row.Values, strings.Split(text, " · ")) // the parts follow one another in the page's direction
	}
	if any {
		last := &t.groups[len(t.groups)-1]
		last.Rows = append(last.Rows, row)
	}
}

func (t *table) row(key string, value func(*ledger.Side) string) { t.add(word(t.language, key), value) }

func (t *table) counts(key string, of func(*ledger.Side) ledger.Counts) {
	for _, name := range keysOf(t.sides, of) {
		t.add(word(t.language, key)+" "+name, func(s *ledger.Side) string {
			if n, there := of(s)[name]; there {
				return n.String()
			}
			return "0"
		})
	}
}

func (t *table) times(of func(*ledger.Side) map[string]ledger.Percentiles) {
	for _, name := range keysOf(t.sides, of) {
		t.add(name, func(s *ledger.Side) string {
			p, there := of(s)[name]
			if !there {
				return ""
			}
			return fmt.Sprintf("%s · %s · %s · %s", seconds(p.P50), seconds(p.P90), seconds(p.P99), percent(p.LateShare))
		})
	}
}

func (t *table) quality(key string, of func(*ledger.Quality) string) {
	t.row(key, func(s *ledger.Side) string {
		if s.Quality == nil || s.Quality.Records.IsZero() {
			return ""
		}
		return of(s.Quality)
	})
}

func (t *table) redress(key string, of func(*ledger.RedressSums) string) {
	t.row(key, func(s *ledger.Side) string {
		if s.Redress == nil || s.Redress.Asked.IsZero() {
			return ""
		}
		return of(s.Redress)
	})
}

func keysOf[M ~map[string]V, V any](sides []*ledger.Side, of func(*ledger.Side) M) []string {
	all := map[string]bool{}
	for _, s := range sides {
		if s == nil {
			continue
		}
		for key := range of(s) {
			all[key] = true
		}
	}
	return slices.Sorted(maps.Keys(all))
}

func dutyText(d ledger.Duty) string { return fmt.Sprintf("%d · %d · %d", d.Due, d.Done, d.Late) }

func percent(share float64) string { return strconv.FormatFloat(share*100, 'f', 1, 64) + "%" }

// seconds writes a time as a reader takes it in: 7m, 48h, 3d 4h.
func seconds(n int64) string {
	d := time.Duration(n) * time.Second
	switch {
	case d < 2*time.Minute:
		return fmt.Sprintf("%ds", n)
	case d < 2*time.Hour:
		return fmt.Sprintf("%dm", int64(d.Round(time.Minute)/time.Minute))
	case d < 72*time.Hour:
		return fmt.Sprintf("%dh", int64(d.Round(time.Hour)/time.Hour))
	}
	return fmt.Sprintf("%dd", int64(d.Round(24*time.Hour)/(24*time.Hour)))
}
