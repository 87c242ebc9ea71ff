package facilitation

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/rihla/rihla/formats/country"
	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/audit"
	"github.com/rihla/rihla/internal/facilitation/form"
	"github.com/rihla/rihla/internal/intake"
	"github.com/rihla/rihla/internal/pipeline"
	"github.com/rihla/rihla/internal/store"
)

// doors bound what anybody may try: by address, and of one reference whoever asks, so that guessing gets nothing.
type doors struct{ apply, look, reference *access.Limiter }

func newDoors(clock func() time.Time) doors {
	return doors{
		apply:     access.NewLimiter(time.Minute, 10, clock),
		look:      access.NewLimiter(5*time.Second, 30, clock),
		reference: access.NewLimiter(30*time.Second, 10, clock),
	}
}

// applicationGate is where applications come in that people type.
const applicationGate = "application"

// ownRoutes are open: an applicant has no key. Secrets are sent in bodies, never in an address that some log keeps.
func (d *Domain) ownRoutes(m *api.Mux) {
	open := func(method, path, id, summary string) api.Route {
		return api.Route{Method: method, Path: "/api/v1/applications" + path, ID: id, Summary: summary, Tags: []string{"applications"}, Open: true, MaxBody: form.MaxBytes}
	}
	takes := func(of, answers any) api.RawDoc {
		return api.RawDoc{Request: "application/json", Takes: of, Response: "application/json", Answers: answers}
	}
	m.Raw(open(http.MethodGet, "/terms", "get-application-terms", "What may be applied for, and by what rules"), d.getTerms, api.RawDoc{Response: "application/json", Answers: terms{}})
	file := open(http.MethodPost, "", "file-application", "Apply: for membership, for an authorisation to travel, for redress")
	file.Status = http.StatusAccepted
	m.Raw(file, d.fileApplication, takes(form.Form{}, applied{}))
	m.Raw(open(http.MethodPost, "/status", "own-application", "How your application stands"), d.ownPage, takes(credentials{}, Own{}))
	m.Raw(open(http.MethodPost, "/copy", "copy-application", "All that is held of what you said, and of what was decided"), d.ownCopy, takes(credentials{}, copyOut{}))
	m.Raw(open(http.MethodPost, "/interview-days", "interview-days", "Days on which an interview can be had"), d.interviewDays, takes(credentials{}, api.Page[FreeDay]{}))
	m.Raw(open(http.MethodPost, "/interview", "book-interview", "Take a day for your interview, or another"), own(d, func(ctx context.Context, in bookIn) (*Application, error) {
		return d.theirs(ctx, in.credentials, "application.interview", func(ctx context.Context, tx store.Tx, a *Application, _ *pipeline.Effects) error {
			return d.book(ctx, tx, a, in.Slot)
		})
	}), takes(bookIn{}, Own{}))
	m.Raw(open(http.MethodPost, "/withdrawal", "withdraw-application", "Withdraw it: it is erased after some days"), own(d, func(ctx context.Context, in credentials) (*Application, error) {
		return d.theirs(ctx, in, "application.withdraw", d.withdraw)
	}), takes(credentials{}, Own{}))
	m.Raw(open(http.MethodPost, "/renewal", "renew-membership", "Ask for your membership to go on"), own(d, func(ctx context.Context, in credentials) (*Application, error) {
		return d.theirs(ctx, in, "application.renew", d.askRenewal)
	}), takes(credentials{}, Own{}))
	m.Raw(open(http.MethodPost, "/document", "show-document", "Show the document that follows the one you applied with"), own(d, func(ctx context.Context, in documentIn) (*Application, error) {
		return d.theirs(ctx, in.credentials, "application.document", func(_ context.Context, tx store.Tx, a *Application, e *pipeline.Effects) error {
			faults, err := d.showDocument(tx, a, e, in.Document)
			if err == nil && len(faults) > 0 {
				return faulty(faults)
			}
			return err
		})
	}), takes(documentIn{}, Own{}))
	m.Raw(open(http.MethodPost, "/review", "ask-review", "Ask for a decision to be looked at again, by somebody else"), own(d, func(ctx context.Context, in reviewIn) (*Application, error) {
		return d.theirs(ctx, in.credentials, "application.review", func(ctx context.Context, tx store.Tx, a *Application, _ *pipeline.Effects) error {
			return d.askReview(ctx, tx, a, in.Words)
		})
	}), takes(reviewIn{}, Own{}))
}

