package facilitation

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"database/sql"
	"encoding/hex"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/facilitation/form"
	"github.com/rihla/rihla/internal/pipeline"
	"github.com/rihla/rihla/internal/screening/names"
	"github.com/rihla/rihla/internal/store"
)

// Own is what an applicant is told of their own application: how far it has come and what to do, no reason that a list
// would betray, and nobody else's name.
type Own struct {
	Reference string      `json:"reference"`
	Kind      Kind        `json:"kind"`
	State     State       `json:"state"`
	Name      string      `json:"name,omitempty"`
	Document  string      `json:"document,omitempty" doc:"Its last characters"`
	Program   string      `json:"program,omitempty"`
	Number    string      `json:"number,omitempty"`
	Since     time.Time   `json:"since,omitzero"`
	Until     time.Time   `json:"until,omitzero"`
	Entries   string      `json:"entries,omitempty"`
	Due       time.Time   `json:"due,omitzero"`
	Next      string      `json:"next" doc:"What to do: a code"`
	Acts      []string    `json:"acts,omitempty" doc:"What may be done here: interview, withdrawal, renewal, document, review"`
	Interview *Slot       `json:"interview,omitempty"`
	Renewal   *Renewal    `json:"renewal,omitempty"`
	Letters   []ownLetter `json:"letters,omitempty"`
	Steps     []ownStep   `json:"steps,omitempty"`
	Language  string      `json:"language,omitempty"`
}

type ownLetter struct {
	Kind LetterKind `json:"kind"`
	At   time.Time  `json:"at"`
	Text string     `json:"text"`
}

type ownStep struct {
	At    time.Time `json:"at"`
	State State     `json:"state"`
}

// What an applicant is to do next.
const (
	NextWait         = "wait"
	NextWaitOwn      = "wait_own_state"
	NextBook         = "book_interview"
	NextCome         = "come_to_interview"
	NextActivation   = "wait_activation"
	NextUse          = "use_number"
	NextTravel       = "travel"
	NextVisa         = "apply_visa"
	NextReview       = "ask_review"
	NextRenew        = "renew"
	NextShowDocument = "show_document"
	NextAgain        = "apply_again"
	NextNothing      = "none"
)

func (d *Domain) next(a *Application, now time.Time) string {
	switch a.State {
	case Partner:
		if a.Asked != nil && a.Asked.Outcome == "" {
			return NextWaitOwn
		}
	case Approved:
		return NextBook
	case Booked:
		return NextCome
	case Enrolled:
		return NextActivation
	case Active:
		switch end, err := time.Parse(time.DateOnly, a.Form.Applicant.Document.Expiry); {
		case err == nil && end.Before(now):
			return NextShowDocument
		case d.renewable(a, now):
			return NextRenew
		}
		return NextUse
	case Granted:
		return NextTravel
	case Refused, Cancelled:
		if d.reviewable(a, now) {
			return NextReview
		}
		if a.Kind == Authorisation {
			return NextVisa
		}
		return NextAgain
	case Revoked:
		if d.reviewable(a, now) {
			return NextReview
		}
		return NextNothing
	case Expired:
		return NextAgain
	case Answered:
		return NextUse
	case Withdrawn:
		return NextNothing
	}
	return NextWait
}

func (d *Domain) renewable(a *Application, now time.Time) bool {
	return a.Kind == Membership && a.State == Active && a.Renewal == nil && now.After(a.Until.AddDate(0, -d.settings.Membership.RenewMonths, 0))
}

func (d *Domain) reviewable(a *Application, now time.Time) bool {
	_, wrong := a.Kind.allowed(a.State, InReview, ByApplicant)
	if wrong != nil || len(a.History) == 0 {
		return false
	}
	last := a.History[len(a.History)-1].At
	return now.Before(last.AddDate(0, 0, d.settings.Review.Apply+1))
}

// own is the applicant's page. short is for whoever shows only the document's number.
func (d *Domain) own(a *Application, short bool) Own {
	now := d.clock().UTC()
	o := Own{Reference: a.Ref, Kind: a.Kind, State: a.State, Entries: a.Entries, Next: d.next(a, now)}
	if a.Number != "" {
		o.Until = d.lasts(a)
	}
	if short {
		return o
	}
	p := &a.Form.Applicant
	o.Name, o.Program, o.Number, o.Since, o.Due, o.Interview, o.Renewal, o.Language = strings.TrimSpace(p.GivenNames+" "+p.FamilyName), a.Form.Program, a.Number, a.Since, a.Due, a.Interview, a.Renewal, a.language()
	if n := p.Document.Number; len(n) > 3 {
		o.Document = "•••" + n[len(n)-3:]
	}
	if a.State == Booked || a.State == Approved {
		o.Acts = append(o.Acts, "interview")
	}
	if d.renewable(a, now) {
		o.Acts = append(o.Acts, "renewal")
	}
	if a.State.live() && a.Kind != Authorisation && a.Kind != Vetting {
		o.Acts = append(o.Acts, "document")
	}
	if d.reviewable(a, now) {
		o.Acts = append(o.Acts, "review")
	}
	if _, wrong := a.Kind.allowed(a.State, Withdrawn, ByApplicant); wrong == nil {
		o.Acts = append(o.Acts, "withdrawal")
	}
	o.Letters = d.letters(a)
	for _, m := range a.History {
		if m.From != m.To {
			o.Steps = append(o.Steps, ownStep{m.At, m.To})
		}
	}
	return o
}

