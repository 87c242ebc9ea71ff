package cyber

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/rihla/rihla/formats/observable"
	"github.com/rihla/rihla/formats/stix"
	"github.com/rihla/rihla/internal/cyber/incident"
	"github.com/rihla/rihla/internal/cyber/indicators"
	"github.com/rihla/rihla/internal/sharing"
	"github.com/rihla/rihla/internal/sharing/agreement"
	"github.com/rihla/rihla/internal/store"
)

// Items are what an agreement may speak of that cyber holds: indicators, and incidents to be worked on together.
func (d *Domain) Items() []sharing.Item { return []sharing.Item{item{d}} }

type item struct{ d *Domain }

// The categories of an agreement's shares that cyber answers.
const (
	categoryIndicator = "indicator"
	categoryIncident  = "incident"
)

func (item) Categories() []string { return []string{categoryIndicator, categoryIncident} }

const mostCandidates = 20

// Find gives what a request may mean. A request says in words what it is about: the values that stand in them lead to the
// indicators, and to the incidents those are part of; of the other incidents the open ones that cross the border stand first.
func (i item) Find(ctx context.Context, r store.Reader, a sharing.Ask) ([]sharing.Candidate, error) {
	named, err := i.d.named(ctx, r, a.Facts)
	if err != nil {
		return nil, err
	}
	out, err := i.incidents(ctx, r, named)
	if a.Category == categoryIndicator {
		out, err = i.indicators(ctx, r, named)
	}
	slices.SortStableFunc(out, func(a, b sharing.Candidate) int { return cmp.Compare(b.Score, a.Score) })
	return out[:min(len(out), mostCandidates)], err
}

// named are the indicators held of the values that stand in a text.
func (d *Domain) named(ctx context.Context, r store.Reader, text string) (map[string]*held, error) {
	var ids []string
	for _, line := range strings.Split(text, "\n") {
		for _, f := range observable.Find(line) {
			ids = append(ids, d.indicatorID(indicators.Value{Kind: f.Kind, Value: observable.Key(f.Kind, f.Value)}))
		}
	}
	slices.Sort(ids)
	return loadIndicators(ctx, r, slices.Compact(ids))
}

func (i item) indicators(ctx context.Context, r store.Reader, named map[string]*held) (out []sharing.Candidate, err error) {
	now := i.d.clock().UTC()
	candidate := func(h *held, score float64) {
		if v := h.view(now); v.State.Matched() && v.TLP < stix.Red {
			out = append(out, sharing.Candidate{Ref: h.ID, Title: v.Display, Detail: string(h.Kind) + " " + v.TLP.String(), Score: score})
		}
	}
	for _, id := range keysOf(named) {
		candidate(named[id], 1)
	}
	met, err := listIndicators(ctx, r, wanted{Sighted: true, Limit: mostCandidates}, now)
	for _, h := range met {
		if named[h.ID] == nil {
			candidate(h, float64(h.view(now).Score)/200)
		}
	}
	return out, err
}

func (i item) incidents(ctx context.Context, r store.Reader, named map[string]*held) (out []sharing.Candidate, err error) {
	now := i.d.clock().UTC()
	scores := map[string]float64{}
	found := map[string]*matter{}
	for _, id := range keysOf(named) {
		linked, err := linkedTo(ctx, r, id)
		if err != nil {
			return nil, err
		}
		for _, m := range linked {
			found[m.ID], scores[m.ID] = m, 1
		}
	}
	var c clauses
	c.and("is_open")
	open, _, err := i.d.findIncidents(ctx, r, &c, 10*mostCandidates)
	for _, m := range open {
		found[m.ID] = m
	}
	for _, id := range keysOf(found) {
		m := found[id]
		v := m.At(now)
		if v.TLP >= stix.Red {
			continue
		}
		score := max(scores[id], .3)
		if v.CrossBorder == "yes" {
			score = max(score, .6)
		}
		out = append(out, sharing.Candidate{Ref: m.ID, Title: m.label() + " " + v.Type, Detail: v.Sector + " " + v.Opened.Format(time.DateOnly), Score: score})
	}
	return out, err
}

