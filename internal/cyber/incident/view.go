package incident

import (
	"cmp"
	"slices"
	"time"

	"github.com/rihla/rihla/formats/stix"
)

// View is an incident as it stands at an instant.
type View struct {
	Report                  // what was said of it, the later stage against the earlier
	State         State     `json:"state"`
	Since         time.Time `json:"since"` // that state
	Until         time.Time `json:"until,omitzero"`
	DuplicateOf   string    `json:"duplicate_of,omitempty"`
	Determination string    `json:"determination"`
	Severity      Severity  `json:"severity"`
	Significant   bool      `json:"significant"` // the duties of reporting run
	Essential     bool      `json:"essential"`
	Sector        string    `json:"sector,omitempty"`
	Aware         time.Time `json:"aware"` // the earliest that any report names
	Opened        time.Time `json:"opened"`
	Clocks        []Clock   `json:"clocks"`
	Late          bool      `json:"late"`
	NextDue       time.Time `json:"next_due,omitzero"`
	Timeline      []Entry   `json:"timeline"`
	Joint         bool      `json:"joint"`
}

// InOrder are the reports, by stage and then by when they came.
func (h *Held) InOrder() []Filed {
	all := make([]Filed, 0, len(h.Filed))
	for _, f := range h.Filed {
		all = append(all, f)
	}
	slices.SortFunc(all, func(a, b Filed) int {
		return cmp.Or(cmp.Compare(a.Content.Stage.rank(), b.Content.Stage.rank()), a.Received.Compare(b.Received), cmp.Compare(a.Key(), b.Key()))
	})
	return all
}

// At computes the incident as it stands at an instant.
func (h *Held) At(now time.Time) View {
	v := View{State: Reported, Joint: len(h.Shared) > 0}
	under := false
	for _, f := range h.InOrder() {
		v.merge(&f.Content)
		under = under || f.Content.Stage != Voluntary
		if v.Opened.IsZero() || f.Received.Before(v.Opened) {
			v.Opened = f.Received
		}
		if at := f.Content.AwareAt; v.Aware.IsZero() || !at.IsZero() && at.Before(v.Aware) {
			v.Aware = at
		}
	}
	v.Since, v.Sector, v.Essential = v.Opened, v.Affected.Sector, Essential(v.Affected.Sector)
	for _, s := range h.Steps {
		v.State, v.Since, v.Until, v.DuplicateOf = s.To, s.At, s.Until, s.DuplicateOf
		v.Determination = cmp.Or(s.Determination, v.Determination)
	}
	v.Determination = cmp.Or(v.Determination, v.State.determination())
	v.Severity = weigh(&v.Report)
	if h.Override != nil {
		v.Severity.Override = h.Override
		v.Severity.Score = h.Override.Score
		v.Severity.Level, v.Severity.Word = Level(h.Override.Score)
	}
	v.Significant = under || v.Severity.Level >= 3
	v.Clocks = h.clocks(&v, now)
	for _, c := range v.Clocks {
		v.Late = v.Late || c.State == Late
		if c.Runs() && (v.NextDue.IsZero() || c.Due.Before(v.NextDue)) {
			v.NextDue = c.Due
		}
	}
	v.Timeline = h.timeline()
	return v
}

