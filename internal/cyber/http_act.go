package cyber

import (
	"context"
	"encoding/hex"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/rihla/rihla/formats/stix"
	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/audit"
	"github.com/rihla/rihla/internal/cyber/incident"
	"github.com/rihla/rihla/internal/jobs"
	"github.com/rihla/rihla/internal/pipeline"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/store"
)

func (d *Domain) incidentActs(m *api.Mux) {
	api.Register(m, route(http.MethodPut, "/incidents/{id}/state", "move-incident", "Take an incident to another state", desk), d.moveIncident)
	api.Register(m, route(http.MethodPut, "/incidents/{id}/owner", "own-incident", "Take an incident on, give it to somebody, or let it go", desk), d.ownIncident)
	api.Register(m, route(http.MethodPut, "/incidents/{id}/severity", "weigh-incident", "Judge the severity yourself, or take that back", desk), d.weighIncident)
	api.Register(m, route(http.MethodPost, "/incidents/{id}/timeline", "add-incident-entry", "Add a line to the time line", desk), d.addEntry)
	api.Register(m, route(http.MethodPost, "/incidents/{id}/tasks", "add-incident-task", "Add a task", desk), d.addTask)
	api.Register(m, route(http.MethodPut, "/incidents/{id}/tasks/{task}", "change-incident-task", "Change a task", desk), d.changeTask)
	api.Register(m, route(http.MethodPost, "/incidents/{id}/evidence", "add-incident-evidence", "Refer to evidence by its digest", desk), d.addEvidence)
	api.Register(m, route(http.MethodPost, "/incidents/{id}/evidence/{evidence}/custody", "pass-incident-evidence", "Pass evidence to other hands", desk), d.passEvidence)
	api.Register(m, route(http.MethodPost, "/incidents/{id}/indicators", "link-incident-indicator", "Tie an indicator to the incident", desk), d.linkIndicator)
	api.Register(m, route(http.MethodDelete, "/incidents/{id}/indicators/{indicator}", "unlink-incident-indicator", "Take a tie back", desk, http.StatusOK), d.unlinkIndicator)
	api.Register(m, route(http.MethodPost, "/incidents/{id}/clocks", "start-incident-clock", "Start a duty's clock", desk), d.startClock)
	api.Register(m, route(http.MethodPut, "/incidents/{id}/clocks/{clock}", "end-incident-clock", "Call a duty met, or stop its clock", desk), d.endClock)
}

// do has a person change an incident: in one transaction with the audit entry, the reminders that follow and the
// screening that is due.
func (d *Domain) do(ctx context.Context, id, action, detail string, change func(tx store.Tx, m *matter, who access.Principal, now time.Time) error) (*matter, error) {
	who := api.PrincipalFrom(ctx)
	var done *matter
	err := d.store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		m, err := d.matter(ctx, tx, id)
		if err != nil {
			return err
		}
		now := d.clock().UTC()
		before := m.At(now).Clocks
		if err := change(tx, m, who, now); err != nil {
			return err
		}
		if err := d.rewriteIncident(ctx, tx, m, before, now); err != nil {
			return err
		}
		done = m
		e := act(who, action, m.ID)
		e.Detail = detail
		return audit.Record(ctx, tx, e)
	})
	return done, err
}

// rewriteIncident writes an incident that was changed in this transaction, with what that causes.
func (d *Domain) rewriteIncident(ctx context.Context, tx store.Tx, m *matter, before []incident.Clock, now time.Time) error {
	ok, err := writeIncidents(ctx, tx, now, []*matter{m})
	if err != nil {
		return err
	}
	if !ok {
		return pipeline.ErrConflict
	}
	m.Version++
	m.Changed = now
	e := pipeline.Effects{Due: []screening.ID{screening.ID(m.ID)}}
	if err := d.tell(&e, m, now); err != nil {
		return err
	}
	var over []string // reminders of clocks that no longer run
	for _, c := range before {
		for _, percent := range incident.Reminders {
			over = append(over, d.reminderID(m.ID, c.ID, percent))
		}
	}
	over = slices.DeleteFunc(over, func(id string) bool {
		return slices.ContainsFunc(e.Jobs, func(j jobs.Job) bool { return j.ID == id })
	})
	if err := jobs.Cancel(ctx, tx, over...); err != nil {
		return err
	}
	return pipeline.Apply(ctx, tx, Name, e)
}

