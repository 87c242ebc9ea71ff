package casework

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/audit"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/store"
)

// Query says which cases of the queue are wanted. Its zero value is every case that waits for somebody.
type Query struct {
	State    string // open, claimed, pending, waiting, closed, all; "" = all that wait for somebody here
	Mine     bool   // claimed by who asks
	Severity string
	Domain   string
	Within   string
	Cursor   string
	Limit    int // 0 is 100
}

// place is where a page of the queue ended.
type place struct {
	Severity int64 `json:"s,omitempty"`
	Due      int64 `json:"d,omitempty"`
	Number   int64 `json:"n"`
}

// Queue lists the cases the principal may see: worst first, then least time left, then oldest. Closed cases, and all of
// them together, come newest first.
func (d *Desk) Queue(ctx context.Context, p access.Principal, q Query) (api.Page[Case], error) {
	page := api.Page[Case]{Items: []Case{}}
	domains := d.sees(p)
	if len(domains) == 0 {
		return page, api.Errorf(api.Forbidden, "role %s has no queue of cases", p.Role)
	}
	if q.Limit <= 0 {
		q.Limit = 100
	}
	text, args, err := q.sql(p, domains)
	if err != nil {
		return page, err
	}
	err = store.Rows(ctx, d.st.Read(), func(rows *sql.Rows) error {
		c, err := scanCase(rows)
		page.Items = append(page.Items, c)
		return err
	}, text, args...)
	if err != nil {
		return page, err
	}
	if len(page.Items) > q.Limit {
		page.Items = page.Items[:q.Limit]
		end := page.Items[q.Limit-1]
		at := place{Number: end.Number}
		if q.live() {
			at.Severity, at.Due = int64(end.Severity), due(end.Until)
		}
		if page.Next, err = api.EncodeCursor(at); err != nil {
			return page, err
		}
	}
	if len(page.Items) > 0 {
		if err := d.o.Reads.Read(ctx, audit.Entry{Actor: p.Name, Role: string(p.Role), Action: "case.list", Touched: ids(page.Items)}); err != nil {
			return api.Page[Case]{}, err
		}
	}
	return page, nil
}

func ids(cases []Case) []string {
	all := make([]string, len(cases))
	for i, c := range cases {
		all[i] = c.ID
	}
	return all
}

// live says whether the query is about cases that are not closed: those have an order of urgency.
func (q Query) live() bool { return q.State != string(Closed) && q.State != "all" }

func (q Query) sql(p access.Principal, domains []string) (string, []any, error) {
	var where []string
	var args []any
	arg := func(v any) string {
		args = append(args, v)
		return "$" + strconv.Itoa(len(args))
	}
	switch State(q.State) {
	case "":
		where = append(where, "state <> 'closed'", "state <> 'waiting'")
	case Open, Claimed, Pending, Waiting:
		where = append(where, "state <> 'closed'", "state = "+arg(q.State)) // the first lets the queue's index serve
	case Closed:
		where = append(where, "state = "+arg(q.State))
	case "all":
	default:
		return "", nil, api.Errorf(api.Invalid, "state %q is none of open, claimed, pending, waiting, closed, all", q.State)
	}
	if q.Domain != "" {
		if !slices.Contains(domains, q.Domain) {
			return "", nil, api.Errorf(api.Forbidden, "role %s does not see cases of %q", p.Role, q.Domain)
		}
		domains = []string{q.Domain}
	}
	list := make([]string, len(domains))
	for i, domain := range domains {
		list[i] = arg(domain)
	}
	where = append(where, "domain in ("+strings.Join(list, ", ")+")")
	if q.Mine {
		where = append(where, "claimed_by = "+arg(p.Name))
	}
	if q.Severity != "" {
		var s screening.Severity
		if err := s.UnmarshalText([]byte(q.Severity)); err != nil || s == 0 {
			return "", nil, api.Errorf(api.Invalid, "severity %q is none of low, medium, high, critical", q.Severity)
		}
		where = append(where, "severity = "+arg(int64(s)))
	}
	if q.Within != "" {
		where = append(where, "holder = "+arg(q.Within))
	}
	order := "number desc"
	if q.live() {
		order = "severity desc, due, number"
	}
	if q.Cursor != "" {
		var at place
		if err := api.DecodeCursor(q.Cursor, &at); err != nil {
			return "", nil, err
		}
		if q.live() {
			s, d, n := arg(at.Severity), arg(at.Due), arg(at.Number)
			where = append(where, fmt.Sprintf("(severity < %[1]s or severity = %[1]s and (due > %[2]s or due = %[2]s and number > %[3]s))", s, d, n))
		} else {
			where = append(where, "number < "+arg(at.Number))
		}
	}
	return "select " + caseColumns + " from casework_case where " + strings.Join(where, " and ") +
		" order by " + order + " limit " + arg(int64(q.Limit+1)), args, nil
}

// Search finds cases by number (C-2291, 2291) or, among those not closed, by words of title and context.
func (d *Desk) Search(ctx context.Context, r store.Reader, p access.Principal, q string, n int) ([]Case, error) {
	domains := d.sees(p)
	q = strings.ToLower(strings.TrimSpace(q))
	if len(domains) == 0 || q == "" {
		return nil, nil
	}
	where, args := `number = $1`, []any{int64(0)}
	if number, err := strconv.ParseInt(strings.TrimPrefix(q, "c-"), 10, 64); err == nil {
		args[0] = number
	} else {
		where, args = `state <> 'closed'`, nil
		for _, word := range strings.Fields(q) { // in any order: people type the given name first
			args = append(args, "%"+strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(word)+"%")
			where += ` and sought like $` + strconv.Itoa(len(args)) + ` escape '\'`
		}
	}
	var found []Case
	err := store.Rows(ctx, r, func(rows *sql.Rows) error {
		c, err := scanCase(rows)
		if err == nil && slices.Contains(domains, c.Domain) && len(found) < n {
			found = append(found, c)
		}
		return err
	}, `select `+caseColumns+` from casework_case where `+where+` order by severity desc, due, number limit 200`, args...)
	return found, err
}
