package cargo

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/audit"
	"github.com/rihla/rihla/internal/casework"
	"github.com/rihla/rihla/internal/pipeline"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/store"
)

func (d *Domain) referralRoutes(m *api.Mux) {
	api.Register(m, api.Route{Method: http.MethodGet, Path: "/api/v1/cargo/referrals", ID: "list-cargo-referrals", Tags: []string{Name},
		Summary: "The referral desk: what waits for a human or a filer, nearest to its cut-off first", Roles: desk}, d.listReferrals)
	api.Register(m, api.Route{Method: http.MethodGet, Path: "/api/v1/cargo/referrals/{id}", ID: "get-cargo-referral", Tags: []string{Name},
		Summary: "One referral with its thread", Roles: append(slices.Clone(desk), access.Filer)}, d.getReferral)
	api.Register(m, api.Route{Method: http.MethodPost, Path: "/api/v1/cargo/referrals/{id}/answers", ID: "answer-cargo-referral", Tags: []string{Name}, Status: http.StatusCreated,
		Summary: "Answer a referral: in words, or with the result of a screening", Roles: append(slices.Clone(desk), access.Filer)}, d.answerReferral)
	api.Register(m, api.Route{Method: http.MethodPost, Path: "/api/v1/cargo/referrals/{id}/notes", ID: "note-cargo-referral", Tags: []string{Name}, Status: http.StatusCreated,
		Summary: "Note something in the thread, such as a call", Roles: desk}, d.noteReferral)
	api.Register(m, api.Route{Method: http.MethodPut, Path: "/api/v1/cargo/consignments/{id}/question", ID: "prepare-cargo-question", Tags: []string{Name},
		Summary: "Say what is to be asked, before its case is decided", Roles: desk}, d.prepare)
	api.Register(m, api.Route{Method: http.MethodDelete, Path: "/api/v1/cargo/consignments/{id}/question", ID: "drop-cargo-question", Tags: []string{Name}, Status: http.StatusNoContent,
		Summary: "Ask nothing after all", Roles: desk}, d.dropQuestion)
}

// Waiting is a consignment on the referral desk.
type Waiting struct {
	Row
	Reasons  []Reason  `json:"reasons" nullable:"false" doc:"The worst two"`
	Referral *Referral `json:"referral,omitempty"`
	CutOffIn int64     `json:"cutoff_in" doc:"Seconds; negative when it has passed"`
	Late     bool      `json:"late" doc:"Still open after the cut-off: silence is neither a do-not-load nor an assessment complete"`
}

// Reason is a finding in brief.
type Reason struct {
	Code     string             `json:"code"`
	Title    string             `json:"title,omitempty"`
	Severity screening.Severity `json:"severity"`
	Rule     string             `json:"rule,omitempty"`
	Role     string             `json:"role,omitempty" doc:"Of the party it is about; absent of the consignment itself"`
}

type listReferralsIn struct {
	State     string `query:"state" enum:",referred,rfi,rfs,dnl-proposed,dnl,departed"`
	Departure string `query:"departure"`
	Filer     string `query:"filer"`
	Rule      string `query:"rule" doc:"its id, or the number its title gives it: R16"`
	Mine      bool   `query:"mine" doc:"whose cases I hold"`
	Cursor    string `query:"cursor"`
}

type listReferralsOut struct {
	Body api.Page[Waiting]
}

func (d *Domain) listReferrals(ctx context.Context, in *listReferralsIn) (*listReferralsOut, error) {
	who := api.PrincipalFrom(ctx)
	q := query{Open: true, State: in.State, Departure: in.Departure, Filer: in.Filer, Limit: rowsPerPage}
	if in.Cursor != "" {
		if err := api.DecodeCursor(in.Cursor, &q.After); err != nil {
			return nil, err
		}
	}
	rows, next, err := d.page(ctx, who, q)
	if err != nil {
		return nil, err
	}
	rows = slices.DeleteFunc(rows, func(r Row) bool {
		return in.Mine && r.HeldBy != who.Name || (in.State == DNLProposed) != (r.State == DNLProposed) && in.State != ""
	})
	out := &listReferralsOut{}
	if out.Body.Items, err = d.waiting(ctx, rows, in.Rule); err != nil {
		return nil, err
	}
	out.Body.Next = next
	return out, d.tell(ctx, "referral.list", idsOf(rows))
}