// letters are those written, in the applicant's language.
func (d *Domain) letters(a *Application) (out []ownLetter) {
	for _, l := range a.Letters {
		out = append(out, ownLetter{l.Kind, l.At, d.text(a, l, a.language())})
	}
	return out
}

// Secrets: the applicant alone has them, we have their digest.
const secretBytes = 20

func newSecret(random io.Reader) (secret, digest string, err error) {
	b := make([]byte, secretBytes)
	if _, err := io.ReadFull(random, b); err != nil {
		return "", "", err
	}
	secret = strings.ToLower(hex.EncodeToString(b))
	return secret, digestOf(secret), nil
}

func digestOf(secret string) string {
	sum := sha256.Sum256([]byte(strings.ToLower(strings.TrimSpace(secret))))
	return hex.EncodeToString(sum[:])
}

// refOf is a reference as it is kept, whatever was read for its digits.
func refOf(given string) string {
	s := strings.ToUpper(strings.TrimSpace(given))
	if prefix, rest, ok := strings.Cut(s, "-"); ok && len(rest) == drawn+1 && !strings.Contains(rest, "-") {
		return prefix + "-" + misread.Replace(rest)
	}
	return s
}

// nobody is a digest that no secret has: a reference that is not there costs what one costs that is.
var nobody = func() string {
	b := make([]byte, sha256.Size)
	_, _ = rand.Read(b) // never fails
	return hex.EncodeToString(b)
}()

// credentials are by what an applicant is known: the reference with its secret, or, of an authorisation, with the number of
// its document.
type credentials struct {
	Reference string `json:"reference"`
	Secret    string `json:"secret,omitempty"`
	Document  string `json:"document,omitempty"`
}

var errUnknown = api.Errorf(api.NotFound, "no application goes by this reference together with what you gave; check both")

// know finds the application of whoever shows credentials. Whatever is wrong, the answer is the same, and the secret is
// compared all the same.
func (d *Domain) know(ctx context.Context, r store.Reader, c credentials) (a *Application, short bool, err error) {
	a, err = applicationBy(ctx, r, "ref", refOf(c.Reference))
	if err != nil {
		return nil, false, err
	}
	secret, document := nobody, nobody
	if a != nil && a.Form.Access != nil {
		secret = a.Form.Access.Digest
	}
	if a != nil && a.Kind == Authorisation {
		document = digestOf(string(names.AppendCompact(nil, a.Form.Applicant.Document.Number)))
	}
	bySecret := subtle.ConstantTimeCompare([]byte(digestOf(c.Secret)), []byte(secret)) & present(c.Secret)
	byDocument := subtle.ConstantTimeCompare([]byte(digestOf(string(names.AppendCompact(nil, c.Document)))), []byte(document)) & present(c.Document)
	if bySecret|byDocument != 1 {
		return nil, false, errUnknown
	}
	return a, bySecret != 1, nil
}

func present(s string) int {
	if strings.TrimSpace(s) == "" {
		return 0
	}
	return 1
}

// theirs does an applicant's own act.
func (d *Domain) theirs(ctx context.Context, c credentials, action string, do func(context.Context, store.Tx, *Application, *pipeline.Effects) error) (*Application, error) {
	a, short, err := d.know(ctx, d.store.Read(), c)
	if err != nil {
		return nil, err
	}
	if short {
		return nil, errUnknown // the document's number shows how it stands, and moves nothing
	}
	return d.act(ctx, a.ID, (*Application).traveller, action, do)
}

// ask makes an applicant's own move.
func (d *Domain) ask(ctx context.Context, tx store.Tx, a *Application, to State) error {
	if _, wrong := a.Kind.allowed(a.State, to, ByApplicant); wrong != nil {
		return refuse(wrong.code, "this cannot be done as your application stands (%s)", a.State)
	}
	return d.arrive(ctx, tx, a, to, string(ByApplicant), "", "")
}

func (d *Domain) withdraw(ctx context.Context, tx store.Tx, a *Application, _ *pipeline.Effects) error {
	return d.ask(ctx, tx, a, Withdrawn)
}

