package screening

import (
	"cmp"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"maps"
	"slices"
	"time"

	"github.com/rihla/rihla/internal/store"
)

// A finding lives until a later screening no longer gives it, or until a human says that it is another person; its row
// stays as history.
const (
	live = iota
	withdrawn
	dismissed
)

// Upserted is what storing findings changed.
type Upserted struct {
	New   []Finding // not there before, or there again
	Worse []Finding // there before, less severe
	Gone  []Finding // no longer found: withdrawn
}

type findingKey struct {
	subject         ID
	engine, matched string
}

type storedFinding struct {
	state     int
	severity  Severity
	entryHash string
	digest    string
	found     int64
	holder    string
	body      []byte
}

var insertFindings = store.NewInsert("screening_finding",
	[]string{"subject", "engine", "matched", "domain", "holder", "state", "severity", "kind", "entry_hash", "digest", "found", "ended", "ending", "body"},
	`on conflict (subject, engine, matched) do update set domain = excluded.domain, holder = excluded.holder, state = excluded.state,
	severity = excluded.severity, kind = excluded.kind, entry_hash = excluded.entry_hash, digest = excluded.digest, found = excluded.found,
	ended = excluded.ended, ending = excluded.ending, body = excluded.body`)

// Upsert stores what screening found of these subjects, all of it: whatever the engines document, name and rule, and
// those named besides, found earlier of one of them, and no longer do, is withdrawn. Subjects of whom nothing is found and nothing was cost one
// look at the keys, together.
func Upsert(ctx context.Context, tx store.Tx, domain string, screened []*Subject, found []Finding, besides ...string) (Upserted, error) {
	var u Upserted
	holders := make(map[ID]string, len(screened))
	ids := make([]ID, 0, len(screened))
	for _, s := range screened {
		if _, twice := holders[s.ID]; !twice {
			ids = append(ids, s.ID)
		}
		holders[s.ID] = s.Within
	}
	before, err := storedOf(ctx, tx, ids)
	if err != nil {
		return u, err
	}
	if len(before) == 0 && len(found) == 0 {
		return u, nil
	}
	now := tx.Now()
	var rows [][]any
	seen := make(map[findingKey]bool, len(found))
	for _, f := range found {
		key := findingKey{f.Subject, f.Engine, f.Matched}
		if _, asked := holders[f.Subject]; !asked || seen[key] {
			continue
		}
		seen[key] = true
		old, known := before[key]
		f.Withdrawn, f.Dismissed, f.Withdrawal = time.Time{}, time.Time{}, ""
		f.Found = now
		if known {
			f.Found = store.Time(old.found)
		}
		body, digest, err := writeFinding(f)
		if err != nil {
			return u, err
		}
		switch {
		case known && old.state == dismissed && old.entryHash == f.EntryHash && f.Explanation.Code != CodeDocumentStolen:
			continue // screened before the decision was known
		case !known || old.state != live:
			u.New = append(u.New, f)
		case old.digest == digest && old.holder == holders[f.Subject]:
			continue
		case f.Severity > old.severity:
			u.Worse = append(u.Worse, f)
		}
		rows = append(rows, []any{f.Subject, f.Engine, f.Matched, domain, holders[f.Subject], live, int(f.Severity), f.Explanation.Code, f.EntryHash, digest,
			store.Micros(f.Found), 0, "", string(body)})
	}
	if _, err := insertFindings.Exec(ctx, tx, rows); err != nil {
		return u, err
	}
	var gone []findingKey
	for key, old := range before {
		if old.state == live && !seen[key] && (key.engine == EngineDocument || key.engine == EngineName || key.engine == EngineRule || slices.Contains(besides, key.engine)) {
			gone = append(gone, key)
		}
	}
	bySubject := make(map[ID]*Subject, len(screened))
	for _, s := range screened {
		bySubject[s.ID] = s
	}
	u.Gone, err = withdraw(ctx, tx, gone, before, func(f *Finding) (string, error) { return whyGone(ctx, tx, f, bySubject[f.Subject]) })
	return u, err
}