// merge lets a report say what it says against those before.
func (v *View) merge(r *Report) {
	strict := max(v.TLP, r.TLP)
	into := &v.Report
	into.Schema, into.ReportID, into.Previous, into.Stage = r.Schema, r.ReportID, r.Previous, r.Stage
	into.Filer = r.Filer
	into.AwareAt = r.AwareAt
	over := func(to *string, said string) {
		if said != "" && (said != unknown || *to == "") {
			*to = said
		}
	}
	for _, t := range []struct{ to, said *string }{
		{&into.Title, &r.Title}, {&into.Description, &r.Description}, {&into.Type, &r.Type}, {&into.Malicious, &r.Malicious}, {&into.CrossBorder, &r.CrossBorder},
		{&into.RootCause, &r.RootCause}, {&into.Affected.Sector, &r.Affected.Sector},
		{&into.Impact.Availability, &r.Impact.Availability}, {&into.Impact.Confidentiality, &r.Impact.Confidentiality}, {&into.Impact.Integrity, &r.Impact.Integrity},
	} {
		over(t.to, *t.said)
	}
	for _, t := range []struct {
		to   *time.Time
		said time.Time
	}{{&into.DetectedAt, r.DetectedAt}, {&into.OccurredFrom, r.OccurredFrom}, {&into.OccurredTo, r.OccurredTo}} {
		if !t.said.IsZero() {
			*t.to = t.said
		}
	}
	if r.Affected.Users > 0 {
		into.Affected.Users = r.Affected.Users
	}
	into.VictimConsents = r.VictimConsents
	union(&into.Affected.Services, r.Affected.Services)
	union(&into.Affected.Countries, r.Affected.Countries)
	union(&into.Vulnerable, r.Vulnerable)
	union(&into.Measures, r.Measures)
	for _, i := range r.Indicators {
		if !slices.ContainsFunc(into.Indicators, func(o Indicator) bool { return o.Kind == i.Kind && o.Value == i.Value }) {
			into.Indicators = append(into.Indicators, i)
		}
	}
	for _, a := range r.Attachments {
		if !slices.Contains(into.Attachments, a) {
			into.Attachments = append(into.Attachments, a)
		}
	}
	into.TLP = strict
}

func union(to *[]string, said []string) {
	for _, s := range said {
		if !slices.Contains(*to, s) {
			*to = append(slices.Clip(*to), s)
		}
	}
}

// timeline is what the reports say of when, and what people added, in the order of when it happened.
func (h *Held) timeline() []Entry {
	var out []Entry
	say := func(f *Filed, what, kind string, at time.Time) {
		if !at.IsZero() {
			out = append(out, Entry{ID: f.Report + " " + what, At: at, Precision: "minute", Recorded: f.Received, Kind: kind, Code: what,
				Values: map[string]string{"report": f.Report, "report_id": f.Content.ReportID, "stage": string(f.Content.Stage)}, Actor: f.By, TLP: f.Content.TLP})
		}
	}
	began, ended, detected := time.Time{}, time.Time{}, time.Time{}
	for _, f := range h.InOrder() {
		kind := "reported"
		if f.Content.Stage != Voluntary && f.Content.Stage != EarlyWarning {
			kind = "notified"
		}
		say(&f, "filed", kind, f.Received)
		for _, t := range []struct {
			last *time.Time
			said time.Time
			what string
			kind string
		}{{&began, f.Content.OccurredFrom, "began", "attacker-action"}, {&ended, f.Content.OccurredTo, "ended", "attacker-action"}, {&detected, f.Content.DetectedAt, "detected", "detected"}} {
			if !t.said.IsZero() && !t.said.Equal(*t.last) {
				*t.last = t.said
				say(&f, t.what, t.kind, t.said)
			}
		}
	}
	for i, s := range h.Steps {
		out = append(out, Entry{ID: "step " + s.Recorded.Format(time.RFC3339Nano) + " " + string(rune('a'+i%26)), At: s.At, Precision: "minute", Recorded: s.Recorded,
			Kind: s.To.entry(), Code: "step", Values: map[string]string{"to": string(s.To)}, Text: s.Reason, Actor: s.By})
	}
	out = append(out, h.Entries...)
	superseded := map[string]bool{}
	for _, e := range out {
		if e.Supersedes != "" {
			superseded[e.Supersedes] = true
		}
	}
	for i := range out {
		out[i].Superseded = superseded[out[i].ID]
	}
	slices.SortStableFunc(out, func(a, b Entry) int {
		return cmp.Or(a.At.Compare(b.At), a.Recorded.Compare(b.Recorded), cmp.Compare(a.ID, b.ID))
	})
	return out
}

// entry is the kind of line that reaching a state leaves.
func (s State) entry() string {
	switch s {
	case Investigating:
		return "declared"
	case Contained, Eradicated, Recovered:
		return string(s)
	}
	return "decision"
}

// Marking is the strictest marking of what was reported of an incident.
func (v *View) Marking() stix.TLP { return v.TLP }
