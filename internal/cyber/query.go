package cyber

import (
	"context"
	"database/sql"
	"strconv"
	"strings"
	"time"

	"github.com/rihla/rihla/formats/observable"
	"github.com/rihla/rihla/internal/cyber/indicators"
	"github.com/rihla/rihla/internal/store"
)

// clauses gathers what a query asks for.
type clauses struct {
	b    strings.Builder
	args []any
}

// and adds a condition; each ? is the next value.
func (c *clauses) and(clause string, values ...any) {
	for _, v := range values {
		c.args = append(c.args, v)
		clause = strings.Replace(clause, "?", "$"+strconv.Itoa(len(c.args)), 1)
	}
	c.b.WriteString(" and " + clause)
}

// words asks for every word of a text in a column of lower-case text.
func (c *clauses) words(column, text string) {
	for _, word := range strings.Fields(strings.ToLower(text)) {
		c.and(column+` like ? escape '\'`, "%"+escapeLike(word)+"%")
	}
}

func escapeLike(s string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(s)
}

// wanted is what a list of indicators asks for. Empty fields ask for everything.
type wanted struct {
	Text, Kind, State, Source string
	Sighted                   bool
	AfterSaid                 int64 // the last of the page before
	AfterID                   string
	Limit                     int
}

// listIndicators reads indicators, those of whom something was said last first.
func listIndicators(ctx context.Context, r store.Reader, w wanted, now time.Time) (out []*held, err error) {
	for len(out) < w.Limit {
		page, err := indicatorsPage(ctx, r, w, now)
		if err != nil {
			return nil, err
		}
		for _, h := range page {
			if w.State == "" || string(h.view(now).State) == w.State {
				out = append(out, h)
			}
			if len(out) == w.Limit {
				return out, nil
			}
		}
		if len(page) < w.Limit {
			return out, nil
		}
		last := page[len(page)-1]
		w.AfterSaid, w.AfterID = store.Micros(last.view(now).Changed), last.ID
	}
	return out, nil
}

func indicatorsPage(ctx context.Context, r store.Reader, w wanted, now time.Time) (out []*held, err error) {
	var c clauses
	if w.Kind != "" {
		c.and("kind = ?", w.Kind)
	}
	switch s := indicators.State(w.State); {
	case s == "":
	case s.Matched() && s != indicators.Proposed:
		c.and("standing = 'alive' and since <= ? and (until = 0 or until > ?)", store.Micros(now), store.Micros(now))
	case s == indicators.Proposed:
		c.and("standing = 'alive' and since > ?", store.Micros(now))
	case s == indicators.Over:
		c.and("(standing = 'expired' or standing = 'alive' and until > 0 and until <= ?)", store.Micros(now))
	default:
		c.and("standing = ?", w.State)
	}
	c.words("folded", observable.Refang(w.Text))
	c.words("folded", w.Source)
	if w.Sighted {
		c.and("sightings > 0")
	}
	if w.AfterID != "" {
		c.and("(said < ? or said = ? and id < ?)", w.AfterSaid, w.AfterSaid, w.AfterID)
	}
	c.args = append(c.args, w.Limit)
	err = store.Rows(ctx, r, func(rows *sql.Rows) error {
		h, err := scanIndicator(rows)
		out = append(out, h)
		return err
	}, `select `+indicatorColumns+` from cyber_indicator where 1 = 1`+c.b.String()+` order by said desc, id desc limit $`+strconv.Itoa(len(c.args)), c.args...)
	return out, err
}

// around are the indicators held of what lies around a value: networks around an address, names above a name, the host of
// a page.
func (d *Domain) around(kind observable.Kind, value string) []string {
	var ids []string
	add := func(k observable.Kind, v string) {
		ids = append(ids, d.indicatorID(indicators.Value{Kind: k, Value: v}))
	}
	host := value
	switch kind {
	case observable.URL:
		_, rest, _ := strings.Cut(value, "://")
		host, _, _ = strings.Cut(rest, "/")
		if at := strings.LastIndexByte(host, '@'); at >= 0 {
			host = host[at+1:]
		}
	case observable.Email:
		host = value[strings.LastIndexByte(value, '@')+1:]
	case observable.Domain, observable.IPv4, observable.IPv6:
	default:
		return nil
	}
	if k, ip, refused := observable.Parse(observable.IPv4, host); refused == nil && k != observable.CIDR {
		if kind != k {
			add(k, ip)
		}
		for bits := range 33 {
			if _, net, refused := observable.Parse(observable.CIDR, ip+"/"+strconv.Itoa(bits)); refused == nil && k == observable.IPv4 {
				add(observable.CIDR, net)
			}
		}
		for bits := 16; bits < 128 && k == observable.IPv6; bits++ {
			if _, net, refused := observable.Parse(observable.CIDR, ip+"/"+strconv.Itoa(bits)); refused == nil {
				add(observable.CIDR, net)
			}
		}
		return ids
	}
	if kind != observable.Domain {
		add(observable.Domain, host)
	}
	for {
		_, above, ok := strings.Cut(host, ".")
		if !ok || !strings.Contains(above, ".") {
			return ids
		}
		host = above
		add(observable.Domain, host)
	}
}