func (d *Domain) after(ctx context.Context, m *matter, err error) (*incidentOut, error) {
	if err != nil {
		return nil, err
	}
	return d.page(ctx, m)
}

func unprocessable(format string, args ...any) *api.Error {
	return api.Errorf(api.Unprocessable, format, args...)
}

type moveIn struct {
	ID   string `path:"id"`
	Body struct {
		State         string    `json:"state"`
		Reason        string    `json:"reason" minLength:"10" maxLength:"4000"`
		At            time.Time `json:"at,omitempty" doc:"When it happened; absent is now"`
		Until         time.Time `json:"until,omitempty" doc:"Of a hold"`
		DuplicateOf   string    `json:"duplicate_of,omitempty"`
		Determination string    `json:"determination,omitempty" enum:"suspected,confirmed,blocked,failed-attempt,false-positive,"`
		Version       int64     `json:"version,omitempty" doc:"The one you saw"`
	}
}

func (d *Domain) moveIncident(ctx context.Context, in *moveIn) (*incidentOut, error) {
	b := &in.Body
	m, err := d.do(ctx, in.ID, "incident.move", b.State, func(tx store.Tx, m *matter, who access.Principal, now time.Time) error {
		if b.Version > 0 && b.Version != m.Version {
			return api.Errorf(api.Conflict, "the incident changed meanwhile: look again")
		}
		from, to := m.At(now).State, incident.State(b.State)
		if !from.May(to) {
			return unprocessable("an incident that is %s cannot become %.40s", from, to).With("next", from.Next())
		}
		at := b.At.UTC()
		if b.At.IsZero() {
			at = now
		}
		if at.After(now.Add(time.Minute)) {
			return unprocessable("it cannot have happened yet: at is in the future")
		}
		if to == incident.OnHold && !b.Until.After(now) {
			return unprocessable("a hold has an end: give until")
		}
		if to == incident.Duplicate {
			other, err := d.matter(ctx, tx, b.DuplicateOf)
			if err != nil || other.ID == m.ID {
				return unprocessable("name the incident that this one repeats, in duplicate_of")
			}
		}
		m.Steps = append(m.Steps, incident.Step{To: to, At: at, Recorded: now, By: who.Name, Reason: strings.TrimSpace(b.Reason), Until: b.Until.UTC(), DuplicateOf: b.DuplicateOf, Determination: b.Determination})
		return nil
	})
	return d.after(ctx, m, err)
}

type ownIn struct {
	ID   string `path:"id"`
	Body struct {
		Owner   string `json:"owner,omitempty" doc:"A name; absent is yourself" maxLength:"100"`
		Release bool   `json:"release,omitempty"`
	}
}

func (d *Domain) ownIncident(ctx context.Context, in *ownIn) (*incidentOut, error) {
	m, err := d.do(ctx, in.ID, "incident.own", "", func(_ store.Tx, m *matter, who access.Principal, _ time.Time) error {
		m.Owner = who.Name
		if in.Body.Owner != "" {
			m.Owner = in.Body.Owner
		}
		if in.Body.Release {
			m.Owner = ""
		}
		return nil
	})
	return d.after(ctx, m, err)
}

type weighIn struct {
	ID   string `path:"id"`
	Body struct {
		Score  *int   `json:"score,omitempty" minimum:"0" maximum:"100" doc:"Absent takes your judgement back"`
		Reason string `json:"reason" minLength:"10" maxLength:"2000"`
	}
}

func (d *Domain) weighIncident(ctx context.Context, in *weighIn) (*incidentOut, error) {
	m, err := d.do(ctx, in.ID, "incident.weigh", in.Body.Reason, func(_ store.Tx, m *matter, who access.Principal, now time.Time) error {
		m.Override = nil
		if in.Body.Score != nil {
			m.Override = &incident.Override{Score: *in.Body.Score, Reason: strings.TrimSpace(in.Body.Reason), By: who.Name, At: now}
		}
		return nil
	})
	return d.after(ctx, m, err)
}