// waiting adds to rows why they are on the desk, and what was asked.
func (d *Domain) waiting(ctx context.Context, rows []Row, rule string) ([]Waiting, error) {
	var subjects []screening.ID
	for i := range rows {
		subjects = append(subjects, subjectsOf(rows[i].ID)...)
	}
	found, err := screening.OfSubjects(ctx, d.store.Read(), subjects)
	if err != nil {
		return nil, err
	}
	refs, err := referralsOf(ctx, d.store.Read(), idsOf(rows))
	if err != nil {
		return nil, err
	}
	now := d.clock()
	items := []Waiting{}
	for _, r := range rows {
		w := Waiting{Row: r, Reasons: []Reason{}}
		met := rule == ""
		for _, id := range subjectsOf(r.ID) {
			for _, f := range found[id] {
				met = met || isRule(&f, rule)
				w.Reasons = append(w.Reasons, Reason{f.Explanation.Code, f.Explanation.Title, f.Severity, f.Rule, roleOf(id)})
			}
		}
		if !met {
			continue
		}
		slices.SortStableFunc(w.Reasons, func(a, b Reason) int { return int(b.Severity) - int(a.Severity) })
		w.Reasons = w.Reasons[:min(2, len(w.Reasons))]
		for i := range refs[r.ID] {
			if ref := &refs[r.ID][i]; ref.State != liftedReferral {
				w.Referral = ref
			}
		}
		if !r.CutOff.IsZero() {
			w.CutOffIn = int64(r.CutOff.Sub(now).Seconds())
			w.Late = w.CutOffIn < 0
		}
		items = append(items, w)
	}
	return items, nil
}

// isRule says whether a finding is of a rule, by its id or by the number that its title gives it: R16.
func isRule(f *screening.Finding, rule string) bool {
	if f.Rule == "" {
		return false
	}
	words := strings.FieldsFunc(f.Explanation.Title, func(c rune) bool { return strings.ContainsRune(" (),", c) })
	return f.Rule == rule || slices.Contains(words, strings.ToUpper(rule))
}

func roleOf(id screening.ID) string {
	for role, place := range places {
		if strings.HasSuffix(string(id), place) {
			return role
		}
	}
	return ""
}

// Thread is a referral with all that was said under it.
type Thread struct {
	Referral
	Master string `json:"master"`
	House  string `json:"house,omitempty"`
	Lines  []Line `json:"thread" nullable:"false"`
}

type getReferralOut struct {
	Body Thread
}

func (d *Domain) getReferral(ctx context.Context, in *oneIn) (*getReferralOut, error) {
	out := &getReferralOut{}
	err := d.store.Snapshot(ctx, func(ctx context.Context, r store.Reader) error {
		ref, w, err := d.openReferral(ctx, r, in.ID)
		if err != nil {
			return err
		}
		lines, err := threadOf(ctx, r, w.ID)
		if err != nil {
			return err
		}
		out.Body = Thread{*ref, w.Master, w.House, []Line{}}
		filer := api.PrincipalFrom(ctx).Is(access.Filer)
		for _, l := range lines {
			if l.Referral != ref.ID && l.Referral != "" || filer && (l.What == "note" || l.What == "call" || l.What == "escalated" || l.What == "second-due") {
				continue
			}
			if filer && l.What != "filed" && l.What != "answer" {
				l.By = ""
			}
			out.Body.Lines = append(out.Body.Lines, l)
		}
		if filer {
			out.Body.By, out.Body.Confirmed, out.Body.LiftedBy, out.Body.Case = "", "", "", ""
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, d.tell(ctx, "referral.read", []string{in.ID, out.Body.Consignment})
}

// openReferral finds a referral that the caller may see.
func (d *Domain) openReferral(ctx context.Context, r store.Reader, id string) (*Referral, *whole, error) {
	ref, err := referralByID(ctx, r, id)
	if err != nil {
		return nil, nil, err
	}
	if ref == nil {
		return nil, nil, api.Errorf(api.NotFound, "there is no referral %s", id)
	}
	w, err := d.open(ctx, r, ref.Consignment)
	if errors.Is(err, &api.Error{Kind: api.NotFound}) {
		return nil, nil, api.Errorf(api.NotFound, "there is no referral %s", id)
	}
	if err != nil {
		return nil, nil, err
	}
	return ref, w, nil
}

type answerIn struct {
	ID   string `path:"id"`
	Body struct {
		Text   string `json:"text" minLength:"1" maxLength:"4000"`
		Result string `json:"result,omitempty" enum:",clear,alarm,not-done" doc:"Of the screening that was asked for"`
	}
}

type referralOut struct {
	Body Referral
}

func (d *Domain) answerReferral(ctx context.Context, in *answerIn) (*referralOut, error) {
	who := api.PrincipalFrom(ctx)
	out := &referralOut{}
	err := d.store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		ref, w, err := d.openReferral(ctx, tx, in.ID)
		if err != nil {
			return err
		}
		switch {
		case ref.State == liftedReferral:
			return api.Errorf(api.Conflict, "the referral has been lifted; nothing is asked any more")
		case ref.Kind == RFS && in.Body.Result == "":
			return api.Errorf(api.Unprocessable, "say what the screening found: clear, alarm or not-done").With("field", "result")
		}
		a, err := d.begin(ctx, tx, w.ID, "answer "+ref.ID+" "+tx.Now().Format(time.RFC3339Nano), "")
		if err != nil || a == nil {
			return err
		}
		ref.State, ref.Answered = answeredReferral, tx.Now().UTC().Truncate(time.Second)
		if err := saveReferral(ctx, tx, ref); err != nil {
			return err
		}
		if err := addLine(ctx, tx, w.ID, Line{What: "answer", By: who.Name, Text: in.Body.Text, Result: in.Body.Result, Referral: ref.ID}); err != nil {
			return err
		}
		a.st.Answered = ref.Answered
		if a.st.Hold != "" { // it stays in force until a human lifts it
			a.say(holds[a.st.Hold].place, "")
			if a.st.State == a.st.Hold && a.st.Hold != DNL {
				a.st.State = Referred
			}
		}
		raised, err := casework.Return(ctx, tx, Name, subjectsOf(w.ID), "answered")
		if err != nil {
			return err
		}
		effects, err := a.end()
		if err != nil {
			return err
		}
		effects.Events = append(effects.Events, events(raised)...)
		out.Body = *ref
		if err := audit.Record(ctx, tx, audit.Entry{Actor: who.Name, Role: string(who.Role), Action: "referral.answer", Touched: []string{ref.ID, w.ID}}); err != nil {
			return err
		}
		return pipeline.Apply(ctx, tx, Name, effects)
	})
	return out, err
}

type noteIn struct {
	ID   string `path:"id"`
	Body struct {
		Text   string `json:"text" minLength:"1" maxLength:"4000"`
		Called bool   `json:"called,omitempty" doc:"It was said by phone"`
	}
}

func (d *Domain) noteReferral(ctx context.Context, in *noteIn) (*referralOut, error) {
	who := api.PrincipalFrom(ctx)
	out := &referralOut{}
	err := d.store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		ref, w, err := d.openReferral(ctx, tx, in.ID)
		if err != nil {
			return err
		}
		line := Line{What: "note", By: who.Name, Text: in.Body.Text, Referral: ref.ID}
		if in.Body.Called {
			line.What = "call"
		}
		if err := addLine(ctx, tx, w.ID, line); err != nil {
			return err
		}
		out.Body = *ref
		if err := audit.Record(ctx, tx, audit.Entry{Actor: who.Name, Role: string(who.Role), Action: "referral.note", Touched: []string{ref.ID, w.ID}}); err != nil {
			return err
		}
		return pipeline.Apply(ctx, tx, Name, pipeline.Effects{Events: []pipeline.Event{{Name: "referral", ID: ref.ID}}})
	})
	return out, err
}