type bookIn struct {
	credentials
	Slot
}

type documentIn struct {
	credentials
	Document form.Document `json:"document"`
}

type reviewIn struct {
	credentials
	Words string `json:"words,omitempty"`
}

func (c credentials) shown() credentials { return c }

// faulty is a form that does not hold, with all that is wrong with it.
func faulty(faults []form.Fault) error {
	return api.Errorf(api.Unprocessable, "%d things are wrong; nothing was filed", len(faults)).With("errors", faults).With("valid", false)
}

func answerJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // whoever hung up asks again
}

// read takes a small body, from whom the doors let in.
func (d *Domain) read(r *http.Request, into interface{ shown() credentials }) error {
	if !d.doors.look.AllowFrom(r) {
		return access.ErrTooMany
	}
	if err := json.NewDecoder(r.Body).Decode(into); err != nil {
		return api.Errorf(api.Invalid, `send {"reference": …, "secret": …}`)
	}
	c := into.shown()
	if c.Reference == "" || c.Secret == "" && c.Document == "" {
		return api.Errorf(api.Invalid, `send {"reference": …, "secret": …}`)
	}
	if !d.doors.reference.Allow(refOf(c.Reference)) {
		return access.ErrTooMany
	}
	return nil
}

// own makes a handler of an applicant's act: it answers with their page.
func own[I any, P interface {
	*I
	shown() credentials
}](d *Domain, act func(context.Context, I) (*Application, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var in I
		if err := d.read(r, P(&in)); err != nil {
			api.WriteProblem(w, r, err)
			return
		}
		a, err := act(r.Context(), in)
		if err != nil {
			api.WriteProblem(w, r, conflicting(err))
			return
		}
		answerJSON(w, http.StatusOK, d.own(a, false))
	}
}

// conflicting says for people that something else happened meanwhile.
func conflicting(err error) error {
	if errors.Is(err, pipeline.ErrConflict) {
		return api.Errorf(api.Conflict, "something else happened to this application meanwhile; look again")
	}
	return err
}

func (d *Domain) ownPage(w http.ResponseWriter, r *http.Request) {
	var c credentials
	err := d.read(r, &c)
	var a *Application
	var short bool
	if err == nil {
		a, short, err = d.know(r.Context(), d.store.Read(), c)
	}
	if err == nil {
		err = d.reads.Read(r.Context(), audit.Entry{Actor: a.traveller().name, Role: string(ByApplicant), Action: "application.status", Touched: []string{a.ID}})
	}
	if err != nil {
		api.WriteProblem(w, r, err)
		return
	}
	answerJSON(w, http.StatusOK, d.own(a, short))
}

// copyOut is the applicant's own data: what they said, and their page.
type copyOut struct {
	Own
	Form form.Form `json:"form"`
}

func (d *Domain) ownCopy(w http.ResponseWriter, r *http.Request) {
	var c credentials
	err := d.read(r, &c)
	var a *Application
	var short bool
	if err == nil {
		a, short, err = d.know(r.Context(), d.store.Read(), c)
	}
	if err == nil && short {
		err = errUnknown
	}
	if err == nil {
		err = d.reads.Read(r.Context(), audit.Entry{Actor: a.traveller().name, Role: string(ByApplicant), Action: "application.copy", Touched: []string{a.ID}})
	}
	if err != nil {
		api.WriteProblem(w, r, err)
		return
	}
	out := copyOut{d.own(a, false), a.Form}
	out.Form.Access = nil
	answerJSON(w, http.StatusOK, out)
}

func (d *Domain) interviewDays(w http.ResponseWriter, r *http.Request) {
	var c credentials
	err := d.read(r, &c)
	if err == nil {
		_, _, err = d.know(r.Context(), d.store.Read(), c)
	}
	var days []FreeDay
	if err == nil {
		days, err = d.freeDays(r.Context(), d.store.Read(), d.clock())
	}
	if err != nil {
		api.WriteProblem(w, r, err)
		return
	}
	answerJSON(w, http.StatusOK, api.Page[FreeDay]{Items: days})
}

