package screening

import (
	"context"
	"database/sql"
	"encoding/json"
	"math/rand/v2"
	"slices"

	"github.com/rihla/rihla/internal/screening/names"
	"github.com/rihla/rihla/internal/store"
)

// Curve is what each threshold would cost and find, by what people decided so far.
type Curve struct {
	List    string        `json:"list,omitempty"`
	Look    float64       `json:"look"`
	Alert   float64       `json:"alert"`
	Ahead   int           `json:"ahead"`   // subjects that the alarms are counted among
	Decided int           `json:"decided"` // pairs that somebody decided on
	Same    int           `json:"same"`    // and that were the same person
	Points  []CurvePoint  `json:"points"`
	Buckets []CurveBucket `json:"buckets"`
}

// CurvePoint tells of one threshold.
type CurvePoint struct {
	Score   float64  `json:"score"`
	Alarms  *float64 `json:"alarms,omitempty"` // subjects of a thousand ahead with a match at or above; unknown below what is kept
	Decided int      `json:"decided"`          // pairs at or above
	Same    int      `json:"same"`
	Share   *float64 `json:"share,omitempty"` // of those decided, the same person
	Kept    *float64 `json:"kept,omitempty"`  // of all decided to be the same person, those at or above
}

// CurveBucket counts the pairs decided in one stretch of scores.
type CurveBucket struct {
	From    float64 `json:"from"`
	To      float64 `json:"to"`
	Decided int     `json:"decided"`
	Same    int     `json:"same"`
}

// curveStep is the width of a bucket, in thousandths.
const curveStep = 20

// CurveOf draws the curve of a list, or of all.
func (s *Screener) CurveOf(ctx context.Context, list string) (Curve, error) {
	g := s.Generation()
	t := g.Thresholds(list)
	c := Curve{List: list, Look: t.Look, Alert: t.Alert, Points: []CurvePoint{}, Buckets: []CurveBucket{}}
	decided, err := AllDecided(ctx, s.st.Read(), list)
	if err != nil {
		return c, err
	}
	best, err := s.bestAhead(ctx, list)
	if err != nil {
		return c, err
	}
	c.Ahead = s.aheadCount()
	for _, d := range decided {
		c.Decided++
		if d.Same {
			c.Same++
		}
	}
	for at := int64(LowestThreshold * 1000); at < 1000; at += curveStep {
		p := CurvePoint{Score: float64(at) / 1000}
		b := CurveBucket{From: p.Score, To: float64(at+curveStep) / 1000}
		for _, d := range decided {
			score, same := perMille(d.Score), 0
			if d.Same {
				same = 1
			}
			if score >= at {
				p.Decided++
				p.Same += same
			}
			if score >= at && (score < at+curveStep || at+curveStep >= 1000) {
				b.Decided++
				b.Same += same
			}
		}
		p.Share, p.Kept = ratio(p.Same, p.Decided), ratio(p.Same, c.Same)
		if at >= perMille(t.Look) && c.Ahead > 0 {
			alarms := 0
			for _, score := range best {
				if score >= at {
					alarms++
				}
			}
			share := 1000 * float64(alarms) / float64(c.Ahead)
			p.Alarms = &share
		}
		c.Points, c.Buckets = append(c.Points, p), append(c.Buckets, b)
	}
	return c, nil
}

func ratio(part, whole int) *float64 {
	if whole == 0 {
		return nil
	}
	r := float64(part) / float64(whole)
	return &r
}

// scoreOf is what is read of a stored finding.
type scoreOf struct {
	subject ID
	list    string
	score   int64
}

func nameScores(ctx context.Context, r store.Reader, list string) ([]scoreOf, error) {
	var out []scoreOf
	from, to := list+"/", list+"0" // 0 follows the slash
	if list == "" {
		from, to = "", "\uffff"
	}
	err := store.Rows(ctx, r, func(rows *sql.Rows) error {
		var s scoreOf
		var body []byte
		if err := rows.Scan(&s.subject, &body); err != nil {
			return err
		}
		var f struct {
			List  string  `json:"list"`
			Score float64 `json:"score"`
		}
		err := json.Unmarshal(body, &f)
		if s.list, s.score = f.List, perMille(f.Score); list == "" || f.List == list {
			out = append(out, s)
		}
		return err
	}, `select subject, body from screening_finding where matched >= $1 and matched < $2 and engine = $3 and state = 0`, from, to, EngineName)
	return out, err
}

