package screening

import (
	"context"
	"database/sql"

	"github.com/rihla/rihla/internal/store"
)

// Precision tells what became of the cases that a rule had a finding in, by the decisions that followed.
type Precision struct {
	Decided int     `json:"decided"`
	Upheld  int     `json:"upheld" doc:"Ended in something other than letting the traveller be: referred, not boarded …"`
	Cleared int     `json:"cleared"`
	Share   float64 `json:"share" doc:"Upheld of decided"`
}

func (p *Precision) add(upheld bool, n int) {
	p.Decided += n
	if upheld {
		p.Upheld += n
	} else {
		p.Cleared += n
	}
	p.Share = float64(p.Upheld) / float64(p.Decided)
}

// RuleDecided counts a decision towards every rule that had a live finding of the subject. It belongs in the decision's
// own transaction; upheld is whether the decision bore the finding out.
func RuleDecided(ctx context.Context, tx store.Tx, subject ID, outcome string, upheld bool) error {
	stored, err := storedOf(ctx, tx, []ID{subject})
	if err != nil {
		return err
	}
	for key, f := range stored {
		if key.engine != EngineRule || f.state != live {
			continue
		}
		found, err := readFinding(key, f)
		if err != nil {
			return err
		}
		borne := 0
		if upheld {
			borne = 1
		}
		if _, err := tx.ExecContext(ctx, `insert into screening_rule_outcome (rule, version, outcome, upheld, decided) values ($1, $2, $3, $4, 1)
			on conflict (rule, version, outcome) do update set upheld = excluded.upheld, decided = screening_rule_outcome.decided + 1`,
			found.Rule, found.RuleVersion, outcome, borne); err != nil {
			return err
		}
	}
	return nil
}

// precisions are by version of a rule; of the rule as a whole under no version.
func precisions(ctx context.Context, r store.Reader) (map[ruleVersionKey]*Precision, error) {
	out := make(map[ruleVersionKey]*Precision)
	err := store.Rows(ctx, r, func(rows *sql.Rows) error {
		var k ruleVersionKey
		var upheld, n int
		if err := rows.Scan(&k.rule, &k.version, &upheld, &n); err != nil {
			return err
		}
		for _, key := range []ruleVersionKey{k, {k.rule, ""}} {
			if out[key] == nil {
				out[key] = &Precision{}
			}
			out[key].add(upheld == 1, n)
		}
		return nil
	}, `select rule, version, upheld, decided from screening_rule_outcome`)
	return out, err
}
