package intake

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/audit"
)

// HTTPGate is the gate that reports come through over HTTP, and where whoever may asks after them.
type HTTPGate struct {
	Journal *Journal
	Reports *Reports
	Desks   Desks
	Reads   interface { // the audit log: an entry is durable before what it speaks of leaves
		Read(context.Context, audit.Entry) error
	}
	// Interactive tells by a report's first bytes that its filer waits for the answer. May be nil.
	Interactive func(head []byte) bool
	// Answer is what a filer who waits is told of an interactive report, now; nil where its domain has no answer to give. It
	// is kept with the report before it leaves. May be nil.
	Answer func(context.Context, Report, []byte) []byte
	// Repeat is what a filer is told who asks the same again and was given an answer: that one, unless it has become graver. May
	// be nil.
	Repeat func(ctx context.Context, r Report, raw, given []byte) []byte
	// Segments takes a report of a format apart for people. May be nil.
	Segments func(format string, raw []byte) (View, bool)

	bodies *bodies
}

var (
	staff   = []access.Role{access.Analyst, access.Supervisor, access.Officer, access.Targeter, access.FIU, access.Responder, access.Auditor}
	readers = []access.Role{access.Analyst, access.Supervisor, access.Targeter, access.FIU, access.Responder, access.Auditor}
	openers = []access.Role{access.Supervisor, access.FIU, access.Responder}
)

// answer is what a filer is told.
type answer struct {
	ID        string `json:"id" doc:"The report's id: the same for the same bytes from the same filer"`
	SHA256    string `json:"sha256" doc:"Of the bytes as they came, in hex"`
	Duplicate bool   `json:"duplicate" doc:"This filer filed the same bytes before"`
}

// Routes offers the gate's calls.
func (g *HTTPGate) Routes(m *api.Mux) {
	g.bodies = newBodies()
	tags := []string{"reports"}
	const path = "/api/v1/reports"
	m.Raw(api.Route{Method: http.MethodPost, Path: path, ID: "file-report", Summary: "File a report", Tags: tags,
		Description: "The body is the report as it is. The answer comes only when the report is safely on disk; what cannot be read is quarantined, never refused.",
		Roles:       []access.Role{access.Filer}, Status: http.StatusAccepted, MaxBody: MaxBytes + 1},
		g.file, api.RawDoc{Request: "application/octet-stream", Response: "application/json", Answers: answer{}})
	api.Register(m, api.Route{Method: http.MethodGet, Path: path, ID: "list-reports", Summary: "Reports, the newest first", Tags: tags,
		Description: "A filer sees its own; the staff those of its domain.",
		Roles:       append([]access.Role{access.Filer}, staff...)}, g.list)
	api.Register(m, api.Route{Method: http.MethodGet, Path: path + "/{id}", ID: "get-report", Summary: "How far a report has come, and what is wrong with it", Tags: tags,
		SignedIn: true}, g.status)
	m.Raw(api.Route{Method: http.MethodGet, Path: path + "/{id}/raw", ID: "get-report-raw", Summary: "The report as stored", Tags: tags,
		Description: "As long as it was filed; sensitive bytes masked, lost parts blank.", Roles: readers},
		g.raw, api.RawDoc{Response: "application/octet-stream"})
	api.Register(m, api.Route{Method: http.MethodGet, Path: path + "/{id}/segments", ID: "get-report-segments", Summary: "The stored report, taken apart", Tags: tags,
		Roles: readers}, g.segments)
	m.Raw(api.Route{Method: http.MethodPost, Path: path + "/{id}/opening", ID: "open-report", Summary: "Open quarantined bytes, for a reason", Tags: tags,
		Description: "Answers the report as it came. Who opened it and why is in the audit log. After seven days the bytes are gone.",
		Roles:       openers, MaxBody: 64 << 10},
		g.open, api.RawDoc{Request: "application/json", Response: "application/octet-stream", Takes: reason{}})
	m.Raw(api.Route{Method: http.MethodPost, Path: path + "/{id}/mend", ID: "mend-report", Summary: "File a mended copy of a report", Tags: tags,
		Description: "The mended copy is a report of its own with the filer and the receipt time of the one it mends.",
		Roles:       openers, Status: http.StatusAccepted, MaxBody: MaxBytes + 1},
		g.mend, api.RawDoc{Request: "application/octet-stream", Response: "application/json", Answers: answer{}})
	g.answerRoutes(m)
}