type entryIn struct {
	ID   string `path:"id"`
	Body struct {
		At         time.Time `json:"at,omitempty" doc:"When it happened; absent is now"`
		Precision  string    `json:"precision,omitempty" enum:"minute,hour,day,"`
		Kind       string    `json:"kind"`
		Text       string    `json:"text" minLength:"1" maxLength:"4000"`
		TLP        string    `json:"tlp,omitempty"`
		Supersedes string    `json:"supersedes,omitempty"`
	}
}

type entryOut struct{ Body incident.Entry }

func (d *Domain) addEntry(ctx context.Context, in *entryIn) (*entryOut, error) {
	b := &in.Body
	if !slices.Contains(incident.Kinds, b.Kind) {
		return nil, unprocessable("a line of the time line is one of %s", strings.Join(incident.Kinds, ", "))
	}
	level := stix.Unmarked
	if b.TLP != "" {
		var ok bool
		if level, ok = stix.ParseTLP(b.TLP); !ok {
			return nil, unprocessable("%.40q is no level of the Traffic Light Protocol", b.TLP)
		}
	}
	var out entryOut
	_, err := d.do(ctx, in.ID, "incident.entry", b.Kind, func(_ store.Tx, m *matter, who access.Principal, now time.Time) error {
		v := m.At(now)
		if b.Supersedes != "" && !slices.ContainsFunc(v.Timeline, func(e incident.Entry) bool { return e.ID == b.Supersedes }) {
			return unprocessable("there is no line %.80s to supersede", b.Supersedes)
		}
		e := incident.Entry{ID: d.newID(m, "entry", now), At: b.At.UTC(), Precision: b.Precision, Recorded: now, Kind: b.Kind, Text: strings.TrimSpace(b.Text), Actor: who.Name, TLP: level, Supersedes: b.Supersedes}
		if b.At.IsZero() {
			e.At = now
		}
		if e.Precision == "" {
			e.Precision = "minute"
		}
		m.Entries = append(m.Entries, e)
		out.Body = e
		return nil
	})
	return &out, err
}

// newID names something new of an incident.
func (d *Domain) newID(m *matter, what string, now time.Time) string {
	return d.ids.ID("cyber-"+what, m.ID, now.Format(time.RFC3339Nano), string(rune('0'+m.Version%10)))
}

type taskIn struct {
	ID   string `path:"id"`
	Body struct {
		Title     string    `json:"title" minLength:"1" maxLength:"300"`
		Kind      string    `json:"kind" enum:"containment,eradication,recovery,investigation,external-outreach,victim-notification,reporting"`
		Owner     string    `json:"owner,omitempty" maxLength:"100"`
		Due       time.Time `json:"due,omitempty"`
		DependsOn string    `json:"depends_on,omitempty"`
	}
}

type taskOut struct{ Body incident.Task }

func (d *Domain) addTask(ctx context.Context, in *taskIn) (*taskOut, error) {
	b := &in.Body
	var out taskOut
	_, err := d.do(ctx, in.ID, "incident.task", "pending", func(_ store.Tx, m *matter, who access.Principal, now time.Time) error {
		if b.DependsOn != "" && !slices.ContainsFunc(m.Tasks, func(t incident.Task) bool { return t.ID == b.DependsOn }) {
			return unprocessable("there is no task %.80s to wait for", b.DependsOn)
		}
		t := incident.Task{ID: d.newID(m, "task", now), Title: strings.TrimSpace(b.Title), Kind: b.Kind, Owner: b.Owner, Due: b.Due.UTC(), State: "pending", DependsOn: b.DependsOn, By: who.Name, At: now}
		m.Tasks = append(m.Tasks, t)
		out.Body = t
		return nil
	})
	return &out, err
}

type changeTaskIn struct {
	ID   string `path:"id"`
	Task string `path:"task"`
	Body struct {
		State  string    `json:"state" enum:"pending,ongoing,successful,failed,cancelled"`
		Owner  string    `json:"owner,omitempty" maxLength:"100"`
		Due    time.Time `json:"due,omitempty"`
		Result string    `json:"result,omitempty" maxLength:"4000"`
	}
}