// Withdraw ends every live finding of subjects that are no more.
func Withdraw(ctx context.Context, tx store.Tx, ids []ID) ([]Finding, error) {
	before, err := storedOf(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	maps.DeleteFunc(before, func(_ findingKey, f storedFinding) bool { return f.state != live })
	return withdraw(ctx, tx, slices.Collect(maps.Keys(before)), before, func(*Finding) (string, error) { return SubjectGone, nil })
}

func withdraw(ctx context.Context, tx store.Tx, keys []findingKey, before map[findingKey]storedFinding, why func(*Finding) (string, error)) ([]Finding, error) {
	var gone []Finding
	for _, key := range keys {
		f, err := readFinding(key, before[key])
		if err != nil {
			return nil, err
		}
		f.Withdrawn = tx.Now()
		if f.Withdrawal, err = why(&f); err != nil {
			return nil, err
		}
		gone = append(gone, f)
		if _, err := tx.ExecContext(ctx, `update screening_finding set state = $1, ended = $2, ending = $3 where subject = $4 and engine = $5 and matched = $6`,
			withdrawn, store.Micros(f.Withdrawn), f.Withdrawal, key.subject, key.engine, key.matched); err != nil {
			return nil, err
		}
	}
	sortFindings(gone)
	return gone, nil
}

func storedOf(ctx context.Context, r store.Reader, ids []ID) (map[findingKey]storedFinding, error) {
	var before map[findingKey]storedFinding
	err := store.ForKeys(ctx, r, `select subject, engine, matched, state, severity, entry_hash, digest, found, holder, body from screening_finding where subject in (:keys)`,
		ids, func(rows *sql.Rows) error {
			var key findingKey
			var f storedFinding
			if err := rows.Scan(&key.subject, &key.engine, &key.matched, &f.state, &f.severity, &f.entryHash, &f.digest, &f.found, &f.holder, &f.body); err != nil {
				return err
			}
			if before == nil {
				before = make(map[findingKey]storedFinding)
			}
			before[key] = f
			return nil
		})
	return before, err
}

// writeFinding gives a finding's row its text and the digest that tells whether anything a human sees has changed. The
// generation is not part of it: found again under another is not changed.
func writeFinding(f Finding) (body []byte, digest string, err error) {
	if body, err = json.Marshal(f); err != nil {
		return nil, "", err
	}
	f.Generation, f.Found, f.ListVersion = 0, time.Time{}, ""
	told, err := json.Marshal(f)
	if err != nil {
		return nil, "", err
	}
	sum := sha256.Sum256(append(told, f.EntryHash...))
	return body, hex.EncodeToString(sum[:12]), nil
}

func readFinding(key findingKey, s storedFinding) (Finding, error) {
	var f Finding
	if err := json.Unmarshal(s.body, &f); err != nil {
		return f, err
	}
	f.Subject, f.Engine, f.Matched, f.EntryHash, f.Found = key.subject, key.engine, key.matched, s.entryHash, store.Time(s.found)
	return f, nil
}

// OfSubjects gives the live findings of many subjects, worst first.
func OfSubjects(ctx context.Context, r store.Reader, ids []ID) (map[ID][]Finding, error) {
	out := make(map[ID][]Finding)
	err := findings(ctx, r, `select subject, engine, matched, state, severity, entry_hash, digest, found, ended, ending, holder, body from screening_finding
		where state = 0 and subject in (:keys)`, ids, func(f Finding) { out[f.Subject] = append(out[f.Subject], f) })
	for _, fs := range out {
		sortFindings(fs)
	}
	return out, err
}

// History gives all findings of one subject, those withdrawn and dismissed too, live ones first.
func History(ctx context.Context, r store.Reader, id ID) ([]Finding, error) {
	var out []Finding
	err := findings(ctx, r, `select subject, engine, matched, state, severity, entry_hash, digest, found, ended, ending, holder, body from screening_finding
		where subject in (:keys)`, []ID{id}, func(f Finding) { out = append(out, f) })
	sortFindings(out)
	return out, err
}

func findings(ctx context.Context, r store.Reader, query string, ids []ID, each func(Finding)) error {
	return store.ForKeys(ctx, r, query, ids, func(rows *sql.Rows) error {
		var key findingKey
		var s storedFinding
		var ended int64
		var ending string
		if err := rows.Scan(&key.subject, &key.engine, &key.matched, &s.state, &s.severity, &s.entryHash, &s.digest, &s.found, &ended, &ending, &s.holder, &s.body); err != nil {
			return err
		}
		f, err := readFinding(key, s)
		if err != nil {
			return err
		}
		switch s.state {
		case withdrawn:
			f.Withdrawn, f.Withdrawal = store.Time(ended), ending
		case dismissed:
			f.Dismissed = store.Time(ended)
		}
		each(f)
		return nil
	})
}

func sortFindings(fs []Finding) {
	ended := func(f Finding) int {
		if f.Withdrawn.IsZero() && f.Dismissed.IsZero() {
			return 0
		}
		return 1
	}
	slices.SortFunc(fs, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(ended(a), ended(b)), -cmp.Compare(a.Severity, b.Severity), -cmp.Compare(a.Score, b.Score),
			cmp.Compare(a.Engine, b.Engine), cmp.Compare(a.Matched, b.Matched), cmp.Compare(a.Subject, b.Subject))
	})
}

// Tally sums up the live findings of one subject.
type Tally struct {
	Findings int
	Severity Severity // the worst
	Kinds    []string // explanation codes, each once
}