// applied is what whoever applied is told: by these two they follow it. The secret is told once.
type applied struct {
	Reference string `json:"reference"`
	Secret    string `json:"secret"`
	Kind      Kind   `json:"kind"`
	Report    string `json:"report" doc:"The report it was filed as"`
}

// fileApplication takes an application. When it answers yes, the application is in the journal, durably.
func (d *Domain) fileApplication(w http.ResponseWriter, r *http.Request) {
	if !d.doors.apply.AllowFrom(r) {
		api.WriteProblem(w, r, access.ErrTooMany)
		return
	}
	raw, err := io.ReadAll(r.Body)
	if err != nil {
		api.WriteProblem(w, r, err)
		return
	}
	out, err := d.file(r.Context(), raw)
	if err != nil {
		api.WriteProblem(w, r, err)
		return
	}
	answerJSON(w, http.StatusAccepted, out)
}

func (d *Domain) file(ctx context.Context, raw []byte) (applied, error) {
	now := d.clock().UTC()
	f, faults, _ := form.Read(raw, now)
	if f != nil {
		faults = append(faults, d.besides(f)...)
	}
	if len(faults) > 0 {
		return applied{}, faulty(faults)
	}
	number, err := draw(d.random)
	if err != nil {
		return applied{}, err
	}
	secret, digest, err := newSecret(d.random)
	if err != nil {
		return applied{}, err
	}
	f.ID, f.SubmittedAt, f.Access = prefixOf(f.Schema)+number, now.Format(time.RFC3339), &form.AccessMark{Digest: digest}
	receipt, err := d.journalled(ctx, f, "applicant "+f.ID)
	if err != nil {
		return applied{}, err
	}
	return applied{Reference: f.ID, Secret: secret, Kind: kindOf[f.Schema], Report: receipt.ID}, nil
}

// journalled files a form that somebody typed.
func (d *Domain) journalled(ctx context.Context, f *form.Form, filer string) (intake.Receipt, error) {
	if d.journal == nil {
		return intake.Receipt{}, api.Errorf(api.Unavailable, "this node takes no applications")
	}
	raw, err := json.Marshal(f)
	if err != nil {
		return intake.Receipt{}, err
	}
	return d.journal.Take(ctx, intake.Delivery{Filer: intake.Filer{ID: filer, Name: filer}, Gate: applicationGate, Media: "application/json", Name: f.ID + ".json", Raw: raw})
}

// CodeProgram is a programme that cannot be applied for here.
const CodeProgram = "E-FAC-PROGRAM"

// besides is what the state's own rules say against taking a form.
func (d *Domain) besides(f *form.Form) (faults []form.Fault) {
	switch f.Schema {
	case form.Membership:
		if f.Program != "" && d.settings.program(f.Program) == nil {
			faults = append(faults, form.Fault{Code: CodeProgram, Path: "program", Why: "This programme cannot be applied for here."})
		}
	case form.Vetting:
		faults = append(faults, form.Fault{Code: form.CodeSchema, Path: "schema", Why: "This form is for officers."})
	}
	return faults
}

// terms are what may be applied for, and by what rules.
type terms struct {
	State         string             `json:"state,omitempty"`
	Country       string             `json:"country"`
	Programs      []Program          `json:"programs"`
	Interview     InterviewTerms     `json:"interview"`
	Authorisation AuthorisationTerms `json:"authorisation"`
	Membership    MembershipTerms    `json:"membership"`
	Review        ReviewTerms        `json:"review"`
	Consent       string             `json:"consent_version"`
	Questions     []string           `json:"questions"`
	Purposes      []string           `json:"purposes"`
	Contact       string             `json:"contact"`
}

func (d *Domain) getTerms(w http.ResponseWriter, _ *http.Request) {
	s := d.settings
	answerJSON(w, http.StatusOK, terms{
		State: d.state, Country: country.ISO(d.home), Programs: s.Programs, Interview: s.Interview, Authorisation: s.Authorisation, Membership: s.Membership, Review: s.Review,
		Consent: s.Consent, Questions: form.Asked, Purposes: form.Purposes, Contact: s.Contact,
	})
}
