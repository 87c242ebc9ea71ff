package cyber

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/casework"
	"github.com/rihla/rihla/internal/cyber/indicators"
	"github.com/rihla/rihla/internal/intake"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/store"
)

// mostLog is how large a log filed at the desk may be.
const mostLog = 32 << 20

func (d *Domain) logRoutes(m *api.Mux) {
	r := route(http.MethodPost, "/logs", "file-log", "File a log, JSON lines or questions to a name server", filers, createdLater)
	r.MaxBody = mostLog
	m.Raw(r, d.fileLog, api.RawDoc{Request: "application/octet-stream", Response: "application/json", Answers: accepted{}})
	api.Register(m, route(http.MethodGet, "/logs", "list-logs", "Logs that were filed and what they met, the latest first", readers), d.listLogs)
	api.Register(m, route(http.MethodGet, "/logs/{id}", "get-log", "What one log met", readers), d.getLog)
	api.Register(m, route(http.MethodGet, "/hosts/{id}", "get-host", "A machine and the indicators it met", readers), d.getHost)
}

func (d *Domain) fileLog(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		api.WriteProblem(w, r, err)
		return
	}
	receipt, err := d.take(r.Context(), r.Header.Get("Content-Type"), "log", body)
	switch {
	case errors.Is(err, intake.ErrEmpty):
		err = api.Errorf(api.Unprocessable, "the log is empty")
	case errors.Is(err, intake.ErrTooLarge):
		err = api.Errorf(api.TooLarge, "the log is larger than a report may be: file it in parts")
	}
	if err != nil {
		api.WriteProblem(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(createdLater)
	_ = json.NewEncoder(w).Encode(accepted{Report: receipt.ID, SHA256: receipt.SHA256}) // whoever asked may have gone
}

// LogItem is a log that was filed.
type LogItem struct {
	Report     string    `json:"report"`
	Filer      string    `json:"filer"`
	Format     string    `json:"format"`
	Received   time.Time `json:"received"`
	Lines      int64     `json:"lines"`
	Unread     int64     `json:"unread"`
	Matched    int64     `json:"matched" doc:"Lines that met an indicator"`
	Indicators int64     `json:"indicators"`
	Hosts      int64     `json:"hosts"`
	First      time.Time `json:"first,omitzero"`
	Last       time.Time `json:"last,omitzero"`
}

const logColumns = `report, filer, format, received, lines, unread, matched, indicators, hosts, first, last`

func scanLog(rows *sql.Rows) (l LogItem, err error) {
	var received, first, last int64
	err = rows.Scan(&l.Report, &l.Filer, &l.Format, &received, &l.Lines, &l.Unread, &l.Matched, &l.Indicators, &l.Hosts, &first, &last)
	l.Received, l.First, l.Last = store.Time(received), store.Time(first), store.Time(last)
	return l, err
}

type listLogsIn struct {
	api.Cursor
}

type listLogsOut struct {
	Body api.Page[LogItem]
}

func (d *Domain) listLogs(ctx context.Context, in *listLogsIn) (*listLogsOut, error) {
	var last saidAt
	if err := api.DecodeCursor(in.Cursor.Cursor, &last); err != nil {
		return nil, err
	}
	var c clauses
	if last.ID != "" {
		c.and("(received < ? or received = ? and report < ?)", last.Said, last.Said, last.ID)
	}
	c.args = append(c.args, in.Limit)
	out := &listLogsOut{}
	var ids []string
	err := store.Rows(ctx, d.store.Read(), func(rows *sql.Rows) error {
		l, err := scanLog(rows)
		out.Body.Items = append(out.Body.Items, l)
		ids = append(ids, l.Report)
		return err
	}, `select `+logColumns+` from cyber_log where 1 = 1`+c.b.String()+` order by received desc, report desc limit $`+strconv.Itoa(len(c.args)), c.args...)
	if err != nil {
		return nil, err
	}
	if n := len(out.Body.Items); n == in.Limit {
		l := out.Body.Items[n-1]
		if out.Body.Next, err = api.EncodeCursor(saidAt{store.Micros(l.Received), l.Report}); err != nil {
			return nil, err
		}
	}
	return out, d.read(ctx, "log.list", ids...)
}

// hit is one indicator that lines met.
type hit struct {
	Indicator string           `json:"indicator"`
	Value     string           `json:"value"`
	Display   string           `json:"display"`
	State     indicators.State `json:"state"`
	Score     int              `json:"score"`
	MetAt
}

// met reads sightings by some column, the latest first.
func met(ctx context.Context, r store.Reader, column, id string, n int) (out []MetAt, of []string, err error) {
	err = store.Rows(ctx, r, func(rows *sql.Rows) error {
		var m MetAt
		var indicator string
		var first, last int64
		if err := rows.Scan(&indicator, &m.Host, &m.Place, &m.Source, &m.Report, &first, &last, &m.Count, &m.Seen); err != nil {
			return err
		}
		m.First, m.Last = store.Time(first), store.Time(last)
		out, of = append(out, m), append(of, indicator)
		return nil
	}, `select s.indicator, s.host, h.place, h.source, s.report, s.first, s.last, s.count, s.seen from cyber_sighting s join cyber_host h on h.id = s.host
		where s.`+column+` = $1 order by s.last desc, s.host, s.indicator limit $2`, id, n)
	return out, of, err
}

// metOf are the sightings of one indicator.
func metOf(ctx context.Context, r store.Reader, indicator string, n int) ([]MetAt, error) {
	out, _, err := met(ctx, r, "indicator", indicator, n)
	if out == nil {
		out = []MetAt{}
	}
	return out, err
}

// hits are sightings with the indicators they are of.
func (d *Domain) hits(ctx context.Context, column, id string) ([]hit, error) {
	const most = 1000
	sightings, of, err := met(ctx, d.store.Read(), column, id, most)
	if err != nil {
		return nil, err
	}
	held, err := loadIndicators(ctx, d.store.Read(), of)
	if err != nil {
		return nil, err
	}
	now := d.clock().UTC()
	out := make([]hit, 0, len(sightings))
	for i, m := range sightings {
		if h := held[of[i]]; h != nil {
			v := h.view(now)
			out = append(out, hit{h.ID, v.Value, v.Display, v.State, v.Score, m})
		}
	}
	return out, nil
}

type LogPage struct {
	LogItem
	Hits []hit `json:"hits" nullable:"false"`
}

type getLogOut struct {
	Body LogPage
}

func (d *Domain) getLog(ctx context.Context, in *oneIn) (*getLogOut, error) {
	out := &getLogOut{}
	found := false
	err := store.Rows(ctx, d.store.Read(), func(rows *sql.Rows) (err error) {
		found = true
		out.Body.LogItem, err = scanLog(rows)
		return err
	}, `select `+logColumns+` from cyber_log where report = $1`, in.ID)
	if err == nil && !found {
		err = api.Errorf(api.NotFound, "there is no log %s: it may still be on its way", in.ID)
	}
	if err != nil {
		return nil, err
	}
	if err := d.read(ctx, "log.read", in.ID); err != nil {
		return nil, err
	}
	out.Body.Hits, err = d.hits(ctx, "report", in.ID)
	return out, err
}

type hostPage struct {
	ID       string    `json:"id"`
	Place    string    `json:"place" doc:"As the logs name it"`
	Source   string    `json:"source" doc:"Who files its logs"`
	First    time.Time `json:"first"`
	Last     time.Time `json:"last"`
	Count    int64     `json:"count"`
	Hits     []hit     `json:"hits" nullable:"false"`
	Findings int       `json:"findings"`
	Case     string    `json:"case,omitempty"`
}

type getHostOut struct {
	Body hostPage
}

func (d *Domain) getHost(ctx context.Context, in *oneIn) (*getHostOut, error) {
	out := &getHostOut{Body: hostPage{ID: in.ID}}
	p := &out.Body
	var first, last int64
	err := d.store.Read().QueryRowContext(ctx, `select place, source, first, last, count from cyber_host where id = $1`, in.ID).Scan(&p.Place, &p.Source, &first, &last, &p.Count)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, api.Errorf(api.NotFound, "there is no machine %s", in.ID)
	}
	if err != nil {
		return nil, err
	}
	p.First, p.Last = store.Time(first), store.Time(last)
	if err := d.read(ctx, "host.read", in.ID); err != nil {
		return nil, err
	}
	if p.Hits, err = d.hits(ctx, "host", in.ID); err != nil {
		return nil, err
	}
	id := screening.ID(in.ID)
	tallies, err := screening.Tallies(ctx, d.store.Read(), []screening.ID{id})
	if err != nil {
		return nil, err
	}
	p.Findings = tallies[id].Findings
	cases, err := casework.OfSubjects(ctx, d.store.Read(), []screening.ID{id})
	if cs := cases[id]; len(cs) > 0 {
		p.Case = cs[0].ID
	}
	return out, err
}
