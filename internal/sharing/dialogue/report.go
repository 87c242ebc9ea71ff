package dialogue

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/audit"
	"github.com/rihla/rihla/internal/sharing/agreement"
	"github.com/rihla/rihla/internal/sharing/ledger"
	"github.com/rihla/rihla/internal/store"
)

// Reviewed is the report of an agreement and period, with what the partner sent of its own.
type Reviewed struct {
	Own          string               `json:"own"`
	Partner      string               `json:"partner"`
	Review       json.RawMessage      `json:"review" doc:"rihla.review/v1: each side's figures, where they differ, actions, decisions"`
	Developments []ledger.Development `json:"developments" nullable:"false" doc:"In the period"`
	SentAt       time.Time            `json:"sent_at,omitzero" doc:"When this side's figures of the period went to the partner"`
	ReceivedAt   time.Time            `json:"received_at,omitzero" doc:"When the partner's came"`

	review ledger.Review
}

// Report makes the report of a period from the exchange log. Shared, it is as others may see it: few are shown as few.
func (r *Room) Report(ctx context.Context, p access.Principal, agreement string, days ledger.Days, shared bool) (Reviewed, error) {
	if err := r.saw(ctx, p, "review.read", agreement); err != nil {
		return Reviewed{}, err
	}
	return r.report(ctx, agreement, days, shared)
}

func (r *Room) report(ctx context.Context, agreement string, days ledger.Days, shared bool) (out Reviewed, err error) {
	now, err := r.st.Now(ctx)
	if err != nil {
		return out, err
	}
	err = r.st.Snapshot(ctx, func(ctx context.Context, rd store.Reader) error {
		span, err := days.Span()
		if err != nil {
			return api.Errorf(api.Unprocessable, "%s", err)
		}
		p, err := r.pactAt(ctx, rd, agreement, span.Until)
		if err != nil {
			return err
		}
		out, err = reviewOf(ctx, rd, p, days, shared, day(now))
		return err
	})
	if err != nil {
		return out, err
	}
	root, err := r.o.Log.Root(ctx, audit.Exchange, out.review.MadeFrom.To)
	if err != nil {
		return out, err
	}
	out.review.MadeFrom.Root = "sha-256:" + hex.EncodeToString(root[:])
	out.Review, err = textOf(&out.review)
	return out, err
}

func reviewOf(ctx context.Context, rd store.Reader, p Pact, days ledger.Days, shared bool, today string) (Reviewed, error) {
	id := p.Metadata.ID
	out := Reviewed{Own: p.Own, Partner: p.partner(), Developments: []ledger.Development{}}
	span, err := days.Span()
	if err != nil {
		return out, api.Errorf(api.Unprocessable, "%s", err)
	}
	within := func(d agreement.Duration) time.Duration { return d.After(span.From).Sub(span.From) }
	terms := ledger.Terms{
		Agreement: id, Version: p.Metadata.Version, Own: p.Own, Partner: p.partner(), Acknowledge: within(p.Duties.AcknowledgeWithin),
		Correct: within(p.Duties.CorrectionEffectWithin), Erase: within(p.Duties.ErasureEffectWithin),
	}
	var entries []ledger.Entry
	if err := ledger.Read(ctx, rd, "", span.From.Add(-ledger.Lookback), span.Until, func(e ledger.Entry) error {
		if !terms.Concerns(&e) {
			return nil
		}
		entries = append(entries, e)
		if d, is := ledger.AsDevelopment(&e); is && !e.At.Before(span.From) && len(out.Developments) < developmentsMax {
			out.Developments = append(out.Developments, d)
		}
		return nil
	}); err != nil {
		return out, err
	}
	review, err := ledger.Figures(terms, days, entries)
	if err != nil {
		return out, err
	}
	review.Interim = days.To >= today
	own := review.Sides[p.Own]
	if shared {
		own = own.Shared()
		review.Sides[p.Own], review.Checks = own, ""
	}
	theirs, at, err := readReport(ctx, rd, id, days, p.partner())
	if err != nil {
		return out, err
	}
	if theirs != nil {
		review.Sides[p.partner()], out.ReceivedAt = theirs.Sides[p.partner()], at
		review.Differences = ledger.Reconcile(p.Own, p.partner(), own, theirs.Sides[p.partner()])
	}
	if _, out.SentAt, err = readReport(ctx, rd, id, days, p.Own); err != nil {
		return out, err
	}
	if err := decidedIn(ctx, rd, p, days, today, &review); err != nil {
		return out, err
	}
	out.review = review
	return out, nil
}

func textOf(review *ledger.Review) ([]byte, error) {
	var text bytes.Buffer
	e := json.NewEncoder(&text)
	e.SetEscapeHTML(false)
	err := e.Encode(review)
	return bytes.TrimSpace(text.Bytes()), err
}

