package screening

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/rihla/rihla/internal/screening/rules"
	"github.com/rihla/rihla/internal/store"
)

// The states of a version of a rule. A draft is nobody's business but its author's; in shadow it is evaluated on what
// comes in, its hits kept and shown to no officer; a second person approves it; live it makes findings; retired it is
// history. An operator's file is live at once: whoever can write the node's folder needs no second person.
const (
	RuleDraft    = "draft"
	RuleShadow   = "shadow"
	RuleApproved = "approved"
	RuleLive     = "live"
	RuleRetired  = "retired"
	RuleExpired  = "expired" // an operator's rule whose day is past, and whose file is still there
)

// Where a rule comes from.
const (
	FromDesk     = "desk"
	FromOperator = "operator"
)

// ruleVersion is one version of a rule as it is kept. Nothing of it is ever deleted.
type ruleVersion struct {
	number   int64
	origin   string
	state    string
	since    time.Time
	author   string
	made     time.Time
	approver string
	digest   string // of what it evaluates; a backtest holds for this and nothing else
	revision int64
	body     ruleBody
	moves    []RuleMove
}

// ruleBody is what is kept of the text of a version.
type ruleBody struct {
	rules.Rule
	Authors []string `json:"authors,omitempty"` // everybody who wrote on it: none of them can approve it
}

// RuleMove is one step in the life of a version.
type RuleMove struct {
	Version string    `json:"version"`
	At      time.Time `json:"at"`
	By      string    `json:"by"`
	From    string    `json:"from,omitempty"`
	To      string    `json:"to"`
	Reason  string    `json:"reason,omitempty"`
}

// openRule says whether a version is still on its way.
func openRule(state string) bool {
	return state == RuleDraft || state == RuleShadow || state == RuleApproved
}

// evaluatedRule says whether a version in this state is asked of subjects.
func evaluatedRule(state string) bool {
	return state == RuleShadow || state == RuleApproved || state == RuleLive
}

func (v *ruleVersion) move(now time.Time, by, to, reason string) {
	v.moves = append(v.moves, RuleMove{Version: v.body.Version, At: now, By: by, From: v.state, To: to, Reason: reason})
	v.state, v.since = to, now
	v.revision++
}

// ruleDigest covers what decides whom a rule hits.
func ruleDigest(r *rules.Rule) string {
	sum := sha256.Sum256([]byte(r.Domain + "\x00" + r.When))
	return hex.EncodeToString(sum[:12])
}

const ruleVersionColumns = `number, origin, state, since, author, made, approver, digest, revision, body, history`

func scanRuleVersion(row interface{ Scan(...any) error }) (ruleVersion, error) {
	var v ruleVersion
	var since, made int64
	var body, history []byte
	if err := row.Scan(&v.number, &v.origin, &v.state, &since, &v.author, &made, &v.approver, &v.digest, &v.revision, &body, &history); err != nil {
		return v, err
	}
	v.since, v.made = store.Time(since), store.Time(made)
	if err := errors.Join(json.Unmarshal(body, &v.body), json.Unmarshal(history, &v.moves)); err != nil {
		return v, fmt.Errorf("a stored rule: %w", err)
	}
	v.body.Rule = v.body.Alone()
	return v, nil
}

var saveRuleVersions = store.NewInsert("screening_rule_version",
	[]string{"rule", "number", "version", "origin", "domain", "state", "since", "author", "made", "approver", "digest", "revision", "body", "history"},
	`on conflict (rule, number) do update set version = excluded.version, domain = excluded.domain, state = excluded.state, since = excluded.since,
	author = excluded.author, approver = excluded.approver, digest = excluded.digest, revision = excluded.revision, body = excluded.body, history = excluded.history`)

// saveRuleVersion writes versions read in the same transaction.
func saveRuleVersion(ctx context.Context, tx store.Tx, versions ...ruleVersion) error {
	rows := make([][]any, 0, len(versions))
	for i := range versions {
		v := &versions[i]
		body, err := json.Marshal(v.body)
		if err != nil {
			return err
		}
		history, err := json.Marshal(v.moves)
		if err != nil {
			return err
		}
		rows = append(rows, []any{v.body.ID, v.number, v.body.Version, v.origin, v.body.Domain, v.state, store.Micros(v.since), v.author, store.Micros(v.made),
			v.approver, v.digest, v.revision, string(body), string(history)})
	}
	_, err := saveRuleVersions.Exec(ctx, tx, rows)
	return err
}

// versionsOf reads the versions of a rule, oldest first.
func versionsOf(ctx context.Context, r store.Reader, id string) ([]ruleVersion, error) {
	return ruleVersions(ctx, r, `select `+ruleVersionColumns+` from screening_rule_version where rule = $1 order by number`, id)
}

func ruleVersions(ctx context.Context, r store.Reader, query string, args ...any) ([]ruleVersion, error) {
	var out []ruleVersion
	err := store.Rows(ctx, r, func(rows *sql.Rows) error {
		v, err := scanRuleVersion(rows)
		out = append(out, v)
		return err
	}, query, args...)
	return out, err
}

// keepOperators notes what an operator's set of rules brings: a rule that is new or changed becomes a version, live; the
// one before, and whatever has left the set, is retired. Rules of other sets stay as they are.
func keepOperators(ctx context.Context, tx store.Tx, by string, before, loaded []rules.Rule) error {
	now := tx.Now()
	var changed []ruleVersion
	in := make(map[string]bool, len(loaded))
	for _, r := range loaded {
		in[r.ID] = true
		versions, err := versionsOf(ctx, tx, r.ID)
		if err != nil {
			return err
		}
		next := ruleVersion{number: 1, origin: FromOperator, author: by, made: now, digest: ruleDigest(&r), body: ruleBody{Rule: r}}
		if n := len(versions); n > 0 {
			last := &versions[n-1]
			next.number = last.number + 1
			if last.origin == FromOperator && (last.state == RuleLive || last.state == RuleExpired) && sameRule(&last.body.Rule, &r) {
				continue
			}
		}
		for i := range versions {
			if v := &versions[i]; v.state == RuleLive || v.state == RuleExpired {
				v.move(now, by, RuleRetired, "replaced by the operator's file")
				changed = append(changed, *v)
			}
		}
		next.move(now, by, RuleLive, "loaded by operator")
		changed = append(changed, next)
	}
	for _, r := range before {
		if in[r.ID] {
			continue
		}
		versions, err := versionsOf(ctx, tx, r.ID)
		if err != nil {
			return err
		}
		for i := range versions {
			if v := &versions[i]; (v.state == RuleLive || v.state == RuleExpired) && v.origin == FromOperator {
				v.move(now, by, RuleRetired, "no longer in the operator's file")
				changed = append(changed, *v)
			}
		}
	}
	return saveRuleVersion(ctx, tx, changed...)
}

func sameRule(a, b *rules.Rule) bool {
	left, err := json.Marshal(a)
	right, err2 := json.Marshal(b)
	return err == nil && err2 == nil && slices.Equal(left, right)
}