func (g *HTTPGate) file(w http.ResponseWriter, r *http.Request) {
	p := api.PrincipalFrom(r.Context())
	raw, release, err := g.bodies.read(r.Context(), r)
	if err != nil {
		api.WriteProblem(w, r, refusal(err))
		return
	}
	defer release()
	d := Delivery{Filer: Filer{ID: p.ID, Name: p.Name, Carriers: p.Carriers}, Gate: "http", Media: r.Header.Get("Content-Type"), Raw: raw, Lane: g.lane(r, raw)}
	if d.Lane == Interactive && g.Answer != nil && strings.Contains(r.Header.Get("Accept"), EDIFACT) {
		g.reply(w, r, d)
		return
	}
	g.take(w, r, d)
}

// answerWithin is how long a filer who waits is kept waiting for the screening: its own patience ends soon after.
const answerWithin = 3500 * time.Millisecond

// reply answers a filer who waits: once the report and the answer are on disk together. The same report again is given the
// same answer.
func (g *HTTPGate) reply(w http.ResponseWriter, r *http.Request, d Delivery) {
	defer g.Journal.Turns.Ask()()
	ctx := r.Context()
	id := g.Journal.IDOf(d)
	answer, err := g.Journal.Answered(ctx, id)
	if err == nil && answer != nil && g.Repeat != nil {
		answer = g.Repeat(ctx, Report{ID: id, Filer: d.Filer, Gate: d.Gate, Media: d.Media, Received: g.Journal.clock().UTC(), Size: len(d.Raw)}, d.Raw, answer)
	}
	if err == nil && answer == nil {
		within, cancel := context.WithTimeout(ctx, answerWithin)
		d.Answer = g.Answer(within, Report{ID: id, Filer: d.Filer, Gate: d.Gate, Media: d.Media, Received: g.Journal.clock().UTC(), Size: len(d.Raw)}, d.Raw)
		cancel()
		if d.Answer == nil { // its domain has none: it is a report like others
			g.take(w, r, d)
			return
		}
		var receipt Receipt
		receipt, err = g.Journal.Take(ctx, d)
		answer = receipt.Answer
	}
	if err == nil && answer == nil { // it was filed before without waiting, and its answer is nobody's to make up
		g.take(w, r, d)
		return
	}
	if err != nil {
		api.WriteProblem(w, r, refusal(err))
		return
	}
	w.Header().Set("Content-Type", EDIFACT)
	w.Header().Set("Content-Length", strconv.Itoa(len(answer)))
	w.Header().Set("Location", "/api/v1/reports/"+id)
	w.Header().Set("Cache-Control", "no-store")
	_, _ = w.Write(answer) // the filer has gone; it may ask again
}