// bestAhead gives the best score of each subject ahead that has a match.
func (s *Screener) bestAhead(ctx context.Context, list string) (map[ID]int64, error) {
	scores, err := nameScores(ctx, s.st.Read(), list)
	if err != nil {
		return nil, err
	}
	best := make(map[ID]int64)
	for _, f := range scores {
		best[f.subject] = max(best[f.subject], f.score)
	}
	known := make(map[ID]int64, len(best))
	for _, a := range s.allAhead() {
		a.each(func(id ID, _ []byte) bool {
			if score, found := best[id]; found {
				known[id] = score
			}
			return true
		})
	}
	return known, nil
}

func (s *Screener) allAhead() []*Ahead {
	s.aheads.Lock()
	defer s.aheads.Unlock()
	var all []*Ahead
	for _, a := range s.ahead {
		all = append(all, a)
	}
	return all
}

func (s *Screener) aheadCount() (n int) {
	for _, a := range s.allAhead() {
		n += a.Len()
	}
	return n
}

// each goes through the subjects until it is told to stop.
func (a *Ahead) each(do func(ID, []byte) bool) {
	a.mu.RLock()
	holders := make([]*heldBy, 0, len(a.holders))
	for _, h := range a.holders {
		holders = append(holders, h)
	}
	a.mu.RUnlock()
	for _, h := range holders {
		for i := range h.versions {
			if !do(h.id(i), h.subject(i)) {
				return
			}
		}
	}
}

// Preview is what other thresholds would change, before anybody sets them.
type Preview struct {
	List    string  `json:"list"`
	Look    float64 `json:"look"`
	Alert   float64 `json:"alert"`
	Close   int     `json:"close"`   // findings that would go
	Quieter int     `json:"quieter"` // from high to medium
	Louder  int     `json:"louder"`  // from medium to high
	Add     int     `json:"add"`     // that would come; estimated unless Exact
	Sampled int     `json:"sampled"` // subjects asked for the estimate
	Ahead   int     `json:"ahead"`
	Exact   bool    `json:"exact"`
}

// mostSampled subjects are compared anew when a threshold would be lowered.
const mostSampled = 2_000

// PreviewThresholds tells what would change. What would close is counted from the scores stored; what would come when a
// threshold is lowered nobody has stored: some of those ahead are compared anew.
func (s *Screener) PreviewThresholds(ctx context.Context, t Thresholds) (Preview, error) {
	p := Preview{List: t.List, Look: t.Look, Alert: t.Alert, Ahead: s.aheadCount(), Exact: true}
	if err := t.valid(); err != nil {
		return p, err
	}
	now := s.Generation().Thresholds(t.List)
	scores, err := nameScores(ctx, s.st.Read(), t.List)
	if err != nil {
		return p, err
	}
	for _, f := range scores {
		high, would := f.score >= perMille(now.Alert), f.score >= perMille(t.Alert)
		switch {
		case f.score < perMille(t.Look):
			p.Close++
		case high && !would:
			p.Quieter++
		case !high && would:
			p.Louder++
		}
	}
	if t.Look < now.Look {
		p.Add, p.Sampled = s.wouldAdd(t, now)
		if p.Exact = p.Sampled == p.Ahead; !p.Exact && p.Sampled > 0 {
			p.Add = p.Add * p.Ahead / p.Sampled
		}
	}
	return p, nil
}

// wouldAdd compares a sample of those ahead and counts the matches between the old threshold and the new.
func (s *Screener) wouldAdd(t, now Thresholds) (add, sampled int) {
	var sample [][]byte
	seen := 0
	for _, a := range s.allAhead() {
		a.each(func(_ ID, b []byte) bool {
			seen++
			if len(sample) < mostSampled {
				sample = append(sample, b)
			} else if i := rand.IntN(seen); i < mostSampled { //nolint:gosec // a sample, no secret
				sample[i] = b
			}
			return true
		})
	}
	g := s.Generation()
	var subject Subject
	var person names.Person
	var hits []names.Hit
	for _, b := range sample {
		readSubject(&subject, b)
		asPerson(&person, &subject)
		for _, in := range slices.DeleteFunc([]*layer{g.base, g.over}, func(l *layer) bool { return l == nil }) {
			for _, table := range in.tables(&subject) {
				if table == nil {
					continue
				}
				hits = table.index.Match(hits[:0], &person, t.Look, 4*mostNameHits)
				for i := range hits {
					entry := table.entries[hits[i].Entry]
					if hits[i].Score < now.Look && in.roll.list(entry) == t.List && (in != g.base || !g.dead[entry]) {
						add++
					}
				}
			}
		}
	}
	return add, len(sample)
}