// Fill gives what is held of one, and its marking, by which the agreement decides. Of what is TLP:RED it gives the marking
// alone, even as the only value: however an agreement is written, no machine sends more of it.
func (i item) Fill(ctx context.Context, r store.Reader, ref string, a sharing.Ask) (sharing.Offer, error) {
	now := i.d.clock().UTC()
	if a.Category == categoryIndicator {
		h, err := indicatorByID(ctx, r, ref)
		if err != nil || h == nil {
			return sharing.Offer{}, err
		}
		return h.offer(now), nil
	}
	m, err := incidentByID(ctx, r, ref)
	if err != nil || m == nil {
		return sharing.Offer{}, err
	}
	linked := make([]string, 0, len(m.Linked))
	for _, l := range m.Linked {
		linked = append(linked, l.Indicator)
	}
	held, err := loadIndicators(ctx, r, linked)
	if err != nil {
		return sharing.Offer{}, err
	}
	return m.offer(held, i.d.owner, now), nil
}

func (h *held) offer(now time.Time) sharing.Offer {
	v := h.view(now)
	o := sharing.Offer{Values: map[string]any{}, Subject: agreement.Nobody, Record: agreement.Record{
		Kind: categoryIndicator, Status: string(v.State), TLP: v.TLP.String(), Confidence: v.Score, AgeDays: int(now.Sub(v.ValidFrom).Hours() / 24),
	}}
	if v.TLP >= stix.Red {
		o.Values["indicator.type"] = v.TLP.String()
		return o
	}
	if !v.State.Matched() {
		return o
	}
	set(o.Values, "indicator.type", string(v.Kind))
	set(o.Values, "indicator.value", v.Value)
	set(o.Values, "indicator.valid_from", instantText(v.ValidFrom))
	set(o.Values, "indicator.valid_until", instantText(v.ValidUntil))
	o.Values["indicator.confidence"] = v.Confidence
	set(o.Values, "indicator.kill_chain", strings.Join(v.KillChain, ", "))
	if h.seen.Lines > 0 {
		set(o.Values, "indicator.sighted", instantText(h.seen.Last)) // when, never where
	}
	for _, c := range h.Claimed() {
		if c.Live() && stix.TypeOf(c.Ref) == categoryIndicator && c.Level() < stix.Red {
			set(o.Values, "indicator.source_reference", c.Ref)
			break
		}
	}
	return o
}

// offer leaves out who it happened to: sector and class, never a name; times and kinds of what happened, never the words.
func (m *matter) offer(linked map[string]*held, contact string, now time.Time) sharing.Offer {
	v := m.At(now)
	o := sharing.Offer{Values: map[string]any{}, Subject: agreement.Nobody, Record: agreement.Record{
		Kind: categoryIncident, Status: string(v.State), TLP: v.TLP.String(), Confidence: v.Severity.Score, AgeDays: int(now.Sub(v.Opened).Hours() / 24), Consent: v.VictimConsents,
	}}
	if v.TLP >= stix.Red {
		o.Values["incident.class"] = v.TLP.String()
		return o
	}
	set(o.Values, "incident.class", v.Type)
	set(o.Values, "incident.started", instantText(later(v.OccurredFrom, time.Time{})))
	set(o.Values, "incident.affected_sector", v.Sector)
	set(o.Values, "incident.contact", contact)
	technique := slices.Clone(v.Vulnerable)
	var hashes []string
	for _, id := range keysOf(linked) {
		iv := linked[id].view(now)
		if iv.TLP >= stix.Red || iv.State == indicators.Refused || iv.State == indicators.Harmless {
			continue
		}
		technique = append(technique, iv.KillChain...)
		switch iv.Kind {
		case "md5", "sha1", "sha256", "sha512":
			hashes = append(hashes, iv.Value)
		}
	}
	slices.Sort(technique)
	set(o.Values, "incident.technique", strings.Join(slices.Compact(technique), ", "))
	set(o.Values, "incident.artefact_hash", strings.Join(hashes, ", "))
	set(o.Values, "incident.timeline", strings.Join(outline(&v), "; "))
	return o
}

// outline is a time line without words: what kind of thing happened when.
func outline(v *incident.View) (out []string) {
	for _, e := range v.Timeline {
		switch e.Kind {
		case "note", "reminder", "late", "evidence", "decision":
			continue
		}
		if e.TLP < stix.Red && !e.Superseded {
			out = append(out, instantText(e.At)+" "+e.Kind)
		}
	}
	return out
}

func instantText(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

func set(values map[string]any, name, value string) {
	if value != "" {
		values[name] = value
	}
}
