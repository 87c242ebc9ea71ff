package dialogue

import (
	"context"
	"strings"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/sharing/ledger"
	"github.com/rihla/rihla/internal/store"
)

// DecisionText is what was decided.
type DecisionText struct {
	Text      string        `json:"text" minLength:"1" maxLength:"4000"`
	TextAr    string        `json:"text_ar,omitempty" maxLength:"4000"`
	Basis     string        `json:"basis,omitempty" maxLength:"1000"`
	Agreement string        `json:"agreement,omitempty"`
	Effect    ledger.Effect `json:"effect,omitzero"`
}

// Decide adds a decision to a draft.
func (r *Room) Decide(ctx context.Context, p access.Principal, id string, text DecisionText) (Decision, error) {
	var made Decision
	err := r.draft(ctx, p, id, "decision.add", 0, func(ctx context.Context, tx store.Tx, s *sheet, _ []Pact) error {
		m := &s.Meeting
		if err := about(text.Agreement, m); err != nil {
			return err
		}
		if text.Effect.AgreementVersion != 0 && text.Effect.Digest == "" && text.Agreement == "" {
			return api.Errorf(api.Unprocessable, "a decision for a new version names its agreement")
		}
		year := int64(m.Starts.Year())
		place, err := next(ctx, tx, "dialogue_decision", year)
		if err != nil {
			return err
		}
		made = Decision{
			Number: number("D", year, place), Date: day(m.Starts), Text: strings.TrimSpace(text.Text), TextAr: strings.TrimSpace(text.TextAr),
			Basis: text.Basis, Agreement: text.Agreement, Effect: text.Effect, SignedBy: []string{},
		}
		return saveDecision(ctx, tx, id, made)
	})
	return made, err
}

// Undecide takes a decision out of a draft.
func (r *Room) Undecide(ctx context.Context, p access.Principal, id, number string) error {
	return r.draft(ctx, p, id, "decision.withdraw", 0, func(ctx context.Context, tx store.Tx, _ *sheet, _ []Pact) error {
		year, place, ok := placeOf(number)
		if !ok {
			return api.Errorf(api.NotFound, "%q is no decision's number; they are written D-2026-03", number)
		}
		gone, err := tx.ExecContext(ctx, `delete from dialogue_decision where meeting = $1 and year = $2 and place = $3`, id, year, place)
		if err != nil {
			return err
		}
		if n, err := gone.RowsAffected(); err != nil || n > 0 {
			return err
		}
		return api.Errorf(api.NotFound, "the meeting has no decision %s", number)
	})
}
