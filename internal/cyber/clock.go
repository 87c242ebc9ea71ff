package cyber

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/rihla/rihla/internal/cyber/incident"
	"github.com/rihla/rihla/internal/jobs"
	"github.com/rihla/rihla/internal/pipeline"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/store"
)

// Clocks are the kinds of cyber's jobs.
func (d *Domain) Clocks() []string { return []string{clockJob, followJob, lookbackJob} }

// Woken gives a reminder, when the duty is still open, hears what came by TAXII, and reads logs again for
// indicators that came after them.
func (d *Domain) Woken(ctx context.Context, tx store.Tx, j jobs.Job) (pipeline.Effects, error) {
	switch j.Kind {
	case clockJob:
		return d.remind(ctx, tx, j)
	case followJob:
		return d.follow(ctx, tx, j)
	case lookbackJob:
		return d.lookedBack(ctx, tx)
	}
	return pipeline.Effects{}, fmt.Errorf("cyber has no clock %s", j.Kind)
}

func (d *Domain) remind(ctx context.Context, tx store.Tx, j jobs.Job) (e pipeline.Effects, err error) {
	var b clockBody
	if err := json.Unmarshal(j.Body, &b); err != nil {
		return e, err
	}
	m, err := incidentByID(ctx, tx, b.Incident)
	if err != nil || m == nil {
		return e, err
	}
	now := d.clock().UTC()
	v := m.At(now)
	for _, c := range v.Clocks {
		if c.ID != b.Clock || !c.Runs() || now.Before(c.At(b.Percent)) {
			continue
		}
		kind, code := "reminder", "clock-"+strconv.Itoa(b.Percent)
		if c.State == incident.Late {
			if b.Percent < 100 {
				return e, nil // the last one says it
			}
			kind, code = "late", "clock-late"
		}
		entry := incident.Entry{ID: j.ID, At: now, Recorded: now, Precision: "minute", Kind: kind, Code: code, Values: map[string]string{"duty": c.Duty}}
		if !m.Remind(&c, b.Percent, entry) {
			return e, nil
		}
		if _, err := writeIncidents(ctx, tx, now, []*matter{m}); err != nil {
			return e, err
		}
		e.Due = []screening.ID{screening.ID(m.ID)}
		e.Events = []pipeline.Event{{Name: "incident", ID: m.ID, Counts: map[string]int{kind: 1}}}
		return e, nil
	}
	return e, nil
}