// askRenewal keeps a membership over its last day while it is looked at.
func (d *Domain) askRenewal(_ context.Context, tx store.Tx, a *Application, _ *pipeline.Effects) error {
	now := tx.Now().UTC()
	if !d.renewable(a, now) {
		return refuse(CodeMove, "a membership is renewed in its last %d months, once", d.settings.Membership.RenewMonths)
	}
	a.Renewal = &Renewal{At: now, Grace: a.Until.AddDate(0, d.settings.Membership.GraceMonths, 0)}
	return nil
}

// askReview has somebody else look again.
func (d *Domain) askReview(ctx context.Context, tx store.Tx, a *Application, text string) error {
	of := a.State
	switch {
	case !d.reviewable(a, tx.Now()):
		return refuse(CodeMove, "a review is asked for within %d days of a refusal, a revocation or a cancellation", d.settings.Review.Apply)
	case utf8.RuneCountInString(text) > 4000:
		return refuse(form.CodeValue, "at most 4000 characters can be taken")
	}
	not := a.deciders()
	if err := d.ask(ctx, tx, a, InReview); err != nil {
		return err
	}
	a.Review = &Review{At: tx.Now().UTC(), Of: of, Words: strings.TrimSpace(text), Not: not}
	return nil
}

// showDocument takes the document that follows the one somebody applied with. A permit is bound to its document.
func (d *Domain) showDocument(tx store.Tx, a *Application, e *pipeline.Effects, document form.Document) ([]form.Fault, error) {
	if a.Kind == Authorisation || a.Kind == Vetting || !a.State.live() {
		return nil, refuse(CodeMove, "an authorisation belongs to the passport it was given for: apply again with the new one")
	}
	f := a.Form
	f.Applicant.Document = document
	faults := slices.DeleteFunc(f.Check(tx.Now()), func(x form.Fault) bool { return !strings.HasPrefix(x.Path, "applicant") })
	if len(document.MRZ) == 0 && len(faults) == 0 {
		faults = append(faults, form.Fault{Code: form.CodeMissing, Path: "applicant.document.mrz", Why: "Copy the lines at the foot of the document's first page, fillers (<) included."})
	}
	if len(faults) > 0 {
		return faults, nil
	}
	if a.Number != "" {
		e.Near = append(e.Near, d.near(a)...) // by the old one too
	}
	a.Form.Applicant.Document = document
	a.History = append(a.History, Moved{At: tx.Now().UTC(), From: a.State, To: a.State, By: string(ByApplicant), Reason: "document"})
	return nil, nil
}

// FreeDay is a day on which an interview can still be had.
type FreeDay struct {
	Slot
	Left int `json:"left"`
}

// freeDays are the days to come with room left.
func (d *Domain) freeDays(ctx context.Context, r store.Reader, now time.Time) ([]FreeDay, error) {
	t := &d.settings.Interview
	first, last := now.UTC().AddDate(0, 0, t.From), now.UTC().AddDate(0, 0, t.Until)
	taken := map[Slot]int{}
	err := store.Rows(ctx, r, func(rows *sql.Rows) error {
		var s Slot
		var n int
		err := rows.Scan(&s.Day, &s.Hall, &n)
		taken[s] = n
		return err
	}, `select day, hall, count(*) from facilitation_interview where day >= $1 and day <= $2 group by day, hall`, first.Format(time.DateOnly), last.Format(time.DateOnly))
	if err != nil {
		return nil, err
	}
	out := []FreeDay{}
	for day := first; !day.After(last); day = day.AddDate(0, 0, 1) {
		if !d.settings.meeting[day.Weekday()] || d.settings.holidays[day.Format(time.DateOnly)] {
			continue
		}
		for _, hall := range t.Halls {
			s := Slot{day.Format(time.DateOnly), hall}
			if left := t.ADay - taken[s]; left > 0 {
				out = append(out, FreeDay{s, left})
			}
		}
	}
	return out, nil
}

// book takes a day for an interview, or another instead.
func (d *Domain) book(ctx context.Context, tx store.Tx, a *Application, s Slot) error {
	if _, err := tx.ExecContext(ctx, `delete from facilitation_interview where application = $1`, a.ID); err != nil {
		return err
	}
	free, err := d.freeDays(ctx, tx, tx.Now())
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(free, func(f FreeDay) bool { return f.Slot == s }) {
		return api.Errorf(api.Conflict, "no interview can be had on %s at %s any more; choose another day", s.Day, s.Hall)
	}
	if err := d.ask(ctx, tx, a, Booked); err != nil {
		return err
	}
	a.Interview = &s
	_, err = tx.ExecContext(ctx, `insert into facilitation_interview (day, hall, application) values ($1, $2, $3)`, s.Day, s.Hall, a.ID)
	return err
}