// Tallies sums up the live findings of many subjects; one without any is not in the map.
func Tallies(ctx context.Context, r store.Reader, ids []ID) (map[ID]Tally, error) {
	out := make(map[ID]Tally)
	err := store.ForKeys(ctx, r, `select subject, severity, kind from screening_finding where state = 0 and subject in (:keys)`, ids, func(rows *sql.Rows) error {
		var id ID
		var severity Severity
		var kind string
		if err := rows.Scan(&id, &severity, &kind); err != nil {
			return err
		}
		t := out[id]
		t.Findings++
		t.Severity = max(t.Severity, severity)
		if !slices.Contains(t.Kinds, kind) {
			t.Kinds = append(t.Kinds, kind)
			slices.Sort(t.Kinds)
		}
		out[id] = t
		return nil
	})
	return out, err
}

// Count sums up the live findings within one flight, one waybill.
type Count struct {
	Findings   int
	Severities map[Severity]int // subjects, by their worst finding
}

// CountWithin sums up by what holds the subjects; one without any finding is not in the map.
func CountWithin(ctx context.Context, r store.Reader, holders []string) (map[string]Count, error) {
	type held struct {
		holder  string
		subject ID
	}
	worst := make(map[held]Severity)
	out := make(map[string]Count)
	err := store.ForKeys(ctx, r, `select holder, subject, severity from screening_finding where state = 0 and holder in (:keys)`, holders, func(rows *sql.Rows) error {
		var h held
		var severity Severity
		if err := rows.Scan(&h.holder, &h.subject, &severity); err != nil {
			return err
		}
		worst[h] = max(worst[h], severity)
		c := out[h.holder]
		c.Findings++
		out[h.holder] = c
		return nil
	})
	for h, severity := range worst {
		c := out[h.holder]
		if c.Severities == nil {
			c.Severities = make(map[Severity]int)
		}
		c.Severities[severity]++
		out[h.holder] = c
	}
	return out, err
}

// RuleHits counts the live findings of each rule, by its id.
func RuleHits(ctx context.Context, r store.Reader) (map[string]int, error) {
	hits := make(map[string]int)
	err := store.Rows(ctx, r, func(rows *sql.Rows) error {
		var rule string
		var n int
		if err := rows.Scan(&rule, &n); err != nil {
			return err
		}
		hits[rule] = n
		return nil
	}, `select matched, count(*) from screening_finding where engine = $1 and state = 0 group by matched`, EngineRule)
	return hits, err
}

// Rename lets findings and due marks follow subjects that now go by another id. What the new id already has of the same
// identity stays. Of a chain, a to b and b to c, the far end moves first.
func Rename(ctx context.Context, tx store.Tx, renamed map[ID]ID) error {
	olds := slices.Sorted(maps.Keys(renamed))
	touched := make(map[ID]bool)
	for _, query := range []string{
		`select distinct subject from screening_finding where subject in (:keys)`,
		`select distinct subject from screening_due where subject in (:keys)`,
		`select distinct subject from screening_rule_shadow where subject in (:keys)`,
	} {
		if err := store.ForKeys(ctx, tx, query, olds, func(rows *sql.Rows) error {
			var id ID
			err := rows.Scan(&id)
			touched[id] = true
			return err
		}); err != nil {
			return err
		}
	}
	for _, old := range farEndFirst(olds, renamed) {
		to := renamed[old]
		if !touched[old] || old == to {
			continue
		}
		for _, statement := range []string{
			`update screening_finding set subject = $1 where subject = $2 and not exists (select 1 from screening_finding n
				where n.subject = $1 and n.engine = screening_finding.engine and n.matched = screening_finding.matched)`,
			`update screening_due set subject = $1 where subject = $2 and not exists (select 1 from screening_due n
				where n.domain = screening_due.domain and n.subject = $1)`,
			`update screening_rule_shadow set subject = $1 where subject = $2 and not exists (select 1 from screening_rule_shadow n
				where n.rule = screening_rule_shadow.rule and n.version = screening_rule_shadow.version and n.subject = $1)`,
		} {
			if _, err := tx.ExecContext(ctx, statement, to, old); err != nil {
				return err
			}
		}
		if err := Erase(ctx, tx, []ID{old}); err != nil {
			return err
		}
	}
	return nil
}

func farEndFirst(olds []ID, renamed map[ID]ID) []ID {
	out := make([]ID, 0, len(olds))
	done := make(map[ID]bool, len(olds))
	var visit func(ID)
	visit = func(id ID) {
		to, moves := renamed[id]
		if !moves || done[id] {
			return
		}
		done[id] = true
		visit(to)
		out = append(out, id)
	}
	for _, id := range olds {
		visit(id)
	}
	return out
}

// Erase removes every trace of subjects whose time is over.
func Erase(ctx context.Context, tx store.Tx, ids []ID) error {
	for _, query := range []string{
		`delete from screening_finding where subject in (:keys)`,
		`delete from screening_due where subject in (:keys)`,
		`delete from screening_rule_shadow where subject in (:keys)`,
	} {
		if _, err := store.ExecKeys(ctx, tx, query, ids); err != nil {
			return err
		}
	}
	return nil
}
