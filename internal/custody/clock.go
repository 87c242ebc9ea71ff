package custody

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/sharing/agreement"
	"github.com/rihla/rihla/internal/store"
)

// Clock is how long one kind of record is kept, and how those that are too old are erased.
type Clock struct {
	Name string // the domain's, a dot, what it is: cargo.shipment
	Keep string // ISO 8601: how long, unless the node says otherwise; P5Y
	Most string // as long as the law allows at most; empty: the node decides
	Law  string // that sets the limit, as lawyers cite it
	From string // what the time counts from: received, departed, seen, closed

	// Reports are the formats of reports that say nothing else: their copies go by the same clock, counted from receipt.
	Reports []string

	// Held counts the records, and those of them that are from before an instant. A clock without Held and Erase is of
	// copies of reports alone.
	Held func(ctx context.Context, r store.Reader, before time.Time) (held, due int, err error)
	// Erase erases up to n records from before an instant, the oldest first. Fewer than n say that there are no more.
	Erase func(ctx context.Context, tx store.Tx, before time.Time, n int) (Erased, error)
}

// Erased is what one page of erasing took away.
type Erased struct {
	Records []string       // their ids, for the audit log
	Gone    []screening.ID // subjects that are no more
	Due     []screening.ID // subjects that are, and now look different
	Renamed map[screening.ID]screening.ID
	More    bool // there are more, though fewer than a page went
}

// domain is whose clock it is.
func (c *Clock) domain() string {
	domain, _, _ := strings.Cut(c.Name, ".")
	return domain
}

// running is a clock as this node has it go.
type running struct {
	Clock
	keep agreement.Duration
	own  bool // the node's own time, not the domain's
}

// before is the instant from before which records are too old.
func (c *running) before(now time.Time) time.Time { return c.keep.Before(now) }

// set reads the clocks, with the times that the node sets itself.
func set(clocks []Clock, own map[string]string) ([]running, error) {
	all := make([]running, 0, len(clocks))
	names := map[string]bool{}
	for _, c := range clocks {
		names[c.Name] = true
		text, said := own[c.Name]
		if !said {
			text = c.Keep
		}
		keep, err := agreement.ParseDuration(text)
		if err != nil {
			return nil, fmt.Errorf("retention of %s: %w", c.Name, err)
		}
		if c.Most != "" {
			most, err := agreement.ParseDuration(c.Most)
			if err != nil {
				return nil, fmt.Errorf("retention of %s: %w", c.Name, err)
			}
			if keep.Longer(most) {
				return nil, fmt.Errorf("retention of %s: %s is longer than %s allows (%s): set it to that or less", c.Name, text, c.Law, c.Most)
			}
		}
		all = append(all, running{c, keep, said})
	}
	for _, name := range slices.Sorted(maps.Keys(own)) {
		if !names[name] {
			return nil, fmt.Errorf("retention: nothing is called %q; there are %s", name, strings.Join(slices.Sorted(maps.Keys(names)), ", "))
		}
	}
	slices.SortFunc(all, func(a, b running) int { return strings.Compare(a.Name, b.Name) })
	return all, nil
}