type prepareIn struct {
	ID   string `path:"id"`
	Body Question
}

type questionOut struct {
	Body Question
}

// check says what a question of its kind must have.
func (q *Question) check() error {
	for _, a := range q.Asks {
		if !slices.Contains(Asks, a) {
			return api.Errorf(api.Unprocessable, "%q is nothing that can be asked; choose of %s", a, strings.Join(Asks, ", ")).With("field", "asks")
		}
	}
	switch {
	case q.Kind == RFI && len(q.Asks) == 0:
		return api.Errorf(api.Unprocessable, "choose at least one thing that is asked").With("field", "asks")
	case q.Kind == RFS && q.Method == "":
		return api.Errorf(api.Unprocessable, "name the method of screening").With("field", "method")
	case q.Method != "" && !slices.Contains(Methods, q.Method):
		return api.Errorf(api.Unprocessable, "%q is no method; choose of %s", q.Method, strings.Join(Methods, ", ")).With("field", "method")
	case q.Kind == DNL && strings.TrimSpace(q.Contact) == "":
		return api.Errorf(api.Unprocessable, "a do-not-load is told by phone too: name who was called").With("field", "contact")
	}
	return nil
}

func (d *Domain) prepare(ctx context.Context, in *prepareIn) (*questionOut, error) {
	who := api.PrincipalFrom(ctx)
	q := in.Body
	if err := q.check(); err != nil {
		return nil, err
	}
	out := &questionOut{}
	err := d.store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		w, err := d.open(ctx, tx, in.ID)
		if err != nil {
			return err
		}
		q.By, q.Prepared = who.Name, tx.Now().UTC().Truncate(time.Second)
		body, err := json.Marshal(q)
		if err != nil {
			return err
		}
		if _, err := insertQuestion.Exec(ctx, tx, [][]any{{w.ID, string(body)}}); err != nil {
			return err
		}
		effects := pipeline.Effects{}
		if q.Kind == DNL {
			effects.Jobs = append(effects.Jobs, job(clockSecond+" "+w.ID, clockSecond, tx.Now().Add(secondWithin), alarm{Consignment: w.ID}))
		}
		out.Body = q
		if err := audit.Record(ctx, tx, audit.Entry{Actor: who.Name, Role: string(who.Role), Action: "referral.prepare", Touched: []string{w.ID}, Detail: q.Kind}); err != nil {
			return err
		}
		return pipeline.Apply(ctx, tx, Name, effects)
	})
	return out, err
}

func (d *Domain) dropQuestion(ctx context.Context, in *oneIn) (*struct{}, error) {
	who := api.PrincipalFrom(ctx)
	return nil, d.store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		w, err := d.open(ctx, tx, in.ID)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `delete from cargo_question where consignment = $1`, w.ID); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Entry{Actor: who.Name, Role: string(who.Role), Action: "referral.drop", Touched: []string{w.ID}})
	})
}