// decidedIn adds what the meetings that looked at the period decided of the agreement, and the action items of all that
// stand open.
func decidedIn(ctx context.Context, rd store.Reader, p Pact, days ledger.Days, today string, review *ledger.Review) error {
	id := p.Metadata.ID
	var meetings []Meeting
	if err := store.Rows(ctx, rd, func(rows *sql.Rows) error {
		s, err := scanSheet(rows)
		if err == nil && slices.Contains(s.Meeting.Agreements, id) {
			meetings = append(meetings, s.Meeting)
		}
		return err
	}, `select `+sheetColumns+` from dialogue_meeting where partner = $1 and state = 'closed' order by starts, id`, p.partner()); err != nil {
		return err
	}
	for i := range meetings {
		m := &meetings[i]
		signed, err := signaturesOf(ctx, rd, m.ID)
		if err != nil {
			return err
		}
		m.Signatures = signed[m.ID]
		here := m.From <= days.To && m.To >= days.From
		undertaken, err := actions(ctx, rd, today, `where a.meeting = $1`, m.ID)
		if err != nil {
			return err
		}
		for _, a := range undertaken {
			if (a.Agreement == "" || a.Agreement == id) && (here || a.State == ActionOpen || a.State == ActionLate) {
				review.Actions = append(review.Actions, ledger.ReviewAction{ID: a.Number, Owner: a.Owner, Text: a.Text, Due: a.Due, Figure: a.Figure, State: string(a.State)})
			}
		}
		if !here {
			continue
		}
		decided, err := decisionsOf(ctx, rd, m)
		if err != nil {
			return err
		}
		for _, d := range decided {
			if d.Agreement == "" || d.Agreement == id {
				review.Decisions = append(review.Decisions, ledger.ReviewDecision{Number: d.Number, Date: d.Date, Text: d.Text, Effect: d.Effect, SignedBy: d.SignedBy})
			}
		}
	}
	return nil
}

// Send sends this side's figures of a period to the partner, as they may be shared. A period that ends today is sent as
// interim: the figures so far.
func (r *Room) Send(ctx context.Context, p access.Principal, agreement string, days ledger.Days) (Reviewed, error) {
	now, err := r.st.Now(ctx)
	if err != nil {
		return Reviewed{}, err
	}
	if days.To > day(now) {
		return Reviewed{}, api.Errorf(api.Unprocessable, "the period ends on %s, which has not come: send what it was once it is over, or what it is until today", days.To)
	}
	made, err := r.report(ctx, agreement, days, true)
	if err != nil {
		return Reviewed{}, err
	}
	review := made.review
	review.Sides = map[string]*ledger.Side{made.Own: review.Sides[made.Own]}
	review.Differences = []ledger.Difference{}
	text, err := textOf(&review)
	if err != nil {
		return Reviewed{}, err
	}
	err = r.st.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		pacts, err := r.pacts(ctx, tx, []string{agreement})
		if err != nil {
			return err
		}
		if err := saveReport(ctx, tx, made.Own, &review); err != nil {
			return err
		}
		body, err := json.Marshal(message{Kind: aReport, Report: text})
		if err != nil {
			return err
		}
		chairs := pacts[0].chairs()
		if err := r.o.Send(ctx, tx, Outgoing{Agreement: agreement, From: chairs[made.Own], To: chairs[made.Partner], Body: body}); err != nil {
			return err
		}
		if err := audit.Record(ctx, tx, audit.Entry{Actor: p.Name, Role: string(p.Role), Action: "review.send", Touched: []string{agreement}}); err != nil {
			return err
		}
		return r.o.Announce(ctx, tx, Event{ID: agreement, Counts: map[string]int{"report": 1}})
	})
	if err != nil {
		return Reviewed{}, err
	}
	return r.report(ctx, agreement, days, false)
}

var saveReports = store.NewInsert("dialogue_report", []string{"agreement", "first_day", "last_day", "party", "at", "body"},
	`on conflict (agreement, first_day, last_day, party) do update set at = excluded.at, body = excluded.body`)

func saveReport(ctx context.Context, tx store.Tx, party string, review *ledger.Review) error {
	text, err := textOf(review)
	if err != nil {
		return err
	}
	_, err = saveReports.Exec(ctx, tx, [][]any{{review.Agreement.ID, review.Period.From, review.Period.To, party, store.Micros(tx.Now()), string(text)}})
	return err
}

// readReport gives the last report of a party, or nil.
func readReport(ctx context.Context, rd store.Reader, agreement string, days ledger.Days, party string) (*ledger.Review, time.Time, error) {
	var at int64
	var body string
	err := rd.QueryRowContext(ctx, `select at, body from dialogue_report where agreement = $1 and first_day = $2 and last_day = $3 and party = $4`,
		agreement, days.From, days.To, party).Scan(&at, &body)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, time.Time{}, nil
	}
	if err != nil {
		return nil, time.Time{}, err
	}
	review, err := ledger.ReadReview([]byte(body))
	if err != nil {
		return nil, time.Time{}, fmt.Errorf("the report of %s kept: %w", party, err)
	}
	return &review, store.Time(at), nil
}