func (d *Domain) changeTask(ctx context.Context, in *changeTaskIn) (*taskOut, error) {
	b := &in.Body
	var out taskOut
	_, err := d.do(ctx, in.ID, "incident.task", b.State, func(_ store.Tx, m *matter, _ access.Principal, _ time.Time) error {
		at := slices.IndexFunc(m.Tasks, func(t incident.Task) bool { return t.ID == in.Task })
		if at < 0 {
			return api.Errorf(api.NotFound, "there is no task %s", in.Task)
		}
		t := &m.Tasks[at]
		if first := slices.IndexFunc(m.Tasks, func(o incident.Task) bool { return o.ID == t.DependsOn && o.Open() }); first >= 0 && b.State == "successful" {
			return unprocessable("it waits for %q, which is not done", m.Tasks[first].Title)
		}
		t.State = b.State
		if b.Owner != "" {
			t.Owner = b.Owner
		}
		if !b.Due.IsZero() {
			t.Due = b.Due.UTC()
		}
		if b.Result != "" {
			t.Result = strings.TrimSpace(b.Result)
		}
		out.Body = *t
		return nil
	})
	return &out, err
}

type evidenceIn struct {
	ID   string `path:"id"`
	Body struct {
		Name      string `json:"name" minLength:"1" maxLength:"300"`
		SHA256    string `json:"sha256" doc:"Of what is kept elsewhere, 64 hexadecimal digits"`
		MediaType string `json:"media_type,omitempty" maxLength:"100"`
		Location  string `json:"location,omitempty" maxLength:"500" doc:"Where it is kept"`
		Text      string `json:"text,omitempty" maxLength:"4000"`
	}
}

type evidenceOut struct{ Body incident.Evidence }

func (d *Domain) addEvidence(ctx context.Context, in *evidenceIn) (*evidenceOut, error) {
	b := &in.Body
	sum, err := hex.DecodeString(b.SHA256)
	if err != nil || len(sum) != 32 {
		return nil, unprocessable("evidence is named by its SHA-256: 64 hexadecimal digits")
	}
	var out evidenceOut
	_, err = d.do(ctx, in.ID, "incident.evidence", hex.EncodeToString(sum), func(_ store.Tx, m *matter, who access.Principal, now time.Time) error {
		e := incident.Evidence{
			ID: d.newID(m, "evidence", now), Name: strings.TrimSpace(b.Name), SHA256: hex.EncodeToString(sum), MediaType: b.MediaType, Location: b.Location, Text: strings.TrimSpace(b.Text),
			By: who.Name, At: now, Custody: []incident.Custody{{At: now, By: who.Name, To: who.Name}},
		}
		m.Evidence = append(m.Evidence, e)
		out.Body = e
		return nil
	})
	return &out, err
}

type custodyIn struct {
	ID       string `path:"id"`
	Evidence string `path:"evidence"`
	Body     struct {
		To   string `json:"to" minLength:"1" maxLength:"200"`
		Text string `json:"text,omitempty" maxLength:"2000"`
	}
}

func (d *Domain) passEvidence(ctx context.Context, in *custodyIn) (*evidenceOut, error) {
	var out evidenceOut
	_, err := d.do(ctx, in.ID, "incident.custody", in.Evidence, func(_ store.Tx, m *matter, who access.Principal, now time.Time) error {
		at := slices.IndexFunc(m.Evidence, func(e incident.Evidence) bool { return e.ID == in.Evidence })
		if at < 0 {
			return api.Errorf(api.NotFound, "there is no evidence %s", in.Evidence)
		}
		e := &m.Evidence[at]
		e.Custody = append(e.Custody, incident.Custody{At: now, By: who.Name, To: strings.TrimSpace(in.Body.To), Text: strings.TrimSpace(in.Body.Text)})
		out.Body = *e
		return nil
	})
	return &out, err
}

type linkIn struct {
	ID   string `path:"id"`
	Body struct {
		Indicator string `json:"indicator"`
	}
}

func (d *Domain) linkIndicator(ctx context.Context, in *linkIn) (*incidentOut, error) {
	m, err := d.do(ctx, in.ID, "incident.link", in.Body.Indicator, func(tx store.Tx, m *matter, who access.Principal, now time.Time) error {
		h, err := indicatorByID(ctx, tx, in.Body.Indicator)
		if err != nil {
			return err
		}
		if h == nil {
			return unprocessable("there is no indicator %.80s", in.Body.Indicator)
		}
		m.link(incident.Link{Indicator: h.ID, Why: "linked", By: who.Name, At: now})
		return nil
	})
	return d.after(ctx, m, err)
}

