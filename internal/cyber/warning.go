package cyber

import (
	"context"
	"database/sql"
	"maps"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/rihla/rihla/formats/observable"
	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/audit"
	"github.com/rihla/rihla/internal/cyber/indicators"
	"github.com/rihla/rihla/internal/pipeline"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/store"
)

// Warning is a value on the node's own warning list: whoever says that it is malicious is kept, and neither matched nor
// given on. A name stands for all names below it, a network for every address in it.
type Warning struct {
	Kind   observable.Kind `json:"kind"`
	Value  string          `json:"value"`
	Reason string          `json:"reason"`
	By     string          `json:"by"`
	At     time.Time       `json:"at"`
}

// warnings are the node's own list, to be asked about values.
type warnings struct {
	exact    map[indicators.Value]string // reasons
	networks map[netip.Prefix]string
}

func readWarnings(ctx context.Context, r store.Reader) (list []Warning, err error) {
	err = store.Rows(ctx, r, func(rows *sql.Rows) error {
		var w Warning
		var at int64
		err := rows.Scan(&w.Kind, &w.Value, &w.Reason, &w.By, &at)
		w.At = store.Time(at)
		list = append(list, w)
		return err
	}, `select kind, value, reason, actor, at from cyber_warning order by kind, value`)
	return list, err
}

func warningsOf(list []Warning) *warnings {
	w := &warnings{exact: make(map[indicators.Value]string, len(list)), networks: map[netip.Prefix]string{}}
	for _, one := range list {
		w.exact[indicators.Value{Kind: one.Kind, Value: one.Value}] = one.Reason
		if one.Kind == observable.CIDR {
			if p, err := netip.ParsePrefix(one.Value); err == nil {
				w.networks[p.Masked()] = one.Reason
			}
		}
	}
	return w
}

// of is why a value is on the list; empty where it is not.
func (w *warnings) of(v indicators.Value) string {
	if reason := w.exact[v]; reason != "" || len(w.exact) == 0 {
		return reason
	}
	host := v.Value
	switch v.Kind {
	case observable.URL:
		_, rest, _ := strings.Cut(v.Value, "://")
		host, _, _ = strings.Cut(rest, "/")
		host = host[strings.LastIndexByte(host, '@')+1:]
	case observable.Email:
		host = v.Value[strings.LastIndexByte(v.Value, '@')+1:]
	case observable.Domain, observable.IPv4, observable.IPv6:
	default:
		return ""
	}
	if ip, err := netip.ParseAddr(host); err == nil {
		for _, p := range slices.SortedFunc(maps.Keys(w.networks), func(a, b netip.Prefix) int { return b.Bits() - a.Bits() }) {
			if p.Contains(ip.Unmap()) {
				return w.networks[p]
			}
		}
		return w.exact[indicators.Value{Kind: kindOf(ip), Value: ip.Unmap().String()}]
	}
	for ok := true; ok; _, host, ok = strings.Cut(host, ".") {
		if reason := w.exact[indicators.Value{Kind: observable.Domain, Value: host}]; reason != "" {
			return reason
		}
	}
	return ""
}

func kindOf(ip netip.Addr) observable.Kind {
	if ip.Unmap().Is4() {
		return observable.IPv4
	}
	return observable.IPv6
}

func (d *Domain) warningRoutes(m *api.Mux) {
	api.Register(m, route(http.MethodGet, "/warnings", "list-warnings", "The node's own warning list: values that are never matched nor given on", readers), d.listWarnings)
	api.Register(m, route(http.MethodPut, "/warnings", "put-warning", "Put a value on the node's own warning list", []access.Role{access.Responder, access.Supervisor}, http.StatusOK), d.putWarning)
	api.Register(m, route(http.MethodDelete, "/warnings", "drop-warning", "Take a value off the node's own warning list", []access.Role{access.Responder, access.Supervisor}, http.StatusOK), d.dropWarning)
}

type listWarningsOut struct {
	Body api.Page[Warning]
}

func (d *Domain) listWarnings(ctx context.Context, _ *struct{}) (*listWarningsOut, error) {
	list, err := readWarnings(ctx, d.store.Read())
	return &listWarningsOut{api.Page[Warning]{Items: append([]Warning{}, list...)}}, err
}

type putWarningIn struct {
	Body struct {
		Value  string `json:"value" minLength:"2" maxLength:"2048" doc:"An address, a network, a name, a page, a mailbox or a digest; disarmed is fine"`
		Reason string `json:"reason" minLength:"5" maxLength:"500"`
	}
}

