package screening

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"

	"github.com/rihla/rihla/internal/screening/lists"
	"github.com/rihla/rihla/internal/store"
)

// whyGone tells why a finding is no longer found of a subject that was screened again.
func whyGone(ctx context.Context, tx store.Tx, f *Finding, s *Subject) (string, error) {
	switch {
	case f.Engine == EngineRule:
		return whyRuleGone(ctx, tx, f)
	case f.List == "":
		return SubjectChanged, nil
	}
	var body []byte
	err := tx.QueryRowContext(ctx, `select body from screening_entry where list = $1 and entry = $2`, f.List, f.Entry).Scan(&body)
	if errors.Is(err, sql.ErrNoRows) {
		return EntryRemoved, nil
	}
	if err != nil {
		return "", err
	}
	var e lists.Entry
	if err := json.Unmarshal(body, &e); err != nil {
		return "", err
	}
	if holds, _ := inForce(&e, tx.Now()); !holds {
		return EntryRemoved, nil
	}
	if e.Hash() != f.EntryHash {
		return EntryChanged, nil
	}
	var decided bool
	if s != nil {
		err := store.ForKeys(ctx, tx, `select 1 from screening_dismissal where list = $1 and entry = $2 and entry_hash = $3 and ended = 0 and identity in (:keys)`,
			Identity(s), func(rows *sql.Rows) error { decided = true; return rows.Scan(new(int)) }, f.List, f.Entry, f.EntryHash)
		if err != nil {
			return "", err
		}
	}
	if decided {
		return NotSamePerson, nil
	}
	if f.Engine == EngineName {
		t, err := ListThresholds(ctx, tx, f.List)
		if err != nil {
			return "", err
		}
		if perMille(f.Score) < perMille(t.Look) {
			return BelowThreshold, nil
		}
	}
	return SubjectChanged, nil
}

func whyRuleGone(ctx context.Context, tx store.Tx, f *Finding) (string, error) {
	err := tx.QueryRowContext(ctx, `select 1 from screening_rule_version where rule = $1 and state = $2 limit 1`, f.Rule, RuleLive).Scan(new(int))
	if errors.Is(err, sql.ErrNoRows) {
		return RuleGone, nil
	}
	return SubjectChanged, err
}