type unlinkIn struct {
	ID        string `path:"id"`
	Indicator string `path:"indicator"`
}

func (d *Domain) unlinkIndicator(ctx context.Context, in *unlinkIn) (*incidentOut, error) {
	m, err := d.do(ctx, in.ID, "incident.unlink", in.Indicator, func(_ store.Tx, m *matter, _ access.Principal, _ time.Time) error {
		at := slices.IndexFunc(m.Linked, func(l incident.Link) bool { return l.Indicator == in.Indicator })
		if at < 0 {
			return api.Errorf(api.NotFound, "the incident has no such indicator")
		}
		if m.Linked[at].Why == "reported" {
			return unprocessable("a report names this indicator: what was reported stays")
		}
		m.Linked = slices.Delete(m.Linked, at, at+1)
		return nil
	})
	return d.after(ctx, m, err)
}

type startClockIn struct {
	ID   string `path:"id"`
	Body struct {
		Duty   string    `json:"duty" enum:"intermediate,progress,breach,persons,partner"`
		Due    time.Time `json:"due,omitempty" doc:"Absent: as the law has it"`
		Reason string    `json:"reason" minLength:"10" maxLength:"2000"`
	}
}

type clockOut struct{ Body incident.Clock }

func (d *Domain) startClock(ctx context.Context, in *startClockIn) (*clockOut, error) {
	b := &in.Body
	id := ""
	m, err := d.do(ctx, in.ID, "incident.clock", b.Duty, func(_ store.Tx, m *matter, who access.Principal, now time.Time) error {
		if !b.Due.IsZero() && !b.Due.After(now) {
			return unprocessable("it cannot be due already")
		}
		id = d.newID(m, "clock", now)
		m.ClockActs = append(m.ClockActs, incident.ClockAct{Clock: id, Duty: b.Duty, Starts: now, Due: b.Due.UTC(), Reason: strings.TrimSpace(b.Reason), By: who.Name, At: now})
		return nil
	})
	return d.oneClock(m, id, err)
}

type endClockIn struct {
	ID    string `path:"id"`
	Clock string `path:"clock"`
	Body  struct {
		Met     bool      `json:"met,omitempty"`
		Stopped bool      `json:"stopped,omitempty"`
		At      time.Time `json:"at,omitempty" doc:"When it was met; absent is now"`
		Reason  string    `json:"reason" minLength:"10" maxLength:"2000"`
	}
}

func (d *Domain) endClock(ctx context.Context, in *endClockIn) (*clockOut, error) {
	b := &in.Body
	if b.Met == b.Stopped {
		return nil, unprocessable("a duty is either met or its clock stopped")
	}
	m, err := d.do(ctx, in.ID, "incident.clock", in.Clock, func(_ store.Tx, m *matter, who access.Principal, now time.Time) error {
		v := m.At(now)
		at := slices.IndexFunc(v.Clocks, func(c incident.Clock) bool { return c.ID == in.Clock })
		if at < 0 {
			return api.Errorf(api.NotFound, "there is no clock %s", in.Clock)
		}
		if !v.Clocks[at].Runs() {
			return unprocessable("this clock is %s", v.Clocks[at].State)
		}
		a := incident.ClockAct{Clock: in.Clock, Stopped: b.Stopped, Reason: strings.TrimSpace(b.Reason), By: who.Name, At: now}
		if b.Met {
			if a.Met = b.At.UTC(); b.At.IsZero() {
				a.Met = now
			}
			if a.Met.After(now.Add(time.Minute)) || a.Met.Before(v.Clocks[at].Starts) {
				return unprocessable("it is met between its start and now")
			}
		}
		m.ClockActs = append(m.ClockActs, a)
		return nil
	})
	return d.oneClock(m, in.Clock, err)
}

func (d *Domain) oneClock(m *matter, id string, err error) (*clockOut, error) {
	if err != nil {
		return nil, err
	}
	for _, c := range m.At(d.clock().UTC()).Clocks {
		if c.ID == id {
			return &clockOut{c}, nil
		}
	}
	return nil, api.Errorf(api.NotFound, "there is no clock %s", id)
}