type dropWarningIn struct {
	Value string `query:"value" required:"true" maxLength:"2048"`
}

type warningOut struct {
	Body struct {
		Warning
		Indicators int `json:"indicators" doc:"Indicators held that this changed"`
	}
}

func (d *Domain) putWarning(ctx context.Context, in *putWarningIn) (*warningOut, error) {
	return d.warn(ctx, in.Body.Value, in.Body.Reason)
}

func (d *Domain) dropWarning(ctx context.Context, in *dropWarningIn) (*warningOut, error) {
	return d.warn(ctx, in.Value, "")
}

// warn puts a value on the list, or takes it off where there is no reason, and judges anew what is held of it and below it.
func (d *Domain) warn(ctx context.Context, text, reason string) (*warningOut, error) {
	kind, value, ok := observable.Guess(text)
	if network, parsed, refused := observable.Parse(observable.CIDR, observable.Refang(strings.TrimSpace(text))); refused == nil && strings.Contains(text, "/") && !strings.Contains(text, "://") {
		kind, value, ok = network, parsed, true
	}
	if !ok {
		return nil, api.Errorf(api.Unprocessable, "%q is no value that an indicator could be of", text).With("field", "value")
	}
	who := api.PrincipalFrom(ctx)
	out := &warningOut{}
	w := &out.Body
	w.Kind, w.Value, w.Reason, w.By = kind, observable.Key(kind, value), strings.TrimSpace(reason), who.Name
	return out, d.store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		w.At, w.Indicators = tx.Now().UTC().Truncate(time.Second), 0
		result, err := tx.ExecContext(ctx, `delete from cyber_warning where kind = $1 and value = $2`, string(w.Kind), w.Value)
		if err != nil {
			return err
		}
		if n, err := result.RowsAffected(); err != nil || n == 0 && w.Reason == "" {
			if err == nil {
				err = api.Errorf(api.NotFound, "%s is not on the list", w.Value)
			}
			return err
		}
		if w.Reason != "" {
			if _, err := tx.ExecContext(ctx, `insert into cyber_warning (kind, value, reason, actor, at) values ($1, $2, $3, $4, $5)`,
				string(w.Kind), w.Value, w.Reason, w.By, store.Micros(w.At)); err != nil {
				return err
			}
		}
		changed, err := d.judgeAnew(ctx, tx, w.Warning)
		if err != nil {
			return err
		}
		w.Indicators = len(changed)
		action := "warning.put"
		if w.Reason == "" {
			action = "warning.drop"
		}
		if err := audit.Record(ctx, tx, audit.Entry{Actor: who.Name, Role: string(who.Role), Action: action, Touched: changed, Detail: w.Value}); err != nil {
			return err
		}
		e := pipeline.Effects{Events: []pipeline.Event{{Name: "indicator", Counts: map[string]int{"changed": len(changed)}}}}
		hosts, err := hostsThatMet(ctx, tx, changed)
		if err != nil {
			return err
		}
		for _, id := range changed {
			e.Due = append(e.Due, screening.ID(id))
		}
		e.Due = append(e.Due, hosts...)
		return pipeline.Apply(ctx, tx, Name, e)
	})
}

// judgeAnew has the indicators that a value on the list may concern judged by the list as it is now.
func (d *Domain) judgeAnew(ctx context.Context, tx store.Tx, about Warning) (changed []string, err error) {
	list, err := readWarnings(ctx, tx)
	if err != nil {
		return nil, err
	}
	all, one := warningsOf(list), warningsOf([]Warning{{Kind: about.Kind, Value: about.Value, Reason: "-"}})
	like := "%" + escapeLike(about.Value) + "%"
	if about.Kind == observable.CIDR { // whose addresses no text tells
		like = "%"
	}
	var concerned []*held
	err = store.Rows(ctx, tx, func(rows *sql.Rows) error {
		h, err := scanIndicator(rows)
		if err != nil {
			return err
		}
		v := indicators.Value{Kind: h.Kind, Value: h.Value}
		if one.of(v) != "" && h.seen.Warned != all.of(v) {
			h.seen.Warned = all.of(v)
			concerned = append(concerned, h)
		}
		return nil
	}, `select `+indicatorColumns+` from cyber_indicator where value like $1 escape '\'`, like)
	if err != nil {
		return nil, err
	}
	var rows [][]any
	now := d.clock().UTC()
	for _, h := range concerned {
		row, err := h.row(now)
		if err != nil {
			return nil, err
		}
		rows, changed = append(rows, row), append(changed, h.ID)
	}
	_, err = writeIndicators(ctx, tx, rows)
	return changed, err
}
