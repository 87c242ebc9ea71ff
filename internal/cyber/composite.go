package cyber

import (
	"cmp"
	"context"
	"database/sql"
	"maps"
	"slices"
	"strings"
	"time"

	patterns "github.com/rihla/rihla/formats/stix/pattern"
	"github.com/rihla/rihla/internal/cyber/indicators"
	"github.com/rihla/rihla/internal/cyber/match"
	"github.com/rihla/rihla/internal/store"
)

// composites are the patterns that logs are searched for as a whole, and which of them each part belongs to.
type composites struct {
	byID map[string]indicators.Searched
	of   map[string][]string // part → indicators
}

// with adds one.
func (c *composites) with(id string, s indicators.Searched) {
	c.byID[id] = s
	for _, v := range s.Parts {
		if key := partKey(v); !slices.Contains(c.of[key], id) {
			c.of[key] = append(c.of[key], id)
		}
	}
}

func partKey(v indicators.Value) string { return string(v.Kind) + " " + v.Value }

// entries are the values that lines are looked at for.
func (c *composites) entries() (out []match.Entry) {
	for _, s := range c.byID {
		for _, v := range s.Parts {
			out = append(out, match.Entry{ID: partKey(v), Kind: v.Kind, Value: v.Value})
		}
	}
	return out
}

// partial is a line that holds a part of a composite.
type partial struct {
	report string // "" is the one that is being read
	line   int
	at     time.Time
	seen   string
	body   []byte
}

// where a composite may be seen: at one machine.
type where struct{ indicator, place string }

// The bounds of what is kept and evaluated of one composite at one machine, and how far apart its parts may lie.
const (
	mostPartials = 500
	partialSpan  = 24 * time.Hour
)

// parts gathers, line by line, what composites are found in.
type parts struct {
	known *composites
	form  match.Form
	found map[where][]partial
}

// add keeps a line for every composite that it holds a part of.
func (p *parts) add(number int, line []byte, l *match.Line, at time.Time, otherwise string) {
	var body []byte
	for _, hit := range l.Parts {
		place := cmp.Or(l.Place(hit), otherwise)
		for _, id := range p.known.of[hit.Indicator] {
			k := where{id, place}
			list := p.found[k]
			if len(list) == mostPartials || len(list) > 0 && list[len(list)-1].line == number {
				continue
			}
			if body == nil {
				body = observe(p.form, line, l)
			}
			p.found[k] = append(list, partial{line: number, at: at, seen: string(hit.Seen), body: body})
		}
	}
}

// whole evaluates every composite of which a part was found, over these lines and over those of other logs that lie near
// enough, and answers what is met: each once a machine, where a line of this log belongs to it.
func (p *planner) whole(ctx context.Context, found *parts, filer string) error {
	for _, k := range slices.SortedFunc(maps.Keys(found.found), func(a, b where) int {
		return cmp.Or(strings.Compare(a.indicator, b.indicator), strings.Compare(a.place, b.place))
	}) {
		own := found.found[k]
		host := p.d.hostID(filer, k.place)
		others, err := p.partials(ctx, k.indicator, host, own)
		if err != nil {
			return err
		}
		for _, o := range own {
			p.c.partials = append(p.c.partials, []any{k.indicator, host, store.Micros(o.at), p.report, o.line, cut(o.seen), string(o.body)})
		}
		if s := meets(found.known.byID[k.indicator].Pattern, own, others); s != nil {
			s.indicator, s.host, s.place = k.indicator, host, k.place
			p.c.sightings = append(p.c.sightings, *s)
		}
	}
	return nil
}

// cut bounds a value as a log has it.
func cut(seen string) string {
	const longest = 500
	return strings.ToValidUTF8(seen[:min(len(seen), longest)], "")
}

// partials are lines of other logs that hold a part of a composite, at the same machine and not too far away.
func (p *planner) partials(ctx context.Context, indicator, host string, own []partial) (list []partial, err error) {
	first, last := own[0].at, own[0].at
	for _, o := range own {
		first, last = earlier(first, o.at), later(last, o.at)
	}
	err = store.Rows(ctx, p.r, func(rows *sql.Rows) error {
		var o partial
		var at int64
		if err := rows.Scan(&o.report, &o.line, &at, &o.seen, &o.body); err != nil {
			return err
		}
		o.at = store.Time(at)
		list = append(list, o)
		return nil
	}, `select report, line, at, seen, body from cyber_part where indicator = $1 and host = $2 and at between $3 and $4 and report <> $5 order by at, report, line limit $6`,
		indicator, host, store.Micros(first.Add(-partialSpan)), store.Micros(last.Add(partialSpan)), p.report, mostPartials)
	return list, err
}

// meets evaluates a pattern over lines. A way in which it matches counts where a line of one's own is part of it.
func meets(of *patterns.Pattern, own, others []partial) *sighting {
	lines := slices.Concat(own, others)
	seen := make([]patterns.Observed, len(lines))
	for i, l := range lines {
		seen[i] = patterns.Observed{First: l.at, Last: l.at, Count: 1, Objects: observed(l.body)}
	}
	ways, _ := of.Ways(seen)
	for _, way := range ways {
		if way[0] >= len(own) { // they ascend: none of one's own
			continue
		}
		s := &sighting{count: 1}
		var texts []string
		for _, i := range way {
			s.first, s.last = earlier(s.first, lines[i].at), later(s.last, lines[i].at)
			if !slices.Contains(texts, lines[i].seen) {
				texts = append(texts, lines[i].seen)
			}
		}
		s.seen = cut(strings.Join(texts, " "))
		return s
	}
	return nil
}

var insertPart = store.NewInsert("cyber_part", []string{"indicator", "host", "at", "report", "line", "seen", "body"}, "on conflict (indicator, host, at, report, line) do nothing")