func (g *HTTPGate) take(w http.ResponseWriter, r *http.Request, d Delivery) {
	receipt, err := g.Journal.Take(r.Context(), d)
	if err != nil {
		api.WriteProblem(w, r, refusal(err))
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Location", "/api/v1/reports/"+receipt.ID)
	if !receipt.Duplicate {
		w.WriteHeader(http.StatusAccepted)
	}
	_ = json.NewEncoder(w).Encode(answer{receipt.ID, receipt.SHA256, receipt.Duplicate}) // the filer has gone; it may ask again
}

// headBytes are how much of a report is looked at to recognise it.
const headBytes = 64 << 10

func (g *HTTPGate) lane(r *http.Request, raw []byte) Lane {
	if strings.Contains(r.Header.Get("Accept"), EDIFACT) ||
		g.Interactive != nil && g.Interactive(raw[:min(len(raw), headBytes)]) {
		return Interactive
	}
	return Bulk
}

// refusal is what the caller is told of an error.
func refusal(err error) error {
	var tooLong *http.MaxBytesError
	switch {
	case errors.Is(err, ErrTooLarge), errors.As(err, &tooLong):
		return api.Errorf(api.TooLarge, "%s", ErrTooLarge)
	case errors.Is(err, ErrEmpty):
		return api.Errorf(api.Invalid, "%s", ErrEmpty)
	case errors.Is(err, ErrUnmended):
		return api.Errorf(api.Conflict, "%s", ErrUnmended)
	case errors.Is(err, ErrNoAnswer):
		return api.Errorf(api.NotFound, "%s", ErrNoAnswer)
	case errors.Is(err, ErrUnknown):
		return api.Errorf(api.NotFound, "%s", ErrUnknown)
	case errors.Is(err, ErrErased):
		return api.Errorf(api.Gone, "%s", ErrErased)
	case errors.Is(err, ErrGone):
		return api.Errorf(api.Gone, "%s", ErrGone)
	}
	return err
}

type listInput struct {
	State  string `query:"state" enum:"received,processed,quarantined" doc:"Only reports in this state"`
	Format string `query:"format" doc:"Only reports of this format"`
	Filer  string `query:"filer" doc:"Only this filer's"`
	Limit  int    `query:"limit" default:"50" minimum:"1" maximum:"500"`
	Cursor string `query:"cursor"`
}

type listOutput struct{ Body api.Page[Status] }

func (g *HTTPGate) list(ctx context.Context, in *listInput) (*listOutput, error) {
	p := api.PrincipalFrom(ctx)
	q := Query{State: in.State, Format: in.Format, Filer: in.Filer, Limit: in.Limit + 1}
	if in.Cursor != "" {
		if err := api.DecodeCursor(in.Cursor, &q.Before); err != nil {
			return nil, err
		}
	}
	if p.Is(access.Filer) {
		q.Filer = p.Name
	} else {
		q.Domains = g.Desks.seen(p.Role)
	}
	out := &listOutput{Body: api.Page[Status]{Items: []Status{}}}
	waiting, err := g.waiting(ctx, p, q, in)
	if err != nil {
		return nil, err
	}
	stored, err := g.Reports.List(ctx, q)
	if err != nil {
		return nil, err
	}
	if len(stored) > in.Limit {
		stored = stored[:in.Limit]
		last := stored[in.Limit-1]
		if out.Body.Next, err = api.EncodeCursor(Position{last.Received.UnixMicro(), last.ID}); err != nil {
			return nil, err
		}
	}
	out.Body.Items = append(append(out.Body.Items, waiting...), stored...)
	return out, g.audited(ctx, "report.list", "", ids(out.Body.Items)...)
}

// waiting are the reports that only the journal has, before the first page of those that the store has.
func (g *HTTPGate) waiting(ctx context.Context, p access.Principal, q Query, in *listInput) ([]Status, error) {
	mayAll := slices.Contains(nobodysDesk.Status, p.Role)
	if in.Cursor != "" || in.Format != "" || q.State != "" && q.State != string(Received) || !mayAll && !p.Is(access.Filer) {
		return nil, nil
	}
	pending, err := g.Journal.Waiting(ctx, q.Filer, in.Limit)
	if err != nil || len(pending) == 0 {
		return nil, err
	}
	all := make([]string, len(pending))
	for i := range pending {
		all[i] = pending[i].ID
	}
	known, err := g.Reports.Known(ctx, g.Reports.store.Read(), all)
	if err != nil {
		return nil, err
	}
	var list []Status
	for i := range pending {
		if !known[pending[i].ID] {
			list = append(list, pending[i].status())
		}
	}
	return list, nil
}

func ids(list []Status) []string {
	all := make([]string, len(list))
	for i := range list {
		all[i] = list[i].ID
	}
	return all
}

// audited has a look at other people's reports in the audit log before its result leaves. A filer who asks after what it
// filed itself learns of nobody, and is not recorded.
func (g *HTTPGate) audited(ctx context.Context, action, detail string, touched ...string) error {
	p := api.PrincipalFrom(ctx)
	if p.Is(access.Filer) || len(touched) == 0 {
		return nil
	}
	e := audit.Entry{Actor: p.Name, Role: string(p.Role), Action: action, Detail: detail, Touched: touched}
	if len(touched) == 1 {
		e.Report, e.Touched = touched[0], nil
	}
	return g.Reads.Read(ctx, e)
}

type idInput struct {
	ID string `path:"id"`
}

type statusOutput struct{ Body Status }

func (g *HTTPGate) status(ctx context.Context, in *idInput) (*statusOutput, error) {
	s, err := g.visible(ctx, in.ID, func(d Desk) []access.Role { return d.Status })
	if err != nil {
		return nil, err
	}
	if s.Answers, err = g.Reports.AnswersTo(ctx, s.ID); err != nil {
		return nil, err
	}
	return &statusOutput{s}, g.audited(ctx, "report.read", "", s.ID)
}

// visible answers a report that the caller may see; to all others there is none.
func (g *HTTPGate) visible(ctx context.Context, id string, may func(Desk) []access.Role) (Status, error) {
	p := api.PrincipalFrom(ctx)
	s, err := g.Reports.Status(ctx, g.Journal, id)
	if err != nil {
		return s, refusal(err)
	}
	if p.Is(access.Filer) && s.Filer == p.Name || slices.Contains(may(g.Desks.of(s.Domain)), p.Role) {
		return s, nil
	}
	return s, refusal(ErrUnknown)
}

func (g *HTTPGate) stored(ctx context.Context, id string) (Status, []byte, error) {
	s, err := g.visible(ctx, id, func(d Desk) []access.Role { return d.Raw })
	if err != nil {
		return s, nil, err
	}
	if s.State == Received {
		return s, nil, api.Errorf(api.Conflict, "the report is not read yet: ask again in a moment")
	}
	if err := g.audited(ctx, "report.raw", "", id); err != nil {
		return s, nil, err
	}
	raw, err := g.Reports.Raw(ctx, id)
	return s, raw, refusal(err)
}

func (g *HTTPGate) raw(w http.ResponseWriter, r *http.Request) {
	_, raw, err := g.stored(r.Context(), r.PathValue("id"))
	writeBytes(w, r, raw, err)
}

func writeBytes(w http.ResponseWriter, r *http.Request, raw []byte, err error) {
	if err != nil {
		api.WriteProblem(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Content-Length", strconv.Itoa(len(raw)))
	w.Header().Set("Cache-Control", "no-store")
	_, _ = w.Write(raw) // the reader has gone
}

// reason is why somebody opens quarantined bytes.
type reason struct {
	Reason string `json:"reason" doc:"Why: it stays in the audit log"`
}

// shortestReason keeps out a reason that is none.
const shortestReason = 4

func (g *HTTPGate) open(w http.ResponseWriter, r *http.Request) {
	raw, err := g.opened(r)
	writeBytes(w, r, raw, err)
}

func (g *HTTPGate) opened(r *http.Request) ([]byte, error) {
	ctx, id := r.Context(), r.PathValue("id")
	s, err := g.visible(ctx, id, func(d Desk) []access.Role { return d.Opening })
	if err != nil {
		return nil, err
	}
	var why reason
	if err := json.NewDecoder(r.Body).Decode(&why); err != nil {
		return nil, api.Errorf(api.Invalid, `the body is no JSON object: send {"reason": "why the bytes must be opened"}`)
	}
	if why.Reason = strings.TrimSpace(why.Reason); len(why.Reason) < shortestReason {
		return nil, api.Errorf(api.Invalid, "opening quarantined bytes needs a reason, in words")
	}
	if s.State != Quarantined && !s.Partial {
		return nil, api.Errorf(api.Conflict, "nothing of this report is in quarantine")
	}
	if err := g.audited(ctx, "report.open", why.Reason, id); err != nil {
		return nil, err
	}
	raw, err := g.Reports.Opened(ctx, id)
	return raw, refusal(err)
}

func (g *HTTPGate) mend(w http.ResponseWriter, r *http.Request) {
	ctx, id := r.Context(), r.PathValue("id")
	if _, err := g.visible(ctx, id, func(d Desk) []access.Role { return d.Opening }); err != nil {
		api.WriteProblem(w, r, err)
		return
	}
	old, err := g.Reports.find(ctx, id)
	if err != nil {
		if errors.Is(err, ErrUnknown) { // it is in the journal still
			err = api.Errorf(api.Conflict, "the report is not read yet: there is nothing to mend")
		}
		api.WriteProblem(w, r, err)
		return
	}
	if old.State != Quarantined && !old.Partial {
		api.WriteProblem(w, r, api.Errorf(api.Conflict, "this report was read whole: there is nothing to mend"))
		return
	}
	raw, release, err := g.bodies.read(ctx, r)
	if err != nil {
		api.WriteProblem(w, r, refusal(err))
		return
	}
	defer release()
	if err := g.audited(ctx, "report.mend", "", id); err != nil {
		api.WriteProblem(w, r, err)
		return
	}
	g.take(w, r, Delivery{Filer: old.report.Filer, Gate: "mend", Media: old.report.Media, Name: old.report.Name, Raw: raw,
		Lane: Bulk, Mends: id, Received: old.report.Received})
}
