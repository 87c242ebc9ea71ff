package links

import (
	"context"
	"slices"
	"strconv"

	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/store"
)

// Standing tells which of some subjects stand out: "listed" when a list is met, "decided" when somebody decided so. The
// room knows neither lists nor cases; whoever calls it does.
type Standing func(context.Context, store.Reader, []screening.ID) (map[screening.ID][]string, error)

// The codes of what links find, and the engine that finds it.
const (
	Engine            = screening.EngineLink
	CodeLinkedListed  = "linked_to_listed"
	CodeLinkedDecided = "linked_to_decided"
)

const (
	mostFound = 3  // links are told of one subject, the strongest
	leastWay  = .3 // of weight: who shares a booking with forty, or a mailbox with sixteen, is linked to nobody by it
)

// Find says which subjects stand within two steps of somebody who stands out, and by which way. Only what is more than
// chance counts as a step, and one who stands out only by a link is nobody to be linked to.
func Find(ctx context.Context, r store.Reader, subjects []*screening.Subject, standing Standing) ([]screening.Finding, error) {
	ids := make([]screening.ID, len(subjects))
	for i, s := range subjects {
		ids[i] = s.ID
	}
	at, err := places(ctx, r, ids)
	if err != nil {
		return nil, err
	}
	w := newWalk(r)
	var found []screening.Finding
	for _, s := range subjects {
		node := at[tripKey(s.ID)].person
		if node == 0 {
			continue
		}
		f, err := w.find(ctx, s, node, standing)
		if err != nil {
			return nil, err
		}
		found = append(found, f...)
	}
	return found, nil
}

func newWalk(r store.Reader) *walk {
	strong := make(map[string]bool)
	for word, k := range kinds {
		strong[word] = k.walked() && k.strong()
	}
	return &walk{kept: ways(r), kinds: strong, least: leastWay}
}

func (w *walk) find(ctx context.Context, s *screening.Subject, node key, standing Standing) ([]screening.Finding, error) {
	if err := w.from(ctx, node, 1, nil); err != nil {
		return nil, err
	}
	var around []key
	for k := range w.reached {
		if k != node {
			around = append(around, k)
		}
	}
	near, err := nearOf(ctx, w.r, around)
	if err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(around, func(k key) bool { return near[k] < distant }) {
		return nil, nil // nobody around is near anybody who stands out
	}
	if err := w.from(ctx, node, 2, nil); err != nil {
		return nil, err
	}
	people := make([]key, 0, len(w.reached))
	for k := range w.reached {
		if k != node {
			people = append(people, k)
		}
	}
	slices.Sort(people)
	if near, err = nearOf(ctx, w.r, people); err != nil {
		return nil, err
	}
	people = slices.DeleteFunc(people, func(k key) bool { return near[k] != source || w.reached[k].total < leastWay })
	if err := w.persons(ctx, people); err != nil {
		return nil, err
	}
	var subjects []screening.ID
	for _, k := range people {
		for i := range w.people[k].trips {
			subjects = append(subjects, w.people[k].trips[i].subject)
		}
	}
	stands, err := standing(ctx, w.r, subjects)
	if err != nil {
		return nil, err
	}
	var found []screening.Finding
	for _, k := range people {
		status := ""
		for i := range w.people[k].trips {
			for _, word := range stands[w.people[k].trips[i].subject] {
				if status == "" || word == "decided" {
					status = word
				}
			}
		}
		if status == "" {
			continue
		}
		f, err := w.told(ctx, s, node, k, status)
		if err != nil {
			return nil, err
		}
		found = append(found, f)
	}
	slices.SortStableFunc(found, func(a, b screening.Finding) int {
		if a.Score != b.Score {
			if a.Score > b.Score {
				return -1
			}
			return 1
		}
		return 0
	})
	return found[:min(len(found), mostFound)], nil
}

// told is the finding of one way.
func (w *walk) told(ctx context.Context, s *screening.Subject, from, to key, status string) (screening.Finding, error) {
	var chain []key
	for k := to; k != from; k = w.reached[k].from {
		chain = append(chain, k)
	}
	slices.Reverse(chain)
	if err := w.persons(ctx, append(chain, from)); err != nil {
		return screening.Finding{}, err
	}
	f := screening.Finding{Subject: s.ID, Engine: Engine, Matched: "person/" + strconv.FormatInt(to, 16), Severity: screening.Low, Score: rounded(w.reached[to].total)}
	x := &f.Explanation
	x.Code = CodeLinkedListed
	if status == "decided" {
		x.Code = CodeLinkedDecided
	}
	if len(chain) == 1 {
		f.Severity = screening.Medium
	}
	if len(s.Names) > 0 {
		x.Subject = s.Names[0].String()
	}
	x.Settle = []string{"ask_relation"}
	d := drawing{walk: w, ids: map[key]string{from: string(s.ID)}}
	before := from
	for _, k := range chain {
		d.ids[k] = string(w.people[k].latest())
		step := d.stepOf(before, k, w.values[w.reached[k].value])
		x.Path = append(x.Path, screening.PathStep{Kind: step.Kind, Value: step.Value, To: screening.ID(step.To), First: step.First, Last: step.Last, Weight: step.Weight})
		before = k
	}
	x.Path[len(x.Path)-1].Status = status
	return f, nil
}
